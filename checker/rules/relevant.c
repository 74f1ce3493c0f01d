/* SPDX-License-Identifier: MIT */
/*
 * The functions that the rules can concern: those that touch a record of a
 * rule, and all that call them. What they call is summarised when it is
 * called; nothing else of the unit is looked at.
 */
#include <string.h>

#include "rules/judge.h"

#define EMBEDDING_DEPTH 8

struct scan {
	struct judge *j;
	struct map records;		/* records of the rules */
	struct map holders;		/* record -> it is one of them, or holds one */
	struct map seen;		/* functions that were lowered */
	struct map callers;		/* callee << 32 | caller */
	Array(ir_fn) work;
};

static void add_record(struct scan *s, ir_rec rec)
{
	if (rec != IR_NONE)
		*map_put(&s->records, rec) = 1;
}

/* It is the records of its names that tell where the rule has something to look at. */
static bool is_of_names(const struct rule *r)
{
	return r->template == RULE_REFUSE_WARN || r->template == RULE_COUPLING;
}

static void rule_records(struct scan *s, const struct bound_rule *b)
{
	for (unsigned i = 0; i < b->nsinks; i++) {
		if (b->sinks[i].at->kind == AT_STORE)
			add_record(s, b->sinks[i].class.rec);
		add_record(s, b->sinks[i].from.rec);
	}
	for (unsigned i = 0; is_of_names(b->rule) && i < b->rule->nbind; i++)
		add_record(s, b->names[i]);
	for (unsigned i = 0; i < b->rule->locking.nfields; i++)
		add_record(s, b->fields[i].rec);
	for (unsigned i = 0; i < b->rule->locking.nlocks; i++)
		add_record(s, b->locks[i].rec);
	if (b->rule->locking.list.field)
		add_record(s, b->list.rec);
	if (b->rule->locking.flag.field)
		add_record(s, b->flag.rec);
	add_record(s, b->record);
	/* Of a program all who write a field of a policy are looked at. */
	for (unsigned i = 0; !s->j->in.fe && i < b->rule->npolicy; i++)
		add_record(s, b->policies[i].rec);
}

/* A record of a rule, or one that holds such a record by value. */
static bool holds_rule_record(struct scan *s, ir_rec rec, unsigned depth)
{
	const struct ir_record *r;
	uint64_t *known = rec == IR_NONE ? NULL : map_get(&s->holders, rec);
	bool holds = false;

	if (rec == IR_NONE || depth > EMBEDDING_DEPTH)
		return false;
	if (known)
		return *known;
	r = &s->j->e.unit->records.v[rec];
	holds = map_get(&s->records, rec) != NULL;
	for (uint32_t i = 0; !holds && i < r->fields.n; i++)
		holds = r->fields.v[i].type.kind == IR_T_AGG &&
			holds_rule_record(s, r->fields.v[i].type.rec, depth + 1);
	*map_put(&s->holders, rec) = holds;
	return holds;
}

static bool is_rule_record(struct scan *s, ir_rec rec)
{
	return holds_rule_record(s, rec, 0);
}

static bool calls_sink(const struct scan *s, ir_fn callee)
{
	for (uint32_t i = 0; i < s->j->ndockets; i++) {
		const struct bound_rule *b = &s->j->dockets[i].bound;

		for (unsigned k = 0; b->usable && k < b->nsinks; k++)
			if (b->sinks[k].at->kind == AT_CALL && b->sinks[k].call == callee)
				return true;
	}
	return false;
}

