/* SPDX-License-Identifier: MIT */
#include "report/summary.h"

#include <string.h>

#include "base/array.h"

#define LISTED 10	/* of a list; the log has the rest */
#define WIDTH 85	/* of a line of names */

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
	if (r->no_rules)
		buffer_puts(out, "  The rules or models that they were checked by have faults: "
			    "'protflow rules check' tells them, 'make C=2' checks them again.\n");
	if (r->nmissing) {
		buffer_puts(out, "  Missing: compiled, but not checked by this build. "
			    "'protflow run -p OBJTREE --missing' checks them:\n");
		write_names(out, r->missing, r->nmissing);
	}
	if (r->wanted)
		buffer_printf(out, "  %.*s;\n  'protflow run -p OBJTREE --missing' checks them, then link "
			      "again.\n", (int)strcspn(r->wanted, ":"), r->wanted);
	if (r->stale)
		buffer_puts(out, "  The units were checked by several versions of protflow or its "
			    "rules. 'protflow run -p OBJTREE --missing' checks them again.\n");
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

static void write_violations(const struct merge_rule *r, struct buffer *out)
{
	if (!r->violations)
		buffer_puts(out, "not certain");
	else
		buffer_printf(out, "%s, %u finding%s", r->verdict == VERDICT_VIOLATION_EXACT ?
			      "VIOLATED" : "MAY BE VIOLATED", r->violations, plural(r->violations));
}

static void write_verdict(const struct merge_run *run, const struct merge_rule *r,
			  struct buffer *out)
{
	switch (r->verdict) {
	case VERDICT_VIOLATION_EXACT:
	case VERDICT_VIOLATION_MAY:
		write_violations(r, out);
		break;
	case VERDICT_INCOMPLETE:
		write_incomplete(run, r, out);
		break;
	case VERDICT_PROVED:
		buffer_printf(out, "proved (%u place%s in ", r->sinks, plural(r->sinks));
		if (run->linked)
			buffer_puts(out, "the whole program)");
		else
			buffer_printf(out, "%u unit%s)", r->units, plural(r->units));
		break;
	case VERDICT_VACUOUS:
		buffer_printf(out, "VACUOUS: %u unit%s ha%s the design it is for, none has a place "
			      "that it is about", r->units, plural(r->units),
			      r->units == 1 ? "s" : "ve");
		break;
	}
	if (r->reviews)
		buffer_printf(out, "%s %u place%s to review by hand, in the log",
			      r->verdict <= VERDICT_VIOLATION_MAY && !r->violations ? ":" : ";",
			      r->reviews, plural(r->reviews));
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

/* ---------------------------------------------------------------- assumptions */

struct shared_texts { Array(const char *) v; };

static bool has_text(const char *const *v, unsigned n, const char *text)
{
	for (unsigned i = 0; i < n; i++)
		if (!strcmp(v[i], text))
			return true;
	return false;
}

/* What several proofs take for granted is said once. */
static bool is_shared(const struct merge_run *run, const char *text)
{
	unsigned n = 0;

	for (unsigned i = 0; i < run->nrules; i++)
		n += run->rules[i].verdict == VERDICT_PROVED &&
		     has_text(run->rules[i].assumptions, run->rules[i].nassumptions, text);
	return n > 1;
}

static void find_shared(const struct merge_run *run, struct shared_texts *out)
{
	for (unsigned i = 0; i < run->nrules; i++) {
		const struct merge_rule *r = &run->rules[i];

		for (unsigned k = 0; r->verdict == VERDICT_PROVED && k < r->nassumptions; k++)
			if (is_shared(run, r->assumptions[k]) && out->v.n < 26 &&
			    !has_text(out->v.v, out->v.n, r->assumptions[k]))
				array_push(&out->v, r->assumptions[k]);
	}
}

static void write_proof(const struct merge_rule *r, const struct shared_texts *shared,
			struct buffer *out)
{
	bool any = false;

	for (unsigned i = 0; i < r->nguards; i++)
		buffer_printf(out, "    rests on %s\n", r->guards[i]);
	for (unsigned i = 0; i < r->nassumptions; i++)
		if (!has_text(shared->v.v, shared->v.n, r->assumptions[i]))
			buffer_printf(out, "    assuming: %s\n", r->assumptions[i]);
	for (uint32_t i = 0; i < shared->v.n; i++) {
		if (!has_text(r->assumptions, r->nassumptions, shared->v.v[i]))
			continue;
		buffer_printf(out, "%s (%c)", any ? "," : "    assuming", (int)('a' + i));
		any = true;
	}
	if (any)
		buffer_putc(out, '\n');
}

static void write_shared(const struct shared_texts *shared, struct buffer *out)
{
	if (shared->v.n)
		buffer_puts(out, "\nAssumed in several proofs:\n");
	for (uint32_t i = 0; i < shared->v.n; i++)
		buffer_printf(out, "    (%c) %s\n", (int)('a' + i), shared->v.v[i]);
}

/* ---------------------------------------------------------------------- rules */

/* What has to be looked at comes first. */
enum group { GROUP_FINDINGS, GROUP_OPEN, GROUP_PROVED, GROUP_NOT_APPLICABLE };

static enum group group_of(const struct merge_rule *r)
{
	switch (r->verdict) {
	case VERDICT_PROVED:
		return GROUP_PROVED;
	case VERDICT_NOT_APPLICABLE:
		return GROUP_NOT_APPLICABLE;
	case VERDICT_INCOMPLETE:
		return GROUP_OPEN;
	default:
		return r->violations || r->verdict == VERDICT_VACUOUS ? GROUP_FINDINGS : GROUP_OPEN;
	}
}

static void write_rule(const struct merge_run *run, const struct merge_rule *r,
		       const struct shared_texts *shared, struct buffer *out)
{
	buffer_printf(out, "%s %s: ", r->id, r->name);
	write_verdict(run, r, out);
	write_findings(run, r, out);
	if (r->verdict == VERDICT_PROVED)
		write_proof(r, shared, out);
}

static void write_not_applicable(const struct merge_run *run, struct buffer *out)
{
	size_t line = 0;

	for (unsigned i = 0; i < run->nrules; i++) {
		const struct merge_rule *r = &run->rules[i];

		if (r->verdict != VERDICT_NOT_APPLICABLE)
			continue;
		if (!line)
			buffer_puts(out, "Not applicable, no unit has the design they are for:\n");
		else if (out->n - line + strlen(r->name) > WIDTH)
			buffer_puts(out, ",\n");
		else
			buffer_puts(out, ", ");
		if (out->s[out->n - 1] == '\n') {
			line = out->n;
			buffer_puts(out, "    ");
		}
		buffer_printf(out, "%s %s", r->id, r->name);
	}
	if (line)
		buffer_putc(out, '\n');
}

void summary_write(const struct merge_run *run, const char *sarif, struct buffer *out)
{
	struct shared_texts shared = { { NULL, 0, 0 } };

	write_units(run, out);
	buffer_putc(out, '\n');
	find_shared(run, &shared);
	for (int g = 0; g < GROUP_NOT_APPLICABLE; g++)
		for (unsigned i = 0; i < run->nrules; i++)
			if ((int)group_of(&run->rules[i]) == g)
				write_rule(run, &run->rules[i], &shared, out);
	write_not_applicable(run, out);
	if (!run->nrules)
		buffer_puts(out, "No rule was applied.\n");
	write_shared(&shared, out);
	if (sarif)
		buffer_printf(out, "\nSARIF: %s\n", sarif);
	array_release(&shared.v);
}
