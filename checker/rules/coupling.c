/* SPDX-License-Identifier: MIT */
/*
 * Template coupling: whoever makes an object gives it away only when what the
 * rule says of its fields is true. Judged at the returns of functions that can
 * be called from another unit or through a pointer: of a new object that goes out
 * with the result, or that others can reach by then. Who gets it from such a
 * function is judged again only where it writes one of these fields itself, which
 * a mark tells: what others do to the object later is the matter of the fields'
 * policies.
 */
#include "engine/mark.h"
#include "rules/evaluate.h"

#define OBJECTS 8
#define READ_DEPTH 4	/* calls below the rule's condition */
#define PART_DEPTH 4	/* records in records */
#define OWNER_DEPTH 4	/* objects that lead to one another */

struct outgoing {
	struct judge *j;
	struct fun *f;
	struct state *s;
	word_id ret;
	ir_loc loc;
};

/* A record of the rule in an object that was made here: bytes from its start. */
struct made { sym_id root; int64_t at; };

/* ----------------------------------------------------------- fields it is about */

static bool is_active(const struct docket *d)
{
	return d->bound.usable && d->bound.rule->template == RULE_COUPLING;
}

static void add_reads(struct judge *j, struct docket *d, ir_fn fn, unsigned depth)
{
	const struct ir_func *f = ir_func_body(j->e.unit, fn);

	for (uint32_t b = 0; f && b < f->blocks.n; b++)
		for (uint32_t i = 0; i < f->blocks.v[b].insns.n; i++) {
			const struct ir_insn *n = &f->blocks.v[b].insns.v[i];

			if (n->op == IR_LOAD && n->rec != IR_NONE)
				array_push(&d->reads, engine_class(&j->e, n->rec, n->recoff, n->width));
			else if (n->op == IR_CALL && n->imm != IR_NONE && depth < READ_DEPTH)
				add_reads(j, d, (ir_fn)n->imm, depth + 1);
		}
}

/* Some field is written: one of class c, or where e is a range, any in it. */
static bool is_read(struct judge *j, struct docket *d, struct class c, const struct store_event *e)
{
	if (!d->reads.n)
		add_reads(j, d, d->bound.guard, 0);
	for (uint32_t i = 0; i < d->reads.n; i++)
		if (class_overlaps(d->reads.v[i], c) ||
		    (e && e->is_range && range_covers(j, e, &d->reads.v[i])))
			return true;
	return false;
}

/* An object that came from a callee is written to. */
static void touch(struct judge *j, struct state *s, sym_id root, struct class c,
		  const struct store_event *e, ir_loc loc)
{
	sym_id object = symbol_object(&j->e.syms, root);

	if (symbol_info(&j->e.syms, object)->kind != SYM_K_CALLEE ||
	    !symbol_is_heap(&j->e.syms, object))
		return;
	for (uint32_t i = 0; i < j->ndockets; i++) {
		struct docket *d = &j->dockets[i];
		struct mark m = { .key = docket_mark(d, 0), .ref = { object, 0 },
				  .join = MARK_MAY, .sure = true, .loc = loc };

		if (is_active(d) && is_read(j, d, c, e))
			mark_set(s, &m);
	}
}

void coupling_store(struct judge *j, struct state *s, const struct store_event *e)
{
	touch(j, s, e->root, e->class, e, e->loc);
}

/* What a callee writes to an object of its own making, it has made it with. */
void coupling_written(struct judge *j, struct state *s, const struct cell *from, sym_id root,
		      ir_loc loc)
{
	if (!symbol_is_heap(&j->e.syms, symbol_object(&j->e.syms, from->root)))
		touch(j, s, root, from->class, NULL, loc);
}

/* The function hands its objects to code that was not looked at when it was judged. */
static bool is_boundary(const struct judge *j, ir_fn fn)
{
	uint32_t flags = j->e.unit->funcs.v[fn].flags;

	return !(flags & (IR_FN_HEADER | IR_FN_EXPR)) && relevant_reaches(j, fn) &&
	       (!(flags & IR_FN_STATIC) || flags & IR_FN_ADDR_TAKEN || relevant_is_entry(j, fn));
}

