/* SPDX-License-Identifier: MIT */
#include "rules/explain.h"

#include <string.h>

#include "rules/policy.h"
#include "rules/shared.h"

#define FIELDS_MAX 32

struct fields {
	struct bound_field v[FIELDS_MAX];
	unsigned n;
};

struct link {
	ir_fn caller, callee;
	const struct ir_insn *insn;
};

struct collector {
	struct judge *j;
	struct ir_unit *u;
	const struct docket *d;
	struct explanation *x;
	struct fields fields;
	Array(struct link) links;
	uint32_t *first, *by_callee;	/* the links to each function */
	uint32_t *next;			/* by function: the link towards a sink, or IR_NONE */
	bool *leads, *way;		/* by function: to a sink; and from an entry point */
	struct map index;		/* function -> its number in x->functions + 1 */
};

void explanation_release(struct explanation *x)
{
	array_release(&x->functions);
	array_release(&x->calls);
	array_release(&x->sinks);
	array_release(&x->guards);
	array_release(&x->fields);
	array_release(&x->writers);
	array_release(&x->assumptions);
	array_release(&x->proved);
	array_release(&x->open);
	array_release(&x->unseen);
}

/* ------------------------------------------------------------------- fields */

static void add_field(struct fields *f, ir_rec rec, uint64_t off, uint32_t width)
{
	for (unsigned i = 0; i < f->n; i++)
		if (f->v[i].rec == rec && f->v[i].off == off)
			return;
	if (rec != IR_NONE && width && f->n < FIELDS_MAX)
		f->v[f->n++] = (struct bound_field){ rec, off, width };
}

/* What the expression loads. */
static void read_by(struct fields *f, struct ir_unit *u, ir_fn fn)
{
	struct ir_func *body = fn == IR_NONE ? NULL : ir_func_body(u, fn);

	for (uint32_t b = 0; body && b < body->blocks.n; b++)
		for (uint32_t i = 0; i < body->blocks.v[b].insns.n; i++) {
			const struct ir_insn *in = &body->blocks.v[b].insns.v[i];
			const struct ir_field *field;
			uint64_t off;
			ir_rec rec;

			if (in->op != IR_LOAD || in->rec == IR_NONE)
				continue;
			field = ir_field_at(u, in->rec, in->recoff, in->width, &rec, &off);
			if (field)
				add_field(f, rec, field->off, (uint32_t)field->width);
		}
}

static void rule_fields(struct fields *f, struct ir_unit *u, const struct bound_rule *b)
{
	const struct rule_locking *l = &b->rule->locking;

	for (unsigned i = 0; i < b->rule->npolicy; i++)
		add_field(f, b->policies[i].rec, b->policies[i].off,
			  (uint32_t)b->policies[i].width);
	for (unsigned i = 0; i < l->nfields; i++)
		add_field(f, b->fields[i].rec, b->fields[i].off, b->fields[i].width);
	for (unsigned i = 0; i < b->nguards; i++)
		add_field(f, b->guards[i].field.rec, b->guards[i].field.off,
			  b->guards[i].field.width);
	if (l->list.field)
		add_field(f, b->list.rec, b->list.off, b->list.width);
	if (l->flag.field)
		add_field(f, b->flag.rec, b->flag.off, b->flag.width);
	for (unsigned i = 0; i < b->nsinks; i++)
		read_by(f, u, b->sinks[i].expr);
	if (b->rule->template == RULE_REFUSE_WARN)
		read_by(f, u, b->guard);
}

void explain_watch(struct judge *j, const struct bound_rule *b)
{
	struct fields f = { .n = 0 };

	if (!b->usable)
		return;
	rule_fields(&f, j->e.unit, b);
	for (unsigned i = 0; i < f.n; i++)
		bind_watch(&j->e, &f.v[i]);
}

