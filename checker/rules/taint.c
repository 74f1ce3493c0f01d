/* SPDX-License-Identifier: MIT */
#include "rules/taint.h"

#include "engine/graph.h"

struct taint {
	const struct judge *j;
	const struct fun *fun;
	const struct ir_func *f;
	const struct class *of;
	bool *temps;		/* made of the content */
	bool *locals;		/* some of it is in the variable */
	uint32_t *home;		/* by temporary: the variable that it has an address in, or IR_NONE */
	struct map *returns;	/* of functions that were looked at: GIVES, GIVES_NOT */
	bool more;		/* something was found in this round */
};

enum { GIVES_NOT = 1, GIVES };

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

/* fun: NULL for a function that is only read. */
static struct taint taint_begin(const struct judge *j, const struct fun *fun,
				const struct ir_func *f, const struct class *of, struct map *returns)
{
	struct taint t = { .j = j, .fun = fun, .f = f, .of = of, .returns = returns,
			   .temps = xcalloc(f->temps.n + 1, sizeof(bool)),
			   .locals = xcalloc(f->locals.n + 1, sizeof(bool)),
			   .home = xcalloc(f->temps.n + 1, sizeof(uint32_t)) };

	find_homes(&t);
	return t;
}

static void taint_end(struct taint *t)
{
	free(t->temps);
	free(t->locals);
	free(t->home);
}

static bool reads_field(const struct taint *t, const struct ir_insn *i)
{
	struct class c;

	if (i->op != IR_LOAD || i->rec == IR_NONE)
		return false;
	c = engine_class(&t->j->e, i->rec, i->recoff, i->width);
	return c.rec == t->of->rec && class_overlaps(c, *t->of);
}

/* An argument is a pointer to the record, or to one that holds it. */
static bool gets_record(const struct taint *t, const struct ir_func *f, const struct ir_insn *call)
{
	const struct ir_unit *u = t->j->e.unit;

	for (uint32_t k = 0; k < call->nargs; k++) {
		struct ir_val v = f->args.v[call->args + k];
		const struct ir_type *type = v.kind == IR_V_TEMP ? &f->temps.v[v.i].type : NULL;

		if (type && type->kind == IR_T_PTR && type->rec != IR_NONE &&
		    (type->rec == t->of->rec || ir_record_in(u, t->of->rec, type->rec)))
			return true;
	}
	return false;
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

/* A number as wide as the field, of a function that nobody sees and that has the record. */
static bool gives_unseen(const struct taint *t, const struct ir_insn *call)
{
	const struct ir_type *type = call->dst == IR_NONE ? NULL : &t->f->temps.v[call->dst].type;

	return type && type->kind == IR_T_INT && type->width >= t->of->width &&
	       gets_record(t, t->f, call);
}

static void flow(struct taint *t);

/* What the function gives back is made of the content, by what it computes or calls itself. */
static bool returns_content(const struct taint *t, ir_fn fn)
{
	struct taint in = taint_begin(t->j, NULL, &t->j->e.unit->funcs.v[fn], t->of, t->returns);
	bool found = false;

	flow(&in);
	for (uint32_t b = 0; !found && b < in.f->blocks.n; b++)
		found = in.f->blocks.v[b].term.kind == IR_RET &&
			is_of(&in, in.f->blocks.v[b].term.cond);
	taint_end(&in);
	return found;
}

/* The same, found out once of each function; while it is, one that calls itself does not. */
static bool body_gives(const struct taint *t, ir_fn fn)
{
	uint64_t *known = map_get(t->returns, fn);
	bool gives;

	if (known)
		return *known == GIVES;
	*map_put(t->returns, fn) = GIVES_NOT;
	gives = has_read(t, &t->j->e.unit->funcs.v[fn]) || returns_content(t, fn);
	*map_put(t->returns, fn) = gives ? GIVES : GIVES_NOT;
	return gives;
}

/* The function that is called there gives the content back, or nobody knows whether it does. */
static bool gives_content(const struct taint *t, const struct ir_insn *call)
{
	if (call->op != IR_CALL || call->imm == IR_NONE ||
	    !t->j->e.unit->funcs.v[call->imm].blocks.n)
		return gives_unseen(t, call);
	return body_gives(t, call->imm);
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
	bool gives = gives_content(t, i) || gets_variable(t, i);

	if (gives && i->dst != IR_NONE)
		mark(t, &t->temps[i->dst]);
	else if (gives && i->op == IR_CALL && i->imm != IR_NONE && i->nargs &&
		 t->j->e.unit->funcs.v[i->imm].ret.kind == IR_T_AGG)
		mark_home(t, t->f->args.v[i->args]);
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

/* One edge leads there, and it is that of a branch. */
static bool is_own_arm(const struct fun *f, uint32_t block)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < f->edges.n; i++)
		n += f->edges.v[i].to == block;
	return n == 1;
}

/* What is put into variables where the branch decides whether it is. */
static void through_arm(struct taint *t, uint32_t arm)
{
	for (uint32_t b = 0; is_own_arm(t->fun, arm) && b < t->f->blocks.n; b++) {
		const struct ir_block *block = &t->f->blocks.v[b];

		if (!graph_dominates(t->fun, arm, b))
			continue;
		for (uint32_t k = 0; k < block->insns.n; k++)
			if (block->insns.v[k].op == IR_STORE)
				mark_home(t, block->insns.v[k].a);
	}
}

static void through_branch(struct taint *t, uint32_t b)
{
	if (!t->fun || !is_of(t, t->f->blocks.v[b].term.cond))
		return;
	for (uint32_t i = t->fun->first_edge[b]; i < t->fun->first_edge[b + 1]; i++)
		through_arm(t, t->fun->edges.v[i].to);
}

static void flow(struct taint *t)
{
	do {
		t->more = false;
		for (uint32_t b = 0; b < t->f->blocks.n; b++) {
			for (uint32_t k = 0; k < t->f->blocks.v[b].insns.n; k++)
				through(t, &t->f->blocks.v[b].insns.v[k]);
			through_branch(t, b);
		}
	} while (t->more);
}

static bool leaves(const struct taint *t, const struct ir_insn *i, ir_loc loc)
{
	if (!loc)
		return i->op == IR_CALL && gets_value(t, i);
	return (i->op == IR_STORE || i->op == IR_RMW) && i->loc == loc && is_of(t, i->b);
}

bool taint_leaves(const struct judge *j, const struct fun *fun, ir_loc loc, const struct class *of)
{
	const struct ir_func *f = fun->body;
	const struct ir_block *block = &f->blocks.v[fun->block];
	struct map returns = { 0 };
	struct taint t = taint_begin(j, fun, f, of, &returns);
	bool found = false;

	flow(&t);
	for (uint32_t k = 0; !found && k < block->insns.n; k++)
		found = leaves(&t, &block->insns.v[k], loc);
	taint_end(&t);
	map_release(&returns);
	return found;
}
