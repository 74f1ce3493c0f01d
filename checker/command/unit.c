/* SPDX-License-Identifier: MIT */
#include "command/unit.h"

#include <string.h>

#include "ir/link.h"
#include "rules/snippet.h"

static struct place place_of(struct arena *a, const struct frontend_diag *d)
{
	struct place p = { .line = d->line, .col = d->col, .end_line = d->line,
			   .end_col = d->col + 1 };

	if (d->file)
		p.file = arena_strdup(a, d->file);
	return p;
}

static bool is_fault(const struct frontend_diag *d)
{
	return d->severity >= FE_ERROR && !d->in_snippet;
}

static const char *function_of(struct frontend *fe, const struct frontend_diag *d)
{
	struct ir_unit *u = frontend_unit(fe);

	return u && d->fn != IR_NONE ? intern_get(&u->names, u->funcs.v[d->fn].name) : NULL;
}

static unsigned notify_faults(struct frontend *fe, struct report *r)
{
	unsigned n, faults = 0;
	const struct frontend_diag *d = frontend_diags(fe, &n);

	for (unsigned i = 0; i < n; i++) {
		const char *fn = function_of(fe, &d[i]);
		struct place p = place_of(&r->arena, &d[i]);

		if (!is_fault(&d[i]))
			continue;
		faults++;
		report_notify(r, NOTE_EXECUTION, SEVERITY_WARNING, "PF-parse",
			      d[i].line ? &p : NULL, "%s%s%s%s: %s", fn ? "function '" : "",
			      fn ? fn : "", fn ? "' " : "", "does not parse", d[i].text);
	}
	return faults;
}

/* "functions 'a', 'b' did not parse", or "the unit did not parse". */
static const char *fault_reason(struct frontend *fe, struct arena *a)
{
	struct buffer b = BUFFER_INIT;
	unsigned n;
	const struct frontend_diag *d = frontend_diags(fe, &n);
	const char *last = NULL;
	char *s;

	for (unsigned i = 0; i < n; i++) {
		const char *fn = function_of(fe, &d[i]);

		if (!is_fault(&d[i]))
			continue;
		if (!fn) {
			buffer_clear(&b);
			break;
		}
		if (!last || strcmp(fn, last))
			buffer_printf(&b, "%s'%s'", b.n ? ", " : "", fn);
		last = fn;
	}
	s = b.n ? arena_printf(a, "did not parse: %s", b.s)
		: arena_strdup(a, "the unit did not parse cleanly");
	buffer_release(&b);
	return s;
}

/* A unit of its own, with what the link needs of this one. */
static void leave_program(const struct binder *in, struct ir_unit *to)
{
	struct ir_linker l;

	snippet_lower(in);
	ir_linker_init(&l, to);
	ir_link_unit(&l, in->unit, NULL, 0);
	ir_linker_release(&l);
}

static void analyse(const struct unit_input *in, struct frontend *fe, struct report *r,
		    struct unit_result *out)
{
	const struct binder binder = binder_of_unit(fe);
	const char *reason;

	out->faults = notify_faults(fe, r);
	out->parsed = frontend_unit(fe) != NULL;
	if (out->parsed)
		analysis_run(&binder, in->rules, in->model, &in->analysis, r, &out->analysis);
	if (out->parsed && in->program)
		leave_program(&binder, in->program);
	if (!out->faults && out->parsed)
		return;
	reason = fault_reason(fe, &r->arena);
	report_withdraw(r, reason);
	unit_incomplete(r, NULL, reason);
}

/* False: the unit with what it leaves out is not the unit, and nothing was said of it. */
static bool judge(const struct unit_input *in, const struct frontend_input *fi, struct report *r,
		  struct unit_result *out, struct frontend **fe)
{
	struct buffer *unmodelled = in->analysis.unmodelled;
	size_t before = unmodelled ? unmodelled->n : 0;
	const struct report_mark said = report_mark(r);

	*out = (struct unit_result) { 0 };
	*fe = frontend_parse(fi);
	analyse(in, *fe, r, out);
	if (!frontend_missed(*fe) && (!fi->bodies || !out->faults))
		return true;
	frontend_free(*fe);
	report_rewind(r, said);
	if (unmodelled)
		unmodelled->n = before;
	if (in->program) {
		ir_unit_release(in->program);
		ir_unit_init(in->program);
	}
	return false;
}

void check_unit(const struct unit_input *in, struct report *r, struct unit_result *out)
{
	struct arena a = ARENA_INIT;
	struct bodies bodies;
	struct frontend_input fi = {
		.directory = in->unit->directory,
		.source = in->unit->source,
		.args = in->unit->clang_args,
		.nargs = in->unit->nclang_args,
		.snippet = analysis_snippet(&a, in->rules, in->model),
		.model = in->model,
		.bodies = &bodies,
	};
	struct frontend *fe;

	bodies_init(&bodies, &a);
	/* Who wants to see the code wants to see it as it is, and once. */
	if (!in->analysis.dump_out)
		bodies_find(&bodies, in->unit, fi.snippet);
	if (!bodies.files.n)
		fi.bodies = NULL;
	if (!judge(in, &fi, r, out, &fe)) {
		fi.bodies = NULL;
		judge(in, &fi, r, out, &fe);
		out->again = true;
	}
	out->left_out = fi.bodies ? bodies.nleft_out : 0;
	frontend_stats(fe, &out->frontend);
	if (in->kept)
		*in->kept = fe;
	else
		frontend_free(fe);
	bodies_release(&bodies);
	arena_release(&a);
}