/* "struct iommu_ops.map" */
static const char *member_text(struct collector *c, ir_rec rec, uint64_t off, uint64_t width)
{
	const struct intern *t = &c->u->names;
	const struct ir_field *f;
	uint64_t at;
	ir_rec inner;

	if (rec == IR_NONE)
		return NULL;
	f = ir_field_at(c->u, rec, off, width, &inner, &at);
	return f ? arena_printf(&c->j->report->arena, "%s.%s",
				intern_get(t, c->u->records.v[inner].tag), intern_get(t, f->name))
		 : NULL;
}

/* ---------------------------------------------------------------- functions */

/* Each unit has its own of an inline function of a header: they are one here. */
static uint32_t same_function(const struct explanation *x, const struct place *p, const char *name)
{
	uint32_t i = 0;

	while (i < x->functions.n && (!p->line || x->functions.v[i].place.line != p->line ||
				      strcmp(x->functions.v[i].name, name) ||
				      strcmp(x->functions.v[i].place.file, p->file)))
		i++;
	return i;
}

static uint32_t function_of(struct collector *c, ir_fn fn)
{
	uint64_t *slot = map_put(&c->index, fn);
	struct explain_function f = { .next = EXPLAIN_NONE };

	if (*slot)
		return (uint32_t)*slot - 1;
	f.name = witness_function(c->j, fn);
	f.place = witness_place(c->j, c->u->funcs.v[fn].loc);
	*slot = same_function(c->x, &f.place, f.name) + 1;
	if (*slot > c->x->functions.n)
		array_push(&c->x->functions, f);
	return (uint32_t)*slot - 1;
}

/* Valid until the next one is added. */
static struct explain_function *function_at(struct collector *c, ir_fn fn)
{
	uint32_t i = function_of(c, fn);

	return &c->x->functions.v[i];
}

static bool has_code(const struct collector *c, ir_fn fn)
{
	const struct ir_func *f = &c->u->funcs.v[fn];

	return f->state == IR_BODY_READY && !(f->flags & IR_FN_EXPR);
}

/* Each instruction of the program. */
static void each_insn(struct collector *c,
		      void (*visit)(struct collector *c, ir_fn fn, const struct ir_insn *in))
{
	for (ir_fn fn = 0; fn < c->u->funcs.n; fn++) {
		const struct ir_func *f = &c->u->funcs.v[fn];

		for (uint32_t b = 0; has_code(c, fn) && b < f->blocks.n; b++)
			for (uint32_t i = 0; i < f->blocks.v[b].insns.n; i++)
				visit(c, fn, &f->blocks.v[b].insns.v[i]);
	}
}

static void add_point(struct collector *c, struct explain_function **f, ir_fn fn, ir_loc loc,
		      bool sink)
{
	struct explain_point p = { function_of(c, fn), witness_place(c->j, loc) };

	*f = &c->x->functions.v[p.function];
	if (sink)
		array_push(&c->x->sinks, p);
	else
		array_push(&c->x->guards, p);
}

static void add_sink(struct collector *c, ir_fn fn, ir_loc loc)
{
	struct explain_function *f;

	struct place at = witness_place(c->j, loc);
	uint32_t function = function_of(c, fn);

	c->leads[fn] = true;
	for (uint32_t i = c->x->sinks.n; i-- > 0;) {
		const struct explain_point *p = &c->x->sinks.v[i];

		if (p->function == function && p->place.line == at.line && p->place.col == at.col)
			return;
	}
	add_point(c, &f, fn, loc, true);
	f->sink = true;
}

static void find_sink(struct collector *c, ir_fn fn, const struct ir_insn *in)
{
	if (in->loc && map_get(&c->d->sinks, in->loc))
		add_sink(c, fn, in->loc);
}

static void find_sinks(struct collector *c)
{
	each_insn(c, find_sink);
	for (ir_fn fn = 0; fn < c->u->funcs.n; fn++)
		if (has_code(c, fn) && map_get(&c->d->sinks, c->u->funcs.v[fn].loc))
			add_sink(c, fn, c->u->funcs.v[fn].loc);
}

static bool has_guard(const struct collector *c, const struct tag *t)
{
	struct place at = witness_place(c->j, t->loc);

	for (uint32_t i = 0; i < c->x->guards.n; i++)
		if (at.line && c->x->guards.v[i].place.line == at.line &&
		    !strcmp(c->x->guards.v[i].place.file, at.file))
			return true;
	return !at.line;
}

