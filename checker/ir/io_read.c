/* SPDX-License-Identifier: MIT */
#include "ir/io.h"
#include "ir/io_reader.h"
#include "ir/verify.h"

static void get_strings(struct reader *r)
{
	for (uint32_t i = 0; io_more(r, i, r->nstrings); i++) {
		struct column *text = &r->columns[IO_TEXT];
		size_t left = (size_t)(text->end - text->p);
		const char *s = (const char *)text->p;
		size_t n = strnlen(s, left);

		if (!n || n == left) {
			io_fail(r, "a string is empty or has no end");
			return;
		}
		text->p += n + 1;
		if (intern_strn(&r->u->names, s, n) != i + 1)
			io_fail(r, "a string stands twice");
	}
}

/* ------------------------------------------------------------------- places */

static uint32_t get_line(struct reader *r, enum io_column c, str_id file)
{
	uint64_t *last = map_put(&r->s.lines, file);

	*last = (uint32_t)io_get_diff(r, c, *last);
	return (uint32_t)*last;
}

static void get_start(struct reader *r, struct ir_place *p, unsigned bits)
{
	const struct ir_place *before = &r->s.place;

	p->file = before->file;
	p->line = before->line;
	p->col = before->col;
	if (!(bits & IO_SAME_FILE))
		p->file = io_get_name(r, IO_PLACE_FILE);
	if (bits & IO_SAME_START)
		return;
	if (bits & IO_SAME_LINE) {
		p->col = (uint32_t)io_get_diff(r, IO_PLACE_STEP, before->col);
		return;
	}
	p->line = get_line(r, IO_PLACE_LINE, p->file);
	p->col = (uint32_t)io_get(r, IO_PLACE_COL);
}

static void get_end(struct reader *r, struct ir_place *p, unsigned bits)
{
	p->end_line = r->s.place.end_line;
	p->end_col = r->s.place.end_col;
	if (bits & IO_SAME_END)
		return;
	if (bits & IO_ONE_LINE) {
		p->end_line = p->line;
		p->end_col = (uint32_t)io_get_diff(r, IO_PLACE_LONG, p->col);
		return;
	}
	p->end_line = (uint32_t)io_get_diff(r, IO_PLACE_END_LINE, p->line);
	p->end_col = (uint32_t)io_get(r, IO_PLACE_END_COL);
}

static void get_spelling(struct reader *r, struct ir_place *p, unsigned bits)
{
	if (bits & IO_NO_SPELL)
		return;
	p->spell_file = r->s.place.spell_file;
	if (!(bits & IO_SAME_SPELL_FILE))
		p->spell_file = (str_id)io_get_below(r, IO_SPELL_FILE, (uint64_t)r->nstrings + 1,
						     "no such string");
	p->spell_line = get_line(r, IO_SPELL_LINE, p->spell_file);
	p->spell_col = (uint32_t)io_get(r, IO_SPELL_COL);
}

static void get_places(struct reader *r)
{
	for (uint32_t i = 1; io_more(r, i, r->nlocs); i++) {
		unsigned bits = (unsigned)io_get_below(r, IO_PLACE, 256, "no such place");
		struct ir_place p = { .macro = r->s.place.macro };

		get_start(r, &p, bits);
		get_end(r, &p, bits);
		if (!(bits & IO_SAME_MACRO))
			p.macro = (str_id)io_get_below(r, IO_PLACE_MACRO,
						       (uint64_t)r->nstrings + 1,
						       "no such string");
		get_spelling(r, &p, bits);
		ir_place_add(r->u, p);
		r->s.place = p;
	}
}

/* ------------------------------------------------------------------- tables */

static void get_consts(struct reader *r)
{
	for (uint32_t i = 0; io_more(r, i, r->nconsts); i++) {
		uint8_t width = (uint8_t)io_get_below(r, IO_CONST_WIDTH, 65,
						      "a constant is too wide");
		uint64_t value = io_get(r, IO_CONST_VALUE);

		if (!width || (width < 64 && value >> width))
			io_fail(r, "a constant does not fit its width");
		else if (ir_const(r->u, value, width).i != i)
			io_fail(r, "a constant stands twice");
	}
}

