/* SPDX-License-Identifier: MIT */
#include "ir/link_parts.h"
#include "ir/verify.h"

void ir_linker_init(struct ir_linker *l, struct ir_unit *to)
{
	*l = (struct ir_linker){ .to = to };
}

void ir_linker_release(struct ir_linker *l)
{
	map_release(&l->shared);
	map_release(&l->same_tag);
	array_release(&l->next_same);
	array_release(&l->owners);
}

/* ------------------------------------------------------------- small things */

str_id link_name(struct ir_copy *c, str_id id)
{
	uint64_t *have;

	if (!id)
		return 0;
	have = map_put(&c->names, id);
	if (!*have)
		*have = intern_str(&c->to->names, intern_get(&c->from->names, id));
	return (str_id)*have;
}

ir_loc link_loc(struct ir_copy *c, ir_loc loc)
{
	uint64_t *have;
	struct ir_place p;

	if (!loc)
		return 0;
	have = map_put(&c->locs, loc);
	if (*have)
		return (ir_loc)*have;
	p = c->from->locs.v[loc];
	p.file = link_name(c, p.file);
	p.macro = link_name(c, p.macro);
	p.spell_file = link_name(c, p.spell_file);
	*have = ir_place_add(c->to, p);
	return (ir_loc)*have;
}

static uint32_t copy_reason(struct ir_copy *c, uint32_t reason)
{
	uint64_t *have;
	struct ir_reason r;

	if (!reason)
		return 0;
	have = map_put(&c->reasons, reason);
	if (*have)
		return (uint32_t)*have;
	r = c->from->reasons.v[reason];
	*have = ir_reason_add(c->to, r.kind, intern_get(&c->from->names, r.text),
			      link_loc(c, r.loc));
	return (uint32_t)*have;
}

static struct ir_val copy_val(struct ir_copy *c, struct ir_val v)
{
	if (v.kind != IR_V_CONST)
		return v;
	return ir_const(c->to, c->from->consts.v[v.i].value, c->from->consts.v[v.i].width);
}

/* ---------------------------------------------------------------- functions */

static bool has_body(const struct ir_func *f)
{
	return f->flags & IR_FN_HAS_BODY;
}

static bool is_external(const struct ir_func *f)
{
	return !(f->flags & IR_FN_STATIC);
}

static ir_fn func_new(struct ir_copy *c, str_id name)
{
	struct ir_func *f = array_add(&c->to->funcs);

	f->name = name;
	return c->to->funcs.n - 1;
}

static ir_fn by_name(struct ir_copy *c, str_id name)
{
	const uint64_t *have = map_get(&c->to->func_index, name);
	const struct ir_func *f = have ? &c->to->funcs.v[*have] : NULL;

	return f && (is_external(f) || f->flags & IR_FN_EXPR) ? (ir_fn)*have : IR_NONE;
}

static void describe(struct ir_copy *c, ir_fn from, ir_fn to)
{
	struct ir_type ret = link_type(c, c->from->funcs.v[from].ret);
	ir_loc loc = link_loc(c, c->from->funcs.v[from].loc);
	struct ir_func *f = &c->to->funcs.v[to];

	f->flags = c->from->funcs.v[from].flags | (f->flags & IR_FN_ADDR_TAKEN);
	f->ret = ret;
	f->loc = loc;
}

/* A function here that is the same, or IR_NONE; then it is to be copied. */
static ir_fn find_shared(struct ir_copy *c, ir_fn fn)
{
	const struct ir_func *f = &c->from->funcs.v[fn];
	uint64_t h, *slot;

	if (!has_body(f) || !(f->flags & IR_FN_HEADER))
		return IR_NONE;
	h = link_hash(c, fn);
	if (!h)
		return IR_NONE;
	slot = map_put(&c->l->shared, h);
	return *slot ? (ir_fn)*slot - 1 : IR_NONE;
}

static void remember_shared(struct ir_copy *c, ir_fn from, ir_fn to)
{
	uint64_t h = c->from->funcs.v[from].flags & IR_FN_HEADER ? link_hash(c, from) : 0;

	if (h)
		*map_put(&c->l->shared, h) = (uint64_t)to + 1;
}

/* The place of a function with external linkage; *body: it gets the body of this unit. */
static ir_fn external(struct ir_copy *c, ir_fn fn, str_id name, bool *body)
{
	ir_fn to = by_name(c, name);
	const struct ir_func *f = &c->from->funcs.v[fn];
	const struct ir_func *have = to == IR_NONE ? NULL : &c->to->funcs.v[to];

	*body = has_body(f);
	if (!have)
		return func_new(c, name);
	if (!has_body(f) || !has_body(have))
		return to;
	if (have->flags & IR_FN_WEAK && !(f->flags & IR_FN_WEAK))
		return to;
	*body = false;
	if (f->flags & (IR_FN_WEAK | IR_FN_INLINE | IR_FN_EXPR))
		return to;
	c->l->doubles++;
	*body = true;
	return func_new(c, name);
}

