/* SPDX-License-Identifier: MIT */
#include "rules/concern.h"

#include <string.h>

#include "rules/subject.h"
#include "rules/writer.h"

struct scan {
	const struct ir_unit *u;
	const struct model *model;
	struct concern *c;
	struct map handled;	/* records that code handles, and those in them */
	bool takes_locks;
	bool unread;		/* a function has no IR */
	bool found;		/* the rule in question names something of the unit */
};

/* ------------------------------------------------------------------ the code */

static uint64_t name_hash(const char *name)
{
	return hash_bytes(name, strlen(name), 0);
}

static void handle(struct scan *s, ir_rec rec)
{
	const struct ir_record *r;

	if (rec == IR_NONE || map_get(&s->handled, rec))
		return;
	*map_put(&s->handled, rec) = 1;
	r = &s->u->records.v[rec];
	*map_put(&s->c->names, name_hash(intern_get(&s->u->names, r->tag))) = 1;
	for (uint32_t i = 0; i < r->fields.n; i++)
		if (r->fields.v[i].type.kind == IR_T_AGG)
			handle(s, r->fields.v[i].type.rec);
}

static const char *function_name(const struct scan *s, ir_fn fn)
{
	return intern_get(&s->u->names, s->u->funcs.v[fn].name);
}

static void see_function(struct scan *s, ir_fn fn)
{
	const char *name = function_name(s, fn);
	const struct model_func *m = model_func(s->model, name);

	*map_put(&s->c->names, name_hash(name)) = 1;
	s->takes_locks |= m && m->lock.op != MODEL_LOCK_NONE;
}

/* The member with a pointer to a function there; or that may have one. */
static void see_member(struct scan *s, ir_rec rec, uint64_t off)
{
	const struct ir_field *f;
	ir_rec inner;

	if (rec == IR_NONE)
		return;
	f = ir_field_at(s->u, rec, off, s->u->ptr_width, &inner, &off);
	if (f && f->type.is_func_ptr)
		*map_put(&s->c->names, name_hash(intern_get(&s->u->names, f->name))) = 1;
}

static void see_insn(struct scan *s, const struct ir_insn *i)
{
	handle(s, i->rec);
	if (i->op == IR_ADDR_FUNC || (i->op == IR_CALL && i->imm != IR_NONE))
		see_function(s, i->imm);
	else if (i->op == IR_CALL || i->op == IR_STORE || i->op == IR_RMW)
		see_member(s, i->rec, i->recoff);
}

static void see_global(struct scan *s, const struct ir_global *g)
{
	if (g->type.kind == IR_T_AGG)
		handle(s, g->type.rec);
	for (uint32_t i = 0; i < g->inits.n; i++) {
		uint64_t off = g->inits.v[i].off;

		if (g->inits.v[i].fn == IR_NONE)
			continue;
		see_function(s, g->inits.v[i].fn);
		see_member(s, g->type.rec, g->type.elem_size ? off % g->type.elem_size : off);
	}
}

static void see_body(struct scan *s, const struct ir_func *f)
{
	for (uint32_t t = 0; t < f->temps.n; t++)
		if (f->temps.v[t].type.kind == IR_T_PTR)
			handle(s, f->temps.v[t].type.rec);
	for (uint32_t b = 0; b < f->blocks.n; b++)
		for (uint32_t i = 0; i < f->blocks.v[b].insns.n; i++)
			see_insn(s, &f->blocks.v[b].insns.v[i]);
}

static void see_code(struct scan *s)
{
	for (uint32_t i = 0; i < s->u->globals.n; i++)
		see_global(s, &s->u->globals.v[i]);
	for (uint32_t fn = 0; fn < s->u->funcs.n; fn++) {
		const struct ir_func *f = &s->u->funcs.v[fn];

		if (f->flags & IR_FN_EXPR)
			continue;
		s->unread |= f->state == IR_BODY_FAILED;
		see_body(s, f);
	}
}

/* ------------------------------------------------------------------ the rules */

static void ask_record(void *arg, const char *name)
{
	struct scan *s = arg;
	ir_rec rec = ir_record_find(s->u, name);

	s->found |= rec != IR_NONE && map_get(&s->handled, rec);
}

static void ask_function(void *arg, const char *name)
{
	struct scan *s = arg;

	s->found |= concern_names(s->c, name);
}

