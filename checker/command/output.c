/* SPDX-License-Identifier: MIT */
#include "command/output.h"

static bool is_violation(const struct finding *f)
{
	return f->verdict == VERDICT_VIOLATION_EXACT || f->verdict == VERDICT_VIOLATION_MAY;
}

bool output_fails(const struct report *r, const struct check_options *o)
{
	static const int lowest[] = { 99, SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE };

	for (uint32_t i = 0; i < r->findings.n; i++) {
		const struct finding *f = &r->findings.v[i];

		if (is_violation(f) && (f->level >= lowest[o->fail_on] || o->strict))
			return true;
		if (o->strict && f->verdict == VERDICT_INCOMPLETE)
			return true;
	}
	return o->strict && !r->complete;
}

void output_text(const struct report *r, struct buffer *out)
{
	static const char *const verdicts[] = { "violation", "violation (may)", "incomplete",
						"proved", "not applicable", "vacuous" };

	for (uint32_t i = 0; i < r->findings.n; i++) {
		const struct finding *f = &r->findings.v[i];

		buffer_printf(out, "%s:%u:%u: %s: %s [%s]\n",
			      f->place.line ? f->place.file : r->source, f->place.line,
			      f->place.col, verdicts[f->verdict], f->message, f->rule->id);
	}
	for (uint32_t i = 0; i < r->notifications.n; i++)
		buffer_printf(out, "%s: note: %s\n", r->source ? r->source : "protflow",
			      r->notifications.v[i].text);
}

void output_sarif(const struct report *r, const struct check_options *o, struct buffer *out)
{
	(void)r;
	(void)o;
	buffer_puts(out, "{}\n");
}
