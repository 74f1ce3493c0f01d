/* SPDX-License-Identifier: MIT */
#include "report/keep.h"

#include <string.h>

#include "base/leb.h"

/* Goes over what is kept in one order, to write it or to read it. */
struct coder {
	struct buffer *out;	/* NULL: it reads */
	const uint8_t *p, *end;
	struct report *report;	/* what is read belongs to it */
	bool bad;
};

/* ------------------------------------------------------------------- numbers */

/* A number that is not above max. */
static uint64_t code_number(struct coder *c, uint64_t v, uint64_t max)
{
	if (c->out) {
		leb_put(c->out, v);
		return v;
	}
	c->bad = c->bad || !leb_get(&c->p, c->end, &v) || v > max;
	return c->bad ? 0 : v;
}

static void code_u32(struct coder *c, uint32_t *v)
{
	*v = (uint32_t)code_number(c, *v, UINT32_MAX);
}

static void code_u8(struct coder *c, uint8_t *v, uint8_t max)
{
	*v = (uint8_t)code_number(c, *v, max);
}

static void code_bool(struct coder *c, bool *v)
{
	*v = code_number(c, *v, 1);
}

/* How many follow, of which each takes so many bytes or more. */
static unsigned code_count(struct coder *c, unsigned n, unsigned least)
{
	return (unsigned)code_number(c, n, c->out ? UINT32_MAX
						  : (uint64_t)(c->end - c->p) / least);
}

/* -------------------------------------------------------------------- texts */

/* Its length and one more; 0: there is none. */
static void code_text(struct coder *c, const char **s)
{
	size_t n = c->out && *s ? strlen(*s) + 1 : 0;

	n = (size_t)code_number(c, n, UINT32_MAX);
	if (c->out) {
		buffer_add(c->out, *s, n ? n - 1 : 0);
		return;
	}
	*s = NULL;
	if (c->bad || !n)
		return;
	if ((size_t)(c->end - c->p) < n - 1 || memchr(c->p, 0, n - 1)) {
		c->bad = true;
		return;
	}
	*s = arena_strndup(&c->report->arena, (const char *)c->p, n - 1);
	c->p += n - 1;
}

/* One that is always there. */
static void code_word(struct coder *c, const char **s)
{
	code_text(c, s);
	c->bad |= !*s;
}

static void code_texts(struct coder *c, const char ***v, unsigned *n)
{
	*n = code_count(c, *n, 1);
	if (!c->out)
		*v = arena_new_array(&c->report->arena, const char *, *n);
	for (unsigned i = 0; i < *n && !c->bad; i++)
		code_word(c, &(*v)[i]);
}

static void code_rule(struct coder *c, const struct rule **r)
{
	const char *id = c->out ? (*r)->id : NULL;

	code_word(c, &id);
	if (!c->out)
		*r = c->bad ? NULL : rules_find(c->report->rules, id);
	c->bad |= !*r;
}

/* ------------------------------------------------------------------- the report */

static void code_place(struct coder *c, struct place *p)
{
	code_text(c, &p->file);
	code_u32(c, &p->line);
	code_u32(c, &p->col);
	code_u32(c, &p->end_line);
	code_u32(c, &p->end_col);
	code_text(c, &p->macro);
	code_text(c, &p->spell_file);
	code_u32(c, &p->spell_line);
	code_u32(c, &p->spell_col);
}

static void code_step(struct coder *c, struct step *s)
{
	code_place(c, &s->place);
	code_text(c, &s->function);
	code_text(c, &s->text);
	code_u32(c, &s->nesting);
	s->kinds = (uint16_t)code_number(c, s->kinds, UINT16_MAX);
	code_u8(c, &s->importance, STEP_ESSENTIAL);
	code_u8(c, &s->thread, 1);
	code_text(c, &s->state);
}

static void code_steps(struct coder *c, struct finding *f)
{
	f->nsteps = code_count(c, f->nsteps, 16);
	if (!c->out)
		f->steps = arena_new_array(&c->report->arena, struct step, f->nsteps);
	for (unsigned i = 0; i < f->nsteps && !c->bad; i++)
		code_step(c, &f->steps[i]);
}

static void code_related(struct coder *c, struct finding *f)
{
	f->nrelated = code_count(c, f->nrelated, 10);
	if (!c->out)
		f->related = arena_new_array(&c->report->arena, struct related, f->nrelated);
	for (unsigned i = 0; i < f->nrelated && !c->bad; i++) {
		code_place(c, &f->related[i].place);
		code_text(c, &f->related[i].text);
	}
}

static void code_finding(struct coder *c, struct finding *f)
{
	const char **const texts[] = { &f->function, &f->subject, &f->callee, &f->message,
				       &f->why, &f->reach, &f->values, &f->entry, &f->replay };

	code_rule(c, &f->rule);
	code_u8(c, &f->verdict, VERDICT_VACUOUS);
	code_u8(c, &f->level, SEVERITY_ERROR);
	code_bool(c, &f->entry_inner);
	code_bool(c, &f->quiet);
	code_place(c, &f->place);
	code_place(c, &f->entry_place);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		code_text(c, texts[i]);
	code_steps(c, f);
	code_related(c, f);
	code_texts(c, &f->assumptions, &f->nassumptions);
	code_texts(c, &f->reasons, &f->nreasons);
}

static void code_notification(struct coder *c, struct notification *n)
{
	code_u8(c, &n->kind, NOTE_CONFIGURATION);
	code_u8(c, &n->level, SEVERITY_ERROR);
	code_word(c, &n->id);
	code_word(c, &n->text);
	code_place(c, &n->place);
	code_text(c, &n->rule_id);
}

static void code_outcome(struct coder *c, struct rule_outcome *o)
{
	code_rule(c, &o->rule);
	code_u8(c, &o->when, WHEN_UNKNOWN);
	code_u8(c, &o->verdict, VERDICT_VACUOUS);
	code_u32(c, &o->sinks);
	code_texts(c, &o->guards, &o->nguards);
	code_texts(c, &o->assumptions, &o->nassumptions);
}

void report_keep(const struct report *r, struct report_mark from, struct buffer *out)
{
	struct coder c = { .out = out };

	code_count(&c, r->findings.n - from.findings, 1);
	for (uint32_t i = from.findings; i < r->findings.n; i++)
		code_finding(&c, &r->findings.v[i]);
	code_count(&c, r->notifications.n - from.notifications, 1);
	for (uint32_t i = from.notifications; i < r->notifications.n; i++)
		code_notification(&c, &r->notifications.v[i]);
	code_count(&c, r->outcomes.n - from.outcomes, 1);
	for (uint32_t i = from.outcomes; i < r->outcomes.n; i++)
		code_outcome(&c, &r->outcomes.v[i]);
}

bool report_recall(struct report *r, const void *p, size_t n)
{
	struct coder c = { .p = p, .end = (const uint8_t *)p + n, .report = r };
	struct report_mark before = report_mark(r);

	for (unsigned k = code_count(&c, 0, 1); k && !c.bad; k--)
		code_finding(&c, array_add(&r->findings));
	for (unsigned k = code_count(&c, 0, 1); k && !c.bad; k--)
		code_notification(&c, array_add(&r->notifications));
	for (unsigned k = code_count(&c, 0, 1); k && !c.bad; k--)
		code_outcome(&c, array_add(&r->outcomes));
	if (!c.bad && c.p == c.end)
		return true;
	report_rewind(r, before);
	return false;
}
