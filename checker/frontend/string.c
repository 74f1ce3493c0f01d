/* SPDX-License-Identifier: MIT */
#include "frontend/internal.h"

#include <ctype.h>
#include <string.h>

static uint32_t digits(const char **s, unsigned base, int max)
{
	static const char hex[] = "0123456789abcdef";
	uint32_t v = 0;
	const char *at;

	while (max-- && **s && (at = strchr(hex, tolower((unsigned char)**s))) &&
	       (unsigned)(at - hex) < base) {
		v = v * base + (uint32_t)(at - hex);
		(*s)++;
	}
	return v;
}

/* The character behind a backslash. */
static uint32_t escape(const char **s)
{
	static const char names[] = "abfnrtv", values[] = "\a\b\f\n\r\t\v";
	const char *at;

	if (**s >= '0' && **s <= '7')
		return digits(s, 8, 3);
	at = **s ? strchr(names, **s) : NULL;
	if (at) {
		(*s)++;
		return (unsigned char)values[at - names];
	}
	switch (*(*s)++) {
	case 'x': return digits(s, 16, 8);
	case 'u': return digits(s, 16, 4);
	case 'U': return digits(s, 16, 8);
	default: return (unsigned char)(*s)[-1];
	}
}

static void put(char *out, uint64_t at, unsigned unit, uint32_t c)
{
	for (unsigned i = 0; i < unit; i++)
		out[at * unit + i] = (char)(c >> (8 * i));
}

/*
 * Evaluating a literal gives a C string, which ends at the first NUL; its
 * spelling has all of it, as clang prints it: a prefix, quotes, escapes. A
 * pause "" may stand behind a hexadecimal one.
 */
const char *lw_string_bytes(struct lower *lw, CXCursor c, uint64_t size, unsigned unit)
{
	CXString spelling = clang_getCursorSpelling(c);
	const char *s = clang_getCString(spelling);
	char *out = arena_alloc(&lw->u->arena, size + 1);
	uint64_t n = 0, count = unit ? size / unit : 0;

	s = s ? strchr(s, '"') : NULL;
	for (s = s ? s + 1 : ""; *s && n < count;)
		if (*s == '"') {
			if (s[1] != '"')
				break;
			s += 2;
		} else if (*s == '\\') {
			s++;
			put(out, n++, unit, escape(&s));
		} else {
			put(out, n++, unit, (unsigned char)*s++);
		}
	clang_disposeString(spelling);
	return out;
}

ir_glob lw_string(struct lower *lw, CXCursor c, ctype t)
{
	struct ir_global g = { .type = t->t, .is_static = true, .is_const = true,
			       .has_init = true, .owner = IR_NONE };

	lw_at(lw, c);
	g.bytes = lw_string_bytes(lw, c, t->t.size / 8, (unsigned)t->t.elem_size / 8);
	return fe_global_new(lw->fe, g);
}
