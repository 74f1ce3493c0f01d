/* SPDX-License-Identifier: MIT */
#include "ir/specialise.h"

#include <stdlib.h>
#include <string.h>

#include "base/edges.h"
#include "base/map.h"

#define COPIES 512	/* in a unit */
#define PARAMS 64	/* of a function; what is behind them stays as it is */

/* What is in a local variable of which only the value is used. */
struct slot {
	struct ir_val stored;
	uint32_t stores;
	bool other;		/* its address is used for more than that */
	uint64_t params;	/* that may be in it */
};

/* Where the values of a function come from. */
struct flow {
	const struct ir_func *f;
	const struct ir_insn **def;	/* by temporary */
	struct slot *slots;		/* by local */
};

struct special {
	struct ir_unit *u;
	ir_fn n;			/* functions that there were */
	uint64_t *called;		/* by function: the parameters that it calls */
	bool *copied;			/* by function: there are copies of it */
	uint64_t *unsure;		/* by function, copies too: parameters that get who knows what */
	struct map copies;		/* a function and what it is given -> the copy */
	Array(ir_fn) of;		/* by copy: of which function, */
	Array(uint64_t) given;		/* and the parameters that are known in it */
	struct edges users;		/* from a function to those that call it or have its address */
	struct map leading;		/* functions -> number of the set of those that lead there */
	Array(uint64_t *) sets;
	struct ir_specials *log;
	bool more;
};

/* --------------------------------------------------------------------- flow */

static const struct ir_insn *def_of(const struct flow *w, struct ir_val v)
{
	return v.kind == IR_V_TEMP ? w->def[v.i] : NULL;
}

/* The local whose value is at the address; NULL: it is none, or not all of it. */
static struct slot *slot_at(const struct flow *w, const struct ir_insn *access)
{
	const struct ir_insn *at = def_of(w, access->a);

	return at && at->op == IR_ADDR_LOCAL && !access->off &&
	       w->f->locals.v[at->imm].type.size == access->width ? &w->slots[at->imm] : NULL;
}

static void use_local(struct flow *w, struct ir_val v)
{
	const struct ir_insn *at = def_of(w, v);

	if (at && at->op == IR_ADDR_LOCAL)
		w->slots[at->imm].other = true;
}

static void note_uses(struct flow *w, const struct ir_insn *i)
{
	struct slot *slot = i->op == IR_LOAD || i->op == IR_STORE ? slot_at(w, i) : NULL;

	if (i->op == IR_STORE && slot) {
		slot->stored = i->b;
		slot->stores++;
	}
	if (!slot)
		use_local(w, i->a);
	use_local(w, i->b);
	use_local(w, i->c);
	for (uint32_t k = 0; ir_has_args(i) && k < i->nargs; k++)
		use_local(w, w->f->args.v[i->args + k]);
}

static uint64_t params_in(const struct flow *w, struct ir_val v)
{
	const struct ir_insn *d = def_of(w, v);
	const struct slot *slot;

	while (d && d->op == IR_COPY)
		d = def_of(w, d->a);
	if (!d)
		return 0;
	if (d->op == IR_PARAM)
		return d->imm < PARAMS ? (uint64_t)1 << d->imm : 0;
	slot = d->op == IR_LOAD ? slot_at(w, d) : NULL;
	return slot ? slot->params : 0;
}

/* Each value has one definition, and a parameter is stored before what is loaded is used. */
static void flow_begin(struct flow *w, const struct ir_func *f)
{
	w->f = f;
	w->def = xcalloc(f->temps.n + 1, sizeof(*w->def));
	w->slots = xcalloc(f->locals.n + 1, sizeof(*w->slots));
	for (uint32_t b = 0; b < f->blocks.n; b++)
		for (uint32_t k = 0; k < f->blocks.v[b].insns.n; k++)
			if (f->blocks.v[b].insns.v[k].dst != IR_NONE)
				w->def[f->blocks.v[b].insns.v[k].dst] = &f->blocks.v[b].insns.v[k];
	for (uint32_t b = 0; b < f->blocks.n; b++) {
		for (uint32_t k = 0; k < f->blocks.v[b].insns.n; k++) {
			const struct ir_insn *i = &f->blocks.v[b].insns.v[k];
			struct slot *slot = i->op == IR_STORE ? slot_at(w, i) : NULL;

			note_uses(w, i);
			if (slot)
				slot->params |= params_in(w, i->b);
		}
		use_local(w, f->blocks.v[b].term.cond);
	}
}

