/* SPDX-License-Identifier: MIT */
/* A call becomes a point at the beginning of the body, and its return one behind the call. */
#include "engine/route.h"

static bool fits(const struct call_site *c, const struct ir_func *f)
{
	if (c->nargs < f->nparams + (f->ret.kind == IR_T_AGG))
		return false;
	for (uint32_t b = 0, i = 0; i < f->blocks.v[b].insns.n; i++) {
		const struct ir_insn *p = &f->blocks.v[b].insns.v[i];

		if (p->op == IR_PARAM &&
		    (p->imm >= c->nargs || word_width(c->f->e->dom, c->args[p->imm]) != p->width))
			return false;
	}
	return true;
}

static void enter_call(const struct call_site *c, uint32_t hop)
{
	struct route *r = c->f->route;
	struct activation *up = r->now.at;
	struct activation *a = route_activation(r, c->callee, hop, up);
	struct state s = { 0 };

	c->f->body = &r->e->unit->funcs.v[c->f->id];
	a->block = (uint32_t)(c->site >> 20 & 0xfffff);
	a->insn = (uint32_t)(c->site & 0xfffff);
	a->saved = route_words(r, c->f->temps, c->f->ntemps);
	a->f.args = route_words(r, c->args, c->nargs);
	a->visits = r->now.visits;
	state_copy(&s, c->s);
	route_add_body(r, a, &s);
}

bool route_enter(const struct call_site *c)
{
	struct route *r = c->f->route;
	uint32_t hop = r->now.at->hop;
	const struct ir_func *f = ir_func_body(r->e->unit, c->callee);
	bool on_chain = hop != HOP_OFF && hop && !r->now.later &&
			route_chain_loc(r->r->o, hop) == c->i->loc &&
			route_chain_fn(r->r->o, hop - 1) == c->callee;

	c->f->body = &r->e->unit->funcs.v[c->f->id];
	/* Another unit may have a body in the place of a weak one. */
	if (!f || r->e->unit->funcs.v[c->callee].flags & IR_FN_WEAK)
		return false;
	/* Too deep, or called as what it is not: this way is not gone any further. */
	if (!fits(c, f) || r->now.at->depth >= ROUTE_DEPTH + r->r->o->nhops)
		return true;
	enter_call(c, HOP_OFF);
	if (on_chain)
		enter_call(c, hop - 1);
	return true;
}

/* Behind the call in the caller, with the result. */
void route_return(struct route *r, struct state *s, word_id ret)
{
	struct activation *a = r->now.at;
	struct fun *f = &a->up->f;
	const struct ir_insn *i;
	struct point p = r->now;

	f->body = &r->e->unit->funcs.v[f->id];
	i = &f->body->blocks.v[a->block].insns.v[a->insn];
	p.at = a->up;
	p.block = a->block;
	p.insn = a->insn + 1;
	p.temps = route_words(r, a->saved, f->ntemps);
	if (i->dst != IR_NONE)
		p.temps[i->dst] = value_as(f, i->dst, ret);
	p.visits = a->visits;
	route_set_slots(f, s, p.temps);
	p.s = *s;
	*s = (struct state){ 0 };
	route_add_point(r, &p);
}
