/* SPDX-License-Identifier: MIT */
#include "kbuild/lex.h"

#include <string.h>

const uint8_t lex_is_word[256] = {
	['0' ... '9'] = 1, ['A' ... 'Z'] = 1, ['a' ... 'z'] = 1, ['_'] = 1, ['$'] = 1,
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\v' || c == '\f' || c == '\r';
}

const char *lex_splice(const char *s, const char *end)
{
	const char *t = s + 1;

	if (s == end || *s != '\\')
		return s;
	while (t < end && is_blank(*t))
		t++;
	return t < end && *t == '\n' ? t + 1 : s;
}

static const char *skip_space(const char *s, const char *end, bool lines)
{
	while (s < end) {
		const char *t = lex_splice(s, end);

		if (t != s) {
			s = t;
		} else if (is_blank(*s) || (lines && *s == '\n')) {
			s++;
		} else if (end - s > 1 && s[0] == '/' && s[1] == '*') {
			bool unsure = false;

			t = lex_comment(s, end, &unsure);
			if (unsure)
				break;
			s = t;
		} else if (lines && end - s > 1 && s[0] == '/' && s[1] == '/') {
			s = lex_line_end(s, end);
		} else {
			break;
		}
	}
	return s;
}

const char *lex_blanks(const char *s, const char *end)
{
	return skip_space(s, end, false);
}

const char *lex_space(const char *s, const char *end)
{
	return skip_space(s, end, true);
}

const char *lex_comment(const char *s, const char *end, bool *unsure)
{
	const char *e;

	if (end - s < 2 || s[0] != '/')
		return s;
	if (s[1] == '\\' && lex_splice(s + 1, end) != s + 1)
		*unsure = true;
	if (s[1] != '*' && s[1] != '/')
		return s;
	if (s[1] == '/')
		return lex_line_end(s + 2, end);
	e = memmem(s + 2, (size_t)(end - s - 2), "*/", 2);
	e = e ? e + 2 : end;
	if (memmem(s + 2, (size_t)(e - s - 2), "*\\", 2))
		*unsure = true;
	return e;
}

const char *lex_literal(const char *s, const char *end)
{
	char quote = *s++;

	while (s < end && *s != quote && *s != '\n') {
		if (*s == '\\' && s + 1 < end && s[1] == '\r')
			s++;
		s += *s == '\\' || (*s == '\r' && s[-1] == '\\') ? 2 : 1;
	}
	return s < end ? s + (*s == quote) : end;
}

bool lex_is_paste(const char *s, const char *end, size_t *n)
{
	for (*n = 0; *n < 4 && s < end; ) {
		size_t k = *s == '#' ? 1 : end - s > 1 && s[0] == '%' && s[1] == ':' ? 2 : 0;

		if (!k)
			return false;
		*n += k;
		s += k;
		if (*n >= 2 * k)
			return true;
	}
	return false;
}

const char *lex_line_end(const char *s, const char *end)
{
	const char *from = s;

	for (;;) {
		const char *e = memchr(s, '\n', (size_t)(end - s)), *b;

		if (!e)
			return end;
		for (b = e; b > from && is_blank(b[-1]); b--)
			;
		if (b == from || b[-1] != '\\')
			return e;
		s = e + 1;
	}
}
