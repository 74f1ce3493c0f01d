/* SPDX-License-Identifier: MIT */
#include "ir/interp.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "ir/interp_eval.h"

/*
 * A pointer to a function is an address in a reserved range that nothing is
 * mapped at: it can be compared and called, and faults when it is read.
 */
#define HANDLE_SIZE 16
#define HANDLE_RANGE ((size_t)64 << 20)

#define OBJECT_MAX ((uint64_t)1 << 33)	/* bits */
#define DEPTH_MAX 400
#define FILL 0xa5	/* what an object without initialiser holds */

struct native {
	str_id name;
	interp_native f;
	void *arg;
};

struct interp {
	struct ir_unit *u;
	Array(void *) globals;
	Array(struct native) natives;
	char *handles;
	interp_trace trace;
	void *trace_arg;
	uint64_t steps;
	uint32_t depth;
};

struct frame {
	struct interp *in;
	struct ir_func *f;
	ir_fn fn;
	const uint64_t *args;
	uint32_t nargs;
	uint64_t *temps;
	uint64_t *high;		/* bits 64.. of the temporaries */
	void **locals;
	enum interp_status status;
};

struct interp *interp_new(struct ir_unit *u)
{
	struct interp *in = xcalloc(1, sizeof(*in));

	in->u = u;
	in->handles = mmap(NULL, HANDLE_RANGE, PROT_NONE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (in->handles == MAP_FAILED)
		abort();
	return in;
}

void interp_free(struct interp *in)
{
	for (uint32_t i = 0; i < in->globals.n; i++)
		free(in->globals.v[i]);
	array_release(&in->globals);
	array_release(&in->natives);
	munmap(in->handles, HANDLE_RANGE);
	free(in);
}

void interp_set_native(struct interp *in, const char *name, interp_native f, void *arg)
{
	struct native n = { intern_str(&in->u->names, name), f, arg };

	array_push(&in->natives, n);
}

void interp_set_trace(struct interp *in, interp_trace f, void *arg)
{
	in->trace = f;
	in->trace_arg = arg;
}

static uint64_t handle_of(const struct interp *in, ir_fn fn)
{
	return (uintptr_t)in->handles + (uintptr_t)fn * HANDLE_SIZE;
}

/* IR_NONE for what is no handle. */
static ir_fn handle_fn(const struct interp *in, uint64_t v)
{
	uint64_t i = (v - (uintptr_t)in->handles) / HANDLE_SIZE;

	return i < in->u->funcs.n && handle_of(in, (ir_fn)i) == v ? (ir_fn)i : IR_NONE;
}

/* ---------------------------------------------------------------- globals */

/* An array of unknown bound and a flexible array member are as long as what initialises them. */
static uint64_t global_bits(const struct ir_global *g)
{
	uint64_t bits = g->type.size;

	for (uint32_t i = 0; i < g->inits.n; i++)
		if (g->inits.v[i].off + g->inits.v[i].width > bits)
			bits = g->inits.v[i].off + g->inits.v[i].width;
	return bits < OBJECT_MAX ? bits : OBJECT_MAX;
}

static void global_init(struct interp *in, char *p, uint64_t bits, ir_glob g)
{
	const struct ir_global *gl = &in->u->globals.v[g];

	if (gl->bytes)
		memcpy(p, gl->bytes, bits / 8);
	for (uint32_t i = 0; i < in->u->globals.v[g].inits.n; i++) {
		struct ir_init init = in->u->globals.v[g].inits.v[i];
		uint64_t v = init.value;

		if (init.off + init.width > bits)
			continue;
		if (init.fn != IR_NONE)
			v += handle_of(in, init.fn);
		else if (init.glob != IR_NONE)
			v += (uintptr_t)interp_global(in, init.glob);
		bits_write(p, (int64_t)init.off, (unsigned)init.width, v);
	}
}

void *interp_global(struct interp *in, ir_glob g)
{
	uint64_t bits = global_bits(&array_at(&in->u->globals, g));

	while (in->globals.n <= g)
		array_push(&in->globals, NULL);
	if (!in->globals.v[g]) {
		in->globals.v[g] = xcalloc(1, (bits + 7) / 8);
		global_init(in, in->globals.v[g], bits, g);
	}
	return in->globals.v[g];
}

/* ----------------------------------------------------------- instructions */

static void stop(struct frame *fr, enum interp_status why)
{
	if (fr->status == INTERP_OK)
		fr->status = why;
}

static unsigned width_of(const struct frame *fr, struct ir_val v)
{
	if (v.kind == IR_V_TEMP)
		return fr->f->temps.v[v.i].type.width;
	return v.kind == IR_V_CONST ? fr->in->u->consts.v[v.i].width : 0;
}

static word value(const struct frame *fr, struct ir_val v)
{
	if (v.kind == IR_V_TEMP)
		return (word)fr->high[v.i] << 64 | fr->temps[v.i];
	return v.kind == IR_V_CONST ? fr->in->u->consts.v[v.i].value : 0;
}

static char *address(const struct frame *fr, struct ir_val v)
{
	return (char *)(uintptr_t)value(fr, v);
}

static void set(struct frame *fr, uint32_t dst, unsigned width, word v)
{
	if (dst == IR_NONE)
		return;
	v = word_cut(v, width);
	fr->temps[dst] = (uint64_t)v;
	fr->high[dst] = (uint64_t)(v >> 64);
}

static void do_address(struct frame *fr, const struct ir_insn *i)
{
	struct interp *in = fr->in;
	uint64_t base;

	if (i->op == IR_ADDR_FUNC) {
		base = handle_of(in, i->imm);
	} else if (i->op == IR_ADDR_LOCAL) {
		base = (uintptr_t)fr->locals[i->imm];
	} else {
		base = (uintptr_t)interp_global(in, i->imm);
		if (in->u->globals.v[i->imm].init_unknown)
			stop(fr, INTERP_UNKNOWN);
	}
	set(fr, i->dst, i->width, base + (uint64_t)(i->off / 8));
}

static void do_binary(struct frame *fr, const struct ir_insn *i)
{
	word v;

	if (word_binary(i->op, width_of(fr, i->a), value(fr, i->a), value(fr, i->b), &v))
		set(fr, i->dst, i->width, v);
	else
		stop(fr, INTERP_UNDEFINED);
}

static void do_rmw(struct frame *fr, const struct ir_insn *i)
{
	char *p = address(fr, i->a);
	word old = bits_read(p, i->off, i->width);

	bits_write(p, i->off, i->width,
		   word_rmw((enum ir_rmw)i->imm, old, value(fr, i->b), value(fr, i->c)));
	set(fr, i->dst, i->width, old);
}

static bool call_native(struct frame *fr, const struct ir_insn *i, ir_fn fn, const uint64_t *args)
{
	const struct interp *in = fr->in;

	for (uint32_t k = 0; k < in->natives.n; k++) {
		const struct native *n = &in->natives.v[k];

		if (n->name == in->u->funcs.v[fn].name) {
			set(fr, i->dst, i->width, n->f(n->arg, args, i->nargs));
			return true;
		}
	}
	return false;
}

static enum interp_status run(struct interp *in, ir_fn fn, const uint64_t *args, uint32_t nargs,
			      uint64_t *ret);

static void do_call(struct frame *fr, const struct ir_insn *i)
{
	ir_fn fn = i->imm != IR_NONE ? i->imm : handle_fn(fr->in, (uint64_t)value(fr, i->a));
	uint64_t *args = xcalloc(i->nargs, sizeof(*args)), ret = 0;

	for (uint32_t k = 0; k < i->nargs; k++) {
		args[k] = (uint64_t)value(fr, fr->f->args.v[i->args + k]);
		if (width_of(fr, fr->f->args.v[i->args + k]) > 64)
			stop(fr, INTERP_UNKNOWN);
	}
	if (fr->status != INTERP_OK) {
		;
	} else if (fn == IR_NONE) {
		stop(fr, INTERP_NO_BODY);
	} else if (!call_native(fr, i, fn, args)) {
		stop(fr, run(fr->in, fn, args, i->nargs, &ret));
		/* Lowering the callee may have moved the functions. */
		fr->f = &fr->in->u->funcs.v[fr->fn];
		set(fr, i->dst, i->width, ret);
	}
	free(args);
}

static void do_unknown(struct frame *fr, const struct ir_insn *i)
{
	if (i->op == IR_HAVOC && fr->in->u->reasons.v[i->imm].kind == IR_R_UNINIT)
		return;
	stop(fr, INTERP_UNKNOWN);
}

static void do_param(struct frame *fr, const struct ir_insn *i)
{
	if (i->imm < fr->nargs)
		set(fr, i->dst, i->width, fr->args[i->imm]);
	else
		stop(fr, INTERP_UNDEFINED);
}

static void exec(struct frame *fr, const struct ir_insn *i)
{
	word a = value(fr, i->a), b = value(fr, i->b);

	switch (i->op) {
	case IR_NOP: case IR_TRAP:
		break;
	case IR_PARAM:
		do_param(fr, i);
		break;
	case IR_ADDR_LOCAL: case IR_ADDR_GLOBAL: case IR_ADDR_FUNC:
		do_address(fr, i);
		break;
	case IR_COPY: case IR_NOT: case IR_NEG:
	case IR_TRUNC: case IR_ZEXT: case IR_SEXT: case IR_TOBOOL:
		set(fr, i->dst, i->width, word_unary(i->op, width_of(fr, i->a), a));
		break;
	case IR_PTROFF:
		set(fr, i->dst, i->width, a + (uint64_t)(i->off / 8));
		break;
	case IR_PTRADD:
		set(fr, i->dst, i->width, a + b * (uint64_t)(i->off / 8));
		break;
	case IR_LOAD:
		set(fr, i->dst, i->width, bits_read(address(fr, i->a), i->off, i->width));
		break;
	case IR_STORE:
		bits_write(address(fr, i->a), i->off, i->width, b);
		break;
	case IR_MEMSET:
		memset(address(fr, i->a) + i->off / 8, (int)b, (size_t)value(fr, i->c));
		break;
	case IR_MEMCPY:
		memmove(address(fr, i->a) + i->off / 8, address(fr, i->b), (size_t)value(fr, i->c));
		break;
	case IR_RMW:
		do_rmw(fr, i);
		break;
	case IR_CALL:
		do_call(fr, i);
		break;
	case IR_UNKNOWN: case IR_HAVOC: case IR_ASM:
		do_unknown(fr, i);
		break;
	default:
		do_binary(fr, i);
	}
}

/* ---------------------------------------------------------------- control */

/* The next block, or IR_NONE where the function ends. */
static uint32_t follow(struct frame *fr, const struct ir_term *t, uint64_t *ret)
{
	switch (t->kind) {
	case IR_JMP:
		return t->succ[0];
	case IR_BR:
		return t->succ[!value(fr, t->cond)];
	case IR_SWITCH:
		return word_switch(t, width_of(fr, t->cond), value(fr, t->cond));
	case IR_RET:
		*ret = (uint64_t)value(fr, t->cond);
		return IR_NONE;
	default:
		stop(fr, t->kind == IR_UNREACH ? INTERP_UNREACH : INTERP_UNKNOWN);
		return IR_NONE;
	}
}

static void step(struct frame *fr, uint32_t block, uint32_t insn)
{
	struct interp *in = fr->in;

	if (in->trace)
		in->trace(in->trace_arg, fr->fn, in->depth, block, insn, fr->temps, fr->locals);
	if (!in->steps)
		stop(fr, INTERP_STEPS);
	else
		in->steps--;
}

static void run_blocks(struct frame *fr, uint64_t *ret)
{
	uint32_t b = 0;

	while (b != IR_NONE && fr->status == INTERP_OK) {
		for (uint32_t i = 0; i < fr->f->blocks.v[b].insns.n; i++) {
			step(fr, b, i);
			if (fr->status == INTERP_OK)
				exec(fr, &fr->f->blocks.v[b].insns.v[i]);
			if (fr->status != INTERP_OK)
				return;
		}
		step(fr, b, UINT32_MAX);
		b = follow(fr, &fr->f->blocks.v[b].term, ret);
	}
}

/* All locals of a frame in one allocation, each aligned for any type. */
static char *alloc_locals(struct frame *fr)
{
	uint64_t total = 0, at = 0;
	char *mem;

	for (uint32_t i = 0; i < fr->f->locals.n; i++)
		total += (fr->f->locals.v[i].type.size / 8 + 32) & ~(uint64_t)15;
	if (total > OBJECT_MAX / 8) {
		stop(fr, INTERP_UNKNOWN);
		total = 0;
	}
	mem = xmalloc(total);
	memset(mem, FILL, total);
	for (uint32_t i = 0; i < fr->f->locals.n; i++) {
		fr->locals[i] = mem + at;
		at += (fr->f->locals.v[i].type.size / 8 + 32) & ~(uint64_t)15;
	}
	return mem;
}

static enum interp_status run(struct interp *in, ir_fn fn, const uint64_t *args, uint32_t nargs,
			      uint64_t *ret)
{
	struct frame fr = { .in = in, .fn = fn, .args = args, .nargs = nargs };
	char *mem;

	fr.f = ir_func_body(in->u, fn);
	if (!fr.f)
		return INTERP_NO_BODY;
	if (in->depth >= DEPTH_MAX)
		return INTERP_STEPS;
	in->depth++;
	fr.temps = xcalloc(fr.f->temps.n, sizeof(*fr.temps));
	fr.high = xcalloc(fr.f->temps.n, sizeof(*fr.high));
	fr.locals = xcalloc(fr.f->locals.n, sizeof(*fr.locals));
	mem = alloc_locals(&fr);
	run_blocks(&fr, ret);
	free(mem);
	free(fr.locals);
	free(fr.high);
	free(fr.temps);
	in->depth--;
	return fr.status;
}

enum interp_status interp_call(struct interp *in, ir_fn fn, const uint64_t *args, uint32_t nargs,
			       uint64_t steps, uint64_t *ret)
{
	in->steps = steps;
	*ret = 0;
	return run(in, fn, args, nargs, ret);
}
