/* SPDX-License-Identifier: MIT */
/*
 * schema.h - strict reading of YAML maps
 *
 * A table says which keys a map has, of which type, which of them it must
 * have and which words are allowed. schema_check() reports all that is wrong:
 * an unknown key with the nearest known one, a wrong type, a bad value, a key
 * that is missing. The getters then take what is right and say nothing more:
 * each gives a neutral value where the key is absent or was faulted.
 *
 *	static const struct schema_key keys[] = {
 *		{ "id", SCHEMA_TEXT, .required = true },
 *		{ "severity", SCHEMA_WORD, .words = severities },
 *		{ NULL }
 *	};
 */
#ifndef PF_BASE_SCHEMA_H
#define PF_BASE_SCHEMA_H

#include "base/yaml.h"

enum schema_kind {
	SCHEMA_TEXT,	/* a scalar that is not empty */
	SCHEMA_BOOL,	/* true or false, not quoted */
	SCHEMA_INT,	/* decimal, 0 to 2^31 - 1 */
	SCHEMA_WORD,	/* one of words */
	SCHEMA_TEXTS,	/* a list of texts */
	SCHEMA_WORDS,	/* a list of words */
	SCHEMA_MAP,
	SCHEMA_MAPS,	/* a list of maps */
};

struct schema_key {
	const char *name;	/* NULL ends the table */
	uint8_t kind;		/* enum schema_kind */
	bool required;
	const char *const *words;	/* WORD, WORDS: NULL-terminated */
};

struct schema_reader {
	const char *file;
	struct arena *arena;
	struct yaml_faults *faults;
};

/* what names the map in messages: "a rule". True where nothing is wrong. */
bool schema_check(const struct schema_reader *r, const struct yaml_node *map, const char *what,
		  const struct schema_key *keys);

/* A fault at a node. */
void schema_fault(const struct schema_reader *r, const struct yaml_node *at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The value if it has the right form, else NULL. */
const struct yaml_node *schema_scalar(const struct yaml_node *map, const char *key);
const struct yaml_node *schema_list(const struct yaml_node *map, const char *key);
const struct yaml_node *schema_map(const struct yaml_node *map, const char *key);

const char *schema_text(const struct yaml_node *map, const char *key);
bool schema_bool(const struct yaml_node *map, const char *key);
int schema_int(const struct yaml_node *map, const char *key, int otherwise);

/* The index of the value in words, or otherwise. */
unsigned schema_word(const struct yaml_node *map, const char *key, const char *const *words,
		     unsigned otherwise);

/* The scalars of a list, in the arena. */
const char **schema_texts(const struct schema_reader *r, const struct yaml_node *map,
			  const char *key, unsigned *n);

#endif
