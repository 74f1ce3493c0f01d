/* SPDX-License-Identifier: MIT */
#include "command/relevance.h"

#include <string.h>

#include "command/paths.h"
#include "kbuild/prefilter.h"
#include "rules/scope.h"

/* ---------------------------------------------------------------- select */

static bool listed(const char *list, const char *id)
{
	size_t n = strlen(id);

	while (*list) {
		size_t k = strcspn(list, ",");

		if (k == n && !strncmp(list, id, n))
			return true;
		list += k + (list[k] == ',');
	}
	return false;
}

/* The first id of the list that is no rule's, or NULL. */
static const char *first_unknown(const struct rule_set *rules, struct arena *a, const char *list)
{
	while (list && *list) {
		size_t k = strcspn(list, ",");
		const char *id = arena_strndup(a, list, k);

		if (k && !rules_find(rules, id))
			return id;
		list += k + (list[k] == ',');
	}
	return NULL;
}

static bool in_scope(struct arena *a, const struct rule *r, const struct kbuild_unit *u)
{
	return !u || !u->source || scope_has(a, r, u->directory, u->source, u->srctree);
}

/* only: these and no others; also: these that run on request, beside all that need none. */
static bool is_chosen(const struct rule *r, const char *only, const char *also)
{
	if (also && listed(also, r->id))
		return true;
	return only ? listed(only, r->id) : !r->on_request;
}

bool rules_select(struct rule_set *rules, const struct kbuild_unit *unit, const char *only,
		  const char *also, const char *disable, const char **unknown)
{
	uint32_t n = 0;

	*unknown = first_unknown(rules, &rules->arena, only);
	if (!*unknown)
		*unknown = first_unknown(rules, &rules->arena, also);
	if (!*unknown)
		*unknown = first_unknown(rules, &rules->arena, disable);
	for (uint32_t i = 0; i < rules->rules.n; i++) {
		const struct rule *r = &rules->rules.v[i];

		if (is_chosen(r, only, also) && !(disable && listed(disable, r->id)) &&
		    in_scope(&rules->arena, r, unit))
			rules->rules.v[n++] = *r;
	}
	rules->rules.n = n;
	return !*unknown;
}

/* ------------------------------------------------------------------ words */

struct row {
	uint32_t rule;
	uint32_t first, n;	/* words */
};

struct rows {
	Array(struct row) rows;
	Array(const char *) words;
};

/* "struct dmar_domain" is there as its tag. */
static void add_word(struct rows *rows, const char *name)
{
	const char *space = strrchr(name, ' ');

	array_push(&rows->words, space ? space + 1 : name);
	array_last(&rows->rows).n++;
}

static void add_row(struct rows *rows, uint32_t rule)
{
	array_push(&rows->rows, (struct row) { .rule = rule, .first = rows->words.n });
}

static void add_when(struct rows *rows, uint32_t rule, const struct rule *r)
{
	bool open = false;

	for (unsigned i = 0; i < r->nwhen; i++) {
		const struct rule_when *w = &r->when[i];

		if (w->absent)
			continue;
		if (!open)
			add_row(rows, rule);
		open = true;
		add_word(rows, w->record);
		if (w->field)
			add_word(rows, w->field);
	}
}

static void add_anchors(struct rows *rows, uint32_t rule, const struct rule *r)
{
	for (unsigned i = 0; i < r->nat; i++) {
		const struct rule_at *at = &r->at[i];

		add_row(rows, rule);
		if (at->kind == AT_CALL) {
			add_word(rows, at->function);
		} else {
			add_word(rows, at->record ? at->record : at->from_record);
			add_word(rows, at->record ? at->field : at->from_field);
		}
	}
}

static bool row_there(const struct prefilter *p, const struct row *row)
{
	for (uint32_t i = 0; i < row->n; i++)
		if (!prefilter_has(p, row->first + i))
			return false;
	return true;
}

bool *relevance(struct arena *a, const struct kbuild_unit *unit, const struct rule_set *rules,
		bool *any, struct vocabulary *words)
{
	bool *concerned = arena_new_array(a, bool, rules->rules.n + 1);
	struct rows rows = { 0 };
	struct prefilter p;

	*any = false;
	for (uint32_t i = 0; i < rules->rules.n; i++) {
		uint32_t before = rows.rows.n;

		add_when(&rows, i, &rules->rules.v[i]);
		add_anchors(&rows, i, &rules->rules.v[i]);
		/* Nothing to go by. */
		concerned[i] = rows.rows.n == before;
	}
	prefilter_init(&p, a, rows.words.v, rows.words.n);
	p.keep_all = words != NULL;
	prefilter_scan(&p, unit);
	if (words)
		vocabulary_of_scan(words, a, &p);
	for (uint32_t i = 0; i < rows.rows.n; i++)
		concerned[rows.rows.v[i].rule] |= row_there(&p, &rows.rows.v[i]);
	for (uint32_t i = 0; i < rules->rules.n; i++)
		*any |= concerned[i];
	prefilter_release(&p);
	array_release(&rows.rows);
	array_release(&rows.words);
	return concerned;
}
