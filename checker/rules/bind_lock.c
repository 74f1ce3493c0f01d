/* SPDX-License-Identifier: MIT */
#include "rules/bind_lock.h"

#include <string.h>

#define NAME_MAX_LEN 128

/* The first name of "a.b"; what follows it, or NULL. */
static const char *split(const char *path, char name[NAME_MAX_LEN])
{
	size_t n = strcspn(path, ".");

	if (n >= NAME_MAX_LEN)
		n = NAME_MAX_LEN - 1;
	memcpy(name, path, n);
	name[n] = 0;
	return path[n] == '.' ? path + n + 1 : NULL;
}

const struct ir_field *bind_member(struct ir_unit *u, ir_rec rec, const char *path, uint64_t *off)
{
	const struct ir_field *f = NULL;
	char name[NAME_MAX_LEN];

	for (*off = 0; path; rec = f->type.rec) {
		if (f && f->type.kind != IR_T_AGG)
			return NULL;
		path = split(path, name);
		f = rec == IR_NONE ? NULL : ir_field_find(u, rec, name);
		if (!f)
			return NULL;
		*off += f->off;
	}
	return f;
}

const char *bind_field(struct bound_field *b, const struct rule_field *field,
		       const struct binder *in, struct arena *a)
{
	struct ir_unit *u = in->unit;
	const struct ir_field *f;

	*b = (struct bound_field){ .rec = binder_record(in, field->record) };
	f = b->rec == IR_NONE ? NULL : ir_field_find(u, b->rec, field->field);
	if (!f)
		return arena_printf(a, "'%s.%s' was not found", field->record, field->field);
	b->off = f->off;
	b->width = (uint32_t)f->width;
	return NULL;
}

static const char *bind_global(struct bound_lock *b, const struct rule_lock *l,
			       const struct binder *in, struct arena *a)
{
	struct ir_unit *u = in->unit;
	char name[NAME_MAX_LEN];
	const char *rest = split(l->members[0], name);

	b->glob = binder_variable(in, name);
	if (b->glob == IR_NONE)
		return arena_printf(a, "the variable '%s' was not found", name);
	if (rest && !bind_member(u, u->globals.v[b->glob].type.rec, rest, &b->off))
		return arena_printf(a, "'%s' was not found", l->members[0]);
	return NULL;
}

/* The record behind a pointer has its fields once they are asked for by name. */
static ir_rec complete(const struct binder *in, ir_rec rec)
{
	struct ir_unit *u = in->unit;

	return rec == IR_NONE ? rec :
	       binder_record(in, intern_get(&u->names, u->records.v[rec].tag));
}

bool bind_step(struct bound_lock *b, const struct ir_type *type, const struct binder *in)
{
	if (type->kind != IR_T_PTR || b->nsteps == RULE_MAX_LOCK_MEMBERS)
		return false;
	b->step[b->nsteps++] = b->off;
	b->off = 0;
	b->rec = complete(in, type->rec);
	return true;
}

const char *bind_lock(struct bound_lock *b, const struct rule_lock *l, ir_rec rec,
		      const struct binder *in, struct arena *a)
{
	struct ir_unit *u = in->unit;

	*b = (struct bound_lock){ .is_global = l->is_global, .glob = IR_NONE, .rec = IR_NONE };
	if (l->is_global)
		return bind_global(b, l, in, a);
	b->is_any = l->any != NULL;
	if (l->any)
		rec = binder_record(in, l->any);
	if (rec == IR_NONE)
		return arena_printf(a, "the lock '%s': '%s' was not found", l->text, l->any);
	for (unsigned i = 0; i < l->nmembers; i++) {
		const struct ir_field *f;
		const char *name = l->members[i];

		f = bind_member(u, rec, name, &b->off);
		if (!f)
			return arena_printf(a, "the lock '%s': there is no member '%s'", l->text,
					    name);
		b->rec = rec;
		if (i + 1 < l->nmembers && !bind_step(b, &f->type, in))
			return arena_printf(a, "the lock '%s': '%s' is no pointer", l->text, name);
		rec = b->rec;
	}
	return NULL;
}
