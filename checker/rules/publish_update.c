/* SPDX-License-Identifier: MIT */
/*
 * Template publish-then-read: who changes the setting misses no member.
 *
 * In the section of the list's lock in which the setting is CHANGED the list is WALKED by
 * a function that calls apply, near or far. A call of apply splits the state by its result.
 * One that FAILED is known until the section ends, of the lists whose lock is held and of
 * no list for those whose lock a caller holds: then the setting is not changed, and
 * what other members got is taken back. A call of apply that comes later does that, or
 * one that is to come in a loop that may go round not once (TRIED).
 *
 * In apply itself an entry that is stored to, or a branch on the setting, is noted (DECIDED).
 * Success without that has passed over the member (SKIPPED), which is missed where the
 * setting is changed only afterwards.
 *
 * Where a branch on a value that was lost stands between apply and what follows, a failure
 * may have been seen: nothing is said then but that it is not known.
 */
#include "rules/publish.h"

bool publish_is_apply(const struct judge *j, const struct docket *d, ir_fn fn)
{
	const struct rule_locking *l = &d->bound.rule->locking;

	return publish_lists(j, l->apply, l->napply, fn);
}

struct users { struct judge *j; const struct docket *d; };

static bool calls_apply(void *arg, const struct ir_func *f)
{
	const struct users *x = arg;

	for (uint32_t b = 0; b < f->blocks.n; b++)
		for (uint32_t i = 0; i < f->blocks.v[b].insns.n; i++) {
			const struct ir_insn *n = &f->blocks.v[b].insns.v[i];

			if (n->op == IR_CALL && n->imm != IR_NONE && publish_is_apply(x->j, x->d, n->imm))
				return true;
		}
	return false;
}

/* It calls apply, near or far. */
bool publish_applies(struct judge *j, struct docket *d, ir_fn fn)
{
	struct users x = { j, d };

	if (!d->appliers)
		d->appliers = relevant_users(j, calls_apply, &x);
	return fn < j->nfuncs && d->appliers[fn / 64] >> (fn % 64) & 1;
}

static void doubt(const struct publish_point *p, enum publish_doubt why, ir_loc loc)
{
	if (p->f->emitting && docket_covers(p->j, p->d, p->f->id))
		publish_doubt(p->d, why, p->f->id, loc);
}

/* Where the lock of the list was taken that is held; 0: it is not, or by a caller. */
static ir_loc section(const struct publish_point *p, struct lock_ref head)
{
	const struct bound_rule *b = &p->d->bound;
	struct lock_ref ref = { head.root, head.off - (int64_t)b->list.off + (int64_t)b->lock.off };
	const struct lock *l = lockset_find(p->s, ref);

	return l && !l->doubtful && !l->assumed ? l->loc : 0;
}

/* The list whose lock that is. */
bool publish_list_of_lock(const struct publish_point *p, struct lock_ref ref,
			  struct lock_ref *head)
{
	const struct bound_rule *b = &p->d->bound;
	int64_t base;

	if (!ref.root.i || !publish_object(p->j, p->d, ref.root, &base) ||
	    ref.off != base + (int64_t)b->lock.off)
		return false;
	*head = (struct lock_ref){ ref.root, base + (int64_t)b->list.off };
	return true;
}

/* -------------------------------------------------------------------- the walk */

/* All members get what the setting is changed to there. */
static void is_right(const struct publish_point *p, ir_loc loc)
{
	if (p->f->emitting)
		*map_put(&p->d->walked, loc) = 1;
}

static void walk(const struct publish_point *p, struct lock_ref head, ir_loc where, bool sure,
		 const struct mark *by)
{
	const struct mark *waits = mark_find(p->s, docket_mark(p->d, UNWALKED), head);
	const struct mark *walked = mark_find(p->s, docket_mark(p->d, WALKED), head);
	struct mark m = { .key = docket_mark(p->d, WALKED), .ref = head, .join = MARK_MAY,
			  .sure = sure, .fn = by->fn, .loc = by->loc, .then_loc = where };

	if (waits && waits->then_loc == where) {
		is_right(p, waits->loc);
		if (!sure)
			doubt(p, DOUBT_WALKED, waits->loc);
		mark_clear(p->s, docket_mark(p->d, UNWALKED), head);
	}
	if (walked && walked->then_loc == where && walked->sure) {
		if (!sure)
			return;
		mark_set(p->s, &m);
		m.key = docket_mark(p->d, AGAIN);
	}
	mark_set(p->s, &m);
}