static void flow_end(struct flow *w)
{
	free(w->def);
	free(w->slots);
}

/* The function whose address the value is, whatever happens; IR_NONE: it may be another. */
static ir_fn function_in(const struct flow *w, struct ir_val v)
{
	for (unsigned steps = 0; steps < PARAMS; steps++) {
		const struct ir_insn *d = def_of(w, v);
		const struct slot *slot;

		if (!d)
			break;
		if (d->op == IR_ADDR_FUNC)
			return d->imm;
		slot = d->op == IR_LOAD ? slot_at(w, d) : NULL;
		if (d->op == IR_COPY)
			v = d->a;
		else if (slot && slot->stores == 1 && !slot->other)
			v = slot->stored;
		else
			break;
	}
	return IR_NONE;
}

/* ------------------------------------------------------------------ who calls */

static bool has_body(const struct ir_func *f)
{
	return f->flags & IR_FN_HAS_BODY && f->state == IR_BODY_READY && f->blocks.n;
}

static bool may_be_given(const struct special *s, const struct ir_func *f)
{
	if (!has_body(f) || !f->nparams || f->flags & IR_FN_WEAK)
		return false;
	for (uint32_t b = 0; b < f->blocks.n; b++)
		for (uint32_t k = 0; k < f->blocks.v[b].insns.n; k++) {
			const struct ir_insn *i = &f->blocks.v[b].insns.v[k];

			if (i->op == IR_CALL && (i->imm == IR_NONE || s->called[i->imm]))
				return true;
		}
	return false;
}

static uint64_t called_by(const struct special *s, const struct flow *w, const struct ir_insn *i)
{
	uint64_t params = 0, called;

	if (i->imm == IR_NONE)
		return params_in(w, i->a);
	called = s->called[i->imm];
	for (uint32_t k = 0; called && k < i->nargs && k < PARAMS; k++)
		if (called >> k & 1)
			params |= params_in(w, w->f->args.v[i->args + k]);
	return params;
}

static void find_called(struct special *s, ir_fn fn)
{
	const struct ir_func *f = &s->u->funcs.v[fn];
	uint64_t before = s->called[fn];
	struct flow w;

	if (!may_be_given(s, f))
		return;
	flow_begin(&w, f);
	for (uint32_t b = 0; b < f->blocks.n; b++)
		for (uint32_t k = 0; k < f->blocks.v[b].insns.n; k++)
			if (f->blocks.v[b].insns.v[k].op == IR_CALL)
				s->called[fn] |= called_by(s, &w, &f->blocks.v[b].insns.v[k]);
	flow_end(&w);
	s->more |= s->called[fn] != before;
}

/* --------------------------------------------------------------------- copies */

#define copy_array(to, from) do {					\
	(to).v = NULL;							\
	(to).n = (to).cap = 0;						\
	array_reserve(&(to), (from).n);					\
	for (uint32_t i_ = 0; i_ < (from).n; i_++)			\
		array_push(&(to), (from).v[i_]);			\
} while (0)

static void give(struct ir_func *f, uint32_t param, ir_fn given)
{
	for (uint32_t k = 0; k < f->blocks.v[0].insns.n; k++) {
		struct ir_insn *i = &f->blocks.v[0].insns.v[k];

		if (i->op == IR_PARAM && i->imm == param) {
			i->op = IR_ADDR_FUNC;
			i->imm = given;
		}
	}
}

/* given: by parameter, IR_NONE for one that stays as it is. */
static ir_fn copy(struct special *s, ir_fn fn, const ir_fn given[PARAMS])
{
	struct ir_func f = s->u->funcs.v[fn], n = f;
	uint64_t known = 0;

	copy_array(n.locals, f.locals);
	copy_array(n.temps, f.temps);
	copy_array(n.args, f.args);
	copy_array(n.blocks, f.blocks);
	for (uint32_t b = 0; b < f.blocks.n; b++)
		copy_array(n.blocks.v[b].insns, f.blocks.v[b].insns);
	for (uint32_t k = 0; k < PARAMS; k++) {
		if (given[k] == IR_NONE)
			continue;
		give(&n, k, given[k]);
		known |= (uint64_t)1 << k;
	}
	n.flags = (n.flags | IR_FN_STATIC) & ~(uint32_t)IR_FN_ADDR_TAKEN;
	s->copied[fn] = true;
	array_push(&s->of, fn);
	array_push(&s->given, known);
	array_push(&s->u->funcs, n);
	return s->u->funcs.n - 1;
}

