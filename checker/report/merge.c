/* SPDX-License-Identifier: MIT */
#include "report/merge_parts.h"

#include "report/root.h"

struct merge *merge_new(void)
{
	return xcalloc(1, sizeof(struct merge));
}

void merge_free(struct merge *m)
{
	merge_items_release(&m->results);
	merge_items_release(&m->notices);
	merge_items_release(&m->rules);
	merge_items_release(&m->artifacts);
	merge_items_release(&m->units);
	merge_items_release(&m->provenance);
	merge_items_release(&m->roots);
	array_release(&m->changed.v);
	array_release(&m->missing.v);
	array_release(&m->old_units.v);
	array_release(&m->old_rules.v);
	array_release(&m->rules_files.v);
	array_release(&m->automation.v);
	array_release(&m->sources.v);
	array_release(&m->directories.v);
	arena_release(&m->arena);
	free(m);
}

bool names_has(const struct names *n, const char *name)
{
	for (uint32_t i = 0; i < n->v.n; i++)
		if (!strcmp(n->v.v[i], name))
			return true;
	return false;
}

void names_add(struct names *n, struct arena *a, const char *name)
{
	if (!names_has(n, name))
		array_push(&n->v, arena_strdup(a, name));
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void names_sort(struct names *n)
{
	if (n->v.n)
		qsort(n->v.v, n->v.n, sizeof(*n->v.v), compare_names);
}

struct merge_item *merge_item_add(struct merge_items *items, const char *key, json_t *v)
{
	struct merge_item *item = array_add(&items->v);

	item->key = key;
	item->v = json_incref(v);
	return item;
}

static void item_release(struct merge_item *item)
{
	json_decref(item->v);
	array_release(&item->units.v);
}

void merge_items_release(struct merge_items *items)
{
	for (uint32_t i = 0; i < items->v.n; i++)
		item_release(&items->v.v[i]);
	array_release(&items->v);
}

static int compare_items(const void *pa, const void *pb)
{
	const struct merge_item *a = pa, *b = pb;
	int c = strcmp(a->key, b->key);

	if (!c && a->rank != b->rank)
		c = a->rank < b->rank ? -1 : 1;
	return c ? c : strcmp(a->dump, b->dump);
}

/* Equal values with their members in different orders are not the same bytes in the end. */
static char *dump(struct arena *a, const json_t *v)
{
	char *as_is = json_dumps(v, JSON_COMPACT);
	char *text = arena_printf(a, "%s\n%s", dom_dump(a, v), as_is);

	free(as_is);
	return text;
}

void merge_items_fold(struct merge *m, struct merge_items *items, merge_combine combine)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < items->v.n; i++)
		items->v.v[i].dump = dump(&m->arena, items->v.v[i].v);
	if (items->v.n)
		qsort(items->v.v, items->v.n, sizeof(*items->v.v), compare_items);
	for (uint32_t i = 0; i < items->v.n; i++) {
		struct merge_item *item = &items->v.v[i];
		struct merge_item *last = kept ? &items->v.v[kept - 1] : NULL;

		if (!last || strcmp(last->key, item->key)) {
			items->v.v[kept++] = *item;
			continue;
		}
		for (uint32_t k = 0; k < item->units.v.n; k++)
			names_add(&last->units, &m->arena, item->units.v.v[k]);
		if (combine)
			combine(m, last, item);
		item_release(item);
	}
	items->v.n = kept;
	for (uint32_t i = 0; i < kept; i++)
		names_sort(&items->v.v[i].units);
}

