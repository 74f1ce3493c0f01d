/* SPDX-License-Identifier: MIT */
#include "ir/io.h"
#include "ir/verify.h"

/* No size or offset of C comes near; sums of two cannot overflow. */
#define BITS_MAX (1ull << 62)

/*
 * The tables refer to each other forwards, so all their sizes are read first
 * and every index is checked against its table as it is read. After the first
 * fault nothing is read any more: get() gives 0 and loops end by more().
 */
struct reader {
	const uint8_t *p, *end;
	struct ir_unit *u;
	const char *why;
	uint32_t nstrings, nlocs, nconsts, nrecords, nfuncs, nglobals, nreasons;
};

static void fail(struct reader *r, const char *what)
{
	if (!r->why)
		r->why = arena_printf(&r->u->arena, "%s, %zu bytes before the end", what,
				      (size_t)(r->end - r->p));
}

static bool more(const struct reader *r, uint32_t i, uint32_t n)
{
	return i < n && !r->why;
}

static uint64_t get(struct reader *r)
{
	uint64_t v = 0;

	for (unsigned shift = 0; shift < 64 && !r->why; shift += 7) {
		uint8_t byte;

		if (r->p == r->end)
			break;
		byte = *r->p++;
		if (shift == 63 && byte > 1)
			break;
		v |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return v;
	}
	fail(r, r->p == r->end ? "the data ends early" : "a number is too long");
	return 0;
}

/* A number below limit. */
static uint64_t get_below(struct reader *r, uint64_t limit, const char *what)
{
	uint64_t v = get(r);

	if (!r->why && v >= limit)
		fail(r, what);
	return r->why ? 0 : v;
}

/* An index into a table of n entries, or IR_NONE. */
static uint32_t get_index(struct reader *r, uint64_t n, const char *what)
{
	return (uint32_t)get_below(r, n + 1, what) - 1;
}

static bool get_bool(struct reader *r)
{
	return get_below(r, 2, "a flag is neither 0 nor 1");
}

/* How many entries follow: each takes a byte or more. */
static uint32_t get_count(struct reader *r)
{
	uint64_t left = (uint64_t)(r->end - r->p);

	return (uint32_t)get_below(r, left < IR_VAL_MAX ? left + 1 : IR_VAL_MAX,
				   "a count is larger than the data");
}

static str_id get_name(struct reader *r)
{
	return (str_id)get_below(r, (uint64_t)r->nstrings + 1, "no such string");
}

static ir_loc get_loc(struct reader *r)
{
	return (ir_loc)get_below(r, r->nlocs, "no such location");
}

static uint64_t get_bits(struct reader *r)
{
	return get_below(r, BITS_MAX, "a size is too large");
}

static int64_t get_signed(struct reader *r)
{
	uint64_t v = get(r);

	return (int64_t)(v >> 1 ^ (0 - (v & 1)));
}

static struct ir_val get_val(struct reader *r)
{
	uint64_t v = get_below(r, 1ull << 32, "an operand is out of range");

	return (struct ir_val){ .kind = v & 3, .i = (uint32_t)(v >> 2) & IR_VAL_MAX };
}

static struct ir_type get_type(struct reader *r)
{
	unsigned bits = (unsigned)get_below(r, 32, "a type has unknown flags");
	struct ir_type t = { .kind = bits & 7, .is_signed = bits >> 3 & 1,
			     .is_func_ptr = bits >> 4 & 1 };

	if (t.kind > IR_T_FLOAT)
		fail(r, "no such kind of type");
	t.width = (uint8_t)get_below(r, 129, "a value is too wide");
	t.rec = get_index(r, r->nrecords, "no such record");
	t.size = get_bits(r);
	t.elem_size = get_bits(r);
	return t;
}

static void get_strings(struct reader *r)
{
	for (uint32_t i = 0; more(r, i, r->nstrings); i++) {
		uint32_t n = get_count(r);

		if (r->why)
			return;
		if (!n || n > (size_t)(r->end - r->p) || memchr(r->p, 0, n)) {
			fail(r, "a string is empty, has a NUL or is too long");
			return;
		}
		if (intern_strn(&r->u->names, (const char *)r->p, n) != i + 1)
			fail(r, "a string stands twice");
		r->p += n;
	}
}

