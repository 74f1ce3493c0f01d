/* SPDX-License-Identifier: MIT */
#include "kbuild/macro.h"

#include <string.h>

#include "kbuild/lex.h"

/* -------------------------------------------------------------------- define */

static void add_param(struct macro *m, const char *s, size_t n)
{
	if (m->nparams == MACRO_PARAMETERS)
		m->odd = true;
	else
		m->params[m->nparams++] = (struct macro_word) { s, n };
}

/* Between the parentheses: words, commas and "...". */
static void take_params(struct macro *m, const char *s, const char *end)
{
	for (s = lex_blanks(s, end); s < end && *s != ')'; s = lex_blanks(s, end)) {
		const char *e = lex_word(s, end);

		if (e > s)
			add_param(m, s, (size_t)(e - s));
		else if (*s == '.' && m->nparams)
			m->rest = m->nparams - 1;
		else if (*s != ',' && *s != '.')
			m->odd = true;
		m->odd |= lex_splice(e, end) != e;
		s = e > s ? e : s + 1;
	}
	m->odd |= s == end;
}

void macro_begin(struct macro *m, const char *s, const char *end)
{
	const char *e;

	m->nparams = 0;
	m->rest = MACRO_PARAMETERS;
	s = lex_blanks(s, end);
	e = lex_word(s, end);
	m->name = (struct macro_word) { s, (size_t)(e - s) };
	m->odd = e == s || lex_splice(e, end) != e;
	m->end = lex_line_end(e, end);
	if (e < end && *e == '(')
		take_params(m, e + 1, m->end);
}

static bool is_same(const struct macro_word *w, const char *s, size_t n)
{
	return w->n == n && !memcmp(w->s, s, n);
}

bool macro_has_param(const struct macro *m, const char *s, size_t n, unsigned *i)
{
	static const struct macro_word rest = { "__VA_ARGS__", 11 }, opt = { "__VA_OPT__", 10 };

	for (unsigned k = 0; k < m->nparams; k++)
		if (is_same(&m->params[k], s, n)) {
			*i = k == m->rest ? MACRO_PARAMETERS : k;
			return true;
		}
	*i = MACRO_PARAMETERS;
	return m->odd || is_same(&rest, s, n) || is_same(&opt, s, n);
}

bool macro_replaces(const struct macro *m, const char *s, size_t n)
{
	for (unsigned k = 0; k < m->nparams && !m->odd; k++)
		if (is_same(&m->params[k], s, n))
			return true;
	return false;
}

/* --------------------------------------------------------------------- chain */

/* n 0: what is no word. */
static void add_operand(const struct macro *m, const char *s, size_t n, struct buffer *chain)
{
	unsigned i = MACRO_PARAMETERS;

	if (chain->n)
		buffer_putc(chain, '#');
	if (n && !macro_has_param(m, s, n, &i))
		buffer_add(chain, s, n);
	else if (i < MACRO_PARAMETERS)
		buffer_printf(chain, "*%u", i);
	else
		buffer_putc(chain, '*');
}

const char *macro_chain(const struct macro *m, const char *s, const char *end,
			const char *before, size_t n, struct buffer *chain)
{
	size_t k;

	buffer_clear(chain);
	/* ", ## args" joins nothing: gcc's way to drop the comma. */
	if (n || !before || *before != ',')
		add_operand(m, before, n, chain);
	while (lex_is_paste(s, end, &k)) {
		const char *e;

		s = lex_blanks(s + k, end);
		e = lex_word(s, end);
		/* A word over two lines is read on as words of their own. */
		if (e == s || lex_splice(e, end) != e) {
			add_operand(m, NULL, 0, chain);
			break;
		}
		add_operand(m, s, (size_t)(e - s), chain);
		s = lex_blanks(e, end);
		if (!lex_is_paste(s, end, &k))
			s = e;
	}
	if (!strchr(buffer_str(chain), '#'))
		buffer_clear(chain);
	return s;
}

/* ---------------------------------------------------------------------- call */

/* The number at s, or MACRO_PARAMETERS where there is none. */
static unsigned number_at(const char *s)
{
	unsigned v = 0;

	if (*s < '0' || *s > '9')
		return MACRO_PARAMETERS;
	while (*s >= '0' && *s <= '9' && v < MACRO_PARAMETERS)
		v = v * 10 + (unsigned)(*s++ - '0');
	return v;
}

/* What the argument with that number, in the chain, means for it where it is not plain. */
static void doubt_argument(struct paste_chain *c, unsigned number)
{
	const char *s = c->text;

	for (const char *e; *s; s = e + (*e == '#')) {
		e = s + strcspn(s, "#");
		if (*s != '*' || number_at(s + 1) != number)
			continue;
		c->own = false;
		c->one_word &= s == c->text || !*e;
	}
}

/* Behind the argument that begins at s; *plain where it is one word at most. */
static const char *skip_argument(const struct macro *m, const char *s, const char *end,
				 bool *plain)
{
	unsigned depth = 0, tokens = 0, i;
	bool unsure = false;

	*plain = true;
	for (s = lex_space(s, end); s < end; s = lex_space(s, end)) {
		const char *e = lex_word(s, end);

		if (!depth && (*s == ',' || *s == ')'))
			break;
		if (e == s)
			*plain = false;
		else if (macro_holds(m, s) && macro_has_param(m, s, (size_t)(e - s), &i))
			*plain = false;
		*plain &= ++tokens < 2 && lex_splice(e, end) == e;
		depth += *s == '(';
		depth -= *s == ')';
		if (*s == '"' || *s == '\'')
			e = lex_literal(s, end);
		else if (e == s)
			e = lex_comment(s, end, &unsure);
		s = e > s ? e : s + 1;
	}
	*plain &= s < end && !unsure;
	return s;
}

void macro_call(const struct macro *m, const char *s, const char *end, struct paste_chain *c)
{
	const char *last = macro_holds(m, s) ? m->end : end;
	bool called;

	s = lex_space(s, end);
	called = s < end && *s == '(';
	doubt_argument(c, MACRO_PARAMETERS);
	for (unsigned i = 0; s < end && (*s == '(' || *s == ','); i++) {
		bool plain;

		s = skip_argument(m, s + 1, end, &plain);
		if (!plain)
			doubt_argument(c, i);
	}
	if (!called || s >= last)
		c->own = c->one_word = false;
}
