/* SPDX-License-Identifier: MIT */
#include "ir/verify.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "ir/print.h"

/*
 * Two passes: first everything that can be said of one instruction or
 * terminator alone (so that the second may follow indices), then the
 * dominator tree and the uses.
 */
struct verify {
	const struct ir_unit *u;
	const struct ir_func *f;
	struct buffer *out;
	uint32_t block, insn;	/* where it stands; insn is IR_NONE at the terminator */
	bool ok;
	uint64_t *def;		/* temporary: block << 32 | insn + 1, 0 without one */
	uint32_t *order;	/* block: number in reverse postorder, IR_NONE if unreachable */
	uint32_t *rpo;		/* the inverse */
	uint32_t nrpo;
	uint32_t *idom;		/* by number in reverse postorder */
	uint32_t *depth;	/* in the dominator tree */
};

#define NAME(v, id) intern_get(&(v)->u->names, (id))

__attribute__((format(printf, 2, 3)))
static void fault(struct verify *v, const char *fmt, ...)
{
	va_list ap;

	v->ok = false;
	buffer_printf(v->out, "%s: b%u", NAME(v, v->f->name), v->block);
	if (v->insn != IR_NONE)
		buffer_printf(v->out, " insn %u (%s)", v->insn,
			      ir_op_name(v->f->blocks.v[v->block].insns.v[v->insn].op));
	else
		buffer_puts(v->out, " end");
	buffer_puts(v->out, ": ");
	va_start(ap, fmt);
	buffer_vprintf(v->out, fmt, ap);
	va_end(ap);
	buffer_putc(v->out, '\n');
}

/* The width of an operand; 0 where it is no value at all. */
static unsigned val_width(const struct verify *v, struct ir_val x)
{
	if (x.kind == IR_V_TEMP && x.i < v->f->temps.n)
		return v->f->temps.v[x.i].type.width;
	if (x.kind == IR_V_CONST && x.i < v->u->consts.n)
		return v->u->consts.v[x.i].width;
	return 0;
}

/* An operand of that width, 0: of any; that it is a value at all is check_insn()'s. */
static void want(struct verify *v, const char *what, struct ir_val x, unsigned width)
{
	unsigned have = val_width(v, x);

	if (x.kind == IR_V_NONE)
		fault(v, "no operand %s", what);
	else if (width && have != width)
		fault(v, "operand %s has %u bits instead of %u", what, have, width);
}

static void want_none(struct verify *v, const char *what, struct ir_val x)
{
	if (x.kind != IR_V_NONE)
		fault(v, "operand %s is not used here", what);
}

static void want_index(struct verify *v, const char *what, uint64_t i, uint64_t n)
{
	if (i >= n)
		fault(v, "%s %llu of %llu", what, (unsigned long long)i, (unsigned long long)n);
}

enum { DST_NO, DST_MAY, DST_MUST };

static void want_dst(struct verify *v, const struct ir_insn *i, int rule)
{
	const struct ir_type *t;

	if (i->dst == IR_NONE) {
		if (rule == DST_MUST)
			fault(v, "no destination");
		return;
	}
	if (rule == DST_NO) {
		fault(v, "has a destination");
		return;
	}
	if (i->dst >= v->f->temps.n) {
		fault(v, "destination %u of %u", i->dst, v->f->temps.n);
		return;
	}
	t = &v->f->temps.v[i->dst].type;
	if (t->kind == IR_T_VOID || t->kind == IR_T_AGG)
		fault(v, "temporary %u is no scalar", i->dst);
	if (!i->width || i->width > 64)
		fault(v, "a value of %u bits", i->width);
	if (t->width != i->width)
		fault(v, "%u bits into a temporary of %u", i->width, t->width);
	if (v->def[i->dst])
		fault(v, "second definition of %%%u", i->dst);
	v->def[i->dst] = (uint64_t)v->block << 32 | (v->insn + 1);
}

