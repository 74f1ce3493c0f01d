/* SPDX-License-Identifier: MIT */
/*
 * lex.h - what lies between the words of a text of C that is not preprocessed
 *
 * Each function takes the text from s up to end and gives where to go on.
 */
#ifndef PF_KBUILD_LEX_H
#define PF_KBUILD_LEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The characters of names and numbers. */
extern const uint8_t lex_is_word[256];

static inline const char *lex_word(const char *s, const char *end)
{
	while (s < end && lex_is_word[(unsigned char)*s])
		s++;
	return s;
}

/* Behind the end of a line that a backslash at s hides, or s. */
const char *lex_splice(const char *s, const char *end);

/* Behind blanks, comments and spliced lines. */
const char *lex_blanks(const char *s, const char *end);

/* The same, and behind the ends of lines. */
const char *lex_space(const char *s, const char *end);

/*
 * Behind a comment that begins at s, or s where none does. *unsure where its end
 * can be over two lines, so that what is in it cannot be told.
 */
const char *lex_comment(const char *s, const char *end, bool *unsure);

/*
 * Behind the string or character that begins at s; an unfinished one ends with
 * its line, as in a branch that is off, where "don't" may stand.
 */
const char *lex_literal(const char *s, const char *end);

/* Whether a "##" stands at s, or a digraph for it; *n is its length. */
bool lex_is_paste(const char *s, const char *end, size_t *n);

/* The end of the line that s is in, with the lines that are spliced to it. */
const char *lex_line_end(const char *s, const char *end);

#endif