/* A pointer to a head that only a caller knows the object of. */
static bool is_callers_head(const struct publish_point *p, const struct ir_insn *i,
			    struct lock_ref at)
{
	const struct bound_field *list = &p->d->bound.list;
	const struct ir_unit *u = p->j->e.unit;
	uint64_t off;
	ir_rec inner;

	if (symbol_info(&p->j->e.syms, at.root)->kind != SYM_K_PARAM ||
	    !ir_field_at(u, list->rec, list->off, u->ptr_width, &inner, &off))
		return false;
	return i->rec == inner;
}

/* Who reads the head without calling apply may go through the list by other means. */
void publish_update_read(struct judge *j, struct docket *d, struct fun *f, struct state *s,
			 const struct ir_insn *i)
{
	struct publish_point p = { j, d, f, s };
	struct mark m = { .key = docket_mark(d, WALKED), .join = MARK_MAY, .sure = true,
			  .fn = f->id, .loc = i->loc };
	struct lock_ref head;
	bool back, user;

	if (i->rec == IR_NONE || i->width != j->e.unit->ptr_width)
		return;
	back = publish_has_failed(&p);
	user = publish_applies(j, d, f->id);
	if (!lock_at_word(f, value_of(f, i->a), i->off, &m.ref))
		return;
	if (publish_head_at(j, d, m.ref, &head) && !mem_is_private(f, s, m.ref.root)) {
		if (back)
			publish_take_back(&p);
		walk(&p, head, section(&p, head), user, &m);
	} else if ((user || j->e.unit->funcs.v[f->id].flags & IR_FN_HEADER) &&
		   is_callers_head(&p, i, m.ref)) {
		m.sure = user;
		mark_set(s, &m);
	}
}

/* ------------------------------------------------------------------ the change */

static void fault(const struct publish_point *p, enum publish_mark kind, struct lock_ref head,
		  const struct mark *m, ir_fn fn, ir_loc loc)
{
	struct mark bad = { .key = docket_mark(p->d, kind), .ref = publish_apart(head, m->loc),
			    .join = MARK_SEEN,
			    .sure = !p->s->pc->imprecise, .fn = m->fn, .loc = m->loc,
			    .then_fn = fn, .then_loc = loc };

	if (m->sure)
		mark_set(p->s, &bad);
	else
		doubt(p, kind == MISSED ? DOUBT_MISSED : DOUBT_IGNORED, loc);
}

/* True where the setting is changed back. */
static bool after_failure(const struct publish_point *p, struct lock_ref head, ir_loc where,
			  ir_fn fn, ir_loc loc)
{
	const struct mark *failed = publish_failed_find(p, head);
	struct mark m;

	if (!failed && !where)
		failed = publish_failed_find(p, publish_no_list);
	if (!failed)
		return false;
	m = *failed;
	publish_failed_clear(p, head);
	publish_failed_clear(p, publish_no_list);
	if (!m.then_loc) {
		fault(p, IGNORED, head, &m, fn, loc);
		return false;
	}
	m.then_loc = 0;
	mark_set(p->s, &m);
	is_right(p, loc);
	mark_clear(p->s, docket_mark(p->d, CHANGED), head);
	mark_clear(p->s, docket_mark(p->d, UNWALKED), head);
	return true;
}

/* The setting is changed, after a failure or not. False: it is changed back. */
static bool change(const struct publish_point *p, struct lock_ref head, ir_loc where, ir_fn fn,
		   ir_loc loc)
{
	const struct mark *skipped = mark_find(p->s, docket_mark(p->d, SKIPPED), publish_no_list);
	struct mark m = { .key = docket_mark(p->d, CHANGED), .ref = head, .join = MARK_MAY,
			  .sure = true, .fn = fn, .loc = loc, .then_loc = where };

	if (after_failure(p, head, where, fn, loc))
		return false;
	if (skipped && !mark_find(p->s, m.key, head)) {
		struct mark copy = *skipped;

		fault(p, MISSED, head, &copy, fn, loc);
	}
	mark_set(p->s, &m);
	return true;
}

/* The list is known to have no member: its head points to itself. */
static bool is_empty(const struct publish_point *p, struct lock_ref head)
{
	struct dom *d = p->j->e.dom;
	struct access a = { .rec = p->d->bound.list.rec, .recoff = p->d->bound.list.off,
			    .width = p->j->e.unit->ptr_width, .pointee = IR_NONE };
	word_id first = mem_load_root(p->f, p->s, head.root, head.off, a.width, &a);

	return cond_entails(d, p->s->pc, word_cmp(d, IR_EQ, first,
						  word_symoff(d, head.root, head.off / 8)));
}

