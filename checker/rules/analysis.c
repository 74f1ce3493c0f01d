/* SPDX-License-Identifier: MIT */
#include "rules/analysis.h"

#include <string.h>
#include <time.h>

#include "ir/print.h"
#include "rules/explain.h"
#include "rules/infer.h"
#include "rules/judge.h"
#include "rules/policy.h"
#include "rules/shared.h"
#include "rules/snippet.h"
#include "rules/unmodelled.h"

#define DEFAULT_SECONDS 60.0

const char *analysis_snippet(struct arena *a, const struct rule_set *rules,
			     const struct model *model)
{
	return snippet_text(a, rules, model);
}

static double now_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

void docket_reason(struct judge *j, struct docket *d, const char *text)
{
	for (uint32_t i = 0; i < d->reasons.n; i++)
		if (!strcmp(d->reasons.v[i], text))
			return;
	array_push(&d->reasons, (const char *)arena_strdup(&j->report->arena, text));
}

bool docket_covers(const struct judge *j, const struct docket *d, ir_fn fn)
{
	const struct rule *r = d->bound.rule;

	return !r->nscope || !j->in.covers || j->in.covers(j->in.arg, r, fn);
}

bool docket_covers_way(const struct judge *j, const struct docket *d, ir_fn fn,
		       const struct hop *hops, uint32_t nhops)
{
	for (uint32_t i = 0; i < nhops && j->e.unit->funcs.v[fn].flags & IR_FN_HEADER; i++)
		fn = hops[i].fn;
	return docket_covers(j, d, fn);
}

/* --------------------------------------------------------- the engine's client */

static void on_store(void *arg, struct fun *f, struct state *s, const struct store_event *e)
{
	range_unseen(arg, f, s, e);
	flag_flow_store(arg, f, s, e);
	origin_store(arg, f, s, e);
	publish_read_store(arg, f, s, e);
	coupling_store(arg, s, e);
}

static void on_call(void *arg, struct fun *f, struct state *s, ir_fn callee, const word_id *args,
		    unsigned nargs, ir_loc loc)
{
	flag_flow_call(arg, f, s, callee, args, nargs, loc);
	publish_read_call(arg, f, s, callee, args, nargs, loc);
	pairing_call(arg, f, s, callee, args, nargs, loc);
}

static void on_branch(void *arg, struct fun *f, struct state *s, const struct cond *before,
		      ir_loc loc)
{
	refuse_warn_branch(arg, f, s, before, loc);
	publish_update_branch(arg, f, s, before);
}

static void on_report(void *arg, struct fun *f, struct state *s, unsigned flavour, ir_loc loc)
{
	(void)loc;
	refuse_warn_report(arg, f, s, flavour);
}

static void on_gate(void *arg, struct fun *f, struct state *s, unsigned flavour, bool open)
{
	refuse_warn_gate(arg, f, s, flavour, open);
}

static void on_return(void *arg, struct fun *f, struct state *s, word_id ret, ir_loc loc)
{
	refuse_warn_return(arg, f, s, ret, loc);
	pairing_return(arg, f, s, ret, loc);
	coupling_return(arg, f, s, ret, loc);
	publish_update_return(arg, f, s, ret, loc);
}

static void on_lock(void *arg, struct fun *f, struct state *s, const struct lock_event *e)
{
	lock_balance_event(arg, f, s, e);
}

static void on_read(void *arg, struct fun *f, struct state *s, const struct ir_insn *i)
{
	publish_read_load(arg, f, s, i);
}

static void on_case(void *arg, struct fun *f, struct state *s, const uint8_t *callee)
{
	refuse_warn_case(arg, f, s, callee);
}

static void on_merge(void *arg, uint8_t *into, const uint8_t *from)
{
	refuse_warn_merge(arg, into, from);
}

static void on_mark(void *arg, struct fun *f, struct state *s, const struct mark *m)
{
	struct judge *j = arg;
	struct docket *d = docket_of_mark(j, m);

	if (d->bound.rule->template == RULE_PAIRING)
		pairing_mark(j, d, f, s, m);
	else if (d->bound.rule->template == RULE_COUPLING)
		coupling_mark(j, s, m);
	else
		publish_read_mark(j, d, f, s, m);
}