static void find_guards(struct collector *c)
{
	for (uint32_t i = 0; i < c->d->guards.n; i++) {
		struct explain_function *f;

		if (has_guard(c, &c->d->guards.v[i]))
			continue;
		add_point(c, &f, c->d->guards.v[i].fn, c->d->guards.v[i].loc, false);
		f->guard = true;
	}
}

/* -------------------------------------------------------------------- calls */

static void find_call(struct collector *c, ir_fn fn, const struct ir_insn *in)
{
	const struct slot_targets *t;

	if (in->op != IR_CALL)
		return;
	if (in->imm != IR_NONE) {
		array_push(&c->links, (struct link){ fn, in->imm, in });
		return;
	}
	t = c->j->in.fe ? NULL : targets_of(&c->j->targets, in);
	for (uint32_t i = 0; t && i < t->fns.n; i++)
		array_push(&c->links, (struct link){ fn, t->fns.v[i], in });
}

static void order_links(struct collector *c)
{
	uint32_t *at;

	c->first = xcalloc(c->u->funcs.n + 2, sizeof(*c->first));
	c->by_callee = xcalloc(c->links.n + 1, sizeof(*c->by_callee));
	for (uint32_t i = 0; i < c->links.n; i++)
		c->first[c->links.v[i].callee + 1]++;
	for (uint32_t i = 0; i < c->u->funcs.n; i++)
		c->first[i + 1] += c->first[i];
	at = xcalloc(c->u->funcs.n + 1, sizeof(*at));
	for (uint32_t i = 0; i < c->links.n; i++) {
		ir_fn to = c->links.v[i].callee;

		c->by_callee[c->first[to] + at[to]++] = i;
	}
	free(at);
}

/* Breadth first from the sinks back: the shortest way is the first that is found. */
static void lead_back(struct collector *c)
{
	Array(ir_fn) work = { 0 };

	for (ir_fn fn = 0; fn < c->u->funcs.n; fn++) {
		c->next[fn] = IR_NONE;
		if (c->leads[fn])
			array_push(&work, fn);
	}
	for (uint32_t i = 0; i < work.n; i++) {
		ir_fn to = work.v[i];

		for (uint32_t k = c->first[to]; k < c->first[to + 1]; k++) {
			ir_fn from = c->links.v[c->by_callee[k]].caller;

			if (c->leads[from])
				continue;
			c->leads[from] = true;
			c->next[from] = c->by_callee[k];
			array_push(&work, from);
		}
	}
	array_release(&work);
}

/* An inline function that nobody calls in its unit is none. */
static bool is_entry(const struct collector *c, ir_fn fn)
{
	return relevant_is_entry(c->j, fn) && !relevant_is_unused(c->j, fn);
}

static void lead_on(struct collector *c)
{
	for (ir_fn fn = 0; fn < c->u->funcs.n; fn++)
		c->way[fn] = c->leads[fn] && has_code(c, fn) && is_entry(c, fn);
	for (bool more = true; more;) {
		more = false;
		for (uint32_t i = 0; i < c->links.n; i++) {
			const struct link *l = &c->links.v[i];

			if (!c->way[l->caller] || c->way[l->callee] || !c->leads[l->callee])
				continue;
			c->way[l->callee] = more = true;
		}
	}
}

static void add_call(struct collector *c, const struct link *l)
{
	const struct ir_insn *in = l->insn;

	array_push(&c->x->calls, (struct explain_call){
		.caller = function_of(c, l->caller), .callee = function_of(c, l->callee),
		.place = witness_place(c->j, in->loc),
		.member = in->imm == IR_NONE ? member_text(c, in->rec, in->recoff,
							   c->u->ptr_width) : NULL });
}