static void body_clear(struct ir_func *f)
{
	for (uint32_t i = 0; i < f->blocks.n; i++)
		array_release(&f->blocks.v[i].insns);
	array_clear(&f->blocks);
	array_clear(&f->locals);
	array_clear(&f->temps);
	array_clear(&f->args);
	f->state = IR_BODY_NONE;
}

/* A name is first of all that of what is external, whatever unit came first. */
static void index_func(struct ir_copy *c, str_id name, ir_fn fn, bool is_static)
{
	const uint64_t *have = map_get(&c->to->func_index, name);

	if (!have || (!is_static && !is_external(&c->to->funcs.v[*have])))
		*map_put(&c->to->func_index, name) = fn;
}

static ir_fn func(struct ir_copy *c, ir_fn fn)
{
	const uint64_t *have = map_get(&c->funcs, fn);
	bool body = has_body(&c->from->funcs.v[fn]);
	ir_fn to = IR_NONE;
	str_id name;

	if (have)
		return (ir_fn)*have - 1;
	/* Whether it is weak is known once it is lowered. */
	if (body)
		ir_func_body(c->from, fn);
	name = link_name(c, c->from->funcs.v[fn].name);
	to = find_shared(c, fn);
	if (to != IR_NONE)
		body = false;
	else if (is_external(&c->from->funcs.v[fn]) ||
		 c->from->funcs.v[fn].flags & IR_FN_EXPR || !body)
		to = external(c, fn, name, &body);
	else
		to = func_new(c, name);
	*map_put(&c->funcs, fn) = (uint64_t)to + 1;
	if (has_body(&c->from->funcs.v[fn]))
		array_push(&c->l->owners, (struct ir_owner) { to, c->l->unit });
	index_func(c, name, to, !is_external(&c->from->funcs.v[fn]));
	if (body) {
		remember_shared(c, fn, to);
		body_clear(&c->to->funcs.v[to]);
		array_push(&c->bodies, fn);
	}
	if (body || !has_body(&c->to->funcs.v[to]))
		describe(c, fn, to);
	c->to->funcs.v[to].flags |= c->from->funcs.v[fn].flags & IR_FN_ADDR_TAKEN;
	return to;
}

/* ---------------------------------------------------------------- variables */

static bool is_definition(const struct ir_global *g)
{
	return g->has_init && !g->is_extern;
}

static ir_glob find_global(struct ir_copy *c, const struct ir_global *g, str_id name)
{
	const uint64_t *have;

	if (g->is_static || g->is_local || !name)
		return IR_NONE;
	have = map_get(&c->to->global_index, name);
	return have && !c->to->globals.v[*have].is_static ? (ir_glob)*have : IR_NONE;
}

static ir_glob global_new(struct ir_copy *c, const struct ir_global *g, str_id name)
{
	struct ir_global *n = array_add(&c->to->globals);
	ir_glob id = c->to->globals.n - 1;
	const uint64_t *have;

	n->name = name;
	n->owner = IR_NONE;
	n->is_static = g->is_static;
	if (!name || g->is_local)
		return id;
	have = map_get(&c->to->global_index, name);
	if (!have || (!g->is_static && c->to->globals.v[*have].is_static))
		*map_put(&c->to->global_index, name) = id;
	return id;
}

static ir_glob global(struct ir_copy *c, ir_glob id)
{
	const struct ir_global g = c->from->globals.v[id];
	const uint64_t *have = map_get(&c->globs, id);
	str_id name;
	ir_glob to;

	if (have)
		return (ir_glob)*have - 1;
	name = link_name(c, g.name);
	to = find_global(c, &g, name);
	if (to != IR_NONE) {
		*map_put(&c->globs, id) = (uint64_t)to + 1;
		if (is_definition(&c->to->globals.v[to]) || !is_definition(&g))
			return to;
	} else {
		to = global_new(c, &g, name);
		*map_put(&c->globs, id) = (uint64_t)to + 1;
	}
	array_push(&c->values, id);
	return to;
}

static void copy_value(struct ir_copy *c, ir_glob id)
{
	struct ir_global n = c->from->globals.v[id];
	ir_glob to = global(c, id);
	uint32_t ninits = n.inits.n;
	const struct ir_init *inits = n.inits.v;

	n.name = c->to->globals.v[to].name;
	n.type = link_type(c, n.type);
	n.owner = n.owner == IR_NONE ? IR_NONE : func(c, n.owner);
	n.decl = NULL;
	n.inits.v = NULL;
	n.inits.n = n.inits.cap = 0;
	if (n.bytes)
		n.bytes = arena_memdup(&c->to->arena, n.bytes, n.type.size / 8);
	array_release(&c->to->globals.v[to].inits);
	c->to->globals.v[to] = n;
	for (uint32_t i = 0; i < ninits; i++) {
		struct ir_init x = inits[i];

		x.fn = x.fn == IR_NONE ? IR_NONE : func(c, x.fn);
		x.glob = x.glob == IR_NONE ? IR_NONE : global(c, x.glob);
		array_push(&c->to->globals.v[to].inits, x);
	}
}

/* ------------------------------------------------------------------- bodies */

