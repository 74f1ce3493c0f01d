/* SPDX-License-Identifier: MIT */
#include "report/explain.h"

#include <ctype.h>
#include <string.h>

#define WIDTH 88

struct writer {
	const struct explanation *x;
	struct report *r;
	const struct rule *rule;
	struct buffer *out;
	struct explain_files files;
	uint32_t limit;
	bool *told;		/* functions whose way on was printed */
};

/* A text in lines of at most WIDTH, each after the first with the indent. */
static void add_wrapped(struct writer *w, const char *lead, const char *text)
{
	unsigned indent = (unsigned)strlen(lead), col = indent;

	buffer_puts(w->out, lead);
	while (*text) {
		size_t n = strcspn(text, " ");

		if (col > indent && col + n > WIDTH) {
			buffer_printf(w->out, "\n%*s", (int)indent, "");
			col = indent;
		}
		for (size_t i = 0; i < n; i++)
			buffer_putc(w->out, iscntrl((unsigned char)text[i]) ? ' ' : text[i]);
		col += (unsigned)n;
		text += n;
		if (*text == ' ') {
			text++;
			if (col + 1 + strcspn(text, " ") <= WIDTH && *text) {
				buffer_putc(w->out, ' ');
				col++;
			} else if (*text) {
				buffer_printf(w->out, "\n%*s", (int)indent, "");
				col = indent;
			}
		}
	}
	buffer_putc(w->out, '\n');
}

static void add_head(struct writer *w, const char *what, uint32_t n)
{
	buffer_printf(w->out, "\n%s (%u)\n", what, n);
}

/* The end of a list of which so many were shown. */
static void add_rest(struct writer *w, const char *indent, uint32_t shown, uint32_t n)
{
	if (shown < n)
		buffer_printf(w->out, "%s... %u more (--all)\n", indent, n - shown);
}

static void add_file(struct writer *w, const struct place *p, const char **last)
{
	const char *file = explain_file(&w->files, p);

	if (!*last || strcmp(*last, file))
		buffer_printf(w->out, "  %s\n", file);
	*last = file;
}

static const char *name_of(const struct writer *w, uint32_t function)
{
	return w->x->functions.v[function].name;
}

/* ------------------------------------------------------------------ verdict */

static const char *verdict_text(const struct rule_outcome *o)
{
	static const char *const words[] = {
		[VERDICT_VIOLATION_EXACT] = "violated", [VERDICT_VIOLATION_MAY] = "may be violated",
		[VERDICT_INCOMPLETE] = "not decided", [VERDICT_PROVED] = "proved",
		[VERDICT_NOT_APPLICABLE] = "not applicable", [VERDICT_VACUOUS] = "vacuous",
	};

	if (o->when == WHEN_FALSE)
		return "not applicable: this kernel has not the design that the rule is for";
	if (o->verdict == VERDICT_PROVED && !o->sinks)
		return "vacuous: nothing that the rule looks at is in the program";
	return words[o->verdict];
}

static void add_finding(struct writer *w, const struct finding *f)
{
	if (f->verdict == VERDICT_PROVED)
		return;
	if (f->place.line)
		buffer_printf(w->out, "  %s:%u, in '%s'\n", explain_file(&w->files, &f->place),
			      f->place.line, f->function ? f->function : "?");
	/* The first line has said that it is not decided. */
	if (f->verdict != VERDICT_INCOMPLETE)
		add_wrapped(w, "    ", f->message);
	if (f->values)
		add_wrapped(w, "    ", f->values);
	for (unsigned i = 0; i < f->nreasons; i++)
		add_wrapped(w, "    - ", f->reasons[i]);
}

static void add_verdict(struct writer *w)
{
	const struct rule_outcome *o = report_outcome(w->r, w->rule);

	buffer_printf(w->out, "%s %s: %s\n", w->rule->id, w->rule->name, verdict_text(o));
	add_wrapped(w, "  ", w->rule->short_text);
	buffer_printf(w->out, "  Of %u units; %u more name nothing that a rule is about.\n",
		      w->x->nlinked, w->x->nskipped);
	for (uint32_t i = 0; i < w->r->findings.n && i < w->limit; i++)
		add_finding(w, &w->r->findings.v[i]);
	add_rest(w, "  ", w->limit, w->r->findings.n);
}

/* --------------------------------------------------------------------- ways */

static void add_step(struct writer *w, const struct explain_call *c)
{
	const struct explain_function *from = &w->x->functions.v[c->caller];
	const struct explain_function *to = &w->x->functions.v[c->callee];
	const char *file = explain_file(&w->files, &to->place);

	buffer_printf(w->out, "      -> %s", to->name);
	if (c->member)
		buffer_printf(w->out, ", through %s", c->member);
	if (strcmp(file, explain_file(&w->files, &from->place)))
		buffer_printf(w->out, "  [%s]", file);
	buffer_putc(w->out, '\n');
}

/* From there to the nearest sink, or to where another way has told the rest. */
static void add_way(struct writer *w, uint32_t function)
{
	bool first = !w->told[function];

	for (uint32_t f = function; ; first = false) {
		const struct explain_function *e = &w->x->functions.v[f];

		if (w->told[f] && !first && e->next != EXPLAIN_NONE) {
			buffer_puts(w->out, "         (on as above)\n");
			return;
		}
		w->told[f] = true;
		if (e->next == EXPLAIN_NONE)
			return;
		add_step(w, &w->x->calls.v[e->next]);
		f = w->x->calls.v[e->next].callee;
	}
}