static bool has_writer(const struct scan *s, const struct written *w)
{
	for (uint32_t fn = 0; fn < s->u->funcs.n; fn++)
		if (!(s->u->funcs.v[fn].flags & IR_FN_EXPR) &&
		    writer_may(s->u, &s->u->funcs.v[fn], w))
			return true;
	return false;
}

/* All of the record where its members are not listed: no code asks for one by itself. */
static bool find_field(const struct ir_unit *u, const char *record, const char *field,
		       struct ir_span *out)
{
	ir_rec rec = ir_record_find(u, record);
	const struct ir_field *f = ir_field_find(u, rec, field);

	if (rec == IR_NONE || (!f && u->records.v[rec].complete))
		return false;
	*out = f ? (struct ir_span){ rec, f->off, f->width } :
		   (struct ir_span){ rec, 0, u->records.v[rec].size };
	return true;
}

/*
 * False where the unit does not know the record. One that does not know the record that it is
 * asked for in does not know what else stands there.
 */
static bool find_policy(const struct ir_unit *u, const struct rule_policy *p, struct written *out)
{
	if (!find_field(u, p->record, p->field, &out->field))
		return false;
	out->in = out->field;
	if (!p->in_record)
		return true;
	if (!find_field(u, p->in_record, p->in_field, &out->in)) {
		out->in = out->field;
	} else if (u->records.v[out->in.rec].complete) {
		out->in.off += out->field.off;
		out->in.width = out->field.width;
	}
	return true;
}

/* Of who takes a field for granted all that write it are of concern. */
static bool may_write(const struct scan *s, const struct rule *r)
{
	for (unsigned i = 0; i < r->npolicy; i++) {
		struct written w = { .asks = WRITER_WRITES };

		if (find_policy(s->u, &r->policy[i], &w) && map_get(&s->handled, w.field.rec) &&
		    has_writer(s, &w))
			return true;
	}
	return false;
}

/* The unit has the design that the rule is for. */
static bool has_design(struct scan *s, const struct rule *r)
{
	bool all = false;

	for (unsigned i = 0; i < r->nwhen; i++) {
		if (r->when[i].absent)
			continue;
		s->found = false;
		ask_record(s, r->when[i].record);
		if (!s->found)
			return false;
		all = true;
	}
	return all;
}

static bool has_something(struct scan *s, const struct rule *r)
{
	s->found = has_design(s, r) || s->unread;
	subject_anchors(r, ask_record, s);
	subject_fields(r, ask_record, s);
	subject_binds(r, ask_record, s);
	subject_calls(r, ask_function, s);
	subject_helpers(r, ask_function, s);
	if (r->template == RULE_LOCK_BALANCE && !r->locking.nlocks)
		s->found |= s->takes_locks;
	return s->found;
}

static void see_when(struct scan *s, const struct rule *r, uint32_t number)
{
	for (unsigned i = 0; i < r->nwhen && i < CONCERN_WHEN; i++) {
		const struct rule_when *w = &r->when[i];
		ir_rec rec = ir_record_find(s->u, w->record);

		if (rec == IR_NONE || !s->u->records.v[rec].complete)
			continue;
		s->c->shows[number] |= 1ull << i;
		if ((!w->field || ir_field_find(s->u, rec, w->field)) != w->absent)
			s->c->holds[number] |= 1ull << i;
	}
}

void concern_of_unit(struct concern *c, struct arena *a, const struct ir_unit *u,
		     const struct rule *rules, uint32_t n, const struct model *model)
{
	struct scan s = { .u = u, .model = model, .c = c };

	*c = (struct concern){ .has = arena_new_array(a, bool, n + 1),
			       .writes = arena_new_array(a, bool, n + 1),
			       .shows = arena_new_array(a, uint64_t, n + 1),
			       .holds = arena_new_array(a, uint64_t, n + 1) };
	see_code(&s);
	for (uint32_t i = 0; i < n; i++) {
		c->has[i] = has_something(&s, &rules[i]);
		c->writes[i] = may_write(&s, &rules[i]);
		see_when(&s, &rules[i], i);
	}
	map_release(&s.handled);
}

void concern_release(struct concern *c)
{
	map_release(&c->names);
}

bool concern_names(const struct concern *c, const char *name)
{
	return map_get(&c->names, name_hash(name)) != NULL;
}
