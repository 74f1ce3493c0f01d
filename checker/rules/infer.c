/* SPDX-License-Identifier: MIT */
/*
 * What the accesses of a unit say of the fields of a record. Evidence is strong
 * where more than one place writes the field and all of them hold the same lock
 * of the same object; it is weak where there is one place only.
 */
#include "rules/infer.h"

#include <string.h>

#define LOCKS_MAX 16

struct candidate {
	uint64_t off;		/* of the lock, from the start of the record */
	unsigned writes, reads;	/* places that hold it */
};

struct usage {
	const struct ir_field *field;
	unsigned writes, reads;	/* places */
	struct candidate locks[LOCKS_MAX];
	unsigned nlocks;
	bool only_one, only_zero;	/* what is stored */
};

/* The same place, counted already for another entry point. */
static bool is_repeated(const struct judge *j, uint32_t at)
{
	const struct shared_access *a = j->shared.v[at].a;

	for (uint32_t i = 0; i < at; i++) {
		const struct shared_access *b = j->shared.v[i].a;

		if (a->loc == b->loc && a->fn == b->fn && a->off == b->off && a->kind == b->kind)
			return true;
	}
	return false;
}

/* The lock is held by every entry point that reaches the place. */
static bool is_always_held(const struct judge *j, const struct shared *x, int64_t off)
{
	for (uint32_t i = 0; i < j->shared.n; i++) {
		const struct shared *y = &j->shared.v[i];
		bool held = false;

		if (y->a->loc != x->a->loc || y->a->fn != x->a->fn || y->teardown)
			continue;
		for (uint32_t k = 0; k < y->a->nheld; k++)
			held |= y->a->held[k].ref.root.i == y->a->root.i &&
				y->a->held[k].ref.off - y->a->base == off;
		if (!held)
			return false;
	}
	return true;
}

static void count_lock(struct usage *u, uint64_t off, bool writes)
{
	unsigned i;

	for (i = 0; i < u->nlocks && u->locks[i].off != off; i++)
		;
	if (i == LOCKS_MAX)
		return;
	if (i == u->nlocks)
		u->locks[u->nlocks++] = (struct candidate){ .off = off };
	u->locks[i].writes += writes;
	u->locks[i].reads += !writes;
}

static void count_access(struct judge *j, struct usage *u, const struct shared *x)
{
	bool writes = shared_writes(x);
	uint64_t v;

	u->writes += writes;
	u->reads += !writes;
	for (uint32_t i = 0; i < x->a->nheld; i++) {
		int64_t off = x->a->held[i].ref.off - x->a->base;

		if (x->a->held[i].ref.root.i == x->a->root.i && off >= 0 &&
		    is_always_held(j, x, off))
			count_lock(u, (uint64_t)off, writes);
	}
	if (!writes)
		return;
	if (word_is_none(x->a->val) || !word_is_const(j->e.dom, x->a->val, &v))
		v = 2;
	u->only_one &= v == 1;
	u->only_zero &= v == 0;
}

static struct usage usage_of(struct judge *j, ir_rec rec, const struct ir_field *f)
{
	struct bound_field b = { rec, f->off, (uint32_t)f->width };
	struct usage u = { .field = f, .only_one = true, .only_zero = true };

	for (uint32_t i = 0; i < j->shared.n; i++) {
		const struct shared *x = &j->shared.v[i];

		if (x->a->kind <= ACCESS_UPDATE && shared_touches(j, x, &b) && !x->teardown &&
		    !is_repeated(j, i))
			count_access(j, &u, x);
	}
	return u;
}

/* The lock that most writes hold; NULL for none. */
static const struct candidate *best_lock(const struct usage *u)
{
	const struct candidate *best = NULL;

	for (unsigned i = 0; i < u->nlocks; i++)
		if (u->locks[i].writes && (!best || u->locks[i].writes > best->writes))
			best = &u->locks[i];
	return best;
}

