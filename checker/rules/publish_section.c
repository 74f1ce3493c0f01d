/* SPDX-License-Identifier: MIT */
/*
 * Template publish-then-read: an entry is set up in the section in which the
 * setting was read.
 *
 * In install, and in what it calls, the state has a mark for a setting that was
 * read (READ), with the place where inner was taken that is held then. What is
 * stored in an entry while inner was taken at another place is stale, if it is made of
 * what was read, or only stored where that has some value. A store that depends on
 * the setting in the section where it was read has used it up (the mark is not sure any
 * more): what follows adds to an entry that a change of the setting finds. Another read
 * begins anew.
 *
 * A section is told by the place where it begins, so two rounds of a loop are one.
 */
#include "rules/publish.h"

bool publish_is_entry(const struct judge *j, const struct docket *d, sym_id root)
{
	return d->bound.entry != IR_NONE && root.i &&
	       symbol_info(&j->e.syms, root)->rec == d->bound.entry;
}

/* Install, and what it calls. */
static void add_installer(struct judge *j, uint64_t *bits, ir_fn fn)
{
	const struct ir_func *f = &j->e.unit->funcs.v[fn];

	if (fn >= j->nfuncs || bits[fn / 64] >> (fn % 64) & 1)
		return;
	bits[fn / 64] |= (uint64_t)1 << (fn % 64);
	for (uint32_t b = 0; b < f->blocks.n; b++)
		for (uint32_t i = 0; i < f->blocks.v[b].insns.n; i++)
			if (f->blocks.v[b].insns.v[i].op == IR_CALL &&
			    f->blocks.v[b].insns.v[i].imm != IR_NONE)
				add_installer(j, bits, f->blocks.v[b].insns.v[i].imm);
}

static bool installs(struct judge *j, struct docket *d, ir_fn fn)
{
	const struct rule_locking *l = &d->bound.rule->locking;

	if (d->bound.entry == IR_NONE || !l->inner.field || fn >= j->nfuncs)
		return false;
	if (!d->installers) {
		d->installers = arena_new_array(&j->report->arena, uint64_t, j->nfuncs / 64 + 1);
		for (ir_fn k = 0; k < j->nfuncs; k++)
			if (publish_lists(j, l->install, l->ninstall, k))
				add_installer(j, d->installers, k);
	}
	return d->installers[fn / 64] >> (fn % 64) & 1;
}

/* Where inner was taken that is held; 0: it is not, or by a caller. */
static ir_loc section(const struct judge *j, const struct docket *d, const struct state *s)
{
	const struct bound_field *inner = &d->bound.inner;

	for (uint32_t i = 0; i < s->held.n; i++) {
		const struct lock *l = &s->held.v[i];
		int64_t off;
		ir_rec rec;

		shared_place(j, l->ref, &rec, &off);
		if (rec == inner->rec && off >= (int64_t)inner->off &&
		    off < (int64_t)(inner->off + inner->width) && !l->assumed && !l->doubtful)
			return l->loc;
	}
	return 0;
}

void publish_section_read(struct judge *j, struct docket *d, struct fun *f, struct state *s,
			  const struct ir_insn *i)
{
	const struct bound_field *flag = &d->bound.flag;
	struct mark m = { .key = docket_mark(d, READ), .join = MARK_SEEN, .sure = true,
			  .fn = f->id, .loc = i->loc, .then_fn = f->id };

	if (i->rec != flag->rec || i->recoff >= flag->off + flag->width ||
	    i->recoff + i->width <= flag->off || !installs(j, d, f->id) ||
	    !lock_at_word(f, value_of(f, i->a), i->off, &m.ref) ||
	    mem_is_private(f, s, m.ref.root))
		return;
	m.then_loc = section(j, d, s);
	mark_set(s, &m);
}

/* The content of a setting, as a pred() of symbols. */
struct content { const struct judge *j; struct lock_ref at; uint32_t width; };

static bool is_content(void *arg, sym_id id)
{
	const struct content *x = arg;
	const struct symbol *k = symbol_info(&x->j->e.syms, id);
	bool entry = k->kind == SYM_K_CELL || k->kind == SYM_K_INIT;
	sym_id of = entry ? k->base : k->read_of;
	int64_t off = entry ? (int64_t)k->a : k->read_off;

	return of.i && of.i == x->at.root.i && off < x->at.off + (int64_t)x->width &&
	       x->at.off < off + (int64_t)k->width;
}

static bool mentions(struct dom *d, bit_id b, struct content *x)
{
	return b.i != BIT_TOP.i && bit_forget(d, b, is_content, x).i == BIT_TOP.i;
}

