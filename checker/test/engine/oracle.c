/* SPDX-License-Identifier: MIT */
#include "oracle.h"

#include "base/buffer.h"
#include "domain/dom.h"
#include "ir/interp_eval.h"

void oracle_release(struct oracle *o)
{
	array_release(&o->regions);
	array_release(&o->values);
	array_release(&o->open);
	array_release(&o->choices);
	array_release(&o->derived);
	array_release(&o->cell_done);
}

static const struct symbols *syms(const struct oracle *o)
{
	return &o->atlas->e.syms;
}

static struct dom *dom(const struct oracle *o)
{
	return o->atlas->e.dom;
}

static struct value *value_of(struct oracle *o, sym_id s)
{
	while (o->values.n <= s.i)
		array_add(&o->values);
	return &o->values.v[s.i];
}

/* ----------------------------------------------------------------- memory */

static const struct region *region_at(const struct oracle *o, uint64_t addr, uint64_t size)
{
	for (uint32_t i = 0; i < o->regions.n; i++) {
		const struct region *r = &o->regions.v[i];

		if (addr >= r->addr && size <= r->size && addr - r->addr <= r->size - size)
			return r;
	}
	return NULL;
}

const void *oracle_memory(const struct oracle *o, uint64_t addr, uint64_t size)
{
	return region_at(o, addr, size) ? (const void *)(uintptr_t)addr : NULL;
}

/* The first byte that holds bits from off on, and how many bytes they touch. */
static uint64_t span(uint64_t base, int64_t off, uint64_t width, uint64_t *size)
{
	*size = ((uint64_t)(off & 7) + width + 7) / 8;
	return base + (uint64_t)(off >> 3);
}

static bool read_now(const struct oracle *o, uint64_t base, int64_t off, unsigned width,
		     uint64_t *v)
{
	uint64_t size, addr = span(base, off, width, &size);

	if (!oracle_memory(o, addr, size))
		return false;
	*v = (uint64_t)bits_read((const void *)(uintptr_t)addr, off & 7, width);
	return true;
}

/* The same as it was when the function was called. */
static bool read_entry(const struct oracle *o, uint64_t base, int64_t off, unsigned width,
		       uint64_t *v)
{
	uint64_t size, addr = span(base, off, width, &size), at = 0;

	for (uint32_t i = 0; i < o->act->nregions; i++) {
		const struct region *r = &o->regions.v[i];

		if (addr >= r->addr && size <= r->size && addr - r->addr <= r->size - size) {
			const unsigned char *p = o->act->entry.v + at + (addr - r->addr);

			*v = (uint64_t)bits_read(p, off & 7, width);
			return true;
		}
		at += r->size;
	}
	return false;
}

/* ----------------------------------------------------------------- values */

static bool atom_cb(void *arg, atom_id a);
static bool entry_value(struct oracle *o, sym_id s, uint64_t *v);
static bool computed_value(struct oracle *o, sym_id s, uint64_t *v);

static bool eval_word(struct oracle *o, word_id w, uint64_t *v)
{
	bool outer = o->lacks, exact, ok;

	o->lacks = false;
	*v = word_eval(dom(o), w, atom_cb, o, &exact);
	ok = exact && !o->lacks;
	o->lacks = outer;
	return ok;
}

/* Saves the evaluation of what cannot be computed: wide operands are asked for as a whole. */
static bool is_open(struct oracle *o, word_id w)
{
	const struct word *x;
	uint64_t v;

	if (word_is_none(w) || word_width(dom(o), w) == 1)
		return false;
	x = word_symbols(dom(o), w);
	for (uint32_t i = 0; i < x->nsyms; i++) {
		const struct value *k;

		if (entry_value(o, x->syms[i], &v))
			continue;
		if (o->entry_only)
			return true;
		if (computed_value(o, x->syms[i], &v))
			continue;
		k = value_of(o, x->syms[i]);
		if (k->check != o->check)
			return true;
	}
	return false;
}

static bool eval_derived(struct oracle *o, sym_id s, uint64_t *v)
{
	bool outer = o->lacks, ok;
	const struct sym y = *sym_get(dom(o), s);

	if (is_open(o, y.a) || is_open(o, y.b))
		return false;
	o->lacks = false;
	ok = eval_def(dom(o), s, atom_cb, o, v) && !o->lacks;
	o->lacks = outer;
	return ok;
}