static void want_bytes(struct verify *v, const struct ir_insn *i)
{
	if (i->off % 8)
		fault(v, "a pointer to a bit: offset %lld", (long long)i->off);
}

static void check_addr(struct verify *v, const struct ir_insn *i)
{
	const uint32_t n[] = { v->f->locals.n, v->u->globals.n, v->u->funcs.n };

	want_index(v, "object", i->imm, n[i->op - IR_ADDR_LOCAL]);
	want_bytes(v, i);
	if (i->width != v->u->ptr_width)
		fault(v, "an address of %u bits", i->width);
}

static void check_param(struct verify *v, const struct ir_insn *i)
{
	want_index(v, "parameter", i->imm, v->f->nparams);
	if (v->block)
		fault(v, "not in the entry block");
}

static void check_unary(struct verify *v, const struct ir_insn *i)
{
	unsigned a = val_width(v, i->a), w = i->width;

	want(v, "a", i->a, 0);
	want_none(v, "b", i->b);
	if (i->op == IR_TRUNC ? w >= a : i->op == IR_ZEXT || i->op == IR_SEXT ? w <= a : false)
		fault(v, "from %u to %u bits", a, w);
	if (i->op == IR_TOBOOL ? w != 1 : i->op == IR_COPY || i->op == IR_NOT || i->op == IR_NEG ?
					  w != a : false)
		fault(v, "from %u to %u bits", a, w);
}

static void check_binary(struct verify *v, const struct ir_insn *i)
{
	bool cmp = i->op >= IR_EQ && i->op <= IR_SLE;

	want(v, "a", i->a, cmp ? 0 : i->width);
	want(v, "b", i->b, cmp ? val_width(v, i->a) : i->width);
	want_none(v, "c", i->c);
	if (cmp && i->width != 1)
		fault(v, "a comparison of %u bits", i->width);
}

static void check_memory(struct verify *v, const struct ir_insn *i)
{
	want(v, "a", i->a, v->u->ptr_width);
	if (!i->width && i->op != IR_HAVOC)
		fault(v, "an access of 0 bits");
	if (i->op == IR_STORE || i->op == IR_RMW)
		want(v, "b", i->b, i->width);
	else
		want_none(v, "b", i->b);
	if (i->op == IR_RMW && i->imm == IR_RMW_CMPXCHG)
		want(v, "c", i->c, i->width);
	else
		want_none(v, "c", i->c);
	if (i->op == IR_RMW)
		want_index(v, "operation", i->imm, IR_RMW_XOR + 1);
	if (i->op == IR_HAVOC)
		want_index(v, "reason", i->imm, v->u->reasons.n);
}

static void check_block_move(struct verify *v, const struct ir_insn *i)
{
	want(v, "a", i->a, v->u->ptr_width);
	want(v, "b", i->b, i->op == IR_MEMSET ? 8 : v->u->ptr_width);
	want(v, "c", i->c, v->u->ptr_width);
	want_bytes(v, i);
}

static void check_ptr(struct verify *v, const struct ir_insn *i)
{
	want(v, "a", i->a, v->u->ptr_width);
	if (i->width != v->u->ptr_width)
		fault(v, "a pointer of %u bits", i->width);
	want_bytes(v, i);
	if (i->op == IR_PTRADD)
		want(v, "b", i->b, 64);
	else
		want_none(v, "b", i->b);
}

static bool check_args(struct verify *v, const struct ir_insn *i)
{
	if (i->args > v->f->args.n || i->nargs > v->f->args.n - i->args) {
		fault(v, "arguments %u+%u of %u", i->args, i->nargs, v->f->args.n);
		return false;
	}
	for (uint32_t k = 0; k < i->nargs; k++)
		if (!val_width(v, v->f->args.v[i->args + k]))
			fault(v, "argument %u is no value", k);
	return true;
}