/* ------------------------------------------------------------------ who leads where */

/* Of the functions as they were. */
static void find_users(struct special *s)
{
	for (ir_fn fn = 0; fn < s->n; fn++) {
		const struct ir_func *f = &s->u->funcs.v[fn];

		for (uint32_t b = 0; has_body(f) && b < f->blocks.n; b++)
			for (uint32_t k = 0; k < f->blocks.v[b].insns.n; k++) {
				const struct ir_insn *i = &f->blocks.v[b].insns.v[k];

				if (i->imm != IR_NONE && (i->op == IR_CALL || i->op == IR_ADDR_FUNC))
					edges_add(&s->users, i->imm, fn);
			}
	}
	edges_sort(&s->users);
}

/* The function calls the other one, or those that it has the address of do. */
static bool leads_to(struct special *s, ir_fn from, ir_fn to)
{
	uint64_t *known = map_get(&s->leading, to), *set;

	if (!known) {
		set = edges_set(s->n);
		edges_reach(&s->users, set, to);
		known = map_put(&s->leading, to);
		*known = s->sets.n;
		array_push(&s->sets, set);
	}
	return edges_has(s->sets.v[*known], from);
}

/*
 * What the call gives the callee for this parameter, to be called. A function that comes back
 * to the callee with another one, level by level, has too many ways through all of them.
 */
static ir_fn given_by(struct special *s, const struct flow *w, const struct ir_insn *i,
		      uint32_t param)
{
	ir_fn fn = s->called[i->imm] >> param & 1 && param < i->nargs ?
		   function_in(w, w->f->args.v[i->args + param]) : IR_NONE;

	return fn == IR_NONE || !has_body(&s->u->funcs.v[fn]) || leads_to(s, fn, i->imm) ?
	       IR_NONE : fn;
}

/* The copy that the call is one of; IR_NONE: it gives the callee nothing that is known. */
static ir_fn wanted_by(struct special *s, const struct flow *w, const struct ir_insn *i)
{
	uint64_t key = hash_mix(i->imm, 1);
	ir_fn given[PARAMS];
	uint64_t *known;
	bool any = false;

	for (uint32_t k = 0; k < PARAMS; k++) {
		given[k] = given_by(s, w, i, k);
		any |= given[k] != IR_NONE;
		key = hash_mix(key, given[k]);
	}
	if (!any)
		return IR_NONE;
	known = map_get(&s->copies, key);
	if (known)
		return (ir_fn)*known;
	if (s->of.n == COPIES)
		return IR_NONE;
	*map_put(&s->copies, key) = s->u->funcs.n;
	return copy(s, i->imm, given);
}

/* The function takes what the call gives it, as a direct call has it. */
static bool fits(const struct special *s, const struct flow *w, const struct ir_insn *i, ir_fn fn)
{
	const struct ir_func *callee = &s->u->funcs.v[fn];

	if (!has_body(callee) || callee->nparams != i->nargs ||
	    (i->dst != IR_NONE && callee->ret.width != i->width))
		return false;
	for (uint32_t k = 0; k < callee->blocks.v[0].insns.n; k++) {
		const struct ir_insn *p = &callee->blocks.v[0].insns.v[k];
		struct ir_val v;

		if (p->op != IR_PARAM)
			continue;
		v = w->f->args.v[i->args + p->imm];
		if ((v.kind == IR_V_TEMP ? w->f->temps.v[v.i].type.width :
		     v.kind == IR_V_CONST ? s->u->consts.v[v.i].width : 0) != p->width)
			return false;
	}
	return true;
}

/* Before an instruction of a function that there was is changed. */
static void note_change(struct special *s, ir_fn fn, uint32_t block, uint32_t insn)
{
	if (fn < s->n)
		array_push(&s->log->changed, (struct ir_changed){ fn, block, insn,
			   s->u->funcs.v[fn].blocks.v[block].insns.v[insn] });
}

