/* SPDX-License-Identifier: MIT */
/*
 * Calls: a model from the data files, a summary of a body in this unit, or
 * nothing known. A call whose summary has several cases gives one state, with
 * the cases told apart by a selector symbol, unless the monitors differ.
 */
#include "engine/cells.h"
#include "engine/moved.h"
#include "engine/mark.h"
#include "engine/replay.h"

#include "base/buffer.h"

#include <string.h>

#define ARGS_MAX 64
#define ERRNO_MAX 4095	/* include/linux/err.h */
#define MAX_ERRNO 4095
#define ARG_SPLITS 2	/* arguments that are looked at one object after the other */
#define TARGETS_MAX 16	/* functions behind a member; more are as good as unknown */

struct call {
	struct fun *f;
	const struct state *s;
	const struct ir_insn *i;
	uint64_t site;
	ir_fn callee;
	const char *name;
	word_id args[ARGS_MAX];
	unsigned nargs;
	struct partitions *out;
};

static uint8_t ret_width(const struct call *c)
{
	return c->i->dst == IR_NONE ? 0 : c->i->width;
}

static ir_rec ret_pointee(const struct call *c)
{
	const struct ir_type *t;

	if (c->i->dst == IR_NONE)
		return IR_NONE;
	t = &c->f->body->temps.v[c->i->dst].type;
	return t->kind == IR_T_PTR ? t->rec : IR_NONE;
}

/* The result of a call that nothing is known of; it comes from its pointer arguments. */
static word_id fresh_result(const struct call *c, enum sym_origin origin)
{
	struct symbol *k;
	sym_id id;

	if (!ret_width(c))
		return WORD_NONE;
	id = site_symbol(c->f, c->site, 0, ret_width(c), origin, ret_pointee(c), c->i->loc);
	k = &c->f->e->syms.v.v[id.i];
	for (unsigned n = 0; n < c->nargs; n++) {
		int64_t delta;
		sym_id s;

		if (word_as_symoff(c->f->e->dom, c->args[n], &s, &delta))
			symbol_add_parent(k, s);
	}
	return PLANT(120, word_sym(c->f->e->dom, id), word_const(c->f->e->dom, 0, ret_width(c)));
}

/* Of a state that was split off by the result: 0 where it can be nothing else. */
static word_id settled(const struct call *c, const struct state *s, word_id ret)
{
	struct dom *d = c->f->e->dom;

	if (word_is_none(ret) || !cond_entails(d, s->pc, bit_not(d, word_nonzero(d, ret))))
		return ret;
	return word_const(d, 0, word_width(d, ret));
}

static void emit(struct call *c, struct state *s, word_id ret)
{
	const struct engine_client *cl = &c->f->e->client;
	struct state other = { 0 };

	if (cl->on_result && c->callee != IR_NONE &&
	    cl->on_result(cl->arg, c->f, s, &other, c->callee, c->args, c->nargs, ret, c->i->loc)) {
		array_push(&other.temps, settled(c, &other, ret));
		partitions_add(c->f, c->out, &other);
		ret = settled(c, s, ret);
	}
	array_push(&s->temps, ret);
	partitions_add(c->f, c->out, s);
}

/*
 * An error number as a pointer: a value of its own, which is null where the number is 0, and
 * else one of the last page, whatever is known of the number.
 */
