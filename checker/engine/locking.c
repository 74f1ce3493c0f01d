/* SPDX-License-Identifier: MIT */
/* Locks that are taken and given, by the primitives and by what calls them. */
#include "engine/fun.h"
#include "engine/interrupts.h"

#include <string.h>

word_id locking_token(struct fun *f, const char *name)
{
	struct symbol key = symbol_key(SYM_K_TOKEN, IR_NONE, f->e->unit->ptr_width);

	key.a = intern_str(&f->e->unit->names, name);
	return word_sym(f->e->dom, symbol_get(&f->e->syms, &key));
}

static bool is_dropped(const struct state *s, struct lock_ref ref)
{
	for (uint32_t i = 0; i < s->dropped.n; i++)
		if (s->dropped.v[i].root.i == ref.root.i && s->dropped.v[i].off == ref.off)
			return true;
	return false;
}

bit_id locking_held(struct fun *f, const struct state *s, struct lock_ref ref)
{
	struct symbols *syms = &f->e->syms;
	struct symbol key = symbol_key(SYM_K_HELD, f->id, 1);

	if (lockset_find(s, ref) || mem_is_private(f, s, ref.root))
		return BIT_1;
	if (is_dropped(s, ref) || !lockset_is_callers(syms, ref.root))
		return BIT_0;
	key.base = ref.root;
	key.a = (uint64_t)ref.off;
	key.origin = ORIGIN_INPUT;
	return bit_atom(f->e->dom, atom_make(symbol_get(syms, &key), 0));
}

void locking_tell(struct fun *f, struct state *s, const struct lock_event *e)
{
	if (f->e->client.on_lock)
		f->e->client.on_lock(f->e->client.arg, f, s, e);
}

static void acquire(struct fun *f, struct state *s, const struct lock *taken, uint64_t site,
		    ir_loc loc)
{
	struct lock_event e = { .op = MODEL_LOCK_ACQUIRE, .lock = *taken, .loc = loc };
	struct lock *l = &e.lock;

	l->block = block_of_site(site);
	/* Around a lock that was taken there is an object. */
	s->pc = cond_and(f->e->dom, s->pc,
			 word_nonzero(f->e->dom, word_sym(f->e->dom, l->ref.root)), 0);
	lock_use_note(f, s, l, MODEL_LOCK_ACQUIRE);
	e.fault = (uint8_t)lockset_acquire(s, l, &e.before);
	mem_forget_guarded(f, s, l->ref, site);
	locking_tell(f, s, &e);
}

static void note_release(struct fun *f, struct lock_ref ref)
{
	for (uint32_t i = 0; i < f->releases.n; i++)
		if (f->releases.v[i].ref.root.i == ref.root.i &&
		    f->releases.v[i].ref.off == ref.off && f->releases.v[i].block == f->block)
			return;
	if (f->emitting)
		array_push(&f->releases, (struct release_site){ ref, f->block });
}

static void release(struct fun *f, struct state *s, const struct lock *l, uint64_t site,
		    ir_loc loc)
{
	struct lock_event e = { .op = MODEL_LOCK_RELEASE, .lock = *l, .loc = loc };

	e.fault = (uint8_t)lockset_release(s, f->e, l, &e.before);
	if (e.fault == LOCK_WRONG_IRQ)
		interrupts_leave(s, l, e.before.irq);
	mem_forget_guarded(f, s, l->ref, site);
	note_release(f, l->ref);
	locking_tell(f, s, &e);
}

/* It is held from here on; that it was is for the callers to see to. */
static void assume(struct fun *f, struct state *s, struct lock *l, enum model_lock_op op,
		   ir_loc loc)
{
	struct lock_event e = { .op = op, .lock = *l, .loc = loc };
	struct lock before;

	if (lockset_find(s, l->ref))
		return;
	/* To ask is allowed. */
	if (op != MODEL_LOCK_TEST && lockset_is_gone(s, l->ref))
		e.fault = LOCK_GONE;
	else if (op != MODEL_LOCK_TEST)
		lock_use_note(f, s, l, MODEL_LOCK_NEED);
	l->assumed = true;
	lockset_acquire(s, l, &before);
	locking_tell(f, s, &e);
}

/* What a function says of itself, where it returns. */
static void expect(struct fun *f, struct state *s, const struct lock *l, enum model_lock_op op,
		   ir_loc loc)
{
	struct lock_event e = { .op = op, .lock = *l, .loc = loc };
	const struct lock *have = lockset_find(s, l->ref);

	if (have)
		e.before = *have;
	if (op == MODEL_LOCK_HELD && !have)
		e.fault = LOCK_GONE;
	else if (op == MODEL_LOCK_FREE && have)
		e.fault = LOCK_DOUBLE;
	locking_tell(f, s, &e);
}

/* Whoever held it, the function or its callers, shares it from now on. */
static void downgrade(struct state *s, const struct engine *e, struct lock *l)
{
	struct lock before;

	l->mode = MODEL_LOCK_EXCLUSIVE;
	lockset_release(s, e, l, &before);
	l->mode = MODEL_LOCK_SHARED;
	lockset_acquire(s, l, &before);
}

static void apply_op(struct fun *f, struct state *s, struct lock *l, enum model_lock_op op,
		     uint64_t site, ir_loc loc)
{
	switch (op) {
	case MODEL_LOCK_ACQUIRE:
		acquire(f, s, l, site, loc);
		break;
	case MODEL_LOCK_RELEASE:
		release(f, s, l, site, loc);
		break;
	case MODEL_LOCK_DOWNGRADE:
		downgrade(s, f->e, l);
		break;
	case MODEL_LOCK_HELD:
	case MODEL_LOCK_FREE:
		expect(f, s, l, op, loc);
		break;
	default:
		assume(f, s, l, op, loc);
	}
}

