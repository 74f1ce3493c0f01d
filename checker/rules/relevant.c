/* SPDX-License-Identifier: MIT */
/*
 * The functions that the rules can concern: those that access what a rule looks at, or have
 * its record and call who does; and of those that call them, near or far, all that something
 * is left to: an obligation, an access whose locks are not all known yet, a lock that is held.
 * What they call is summarised when it is called; nothing else of the unit is looked at.
 */
#include <stdlib.h>
#include <string.h>

#include "ir/specialise.h"
#include "rules/judge.h"
#include "rules/touch.h"

struct scan {
	struct judge *j;
	struct map seen;		/* functions that were lowered */
	struct map callers;		/* callee << 32 | caller */
	struct map users;		/* the same, of functions whose address is taken */
	struct map open;		/* functions that call what they are given */
	Array(ir_fn) work;
};

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

	if (call->rec == IR_NONE)
		*map_put(&s->open, caller) = 1;
	for (uint32_t i = 0; t && i < t->fns.n; i++)
		add_call(s, t->fns.v[i], caller);
}

/* The global that the value is the address of; IR_NONE for none. */
static ir_glob global_at(const struct ir_func *f, struct ir_val v)
{
	for (uint32_t b = 0; v.kind == IR_V_TEMP && b < f->blocks.n; b++)
		for (uint32_t i = 0; i < f->blocks.v[b].insns.n; i++) {
			const struct ir_insn *n = &f->blocks.v[b].insns.v[i];

			if (n->op == IR_ADDR_GLOBAL && n->dst == v.i)
				return n->imm;
		}
	return IR_NONE;
}

static void add_user(struct scan *s, ir_fn fn, ir_fn user)
{
	if (fn != IR_NONE)
		*map_put(&s->users, (uint64_t)fn << 32 | user) = 1;
}

/* Functions that the code has the address of, or gives a callee in a table, for it to call. */
static void add_users(struct scan *s, const struct ir_insn *i, ir_fn user)
{
	const struct ir_unit *u = s->j->e.unit;
	const struct ir_func *f = &u->funcs.v[user];

	if (i->op == IR_ADDR_FUNC)
		add_user(s, i->imm, user);
	if (i->op != IR_CALL || i->imm == IR_NONE || !(u->funcs.v[i->imm].flags & IR_FN_HAS_BODY))
		return;
	for (unsigned k = 0; k < i->nargs; k++) {
		ir_glob g = global_at(f, f->args.v[i->args + k]);

		for (uint32_t n = 0; g != IR_NONE && n < u->globals.v[g].inits.n; n++)
			add_user(s, u->globals.v[g].inits.v[n].fn, user);
	}
}

static void scan_calls(struct scan *s, ir_fn fn)
{
	struct ir_unit *u = s->j->e.unit;

	for (uint32_t b = 0; b < u->funcs.v[fn].blocks.n; b++)
		for (uint32_t i = 0; i < u->funcs.v[fn].blocks.v[b].insns.n; i++) {
			const struct ir_insn *in = &u->funcs.v[fn].blocks.v[b].insns.v[i];

			if (in->op == IR_CALL && in->imm == IR_NONE)
				scan_targets(s, in, fn);
			add_users(s, in, fn);
			if (in->op != IR_CALL || in->imm == IR_NONE)
				continue;
			add_call(s, in->imm, fn);
		}
}

static void keep_callers(struct scan *s)
{
	struct judge *j = s->j;

	array_clear(&j->callers.list);
	for (uint32_t i = 0; i < s->callers.entries.n; i++) {
		uint64_t edge = s->callers.entries.v[i].key;

		edges_add(&j->callers, edges_from(edge), edges_to(edge));
		*map_put(&j->called, edges_from(edge)) = 1;
	}
	edges_sort(&j->callers);
}

static bool is_open(const struct judge *j, ir_fn fn)
{
	uint32_t flags = j->e.unit->funcs.v[fn].flags;

	return !(flags & IR_FN_STATIC) || flags & IR_FN_ADDR_TAKEN;
}

