/* SPDX-License-Identifier: MIT */
#include "report/descriptor.h"
#include "report/merge_parts.h"

static bool parse_verdict(const char *word, uint8_t *out)
{
	for (uint8_t v = VERDICT_VIOLATION_EXACT; v <= VERDICT_VACUOUS; v++) {
		if (strcmp(word, verdict_word((enum verdict)v)))
			continue;
		*out = v;
		return true;
	}
	return false;
}

/* One rule while it is decided. */
struct decision {
	struct merge_rule rule;
	struct names guards, assumptions;
	uint8_t worst;		/* of the verdicts that count whatever the design */
};

static void add_texts(struct merge *m, struct names *n, const json_t *list)
{
	json_t *v;
	size_t i;

	json_array_foreach(list, i, v)
		if (json_is_string(v))
			names_add(n, &m->arena, json_string_value(v));
}

/* What one unit says of the rule. */
static void add_outcome(struct merge *m, struct decision *d, const json_t *outcome)
{
	uint8_t verdict;

	if (!parse_verdict(dom_text(outcome, "verdict"), &verdict))
		return;
	if (verdict < d->worst && verdict <= VERDICT_INCOMPLETE)
		d->worst = verdict;
	if (strcmp(dom_text(outcome, "when"), "true"))
		return;
	d->rule.units++;
	d->rule.sinks += (unsigned)dom_int(outcome, "sinks");
	add_texts(m, &d->guards, json_object_get(outcome, "guards"));
	add_texts(m, &d->assumptions, json_object_get(outcome, "assumptions"));
}

static void add_result(struct decision *d, const json_t *result)
{
	const char *kind = dom_text(result, "kind");
	uint8_t verdict;

	if (!parse_verdict(dom_text(result, "properties.verdict"), &verdict))
		return;
	d->rule.violations += !strcmp(kind, "fail");
	d->rule.reviews += !strcmp(kind, "review");
	if (verdict < d->worst && verdict <= VERDICT_INCOMPLETE)
		d->worst = verdict;
}

static uint8_t verdict_of(const struct merge *m, const struct decision *d)
{
	if (d->worst <= VERDICT_VIOLATION_MAY)
		return d->worst;
	/* A unit that was not checked may have the design, the place, or the violation. */
	if (m->run.nmissing)
		return VERDICT_INCOMPLETE;
	/* Before incomplete: one unit that does not parse must not hide it. */
	if (d->rule.units && !d->rule.sinks)
		return VERDICT_VACUOUS;
	if (d->worst == VERDICT_INCOMPLETE)
		return VERDICT_INCOMPLETE;
	return d->rule.units ? VERDICT_PROVED : VERDICT_NOT_APPLICABLE;
}

static struct merge_rule decide(struct merge *m, const struct merge_item *rule)
{
	struct decision d = { .worst = VERDICT_NOT_APPLICABLE };

	d.rule.id = rule->key;
	d.rule.name = arena_strdup(&m->arena, dom_text(rule->v, "name"));
	for (uint32_t i = 0; i < m->units.v.n; i++)
		add_outcome(m, &d, json_object_get(json_object_get(m->units.v.v[i].v, "rules"),
						   rule->key));
	for (uint32_t i = 0; i < m->results.v.n; i++)
		if (!strcmp(dom_text(m->results.v.v[i].v, "ruleId"), rule->key))
			add_result(&d, m->results.v.v[i].v);
	d.rule.undecided = d.worst == VERDICT_INCOMPLETE;
	d.rule.verdict = verdict_of(m, &d);
	names_sort(&d.guards);
	names_sort(&d.assumptions);
	d.rule.nguards = d.guards.v.n;
	d.rule.guards = arena_memdup(&m->arena, d.guards.v.v, d.guards.v.n * sizeof(char *));
	d.rule.nassumptions = d.assumptions.v.n;
	d.rule.assumptions = arena_memdup(&m->arena, d.assumptions.v.v,
					  d.assumptions.v.n * sizeof(char *));
	array_release(&d.guards.v);
	array_release(&d.assumptions.v);
	return d.rule;
}

/* A notification of the run itself. */
static void notify(struct merge *m, const char *kind, const char *level, const char *id,
		   const char *rule, const char *text)
{
	json_t *v = json_pack("{s:{s:s, s:i}}", "descriptor", "id", id, "index", 0);

	if (rule)
		dom_set(v, "associatedRule", json_pack("{s:s, s:i}", "id", rule, "index", 0));
	dom_set(v, "level", json_string(level));
	dom_set(v, "message", json_pack("{s:s}", "text", text));
	merge_item_add(&m->notices, merge_notice_key(&m->arena, kind, v), v);
	json_decref(v);
}

static void notify_rule(struct merge *m, const struct merge_rule *r)
{
	if (r->verdict == VERDICT_VACUOUS)
		notify(m, "C", "error", NOTE_VACUOUS, r->id,
		       arena_printf(&m->arena, "'%s' judges nothing: %u unit%s of the run ha%s the "
				    "design that it is for, and none has a place that it is about.",
				    r->name, r->units, r->units == 1 ? "" : "s",
				    r->units == 1 ? "s" : "ve"));
	if (r->verdict == VERDICT_NOT_APPLICABLE)
		notify(m, "C", "note", NOTE_NOT_APPLICABLE, r->id,
		       arena_printf(&m->arena, "'%s' does not apply: no unit of the run has the "
				    "design that it is for.", r->name));
}

static void decide_rules(struct merge *m)
{
	struct merge_rule *rules = arena_new_array(&m->arena, struct merge_rule, m->rules.v.n);

	m->run.rules = rules;
	m->run.nrules = m->rules.v.n;
	for (uint32_t i = 0; i < m->rules.v.n; i++) {
		rules[i] = decide(m, &m->rules.v.v[i]);
		m->run.vacuous |= rules[i].verdict == VERDICT_VACUOUS;
		notify_rule(m, &rules[i]);
	}
}

