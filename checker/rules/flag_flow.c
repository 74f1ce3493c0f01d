/* SPDX-License-Identifier: MIT */
/*
 * Template flag-flow: at each sink, "require" holds on every path; and two-sided,
 * which is one with an expression of its own for each of its two sinks.
 *
 * The expression is a function of the unit; it is evaluated in the state at
 * the sink. Each of its ways to 0 that is feasible there is an obligation. An
 * init-only field counts with the value that it has when its object is
 * published (FINAL), so that a sink on an object under construction is judged
 * by what the object becomes.
 */
#include <string.h>

#include "engine/moved.h"
#include "ir/span.h"
#include "rules/evaluate.h"
#include "rules/sources.h"
#include "rules/taint.h"

#define EXIT_SITE ((uint64_t)1 << 42)	/* what is read of the state at a return */

struct sink {
	struct judge *j;
	struct docket *d;
	const struct bound_sink *at;
	struct fun *f;
	struct state *s;
	const struct store_event *e;
	word_id args[BOUND_NAMES + 2];	/* of the expression: val, from where it has one, names */
	unsigned first;			/* the first name among them */
	sym_id unbound;
};

static unsigned first_name(const struct bound_sink *at)
{
	return at->from.rec == IR_NONE ? 1 : 2;
}

/* A value of the field as the expression's parameter has it: a small field is promoted. */
static word_id promoted(struct sink *k, unsigned param, const struct class *c, word_id val)
{
	const struct ir_func *f = &k->j->e.unit->funcs.v[k->at->expr];
	uint8_t width = f->nparams > param ? f->locals.v[param].type.width : 0, has;
	const struct ir_field *field = NULL;

	has = word_width(k->j->e.dom, val);
	if (!width || has == width)
		return val;
	if (has > width)
		return word_conv(k->j->e.dom, IR_TRUNC, width, val);
	if (c->rec != IR_NONE)
		field = ir_field_at(k->j->e.unit, c->rec, c->off, c->width, &(ir_rec){ 0 },
				    &(uint64_t){ 0 });
	return word_conv(k->j->e.dom, field && field->type.is_signed ? IR_SEXT : IR_ZEXT, width,
			 val);
}

static void evaluate(struct sink *k, word_id val, bool wanted, struct evaluation *ev)
{
	k->args[0] = promoted(k, 0, &k->at->class, val);
	evaluation_run(ev, k->j, k->f, k->s, k->at->expr, k->args,
		       k->first + k->d->bound.rule->nbind, true, wanted);
}

/* ------------------------------------------------------------- the obligation */

/* What is wrong is not, where the rule holds of the other value. */
static bool refuted_by(struct sink *k, const struct cond *bad, word_id other)
{
	struct evaluation good;

	if (word_is_none(other))
		return false;
	evaluate(k, other, true, &good);
	if (good.overflow)
		return false;
	for (unsigned i = 0; i < good.n; i++) {
		const struct cond *c = cond_and_all(k->j->e.dom, bad, good.cond[i]);

		if (!c->unsat && !cond_unsat(k->j->e.dom, c, &good.focus[i], 1))
			return false;
	}
	return true;
}

/* The content of a variable, or of what is passed by value, is no object's: it can be anything. */
static bool is_of_variable(const struct sink *k, sym_id content)
{
	const struct symbols *syms = &k->j->e.syms;
	const struct symbol *s = symbol_info(syms, content);
	const struct ir_func *f;

	s = symbol_info(syms, symbol_object(syms, s->kind == SYM_K_SITE ? s->read_of : s->base));
	if (s->kind != SYM_K_PARAM || s->fn == IR_NONE)
		return s->kind == SYM_K_LOCAL;
	f = &k->j->e.unit->funcs.v[s->fn];
	return s->a < f->nparams && f->locals.v[s->a].type.kind == IR_T_AGG;
}

/*
 * The value is made of what another such field holds, and is right if that is. It was stored
 * under the same rule, but for its own object, and whether that is this one is not known: the
 * reason for it. 0: nothing of the kind.
 */