static bool on_result(void *arg, struct fun *f, struct state *s, struct state *other, ir_fn callee,
		      const word_id *args, unsigned nargs, word_id ret, ir_loc loc)
{
	bool split = pairing_result(arg, f, s, other, callee, args, nargs, ret, loc);

	return publish_update_result(arg, f, s, other, split, callee, ret, loc);
}

static void on_written(void *arg, struct fun *f, struct state *s, const struct cell *from,
		       sym_id root, int64_t off, word_id val, ir_loc loc)
{
	publish_read_written(arg, f, s, from, (struct lock_ref){ root, off }, val, loc);
	coupling_written(arg, s, from, root, loc);
}

static void on_point(void *arg, struct fun *f, const struct state *s, uint32_t block,
		     uint32_t insn)
{
	lost_bit_point(arg, f, s, block, insn);
}

static unsigned on_bind(void *arg, struct fun *f, struct state *s, sym_id bound, word_id ptr,
			word_id *out, unsigned max)
{
	struct judge *j = arg;
	uint64_t key = symbol_info(&j->e.syms, bound)->a;

	return bind_values(&j->dockets[key >> 8].bound, key & 0xff, f, s, ptr, out, max);
}

static void on_lost(void *arg, ir_fn fn, const char *why)
{
	struct judge *j = arg;

	for (uint32_t i = 0; relevant_reaches(j, fn) && i < j->ndockets; i++)
		if (j->dockets[i].bound.usable)
			docket_reason(j, &j->dockets[i],
				      arena_printf(&j->report->arena, "function '%s': %s",
						   witness_function(j, fn), why));
}

static void on_discharged(void *arg, struct fun *f, const struct obligation *o,
			  const struct tag *const *tags, unsigned ntags)
{
	struct judge *j = arg;
	struct docket *d = &j->dockets[o->rule];

	(void)f;
	d->uses_policy |= o->settled;
	for (unsigned i = 0; i < ntags; i++) {
		bool known = false;

		for (uint32_t k = 0; k < d->guards.n; k++)
			known |= d->guards.v[k].loc == tags[i]->loc;
		if (!known)
			array_push(&d->guards, *tags[i]);
	}
}

/* ------------------------------------------------------------------- set-up */

/* The records whose accesses the rule is about. */
static void watch_records(struct judge *j, const struct bound_rule *b)
{
	const struct rule_locking *l = &b->rule->locking;

	if (!b->usable)
		return;
	for (unsigned i = 0; i < l->nfields; i++)
		bind_watch(&j->e, &b->fields[i]);
	for (unsigned i = 0; i < l->nlocks; i++)
		bind_watch(&j->e, &b->locks[i]);
	if (b->rule->template == RULE_STORAGE_UNIT || b->rule->template == RULE_CONSISTENT_LOCK ||
	    l->declared)
		bind_watch_record(&j->e, b);
}

/*
 * A policy that was refuted leaves a field that anybody may change at any time.
 * The accesses to the fields are noted, to see whether it holds.
 */
static void add_policies(struct judge *j, const struct bound_rule *b)
{
	for (unsigned i = 0; b->usable && i < b->rule->npolicy; i++) {
		struct field_policy p = b->policies[i];

		if (policy_is_refuted(j, b, i))
			p = (struct field_policy){ p.rec, p.off, p.width, POLICY_GUARD, false,
						   false, 0 };
		engine_add_policy(&j->e, &p);
		engine_watch_writes(&j->e, &(struct ir_span){ p.rec, p.off, p.width });
	}
}

/* What only some rules want to know. */
static void add_events(struct judge *j, const struct bound_rule *b)
{
	struct engine_client *c = &j->e.client;

	if (!b->usable)
		return;
	switch (b->rule->template) {
	case RULE_LOST_BIT:
		c->on_point = on_point;
		break;
	case RULE_LOCK_BALANCE:
		c->on_lock = on_lock;
		break;
	case RULE_PAIRING:
		c->on_mark = on_mark;
		c->on_result = on_result;
		break;
	case RULE_PUBLISH_THEN_READ:
		c->on_read = on_read;
		c->on_result = on_result;
		c->on_mark = on_mark;
		c->on_written = on_written;
		break;
	case RULE_COUPLING:
		c->on_mark = on_mark;
		c->on_written = on_written;
		break;
	default:
		break;
	}
}