static word_id error_result(struct call *c, struct state *s)
{
	struct dom *d = c->f->e->dom;
	word_id arg = c->nargs ? c->args[0] : WORD_NONE, w, alt[WORD_CHOICES];
	bit_id guard[WORD_CHOICES], nz, is_zero;

	if (word_is_none(arg) || word_width(d, arg) != ret_width(c) ||
	    word_choices(d, arg, alt, guard) > 1 || word_is_const(d, arg, &(uint64_t){ 0 }))
		return word_is_none(arg) || word_width(d, arg) != ret_width(c) ?
		       fresh_result(c, ORIGIN_UNKNOWN) : arg;
	w = fresh_result(c, ORIGIN_UNKNOWN);
	nz = word_nonzero(d, w);
	is_zero = bit_not(d, word_nonzero(d, arg));
	if (is_zero.i != BIT_TOP.i)
		s->pc = cond_and(d, s->pc, bit_xor(d, nz, is_zero), 0);
	s->pc = cond_and(d, s->pc,
			 bit_or(d, bit_not(d, nz),
				word_cmp(d, IR_ULE, word_const(d, (uint64_t)-ERRNO_MAX, ret_width(c)),
					 w)), 0);
	return w;
}

/* What the pointer arguments point to may have changed. */
static void clobber_args(struct call *c, struct state *s)
{
	for (unsigned n = 0; n < c->nargs; n++) {
		struct access a = { .ptr = c->args[n], .width = 8, .rec = IR_NONE, .site = c->site,
				    .loc = c->i->loc, .pointee = IR_NONE };
		struct target t[MEM_TARGETS];
		unsigned k;

		if (!unseen_is_pointer(c->f, c->i, n))
			continue;
		k = mem_targets(c->f, s, &a, t);
		for (unsigned i = 0; i < k; i++) {
			mem_clobber_object(c->f, s, t[i].root);
			if (!mem_is_private(c->f, s, t[i].root))
				mem_clobber(c->f, s);
		}
	}
}

static void doubt_args(struct call *c, struct state *s)
{
	for (unsigned n = 0; n < c->nargs; n++) {
		int64_t delta;
		sym_id root;

		if (word_as_symoff(c->f->e->dom, c->args[n], &root, &delta))
			locking_doubt_object(s, root);
	}
}

/* It calls itself: what it stores is judged where it does. */
static bool is_running(const struct call *c)
{
	return c->callee != IR_NONE &&
	       c->f->e->unit->funcs.v[c->callee].flags & IR_FN_HAS_BODY &&
	       engine_summary(c->f->e, c->callee)->running;
}

/* What the function may store through its arguments. */
static void tell_unseen(struct call *c, const struct model_func *m, struct state *s)
{
	struct unseen u = { .by = "a function behind a pointer", .loc = c->i->loc,
			    .through = WORD_NONE,
			    .sure = m && m->effect == MODEL_EFFECT_ARGS };
	struct buffer b = BUFFER_INIT;

	if ((m && m->effect == MODEL_EFFECT_NONE) || is_running(c))
		return;
	if (c->callee != IR_NONE) {
		buffer_printf(&b, "'%s'", c->name);
		u.by = buffer_str(&b);
	} else {
		u.through = value_of(c->f, c->i->a);
	}
	unseen_stores(c->f, s, c->i, c->site, &u);
	buffer_release(&b);
}

/* For its caller, of an object that it is led to. */
static bool may_take_lock(const struct call *c)
{
	for (unsigned n = 0; n < c->nargs; n++) {
		int64_t delta;
		sym_id s;

		if (c->callee == IR_NONE ||
		    (!word_is_none(c->args[n]) &&
		     word_width(c->f->e->dom, c->args[n]) == c->f->e->unit->ptr_width &&
		     word_as_symoff(c->f->e->dom, c->args[n], &s, &delta)))
			return true;
	}
	return c->callee == IR_NONE;
}

static void call_unknown(struct call *c, const struct model_func *m)
{
	struct state s = { 0 };

	state_copy(&s, c->s);
	tell_unseen(c, m, &s);
	if (!m || m->effect == MODEL_EFFECT_UNSAID) {
		for (unsigned n = 0; n < c->nargs; n++)
			mem_publish(c->f, &s, c->args[n], SYM_NONE);
		mem_clobber(c->f, &s);
		if (c->callee == IR_NONE)
			doubt_args(c, &s);
		if (may_take_lock(c))
			lockset_doubt_given(&s);
	} else if (m->effect == MODEL_EFFECT_ARGS) {
		clobber_args(c, &s);
	}
	if (m && m->returns_error && ret_width(c))
		emit(c, &s, error_result(c, &s));
	else if (m && m->returns_arg >= 0 && (unsigned)m->returns_arg < c->nargs && ret_width(c))
		emit(c, &s, c->args[m->returns_arg]);
	else
		emit(c, &s, fresh_result(c, m && m->effect != MODEL_EFFECT_UNSAID ? ORIGIN_ENV :
					 ORIGIN_UNKNOWN));
}

