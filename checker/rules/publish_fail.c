/* SPDX-License-Identifier: MIT */
/*
 * Template publish-then-read: a function of apply has failed for a member.
 *
 * The call splits the state by its result. The failure is known for the lists whose lock is
 * held, and for no list: of those whose lock a caller holds. It ends with the section, or
 * where a later call of apply takes back what the members before got.
 *
 * Where a branch on a number that was lost comes after it, the failure may have been seen:
 * the mark is not sure any more.
 */
#include "rules/publish.h"
#include "rules/result.h"

const struct mark *publish_failed_find(const struct publish_point *p, struct lock_ref head)
{
	const struct mark *m = mark_find(p->s, docket_mark(p->d, FAILED), head);

	return m ? m : mark_find(p->s, docket_mark(p->d, TRIED), head);
}

void publish_failed_clear(const struct publish_point *p, struct lock_ref head)
{
	mark_clear(p->s, docket_mark(p->d, FAILED), head);
	mark_clear(p->s, docket_mark(p->d, TRIED), head);
}

bool publish_has_failed(const struct publish_point *p)
{
	for (uint32_t i = 0; i < p->s->marks.n; i++) {
		uint32_t key = p->s->marks.v[i].key;

		if (key == docket_mark(p->d, FAILED) || key == docket_mark(p->d, TRIED))
			return true;
	}
	return false;
}

/* What the members got that came before is taken back now. */
void publish_take_back(const struct publish_point *p)
{
	for (uint32_t i = 0; i < p->s->marks.n; i++) {
		struct mark m = p->s->marks.v[i];

		if (m.key != docket_mark(p->d, FAILED))
			continue;
		mark_clear(p->s, m.key, m.ref);
		m.key = docket_mark(p->d, TRIED);
		if (!mark_find(p->s, m.key, m.ref))
			mark_set(p->s, &m);
		i = UINT32_MAX;
	}
}

static void fail_for(const struct publish_point *p, struct lock_ref head,
		     const struct mark *how)
{
	const struct mark *changed = mark_find(p->s, docket_mark(p->d, CHANGED), head);
	struct mark m = *how;

	/* One of no list also keeps the way apart from the one on which it succeeded. */
	if (head.root.i ? publish_failed_find(p, head) : mark_find(p->s, m.key, head))
		return;
	if (mark_find(p->s, docket_mark(p->d, AGAIN), head))
		m.key = docket_mark(p->d, TRIED);
	m.ref = head;
	m.splits = !head.root.i;
	if (!m.then_loc && changed) {
		m.then_fn = changed->fn;
		m.then_loc = changed->loc;
	}
	mark_set(p->s, &m);
}

void publish_fail(const struct publish_point *p, const struct mark *how)
{
	struct mark m = *how;
	struct lock_ref head;
	bool again = publish_has_failed(p);

	if (m.key == docket_mark(p->d, FAILED) && publish_loops_later(p))
		m.key = docket_mark(p->d, TRIED);
	fail_for(p, m.ref, &m);
	/* Where one has failed before, this is what takes back. */
	if (again)
		m.key = docket_mark(p->d, TRIED);
	for (uint32_t i = 0; !m.ref.root.i && i < p->s->held.n; i++)
		if (!p->s->held.v[i].assumed &&
		    publish_list_of_lock(p, p->s->held.v[i].ref, &head))
			fail_for(p, head, &m);
}

static struct mark failure(const struct publish_point *p, ir_loc loc, bool sure)
{
	/* What is called for one member alone has nothing to take back. */
	return (struct mark){
		.key = docket_mark(p->d, p->f->repeats[p->f->block] ? FAILED : TRIED),
		.join = MARK_MAY, .splits = true, .sure = sure, .fn = p->f->id, .loc = loc };
}

