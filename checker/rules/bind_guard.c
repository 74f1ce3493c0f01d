/* SPDX-License-Identifier: MIT */
#include "rules/bind_guard.h"

#include <string.h>

#include "rules/expr.h"

/* "&a.b->lock" as the paths between the arrows. */
struct place {
	struct rule_lock lock;
	const char *members[RULE_MAX_LOCK_MEMBERS];
	bool is_address;
};

static bool is_declared(const struct ir_unit *u, const struct ir_field *f, const char *annotation)
{
	const char *text = f->declared ? intern_get(&u->names, f->declared) : "";
	size_t n = strlen(annotation);

	return !strncmp(text, annotation, n) && text[n] == '(';
}

unsigned bind_count_declared(const struct ir_unit *u, ir_rec rec, const char *annotation)
{
	const struct ir_record *r = &u->records.v[rec];
	unsigned n = 0;

	for (uint32_t i = 0; i < r->fields.n; i++)
		n += is_declared(u, &r->fields.v[i], annotation);
	return n;
}

/* ------------------------------------------------------------------- the text */

static bool take(const char **p, const char *text)
{
	const char *behind = *p;
	struct expr_token t = expr_next(&behind);

	if (!expr_token_is(&t, text))
		return false;
	*p = behind;
	return true;
}

/* "a.b", or NULL. */
static const char *take_path(const char **p, struct arena *a)
{
	const char *path = NULL;

	do {
		struct expr_token t = expr_next(p);

		if (t.kind != EXPR_NAME)
			return NULL;
		path = path ? arena_printf(a, "%s.%.*s", path, (int)t.n, t.s) :
			      arena_strndup(a, t.s, t.n);
	} while (take(p, "."));
	return path;
}

/* One argument of the annotation; *p goes behind it. */
static bool take_place(const char **p, struct place *out, struct arena *a)
{
	unsigned depth = 0;

	*out = (struct place){ .is_address = false };
	out->lock.members = out->members;
	for (;; depth++)
		if (!out->is_address && take(p, "&"))
			out->is_address = true;
		else if (!take(p, "("))
			break;
	depth -= out->is_address;
	do {
		const char *path = take_path(p, a);

		if (!path || out->lock.nmembers == RULE_MAX_LOCK_MEMBERS)
			return false;
		out->members[out->lock.nmembers++] = path;
	} while (take(p, "->"));
	for (; depth; depth--)
		if (!take(p, ")"))
			return false;
	return true;
}

/* ------------------------------------------------------------------- the unit */

static bool is_member(struct ir_unit *u, ir_rec rec, const char *path)
{
	char name[128];
	size_t n = strcspn(path, ".");

	if (n >= sizeof(name))
		return false;
	memcpy(name, path, n);
	name[n] = 0;
	return ir_field_find(u, rec, name) != NULL;
}

static bool bind_place(struct bound_lock *b, struct place *p, ir_rec rec, const struct binder *in,
		       struct arena *a)
{
	const struct ir_field *last;
	uint64_t off;

	p->lock.text = p->members[0];
	p->lock.is_global = !is_member(in->unit, rec, p->members[0]);
	if ((p->lock.is_global && p->lock.nmembers > 1) || bind_lock(b, &p->lock, rec, in, a))
		return false;
	if (p->is_address || p->lock.is_global)
		return p->is_address;
	last = bind_member(in->unit, b->rec, p->members[p->lock.nmembers - 1], &off);
	return last->type.kind == IR_T_AGG || bind_step(b, &last->type, in);
}

/* All locks of "NAME(lock, lock)", or none. */
static unsigned bind_places(struct bound_lock *out, const char *text, ir_rec rec,
			    const struct binder *in, struct arena *a)
{
	const char *p = strchr(text, '(') + 1;
	unsigned n = 0;

	do {
		struct place place;

		if (n == BOUND_GUARDS || !take_place(&p, &place, a) ||
		    !bind_place(&out[n], &place, rec, in, a))
			return 0;
		n++;
	} while (take(&p, ","));
	return take(&p, ")") && !*p ? n : 0;
}

/* "&lock" of "NAME(&lock)"; "lock" where it is but a member. */
static const char *lock_text(const char *text, struct arena *a)
{
	const char *open = strchr(text, '(') + 1;

	open += *open == '&' && !strpbrk(open, ",(");
	return arena_strndup(a, open, strlen(open) - 1);
}

void bind_declared(struct bound_guard *out, ir_rec rec, const char *annotation,
		   const struct binder *in, struct arena *a)
{
	/* Looking for a lock can make records known, and move the others. */
	for (uint32_t i = 0; i < in->unit->records.v[rec].fields.n; i++) {
		struct ir_field f = in->unit->records.v[rec].fields.v[i];
		const char *text = f.declared ? intern_get(&in->unit->names, f.declared) : NULL;

		if (!is_declared(in->unit, &f, annotation))
			continue;
		*out = (struct bound_guard){
			.field = { rec, f.off, (uint32_t)f.width },
			.name = intern_get(&in->unit->names, f.name),
			.text = lock_text(text, a),
		};
		out->nlocks = bind_places(out->locks, text, rec, in, a);
		out++;
	}
}