static const char *lock_field(const struct judge *j, ir_rec rec, uint64_t off)
{
	const struct ir_record *r = &j->e.unit->records.v[rec];

	for (uint32_t i = 0; i < r->fields.n; i++)
		if (r->fields.v[i].off <= off && off < r->fields.v[i].off + r->fields.v[i].width)
			return intern_get(&j->e.unit->names, r->fields.v[i].name);
	return "?";
}

static void print_discipline(struct judge *j, ir_rec rec, const struct usage *u,
			     struct buffer *out)
{
	const struct candidate *l = best_lock(u);

	if (!u->writes && !u->reads)
		buffer_puts(out, "not accessed here");
	else if (!u->writes)
		buffer_puts(out, "init-only");
	else if (l && l->writes == u->writes)
		buffer_printf(out, "guarded by %s%s%s", lock_field(j, rec, l->off),
			      l->reads == u->reads ? "" : " (writes)",
			      u->writes == 1 ? ", one place" : "");
	else if (l)
		buffer_printf(out, "%u of %u writes hold %s", l->writes, u->writes,
			      lock_field(j, rec, l->off));
	else
		buffer_printf(out, "%swritten without a lock of the object",
			      u->only_one ? "monotone to 1, " : u->only_zero ? "monotone to 0, " : "");
}

static void print_row(struct judge *j, ir_rec rec, const struct usage *u, struct buffer *out)
{
	buffer_printf(out, "%-24s %6u %6u  ", intern_get(&j->e.unit->names, u->field->name),
		      u->writes, u->reads);
	print_discipline(j, rec, u, out);
	buffer_puts(out, u->field->in_union ? "; in a union\n" : "\n");
}

/* The fields whose writes all hold the lock at off, as a rule. */
static void print_guarded(struct judge *j, ir_rec rec, const struct usage *v, unsigned n,
			  uint64_t off, struct buffer *out)
{
	struct intern *names = &j->e.unit->names;
	bool any = false;

	for (unsigned i = 0; i < n; i++) {
		const struct candidate *l = best_lock(&v[i]);

		if (!l || l->off != off || l->writes != v[i].writes || v[i].writes < 2)
			continue;
		buffer_printf(out, "%s\"%s.%s\"", any ? ", " : "\ntemplate: guarded-by\nfields: [",
			      intern_get(names, j->e.unit->records.v[rec].tag),
			      intern_get(names, v[i].field->name));
		any = true;
	}
	if (any)
		buffer_printf(out, "]\nlock: %s\nwrite: exclusive\n", lock_field(j, rec, off));
}

static void print_rules(struct judge *j, ir_rec rec, const struct usage *v, unsigned n,
			struct buffer *out)
{
	struct intern *names = &j->e.unit->names;
	struct map done = { 0 };

	for (unsigned i = 0; i < n; i++) {
		const struct candidate *l = best_lock(&v[i]);

		if (l && !*map_put(&done, l->off)) {
			*map_put(&done, l->off) = 1;
			print_guarded(j, rec, v, n, l->off, out);
		}
	}
	for (unsigned i = 0; i < n; i++)
		if (v[i].reads && !v[i].writes)
			buffer_printf(out, "\ntemplate: stable-field\nfield: \"%s.%s\"\nis: init-only\n",
				      intern_get(names, j->e.unit->records.v[rec].tag),
				      intern_get(names, v[i].field->name));
	map_release(&done);
}

void infer_print(struct judge *j, ir_rec rec, struct buffer *out)
{
	const struct ir_record *r = &j->e.unit->records.v[rec];
	struct usage *v = arena_new_array(&j->report->arena, struct usage, r->fields.n + 1);

	buffer_printf(out, "%-24s %6s %6s  %s\n", "field", "writes", "reads", "discipline");
	for (uint32_t i = 0; i < r->fields.n; i++) {
		v[i] = usage_of(j, rec, &r->fields.v[i]);
		print_row(j, rec, &v[i], out);
	}
	print_rules(j, rec, v, r->fields.n, out);
}
