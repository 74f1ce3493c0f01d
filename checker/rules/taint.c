/* SPDX-License-Identifier: MIT */
#include "rules/taint.h"

struct taint {
	const struct judge *j;
	const struct ir_func *f;
	const struct class *of;
	bool *temps;		/* made of the content */
	bool *locals;		/* some of it is in the variable */
	uint32_t *home;		/* by temporary: the variable that it has an address in, or IR_NONE */
	bool more;		/* something was found in this round */
};

static bool is_of(const struct taint *t, struct ir_val v)
{
	return v.kind == IR_V_TEMP && t->temps[v.i];
}

static uint32_t home_of(const struct taint *t, struct ir_val v)
{
	return v.kind == IR_V_TEMP ? t->home[v.i] : IR_NONE;
}

/* The value, or what is in the variable that it is the address of. */
static bool leads_to(const struct taint *t, struct ir_val v)
{
	uint32_t home = home_of(t, v);

	return is_of(t, v) || (home != IR_NONE && t->locals[home]);
}

static void mark(struct taint *t, bool *what)
{
	t->more |= !*what;
	*what = true;
}

static void mark_home(struct taint *t, struct ir_val address)
{
	uint32_t home = home_of(t, address);

	if (home != IR_NONE)
		mark(t, &t->locals[home]);
}

static bool reads_field(const struct taint *t, const struct ir_insn *i)
{
	struct class c;

	if (i->op != IR_LOAD || i->rec == IR_NONE)
		return false;
	c = engine_class(&t->j->e, i->rec, i->recoff, i->width);
	return c.rec == t->of->rec && class_overlaps(c, *t->of);
}

/* The code of the function itself reads the field. */
static bool has_read(const struct taint *t, const struct ir_func *f)
{
	for (uint32_t b = 0; b < f->blocks.n; b++)
		for (uint32_t i = 0; i < f->blocks.v[b].insns.n; i++)
			if (reads_field(t, &f->blocks.v[b].insns.v[i]))
				return true;
	return false;
}

static bool gets_value(const struct taint *t, const struct ir_insn *call)
{
	for (uint32_t k = 0; k < call->nargs; k++)
		if (is_of(t, t->f->args.v[call->args + k]))
			return true;
	return false;
}

static bool gets_variable(const struct taint *t, const struct ir_insn *call)
{
	for (uint32_t k = 0; k < call->nargs; k++)
		if (leads_to(t, t->f->args.v[call->args + k]))
			return true;
	return false;
}

/* What it gives back; and where it may put the value that it gets. */
static void through_call(struct taint *t, const struct ir_insn *i)
{
	bool own = i->op == IR_CALL && i->imm != IR_NONE &&
		   has_read(t, &t->j->e.unit->funcs.v[i->imm]);

	if (i->dst != IR_NONE && (own || gets_variable(t, i)))
		mark(t, &t->temps[i->dst]);
	for (uint32_t k = 0; gets_value(t, i) && k < i->nargs; k++)
		mark_home(t, t->f->args.v[i->args + k]);
}

static void through(struct taint *t, const struct ir_insn *i)
{
	bool of = is_of(t, i->a) || is_of(t, i->b) || is_of(t, i->c);

	switch (i->op) {
	case IR_CALL: case IR_ASM:
		through_call(t, i);
		return;
	case IR_STORE:
		if (is_of(t, i->b))
			mark_home(t, i->a);
		return;
	case IR_MEMCPY:
		if (leads_to(t, i->b))
			mark_home(t, i->a);
		return;
	case IR_RMW:
		if (is_of(t, i->b))
			mark_home(t, i->a);
		of |= leads_to(t, i->a);
		break;
	case IR_LOAD:
		of = reads_field(t, i) || leads_to(t, i->a);
		break;
	default:
		break;
	}
	if (of && i->dst != IR_NONE)
		mark(t, &t->temps[i->dst]);
}

static void find_homes(struct taint *t)
{
	for (uint32_t k = 0; k < t->f->temps.n; k++)
		t->home[k] = IR_NONE;
	for (uint32_t b = 0; b < t->f->blocks.n; b++)
		for (uint32_t k = 0; k < t->f->blocks.v[b].insns.n; k++) {
			const struct ir_insn *i = &t->f->blocks.v[b].insns.v[k];

			if (i->op == IR_ADDR_LOCAL)
				t->home[i->dst] = i->imm;
			else if (i->op == IR_COPY || i->op == IR_PTROFF || i->op == IR_PTRADD)
				t->home[i->dst] = home_of(t, i->a);
		}
}

static void flow(struct taint *t)
{
	do {
		t->more = false;
		for (uint32_t b = 0; b < t->f->blocks.n; b++)
			for (uint32_t k = 0; k < t->f->blocks.v[b].insns.n; k++)
				through(t, &t->f->blocks.v[b].insns.v[k]);
	} while (t->more);
}

static bool leaves(const struct taint *t, const struct ir_insn *i, ir_loc loc)
{
	if (!loc)
		return i->op == IR_CALL && gets_value(t, i);
	return (i->op == IR_STORE || i->op == IR_RMW) && i->loc == loc && is_of(t, i->b);
}

bool taint_leaves(const struct judge *j, const struct ir_func *f, uint32_t block, ir_loc loc,
		  const struct class *of)
{
	struct taint t = { .j = j, .f = f, .of = of,
			   .temps = xcalloc(f->temps.n + 1, sizeof(bool)),
			   .locals = xcalloc(f->locals.n + 1, sizeof(bool)),
			   .home = xcalloc(f->temps.n + 1, sizeof(uint32_t)) };
	bool found = false;

	find_homes(&t);
	flow(&t);
	for (uint32_t k = 0; !found && k < f->blocks.v[block].insns.n; k++)
		found = leaves(&t, &f->blocks.v[block].insns.v[k], loc);
	free(t.temps);
	free(t.locals);
	free(t.home);
	return found;
}
