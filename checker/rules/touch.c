/* SPDX-License-Identifier: MIT */
#include "rules/touch.h"

#include <string.h>

#define EMBEDDING_DEPTH 8

/* ------------------------------------------------------- what the rules look at */

static void add_record(struct touch *t, ir_rec rec)
{
	if (rec != IR_NONE)
		*map_put(&t->records.those, rec) = 1;
}

static void add_whole(struct touch *t, ir_rec rec)
{
	if (rec == IR_NONE)
		return;
	add_record(t, rec);
	*map_put(&t->whole.those, rec) = 1;
}

static bool same_span(const struct ir_span *a, const struct ir_span *b)
{
	return a->rec == b->rec && a->off == b->off && a->width == b->width;
}

static void add_span(struct touch *t, const struct written *w)
{
	for (uint32_t i = 0; i < t->spans.n; i++) {
		const struct written *have = &t->spans.v[i];

		if (same_span(&have->field, &w->field) && same_span(&have->in, &w->in) &&
		    have->asks == w->asks)
			return;
	}
	if (w->field.rec == IR_NONE)
		return;
	array_push(&t->spans, *w);
	*map_put(&t->spanned.those, w->field.rec) = 1;
	*map_put(&t->spanned.those, w->in.rec) = 1;
}

static void add_bits(struct touch *t, ir_rec rec, uint64_t off, uint64_t width)
{
	const struct ir_span span = { rec, off, width };

	add_record(t, rec);
	add_span(t, &(struct written){ span, span, WRITER_ACCESSES, t->j->e.model });
}

static void add_field(struct touch *t, const struct bound_field *f, bool named)
{
	if (named)
		add_bits(t, f->rec, f->off, f->width);
}

/* Code that nobody sees is not to write it: who gives it the object is looked at too. */
static void add_kept(struct touch *t, const struct bound_field *f)
{
	const struct ir_span span = { f->rec, f->off, f->width };

	add_span(t, &(struct written){ span, span, WRITER_WRITES, NULL });
}

/* What an expression of a rule reads. */
static void add_reads(struct touch *t, ir_fn expr)
{
	const struct ir_func *f = expr == IR_NONE ? NULL : &t->j->e.unit->funcs.v[expr];

	if (!f)
		return;
	for (uint32_t b = 0; b < f->blocks.n; b++)
		for (uint32_t i = 0; i < f->blocks.v[b].insns.n; i++) {
			const struct ir_insn *n = &f->blocks.v[b].insns.v[i];

			if (n->rec != IR_NONE)
				add_bits(t, n->rec, n->recoff, n->width);
		}
}

/* The locations of its bit-fields. */
static void add_bitfields(struct touch *t, ir_rec rec)
{
	const struct ir_record *r = &t->j->e.unit->records.v[rec];

	for (uint32_t i = 0; i < r->fields.n; i++)
		if (r->fields.v[i].is_bitfield)
			add_bits(t, rec, r->fields.v[i].unit_off, r->fields.v[i].unit_width);
}

static void add_locking(struct touch *t, const struct bound_rule *b)
{
	const struct rule_locking *l = &b->rule->locking;

	for (unsigned i = 0; i < l->nfields; i++) {
		add_field(t, &b->fields[i], true);
		if (b->rule->template == RULE_STABLE_FIELD)
			add_kept(t, &b->fields[i]);
	}
	for (unsigned i = 0; i < l->nlocks; i++)
		add_field(t, &b->locks[i], true);
	add_field(t, &b->list, l->list.field);
	add_field(t, &b->flag, l->flag.field);
	if (b->record == IR_NONE)
		return;
	if (b->rule->template == RULE_STORAGE_UNIT || b->rule->template == RULE_LOST_BIT)
		add_bitfields(t, b->record);
	else
		add_whole(t, b->record);
}

/* It is the records of its names that tell where the rule has something to look at. */
static void add_names(struct touch *t, const struct bound_rule *b)
{
	for (unsigned i = 0; i < b->rule->nbind; i++) {
		if (b->rule->template == RULE_COUPLING)
			add_whole(t, b->names[i]);
		else if (b->rule->template == RULE_REFUSE_WARN)
			add_record(t, b->names[i]);
	}
	if (b->rule->template == RULE_REFUSE_WARN)
		add_reads(t, b->guard);
}

static void add_rule(struct touch *t, const struct bound_rule *b)
{
	for (unsigned i = 0; i < b->nsinks; i++) {
		if (b->sinks[i].at->kind == AT_STORE)
			add_whole(t, b->sinks[i].class.rec);
		add_whole(t, b->sinks[i].from.rec);
		add_reads(t, b->sinks[i].expr);
	}
	add_names(t, b);
	add_locking(t, b);
	/* All who write a field of a policy are looked at. */
	for (unsigned i = 0; i < b->rule->npolicy; i++) {
		const struct field_policy *p = &b->policies[i];

		add_span(t, &(struct written){ { p->rec, p->off, p->width }, b->policy_in[i],
					       WRITER_WRITES, NULL });
	}
}

