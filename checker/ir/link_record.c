/* SPDX-License-Identifier: MIT */
#include "ir/link_parts.h"

struct ir_type link_type(struct ir_copy *c, struct ir_type t)
{
	if (t.rec != IR_NONE)
		t.rec = link_record(c, t.rec, true);
	return t;
}

/* The type of a field: what it points to is asked for by whom it concerns. */
static struct ir_type field_type(struct ir_copy *c, struct ir_type t)
{
	if (t.rec != IR_NONE)
		t.rec = link_record(c, t.rec, t.kind != IR_T_PTR);
	return t;
}

static bool same_field(const struct ir_copy *c, const struct ir_field *a, const struct ir_field *b)
{
	return a->off == b->off && a->width == b->width && a->type.kind == b->type.kind &&
	       a->is_bitfield == b->is_bitfield &&
	       !strcmp(intern_get(&c->to->names, a->name), intern_get(&c->from->names, b->name));
}

/* Both may be the record of one definition. */
static bool may_be_same(const struct ir_copy *c, const struct ir_record *a,
			const struct ir_record *b)
{
	if (a->is_union != b->is_union || (a->size && b->size && a->size != b->size))
		return false;
	if (!a->complete || !b->complete)
		return true;
	if (a->fields.n != b->fields.n)
		return false;
	for (uint32_t i = 0; i < a->fields.n; i++)
		if (!same_field(c, &a->fields.v[i], &b->fields.v[i]))
			return false;
	return true;
}

static bool is_open(const struct ir_copy *c, ir_rec to)
{
	const uint64_t *open = map_get(&c->open, to);

	return open && *open;
}

static ir_rec find_same(struct ir_copy *c, str_id tag, const struct ir_record *r)
{
	const uint64_t *first = map_get(&c->l->same_tag, tag);

	for (ir_rec k = first ? (ir_rec)*first - 1 : IR_NONE; k != IR_NONE;
	     k = c->l->next_same.v[k])
		/* What stands inside of a record is another one. */
		if (!is_open(c, k) && may_be_same(c, &c->to->records.v[k], r))
			return k;
	return IR_NONE;
}

static ir_rec record_new(struct ir_copy *c, str_id tag, const struct ir_record *r)
{
	uint64_t *slot = map_put(&c->l->same_tag, tag);
	struct ir_record *n = array_add(&c->to->records);
	ir_rec id = c->to->records.n - 1;

	n->tag = tag;
	n->size = r->size;
	n->is_union = r->is_union;
	array_push(&c->l->next_same, *slot ? (ir_rec)*slot - 1 : IR_NONE);
	if (!*slot)
		*map_put(&c->to->record_index, tag) = id;
	*slot = (uint64_t)id + 1;
	return id;
}

/* Copying a field can add records: nothing is held by address across it. */
static void copy_fields(struct ir_copy *c, ir_rec from, ir_rec to)
{
	uint32_t n = c->from->records.v[from].fields.n;

	*map_put(&c->open, to) = 1;
	c->to->records.v[to].complete = true;
	if (!c->to->records.v[to].size)
		c->to->records.v[to].size = c->from->records.v[from].size;
	for (uint32_t i = 0; i < n; i++) {
		struct ir_field f = c->from->records.v[from].fields.v[i];

		f.name = link_name(c, f.name);
		f.declared = f.declared ? link_name(c, f.declared) : 0;
		f.type = field_type(c, f.type);
		array_push(&c->to->records.v[to].fields, f);
	}
	*map_put(&c->open, to) = 0;
}

static void complete(struct ir_copy *c, ir_rec from, ir_rec to)
{
	if (!c->from->records.v[from].complete || *map_put(&c->complete, from))
		return;
	*map_put(&c->complete, from) = 1;
	if (!c->to->records.v[to].complete) {
		copy_fields(c, from, to);
		return;
	}
	/* It has them; those of the records in it may be missing. */
	for (uint32_t i = 0; i < c->from->records.v[from].fields.n; i++)
		field_type(c, c->from->records.v[from].fields.v[i].type);
}

ir_rec link_record(struct ir_copy *c, ir_rec rec, bool fields)
{
	const struct ir_record *r = &c->from->records.v[rec];
	uint64_t *have = map_get(&c->recs, rec);
	ir_rec to;

	if (have) {
		to = (ir_rec)*have - 1;
	} else {
		str_id tag = link_name(c, r->tag);

		to = find_same(c, tag, r);
		if (to == IR_NONE)
			to = record_new(c, tag, r);
		*map_put(&c->recs, rec) = (uint64_t)to + 1;
	}
	if (fields)
		complete(c, rec, to);
	return to;
}
