/* SPDX-License-Identifier: MIT */
/*
 * What stands in a range of memory that is written as one: by the type of the
 * pointer that is used, and by what it is known to point to.
 */
#include "rules/judge.h"

#define DEPTH 8

/* A field that is looked for in a range. */
struct search {
	const struct ir_unit *u;
	const struct class *field;
	bool found, placed;	/* there; and once, at a known place: */
	int64_t at;		/* bits from the beginning of the range */
};

static void note(struct search *s, bool placed, int64_t at)
{
	s->placed = placed && !s->found;
	s->found = true;
	s->at = at;
}

/*
 * Looks for the field in the bits [from, to) of the record, which begins base bits behind the
 * beginning of the range; records in it are entered.
 */
static void search_record(struct search *s, ir_rec rec, uint64_t from, uint64_t to, int64_t base,
			  bool placed, unsigned depth)
{
	const struct class *field = s->field;
	const struct ir_record *r;

	if (rec == IR_NONE || depth > DEPTH)
		return;
	if (rec == field->rec && from < field->off + field->width && field->off < to)
		note(s, placed, base + (int64_t)field->off);
	r = &s->u->records.v[rec];
	for (uint32_t i = 0; i < r->fields.n; i++) {
		const struct ir_field *f = &r->fields.v[i];
		bool is_array = f->type.elem_size != 0;

		if (f->type.kind != IR_T_AGG || f->off >= to || f->off + f->width <= from)
			continue;
		/* Of an array some element is in the range, and it is not told which. */
		search_record(s, f->type.rec, is_array || from < f->off ? 0 : from - f->off,
			      is_array ? UINT64_MAX : to - f->off, base + (int64_t)f->off,
			      placed && !is_array, depth + 1);
	}
}

static void search(struct search *s, ir_rec rec, uint64_t off, uint32_t width)
{
	bool placed = true;
	uint64_t size;

	if (rec == IR_NONE)
		return;
	size = s->u->records.v[rec].size;
	off = ir_element_off(s->u, rec, off);
	/* Behind the record comes the next element. */
	if (size && off < size && width != UINT32_MAX && off + width > size) {
		off = 0;
		placed = false;
	}
	search_record(s, rec, off, off + width, -(int64_t)off, placed, 0);
}

/* A record of this type begins at the bit. */
static bool begins(const struct ir_unit *u, ir_rec rec, uint64_t off, ir_rec type, unsigned depth)
{
	const struct ir_record *r;

	if (rec == type && !off)
		return true;
	if (rec == IR_NONE || depth > DEPTH)
		return false;
	r = &u->records.v[rec];
	for (uint32_t i = 0; i < r->fields.n; i++) {
		const struct ir_field *f = &r->fields.v[i];
		uint64_t in = off - f->off;

		if (f->type.kind != IR_T_AGG || off < f->off || in >= f->width)
			continue;
		if (f->type.elem_size)
			in %= f->type.elem_size;
		if (begins(u, f->type.rec, in, type, depth + 1))
			return true;
	}
	return false;
}

static bool is_of_type(const struct ir_unit *u, ir_rec rec, uint64_t off, ir_rec type)
{
	return rec != IR_NONE && begins(u, rec, ir_element_off(u, rec, off), type, 0);
}

static struct search look(const struct judge *j, const struct store_event *e,
			  const struct class *field)
{
	struct search s = { .u = j->e.unit, .field = field };
	const struct symbol *k = symbol_info(&j->e.syms, e->root);
	uint64_t off = (uint64_t)e->off;

	while (k->rec == IR_NONE && k->kind == SYM_K_ELEM)
		k = symbol_info(&j->e.syms, k->base);
	search(&s, e->outer, e->outer_off, e->width);
	/* The pointer's type says it all, where it is the type of what is there. */
	if (s.found || e->off < 0 || (e->outer != IR_NONE && (e->typed || !e->is_any ||
	    is_of_type(j->e.unit, k->rec, off - e->outer_off, e->outer))))
		return s;
	search(&s, k->rec, off, e->width);
	return s;
}

bool range_covers(const struct judge *j, const struct store_event *e, const struct class *field)
{
	return look(j, e, field).found;
}

word_id range_value(const struct judge *j, const struct store_event *e, const struct class *field)
{
	const struct search s = look(j, e, field);
	const int64_t width = word_width(j->e.dom, e->val);

	if (!s.placed || s.at < 0 || s.at + (int64_t)field->width > width)
		return word_top(j->e.dom, (uint8_t)field->width);
	return word_extract(j->e.dom, e->val, (unsigned)s.at, (uint8_t)field->width);
}

/*
 * The rule rests on what nobody does to the field. Code that is given the record by its type is
 * judged where it is; what is given it as void * may be anything.
 */
static bool rests_on(const struct judge *j, const struct docket *d, const struct store_event *e)
{
	const struct bound_rule *b = &d->bound;

	if (e->typed)
		return false;
	for (unsigned i = 0; !j->in.fe && i < b->rule->npolicy; i++) {
		const struct field_policy *p = &b->policies[i];
		struct class c = { p->rec, p->off, (uint32_t)p->width };

		if (p->kind != POLICY_SEQ && range_covers(j, e, &c))
			return true;
	}
	for (unsigned i = 0; b->rule->template == RULE_STABLE_FIELD &&
	     i < b->rule->locking.nfields; i++) {
		const struct bound_field *fd = &b->fields[i];

		if (range_covers(j, e, &(struct class){ fd->rec, fd->off, (uint32_t)fd->width }))
			return true;
	}
	return false;
}

void range_unseen(struct judge *j, struct fun *f, const struct state *s,
		  const struct store_event *e)
{
	const char *text;

	if (!e->unseen || !f->emitting || s->pc->unsat || mem_is_private(f, s, e->root))
		return;
	text = intern_get(&j->e.unit->names, j->e.unit->reasons.v[e->unseen].text);
	for (uint32_t i = 0; i < j->ndockets; i++)
		if (j->dockets[i].bound.usable && rests_on(j, &j->dockets[i], e))
			docket_reason(j, &j->dockets[i], text);
}
