/* SPDX-License-Identifier: MIT */
/*
 * What arm64 does to memory in one step, as IR: an instruction of the atomics
 * extension, or a loop around an exclusive pair, which the kernel has in one of
 * these forms:
 *
 *	1:	ldxr r, [m]		1:	ldxr r, [m]	1:	ldxr r, [m]
 *		op   d, r, x			stxr s, x, [m]		eor  t, r, old
 *		stxr s, d, [m]			cbnz s, 1b		cbnz t, 2f
 *		cbnz s, 1b						stxr s, new, [m]
 *									cbnz s, 1b
 *								2:
 *
 * The loop ends when nobody wrote in between, so that it is one read-modify-write.
 */
#include <string.h>

#include "frontend/asm.h"

#define STEPS 5

struct atomic {
	struct lower *lw;
	struct asm_stmt *s;
	const struct asm_insn *step[STEPS];	/* without barriers and hints */
	unsigned n;
	struct asm_operand *mem;
	unsigned width;
};

static bool take_steps(struct atomic *a)
{
	for (unsigned i = 0; i < a->s->ninsns; i++) {
		const struct asm_insn *in = &a->s->insns[i];

		if (!in->model || (in->model->effect != MODEL_ASM_NONE && a->n == STEPS))
			return false;
		if (in->model->effect != MODEL_ASM_NONE)
			a->step[a->n++] = in;
	}
	return a->n;
}

static uint8_t effect_at(const struct atomic *a, unsigned i)
{
	return a->step[i]->model->effect;
}

/* The operands of a step are n operands of the statement. */
static bool operands_of(struct atomic *a, unsigned i, unsigned n, struct asm_operand **o)
{
	const char *text[4];

	if (asm_operands(a->lw, a->step[i]->text, text, 4) != n)
		return false;
	for (unsigned k = 0; k < n; k++) {
		int at = asm_operand_index(a->s, text[k]);

		if (at < 0)
			return false;
		o[k] = &a->s->ops[at];
	}
	return true;
}

/* cbnz on that register, to a label before it ('b') or behind it ('f'). */
static bool branches(struct atomic *a, unsigned i, const struct asm_operand *on, char direction)
{
	const char *text[3];
	int at;

	if (effect_at(a, i) != MODEL_ASM_BRANCH ||
	    asm_operands(a->lw, a->step[i]->text, text, 3) != 2)
		return false;
	at = asm_operand_index(a->s, text[0]);
	return at >= 0 && &a->s->ops[at] == on && text[1][strlen(text[1]) - 1] == direction;
}

static bool take_memory(struct atomic *a, struct asm_operand *o)
{
	if (!o->memory)
		return false;
	asm_as_word(a->lw, &o->p);
	a->mem = o;
	a->width = (unsigned)o->p.t->t.size;
	return fe_word(a->lw->fe, a->width) && !o->p.segment && !o->p.bits && !o->p.t->opaque &&
	       !fe_is_agg(o->p.t);
}

static bool has_value(const struct asm_operand *o)
{
	return !o->memory && o->v.v.kind != IR_V_NONE && !fe_is_agg(o->v.t);
}

static struct ir_val value_of(struct atomic *a, const struct asm_operand *o)
{
	return lw_resize(a->lw, lw_force(a->lw, o->v), a->width, o->v.t->t.is_signed);
}

static struct ir_type bits(const struct atomic *a)
{
	return lw_int_type(a->width, false);
}

static bool done(struct atomic *a)
{
	a->mem->done = true;
	return true;
}

/* ------------------------------------------------------------- what is done there */

static bool compare_exchange(struct atomic *a, const struct asm_operand *expected,
			     const struct asm_operand *new, struct asm_operand *old)
{
	struct ir_val was, want;

	if (!has_value(expected) || !has_value(new) || !old->output)
		return false;
	want = value_of(a, expected);
	was = lw_rmw(a->lw, a->mem->p, IR_RMW_CMPXCHG, value_of(a, new), want, bits(a));
	asm_set(a->lw, old, was, false);
	return done(a);
}

static bool exchange(struct atomic *a, const struct asm_operand *new, struct asm_operand *old)
{
	if (!has_value(new) || !old->output)
		return false;
	asm_set(a->lw, old, lw_rmw(a->lw, a->mem->p, IR_RMW_XCHG, value_of(a, new), IR_VAL_NONE,
				   bits(a)), false);
	return done(a);
}

