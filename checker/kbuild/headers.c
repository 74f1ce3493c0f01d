/* SPDX-License-Identifier: MIT */
#include "kbuild/headers.h"

#include <string.h>

#include "kbuild/lex.h"

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Whether the word that ends before s is "struct" or "union"; true also where it is a comment. */
static bool is_behind_keyword(const char *start, const char *s)
{
	const char *e;

	while (s > start && is_space(s[-1]))
		s--;
	if (s > start && s[-1] == '/')
		return true;
	for (e = s; s > start && lex_is_word[(unsigned char)s[-1]]; s--)
		;
	return (e - s == 6 && !memcmp(s, "struct", 6)) || (e - s == 5 && !memcmp(s, "union", 5));
}

/* Behind "->" or ".", it is a field. */
static bool is_field(const char *start, const char *s)
{
	return s > start && (s[-1] == '.' || s[-1] == '>');
}

/* Whether the line that s is in, with those spliced to it, begins with a '#'. */
static bool is_in_directive(const char *start, const char *s)
{
	const char *line = s;

	for (;;) {
		while (line > start && line[-1] != '\n')
			line--;
		if (line - start < 2 || (line[-2] != '\\' && line[-2] != '\r'))
			break;
		line--;
	}
	while (line < s && is_space(*line))
		line++;
	return line < s && *line == '#';
}

bool headers_defines(const char *start, const char *s, size_t n, const char *end)
{
	const char *e = lex_blanks(s + n, end);
	bool keyword = is_behind_keyword(start, s);

	/* What a macro stands for goes on where the macro is called. */
	if (e == end || ((*e == '\n' || !keyword) && is_in_directive(start, s)))
		return true;
	e = lex_space(e, end);
	if (e == end)
		return true;
	/* A declaration: of a pointer, of a variable, of a parameter, of the tag alone. */
	if (keyword)
		return !strchr("*;),", *e) && !lex_is_word[(unsigned char)*e];
	/* A name for other things, which no tag is; what a macro is given may be one. */
	return !is_field(start, s) && strchr(",)#{", *e);
}

bool headers_uses(const char *start, const char *s)
{
	unsigned depth = 0;

	if (is_in_directive(start, s))
		return true;
	for (const char *p = start; p < s; p++) {
		depth += *p == '{';
		depth -= *p == '}' && depth;
	}
	return depth > 0;
}
