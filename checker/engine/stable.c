/* SPDX-License-Identifier: MIT */
/*
 * Stability of facts: what is known of a field that other threads may change
 * lasts while its lock is held, or where it can change in one direction only.
 */
#include "engine/cells.h"
#include "ir/span.h"

/* The lock of the object that the cell is a part of. */
static struct lock_ref lock_of_cell(const struct field_policy *p, sym_id root, int64_t off,
				    struct class class)
{
	return (struct lock_ref){ root, off - (int64_t)class.off + (int64_t)p->lock_off };
}

/* A value that another thread may have stored. */
static word_id others_value(struct fun *f, uint64_t site, sym_id root, int64_t off, uint32_t width,
			    ir_loc loc)
{
	sym_id id = site_symbol(f, site, site_slot(root, off, 2), (uint8_t)width, ORIGIN_INTERFERE,
				IR_NONE, loc);

	f->e->syms.v.v[id.i].read_of = root;
	f->e->syms.v.v[id.i].read_off = off;
	return word_sym(f->e->dom, id);
}

/* The field has come at least as far as it was. */
static void keep_bound(struct fun *f, struct state *s, const struct field_policy *p, word_id old,
		       word_id now)
{
	struct dom *d = f->e->dom;
	bit_id was = word_nonzero(d, old), is = word_nonzero(d, now);

	if (!p->stable) {
		was = bit_not(d, was);
		is = bit_not(d, is);
	}
	s->pc = cond_and(d, s->pc, bit_or(d, bit_not(d, was), is), 0);
}

static bool is_final_value(struct fun *f, const struct field_policy *p, word_id w)
{
	return bit_same(word_nonzero(f->e->dom, w), p->stable ? BIT_1 : BIT_0);
}

static bit_id same_truth(struct dom *d, word_id a, word_id b)
{
	if (word_width(d, a) == 1)
		return bit_not(d, bit_xor(d, word_bit(d, a, 0), word_bit(d, b, 0)));
	return bit_not(d, bit_xor(d, word_nonzero(d, a), word_nonzero(d, b)));
}

/*
 * A number that is the old one where the lock is held; NONE where that cannot be said. Of a
 * flag it is enough to know when the two are the same; of a number anything may be asked.
 */
static word_id old_or_new(struct dom *d, bit_id held, word_id old, word_id now)
{
	word_id alt[2] = { old, now };
	bit_id guard[2] = { held, bit_not(d, held) };

	return word_width(d, old) > 8 ? word_choice(d, alt, guard, 2) : WORD_NONE;
}

/*
 * A field that others may change. What is known of it lasts while its lock is
 * held; where only the callers can hold that, the field has its old value if
 * they do. Of a monotone field the old value is a lower bound in any case.
 */
word_id mem_load_changing(struct fun *f, struct state *s, sym_id root, int64_t off,
			     uint32_t width, struct class class, const struct access *a)
{
	const struct field_policy *p = engine_policy(f->e, class);
	struct dom *d = f->e->dom;
	bit_id held = p->has_lock ? locking_held(f, s, lock_of_cell(p, root, off, class)) : BIT_0;
	bool mono = p->kind == POLICY_MONO;
	word_id old = cells_load(f, s, root, off, width, class, a), now = old, both;

	if (!bit_same(held, BIT_1) && !(mono && is_final_value(f, p, old)))
		now = others_value(f, a ? a->site : 0, root, off, width, a ? a->loc : 0);
	both = mono || word_same(now, old) ? WORD_NONE : old_or_new(d, held, old, now);
	if (!word_is_none(both)) {
		now = both;
	} else if (!word_same(now, old)) {
		s->pc = cond_and(d, s->pc, bit_or(d, bit_not(d, held), same_truth(d, old, now)), 0);
		if (mono)
			keep_bound(f, s, p, old, now);
	}
	/* What is not stable is not remembered; the entry's content, or what was stored, is. */
	if (mono || word_same(now, old))
		cell_set(f, s, (struct cell){ root, off, width, now, class, CELL_WORD,
					      mem_mono_of(f, class),
					      cells_written(s, root, off, off + width),
					      cells_own(s, root, off, width), WORD_NONE });
	return now;
}

/*
 * The bits from base on, seen from root, can be a record of that type: root
 * points to one, to a member of one that has that type, or to what is not known.
 */
static bool can_be_record(const struct fun *f, sym_id root, int64_t base, ir_rec rec)
{
	ir_rec of = symbol_info(&f->e->syms, root)->rec;

	return of == IR_NONE || base > 0 || ir_record_at(f->e->unit, of, rec, -base);
}

/* The monotone field at the object has any value from its bound on. */
static void renew_mono(struct fun *f, struct state *s, const struct field_policy *p, sym_id root,
		       int64_t base, uint64_t site)
{
	struct class class = { p->rec, p->off, (uint32_t)p->width };
	int64_t off = base + (int64_t)p->off;
	struct access a = { .site = site, .width = (uint32_t)p->width, .rec = IR_NONE,
			    .pointee = IR_NONE };
	word_id old, now;

	if (p->width > 64)
		return;
	old = cells_load(f, s, root, off, (uint32_t)p->width, class, &a);
	if (is_final_value(f, p, old))
		return;
	now = others_value(f, site, root, off, (uint32_t)p->width, 0);
	keep_bound(f, s, p, old, now);
	cell_set(f, s, (struct cell){ root, off, p->width, now, class, CELL_WORD,
				      mem_mono_of(f, class),
				      cells_written(s, root, off, off + (int64_t)p->width),
				      WORD_NONE, WORD_NONE });
}

/* The cells of the field lose what was known of them. */
static void forget_field(struct fun *f, struct state *s, const struct field_policy *p,
			 struct lock_ref ref)
{
	struct class class = { p->rec, p->off, (uint32_t)p->width };
	uint32_t kept = 0;

	for (uint32_t i = 0; i < s->cells.n; i++) {
		struct cell c = s->cells.v[i];

		if (engine_policy(f->e, c.class) == p && !mem_is_private(f, s, c.root) &&
		    (!ref.root.i || (ref.root.i == c.root.i &&
				     lock_of_cell(p, c.root, c.off, c.class).off == ref.off))) {
			if (!c.written)
				continue;
			cell_lose_to_others(f, s, &c);
		}
		s->cells.v[kept++] = c;
	}
	s->cells.n = kept;
	state_clobber_class(s, class);
}

void mem_forget_guarded(struct fun *f, struct state *s, struct lock_ref ref, uint64_t site)
{
	for (uint32_t i = 0; i < f->e->policies.n; i++) {
		const struct field_policy *p = &f->e->policies.v[i];

		if (!p->has_lock || p->kind == POLICY_INIT ||
		    (ref.root.i && mem_is_private(f, s, ref.root)))
			continue;
		if (p->kind == POLICY_GUARD)
			forget_field(f, s, p, ref);
		else if (ref.root.i && can_be_record(f, ref.root, ref.off - (int64_t)p->lock_off, p->rec))
			renew_mono(f, s, p, ref.root, ref.off - (int64_t)p->lock_off, site);
	}
}
