/* SPDX-License-Identifier: MIT */
/*
 * macro.h - the #define that a place of a text is in
 */
#ifndef PF_KBUILD_MACRO_H
#define PF_KBUILD_MACRO_H

#include "base/buffer.h"
#include "kbuild/paste.h"

#define MACRO_PARAMETERS 64

struct macro_word {
	const char *s;
	size_t n;
};

struct macro {
	struct macro_word name;
	const char *end;	/* of its line; NULL: there is none */
	struct macro_word params[MACRO_PARAMETERS];
	unsigned nparams;
	unsigned rest;		/* the parameter that is "name...", or MACRO_PARAMETERS */
	bool odd;		/* its parameters cannot be told */
};

/* s is behind "define". */
void macro_begin(struct macro *m, const char *s, const char *end);

static inline bool macro_holds(const struct macro *m, const char *s)
{
	return m->end && s < m->end;
}

/* Whether the word can be a parameter; *i is its number, or MACRO_PARAMETERS: any. */
bool macro_has_param(const struct macro *m, const char *s, size_t n, unsigned *i);

/* Whether the word at s, inside of it, is surely one: what stands there is what it is given. */
bool macro_replaces(const struct macro *m, const char *s, size_t n);

/*
 * The chain whose first "##" is at s, behind the word before, of n bytes (0: no
 * word stands there): as text, for paste_add(), or empty where it makes no word.
 * Gives where to go on: behind the chain's last word, or at what else is there.
 */
const char *macro_chain(const struct macro *m, const char *s, const char *end,
			const char *before, size_t n, struct buffer *chain);

/*
 * Looks at the call of the chain's macro behind whose name s is, in the macro m.
 * c->own is cleared where an argument of the chain is not at most one word, which
 * is no parameter of m; c->one_word where it is one in its middle. Both where it is
 * no call.
 */
void macro_call(const struct macro *m, const char *s, const char *end, struct paste_chain *c);

#endif
