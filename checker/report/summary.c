/* SPDX-License-Identifier: MIT */
#include "report/summary.h"

#include <string.h>

#define LISTED 10	/* of a list; the log has the rest */

static const char *plural(unsigned n)
{
	return n == 1 ? "" : "s";
}

static void write_names(struct buffer *out, const char *const *v, unsigned n)
{
	for (unsigned i = 0; i < n && i < LISTED; i++)
		buffer_printf(out, "    %s\n", v[i]);
	if (n > LISTED)
		buffer_printf(out, "    and %u more\n", n - LISTED);
}

static void write_units(const struct merge_run *r, struct buffer *out)
{
	buffer_printf(out, "Units: %u checked", r->checked);
	if (r->skipped)
		buffer_printf(out, ", %u skipped because no rule can concern them", r->skipped);
	if (r->incomplete)
		buffer_printf(out, ", %u not checked in full", r->incomplete);
	if (r->nmissing)
		buffer_printf(out, ", %u missing", r->nmissing);
	buffer_putc(out, '\n');
	if (r->incomplete) {
		buffer_puts(out, "  Not checked in full; the log has the reasons:\n");
		write_names(out, r->incomplete_units, r->incomplete);
	}
	if (r->nmissing) {
		buffer_puts(out, "  Missing: compiled, but not checked by this build. "
			    "'make C=2' or 'protflow run' checks them:\n");
		write_names(out, r->missing, r->nmissing);
	}
	if (r->stale)
		buffer_puts(out, "  The units were checked by several versions of protflow or its "
			    "rules. 'make C=2' checks them again.\n");
	if (r->no_sparse)
		buffer_puts(out, "  Sparse is not there or does not understand this kernel; "
			    "it was left out.\n");
}

static void write_incomplete(const struct merge_run *run, const struct merge_rule *r,
			     struct buffer *out)
{
	buffer_puts(out, "incomplete");
	if (r->undecided)
		buffer_puts(out, ", could not be decided everywhere");
	if (run->nmissing)
		buffer_printf(out, ", %u unit%s of the build w%s not checked", run->nmissing,
			      plural(run->nmissing), run->nmissing == 1 ? "as" : "ere");
}

static void write_verdict(const struct merge_run *run, const struct merge_rule *r,
			  struct buffer *out)
{
	switch (r->verdict) {
	case VERDICT_VIOLATION_EXACT:
		buffer_printf(out, "VIOLATED, %u finding%s", r->violations, plural(r->violations));
		break;
	case VERDICT_VIOLATION_MAY:
		buffer_printf(out, "MAY BE VIOLATED, %u finding%s", r->violations,
			      plural(r->violations));
		break;
	case VERDICT_INCOMPLETE:
		write_incomplete(run, r, out);
		break;
	case VERDICT_PROVED:
		buffer_printf(out, "proved (%u place%s in %u unit%s)", r->sinks, plural(r->sinks),
			      r->units, plural(r->units));
		break;
	case VERDICT_NOT_APPLICABLE:
		buffer_puts(out, "not applicable, no unit has the design it is for");
		break;
	case VERDICT_VACUOUS:
		buffer_printf(out, "VACUOUS: %u unit%s ha%s the design it is for, none has a place "
			      "that it is about", r->units, plural(r->units),
			      r->units == 1 ? "s" : "ve");
		break;
	}
	if (r->reviews)
		buffer_printf(out, "; %u place%s to review by hand", r->reviews,
			      plural(r->reviews));
	buffer_putc(out, '\n');
}

/* The first sentence; dots inside names are followed by no blank. */
static int sentence(const char *s)
{
	const char *end = strstr(s, ". ");

	return (int)(end ? (size_t)(end - s) + 1 : strlen(s));
}

static void write_findings(const struct merge_run *run, const struct merge_rule *r,
			   struct buffer *out)
{
	unsigned shown = 0;

	for (unsigned i = 0; i < run->nfindings; i++) {
		const struct merge_finding *f = &run->findings[i];

		if (strcmp(f->rule, r->id) || shown++ >= LISTED)
			continue;
		buffer_printf(out, "    %s:%u:%u: ", f->uri, f->line, f->col);
		if (*f->function)
			buffer_printf(out, "in '%s': ", f->function);
		buffer_printf(out, "%.*s\n", sentence(f->message), f->message);
	}
	if (shown > LISTED)
		buffer_printf(out, "    and %u more\n", shown - LISTED);
}

static void write_rule(const struct merge_run *run, const struct merge_rule *r,
		       struct buffer *out)
{
	buffer_printf(out, "%s %s: ", r->id, r->name);
	write_verdict(run, r, out);
	write_findings(run, r, out);
	if (r->verdict != VERDICT_PROVED)
		return;
	for (unsigned i = 0; i < r->nguards; i++)
		buffer_printf(out, "    rests on %s\n", r->guards[i]);
	for (unsigned i = 0; i < r->nassumptions; i++)
		buffer_printf(out, "    assuming: %s\n", r->assumptions[i]);
}

void summary_write(const struct merge_run *run, const char *sarif, struct buffer *out)
{
	write_units(run, out);
	buffer_putc(out, '\n');
	for (unsigned i = 0; i < run->nrules; i++)
		write_rule(run, &run->rules[i], out);
	if (!run->nrules)
		buffer_puts(out, "No rule was applied.\n");
	if (sarif)
		buffer_printf(out, "\nSARIF: %s\n", sarif);
}
