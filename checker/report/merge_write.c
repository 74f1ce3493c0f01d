/* SPDX-License-Identifier: MIT */
#include "base/map.h"
#include "report/merge_parts.h"
#include "report/root.h"
#include "report/sarif_frame.h"

/* A log being written: the parts get their indices on the way. */
struct writing {
	struct json_writer w;
	const struct merge *m;
	const struct merge_options *o;
	struct arena arena;
	struct names notices;	/* ids of descriptors, sorted */
	struct names weaknesses;	/* numbers, in their order */
	struct intern prints;	/* protflow/v1 without counts */
	Array(unsigned) counts;	/* by str_id: how often it was written */
	struct roots roots;	/* where absolute paths are hidden: those of the logs */
};

static int name_index(const struct names *n, const char *name)
{
	for (uint32_t i = 0; i < n->v.n; i++)
		if (!strcmp(n->v.v[i], name))
			return (int)i;
	return -1;
}

static void set_index(json_t *object, const char *member, int index)
{
	if (json_object_get(object, member))
		dom_set(object, member, json_integer(index));
}

/* Artifact locations, wherever they are. */
static void index_artifacts(struct writing *x, json_t *v)
{
	const char *key;
	json_t *member;
	size_t i;

	if (json_is_string(json_object_get(v, "uri")))
		set_index(v, "index", merge_items_find(&x->m->artifacts,
						       merge_artifact_key(&x->arena, v)));
	json_array_foreach(v, i, member)
		index_artifacts(x, member);
	json_object_foreach(v, key, member)
		index_artifacts(x, member);
}

/* Takes what names the machine's folders out of a result, notification or artifact. */
static void hide(struct writing *x, json_t *v)
{
	const char *key, *text = dom_text(v, "message.text");
	char *path = uri_path(&x->arena, dom_text(v, "uri"));
	json_t *member;
	size_t i;

	if (path)
		dom_set(v, "uri", json_string(roots_uri(&x->roots, &x->arena, path).uri));
	if (*text)
		dom_set(json_object_get(v, "message"), "text",
			json_string(roots_text(&x->roots, &x->arena, text)));
	json_object_del(v, "reproduce");
	json_array_foreach(v, i, member)
		hide(x, member);
	json_object_foreach(v, key, member)
		hide(x, member);
}

static void write_rule(struct writing *x, const json_t *rule)
{
	json_t *v = json_deep_copy(rule), *relation;
	size_t i;

	json_array_foreach(json_object_get(v, "relationships"), i, relation) {
		json_t *target = json_object_get(relation, "target");

		set_index(target, "index", name_index(&x->weaknesses, dom_text(target, "id")));
	}
	dom_write(&x->w, NULL, v);
	json_decref(v);
}

static void write_driver(struct writing *x)
{
	sarif_begin_driver(&x->w);
	jw_array(&x->w, "rules");
	for (uint32_t i = 0; i < x->m->rules.v.n; i++)
		write_rule(x, x->m->rules.v.v[i].v);
	jw_end(&x->w);
	sarif_end_driver(&x->w, x->notices.v.v, x->notices.v.n, x->weaknesses.v.n > 0);
}

static void write_provenance(struct writing *x)
{
	const struct merge_items *all = &x->m->provenance;

	if (!all->v.n)
		return;
	jw_array(&x->w, "versionControlProvenance");
	for (uint32_t i = 0; i < all->v.n; i++)
		dom_write(&x->w, NULL, all->v.v[i].v);
	jw_end(&x->w);
}

static void write_roots(struct writing *x)
{
	const struct merge_items *roots = &x->m->roots;

	jw_object(&x->w, "originalUriBaseIds");
	for (uint32_t i = 0; i < roots->v.n; i++) {
		json_t *v = json_deep_copy(roots->v.v[i].v);

		if (x->roots.hide)
			json_object_del(v, "uri");
		dom_write(&x->w, roots->v.v[i].key, v);
		json_decref(v);
	}
	jw_end(&x->w);
	if (x->m->hidden || x->roots.hide) {
		jw_flat(&x->w);
		jw_array(&x->w, "redactionTokens");
		jw_string(&x->w, NULL, ROOT_HIDDEN);
		jw_end(&x->w);
	}
}

/* Writes a result or notification, with its units back in its properties, which come last. */
static void write_item(struct writing *x, json_t *v, const struct names *units)
{
	json_t *properties = json_incref(json_object_get(v, "properties")), *list;

	json_object_del(v, "properties");
	index_artifacts(x, v);
	if (x->roots.hide)
		hide(x, v);
	if (!json_is_object(properties)) {
		json_decref(properties);
		properties = json_object();
	}
	if (units->v.n) {
		list = json_array();
		for (uint32_t i = 0; i < units->v.n; i++)
			json_array_append_new(list, json_string(units->v.v[i]));
		dom_set(properties, "units", list);
	}
	if (x->roots.hide)
		json_object_del(properties, "reproduce");
	if (json_object_size(properties))
		dom_set(v, "properties", json_incref(properties));
	dom_write(&x->w, NULL, v);
	json_decref(properties);
}

static void write_notices(struct writing *x, const char *key, char kind)
{
	jw_array(&x->w, key);
	for (uint32_t i = 0; i < x->m->notices.v.n; i++) {
		const struct merge_item *item = &x->m->notices.v.v[i];
		json_t *v, *rule;

		if (*item->key != kind)
			continue;
		v = json_deep_copy(item->v);
		rule = json_object_get(v, "associatedRule");
		set_index(json_object_get(v, "descriptor"), "index",
			  name_index(&x->notices, dom_text(v, "descriptor.id")));
		set_index(rule, "index", merge_items_find(&x->m->rules, dom_text(rule, "id")));
		write_item(x, v, &item->units);
		json_decref(v);
	}
	jw_end(&x->w);
}

