/* SPDX-License-Identifier: MIT */
/* The objects and values that the names of a rule stand for at a program point. */
#include "rules/bind.h"

#include <string.h>

#include "engine/fun.h"

#define ANCESTORS 32
#define ANCESTOR_DEPTH 8

struct search {
	struct fun *f;
	ir_rec rec;
	word_id found[ANCESTORS];
	unsigned n;
	struct map depth;	/* of symbols that were looked into: the least, plus 1 */
};

/* Many bits have the same symbols: each is looked into once, or again from nearer by. */
static bool is_seen(struct search *s, sym_id id, unsigned depth)
{
	uint64_t *seen = map_put(&s->depth, id.i);

	if (*seen && *seen <= depth + 1)
		return true;
	*seen = depth + 1;
	return false;
}

static void add_found(struct search *s, word_id w)
{
	for (unsigned i = 0; i < s->n; i++)
		if (word_same(s->found[i], w))
			return;
	if (s->n < ANCESTORS)
		s->found[s->n++] = w;
}

static void ancestors(struct search *s, sym_id id, unsigned depth);

static void ancestors_of_word(struct search *s, word_id w, unsigned depth)
{
	word_id alt[WORD_CHOICES];
	bit_id guard[WORD_CHOICES];
	atom_id atoms[BIT_ATOMS];
	struct dom *d = s->f->e->dom;
	unsigned n = word_is_none(w) ? 0 : word_choices(d, w, alt, guard);
	int64_t delta;
	sym_id id;

	for (unsigned i = 0; i < n; i++)
		if (word_as_symoff(d, alt[i], &id, &delta))
			ancestors(s, id, depth);
	for (unsigned i = 0; !n && !word_is_none(w) && i < word_width(d, w); i++) {
		unsigned k = bit_support(d, word_bit(d, w, i), atoms);

		for (unsigned j = 0; j < k; j++)
			ancestors(s, atom_sym(atoms[j]), depth);
	}
}

/* The object of the record whose member the cell is, whatever its pointer was called. */
static word_id object_of_cell(struct search *s, const struct symbol *k)
{
	return word_symoff(s->f->e->dom, k->base, ((int64_t)k->a - (int64_t)k->cell_off) / 8);
}

/* The objects of that record from which id was loaded or computed. */
static void ancestors(struct search *s, sym_id id, unsigned depth)
{
	struct symbol k = *symbol_info(&s->f->e->syms, id);
	enum ir_op op;
	word_id x, y;

	if (!id.i || depth > ANCESTOR_DEPTH || is_seen(s, id, depth))
		return;
	if (k.rec == s->rec && k.kind != SYM_K_NONE) {
		add_found(s, word_sym(s->f->e->dom, id));
		return;
	}
	if (k.cell_rec == s->rec && (k.kind == SYM_K_CELL || k.kind == SYM_K_INIT)) {
		add_found(s, object_of_cell(s, &k));
		return;
	}
	if (k.kind != SYM_K_CALLEE)
		ancestors(s, k.base, depth + 1);
	for (uint8_t i = 0; i < k.nparents; i++)
		ancestors(s, k.parent[i], depth + 1);
	if (k.kind == SYM_K_NONE && sym_def(s->f->e->dom, id, &op, &x, &y)) {
		ancestors_of_word(s, x, depth + 1);
		ancestors_of_word(s, y, depth + 1);
	}
}

static bool name_matches(const struct rule_bind *bind, const char *name)
{
	for (unsigned i = 0; i < bind->nvars; i++)
		if (!strcmp(bind->vars[i], name))
			return true;
	return !bind->nvars;
}

/* A parameter of the function that is such a value: its word at entry. */
static word_id parameter(const struct bound_rule *b, unsigned k, struct fun *f, uint32_t param)
{
	const struct ir_local *l = &f->body->locals.v[param];
	const struct rule_bind *bind = &b->rule->bind[k];
	struct symbol key = symbol_key(SYM_K_PARAM, f->id, l->type.width);
	struct dom *d = f->e->dom;
	word_id w;

	if (!name_matches(bind, intern_get(&f->e->unit->names, l->name)))
		return WORD_NONE;
	if (b->names[k] != IR_NONE) {
		if (l->type.kind != IR_T_PTR || l->type.rec != b->names[k])
			return WORD_NONE;
	} else if (l->type.kind != IR_T_INT || l->type.width > 64) {
		return WORD_NONE;
	}
	/* A function that returns a record has the result's address before its parameters. */
	key.a = param + (f->body->ret.kind == IR_T_AGG);
	key.rec = b->names[k];
	key.origin = ORIGIN_INPUT;
	w = f->args ? f->args[key.a] : word_sym(d, symbol_get(&f->e->syms, &key));
	if (l->type.kind == IR_T_INT && l->type.width < 64)
		w = word_conv(d, l->type.is_signed ? IR_SEXT : IR_ZEXT, 64, w);
	return w;
}

static unsigned add_value(word_id *out, unsigned n, word_id w)
{
	for (unsigned i = 0; i < n; i++)
		if (word_same(out[i], w))
			return n;
	if (!word_is_none(w))
		out[n++] = w;
	return n;
}

/* A variable of the function with that type: the objects that it may point to now. */
static unsigned variable(const struct bound_rule *b, unsigned k, struct fun *f, struct state *s,
			 uint32_t local, word_id *out, unsigned n, unsigned max)
{
	const struct ir_local *l = &f->body->locals.v[local];
	struct symbol key = symbol_key(SYM_K_LOCAL, f->id, f->e->unit->ptr_width);
	word_id alt[WORD_CHOICES];
	bit_id guard[WORD_CHOICES];
	unsigned nalt;
	uint32_t at;
	sym_id root;

	if (b->names[k] == IR_NONE || l->type.kind != IR_T_PTR || l->type.rec != b->names[k])
		return n;
	key.a = local;
	key.b = f->activation;
	root = symbol_get(&f->e->syms, &key);
	at = state_seek(s, root, 0);
	if (at >= s->cells.n || s->cells.v[at].root.i != root.i || s->cells.v[at].off ||
	    s->cells.v[at].kind != CELL_WORD)
		return n;
	nalt = word_choices(f->e->dom, s->cells.v[at].val, alt, guard);
	for (unsigned i = 0; i < nalt && n < max; i++) {
		int64_t delta;
		sym_id object;

		if (word_as_symoff(f->e->dom, alt[i], &object, &delta))
			n = add_value(out, n, alt[i]);
	}
	return n;
}

unsigned bind_values(const struct bound_rule *b, unsigned k, struct fun *f, struct state *s,
		     word_id ptr, word_id *out, unsigned max)
{
	struct search search = { .f = f, .rec = b->names[k] };
	unsigned n = 0;

	if (search.rec != IR_NONE && !word_is_none(ptr)) {
		ancestors_of_word(&search, ptr, 0);
		for (unsigned i = 0; i < search.n && n < max; i++)
			out[n++] = search.found[i];
		map_release(&search.depth);
	}
	if (search.n)
		return n;
	for (uint32_t p = 0; p < f->body->nparams && n < max; p++)
		n = add_value(out, n, parameter(b, k, f, p));
	for (uint32_t l = 0; l < f->body->locals.n && n < max; l++)
		n = variable(b, k, f, s, l, out, n, max);
	return n;
}