static uint32_t rests_on_another(struct sink *k, const struct cond *bad)
{
	struct arena *a = &k->j->report->arena;
	struct sources s;
	bool rests = false;

	if (!k->at->at->record || word_is_none(k->e->val))
		return 0;
	s = sources_of(k->j, &k->at->class, k->e->val);
	for (unsigned i = 0; i < s.n && !rests; i++)
		rests = !is_of_variable(k, s.found[i]) &&
			refuted_by(k, bad, word_sym(k->j->e.dom, s.found[i]));
	if (!rests)
		return 0;
	return ir_reason_add(k->j->e.unit, IR_R_CONSTRUCT,
			     arena_printf(a, "the value is made of another '%s.%s', and of which object "
					  "that is is not known", k->at->at->record, k->at->at->field),
			     k->e->loc);
}

static void oblige(struct sink *k, const struct evaluation *ev, unsigned i)
{
	struct dom *d = k->j->e.dom;
	struct premises why = { .n = 0 };
	struct obligation o = {
		.rule = k->d->bound.number, .fn = k->f->id, .loc = k->e->loc,
		.unbound = k->unbound, .unseen = k->e->unseen,
	};

	if (k->e->from_call) {
		o.fn = k->e->fn;
		o.hops = k->e->hops;
		o.nhops = k->e->nhops;
	}
	evaluation_oblige(ev, i, &o, &why);
	o.pending.ptr = k->e->ptr;
	o.pending.class = k->at->class;
	if (!o.bad->unsat && !cond_unsat(d, o.bad, NULL, 0)) {
		/* Induction: what the entry held before was stored under the same rule. */
		if (refuted_by(k, o.bad, k->e->old))
			return;
		if (!o.unseen)
			o.unseen = rests_on_another(k, o.bad);
	}
	engine_oblige(k->f, &o, &why);
}

static void check(struct sink *k, word_id val)
{
	struct evaluation ev;

	evaluate(k, val, false, &ev);
	if (ev.overflow)
		docket_reason(k->j, k->d, "the rule's expression has too many cases");
	for (unsigned i = 0; i < ev.n; i++)
		oblige(k, &ev, i);
}

/* What is stored to is such an object, as a member of another record. */
static unsigned own_object(const struct sink *k, unsigned name, word_id *out)
{
	const struct store_event *e = k->e;
	ir_rec rec = k->d->bound.names[name], of = symbol_info(&k->j->e.syms, e->root)->rec;

	if (rec == IR_NONE || e->is_range || !e->root.i || e->class.rec != rec || of == IR_NONE ||
	    of == rec || !ir_record_at(k->j->e.unit, rec, of, e->off - (int64_t)e->class.off))
		return 0;
	*out = word_symoff(k->j->e.dom, e->root, (e->off - (int64_t)e->class.off) / 8);
	return 1;
}

/* Every combination of the objects that the names can stand for, name by name. */
static void check_bound(struct sink *k, unsigned name, word_id val)
{
	const struct bound_rule *b = &k->d->bound;
	word_id to[4];
	unsigned n;

	if (name == b->rule->nbind) {
		check(k, val);
		return;
	}
	n = own_object(k, name, to);
	if (!n)
		n = bind_values(b, name, k->f, k->s, k->e->ptr, to, 4);
	for (unsigned i = 0; i < n; i++) {
		k->args[k->first + name] = to[i];
		check_bound(k, name + 1, val);
	}
	if (!n) {
		k->args[k->first + name] = word_sym(k->j->e.dom, b->symbols[name]);
		k->unbound = b->symbols[name];
		check_bound(k, name + 1, val);
		k->unbound = SYM_NONE;
	}
}

/* The whole value of the field after the store, which may write a part of it. */
static word_id stored_value(struct sink *k)
{
	struct dom *d = k->j->e.dom;
	const struct class *field = &k->at->class, *c = &k->e->class;

	if (!k->at->at->record || k->e->is_any)
		return k->e->val;
	if (k->e->is_range)
		return range_value(k->j, k->e, field);
	/* The type of the access says nothing where it is another's: its width does. */
	if ((c->rec != field->rec || c->off == field->off) && c->width == field->width)
		return k->e->val;
	if (c->rec != field->rec)
		return word_top(d, (uint8_t)field->width);
	if (c->off < field->off || c->off + c->width > field->off + field->width)
		return word_top(d, (uint8_t)field->width);
	return word_insert(d, word_top(d, (uint8_t)field->width), (unsigned)(c->off - field->off),
			   k->e->val);
}

