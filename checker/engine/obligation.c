/* SPDX-License-Identifier: MIT */
/*
 * Obligations: refuted where that can be told, else kept in the summary and
 * lifted through the calls of the function.
 */
#include "engine/fun.h"
#include "engine/replay.h"

#include <string.h>

#define BINDINGS 4
#define CORE_TAGS 64
#define ORIGINS (ENGINE_OBLIGATIONS / 2)	/* they leave room for what matters */

void premises_add(struct premises *p, bit_id bit, uint32_t tag)
{
	if (p->n < PREMISES)
		p->c[p->n++] = (struct clause){ bit, tag };
}

void premises_add_cond(struct premises *p, const struct cond *c)
{
	for (uint32_t i = 0; i < c->n; i++)
		premises_add(p, c->c[i].bit, c->c[i].tag);
}

static bool contradict(struct dom *d, const struct premises *p, const bool *in)
{
	bit_id bits[PREMISES];
	unsigned n = 0;

	for (unsigned i = 0; i < p->n; i++)
		if (in[i] && p->c[i].bit.i != BIT_TOP.i)
			bits[n++] = p->c[i].bit;
	return cond_unsat(d, cond_true(d), bits, n);
}

/* Leaves a minimal contradiction: each premise that is not needed is taken out. */
static void tell_discharged(struct fun *f, const struct obligation *o, const struct premises *p)
{
	const struct tag *tags[CORE_TAGS];
	bool in[PREMISES];
	unsigned n = 0;

	memset(in, true, sizeof(in));
	f->e->stats.discharged++;
	for (unsigned i = 0; contradict(f->e->dom, p, in) && i < p->n; i++) {
		in[i] = false;
		if (!contradict(f->e->dom, p, in))
			in[i] = true;
	}
	for (unsigned i = 0; i < p->n && n < CORE_TAGS; i++)
		if (in[i] && p->c[i].tag)
			tags[n++] = &f->e->tags.v[p->c[i].tag];
	f->e->client.on_discharged(f->e->client.arg, f, o, tags, n);
}

/* FINAL of a shared object is INIT: its field does not change any more. */
struct settle { struct fun *f; };

static word_id settle_map(void *arg, sym_id id)
{
	struct settle *st = arg;
	struct symbols *syms = &st->f->e->syms;
	struct symbol k = *symbol_info(syms, id);
	sym_id init;

	if (k.kind != SYM_K_FINAL || symbol_is_object(syms, k.base))
		return WORD_NONE;
	init = symbol_cell(syms, SYM_K_INIT, k.base, (int64_t)k.a, k.width, k.cell_rec,
			   k.cell_off);
	return word_sym(syms->dom, init);
}

/* The premises as they are for objects whose init-only fields do not change any more. */
static void settle_premises(struct fun *f, const struct premises *p, struct premises *out)
{
	struct settle st = { f };
	struct subst *s = subst_new(f->e->dom, settle_map, &st);

	out->n = 0;
	for (unsigned i = 0; i < p->n; i++)
		premises_add(out, bit_subst(s, p->c[i].bit), p->c[i].tag);
	subst_free(s);
}

/* What is stored, and where to, as far as a caller can tell them apart. */
static bool same_store(const struct store_event *a, const struct store_event *b)
{
	return a->root.i == b->root.i && a->off == b->off && a->width == b->width &&
	       word_same(a->val, b->val) && word_same(a->ptr, b->ptr) && word_same(a->by, b->by) &&
	       a->maybe == b->maybe && a->is_range == b->is_range && a->is_any == b->is_any &&
	       a->unseen == b->unseen && a->typed == b->typed;
}

