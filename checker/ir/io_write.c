/* SPDX-License-Identifier: MIT */
#include "base/leb.h"
#include "base/map.h"
#include "ir/io.h"
#include "ir/io_parts.h"

struct writer {
	const struct ir_unit *u;
	struct buffer columns[IO_COLUMNS];
	struct io_state s;
	struct map types, shapes;	/* -> number + 1 */
	Array(struct ir_type) known;	/* by number */
};

static void put(struct writer *w, enum io_column c, uint64_t v)
{
	leb_put(&w->columns[c], v);
}

static void put_index(struct writer *w, enum io_column c, uint32_t i)
{
	put(w, c, i == IR_NONE ? 0 : (uint64_t)i + 1);
}

static void put_fresh(struct writer *w, enum io_column c, uint32_t i)
{
	put(w, c, io_fresh(&w->s.next[c], i));
}

/* The difference from what is expected. */
static void put_diff(struct writer *w, enum io_column c, uint64_t v, uint64_t expected)
{
	put(w, c, io_zigzag(v - expected));
}

/* -------------------------------------------------------------------- types */

static bool same_type(const struct ir_type *a, const struct ir_type *b)
{
	return a->kind == b->kind && a->width == b->width && a->is_signed == b->is_signed &&
	       a->is_func_ptr == b->is_func_ptr && a->rec == b->rec && a->size == b->size &&
	       a->elem_size == b->elem_size;
}

static void define_type(struct writer *w, const struct ir_type *t)
{
	put(w, IO_TYPE, t->kind | (unsigned)t->is_signed << 3 | (unsigned)t->is_func_ptr << 4);
	put(w, IO_TYPE_WIDTH, t->width);
	put_index(w, IO_TYPE_REC, t->rec);
	put_diff(w, IO_TYPE_SIZE, t->size, t->width);
	put(w, IO_TYPE_ELEM, t->elem_size);
}

static void put_type(struct writer *w, enum io_column c, const struct ir_type *t)
{
	uint64_t key = hash_mix(t->kind | (uint64_t)t->width << 8 |
				(uint64_t)t->is_signed << 16 | (uint64_t)t->is_func_ptr << 17 |
				(uint64_t)t->rec << 32, hash_mix(t->size, t->elem_size));

	/* Two types with one hash take neighbouring keys. */
	for (;; key++) {
		uint64_t *slot = map_put(&w->types, key);

		if (!*slot) {
			array_push(&w->known, *t);
			*slot = w->known.n;
			define_type(w, t);
		}
		if (!same_type(t, &w->known.v[*slot - 1]))
			continue;
		put(w, c, *slot - 1);
		return;
	}
}

/* ------------------------------------------------------------------- tables */

static void put_strings(struct writer *w)
{
	const struct intern *names = &w->u->names;

	for (uint32_t i = 1; i < names->strings.n; i++) {
		const char *s = names->strings.v[i];

		buffer_add(&w->columns[IO_TEXT], s, strlen(s) + 1);
	}
}

static unsigned place_bits(const struct ir_place *p, const struct ir_place *before)
{
	unsigned bits = 0;

	bits |= p->file == before->file ? IO_SAME_FILE : 0;
	bits |= p->line == before->line && p->col == before->col ? IO_SAME_START : 0;
	bits |= p->line == before->line ? IO_SAME_LINE : 0;
	bits |= p->end_line == before->end_line && p->end_col == before->end_col ? IO_SAME_END : 0;
	bits |= p->end_line == p->line ? IO_ONE_LINE : 0;
	bits |= p->macro == before->macro ? IO_SAME_MACRO : 0;
	bits |= !p->spell_file && !p->spell_line && !p->spell_col ? IO_NO_SPELL : 0;
	bits |= p->spell_file == before->spell_file ? IO_SAME_SPELL_FILE : 0;
	return bits;
}

static void put_line(struct writer *w, enum io_column c, str_id file, uint32_t line)
{
	uint64_t *last = map_put(&w->s.lines, file);

	put_diff(w, c, line, *last);
	*last = line;
}

static void put_start(struct writer *w, const struct ir_place *p, unsigned bits)
{
	if (!(bits & IO_SAME_FILE))
		put_fresh(w, IO_PLACE_FILE, p->file);
	if (bits & IO_SAME_START)
		return;
	if (bits & IO_SAME_LINE) {
		put_diff(w, IO_PLACE_STEP, p->col, w->s.place.col);
		return;
	}
	put_line(w, IO_PLACE_LINE, p->file, p->line);
	put(w, IO_PLACE_COL, p->col);
}

static void put_end(struct writer *w, const struct ir_place *p, unsigned bits)
{
	if (bits & IO_SAME_END)
		return;
	if (bits & IO_ONE_LINE) {
		put_diff(w, IO_PLACE_LONG, p->end_col, p->col);
		return;
	}
	put_diff(w, IO_PLACE_END_LINE, p->end_line, p->line);
	put(w, IO_PLACE_END_COL, p->end_col);
}