/* Functions that only each other call, or themselves: nobody else is seen to begin there. */
static void find_cycles(struct judge *j)
{
	uint64_t *reached = arena_new_array(&j->report->arena, uint64_t, j->nfuncs / 64 + 1);
	struct edges calls = { 0 };

	for (uint32_t i = 0; i < j->callers.list.n; i++)
		edges_add(&calls, edges_to(j->callers.list.v[i]), edges_from(j->callers.list.v[i]));
	edges_sort(&calls);
	for (ir_fn fn = 0; fn < j->nfuncs; fn++)
		if (!map_get(&j->called, fn))
			edges_reach(&calls, reached, fn);
	/* Those that other units can call go first. */
	for (unsigned inner = 0; inner < 2; inner++)
		for (ir_fn fn = 0; fn < j->nfuncs; fn++) {
			if (edges_has(reached, fn) || (!inner && !is_open(j, fn)))
				continue;
			*map_put(&j->begun, fn) = 1;
			edges_reach(&calls, reached, fn);
		}
	edges_release(&calls);
}

static bool is_called(const struct judge *j, ir_fn fn)
{
	return map_get(&j->called, fn) && !map_get(&j->begun, fn);
}

struct fn_list { Array(ir_fn) v; };

static void add_callers(const struct judge *j, uint64_t *bits, ir_fn callee, struct fn_list *new)
{
	const struct edges *g = &j->callers;

	for (uint32_t i = edges_first(g, callee);
	     i < g->list.n && edges_from(g->list.v[i]) == callee; i++) {
		ir_fn caller = edges_to(g->list.v[i]);

		if (edges_has(bits, caller))
			continue;
		edges_put(bits, caller);
		array_push(&new->v, caller);
	}
}

/* Those that call the relevant ones, and so on. */
static void close_over_callers(struct judge *j)
{
	for (ir_fn fn = 0; fn < j->nfuncs; fn++)
		if (edges_has(j->relevant, fn) && !edges_has(j->reaching, fn))
			edges_reach(&j->callers, j->reaching, fn);
}

struct setting { struct judge *j; const struct bound_rule *b; };

/* The function has a store to a field of the rule's policies. */
static bool sets_field(void *arg, const struct ir_func *f)
{
	const struct setting *x = arg;
	const struct bound_rule *b = x->b;

	for (uint32_t k = 0; k < f->blocks.n; k++)
		for (uint32_t i = 0; i < f->blocks.v[k].insns.n; i++) {
			const struct ir_insn *in = &f->blocks.v[k].insns.v[i];
			struct class c;

			if (in->op != IR_STORE || in->rec == IR_NONE)
				continue;
			c = engine_class(&x->j->e, in->rec, in->recoff, in->width);
			for (unsigned p = 0; p < b->rule->npolicy; p++)
				if (c.rec == b->policies[p].rec && c.off == b->policies[p].off)
					return true;
		}
	return false;
}

uint64_t *relevant_users(struct judge *j, bool (*pred)(void *, const struct ir_func *), void *arg)
{
	uint64_t *bits = arena_new_array(&j->report->arena, uint64_t, j->nfuncs / 64 + 1);

	for (ir_fn fn = 0; fn < j->nfuncs; fn++) {
		const struct ir_func *f = &j->e.unit->funcs.v[fn];

		if (f->blocks.n && !edges_has(bits, fn) && pred(arg, f))
			edges_reach(&j->callers, bits, fn);
	}
	return bits;
}

uint64_t *relevant_setters(struct judge *j, const struct bound_rule *b)
{
	struct setting x = { j, b };

	return relevant_users(j, sets_field, &x);
}

static void scan_code(struct scan *s)
{
	struct ir_unit *u = s->j->e.unit;

	for (ir_fn fn = 0; fn < u->funcs.n; fn++)
		if ((u->funcs.v[fn].flags & (IR_FN_HAS_BODY | IR_FN_HEADER | IR_FN_EXPR)) ==
		    IR_FN_HAS_BODY)
			enqueue(s, fn);
	for (uint32_t i = 0; i < s->work.n; i++)
		if (ir_func_body(u, s->work.v[i]))
			scan_calls(s, s->work.v[i]);
}

static void scan_release(struct scan *s)
{
	array_release(&s->work);
	map_release(&s->seen);
	map_release(&s->callers);
	map_release(&s->users);
	map_release(&s->open);
}

/* Who calls a function, or hands it to others to call, and so on; bits has those to begin with. */
static void close_over_users(const struct scan *s, uint64_t *bits)
{
	const struct map *const edges[] = { &s->callers, &s->users };
	bool more = true;

	while (more) {
		more = false;
		for (unsigned k = 0; k < 2; k++)
			for (uint32_t i = 0; i < edges[k]->entries.n; i++) {
				uint64_t key = edges[k]->entries.v[i].key;

				if (!edges_has(bits, key >> 32) || edges_has(bits, (ir_fn)key))
					continue;
				edges_put(bits, (ir_fn)key);
				more = true;
			}
	}
}