static const char *text_member(struct merge *m, const json_t *v, const char *path)
{
	return arena_strdup(&m->arena, dom_text(v, path));
}

static uint8_t level_of(const json_t *result)
{
	const char *level = dom_text(result, "level");

	return !strcmp(level, "error") ? SEVERITY_ERROR :
	       !strcmp(level, "warning") ? SEVERITY_WARNING : SEVERITY_NOTE;
}

static void list_findings(struct merge *m)
{
	struct merge_finding *f = arena_new_array(&m->arena, struct merge_finding,
						  m->results.v.n);

	m->run.findings = f;
	for (uint32_t i = 0; i < m->results.v.n; i++) {
		const json_t *v = m->results.v.v[i].v;
		const json_t *at = dom_get(v, "locations.0");

		m->run.reviews += !strcmp(dom_text(v, "kind"), "review");
		if (strcmp(dom_text(v, "kind"), "fail"))
			continue;
		f->rule = text_member(m, v, "ruleId");
		f->uri = text_member(m, at, "physicalLocation.artifactLocation.uri");
		f->function = text_member(m, at, "logicalLocations.0.name");
		f->message = text_member(m, v, "message.text");
		f->level = level_of(v);
		f->line = (unsigned)dom_int(at, "physicalLocation.region.startLine");
		f->col = (unsigned)dom_int(at, "physicalLocation.region.startColumn");
		f++;
		m->run.nfindings++;
	}
}

static void count_units(struct merge *m)
{
	struct names incomplete = { { NULL, 0, 0 } };

	for (uint32_t i = 0; i < m->units.v.n; i++) {
		const char *status = dom_text(m->units.v.v[i].v, "status");

		if (!strcmp(status, "skipped"))
			m->run.skipped++;
		else if (!strcmp(status, "checked"))
			m->run.checked++;
		else if (!strcmp(status, "linked"))
			m->run.linked = true;
		else
			array_push(&incomplete.v, text_member(m, m->units.v.v[i].v, "unit"));
	}
	m->run.incomplete = incomplete.v.n;
	m->run.incomplete_units = arena_memdup(&m->arena, incomplete.v.v,
					       incomplete.v.n * sizeof(char *));
	array_release(&incomplete.v);
}

static bool has_unit(const struct merge *m, const char *name)
{
	size_t n = strlen(name);

	for (uint32_t i = 0; i < m->units.v.n; i++) {
		const char *key = m->units.v.v[i].key;

		if (!strncmp(key, name, n) && key[n] == *MERGE_SEPARATOR)
			return true;
	}
	return false;
}

/* The first few of a list that may have thousands. */
static char *enumerate(struct arena *a, const char *const *v, unsigned n)
{
	struct buffer b = BUFFER_INIT;
	char *text;

	for (unsigned i = 0; i < n && i < 10; i++)
		buffer_printf(&b, "%s'%s'", i ? ", " : "", v[i]);
	if (n > 10)
		buffer_printf(&b, " and %u more", n - 10);
	text = arena_strdup(a, buffer_str(&b));
	buffer_release(&b);
	return text;
}

static void settle_missing(struct merge *m)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < m->missing.v.n; i++)
		if (!has_unit(m, m->missing.v.v[i]))
			m->missing.v.v[kept++] = m->missing.v.v[i];
	m->missing.v.n = kept;
	m->run.missing = m->missing.v.v;
	m->run.nmissing = kept;
	if (kept)
		notify(m, "E", "warning", NOTE_MISSING, NULL,
		       arena_printf(&m->arena, "%u unit%s of the build left no result: %s.", kept,
				    kept == 1 ? "" : "s",
				    enumerate(&m->arena, m->missing.v.v, kept)));
}

/* Among the units that have it. */
static bool differ(const struct merge *m, const char *member)
{
	const char *first = "";

	for (uint32_t i = 0; i < m->units.v.n; i++) {
		const char *text = dom_text(m->units.v.v[i].v, member);

		if (*first && *text && strcmp(text, first))
			return true;
		if (!*first)
			first = text;
	}
	return false;
}

static void notify_differences(struct merge *m)
{
	m->run.stale = differ(m, "version") || differ(m, "rulesDigest");
	if (m->run.stale)
		notify(m, "C", "warning", NOTE_STALE, NULL,
		       "The units were checked by several versions of " PROTFLOW_NAME
		       " or with several versions of the rules.");
	for (uint32_t i = 0; i < m->changed.v.n; i++)
		notify(m, "E", "warning", NOTE_CHANGED, NULL,
		       arena_printf(&m->arena, "'%s' was changed while the units were checked.",
				    m->changed.v.v[i]));
}

static void look_at_notices(struct merge *m)
{
	for (uint32_t i = 0; i < m->notices.v.n; i++) {
		const char *id = dom_text(m->notices.v.v[i].v, "descriptor.id");

		m->run.no_sparse |= !strcmp(id, NOTE_SPARSE);
		if (!strcmp(id, NOTE_WANTED))
			m->run.wanted = text_member(m, m->notices.v.v[i].v, "message.text");
		m->run.no_rules |= !strcmp(id, NOTE_MODEL) || !strcmp(id, NOTE_RULE_FILE) ||
				   !strcmp(id, NOTE_RULES);
	}
}

void merge_decide(struct merge *m)
{
	settle_missing(m);
	decide_rules(m);
	list_findings(m);
	count_units(m);
	look_at_notices(m);
	notify_differences(m);
}
