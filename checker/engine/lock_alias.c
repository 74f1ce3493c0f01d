/* SPDX-License-Identifier: MIT */
#include "engine/lock_alias.h"

#include "engine/engine.h"
#include "ir/span.h"

/* A lock as what its name is made of tells it. */
struct place {
	ir_rec rec;		/* the record that is named, or IR_NONE */
	int64_t off;		/* bits from there to the lock */
	int64_t inner;		/* the same, in an element where rec is one of an array's */
	bool whole;		/* that object is not a part of another one */
	bool outside;		/* the lock is in none: something is around it */
};

static struct place place_of(const struct engine *e, struct lock_ref ref)
{
	const struct symbol *k = symbol_info(&e->syms, ref.root);
	struct place p = { .rec = k->rec, .off = ref.off };
	struct container c;
	int64_t size;

	if (engine_container(e, ref.root, &c)) {
		p.rec = c.rec;
		p.off -= c.base;
	}
	p.inner = p.off;
	p.whole = k->kind == SYM_K_GLOBAL ||
		  (k->kind != SYM_K_ELEM && symbol_is_object(&e->syms, ref.root));
	if (p.rec == IR_NONE)
		return p;
	size = (int64_t)e->unit->records.v[p.rec].size;
	p.outside = p.off < 0 || (p.off && p.off >= size);
	if (p.outside && size)
		p.inner = (p.off % size + size) % size;
	return p;
}

/* The object of the one can be a part of the other's, or is of its kind. */
static bool can_lie_in(const struct engine *e, const struct place *a, const struct place *b)
{
	return !a->whole && (ir_record_at(e->unit, a->rec, b->rec, b->off - a->off) ||
			     ir_record_at(e->unit, a->rec, b->rec, b->inner - a->inner));
}

static bool is_object(const struct engine *e, sym_id id)
{
	return symbol_is_object(&e->syms, id) ||
	       symbol_info(&e->syms, symbol_object(&e->syms, id))->kind == SYM_K_GLOBAL;
}

/* Two objects, and what is in them is in one only. */
static bool are_apart(const struct engine *e, sym_id a, sym_id b)
{
	return symbol_object(&e->syms, a).i != symbol_object(&e->syms, b).i && is_object(e, a) &&
	       is_object(e, b);
}

bool lock_may_be_same(const struct engine *e, struct lock_ref a, struct lock_ref b)
{
	struct place x, y;

	if (symbol_info(&e->syms, a.root)->kind == SYM_K_TOKEN ||
	    symbol_info(&e->syms, b.root)->kind == SYM_K_TOKEN || are_apart(e, a.root, b.root))
		return false;
	x = place_of(e, a);
	y = place_of(e, b);
	if (x.rec == IR_NONE || y.rec == IR_NONE)
		return true;
	/* Both are in something that is not known. */
	if (x.outside && y.outside && x.rec != y.rec)
		return true;
	return can_lie_in(e, &x, &y) || can_lie_in(e, &y, &x);
}