/* The result of the call that failed, of whatever function, and not what became of it. */
static bool is_result(const struct publish_point *p, const struct symbol *k)
{
	while (k->kind == SYM_K_CALLEE)
		k = symbol_info(&p->j->e.syms, k->base);
	for (uint32_t i = 0; i < p->s->marks.n; i++) {
		const struct mark *m = &p->s->marks.v[i];

		if ((m->key == docket_mark(p->d, FAILED) || m->key == docket_mark(p->d, TRIED)) &&
		    m->loc == k->loc && k->fn == m->fn)
			return true;
	}
	return false;
}

/* A number that was made on the way, and lost; what was read from memory is none of these. */
static bool is_lost(void *arg, sym_id id)
{
	const struct publish_point *p = arg;
	const struct symbol *k = symbol_info(&p->j->e.syms, id);

	return k->origin == ORIGIN_UNKNOWN && !k->read_of.i && k->rec == IR_NONE &&
	       k->width < p->j->e.unit->ptr_width && !is_result(p, k);
}

/* The branch may be on the failure, by a value that was lost. */
/* The branch is on pointers, as that of a loop through a list, and on no error. */
static bool is_on_pointers(const struct publish_point *p)
{
	const struct ir_block *b = &p->f->body->blocks.v[p->f->block];

	for (uint32_t i = b->insns.n; i-- > 0;) {
		const struct ir_insn *n = &b->insns.v[i];

		if (b->term.cond.kind == IR_V_TEMP && n->dst == b->term.cond.i)
			return ((n->op >= IR_EQ && n->op <= IR_SLE) || n->op == IR_TOBOOL) &&
			       n->a.kind == IR_V_TEMP &&
			       p->f->body->temps.v[n->a.i].type.kind == IR_T_PTR;
	}
	return false;
}

void publish_fail_branch(const struct publish_point *p, const struct cond *before)
{
	struct dom *d = p->j->e.dom;
	struct publish_point copy = *p;
	bit_id b = publish_branch_bit(p);

	if (is_on_pointers(p))
		return;
	if (b.i != BIT_TOP.i &&
	    (bit_forget(d, b, is_lost, &copy).i != BIT_TOP.i ||
	     cond_entails(d, before, b) || cond_entails(d, before, bit_not(d, b))))
		return;
	for (uint32_t i = 0; i < p->s->marks.n; i++)
		if (p->s->marks.v[i].key == docket_mark(p->d, FAILED) ||
		    p->s->marks.v[i].key == docket_mark(p->d, TRIED))
			p->s->marks.v[i].sure = false;
}

/*
 * The result of apply is known. *other: where it failed, if it is split off already; true:
 * it is now.
 */
static bool apply_result(const struct publish_point *p, struct state *other, bool split,
			 bit_id failed, ir_loc loc)
{
	struct dom *d = p->j->e.dom;
	const struct cond *bad = cond_and(d, p->s->pc, failed, 0);
	const struct cond *good = cond_and(d, p->s->pc, bit_not(d, failed), 0);
	struct publish_point there = *p;
	const struct mark m = failure(p, loc, failed.i != BIT_TOP.i);

	if (!split && bad->unsat)
		return false;
	if (!split && failed.i != BIT_TOP.i && !good->unsat) {
		state_copy(other, p->s);
		other->pc = bad;
		p->s->pc = good;
		split = true;
	}
	there.s = split ? other : p->s;
	publish_fail(&there, &m);
	return split;
}

bool publish_update_result(struct judge *j, struct fun *f, struct state *s, struct state *other,
			   bool split, ir_fn callee, word_id ret, ir_loc loc)
{
	for (uint32_t i = 0; i < j->ndockets; i++) {
		struct publish_point p = { j, &j->dockets[i], f, s };
		bit_id failed;

		if (!publish_is_active(p.d) || !publish_is_apply(j, p.d, callee) ||
		    publish_is_apply(j, p.d, f->id))
			continue;
		publish_apply_round(&p, loc);
		failed = result_is_error(j->e.dom, &j->e.unit->funcs.v[callee].ret, ret);
		if (!bit_same(failed, BIT_0))
			split = apply_result(&p, other, split, failed, loc);
	}
	return split;
}
