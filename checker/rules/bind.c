/* SPDX-License-Identifier: MIT */
#include "rules/bind.h"

#include <stdio.h>
#include <string.h>

#include "engine/fun.h"
#include "rules/snippet.h"
#include "rules/subject.h"

/* ----------------------------------------------------------------- the "when" */

static enum outcome_when clause_state(const struct binder *in, const struct rule_when *w)
{
	struct ir_unit *u = in->unit;
	ir_rec rec = binder_record(in, w->record);
	bool there = rec != IR_NONE && u->records.v[rec].complete;

	if (!w->field)
		return there != w->absent ? WHEN_TRUE : there ? WHEN_FALSE : WHEN_UNKNOWN;
	if (!there)
		return WHEN_UNKNOWN;
	return (ir_field_find(u, rec, w->field) != NULL) != w->absent ? WHEN_TRUE : WHEN_FALSE;
}

static enum outcome_when when_state(const struct binder *in, const struct rule *r)
{
	enum outcome_when all = WHEN_TRUE;

	for (unsigned i = 0; i < r->nwhen; i++) {
		enum outcome_when s = clause_state(in, &r->when[i]);

		if (s == WHEN_FALSE)
			return s;
		if (s == WHEN_UNKNOWN)
			all = s;
	}
	return all;
}

/* ---------------------------------------------------------------- the anchors */

/* The record a C pointer type names: "struct foo *"; IR_NONE for anything else. */
static ir_rec pointee(const struct binder *in, const char *type)
{
	char tag[SUBJECT_TAG];

	return subject_pointee(type, tag) ? binder_record(in, tag) : IR_NONE;
}

static void miss(struct bound_rule *b, const struct rule_pos *pos, const char *what)
{
	if (b->missing)
		return;
	b->missing = what;
	b->missing_pos = *pos;
}

static ir_fn expression(struct bound_rule *b, const struct binder *in, const char *name, uint32_t line,
			const struct rule_pos *pos, struct arena *a)
{
	struct ir_unit *u = in->unit;
	const char *fault = binder_fault(in, line);
	ir_fn fn = ir_func_find(u, name);

	if (fault)
		miss(b, pos, arena_printf(a, "the expression cannot be resolved: %s", fault));
	else if (fn == IR_NONE || !ir_func_body(u, fn))
		miss(b, pos, "the expression cannot be resolved");
	return fn;
}

static void bind_store(struct bound_rule *b, struct bound_sink *s, const struct binder *in,
		       struct arena *a)
{
	struct ir_unit *u = in->unit;
	ir_rec rec = binder_record(in, s->at->record);
	const struct ir_field *f = ir_field_find(u, rec, s->at->field);

	if (!f) {
		miss(b, &s->at->pos, arena_printf(a, "'%s.%s' was not found", s->at->record,
						  s->at->field));
		return;
	}
	s->class = (struct class){ rec, f->off, (uint32_t)f->width };
}

static struct class bind_source(struct bound_rule *b, const char *record, const char *field,
				const struct rule_pos *pos, const struct binder *in,
				struct arena *a)
{
	ir_rec rec = record ? binder_record(in, record) : IR_NONE;
	const struct ir_field *f = record ? ir_field_find(in->unit, rec, field) : NULL;

	if (f)
		return (struct class){ rec, f->off, (uint32_t)f->width };
	if (record)
		miss(b, pos, arena_printf(a, "'%s.%s' was not found", record, field));
	return (struct class){ IR_NONE, 0, 0 };
}

static const struct rule_expr *sink_expr(const struct rule *r, unsigned sink)
{
	return r->template == RULE_TWO_SIDED ? &r->locking.sides[sink].unless : &r->require;
}

static void bind_sinks(struct bound_rule *b, const struct rule_set *rules, const struct binder *in,
		       struct arena *a)
{
	const struct rule *r = b->rule;
	uint32_t line = snippet_line(rules, b->number);
	char name[64];

	for (unsigned k = 0; k < r->nat && k < BOUND_SINKS; k++) {
		struct bound_sink *s = &b->sinks[b->nsinks++];

		s->at = &r->at[k];
		s->call = IR_NONE;
		s->class = (struct class){ IR_NONE, k, 0 };
		s->from = bind_source(b, s->at->from_record, s->at->from_field, &s->at->pos, in, a);
		s->not_from = bind_source(b, s->at->not_record, s->at->not_field, &s->at->pos, in,
					  a);
		if (s->at->kind == AT_STORE && s->at->record)
			bind_store(b, s, in, a);
		else if (s->at->kind == AT_CALL)
			s->call = ir_func_find(in->unit, s->at->function);
		snprintf(name, sizeof(name), SNIPPET_REQUIRE, r->id, k);
		s->expr = expression(b, in, name, line + k, &sink_expr(r, k)->pos, a);
	}
	if (r->nat > BOUND_SINKS)
		miss(b, &r->pos, "the rule has too many sinks");
}

