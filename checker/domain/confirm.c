/* SPDX-License-Identifier: MIT */
#include "domain/confirm_parts.h"

#define UNDEFINED ((uint64_t)1 << 32)	/* beside a symbol: its definition has no value */
#define OBJECTS ((uint64_t)1 << 40)	/* where objects lie */
#define OBJECT_SIZE ((uint64_t)1 << 24)

static bool atom_value(void *arg, atom_id a);

/* A number for a symbol that nothing was said about. */
static uint64_t first_number(const struct dom *d, sym_id s)
{
	const struct sym *y = sym_get(d, s);
	struct iv all = sym_range(d, s);
	uint64_t far = OBJECTS + s.i * OBJECT_SIZE;

	if (y->address && far >= all.lo && far <= all.hi)
		return far;
	return y->nonzero ? all.lo : 0;
}

uint64_t *numbers_base(struct numbers *m, sym_id s)
{
	uint64_t *v = map_get(&m->base, s.i);

	if (v)
		return v;
	v = map_put(&m->base, s.i);
	*v = first_number(m->d, s);
	return v;
}

uint64_t numbers_word(struct numbers *m, word_id w)
{
	const struct word *x = word_get(m->d, w);
	bool exact = true;
	uint64_t v;

	if (x->kind == W_CONST)
		return x->value;
	if (x->kind == W_SYM) {
		v = numbers_value(m, x->sym);
		x = word_get(m->d, w);
		return (v + x->value) & width_mask(x->width);
	}
	v = word_eval(m->d, w, atom_value, m, &exact);
	m->undefined |= !exact;
	return v;
}

static uint64_t defined_value(struct numbers *m, sym_id s)
{
	const struct sym y = *sym_get(m->d, s);
	uint64_t a = numbers_word(m, y.a), b = y.b.i ? numbers_word(m, y.b) : 0, v;
	bool ok;

	v = eval_op((enum ir_op)y.op, a, b, word_width(m->d, y.a), &ok);
	m->undefined |= !ok;
	return v & width_mask(y.width);
}

uint64_t numbers_value(struct numbers *m, sym_id s)
{
	bool before = m->undefined;
	uint64_t *known, v;

	if (!sym_get(m->d, s)->derived)
		return *numbers_base(m, s);
	known = map_get(&m->known, s.i);
	if (known) {
		m->undefined |= map_get(&m->known, s.i | UNDEFINED) != NULL;
		return *known;
	}
	m->undefined = false;
	m->effort++;
	m->d->confirmed++;
	v = defined_value(m, s);
	*map_put(&m->known, s.i) = v;
	if (m->undefined)
		map_put(&m->known, s.i | UNDEFINED);
	m->undefined |= before;
	return v;
}

static bool atom_value(void *arg, atom_id a)
{
	return numbers_value(arg, atom_sym(a)) >> atom_bit(a) & 1;
}

void numbers_forget(struct numbers *m)
{
	map_clear(&m->known);
	m->undefined = false;
}

bool numbers_bit(struct numbers *m, bit_id b)
{
	bool v;

	m->effort++;
	m->undefined = false;
	v = !bit_is_top(b) && bit_eval(m->d, b, atom_value, m);
	return v && !m->undefined;
}

uint64_t numbers_effort(const struct dom *d)
{
	return d->confirmed;
}

struct numbers *numbers_new(struct dom *d, const struct numbers *near)
{
	struct numbers *m = xcalloc(1, sizeof(*m));

	m->d = d;
	for (uint32_t i = 0; near && i < near->base.entries.n; i++)
		*map_put(&m->base, near->base.entries.v[i].key) = near->base.entries.v[i].value;
	return m;
}

bool numbers_hold(struct numbers *m, const bit_id *bits, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (!numbers_bit(m, bits[i]))
			return false;
	return true;
}

void numbers_free(struct numbers *m)
{
	if (!m)
		return;
	map_release(&m->base);
	map_release(&m->known);
	free(m);
}
