/* SPDX-License-Identifier: MIT */
/* trace.c - a step as a line of text */
#include "oracle.h"

void trace_place(const struct oracle *x, ir_loc loc, struct buffer *out)
{
	const struct ir_place *p = &x->u->locs.v[loc];
	const char *file = intern_get(&x->u->names, p->file), *base = strrchr(file, '/');

	buffer_printf(out, "%s:%u", base ? base + 1 : file, p->line);
}

static const char *const verbs[] = {
	[EVENT_NONE] = "runs", [EVENT_LOAD] = "reads", [EVENT_STORE] = "writes",
	[EVENT_LOAD_UNIT] = "reads the unit of", [EVENT_STORE_UNIT] = "writes the unit of",
	[EVENT_RMW] = "changes", [EVENT_COPY] = "copies to", [EVENT_LOCK] = "acquires",
	[EVENT_UNLOCK] = "releases", [EVENT_DOWNGRADE] = "downgrades", [EVENT_TRY] = "tries", [EVENT_CHOOSE] = "chooses",
	[EVENT_FREE] = "frees", [EVENT_COMES] = "comes",
};

static void add_value(const struct oracle *x, struct state *s, const struct event *e,
		      struct buffer *out)
{
	unsigned long long v = (unsigned long long)e->value;

	switch (e->kind) {
	case EVENT_LOCK: case EVENT_UNLOCK:
		if (e->value == MODEL_LOCK_SHARED)
			buffer_puts(out, " (shared)");
		break;
	case EVENT_TRY:
		buffer_puts(out, e->value ? ": acquired" : ": busy");
		break;
	case EVENT_CHOOSE:
		buffer_printf(out, " %llu", v);
		break;
	case EVENT_NONE: case EVENT_FREE: case EVENT_COMES: case EVENT_DOWNGRADE:
		break;
	default:
		if (mem_object(s, v, 0)) {
			buffer_puts(out, " = &");
			mem_name(x, s, v, out);
			break;
		}
		buffer_printf(out, v < 10 ? " = %llu" : " = 0x%llx", v);
	}
}

static void add_field(const struct oracle *x, const struct event *e, struct buffer *out)
{
	const struct ir_field *f = NULL;
	uint64_t off;
	ir_rec rec;

	if (e->rec != IR_NONE)
		f = ir_field_at(x->u, e->rec, e->recoff, e->width, &rec, &off);
	if (f)
		buffer_printf(out, " (%s)", intern_get(&x->u->names, f->name));
}

static int name_width(const struct oracle *x)
{
	size_t most = 0;

	for (unsigned t = 0; t < x->sc->nthreads; t++)
		if (strlen(x->sc->threads[t]) > most)
			most = strlen(x->sc->threads[t]);
	return (int)most;
}

void trace_event(const struct oracle *x, struct state *s, const struct event *e,
		 struct buffer *out)
{
	struct buffer place = BUFFER_INIT;

	trace_place(x, e->loc, &place);
	buffer_printf(out, "    %-*s  %-20s %s", name_width(x), e->thread == SEQ ? "setup" :
		      x->sc->threads[e->thread], place.s, verbs[e->kind]);
	buffer_release(&place);
	if (e->kind != EVENT_CHOOSE && e->kind != EVENT_NONE && e->kind != EVENT_COMES) {
		buffer_putc(out, ' ');
		if (!mem_name(x, s, e->addr, out) && e->kind < EVENT_COPY)
			add_field(x, e, out);
	}
	add_value(x, s, e, out);
	buffer_putc(out, '\n');
}
