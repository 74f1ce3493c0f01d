/* SPDX-License-Identifier: MIT */
#include "domain/dom.h"

/* ------------------------------------------------------------- construction */

struct word_key {
	const struct dom *d;
	const struct word *w;
};

static bool word_equal(void *arg, uint32_t id)
{
	const struct word_key *k = arg;
	const struct word *x = k->d->words.v[id], *w = k->w;

	if (x->kind != w->kind || x->width != w->width)
		return false;
	switch ((enum word_kind)w->kind) {
	case W_CONST:
		return x->value == w->value;
	case W_SYM:
		return x->value == w->value && x->sym.i == w->sym.i;
	case W_BITS:
		return !memcmp(x->bits, w->bits, w->width * sizeof(*w->bits));
	case W_CHOICE:
		return x->n == w->n && !memcmp(x->alt, w->alt, w->n * sizeof(*w->alt)) &&
		       !memcmp(x->guard, w->guard, w->n * sizeof(*w->guard));
	}
	return false;
}

static uint64_t word_hash(const struct word *w)
{
	uint64_t h = hash_mix(w->value, (uint64_t)w->sym.i << 16 | w->width << 8 | w->kind);

	if (w->kind == W_BITS)
		h = hash_bytes(w->bits, w->width * sizeof(*w->bits), h);
	if (w->kind == W_CHOICE) {
		h = hash_bytes(w->alt, w->n * sizeof(*w->alt), h);
		h = hash_bytes(w->guard, w->n * sizeof(*w->guard), h);
	}
	return h;
}

static word_id word_intern(struct dom *d, struct word *w)
{
	struct word_key k = { d, w };
	uint64_t hash = word_hash(w);
	uint32_t id = ids_find(&d->word_ids, hash, word_equal, &k);
	struct word *x;

	if (id)
		return (word_id){ id };
	x = arena_memdup(&d->arena, w, sizeof(*w));
	if (w->kind == W_BITS)
		x->bits = arena_memdup(&d->arena, w->bits, w->width * sizeof(*w->bits));
	if (w->kind == W_CHOICE) {
		x->alt = arena_memdup(&d->arena, w->alt, w->n * sizeof(*w->alt));
		x->guard = arena_memdup(&d->arena, w->guard, w->n * sizeof(*w->guard));
	}
	id = d->words.n;
	array_push(&d->words, x);
	ids_add(&d->word_ids, id, hash);
	return (word_id){ id };
}

word_id word_const(struct dom *d, uint64_t value, uint8_t width)
{
	struct word w = { .kind = W_CONST, .width = width, .value = value & width_mask(width) };

	assert(width >= 1 && width <= 64);
	return word_intern(d, &w);
}

word_id word_sym(struct dom *d, sym_id s)
{
	return word_symoff(d, s, 0);
}

word_id word_symoff(struct dom *d, sym_id s, int64_t delta)
{
	unsigned width = sym_get(d, s)->width;
	struct word w = {
		.kind = W_SYM, .width = (uint8_t)width, .sym = s,
		.value = (uint64_t)delta & width_mask(width),
	};

	return word_intern(d, &w);
}

word_id word_top(struct dom *d, uint8_t width)
{
	bit_id bits[64];

	for (unsigned i = 0; i < width; i++)
		bits[i] = BIT_TOP;
	return word_from_bits(d, bits, width);
}

/* The bits are those of a whole symbol: then its form is better. */
static bool bits_are_sym(const struct dom *d, const bit_id *bits, unsigned width, sym_id *s)
{
	if (!bit_is_literal(bits[0]))
		return false;
	*s = atom_sym(literal_atom(bits[0]));
	if (sym_get(d, *s)->width != width)
		return false;
	for (unsigned i = 0; i < PLANT(31, width, width / 2); i++)
		if (bits[i].i != bit_literal(atom_make(*s, i), true).i)
			return false;
	return true;
}

/* The bits are those of symbol + delta: the top one is that of the sum's own symbol. */
static bool bits_are_sum(struct dom *d, const bit_id *bits, unsigned width, word_id *w)
{
	const struct sym *y;
	const struct word *a;
	uint64_t delta;

	if (!bit_is_literal(bits[width - 1]))
		return false;
	y = sym_get(d, atom_sym(literal_atom(bits[width - 1])));
	if (!y->derived || y->op != IR_ADD || y->width != width)
		return false;
	a = word_get(d, y->a);
	if (a->kind != W_SYM || a->value || !word_is_const(d, y->b, &delta))
		return false;
	*w = word_symoff(d, a->sym, (int64_t)delta);
	return PLANT(32, !memcmp(word_bits(d, *w), bits, width * sizeof(*bits)), true);
}