static bool bind_policy_lock(struct bound_rule *b, const struct rule_policy *p,
			     struct field_policy *fp, const struct binder *in, struct arena *a)
{
	fp->has_lock = p->lock && bind_member(in->unit, fp->rec, p->lock, &fp->lock_off);
	if (fp->has_lock || !p->lock)
		return true;
	miss(b, &p->pos, arena_printf(a, "'%s' was not found in '%s'", p->lock, p->record));
	return false;
}

/* The field where it stands in objects of the outer record; the same where there is none. */
static bool bind_outer(struct bound_rule *b, const struct rule_policy *p,
		       const struct field_policy *fp, struct ir_span *out,
		       const struct binder *in, struct arena *a)
{
	ir_rec outer = p->in_record ? binder_record(in, p->in_record) : IR_NONE;
	const struct ir_field *f = p->in_record ? ir_field_find(in->unit, outer, p->in_field) : NULL;

	*out = (struct ir_span){ fp->rec, fp->off, fp->width };
	if (!p->in_record)
		return true;
	if (!f || f->type.kind != IR_T_AGG || f->type.rec != fp->rec) {
		miss(b, &p->pos, arena_printf(a, f ? "'%s.%s' is no '%s'" : "'%s.%s' was not found",
					      p->in_record, p->in_field, p->record));
		return false;
	}
	*out = (struct ir_span){ outer, f->off + fp->off, fp->width };
	return true;
}

static void bind_policies(struct bound_rule *b, const struct binder *in, struct arena *a)
{
	static const enum policy kinds[] = {
		[POLICY_INIT_ONLY] = POLICY_INIT, [POLICY_MONOTONE] = POLICY_MONO,
		[POLICY_GUARDED] = POLICY_GUARD, [POLICY_SET_ONCE] = POLICY_ONCE,
	};
	struct ir_unit *u = in->unit;

	b->policies = arena_new_array(a, struct field_policy, b->rule->npolicy + 1);
	b->policy_in = arena_new_array(a, struct ir_span, b->rule->npolicy + 1);
	for (unsigned i = 0; i < b->rule->npolicy; i++) {
		const struct rule_policy *p = &b->rule->policy[i];
		ir_rec rec = binder_record(in, p->record);
		const struct ir_field *f = ir_field_find(u, rec, p->field);
		struct field_policy fp = { .rec = rec, .stable = p->monotone_to };

		if (!f) {
			miss(b, &p->pos, arena_printf(a, "'%s.%s' was not found", p->record,
						      p->field));
			continue;
		}
		if (!bind_policy_lock(b, p, &fp, in, a))
			continue;
		fp.kind = (uint8_t)kinds[p->kind];
		fp.off = f->off;
		fp.width = f->width;
		if (bind_outer(b, p, &fp, &b->policy_in[i], in, a))
			b->policies[i] = fp;
	}
}

bool bind_is_call(const struct bound_sink *s, const struct ir_unit *u, ir_fn callee)
{
	return s->at->kind == AT_CALL && s->call != IR_NONE &&
	       u->funcs.v[s->call].name == u->funcs.v[callee].name;
}

/* --------------------------------------------------------- locks and fields */

void bind_watch(struct engine *e, const struct bound_field *f)
{
	engine_watch_span(e, &(struct ir_span){ f->rec, f->off, f->width });
}

void bind_watch_record(struct engine *e, const struct bound_rule *b)
{
	const struct ir_record *r = &e->unit->records.v[b->record];

	if (b->rule->template != RULE_STORAGE_UNIT && b->rule->template != RULE_LOST_BIT) {
		engine_watch(e, b->record);
		return;
	}
	for (uint32_t i = 0; i < r->fields.n; i++)
		if (r->fields.v[i].is_bitfield)
			engine_watch_writes(e, &(struct ir_span){ b->record, r->fields.v[i].unit_off,
								  r->fields.v[i].unit_width });
}

static void bind_one_field(struct bound_rule *b, struct bound_field *out,
			   const struct rule_field *f, const struct binder *in, struct engine *e,
			   struct arena *a)
{
	const char *missing = bind_field(out, f, in, a);

	if (missing)
		miss(b, &f->pos, missing);
	else
		bind_watch(e, out);
}

static void bind_record(struct bound_rule *b, const struct binder *in, struct engine *e,
			struct arena *a)
{
	const struct rule_locking *l = &b->rule->locking;

	if (!l->record)
		return;
	b->record = binder_record(in, l->record);
	if (b->record == IR_NONE || !in->unit->records.v[b->record].complete)
		miss(b, &l->record_pos, arena_printf(a, "'%s' was not found", l->record));
	else
		bind_watch_record(e, b);
}

