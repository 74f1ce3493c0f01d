/* SPDX-License-Identifier: MIT */
/* machine.c - the threads, an instruction at a time */
#include <stdarg.h>

#include "oracle.h"

#define DEPTH_MAX 60
#define FILL 0xa5	/* what an object without initialiser holds */

void stop(struct oracle *x, enum outcome o, const char *fmt, ...)
{
	va_list ap;

	if (x->outcome >> o & 1)
		return;
	x->outcome |= 1u << o;
	buffer_clear(&x->why[o]);
	va_start(ap, fmt);
	buffer_vprintf(&x->why[o], fmt, ap);
	va_end(ap);
}

/* ----------------------------------------------------------------- values */

static struct frame *top(struct thread *th)
{
	return &array_last(&th->frames);
}

static const struct ir_block *block_of(const struct oracle *x, const struct thread *th)
{
	const struct frame *f = &array_last(&th->frames);

	return &x->u->funcs.v[f->fn].blocks.v[f->block];
}

/* NULL at the end of the block. */
static const struct ir_insn *insn_of(const struct oracle *x, const struct thread *th)
{
	const struct ir_block *b = block_of(x, th);
	uint32_t at = array_last(&th->frames).insn;

	return at < b->insns.n ? &b->insns.v[at] : NULL;
}

word machine_value(const struct oracle *x, const struct thread *th, struct ir_val v)
{
	if (v.kind == IR_V_TEMP)
		return th->temps.v[array_last(&th->frames).temps + v.i];
	return v.kind == IR_V_CONST ? x->u->consts.v[v.i].value : 0;
}

static unsigned width_of(const struct oracle *x, const struct thread *th, struct ir_val v)
{
	if (v.kind == IR_V_TEMP)
		return x->u->funcs.v[array_last(&th->frames).fn].temps.v[v.i].type.width;
	return v.kind == IR_V_CONST ? x->u->consts.v[v.i].width : 0;
}

/* A value that was used for the last time would only keep equal states apart. */
static void forget(const struct oracle *x, struct thread *th, struct ir_val v)
{
	struct frame *f = top(th);

	if (v.kind == IR_V_TEMP && x->uses[f->fn][v.i] == USED_ONCE)
		th->temps.v[f->temps + v.i] = 0;
}

static void forget_operands(const struct oracle *x, struct thread *th, const struct ir_insn *i)
{
	forget(x, th, i->a);
	forget(x, th, i->b);
	forget(x, th, i->c);
	for (uint32_t k = 0; i->op == IR_CALL && k < i->nargs; k++)
		forget(x, th, x->u->funcs.v[top(th)->fn].args.v[i->args + k]);
}

void machine_result(struct oracle *x, struct thread *th, const struct ir_insn *i, word v)
{
	struct frame *f = top(th);

	forget_operands(x, th, i);
	if (i->dst != IR_NONE && x->uses[f->fn][i->dst] != USED_NEVER)
		th->temps.v[f->temps + i->dst] = word_cut(v, i->width);
	f->insn++;
}

/* ----------------------------------------------------------------- frames */

static void push(struct oracle *x, struct state *s, unsigned t, ir_fn fn, uint32_t nargs)
{
	const struct ir_func *f = &x->u->funcs.v[fn];
	struct segment *stack = &s->seg[SEG_STACK(t)];
	struct thread *th = &s->t[t];
	struct frame fr = { .fn = fn, .temps = th->temps.n, .objects = stack->objects.n,
			    .bytes = stack->bytes.n };

	for (uint32_t k = 0; k < f->temps.n + nargs; k++)
		array_push(&th->temps, 0);
	for (uint32_t k = 0; k < f->locals.n; k++)
		mem_add(s, SEG_STACK(t), f->locals.v[k].type.size / 8, FILL);
	array_push(&th->frames, fr);
	x->ran[fn] = true;
}

static bool can_run(struct oracle *x, const struct thread *th, ir_fn fn)
{
	const struct ir_func *f = &x->u->funcs.v[fn];
	const char *name = intern_get(&x->u->names, f->name);

	if (f->state != IR_BODY_READY)
		stop(x, INCOMPLETE, "'%s' has no body and no model", name);
	else if (th->frames.n >= DEPTH_MAX)
		stop(x, INCOMPLETE, "'%s' is called too deep", name);
	return !path_ended(x);
}

void machine_enter(struct oracle *x, struct state *s, unsigned t, ir_fn fn,
		   const struct ir_insn *i)
{
	struct thread *th = &s->t[t];
	const struct ir_func *caller = &x->u->funcs.v[top(th)->fn];
	uint32_t from = top(th)->temps, at;

	if (!can_run(x, th, fn))
		return;
	push(x, s, t, fn, i->nargs);
	at = th->temps.n - i->nargs;
	for (uint32_t k = 0; k < i->nargs; k++) {
		struct ir_val v = caller->args.v[i->args + k];

		th->temps.v[at + k] = v.kind == IR_V_TEMP ? th->temps.v[from + v.i] :
				      x->u->consts.v[v.i].value;
	}
	th->frames.n--;
	forget_operands(x, th, i);
	th->frames.n++;
}