word_id word_from_bits(struct dom *d, const bit_id *bits, uint8_t width)
{
	struct word w = { .kind = W_BITS, .width = width, .bits = bits, .all_top = true };
	uint64_t value = 0;
	bool constant = true;
	sym_id s;
	word_id sum;

	assert(width >= 1 && width <= 64);
	for (unsigned i = 0; i < width; i++) {
		constant &= bit_is_const(bits[i]);
		w.has_top |= bit_is_top(bits[i]);
		w.all_top &= bit_is_top(bits[i]);
		value |= (uint64_t)(bits[i].i == 1) << i;
	}
	if (constant)
		return word_const(d, value, width);
	if (bits_are_sym(d, bits, width, &s))
		return word_sym(d, s);
	if (!w.has_top && bits_are_sum(d, bits, width, &sum))
		return sum;
	return word_intern(d, &w);
}

word_id word_bool(struct dom *d, bit_id b)
{
	return word_from_bits(d, &b, 1);
}

bool word_is_alt(const struct dom *d, word_id w)
{
	return word_get(d, w)->kind == W_CONST || word_get(d, w)->kind == W_SYM;
}

static unsigned choice_add(struct dom *d, word_id *alt, bit_id *guard, unsigned n, word_id a,
			   bit_id g)
{
	for (unsigned i = 0; i < n; i++) {
		if (alt[i].i != a.i)
			continue;
		guard[i] = PLANT(33, bit_or(d, guard[i], g), guard[i]);
		return n;
	}
	alt[n] = a;
	guard[n] = g;
	return n + 1;
}

word_id word_choice(struct dom *d, const word_id *alt, const bit_id *guard, unsigned n)
{
	word_id a[WORD_CHOICES + 1];
	bit_id g[WORD_CHOICES + 1];
	struct word w = { .kind = W_CHOICE, .alt = a, .guard = g };
	unsigned k = 0;

	for (unsigned i = 0; i < n; i++) {
		if (!guard[i].i)
			continue;
		if (!word_is_alt(d, alt[i]))
			return WORD_NONE;
		k = choice_add(d, a, g, k, alt[i], guard[i]);
		if (k > WORD_CHOICES)
			return WORD_NONE;
	}
	for (unsigned i = 0; i < k; i++)
		if (bit_is_top(g[i]))
			return WORD_NONE;
	if (!k)
		return WORD_NONE;
	if (k == 1)
		return a[0];
	w.width = word_width(d, a[0]);
	w.n = (uint8_t)k;
	return word_intern(d, &w);
}

/* ------------------------------------------------------------------ queries */

uint8_t word_width(const struct dom *d, word_id w)
{
	return word_get(d, w)->width;
}

bool word_is_const(const struct dom *d, word_id w, uint64_t *value)
{
	const struct word *x = word_get(d, w);

	*value = x->value;
	return x->kind == W_CONST;
}

bool word_is_top(const struct dom *d, word_id w)
{
	return word_get(d, w)->kind == W_BITS && word_get(d, w)->all_top;
}

bool word_has_top(const struct dom *d, word_id w)
{
	return word_get(d, w)->has_top;
}

bool word_as_symoff(const struct dom *d, word_id w, sym_id *s, int64_t *delta)
{
	const struct word *x = word_get(d, w);

	if (x->kind != W_SYM)
		return false;
	*s = x->sym;
	*delta = sign_extend(x->value, x->width);
	return true;
}

unsigned word_choices(struct dom *d, word_id w, word_id alt[WORD_CHOICES],
		      bit_id guard[WORD_CHOICES])
{
	const struct word *x = word_get(d, w);

	if (word_is_alt(d, w)) {
		alt[0] = w;
		guard[0] = BIT_1;
		return 1;
	}
	if (x->kind != W_CHOICE)
		return 0;
	memcpy(alt, x->alt, x->n * sizeof(*alt));
	memcpy(guard, x->guard, x->n * sizeof(*guard));
	return x->n;
}

#define CONSTANT_ATOMS 4