static void get_types(struct reader *r)
{
	for (uint32_t i = 0; io_more(r, i, r->ntypes); i++) {
		struct ir_type *t = &r->types[i];
		unsigned bits = (unsigned)io_get_below(r, IO_TYPE, 32,
						       "a type has unknown flags");

		t->kind = bits & 7;
		t->is_signed = bits >> 3 & 1;
		t->is_func_ptr = bits >> 4 & 1;
		if (t->kind > IR_T_FLOAT)
			io_fail(r, "no such kind of type");
		t->width = (uint8_t)io_get_below(r, IO_TYPE_WIDTH, 129, "a value is too wide");
		t->rec = io_get_index(r, IO_TYPE_REC, r->nrecords, "no such record");
		t->size = io_get_bits_diff(r, IO_TYPE_SIZE, t->width);
		t->elem_size = io_get_bits(r, IO_TYPE_ELEM);
	}
}

static void get_shapes(struct reader *r)
{
	for (uint32_t i = 0; io_more(r, i, r->nshapes); i++) {
		uint64_t s = io_get_below(r, IO_SHAPE, 1ull << 43, "no such shape");

		if ((s & 0xff) > IR_ASM)
			io_fail(r, "no such operation");
		if ((s >> 8 & 0xff) > IR_ATOMIC)
			io_fail(r, "no such mark");
		if ((s >> 16 & 0xff) >= IR_F_NORETURN * 2 || s >> 30 & 3)
			io_fail(r, "an instruction has unknown flags");
		r->shapes[i] = s;
	}
}

static void get_field(struct reader *r, struct ir_field *f, uint64_t end)
{
	unsigned bits = (unsigned)io_get_below(r, IO_FIELD, 64, "a field has unknown flags");

	f->is_bitfield = bits & IO_BITFIELD;
	f->in_union = bits & IO_IN_UNION;
	f->name = io_get_name(r, IO_FIELD_NAME);
	f->type = io_get_type(r, IO_FIELD_TYPE);
	f->off = bits & IO_HAS_OFF ? io_get_bits_diff(r, IO_FIELD_OFF, end) : end;
	f->width = bits & IO_HAS_WIDTH ? io_get_bits(r, IO_FIELD_WIDTH) : f->type.size;
	f->unit_off = f->off;
	f->unit_width = f->width;
	if (bits & IO_HAS_UNIT) {
		f->unit_off = io_get_bits_diff(r, IO_FIELD_UNIT, f->off);
		f->unit_width = io_get_bits(r, IO_FIELD_UNIT);
	}
	if (bits & IO_DECLARED)
		f->declared = io_get_name(r, IO_FIELD_NAME);
	if (f->off >= IO_BITS_MAX)
		io_fail(r, "a size is too large");
}

static void get_records(struct reader *r)
{
	for (uint32_t i = 0; io_more(r, i, r->nrecords); i++) {
		struct ir_record *rec = array_add(&r->u->records);
		unsigned bits = (unsigned)io_get_below(r, IO_RECORD, 4,
						       "a record has unknown flags");
		uint64_t end = 0;
		uint32_t n;

		rec->complete = bits & 1;
		rec->is_union = bits >> 1;
		rec->tag = io_get_name(r, IO_RECORD_TAG);
		rec->size = io_get_bits(r, IO_RECORD_SIZE);
		n = io_get_count(r, IO_RECORD_FIELDS, IO_FIELD);
		for (uint32_t k = 0; io_more(r, k, n); k++) {
			struct ir_field *f = array_add(&rec->fields);

			get_field(r, f, end);
			end = f->off + f->width;
		}
	}
}

#define NESTING 64	/* of records in records; the kernel's have some ten */

/* The records in records: depth first, on a stack of its own, since the bytes decide how deep. */
struct nesting {
	struct reader *r;
	uint8_t *state;		/* NEW, OPEN, DONE */
	uint32_t *next;		/* field to be looked at */
	uint32_t *depth;	/* of records in this one, so far */
	uint32_t *stack, top;
};

enum { NEW, OPEN, DONE };

static void nest_deeper(struct nesting *n, uint32_t rec, uint32_t in)
{
	if (n->depth[in] < n->depth[rec] + 1)
		n->depth[in] = n->depth[rec] + 1;
	if (n->depth[in] > NESTING)
		io_fail(n->r, "records are nested too deeply");
}

