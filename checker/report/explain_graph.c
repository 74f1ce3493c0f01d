/* SPDX-License-Identifier: MIT */
#include "report/explain.h"

#include <ctype.h>
#include <string.h>

/*
 * Shapes tell the kinds apart in black and white, colours are light enough for
 * text on them in print.
 */
#define STYLE_WAY "shape=box, style=\"rounded,filled\", fillcolor=\"#ffffff\""
#define STYLE_ENTRY "shape=cds, style=filled, fillcolor=\"#cfe2f3\""
#define STYLE_WRITER "shape=note, style=filled, fillcolor=\"#fff2cc\""
#define STYLE_OTHER "shape=box, style=\"dashed,filled\", fillcolor=\"#ffffff\""
#define STYLE_SINK "shape=doubleoctagon, style=filled, fillcolor=\"#f4cccc\""
#define STYLE_GUARD "shape=diamond, style=filled, fillcolor=\"#d9ead3\""
#define STYLE_FIELD "shape=cylinder, style=filled, fillcolor=\"#ead1dc\""

#define LINE_MAX_SHOWN 60	/* of a source line */

struct graph {
	const struct explanation *x;
	struct report *r;
	struct buffer *out;
	struct explain_files files;
	bool *writes;		/* functions with a writer */
	struct map drawn;	/* edges: from << 32 | to, and the member's */
};

static void add_quoted(struct buffer *b, const char *s)
{
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			buffer_putc(b, '\\');
		buffer_putc(b, iscntrl((unsigned char)*s) ? ' ' : *s);
	}
}

/* The start of a line of source, not torn inside a character. */
static const char *short_line(struct graph *g, const struct place *p)
{
	const char *s = explain_line(&g->files, p);
	size_t n = strlen(s);

	if (n <= LINE_MAX_SHOWN)
		return s;
	for (n = LINE_MAX_SHOWN; n && ((unsigned char)s[n] & 0xc0) == 0x80; n--)
		;
	return arena_printf(&g->r->arena, "%.*s ...", (int)n, s);
}

static void add_function(struct graph *g, uint32_t i)
{
	const struct explain_function *f = &g->x->functions.v[i];
	const char *style = f->entry ? STYLE_ENTRY : f->way ? STYLE_WAY :
			    g->writes[i] ? STYLE_WRITER : STYLE_OTHER;

	buffer_printf(g->out, "\t\tf%u [label=\"", i);
	add_quoted(g->out, f->name);
	buffer_printf(g->out, "\", %s];\n", style);
}

/* Sinks and guards stand with the function that they are in. */
static void add_points(struct graph *g, uint32_t function, char id, const char *style,
		       const struct explain_point *v, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		if (v[i].function != function)
			continue;
		buffer_printf(g->out, "\t\t%c%u [label=\"line %u\\n", id, i, v[i].place.line);
		add_quoted(g->out, short_line(g, &v[i].place));
		buffer_printf(g->out, "\", %s];\n", style);
	}
}

static const char *file_of(struct graph *g, uint32_t function)
{
	return explain_file(&g->files, &g->x->functions.v[function].place);
}

/* The functions are sorted by file. */
static uint32_t add_cluster(struct graph *g, uint32_t from, uint32_t number)
{
	const struct explanation *x = g->x;
	const char *file = file_of(g, from);
	uint32_t i;

	buffer_printf(g->out, "\tsubgraph cluster%u {\n\t\tlabel=\"", number);
	add_quoted(g->out, file);
	buffer_puts(g->out, "\";\n\t\tcolor=\"#999999\";\n");
	for (i = from; i < x->functions.n && !strcmp(file_of(g, i), file); i++) {
		add_function(g, i);
		add_points(g, i, 's', STYLE_SINK, x->sinks.v, x->sinks.n);
		add_points(g, i, 'g', STYLE_GUARD, x->guards.v, x->guards.n);
	}
	buffer_puts(g->out, "\t}\n");
	return i;
}

static void add_fields(struct graph *g)
{
	for (uint32_t i = 0; i < g->x->fields.n; i++) {
		buffer_printf(g->out, "\td%u [label=\"", i);
		add_quoted(g->out, g->x->fields.v[i]);
		buffer_puts(g->out, "\", " STYLE_FIELD "];\n");
	}
}