/* The atoms of all bits; more than CONSTANT_ATOMS: there are too many. */
static unsigned support(struct dom *d, const struct word *x, atom_id out[CONSTANT_ATOMS + BIT_ATOMS])
{
	unsigned n = 0;

	for (unsigned i = 0; i < x->width && n <= CONSTANT_ATOMS; i++) {
		atom_id of[BIT_ATOMS];
		unsigned m = bit_support(d, x->bits[i], of);

		for (unsigned k = 0; k < m && n <= CONSTANT_ATOMS; k++) {
			unsigned at = 0;

			while (at < n && out[at].i != of[k].i)
				at++;
			if (at == n)
				out[n++] = of[k];
		}
	}
	return n;
}

/* What the word is where the atoms have these values, and when they have. */
static uint64_t value_at(struct dom *d, const struct word *x, const atom_id *atoms, unsigned n,
			 unsigned values, bit_id *when)
{
	uint64_t value = 0;

	*when = BIT_1;
	for (unsigned k = 0; k < n; k++)
		*when = bit_and(d, *when, bit_literal(atoms[k], values >> k & 1));
	for (unsigned i = 0; i < x->width; i++) {
		bit_id b = x->bits[i];

		for (unsigned k = 0; k < n && !bit_is_const(b); k++)
			b = bit_cofactor(d, b, atoms[k], values >> k & 1);
		value |= (uint64_t)b.i << i;
	}
	return value;
}

/* A few constants, told apart by a few atoms, as the errors of a function are. */
static unsigned constants(struct dom *d, word_id w, word_id alt[WORD_CHOICES],
			  bit_id guard[WORD_CHOICES])
{
	const struct word *x = word_get(d, w);
	atom_id atoms[CONSTANT_ATOMS + BIT_ATOMS];
	unsigned n, k = 0;

	if (x->kind != W_BITS || x->has_top)
		return 0;
	n = support(d, x, atoms);
	for (unsigned v = 0; n <= CONSTANT_ATOMS && v < 1u << n; v++) {
		bit_id when;
		word_id c = word_const(d, value_at(d, x, atoms, n, v, &when), word_width(d, w));
		unsigned at = 0;

		while (at < k && alt[at].i != c.i)
			at++;
		if (at == WORD_CHOICES - 1)
			return 0;
		alt[at] = c;
		guard[at] = at < k ? bit_or(d, guard[at], when) : when;
		k += at == k;
	}
	return k;
}

unsigned word_choices_with(struct dom *d, word_id w, word_id with, word_id alt[WORD_CHOICES],
			   bit_id guard[WORD_CHOICES])
{
	const struct word *other = word_get(d, with);
	unsigned n = word_choices(d, w, alt, guard);

	return n || (other->kind != W_SYM && other->kind != W_CHOICE) ? n :
	       constants(d, w, alt, guard);
}

/* s + delta bit by bit: exact up to the carry's growth, then the sum's own symbol. */
static void symoff_bits(struct dom *d, const struct word *x, bit_id *out)
{
	bit_id carry = BIT_0, a, b;
	sym_id sum = SYM_NONE;

	for (unsigned i = 0; i < x->width; i++) {
		a = bit_literal(atom_make(x->sym, i), true);
		b = bit_const(x->value >> i & 1);
		out[i] = bit_xor(d, bit_xor(d, a, b), carry);
		carry = b.i ? PLANT(30, bit_or, bit_and)(d, a, carry) : bit_and(d, a, carry);
		if (!bit_is_top(out[i]))
			continue;
		if (!sum.i)
			sum = sym_derived(d, x->width, IR_ADD, word_sym(d, x->sym),
					  word_const(d, x->value, x->width));
		if (sum.i)
			out[i] = bit_literal(atom_make(sum, i), true);
	}
}

static void choice_bits(struct dom *d, const struct word *x, bit_id *out)
{
	const bit_id *alt[WORD_CHOICES];

	for (unsigned k = 0; k < x->n; k++)
		alt[k] = word_bits(d, x->alt[k]);
	for (unsigned i = 0; i < x->width; i++) {
		out[i] = alt[x->n - 1][i];
		for (unsigned k = x->n - 1; k-- > 0;)
			out[i] = bit_ite(d, x->guard[k], alt[PLANT(29, k, 0)][i], out[i]);
	}
}

