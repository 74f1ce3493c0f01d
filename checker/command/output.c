/* SPDX-License-Identifier: MIT */
#include "command/output.h"

#include "command/leave.h"
#include "report/rules_file.h"
#include "report/sarif.h"
#include "report/text.h"

static bool is_violation(const struct finding *f)
{
	return f->verdict == VERDICT_VIOLATION_EXACT || f->verdict == VERDICT_VIOLATION_MAY;
}

bool output_fails(const struct report *r, const struct check_options *o)
{
	static const int lowest[] = { 99, SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE };

	for (uint32_t i = 0; i < r->findings.n; i++) {
		const struct finding *f = &r->findings.v[i];

		if (is_violation(f) && !f->quiet && (f->level >= lowest[o->fail_on] || o->strict))
			return true;
		if (o->strict && f->verdict == VERDICT_INCOMPLETE)
			return true;
	}
	return o->strict && !r->complete;
}

void output_text(const struct report *r, const struct check_options *o, struct buffer *out)
{
	const struct text_options to = {
		.report_passes = o->report_passes,
		.for_build = o->kbuild,
	};

	text_report(r, &to, out);
}

void output_logs(const struct report *r, const struct call *c, int status, struct output_logs *out)
{
	const struct check_options *o = &c->options;
	char name[RULES_FILE_NAME];
	struct sarif_options so = {
		.reproducible = o->reproducible,
		.report_passes = o->report_passes,
		.exit_code = status,
		.automation_id = o->category,
	};

	if (o->sarif)
		sarif_write(r, &so, &out->sarif);
	if (!c->result)
		return;
	/* A tree that does not take the file gets the complete log. */
	if (leave_rules(c, r->rules, name))
		so.rules_file = name;
	sarif_write(r, &so, &out->left);
}

void output_logs_release(struct output_logs *l)
{
	buffer_release(&l->sarif);
	buffer_release(&l->left);
}
