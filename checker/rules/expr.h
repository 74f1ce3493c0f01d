/* SPDX-License-Identifier: MIT */
/*
 * expr.h - the C expressions in rule files, as tokens
 *
 * Only what can be said without a unit: an expression is made of C tokens, its
 * parentheses match, operands and operators alternate, and nothing in it could
 * leave the function that it is put into or change a value: no ';', no braces,
 * no comments, no preprocessor, no assignment, no strings. Whether the names
 * mean something is for libclang to say, in the context of a unit.
 */
#ifndef PF_RULES_EXPR_H
#define PF_RULES_EXPR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum expr_kind { EXPR_END, EXPR_NAME, EXPR_NUMBER, EXPR_PUNCT, EXPR_BAD };

struct expr_token {
	uint8_t kind;		/* enum expr_kind */
	const char *s;
	size_t n;
};

/* The token at *p, which moves behind it. */
struct expr_token expr_next(const char **p);

bool expr_token_is(const struct expr_token *t, const char *text);

/* Calls fault() for each fault. True where there is none. */
bool expr_check(const char *text, void (*fault)(void *ctx, size_t off, const char *text),
		void *ctx);

/* Whether name occurs as a name of its own, not as a member. */
bool expr_mentions(const char *text, const char *name);

#endif
