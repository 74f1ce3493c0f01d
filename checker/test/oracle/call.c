/* SPDX-License-Identifier: MIT */
/* call.c - calls: of bodies, of locks, and of what a model describes */
#include "oracle.h"

#define FILL 0xa5
#define SIZE_UNSAID 4096	/* of an allocation whose model does not say which argument it is */
#define SIZE_MAX_OBJECT 65536
#define NO_OBJECT 0x800		/* up to here: addresses for locks that have no object */
#define EINTR 4

enum callee_kind {
	CALLEE_BODY, CALLEE_CHOOSE, CALLEE_ASSERT, CALLEE_LOCK, CALLEE_ALLOC, CALLEE_FREE,
	CALLEE_MODEL, CALLEE_NOTHING,
};

struct callee {
	enum callee_kind kind;
	ir_fn fn;
	const struct model_func *model;
};

static word arg(const struct oracle *x, const struct thread *th, const struct ir_insn *i, int k)
{
	const struct ir_func *f = &x->u->funcs.v[array_last(&th->frames).fn];

	if (k < 0 || (uint32_t)k >= i->nargs)
		return 0;
	return machine_value(x, th, f->args.v[i->args + (uint32_t)k]);
}

static enum callee_kind kind_of(const struct oracle *x, const struct callee *c, const char *name)
{
	const struct ir_func *f = &x->u->funcs.v[c->fn];

	if (!strcmp(name, "oracle_choose"))
		return CALLEE_CHOOSE;
	if (!strcmp(name, "oracle_assert"))
		return CALLEE_ASSERT;
	if (c->model && c->model->lock.op)
		return CALLEE_LOCK;
	if (c->model && (c->model->is_alloc || c->model->is_free))
		return c->model->is_alloc ? CALLEE_ALLOC : CALLEE_FREE;
	return c->model && f->state != IR_BODY_READY ? CALLEE_MODEL : CALLEE_BODY;
}

static struct callee resolve(const struct oracle *x, const struct thread *th,
			     const struct ir_insn *i)
{
	struct callee c = { CALLEE_NOTHING, i->imm, NULL };
	const char *name;

	if (c.fn == IR_NONE) {
		uint64_t at = (uint64_t)machine_value(x, th, i->a) - x->code;

		if (at >= x->u->funcs.n)
			return c;
		c.fn = (ir_fn)at;
	}
	name = intern_get(&x->u->names, x->u->funcs.v[c.fn].name);
	c.model = model_func(x->model, name);
	c.kind = kind_of(x, &c, name);
	return c;
}

static bool may_fail(const struct oracle *x, const struct callee *c)
{
	return c->kind == CALLEE_ALLOC && x->sc->alloc_fails && c->model->may_fail;
}

/* ------------------------------------------------------------------ locks */

static uint64_t lock_of(const struct oracle *x, const struct thread *th, const struct ir_insn *i,
			const struct model_lock *m)
{
	if (m->arg < 0)
		return m->name ? hash_bytes(m->name, strlen(m->name), 0) % NO_OBJECT : 0;
	return x->plant == PLANT_ONE_LOCK ? NO_OBJECT : (uint64_t)arg(x, th, i, m->arg);
}

static const char *thread_name(const struct oracle *x, unsigned t)
{
	return t == SEQ ? "setup" : x->sc->threads[t];
}

static void misuse(struct oracle *x, struct state *s, unsigned t, uint64_t lock, const char *what)
{
	struct buffer name = BUFFER_INIT;

	mem_name(x, s, lock, &name);
	stop(x, MISUSE, "%s %s %s, which it does not hold", thread_name(x, t), what,
	     buffer_str(&name));
	buffer_release(&name);
}

/* Comes to run only where the lock is free, or never will be. */
static word lock_wait(struct oracle *x, struct state *s, unsigned t, const struct ir_insn *i,
		      uint64_t lock, const struct model_lock *m)
{
	struct buffer name = BUFFER_INIT;

	machine_event(x, s, t, i, EVENT_LOCK, lock, m->mode);
	if (lock_available(x, s, lock, m->mode)) {
		lock_take(x, s, t, lock, m->mode);
		return irq_acquire(x, s, t, m->irq);
	}
	mem_name(x, s, lock, &name);
	stop(x, DEADLOCK, "%s waits for %s, which it holds itself", thread_name(x, t),
	     buffer_str(&name));
	buffer_release(&name);
	return 0;
}