static bool is_known(const struct summary *sum, const struct obligation *o)
{
	for (uint32_t i = 0; i < sum->obligations.n; i++) {
		const struct obligation *p = &sum->obligations.v[i];

		if (p->rule == o->rule && p->loc == o->loc && p->fn == o->fn &&
		    p->is_pending == o->is_pending && p->is_origin == o->is_origin &&
		    (!p->is_origin || word_same(p->pending.val, o->pending.val)) &&
		    p->nhops == o->nhops &&
		    (!p->nhops || p->hops[0].loc == o->hops[0].loc) && state_same_clauses(p->bad, o->bad) &&
		    p->unseen == o->unseen && p->unbound.i == o->unbound.i &&
		    (!p->is_pending || same_store(&p->pending, &o->pending)))
			return true;
	}
	return false;
}

static bool is_refuted(struct fun *f, const struct premises *p)
{
	bool all[PREMISES];

	memset(all, true, sizeof(all));
	return contradict(f->e->dom, p, all);
}

void obligation_lose(struct fun *f, const struct obligation *o)
{
	f->summary->lost_pending |= o->is_pending;
	f->summary->lost_obligations |= !o->is_pending && !o->is_origin;
}

void engine_oblige(struct fun *f, const struct obligation *o, const struct premises *why)
{
	struct obligation n = *o;
	struct premises settled;

	if (!f->emitting)
		return;
	if (f->route) {
		route_oblige(f, o);
		return;
	}
	f->e->stats.obligations++;
	if (n.is_origin && (is_refuted(f, why) || f->summary->obligations.n >= ORIGINS))
		return;
	if (!n.is_pending && !n.is_origin) {
		if (is_refuted(f, why)) {
			tell_discharged(f, &n, why);
			return;
		}
		settle_premises(f, why, &settled);
		n.settled = is_refuted(f, &settled);
		if (n.settled)
			tell_discharged(f, &n, &settled);
	}
	if (is_known(f->summary, &n))
		return;
	if (f->summary->obligations.n >= ENGINE_OBLIGATIONS) {
		obligation_lose(f, &n);
		return;
	}
	n.may |= n.bad->imprecise;
	array_push(&f->summary->obligations, n);
}

static const struct hop *hops_extend(struct fun *f, const struct obligation *o, ir_loc loc)
{
	struct hop *h = arena_new_array(&f->e->arena, struct hop, o->nhops + 1);

	if (o->nhops)
		memcpy(h, o->hops, o->nhops * sizeof(*h));
	h[o->nhops] = (struct hop){ f->id, loc };
	return h;
}

/*
 * The function behind the pointer is one of the unit: what it stores by the type that it
 * knows is judged there. What it stores without one would be a pending store of it.
 */
static bool is_known_code(struct fun *f, const struct store_event *ev)
{
	const struct symbol *k;
	const struct summary *sum;
	int64_t delta;
	sym_id id;

	if (word_is_none(ev->by) || !word_as_symoff(f->e->dom, ev->by, &id, &delta) || delta)
		return false;
	k = symbol_info(&f->e->syms, id);
	if (k->kind != SYM_K_FUNC || !(f->e->unit->funcs.v[k->a].flags & IR_FN_HAS_BODY))
		return false;
	sum = engine_summary(f->e, (ir_fn)k->a);
	f->body = &f->e->unit->funcs.v[f->id];
	if (sum->running)
		return true;
	if (sum->anything || sum->lost_obligations || sum->lost_pending)
		return false;
	for (uint32_t i = 0; i < sum->obligations.n; i++)
		if (sum->obligations.v[i].is_pending)
			return false;
	return true;
}

