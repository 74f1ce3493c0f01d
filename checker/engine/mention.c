/* SPDX-License-Identifier: MIT */
#include "engine/mention.h"

#include "engine/lockset.h"

#define BASES 8		/* of roots that roots are told by; with more, all is possible */

struct mention { struct symbols *syms; sym_id id; };

static bool in_word(const struct mention *m, word_id w);

/* It is that symbol, or is told by it: an element by its index. */
static bool depends(void *arg, sym_id s)
{
	const struct mention *m = arg;

	for (unsigned i = 0; s.i && i < BASES; i++) {
		const struct symbol *k = symbol_info(m->syms, s);

		if (s.i == m->id.i)
			return true;
		if (k->kind == SYM_K_CALLEE)
			return false;
		if (k->kind == SYM_K_ELEM && in_word(m, k->index))
			return true;
		s = k->base;
	}
	return s.i != 0;
}

static bool in_word(const struct mention *m, word_id w)
{
	struct mention arg = *m;

	return !word_is_none(w) &&
	       !word_same(word_forget(m->syms->dom, w, depends, &arg), w);
}

static bool in_cell(const struct mention *m, const struct cell *c)
{
	struct mention arg = *m;

	return depends(&arg, c->root) || (c->kind == CELL_WORD && in_word(m, c->val)) ||
	       in_word(m, c->own) || in_word(m, c->from);
}

bool state_mentions(const struct state *s, struct symbols *syms, sym_id id)
{
	struct mention m = { syms, id };
	struct dom *d = syms->dom;

	if (cond_forget(d, s->pc, depends, &m) != s->pc || lockset_mentions(s, depends, &m) ||
	    !bit_same(bit_forget(d, s->warned, depends, &m), s->warned))
		return true;
	for (uint32_t i = 0; i < s->cells.n; i++)
		if (in_cell(&m, &s->cells.v[i]))
			return true;
	for (uint32_t i = 0; i < s->temps.n; i++)
		if (in_word(&m, s->temps.v[i]))
			return true;
	for (uint32_t i = 0; i < s->freed.n; i++)
		if (!bit_same(bit_forget(d, s->freed.v[i].when, depends, &m), s->freed.v[i].when))
			return true;
	return false;
}
