/* SPDX-License-Identifier: MIT */
/*
 * yaml.h - YAML files as trees with positions, and collected faults
 *
 * libyaml's events become nodes in an arena. Aliases are resolved only where
 * that is finite; a cyclic alias, a document of more than YAML_LIMIT bytes,
 * text that is not UTF-8 and nesting deeper than YAML_DEPTH are faults. A
 * duplicate key, a key that is no plain word and a tag are faults. Faults are
 * collected, never printed here.
 *
 * A text that is no YAML ends with its first fault; in one that is, the tree
 * is given in spite of faults, so that its reader can add its own.
 */
#ifndef PF_BASE_YAML_H
#define PF_BASE_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/buffer.h"

#define YAML_LIMIT ((size_t)1 << 20)
#define YAML_DEPTH 32
/* Nodes of a text with its aliases written out. */
#define YAML_NODES 100000

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_node {
	uint8_t kind;		/* enum yaml_kind */
	uint32_t line, col;	/* 1-based; a column is a character */
	const char *src;	/* the node in the source text */
	const char *text;	/* SCALAR */
	bool plain;		/* SCALAR: not quoted, not a block */
	bool block;		/* SCALAR: literal or folded block */
	struct yaml_node **items;	/* LIST: items; MAP: key, value, key, value */
	uint32_t n;		/* items, or key-value pairs */
	uint32_t weight;	/* nodes with aliases written out, itself included */
	uint32_t depth;		/* levels below */
};

struct yaml_fault {
	const char *file;
	uint32_t line, col;
	const char *text;
};

struct yaml_faults {
	struct arena arena;
	Array(struct yaml_fault) v;
};

#define YAML_FAULTS_INIT { ARENA_INIT, { NULL, 0, 0 } }

void yaml_fault(struct yaml_faults *f, const char *file, uint32_t line, uint32_t col,
		const char *fmt, ...) __attribute__((format(printf, 5, 6)));
void yaml_faults_release(struct yaml_faults *f);

/*
 * Appends all faults, a line each, "file:line:col: text", in the order of
 * files and of places in them. A fault of a whole file has line 0: "file: text".
 */
void yaml_faults_text(struct yaml_faults *f, struct buffer *out);

/*
 * The documents of a text, a list of roots. NULL and *n 0 where it is no YAML,
 * with a fault added. text is not needed afterwards.
 */
struct yaml_node **yaml_parse(struct arena *a, const char *file, const char *text, size_t len,
			      uint32_t *n, struct yaml_faults *faults);

/* The value of a key of a MAP, or NULL. */
const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);

/* The place in the file of the character at byte off of a scalar's text. */
void yaml_at(const struct yaml_node *n, size_t off, uint32_t *line, uint32_t *col);

/* The word in list (NULL-terminated) nearest to s by edit distance, or NULL if none is near. */
const char *yaml_suggest(const char *s, const char *const *list);

#endif