/* The condition is that the setting has some value: each clause that speaks of it alone does. */
static bool decides(struct dom *d, const struct cond *pc, struct content *x)
{
	atom_id atoms[BIT_ATOMS];

	for (uint32_t i = 0; i < pc->n; i++) {
		unsigned n = bit_support(d, pc->c[i].bit, atoms);

		for (unsigned k = 0; k < n; k++) {
			bit_id b = bit_atom(d, atoms[k]);

			if (mentions(d, b, x) && (cond_entails(d, pc, b) ||
						  cond_entails(d, pc, bit_not(d, b))))
				return true;
		}
	}
	return false;
}

/*
 * A bit of the entry becomes another one than before, by what the setting is. old: what was there;
 * WORD_NONE: that is not known, and has nothing of a setting that is not used yet.
 */
static bool is_made_of(struct dom *d, word_id val, word_id old, struct content *x)
{
	unsigned width = word_is_none(val) ? 0 : word_width(d, val);
	bool known = !word_is_none(old) && word_width(d, old) == width;

	for (unsigned i = 0; i < width; i++) {
		bit_id b = word_bit(d, val, i);

		if (!(known && bit_same(b, word_bit(d, old, i))) && mentions(d, b, x))
			return true;
	}
	return false;
}

/* What is stored in an entry, by what was read, is too late. */
static void use(const struct judge *j, const struct docket *d, struct fun *f, struct state *s,
		const struct mark *m, ir_loc loc)
{
	ir_loc now = section(j, d, s);
	struct mark used = *m;
	struct mark stale = { .key = docket_mark(d, STALE), .ref = publish_apart(m->ref, loc),
			      .join = MARK_SEEN, .sure = !s->pc->imprecise, .fn = f->id,
			      .loc = loc, .then_fn = m->fn, .then_loc = m->loc };

	used.sure = false;
	mark_set(s, &used);
	if (m->sure && now && m->then_loc && now != m->then_loc)
		mark_set(s, &stale);
}

/* Something is stored in an entry. */
static void stored(struct judge *j, struct docket *d, struct fun *f, struct state *s,
		   word_id val, word_id old, ir_loc loc)
{
	for (uint32_t i = 0; i < s->marks.n; i++) {
		const struct mark m = s->marks.v[i];
		struct content x = { j, m.ref, d->bound.flag.width };

		if (m.key == docket_mark(d, READ) && m.ref.root.i &&
		    (decides(j->e.dom, s->pc, &x) || is_made_of(j->e.dom, val, old, &x)))
			use(j, d, f, s, &m, loc);
	}
}

void publish_section_store(struct judge *j, struct docket *d, struct fun *f, struct state *s,
			   const struct store_event *e)
{
	if (installs(j, d, f->id) && !e->unseen &&
	    (publish_is_entry(j, d, e->root) || e->class.rec == d->bound.entry))
		stored(j, d, f, s, e->val, e->old, e->loc);
}

/* A callee that has taken and given inner itself is judged there. */
void publish_section_written(struct judge *j, struct docket *d, struct fun *f, struct state *s,
			     sym_id root, word_id val, ir_loc loc)
{
	if (publish_is_entry(j, d, root) && installs(j, d, f->id) && section(j, d, s))
		stored(j, d, f, s, val, WORD_NONE, loc);
}

/* The function stores to an entry that it is given. */
static bool writes_entry(struct judge *j, const struct docket *d, struct fun *f, ir_fn fn)
{
	const struct summary *sum = engine_summary(&j->e, fn);

	f->body = &j->e.unit->funcs.v[f->id];
	for (uint32_t i = 0; i < sum->ncases; i++)
		for (uint32_t k = 0; k < sum->cases[i].exit.cells.n; k++) {
			const struct cell *c = &sum->cases[i].exit.cells.v[k];

			if (c->written && publish_is_entry(j, d, c->root))
				return true;
		}
	return false;
}

/* What it decides by its arguments is decided by what was read. */
void publish_section_call(struct judge *j, struct docket *d, struct fun *f, struct state *s,
			  ir_fn callee, const word_id *args, unsigned nargs, ir_loc loc)
{
	if (!s->marks.n || !installs(j, d, f->id) || !installs(j, d, callee))
		return;
	for (uint32_t i = 0; i < s->marks.n; i++) {
		const struct mark m = s->marks.v[i];
		struct content x = { j, m.ref, d->bound.flag.width };
		bool given = false;

		for (unsigned k = 0; m.key == docket_mark(d, READ) && m.ref.root.i && k < nargs; k++)
			given |= is_made_of(j->e.dom, args[k], WORD_NONE, &x);
		if (given && writes_entry(j, d, f, callee))
			use(j, d, f, s, &m, loc);
	}
}

/* What was read under a lock of the callers', as far as one of them still installs. */
void publish_section_mark(struct judge *j, struct docket *d, struct fun *f, struct state *s,
			  const struct mark *m)
{
	struct mark copy = *m;

	if (!m->ref.root.i || !installs(j, d, f->id) || mem_is_private(f, s, m->ref.root))
		return;
	if (!copy.then_loc)
		copy.then_loc = section(j, d, s);
	mark_set(s, &copy);
}
