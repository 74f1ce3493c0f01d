/* SPDX-License-Identifier: MIT */
/*
 * Template publish-then-read: what a function of apply does for its member.
 *
 * An entry that is stored to, or a branch on the setting, is noted (DECIDED), and keeps the
 * states apart. Success without that has passed over the member (SKIPPED). So has a loop
 * that goes on to the next one without a call of apply.
 */
#include "rules/publish.h"
#include "rules/result.h"

void publish_decide(const struct publish_point *p, bool sure)
{
	struct mark m = { .key = docket_mark(p->d, DECIDED), .join = MARK_MAY, .splits = true,
			  .sure = sure, .fn = p->f->id };
	const struct mark *have = mark_find(p->s, m.key, publish_no_list);

	if (!have || sure)
		mark_set(p->s, &m);
}

/* In apply, of a rule that says what it stores to. */
bool publish_in_apply(const struct publish_point *p)
{
	return p->d->bound.entry != IR_NONE && publish_is_apply(p->j, p->d, p->f->id);
}

/* The parameters with the setting, as a pred() of symbols. */
struct setting { const struct judge *j; const struct ir_func *f; ir_fn fn; bool bools; };

static bool has_bools(const struct ir_func *f)
{
	for (uint32_t i = 0; i < f->nparams; i++)
		if (f->locals.v[i].type.kind == IR_T_BOOL)
			return true;
	return false;
}

static bool is_setting(void *arg, sym_id id)
{
	const struct setting *x = arg;
	const struct symbol *k = symbol_info(&x->j->e.syms, id);
	uint8_t kind;

	if (k->kind != SYM_K_PARAM || k->fn != x->fn || k->a >= x->f->nparams)
		return false;
	kind = x->f->locals.v[k->a].type.kind;
	return x->bools ? kind == IR_T_BOOL : kind == IR_T_INT;
}

static struct setting setting_of(const struct publish_point *p)
{
	const struct ir_func *f = &p->j->e.unit->funcs.v[p->f->id];

	return (struct setting){ p->j, f, p->f->id, has_bools(f) };
}

static bool is_of_setting(const struct publish_point *p, bit_id b, struct setting *x)
{
	return b.i == BIT_TOP.i || bit_forget(p->j->e.dom, b, is_setting, x).i == BIT_TOP.i;
}

static bool word_is_of_setting(const struct publish_point *p, word_id w, struct setting *x)
{
	for (unsigned i = 0; !word_is_none(w) && i < word_width(p->j->e.dom, w); i++) {
		bit_id b = word_bit(p->j->e.dom, w, i);

		if (b.i != BIT_TOP.i && is_of_setting(p, b, x))
			return true;
	}
	return false;
}

void publish_apply_branch(const struct publish_point *p)
{
	bit_id b = publish_branch_bit(p);
	struct setting x = setting_of(p);

	if (is_of_setting(p, b, &x))
		publish_decide(p, b.i != BIT_TOP.i);
}

void publish_apply_call(const struct publish_point *p, const word_id *args, unsigned nargs)
{
	struct setting x = setting_of(p);

	for (unsigned i = 0; i < nargs; i++)
		if (word_is_of_setting(p, args[i], &x))
			publish_decide(p, false);
}

void publish_apply_round(const struct publish_point *p, ir_loc loc)
{
	struct mark m = { .key = docket_mark(p->d, SKIPPED), .join = MARK_SEEN, .sure = true,
			  .fn = p->f->id, .loc = loc };

	if (!mark_find(p->s, m.key, publish_no_list) && publish_goes_round(p))
		publish_update_mark(p->j, p->d, p->f, p->s, &m);
}

/* It may succeed here. */
static bool may_succeed(const struct publish_point *p, word_id ret)
{
	bit_id failed = result_is_error(p->j->e.dom, &p->f->body->ret, ret), good;

	good = bit_not(p->j->e.dom, failed);
	return failed.i == BIT_TOP.i || !cond_unsat(p->j->e.dom, p->s->pc, &good, 1);
}

void publish_update_return(struct judge *j, struct fun *f, struct state *s, word_id ret,
			   ir_loc loc)
{
	for (uint32_t i = 0; i < j->ndockets; i++) {
		struct publish_point p = { j, &j->dockets[i], f, s };
		struct mark m = { .join = MARK_SEEN, .fn = f->id, .loc = loc };
		const struct mark *decided;

		if (!publish_is_active(p.d) || !publish_in_apply(&p))
			continue;
		if (f->emitting)
			*map_put(&p.d->sinks, loc) = 1;
		decided = mark_find(s, docket_mark(p.d, DECIDED), publish_no_list);
		m.key = docket_mark(p.d, SKIPPED);
		m.sure = !decided;
		if ((!decided || !decided->sure) && may_succeed(&p, ret))
			mark_set(s, &m);
		mark_clear(s, docket_mark(p.d, DECIDED), publish_no_list);
	}
}