static word lock_try(struct oracle *x, struct state *s, unsigned t, const struct ir_insn *i,
		     uint64_t lock, const struct model_lock *m, bool interrupted)
{
	bool got = !interrupted && (x->plant == PLANT_TRY || lock_available(x, s, lock, m->mode));

	machine_event(x, s, t, i, EVENT_TRY, lock, got);
	if (got) {
		lock_take(x, s, t, lock, m->mode);
		irq_acquire(x, s, t, m->irq);
	}
	if (m->success == MODEL_LOCK_NONZERO)
		return got;
	return got ? 0 : -(word)EINTR;
}

static word flags_of(const struct oracle *x, const struct thread *th, const struct ir_insn *i,
		     const struct model_lock *m)
{
	return m->flags_arg < 0 ? 0 : arg(x, th, i, m->flags_arg);
}

static void lock_give(struct oracle *x, struct state *s, unsigned t, const struct ir_insn *i,
		      uint64_t lock, const struct model_lock *m)
{
	bool down = m->op == MODEL_LOCK_DOWNGRADE;

	machine_event(x, s, t, i, down ? EVENT_DOWNGRADE : EVENT_UNLOCK, lock, m->mode);
	if (!lock_drop(x, s, t, lock, m->mode))
		misuse(x, s, t, lock, down ? "downgrades" : "releases");
	else
		irq_release(x, s, t, m->irq, flags_of(x, &s->t[t], i, m));
	if (down && !path_ended(x))
		lock_take(x, s, t, lock, MODEL_LOCK_SHARED);
}

static word exec_lock_op(struct oracle *x, struct state *s, unsigned t, const struct ir_insn *i,
			 const struct model_lock *m, bool interrupted)
{
	uint64_t lock = lock_of(x, &s->t[t], i, m);

	switch (m->op) {
	case MODEL_LOCK_ACQUIRE:
		if (m->success != MODEL_LOCK_ALWAYS)
			return lock_try(x, s, t, i, lock, m, interrupted);
		return lock_wait(x, s, t, i, lock, m);
	case MODEL_LOCK_RELEASE: case MODEL_LOCK_DOWNGRADE:
		lock_give(x, s, t, i, lock, m);
		return 0;
	case MODEL_LOCK_DISABLE:
		return irq_acquire(x, s, t, m->irq);
	case MODEL_LOCK_ENABLE:
		irq_release(x, s, t, m->irq, flags_of(x, &s->t[t], i, m));
		return 0;
	case MODEL_LOCK_ASSERT:
		if (!lock_held(s, t, lock))
			misuse(x, s, t, lock, "is said to hold");
		return 0;
	default:
		return lock_held(s, t, lock);
	}
}

static void exec_lock(struct oracle *x, struct state *s, unsigned t, const struct ir_insn *i,
		      const struct model_lock *m, bool interrupted)
{
	uint64_t lock = lock_of(x, &s->t[t], i, m);
	const struct object *o = mem_object(s, lock, 1);
	word v;

	if (m->arg >= 0 && lock != NO_OBJECT && (!o || o->freed)) {
		stop(x, FAULT, "a lock at 0x%llx: no object is there, or it was freed",
		     (unsigned long long)lock);
		return;
	}
	v = exec_lock_op(x, s, t, i, m, interrupted);
	machine_result(x, &s->t[t], i, v);
}

/* ------------------------------------------------------------------- heap */

static void exec_alloc(struct oracle *x, struct state *s, unsigned t, const struct ir_insn *i,
		       const struct model_func *m, bool fails)
{
	word size = m->size_arg < 0 ? SIZE_UNSAID : arg(x, &s->t[t], i, m->size_arg);
	uint64_t p = 0;

	if (size > SIZE_MAX_OBJECT)
		stop(x, INCOMPLETE, "an allocation of more than %d bytes", SIZE_MAX_OBJECT);
	else if (!fails)
		p = mem_add(s, SEG_HEAP(t), (uint64_t)size, m->zeroed ? 0 : FILL);
	if (fails)
		machine_event(x, s, t, i, EVENT_CHOOSE, 0, 0);
	machine_result(x, &s->t[t], i, p);
}