/* True where the bits of the flag expression are known to be set in the argument. */
static bool flag_is_set(struct call *c, const struct model_func *m)
{
	uint64_t flags, want;

	if (m->zero_flag_arg < 0 || (unsigned)m->zero_flag_arg >= c->nargs || !m->zero_flag)
		return false;
	want = engine_constant(c->f->e, m->zero_flag);
	for (unsigned i = 0; i < word_width(c->f->e->dom, c->args[m->zero_flag_arg]); i++) {
		flags = want >> i & 1;
		if (flags && !bit_same(word_bit(c->f->e->dom, c->args[m->zero_flag_arg], i), BIT_1))
			return false;
	}
	return want != 0;
}

/* NULL, or a pointer that is an error; what was allocated is none. */
static word_id failed_alloc(struct call *c, const struct model_func *m, word_id object,
			    struct state *s)
{
	struct dom *d = c->f->e->dom;
	uint8_t width = ret_width(c);
	word_id first = word_const(d, (uint64_t)-MAX_ERRNO, width), error;

	if (!m->error_pointer)
		return word_const(d, 0, width);
	error = word_sym(d, site_symbol(c->f, c->site, 2, width, ORIGIN_ENV, IR_NONE, c->i->loc));
	s->pc = cond_and(d, s->pc, word_cmp(d, IR_ULE, first, error), 0);
	s->pc = cond_and(d, s->pc, word_cmp(d, IR_ULT, object, first), 0);
	return error;
}

static void call_alloc(struct call *c, const struct model_func *m)
{
	struct dom *d = c->f->e->dom;
	struct symbol key = symbol_key(SYM_K_HEAP, c->f->id, ret_width(c));
	struct class any = { IR_NONE, 0, 0 };
	struct state s = { 0 };
	word_id ret;
	sym_id heap;

	if (ret_width(c) != c->f->e->unit->ptr_width) {
		call_unknown(c, m);
		return;
	}
	state_copy(&s, c->s);
	key.a = c->site;
	key.rec = ret_pointee(c);
	key.loc = c->i->loc;
	heap = symbol_get(&c->f->e->syms, &key);
	mem_write(c->f, &s, heap, 0, (uint64_t)1 << 38,
		  m->zeroed || flag_is_set(c, m) ? CELL_ZERO : CELL_UNKNOWN, WORD_NONE, any);
	ret = word_sym(d, heap);
	if (m->may_fail) {
		sym_id ok = site_symbol(c->f, c->site, 1, 1, ORIGIN_ENV, IR_NONE, c->i->loc);

		ret = word_ite(d, bit_atom(d, atom_make(ok, 0)), ret,
			       failed_alloc(c, m, ret, &s));
	}
	emit(c, &s, ret);
}

/* Cells that a case wrote, to find two that are one in the caller. */
struct written { sym_id root; int64_t off; uint64_t width; };

struct apply {
	struct call *c;
	struct inst *in;
	struct state *t;
	Array(struct written) done;
	bool elements;		/* some cell is one of an array */
};

/* Two cells of the callee that are one of the caller: either may have been last. */
static bool was_written(struct apply *a, sym_id root, int64_t off, uint64_t width)
{
	for (uint32_t i = 0; i < a->done.n; i++) {
		const struct written *w = &a->done.v[i];

		if (w->root.i == root.i && w->off < off + (int64_t)width &&
		    off < w->off + (int64_t)w->width)
			return true;
	}
	return false;
}