static void add_way(struct collector *c)
{
	uint32_t *number = xcalloc(c->links.n + 1, sizeof(*number));

	for (ir_fn fn = 0; fn < c->u->funcs.n; fn++) {
		struct explain_function *f;

		if (!c->way[fn])
			continue;
		f = function_at(c, fn);
		f->way = true;
		f->entry |= is_entry(c, fn);
	}
	for (uint32_t i = 0; i < c->links.n; i++) {
		if (!c->way[c->links.v[i].caller] || !c->way[c->links.v[i].callee])
			continue;
		number[i] = c->x->calls.n;
		add_call(c, &c->links.v[i]);
	}
	for (ir_fn fn = 0; fn < c->u->funcs.n; fn++)
		if (c->way[fn] && c->next[fn] != IR_NONE && !function_at(c, fn)->sink)
			function_at(c, fn)->next = number[c->next[fn]];
	free(number);
}

/* ------------------------------------------------------------------ writers */

/* A lock has members of its own: the one of the record that holds it. */
static const char *outer_member(struct collector *c, ir_rec rec, int64_t off)
{
	const struct intern *t = &c->u->names;
	const struct ir_record *r = rec == IR_NONE ? NULL : &c->u->records.v[rec];

	if (!r || off < 0 || engine_is_lock_record(&c->j->e, rec))
		return NULL;
	for (uint32_t i = 0; i < r->fields.n; i++)
		if (r->fields.v[i].off <= (uint64_t)off &&
		    (uint64_t)off < r->fields.v[i].off + r->fields.v[i].width)
			return arena_printf(&c->j->report->arena, "%s.%s", intern_get(t, r->tag),
					    intern_get(t, r->fields.v[i].name));
	return NULL;
}

struct held_lock {
	const char *name;
	uint32_t last, n;	/* the last access that has it, from 1; and how many have */
};

struct held_locks {
	Array(struct held_lock) v;
	uint32_t accesses;
};

/* "'struct dmar_domain.lock' of the same object"; of a lock without a name what is known. */
static const char *lock_text(struct collector *c, const struct shared *x, const struct lock *l)
{
	struct arena *a = &c->j->report->arena;
	const char *mode = l->mode == MODEL_LOCK_SHARED ? " (shared)" : "";
	bool same = l->ref.root.i == x->a->root.i;
	const char *name;
	int64_t off;
	ir_rec rec;

	if (same) {
		rec = x->a->rec;
		off = l->ref.off - x->a->base;
	} else {
		shared_place(c->j, l->ref, &rec, &off);
	}
	name = outer_member(c, rec, off);
	name = name ? name : shared_lock_name(c->j, l);
	if (strchr(name, '<'))
		return "a lock that has no name here";
	return arena_printf(a, "'%s'%s%s", name,
			    same ? " of the same object" : "", mode);
}

static void add_locks(struct collector *c, struct held_locks *h, const struct shared *x)
{
	h->accesses++;
	for (uint32_t i = 0; i < x->a->nheld; i++) {
		const char *name = lock_text(c, x, &x->a->held[i]);
		uint32_t k = 0;

		while (k < h->v.n && strcmp(h->v.v[k].name, name))
			k++;
		if (k == h->v.n)
			array_push(&h->v, (struct held_lock){ name, 0, 0 });
		h->v.v[k].n += h->v.v[k].last != h->accesses;
		h->v.v[k].last = h->accesses;
	}
}

/* First what every access holds, then what only some do. */
static const char *locks_text(struct collector *c, struct held_locks *h)
{
	struct arena *a = &c->j->report->arena;
	const char *all = NULL, *some = NULL;

	for (uint32_t i = 0; i < h->v.n; i++) {
		const char **list = h->v.v[i].n == h->accesses ? &all : &some;

		*list = *list ? arena_printf(a, "%s and %s", *list, h->v.v[i].name)
			      : h->v.v[i].name;
	}
	array_release(&h->v);
	if (!all && !some)
		return "without any lock";
	if (!some)
		return arena_printf(a, "holding %s", all);
	return all ? arena_printf(a, "holding %s, on some ways also %s", all, some)
		   : arena_printf(a, "without a lock that is always held, on some ways with %s",
				  some);
}

