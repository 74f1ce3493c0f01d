/* SPDX-License-Identifier: MIT */
/*
 * scan.h - a scalar of a rule file, read token by token
 *
 * For the texts that are small grammars made of C names. A function that wants
 * something and finds something else adds a fault at the token and gives NULL
 * or false.
 */
#ifndef PF_RULES_SCAN_H
#define PF_RULES_SCAN_H

#include "rules/expr.h"
#include "rules/reader.h"

struct scan {
	const struct schema_reader *r;
	const struct yaml_node *n;
	const char *p;
	struct expr_token t;	/* the one that is next */
};

struct scan scan_begin(const struct schema_reader *r, const struct yaml_node *n);
void scan_next(struct scan *s);

/* Goes on where the next token is this one. */
bool scan_take(struct scan *s, const char *text);

/* The place of the next token in the scalar, in bytes. */
size_t scan_off(const struct scan *s);

void scan_fault(struct scan *s, const char *want);
const char *scan_name(struct scan *s, const char *want);

/* "struct foo", "union foo" or the name of a type. */
const char *scan_record(struct scan *s);

/* "a" or "a.b.c". */
const char *scan_path(struct scan *s, const char *want);

/* Nothing may follow. */
bool scan_done(struct scan *s, const char *want);

/* The whole scalar is "struct foo.bar": a record and a field of it. */
bool scan_field(const struct schema_reader *r, const struct yaml_node *n, const char **record,
		const char **field);

/* The text is one name of C. */
bool scan_is_name(const char *s);

#endif
