/* SPDX-License-Identifier: MIT */
/*
 * Taking a log apart. A log may come from anywhere: whatever has another shape
 * than protflow's own is refused or left out.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "report/descriptor.h"
#include "report/merge_parts.h"
#include "report/root.h"
#include "report/rules_file.h"

/* Indices are those of one log; every object that has some is of a known kind. */
static void clear_indices(json_t *v)
{
	static const char *const names[] = { "index", "ruleIndex" };
	const char *key;
	json_t *member;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (json_is_integer(json_object_get(v, names[i])))
			dom_set(v, names[i], json_integer(0));
	json_array_foreach(v, i, member)
		clear_indices(member);
	json_object_foreach(v, key, member)
		clear_indices(member);
}

static char *place_key(struct arena *a, const json_t *v)
{
	static const char *const region[] = { "startLine", "startColumn", "endLine", "endColumn" };
	json_t *p = dom_get(v, "locations.0.physicalLocation");
	json_t *r = dom_get(p, "region");
	char *key = arena_printf(a, "%s" MERGE_SEPARATOR "%s", dom_text(p, "artifactLocation.uri"),
				 dom_text(p, "artifactLocation.uriBaseId"));

	for (unsigned i = 0; i < 4; i++)
		key = arena_printf(a, "%s" MERGE_SEPARATOR "%010" PRIu64, key,
				   (uint64_t)dom_int(r, region[i]));
	return key;
}

/* Moves the units of a result or notification out of it. */
static void take_units(struct merge *m, struct merge_item *item)
{
	json_t *properties = json_object_get(item->v, "properties");
	json_t *units = json_object_get(properties, "units"), *unit;
	size_t i;

	json_array_foreach(units, i, unit)
		if (json_is_string(unit))
			names_add(&item->units, &m->arena, json_string_value(unit));
	json_object_del(properties, "units");
}

static unsigned rank_of(const json_t *result)
{
	static const char *const levels[] = { "error", "warning", "note" };
	const char *level = dom_text(result, "level");
	size_t steps = json_array_size(dom_get(result,
					       "codeFlows.0.threadFlows.0.locations"));
	unsigned rank = 0;

	while (rank < 3 && strcmp(level, levels[rank]))
		rank++;
	/* A finding with a path says more than one without. */
	return rank * 100000 + (steps && steps < 99999 ? (unsigned)steps : 99999);
}

/* "0123abcd:2" without the count, which is of one log. */
static const char *fingerprint_base(struct merge *m, json_t *result)
{
	json_t *prints = json_object_get(result, "partialFingerprints");
	const char *v1 = dom_text(prints, "protflow/v1");
	char *base = arena_strndup(&m->arena, v1, strcspn(v1, ":"));

	if (*base)
		dom_set(prints, "protflow/v1", json_string(base));
	return base;
}

/* Takes the units away that are superseded for the rule; true where none is left. */
static bool is_superseded(struct merge *m, json_t *v, const char *rule)
{
	json_t *units = dom_get(v, "properties.units");
	size_t n = json_array_size(units);

	if (!n || !names_has(&m->old_rules, rule))
		return false;
	for (size_t i = n; i-- > 0;)
		if (json_is_string(json_array_get(units, i)) &&
		    names_has(&m->old_units, json_string_value(json_array_get(units, i))))
			json_array_remove(units, i);
	return !json_array_size(units);
}

static void take_result(struct merge *m, json_t *v)
{
	struct merge_item *item;
	const char *key;

	if (is_superseded(m, v, dom_text(v, "ruleId")))
		return;

	json_object_del(v, "occurrenceCount");
	clear_indices(v);
	key = arena_printf(&m->arena, "%s" MERGE_SEPARATOR "%s" MERGE_SEPARATOR "%s"
			   MERGE_SEPARATOR "%s" MERGE_SEPARATOR "%s", place_key(&m->arena, v),
			   dom_text(v, "ruleId"), dom_text(v, "kind"), fingerprint_base(m, v),
			   dom_text(v, "message.text"));
	item = merge_item_add(&m->results, key, v);
	item->rank = rank_of(v);
	take_units(m, item);
}

/* Notifications that merge_decide() gives anew. */
static bool is_of_run(const char *id)
{
	return !strcmp(id, NOTE_VACUOUS) || !strcmp(id, NOTE_NOT_APPLICABLE) ||
	       !strcmp(id, NOTE_MISSING) || !strcmp(id, NOTE_STALE);
}