/*
 * Those that access what the rules look at; and those that call them, near or far, and handle
 * an object of a rule themselves.
 */
static void find_touching(const struct scan *s, struct touch *t)
{
	struct judge *j = s->j;
	uint64_t *users = arena_new_array(&j->report->arena, uint64_t, j->nfuncs / 64 + 1);

	for (uint32_t i = 0; i < s->work.n; i++) {
		const struct ir_func *f = &j->e.unit->funcs.v[s->work.v[i]];

		if (f->state == IR_BODY_FAILED || touch_accesses(t, f))
			edges_put(j->touching, s->work.v[i]);
	}
	memcpy(users, j->touching, (j->nfuncs / 64 + 1) * sizeof(*users));
	close_over_users(s, users);
	for (uint32_t i = 0; i < s->work.n; i++)
		if (edges_has(users, s->work.v[i]) &&
		    touch_handles(t, &j->e.unit->funcs.v[s->work.v[i]]))
			edges_put(j->touching, s->work.v[i]);
}

/* Which records are a rule's, or hold one: also those that nobody had to ask for. */
static void keep_subjects(struct judge *j, struct touch *t)
{
	map_release(&j->subjects);
	for (ir_rec rec = 0; rec < j->e.unit->records.n; rec++)
		*map_put(&j->subjects, rec) = touch_is_record(t, rec);
}

void relevant_compute(struct judge *j)
{
	struct scan s = { .j = j };
	struct touch t;

	scan_code(&s);
	if (ir_specialise(j->e.unit, &j->specials)) {
		scan_release(&s);
		s = (struct scan){ .j = j };
		scan_code(&s);
	}
	keep_callers(&s);
	j->nfuncs = j->e.unit->funcs.n;
	find_cycles(j);
	j->touching = arena_new_array(&j->report->arena, uint64_t, j->nfuncs / 64 + 1);
	j->relevant = arena_new_array(&j->report->arena, uint64_t, j->nfuncs / 64 + 1);
	j->reaching = arena_new_array(&j->report->arena, uint64_t, j->nfuncs / 64 + 1);
	touch_init(&t, j);
	find_touching(&s, &t);
	keep_subjects(j, &t);
	memcpy(j->relevant, j->touching, (j->nfuncs / 64 + 1) * sizeof(*j->relevant));
	close_over_callers(j);
	touch_release(&t);
	map_release(&j->open);
	j->open = s.open;
	s.open = (struct map){ 0 };
	scan_release(&s);
}

void relevant_release(struct judge *j)
{
	ir_unspecialise(j->e.unit, &j->specials);
	edges_release(&j->callers);
	map_release(&j->called);
	map_release(&j->begun);
	map_release(&j->subjects);
	map_release(&j->open);
}

bool relevant_has(const struct judge *j, ir_fn fn)
{
	return fn < j->nfuncs && edges_has(j->relevant, fn);
}

bool relevant_touches(const struct judge *j, ir_fn fn)
{
	return fn < j->nfuncs && edges_has(j->touching, fn);
}

bool relevant_reaches(const struct judge *j, ir_fn fn)
{
	return fn < j->nfuncs && edges_has(j->reaching, fn);
}

/* ------------------------------------------------- what is left to the callers */

/*
 * It has changed an object of a rule: what that is after the call is the caller's to judge.
 * made: one that it has made.
 */
static bool has_subject(const struct judge *j, const struct state *s, bool made)
{
	for (uint32_t i = 0; i < s->cells.n; i++) {
		const struct cell *c = &s->cells.v[i];
		const uint64_t *known = c->class.rec == IR_NONE ? NULL :
					map_get(&j->subjects, c->class.rec);

		if (c->written && known && *known && (!made || symbol_is_heap(&j->e.syms, c->root)))
			return true;
	}
	return false;
}

static bool leaves_locks(const struct state *s)
{
	return s->held.n || s->unsure.n || s->dropped.n || s->irq.now != IRQS_AS_BEFORE ||
	       s->irq.bh || s->irq.left.loc || s->irq.bh_left.loc;
}

static bool leaves_monitors(const struct state *s)
{
	for (unsigned i = 0; i < STATE_MONITORS; i++)
		if (s->monitor[i])
			return true;
	return false;
}

