/* SPDX-License-Identifier: MIT */
#include "atlas.h"

#include "engine/fun.h"

static void ignore_store(void *arg, struct fun *f, struct state *s, const struct store_event *e)
{
	(void)arg, (void)f, (void)s, (void)e;
}

static void ignore_call(void *arg, struct fun *f, struct state *s, ir_fn callee,
			const word_id *args, unsigned nargs, ir_loc loc)
{
	(void)arg, (void)f, (void)s, (void)callee, (void)args, (void)nargs, (void)loc;
}

static void ignore_branch(void *arg, struct fun *f, struct state *s, const struct cond *before,
			  ir_loc loc)
{
	(void)arg, (void)f, (void)s, (void)before, (void)loc;
}

static void ignore_report(void *arg, struct fun *f, struct state *s, unsigned flavour, ir_loc loc)
{
	(void)arg, (void)f, (void)s, (void)flavour, (void)loc;
}

static void ignore_gate(void *arg, struct fun *f, struct state *s, unsigned flavour, bool open)
{
	(void)arg, (void)f, (void)s, (void)flavour, (void)open;
}

static void ignore_return(void *arg, struct fun *f, struct state *s, word_id ret, ir_loc loc)
{
	(void)arg, (void)f, (void)s, (void)ret, (void)loc;
}

static void ignore_case(void *arg, struct fun *f, struct state *s, const uint8_t *callee)
{
	(void)arg, (void)f, (void)s, (void)callee;
}

static void ignore_merge(void *arg, uint8_t *into, const uint8_t *from)
{
	(void)arg, (void)into, (void)from;
}

static void ignore_lost(void *arg, ir_fn fn, const char *why)
{
	(void)arg, (void)fn, (void)why;
}

static void use(uint32_t *last, struct ir_val v, uint32_t insn)
{
	if (v.kind == IR_V_TEMP && last[v.i] < insn)
		last[v.i] = insn;
}

/* Where each temporary is used last; those that other blocks use have a slot anyway. */
static uint32_t *last_uses(const struct ir_func *f)
{
	uint32_t *last = xcalloc(f->temps.n + 1, sizeof(*last));

	for (uint32_t b = 0; b < f->blocks.n; b++) {
		const struct ir_block *bl = &f->blocks.v[b];

		for (uint32_t n = 0; n < bl->insns.n; n++) {
			const struct ir_insn *i = &bl->insns.v[n];

			use(last, i->a, n);
			use(last, i->b, n);
			use(last, i->c, n);
			for (uint32_t k = 0; i->op == IR_CALL && k < i->nargs; k++)
				use(last, f->args.v[i->args + k], n);
		}
		use(last, bl->term.cond, bl->insns.n);
	}
	return last;
}

static struct atlas_fn *sheet(struct atlas *a, const struct fun *f)
{
	const struct ir_func *b = &a->u->funcs.v[f->id];
	struct atlas_fn *s;

	while (a->fns.n <= f->id)
		array_add(&a->fns);
	s = &a->fns.v[f->id];
	if (s->first)
		return s;
	s->last_use = last_uses(b);
	s->first = xcalloc(b->blocks.n, sizeof(*s->first));
	for (uint32_t i = 0; i < b->blocks.n; i++) {
		s->first[i] = s->npoints;
		s->npoints += b->blocks.v[i].insns.n + 1;
	}
	s->points = xcalloc(s->npoints, sizeof(*s->points));
	return s;
}

/* The cells are looked at where they have changed, and where paths meet. */
static bool is_whole(const struct ir_block *b, uint32_t insn)
{
	if (!insn || insn == b->insns.n)
		return true;
	switch (b->insns.v[insn - 1].op) {
	case IR_STORE: case IR_MEMSET: case IR_MEMCPY: case IR_RMW: case IR_CALL: case IR_HAVOC:
	case IR_ASM:
		return true;
	default:
		return false;
	}
}

static void on_point(void *arg, struct fun *f, const struct state *s, uint32_t block,
		     uint32_t insn)
{
	struct atlas *a = arg;
	struct atlas_fn *fn = sheet(a, f);
	struct view *v = array_add(&fn->points[fn->first[block] + insn].views);
	const struct ir_block *b = &f->body->blocks.v[block];
	uint32_t newest = insn ? b->insns.v[insn - 1].dst : IR_NONE;

	v->whole = is_whole(b, insn);
	v->s.pc = s->pc;
	if (v->whole)
		state_copy(&v->s, s);
	for (uint32_t t = 0; t < f->ntemps; t++)
		if (!word_is_none(f->temps[t]) &&
		    (f->slot[t] != IR_NONE || fn->last_use[t] >= insn || t == newest))
			array_push(&v->temps, (struct held){ t, f->temps[t] });
}

void atlas_make(struct atlas *a, struct ir_unit *u, const struct model *model)
{
	struct engine_client client = {
		.arg = a, .on_store = ignore_store, .on_call = ignore_call,
		.on_branch = ignore_branch, .on_report = ignore_report, .on_gate = ignore_gate,
		.on_return = ignore_return, .on_case = ignore_case, .on_merge = ignore_merge,
		.on_lost = ignore_lost,
		.on_point = on_point,
	};

	*a = (struct atlas){ .u = u };
	engine_init(&a->e, u, model, &client);
	for (ir_fn fn = 0; fn < u->funcs.n; fn++)
		if (u->funcs.v[fn].flags & IR_FN_HAS_BODY)
			engine_summary(&a->e, fn);
}

void atlas_release(struct atlas *a)
{
	for (uint32_t i = 0; i < a->fns.n; i++) {
		struct atlas_fn *fn = &a->fns.v[i];

		for (uint32_t k = 0; k < fn->npoints; k++) {
			for (uint32_t j = 0; j < fn->points[k].views.n; j++) {
				state_release(&fn->points[k].views.v[j].s);
				array_release(&fn->points[k].views.v[j].temps);
			}
			array_release(&fn->points[k].views);
		}
		free(fn->points);
		free(fn->first);
		free(fn->last_use);
	}
	array_release(&a->fns);
	engine_release(&a->e);
}

struct point *atlas_point(struct atlas *a, ir_fn fn, uint32_t block, uint32_t insn)
{
	struct atlas_fn *s;

	if (fn >= a->fns.n || !a->fns.v[fn].first || a->e.summaries[fn]->anything)
		return NULL;
	s = &a->fns.v[fn];
	if (insn == UINT32_MAX)
		insn = a->u->funcs.v[fn].blocks.v[block].insns.n;
	return &s->points[s->first[block] + insn];
}
