/* SPDX-License-Identifier: MIT */
#include "program/program.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "rules/scope.h"

#define FILE_MAX ((size_t)64 << 20)

void program_init(struct program *p, uint64_t rules)
{
	*p = (struct program){ .rules = rules };
	ir_unit_init(&p->unit);
}

void program_release(struct program *p)
{
	for (uint32_t i = 0; i < p->units.n; i++)
		buffer_release(&p->units.v[i].text);
	array_release(&p->units);
	array_release(&p->owners);
	map_release(&p->in_scope);
	ir_unit_release(&p->unit);
	arena_release(&p->arena);
}

static void set_aside(struct program *p, struct program_unit *u, enum unit_use use,
		      const char *why)
{
	u->use = (uint8_t)use;
	u->why = arena_strndup(&p->arena, why, strcspn(why, "\n"));
	buffer_release(&u->text);
}

static void read_head(struct program *p, struct program_unit *u)
{
	struct buffer why = BUFFER_INIT;
	struct stat st;
	/* What is to be read was written here: a link leads to what others wrote. */
	int err = !lstat(u->path, &st) && S_ISLNK(st.st_mode) ? -ELOOP :
		  buffer_read_file(&u->text, u->path, FILE_MAX);

	if (err)
		buffer_printf(&why, "%s: %s", u->path,
			      err == -ELOOP ? "is a symbolic link" : strerror(-err));
	if (err || !facts_read(&u->facts, &p->arena, u->path, buffer_str(&u->text), u->text.n,
			       &why))
		set_aside(p, u, UNIT_UNREADABLE, buffer_str(&why));
	else if (strcmp(u->facts.object, u->object))
		set_aside(p, u, UNIT_UNREADABLE,
			  arena_printf(&p->arena, "%s: holds the facts of %s", u->path,
				       u->facts.object));
	else if (strcmp(u->facts.version, PROTFLOW_VERSION))
		set_aside(p, u, UNIT_STALE, "it was checked by another version of protflow");
	else if (u->facts.rules != p->rules)
		set_aside(p, u, UNIT_STALE, "it was checked under other rules");
	else
		u->use = u->facts.status == FACTS_SKIPPED ? UNIT_SKIPPED : UNIT_LINKED;
	buffer_release(&why);
}

void program_add(struct program *p, const char *object, const char *path)
{
	struct program_unit u = { .object = arena_strdup(&p->arena, object),
				  .path = arena_strdup(&p->arena, path) };

	read_head(p, &u);
	array_push(&p->units, u);
}

static void link_one(struct program *p, struct ir_linker *l, struct program_unit *u)
{
	struct buffer why = BUFFER_INIT;
	struct ir_unit unit;

	ir_unit_init(&unit);
	if (facts_unit(&u->facts, &unit, u->path, &why)) {
		l->unit = (uint32_t)(u - p->units.v);
		ir_link_unit(l, &unit, NULL, 0);
		u->partial = u->facts.status == FACTS_PARTIAL;
		p->nlinked++;
	} else {
		set_aside(p, u, UNIT_UNREADABLE, buffer_str(&why));
	}
	ir_unit_release(&unit);
	buffer_release(&why);
}

static int by_function(const void *a, const void *b)
{
	const struct ir_owner *x = a, *y = b;

	return x->fn != y->fn ? (x->fn > y->fn) - (x->fn < y->fn) :
	       (x->unit > y->unit) - (x->unit < y->unit);
}

static void keep_owners(struct program *p, struct ir_linker *l)
{
	for (uint32_t i = 0; i < l->owners.n; i++)
		array_push(&p->owners, l->owners.v[i]);
	if (p->owners.n)
		qsort(p->owners.v, p->owners.n, sizeof(*p->owners.v), by_function);
}

static int by_name(const void *a, const void *b)
{
	const struct program_unit *x = a, *y = b;

	return strcmp(x->object, y->object);
}

void program_link(struct program *p)
{
	struct ir_linker l;

	ir_linker_init(&l, &p->unit);
	if (p->units.n)
		qsort(p->units.v, p->units.n, sizeof(*p->units.v), by_name);
	for (uint32_t i = 0; i < p->units.n; i++) {
		if (p->units.v[i].use == UNIT_LINKED)
			link_one(p, &l, &p->units.v[i]);
		p->nskipped += p->units.v[i].use == UNIT_SKIPPED;
		buffer_release(&p->units.v[i].text);
	}
	p->doubles = l.doubles;
	keep_owners(p, &l);
	ir_linker_release(&l);
}

bool program_is_whole(const struct program *p)
{
	for (uint32_t i = 0; i < p->units.n; i++)
		if (p->units.v[i].use != UNIT_LINKED || p->units.v[i].partial)
			return false;
	return !p->nunknown;
}

/*
 * The words of a unit that was skipped do not tell: an inline function or a macro
 * of a public header can call, or set, what the unit does not name.
 */
bool program_elsewhere(void *arg, const char *name)
{
	(void)name;
	return !program_is_whole(arg);
}

static bool unit_in_scope(struct program *p, const struct rule *r, uint32_t unit)
{
	const struct program_unit *u = &p->units.v[unit];
	uint64_t *known;

	known = map_put(&p->in_scope, hash_bytes(r->id, strlen(r->id), unit));
	if (!*known)
		*known = !u->facts.source || !u->facts.directory || scope_has(&p->arena, r, u->facts.directory,
						       u->facts.source, u->facts.srctree) ? 2 : 1;
	return *known == 2;
}

/* One that is not seen can be in any scope where nothing is known of it. */
bool program_is_in_scope(struct program *p, const struct rule *r)
{
	if (p->nunknown)
		return true;
	for (uint32_t i = 0; i < p->units.n; i++) {
		const struct program_unit *u = &p->units.v[i];

		if (u->use == UNIT_UNREADABLE ||
		    (u->use != UNIT_SKIPPED && unit_in_scope(p, r, i)))
			return true;
	}
	return false;
}

bool program_covers(void *arg, const struct rule *r, ir_fn fn)
{
	struct program *p = arg;
	uint32_t low = 0, high = p->owners.n;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (p->owners.v[mid].fn < fn)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < p->owners.n && p->owners.v[low].fn == fn; low++)
		if (unit_in_scope(p, r, p->owners.v[low].unit))
			return true;
	return false;
}

bool program_wants(void *arg, const char *name)
{
	struct program *p = arg;

	for (uint32_t i = 0; i < p->units.n; i++) {
		struct program_unit *u = &p->units.v[i];

		if (u->use == UNIT_SKIPPED && !u->wanted && facts_may_have(&u->facts, name))
			u->wanted = arena_strdup(&p->arena, name);
	}
	return program_elsewhere(p, name);
}