static uint32_t copy_imm(struct ir_copy *c, const struct ir_insn *i)
{
	switch (i->op) {
	case IR_CALL:
	case IR_ADDR_FUNC:
		return i->imm == IR_NONE ? IR_NONE : func(c, i->imm);
	case IR_ADDR_GLOBAL:
		return global(c, i->imm);
	case IR_UNKNOWN:
	case IR_HAVOC:
	case IR_ASM:
		return copy_reason(c, i->imm);
	default:
		return i->imm;
	}
}

static struct ir_insn copy_insn(struct ir_copy *c, struct ir_insn i)
{
	i.a = copy_val(c, i.a);
	i.b = copy_val(c, i.b);
	i.c = copy_val(c, i.c);
	i.imm = copy_imm(c, &i);
	i.rec = i.rec == IR_NONE ? IR_NONE : link_record(c, i.rec, true);
	i.loc = link_loc(c, i.loc);
	return i;
}

static void copy_block(struct ir_copy *c, const struct ir_block *b, struct ir_block *out)
{
	struct ir_term t = b->term;

	t.cond = copy_val(c, t.cond);
	t.loc = link_loc(c, t.loc);
	t.succ = arena_memdup(&c->to->arena, t.succ, t.nsucc * sizeof(*t.succ));
	t.cases = arena_memdup(&c->to->arena, t.cases, t.ncases * sizeof(*t.cases));
	out->term = t;
	array_reserve(&out->insns, b->insns.n);
	for (uint32_t i = 0; i < b->insns.n; i++)
		array_push(&out->insns, copy_insn(c, b->insns.v[i]));
}

/* What is copied may lower functions and add some here: the tables move, the parts do not. */
static void copy_body(struct ir_copy *c, ir_fn fn)
{
	struct ir_func f = c->from->funcs.v[fn];
	ir_fn to = func(c, fn);
	struct ir_func n = c->to->funcs.v[to];

	n.state = f.state;
	n.reason = copy_reason(c, f.reason);
	n.nparams = f.nparams;
	for (uint32_t i = 0; i < f.locals.n; i++) {
		struct ir_local l = f.locals.v[i];

		l.name = link_name(c, l.name);
		l.type = link_type(c, l.type);
		l.loc = 0;
		array_push(&n.locals, l);
	}
	for (uint32_t i = 0; i < f.temps.n; i++)
		array_push(&n.temps, (struct ir_temp){ link_type(c, f.temps.v[i].type) });
	for (uint32_t i = 0; i < f.args.n; i++)
		array_push(&n.args, copy_val(c, f.args.v[i]));
	for (uint32_t i = 0; i < f.blocks.n; i++) {
		struct ir_block b = { 0 };

		copy_block(c, &f.blocks.v[i], &b);
		array_push(&n.blocks, b);
	}
	n.flags |= c->to->funcs.v[to].flags;
	c->to->funcs.v[to] = n;
}

/* -------------------------------------------------------------------- roots */

static bool is_root(const struct ir_func *f)
{
	return f->flags & IR_FN_EXPR ? f->state == IR_BODY_READY
				     : has_body(f) && !(f->flags & IR_FN_HEADER);
}

static bool holds_functions(const struct ir_global *g)
{
	for (uint32_t i = 0; i < g->inits.n; i++)
		if (g->inits.v[i].fn != IR_NONE)
			return true;
	return false;
}

/* Another unit may use it, and only this one has its value. */
static bool is_offered(const struct ir_global *g)
{
	return g->name && is_definition(g) && !g->is_static && !g->is_local;
}

/* First come, first copied: then tables stand in the order of their first use. */
static void drain(struct ir_copy *c)
{
	uint32_t body = 0, value = 0;

	while (body < c->bodies.n || value < c->values.n) {
		while (body < c->bodies.n)
			copy_body(c, c->bodies.v[body++]);
		while (value < c->values.n)
			copy_value(c, c->values.v[value++]);
	}
}

static void copy_release(struct ir_copy *c)
{
	map_release(&c->names);
	map_release(&c->locs);
	map_release(&c->recs);
	map_release(&c->reasons);
	map_release(&c->funcs);
	map_release(&c->globs);
	map_release(&c->complete);
	map_release(&c->open);
	map_release(&c->hashes);
	array_release(&c->bodies);
	array_release(&c->values);
}

void ir_link_unit(struct ir_linker *l, struct ir_unit *from, const ir_rec *records, unsigned n)
{
	struct ir_copy c = { .l = l, .to = l->to, .from = from };

	if (!l->to->file) {
		l->to->ptr_width = from->ptr_width;
		l->to->file = link_name(&c, from->file);
	}
	for (unsigned i = 0; i < n; i++)
		link_record(&c, records[i], true);
	for (ir_fn fn = 0; fn < from->funcs.n; fn++)
		if (is_root(&from->funcs.v[fn]))
			func(&c, fn);
	for (ir_glob g = 0; g < from->globals.n; g++)
		if (holds_functions(&from->globals.v[g]) || is_offered(&from->globals.v[g]))
			global(&c, g);
	drain(&c);
	for (uint32_t i = 0; i < c.bodies.n; i++)
		ir_check(c.to, func(&c, c.bodies.v[i]), "the link");
	copy_release(&c);
}
