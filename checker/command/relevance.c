/* SPDX-License-Identifier: MIT */
#include "command/relevance.h"

#include <string.h>

#include "kbuild/prefilter.h"
#include "rules/scope.h"
#include "rules/subject.h"

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

static void add_outside(struct rule_set *rules, const struct rule *r)
{
	for (unsigned i = 0; i < r->npolicy; i++)
		array_push(&rules->outside, r->policy[i].record);
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

		if (!is_chosen(r, only, also) || (disable && listed(disable, r->id)))
			continue;
		if (in_scope(&rules->arena, r, unit))
			rules->rules.v[n++] = *r;
		else
			add_outside(rules, r);
	}
	rules->rules.n = n;
	return !*unknown;
}

/* ------------------------------------------------------------------ words */

/* The words of one row must all be there. */
struct row {
	uint32_t rule;
	uint32_t first, n;	/* in refs */
};

struct rows {
	Array(struct row) rows;
	Array(uint32_t) refs;
	Array(struct prefilter_word) words;
};

/* Its number among the words. */
static uint32_t word_number(struct rows *rows, const char *text, enum prefilter_kind kind)
{
	for (uint32_t i = 0; i < rows->words.n; i++)
		if (rows->words.v[i].kind == kind && !strcmp(rows->words.v[i].text, text))
			return i;
	array_push(&rows->words, (struct prefilter_word) { text, kind });
	return rows->words.n - 1;
}

static void add_word(struct rows *rows, const char *text, enum prefilter_kind kind)
{
	array_push(&rows->refs, word_number(rows, text, kind));
	array_last(&rows->rows).n++;
}

/* "struct dmar_domain" is there as its tag. */
static void add_record(struct rows *rows, const char *record)
{
	const char *space = strrchr(record, ' ');

	if (space)
		add_word(rows, space + 1, PREFILTER_TAG);
	else
		add_word(rows, record, PREFILTER_TYPE);
}

static void add_row(struct rows *rows, uint32_t rule)
{
	array_push(&rows->rows, (struct row) { .rule = rule, .first = rows->refs.n });
}

static void add_when(struct rows *rows, uint32_t rule, const struct rule *r)
{
	bool open = false;

	for (unsigned i = 0; i < r->nwhen; i++) {
		if (r->when[i].absent)
			continue;
		if (!open)
			add_row(rows, rule);
		open = true;
		add_record(rows, r->when[i].record);
	}
}

struct rule_rows {
	struct rows *rows;
	uint32_t rule;
};

static void record_row(void *arg, const char *record)
{
	struct rule_rows *r = arg;

	add_row(r->rows, r->rule);
	add_record(r->rows, record);
}

static void call_row(void *arg, const char *function)
{
	struct rule_rows *r = arg;

	add_row(r->rows, r->rule);
	add_word(r->rows, function, PREFILTER_NAME);
}

static void add_rule(struct rows *rows, uint32_t rule, const struct rule *r)
{
	struct rule_rows of = { rows, rule };

	add_when(rows, rule, r);
	subject_anchors(r, record_row, &of);
	subject_calls(r, call_row, &of);
	subject_fields(r, record_row, &of);
	subject_policies(r, record_row, &of);
}

/* pasted: also words that are put together. */
static bool row_there(struct prefilter *p, const struct rows *rows, const struct row *row,
		      bool pasted)
{
	for (uint32_t i = 0; i < row->n; i++) {
		uint32_t word = rows->refs.v[row->first + i];

		if (!prefilter_names(p, word) && !(pasted && prefilter_has(p, word)))
			return false;
	}
	return true;
}

/* Adds the rules that are concerned by what is known; true where there is one. */
static bool mark(struct prefilter *p, const struct rows *rows, bool pasted, bool *concerned)
{
	bool any = false;

	for (uint32_t i = 0; i < rows->rows.n; i++) {
		bool *it = &concerned[rows->rows.v[i].rule];

		*it = *it || row_there(p, rows, &rows->rows.v[i], pasted);
		any |= *it;
	}
	return any;
}

bool *relevance(struct arena *a, const struct kbuild_unit *unit, const struct rule_set *rules,
		enum relevance_of of, bool *any, struct vocabulary *words)
{
	bool *concerned = arena_new_array(a, bool, rules->rules.n + 1);
	struct rows rows = { 0 };
	struct rule_rows outside = { &rows, rules->rules.n };
	struct prefilter p;

	*any = false;
	for (uint32_t i = 0; i < rules->rules.n; i++) {
		uint32_t before = rows.rows.n;

		add_rule(&rows, i, &rules->rules.v[i]);
		/* Nothing to go by. */
		concerned[i] = rows.rows.n == before;
		*any |= concerned[i];
	}
	for (uint32_t i = 0; i < rules->outside.n; i++)
		record_row(&outside, rules->outside.v[i]);
	prefilter_init(&p, a, rows.words.v, rows.words.n);
	prefilter_scan(&p, unit);
	if (of == RELEVANCE_ANY && !*any)
		*any = mark(&p, &rows, false, concerned);
	if (of == RELEVANCE_EACH || !*any) {
		prefilter_headers(&p);
		*any |= mark(&p, &rows, true, concerned);
	}
	if (words)
		vocabulary_of_scan(words, a, &p);
	prefilter_release(&p);
	array_release(&rows.rows);
	array_release(&rows.refs);
	array_release(&rows.words);
	return concerned;
}