/*
 * A number that is not known gets a name, so that where the cases of the callee meet, what
 * the others say is kept for them. What may be a pointer has none: its type is not known.
 */
static word_id name_unknown(struct apply *a, const struct cell *cell, sym_id root, int64_t off)
{
	struct fun *f = a->c->f;

	if (cell->class.rec == IR_NONE || cell->width >= f->e->unit->ptr_width)
		return WORD_NONE;
	return word_sym(f->e->dom, site_symbol(f, a->c->site, site_slot(root, off, 4),
					       (uint8_t)cell->width, ORIGIN_UNKNOWN, IR_NONE,
					       a->c->i->loc));
}

/* The pointer that the callee has moved or lost. moved: that is so here too. */
static void apply_from(struct apply *a, const struct cell *cell, sym_id root, int64_t off,
		       bool moved)
{
	struct fun *f = a->c->f;
	word_id from = inst_word(a->in, cell->from);

	cells_set_from(a->t, root, off, (uint32_t)cell->width, from);
	if (cell->kind != CELL_WORD)
		return;
	mem_publish(f, a->t, from, root);
	if (!moved || !moved_is_in_one(&f->e->syms, from))
		state_lose_pointers(a->t, &f->e->syms, from);
}

static void apply_cell(struct apply *a, const struct cell *cell, const struct access *acc,
		       const struct target *t, word_id val, word_id own)
{
	struct fun *f = a->c->f;
	enum cell_kind kind = cell->kind;
	sym_id root = t->root;
	int64_t off = t->off;
	bit_id guard = t->guard;
	bool is_lost = was_written(a, root, off, cell->width);

	if (!word_is_none(own) && PLANT(134, mem_is_private(f, a->t, root), true)) {
		kind = CELL_WORD;
		val = own;
		own = WORD_NONE;
	}
	if (is_lost)
		kind = CELL_UNKNOWN;
	else if (kind == CELL_WORD && PLANT(109, !bit_same(guard, BIT_1), false))
		val = word_ite(f->e->dom, guard, val,
			       mem_load_root(f, a->t, root, off, (uint32_t)cell->width, acc));
	else if (kind != CELL_WORD && !bit_same(guard, BIT_1))
		kind = CELL_UNKNOWN;
	if (kind == CELL_UNKNOWN) {
		val = name_unknown(a, cell, root, off);
		kind = word_is_none(val) ? CELL_UNKNOWN : CELL_WORD;
	}
	array_push(&a->done, (struct written){ root, off, cell->width });
	a->elements |= symbol_info(&f->e->syms, root)->kind == SYM_K_ELEM;
	if (a->elements)
		mem_drop_elements(f, a->t, root);
	mem_write_applied(f, a->t, t, cell, kind, val);
	if (!word_is_none(own) && !is_lost && bit_same(guard, BIT_1) &&
	    mem_is_maybe_callers(f, a->t, root))
		cells_set_own(a->t, root, off, (uint32_t)cell->width, own);
	if (kind == CELL_WORD)
		mem_publish(f, a->t, val, root);
	if (!word_is_none(cell->from))
		apply_from(a, cell, root, off, kind == cell->kind && bit_same(guard, BIT_1));
	if (cell->width <= 64 && f->e->client.on_written)
		f->e->client.on_written(f->e->client.arg, f, a->t, cell, root, off,
					kind == CELL_WORD ? val : WORD_NONE, a->c->i->loc);
}