static bool entry_element(struct oracle *o, const struct symbol *k, uint64_t *v)
{
	uint64_t base = 0, index = 0;
	bool outer = o->entry_only, ok;

	/* A pointer that has moved is some element. */
	if (word_is_none(k->index))
		return false;
	o->entry_only = true;
	ok = entry_value(o, k->base, &base) && eval_word(o, k->index, &index);
	o->entry_only = outer;
	*v = base + (uint64_t)k->delta + index * (uint64_t)(k->scale / 8);
	return ok;
}

static bool find_entry_value(struct oracle *o, sym_id s, uint64_t *v)
{
	const struct symbol k = *symbol_info(syms(o), s);
	bool own = k.fn == o->act->fn, outer = o->entry_only, ok;
	uint64_t base;

	switch (k.kind) {
	case SYM_K_NONE:
		if (!sym_get(dom(o), s)->derived)
			return false;
		o->entry_only = true;
		ok = eval_derived(o, s, v);
		o->entry_only = outer;
		return ok;
	case SYM_K_GLOBAL:
		*v = (uintptr_t)interp_global(o->in, (ir_glob)k.a);
		return true;
	case SYM_K_PARAM:
		*v = own && k.a < PARAMS ? o->act->params[k.a] : 0;
		return own && k.a < PARAMS && o->act->has_param[k.a];
	case SYM_K_LOCAL:
		*v = own ? (uintptr_t)o->act->locals[k.a] : 0;
		return own;
	case SYM_K_CELL:
	case SYM_K_INIT:
		return own && entry_value(o, k.base, &base) &&
		       read_entry(o, base, (int64_t)k.a, k.width, v);
	case SYM_K_ELEM:
		return own && entry_element(o, &k, v);
	default:
		return false;
	}
}

static bool entry_value(struct oracle *o, sym_id s, uint64_t *v)
{
	struct value *x = value_of(o, s);
	bool known;

	if (x->serial != o->act->serial) {
		known = find_entry_value(o, s, v);
		x = value_of(o, s);
		x->serial = o->act->serial;
		x->known = known;
		x->entry = *v & width_mask(sym_width(dom(o), s));
	}
	*v = x->entry;
	return x->known;
}

/* What the values found so far make of a derived symbol. */
static bool computed_value(struct oracle *o, sym_id s, uint64_t *v)
{
	struct value *x = value_of(o, s);
	bool ok;

	if (!sym_get(dom(o), s)->derived)
		return false;
	if (x->computed != o->check && x->tried != o->turn) {
		ok = eval_derived(o, s, v);
		x = value_of(o, s);
		x->tried = o->turn;
		x->computed = ok ? o->check : 0;
		x->now = *v;
	}
	*v = x->now;
	return x->computed == o->check;
}

/* 0, 1, or -1 where it is not known. */
static int atom_value(struct oracle *o, atom_id a)
{
	sym_id s = atom_sym(a);
	const struct value *x;
	uint64_t v = 0;

	if (entry_value(o, s, &v) || (!o->entry_only && computed_value(o, s, &v)))
		return v >> atom_bit(a) & 1;
	x = value_of(o, s);
	if (!o->entry_only && x->check == o->check && x->mask >> atom_bit(a) & 1)
		return x->bits >> atom_bit(a) & 1;
	return -1;
}

static bool atom_cb(void *arg, atom_id a)
{
	struct oracle *o = arg;
	int v = atom_value(o, a);

	o->lacks |= v < 0;
	return v > 0;
}

/* ------------------------------------------------------------ constraints */

static void constrain(struct oracle *o, bit_id b, bool want)
{
	if (!bit_is_top(b))
		array_push(&o->open, (struct constraint){ b, want, o->source });
}

static void fail(struct oracle *o)
{
	if (!o->failed)
		o->blame = o->source;
	o->failed = true;
}