static void look_for_walk(const struct publish_point *p, struct lock_ref head, ir_loc where,
			  ir_fn fn, ir_loc loc)
{
	const struct mark *walked = mark_find(p->s, docket_mark(p->d, WALKED), head);
	struct mark m = { .key = docket_mark(p->d, UNWALKED), .ref = head, .join = MARK_MAY,
			  .sure = true, .fn = fn, .loc = loc, .then_loc = where };

	if ((!walked || walked->then_loc != where || !walked->sure) && is_empty(p, head)) {
		is_right(p, loc);
		return;
	}
	if (!walked || walked->then_loc != where) {
		if (p->f->emitting)
			map_put(&p->d->walked, loc);
		mark_set(p->s, &m);
		return;
	}
	if (!walked->sure)
		doubt(p, DOUBT_WALKED, loc);
	is_right(p, loc);
}

/* The place is the setting of an object, whose list is *head. */
static bool flag_at(const struct publish_point *p, struct lock_ref at, uint32_t width,
		    struct lock_ref *head)
{
	const struct bound_rule *b = &p->d->bound;
	int64_t base;

	if (b->flag.rec != b->list.rec || !at.root.i ||
	    !publish_object(p->j, p->d, at.root, &base) || mem_is_private(p->f, p->s, at.root))
		return false;
	*head = (struct lock_ref){ at.root, base + (int64_t)b->list.off };
	base += (int64_t)b->flag.off;
	return at.off < base + (int64_t)b->flag.width && base < at.off + (int64_t)width;
}

static void flag_stored(const struct publish_point *p, struct lock_ref head, ir_fn fn, ir_loc loc)
{
	ir_loc where = section(p, head);

	if (p->f->emitting)
		*map_put(&p->d->sinks, loc) = 1;
	if (change(p, head, where, fn, loc))
		look_for_walk(p, head, where, fn, loc);
}

/* ---------------------------------------------------------------------- events */

/* What is branched on where the block ends. */
bit_id publish_branch_bit(const struct publish_point *p)
{
	const struct ir_term *t = &p->f->body->blocks.v[p->f->block].term;
	word_id w = value_of(p->f, t->cond);

	return word_is_none(w) ? BIT_TOP : word_width(p->j->e.dom, w) == 1 ?
	       word_bit(p->j->e.dom, w, 0) : word_nonzero(p->j->e.dom, w);
}

void publish_update_branch(struct judge *j, struct fun *f, struct state *s,
			   const struct cond *before)
{
	for (uint32_t i = 0; i < j->ndockets; i++) {
		struct publish_point p = { j, &j->dockets[i], f, s };

		if (!publish_is_active(p.d) || !p.d->bound.rule->locking.napply)
			continue;
		if (publish_in_apply(&p))
			publish_apply_branch(&p);
		if (s->marks.n && publish_has_failed(&p))
			publish_fail_branch(&p, before);
	}
}

static void forget(const struct publish_point *p, struct lock_ref head)
{
	static const uint8_t over[] = { CHANGED, WALKED, AGAIN, FAILED, TRIED };

	for (unsigned i = 0; i < sizeof(over); i++)
		mark_clear(p->s, docket_mark(p->d, over[i]), head);
}

/* What is given the lock of a list that is not held takes it: what was done before is over. */
static void begin_section(const struct publish_point *p, word_id arg)
{
	word_id alt[WORD_CHOICES];
	bit_id guard[WORD_CHOICES];
	struct lock_ref ref, head;
	unsigned n = p->s->marks.n && !word_is_none(arg) ?
		     word_choices(p->f->e->dom, arg, alt, guard) : 0;

	for (unsigned i = 0; i < n; i++)
		if (lock_of_word(p->f, alt[i], &ref) && publish_list_of_lock(p, ref, &head) &&
		    !lockset_find(p->s, ref))
			forget(p, head);
}

void publish_update_call(struct judge *j, struct docket *d, struct fun *f, struct state *s,
			 ir_fn callee, const word_id *args, unsigned nargs)
{
	struct publish_point p = { j, d, f, s };

	if (s->marks.n && publish_has_failed(&p) &&
	    (publish_is_apply(j, d, callee) || publish_applies(j, d, callee)))
		publish_take_back(&p);
	for (unsigned i = 0; i < nargs; i++)
		begin_section(&p, args[i]);
	if (publish_in_apply(&p) && callee != f->id)
		publish_apply_call(&p, args, nargs);
}