static void apply_cells(struct apply *a, const struct state *exit)
{
	struct fun *f = a->c->f;

	a->elements = mem_has_elements(f, a->t);
	for (uint32_t i = 0; i < exit->cells.n; i++) {
		const struct cell *cell = &exit->cells.v[i];
		const struct symbol *k = symbol_info(&f->e->syms, cell->root);
		struct target t[MEM_TARGETS];
		struct access acc = { .rec = cell->class.rec, .recoff = cell->class.off,
				      .off = cell->off, .site = a->c->site, .loc = a->c->i->loc,
				      .pointee = IR_NONE };
		unsigned n;

		if (!cell->written || (k->kind == SYM_K_LOCAL && k->fn == a->c->callee))
			continue;
		acc.ptr = inst_symbol(a->in, cell->root);
		n = mem_targets(f, a->t, &acc, t);
		for (unsigned j = 0; j < n; j++)
			apply_cell(a, cell, &acc, &t[j], inst_word(a->in, cell->val),
				   inst_word(a->in, cell->own));
	}
}

static void apply_publication(struct apply *a, const struct publication *p)
{
	struct fun *f = a->c->f;
	word_id object = inst_symbol(a->in, p->object);
	struct access acc = { .site = a->c->site, .loc = a->c->i->loc, .pointee = IR_NONE };
	struct target t[MEM_TARGETS];
	unsigned n;

	if (!p->into.i) {
		mem_publish(f, a->t, object, SYM_NONE);
		return;
	}
	acc.ptr = inst_symbol(a->in, p->into);
	n = mem_targets(f, a->t, &acc, t);
	for (unsigned i = 0; i < n; i++)
		mem_publish(f, a->t, object, t[i].root);
}

static void apply_effects(struct apply *a, const struct state *exit)
{
	struct fun *f = a->c->f;

	/* First what became public: it may have been before others changed what they can reach. */
	for (uint32_t i = 0; i < exit->published.n; i++)
		apply_publication(a, &exit->published.v[i]);
	if (exit->clobber_all)
		mem_clobber(f, a->t);
	for (uint32_t i = 0; i < PLANT(110, exit->clobbered.n, 0); i++)
		mem_clobber_class(f, a->t, exit->clobbered.v[i]);
	if (PLANT(128, true, false))
		apply_cells(a, exit);
	locking_apply_summary(a->in, a->t, exit);
	marks_apply(a->in, a->t, exit);
}

/* The bits that select case k of n; the cases are exclusive and exhaustive. */
static bit_id selector(struct call *c, unsigned k, unsigned n)
{
	struct dom *d = c->f->e->dom;
	sym_id s = site_symbol(c->f, c->site, 7, 8, ORIGIN_ENV, IR_NONE, c->i->loc);
	bit_id b = BIT_1;

	for (unsigned i = 0; i < k; i++)
		b = bit_and(d, b, bit_not(d, bit_atom(d, atom_make(s, i))));
	return k + 1 == n ? b : bit_and(d, b, bit_atom(d, atom_make(s, k)));
}

/*
 * What is not known of the result of case k has a name before it meets that of another case:
 * the unknown bits of a number, and a pointer as a whole, which is a choice then. Of that
 * the sign is kept: it tells an error.
 */
static word_id name_result(struct call *c, struct state *t, word_id ret, unsigned k)
{
	struct dom *d = c->f->e->dom;
	uint8_t width = word_width(d, ret);
	word_id whole;
	bit_id sign;

	if (c->i->dst == IR_NONE || c->f->body->temps.v[c->i->dst].type.kind != IR_T_PTR)
		return site_complete(c->f, c->site, SYM_NONE, k, ret);
	whole = word_sym(d, site_symbol(c->f, c->site, site_slot(SYM_NONE, k, 4), width,
					ORIGIN_UNKNOWN, ret_pointee(c), c->i->loc));
	sign = word_bit(d, ret, width - 1u);
	if (bit_is_const(sign))
		t->pc = cond_and(d, t->pc, bit_not(d, bit_xor(d, word_bit(d, whole, width - 1u),
							      sign)), 0);
	return whole;
}