/* "x == constant" decides the bits of x, and "x != constant" those of a single bit. */
static void open_definition(struct oracle *o, sym_id s, bool v)
{
	word_id a, b;
	enum ir_op op;
	uint64_t c;

	if (!sym_def(dom(o), s, &op, &a, &b) || (op != IR_EQ && op != IR_NE) ||
	    !word_is_const(dom(o), b, &c))
		return;
	if ((op == IR_EQ) == v)
		for (unsigned i = 0; i < word_width(dom(o), a); i++)
			constrain(o, word_bit(dom(o), a, i), c >> i & 1);
	else if (word_width(dom(o), a) == 1)
		constrain(o, word_bit(dom(o), a, 0), !(c & 1));
}

static void assign_atom(struct oracle *o, atom_id a, bool v)
{
	struct value *x = value_of(o, atom_sym(a));
	uint64_t bit = (uint64_t)1 << atom_bit(a);

	if (x->check != o->check) {
		x->check = o->check;
		x->mask = x->bits = 0;
	}
	x->mask |= bit;
	x->bits = v ? x->bits | bit : x->bits & ~bit;
	o->assigned++;
	if (!sym_get(dom(o), atom_sym(a))->derived)
		return;
	array_push(&o->derived, atom_sym(a));
	if (sym_width(dom(o), atom_sym(a)) == 1)
		open_definition(o, atom_sym(a), v);
}

/* The table of b under what is known; the unknown atoms stay in *f. */
static uint64_t residue(struct oracle *o, bit_id b, struct fn *f, bool unknown[BIT_ATOMS])
{
	uint64_t t;

	*f = fn_of(dom(o), b);
	t = f->t;
	for (unsigned i = 0; i < f->n; i++) {
		int v = atom_value(o, f->a[i]);

		unknown[i] = v < 0;
		if (v >= 0)
			t = fn_cofactor(t, i, v);
	}
	return t;
}

/* True where the constraint is settled, for good or bad. */
static bool settle(struct oracle *o, bit_id b, bool want)
{
	bool unknown[BIT_ATOMS];
	struct fn f;
	uint64_t t;

	if (bit_is_top(b))
		return true;
	t = residue(o, b, &f, unknown);
	t = want ? t : ~t;
	if (!t)
		fail(o);
	if (!t || !~t)
		return true;
	for (unsigned i = 0; i < f.n; i++) {
		if (!unknown[i])
			continue;
		if (!fn_cofactor(t, i, true))
			assign_atom(o, f.a[i], false);
		else if (!fn_cofactor(t, i, false))
			assign_atom(o, f.a[i], true);
		else
			continue;
		t = residue(o, b, &f, unknown);
		t = want ? t : ~t;
		if (!t)
			fail(o);
		if (!t || !~t)
			return true;
	}
	return false;
}

/* The symbol has this value. */
static void assign_symbol(struct oracle *o, sym_id s, uint64_t v)
{
	unsigned width = sym_width(dom(o), s);
	uint64_t have = 0;

	v &= width_mask(width);
	if (entry_value(o, s, &have) || computed_value(o, s, &have)) {
		if (have != v)
			fail(o);
		return;
	}
	for (unsigned i = 0; i < width; i++)
		settle(o, bit_atom(dom(o), atom_make(s, i)), v >> i & 1);
}

/* One alternative of a word: a constant or symbol + delta. False where it cannot be v. */
static bool alt_allows(struct oracle *o, word_id alt, uint64_t v)
{
	uint64_t have = 0, mask = width_mask(word_width(dom(o), alt));
	const struct value *x;
	int64_t delta;
	sym_id s;

	if (word_is_const(dom(o), alt, &have))
		return have == (v & mask);
	if (!word_as_symoff(dom(o), alt, &s, &delta))
		return true;
	v = (v - (uint64_t)delta) & mask;
	if (entry_value(o, s, &have) || computed_value(o, s, &have))
		return have == v;
	x = value_of(o, s);
	return x->check != o->check || !((x->bits ^ v) & x->mask);
}

static void alt_assign(struct oracle *o, word_id alt, uint64_t v)
{
	int64_t delta;
	sym_id s;

	if (!alt_allows(o, alt, v))
		fail(o);
	else if (word_as_symoff(dom(o), alt, &s, &delta))
		assign_symbol(o, s, v - (uint64_t)delta);
}