static void bind_rules(struct judge *j, const struct rule_set *rules, bool explain)
{
	unsigned monitor = 0;

	j->ndockets = rules->rules.n;
	j->dockets = xcalloc(j->ndockets + 1, sizeof(*j->dockets));
	for (uint32_t i = 0; i < j->ndockets; i++) {
		struct docket *d = &j->dockets[i];

		bind_rule(&d->bound, rules, i, &j->in, &j->e, &j->report->arena);
		d->policies = arena_new_array(&j->report->arena, struct policy_state,
					      d->bound.rule->npolicy + 1);
		add_policies(j, &d->bound);
		watch_records(j, &d->bound);
		add_events(j, &d->bound);
		if (explain && !i)
			explain_watch(j, &d->bound);
		if (!d->bound.usable || d->bound.rule->template != RULE_REFUSE_WARN)
			continue;
		if (monitor + 2 >= STATE_MONITORS) {
			d->bound.usable = false;
			docket_reason(j, d, "too many rules of this kind are active at once");
			continue;
		}
		d->bound.monitor = (uint8_t)monitor;
		monitor += 2;
	}
}

/* The constants that the models name, evaluated in the unit. */
static void set_constants(struct engine *e, const struct model *m, struct arena *a)
{
	for (unsigned i = 0; i < m->nfuncs; i++) {
		const struct summary *s;
		uint64_t value;
		ir_fn fn;

		if (!m->funcs[i].zero_flag || engine_constant(e, m->funcs[i].zero_flag))
			continue;
		fn = ir_func_find(e->unit, arena_printf(a, SNIPPET_CONSTANT, i));
		if (fn == IR_NONE || !ir_func_body(e->unit, fn))
			continue;
		s = engine_summary(e, fn);
		if (s->ncases == 1 && word_is_const(e->dom, s->cases[0].ret, &value))
			array_push(&e->constants,
				   (struct engine_constant){ m->funcs[i].zero_flag, value });
	}
}

static bool any_usable(const struct judge *j)
{
	for (uint32_t i = 0; i < j->ndockets; i++)
		if (j->dockets[i].bound.usable)
			return true;
	return false;
}

/* ----------------------------------------------------------------- verdicts */

/* The branches that refuse are what a proof of refuse-warn rests on. */
static void guards_of_refusals(struct docket *d)
{
	for (uint32_t i = 0; i < d->branches.n; i++)
		if (!d->branches.v[i].accepts)
			array_push(&d->guards, (struct tag){ d->branches.v[i].fn,
							     d->branches.v[i].loc, true });
}

static void add_assumption(struct judge *j, const char **list, unsigned *n, const char *text)
{
	if (text)
		list[(*n)++] = arena_strdup(&j->report->arena, text);
}

static void fill_assumptions(struct judge *j, const struct docket *d, struct rule_outcome *o)
{
	const struct rule *r = d->bound.rule;

	o->assumptions = arena_new_array(&j->report->arena, const char *,
					 r->npolicy + 6 + TRUSTED_MAX);
	for (unsigned i = 0; i < r->npolicy; i++)
		add_assumption(j, o->assumptions, &o->nassumptions, policy_text(j, d, i));
	o->nassumptions += trusted_callers(j, d, o->assumptions + o->nassumptions, TRUSTED_MAX);
	if (r->template >= RULE_GUARDED_BY) {
		add_assumption(j, o->assumptions, &o->nassumptions,
			       "what is called in other units gives back no lock that it did not take");
		add_assumption(j, o->assumptions, &o->nassumptions,
			       "a list is changed through its head, not through an entry alone");
	}
	if (r->template == RULE_GUARDED_BY && d->bound.lock.is_any)
		add_assumption(j, o->assumptions, &o->nassumptions,
			       "the lock that is held is the one of the object's owner");
	add_assumption(j, o->assumptions, &o->nassumptions,
		       "fields without a policy are not changed by another thread between two reads");
	add_assumption(j, o->assumptions, &o->nassumptions,
		       "memory is accessed through pointers to its type, unions and members of it");
	add_assumption(j, o->assumptions, &o->nassumptions, "this configuration of the kernel");
}