/* What was done to an object that others have made is settled where that was given away. */
static bool leaves_marks(const struct judge *j, const struct state *s)
{
	for (uint32_t i = 0; i < s->marks.n; i++) {
		const struct docket *d = docket_of_mark(j, &s->marks.v[i]);

		if (d->bound.rule->template != RULE_COUPLING ||
		    symbol_is_heap(&j->e.syms, s->marks.v[i].ref.root))
			return true;
	}
	return false;
}

static bool wants_locks(const struct summary *sum)
{
	for (uint32_t i = 0; i < sum->uses.n; i++)
		if (sum->uses.v[i].op == MODEL_LOCK_NEED)
			return true;
	return false;
}

/*
 * An obligation that the callers decide. A store of which nobody knows yet what it stores to
 * is one of a rule where a caller knows, which touches the rule's record then; what holds as
 * long as the object's fields stay as they are is decided by who changes them.
 */
static bool leaves_obligations(const struct summary *sum)
{
	for (uint32_t i = 0; i < sum->obligations.n; i++)
		if (!sum->obligations.v[i].is_pending && !sum->obligations.v[i].settled)
			return true;
	return false;
}

/* It is what the policy says, whoever calls, and no other rule asks for it. */
static bool is_decided(const struct judge *j, const struct shared_access *a)
{
	return a->sets && !engine_asks(&j->e, a->rec, a->off, a->width, false);
}

/* The same of accesses. */
static bool leaves_accesses(const struct judge *j, const struct summary *sum)
{
	for (uint32_t i = 0; i < sum->accesses.n; i++) {
		const struct shared_access *a = &sum->accesses.v[i];

		if (a->rec != IR_NONE && engine_watches(&j->e, a->rec) && !is_decided(j, a))
			return true;
	}
	return false;
}

/* What some templates want to know of a function's end, besides what it reports. */
struct asked { bool locks, made, changed; };

static struct asked asked_for(const struct judge *j)
{
	struct asked a = { false, false, false };

	for (uint32_t i = 0; i < j->ndockets; i++) {
		const struct bound_rule *b = &j->dockets[i].bound;

		a.locks |= b->usable && b->rule->template == RULE_LOCK_BALANCE;
		a.made |= b->usable && b->rule->template == RULE_COUPLING;
		a.changed |= b->usable && b->rule->template == RULE_PUBLISH_THEN_READ;
	}
	return a;
}

/* What a caller makes of the function depends on more than that it was called. */
static bool leaves_something(struct judge *j, ir_fn fn, struct asked asked)
{
	const struct summary *sum = engine_summary(&j->e, fn);

	if (sum->anything || sum->recursive || sum->within != IR_NONE || map_get(&j->open, fn) ||
	    leaves_obligations(sum) || leaves_accesses(j, sum) || sum->lost_obligations ||
	    sum->lost_accesses ||
	    (asked.locks && wants_locks(sum)))
		return true;
	for (uint32_t i = 0; i < sum->ncases; i++) {
		const struct state *s = &sum->cases[i].exit;

		if ((asked.locks && leaves_locks(s)) || leaves_monitors(s) || leaves_marks(j, s) ||
		    ((asked.made || asked.changed) && has_subject(j, s, !asked.changed)))
			return true;
	}
	return false;
}

/* A pointer to a part of a record is one that only who made it has a type for. */
static bool is_part_pointer(const struct judge *j, const struct ir_type *t)
{
	return t->kind == IR_T_PTR && !t->is_func_ptr &&
	       (t->rec == IR_NONE || map_get(&j->e.parts, t->rec));
}

/* An address in an object of a rule; *delta: bytes from its start. */
static bool is_inside(const struct judge *j, word_id w, int64_t *delta)
{
	const uint64_t *known;
	sym_id root;
	ir_rec rec;

	if (word_is_none(w) || !word_as_symoff(j->e.dom, w, &root, delta))
		return false;
	rec = symbol_info(&j->e.syms, root)->rec;
	known = rec == IR_NONE ? NULL : map_get(&j->subjects, rec);
	return known && *known;
}

/* The address of a member, which has not the type of the object. */
static bool stores_member(const struct judge *j, const struct state *s)
{
	int64_t delta;

	for (uint32_t i = 0; i < s->cells.n; i++) {
		const struct cell *c = &s->cells.v[i];

		if (c->written && c->kind == CELL_WORD && c->width == j->e.unit->ptr_width &&
		    is_inside(j, c->val, &delta) && delta)
			return true;
	}
	return false;
}