/* What the entry points say of a write at that place. */
static void judge_writer(struct collector *c, struct explain_writer *w, unsigned k, ir_fn fn,
			 ir_loc loc)
{
	struct held_locks held = { .accesses = 0 };
	const struct judge *j = c->j;

	w->reach = REACH_OWN;
	if (!relevant_has(j, fn) || j->lost_accesses ||
	    !engine_watches(&j->e, c->fields.v[k].rec))
		w->reach = REACH_UNKNOWN;
	for (uint32_t i = 0; i < j->shared.n; i++) {
		const struct shared *x = &j->shared.v[i];

		if (x->a->fn != fn || x->a->loc != loc || !shared_writes(x) ||
		    !shared_touches(j, x, &c->fields.v[k]))
			continue;
		if (w->reach != REACH_SHARED)
			w->reach = x->teardown ? REACH_TEARDOWN : REACH_SHARED;
		add_locks(c, &held, x);
	}
	if (held.accesses)
		w->locks = locks_text(c, &held);
	else
		array_release(&held.v);
}

static void add_writer(struct collector *c, unsigned k, ir_fn fn, ir_loc loc)
{
	struct explain_writer w = { .field = k, .function = function_of(c, fn),
				    .place = witness_place(c->j, loc) };

	for (uint32_t i = 0; i < c->x->writers.n; i++) {
		const struct explain_writer *o = &c->x->writers.v[i];

		if (o->field == k && o->function == w.function &&
		    o->place.line == w.place.line && o->place.col == w.place.col)
			return;
	}
	judge_writer(c, &w, k, fn, loc);
	array_push(&c->x->writers, w);
}

static void find_writer(struct collector *c, ir_fn fn, const struct ir_insn *in)
{
	const struct ir_field *f;
	uint64_t off;
	ir_rec rec;

	if ((in->op != IR_STORE && in->op != IR_RMW && in->op != IR_HAVOC) || in->rec == IR_NONE)
		return;
	f = ir_field_at(c->u, in->rec, in->recoff, in->width ? in->width : 1, &rec, &off);
	for (unsigned k = 0; f && k < c->fields.n; k++)
		if (c->fields.v[k].rec == rec && off < c->fields.v[k].off + c->fields.v[k].width &&
		    c->fields.v[k].off < off + in->width)
			add_writer(c, k, fn, in->loc);
}

/* Those that the entry points know beside: of whole objects, through other types. */
static void find_other_writers(struct collector *c)
{
	for (uint32_t i = 0; i < c->j->shared.n; i++) {
		const struct shared *x = &c->j->shared.v[i];

		for (unsigned k = 0; shared_writes(x) && k < c->fields.n; k++)
			if (shared_touches(c->j, x, &c->fields.v[k]))
				add_writer(c, k, x->a->fn, x->a->loc);
	}
}

static void find_writers(struct collector *c)
{
	rule_fields(&c->fields, c->u, &c->d->bound);
	for (unsigned i = 0; i < c->fields.n; i++) {
		const struct bound_field *f = &c->fields.v[i];
		const char *name = member_text(c, f->rec, f->off, f->width);

		array_push(&c->x->fields, name ? name : "?");
	}
	each_insn(c, find_writer);
	find_other_writers(c);
}

/* -------------------------------------------------------------------- words */

static void add_text(struct explanation *x, const char *text)
{
	for (uint32_t i = 0; i < x->open.n; i++)
		if (!strcmp(x->open.v[i], text))
			return;
	array_push(&x->open, text);
}

static void find_open(struct collector *c, ir_fn fn, const struct ir_insn *in)
{
	const struct slot_targets *t;
	const char *member;

	if (!c->way[fn] || in->op != IR_CALL || in->imm != IR_NONE || c->j->in.fe)
		return;
	t = targets_of(&c->j->targets, in);
	member = member_text(c, in->rec, in->recoff, c->u->ptr_width);
	if (member && (!t || t->open))
		add_text(c->x, member);
}