/* It came from a function that was judged when it gave it away. */
static bool is_from_boundary(const struct judge *j, sym_id root)
{
	const struct symbol *k = symbol_info(&j->e.syms, root);

	return k->kind == SYM_K_CALLEE && is_boundary(j, symbol_info(&j->e.syms, k->base)->fn);
}

/* What was done to the object before it was judged is settled. */
void coupling_mark(const struct judge *j, struct state *s, const struct mark *m)
{
	if (m->ref.root.i && !is_from_boundary(j, m->ref.root))
		mark_set(s, m);
}

/* The same where it was handed on by others, who have not written to it: a mark would say so. */
static bool went_out(const struct judge *j, sym_id root)
{
	const struct symbol *k = symbol_info(&j->e.syms, root);

	while (k->kind == SYM_K_CALLEE && !is_from_boundary(j, root)) {
		root = k->base;
		k = symbol_info(&j->e.syms, root);
	}
	return k->kind == SYM_K_CALLEE;
}

static bool is_judged(const struct judge *j, const struct docket *d, const struct state *s,
		      sym_id root)
{
	return went_out(j, root) &&
	       !mark_find(s, docket_mark(d, 0), (struct lock_ref){ root, 0 });
}

/* --------------------------------------------------------------------- verdict */

/* An error comes back: what was made on the way is not given away with it. */
static bool is_failure(const struct outgoing *out)
{
	const struct ir_type *t = &out->f->body->ret;
	struct dom *d = out->j->e.dom;
	uint8_t width;

	if (word_is_none(out->ret))
		return false;
	width = word_width(d, out->ret);
	if (t->kind == IR_T_PTR &&
	    cond_entails(d, out->s->pc, bit_not(d, word_nonzero(d, out->ret))))
		return true;
	return width >= 32 && cond_entails(d, out->s->pc, word_bit(d, out->ret, width - 1u));
}

/* The condition under which the word is a pointer into the object. */
static bit_id points_into(const struct outgoing *out, word_id w, sym_id root)
{
	struct dom *d = out->j->e.dom;
	word_id alt[WORD_CHOICES];
	bit_id guard[WORD_CHOICES], any = BIT_0;
	unsigned n = word_is_none(w) ? 0 : word_choices(d, w, alt, guard);

	for (unsigned i = 0; i < n; i++) {
		int64_t delta;
		sym_id id;

		if (word_as_symoff(d, alt[i], &id, &delta) && id.i == root.i)
			any = bit_or(d, any, guard[i]);
	}
	return any;
}

/*
 * The condition under which the caller can reach the object: the result points into it, or
 * into one that leads to it.
 */
static bit_id goes_out(const struct outgoing *out, sym_id root, unsigned depth)
{
	const struct state *s = out->s;
	struct dom *d = out->j->e.dom;
	bit_id any;

	if (!mem_is_private(out->f, s, root))
		return BIT_1;
	any = points_into(out, out->ret, root);
	for (uint32_t i = 0; depth < OWNER_DEPTH && i < s->cells.n; i++) {
		const struct cell *c = &s->cells.v[i];
		bit_id here;

		if (c->kind != CELL_WORD || c->root.i == root.i ||
		    !symbol_is_heap(&out->j->e.syms, symbol_object(&out->j->e.syms, c->root)))
			continue;
		here = points_into(out, c->val, root);
		if (!bit_same(here, BIT_0))
			any = bit_or(d, any, bit_and(d, here, goes_out(out, c->root, depth + 1)));
	}
	return any;
}

/* What others may set once counts with what they may set. */
static void give_away(const struct outgoing *out, const struct docket *d, struct made m,
		      struct state *s)
{
	const struct bound_rule *b = &d->bound;

	state_copy(s, out->s);
	for (unsigned k = 0; k < b->rule->npolicy; k++)
		if (b->policies[k].kind == POLICY_ONCE && b->policy_in[k].rec == b->names[0])
			mem_give_away(out->f, s, m.root, m.at * 8 + (int64_t)b->policy_in[k].off,
				      (uint32_t)b->policy_in[k].width);
}