static bool is_left_out(struct sink *k, word_id val)
{
	return k->at->not_from.rec != IR_NONE && sources_of(k->j, &k->at->not_from, val).n;
}

/* What is stored is not known, and by the look of the code it can be made of the content. */
static void check_lost(struct sink *k)
{
	struct arena *a = &k->j->report->arena;
	struct obligation o = { .rule = k->d->bound.number, .fn = k->f->id, .loc = k->e->loc,
				.bad = k->s->pc };
	struct premises why = { .n = 0 };

	if (k->e->width < k->at->from.width ||
	    !taint_leaves(k->j, k->f, k->e->from_call ? 0 : k->e->loc, &k->at->from))
		return;
	if (k->e->from_call) {
		o.fn = k->e->fn;
		o.hops = k->e->hops;
		o.nhops = k->e->nhops;
	}
	*map_put(&k->d->sinks, k->e->loc) = 1;
	o.unseen = ir_reason_add(k->j->e.unit, IR_R_CONSTRUCT,
				 arena_printf(a, "what is stored is not known, and may be made of "
					      "'%s.%s'", k->at->at->from_record,
					      k->at->at->from_field),
				 k->e->loc);
	premises_add_cond(&why, o.bad);
	engine_oblige(k->f, &o, &why);
}

/* A sink with from: is one for each such content that the value is made of. */
static void check_sources(struct sink *k)
{
	word_id val = stored_value(k);
	struct sources s;

	if (is_left_out(k, val))
		return;
	if (!k->at->at->from_record) {
		*map_put(&k->d->sinks, k->e->loc) = 1;
		check_bound(k, 0, val);
		return;
	}
	s = sources_of(k->j, &k->at->from, val);
	if (!s.n && s.lost)
		check_lost(k);
	for (unsigned i = 0; i < s.n; i++) {
		*map_put(&k->d->sinks, k->e->loc) = 1;
		k->args[1] = promoted(k, 1, &k->at->from, word_sym(k->j->e.dom, s.found[i]));
		check_bound(k, 0, val);
	}
}

/* ------------------------------------------------------------------- the events */

static struct sink sink_begin(struct judge *j, struct docket *d, unsigned n, struct fun *f,
			      struct state *s, const struct store_event *e)
{
	const struct bound_sink *at = &d->bound.sinks[n];

	return (struct sink){ j, d, at, f, s, e, { WORD_NONE }, first_name(at), SYM_NONE };
}

/* A scalar, or a record that only wraps one, such as atomic64_t. */
static bool is_wrapper(const struct judge *j, ir_rec rec)
{
	return rec == IR_NONE || j->e.unit->records.v[rec].size <= 64;
}

/* A side of two-sided is not entered by counting down; that a counter wraps is left out. */
static bool lowers(struct judge *j, const struct store_event *e)
{
	sym_id from, to;
	int64_t before, after;

	return !word_is_none(e->old) && word_as_symoff(j->e.dom, e->old, &from, &before) &&
	       word_as_symoff(j->e.dom, e->val, &to, &after) && from.i == to.i && after <= before;
}

/* A pointer to a scalar that comes from outside: the callers know what it points to. */
static bool is_of_callers(const struct judge *j, sym_id root)
{
	const struct symbol *k = symbol_info(&j->e.syms, symbol_object(&j->e.syms, root));

	/* What the pointer points to is known: no caller knows more of it. */
	return is_wrapper(j, k->rec) && (k->kind == SYM_K_PARAM || k->kind == SYM_K_CELL);
}

#define ANCESTORS 3	/* of a pointer, that are looked at */

