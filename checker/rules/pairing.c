/* SPDX-License-Identifier: MIT */
/*
 * Template pairing: an error undoes what was done.
 *
 * The state has a mark for each object, or pair of objects, that act has succeeded for
 * and undo was not called for since. act splits the state by its result, and states with and
 * without a mark are kept apart, so that "if (ret)" behind it finds the right
 * ones. A function that leaves a mark hands it to its caller, who may undo; what
 * an entry point still has where it returns an error is reported, at the return
 * that was the first to give the error up.
 *
 * What a function that gives true or false means by it, its own failures tell: where it
 * gives false if act has failed, and never true then, false is an error. Who gets it
 * cannot know that there is something to undo.
 *
 * Where the path succeeds nothing is asked: the object was handed over. A mark is
 * not sure any more where undo was called for what may be the same object, or by
 * a function that calls it in other cases: then nothing is decided.
 */
#include <string.h>

#include "engine/mark.h"
#include "rules/judge.h"
#include "rules/result.h"

/* In this order the marks of a callee take effect: it undid what it found. */
enum { UNDONE, DONE, REFUSED };

/* What a function says where act has failed. */
enum { SAYS_FALSE = 1, SAYS_TRUE = 2 };

static bool is_active(const struct docket *d)
{
	return d->bound.usable && d->bound.rule->template == RULE_PAIRING;
}

static bool is_named(const struct judge *j, ir_fn fn, const char *name)
{
	return !strcmp(intern_get(&j->e.unit->names, j->e.unit->funcs.v[fn].name), name);
}

/* The one object that the pointer can point to. */
static bool object_of(struct fun *f, word_id ptr, struct lock_ref *out)
{
	word_id alt[WORD_CHOICES];
	bit_id guard[WORD_CHOICES];
	unsigned n = word_is_none(ptr) ? 0 : word_choices(f->e->dom, ptr, alt, guard), found = 0;

	for (unsigned i = 0; i < n; i++)
		found += lock_of_word(f, alt[i], out);
	return found == 1;
}

/* ------------------------------------------------------------------- results */

/* NULL or an error, on one of the ways that were joined: no other pointer can be told from one. */
static bool can_be_error(struct dom *d, const struct ir_type *t, const struct cond *pc, word_id ret)
{
	word_id alt[WORD_CHOICES];
	bit_id guard[WORD_CHOICES];
	unsigned n = word_choices(d, ret, alt, guard);

	for (unsigned i = 0; i < n; i++) {
		const struct cond *way = cond_and(d, pc, guard[i], 0);

		if (!way->unsat && !cond_unsat(d, way, NULL, 0) &&
		    cond_entails(d, way, result_is_error(d, t, alt[i])))
			return true;
	}
	return !n && cond_entails(d, pc, result_is_error(d, t, ret));
}

static bool answers(const struct judge *j, ir_fn fn)
{
	return j->e.unit->funcs.v[fn].ret.kind == IR_T_BOOL;
}

/* False is an error of that function. */
static bool false_is_error(const struct docket *d, ir_fn fn)
{
	const uint64_t *said = map_get(&d->answers, fn);

	return said && *said == SAYS_FALSE;
}

/* Act has failed on this way. */
static void note_answer(struct judge *j, struct docket *d, ir_fn fn, const struct cond *pc,
			word_id ret)
{
	bit_id yes = word_is_none(ret) ? BIT_TOP : word_nonzero(j->e.dom, ret);
	bit_id no = bit_not(j->e.dom, yes);
	uint64_t *said = map_put(&d->answers, fn);

	if (yes.i == BIT_TOP.i || !cond_unsat(j->e.dom, pc, &yes, 1))
		*said |= SAYS_TRUE;
	if (yes.i == BIT_TOP.i || !cond_unsat(j->e.dom, pc, &no, 1))
		*said |= SAYS_FALSE;
}

/*
 * The function can return an error like this: a negative number, and for a
 * pointer what can be nothing else. A number that is not zero may be a count,
 * but not where it is only known to be that. False is one where false_is_error().
 */
