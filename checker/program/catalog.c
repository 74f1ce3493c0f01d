/* SPDX-License-Identifier: MIT */
#include "program/catalog.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "rules/scope.h"

#define FILE_MAX ((size_t)64 << 20)

void catalog_init(struct catalog *c, uint64_t rules)
{
	*c = (struct catalog){ .rules = rules };
}

void catalog_release(struct catalog *c)
{
	for (uint32_t i = 0; i < c->units.n; i++) {
		buffer_release(&c->units.v[i].text);
		concern_release(&c->units.v[i].concern);
	}
	array_release(&c->units);
	map_release(&c->in_scope);
	map_release(&c->asked);
	vocabulary_union_release(&c->skipped_words);
	arena_release(&c->arena);
}

/* ------------------------------------------------------------------ the facts */

static void set_aside(struct catalog *c, struct catalog_unit *u, enum unit_use use,
		      const char *why)
{
	u->use = (uint8_t)use;
	u->why = arena_strndup(&c->arena, why, strcspn(why, "\n"));
}

static void read_head(struct catalog *c, struct catalog_unit *u)
{
	struct buffer why = BUFFER_INIT;
	struct stat st;
	/* What is to be read was written here: a link leads to what others wrote. */
	int err = !lstat(u->path, &st) && S_ISLNK(st.st_mode) ? -ELOOP :
		  buffer_read_file(&u->text, u->path, FILE_MAX);

	if (err)
		buffer_printf(&why, "%s: %s", u->path,
			      err == -ELOOP ? "is a symbolic link" : strerror(-err));
	if (err || !facts_read(&u->facts, &c->arena, u->path, buffer_str(&u->text), u->text.n,
			       &why))
		set_aside(c, u, UNIT_UNREADABLE, buffer_str(&why));
	else if (strcmp(u->facts.object, u->object))
		set_aside(c, u, UNIT_UNREADABLE,
			  arena_printf(&c->arena, "%s: holds the facts of %s", u->path,
				       u->facts.object));
	else if (strcmp(u->facts.version, PROTFLOW_VERSION))
		set_aside(c, u, UNIT_STALE, "it was checked by another version of protflow");
	else if (u->facts.rules != c->rules)
		set_aside(c, u, UNIT_STALE, "it was checked under other rules");
	else
		u->use = u->facts.status == FACTS_SKIPPED ? UNIT_SKIPPED : UNIT_KNOWN;
	if (u->use != UNIT_KNOWN)
		buffer_release(&u->text);
	buffer_release(&why);
}

void catalog_add(struct catalog *c, const char *object, const char *path)
{
	struct catalog_unit u = { .object = arena_strdup(&c->arena, object),
				  .path = arena_strdup(&c->arena, path) };

	read_head(c, &u);
	array_push(&c->units, u);
}

bool catalog_unit_ir(struct catalog *c, struct catalog_unit *u, struct ir_unit *ir)
{
	struct buffer why = BUFFER_INIT;
	bool good = facts_unit(&u->facts, ir, u->path, &why);

	if (!good) {
		set_aside(c, u, UNIT_UNREADABLE, buffer_str(&why));
		buffer_release(&u->text);
	}
	buffer_release(&why);
	return good;
}

/* ------------------------------------------------------------- what they have */

static int by_name(const void *a, const void *b)
{
	const struct catalog_unit *x = a, *y = b;

	return strcmp(x->object, y->object);
}

static void read_ir(struct catalog *c, struct catalog_unit *u, const struct rule *rules, uint32_t n,
		    const struct model *model)
{
	struct ir_unit ir;

	ir_unit_init(&ir);
	if (catalog_unit_ir(c, u, &ir)) {
		u->partial = u->facts.status == FACTS_PARTIAL;
		concern_of_unit(&u->concern, &c->arena, &ir, rules, n, model);
		c->nknown++;
	}
	ir_unit_release(&ir);
}

void catalog_read(struct catalog *c, const struct rule *rules, uint32_t n,
		  const struct model *model)
{
	if (c->units.n)
		qsort(c->units.v, c->units.n, sizeof(*c->units.v), by_name);
	map_clear(&c->in_scope);
	map_clear(&c->asked);
	for (uint32_t i = 0; i < c->units.n; i++) {
		struct catalog_unit *u = &c->units.v[i];

		if (u->use == UNIT_KNOWN)
			read_ir(c, u, rules, n, model);
		if (u->use != UNIT_SKIPPED)
			continue;
		c->nskipped++;
		vocabulary_union_add(&c->skipped_words, &u->facts.words);
	}
}

static bool is_shown(const struct catalog *c, uint32_t rule, unsigned clause, const bool *by)
{
	for (uint32_t u = 0; u < c->units.n; u++)
		if (by[u] && c->units.v[u].concern.shows[rule] >> clause & 1)
			return true;
	return false;
}

static void add_shown(const struct catalog *c, uint32_t rule, unsigned clause, bool *to)
{
	for (uint32_t u = 0; u < c->units.n; u++)
		to[u] |= c->units.v[u].use == UNIT_KNOWN &&
			 c->units.v[u].concern.shows[rule] >> clause & 1;
}

/* Some unit has what the clause wants to be there, or it wants nothing of the kind. */
static bool can_hold(const struct catalog *c, uint32_t rule, const struct rule_when *w,
		     unsigned clause)
{
	if (w->absent)
		return true;
	for (uint32_t u = 0; u < c->units.n; u++)
		if (c->units.v[u].use == UNIT_KNOWN &&
		    c->units.v[u].concern.holds[rule] >> clause & 1)
			return true;
	return false;
}

static unsigned clauses_of(const struct rule *r)
{
	return r->nwhen < CONCERN_WHEN ? r->nwhen : CONCERN_WHEN;
}

void catalog_units_of(const struct catalog *c, const struct rule *r, uint32_t i, bool *members,
		      bool *around)
{
	unsigned n = clauses_of(r);
	bool applies = true;

	for (unsigned k = 0; k < n; k++)
		applies = applies && can_hold(c, i, &r->when[k], k);
	for (uint32_t u = 0; u < c->units.n; u++) {
		const struct concern *k = &c->units.v[u].concern;
		bool known = applies && c->units.v[u].use == UNIT_KNOWN;

		members[u] = known && (k->has[i] || k->writes[i]);
		around[u] |= known && k->has[i];
	}
	for (unsigned k = 0; k < n; k++)
		if (!is_shown(c, i, k, members))
			add_shown(c, i, k, members);
}

/* ------------------------------------------------------------------ the scope */

bool catalog_covers(struct catalog *c, const struct rule *r, uint32_t unit)
{
	const struct facts *f = &c->units.v[unit].facts;
	uint64_t *known;

	known = map_put(&c->in_scope, hash_bytes(r->id, strlen(r->id), unit));
	if (!*known)
		*known = !f->source || !f->directory ||
			 scope_has(&c->arena, r, f->directory, f->source, f->srctree) ? 2 : 1;
	return *known == 2;
}

/* One that is not seen can be in any scope where nothing is known of it. */
bool catalog_is_in_scope(struct catalog *c, const struct rule *r)
{
	if (c->nunknown)
		return true;
	for (uint32_t i = 0; i < c->units.n; i++) {
		const struct catalog_unit *u = &c->units.v[i];

		if (u->use == UNIT_UNREADABLE ||
		    (u->use != UNIT_SKIPPED && catalog_covers(c, r, i)))
			return true;
	}
	return false;
}
