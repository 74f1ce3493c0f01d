/* SPDX-License-Identifier: MIT */
/*
 * Template publish-then-read: a member is in the list before it takes over the
 * setting.
 *
 * The state has a mark for an object whose list got a member (ADDED), and one
 * for an object whose setting took effect for a member that is not in the list
 * (INSTALLED; INSIDE while the lock of the list is held). To be put into the list
 * after that is LATE, but not in the same section of that lock, which who changes
 * the setting has to wait for. A call of install for an object whose list gets no
 * member on the way is none of this list's.
 *
 * A member is added where a pointer to something else is stored in the head of
 * the list, by whatever function. That this is done under the lock is looked up
 * in the accesses of shared.h, of the additions that an install follows. So is
 * that install reads the setting under the inner lock.
 */
#include <string.h>

#include "rules/publish.h"

/* ------------------------------------------------------------------- objects */

bool publish_object(const struct judge *j, const struct docket *d, sym_id root, int64_t *base)
{
	struct container c;

	*base = 0;
	if (symbol_info(&j->e.syms, root)->rec == d->bound.list.rec)
		return true;
	if (!engine_container(&j->e, root, &c) || c.rec != d->bound.list.rec)
		return false;
	*base = c.base;
	return true;
}

/* The list of the object that an argument points to. */
static bool list_of(struct judge *j, const struct docket *d, struct fun *f, word_id ptr,
		    struct lock_ref *out)
{
	const struct ir_record *r = &j->e.unit->records.v[d->bound.list.rec];
	int64_t base;

	if (!lock_of_word(f, ptr, out) || !publish_object(j, d, out->root, &base) ||
	    out->off < base || out->off >= base + (int64_t)r->size)
		return false;
	out->off = base + (int64_t)d->bound.list.off;
	return true;
}

bool publish_head_at(const struct judge *j, const struct docket *d, struct lock_ref at,
		     struct lock_ref *out)
{
	int64_t base;

	if (!at.root.i || !publish_object(j, d, at.root, &base))
		return false;
	*out = (struct lock_ref){ at.root, base + (int64_t)d->bound.list.off };
	return at.off >= out->off && at.off < out->off + (int64_t)d->bound.list.width;
}

/* Something else than the list itself, or what it had before. What is not known is a member. */
static bool is_member(const struct judge *j, const struct docket *d, struct fun *f, word_id val,
		      struct lock_ref head)
{
	word_id alt[WORD_CHOICES];
	bit_id guard[WORD_CHOICES];
	unsigned n = word_is_none(val) ? 0 : word_choices(f->e->dom, val, alt, guard);

	for (unsigned i = 0; i < n; i++) {
		const struct symbol *k;
		struct lock_ref to;

		if (!lock_of_word(f, alt[i], &to))
			continue;
		k = symbol_info(&j->e.syms, to.root);
		if (k->kind == SYM_K_CELL && k->base.i == head.root.i)
			continue;
		if (to.root.i != head.root.i || to.off < head.off ||
		    to.off >= head.off + (int64_t)d->bound.list.width)
			return true;
	}
	return !n;
}

/* -------------------------------------------------------------------- events */

/* Where the lock of the list was taken that is held exclusively now; 0: it is not. */
static ir_loc section_of(const struct docket *d, const struct state *s, struct lock_ref head)
{
	const struct bound_rule *b = &d->bound;
	struct lock_ref ref = { head.root, head.off - (int64_t)b->list.off + (int64_t)b->lock.off };
	const struct lock *l = lockset_find(s, ref);

	return l && !l->doubtful && l->mode == MODEL_LOCK_EXCLUSIVE ? l->loc : 0;
}

static void add_member(struct docket *d, struct fun *f, struct state *s, struct lock_ref head,
		       ir_fn fn, ir_loc loc)
{
	const struct mark *before = mark_find(s, docket_mark(d, INSTALLED), head);
	const struct mark *inside = mark_find(s, docket_mark(d, INSIDE), head);
	struct mark m = { .key = docket_mark(d, ADDED), .ref = head, .join = MARK_MUST, .sure = true,
			  .fn = fn, .loc = loc };

	if (mem_is_private(f, s, head.root))
		return;
	if (inside && !before && inside->then_loc == section_of(d, s, head)) {
		mark_clear(s, docket_mark(d, INSIDE), head);
		return;
	}
	before = before ? before : inside;
	if (before) {
		struct mark late = *before;

		late.key = docket_mark(d, LATE);
		late.ref = publish_apart(head, late.loc);
		late.join = MARK_SEEN;
		late.sure &= !s->pc->imprecise;
		late.then_fn = fn;
		late.then_loc = loc;
		mark_clear(s, docket_mark(d, INSTALLED), head);
		mark_clear(s, docket_mark(d, INSIDE), head);
		mark_set(s, &late);
	}
	mark_set(s, &m);
}