static void call_case(struct call *c, struct inst *in, const struct summary_case *sc, unsigned k,
		      unsigned n)
{
	struct dom *d = c->f->e->dom;
	struct state t = { 0 };
	struct apply a = { .c = c, .in = in, .t = &t };
	const struct cond *pc = inst_cond(in, sc->exit.pc);
	word_id ret = inst_word(in, PLANT(111, sc, engine_summary(c->f->e, c->callee)->cases)->ret);

	state_copy(&t, in->s);
	if (n > 1)
		t.pc = cond_and(d, t.pc, selector(c, k, n), 0);
	t.pc = cond_and_all(d, t.pc, pc);
	if (t.pc->unsat) {
		state_release(&t);
		return;
	}
	if (!word_is_none(ret) && word_has_top(d, ret) && !word_is_top(d, ret))
		ret = name_result(c, &t, ret, k);
	apply_effects(&a, &sc->exit);
	array_release(&a.done);
	c->f->e->client.on_case(c->f->e->client.arg, c->f, &t, sc->exit.monitor);
	emit(c, &t, ret_width(c) ? ret : WORD_NONE);
}

static void call_summary(struct call *c)
{
	const struct summary *sum = engine_summary(c->f->e, c->callee);
	struct state at = { 0 };
	struct inst in;

	c->f->body = &c->f->e->unit->funcs.v[c->f->id];
	/* Another unit may have a body in the place of a weak one. */
	if (sum->anything || sum->running ||
	    c->f->e->unit->funcs.v[c->callee].flags & IR_FN_WEAK) {
		call_unknown(c, NULL);
		return;
	}
	state_copy(&at, c->s);
	obligations_lift(c->f, &at, c->callee, c->args, c->nargs, c->site, c->i->loc);
	inst_begin(&in, c->f, &at, c->callee, c->args, c->nargs, c->site, c->i->loc);
	accesses_lift(c->f, &in);
	lock_uses_lift(&in);
	for (uint32_t k = 0; k < sum->ncases; k++)
		call_case(c, &in, &sum->cases[k], k, sum->ncases);
	inst_end(&in);
	state_release(&at);
}

static bool has_locks(const struct summary *sum)
{
	for (uint32_t k = 0; k < sum->ncases; k++)
		if (sum->cases[k].exit.held.n || sum->cases[k].exit.dropped.n)
			return true;
	return false;
}

/*
 * Of several objects that an argument may be, each has locks of its own: where the
 * callee takes or gives some, it is called with one after the other.
 */
static void call_body(struct call *c, unsigned splits)
{
	struct dom *d = c->f->e->dom;
	word_id alt[WORD_CHOICES];
	bit_id guard[WORD_CHOICES];
	unsigned n, k = 0;

	if (splits && has_locks(engine_summary(c->f->e, c->callee)))
		while (k < c->nargs && word_choices(d, c->args[k], alt, guard) < 2)
			k++;
	else
		k = c->nargs;
	if (k == c->nargs) {
		call_summary(c);
		return;
	}
	n = word_choices(d, c->args[k], alt, guard);
	for (unsigned i = 0; i < n; i++) {
		struct call one = *c;
		struct state s = { 0 };

		state_copy(&s, c->s);
		s.pc = cond_and(d, s.pc, guard[i], 0);
		one.s = &s;
		one.args[k] = alt[i];
		if (!s.pc->unsat)
			call_body(&one, splits - 1);
		state_release(&s);
	}
}

/* The function behind a constant pointer. */
static ir_fn constant_target(struct fun *f, const struct ir_insn *i)
{
	const struct symbol *k;
	int64_t delta;
	sym_id id;

	if (i->imm != IR_NONE)
		return i->imm;
	if (!word_as_symoff(f->e->dom, value_of(f, i->a), &id, &delta) || delta)
		return IR_NONE;
	k = symbol_info(&f->e->syms, id);
	return k->kind == SYM_K_FUNC ? (ir_fn)k->a : IR_NONE;
}