/* The next field of the record on top, or its end. */
static void nest_step(struct nesting *n)
{
	uint32_t rec = n->stack[n->top - 1];
	const struct ir_record *of = &n->r->u->records.v[rec];
	const struct ir_type *t;

	n->state[rec] = OPEN;
	if (n->next[rec] == of->fields.n) {
		n->state[rec] = DONE;
		if (--n->top)
			nest_deeper(n, rec, n->stack[n->top - 1]);
		return;
	}
	t = &of->fields.v[n->next[rec]++].type;
	if (t->kind != IR_T_AGG || t->rec == IR_NONE)
		return;
	if (n->state[t->rec] == OPEN)
		io_fail(n->r, "a record contains itself");
	else if (!n->r->u->records.v[t->rec].complete)
		io_fail(n->r, "a record contains one that is not complete");
	else if (n->state[t->rec] == DONE)
		nest_deeper(n, t->rec, rec);
	else
		n->stack[n->top++] = t->rec;
}

/*
 * A record that contains itself has no size, and ir_field_at() would descend
 * into it for ever; who descends by calling itself needs a bound.
 */
static void check_nesting(struct reader *r)
{
	struct nesting n = { .r = r };

	n.state = xcalloc(r->nrecords, sizeof(*n.state));
	n.next = xcalloc(r->nrecords, sizeof(*n.next));
	n.depth = xcalloc(r->nrecords, sizeof(*n.depth));
	n.stack = xcalloc(r->nrecords, sizeof(*n.stack));
	for (uint32_t root = 0; io_more(r, root, r->nrecords); root++) {
		if (n.state[root] == NEW)
			n.stack[n.top++] = root;
		while (n.top && !r->why)
			nest_step(&n);
	}
	free(n.state);
	free(n.next);
	free(n.depth);
	free(n.stack);
}

static void get_reasons(struct reader *r)
{
	array_clear(&r->u->reasons);
	for (uint32_t i = 0; io_more(r, i, r->nreasons); i++) {
		struct ir_reason reason;

		reason.kind = (uint8_t)io_get_below(r, IO_REASON, IR_R_UNINIT + 1,
						    "no such kind of reason");
		reason.text = io_get_name(r, IO_REASON_TEXT);
		reason.loc = io_get_loc(r, IO_REASON_LOC);
		array_push(&r->u->reasons, reason);
	}
}

static void get_inits(struct reader *r, struct ir_global *g)
{
	uint32_t n = io_get_count(r, IO_GLOBAL_INITS, IO_INIT_OFF);
	uint64_t end = 0;

	for (uint32_t i = 0; io_more(r, i, n); i++) {
		struct ir_init init = { .off = io_get_bits_diff(r, IO_INIT_OFF, end) };

		init.width = io_get_below(r, IO_INIT_WIDTH, 65, "an initialiser is too wide");
		init.value = io_get(r, IO_INIT_VALUE);
		init.fn = io_get_index(r, IO_INIT_FUNC, r->nfuncs, "no such function");
		init.glob = io_get_index(r, IO_INIT_GLOBAL, r->nglobals, "no such global");
		end = init.off + init.width;
		array_push(&g->inits, init);
	}
}

static void get_global(struct reader *r, struct ir_global *g)
{
	unsigned bits = (unsigned)io_get_below(r, IO_GLOBAL, 128, "a global has unknown flags");

	g->is_static = bits & 1;
	g->is_const = bits >> 1 & 1;
	g->is_extern = bits >> 2 & 1;
	g->is_local = bits >> 3 & 1;
	g->has_init = bits >> 4 & 1;
	g->init_unknown = bits >> 5 & 1;
	g->name = io_get_name(r, IO_GLOBAL_NAME);
	g->type = io_get_type(r, IO_GLOBAL_TYPE);
	g->owner = io_get_index(r, IO_GLOBAL_OWNER, r->nfuncs, "no such function");
	if (bits & 64) {
		uint64_t n = g->type.size / 8;
		const uint8_t *p = io_get_bytes(r, IO_GLOBAL_BYTES, n,
						"a string literal is longer than the data");

		if (!p)
			return;
		g->bytes = arena_memdup(&r->u->arena, p, n);
	}
	get_inits(r, g);
}

/* The entries of a name index: each stands under its name. */
static void get_names(struct reader *r, struct map *m,
		      str_id (*name)(const struct ir_unit *, uint32_t), uint32_t limit)
{
	uint32_t n = io_get_count(r, IO_NAMES, IO_NAME);

	r->s.next[IO_NAME] = 0;
	for (uint32_t i = 0; io_more(r, i, n); i++) {
		uint32_t at = io_get_fresh(r, IO_NAME, limit, "a name leads nowhere");

		if (r->why)
			return;
		if (map_get(m, name(r->u, at)))
			io_fail(r, "a name leads to two things");
		*map_put(m, name(r->u, at)) = at;
	}
}

static str_id record_name(const struct ir_unit *u, uint32_t i)
{
	return u->records.v[i].tag;
}