/* Which lock it is is not known. */
static void apply_unknown(struct fun *f, struct state *s, struct lock *l, enum model_lock_op op,
			  uint64_t site)
{
	struct lock before;

	if (op == MODEL_LOCK_RELEASE)
		lockset_release_unknown(s);
	else if (op == MODEL_LOCK_ACQUIRE && lock_of_word(f, locking_token(f, LOCK_UNKNOWN), &l->ref))
		lockset_acquire(s, l, &before);
	mem_forget_guarded(f, s, (struct lock_ref){ SYM_NONE, 0 }, site);
}

void locking_apply(struct fun *f, struct state *s, const struct model_lock *m, word_id ptr,
		   word_id flags, uint64_t site, ir_loc loc)
{
	struct lock l = { .mode = m->mode, .irq = m->irq, .fn = f->id, .loc = loc };

	if (m->op == MODEL_LOCK_DISABLE || m->op == MODEL_LOCK_ENABLE) {
		interrupts_apply(f, s, m, flags, &l);
		return;
	}
	if (!lock_of_word(f, ptr, &l.ref)) {
		apply_unknown(f, s, &l, m->op, site);
	} else {
		/* Who comes back from there had a lock. */
		s->pc = cond_and(f->e->dom, s->pc, word_nonzero(f->e->dom, ptr), 0);
		apply_op(f, s, &l, m->op, site, loc);
	}
	if (m->op == MODEL_LOCK_ACQUIRE || m->op == MODEL_LOCK_RELEASE)
		interrupts_apply(f, s, m, flags, &l);
}

/* The callee's lock in the caller's terms; false where the caller has no name for it. */
static bool translate(struct inst *in, struct lock_ref from, struct lock_ref *to)
{
	return lock_at_word(in->f, inst_symbol(in, from.root), from.off, to);
}

/* A primitive of a public header is no place to look at: its caller is. */
static void set_place(const struct inst *in, ir_fn *fn, ir_loc *loc)
{
	if (!(in->f->e->unit->funcs.v[*fn].flags & IR_FN_HEADER))
		return;
	*fn = in->f->id;
	*loc = in->loc;
}

static void apply_dropped(struct inst *in, struct state *t, const struct state *exit)
{
	struct lock l = { .fn = in->f->id, .loc = in->loc };

	for (uint32_t i = 0; i < exit->dropped.n; i++) {
		const struct given *g;

		if (!translate(in, exit->dropped.v[i], &l.ref)) {
			lockset_release_unknown(t);
			continue;
		}
		g = lockset_given(exit, exit->dropped.v[i]);
		l.mode = g ? g->mode : UINT8_MAX;
		l.irq = g ? g->irq : UINT8_MAX;
		l.fn = g ? g->fn : in->f->id;
		l.loc = g ? g->loc : in->loc;
		set_place(in, &l.fn, &l.loc);
		release(in->f, t, &l, in->site, in->loc);
	}
}

/* Another case of the callee, with a result of the same kind, has not taken the lock. */
static bool is_taken_sometimes(const struct inst *in, const struct state *exit,
			       struct lock_ref ref)
{
	const struct summary *sum = engine_summary(in->f->e, in->callee);
	uint8_t class = RET_OTHER;

	for (uint32_t i = 0; i < sum->ncases; i++)
		if (&sum->cases[i].exit == exit)
			class = sum->cases[i].ret_class;
	for (uint32_t i = 0; i < sum->ncases; i++)
		if (sum->cases[i].ret_class == class && !lockset_find(&sum->cases[i].exit, ref))
			return true;
	return false;
}

void locking_doubt_object(struct state *s, sym_id root)
{
	for (uint32_t i = 0; i < s->held.n; i++)
		s->held.v[i].doubtful |= s->held.v[i].ref.root.i == root.i;
}

void locking_apply_summary(struct inst *in, struct state *t, const struct state *exit)
{
	apply_dropped(in, t, exit);
	for (uint32_t i = 0; i < exit->held.n; i++) {
		struct lock l = exit->held.v[i];

		if (l.assumed)
			continue;
		if (!translate(in, exit->held.v[i].ref, &l.ref) &&
		    !lock_of_word(in->f, locking_token(in->f, LOCK_UNKNOWN), &l.ref))
			continue;
		set_place(in, &l.fn, &l.loc);
		l.doubtful |= is_taken_sometimes(in, exit, exit->held.v[i].ref);
		acquire(in->f, t, &l, in->site, in->loc);
	}
	for (uint32_t i = 0; i < exit->unsure.n; i++) {
		struct unsure_lock l = exit->unsure.v[i];

		/* What it gave back under another name may have been a lock of the caller. */
		if (l.other_name)
			lockset_doubt_same(t, in->f->e, l.ref);
		if (translate(in, l.ref, &l.ref))
			lockset_doubt(t, l);
	}
	for (uint32_t i = 0; i < exit->given.n; i++) {
		struct given g = exit->given.v[i];
		const struct given *have;

		set_place(in, &g.fn, &g.loc);
		if (!translate(in, exit->given.v[i].ref, &g.ref) || lockset_find(t, g.ref))
			continue;
		have = lockset_given(t, g.ref);
		if (!have || have->doubtful)
			lockset_give(t, g);
	}
	interrupts_apply_summary(in, t, exit);
	if (bit_same(exit->warned, BIT_1))
		t->warned = BIT_1;
	for (uint32_t i = 0; i < exit->freed.n; i++) {
		struct lock_ref ref;

		if (bit_same(exit->freed.v[i].when, BIT_1) &&
		    translate(in, (struct lock_ref){ exit->freed.v[i].object, 0 }, &ref))
			state_free(t, ref.root);
	}
}
