/* SPDX-License-Identifier: MIT */
#include "marks.h"

#include <stdio.h>

void marks_read(struct marks *m, struct arena *a, const char *path, const struct rule_set *rules,
		struct yaml_faults *faults)
{
	example_read(&m->example, a, path, rules, faults);
}

void marks_release(struct marks *m)
{
	example_release(&m->example);
	array_release(&m->v);
}

/* The function of the file in which the line stands. */
static ir_fn function_at(const struct prepared *p, uint32_t line)
{
	ir_fn best = IR_NONE;
	uint32_t from = 0;

	for (ir_fn fn = 0; fn < p->u->funcs.n; fn++) {
		const struct ir_func *f = &p->u->funcs.v[fn];
		const struct ir_place *at = &p->u->locs.v[f->loc];

		if (f->state != IR_BODY_READY || at->line > line || at->line < from ||
		    strcmp(intern_get(&p->u->names, at->file), p->sc->path))
			continue;
		best = fn;
		from = at->line;
	}
	return best;
}

static struct marked *marked_at(struct marks *m, struct arena *a, const char *function,
				uint32_t line)
{
	struct marked *k;

	for (uint32_t i = 0; i < m->v.n; i++)
		if (!strcmp(m->v.v[i].function, function))
			return &m->v.v[i];
	k = array_add(&m->v);
	k->function = arena_strdup(a, function);
	k->line = line;
	return k;
}

static void note(struct marks *m, struct arena *a, const struct prepared *p, const bool *ran,
		 bool holds, const struct mark *mark)
{
	ir_fn fn = function_at(p, mark->line);
	struct marked *k;

	if (fn == IR_NONE || mark->kind == MARK_PROVED || mark->kind == MARK_NOT_APPLICABLE ||
	    mark->kind == MARK_INCOMPLETE || mark->kind == MARK_REVIEW)
		return;
	k = marked_at(m, a, intern_get(&p->u->names, p->u->funcs.v[fn].name), mark->line);
	k->flagged |= mark->kind == MARK_FLAG || mark->kind == MARK_TODO;
	k->ran |= ran[fn];
	k->held |= ran[fn] && holds;
	k->failed |= ran[fn] && !holds;
}

void marks_note(struct marks *m, struct arena *a, const struct prepared *p, const bool *ran,
		bool holds)
{
	for (uint32_t i = 0; i < m->example.marks.n; i++)
		note(m, a, p, ran, holds, &m->example.marks.v[i]);
}

bool marks_judge(const struct marks *m, unsigned *unrun)
{
	bool ok = true;

	for (uint32_t i = 0; i < m->v.n; i++) {
		const struct marked *k = &m->v.v[i];

		if (!k->ran) {
			++*unrun;
			continue;
		}
		if (k->flagged ? k->failed : k->held)
			continue;
		printf("FAILED %s:%u: %s() is %sto be flagged, and no scenario shows it\n",
		       m->example.path, k->line, k->function, k->flagged ? "" : "not ");
		ok = false;
	}
	return ok;
}