/* A gate lets a report through or not: two states, since what must follow differs. */
static void call_gate(struct call *c, const struct model_func *m)
{
	struct engine *e = c->f->e;
	word_id ret = fresh_result(c, ORIGIN_ENV);
	bit_id open = word_nonzero(e->dom, ret);

	for (unsigned side = 0; side < 2; side++) {
		struct state s = { 0 };

		state_copy(&s, c->s);
		s.pc = cond_and(e->dom, s.pc, side ? open : bit_not(e->dom, open), 0);
		e->client.on_gate(e->client.arg, c->f, &s, m->flavour, side);
		emit(c, &s, ret);
	}
}

static bool is_said_by_body(struct call *c)
{
	const struct symbol *k;
	int64_t delta;
	sym_id id;

	/* What a declaration says of a function comes with that function. */
	if (c->nargs < 2 || !word_as_symoff(c->f->e->dom, c->args[1], &id, &delta))
		return false;
	k = symbol_info(&c->f->e->syms, id);
	return k->kind == SYM_K_FUNC &&
	       c->f->e->unit->funcs.v[k->a].flags & IR_FN_HAS_BODY;
}

/* The word that the state of interrupts is saved in, or restored from. */
static word_id flags_of(const struct call *c, const struct model_lock *l, word_id ret)
{
	if (l->irq != MODEL_IRQ_SAVE)
		return WORD_NONE;
	if (l->flags_arg >= 0)
		return (unsigned)l->flags_arg < c->nargs ? c->args[l->flags_arg] : WORD_NONE;
	return l->success == MODEL_LOCK_ALWAYS ? ret : WORD_NONE;
}

/* One of the ways: where the lock was had, or not; taken is 1 where it was. */
static void lock_way(struct call *c, const struct model_func *m, word_id ptr, bit_id chosen,
		     word_id ret, bit_id taken, bool fails)
{
	struct dom *d = c->f->e->dom;
	struct state s = { 0 };

	state_copy(&s, c->s);
	s.pc = cond_and(d, s.pc, chosen, 0);
	s.pc = cond_and(d, s.pc, fails ? bit_not(d, taken) : taken, 0);
	if (fails && m->lock.fails_negative && !word_is_none(ret))
		s.pc = cond_and(d, s.pc, word_bit(d, ret, word_width(d, ret) - 1u), 0);
	if (s.pc->unsat) {
		state_release(&s);
		return;
	}
	if (m->effect == MODEL_EFFECT_ARGS)
		clobber_args(c, &s);
	if (!fails && !is_said_by_body(c))
		locking_apply(c->f, &s, &m->lock, ptr, flags_of(c, &m->lock, ret), c->site,
			      c->i->loc);
	emit(c, &s, ret);
}

/*
 * A lock is taken or given. Where it may fail, or only says whether it is held,
 * there are two states, told apart by the result. Where the pointer leads to one
 * of several locks there is one for each.
 */
static void call_lock(struct call *c, const struct model_func *m)
{
	const struct model_lock *l = &m->lock;
	struct dom *d = c->f->e->dom;
	bool splits = l->success != MODEL_LOCK_ALWAYS || l->op == MODEL_LOCK_TEST;
	word_id ret = fresh_result(c, ORIGIN_ENV);
	bit_id taken = word_is_none(ret) || !splits ? BIT_1 : word_nonzero(d, ret);
	word_id ptr = l->name ? locking_token(c->f, l->name) :
		      l->arg >= 0 && (unsigned)l->arg < c->nargs ? c->args[l->arg] : WORD_NONE;
	word_id alt[WORD_CHOICES] = { ptr };
	bit_id guard[WORD_CHOICES] = { BIT_1 };
	unsigned n = word_is_none(ptr) ? 1 : word_choices(d, ptr, alt, guard);

	if (l->success == MODEL_LOCK_ZERO && !word_is_none(ret))
		taken = bit_not(d, taken);
	for (unsigned k = 0; k < n; k++) {
		lock_way(c, m, alt[k], guard[k], ret, taken, false);
		if (splits)
			lock_way(c, m, alt[k], guard[k], ret, word_is_none(ret) ? BIT_0 : taken, true);
	}
}