static void fill_guards(struct judge *j, const struct docket *d, struct rule_outcome *o)
{
	o->guards = arena_new_array(&j->report->arena, const char *, d->guards.n + 1);
	for (uint32_t i = 0; i < d->guards.n; i++) {
		const char *text = arena_printf(&j->report->arena, "the guard in '%s'",
						witness_function(j, d->guards.v[i].fn));
		bool known = false;

		for (unsigned k = 0; k < o->nguards; k++)
			known |= !strcmp(o->guards[k], text);
		if (!known)
			o->guards[o->nguards++] = text;
	}
}

static void proved_finding(struct judge *j, const struct docket *d, const struct rule_outcome *o)
{
	struct finding *f = report_add(j->report, d->bound.rule, VERDICT_PROVED);
	struct related *r = arena_new_array(&j->report->arena, struct related, d->guards.n + 1);

	for (uint32_t i = 0; i < d->guards.n; i++)
		r[i] = (struct related){ witness_place(j, d->guards.v[i].loc), "rests on this guard" };
	f->related = r;
	f->nrelated = d->guards.n;
	if (d->guards.n) {
		f->place = r[0].place;
		f->function = witness_function(j, d->guards.v[0].fn);
	} else if (d->sinks.entries.n) {
		f->place = witness_place(j, (ir_loc)d->sinks.entries.v[0].key);
	}
	f->message = arena_printf(&j->report->arena, "'%s' holds at every one of %u places.",
				  d->bound.rule->name, d->sinks.entries.n);
	f->assumptions = o->assumptions;
	f->nassumptions = o->nassumptions;
}

static void incomplete_finding(struct judge *j, const struct docket *d)
{
	struct finding *f = report_add(j->report, d->bound.rule, VERDICT_INCOMPLETE);

	f->message = arena_printf(&j->report->arena, "'%s' could not be decided for this unit.",
				  d->bound.rule->name);
	f->reasons = arena_memdup(&j->report->arena, d->reasons.v,
				  d->reasons.n * sizeof(*d->reasons.v));
	f->nreasons = d->reasons.n;
}

static void missing_anchor(struct judge *j, const struct docket *d)
{
	const struct rule_pos *p = &d->bound.missing_pos;
	struct notification *n = report_notify(j->report, NOTE_CONFIGURATION, SEVERITY_WARNING,
					       "PF-anchor", NULL, "%s:%u:%u: %s: %s", p->file,
					       p->line, p->col, d->bound.rule->id,
					       d->bound.missing);

	n->rule_id = d->bound.rule->id;
}

static void conclude(struct judge *j, struct docket *d)
{
	struct rule_outcome *o = report_outcome(j->report, d->bound.rule);

	o->when = d->bound.when;
	o->sinks = d->sinks.entries.n;
	o->verdict = VERDICT_NOT_APPLICABLE;
	if (d->bound.when != WHEN_TRUE)
		return;
	if (d->bound.missing) {
		missing_anchor(j, d);
		docket_reason(j, d, d->bound.missing);
	}
	/* Beside a violation it says nothing new: one result stands for all ways to a sink. */
	if (d->lost && !d->violated && !d->may)
		docket_reason(j, d, arena_printf(&j->report->arena, "more paths lead to '%s' than "
						 "can be followed", d->lost));
	policy_refutations(j, d);
	guards_of_refusals(d);
	fill_assumptions(j, d, o);
	fill_guards(j, d, o);
	o->verdict = d->violated ? VERDICT_VIOLATION_EXACT : d->may ? VERDICT_VIOLATION_MAY :
		     d->reasons.n || d->undecided ? VERDICT_INCOMPLETE : VERDICT_PROVED;
	if (d->reasons.n)
		incomplete_finding(j, d);
	else if (o->verdict == VERDICT_PROVED && o->sinks)
		proved_finding(j, d, o);
}

/* -------------------------------------------------------------------- dumps */

static void dump_function(struct judge *j, ir_fn fn, const struct analysis_options *o)
{
	const char *name = intern_get(&j->e.unit->names, j->e.unit->funcs.v[fn].name);

	if (o->dump_function && strcmp(o->dump_function, name))
		return;
	if (o->dump & DUMP_IR)
		ir_print_func(j->e.unit, fn, o->dump_out);
	if (o->dump & DUMP_CFG)
		ir_print_cfg(j->e.unit, fn, o->dump_out);
	if (o->dump & DUMP_SUMMARY)
		engine_print_summary(&j->e, fn, o->dump_out);
	if (o->dump & DUMP_OBLIGATIONS)
		engine_print_obligations(&j->e, fn, o->dump_out);
}