void machine_start(struct oracle *x, struct state *s, unsigned t, ir_fn fn)
{
	struct thread *th = &s->t[t];
	uint32_t nargs = x->u->funcs.v[fn].nparams;

	if (!can_run(x, th, fn))
		return;
	th->state = THREAD_RUNS;
	push(x, s, t, fn, nargs);
	if (nargs)
		th->temps.v[th->temps.n - nargs] = t;
	machine_advance(x, s, t);
}

/* What a finished thread holds is never released. */
static void finish(struct oracle *x, struct state *s, unsigned t)
{
	const struct hold *h = lock_leaked(s, t);
	struct buffer name = BUFFER_INIT;
	const char *irq = irq_end(x, s, t);

	s->t[t].state = THREAD_DONE;
	race_prune(s);
	if (irq && !h)
		stop(x, LEAK, "%s ends with %s", t == SEQ ? "setup" : x->sc->threads[t], irq);
	while (x->plant == PLANT_NO_LEAK && h) {
		lock_drop(x, s, t, h->lock, h->mode);
		h = lock_leaked(s, t);
	}
	if (!h)
		return;
	mem_name(x, s, h->lock, &name);
	stop(x, LEAK, "%s ends with %s held", t == SEQ ? "setup" : x->sc->threads[t],
	     buffer_str(&name));
	buffer_release(&name);
}

static void pop(struct oracle *x, struct state *s, unsigned t, word v)
{
	struct thread *th = &s->t[t];
	struct frame fr = array_pop(&th->frames);
	struct segment *stack = &s->seg[SEG_STACK(t)];

	if (fr.objects < stack->objects.n)
		race_forget(s, mem_stack_address(t, fr.bytes), stack->bytes.n - fr.bytes);
	mem_truncate(stack, fr.objects, fr.bytes);
	th->temps.n = fr.temps;
	if (th->frames.n) {
		machine_result(x, th, insn_of(x, th), v);
		return;
	}
	th->latch = t == SEQ ? v : 0;
	finish(x, s, t);
}

/* ----------------------------------------------------------- instructions */

static void exec_term(struct oracle *x, struct state *s, unsigned t)
{
	struct thread *th = &s->t[t];
	const struct ir_term *tm = &block_of(x, th)->term;
	word v = machine_value(x, th, tm->cond);
	struct frame *f = top(th);

	if (tm->kind == IR_RET) {
		pop(x, s, t, v);
		return;
	}
	if (tm->kind == IR_UNREACH || tm->kind == IR_ASM_GOTO) {
		stop(x, tm->kind == IR_UNREACH ? FAULT : INCOMPLETE, "%s in %s",
		     tm->kind == IR_UNREACH ? "BUG() or the like" : "a computed jump",
		     intern_get(&x->u->names, x->u->funcs.v[f->fn].name));
		return;
	}
	f->block = tm->kind == IR_JMP ? tm->succ[0] : tm->kind == IR_BR ? tm->succ[!v] :
		   word_switch(tm, width_of(x, th, tm->cond), v);
	f->insn = 0;
	forget(x, th, tm->cond);
}

static word address_of(struct oracle *x, struct state *s, unsigned t, const struct ir_insn *i)
{
	const struct frame *f = top(&s->t[t]);
	uint64_t base;

	if (i->op == IR_ADDR_FUNC)
		base = x->code + i->imm;
	else if (i->op == IR_ADDR_GLOBAL)
		base = x->globals.v[i->imm];
	else
		base = mem_stack_address(t, s->seg[SEG_STACK(t)].objects.v[f->objects + i->imm].at);
	return base + (uint64_t)(i->off / 8);
}

static void unknown(struct oracle *x, struct thread *th, const struct ir_insn *i)
{
	const struct ir_reason *r = &x->u->reasons.v[i->imm];

	if ((i->op == IR_HAVOC && r->kind == IR_R_UNINIT) ||
	    (i->op == IR_ASM && !(i->flags & IR_F_CLOBBER)))
		machine_result(x, th, i, 0);
	else
		stop(x, INCOMPLETE, "unknown: %s", intern_get(&x->u->names, r->text));
}