static bool listed(const struct ir_unit *u, ir_fn fn, const char *const *names, unsigned n)
{
	const char *name = intern_get(&u->names, u->funcs.v[fn].name);

	for (unsigned i = 0; i < n; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

static bool is_lock_call(const struct scan *s, ir_fn callee)
{
	const struct ir_unit *u = s->j->e.unit;
	const struct model_func *m = model_func(s->j->e.model,
						intern_get(&u->names, u->funcs.v[callee].name));

	return m && m->lock.op != MODEL_LOCK_NONE;
}

/* A call that a rule is about, whatever records the function touches. */
static bool calls_subject(const struct scan *s, ir_fn callee)
{
	const struct ir_unit *u = s->j->e.unit;

	for (uint32_t i = 0; i < s->j->ndockets; i++) {
		const struct bound_rule *b = &s->j->dockets[i].bound;
		const struct rule_locking *l = &b->rule->locking;
		const char *both[] = { l->act, l->undo };

		if (!b->usable)
			continue;
		if (listed(u, callee, l->install, l->ninstall) ||
		    (l->act && listed(u, callee, both, 2)))
			return true;
		if (b->rule->template == RULE_LOCK_BALANCE && !l->nlocks && is_lock_call(s, callee))
			return true;
	}
	return calls_sink(s, callee);
}

static bool touches(struct scan *s, const struct ir_func *f)
{
	for (uint32_t t = 0; t < f->temps.n; t++)
		if (f->temps.v[t].type.kind == IR_T_PTR && is_rule_record(s, f->temps.v[t].type.rec))
			return true;
	for (uint32_t b = 0; b < f->blocks.n; b++)
		for (uint32_t i = 0; i < f->blocks.v[b].insns.n; i++) {
			const struct ir_insn *in = &f->blocks.v[b].insns.v[i];

			if (is_rule_record(s, in->rec) ||
			    (in->op == IR_CALL && in->imm != IR_NONE && calls_subject(s, in->imm)))
				return true;
		}
	return false;
}

static void enqueue(struct scan *s, ir_fn fn)
{
	if (map_get(&s->seen, fn) || !(s->j->e.unit->funcs.v[fn].flags & IR_FN_HAS_BODY))
		return;
	*map_put(&s->seen, fn) = 1;
	array_push(&s->work, fn);
}

static void add_call(struct scan *s, ir_fn callee, ir_fn caller)
{
	*map_put(&s->callers, (uint64_t)callee << 32 | caller) = 1;
	enqueue(s, callee);
}

static void scan_targets(struct scan *s, const struct ir_insn *call, ir_fn caller)
{
	const struct slot_targets *t = s->j->in.fe ? NULL : targets_of(&s->j->targets, call);

	for (uint32_t i = 0; t && i < t->fns.n; i++)
		add_call(s, t->fns.v[i], caller);
}

static void scan_calls(struct scan *s, ir_fn fn)
{
	struct ir_unit *u = s->j->e.unit;

	for (uint32_t b = 0; b < u->funcs.v[fn].blocks.n; b++)
		for (uint32_t i = 0; i < u->funcs.v[fn].blocks.v[b].insns.n; i++) {
			const struct ir_insn *in = &u->funcs.v[fn].blocks.v[b].insns.v[i];

			if (in->op == IR_CALL && in->imm == IR_NONE)
				scan_targets(s, in, fn);
			if (in->op != IR_CALL || in->imm == IR_NONE)
				continue;
			add_call(s, in->imm, fn);
		}
}

static void set_relevant(struct judge *j, ir_fn fn)
{
	j->relevant[fn / 64] |= 1ull << (fn % 64);
}

/* Callers of relevant functions are relevant, until nothing changes. */
static void close_over_callers(struct scan *s)
{
	for (bool more = true; more;) {
		more = false;
		for (uint32_t i = 0; i < s->callers.entries.n; i++) {
			uint64_t k = s->callers.entries.v[i].key;
			ir_fn callee = (ir_fn)(k >> 32), caller = (ir_fn)k;

			if (relevant_has(s->j, callee) && !relevant_has(s->j, caller)) {
				set_relevant(s->j, caller);
				more = true;
			}
		}
	}
}

void relevant_compute(struct judge *j)
{
	struct ir_unit *u = j->e.unit;
	struct scan s = { .j = j };

	add_record(&s, j->infer);
	for (uint32_t i = 0; i < j->norigins; i++)
		add_record(&s, j->origins.v[i].rec);
	for (uint32_t i = 0; i < j->ndockets; i++)
		if (j->dockets[i].bound.usable)
			rule_records(&s, &j->dockets[i].bound);
	for (ir_fn fn = 0; fn < u->funcs.n; fn++)
		if ((u->funcs.v[fn].flags & (IR_FN_HAS_BODY | IR_FN_HEADER | IR_FN_EXPR)) ==
		    IR_FN_HAS_BODY)
			enqueue(&s, fn);
	for (uint32_t i = 0; i < s.work.n; i++)
		if (ir_func_body(u, s.work.v[i]))
			scan_calls(&s, s.work.v[i]);
	j->nfuncs = u->funcs.n;
	j->relevant = arena_new_array(&j->report->arena, uint64_t, j->nfuncs / 64 + 1);
	for (uint32_t i = 0; i < s.work.n; i++) {
		const struct ir_func *f = &u->funcs.v[s.work.v[i]];

		if (f->state == IR_BODY_FAILED || touches(&s, f))
			set_relevant(j, s.work.v[i]);
	}
	close_over_callers(&s);
	for (uint32_t i = 0; i < s.callers.entries.n; i++)
		*map_put(&j->called, s.callers.entries.v[i].key >> 32) = 1;
	array_release(&s.work);
	map_release(&s.records);
	map_release(&s.holders);
	map_release(&s.seen);
	map_release(&s.callers);
}

bool relevant_has(const struct judge *j, ir_fn fn)
{
	return fn < j->nfuncs && j->relevant[fn / 64] >> (fn % 64) & 1;
}

/* Of a program: nobody in it calls the function, or somebody else may. */
static bool is_entry_of_program(const struct judge *j, ir_fn fn, bool called)
{
	const struct ir_unit *u = j->e.unit;

	bool wanted = !(u->funcs.v[fn].flags & IR_FN_STATIC) && j->in.wants &&
		      j->in.wants(j->in.arg, intern_get(&u->names, u->funcs.v[fn].name));

	return !called || wanted;
}

bool relevant_is_unused(const struct judge *j, ir_fn fn)
{
	uint32_t flags = j->e.unit->funcs.v[fn].flags;

	return flags & IR_FN_INLINE && !(flags & (IR_FN_HEADER | IR_FN_EXPR)) &&
	       !map_get(&j->called, fn);
}

/* Who calls through the members that it stands in may be in units that were skipped. */
static void want_callers(const struct judge *j, ir_fn fn)
{
	const struct targets *t = &j->targets;

	for (uint32_t i = 0; j->in.wants && i < t->slots.n; i++)
		if (targets_stands_in(&t->slots.v[i], fn))
			j->in.wants(j->in.arg, intern_get(&t->unit->names, t->slots.v[i].member));
}

bool relevant_is_entry(const struct judge *j, ir_fn fn)
{
	uint32_t flags = j->e.unit->funcs.v[fn].flags;
	bool called = map_get(&j->called, fn) != NULL;

	if (flags & (IR_FN_HEADER | IR_FN_EXPR))
		return false;
	if (!j->in.fe && flags & IR_FN_ADDR_TAKEN)
		want_callers(j, fn);
	if (!j->in.fe)
		return is_entry_of_program(j, fn, called) ||
		       (flags & IR_FN_ADDR_TAKEN && targets_escapes(&j->targets, fn));
	if (!(flags & IR_FN_STATIC) || flags & IR_FN_ADDR_TAKEN)
		return true;
	return !called && !(flags & IR_FN_INLINE);
}
