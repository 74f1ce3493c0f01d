/* SPDX-License-Identifier: MIT */
/*
 * A value that came through the memory of an object: the function that reads it cannot say
 * where it comes from, and no caller can. Of a program it is asked who stores to that field
 * of any such object, and what: the stores are noted in a second round and lifted to the
 * entry points like obligations. It is told which of them can store what the finding wants;
 * that it is this object that they store to is not known.
 */
#include "rules/judge.h"

#define ORIGIN_FIELDS 8		/* that are asked for */

/* The innermost record that the content is a member of. */
static struct class class_of(const struct judge *j, const struct symbol *k)
{
	const struct symbol *r = symbol_info(&j->e.syms, k->read_of);

	if (k->origin == ORIGIN_SET)
		return (struct class){ IR_NONE, 0, k->width };
	if (k->kind == SYM_K_CELL && k->cell_rec != IR_NONE)
		return engine_class(&j->e, k->cell_rec, k->cell_off, k->width);
	if (k->read_of.i && r->rec != IR_NONE && k->read_off >= 0)
		return engine_class(&j->e, r->rec, (uint64_t)k->read_off, k->width);
	return (struct class){ IR_NONE, 0, k->width };
}

bool origin_field_of(const struct judge *j, sym_id id, struct class *out)
{
	const struct symbol *k = symbol_info(&j->e.syms, id);

	*out = class_of(j, k);
	return out->rec != IR_NONE && k->width < j->e.unit->ptr_width;
}

static bool is_field(const struct class *a, const struct class *b)
{
	return a->rec == b->rec && a->off == b->off && a->width == b->width;
}

bool origin_is_asked(const struct judge *j, struct class c)
{
	for (uint32_t i = 0; i < j->norigins; i++)
		if (is_field(&j->origins.v[i], &c))
			return true;
	return false;
}

void origin_want(struct judge *j, struct class c)
{
	for (uint32_t i = 0; i < j->origins.n; i++)
		if (is_field(&j->origins.v[i], &c))
			return;
	if (j->origins.n < ORIGIN_FIELDS)
		array_push(&j->origins, c);
}

void origin_store(struct judge *j, struct fun *f, const struct state *s,
		  const struct store_event *e)
{
	for (uint32_t i = 0; f->emitting && !f->route && i < j->norigins; i++) {
		struct obligation o = { .rule = j->ndockets + i, .bad = s->pc, .fn = f->id,
					.loc = e->loc, .is_origin = true, .pending = *e };
		struct premises why = { .n = 0 };

		if (!is_field(&j->origins.v[i], &e->class) || e->from_call)
			continue;
		premises_add_cond(&why, s->pc);
		engine_oblige(f, &o, &why);
	}
}

/* ------------------------------------------------------------- what is wanted */

struct binding { sym_id id; word_id to; };

static word_id bound_word(void *arg, sym_id id)
{
	const struct binding *b = arg;

	return id.i == b->id.i ? b->to : WORD_NONE;
}

/* What the clause says of the symbol's bits, whatever the rest of it is; 1: nothing. */
static bit_id said_of(struct judge *j, bit_id b, sym_id id)
{
	atom_id a[BIT_ATOMS];
	unsigned n = bit_support(j->e.dom, b, a), own = 0;

	for (unsigned i = 0; i < n; i++)
		if (atom_sym(a[i]).i != id.i)
			b = bit_exists(j->e.dom, b, a[i]);
		else
			own++;
	return own ? b : BIT_1;
}

/* The store's condition, and that what it stores is as the finding wants it. */
static bool stores_wanted(struct judge *j, const struct obligation *o, sym_id id,
			  const struct cond *why, struct origin *out)
{
	struct binding b = { id, o->pending.val };
	const struct cond *c = o->bad;
	bit_id wanted[COND_CLAUSES];
	unsigned n = 0;
	struct subst *s;

	if (word_is_none(b.to) || word_width(j->e.dom, b.to) != sym_width(j->e.dom, id))
		return false;
	s = subst_new(j->e.dom, bound_word, &b);
	for (uint32_t i = 0; i < why->n && n < COND_CLAUSES && !c->unsat; i++) {
		wanted[n] = bit_subst(s, said_of(j, why->c[i].bit, id));
		c = cond_and(j->e.dom, c, wanted[n++], 0);
	}
	subst_free(s);
	out->when = c;
	out->o = o;
	out->why = cond_relevant(j->e.dom, c, wanted, n);
	return !c->unsat && !cond_unsat(j->e.dom, c, NULL, 0);
}

static bool is_asked_by(const struct judge *j, const struct obligation *o, const struct class *c)
{
	return o->is_origin && o->rule >= j->ndockets && o->rule - j->ndockets < j->norigins &&
	       is_field(&j->origins.v[o->rule - j->ndockets], c);
}

/* The first store of the function to the field that does. */
static bool find_in(struct judge *j, ir_fn fn, const struct class *c, sym_id id,
		    const struct cond *why, struct origin *out)
{
	const struct summary *sum = engine_summary(&j->e, fn);

	for (uint32_t i = 0; i < sum->obligations.n; i++) {
		const struct obligation *o = &sum->obligations.v[i];

		out->entry = fn;
		if (is_asked_by(j, o, c) && stores_wanted(j, o, id, why, out))
			return true;
	}
	return false;
}

enum { RANKS = 4 };

static unsigned rank_of(const struct judge *j, ir_fn entry, const uint64_t *first)
{
	return 2u * relevant_is_inner(j, entry) + !(first[entry / 64] >> (entry % 64) & 1);
}

unsigned origin_find(struct judge *j, sym_id id, const struct cond *why, const uint64_t *first,
		     struct origin *out, unsigned max)
{
	struct class c;
	unsigned n = 0;

	if (!origin_field_of(j, id, &c))
		return 0;
	for (unsigned rank = 0; rank < RANKS; rank++)
		for (ir_fn fn = 0; fn < j->nfuncs && n < max; fn++)
			if (relevant_has(j, fn) && relevant_is_entry(j, fn) &&
			    rank_of(j, fn, first) == rank)
				n += find_in(j, fn, &c, id, why, &out[n]);
	return n;
}

const char *origin_name(struct judge *j, struct class c)
{
	const struct ir_field *f = ir_field_at(j->e.unit, c.rec, c.off, c.width, &(ir_rec){ 0 },
					       &(uint64_t){ 0 });
	const char *tag = intern_get(&j->e.unit->names, j->e.unit->records.v[c.rec].tag);

	return arena_printf(&j->report->arena, "%s%s%s", tag, f ? "." : "",
			    f ? intern_get(&j->e.unit->names, f->name) : "");
}
