/* SPDX-License-Identifier: MIT */
/* The symbols that a condition speaks of, and their numbers in words. */
#include "rules/witness_parts.h"

#include <stdlib.h>
#include <string.h>

#define VALUES_MAX 5
#define DEPTH_MAX 64

/* -------------------------------------------------------------------- symbols */

static void add_word(struct symbols_of *s, word_id w, unsigned depth)
{
	struct dom *d = s->j->e.dom;
	atom_id atoms[BIT_ATOMS];
	int64_t delta;
	sym_id id;

	if (word_is_none(w) || depth > DEPTH_MAX)
		return;
	if (word_as_symoff(d, w, &id, &delta)) {
		witness_add_symbol(s, id, depth);
		return;
	}
	for (unsigned i = 0; i < word_width(d, w); i++) {
		unsigned n = bit_support(d, word_bit(d, w, i), atoms);

		for (unsigned k = 0; k < n; k++)
			witness_add_symbol(s, atom_sym(atoms[k]), depth);
	}
}

/* A derived symbol stands for the symbols that it is defined by. */
void witness_add_symbol(struct symbols_of *s, sym_id id, unsigned depth)
{
	enum ir_op op;
	word_id a, b;

	if (sym_def(s->j->e.dom, id, &op, &a, &b)) {
		uint64_t *seen = map_put(&s->seen, id.i);

		if (*seen)
			return;
		*seen = 1;
		add_word(s, a, depth + 1);
		add_word(s, b, depth + 1);
		return;
	}
	for (unsigned i = 0; i < s->n; i++)
		if (s->v[i].i == id.i)
			return;
	if (s->n < 64)
		s->v[s->n++] = id;
}

void witness_symbols_of_bit(struct symbols_of *s, bit_id b)
{
	atom_id atoms[BIT_ATOMS];
	unsigned n = bit_support(s->j->e.dom, b, atoms);

	for (unsigned k = 0; k < n; k++)
		witness_add_symbol(s, atom_sym(atoms[k]), 0);
}

void witness_symbols(struct symbols_of *s, const struct cond *c)
{
	for (uint32_t i = 0; i < c->n; i++)
		witness_symbols_of_bit(s, c->c[i].bit);
}

/* --------------------------------------------------------------------- values */

static bool is_value(const struct symbol *k)
{
	return k->kind == SYM_K_PARAM || k->kind == SYM_K_CELL || k->kind == SYM_K_INIT ||
	       k->kind == SYM_K_FINAL;
}

const char *witness_taken(struct judge *j, struct buffer *b)
{
	const char *text = b->n ? arena_strdup(&j->report->arena, b->s) : NULL;

	buffer_release(b);
	return text;
}

/* As symbol_name(), but an object that only a rule has a name for has that. */
static void value_name(struct judge *j, sym_id id, struct buffer *out)
{
	static const char object[] = "<object ";
	struct buffer b = BUFFER_INIT;
	const char *s, *at;

	symbol_name(&j->e.syms, id, &b);
	for (s = buffer_str(&b); (at = strstr(s, object)); s = strchr(at, '>') + 1) {
		unsigned long key = strtoul(at + strlen(object), NULL, 10);

		buffer_add(out, s, (size_t)(at - s));
		buffer_puts(out, j->dockets[key >> 8].bound.rule->bind[key & 0xff].name);
	}
	buffer_puts(out, s);
	buffer_release(&b);
}

/* The numbers of a finding: those of a replay, or what the solver says. */
struct values {
	struct dom *d;
	const struct valuation *model;
	struct numbers *numbers;	/* of a replay, or NULL */
};

static uint64_t value_of_symbol(const struct values *v, sym_id id)
{
	return v->numbers ? numbers_value(v->numbers, id) :
			    model_word(v->d, v->model, word_sym(v->d, id));
}

/* "A EQUALS v SEPARATOR B EQUALS v" of the symbols. */
static const char *values_text(const struct symbols_of *s, const struct values *numbers,
			       const char *separator, const char *equals)
{
	struct judge *j = s->j;
	struct buffer b = BUFFER_INIT;
	unsigned shown = 0;

	for (unsigned i = 0; i < s->n && shown < VALUES_MAX; i++) {
		struct buffer name = BUFFER_INIT;
		uint64_t v;

		if (!is_value(symbol_info(&j->e.syms, s->v[i])))
			continue;
		value_name(j, s->v[i], &name);
		/* A field of an object without a name, "<new object>". */
		if (!strchr(buffer_str(&name), '<')) {
			v = value_of_symbol(numbers, s->v[i]);
			buffer_printf(&b, v < 10 ? "%s%s%s%llu" : "%s%s%s0x%llx",
				      shown++ ? separator : "", buffer_str(&name), equals,
				      (unsigned long long)v);
		}
		buffer_release(&name);
	}
	return witness_taken(j, &b);
}

/*
 * What holds on the whole way: symbols are fixed words, so that their values are
 * those at the entry point. Who calls that holds no lock.
 */
void witness_values(const struct symbols_of *s, const struct rule *rule,
			   const struct cond *bad, struct numbers *numbers, const char **values,
			   const char **state)
{
	struct valuation *m = xcalloc(1, sizeof(*m));
	struct values v = { s->j->e.dom, m, numbers };
	struct arena *a = &s->j->report->arena;

	*values = *state = NULL;
	if (numbers || cond_model(s->j->e.dom, bad, NULL, 0, m)) {
		*values = values_text(s, &v, " and ", " = ");
		*state = values_text(s, &v, ", ", "=");
	}
	if (*values)
		*values = arena_printf(a, "with %s", *values);
	if (rule->template == RULE_TWO_SIDED)
		*state = arena_printf(a, "locks of the callers=none%s%s", *state ? ", " : "",
				      *state ? *state : "");
	if (!*state)
		*state = bad->imprecise ? "val=not known" : "val=as it is written";
	free(m);
}