int merge_items_find(const struct merge_items *items, const char *key)
{
	uint32_t lo = 0, hi = items->v.n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		int c = strcmp(key, items->v.v[mid].key);

		if (!c)
			return (int)mid;
		if (c < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return -1;
}

char *merge_artifact_key(struct arena *a, const json_t *artifact_location)
{
	return arena_printf(a, "%s" MERGE_SEPARATOR "%s", dom_text(artifact_location, "uriBaseId"),
			    dom_text(artifact_location, "uri"));
}

void merge_rules_files(struct merge *m, merge_reader read, void *arg)
{
	m->read = read;
	m->read_arg = arg;
}

void merge_missing(struct merge *m, const char *unit)
{
	names_add(&m->missing, &m->arena, uri_encode(&m->arena, unit));
}

void merge_supersede_rule(struct merge *m, const char *rule)
{
	names_add(&m->old_rules, &m->arena, rule);
}

void merge_supersede_unit(struct merge *m, const char *unit)
{
	names_add(&m->old_units, &m->arena, uri_encode(&m->arena, unit));
}

const char *const *merge_sources(const struct merge *m, unsigned *n)
{
	*n = m->sources.v.n;
	return m->sources.v.v;
}

void merge_version(struct merge *m, const struct sarif_vcs *vcs)
{
	json_t *v = json_object();

	dom_set(v, "repositoryUri", json_string(vcs->uri));
	dom_set(v, "revisionId", json_string(vcs->revision));
	if (vcs->branch)
		dom_set(v, "branch", json_string(vcs->branch));
	dom_set(v, "mappedTo", json_pack("{s:s}", "uriBaseId", "SRCROOT"));
	merge_item_add(&m->provenance, dom_dump(&m->arena, v), v);
	json_decref(v);
}

/* The roles of a file are those that it has in any unit; its content should be one. */
static void combine_artifacts(struct merge *m, struct merge_item *into,
			      const struct merge_item *from)
{
	struct names roles = { { NULL, 0, 0 } };
	const struct merge_item *const both[] = { into, from };
	json_t *united, *role;
	size_t i;

	for (unsigned k = 0; k < 2; k++)
		json_array_foreach(json_object_get(both[k]->v, "roles"), i, role)
			if (json_is_string(role))
				names_add(&roles, &m->arena, json_string_value(role));
	names_sort(&roles);
	if (roles.v.n) {
		united = json_array();
		for (uint32_t k = 0; k < roles.v.n; k++)
			json_array_append_new(united, json_string(roles.v.v[k]));
		dom_set(into->v, "roles", united);
	}
	array_release(&roles.v);
	if (strcmp(dom_text(into->v, "hashes.sha-256"), dom_text(from->v, "hashes.sha-256")))
		names_add(&m->changed, &m->arena, dom_text(into->v, "location.uri"));
}

/* Up to the rule: what lies at one place. */
static size_t place_length(const char *key)
{
	size_t n = 0;

	for (unsigned separators = 0; key[n]; n++)
		if (key[n] == *MERGE_SEPARATOR && ++separators == 7)
			break;
	return n;
}

static bool same_place(const struct merge_item *a, const struct merge_item *b)
{
	return !strncmp(a->key, b->key, place_length(a->key) + 1);
}

static bool passes(const struct merge_item *item)
{
	return !strcmp(dom_text(item->v, "kind"), "pass");
}

/* A rule that holds at a place in one unit and not in another does not hold there. */
static void drop_refuted(struct merge_items *results)
{
	uint32_t kept = 0;

	for (uint32_t i = 0, end; i < results->v.n; i = end) {
		bool refuted = false;

		for (end = i; end < results->v.n &&
			      same_place(&results->v.v[i], &results->v.v[end]); end++)
			refuted |= !passes(&results->v.v[end]);
		for (uint32_t k = i; k < end; k++) {
			if (refuted && passes(&results->v.v[k]))
				item_release(&results->v.v[k]);
			else
				results->v.v[kept++] = results->v.v[k];
		}
	}
	results->v.n = kept;
}

const struct merge_run *merge_finish(struct merge *m)
{
	merge_items_fold(m, &m->results, NULL);
	drop_refuted(&m->results);
	merge_items_fold(m, &m->rules, NULL);
	merge_items_fold(m, &m->artifacts, combine_artifacts);
	merge_items_fold(m, &m->units, NULL);
	merge_items_fold(m, &m->provenance, NULL);
	merge_items_fold(m, &m->roots, NULL);
	names_sort(&m->changed);
	names_sort(&m->missing);
	names_sort(&m->automation);
	merge_decide(m);
	merge_items_fold(m, &m->notices, NULL);
	return &m->run;
}