/* What a release model says of the argument: nobody reaches the object after this. */
static void note_freed(struct call *c, const struct model_func *m, struct state *s)
{
	struct lock_ref ref;

	if ((unsigned)m->free_arg < c->nargs && lock_of_word(c->f, c->args[m->free_arg], &ref))
		state_free(s, ref.root);
}

static void call_on_route(struct call *c)
{
	const struct call_site site = { c->f, c->s, c->i, c->site, c->callee, c->args, c->nargs };

	if (!route_enter(&site))
		call_unknown(c, NULL);
}

static void call_known(struct call *c)
{
	struct engine *e = c->f->e;
	const struct model_func *m = model_func(e->model, c->name);
	bool body = e->unit->funcs.v[c->callee].flags & IR_FN_HAS_BODY;
	struct state s = { 0 };

	state_copy(&s, c->s);
	e->client.on_call(e->client.arg, c->f, &s, c->callee, c->args, c->nargs, c->i->loc);
	c->s = &s;
	if (m && m->noreturn) {
		state_release(&s);
		return;
	}
	if (m && m->is_report)
		e->client.on_report(e->client.arg, c->f, &s, m->flavour, c->i->loc);
	if (m && m->is_free)
		note_freed(c, m, &s);
	if (m && m->publishes_arg >= 0 && (unsigned)m->publishes_arg < c->nargs)
		mem_publish(c->f, &s, c->args[m->publishes_arg], SYM_NONE);
	if (m && m->lock.op)
		call_lock(c, m);
	else if (m && m->is_gate && ret_width(c))
		call_gate(c, m);
	else if (m && m->is_alloc)
		call_alloc(c, m);
	else if (m && m->effect != MODEL_EFFECT_UNSAID)
		call_unknown(c, m);
	else if (c->f->route && body)
		call_on_route(c);
	else if (body)
		call_body(c, ARG_SPLITS);
	else
		call_unknown(c, m);
	state_release(&s);
}

/*
 * A call through a member of which all, or some, of the functions are known that
 * can stand there: it is a call of each. Where others may, it is an unknown one too.
 */
static bool call_targets(struct call *c)
{
	const struct slot_targets *t = c->f->e->targets ?
				       targets_of(c->f->e->targets, c->i) : NULL;

	if (!t || !t->fns.n || t->fns.n > TARGETS_MAX)
		return false;
	for (uint32_t k = 0; k < t->fns.n; k++) {
		struct call one = *c;

		one.callee = t->fns.v[k];
		one.name = intern_get(&c->f->e->unit->names,
				      c->f->e->unit->funcs.v[one.callee].name);
		call_known(&one);
	}
	if (t->open)
		call_unknown(c, NULL);
	return true;
}

void call_execute(struct fun *f, const struct state *s, const struct ir_insn *i, uint64_t site,
		  struct partitions *out)
{
	struct call c = { .f = f, .s = s, .i = i, .site = site, .out = out, .name = "" };

	c.nargs = i->nargs < ARGS_MAX ? i->nargs : ARGS_MAX;
	for (unsigned n = 0; n < c.nargs; n++)
		c.args[n] = value_of(f, f->body->args.v[i->args + n]);
	c.callee = constant_target(f, i);
	/* What it does before it ends is to be seen all the same. */
	if (i->flags & IR_F_NORETURN &&
	    (c.callee == IR_NONE || !(f->e->unit->funcs.v[c.callee].flags & IR_FN_HAS_BODY)))
		return;
	if (c.callee == IR_NONE) {
		if (!call_targets(&c))
			call_unknown(&c, NULL);
		return;
	}
	c.name = intern_get(&f->e->unit->names, f->e->unit->funcs.v[c.callee].name);
	call_known(&c);
}