static bool returns_error(struct judge *j, ir_fn fn, const struct cond *pc, word_id ret)
{
	const struct ir_type *t = &j->e.unit->funcs.v[fn].ret;
	struct dom *d = j->e.dom;
	uint8_t width;
	bit_id sign;

	if (word_is_none(ret) || pc->unsat)
		return false;
	width = word_width(d, ret);
	if (t->kind == IR_T_PTR)
		return can_be_error(d, t, pc, ret);
	if (t->kind == IR_T_BOOL) {
		sign = bit_not(d, word_nonzero(d, ret));
		return sign.i != BIT_TOP.i && !cond_unsat(d, pc, &sign, 1);
	}
	if (t->kind != IR_T_INT || !t->is_signed || width < 32)
		return false;
	sign = word_bit(d, ret, width - 1u);
	return sign.i == BIT_TOP.i || !cond_unsat(d, pc, &sign, 1);
}

/* -------------------------------------------------------------------- events */

/* A pointer that was read from memory after it may have changed, or is no better known. */
static bool is_vague(const struct judge *j, sym_id root)
{
	uint8_t kind = symbol_info(&j->e.syms, root)->kind;

	return kind == SYM_K_SITE || kind == SYM_K_ELEM || kind == SYM_K_NONE ||
	       (kind == SYM_K_CALLEE && !symbol_is_heap(&j->e.syms, root));
}

static bool may_be(const struct judge *j, struct lock_ref a, struct lock_ref b)
{
	return (a.root.i == b.root.i && a.off == b.off) || is_vague(j, a.root) ||
	       is_vague(j, b.root);
}

/* Undo was called, and it is not known whether for this object; undone NULL: nor for which. */
static void doubt(const struct judge *j, const struct docket *d, struct state *s,
		  const struct mark *undone)
{
	bool two = d->bound.rule->locking.undo_with;

	for (uint32_t i = 0; i < s->marks.n; i++) {
		struct mark *m = &s->marks.v[i];

		if (m->key == docket_mark(d, DONE) &&
		    (!undone || (may_be(j, m->ref, undone->ref) &&
				 (!two || may_be(j, m->with, undone->with)))))
			m->sure = false;
	}
}

/*
 * Of several other objects that are no better known (those of a loop) it is not kept which is
 * which: their marks are one, of an object that is not known.
 */
static void gather(const struct judge *j, const struct docket *d, struct state *s, struct mark *m)
{
	bool vague = d->bound.rule->locking.act_with && is_vague(j, m->with.root);
	uint32_t i = 0;

	while (vague && i < s->marks.n) {
		struct mark have = s->marks.v[i];

		if (have.key != m->key || have.ref.root.i != m->ref.root.i ||
		    have.ref.off != m->ref.off || !is_vague(j, have.with.root)) {
			i++;
			continue;
		}
		m->with = (struct lock_ref){ SYM_NONE, 0 };
		m->sure &= have.sure;
		mark_clear_of(s, have.key, have.ref, have.with);
	}
}

static void undo(struct docket *d, struct judge *j, struct state *s, struct mark m)
{
	bool known = m.with.root.i || !d->bound.rule->locking.undo_with;

	if (known && mark_clear_of(s, docket_mark(d, DONE), m.ref, m.with))
		return;
	doubt(j, d, s, &m);
	if (symbol_is_object(&j->e.syms, m.ref.root))
		return;
	gather(j, d, s, &m);
	mark_set(s, &m);
}

/* The other object that a call is about; root SYM_NONE: there is none, or it is not known. */
static struct lock_ref other_of(struct fun *f, unsigned with, const word_id *args, unsigned nargs)
{
	struct lock_ref ref;

	if (!with || with >= nargs || !object_of(f, args[with], &ref))
		return (struct lock_ref){ SYM_NONE, 0 };
	return ref;
}

void pairing_call(struct judge *j, struct fun *f, struct state *s, ir_fn callee,
		  const word_id *args, unsigned nargs, ir_loc loc)
{
	for (uint32_t i = 0; i < j->ndockets; i++) {
		struct docket *d = &j->dockets[i];
		const struct rule_locking *l = &d->bound.rule->locking;
		struct mark m = { .key = docket_mark(d, UNDONE), .join = MARK_MUST, .splits = true,
				  .sure = true, .fn = f->id, .loc = loc };

		if (!is_active(d) || !is_named(j, callee, l->undo))
			continue;
		m.with = other_of(f, l->undo_with, args, nargs);
		if (nargs && object_of(f, args[0], &m.ref))
			undo(d, j, s, m);
		else
			doubt(j, d, s, NULL);
	}
}