void touch_init(struct touch *t, struct judge *j)
{
	*t = (struct touch){ .j = j };
	add_whole(t, j->infer);
	for (uint32_t i = 0; i < j->norigins; i++)
		add_whole(t, j->origins.v[i].rec);
	for (uint32_t i = 0; i < j->ndockets; i++)
		if (j->dockets[i].bound.usable)
			add_rule(t, &j->dockets[i].bound);
}

static void release_records(struct touch_records *r)
{
	map_release(&r->those);
	map_release(&r->holders);
}

void touch_release(struct touch *t)
{
	array_release(&t->spans);
	release_records(&t->records);
	release_records(&t->whole);
	release_records(&t->spanned);
}

/* ------------------------------------------------------------------ the records */

static bool holds(const struct ir_unit *u, struct touch_records *set, ir_rec rec, unsigned depth)
{
	const struct ir_record *r;
	uint64_t *known = rec == IR_NONE ? NULL : map_get(&set->holders, rec);
	bool is;

	if (rec == IR_NONE || depth > EMBEDDING_DEPTH)
		return false;
	if (known)
		return *known;
	r = &u->records.v[rec];
	is = map_get(&set->those, rec) != NULL;
	for (uint32_t i = 0; !is && i < r->fields.n; i++)
		is = r->fields.v[i].type.kind == IR_T_AGG &&
		     holds(u, set, r->fields.v[i].type.rec, depth + 1);
	*map_put(&set->holders, rec) = is;
	return is;
}

bool touch_is_record(struct touch *t, ir_rec rec)
{
	return holds(t->j->e.unit, &t->records, rec, 0);
}

/* The function has a pointer to one, or accesses one. */
static bool handles(const struct ir_unit *u, struct touch_records *set, const struct ir_func *f)
{
	for (uint32_t t = 0; t < f->temps.n; t++)
		if (f->temps.v[t].type.kind == IR_T_PTR && holds(u, set, f->temps.v[t].type.rec, 0))
			return true;
	for (uint32_t b = 0; b < f->blocks.n; b++)
		for (uint32_t i = 0; i < f->blocks.v[b].insns.n; i++)
			if (holds(u, set, f->blocks.v[b].insns.v[i].rec, 0))
				return true;
	return false;
}

bool touch_handles(struct touch *t, const struct ir_func *f)
{
	return handles(t->j->e.unit, &t->records, f);
}

/* -------------------------------------------------------------------- the calls */

static bool is_sink(const struct touch *t, const struct bound_rule *b, ir_fn callee)
{
	for (unsigned k = 0; k < b->nsinks; k++)
		if (bind_is_call(&b->sinks[k], t->j->e.unit, callee))
			return true;
	return false;
}

static bool listed(const char *name, const char *const *names, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

static bool is_lock_call(const struct touch *t, const char *name)
{
	const struct model_func *m = model_func(t->j->e.model, name);

	return m && m->lock.op != MODEL_LOCK_NONE;
}

/* A call that a rule is about, whatever records the function handles. */
static bool is_subject(const struct touch *t, const struct bound_rule *b, ir_fn callee)
{
	const struct ir_unit *u = t->j->e.unit;
	const struct rule_locking *l = &b->rule->locking;
	const char *both[] = { l->act, l->undo }, *name = intern_get(&u->names, u->funcs.v[callee].name);

	return listed(name, l->install, l->ninstall) || listed(name, l->apply, l->napply) || (l->act && listed(name, both, 2)) ||
	       (b->rule->template == RULE_LOCK_BALANCE && !l->nlocks && is_lock_call(t, name)) ||
	       is_sink(t, b, callee);
}

static bool calls_subject(const struct touch *t, const struct ir_func *f)
{
	for (uint32_t b = 0; b < f->blocks.n; b++)
		for (uint32_t i = 0; i < f->blocks.v[b].insns.n; i++) {
			const struct ir_insn *n = &f->blocks.v[b].insns.v[i];

			for (uint32_t k = 0; n->op == IR_CALL && n->imm != IR_NONE &&
					     k < t->j->ndockets; k++)
				if (t->j->dockets[k].bound.usable &&
				    is_subject(t, &t->j->dockets[k].bound, n->imm))
					return true;
		}
	return false;
}

/* ------------------------------------------------------------------ a function */

/* Whether it gives every member the setting is its own affair, whoever calls. */
static bool is_applying(const struct touch *t, const struct ir_func *f)
{
	const char *name = intern_get(&t->j->e.unit->names, f->name);

	for (uint32_t i = 0; i < t->j->ndockets; i++) {
		const struct bound_rule *b = &t->j->dockets[i].bound;

		if (b->usable && listed(name, b->rule->locking.apply, b->rule->locking.napply))
			return true;
	}
	return false;
}

bool touch_accesses(struct touch *t, const struct ir_func *f)
{
	const struct ir_unit *u = t->j->e.unit;

	if (calls_subject(t, f) || is_applying(t, f) || handles(u, &t->whole, f))
		return true;
	if (!handles(u, &t->spanned, f))
		return false;
	for (uint32_t i = 0; i < t->spans.n; i++)
		if (writer_may(u, f, &t->spans.v[i]))
			return true;
	return false;
}
