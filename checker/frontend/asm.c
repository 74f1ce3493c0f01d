/* SPDX-License-Identifier: MIT */
#include "frontend/asm.h"

#include <string.h>

/* A register input of struct type is a word, as in asm_exact.c. */
static struct val word_value(struct lower *lw, CXCursor c)
{
	struct val v = lw_rvalue(lw, c);
	ctype w = fe_is_agg(v.t) ? fe_word(lw->fe, (unsigned)v.t->t.size) : NULL;

	return w ? lw_load(lw, lw_deref(lw, v.v, w)) : v;
}

static void evaluate_output(struct lower *lw, struct asm_operand *o)
{
	struct place p;
	ctype w;

	o->p = lw_lvalue(lw, o->expr);
	o->v = lw_none(o->p.t);
	if (!o->inout || o->memory)
		return;
	p = o->p;
	w = fe_is_agg(p.t) ? fe_word(lw->fe, (unsigned)p.t->t.size) : NULL;
	if (w)
		p.t = w;
	lw_at(lw, o->expr);
	o->v = lw_load(lw, p);
}

static void evaluate(struct lower *lw, struct asm_stmt *s)
{
	for (unsigned i = 0; i < s->nout; i++)
		evaluate_output(lw, &s->ops[i]);
	for (unsigned i = s->nout; i < s->nops; i++) {
		struct asm_operand *o = &s->ops[i];

		if (o->memory)
			o->p = lw_lvalue(lw, o->expr);
		else
			o->v = word_value(lw, o->expr);
	}
	lw_at(lw, s->c);
}

/* The outputs that have no value yet take some value. */
static void havoc_outputs(struct lower *lw, struct asm_stmt *s, const char *why)
{
	for (unsigned i = 0; i < s->nout; i++) {
		struct asm_operand *o = &s->ops[i];

		if (o->done)
			continue;
		lw_havoc(lw, o->p, IR_R_ASM, why);
		o->done = true;
	}
}

/*
 * An empty template only hides values from the compiler: an output that has
 * an input keeps that value.
 */
static void pass_through(struct lower *lw, struct asm_stmt *s)
{
	for (unsigned i = 0; i < s->nout; i++) {
		struct asm_operand *o = &s->ops[i];

		if (o->inout) {
			o->done = true;
		} else if (o->tied >= 0 && s->ops[o->tied].v.v.kind != IR_V_NONE &&
			   !fe_is_agg(o->p.t)) {
			lw_store(lw, o->p, lw_convert(lw, s->ops[o->tied].v, o->p.t), 0);
			o->done = true;
		}
	}
	havoc_outputs(lw, s, "output of an empty asm");
}

static bool only_registers(const struct asm_stmt *s)
{
	for (unsigned i = 0; i < s->ninsns; i++)
		if (!s->insns[i].model)
			return false;
	return true;
}

static const char *reason_text(struct lower *lw, const struct asm_stmt *s)
{
	const char *text = "";

	for (unsigned i = 0; i < s->nops; i++)
		if (s->ops[i].memory && s->ops[i].p.segment)
			return "per-CPU access";
	for (unsigned i = s->ninsns; i-- > 0;)
		if (!s->insns[i].model)
			text = s->insns[i].text;
	if (!*text && s->ninsns)
		text = s->insns[0].text;
	if (!strncmp(text, "call", 4) || *text == '.')
		return arena_printf(&lw->arena, "asm '%s'", text);
	return arena_printf(&lw->arena, "asm '%.*s'", (int)strcspn(text, " \t"), text);
}

/* Effects whose last operand is a destination, in memory too. */
static bool may_store(uint8_t effect)
{
	switch (effect) {
	case MODEL_ASM_NONE: case MODEL_ASM_TRAP: case MODEL_ASM_BT: case MODEL_ASM_ARITH:
	case MODEL_ASM_LOAD: case MODEL_ASM_LINKED: case MODEL_ASM_BRANCH:
	case MODEL_ASM_BSF: case MODEL_ASM_BSR: case MODEL_ASM_TZCNT:
		return false;
	default:
		return true;
	}
}

/*
 * Memory that is only an input can still be the destination: mov to a device
 * register, bts on a bit string.
 */
static void havoc_destinations(struct lower *lw, struct asm_stmt *s, const char *why)
{
	for (unsigned i = 0; i < s->ninsns; i++) {
		const struct asm_insn *x = &s->insns[i];
		const char *text[4];
		unsigned n;
		int o;

		if (!x->model || !may_store(x->model->effect))
			continue;
		n = asm_operands(lw, x->text, text, 4);
		o = n ? asm_operand_index(s, text[n - 1]) : -1;
		if (o >= 0 && !s->ops[o].output && s->ops[o].memory)
			lw_havoc(lw, s->ops[o].p, IR_R_ASM, why);
	}
}

