/* SPDX-License-Identifier: MIT */
#include "command/sensitivity.h"

#include <stdio.h>
#include <string.h>

/* The finding that the rule has without the guard; NULL where it has none. */
static const struct finding *violation(const struct report *r)
{
	const struct finding *best = NULL;

	for (uint32_t i = 0; i < r->findings.n; i++) {
		const struct finding *f = &r->findings.v[i];

		if (f->verdict <= VERDICT_VIOLATION_MAY && (!best || f->verdict < best->verdict))
			best = f;
	}
	return best;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void tell(struct report *r, const struct rule *rule, const struct place *guard,
		 const struct finding *f)
{
	const char *text;

	if (f)
		text = arena_printf(&r->arena, "%s without the guard at %s:%u is violated at "
				    "%s:%u, in '%s'%s%s.", rule->id, base_name(guard->file),
				    guard->line, base_name(f->place.file), f->place.line,
				    f->function ? f->function : "?", f->values ? " " : "",
				    f->values ? f->values : "");
	else
		text = arena_printf(&r->arena, "%s without the guard at %s:%u holds all the same: "
				    "the proof rests on more than this guard.", rule->id,
				    base_name(guard->file), guard->line);
	puts(text);
	report_notify(r, NOTE_EXECUTION, f ? SEVERITY_NOTE : SEVERITY_WARNING, "PF-sensitivity",
		      guard, "%s", text)->rule_id = rule->id;
}

static void judge_without(struct linked *l, struct report *r, const struct rule *rule,
			  const struct place *guard)
{
	struct rule_set one = { .digest = l->rules.digest };
	struct report own = { 0 };
	const struct ignored_guard ignored = { guard->file, guard->line };
	const struct analysis_options o = { .ignored = &ignored, .nignored = 1 };
	struct analysis_stats stats;

	array_push(&one.rules, *rule);
	linked_judge(l, &one, &o, &own, &stats);
	tell(r, rule, guard, violation(&own));
	report_release(&own);
	array_release(&one.rules);
}

static bool told(const struct related *v, unsigned n, const struct place *p)
{
	for (unsigned i = 0; i < n; i++)
		if (v[i].place.line == p->line && !strcmp(v[i].place.file, p->file))
			return true;
	return false;
}

void sensitivity_prove(struct linked *l, struct report *r)
{
	uint32_t n = r->findings.n;

	for (uint32_t i = 0; i < n; i++) {
		const struct finding f = r->findings.v[i];

		/* A refusal is no guard: what it refuses is another rule's to say. */
		if (f.verdict != VERDICT_PROVED || f.rule->template == RULE_REFUSE_WARN)
			continue;
		for (unsigned k = 0; k < f.nrelated; k++)
			if (f.related[k].place.line &&
			    !told(f.related, k, &f.related[k].place))
				judge_without(l, r, f.rule, &f.related[k].place);
	}
}