/* One arrow for all calls of one function by another in one way. */
static void add_calls(struct graph *g)
{
	for (uint32_t i = 0; i < g->x->calls.n; i++) {
		const struct explain_call *c = &g->x->calls.v[i];
		uint64_t key = (uint64_t)c->caller << 32 | c->callee;
		uint64_t *known;

		if (c->member)
			key = hash_mix(key, hash_bytes(c->member, strlen(c->member), 1));
		known = map_put(&g->drawn, key);
		if (*known)
			continue;
		*known = 1;
		buffer_printf(g->out, "\tf%u -> f%u", c->caller, c->callee);
		if (c->member) {
			buffer_puts(g->out, " [style=dashed, label=\"");
			add_quoted(g->out, c->member);
			buffer_puts(g->out, "\"]");
		}
		buffer_puts(g->out, ";\n");
	}
}

static void add_marks(struct graph *g)
{
	for (uint32_t i = 0; i < g->x->sinks.n; i++)
		buffer_printf(g->out, "\tf%u -> s%u [arrowhead=dot];\n",
			      g->x->sinks.v[i].function, i);
	for (uint32_t i = 0; i < g->x->guards.n; i++)
		buffer_printf(g->out, "\tf%u -> g%u [arrowhead=none, style=bold];\n",
			      g->x->guards.v[i].function, i);
}

static const char *reach_text(const struct explain_writer *w)
{
	switch (w->reach) {
	case REACH_OWN:
		return "not published";
	case REACH_SHARED:
	case REACH_TEARDOWN:
		return w->locks;
	default:
		return "not known";
	}
}

static void add_writers(struct graph *g)
{
	for (uint32_t i = 0; i < g->x->writers.n; i++) {
		const struct explain_writer *w = &g->x->writers.v[i];

		buffer_printf(g->out, "\tf%u -> d%u [style=dotted, label=\"line %u: ",
			      w->function, w->field, w->place.line);
		add_quoted(g->out, reach_text(w));
		buffer_puts(g->out, "\"];\n");
	}
}

static void add_legend(struct graph *g)
{
	buffer_puts(g->out,
		    "\tsubgraph cluster_legend {\n"
		    "\t\tlabel=\"legend\";\n"
		    "\t\tk0 [label=\"entry point\", " STYLE_ENTRY "];\n"
		    "\t\tk1 [label=\"function on the way\", " STYLE_WAY "];\n"
		    "\t\tk2 [label=\"sink\", " STYLE_SINK "];\n"
		    "\t\tk3 [label=\"guard\", " STYLE_GUARD "];\n"
		    "\t\tk4 [label=\"writer\", " STYLE_WRITER "];\n"
		    "\t\tk5 [label=\"field\", " STYLE_FIELD "];\n"
		    "\t\tk0 -> k1 [style=dashed, label=\"call through\"];\n"
		    "\t\tk1 -> k2 [arrowhead=dot];\n"
		    "\t\tk1 -> k3 [arrowhead=none, style=bold];\n"
		    "\t\tk4 -> k5 [style=dotted, label=\"writes\"];\n"
		    "\t}\n");
}

static void add_title(struct graph *g)
{
	const struct rule *rule = &g->r->rules->rules.v[0];
	const struct rule_outcome *o = report_outcome(g->r, rule);

	buffer_puts(g->out, "digraph protflow {\n\tlabelloc=t;\n\tlabel=\"");
	add_quoted(g->out, rule->id);
	buffer_putc(g->out, ' ');
	add_quoted(g->out, rule->name);
	buffer_printf(g->out, ": %s", verdict_word(o->when == WHEN_FALSE ? VERDICT_NOT_APPLICABLE :
						   (enum verdict)o->verdict));
	buffer_puts(g->out, "\";\n\trankdir=LR;\n\tnode [fontname=\"Helvetica\", fontsize=10];\n"
			    "\tedge [fontname=\"Helvetica\", fontsize=8];\n");
}

void explain_graph(const struct explanation *x, struct report *r, struct buffer *out)
{
	struct graph g = { .x = x, .r = r, .out = out };

	g.writes = xcalloc(x->functions.n + 1, sizeof(*g.writes));
	for (uint32_t i = 0; i < x->writers.n; i++)
		g.writes[x->writers.v[i].function] = true;
	explain_files_init(&g.files, r);
	add_title(&g);
	for (uint32_t i = 0, n = 0; i < x->functions.n; n++)
		i = add_cluster(&g, i, n);
	add_fields(&g);
	add_legend(&g);
	add_calls(&g);
	add_marks(&g);
	add_writers(&g);
	buffer_puts(out, "}\n");
	explain_files_release(&g.files);
	map_release(&g.drawn);
	free(g.writes);
}
