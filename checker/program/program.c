/* SPDX-License-Identifier: MIT */
#include "program/program.h"

#include <stdlib.h>
#include <string.h>

void program_release(struct program *p)
{
	array_release(&p->owners);
	free(p->needed);
	free(p->wanted);
	ir_unit_release(&p->unit);
}

/* ------------------------------------------------------------------- the link */

static bool link_one(struct program *p, struct ir_linker *l, uint32_t i)
{
	struct ir_unit ir;
	bool good;

	ir_unit_init(&ir);
	good = catalog_unit_ir(p->catalog, &p->catalog->units.v[i], &ir);
	if (good) {
		l->unit = i;
		ir_link_unit(l, &ir, NULL, 0);
	}
	ir_unit_release(&ir);
	return good;
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

void program_init(struct program *p, struct catalog *c, const bool *members)
{
	*p = (struct program){ .catalog = c, .members = members };
	p->needed = xcalloc(c->units.n + 1, sizeof(*p->needed));
	p->wanted = xcalloc(c->units.n + 1, sizeof(*p->wanted));
	ir_unit_init(&p->unit);
}

bool program_link(struct program *p)
{
	struct catalog *c = p->catalog;
	struct ir_linker l;
	bool good = true;

	ir_linker_init(&l, &p->unit);
	for (uint32_t i = 0; i < c->units.n; i++)
		if (p->members[i] && c->units.v[i].use == UNIT_KNOWN)
			good &= link_one(p, &l, i);
	p->doubles = l.doubles;
	keep_owners(p, &l);
	ir_linker_release(&l);
	return good;
}

/* ------------------------------------------------------- what is not in it */

/*
 * The words of a unit that was skipped do not tell: an inline function or a macro
 * of a public header can call, or set, what the unit does not name. IR does.
 */
bool program_elsewhere(void *arg, const char *name)
{
	const struct program *p = arg;
	const struct catalog *c = p->catalog;

	for (uint32_t i = 0; i < c->units.n; i++) {
		const struct catalog_unit *u = &c->units.v[i];

		if (u->use != UNIT_KNOWN || u->partial ||
		    (!p->members[i] && concern_names(&u->concern, name)))
			return true;
	}
	return c->nunknown;
}

/* A skipped unit is in no program: it is asked once, whoever wants to know. */
static void ask_skipped(struct catalog *c, const char *name)
{
	uint64_t *asked = map_put(&c->asked, hash_bytes(name, strlen(name), 0));
	struct vocabulary_word word;

	if (*asked)
		return;
	*asked = 1;
	vocabulary_word_init(&word, name, &c->skipped_words);
	for (uint32_t i = 0; i < c->units.n; i++) {
		struct catalog_unit *u = &c->units.v[i];

		if (u->use == UNIT_SKIPPED && !u->wanted &&
		    vocabulary_may_have(&u->facts.words, &word))
			u->wanted = arena_strdup(&c->arena, name);
	}
	vocabulary_word_release(&word);
}

bool program_wants(void *arg, const char *name)
{
	struct program *p = arg;
	struct catalog *c = p->catalog;

	ask_skipped(c, name);
	for (uint32_t i = 0; i < c->units.n; i++) {
		struct catalog_unit *u = &c->units.v[i];

		if (u->use != UNIT_KNOWN || p->members[i] || p->wanted[i] || u->wanted ||
		    !concern_names(&u->concern, name))
			continue;
		if (u->facts.asked)
			p->wanted[i] = true;
		else
			u->wanted = arena_strdup(&c->arena, name);
	}
	return program_elsewhere(p, name);
}

void program_needs(void *arg, const char *name)
{
	struct program *p = arg;
	const struct catalog *c = p->catalog;

	for (uint32_t i = 0; i < c->units.n; i++)
		p->needed[i] |= !p->members[i] && c->units.v[i].use == UNIT_KNOWN &&
				concern_names(&c->units.v[i].concern, name);
}

static bool add(const struct program *p, const bool *which, bool *members)
{
	bool any = false;

	for (uint32_t i = 0; i < p->catalog->units.n; i++) {
		any |= which[i];
		members[i] |= which[i];
	}
	return any;
}

bool program_add_needed(const struct program *p, bool *members)
{
	return add(p, p->needed, members);
}

bool program_add_wanted(const struct program *p, bool *members)
{
	return add(p, p->wanted, members);
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
		if (catalog_covers(p->catalog, r, p->owners.v[low].unit))
			return true;
	return false;
}