/* A choice: its guards exclude each other and cover everything. */
static bool settle_choice(struct oracle *o, const struct choice *c)
{
	word_id alt[WORD_CHOICES];
	bit_id guard[WORD_CHOICES];
	unsigned n = word_choices(dom(o), c->w, alt, guard), left = 0, last = 0;

	for (unsigned i = 0; i < n; i++) {
		bool unknown[BIT_ATOMS];
		struct fn f;
		uint64_t t = bit_is_top(guard[i]) ? 1 : residue(o, guard[i], &f, unknown);

		if (t && alt_allows(o, alt[i], c->v)) {
			left++;
			last = i;
		} else if (t && !bit_is_top(guard[i])) {
			constrain(o, guard[i], false);
		}
	}
	if (left > 1)
		return false;
	if (!left) {
		fail(o);
		return true;
	}
	constrain(o, guard[last], true);
	alt_assign(o, alt[last], c->v);
	return true;
}

static void constrain_word(struct oracle *o, word_id w, uint64_t v)
{
	word_id alt[WORD_CHOICES];
	bit_id guard[WORD_CHOICES];
	unsigned n = word_choices(dom(o), w, alt, guard);

	if (n == 1) {
		alt_assign(o, alt[0], v);
		return;
	}
	if (n > 1) {
		array_push(&o->choices, (struct choice){ w, v, o->source });
		return;
	}
	for (unsigned i = 0; i < word_width(dom(o), w) && !o->failed; i++)
		if (!settle(o, word_bit(dom(o), w, i), v >> i & 1))
			constrain(o, word_bit(dom(o), w, i), v >> i & 1);
}

static void propagate(struct oracle *o)
{
	uint32_t before;

	do {
		before = o->assigned;
		o->turn++;
		for (uint32_t i = 0; i < o->open.n && !o->failed; i++) {
			struct constraint c = o->open.v[i];

			o->source = c.source;
			if (settle(o, c.bit, c.want))
				o->open.v[i--] = array_pop(&o->open);
		}
		for (uint32_t i = 0; i < o->choices.n && !o->failed; i++) {
			struct choice c = o->choices.v[i];

			o->source = c.source;
			if (settle_choice(o, &c)) {
				o->choices.v[i--] = array_pop(&o->choices);
				o->assigned++;
			}
		}
	} while (before != o->assigned && !o->failed);
}

/* ------------------------------------------------------------------ states */

/* What holds of the cell, once it is known where it lies. */
static bool constrain_cell(struct oracle *o, const struct cell *c)
{
	uint64_t base = 0, v, width = c->width;
	sym_id s = c->root;
	const struct value *x;

	if (c->kind == CELL_UNKNOWN)
		return true;
	if (!entry_value(o, s, &base) && !computed_value(o, s, &base)) {
		x = value_of(o, s);
		if (x->check != o->check || x->mask != width_mask(sym_width(dom(o), s)))
			return false;
		base = x->bits;
	}
	if (c->kind == CELL_WORD) {
		if (read_now(o, base, c->off, (unsigned)width, &v))
			constrain_word(o, c->val, v);
		return true;
	}
	for (int64_t at = c->off; width && !o->failed; at++, width--) {
		if (!read_now(o, base, at, 1, &v))
			break;
		if (v)
			fail(o);
	}
	return true;
}

#define SOURCE_CELL 0x40000000u
#define SOURCE_CLAUSE 0x80000000u
#define SOURCE_INDEX 0x3fffffffu

static void tell_word(struct oracle *o, struct buffer *why, word_id w, uint64_t v)
{
	buffer_printf(why, " is 0x%llx, abstract ", (unsigned long long)v);
	word_print(dom(o), w, symbol_name, &o->atlas->e.syms, why);
}

static void tell_cell(struct oracle *o, struct buffer *why, const struct cell *c)
{
	uint64_t base = 0, v = 0;

	buffer_puts(why, "cell ");
	symbol_cell_name(syms(o), c->root, c->off, (uint32_t)c->width, why);
	if (c->kind != CELL_WORD) {
		buffer_puts(why, " is not 0");
		return;
	}
	if (!entry_value(o, c->root, &base) && !computed_value(o, c->root, &base))
		base = value_of(o, c->root)->bits;
	read_now(o, base, c->off, (unsigned)c->width, &v);
	tell_word(o, why, c->val, v);
}