/* What a call in the function calls then; as before, where that stays. */
static ir_fn callee_of(struct special *s, const struct flow *w, const struct ir_insn *i)
{
	ir_fn fn;

	if (i->imm == IR_NONE) {
		fn = function_in(w, i->a);
		return fn != IR_NONE && fits(s, w, i, fn) ? fn : IR_NONE;
	}
	if (i->imm >= s->n || !s->called[i->imm])
		return i->imm;
	fn = wanted_by(s, w, i);
	return fn == IR_NONE ? i->imm : fn;
}

/* The parameters that the function, or the copy, calls and that are not known in it. */
static uint64_t open_in(const struct special *s, ir_fn fn)
{
	return fn < s->n ? s->called[fn] : s->called[s->of.v[fn - s->n]] & ~s->given.v[fn - s->n];
}

static bool is_worth_it(const struct special *s, const struct ir_func *f)
{
	for (uint32_t b = 0; has_body(f) && b < f->blocks.n; b++)
		for (uint32_t k = 0; k < f->blocks.v[b].insns.n; k++) {
			const struct ir_insn *i = &f->blocks.v[b].insns.v[k];

			if (i->op == IR_CALL && i->imm != IR_NONE && open_in(s, i->imm))
				return true;
		}
	return false;
}

/* Copies are made in the middle of it: what the function has stays where it is, the table moves. */
static void direct_calls(struct special *s, ir_fn fn)
{
	struct ir_func f = s->u->funcs.v[fn];
	bool is_copy = fn >= s->n;
	struct flow w;

	if (!is_copy && !is_worth_it(s, &f))
		return;
	flow_begin(&w, &f);
	for (uint32_t b = 0; b < f.blocks.n; b++)
		for (uint32_t k = 0; k < f.blocks.v[b].insns.n; k++) {
			struct ir_insn *i = &f.blocks.v[b].insns.v[k];
			ir_fn to;

			if (i->op != IR_CALL || (i->imm == IR_NONE && !is_copy))
				continue;
			to = callee_of(s, &w, i);
			if (to == i->imm)
				continue;
			note_change(s, fn, b, k);
			if (i->imm == IR_NONE) {
				i->a = IR_VAL_NONE;
				i->rec = IR_NONE;
				i->recoff = 0;
			}
			i->imm = to;
			i->off = 0;
		}
	flow_end(&w);
}

/* ----------------------------------------------------------------- what is left */

/*
 * The value is a function that is judged where it stands: that of another unit, or one of a level.
 * Any other that is known would have a copy, if there were not too many.
 */
static bool is_settled(struct special *s, ir_fn callee, ir_fn given)
{
	ir_fn of = callee < s->n ? callee : s->of.v[callee - s->n];

	return given != IR_NONE &&
	       (!has_body(&s->u->funcs.v[given]) || leads_to(s, given, of));
}

/* By parameter of the callee: what it is given is not known, here or to who called this one. */
static uint64_t unsure_at(struct special *s, const struct flow *w, uint64_t unsure,
			  const struct ir_insn *i)
{
	uint64_t found = 0, open = open_in(s, i->imm);

	for (uint32_t k = 0; k < i->nargs && k < PARAMS; k++) {
		struct ir_val v = w->f->args.v[i->args + k];
		uint64_t params = params_in(w, v);

		if (open >> k & 1 && v.kind == IR_V_TEMP && (!params || params & unsure) &&
		    !is_settled(s, i->imm, function_in(w, v)))
			found |= (uint64_t)1 << k;
	}
	return found;
}

static void find_unsure(struct special *s, ir_fn fn)
{
	const struct ir_func *f = &s->u->funcs.v[fn];
	struct flow w;

	if (!has_body(f) || !is_worth_it(s, f))
		return;
	flow_begin(&w, f);
	for (uint32_t b = 0; b < f->blocks.n; b++)
		for (uint32_t k = 0; k < f->blocks.v[b].insns.n; k++) {
			const struct ir_insn *i = &f->blocks.v[b].insns.v[k];
			uint64_t found;

			if (i->op != IR_CALL || i->imm == IR_NONE)
				continue;
			found = unsure_at(s, &w, s->unsure[fn], i) & ~s->unsure[i->imm];
			s->unsure[i->imm] |= found;
			s->more |= found != 0;
		}
	flow_end(&w);
}