static void find_assumptions(struct collector *c)
{
	const struct rule_outcome *o = report_outcome(c->j->report, c->d->bound.rule);

	for (unsigned i = 0; i < o->nassumptions; i++)
		array_push(&c->x->assumptions, o->assumptions[i]);
	for (unsigned k = 0; k < c->d->bound.rule->npolicy; k++) {
		const char *text = policy_text(c->j, c->d, k);

		if (text && c->d->policies[k].proved)
			array_push(&c->x->proved, text);
	}
}

/* -------------------------------------------------------------------- order */

static int by_place(const struct place *a, const struct place *b)
{
	int d = strcmp(a->file ? a->file : "", b->file ? b->file : "");

	if (d)
		return d;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return a->col < b->col ? -1 : a->col > b->col;
}

static int by_point(const void *a, const void *b)
{
	const struct explain_point *p = a, *q = b;

	return by_place(&p->place, &q->place);
}

static int by_field(const void *a, const void *b)
{
	const struct explain_writer *p = a, *q = b;

	return p->field != q->field ? (p->field < q->field ? -1 : 1) :
				      by_place(&p->place, &q->place);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

#define sort(a, by) ((a)->n ? qsort((a)->v, (a)->n, sizeof(*(a)->v), (by)) : (void)0)

struct ranked { const struct explain_function *f; uint32_t was; };

static int by_function(const void *a, const void *b)
{
	const struct ranked *p = a, *q = b;
	int d = by_place(&p->f->place, &q->f->place);

	d = d ? d : strcmp(p->f->name, q->f->name);
	return d ? d : p->was < q->was ? -1 : 1;
}

static void renumber(struct explanation *x, const uint32_t *to)
{
	for (uint32_t i = 0; i < x->calls.n; i++) {
		x->calls.v[i].caller = to[x->calls.v[i].caller];
		x->calls.v[i].callee = to[x->calls.v[i].callee];
	}
	for (uint32_t i = 0; i < x->sinks.n; i++)
		x->sinks.v[i].function = to[x->sinks.v[i].function];
	for (uint32_t i = 0; i < x->guards.n; i++)
		x->guards.v[i].function = to[x->guards.v[i].function];
	for (uint32_t i = 0; i < x->writers.n; i++)
		x->writers.v[i].function = to[x->writers.v[i].function];
}

static void order_functions(struct explanation *x)
{
	uint32_t n = x->functions.n, *to = xcalloc(n + 1, sizeof(*to));
	struct ranked *rank = xcalloc(n + 1, sizeof(*rank));
	struct explain_function *copy = xcalloc(n + 1, sizeof(*copy));

	for (uint32_t i = 0; i < n; i++) {
		copy[i] = x->functions.v[i];
		rank[i] = (struct ranked){ &copy[i], i };
	}
	qsort(rank, n, sizeof(*rank), by_function);
	for (uint32_t i = 0; i < n; i++) {
		x->functions.v[i] = *rank[i].f;
		to[rank[i].was] = i;
	}
	renumber(x, to);
	free(to);
	free(rank);
	free(copy);
}

static void order(struct explanation *x)
{
	order_functions(x);
	sort(&x->sinks, by_point);
	sort(&x->guards, by_point);
	sort(&x->writers, by_field);
	sort(&x->open, by_text);
}

void explain_collect(struct judge *j, struct explanation *x)
{
	struct collector c = { .j = j, .u = j->e.unit, .d = &j->dockets[0], .x = x };

	if (!j->ndockets || !c.d->bound.usable)
		return;
	c.next = xcalloc(c.u->funcs.n + 1, sizeof(*c.next));
	c.leads = xcalloc(c.u->funcs.n + 1, sizeof(*c.leads));
	c.way = xcalloc(c.u->funcs.n + 1, sizeof(*c.way));
	find_sinks(&c);
	find_guards(&c);
	each_insn(&c, find_call);
	order_links(&c);
	lead_back(&c);
	lead_on(&c);
	add_way(&c);
	find_writers(&c);
	each_insn(&c, find_open);
	find_assumptions(&c);
	order(x);
	free(c.first);
	free(c.by_callee);
	free(c.next);
	free(c.leads);
	free(c.way);
	array_release(&c.links);
	map_release(&c.index);
}