char *merge_notice_key(struct arena *a, const char *kind, const json_t *notice)
{
	return arena_printf(a, "%s%s" MERGE_SEPARATOR "%s" MERGE_SEPARATOR "%s"
			    MERGE_SEPARATOR "%s", kind, dom_text(notice, "descriptor.id"),
			    place_key(a, notice), dom_text(notice, "associatedRule.id"),
			    dom_text(notice, "message.text"));
}

static void take_notice(struct merge *m, json_t *v, const char *kind)
{
	const char *id = dom_text(v, "descriptor.id");

	if (!json_is_object(v) || is_of_run(id) ||
	    (!strcmp(id, NOTE_INCOMPLETE) &&
	     is_superseded(m, v, dom_text(v, "associatedRule.id"))))
		return;
	/* Thousands of units are skipped, or have no Sparse; one notification names them all. */
	if (!strcmp(id, NOTE_SKIPPED) || !strcmp(id, NOTE_SPARSE))
		json_object_del(v, "locations");
	clear_indices(v);
	take_units(m, merge_item_add(&m->notices, merge_notice_key(&m->arena, kind, v), v));
}

/* The first start and the last end; none where a log has none, as reproducible ones do. */
static void take_times(struct merge *m, const char *start, const char *end)
{
	m->no_times |= !*start || !*end;
	if (!m->start || strcmp(start, m->start) < 0)
		m->start = arena_strdup(&m->arena, start);
	if (!m->end || strcmp(end, m->end) > 0)
		m->end = arena_strdup(&m->arena, end);
}

static void take_invocation(struct merge *m, json_t *v)
{
	json_t *n;
	size_t i;

	json_array_foreach(json_object_get(v, "toolExecutionNotifications"), i, n)
		take_notice(m, n, "E");
	json_array_foreach(json_object_get(v, "toolConfigurationNotifications"), i, n)
		take_notice(m, n, "C");
	names_add(&m->directories, &m->arena, dom_text(v, "workingDirectory.uri"));
	take_times(m, dom_text(v, "startTimeUtc"), dom_text(v, "endTimeUtc"));
}

static void take_list(struct merge *m, struct merge_items *out, const json_t *list,
		      char *(*key)(struct arena *a, const json_t *v))
{
	json_t *v;
	size_t i;

	json_array_foreach(list, i, v) {
		if (!json_is_object(v))
			continue;
		clear_indices(v);
		merge_item_add(out, key(&m->arena, v), v);
	}
}

/* Every log has the same rules: thousands of copies of a large thing. */
static bool has_equal(const struct merge_items *items, const json_t *v)
{
	for (uint32_t i = 0; i < items->v.n; i++)
		if (json_equal(items->v.v[i].v, v))
			return true;
	return false;
}

static void take_rules(struct merge *m, const json_t *list)
{
	json_t *v;
	size_t i;

	json_array_foreach(list, i, v) {
		if (!json_is_object(v))
			continue;
		clear_indices(v);
		if (!has_equal(&m->rules, v))
			merge_item_add(&m->rules, arena_strdup(&m->arena, dom_text(v, "id")), v);
	}
}

/* Why the rules that a log names cannot be had, or NULL; with them in m. */
static const char *take_rules_file(struct merge *m, const char *log, const char *name)
{
	struct buffer text = BUFFER_INIT;
	const char *fault = NULL;
	json_t *v = NULL;
	int err;

	if (!rules_file_is_name(name))
		return "has a damaged name of its rules' file";
	err = m->read ? m->read(m->read_arg, log, name, &text) : -ENOENT;
	if (!err && rules_file_is(name, buffer_str(&text), text.n))
		v = json_loadb(text.s, text.n, JSON_REJECT_DUPLICATES, NULL);
	if (v && dom_is_shallow(v)) {
		take_rules(m, json_object_get(v, "rules"));
		names_add(&m->rules_files, &m->arena, name);
	} else {
		fault = arena_printf(&m->arena, "its rules are in " RULES_FILE_PATH
				     " of its tree, which %s%s", name,
				     err ? "cannot be read: " : "is damaged",
				     err ? strerror(-err) : "");
	}
	json_decref(v);
	buffer_release(&text);
	return fault;
}

static const char *rules_file(const json_t *run)
{
	return dom_text(run, "properties.protflow.rules");
}

static const char *take_rules_files(struct merge *m, const char *log, const json_t *runs)
{
	const char *fault = NULL;
	json_t *run;
	size_t i;

	json_array_foreach(runs, i, run)
		if (!fault && *rules_file(run) && !names_has(&m->rules_files, rules_file(run)))
			fault = take_rules_file(m, log, rules_file(run));
	return fault;
}