/* What of the state contradicts the rest. */
static void tell(struct oracle *o, const struct view *v, const uint64_t *temps, struct buffer *why)
{
	uint32_t i = o->blame & SOURCE_INDEX;

	if (o->blame & SOURCE_CELL) {
		tell_cell(o, why, &v->s.cells.v[i]);
	} else if (o->blame & SOURCE_CLAUSE) {
		buffer_puts(why, "the path condition has ");
		bit_print(dom(o), v->s.pc->c[i].bit, symbol_name, &o->atlas->e.syms, why);
	} else {
		buffer_printf(why, "%%%u", v->temps.v[i].temp);
		tell_word(o, why, v->temps.v[i].w, temps[v->temps.v[i].temp]);
	}
}

/* Cells whose place becomes known by what other cells hold come later. */
static bool constrain_cells(struct oracle *o, const struct state *s)
{
	bool more = false;

	for (uint32_t i = 0; i < s->cells.n && !o->failed; i++) {
		o->source = SOURCE_CELL | i;
		if (!o->cell_done.v[i] && constrain_cell(o, &s->cells.v[i]))
			o->cell_done.v[i] = more = true;
	}
	return more;
}

/* What was assigned to a derived symbol must be what its operands give in the end. */
static void check_definitions(struct oracle *o)
{
	uint64_t v = 0;

	o->turn++;
	for (uint32_t i = 0; i < o->derived.n && !o->failed; i++) {
		sym_id s = o->derived.v[i];
		const struct value *x;

		if (!computed_value(o, s, &v))
			continue;
		x = value_of(o, s);
		if ((v ^ x->bits) & x->mask)
			fail(o);
	}
}

static void start(struct oracle *o)
{
	o->check++;
	o->turn++;
	o->failed = false;
	array_clear(&o->open);
	array_clear(&o->choices);
	array_clear(&o->derived);
	array_clear(&o->cell_done);
}

bool oracle_contains(struct oracle *o, const struct view *v, const uint64_t *temps,
		     struct buffer *why)
{
	start(o);
	if (v->s.pc->unsat) {
		buffer_puts(why, "the path condition has no model");
		return false;
	}
	for (uint32_t i = 0; i < v->s.cells.n; i++)
		array_push(&o->cell_done, false);
	for (uint32_t i = 0; i < v->temps.n && !o->failed; i++) {
		o->source = i;
		constrain_word(o, v->temps.v[i].w, temps[v->temps.v[i].temp]);
	}
	for (uint32_t i = 0; i < v->s.pc->n; i++) {
		o->source = SOURCE_CLAUSE | i;
		constrain(o, v->s.pc->c[i].bit, true);
	}
	while (!o->failed && constrain_cells(o, &v->s))
		propagate(o);
	if (!o->failed)
		propagate(o);
	if (!o->failed)
		check_definitions(o);
	if (o->failed)
		tell(o, v, temps, why);
	return !o->failed;
}

/* --------------------------------------------------------------- precision */

static void count_word(struct oracle *o, word_id w)
{
	unsigned width = word_width(dom(o), w);
	bool unknown[BIT_ATOMS];
	struct fn f;
	uint64_t v;

	o->bits += width;
	if (eval_word(o, w, &v)) {
		o->exact += width;
		return;
	}
	for (unsigned i = 0; i < width; i++) {
		bit_id b = word_bit(dom(o), w, i);
		uint64_t t = bit_is_top(b) ? 1 : residue(o, b, &f, unknown);

		o->exact += !t || !~t;
	}
}

void oracle_count(struct oracle *o, const struct view *v, uint32_t newest)
{
	start(o);
	o->entry_only = true;
	for (uint32_t i = 0; i < v->temps.n; i++)
		if (v->temps.v[i].temp == newest)
			count_word(o, v->temps.v[i].w);
	for (uint32_t i = 0; v->whole && i < v->s.cells.n; i++) {
		const struct cell *c = &v->s.cells.v[i];

		if (c->kind == CELL_WORD)
			count_word(o, c->val);
		else if (c->width <= 64)
			o->bits += c->width;
		if (c->kind == CELL_ZERO && c->width <= 64)
			o->exact += c->width;
	}
	o->entry_only = false;
}