static uint32_t count_entries(const struct explanation *x)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < x->functions.n; i++)
		n += x->functions.v[i].entry;
	return n;
}

static void add_entries(struct writer *w)
{
	uint32_t n = count_entries(w->x), shown = 0;
	const char *file = NULL;

	add_head(w, "entry points, each with the shortest way to a sink", n);
	for (uint32_t i = 0; i < w->x->functions.n && shown < w->limit; i++) {
		const struct explain_function *f = &w->x->functions.v[i];

		if (!f->entry)
			continue;
		add_file(w, &f->place, &file);
		buffer_printf(w->out, "    %s, line %u%s\n", f->name, f->place.line,
			      f->sink ? " (has a sink)" : "");
		add_way(w, i);
		shown++;
	}
	add_rest(w, "    ", shown, n);
}

/* ------------------------------------------------------------------- points */

static void add_point(struct writer *w, const struct explain_point *p, const char **file)
{
	add_file(w, &p->place, file);
	buffer_printf(w->out, "    line %u, in '%s'%s%s\n", p->place.line,
		      name_of(w, p->function), p->place.macro ? ", by macro " : "",
		      p->place.macro ? p->place.macro : "");
	buffer_printf(w->out, "      | %s\n", explain_line(&w->files, &p->place));
}

static void add_points(struct writer *w, const char *what, const struct explain_point *v,
		       uint32_t n)
{
	const char *file = NULL;
	uint32_t i;

	add_head(w, what, n);
	for (i = 0; i < n && i < w->limit; i++)
		add_point(w, &v[i], &file);
	add_rest(w, "    ", i, n);
}

static const char *reach_text(struct writer *w, const struct explain_writer *e)
{
	struct arena *a = &w->r->arena;

	switch (e->reach) {
	case REACH_OWN:
		return "before the object is published";
	case REACH_SHARED:
		return arena_printf(a, "published, %s", e->locks);
	case REACH_TEARDOWN:
		return arena_printf(a, "while the object is given back, %s", e->locks);
	default:
		return "not known whether the object is published";
	}
}

static void add_writer(struct writer *w, const struct explain_writer *e, const char **file)
{
	add_file(w, &e->place, file);
	buffer_printf(w->out, "    line %u, in '%s'\n", e->place.line, name_of(w, e->function));
	buffer_printf(w->out, "      | %s\n", explain_line(&w->files, &e->place));
	add_wrapped(w, "      ", reach_text(w, e));
}

static void add_field(struct writer *w, uint32_t field)
{
	uint32_t n = 0, shown = 0;
	const char *file = NULL;

	for (uint32_t i = 0; i < w->x->writers.n; i++)
		n += w->x->writers.v[i].field == field;
	buffer_printf(w->out, "\nwriters of %s (%u)\n", w->x->fields.v[field], n);
	for (uint32_t i = 0; i < w->x->writers.n && shown < w->limit; i++) {
		if (w->x->writers.v[i].field != field)
			continue;
		add_writer(w, &w->x->writers.v[i], &file);
		shown++;
	}
	add_rest(w, "    ", shown, n);
}

/* -------------------------------------------------------------------- words */

static bool is_proved(const struct explanation *x, const char *text)
{
	for (uint32_t i = 0; i < x->proved.n; i++)
		if (!strcmp(x->proved.v[i], text))
			return true;
	return false;
}

static void add_assumptions(struct writer *w)
{
	const struct explanation *x = w->x;

	add_head(w, "taken for granted", x->assumptions.n);
	for (uint32_t i = 0; i < x->assumptions.n; i++)
		add_wrapped(w, is_proved(x, x->assumptions.v[i]) ? "  proved   " : "  assumed  ",
			    x->assumptions.v[i]);
}

static void add_list(struct writer *w, const char *what, const char *const *v, uint32_t n)
{
	uint32_t i;

	if (!n)
		return;
	add_head(w, what, n);
	for (i = 0; i < n && i < w->limit; i++)
		add_wrapped(w, "  ", v[i]);
	add_rest(w, "  ", i, n);
}

void explain_text(const struct explanation *x, struct report *r, bool all, struct buffer *out)
{
	struct writer w = { .x = x, .r = r, .rule = &r->rules->rules.v[0], .out = out,
			    .limit = all ? UINT32_MAX : EXPLAIN_SHOWN };

	w.told = xcalloc(x->functions.n + 1, sizeof(*w.told));
	explain_files_init(&w.files, r);
	add_verdict(&w);
	if (report_outcome(r, w.rule)->when == WHEN_TRUE) {
		add_entries(&w);
		add_points(&w, "sinks", x->sinks.v, x->sinks.n);
		add_points(&w, "guards that the proof rests on", x->guards.v, x->guards.n);
		for (uint32_t i = 0; i < x->fields.n; i++)
			add_field(&w, i);
		add_assumptions(&w);
		add_list(&w, "members on the way that units not seen may fill", x->open.v,
			 x->open.n);
	}
	add_list(&w, "not seen in full", x->unseen.v, x->unseen.n);
	explain_files_release(&w.files);
	free(w.told);
}