/* What was made on the way to an error is not given away with it, unless others have it already. */
static void judge_object(const struct outgoing *out, struct docket *d, struct made m)
{
	struct dom *dom = out->j->e.dom;
	bit_id out_here = is_failure(out) && mem_is_private(out->f, out->s, m.root) ? BIT_0 :
			  goes_out(out, m.root, 0);
	word_id args[2] = { word_const(dom, 0, 32), word_symoff(dom, m.root, m.at) };
	struct state given = { 0 };
	struct evaluation ev;

	if (bit_same(out_here, BIT_0) || state_is_freed(dom, out->s, m.root, out->s->pc))
		return;
	*map_put(&d->sinks, out->loc) = 1;
	give_away(out, d, m, &given);
	evaluation_run(&ev, out->j, out->f, &given, d->bound.guard, args, 2, false, false);
	state_release(&given);
	for (unsigned i = 0; i < ev.n; i++) {
		struct premises why = { .n = 0 };
		struct obligation o = { .rule = d->bound.number, .fn = out->f->id,
					.loc = out->loc };

		evaluation_oblige(&ev, i, &o, &why);
		o.bad = cond_and(dom, o.bad, out_here, 0);
		premises_add(&why, out_here, 0);
		engine_oblige(out->f, &o, &why);
	}
}

struct gathered {
	struct docket *d;
	struct made v[OBJECTS];
	unsigned n;		/* OBJECTS + 1: there are more */
};

static void add_made(struct judge *j, struct gathered *g, sym_id root, int64_t at)
{
	for (unsigned i = 0; i < g->n && i < OBJECTS; i++)
		if (g->v[i].root.i == root.i && g->v[i].at == at)
			return;
	if (g->n < OBJECTS)
		g->v[g->n] = (struct made){ root, at };
	else
		docket_reason(j, g->d, "a function makes too many objects");
	g->n += g->n <= OBJECTS;
}

static bool has_record(const struct judge *j, ir_rec rec, const struct ir_type *t)
{
	return t->kind == IR_T_AGG && t->rec != IR_NONE &&
	       (t->rec == rec || ir_record_in(j->e.unit, rec, t->rec));
}

/* The records of the rule in the one that begins bit off of the object. */
static void add_parts(struct judge *j, struct gathered *g, sym_id root, ir_rec rec, uint64_t off,
		      unsigned depth)
{
	const struct ir_record *r = rec == IR_NONE ? NULL : &j->e.unit->records.v[rec];

	if (rec == g->d->bound.names[0]) {
		add_made(j, g, root, (int64_t)(off / 8));
		return;
	}
	for (uint32_t i = 0; r && depth < PART_DEPTH && i < r->fields.n; i++) {
		const struct ir_field *f = &r->fields.v[i];
		uint64_t size = f->type.elem_size ? f->type.elem_size : f->width;

		if (!has_record(j, g->d->bound.names[0], &f->type))
			continue;
		for (uint64_t at = 0; size && at < f->width && g->n <= OBJECTS; at += size)
			add_parts(j, g, root, f->type.rec, off + f->off + at, depth + 1);
	}
}

static void gather(struct judge *j, struct gathered *g, const struct state *s)
{
	for (uint32_t k = 0; k < s->cells.n; k++) {
		const struct cell *c = &s->cells.v[k];
		ir_rec rec = symbol_info(&j->e.syms, c->root)->rec;

		if (!symbol_is_heap(&j->e.syms, c->root) || is_judged(j, g->d, s, c->root))
			continue;
		add_parts(j, g, c->root, rec, 0, 0);
		/* Of what was made as several each has a type of its own. */
		if (c->class.rec == g->d->bound.names[0])
			add_made(j, g, c->root, (c->off - (int64_t)c->class.off) / 8);
	}
}

void coupling_return(struct judge *j, struct fun *f, struct state *s, word_id ret, ir_loc loc)
{
	struct outgoing out = { j, f, s, ret, loc };

	if (!f->emitting || !is_boundary(j, f->id))
		return;
	for (uint32_t i = 0; i < j->ndockets; i++) {
		struct gathered g = { .d = &j->dockets[i] };

		if (!is_active(g.d) || !docket_covers(j, g.d, f->id))
			continue;
		gather(j, &g, s);
		for (unsigned k = 0; k < g.n && k < OBJECTS; k++)
			judge_object(&out, g.d, g.v[k]);
	}
}