/* Who calls gets a pointer into an object of a rule that does not show what it points to. */
static bool leaves_address(struct judge *j, ir_fn fn)
{
	const struct summary *sum = engine_summary(&j->e, fn);

	if (is_part_pointer(j, &j->e.unit->funcs.v[fn].ret))
		return true;
	for (uint32_t i = 0; i < sum->ncases; i++)
		if (stores_member(j, &sum->cases[i].exit))
			return true;
	return false;
}

/* It is known to be one, without a record's type: who calls from another unit must be seen. */
static bool gives_member(struct judge *j, ir_fn fn)
{
	const struct summary *sum = engine_summary(&j->e, fn);
	const struct ir_type *t = &j->e.unit->funcs.v[fn].ret;
	int64_t delta;

	for (uint32_t i = 0; i < sum->ncases; i++)
		if (t->kind == IR_T_PTR && t->rec == IR_NONE &&
		    is_inside(j, sum->cases[i].ret, &delta))
			return true;
	return false;
}

static void take_callers(struct judge *j, ir_fn fn, struct fn_list *work)
{
	struct fn_list touching = { 0 };

	add_callers(j, j->relevant, fn, work);
	if (leaves_address(j, fn))
		add_callers(j, j->touching, fn, &touching);
	if (gives_member(j, fn))
		relevant_need_callers(j, fn);
	array_release(&touching.v);
}

void relevant_analyse(struct judge *j, unsigned *nfunctions)
{
	struct fn_list work = { 0 };
	const struct asked asked = asked_for(j);

	for (ir_fn fn = 0; fn < j->nfuncs; fn++)
		if (relevant_has(j, fn) && !(j->e.unit->funcs.v[fn].flags & IR_FN_EXPR))
			array_push(&work.v, fn);
	for (uint32_t i = 0; i < work.v.n; i++)
		if (leaves_something(j, work.v.v[i], asked) || leaves_address(j, work.v.v[i]))
			take_callers(j, work.v.v[i], &work);
	*nfunctions += work.v.n;
	array_release(&work.v);
}

/* --------------------------------------------------------------- entry points */

/* Of a program: nobody in it calls the function, or somebody else may. */
static bool is_entry_of_program(const struct judge *j, ir_fn fn, bool called)
{
	const struct ir_unit *u = j->e.unit;

	bool wanted = !(u->funcs.v[fn].flags & IR_FN_STATIC) && j->in.wants &&
		      j->in.wants(j->in.arg, intern_get(&u->names, u->funcs.v[fn].name));

	return !called || wanted;
}

bool relevant_is_inner(const struct judge *j, ir_fn fn)
{
	return !j->in.fe && is_called(j, fn);
}

bool relevant_is_unused(const struct judge *j, ir_fn fn)
{
	uint32_t flags = j->e.unit->funcs.v[fn].flags;

	return flags & IR_FN_INLINE && !(flags & (IR_FN_HEADER | IR_FN_EXPR)) &&
	       !is_called(j, fn);
}

/* Who calls through the members that it stands in may be in units that were skipped. */
static void want_callers(const struct judge *j, ir_fn fn)
{
	const struct targets *t = &j->targets;

	for (uint32_t i = 0; j->in.wants && i < t->slots.n; i++)
		if (targets_stands_in(&t->slots.v[i], fn))
			j->in.wants(j->in.arg, intern_get(&t->unit->names, t->slots.v[i].member));
}

void relevant_need_callers(const struct judge *j, ir_fn fn)
{
	const struct ir_unit *u = j->e.unit;
	const struct targets *t = &j->targets;

	if (!j->in.needs)
		return;
	if (!(u->funcs.v[fn].flags & IR_FN_STATIC))
		j->in.needs(j->in.arg, intern_get(&u->names, u->funcs.v[fn].name));
	for (uint32_t i = 0; u->funcs.v[fn].flags & IR_FN_ADDR_TAKEN && i < t->slots.n; i++)
		if (targets_stands_in(&t->slots.v[i], fn))
			j->in.needs(j->in.arg, intern_get(&u->names, t->slots.v[i].member));
}

bool relevant_is_entry(const struct judge *j, ir_fn fn)
{
	uint32_t flags = j->e.unit->funcs.v[fn].flags;
	bool called = is_called(j, fn);

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