static void defer_to(struct judge *j, struct fun *f, const struct obligation *o,
		     const struct target *t, unsigned depth)
{
	struct obligation n = *o;
	struct target to[MADE_OF];
	unsigned k;

	if (is_of_callers(j, t->root)) {
		n.pending.root = t->root;
		n.pending.off = t->off;
		engine_oblige(f, &n, NULL);
		return;
	}
	k = depth ? moved_targets(&j->e.syms, t->root, t, to) : 0;
	n.may = true;
	for (unsigned i = 0; i < k; i++) {
		n.pending.ptr = word_symoff(j->e.dom, to[i].root, to[i].off / 8);
		defer_to(j, f, &n, &to[i], depth - 1);
	}
}

static void defer(struct judge *j, struct fun *f, struct state *s, const struct store_event *e)
{
	struct obligation o = { .rule = UINT32_MAX, .bad = s->pc, .fn = f->id, .loc = e->loc,
				.is_pending = true, .pending = *e };

	if (e->is_any && e->outer != IR_NONE)
		return;
	if (!is_wrapper(j, e->class.rec))
		return;
	if (e->from_call) {
		o.fn = e->fn;
		o.hops = e->hops;
		o.nhops = e->nhops;
	}
	defer_to(j, f, &o, &(struct target){ e->root, e->off, BIT_1 }, ANCESTORS);
}

/* By the type of what the pointer points to, whatever type the access has. */
static bool root_matches(struct judge *j, const struct bound_sink *sink,
			 const struct store_event *e)
{
	const struct symbol *k = symbol_info(&j->e.syms, e->root);
	struct class c;

	while (k->rec == IR_NONE && k->kind == SYM_K_ELEM)
		k = symbol_info(&j->e.syms, k->base);
	if (k->rec == IR_NONE || e->off < 0)
		return false;
	c = engine_class(&j->e, k->rec, (uint64_t)e->off, e->width);
	return c.rec == sink->class.rec && class_overlaps(c, sink->class);
}

/* By the member as it is written: the same place can have another name in a union. */
static bool names_member(const struct bound_sink *sink, const struct store_event *e)
{
	return e->outer == sink->class.rec && e->outer_off == sink->class.off &&
	       e->width == sink->class.width;
}

/* A pointer without a type was made from one to the record. */
static bool comes_from(struct judge *j, const struct bound_sink *sink, const struct store_event *e)
{
	const struct symbol *k = symbol_info(&j->e.syms, e->root);

	if (e->class.rec != IR_NONE || k->kind != SYM_K_SITE || (e->is_range && k->rec != IR_NONE))
		return false;
	for (uint8_t i = 0; i < k->nparents; i++)
		if (symbol_info(&j->e.syms, k->parent[i])->rec == sink->class.rec)
			return true;
	return false;
}

/*
 * The range has the field in it, by the type of the pointer or by what it points to. Who knows
 * the record is judged by himself, where he is.
 */
static bool covers(struct judge *j, const struct store_event *e, const struct class *field)
{
	if (e->typed && !is_wrapper(j, field->rec))
		return false;
	return range_covers(j, e, field);
}

/*
 * The store may be to the field: by its type, by the type of the object, by its name, or,
 * through a pointer without type and origin of its own, by the type of what
 * the pointer was made from.
 */
static bool may_be_sink(struct judge *j, const struct bound_sink *sink,
			const struct store_event *e)
{
	if (sink->at->kind != AT_STORE)
		return false;
	if (!sink->at->record)
		return !e->is_any && e->width >= sink->from.width;
	if (sink->class.rec == IR_NONE)
		return false;
	if (e->is_range)
		return covers(j, e, &sink->class) || comes_from(j, sink, e);
	if (e->class.rec == sink->class.rec && class_overlaps(sink->class, e->class))
		return true;
	if (root_matches(j, sink, e) || names_member(sink, e))
		return true;
	return comes_from(j, sink, e);
}