/* Where the callee's parameters are known, the arguments have their widths. */
static void check_params(struct verify *v, const struct ir_insn *i)
{
	const struct ir_func *callee = i->imm < v->u->funcs.n ? &v->u->funcs.v[i->imm] : NULL;

	if (!callee || callee->state != IR_BODY_READY || !callee->blocks.n)
		return;
	for (uint32_t k = 0; k < callee->blocks.v[0].insns.n; k++) {
		const struct ir_insn *p = &callee->blocks.v[0].insns.v[k];
		unsigned have;

		if (p->op != IR_PARAM || p->imm >= i->nargs)
			continue;
		have = val_width(v, v->f->args.v[i->args + p->imm]);
		if (have != p->width)
			fault(v, "argument %u has %u bits, the parameter %u", p->imm, have,
			      p->width);
	}
}

static void check_call(struct verify *v, const struct ir_insn *i)
{
	if (i->imm == IR_NONE) {
		want(v, "a", i->a, v->u->ptr_width);
	} else {
		want_index(v, "function", i->imm, v->u->funcs.n);
		want_none(v, "a", i->a);
	}
	if (check_args(v, i))
		check_params(v, i);
}

static void check_insn(struct verify *v, const struct ir_insn *i)
{
	const struct ir_val vals[] = { i->a, i->b, i->c };
	int dst = DST_MUST;

	for (unsigned k = 0; k < 3; k++)
		if (vals[k].kind != IR_V_NONE && !val_width(v, vals[k]))
			fault(v, "operand %c is no value", 'a' + k);
	want_index(v, "location", i->loc, v->u->locs.n);
	want_index(v, "mark", i->mark, IR_ATOMIC + 1);
	if (i->rec != IR_NONE)
		want_index(v, "record", i->rec, v->u->records.n);
	switch (i->op) {
	case IR_NOP: case IR_TRAP:
		dst = DST_NO;
		break;
	case IR_PARAM:
		check_param(v, i);
		break;
	case IR_ADDR_LOCAL: case IR_ADDR_GLOBAL: case IR_ADDR_FUNC:
		check_addr(v, i);
		break;
	case IR_COPY: case IR_NOT: case IR_NEG:
	case IR_TRUNC: case IR_ZEXT: case IR_SEXT: case IR_TOBOOL:
		check_unary(v, i);
		break;
	case IR_PTROFF: case IR_PTRADD:
		check_ptr(v, i);
		break;
	case IR_LOAD: case IR_STORE: case IR_RMW: case IR_HAVOC:
		check_memory(v, i);
		dst = i->op == IR_LOAD ? DST_MUST : i->op == IR_RMW ? DST_MAY : DST_NO;
		break;
	case IR_MEMSET: case IR_MEMCPY:
		check_block_move(v, i);
		dst = DST_NO;
		break;
	case IR_CALL:
		check_call(v, i);
		dst = DST_MAY;
		break;
	case IR_UNKNOWN: case IR_ASM:
		want_index(v, "reason", i->imm, v->u->reasons.n);
		dst = i->op == IR_ASM ? DST_NO : DST_MUST;
		if (i->op == IR_ASM)
			check_args(v, i);
		break;
	default:
		if (i->op > IR_ASM)
			fault(v, "operation %u does not exist", i->op);
		else
			check_binary(v, i);
	}
	want_dst(v, i, dst);
}

static void check_cases(struct verify *v, const struct ir_term *t)
{
	unsigned w = val_width(v, t->cond), spare = w && w < 64 ? 64 - w : 0;

	for (uint32_t k = 0; k < t->ncases; k++) {
		uint64_t lo = t->cases[k].lo << spare, hi = t->cases[k].hi << spare;

		want_index(v, "case to block", t->cases[k].block, v->f->blocks.n);
		if (t->is_signed ? (int64_t)lo > (int64_t)hi : lo > hi)
			fault(v, "case %u is an empty range", k);
	}
}

