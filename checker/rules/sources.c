/* SPDX-License-Identifier: MIT */
#include "rules/sources.h"

#define SOURCE_DEPTH 8

/* Many bits have the same symbols: each is looked into once, or again from nearer by. */
static bool is_seen(struct sources *s, sym_id id, unsigned depth)
{
	uint64_t *seen = map_put(&s->depth, id.i);

	if (*seen && *seen <= depth + 1)
		return true;
	*seen = depth + 1;
	return false;
}

static void add(struct sources *s, sym_id id)
{
	for (unsigned i = 0; i < s->n; i++)
		if (s->found[i].i == id.i)
			return;
	if (s->n < SOURCES_MAX)
		s->found[s->n++] = id;
}

/* Of the function or of a callee: what was read from a variable of its own is not known either. */
static bool is_unknown(const struct sources *s, const struct symbol *k)
{
	const struct symbols *syms = &s->j->e.syms;

	return (k->kind == SYM_K_SITE || k->kind == SYM_K_CALLEE) && k->origin == ORIGIN_UNKNOWN &&
	       (!k->read_of.i ||
		symbol_info(syms, symbol_object(syms, k->read_of))->kind == SYM_K_LOCAL);
}

static void look_word(struct sources *s, word_id w, unsigned depth);

static void look_symbol(struct sources *s, sym_id id, unsigned depth)
{
	const struct symbol *k = symbol_info(&s->j->e.syms, id);
	enum ir_op op;
	word_id x, y;

	if ((k->kind == SYM_K_CELL || k->kind == SYM_K_INIT || k->kind == SYM_K_SITE) &&
	    k->cell_rec == s->of->rec && k->cell_off == s->of->off && k->width == s->of->width) {
		add(s, id);
	} else if (is_unknown(s, k)) {
		s->lost = true;
	} else if (k->kind == SYM_K_NONE && !is_seen(s, id, depth) &&
		   sym_def(s->j->e.dom, id, &op, &x, &y)) {
		look_word(s, x, depth + 1);
		look_word(s, y, depth + 1);
	}
}

static void look_bit(struct sources *s, bit_id b, unsigned depth)
{
	atom_id atoms[BIT_ATOMS];
	unsigned n = b.i == BIT_TOP.i ? 0 : bit_support(s->j->e.dom, b, atoms);

	s->lost |= b.i == BIT_TOP.i;
	for (unsigned i = 0; i < n; i++)
		look_symbol(s, atom_sym(atoms[i]), depth);
}

static void look_word(struct sources *s, word_id w, unsigned depth)
{
	struct dom *d = s->j->e.dom;
	word_id alt[WORD_CHOICES];
	bit_id guard[WORD_CHOICES];
	unsigned n;

	s->lost |= depth > SOURCE_DEPTH;
	if (word_is_none(w) || depth > SOURCE_DEPTH)
		return;
	n = word_choices(d, w, alt, guard);
	for (unsigned i = 0; i < n; i++) {
		int64_t delta;
		sym_id id;

		if (word_as_symoff(d, alt[i], &id, &delta))
			look_symbol(s, id, depth);
		else if (!word_same(alt[i], w))
			look_word(s, alt[i], depth + 1);
	}
	for (unsigned i = 0; i < word_width(d, w); i++)
		look_bit(s, word_bit(d, w, i), depth);
}

struct sources sources_of(struct judge *j, const struct class *of, word_id w)
{
	struct sources s = { .j = j, .of = of };

	look_word(&s, w, 0);
	map_release(&s.depth);
	s.depth = (struct map){ 0 };
	return s;
}