/* The context that goes with a function that is not known may be anything to it. */
static void tell_contexts(struct special *s, ir_fn fn)
{
	struct ir_func *f = &s->u->funcs.v[fn];
	struct flow w;

	if (!s->unsure[fn] || !has_body(f))
		return;
	flow_begin(&w, f);
	for (uint32_t b = 0; b < f->blocks.n; b++)
		for (uint32_t k = 0; k < f->blocks.v[b].insns.n; k++) {
			struct ir_insn *i = &f->blocks.v[b].insns.v[k];
			int64_t told = i->off;

			if (i->op != IR_CALL || i->imm != IR_NONE ||
			    !(params_in(&w, i->a) & s->unsure[fn]))
				continue;
			for (uint32_t n = 0; n < i->nargs; n++)
				told &= ~IR_ARG_CONTEXT(n);
			if (told == i->off)
				continue;
			note_change(s, fn, b, k);
			i->off = told;
		}
	flow_end(&w);
}

static void count_calls(const struct special *s, const struct ir_func *f, uint32_t *calls)
{
	for (uint32_t b = 0; has_body(f) && b < f->blocks.n; b++)
		for (uint32_t k = 0; k < f->blocks.v[b].insns.n; k++) {
			const struct ir_insn *i = &f->blocks.v[b].insns.v[k];

			if (i->op == IR_CALL && i->imm != IR_NONE && i->imm < s->n)
				calls[i->imm]++;
		}
}

/* Who called one that is taken away calls nobody any more. */
static void take_away(struct special *s)
{
	uint32_t *calls = xcalloc(s->n + 1, sizeof(*calls));

	s->more = false;
	for (ir_fn fn = 0; fn < s->u->funcs.n; fn++)
		count_calls(s, &s->u->funcs.v[fn], calls);
	for (ir_fn fn = 0; fn < s->n; fn++) {
		struct ir_func *f = &s->u->funcs.v[fn];

		if (!s->copied[fn] || calls[fn] || !has_body(f) || !(f->flags & IR_FN_STATIC) ||
		    f->flags & IR_FN_ADDR_TAKEN)
			continue;
		f->flags &= ~(uint32_t)IR_FN_HAS_BODY;
		array_push(&s->log->hidden, fn);
		s->more = true;
	}
	free(calls);
}

static void release(struct special *s)
{
	for (uint32_t i = 0; i < s->sets.n; i++)
		free(s->sets.v[i]);
	free(s->called);
	free(s->copied);
	free(s->unsure);
	map_release(&s->copies);
	map_release(&s->leading);
	array_release(&s->of);
	array_release(&s->given);
	edges_release(&s->users);
	array_release(&s->sets);
}

bool ir_specialise(struct ir_unit *u, struct ir_specials *log)
{
	struct special s = { .u = u, .n = u->funcs.n, .log = log };
	bool changed;

	*log = (struct ir_specials){ .first = s.n };
	s.called = xcalloc(s.n + 1, sizeof(*s.called));
	s.copied = xcalloc(s.n + 1, sizeof(*s.copied));
	do {
		s.more = false;
		for (ir_fn fn = 0; fn < s.n; fn++)
			find_called(&s, fn);
	} while (s.more);
	find_users(&s);
	for (ir_fn fn = 0; fn < u->funcs.n; fn++)
		direct_calls(&s, fn);
	do
		take_away(&s);
	while (s.more);
	s.unsure = xcalloc(u->funcs.n + 1, sizeof(*s.unsure));
	do {
		s.more = false;
		for (ir_fn fn = 0; fn < u->funcs.n; fn++)
			find_unsure(&s, fn);
	} while (s.more);
	for (ir_fn fn = 0; fn < u->funcs.n; fn++)
		tell_contexts(&s, fn);
	log->n = s.of.n;
	changed = log->n || log->changed.n;
	release(&s);
	return changed;
}

void ir_unspecialise(struct ir_unit *u, struct ir_specials *log)
{
	while (log->changed.n) {
		const struct ir_changed c = array_pop(&log->changed);

		u->funcs.v[c.fn].blocks.v[c.block].insns.v[c.insn] = c.was;
	}
	for (uint32_t i = 0; i < log->hidden.n; i++)
		u->funcs.v[log->hidden.v[i]].flags |= IR_FN_HAS_BODY;
	for (uint32_t i = 0; i < log->n; i++)
		u->funcs.v[log->first + i].flags &= ~(uint32_t)IR_FN_HAS_BODY;
	array_release(&log->changed);
	array_release(&log->hidden);
	*log = (struct ir_specials){ .n = 0 };
}