static void install(struct docket *d, struct fun *f, struct state *s, struct lock_ref head,
		    ir_fn fn, ir_loc loc)
{
	const struct mark *before = mark_find(s, docket_mark(d, ADDED), head);
	struct mark m = { .key = docket_mark(d, INSTALLED), .ref = head, .join = MARK_MAY,
			  .sure = true, .fn = fn, .loc = loc };

	if (mem_is_private(f, s, head.root))
		return;
	if (!before) {
		m.then_loc = section_of(d, s, head);
		m.key = docket_mark(d, m.then_loc ? INSIDE : INSTALLED);
		mark_set(s, &m);
		return;
	}
	if (f->emitting) {
		*map_put(&d->sinks, loc) = 1;
		*map_put(&d->additions, before->loc) = (uint64_t)fn << 32 | loc;
	}
	mark_clear(s, docket_mark(d, ADDED), head);
}

bool publish_lists(const struct judge *j, const char *const *names, unsigned n, ir_fn fn)
{
	const char *name = intern_get(&j->e.unit->names, j->e.unit->funcs.v[fn].name);

	for (unsigned i = 0; i < n; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

static bool is_install(const struct judge *j, const struct rule_locking *l, ir_fn callee)
{
	return publish_lists(j, l->install, l->ninstall, callee);
}

void publish_read_call(struct judge *j, struct fun *f, struct state *s, ir_fn callee,
		       const word_id *args, unsigned nargs, ir_loc loc)
{
	for (uint32_t i = 0; i < j->ndockets; i++) {
		struct docket *d = &j->dockets[i];
		struct lock_ref head;
		unsigned n = 0;

		if (publish_is_active(d))
			publish_section_call(j, d, f, s, callee, args, nargs, loc);
		if (publish_is_active(d) && d->bound.rule->locking.napply)
			publish_update_call(j, d, f, s, callee, args, nargs);
		/* What an install calls is a part of it. */
		if (!publish_is_active(d) || !is_install(j, &d->bound.rule->locking, callee) ||
		    is_install(j, &d->bound.rule->locking, f->id) ||
		    !docket_covers(j, d, f->id))
			continue;
		while (n < nargs && !list_of(j, d, f, args[n], &head))
			n++;
		if (n < nargs)
			install(d, f, s, head, f->id, loc);
		else
			docket_reason(j, d, arena_printf(&j->report->arena,
							 "function '%s': the object that '%s' is "
							 "called for is not known",
							 witness_function(j, f->id),
							 witness_function(j, callee)));
	}
}

static void written(struct judge *j, struct docket *d, struct fun *f, struct state *s,
		    struct lock_ref at, word_id val, ir_loc loc)
{
	struct lock_ref head;

	if (publish_head_at(j, d, at, &head) && is_member(j, d, f, val, head))
		add_member(d, f, s, head, f->id, loc);
}

void publish_read_store(struct judge *j, struct fun *f, struct state *s,
			const struct store_event *e)
{
	for (uint32_t i = 0; i < j->ndockets; i++) {
		struct docket *d = &j->dockets[i];

		if (!publish_is_active(d))
			continue;
		publish_section_store(j, d, f, s, e);
		if (d->bound.rule->locking.napply)
			publish_update_store(j, d, f, s, e);
		if (e->root.i && !e->from_call && !e->is_any && !word_is_none(e->val))
			written(j, d, f, s, (struct lock_ref){ e->root, e->off }, e->val, e->loc);
	}
}

/* Where the callee knew the object itself, its marks tell. */
void publish_read_written(struct judge *j, struct fun *f, struct state *s, const struct cell *from,
			  struct lock_ref at, word_id val, ir_loc loc)
{
	int64_t base;

	for (uint32_t i = 0; i < j->ndockets; i++) {
		struct docket *d = &j->dockets[i];

		if (!publish_is_active(d))
			continue;
		publish_section_written(j, d, f, s, at.root, val, loc);
		if (d->bound.rule->locking.napply)
			publish_update_written(j, d, f, s, from, at, loc);
		if (!publish_object(j, d, from->root, &base))
			written(j, d, f, s, at, val, loc);
	}
}

void publish_read_load(struct judge *j, struct fun *f, struct state *s, const struct ir_insn *i)
{
	for (uint32_t k = 0; k < j->ndockets; k++) {
		struct docket *d = &j->dockets[k];

		if (!publish_is_active(d))
			continue;
		publish_section_read(j, d, f, s, i);
		if (d->bound.rule->locking.napply)
			publish_update_read(j, d, f, s, i);
	}
}

static void list_mark(struct judge *j, struct docket *d, struct fun *f, struct state *s,
		      const struct mark *m)
{
	unsigned kind = docket_mark_kind(m);

	/* What is a finding stays one, of whatever object. */
	if (m->ref.root.i ? mem_is_private(f, s, m->ref.root) : kind != LATE && kind < STALE)
		return;
	switch (kind) {
	case INSTALLED:
	case INSIDE:
		install(d, f, s, m->ref, m->fn, m->loc);
		break;
	case ADDED:
		add_member(d, f, s, m->ref, m->fn, m->loc);
		break;
	case READ:
		publish_section_mark(j, d, f, s, m);
		break;
	default:
		mark_set(s, m);
	}
}

void publish_read_mark(struct judge *j, struct docket *d, struct fun *f, struct state *s,
		       const struct mark *m)
{
	unsigned kind = docket_mark_kind(m);

	if (kind >= CHANGED && kind <= DECIDED)
		publish_update_mark(j, d, f, s, m);
	else
		list_mark(j, d, f, s, m);
}

/* ------------------------------------------------------------------- findings */

/* The place that the finding is at, and the call of install. */
struct text { struct judge *j; const struct docket *d; ir_fn at, fn; ir_loc loc; };

static const char *text_value(void *ctx, const char *name)
{
	const struct text *t = ctx;
	const struct rule_locking *l = &t->d->bound.rule->locking;

	if (!strcmp(name, "function"))
		return witness_function(t->j, t->at);
	if (!strcmp(name, "list"))
		return l->list.field;
	if (!strcmp(name, "flag"))
		return l->flag.field;
	return strcmp(name, "install") ? NULL :
	       publish_called(t->j, l->install, l->ninstall, t->fn, t->loc);
}

static void report_late(struct judge *j, struct docket *d, ir_fn entry, const struct mark *m)
{
	struct text t = { j, d, m->fn, m->fn, m->loc };
	struct arena *a = &j->report->arena;
	const char *list = d->bound.rule->locking.list.field;

	publish_report(j, d, &(struct publish_fault){
		.entry = entry, .m = m, .exact = m->sure, .subject = list,
		.message = rule_format(a, d->bound.rule, text_value, &t),
		.step = arena_printf(a, "what '%s' says now takes effect",
				     d->bound.rule->locking.flag.field),
		.state = arena_printf(a, "in '%s'=no", list),
		.then = arena_printf(a, "only here is it put into '%s'", list),
		.then_state = arena_printf(a, "in '%s'=yes", list) });
}

static void report_stale(struct judge *j, struct docket *d, ir_fn entry, const struct mark *m)
{
	const struct rule_locking *l = &d->bound.rule->locking;
	struct arena *a = &j->report->arena;

	publish_report(j, d, &(struct publish_fault){
		.entry = entry, .m = m, .exact = m->sure, .subject = l->flag.field, .before = true,
		.message = arena_printf(a, "'%s' sets up an entry from '%s', which was read in another "
					"section of '%s': a change of it between the two is lost.",
					witness_function(j, m->fn), l->flag.field, l->inner.field),
		.then = "the setting is read",
		.then_state = arena_printf(a, "'%s'=read", l->flag.field),
		.step = arena_printf(a, "'%s' was given and taken again, and the entry is set up",
				     l->inner.field),
		.state = arena_printf(a, "'%s'=may have changed", l->flag.field) });
}

static void judge_entry(struct judge *j, struct docket *d, ir_fn fn)
{
	const struct summary *sum = engine_summary(&j->e, fn);

	for (uint32_t i = 0; i < sum->ncases; i++) {
		const struct state *exit = &sum->cases[i].exit;

		if (cond_unsat(j->e.dom, exit->pc, NULL, 0))
			continue;
		for (uint32_t k = 0; k < exit->marks.n; k++) {
			const struct mark *m = &exit->marks.v[k];

			if (m->key == docket_mark(d, LATE))
				report_late(j, d, fn, m);
			else if (m->key == docket_mark(d, STALE))
				report_stale(j, d, fn, m);
			else
				publish_update_left(j, d, fn, sum, exit, m);
		}
	}
}

/*
 * The access, or a call on the way to it, is an addition that was noted: gives the
 * install that follows, and *out is what happens there. NULL: it is none.
 */
static const uint64_t *find_addition(const struct docket *d, const struct shared_access *a,
				     struct shared_access *out)
{
	const uint64_t *found = map_get(&d->additions, a->loc);

	*out = *a;
	for (uint32_t i = 0; !found && i < a->nhops; i++) {
		out->fn = a->hops[i].fn;
		out->loc = a->hops[i].loc;
		out->hops = a->hops + i + 1;
		out->nhops = a->nhops - i - 1;
		found = map_get(&d->additions, out->loc);
	}
	return found;
}

/* The member is in the list, but was put there without the lock. */
static void judge_addition(struct judge *j, struct docket *d, const struct shared *at)
{
	struct shared_access *a = arena_new(&j->report->arena, struct shared_access);
	struct shared copy = *at, *x = &copy, in;
	struct shared_path p = { 0 };
	const struct lock *which;
	const uint64_t *after;
	struct finding *f;
	struct text t;

	if (at->a->kind != ACCESS_WRITE || at->teardown || !shared_touches(j, at, &d->bound.list) ||
	    !shared_is_covered(j, d, at) || !(after = find_addition(d, at->a, a)))
		return;
	in = shared_inside(j, at, &d->bound.list);
	if (shared_held(j, &in, &d->bound.lock, &which) == HELD_EXCLUSIVE)
		return;
	copy.a = a;
	t = (struct text){ j, d, a->fn, (ir_fn)(*after >> 32), (ir_loc)*after };
	f = shared_finding(j, d, x, shared_is_exact(j, x));
	if (!f)
		return;
	f->message = rule_format(&j->report->arena, d->bound.rule, text_value, &t);
	f->subject = d->bound.rule->locking.list.field;
	f->reach = arena_printf(&j->report->arena, "reached from '%s'; '%s' is not held",
				witness_function(j, x->entry), d->bound.rule->locking.lock.text);
	shared_path_add(j, &p, x, "the member is put into the list", 0);
	shared_path_end(j, &p, f);
}

/* The access is made by an install, or by what one calls. */
static bool is_of_install(const struct judge *j, const struct docket *d,
			  const struct shared_access *a)
{
	bool of = is_install(j, &d->bound.rule->locking, a->fn);

	for (uint32_t i = 0; !of && i < a->nhops; i++)
		of = is_install(j, &d->bound.rule->locking, a->hops[i].fn);
	return of;
}

static bool holds_inner(const struct judge *j, const struct docket *d, const struct shared *x)
{
	const struct bound_field *inner = &d->bound.inner;

	for (uint32_t i = 0; i < x->a->nheld; i++) {
		int64_t off;
		ir_rec rec;

		shared_place(j, x->a->held[i].ref, &rec, &off);
		if (rec == inner->rec && off >= (int64_t)inner->off &&
		    off < (int64_t)(inner->off + inner->width))
			return true;
	}
	return false;
}

/* The setting is read before the section in which the member is set up, or after it. */
static void judge_read(struct judge *j, struct docket *d, const struct shared *x)
{
	const struct rule_locking *l = &d->bound.rule->locking;
	struct arena *arena = &j->report->arena;
	struct shared_path p = { 0 };
	struct finding *f;

	if (x->a->kind != ACCESS_READ || x->teardown || !shared_touches(j, x, &d->bound.flag) ||
	    !is_of_install(j, d, x->a) || !shared_is_covered(j, d, x))
		return;
	*map_put(&d->sinks, x->a->loc) = 1;
	if (holds_inner(j, d, x))
		return;
	f = shared_finding(j, d, x, shared_is_exact(j, x));
	if (!f)
		return;
	f->message = arena_printf(arena, "'%s' reads '%s' without '%s', under which a change of it "
				  "looks for what is set up.", witness_function(j, x->a->fn),
				  l->flag.field, l->inner.field);
	f->subject = l->flag.field;
	f->reach = arena_printf(arena, "reached from '%s'", witness_function(j, x->entry));
	shared_path_add(j, &p, x, "the setting is read", 0);
	shared_path_end(j, &p, f);
}

void publish_read_judge(struct judge *j, struct docket *d)
{
	for (ir_fn fn = 0; fn < j->nfuncs; fn++)
		if (relevant_has(j, fn) && relevant_is_entry(j, fn))
			judge_entry(j, d, fn);
	for (uint32_t i = 0; i < j->shared.n; i++)
		judge_addition(j, d, &j->shared.v[i]);
	for (uint32_t i = 0; d->bound.rule->locking.inner.field && i < j->shared.n; i++)
		judge_read(j, d, &j->shared.v[i]);
	if (d->bound.rule->locking.napply)
		publish_update_judge(j, d);
}