static void put_place(struct writer *w, const struct ir_place *p)
{
	unsigned bits = place_bits(p, &w->s.place);

	put(w, IO_PLACE, bits);
	put_start(w, p, bits);
	put_end(w, p, bits);
	if (!(bits & IO_SAME_MACRO))
		put(w, IO_PLACE_MACRO, p->macro);
	if (!(bits & IO_NO_SPELL)) {
		if (!(bits & IO_SAME_SPELL_FILE))
			put(w, IO_SPELL_FILE, p->spell_file);
		put_line(w, IO_SPELL_LINE, p->spell_file, p->spell_line);
		put(w, IO_SPELL_COL, p->spell_col);
	}
	w->s.place = *p;
}

static void put_field(struct writer *w, const struct ir_field *f, uint64_t end)
{
	unsigned bits = (f->is_bitfield ? IO_BITFIELD : 0) | (f->in_union ? IO_IN_UNION : 0) |
			(f->off != end ? IO_HAS_OFF : 0) |
			(f->width != f->type.size ? IO_HAS_WIDTH : 0) |
			(f->unit_off != f->off || f->unit_width != f->width ? IO_HAS_UNIT : 0) |
			(f->declared ? IO_DECLARED : 0);

	put(w, IO_FIELD, bits);
	put_fresh(w, IO_FIELD_NAME, f->name);
	put_type(w, IO_FIELD_TYPE, &f->type);
	if (bits & IO_HAS_OFF)
		put_diff(w, IO_FIELD_OFF, f->off, end);
	if (bits & IO_HAS_WIDTH)
		put(w, IO_FIELD_WIDTH, f->width);
	if (bits & IO_HAS_UNIT) {
		put_diff(w, IO_FIELD_UNIT, f->unit_off, f->off);
		put(w, IO_FIELD_UNIT, f->unit_width);
	}
	if (bits & IO_DECLARED)
		put_fresh(w, IO_FIELD_NAME, f->declared);
}

static void put_record(struct writer *w, const struct ir_record *r)
{
	uint64_t end = 0;

	put(w, IO_RECORD, (unsigned)r->complete | (unsigned)r->is_union << 1);
	put_fresh(w, IO_RECORD_TAG, r->tag);
	put(w, IO_RECORD_SIZE, r->size);
	put(w, IO_RECORD_FIELDS, r->fields.n);
	for (uint32_t i = 0; i < r->fields.n; i++) {
		put_field(w, &r->fields.v[i], end);
		end = r->fields.v[i].off + r->fields.v[i].width;
	}
}

static void put_inits(struct writer *w, const struct ir_global *g)
{
	uint64_t end = 0;

	put(w, IO_GLOBAL_INITS, g->inits.n);
	for (uint32_t i = 0; i < g->inits.n; i++) {
		const struct ir_init *init = &g->inits.v[i];

		put_diff(w, IO_INIT_OFF, init->off, end);
		put(w, IO_INIT_WIDTH, init->width);
		put(w, IO_INIT_VALUE, init->value);
		put_index(w, IO_INIT_FUNC, init->fn);
		put_index(w, IO_INIT_GLOBAL, init->glob);
		end = init->off + init->width;
	}
}

