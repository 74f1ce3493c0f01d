/* SPDX-License-Identifier: MIT */
/*
 * words.h - a command line that is one string, as words
 *
 *	struct word_list w = { 0 };
 *
 *	fault = words_split(&arena, "gcc -DX='\"a b\"' @flags x.c", WORDS_SHELL, &w);
 *	fault = words_expand(&arena, directory, &w);
 *
 * Quotes and backslashes are those of the shell. Nothing is expanded: variables
 * and patterns stay what they are. What would make more than one command of it
 * (";", "&", "|", a redirection) is a fault, since the words behind it are not
 * the compiler's.
 */
#ifndef PF_KBUILD_WORDS_H
#define PF_KBUILD_WORDS_H

#include "base/arena.h"
#include "base/array.h"

struct word_list { Array(const char *) v; };

enum words_kind {
	WORDS_SHELL,		/* a command */
	WORDS_FILE,		/* a response file of gcc: a backslash quotes everywhere */
};

/* Adds the words of the text, in the arena. NULL, or what is wrong with it. */
const char *words_split(struct arena *a, const char *text, enum words_kind kind,
			struct word_list *out);

/*
 * Replaces each word @FILE by the words of that file, which is relative to the
 * directory and may name others. NULL, or what is wrong; then w is as before.
 */
const char *words_expand(struct arena *a, const char *directory, struct word_list *w);

void words_release(struct word_list *w);

#endif