static void check_term(struct verify *v, const struct ir_term *t)
{
	static const uint8_t nsucc[] = { [IR_JMP] = 1, [IR_BR] = 2, [IR_SWITCH] = 1,
					 [IR_RET] = 0, [IR_UNREACH] = 0 };

	want_index(v, "location", t->loc, v->u->locs.n);
	if (t->cond.kind != IR_V_NONE && !val_width(v, t->cond))
		fault(v, "operand cond is no value");
	if (t->kind > IR_ASM_GOTO) {
		fault(v, "terminator %u does not exist", t->kind);
		return;
	}
	if (t->kind == IR_ASM_GOTO ? !t->nsucc : t->nsucc != nsucc[t->kind])
		fault(v, "%u successors", t->nsucc);
	for (uint32_t k = 0; k < t->nsucc; k++)
		want_index(v, "successor", t->succ[k], v->f->blocks.n);
	if (t->kind == IR_BR || t->kind == IR_SWITCH)
		want(v, "cond", t->cond, t->kind == IR_BR ? 1 : 0);
	else if (t->kind == IR_RET && t->cond.kind != IR_V_NONE && v->f->ret.width)
		/* No value is wider than 64 bits: an unknown one stands for it. */
		want(v, "value", t->cond, v->f->ret.width > 64 ? 64 : v->f->ret.width);
	else if (t->kind != IR_ASM_GOTO)
		want_none(v, "cond", t->cond);
	if (t->kind == IR_SWITCH)
		check_cases(v, t);
	else if (t->ncases)
		fault(v, "cases");
}

static void check_alone(struct verify *v)
{
	const struct ir_func *f = v->f;

	v->insn = IR_NONE;
	if (!f->blocks.n)
		fault(v, "no entry block");
	if (f->nparams > f->locals.n)
		fault(v, "%u parameters, %u locals", f->nparams, f->locals.n);
	for (v->block = 0; v->block < f->blocks.n; v->block++) {
		const struct ir_block *b = &f->blocks.v[v->block];

		for (v->insn = 0; v->insn < b->insns.n; v->insn++)
			check_insn(v, &b->insns.v[v->insn]);
		v->insn = IR_NONE;
		check_term(v, &b->term);
	}
}

static uint32_t nsuccs(const struct ir_term *t)
{
	return t->nsucc + t->ncases;
}

static uint32_t succ_at(const struct ir_term *t, uint32_t k)
{
	return k < t->nsucc ? t->succ[k] : t->cases[k - t->nsucc].block;
}

/* Numbers the blocks that the entry reaches in reverse postorder. */
static void number_blocks(struct verify *v)
{
	uint32_t n = v->f->blocks.n, top = 0, left = n;
	uint32_t *stack = xcalloc(n, sizeof(*stack)), *next = xcalloc(n, sizeof(*next));

	for (uint32_t b = 0; b < n; b++)
		v->order[b] = IR_NONE;
	stack[top++] = 0;
	v->order[0] = 0;
	while (top) {
		uint32_t b = stack[top - 1];
		const struct ir_term *t = &v->f->blocks.v[b].term;

		if (next[b] < nsuccs(t)) {
			uint32_t s = succ_at(t, next[b]++);

			if (v->order[s] == IR_NONE) {
				v->order[s] = 0;
				stack[top++] = s;
			}
			continue;
		}
		v->rpo[--left] = b;
		top--;
	}
	v->nrpo = n - left;
	memmove(v->rpo, v->rpo + left, v->nrpo * sizeof(*v->rpo));
	for (uint32_t i = 0; i < v->nrpo; i++)
		v->order[v->rpo[i]] = i;
	free(stack);
	free(next);
}

/*
 * Immediate dominators after Cooper, Harvey and Kennedy, "A simple, fast
 * dominance algorithm" (2001), pushed along successor edges.
 */