/* old and new: outputs that get these values, or NULL. */
static bool modify(struct atomic *a, uint8_t effect, const struct asm_operand *by,
		   struct asm_operand *old, struct asm_operand *new)
{
	static const struct { uint8_t rmw, op; } ops[] = {
		[MODEL_ASM_ADD] = { IR_RMW_ADD, IR_ADD }, [MODEL_ASM_SUB] = { IR_RMW_SUB, IR_SUB },
		[MODEL_ASM_AND] = { IR_RMW_AND, IR_AND }, [MODEL_ASM_OR] = { IR_RMW_OR, IR_OR },
		[MODEL_ASM_XOR] = { IR_RMW_XOR, IR_XOR },
		[MODEL_ASM_ANDNOT] = { IR_RMW_AND, IR_AND },
	};
	struct ir_val x, was;

	if (effect < MODEL_ASM_ADD || effect > MODEL_ASM_ANDNOT || !has_value(by) ||
	    (old && !old->output) || (new && !new->output))
		return false;
	x = value_of(a, by);
	if (effect == MODEL_ASM_ANDNOT)
		x = lw_op1(a->lw, IR_NOT, x, bits(a));
	was = lw_rmw(a->lw, a->mem->p, ops[effect].rmw, x, IR_VAL_NONE, bits(a));
	if (old)
		asm_set(a->lw, old, was, false);
	if (new)
		asm_set(a->lw, new, lw_op2(a->lw, ops[effect].op, was, x, bits(a)), false);
	return done(a);
}

/* ------------------------------------------------------------ one instruction */

static bool transfer(struct atomic *a, struct asm_operand **o)
{
	if (effect_at(a, 0) == MODEL_ASM_LOAD) {
		if (!take_memory(a, o[1]) || !o[0]->output)
			return false;
		asm_set(a->lw, o[0], lw_force(a->lw, lw_load(a->lw, o[1]->p)), false);
		return true;
	}
	if (effect_at(a, 0) != MODEL_ASM_MOV || !take_memory(a, o[1]) || !has_value(o[0]))
		return false;
	lw_store(a->lw, o[1]->p, lw_val(value_of(a, o[0]), o[1]->p.t), 0);
	return done(a);
}

static bool single(struct atomic *a)
{
	uint8_t effect = effect_at(a, 0);
	struct asm_operand *o[3];

	if (operands_of(a, 0, 2, o))
		return transfer(a, o) || (take_memory(a, o[1]) && modify(a, effect, o[0], NULL, NULL));
	if (!operands_of(a, 0, 3, o) || !take_memory(a, o[2]))
		return false;
	if (effect == MODEL_ASM_CMPXCHG)
		return compare_exchange(a, o[0], o[1], o[0]);
	return effect == MODEL_ASM_XCHG ? exchange(a, o[0], o[1])
					: modify(a, effect, o[0], o[1], NULL);
}

/* ----------------------------------------------------------------------- loops */

/* The last two steps: what is stored where the pair began, again until it was. */
static bool ends_pair(struct atomic *a, struct asm_operand **store)
{
	return effect_at(a, a->n - 2) == MODEL_ASM_CONDITIONAL &&
	       operands_of(a, a->n - 2, 3, store) && store[2] == a->mem &&
	       branches(a, a->n - 1, store[0], 'b');
}

/* In the loop registers are compared: neither may have more bits than the memory. */
static bool compares_all(struct atomic *a, const struct asm_operand *expected)
{
	const char *text[3];

	asm_operands(a->lw, a->step[1]->text, text, 3);
	return expected->v.t->t.width <= a->width ||
	       (a->width == 32 && !strncmp(text[2], "%w", 2));
}

static bool loop(struct atomic *a)
{
	struct asm_operand *load[2], *op[3], *store[3];

	if (a->n < 3 || effect_at(a, 0) != MODEL_ASM_LINKED || !operands_of(a, 0, 2, load) ||
	    !take_memory(a, load[1]) || !ends_pair(a, store))
		return false;
	if (a->n == 3)
		return exchange(a, store[1], load[0]);
	if (!operands_of(a, 1, 3, op) || op[1] != load[0])
		return false;
	if (a->n == 4)
		return a->width >= 32 && op[0] == store[1] &&
		       modify(a, effect_at(a, 1), op[2], load[0] == op[0] ? NULL : load[0], op[0]);
	return effect_at(a, 1) == MODEL_ASM_XOR && branches(a, 2, op[0], 'f') &&
	       has_value(op[2]) && compares_all(a, op[2]) &&
	       compare_exchange(a, op[2], store[1], load[0]);
}

bool asm_exact_arm64(struct lower *lw, struct asm_stmt *s)
{
	struct atomic a = { .lw = lw, .s = s };

	if (s->has_sections || s->is_conditional || !take_steps(&a))
		return false;
	lw_at(lw, s->c);
	return a.n == 1 ? single(&a) : loop(&a);
}