static char *artifact_key(struct arena *a, const json_t *v)
{
	return merge_artifact_key(a, json_object_get(v, "location"));
}

static char *unit_key(struct arena *a, const json_t *v)
{
	return arena_printf(a, "%s" MERGE_SEPARATOR "%s", dom_text(v, "unit"), dom_dump(a, v));
}

static void take_roots(struct merge *m, json_t *run)
{
	json_t *tokens = json_object_get(run, "redactionTokens"), *v;
	char *source = uri_path(&m->arena, dom_text(run, "originalUriBaseIds.SRCROOT.uri"));
	const char *id;

	if (source && !json_array_size(json_object_get(run, "versionControlProvenance")))
		names_add(&m->sources, &m->arena, source);
	json_object_foreach(json_object_get(run, "originalUriBaseIds"), id, v)
		if (json_is_object(v))
			merge_item_add(&m->roots, arena_strdup(&m->arena, id), v);
	m->hidden |= json_array_size(tokens) > 0;
}

/* What a unit says of rules that are decided over the program. */
static void drop_outcomes(struct merge *m, json_t *unit)
{
	for (uint32_t i = 0; i < m->old_rules.v.n; i++)
		if (names_has(&m->old_units, dom_text(unit, "unit")))
			json_object_del(json_object_get(unit, "rules"), m->old_rules.v.v[i]);
}

static void take_units_of_run(struct merge *m, const json_t *run)
{
	json_t *own = dom_get(run, "properties.protflow"), *v;
	size_t i;

	json_array_foreach(json_object_get(own, "units"), i, v)
		drop_outcomes(m, v);
	take_list(m, &m->units, json_object_get(own, "units"), unit_key);
	json_array_foreach(json_object_get(own, "missing"), i, v)
		if (json_is_string(v))
			names_add(&m->missing, &m->arena, json_string_value(v));
}

static void take_run(struct merge *m, json_t *run)
{
	json_t *v;
	size_t i;

	take_units_of_run(m, run);
	if (!*rules_file(run))
		take_rules(m, dom_get(run, "tool.driver.rules"));
	take_list(m, &m->artifacts, json_object_get(run, "artifacts"), artifact_key);
	take_list(m, &m->provenance, json_object_get(run, "versionControlProvenance"), dom_dump);
	take_roots(m, run);
	names_add(&m->automation, &m->arena, dom_text(run, "automationDetails.id"));
	json_array_foreach(json_object_get(run, "invocations"), i, v)
		take_invocation(m, v);
	json_array_foreach(json_object_get(run, "results"), i, v)
		if (json_is_object(v))
			take_result(m, v);
}

/* Why a value is no log of protflow, or NULL. */
static const char *refusal(const json_t *log)
{
	const json_t *runs = json_object_get(log, "runs"), *run;
	size_t i;

	if (strcmp(dom_text(log, "version"), "2.1.0") || !json_array_size(runs))
		return "is no SARIF 2.1.0 log";
	if (!dom_is_shallow(log))
		return "nests too deeply";
	json_array_foreach(runs, i, run) {
		if (strcmp(dom_text(run, "tool.driver.name"), PROTFLOW_NAME))
			return "is a log of another tool";
		if (!json_is_array(dom_get(run, "properties.protflow.units")) ||
		    !json_is_array(json_object_get(run, "results")) ||
		    !json_is_object(dom_get(run, "invocations.0")))
			return "is not a whole log of " PROTFLOW_NAME;
	}
	return NULL;
}

bool merge_add(struct merge *m, const char *name, const char *text, size_t n, struct buffer *why)
{
	json_error_t error;
	json_t *log = json_loadb(text, n, JSON_REJECT_DUPLICATES, &error), *run;
	const char *fault;
	size_t i;

	if (!log) {
		buffer_printf(why, "%s:%d:%d: %s", name, error.line > 0 ? error.line : 1,
			      error.column > 0 ? error.column : 1, error.text);
		return false;
	}
	fault = refusal(log);
	if (!fault)
		fault = take_rules_files(m, name, json_object_get(log, "runs"));
	if (fault) {
		buffer_printf(why, "%s:1:1: %s", name, fault);
	} else {
		json_array_foreach(json_object_get(log, "runs"), i, run)
			take_run(m, run);
	}
	json_decref(log);
	return !fault;
}