static bool dominators_round(struct verify *v)
{
	bool changed = false;

	for (uint32_t i = 0; i < v->nrpo; i++) {
		const struct ir_term *t = &v->f->blocks.v[v->rpo[i]].term;

		for (uint32_t k = 0; k < nsuccs(t); k++) {
			uint32_t s = v->order[succ_at(t, k)], a = i, b = v->idom[s];

			if (!s)
				continue;
			while (b != IR_NONE && a != b)
				if (a > b)
					a = v->idom[a];
				else
					b = v->idom[b];
			changed |= v->idom[s] != a;
			v->idom[s] = a;
		}
	}
	return changed;
}

static void find_dominators(struct verify *v)
{
	for (uint32_t i = 0; i < v->nrpo; i++)
		v->idom[i] = i ? IR_NONE : 0;
	while (dominators_round(v))
		;
	for (uint32_t i = 1; i < v->nrpo; i++)
		v->depth[i] = v->depth[v->idom[i]] + 1;
}

static bool dominates(const struct verify *v, uint32_t a, uint32_t b)
{
	while (v->depth[b] > v->depth[a])
		b = v->idom[b];
	return a == b;
}

static void check_use(struct verify *v, struct ir_val x)
{
	uint64_t def;
	uint32_t block, insn, here = v->order[v->block];

	if (x.kind != IR_V_TEMP)
		return;
	def = v->def[x.i];
	block = (uint32_t)(def >> 32);
	insn = (uint32_t)def - 1;
	if (!def)
		fault(v, "%%%u has no definition", x.i);
	else if (here == IR_NONE)
		return;
	else if (block == v->block ? insn >= v->insn :
		 v->order[block] == IR_NONE || !dominates(v, v->order[block], here))
		fault(v, "%%%u is not defined on every way here", x.i);
}

static void check_uses(struct verify *v)
{
	for (v->block = 0; v->block < v->f->blocks.n; v->block++) {
		const struct ir_block *b = &v->f->blocks.v[v->block];

		for (v->insn = 0; v->insn < b->insns.n; v->insn++) {
			const struct ir_insn *i = &b->insns.v[v->insn];

			check_use(v, i->a);
			check_use(v, i->b);
			check_use(v, i->c);
			for (uint32_t k = 0; ir_has_args(i) && k < i->nargs; k++)
				check_use(v, v->f->args.v[i->args + k]);
		}
		v->insn = IR_NONE;
		check_use(v, b->term.cond);
	}
}

bool ir_verify(const struct ir_unit *u, ir_fn fn, struct buffer *out)
{
	const struct ir_func *f = &array_at(&u->funcs, fn);
	struct verify v = { .u = u, .f = f, .out = out, .ok = true };
	uint32_t n = f->blocks.n;

	if (f->state != IR_BODY_READY)
		return true;
	v.def = xcalloc(f->temps.n, sizeof(*v.def));
	check_alone(&v);
	if (v.ok) {
		v.order = xcalloc(n, sizeof(*v.order));
		v.rpo = xcalloc(n, sizeof(*v.rpo));
		v.idom = xcalloc(n, sizeof(*v.idom));
		v.depth = xcalloc(n, sizeof(*v.depth));
		number_blocks(&v);
		find_dominators(&v);
		check_uses(&v);
	}
	free(v.def);
	free(v.order);
	free(v.rpo);
	free(v.idom);
	free(v.depth);
	return v.ok;
}

#ifdef PROTFLOW_DEBUG
void ir_check(const struct ir_unit *u, ir_fn fn, const char *pass)
{
	struct buffer faults = BUFFER_INIT;

	if (!ir_verify(u, fn, &faults)) {
		fprintf(stderr, "protflow: the body of '%s' is not sound after %s:\n%s",
			intern_get(&u->names, u->funcs.v[fn].name), pass, buffer_str(&faults));
		abort();
	}
	buffer_release(&faults);
}
#endif