static void get_places(struct reader *r)
{
	for (uint32_t i = 1; more(r, i, r->nlocs); i++) {
		struct ir_place p = { .file = get_name(r) };

		p.line = (uint32_t)get(r);
		p.col = (uint32_t)get(r);
		p.end_line = (uint32_t)get(r);
		p.end_col = (uint32_t)get(r);
		p.macro = get_name(r);
		p.spell_file = get_name(r);
		p.spell_line = (uint32_t)get(r);
		p.spell_col = (uint32_t)get(r);
		ir_place_add(r->u, p);
	}
}

static void get_consts(struct reader *r)
{
	for (uint32_t i = 0; more(r, i, r->nconsts); i++) {
		uint8_t width = (uint8_t)get_below(r, 65, "a constant is too wide");
		uint64_t value = get(r);

		if (!width || (width < 64 && value >> width))
			fail(r, "a constant does not fit its width");
		else if (ir_const(r->u, value, width).i != i)
			fail(r, "a constant stands twice");
	}
}

static void get_field(struct reader *r, struct ir_field *f)
{
	unsigned bits;

	f->name = get_name(r);
	f->off = get_bits(r);
	f->width = get_bits(r);
	f->unit_off = get_bits(r);
	f->unit_width = get_bits(r);
	f->type = get_type(r);
	bits = (unsigned)get_below(r, 4, "a field has unknown flags");
	f->is_bitfield = bits & 1;
	f->in_union = bits >> 1;
	f->loc = get_loc(r);
}

static void get_records(struct reader *r)
{
	for (uint32_t i = 0; more(r, i, r->nrecords); i++) {
		struct ir_record *rec = array_add(&r->u->records);
		unsigned bits;
		uint32_t n;

		rec->tag = get_name(r);
		rec->size = get_bits(r);
		bits = (unsigned)get_below(r, 4, "a record has unknown flags");
		rec->complete = bits & 1;
		rec->is_union = bits >> 1;
		rec->loc = get_loc(r);
		n = get_count(r);
		for (uint32_t k = 0; more(r, k, n); k++)
			get_field(r, array_add(&rec->fields));
	}
}

/*
 * A record that contains itself has no size, and ir_field_at() would descend
 * into it for ever. Depth first, on a stack of its own: the bytes decide how
 * deep it goes.
 */
static void check_nesting(struct reader *r)
{
	struct ir_unit *u = r->u;
	enum { NEW, OPEN, DONE } *state = xcalloc(r->nrecords, sizeof(*state));
	uint32_t *next = xcalloc(r->nrecords, sizeof(*next));
	uint32_t *stack = xcalloc(r->nrecords, sizeof(*stack)), top;

	for (uint32_t root = 0; more(r, root, r->nrecords); root++) {
		top = 0;
		if (state[root] == NEW)
			stack[top++] = root;
		while (top && !r->why) {
			uint32_t rec = stack[top - 1];
			const struct ir_type *t;

			state[rec] = OPEN;
			if (next[rec] == u->records.v[rec].fields.n) {
				state[rec] = DONE;
				top--;
				continue;
			}
			t = &u->records.v[rec].fields.v[next[rec]++].type;
			if (t->kind != IR_T_AGG || t->rec == IR_NONE || state[t->rec] == DONE)
				continue;
			if (state[t->rec] == OPEN)
				fail(r, "a record contains itself");
			else
				stack[top++] = t->rec;
		}
	}
	free(state);
	free(next);
	free(stack);
}

static void get_reasons(struct reader *r)
{
	array_clear(&r->u->reasons);
	for (uint32_t i = 0; more(r, i, r->nreasons); i++) {
		struct ir_reason reason;

		reason.kind = (uint8_t)get_below(r, IR_R_UNINIT + 1, "no such kind of reason");
		reason.text = get_name(r);
		reason.loc = get_loc(r);
		array_push(&r->u->reasons, reason);
	}
}