/* What touches no memory. */
static void exec_value(struct oracle *x, struct state *s, unsigned t, const struct ir_insn *i)
{
	struct thread *th = &s->t[t];
	word a = machine_value(x, th, i->a), b = machine_value(x, th, i->b), v = 0;

	switch (i->op) {
	case IR_NOP: case IR_TRAP:
		break;
	case IR_PARAM:
		v = th->temps.v[top(th)->temps + x->u->funcs.v[top(th)->fn].temps.n + i->imm];
		break;
	case IR_ADDR_LOCAL: case IR_ADDR_GLOBAL: case IR_ADDR_FUNC:
		v = address_of(x, s, t, i);
		break;
	case IR_COPY: case IR_NOT: case IR_NEG:
	case IR_TRUNC: case IR_ZEXT: case IR_SEXT: case IR_TOBOOL:
		v = word_unary(i->op, width_of(x, th, i->a), a);
		break;
	case IR_PTROFF:
		v = a + (uint64_t)(i->off / 8);
		break;
	case IR_PTRADD:
		v = a + b * (uint64_t)(i->off / 8);
		break;
	case IR_UNKNOWN: case IR_HAVOC: case IR_ASM:
		unknown(x, th, i);
		return;
	default:
		if (!word_binary(i->op, width_of(x, th, i->a), a, b, &v))
			stop(x, FAULT, "undefined arithmetic");
	}
	machine_result(x, th, i, v);
}

static bool touches_memory(const struct ir_insn *i)
{
	return i->op == IR_LOAD || i->op == IR_STORE || i->op == IR_RMW || i->op == IR_MEMSET ||
	       i->op == IR_MEMCPY;
}

static void exec(struct oracle *x, struct state *s, unsigned t, unsigned choice)
{
	const struct ir_insn *i = insn_of(x, &s->t[t]);

	x->steps++;
	if (++s->steps > x->limits.steps)
		stop(x, INCOMPLETE, "a path of more than %llu instructions",
		     (unsigned long long)x->limits.steps);
	else if (!i)
		exec_term(x, s, t);
	else if (i->op == IR_CALL)
		call_exec(x, s, t, i, choice);
	else if (touches_memory(i))
		access_exec(x, s, t, i);
	else
		exec_value(x, s, t, i);
}

static bool is_step(struct oracle *x, struct state *s, unsigned t)
{
	const struct ir_insn *i = insn_of(x, &s->t[t]);

	if (i && i->op == IR_CALL)
		return call_is_step(x, s, t, i);
	return i && touches_memory(i) && access_is_step(x, s, t, i);
}

void machine_advance(struct oracle *x, struct state *s, unsigned t)
{
	struct event step = x->event;

	while (s->t[t].state == THREAD_RUNS && !path_ended(x) && !is_step(x, s, t))
		exec(x, s, t, 0);
	x->event = step;
}

unsigned machine_choices(struct oracle *x, struct state *s, unsigned t)
{
	const struct ir_insn *i;

	if (s->t[t].state != THREAD_RUNS || !irq_may_run(x, s, t))
		return 0;
	i = insn_of(x, &s->t[t]);
	return i && i->op == IR_CALL && !irq_waits(x, s, t) ? call_choices(x, s, t, i) : 1;
}

void machine_step(struct oracle *x, struct state *s, unsigned t, unsigned choice)
{
	if (irq_waits(x, s, t)) {
		irq_begin(x, s, t);
		x->event = (struct event){ .kind = EVENT_COMES, .thread = (uint8_t)t,
					   .loc = x->u->funcs.v[x->thread[t]].loc };
		return;
	}
	exec(x, s, t, choice);
	machine_advance(x, s, t);
}

uint64_t machine_run(struct oracle *x, struct state *s, ir_fn fn)
{
	machine_start(x, s, SEQ, fn);
	if (s->t[SEQ].state == THREAD_RUNS && !path_ended(x))
		stop(x, INCOMPLETE, "a check must not choose");
	return s->t[SEQ].state == THREAD_DONE ? (uint64_t)s->t[SEQ].latch : 0;
}

/* Where a reader of the scenario looks: not inside the wrappers of a header. */
static ir_loc place_of(const struct oracle *x, const struct thread *th, ir_loc loc)
{
	str_id file = intern_find(&x->u->names, x->sc->path);

	for (uint32_t k = th->frames.n; k-- > 0;) {
		const struct frame *f = &th->frames.v[k];
		const struct ir_block *b = &x->u->funcs.v[f->fn].blocks.v[f->block];

		if (f->insn < b->insns.n && x->u->locs.v[b->insns.v[f->insn].loc].file == file)
			return b->insns.v[f->insn].loc;
	}
	return loc;
}

void machine_event(struct oracle *x, const struct state *s, unsigned t, const struct ir_insn *i,
		   enum event_kind k, uint64_t addr, word value)
{
	x->event = (struct event){ .kind = (uint8_t)k, .thread = (uint8_t)t, .width = i->width,
				   .loc = place_of(x, &s->t[t], i->loc), .addr = addr,
				   .value = value, .rec = i->rec, .recoff = i->recoff };
}
