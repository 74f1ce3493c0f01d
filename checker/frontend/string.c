/* SPDX-License-Identifier: MIT */
#include "frontend/internal.h"

#include <string.h>

static unsigned octal(const char **s)
{
	unsigned v = 0;

	for (int i = 0; i < 3 && **s >= '0' && **s <= '7'; i++)
		v = v * 8 + (unsigned)(*(*s)++ - '0');
	return v;
}

static int escape(const char **s)
{
	static const char names[] = "abfnrtv", values[] = "\a\b\f\n\r\t\v";
	const char *at;

	if (**s >= '0' && **s <= '7')
		return (int)octal(s);
	at = strchr(names, **s);
	if (**s && at) {
		(*s)++;
		return values[at - names];
	}
	return *(*s)++;
}

/*
 * Evaluating a literal gives a C string, which ends at the first NUL; its
 * spelling has all of it, as clang prints it: between quotes, with the simple
 * escapes, the rest in octal.
 */
const char *lw_string_bytes(struct lower *lw, CXCursor c, uint64_t size)
{
	CXString spelling = clang_getCursorSpelling(c);
	const char *s = clang_getCString(spelling);
	char *out = arena_alloc(&lw->u->arena, size + 1);
	uint64_t n = 0;

	if (s && !strncmp(s, "u8", 2))
		s += 2;
	if (!s || *s != '"') {
		clang_disposeString(spelling);
		return NULL;
	}
	for (s++; *s && *s != '"' && n < size;)
		if (*s == '\\') {
			s++;
			out[n++] = (char)escape(&s);
		} else {
			out[n++] = *s++;
		}
	clang_disposeString(spelling);
	return out;
}

ir_glob lw_string(struct lower *lw, CXCursor c, ctype t)
{
	struct ir_global g = { .type = t->t, .is_static = true, .is_const = true,
			       .has_init = true, .owner = IR_NONE };

	lw_at(lw, c);
	g.loc = lw_loc(lw);
	if (t->t.elem_size == 8)
		g.bytes = lw_string_bytes(lw, c, t->t.size / 8);
	g.init_unknown = !g.bytes;
	return fe_global_new(lw->fe, g);
}