const bit_id *word_bits(struct dom *d, word_id w)
{
	struct word *x = d->words.v[w.i];
	bit_id out[64];

	if (x->bits)
		return x->bits;
	switch ((enum word_kind)x->kind) {
	case W_CONST:
		for (unsigned i = 0; i < x->width; i++)
			out[i] = bit_const(x->value >> i & 1);
		break;
	case W_SYM:
		symoff_bits(d, x, out);
		break;
	case W_CHOICE:
		choice_bits(d, x, out);
		break;
	case W_BITS:
		break;
	}
	x->bits = arena_memdup(&d->arena, out, x->width * sizeof(*out));
	return x->bits;
}

bit_id word_bit(struct dom *d, word_id w, unsigned i)
{
	const struct word *x = word_get(d, w);

	assert(i < x->width);
	if (x->kind == W_CONST)
		return bit_const(x->value >> i & 1);
	if (x->kind == W_SYM && !x->value)
		return bit_literal(atom_make(x->sym, i), true);
	return word_bits(d, w)[i];
}

/* ------------------------------------------------------------------ symbols */

typedef Array(sym_id) sym_array;

static int sym_order(const void *a, const void *b)
{
	const sym_id *x = a, *y = b;

	return (x->i > y->i) - (x->i < y->i);
}

static void syms_unique(sym_array *s)
{
	uint32_t k = 0;

	if (!s->n)
		return;
	qsort(s->v, s->n, sizeof(*s->v), sym_order);
	for (uint32_t i = 0; i < s->n; i++)
		if (!k || s->v[k - 1].i != s->v[i].i)
			s->v[k++] = s->v[i];
	s->n = k;
}

static void syms_of_bit(const struct dom *d, bit_id b, sym_array *out)
{
	atom_id a[BIT_ATOMS];
	unsigned n = bit_support(d, b, a);

	for (unsigned i = 0; i < n; i++)
		if (!out->n || array_last(out).i != atom_sym(a[i]).i)
			array_push(out, atom_sym(a[i]));
}

static void syms_of_word(const struct dom *d, const struct word *x, const bit_id *bits,
			 sym_array *out)
{
	switch ((enum word_kind)x->kind) {
	case W_CONST:
		break;
	case W_SYM:
		array_push(out, x->sym);
		break;
	case W_BITS:
		for (unsigned i = 0; i < x->width; i++)
			syms_of_bit(d, bits[i], out);
		break;
	case W_CHOICE:
		for (unsigned k = 0; k < x->n; k++) {
			syms_of_bit(d, x->guard[k], out);
			syms_of_word(d, word_get(d, x->alt[k]), NULL, out);
		}
		/* The sums' own symbols, which stand in the bits of symbol + delta. */
		for (unsigned i = 0; i < x->width; i++)
			syms_of_bit(d, bits[i], out);
		break;
	}
}

static void bases_of(struct dom *d, sym_id s, sym_array *out)
{
	const struct sym *y = sym_get(d, s);
	const word_id operand[2] = { y->a, y->b };

	if (!y->derived) {
		array_push(out, s);
		return;
	}
	for (unsigned k = 0; k < 2; k++) {
		const struct word *w = word_symbols(d, operand[k]);

		for (uint32_t i = 0; i < w->nbases; i++)
			array_push(out, w->bases[i]);
	}
}

const struct word *word_symbols(struct dom *d, word_id w)
{
	struct word *x = d->words.v[w.i];
	sym_array all = { 0 };

	if (x->bases_known)
		return x;
	syms_of_word(d, x, x->kind == W_CHOICE ? word_bits(d, w) : x->bits, &all);
	syms_unique(&all);
	x->syms = arena_memdup(&d->arena, all.v, all.n * sizeof(*all.v));
	x->nsyms = all.n;
	array_clear(&all);
	for (uint32_t i = 0; i < x->nsyms; i++)
		bases_of(d, x->syms[i], &all);
	syms_unique(&all);
	x->bases = arena_memdup(&d->arena, all.v, all.n * sizeof(*all.v));
	x->nbases = all.n;
	x->bases_known = true;
	array_release(&all);
	return x;
}

const sym_id *word_mentions(struct dom *d, word_id w, uint32_t *n)
{
	const struct word *x = word_symbols(d, w);

	*n = x->nsyms;
	return x->syms;
}

const sym_id *word_bases(struct dom *d, word_id w, uint32_t *n)
{
	const struct word *x = word_symbols(d, w);

	*n = x->nbases;
	return x->bases;
}
