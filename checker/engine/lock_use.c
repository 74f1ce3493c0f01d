/* SPDX-License-Identifier: MIT */
/*
 * What a function wants of the locks of its callers: that one is held, by an
 * assertion or an annotation, or that one is not, since it takes it. Lifted
 * through the calls until a caller is found that decides it.
 */
#include "engine/fun.h"

static void add(struct fun *f, const struct lock_use *n)
{
	struct summary *sum = f->summary;

	for (uint32_t i = 0; i < sum->uses.n; i++) {
		const struct lock_use *u = &sum->uses.v[i];

		if (u->op == n->op && u->mode == n->mode && u->ref.root.i == n->ref.root.i &&
		    u->ref.off == n->ref.off && u->pc == n->pc)
			return;
	}
	if (sum->uses.n < ENGINE_LOCK_USES)
		array_push(&sum->uses, *n);
	else
		sum->lost_uses = true;
}

/* The function gave it back before: how the callers had it does not matter any more. */
static bool was_dropped(const struct state *s, struct lock_ref ref)
{
	const struct given *given;

	for (uint32_t i = 0; i < s->dropped.n; i++)
		if (s->dropped.v[i].root.i == ref.root.i && s->dropped.v[i].off == ref.off)
			return true;
	given = lockset_given(s, ref);
	return given && !given->doubtful;
}

static bool is_callers(struct fun *f, const struct state *s, struct lock_ref ref)
{
	uint8_t kind = symbol_info(&f->e->syms, ref.root)->kind;

	return (kind == SYM_K_PARAM || kind == SYM_K_CELL || kind == SYM_K_INIT ||
		kind == SYM_K_GLOBAL) &&
	       !was_dropped(s, ref) && !mem_is_private(f, s, ref.root);
}

/* That a lock is not held twice is asked by who wants to hear of it. */
static bool is_asked(const struct fun *f, enum model_lock_op op)
{
	return op == MODEL_LOCK_NEED || f->e->client.on_lock;
}

void lock_use_note(struct fun *f, struct state *s, const struct lock *l, enum model_lock_op op)
{
	struct lock_use n = { .op = (uint8_t)op, .mode = l->mode, .ref = l->ref, .pc = s->pc,
			      .fn = l->fn, .loc = l->loc };

	if (f->emitting && is_asked(f, op) && !lockset_find(s, l->ref) && is_callers(f, s, l->ref))
		add(f, &n);
}

static enum lock_fault fault_of(const struct state *s, const struct lock_use *n,
				const struct lock *have)
{
	if (n->op == MODEL_LOCK_NEED)
		return lockset_is_gone(s, n->ref) ? LOCK_GONE : LOCK_OK;
	if (have && (n->mode == MODEL_LOCK_EXCLUSIVE || have->mode == MODEL_LOCK_EXCLUSIVE))
		return LOCK_DOUBLE;
	return LOCK_OK;
}

static void lift(struct inst *in, const struct lock_use *u)
{
	struct fun *f = in->f;
	struct lock_use n = *u;
	const struct lock *have;
	struct lock_event e = { .op = u->op, .loc = in->loc, .by_callee = true };

	if (!lock_at_word(f, inst_symbol(in, u->ref.root), u->ref.off, &n.ref))
		return;
	have = lockset_find(in->s, n.ref);
	e.fault = (uint8_t)fault_of(in->s, &n, have);
	if (e.fault == LOCK_OK && (have || !is_callers(f, in->s, n.ref)))
		return;
	n.pc = cond_and_all(f->e->dom, in->s->pc, inst_cond(in, u->pc));
	if (n.pc->unsat || cond_unsat(f->e->dom, n.pc, NULL, 0))
		return;
	if (f->e->unit->funcs.v[u->fn].flags & IR_FN_HEADER) {
		n.fn = f->id;
		n.loc = in->loc;
	}
	e.may = n.pc->imprecise;
	e.lock = (struct lock){ .ref = n.ref, .mode = n.mode, .fn = n.fn, .loc = n.loc };
	if (have)
		e.before = *have;
	if (e.fault != LOCK_OK)
		locking_tell(f, in->s, &e);
	else
		add(f, &n);
}

void lock_uses_lift(struct inst *in)
{
	const struct summary *sum = engine_summary(in->f->e, in->callee);

	if (in->f->emitting)
		in->f->summary->lost_uses |= sum->lost_uses;
	for (uint32_t i = 0; in->f->emitting && i < sum->uses.n; i++)
		lift(in, &sum->uses.v[i]);
}
