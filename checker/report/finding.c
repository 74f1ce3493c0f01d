/* SPDX-License-Identifier: MIT */
#include "report/finding.h"

#include <stdarg.h>

#include "base/buffer.h"

void report_release(struct report *r)
{
	array_release(&r->findings);
	array_release(&r->notifications);
	array_release(&r->outcomes);
	arena_release(&r->arena);
}

static enum rule_severity level_of(const struct rule *rule, enum verdict v)
{
	if (v == VERDICT_VIOLATION_EXACT)
		return (enum rule_severity)rule->severity;
	if (v == VERDICT_VIOLATION_MAY && rule->severity != SEVERITY_NOTE)
		return SEVERITY_WARNING;
	return SEVERITY_NOTE;
}

struct finding *report_add(struct report *r, const struct rule *rule, enum verdict v)
{
	struct finding *f = array_add(&r->findings);

	f->rule = rule;
	report_set_verdict(f, v);
	return f;
}

void report_set_verdict(struct finding *f, enum verdict v)
{
	f->verdict = v;
	f->level = level_of(f->rule, v);
}

struct rule_outcome *report_outcome(struct report *r, const struct rule *rule)
{
	struct rule_outcome *o;

	for (uint32_t i = 0; i < r->outcomes.n; i++)
		if (r->outcomes.v[i].rule == rule)
			return &r->outcomes.v[i];
	o = array_add(&r->outcomes);
	o->rule = rule;
	o->verdict = VERDICT_NOT_APPLICABLE;
	return o;
}

struct notification *report_notify(struct report *r, enum notification_kind kind,
				   enum rule_severity level, const char *id,
				   const struct place *place, const char *fmt, ...)
{
	struct notification *n = array_add(&r->notifications);
	struct buffer text = BUFFER_INIT;
	va_list ap;

	va_start(ap, fmt);
	buffer_vprintf(&text, fmt, ap);
	va_end(ap);
	n->kind = kind;
	n->level = level;
	n->id = arena_strdup(&r->arena, id);
	n->text = arena_strdup(&r->arena, buffer_str(&text));
	buffer_release(&text);
	if (place) {
		n->place = *place;
		if (place->file)
			n->place.file = arena_strdup(&r->arena, place->file);
	}
	return n;
}

const char *verdict_word(enum verdict v)
{
	static const char *const words[] = {
		[VERDICT_VIOLATION_EXACT] = "violation",
		[VERDICT_VIOLATION_MAY] = "may-violate",
		[VERDICT_INCOMPLETE] = "incomplete",
		[VERDICT_PROVED] = "proved",
		[VERDICT_NOT_APPLICABLE] = "not-applicable",
		[VERDICT_VACUOUS] = "vacuous",
	};

	return words[v];
}

static void add_text(struct arena *a, const char ***list, unsigned *n, const char *text)
{
	const char **v = arena_new_array(a, const char *, *n + 1);

	if (*n)
		memcpy(v, *list, *n * sizeof(*v));
	v[(*n)++] = arena_strdup(a, text);
	*list = v;
}

static void withdraw_outcomes(struct report *r)
{
	for (uint32_t i = 0; i < r->rules->rules.n; i++) {
		struct rule_outcome *o = report_outcome(r, &r->rules->rules.v[i]);

		if (o->when == WHEN_FALSE)
			o->when = WHEN_UNKNOWN;
		if (o->verdict > VERDICT_VIOLATION_MAY)
			o->verdict = VERDICT_INCOMPLETE;
		o->nguards = o->nassumptions = 0;
	}
}

struct report_mark report_mark(const struct report *r)
{
	return (struct report_mark){ r->findings.n, r->notifications.n, r->outcomes.n };
}

void report_rewind(struct report *r, struct report_mark to)
{
	r->findings.n = to.findings;
	r->notifications.n = to.notifications;
	r->outcomes.n = to.outcomes;
}

void report_forget(struct report *r, const char *rule_id)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < r->findings.n; i++)
		if (strcmp(r->findings.v[i].rule->id, rule_id))
			r->findings.v[n++] = r->findings.v[i];
	r->findings.n = n;
	n = 0;
	for (uint32_t i = 0; i < r->outcomes.n; i++)
		if (strcmp(r->outcomes.v[i].rule->id, rule_id))
			r->outcomes.v[n++] = r->outcomes.v[i];
	r->outcomes.n = n;
	n = 0;
	for (uint32_t i = 0; i < r->notifications.n; i++)
		if (!r->notifications.v[i].rule_id ||
		    strcmp(r->notifications.v[i].rule_id, rule_id))
			r->notifications.v[n++] = r->notifications.v[i];
	r->notifications.n = n;
}

void report_withdraw(struct report *r, const char *reason)
{
	for (uint32_t i = 0; i < r->findings.n; i++) {
		struct finding *f = &r->findings.v[i];

		if (f->verdict <= VERDICT_VIOLATION_MAY)
			continue;
		add_text(&r->arena, &f->reasons, &f->nreasons, reason);
		if (f->verdict != VERDICT_INCOMPLETE)
			f->message = arena_printf(&r->arena,
						  "'%s' could not be decided for this %s.",
						  f->rule->name, r->program ? "program" : "unit");
		f->verdict = VERDICT_INCOMPLETE;
	}
	withdraw_outcomes(r);
}

void report_assume(struct report *r, const char *text)
{
	for (uint32_t i = 0; i < r->findings.n; i++)
		if (r->findings.v[i].verdict == VERDICT_PROVED)
			add_text(&r->arena, &r->findings.v[i].assumptions,
				 &r->findings.v[i].nassumptions, text);
	for (uint32_t i = 0; i < r->outcomes.n; i++)
		if (r->outcomes.v[i].verdict == VERDICT_PROVED)
			add_text(&r->arena, &r->outcomes.v[i].assumptions,
				 &r->outcomes.v[i].nassumptions, text);
}
