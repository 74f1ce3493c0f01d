/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"
#include "report/descriptor.h"
#include "report/sarif_parts.h"

/* GitHub's limits. */
#define DESCRIPTION_LIMIT 1024
#define TAGS_LIMIT 10

static const char *const level_words[] = { "note", "warning", "error" };

static uint32_t rule_count(const struct sarif_log *log)
{
	return log->report->rules ? log->report->rules->rules.n : 0;
}

static const struct rule *rule_at(const struct sarif_log *log, uint32_t i)
{
	return &log->report->rules->rules.v[i];
}

int sarif_rule_index(const struct sarif_log *log, const char *id)
{
	for (uint32_t i = 0; i < rule_count(log); i++)
		if (!strcmp(rule_at(log, i)->id, id))
			return (int)i;
	return -1;
}

static void write_descriptions(struct sarif_log *log, const struct rule *rule)
{
	const char *full = rule->short_text;

	if (rule->why)
		full = arena_printf(&log->arena, "%s %s", rule->short_text, rule->why);
	if (utf8_count(full, strlen(full)) > DESCRIPTION_LIMIT)
		full = rule->short_text;
	sarif_text(&log->w, "shortDescription", rule->short_text);
	sarif_text(&log->w, "fullDescription", full);
	jw_object(&log->w, "messageStrings");
	sarif_text(&log->w, "default", sarif_message_template(&log->arena, rule));
	jw_end(&log->w);
}

/* What a viewer sorts by: how sure, and how bad (SARIF 3.27.25: 0 to 100). */
static int rank_of(const struct rule *rule)
{
	static const int by_confidence[] = { 20, 45, 70 };
	static const int by_severity[] = { 0, 10, 25 };

	return by_confidence[rule->confidence] + by_severity[rule->severity];
}

static void write_configuration(struct sarif_log *log, const struct rule *rule)
{
	jw_flat(&log->w);
	jw_object(&log->w, "defaultConfiguration");
	jw_string(&log->w, "level", level_words[rule->severity]);
	jw_int(&log->w, "rank", rank_of(rule));
	jw_end(&log->w);
}

/* All weaknesses that the log's rules refer to, in the order of their numbers. To be freed. */
unsigned sarif_weaknesses(struct sarif_log *log, const char ***out)
{
	Array(const char *) v = { NULL, 0, 0 };

	for (uint32_t i = 0; i < rule_count(log) && !log->options->rules_file; i++) {
		for (unsigned j = 0; j < rule_at(log, i)->ncwe; j++) {
			const char *number = cwe_number(rule_at(log, i)->cwe[j]);
			bool known = false;

			for (uint32_t k = 0; k < v.n; k++)
				known |= !strcmp(v.v[k], number);
			if (!known)
				array_push(&v, number);
		}
	}
	if (v.n)
		qsort(v.v, v.n, sizeof(*v.v), sarif_compare_numbers);
	*out = v.v;
	return v.n;
}

static void write_relationships(struct sarif_log *log, const struct rule *rule)
{
	const char **all;
	unsigned n = sarif_weaknesses(log, &all);
	struct json_writer *w = &log->w;

	jw_array(w, "relationships");
	for (unsigned i = 0; i < rule->ncwe; i++) {
		const char *number = cwe_number(rule->cwe[i]);
		unsigned index = 0;

		while (index < n && strcmp(all[index], number))
			index++;
		jw_flat(w);
		jw_object(w, NULL);
		jw_object(w, "target");
		jw_string(w, "id", number);
		jw_int(w, "index", index);
		sarif_component_reference(w, "toolComponent");
		jw_end(w);
		jw_array(w, "kinds");
		jw_string(w, NULL, "superset");
		jw_end(w);
		jw_end(w);
	}
	jw_end(w);
	free(all);
}

static bool has_tag(const struct rule *rule, const char *tag)
{
	for (unsigned i = 0; i < rule->ntags; i++)
		if (!strcmp(rule->tags[i], tag))
			return true;
	return false;
}

static void write_rule_properties(struct sarif_log *log, const struct rule *rule)
{
	static const char *const precision[] = { "low", "medium", "high" };
	static const char *const severity[] = { "recommendation", "warning", "error" };
	/* What GitHub sorts rules with the tag "security" by: low, medium, high. */
	static const char *const score[] = { "3.0", "5.5", "8.0" };
	struct json_writer *w = &log->w;
	unsigned n = 0;

	jw_object(w, "properties");
	jw_flat(w);
	jw_array(w, "tags");
	for (unsigned i = 0; i < rule->ncwe && n < TAGS_LIMIT; i++, n++)
		jw_printf(w, NULL, "external/cwe/cwe-%s", cwe_number(rule->cwe[i]));
	for (unsigned i = 0; i < rule->ntags && n < TAGS_LIMIT; i++, n++)
		jw_string(w, NULL, rule->tags[i]);
	jw_end(w);
	jw_string(w, "precision", precision[rule->confidence]);
	jw_string(w, "problem.severity", severity[rule->severity]);
	if (has_tag(rule, "security"))
		jw_string(w, "security-severity", score[rule->severity]);
	jw_end(w);
}

/* Their texts are in the file that the log names. */
static void write_rule_ids(struct sarif_log *log)
{
	jw_flat(&log->w);
	jw_array(&log->w, "rules");
	for (uint32_t i = 0; i < rule_count(log); i++) {
		jw_object(&log->w, NULL);
		jw_string(&log->w, "id", rule_at(log, i)->id);
		jw_end(&log->w);
	}
	jw_end(&log->w);
}

static void write_rule(struct sarif_log *log, const struct rule *rule)
{
	jw_object(&log->w, NULL);
	jw_string(&log->w, "id", rule->id);
	jw_string(&log->w, "name", rule->name);
	write_descriptions(log, rule);
	write_configuration(log, rule);
	sarif_help(&log->w, rule->help ? rule->help : rule->short_text, rule->id);
	if (rule->ncwe)
		write_relationships(log, rule);
	write_rule_properties(log, rule);
	jw_end(&log->w);
}

void sarif_write_rules(struct sarif_log *log)
{
	if (log->options->rules_file) {
		write_rule_ids(log);
		return;
	}
	jw_array(&log->w, "rules");
	for (uint32_t i = 0; i < rule_count(log); i++)
		write_rule(log, rule_at(log, i));
	jw_end(&log->w);
}