static void act(struct docket *d, struct judge *j, struct fun *f, struct state *s, word_id object,
		struct lock_ref with, ir_loc loc)
{
	struct mark m = { .key = docket_mark(d, DONE), .with = with, .join = MARK_MAY,
			  .splits = true, .sure = true, .fn = f->id, .loc = loc };

	if (f->emitting)
		*map_put(&d->sinks, loc) = 1;
	if (object_of(f, object, &m.ref)) {
		gather(j, d, s, &m);
		mark_set(s, &m);
	} else {
		docket_reason(j, d, arena_printf(&j->report->arena, "function '%s': what '%s' is "
						 "called for is not known",
						 witness_function(j, f->id),
						 d->bound.rule->locking.act));
	}
}

static bool has_key(const struct state *s, uint32_t key)
{
	for (uint32_t i = 0; i < s->marks.n; i++)
		if (s->marks.v[i].key == key)
			return true;
	return false;
}

/* The callee calls undo in some cases only; in this one it may not have been. */
static void doubt_callee(struct judge *j, struct docket *d, struct state *s, ir_fn callee)
{
	const struct summary *sum = callee < j->e.nsummaries ? j->e.summaries[callee] : NULL;
	uint32_t n = 0;

	for (uint32_t i = 0; sum && sum->ready && i < sum->ncases; i++)
		n += has_key(&sum->cases[i].exit, docket_mark(d, UNDONE));
	if (n && n < sum->ncases)
		doubt(j, d, s, NULL);
}

/* The state goes on as the one where act has succeeded; *other is where it failed. */
bool pairing_result(struct judge *j, struct fun *f, struct state *s, struct state *other,
		    ir_fn callee, const word_id *args, unsigned nargs, word_id ret, ir_loc loc)
{
	const struct ir_type *t = &j->e.unit->funcs.v[callee].ret;
	bit_id failed = BIT_TOP;
	bool split = false;

	for (uint32_t i = 0; i < j->ndockets; i++) {
		struct docket *d = &j->dockets[i];

		if (!is_active(d))
			continue;
		doubt_callee(j, d, s, callee);
		if (!is_named(j, callee, d->bound.rule->locking.act) ||
		    !docket_covers(j, d, f->id))
			continue;
		if (failed.i == BIT_TOP.i)
			failed = result_is_error(j->e.dom, t, ret);
		if (!split && failed.i != BIT_TOP.i && !bit_same(failed, BIT_0)) {
			state_copy(other, s);
			other->pc = cond_and(j->e.dom, s->pc, failed, 0);
			s->pc = cond_and(j->e.dom, s->pc, bit_not(j->e.dom, failed), 0);
			split = true;
		}
		if (split && answers(j, f->id))
			mark_set(other, &(struct mark){ .key = docket_mark(d, REFUSED),
							.join = MARK_MAY, .splits = true,
							.sure = true, .fn = f->id, .loc = loc });
		act(d, j, f, s, t->kind == IR_T_PTR ? ret : nargs ? args[0] : WORD_NONE,
		    other_of(f, d->bound.rule->locking.act_with, args, nargs), loc);
	}
	return split;
}

void pairing_mark(struct judge *j, struct docket *d, struct fun *f, struct state *s,
		  const struct mark *m)
{
	(void)f;
	struct mark done = *m;

	/* It was for the callee's own result. */
	if (m->key == docket_mark(d, REFUSED))
		return;
	if (m->key != docket_mark(d, DONE)) {
		undo(d, j, s, *m);
		return;
	}
	gather(j, d, s, &done);
	mark_set(s, &done);
}

static void note_unpaired(struct docket *d, const struct unpaired *u)
{
	for (uint32_t i = 0; i < d->unpaired.n; i++)
		if (d->unpaired.v[i].fn == u->fn && d->unpaired.v[i].loc == u->loc &&
		    d->unpaired.v[i].act == u->act)
			return;
	array_push(&d->unpaired, *u);
}