/* Code that is not known gets an object: it may go through its list. */
static void hidden(const struct publish_point *p, const struct store_event *e)
{
	const struct mark by = { .fn = p->f->id, .loc = e->loc };
	struct lock_ref head;
	int64_t base;

	if (publish_in_apply(p) && publish_is_entry(p->j, p->d, e->root))
		publish_decide(p, false);
	if (!e->root.i || !publish_object(p->j, p->d, e->root, &base) ||
	    mem_is_private(p->f, p->s, e->root))
		return;
	head = (struct lock_ref){ e->root, base + (int64_t)p->d->bound.list.off };
	publish_take_back(p);
	if (!mark_find(p->s, docket_mark(p->d, WALKED), head))
		walk(p, head, section(p, head), false, &by);
}

/* What is stored there is what was there. */
static bool changes_nothing(const struct publish_point *p, const struct store_event *e)
{
	struct dom *d = p->j->e.dom;

	return !word_is_none(e->old) && !word_is_none(e->val) &&
	       word_width(d, e->old) == word_width(d, e->val) &&
	       cond_entails(d, p->s->pc, word_cmp(d, IR_EQ, e->old, e->val));
}

void publish_update_store(struct judge *j, struct docket *d, struct fun *f, struct state *s,
			  const struct store_event *e)
{
	struct publish_point p = { j, d, f, s };
	struct lock_ref head;

	if (e->unseen) {
		hidden(&p, e);
		return;
	}
	if (publish_in_apply(&p) &&
	    (publish_is_entry(j, d, e->root) || e->class.rec == d->bound.entry))
		publish_decide(&p, true);
	if (!e->from_call && !e->is_any && !word_is_none(e->val) &&
	    flag_at(&p, (struct lock_ref){ e->root, e->off }, e->width, &head)) {
		if (changes_nothing(&p, e))
			is_right(&p, e->loc);
		else
			flag_stored(&p, head, f->id, e->loc);
	}
}

/* Where the callee knew the object itself, its marks tell. */
void publish_update_written(struct judge *j, struct docket *d, struct fun *f, struct state *s,
			    const struct cell *from, struct lock_ref at, ir_loc loc)
{
	struct publish_point p = { j, d, f, s };
	struct lock_ref head;
	int64_t base;

	if (publish_in_apply(&p) && publish_is_entry(j, d, at.root))
		publish_decide(&p, true);
	if (!publish_object(j, d, from->root, &base) &&
	    flag_at(&p, at, (uint32_t)from->width, &head))
		flag_stored(&p, head, f->id, loc);
}

static void walked_below(const struct publish_point *p, const struct mark *m)
{
	struct lock_ref head;

	if (publish_head_at(p->j, p->d, m->ref, &head))
		walk(p, head, m->then_loc ? m->then_loc : section(p, head), m->sure, m);
	else if (symbol_info(&p->j->e.syms, m->ref.root)->kind == SYM_K_PARAM)
		mark_set(p->s, m);
}

/* A mark of a list's head. */
static void head_mark(const struct publish_point *p, const struct mark *m)
{
	ir_loc where = m->then_loc ? m->then_loc : section(p, m->ref);

	switch (docket_mark_kind(m)) {
	case CHANGED:
		/* A callee with a section of its own is judged there. */
		if (m->then_loc) {
			publish_failed_clear(p, m->ref);
			mark_set(p->s, m);
		} else {
			change(p, m->ref, where, m->fn, m->loc);
		}
		break;
	case UNWALKED:
		look_for_walk(p, m->ref, where, m->fn, m->loc);
		break;
	case WALKED:
		walked_below(p, m);
		break;
	case AGAIN:
		mark_set(p->s, m);
		break;
	default:
		break;
	}
}

void publish_update_mark(struct judge *j, struct docket *d, struct fun *f, struct state *s,
			 const struct mark *m)
{
	struct publish_point p = { j, d, f, s };

	switch (docket_mark_kind(m)) {
	case FAILED:
	case TRIED:
		publish_fail(&p, m);
		break;
	case SKIPPED:
		/* What is changed before is taken over by the member itself. */
		for (uint32_t i = 0; i < s->marks.n; i++)
			if (s->marks.v[i].key == docket_mark(d, CHANGED))
				return;
		mark_set(s, m);
		break;
	case DECIDED:
		break;
	default:
		if (m->ref.root.i && !mem_is_private(f, s, m->ref.root))
			head_mark(&p, m);
	}
}