static void put_global(struct writer *w, const struct ir_global *g)
{
	const bool flags[] = { g->is_static, g->is_const, g->is_extern, g->is_local,
			       g->has_init, g->init_unknown, g->bytes != NULL };
	unsigned bits = 0;

	for (unsigned i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		bits |= (unsigned)flags[i] << i;
	put(w, IO_GLOBAL, bits);
	put_fresh(w, IO_GLOBAL_NAME, g->name);
	put_type(w, IO_GLOBAL_TYPE, &g->type);
	put_index(w, IO_GLOBAL_OWNER, g->owner);
	if (g->bytes)
		buffer_add(&w->columns[IO_GLOBAL_BYTES], g->bytes, g->type.size / 8);
	put_inits(w, g);
}

static void put_reason(struct writer *w, const struct ir_reason *r)
{
	put(w, IO_REASON, r->kind);
	put_fresh(w, IO_REASON_TEXT, r->text);
	put_fresh(w, IO_REASON_LOC, r->loc);
}

/* The name is that of the entry: only where it leads is told. */
static void put_names(struct writer *w, const struct map *m)
{
	put(w, IO_NAMES, m->entries.n);
	w->s.next[IO_NAME] = 0;
	for (uint32_t i = 0; i < m->entries.n; i++)
		put_fresh(w, IO_NAME, (uint32_t)m->entries.v[i].value);
}

/* ------------------------------------------------------------------- bodies */

/* Its kind is known; a temporary is told by how far it is behind the last one. */
static void put_val(struct writer *w, enum io_column temp, enum io_column constant,
		    struct ir_val v)
{
	if (v.kind == IR_V_CONST)
		put(w, constant, v.i);
	else if (v.kind)
		put_diff(w, temp, w->s.next[IO_INSN_DST], v.i);
}

static unsigned fields_of(const struct writer *w, const struct ir_func *f,
			  const struct ir_insn *i)
{
	unsigned has = 0;

	if (i->dst != IR_NONE)
		has |= i->dst == w->s.next[IO_INSN_DST] ? IO_NEXT_DST : IO_HAS_DST;
	if (i->width != io_width(w->u, f, i))
		has |= IO_OWN_WIDTH;
	if (i->imm)
		has |= i->imm == IR_NONE ? IO_NO_IMM : IO_HAS_IMM;
	if (i->nargs || i->args)
		has |= i->args == w->s.next[IO_INSN_ARGS] ? IO_NEXT_ARGS : IO_HAS_ARGS;
	if (i->rec != IR_NONE)
		has |= IO_HAS_REC;
	if (i->recoff)
		has |= IO_HAS_RECOFF;
	if (i->off)
		has |= (uint64_t)i->off == i->recoff ? IO_OFF_IS_RECOFF : IO_HAS_OFF_OWN;
	return has;
}

static void put_shape(struct writer *w, uint64_t shape)
{
	uint64_t *slot = map_put(&w->shapes, shape);

	if (!*slot) {
		*slot = w->shapes.entries.n;
		put(w, IO_SHAPE, shape);
	}
	put(w, IO_INSN, *slot - 1);
}

static void put_call(struct writer *w, const struct ir_insn *i, unsigned has)
{
	if (has & IO_HAS_ARGS)
		put(w, IO_INSN_ARGS, i->args);
	if (has & (IO_HAS_ARGS | IO_NEXT_ARGS)) {
		put(w, IO_INSN_NARGS, i->nargs);
		w->s.next[IO_INSN_ARGS] = i->args + i->nargs;
	}
}

static void put_insn(struct writer *w, const struct ir_func *f, const struct ir_insn *i)
{
	unsigned has = fields_of(w, f, i);

	put_shape(w, io_shape(i, has));
	put_val(w, IO_INSN_A, IO_INSN_CONST, i->a);
	put_val(w, IO_INSN_B, IO_INSN_CONST, i->b);
	put_val(w, IO_INSN_C, IO_INSN_CONST, i->c);
	if (has & IO_HAS_DST)
		put(w, IO_INSN_DST, i->dst);
	if (i->dst != IR_NONE)
		w->s.next[IO_INSN_DST] = i->dst + 1;
	if (has & IO_OWN_WIDTH)
		put(w, IO_INSN_WIDTH, i->width);
	if (has & IO_HAS_IMM)
		put_fresh(w, io_imm_column(i->op), i->imm);
	put_call(w, i, has);
	if (has & IO_HAS_REC)
		put(w, IO_INSN_REC, i->rec);
	if (has & IO_HAS_RECOFF)
		put(w, IO_INSN_RECOFF, i->recoff);
	if (has & IO_HAS_OFF_OWN)
		put(w, IO_INSN_OFF, io_zigzag((uint64_t)i->off));
	put_fresh(w, IO_INSN_LOC, i->loc);
}

static void put_term(struct writer *w, const struct ir_term *t, uint32_t block)
{
	put(w, IO_TERM, t->kind | (unsigned)t->is_signed << 3 | (unsigned)t->cond.kind << 4);
	put_val(w, IO_TERM_COND, IO_TERM_CONST, t->cond);
	put_fresh(w, IO_INSN_LOC, t->loc);
	put(w, IO_TERM_SUCCS, t->nsucc);
	for (uint32_t k = 0; k < t->nsucc; k++)
		put_diff(w, IO_SUCC, t->succ[k], block + 1);
	put(w, IO_TERM_CASES, t->ncases);
	for (uint32_t k = 0; k < t->ncases; k++) {
		put(w, IO_CASE_LO, t->cases[k].lo);
		put_diff(w, IO_CASE_HI, t->cases[k].hi, t->cases[k].lo);
		put_diff(w, IO_CASE_BLOCK, t->cases[k].block, block + 1);
	}
}

static void put_locals(struct writer *w, const struct ir_func *f)
{
	put(w, IO_FUNC_LOCALS, f->locals.n);
	for (uint32_t i = 0; i < f->locals.n; i++) {
		put(w, IO_LOCAL, f->locals.v[i].is_param);
		put_fresh(w, IO_LOCAL_NAME, f->locals.v[i].name);
		put_type(w, IO_LOCAL_TYPE, &f->locals.v[i].type);
		put_fresh(w, IO_LOCAL_LOC, f->locals.v[i].loc);
	}
}

static void put_args(struct writer *w, const struct ir_func *f)
{
	uint32_t last = 0;

	put(w, IO_FUNC_ARGS, f->args.n);
	for (uint32_t i = 0; i < f->args.n; i++) {
		struct ir_val v = f->args.v[i];

		put(w, IO_ARG, v.kind);
		if (v.kind == IR_V_CONST) {
			put(w, IO_ARG_CONST, v.i);
		} else if (v.kind) {
			put_diff(w, IO_ARG_TEMP, v.i, last);
			last = v.i;
		}
	}
}

static void put_func(struct writer *w, const struct ir_func *f)
{
	static const enum io_column own[] = { IO_INSN_DST, IO_INSN_LOCAL, IO_INSN_ARGS };

	for (unsigned i = 0; i < sizeof(own) / sizeof(*own); i++)
		w->s.next[own[i]] = 0;
	put(w, IO_FUNC, f->flags);
	put_fresh(w, IO_FUNC_NAME, f->name);
	put(w, IO_FUNC_STATE, f->state);
	put(w, IO_FUNC_REASON, f->reason);
	put_type(w, IO_FUNC_TYPE, &f->ret);
	put_fresh(w, IO_FUNC_LOC, f->loc);
	put(w, IO_FUNC_PARAMS, f->nparams);
	put_locals(w, f);
	put(w, IO_FUNC_TEMPS, f->temps.n);
	for (uint32_t i = 0; i < f->temps.n; i++)
		put_type(w, IO_TEMP_TYPE, &f->temps.v[i].type);
	put_args(w, f);
	put(w, IO_FUNC_BLOCKS, f->blocks.n);
	for (uint32_t i = 0; i < f->blocks.n; i++) {
		const struct ir_block *b = &f->blocks.v[i];

		put(w, IO_BLOCK, b->insns.n);
		for (uint32_t k = 0; k < b->insns.n; k++)
			put_insn(w, f, &b->insns.v[k]);
		put_term(w, &b->term, i);
	}
}

/* --------------------------------------------------------------------- unit */

static void put_tables(struct writer *w)
{
	const struct ir_unit *u = w->u;

	put_strings(w);
	for (uint32_t i = 1; i < u->locs.n; i++)
		put_place(w, &u->locs.v[i]);
	for (uint32_t i = 0; i < u->consts.n; i++) {
		put(w, IO_CONST_WIDTH, u->consts.v[i].width);
		put(w, IO_CONST_VALUE, u->consts.v[i].value);
	}
	for (uint32_t i = 0; i < u->records.n; i++)
		put_record(w, &u->records.v[i]);
	for (uint32_t i = 0; i < u->reasons.n; i++)
		put_reason(w, &u->reasons.v[i]);
	for (uint32_t i = 0; i < u->globals.n; i++)
		put_global(w, &u->globals.v[i]);
	for (uint32_t i = 0; i < u->funcs.n; i++)
		put_func(w, &u->funcs.v[i]);
	put_names(w, &u->record_index);
	put_names(w, &u->func_index);
	put_names(w, &u->global_index);
}

static void put_head(struct writer *w)
{
	const struct ir_unit *u = w->u;
	const uint32_t counts[] = { u->names.strings.n ? u->names.strings.n - 1 : 0,
				    u->locs.n - 1, u->consts.n, w->known.n,
				    w->shapes.entries.n, u->records.n, u->reasons.n,
				    u->globals.n, u->funcs.n };

	for (unsigned i = 0; i < sizeof(counts) / sizeof(*counts); i++)
		put(w, IO_HEAD, counts[i]);
	put(w, IO_HEAD, u->file);
	put(w, IO_HEAD, u->ptr_width);
}

void ir_write(const struct ir_unit *u, struct buffer *out)
{
	struct ir_parts parts = { 0 };

	ir_write_parts(u, out, &parts);
	array_release(&parts.len);
}

void ir_write_parts(const struct ir_unit *u, struct buffer *out, struct ir_parts *parts)
{
	struct writer w = { .u = u };
	size_t start = out->n;

	put_tables(&w);
	put_head(&w);
	buffer_add(out, "PFIR", 4);
	leb_put(out, IR_IO_VERSION);
	for (unsigned i = 0; i < IO_COLUMNS; i++)
		leb_put(out, w.columns[i].n);
	array_push(&parts->len, out->n - start);
	for (unsigned i = 0; i < IO_COLUMNS; i++) {
		array_push(&parts->len, w.columns[i].n);
		buffer_add(out, buffer_str(&w.columns[i]), w.columns[i].n);
		buffer_release(&w.columns[i]);
	}
	map_release(&w.types);
	map_release(&w.shapes);
	map_release(&w.s.lines);
	array_release(&w.known);
}