static void get_inits(struct reader *r, struct ir_global *g)
{
	uint32_t n = get_count(r);

	for (uint32_t i = 0; more(r, i, n); i++) {
		struct ir_init init = { .off = get_bits(r) };

		init.width = get_below(r, 65, "an initialiser is too wide");
		init.value = get(r);
		init.fn = get_index(r, r->nfuncs, "no such function");
		init.glob = get_index(r, r->nglobals, "no such global");
		array_push(&g->inits, init);
	}
}

static void get_global(struct reader *r, struct ir_global *g)
{
	unsigned bits;

	g->name = get_name(r);
	g->type = get_type(r);
	bits = (unsigned)get_below(r, 128, "a global has unknown flags");
	g->is_static = bits & 1;
	g->is_const = bits >> 1 & 1;
	g->is_extern = bits >> 2 & 1;
	g->is_local = bits >> 3 & 1;
	g->has_init = bits >> 4 & 1;
	g->init_unknown = bits >> 5 & 1;
	g->owner = get_index(r, r->nfuncs, "no such function");
	g->loc = get_loc(r);
	if (bits & 64) {
		uint64_t n = g->type.size / 8;

		if (n > (size_t)(r->end - r->p)) {
			fail(r, "a string literal is longer than the data");
			return;
		}
		g->bytes = arena_memdup(&r->u->arena, r->p, n);
		r->p += n;
	}
	get_inits(r, g);
}

static void get_insn(struct reader *r, struct ir_insn *i)
{
	i->op = (uint8_t)get_below(r, IR_ASM + 1, "no such operation");
	i->mark = (uint8_t)get_below(r, IR_ATOMIC + 1, "no such mark");
	i->width = (uint8_t)get_below(r, 129, "an instruction is too wide");
	i->flags = (uint8_t)get_below(r, IR_F_NORETURN * 2, "an instruction has unknown flags");
	i->dst = get_index(r, IR_VAL_MAX, "no such temporary");
	i->a = get_val(r);
	i->b = get_val(r);
	i->c = get_val(r);
	i->imm = get_index(r, IR_NONE, "an instruction's index is too large");
	i->args = (uint32_t)get_below(r, IR_VAL_MAX, "no such argument");
	i->nargs = (uint32_t)get_below(r, IR_VAL_MAX, "no such argument");
	i->rec = get_index(r, r->nrecords, "no such record");
	i->recoff = get_bits(r);
	i->off = get_signed(r);
	i->loc = get_loc(r);
}

static void get_term(struct reader *r, struct ir_term *t)
{
	unsigned bits = (unsigned)get_below(r, 16, "no such terminator");

	t->kind = bits & 7;
	t->is_signed = bits >> 3;
	t->cond = get_val(r);
	t->loc = get_loc(r);
	t->nsucc = get_count(r);
	t->succ = arena_new_array(&r->u->arena, uint32_t, t->nsucc);
	for (uint32_t k = 0; more(r, k, t->nsucc); k++)
		t->succ[k] = (uint32_t)get_below(r, IR_VAL_MAX, "no such block");
	t->ncases = get_count(r);
	t->cases = arena_new_array(&r->u->arena, struct ir_case, t->ncases);
	for (uint32_t k = 0; more(r, k, t->ncases); k++) {
		t->cases[k].lo = get(r);
		t->cases[k].hi = get(r);
		t->cases[k].block = (uint32_t)get_below(r, IR_VAL_MAX, "no such block");
	}
}

static void get_blocks(struct reader *r, struct ir_func *f)
{
	uint32_t n = get_count(r);

	for (uint32_t i = 0; more(r, i, n); i++) {
		struct ir_block *b = array_add(&f->blocks);
		uint32_t insns = get_count(r);

		for (uint32_t k = 0; more(r, k, insns); k++)
			get_insn(r, array_add(&b->insns));
		get_term(r, &b->term);
	}
	if (n && f->state != IR_BODY_READY)
		fail(r, "blocks of a function without a body");
}