/* Of what the type says, which may be a union: some of it is an array that has the bit. */
static bool is_in_array(const struct ir_unit *u, const struct ir_type *t, uint64_t off)
{
	const struct ir_record *r;

	if (t->kind != IR_T_AGG || t->elem_size || t->rec == IR_NONE)
		return t->kind == IR_T_AGG && t->elem_size;
	r = &u->records.v[t->rec];
	for (uint32_t i = 0; i < r->fields.n; i++) {
		const struct ir_field *f = &r->fields.v[i];

		if (f->off <= off && off < f->off + f->width &&
		    is_in_array(u, &f->type, off - f->off))
			return true;
	}
	return false;
}

/*
 * A variable: of the function, that nobody else sees, or of the unit, unless it
 * is in an array. What it is copied to is the sink.
 */
static bool is_variable(struct judge *j, struct fun *f, struct state *s,
			const struct store_event *e)
{
	sym_id object = symbol_object(&j->e.syms, e->root);
	const struct symbol *k = symbol_info(&j->e.syms, object);

	if (k->kind == SYM_K_GLOBAL)
		return object.i == e->root.i && e->off >= 0 &&
		       !is_in_array(j->e.unit, &j->e.unit->globals.v[k->a].type, (uint64_t)e->off);
	return k->kind == SYM_K_LOCAL && mem_is_private(f, s, object);
}

void flag_flow_store(struct judge *j, struct fun *f, struct state *s, const struct store_event *e)
{
	bool known = false, variable;

	if (!f->emitting)
		return;
	variable = is_variable(j, f, s, e);
	for (uint32_t i = 0; i < j->ndockets; i++) {
		struct docket *d = &j->dockets[i];

		for (unsigned n = 0; d->bound.usable && n < d->bound.nsinks; n++) {
			struct sink k = sink_begin(j, d, n, f, s, e);

			if (!may_be_sink(j, k.at, e) || (variable && !k.at->at->variables))
				continue;
			known |= k.at->at->record != NULL;
			if (!docket_covers(j, d, e->from_call ? e->fn : f->id))
				continue;
			if (d->bound.rule->template == RULE_TWO_SIDED && lowers(j, e))
				*map_put(&d->sinks, e->loc) = 1;
			else
				check_sources(&k);
		}
	}
	if (!known && !variable)
		defer(j, f, s, e);
}

void flag_flow_call(struct judge *j, struct fun *f, struct state *s, ir_fn callee,
		    const word_id *args, unsigned nargs, ir_loc loc)
{
	struct store_event e = { .loc = loc };

	if (!f->emitting)
		return;
	for (uint32_t i = 0; i < j->ndockets; i++) {
		struct docket *d = &j->dockets[i];

		for (unsigned n = 0; d->bound.usable && n < d->bound.nsinks; n++) {
			struct sink k = sink_begin(j, d, n, f, s, &e);
			word_id val;

			if (!bind_is_call(k.at, j->e.unit, callee) ||
			    k.at->at->argument >= nargs || !docket_covers(j, d, f->id))
				continue;
			val = args[k.at->at->argument];
			if (word_width(j->e.dom, val) < 64)
				val = word_conv(j->e.dom, IR_ZEXT, 64, val);
			*map_put(&d->sinks, loc) = 1;
			check_bound(&k, 0, val);
		}
	}
}

/* ------------------------------------------------------------- at entry points */

/* The function gave the object up without telling anybody of it, on this way out. */
static bool is_gone(const struct state *exit, sym_id object)
{
	uint32_t at = state_seek(exit, object, INT64_MIN);

	if (at < exit->cells.n && exit->cells.v[at].root.i == object.i)
		return false;
	for (uint32_t i = 0; i < exit->freed.n; i++)
		if (exit->freed.v[i].object.i == object.i)
			return true;
	return false;
}

