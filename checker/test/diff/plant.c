/* SPDX-License-Identifier: MIT */
/*
 * plant.c - is the comparison sharp enough to see a wrong lowering?
 *
 * Each kind is a mistake that a front end could make. It is planted into one
 * instruction that the inputs execute; the runs must then differ. A mistake in
 * a place where it makes no difference (a zero extension of a number that is
 * never negative) is not seen, so what counts is that of each kind enough are.
 */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "compare.h"
#include "gen.h"

#define TRIES 2			/* plants of one kind in one function */

static bool swap_op(struct ir_insn *i, enum ir_op from, enum ir_op to)
{
	if (i->op != from)
		return false;
	i->op = (uint8_t)to;
	return true;
}

static bool plant(struct ir_insn *i, enum plant kind)
{
	switch (kind) {
	case PLANT_SEXT:
		return swap_op(i, IR_ZEXT, IR_SEXT);
	case PLANT_ZEXT:
		return swap_op(i, IR_SEXT, IR_ZEXT);
	case PLANT_BOOL:
		return swap_op(i, IR_TOBOOL, IR_TRUNC);
	case PLANT_UNSIGNED:
		return swap_op(i, IR_SLT, IR_ULT) || swap_op(i, IR_SLE, IR_ULE);
	case PLANT_SIGNED:
		return swap_op(i, IR_ULT, IR_SLT) || swap_op(i, IR_ULE, IR_SLE);
	case PLANT_BOUND:
		return swap_op(i, IR_SLT, IR_SLE) || swap_op(i, IR_ULE, IR_ULT);
	case PLANT_SHIFT:
		return swap_op(i, IR_LSHR, IR_ASHR) || swap_op(i, IR_ASHR, IR_LSHR);
	case PLANT_DIVISION:
		return swap_op(i, IR_SDIV, IR_UDIV) || swap_op(i, IR_UREM, IR_SREM);
	case PLANT_OPERATOR:
		return swap_op(i, IR_AND, IR_OR) || swap_op(i, IR_ADD, IR_SUB);
	case PLANT_BIT:
		if (!(i->flags & IR_F_BITFIELD))
			return false;
		i->off ^= 1;
		return true;
	case PLANT_OFFSET:
		if ((i->op != IR_LOAD && i->op != IR_STORE) || !i->off || i->off % 8)
			return false;
		i->off -= 8;
		return true;
	case PLANT_STORE:
		return swap_op(i, IR_STORE, IR_NOP);
	case PLANT_CLEANUP:
		return (i->flags & IR_F_CLEANUP) && swap_op(i, IR_CALL, IR_NOP);
	default:
		return false;
	}
}

struct seen {
	ir_fn fn;
	uint32_t block, insn;
	bool hit;
};

static void watch(void *arg, ir_fn fn, uint32_t depth, uint32_t block, uint32_t insn,
		  const uint64_t *temps, void *const *locals)
{
	struct seen *s = arg;

	(void)depth;
	(void)temps;
	(void)locals;
	s->hit |= fn == s->fn && block == s->block && insn == s->insn;
}

/* Whether the first inputs come by. */
static bool executed(struct run *r, ir_fn fn, uint32_t block, uint32_t insn)
{
	struct seen s = { fn, block, insn, false };

	r->watch = watch;
	r->watch_arg = &s;
	run_differs(r);
	r->watch = NULL;
	return s.hit;
}

/* In a process of its own: a mistake may well write anywhere. */
static bool noticed(struct run *r)
{
	int status = 0;
	pid_t pid = fork();

	if (!pid) {
		/* A sanitizer would have much to say. */
		fclose(stderr);
		_exit(run_differs(r));
	}
	waitpid(pid, &status, 0);
	return status;
}

static void plant_at(struct run *r, ir_fn fn, uint32_t block, uint32_t insn, enum plant kind)
{
	struct ir_insn *i = &r->u->funcs.v[fn].blocks.v[block].insns.v[insn], old = *i;

	if (!executed(r, fn, block, insn))
		return;
	plant(i, kind);
	r->p->planted[kind]++;
	if (noticed(r))
		r->p->caught[kind]++;
	*i = old;
}

static bool fits(struct ir_insn i, enum plant kind)
{
	return plant(&i, kind);
}

void plant_bugs(struct run *r)
{
	ir_fn fn = ir_func_find(r->u, r->name);
	uint64_t rng = r->s->seed;

	for (int kind = 0; kind < PLANTS; kind++) {
		unsigned left = TRIES;

		for (unsigned tries = 0; left && tries < 400; tries++) {
			const struct ir_func *f = &r->u->funcs.v[fn];
			uint32_t b = (uint32_t)(rng_next(&rng) % f->blocks.n);
			uint32_t n = f->blocks.v[b].insns.n;
			uint32_t i = (uint32_t)(rng_next(&rng) % (n ? n : 1));

			if (!n || !fits(f->blocks.v[b].insns.v[i], (enum plant)kind))
				continue;
			plant_at(r, fn, b, i, (enum plant)kind);
			left--;
		}
	}
}