static void get_func(struct reader *r, struct ir_func *f)
{
	uint32_t n;

	f->name = get_name(r);
	f->flags = (uint32_t)get_below(r, IR_FN_WEAK * 2, "a function has unknown flags");
	f->state = (uint8_t)get_below(r, IR_BODY_FAILED + 1, "no such state of a body");
	f->reason = (uint32_t)get_below(r, r->nreasons, "no such reason");
	f->ret = get_type(r);
	f->loc = get_loc(r);
	f->nparams = (uint32_t)get_below(r, IR_VAL_MAX, "too many parameters");
	n = get_count(r);
	for (uint32_t i = 0; more(r, i, n); i++) {
		struct ir_local *l = array_add(&f->locals);

		l->name = get_name(r);
		l->type = get_type(r);
		l->is_param = get_bool(r);
		l->loc = get_loc(r);
	}
	n = get_count(r);
	for (uint32_t i = 0; more(r, i, n); i++)
		array_push(&f->temps, (struct ir_temp){ get_type(r) });
	n = get_count(r);
	for (uint32_t i = 0; more(r, i, n); i++)
		array_push(&f->args, get_val(r));
	get_blocks(r, f);
}

/* The entries of a name index: each leads to an entry of that name. */
static void get_names(struct reader *r, struct map *m,
		      str_id (*name)(const struct ir_unit *, uint32_t), uint32_t limit)
{
	uint32_t n = get_count(r);

	for (uint32_t i = 0; more(r, i, n); i++) {
		str_id id = get_name(r);
		uint32_t at = (uint32_t)get_below(r, limit, "a name leads nowhere");

		if (r->why)
			return;
		if (name(r->u, at) != id || map_get(m, id))
			fail(r, "a name leads to another one");
		*map_put(m, id) = at;
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

static void get_head(struct reader *r)
{
	if (r->end - r->p < 4 || memcmp(r->p, "PFIR", 4)) {
		fail(r, "no IR");
		return;
	}
	r->p += 4;
	if (get(r) != IR_IO_VERSION)
		fail(r, "another version of the IR");
	r->nstrings = get_count(r);
	r->nlocs = get_count(r) + 1;
	r->nconsts = get_count(r);
	r->nrecords = get_count(r);
	r->nfuncs = get_count(r);
	r->nglobals = get_count(r);
	r->nreasons = get_count(r);
}

static void get_tables(struct reader *r)
{
	struct ir_unit *u = r->u;

	get_strings(r);
	u->file = get_name(r);
	u->ptr_width = (uint8_t)get_below(r, 65, "pointers are too wide");
	if (u->ptr_width != 32 && u->ptr_width != 64)
		fail(r, "pointers have neither 32 nor 64 bits");
	get_places(r);
	get_consts(r);
	get_records(r);
	check_nesting(r);
	get_reasons(r);
	for (uint32_t i = 0; more(r, i, r->nglobals); i++)
		get_global(r, array_add(&u->globals));
	for (uint32_t i = 0; more(r, i, r->nfuncs); i++)
		get_func(r, array_add(&u->funcs));
	get_names(r, &u->record_index, record_name, r->nrecords);
	get_names(r, &u->func_index, func_name, r->nfuncs);
	get_names(r, &u->global_index, global_name, r->nglobals);
	if (!r->why && r->p != r->end)
		fail(r, "more data than a unit");
}

static void verify_bodies(struct reader *r)
{
	struct buffer faults = BUFFER_INIT;

	for (uint32_t i = 0; more(r, i, r->nfuncs); i++)
		if (!ir_verify(r->u, i, &faults))
			r->why = arena_strndup(&r->u->arena, faults.s, strcspn(faults.s, "\n"));
	buffer_release(&faults);
}

bool ir_read(struct ir_unit *u, const void *p, size_t n, const char **why)
{
	struct reader r = { .p = p, .end = (const uint8_t *)p + n, .u = u };

	get_head(&r);
	if (!r.why)
		get_tables(&r);
	if (!r.why)
		verify_bodies(&r);
	*why = r.why;
	return !r.why;
}