word_id flag_flow_final(void *arg, sym_id id)
{
	struct final_map *m = arg;
	struct engine *e = &m->j->e;
	struct symbol k = *symbol_info(&e->syms, id);
	struct fun f = { .e = e, .id = k.fn };
	struct state s = { 0 };
	struct access a = { .rec = k.cell_rec, .recoff = k.cell_off, .pointee = IR_NONE,
			    .site = EXIT_SITE };
	word_id w;

	/* Who calls from outside holds none of the locks. */
	if (k.kind == SYM_K_HELD)
		return word_const(e->dom, 0, 1);
	if (k.kind != SYM_K_FINAL)
		return WORD_NONE;
	if (!symbol_is_object(&e->syms, k.base))
		return word_sym(e->dom, symbol_cell(&e->syms, SYM_K_INIT, k.base, (int64_t)k.a,
						    k.width, k.cell_rec, k.cell_off));
	m->used = true;
	if (is_gone(m->exit, k.base))
		m->gone = true;
	f.body = &e->unit->funcs.v[k.fn];
	state_copy(&s, m->exit);
	a.width = k.width;
	w = mem_load_final(&f, &s, k.base, (int64_t)k.a, k.width, &a);
	state_release(&s);
	return w;
}

/* The obligation under one way out of the entry point; NULL where it cannot be violated. */
static const struct cond *at_exit(struct judge *j, const struct obligation *o,
				  const struct summary_case *c, bool *uses_exit)
{
	struct final_map m = { .j = j, .exit = &c->exit };
	struct subst *s = subst_new(j->e.dom, flag_flow_final, &m);
	const struct cond *bad = cond_subst(s, o->bad);

	subst_free(s);
	*uses_exit = m.used;
	if (m.gone)
		return NULL;
	if (m.used)
		bad = cond_and_all(j->e.dom, bad, c->exit.pc);
	return bad->unsat || cond_unsat(j->e.dom, bad, NULL, 0) ? NULL : bad;
}

static void entry_obligation(struct judge *j, ir_fn fn, const struct obligation *o)
{
	const struct summary *sum = engine_summary(&j->e, fn);
	static const struct summary_case nowhere;
	bool uses_exit = false;
	const struct cond *bad;

	j->e.syms.current = fn;
	for (uint32_t i = 0; i < sum->ncases || !i; i++) {
		bad = at_exit(j, o, sum->ncases ? &sum->cases[i] : &nowhere, &uses_exit);
		if (bad) {
			witness_way(j, &j->dockets[o->rule], fn, o, bad);
			break;
		}
		if (!uses_exit)
			break;
	}
	j->e.syms.current = IR_NONE;
}

/* No function on the way has the parameter that the rule is about. */
static bool lacks_param(const struct rule *r, const struct symbols *syms,
			const struct obligation *o)
{
	return o->unbound.i && r->bind[symbol_info(syms, o->unbound)->a & 0xff].param;
}

static void entry_obligations(struct judge *j, ir_fn fn, bool called)
{
	const struct summary *sum = engine_summary(&j->e, fn);

	for (uint32_t i = 0; i < sum->obligations.n; i++) {
		const struct obligation *o = &sum->obligations.v[i];
		const struct rule *r;

		if (o->is_pending || o->settled || o->is_origin)
			continue;
		r = j->dockets[o->rule].bound.rule;
		if (!docket_covers_way(j, &j->dockets[o->rule], o->fn, o->hops, o->nhops))
			continue;
		if (lacks_param(r, &j->e.syms, o))
			relevant_need_callers(j, fn);
		else if (called || (r->nat && r->at[0].from_record))
			entry_obligation(j, fn, o);
	}
}

void flag_flow_unused(struct judge *j, ir_fn fn)
{
	entry_obligations(j, fn, false);
}

static void tell_lost(struct judge *j, ir_fn fn)
{
	for (uint32_t i = 0; i < j->ndockets; i++)
		if (j->dockets[i].bound.usable && j->dockets[i].bound.nsinks)
			j->dockets[i].lost = witness_function(j, fn);
}

void flag_flow_entry(struct judge *j, ir_fn fn)
{
	entry_obligations(j, fn, true);
	if (engine_summary(&j->e, fn)->lost_obligations)
		tell_lost(j, fn);
}

/* Who knows what it is that was stored to is one that touches it. */
void flag_flow_lost(struct judge *j, ir_fn fn)
{
	if (relevant_touches(j, fn) && engine_summary(&j->e, fn)->lost_pending)
		tell_lost(j, fn);
}