/* What the callee stored through an untyped pointer is judged by the type it has here. */
static void lift_pending(struct fun *f, struct inst *in, struct obligation *n)
{
	struct engine *e = f->e;
	struct store_event ev = n->pending;
	struct access a = { .ptr = inst_symbol(in, ev.root), .off = ev.off, .width = ev.width,
			    .rec = IR_NONE, .site = in->site, .loc = in->loc, .pointee = IR_NONE };
	struct target t[MEM_TARGETS];
	struct state s = { 0 };
	unsigned k;

	state_copy(&s, in->s);
	s.pc = n->bad;
	k = mem_targets(f, &s, &a, t);
	ev.val = inst_word(in, ev.val);
	ev.by = inst_word(in, ev.by);
	if (is_known_code(f, &ev))
		return;
	ev.loc = n->loc;
	ev.from_call = true;
	ev.fn = n->fn;
	ev.hops = n->hops;
	ev.nhops = n->nhops;
	for (unsigned i = 0; i < k; i++) {
		const struct symbol *r = symbol_info(&e->syms, t[i].root);

		ev.root = t[i].root;
		ev.off = t[i].off;
		ev.ptr = a.ptr;
		ev.outer = r->rec;
		ev.outer_off = (uint64_t)t[i].off;
		ev.class = t[i].off >= 0 ? engine_class(e, r->rec, (uint64_t)t[i].off, ev.width) :
			   (struct class){ IR_NONE, 0, ev.width };
		ev.old = ev.is_range ? WORD_NONE :
			 mem_load_root(f, &s, t[i].root, t[i].off, ev.width, &a);
		e->client.on_store(e->client.arg, f, &s, &ev);
	}
	state_release(&s);
}

static void lift_one(struct fun *f, struct inst *in, const struct obligation *o, ir_loc loc)
{
	struct obligation n = *o;
	struct premises why = { .n = 0 };

	premises_add_cond(&why, in->s->pc);
	for (uint32_t i = 0; i < o->bad->n; i++)
		premises_add(&why, bit_subst(in->subst, o->bad->c[i].bit), o->bad->c[i].tag);
	n.bad = cond_and_all(f->e->dom, in->s->pc, inst_cond(in, o->bad));
	for (unsigned i = 0; i < n.nfocus; i++)
		n.focus[i] = bit_subst(in->subst, n.focus[i]);
	n.settled = false;
	n.hops = hops_extend(f, o, loc);
	n.nhops = o->nhops + 1;
	f->e->stats.lifted++;
	if (n.nhops > ENGINE_CHAIN) {
		obligation_lose(f, &n);
		return;
	}
	if (o->is_pending)
		lift_pending(f, in, &n);
	else
		engine_oblige(f, &n, &why);
}

static void lift_in(struct inst *in, const struct obligation *o)
{
	struct obligation n = *o;

	n.pending.ptr = inst_word(in, o->pending.ptr);
	if (o->is_origin)
		n.pending.val = inst_word(in, o->pending.val);
	lift_one(in->f, in, &n, in->loc);
}

/*
 * An object that the callee could not name: each that the caller has is tried. Without one the
 * call is the same for all obligations, and what they have in common is put in terms of the
 * caller once.
 */
static void lift(struct inst *call, const struct obligation *o)
{
	struct fun *f = call->f;
	word_id to[BINDINGS];
	unsigned n = 0;

	if (o->unbound.i)
		n = f->e->client.on_bind(f->e->client.arg, f, call->s, o->unbound,
					 inst_word(call, o->pending.ptr), to, BINDINGS);
	if (!n)
		lift_in(call, o);
	for (unsigned i = 0; i < n; i++) {
		struct obligation bound = *o;
		struct inst in;

		inst_begin(&in, f, call->s, call->callee, call->args, call->nargs, call->site,
			   call->loc);
		in.bound = o->unbound;
		in.bound_to = to[i];
		bound.unbound = SYM_NONE;
		lift_in(&in, &bound);
		inst_end(&in);
	}
}

void obligations_lift(struct fun *f, struct state *s, ir_fn callee, const word_id *args,
		      unsigned nargs, uint64_t site, ir_loc loc)
{
	const struct summary *sum = engine_summary(f->e, callee);
	struct inst call;

	if (!f->emitting)
		return;
	f->summary->lost_obligations |= sum->lost_obligations;
	f->summary->lost_pending |= sum->lost_pending;
	inst_begin(&call, f, s, callee, args, nargs, site, loc);
	for (uint32_t i = 0; i < sum->obligations.n; i++)
		lift(&call, &sum->obligations.v[i]);
	inst_end(&call);
}