static void exec_free(struct oracle *x, struct state *s, unsigned t, const struct ir_insn *i,
		      const struct model_func *m)
{
	uint64_t p = (uint64_t)arg(x, &s->t[t], i, m->free_arg);
	struct object *o = mem_object(s, p, 0);

	if (p && (!o || o->freed || !mem_on_heap(p))) {
		stop(x, FAULT, "what is freed is no object, or was freed before");
	} else if (p) {
		if (t != SEQ)
			race_access(x, s, t, p, o->size, true, i->loc);
		o->freed = true;
		machine_event(x, s, t, i, EVENT_FREE, p, 0);
	}
	machine_result(x, &s->t[t], i, 0);
}

/* ------------------------------------------------------------------ calls */

/* A gate is open; a report and what has no effect give 0. */
static void exec_model(struct oracle *x, struct state *s, unsigned t, const struct ir_insn *i,
		       const struct model_func *m)
{
	struct thread *th = &s->t[t];

	if (m->effect == MODEL_EFFECT_ARGS)
		stop(x, INCOMPLETE, "a call of '%s', which writes what its arguments point to",
		     m->name);
	else if (m->noreturn)
		stop(x, FAULT, "a call of '%s', which does not return", m->name);
	machine_result(x, th, i, m->returns_arg >= 0 ? arg(x, th, i, m->returns_arg) : m->is_gate);
}

void call_exec(struct oracle *x, struct state *s, unsigned t, const struct ir_insn *i,
	       unsigned choice)
{
	struct callee c = resolve(x, &s->t[t], i);

	switch (c.kind) {
	case CALLEE_CHOOSE:
		if (!arg(x, &s->t[t], i, 0))
			stop(x, INCOMPLETE, "oracle_choose(0)");
		machine_event(x, s, t, i, EVENT_CHOOSE, 0, choice);
		machine_result(x, &s->t[t], i, choice);
		break;
	case CALLEE_ASSERT:
		if (!arg(x, &s->t[t], i, 0))
			stop(x, BROKEN, "an assertion fails");
		machine_result(x, &s->t[t], i, 0);
		break;
	case CALLEE_LOCK:
		exec_lock(x, s, t, i, &c.model->lock, choice == 1);
		break;
	case CALLEE_ALLOC:
		exec_alloc(x, s, t, i, c.model, choice == 1);
		break;
	case CALLEE_FREE:
		exec_free(x, s, t, i, c.model);
		break;
	case CALLEE_MODEL:
		exec_model(x, s, t, i, c.model);
		break;
	case CALLEE_BODY:
		machine_enter(x, s, t, c.fn, i);
		break;
	default:
		stop(x, FAULT, "a call of what is no function");
	}
}

bool call_is_step(struct oracle *x, struct state *s, unsigned t, const struct ir_insn *i)
{
	struct callee c = resolve(x, &s->t[t], i);

	switch (c.kind) {
	case CALLEE_CHOOSE:
		return true;
	case CALLEE_LOCK:
		return t != SEQ && (c.model->lock.op <= MODEL_LOCK_DOWNGRADE ||
				    c.model->lock.op >= MODEL_LOCK_DISABLE);
	case CALLEE_FREE:
		return mem_is_shared(s, t, (uint64_t)arg(x, &s->t[t], i, c.model->free_arg));
	default:
		return may_fail(x, &c);
	}
}

/* 0: it has to wait. What gives zero for success can also be interrupted. */
static unsigned lock_choices(struct oracle *x, struct state *s, unsigned t,
			     const struct ir_insn *i, const struct model_lock *m)
{
	uint64_t lock = lock_of(x, &s->t[t], i, m);

	if (m->op != MODEL_LOCK_ACQUIRE || m->success == MODEL_LOCK_NONZERO)
		return 1;
	if (m->success == MODEL_LOCK_ZERO)
		return lock_available(x, s, lock, m->mode) ? 2 : 1;
	return lock_available(x, s, lock, m->mode) || lock_is_own(s, t, lock, m->mode);
}

unsigned call_choices(struct oracle *x, struct state *s, unsigned t, const struct ir_insn *i)
{
	struct callee c = resolve(x, &s->t[t], i);

	if (c.kind == CALLEE_CHOOSE)
		return arg(x, &s->t[t], i, 0) ? (unsigned)arg(x, &s->t[t], i, 0) : 1;
	if (c.kind == CALLEE_LOCK)
		return lock_choices(x, s, t, i, &c.model->lock);
	return may_fail(x, &c) ? 2 : 1;
}