static void write_invocation(struct writing *x)
{
	const struct merge *m = x->m;
	struct json_writer *w = &x->w;

	jw_array(w, "invocations");
	jw_object(w, NULL);
	jw_bool(w, "executionSuccessful", !m->run.vacuous && !m->run.incomplete);
	jw_int(w, "exitCode", m->run.vacuous ? 3 : 0);
	if (m->run.vacuous)
		jw_string(w, "exitCodeDescription", "A rule is vacuous.");
	if (!x->o->reproducible && !m->no_times) {
		jw_string(w, "startTimeUtc", m->start);
		jw_string(w, "endTimeUtc", m->end);
	}
	if (m->directories.v.n == 1 && *m->directories.v.v[0] && !x->roots.hide) {
		jw_object(w, "workingDirectory");
		jw_string(w, "uri", m->directories.v.v[0]);
		jw_end(w);
	}
	write_notices(x, "toolExecutionNotifications", 'E');
	write_notices(x, "toolConfigurationNotifications", 'C');
	jw_end(w);
	jw_end(w);
}

static void write_list(struct writing *x, const char *key, const struct merge_items *items)
{
	jw_array(&x->w, key);
	for (uint32_t i = 0; i < items->v.n; i++) {
		json_t *v = json_deep_copy(items->v.v[i].v);

		if (x->roots.hide)
			hide(x, v);
		dom_write(&x->w, NULL, v);
		json_decref(v);
	}
	jw_end(&x->w);
}

/* "hash" as "hash:2": results with one hash are told apart by their order. */
static void count_fingerprint(struct writing *x, json_t *result)
{
	json_t *prints = json_object_get(result, "partialFingerprints");
	const char *base = dom_text(prints, "protflow/v1");
	str_id id;

	if (!*base)
		return;
	id = intern_str(&x->prints, base);
	while (x->counts.n <= id)
		array_push(&x->counts, 0);
	x->counts.v[id]++;
	dom_set(prints, "protflow/v1",
		json_sprintf("%s:%u", intern_get(&x->prints, id), x->counts.v[id]));
}

static void write_results(struct writing *x)
{
	jw_array(&x->w, "results");
	for (uint32_t i = 0; i < x->m->results.v.n; i++) {
		const struct merge_item *item = &x->m->results.v.v[i];
		json_t *v = json_deep_copy(item->v);

		if (item->units.v.n > 1)
			dom_set(v, "occurrenceCount", json_integer(item->units.v.n));
		set_index(v, "ruleIndex", merge_items_find(&x->m->rules, dom_text(v, "ruleId")));
		count_fingerprint(x, v);
		write_item(x, v, &item->units);
		json_decref(v);
	}
	jw_end(&x->w);
}

static void write_properties(struct writing *x)
{
	jw_object(&x->w, "properties");
	jw_object(&x->w, "protflow");
	write_list(x, "units", &x->m->units);
	sarif_strings(&x->w, "missing", x->m->missing.v.v, x->m->missing.v.n);
	jw_end(&x->w);
	jw_end(&x->w);
}

static void prepare_roots(struct writing *x)
{
	const struct merge_items *all = &x->m->roots;

	x->roots = (struct roots){ .directory = "/", .hide = x->o->reproducible };
	for (uint32_t i = 0; i < all->v.n && x->roots.n < ROOTS_MAX; i++) {
		char *path = uri_path(&x->arena, dom_text(all->v.v[i].v, "uri"));

		if (path)
			x->roots.v[x->roots.n++] = (struct root){ .id = all->v.v[i].key,
								  .path = path, .real = path };
	}
}

static void prepare(struct writing *x)
{
	const struct merge *m = x->m;
	json_t *relation;
	size_t k;

	prepare_roots(x);

	for (uint32_t i = 0; i < m->notices.v.n; i++)
		names_add(&x->notices, &x->arena,
			  dom_text(m->notices.v.v[i].v, "descriptor.id"));
	names_sort(&x->notices);
	for (uint32_t i = 0; i < m->rules.v.n; i++)
		json_array_foreach(json_object_get(m->rules.v.v[i].v, "relationships"), k, relation)
			names_add(&x->weaknesses, &x->arena, dom_text(relation, "target.id"));
	if (x->weaknesses.v.n)
		qsort(x->weaknesses.v.v, x->weaknesses.v.n, sizeof(*x->weaknesses.v.v),
		      sarif_compare_numbers);
}

static const char *automation_id(const struct writing *x)
{
	const struct names *all = &x->m->automation;

	if (x->o->automation_id)
		return x->o->automation_id;
	return all->v.n == 1 && *all->v.v[0] ? all->v.v[0] : NULL;
}

void merge_write(const struct merge *m, const struct merge_options *o, struct buffer *out)
{
	struct writing x = { .m = m, .o = o };

	prepare(&x);
	jw_init(&x.w, out);
	sarif_begin(&x.w);
	write_driver(&x);
	sarif_constants(&x.w, automation_id(&x));
	write_provenance(&x);
	write_roots(&x);
	write_invocation(&x);
	write_list(&x, "artifacts", &m->artifacts);
	sarif_taxonomies(&x.w, x.weaknesses.v.v, x.weaknesses.v.n);
	write_results(&x);
	write_properties(&x);
	sarif_end(&x.w);
	array_release(&x.notices.v);
	array_release(&x.weaknesses.v);
	array_release(&x.counts);
	intern_release(&x.prints);
	arena_release(&x.arena);
}