/* The lock is looked for from an object of this record. */
static void bind_rule_lock(struct bound_rule *b, const char *record, uint32_t line,
			   const struct binder *in, struct arena *a)
{
	const struct rule_lock *l = &b->rule->locking.lock;
	const char *missing;

	if (b->missing)
		return;
	if (l->is_global)
		expression(b, in, arena_printf(a, SNIPPET_LOCK, b->rule->id), line, &l->pos, a);
	missing = bind_lock(&b->lock, l, binder_record(in, record), in, a);
	if (missing)
		miss(b, &l->pos, missing);
}

/* The record of the object that the lock is looked for from; NULL without a lock. */
static const char *lock_record(const struct rule *r)
{
	if (r->template == RULE_GUARDED_BY)
		return r->locking.nfields ? r->locking.fields[0].record : NULL;
	if (r->template == RULE_TWO_SIDED)
		return r->locking.sides[0].set.record;
	return r->template == RULE_PUBLISH_THEN_READ ? r->locking.list.record : NULL;
}

/* What the fields are guarded by. Where none is declared there is nothing to judge. */
static void bind_guards(struct bound_rule *b, const struct binder *in, struct arena *a)
{
	const struct rule_locking *l = &b->rule->locking;

	if (b->missing)
		return;
	b->nguards = l->declared ? bind_count_declared(in->unit, b->record, l->declared) : l->nfields;
	b->guards = arena_new_array(a, struct bound_guard, b->nguards);
	if (l->declared)
		bind_declared(b->guards, b->record, l->declared, in, a);
	for (unsigned i = 0; i < l->nfields; i++)
		b->guards[i] = (struct bound_guard){ .field = b->fields[i], .name = l->fields[i].field,
						     .text = l->lock.text, .locks = { b->lock },
						     .nlocks = 1 };
	if (!b->nguards)
		b->when = WHEN_FALSE;
}

static void bind_locking(struct bound_rule *b, const struct rule_set *rules, const struct binder *in,
			 struct engine *e, struct arena *a)
{
	const struct rule_locking *l = &b->rule->locking;

	for (unsigned i = 0; i < l->nfields; i++)
		bind_one_field(b, &b->fields[i], &l->fields[i], in, e, a);
	for (unsigned i = 0; i < l->nlocks; i++)
		bind_one_field(b, &b->locks[i], &l->locks[i], in, e, a);
	if (l->list.field)
		bind_one_field(b, &b->list, &l->list, in, e, a);
	if (l->flag.field)
		bind_one_field(b, &b->flag, &l->flag, in, e, a);
	if (l->inner.field)
		bind_one_field(b, &b->inner, &l->inner, in, e, a);
	if (l->entry)
		b->entry = binder_record(in, l->entry);
	bind_record(b, in, e, a);
	if (lock_record(b->rule))
		bind_rule_lock(b, lock_record(b->rule), snippet_line(rules, b->number), in, a);
	if (b->rule->template == RULE_GUARDED_BY)
		bind_guards(b, in, a);
}

static void bind_names(struct bound_rule *b, const struct binder *in, struct engine *e)
{
	for (unsigned i = 0; i < b->rule->nbind && i < BOUND_NAMES; i++) {
		struct symbol key = symbol_key(SYM_K_BOUND, IR_NONE, e->unit->ptr_width);

		b->names[i] = pointee(in, b->rule->bind[i].type);
		key.a = (uint64_t)b->number << 8 | i;
		key.rec = b->names[i];
		key.origin = ORIGIN_INPUT;
		b->symbols[i] = symbol_get(&e->syms, &key);
	}
	if (b->rule->nbind > BOUND_NAMES)
		miss(b, &b->rule->pos, "the rule binds too many names");
}

void bind_rule(struct bound_rule *b, const struct rule_set *rules, uint32_t number,
	       const struct binder *in, struct engine *e, struct arena *a)
{
	const struct rule *r = &rules->rules.v[number];
	char name[64];

	*b = (struct bound_rule){ .rule = r, .number = number, .guard = IR_NONE,
				  .record = IR_NONE, .entry = IR_NONE };
	b->when = (uint8_t)when_state(in, r);
	if (b->when != WHEN_TRUE)
		return;
	bind_names(b, in, e);
	bind_policies(b, in, a);
	bind_sinks(b, rules, in, a);
	if (r->template == RULE_REFUSE_WARN || r->template == RULE_COUPLING || r->bits.text) {
		snprintf(name, sizeof(name), SNIPPET_GUARD, r->id);
		b->guard = expression(b, in, name, snippet_line(rules, number),
				      r->guard.text ? &r->guard.pos :
				      r->bits.text ? &r->bits.pos : &r->require.pos, a);
	}
	bind_locking(b, rules, in, e, a);
	b->usable = !b->missing && b->when == WHEN_TRUE;
}