static void dump_all(struct judge *j, const struct analysis_options *o)
{
	for (ir_fn fn = 0; o->dump && o->dump_out && fn < j->nfuncs; fn++) {
		bool named = o->dump_function &&
			     !strcmp(o->dump_function, intern_get(&j->e.unit->names,
								   j->e.unit->funcs.v[fn].name));

		if ((relevant_has(j, fn) || named) && ir_func_body(j->e.unit, fn))
			dump_function(j, fn, o);
	}
}

/* ---------------------------------------------------------------------- run */

static void judge_functions(struct judge *j, struct analysis_stats *stats)
{
	relevant_analyse(j, &stats->functions);
	for (ir_fn fn = 0; fn < j->nfuncs; fn++) {
		if (!relevant_has(j, fn))
			continue;
		flag_flow_lost(j, fn);
		if (relevant_is_entry(j, fn)) {
			flag_flow_entry(j, fn);
			refuse_warn_entry(j, fn);
		} else if (relevant_is_unused(j, fn)) {
			flag_flow_unused(j, fn);
		}
	}
	witness_findings(j);
}

/* Rules that look at all accesses decide nothing where some were not kept. */
static void tell_lost(struct judge *j)
{
	static const bool looks[RULE_TEMPLATES] = {
		[RULE_GUARDED_BY] = true, [RULE_STABLE_FIELD] = true, [RULE_STORAGE_UNIT] = true,
		[RULE_CONSISTENT_LOCK] = true, [RULE_PUBLISH_THEN_READ] = true,
	};

	for (uint32_t i = 0; j->lost_accesses && i < j->ndockets; i++)
		if (j->dockets[i].bound.usable && looks[j->dockets[i].bound.rule->template])
			docket_reason(j, &j->dockets[i],
				      arena_printf(&j->report->arena, "function '%s': it makes more "
						   "accesses than are kept",
						   j->lost_accesses));
}

static void judge_shared(struct judge *j)
{
	static void (*const judges[RULE_TEMPLATES])(struct judge *, struct docket *) = {
		[RULE_GUARDED_BY] = guarded_by_judge, [RULE_STABLE_FIELD] = stable_field_judge,
		[RULE_STORAGE_UNIT] = storage_unit_judge, [RULE_LOCK_BALANCE] = lock_balance_judge,
		[RULE_LOST_BIT] = lost_bit_judge, [RULE_CONSISTENT_LOCK] = consistent_lock_judge,
		[RULE_PAIRING] = pairing_judge, [RULE_PUBLISH_THEN_READ] = publish_read_judge,
	};

	shared_collect(j);
	tell_lost(j);
	for (uint32_t i = 0; i < j->ndockets; i++) {
		struct docket *d = &j->dockets[i];

		if (d->bound.usable && judges[d->bound.rule->template])
			judges[d->bound.rule->template](j, d);
	}
}

static void release(struct judge *j)
{
	for (uint32_t i = 0; i < j->ndockets; i++) {
		struct docket *d = &j->dockets[i];

		map_release(&d->sinks);
		array_release(&d->guards);
		array_release(&d->reasons);
		array_release(&d->branches);
		array_release(&d->refusals);
		array_release(&d->unpaired);
		map_release(&d->answers);
		array_release(&d->reads);
		map_release(&d->gone);
		map_release(&d->taken);
		map_release(&d->given);
		map_release(&d->additions);
		map_release(&d->walked);
		map_release(&d->doubts);
		map_release(&d->rounds);
	}
	free(j->dockets);
	array_release(&j->shared);
	array_release(&j->unseen);
	array_release(&j->ways);
	relevant_release(j);
	j->lost_accesses = NULL;
	engine_release(&j->e);
}

static void set_infer(struct judge *j, const struct analysis_options *o)
{
	if (!o->infer)
		return;
	j->infer = binder_record(&j->in, o->infer);
	if (j->infer == IR_NONE)
		buffer_printf(o->dump_out, "'%s' is not known here\n", o->infer);
	else
		engine_watch(&j->e, j->infer);
}