void pairing_return(struct judge *j, struct fun *f, struct state *s, word_id ret, ir_loc loc)
{
	for (uint32_t i = 0; i < s->marks.n; i++) {
		struct mark *m = &s->marks.v[i];
		struct docket *d = docket_of_mark(j, m);

		if (!is_active(d))
			continue;
		if (m->key == docket_mark(d, REFUSED))
			note_answer(j, d, f->id, s->pc, ret);
		if (m->key != docket_mark(d, DONE))
			continue;
		if (!returns_error(j, f->id, s->pc, ret)) {
			m->then_loc = 0;
			continue;
		}
		/* What a callee has answered was no error. */
		if (m->then_loc && m->then_fn != f->id && answers(j, m->then_fn) &&
		    !false_is_error(d, m->then_fn))
			m->then_loc = 0;
		if (!m->then_loc) {
			m->then_fn = f->id;
			m->then_loc = loc;
		}
		if (f->emitting && m->then_fn == f->id)
			note_unpaired(d, &(struct unpaired){ f->id, m->loc, loc,
							     m->sure && !s->pc->imprecise });
	}
}

/* ------------------------------------------------------------------- findings */

struct text { struct judge *j; const struct docket *d; ir_fn fn; };

static const char *text_value(void *ctx, const char *name)
{
	const struct text *t = ctx;

	if (!strcmp(name, "function"))
		return witness_function(t->j, t->fn);
	if (!strcmp(name, "act"))
		return t->d->bound.rule->locking.act;
	return !strcmp(name, "undo") ? t->d->bound.rule->locking.undo : NULL;
}

static void report(struct judge *j, struct docket *d, ir_fn entry, const struct mark *m,
		   const struct unpaired *u, bool exact)
{
	struct text t = { j, d, u->fn };
	struct arena *a = &j->report->arena;
	struct place at = witness_place(j, u->loc);
	const char *act = d->bound.rule->locking.act, *undo = d->bound.rule->locking.undo;
	struct finding *f;

	if (witness_is_known(j, d, entry, &at))
		return;
	f = report_add(j->report, d->bound.rule,
		       exact ? VERDICT_VIOLATION_EXACT : VERDICT_VIOLATION_MAY);
	f->place = at;
	f->function = witness_function(j, u->fn);
	f->subject = act;
	f->message = rule_format(a, d->bound.rule, text_value, &t);
	f->why = d->bound.rule->why;
	f->reach = arena_printf(a, "reached from '%s'", witness_function(j, entry));
	f->steps = arena_new_array(a, struct step, 2);
	f->steps[f->nsteps++] = witness_step(j, m->fn, m->loc, STEP_CALL,
					     arena_printf(a, "'%s' succeeds", act),
					     arena_printf(a, "'%s'=done", act));
	f->steps[f->nsteps++] = witness_step(j, u->fn, u->loc, STEP_DANGER,
					     arena_printf(a, "an error is returned, and '%s' was not "
							  "called", undo),
					     arena_printf(a, "'%s'=done, '%s'=not called", act, undo));
	d->findings++;
	*(exact ? &d->violated : &d->may) = true;
	if (!exact)
		witness_uncertain(j, f, WITNESS_PATH);
}

static void judge_mark(struct judge *j, struct docket *d, ir_fn entry, const struct mark *m,
		       const struct cond *pc)
{
	if (!m->sure) {
		docket_reason(j, d, arena_printf(&j->report->arena, "function '%s': whether '%s' is "
						 "called for what '%s' was called for is not known",
						 witness_function(j, entry),
						 d->bound.rule->locking.undo,
						 d->bound.rule->locking.act));
		return;
	}
	for (uint32_t i = 0; i < d->unpaired.n; i++) {
		const struct unpaired *u = &d->unpaired.v[i];

		if (u->act == m->loc && u->fn == m->then_fn &&
		    (!answers(j, u->fn) || false_is_error(d, u->fn)))
			report(j, d, entry, m, u, u->sure && !pc->imprecise);
	}
}

static void judge_entry(struct judge *j, struct docket *d, ir_fn fn)
{
	const struct summary *sum = engine_summary(&j->e, fn);

	for (uint32_t i = 0; i < sum->ncases; i++) {
		const struct summary_case *c = &sum->cases[i];

		if (!returns_error(j, fn, c->exit.pc, c->ret) ||
		    (answers(j, fn) && !false_is_error(d, fn)))
			continue;
		for (uint32_t k = 0; k < c->exit.marks.n; k++)
			if (c->exit.marks.v[k].key == docket_mark(d, DONE))
				judge_mark(j, d, fn, &c->exit.marks.v[k], c->exit.pc);
	}
}

void pairing_judge(struct judge *j, struct docket *d)
{
	for (ir_fn fn = 0; fn < j->nfuncs; fn++)
		if (relevant_has(j, fn) && relevant_is_entry(j, fn))
			judge_entry(j, d, fn);
}
