/* SPDX-License-Identifier: MIT */
/*
 * A witness is replayed: the engine follows one way to the place by itself, and all
 * that was decided on it is given numbers under which it holds. Only then nothing
 * stands between the finding and the program but what it says.
 */
#include "engine/replay.h"

#include "domain/confirm.h"
#include "rules/judge.h"


struct attempt {
	struct judge *j;
	const struct obligation *o;
	ir_fn entry;
	struct witness_replay *out;
};

/* ------------------------------------------------------------ what is unknown */

/* Some symbol that the bit is made of, through definitions, is such a one. */
static bool has_base(struct judge *j, bit_id b, bool (*is)(struct judge *, sym_id))
{
	atom_id a[BIT_ATOMS];
	unsigned n = bit_support(j->e.dom, b, a);

	for (unsigned i = 0; i < n; i++) {
		uint32_t nbases;
		const sym_id *s = word_bases(j->e.dom, word_sym(j->e.dom, atom_sym(a[i])), &nbases);

		for (uint32_t k = 0; k < nbases; k++)
			if (is(j, s[k]))
				return true;
	}
	return false;
}

static bool is_unknown(struct judge *j, sym_id id)
{
	return symbol_info(&j->e.syms, id)->origin == ORIGIN_UNKNOWN;
}

static bool is_unknown_cond(struct judge *j, const struct cond *c)
{
	for (uint32_t i = 0; i < c->n; i++)
		if (has_base(j, c->c[i].bit, is_unknown))
			return true;
	return false;
}

/* ------------------------------------------------------------- at the place */

static const struct cond *relevant_part(struct attempt *t, const struct cond *bad,
					const struct obligation *o, struct subst *s)
{
	bit_id focus[OBLIGATION_FOCUS];
	const struct cond *why;

	for (unsigned i = 0; i < o->nfocus; i++)
		focus[i] = bit_subst(s, o->focus[i]);
	why = cond_relevant(t->j->e.dom, bad, focus, o->nfocus);
	return why->n ? why : bad;
}

/* Numbers for the condition and all that was decided on the way. */
static struct numbers *numbers_of(struct attempt *t, const struct cond *bad,
				  const struct replay_path *p)
{
	const struct cond *end = p->exit ? p->exit->pc : cond_true(t->j->e.dom);
	bit_id *bits;
	struct numbers *m;
	unsigned n = 0;

	if (end->unsat || end->imprecise)
		return NULL;
	bits = xmalloc((bad->n + p->n + end->n + 1) * sizeof(*bits));
	for (uint32_t i = 0; i < bad->n; i++)
		bits[n++] = bad->c[i].bit;
	for (unsigned i = 0; i < p->n; i++)
		bits[n++] = p->clause[i].bit;
	for (uint32_t i = 0; i < end->n; i++)
		bits[n++] = end->c[i].bit;
	m = numbers_find(t->j->e.dom, bits, n, p->numbers);
	free(bits);
	return m;
}

static enum replay_answer reached(void *arg, const struct replay_path *p)
{
	static const struct state nowhere;
	struct attempt *t = arg;
	struct final_map m = { .j = t->j, .exit = p->exit ? p->exit : &nowhere };
	struct subst *s = subst_new(t->j->e.dom, flag_flow_final, &m);
	const struct cond *bad = cond_subst(s, p->bad), *why;

	why = relevant_part(t, bad, p->o, s);
	subst_free(s);
	if (m.used && !p->exit)
		return REPLAY_LATER;
	if (m.gone || bad->unsat || bad->imprecise || is_unknown_cond(t->j, why))
		return REPLAY_NO;
	t->out->numbers = numbers_of(t, bad, p);
	t->out->why = why;
	return t->out->numbers ? REPLAY_YES : REPLAY_NO;
}

/* --------------------------------------------------------------- the search */

/* Not a number or a place that the entry point has from the beginning. */
static bool is_made_later(struct judge *j, sym_id id)
{
	const struct symbol *k = symbol_info(&j->e.syms, id);

	while (k->kind == SYM_K_CELL || k->kind == SYM_K_INIT)
		k = symbol_info(&j->e.syms, k->base);
	return k->kind != SYM_K_PARAM && k->kind != SYM_K_GLOBAL && k->kind != SYM_K_FUNC;
}

/* What the violation wants of the entry point's own symbols shows the way. */
static const struct cond *wanted(struct judge *j, const struct obligation *o,
				 const struct cond *bad)
{
	const struct cond *why = cond_relevant(j->e.dom, bad, o->focus, o->nfocus);
	const struct cond *c = cond_true(j->e.dom);

	for (uint32_t i = 0; i < why->n; i++)
		if (!has_base(j, why->c[i].bit, is_made_later))
			c = cond_and(j->e.dom, c, why->c[i].bit, why->c[i].tag);
	return c;
}

static void on_store(void *arg, struct fun *f, struct state *s, const struct store_event *e)
{
	flag_flow_store(arg, f, s, e);
	coupling_store(arg, s, e);
}

static void on_call(void *arg, struct fun *f, struct state *s, ir_fn callee, const word_id *args,
		    unsigned nargs, ir_loc loc)
{
	flag_flow_call(arg, f, s, callee, args, nargs, loc);
}

static void on_return(void *arg, struct fun *f, struct state *s, word_id ret, ir_loc loc)
{
	coupling_return(arg, f, s, ret, loc);
}

static void on_branch(void *arg, struct fun *f, struct state *s, const struct cond *before,
		      ir_loc loc)
{
	(void)arg, (void)f, (void)s, (void)before, (void)loc;
}

static void on_report(void *arg, struct fun *f, struct state *s, unsigned flavour, ir_loc loc)
{
	(void)arg, (void)f, (void)s, (void)flavour, (void)loc;
}

static void on_gate(void *arg, struct fun *f, struct state *s, unsigned flavour, bool open)
{
	(void)arg, (void)f, (void)s, (void)flavour, (void)open;
}

static void on_case(void *arg, struct fun *f, struct state *s, const uint8_t *callee)
{
	(void)arg, (void)f, (void)s, (void)callee;
}

static void on_lock(void *arg, struct fun *f, struct state *s, const struct lock_event *e)
{
	(void)arg, (void)f, (void)s, (void)e;
}

/* Of all that the rules listen to only what makes and moves obligations. */
static struct engine_client listener(const struct engine_client *all)
{
	struct engine_client c = *all;

	c.on_store = on_store;
	c.on_call = on_call;
	c.on_return = on_return;
	c.on_branch = on_branch;
	c.on_report = on_report;
	c.on_gate = on_gate;
	c.on_case = on_case;
	c.on_lock = on_lock;
	c.on_result = NULL;
	c.on_read = NULL;
	c.on_point = NULL;
	return c;
}

bool replay_obligation(struct judge *j, ir_fn entry, const struct obligation *o,
		       const struct cond *bad, struct witness_replay *out)
{
	struct attempt t = { j, o, entry, out };
	struct engine_client all = j->e.client;
	struct replay r = { .entry = entry, .o = o, .assume = wanted(j, o, bad),
			    .reached = reached, .arg = &t };
	bool found;

	*out = (struct witness_replay){ .why = NULL };
	if (o->unbound.i)
		return false;
	j->e.client = listener(&all);
	found = replay_run(&j->e, &r);
	j->e.client = all;
	return found;
}