/* The destination is an address in the template's own text, so it is not known which. */
static bool writes_elsewhere(struct lower *lw, const struct asm_stmt *s)
{
	for (unsigned i = 0; i < s->ninsns; i++) {
		const struct asm_insn *x = &s->insns[i];
		const char *text[4];
		unsigned n;

		if (!x->model || !(may_store(x->model->effect) || x->model->effect == MODEL_ASM_BT))
			continue;
		n = asm_operands(lw, x->text, text, 4);
		if (n && strpbrk(text[n - 1], "(["))
			return true;
	}
	return false;
}

/* Whether the operand's value, or its address where it is memory, is a pointer to an object. */
static bool operand_pointer(struct lower *lw, struct asm_stmt *s, struct asm_operand *o,
			    struct ir_val *v)
{
	ctype t;

	if (!s->known) {
		t = lw_type(lw, o->expr);
		if (!fe_is_ptr(t) || t->t.is_func_ptr)
			return false;
		*v = lw_force(lw, lw_rvalue(lw, o->expr));
	} else if (o->memory) {
		if (o->output || o->p.segment || o->p.bits)
			return false;
		*v = lw_address(lw, o->p);
	} else {
		*v = o->v.v;
	}
	return lw_may_point(lw, *v);
}

static void unmodelled(struct lower *lw, struct asm_stmt *s, const char *why)
{
	uint32_t reason = ir_reason_add(lw->u, IR_R_ASM, why, lw_loc(lw));
	struct ir_val *args = arena_new_array(&lw->arena, struct ir_val, s->nops + 1);
	unsigned n = 0;

	for (unsigned k = 0; s->clobbers_memory && k < s->nops; k++)
		n += operand_pointer(lw, s, &s->ops[k], &args[n]);
	lw_at(lw, s->c);
	lw_unknown_code(lw, reason, s->clobbers_memory, args, n);
	/* Nothing says which of the expressions are outputs. */
	for (unsigned k = 0; !s->known && k < s->nops; k++)
		if (lw_is_lvalue(lw, s->ops[k].expr) && !lw_type(lw, s->ops[k].expr)->is_func)
			lw_havoc(lw, lw_lvalue(lw, s->ops[k].expr), IR_R_ASM, why);
		else
			lw_effect(lw, s->ops[k].expr);
	havoc_outputs(lw, s, why);
}

static bool writes_memory(const struct asm_stmt *s)
{
	for (unsigned i = 0; i < s->nops; i++)
		if (s->ops[i].memory && s->ops[i].output)
			return true;
	return false;
}

/* What memory becomes is not known, and so neither is whether a pointer was put there. */
static void escape(struct lower *lw, struct asm_stmt *s, const char *why)
{
	struct ir_val *args = arena_new_array(&lw->arena, struct ir_val, s->nops + 1);
	unsigned n = 0;

	for (unsigned k = 0; writes_memory(s) && k < s->nops; k++)
		if (!s->ops[k].memory)
			n += operand_pointer(lw, s, &s->ops[k], &args[n]);
	if (n)
		lw_unknown_code(lw, ir_reason_add(lw->u, IR_R_ASM, why, lw_loc(lw)), false, args, n);
}

static bool traps(const struct asm_stmt *s)
{
	for (unsigned i = 0; i < s->ninsns; i++)
		if (s->insns[i].model && s->insns[i].model->effect == MODEL_ASM_TRAP)
			return true;
	return false;
}

static void effects(struct lower *lw, struct asm_stmt *s)
{
	const char *why;

	if (traps(s))
		lw_emit(lw, IR_TRAP);
	if (!s->ninsns && !s->has_sections) {
		pass_through(lw, s);
		return;
	}
	if (lw->fe->machine == MODEL_ARM64 ? asm_exact_arm64(lw, s) : asm_exact(lw, s)) {
		havoc_outputs(lw, s, "output of an asm");
		return;
	}
	why = reason_text(lw, s);
	if (!only_registers(s) || writes_elsewhere(lw, s)) {
		havoc_destinations(lw, s, why);
		unmodelled(lw, s, why);
		return;
	}
	escape(lw, s, why);
	havoc_destinations(lw, s, why);
	havoc_outputs(lw, s, why);
}

static void follow_labels(struct lower *lw, struct asm_stmt *s)
{
	struct pending_jump j = { .label = IR_NONE };

	j.all = !lw_asm_labels(lw, s->c, &j.names, &j.nnames);
	j.fall = lw_block(lw);
	lw->blocks.v[j.fall].used = true;
	lw_pend(lw, j);
	lw->cur = j.fall;
}

void lw_asm(struct lower *lw, CXCursor c)
{
	struct asm_stmt s = { .c = c };

	lw_at(lw, c);
	asm_read(lw, c, &s);
	if (!s.known) {
		unmodelled(lw, &s, "asm whose operands libclang does not show");
	} else {
		asm_split(lw, &s);
		evaluate(lw, &s);
		effects(lw, &s);
	}
	lw_at(lw, c);
	if (s.is_goto)
		follow_labels(lw, &s);
}