/* The engine starts, with the time that is left. */
static void begin(struct judge *j, const struct model *model,
		  const struct analysis_options *options, double deadline)
{
	struct engine_client client = {
		.arg = j, .on_store = on_store, .on_call = on_call, .on_branch = on_branch,
		.on_report = on_report, .on_gate = on_gate, .on_return = on_return,
		.on_case = on_case, .on_merge = on_merge,
		.on_bind = on_bind, .on_lost = on_lost, .on_discharged = on_discharged,
	};

	j->infer = IR_NONE;
	j->replays = j->not_replayed = j->lost_replays = 0;
	engine_init(&j->e, j->in.unit, model, &client);
	if (options->max_steps)
		j->e.max_steps = options->max_steps;
	j->e.deadline = deadline;
	j->e.ignored = options->ignored;
	j->e.nignored = options->nignored;
	j->e.targets = j->in.fe ? NULL : &j->targets;
	if (options->dump & DUMP_STATE) {
		j->e.dump = options->dump_out;
		j->e.dump_function = options->dump_function;
	}
}

/* Everything that the rules say, under what is taken for granted now. */
static void judge_once(struct judge *j, const struct analysis_options *options,
		       struct analysis_stats *stats)
{
	bind_rules(j, j->rules, options->explain != NULL);
	set_infer(j, options);
	if (any_usable(j) || options->dump || options->infer) {
		relevant_compute(j);
		set_constants(&j->e, j->e.model, &j->report->arena);
		judge_functions(j, stats);
		judge_shared(j);
		policy_judge(j);
	}
	for (uint32_t i = 0; i < j->ndockets; i++)
		conclude(j, &j->dockets[i]);
}

/*
 * A finding wants to know who stores to some fields: another round tells, where there is
 * time for it.
 */
static bool asks_for_origins(struct judge *j, double used, double all)
{
	bool asks = j->norigins < j->origins.n && !j->norigins && used < all / 3;

	if (asks)
		j->norigins = j->origins.n;
	return asks;
}

/*
 * Where a policy does not hold in a program, all is judged again without it: each
 * round takes at least one away. Of a unit the findings stay as they are: the
 * write is one already, and what rests on the field is not proved for it.
 */
static void judge_all(struct judge *j, const struct model *model,
		      const struct analysis_options *options, struct analysis_stats *stats,
		      double deadline)
{
	const struct report_mark before = report_mark(j->report);
	double start = now_seconds();

	for (;;) {
		unsigned refuted = j->nrefuted;

		memset(stats, 0, sizeof(*stats));
		begin(j, model, options, deadline);
		judge_once(j, options, stats);
		if (j->in.fe || (j->nrefuted == refuted && !asks_for_origins(j, now_seconds() - start,
									    deadline - start)))
			return;
		release(j);
		report_rewind(j->report, before);
	}
}

void analysis_run(const struct binder *in, const struct rule_set *rules, const struct model *model,
		  const struct analysis_options *options, struct report *report,
		  struct analysis_stats *stats)
{
	struct judge j = { .in = *in, .rules = rules, .report = report };
	double start = now_seconds();
	double deadline = start + (options->max_seconds > 0 ? options->max_seconds
							    : DEFAULT_SECONDS);

	if (!in->fe)
		targets_init(&j.targets, in->unit);
	if (in->elsewhere)
		targets_open(&j.targets, in->elsewhere, in->arg);
	judge_all(&j, model, options, stats, deadline);
	dump_all(&j, options);
	if (options->explain)
		explain_collect(&j, options->explain);
	if (j.infer != IR_NONE)
		infer_print(&j, j.infer, options->dump_out);
	stats->unmodelled = unmodelled_collect(j.e.unit, options->unmodelled);
	stats->summaries = j.e.stats.summaries;
	stats->partitions_merged = j.e.stats.merged;
	stats->obligations = j.e.stats.obligations;
	stats->discharged = j.e.stats.discharged;
	stats->lifted = j.e.stats.lifted;
	stats->replays = j.replays;
	stats->not_replayed = j.not_replayed;
	stats->steps = j.e.stats.steps;
	stats->ignored = j.e.stats.ignored;
	stats->seconds = now_seconds() - start;
	release(&j);
	targets_release(&j.targets);
	map_release(&j.refuted);
	array_release(&j.origins);
}