static str_id func_name(const struct ir_unit *u, uint32_t i)
{
	return u->funcs.v[i].name;
}

static str_id global_name(const struct ir_unit *u, uint32_t i)
{
	return u->globals.v[i].name;
}

/* ---------------------------------------------------------------------- unit */

static void get_counts(struct reader *r)
{
	struct ir_unit *u = r->u;

	r->nstrings = io_get_count(r, IO_HEAD, IO_TEXT);
	r->nlocs = io_get_count(r, IO_HEAD, IO_PLACE) + 1;
	r->nconsts = io_get_count(r, IO_HEAD, IO_CONST_WIDTH);
	r->ntypes = io_get_count(r, IO_HEAD, IO_TYPE);
	r->nshapes = io_get_count(r, IO_HEAD, IO_SHAPE);
	r->nrecords = io_get_count(r, IO_HEAD, IO_RECORD);
	r->nreasons = io_get_count(r, IO_HEAD, IO_REASON);
	r->nglobals = io_get_count(r, IO_HEAD, IO_GLOBAL);
	r->nfuncs = io_get_count(r, IO_HEAD, IO_FUNC);
	u->file = (str_id)io_get_below(r, IO_HEAD, (uint64_t)r->nstrings + 1, "no such string");
	u->ptr_width = (uint8_t)io_get_below(r, IO_HEAD, 65, "pointers are too wide");
	if (u->ptr_width != 32 && u->ptr_width != 64)
		io_fail(r, "pointers have neither 32 nor 64 bits");
	r->types = xcalloc(r->ntypes, sizeof(*r->types));
	r->shapes = xcalloc(r->nshapes, sizeof(*r->shapes));
}

static void get_tables(struct reader *r)
{
	struct ir_unit *u = r->u;

	get_strings(r);
	get_places(r);
	get_consts(r);
	get_types(r);
	get_shapes(r);
	get_records(r);
	check_nesting(r);
	get_reasons(r);
	for (uint32_t i = 0; io_more(r, i, r->nglobals); i++)
		get_global(r, array_add(&u->globals));
	for (uint32_t i = 0; io_more(r, i, r->nfuncs); i++)
		io_get_func(r, array_add(&u->funcs));
	get_names(r, &u->record_index, record_name, r->nrecords);
	get_names(r, &u->func_index, func_name, r->nfuncs);
	get_names(r, &u->global_index, global_name, r->nglobals);
	for (unsigned c = 0; c < IO_COLUMNS; c++)
		if (r->columns[c].p != r->columns[c].end)
			io_fail(r, "more data than a unit");
}

static void verify_bodies(struct reader *r)
{
	struct buffer faults = BUFFER_INIT;

	for (uint32_t i = 0; io_more(r, i, r->nfuncs); i++)
		if (!ir_verify(r->u, i, &faults))
			r->why = arena_strndup(&r->u->arena, faults.s, strcspn(faults.s, "\n"));
	buffer_release(&faults);
}

/* Where the columns begin and end; the last one ends with the data. */
static void get_columns(struct reader *r, struct column all)
{
	uint64_t lengths[IO_COLUMNS];

	r->columns[IO_HEAD] = all;
	if (io_get(r, IO_HEAD) != IR_IO_VERSION)
		io_fail(r, "another version of the IR");
	for (unsigned c = 0; c < IO_COLUMNS; c++)
		lengths[c] = io_get(r, IO_HEAD);
	all.p = r->columns[IO_HEAD].p;
	for (unsigned c = 0; c < IO_COLUMNS; c++) {
		if (lengths[c] > (uint64_t)(all.end - all.p))
			io_fail(r, "the data ends early");
		if (r->why)
			return;
		r->columns[c] = (struct column){ all.p, all.p + lengths[c] };
		all.p += lengths[c];
	}
	if (all.p != all.end)
		io_fail(r, "more data than a unit");
}

bool ir_read(struct ir_unit *u, const void *p, size_t n, const char **why)
{
	struct reader r = { .u = u };

	if (n < 4 || memcmp(p, "PFIR", 4))
		io_fail(&r, "no IR");
	else
		get_columns(&r, (struct column){ (const uint8_t *)p + 4, (const uint8_t *)p + n });
	if (!r.why)
		get_counts(&r);
	if (!r.why)
		get_tables(&r);
	if (!r.why)
		verify_bodies(&r);
	free(r.types);
	free(r.shapes);
	map_release(&r.s.lines);
	*why = r.why;
	return !r.why;
}
