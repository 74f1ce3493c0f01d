/* SPDX-License-Identifier: MIT */
#include "engine/engine.h"

#include <string.h>

#include "engine/fun.h"
#include "engine/replay.h"
#include "engine/summary.h"

#define DEPTH_MAX 200
#define DEFAULT_STEPS 400000
#define PART_DEPTH 8	/* of records inside records */

void engine_init(struct engine *e, struct ir_unit *unit, const struct model *model,
		 const struct engine_client *client)
{
	*e = (struct engine){ .unit = unit, .model = model, .client = *client,
			      .max_steps = DEFAULT_STEPS };
	e->dom = dom_new();
	symbols_init(&e->syms, e->dom, unit);
	e->syms.current = IR_NONE;
	array_push(&e->tags, (struct tag){ IR_NONE, 0, false });
}

void engine_release(struct engine *e)
{
	for (uint32_t i = 0; i < e->nsummaries; i++) {
		if (e->summaries[i])
			summary_release(e->summaries[i]);
		free(e->summaries[i]);
	}
	free(e->summaries);
	symbols_release(&e->syms);
	array_release(&e->policies);
	array_release(&e->watched);
	array_release(&e->watches);
	map_release(&e->lock_records);
	map_release(&e->parts);
	map_release(&e->containers);
	array_release(&e->container);
	array_release(&e->constants);
	array_release(&e->tags);
	map_release(&e->tag_index);
	dom_free(e->dom);
	arena_release(&e->arena);
	arena_release(&e->scratch);
}

void engine_add_policy(struct engine *e, const struct field_policy *p)
{
	for (uint32_t i = 0; i < e->policies.n; i++) {
		struct field_policy *have = &e->policies.v[i];

		if (have->rec != p->rec || have->off != p->off || have->width != p->width)
			continue;
		if (p->has_lock && !have->has_lock)
			have->lock_off = p->lock_off;
		have->has_lock |= p->has_lock;
		if (p->kind == POLICY_MONO && have->kind != POLICY_MONO)
			have->stable = p->stable;
		if (have->kind == POLICY_GUARD || p->kind == POLICY_INIT)
			have->kind = p->kind;
		return;
	}
	array_push(&e->policies, *p);
}

/* False where it was found before, not deeper. */
static bool add_part(struct engine *e, ir_rec rec, unsigned depth)
{
	uint64_t *nearest = map_put(&e->parts, rec);

	if (*nearest && *nearest <= depth + 1)
		return false;
	*nearest = depth + 1;
	return true;
}

static void add_parts(struct engine *e, const struct ir_span *span, ir_rec rec, unsigned depth)
{
	const struct ir_record *r = &e->unit->records.v[rec];

	for (uint32_t i = 0; depth < PART_DEPTH && i < r->fields.n; i++) {
		const struct ir_field *f = &r->fields.v[i];

		if (f->type.kind != IR_T_AGG || f->type.rec == IR_NONE ||
		    (rec == span->rec && (span->off >= f->off + f->width ||
					  f->off >= span->off + span->width)))
			continue;
		if (add_part(e, f->type.rec, depth))
			add_parts(e, span, f->type.rec, depth + 1);
	}
}

bool engine_watches(const struct engine *e, ir_rec rec)
{
	for (uint32_t i = 0; i < e->watched.n; i++)
		if (e->watched.v[i] == rec)
			return true;
	return false;
}

bool engine_container(const struct engine *e, sym_id root, struct container *out)
{
	const uint64_t *slot = map_get(&e->containers, root.i);

	if (!slot || !*slot)
		return false;
	*out = e->container.v[*slot - 1];
	return true;
}

bool engine_is_lock_record(struct engine *e, ir_rec rec)
{
	uint64_t *slot = map_put(&e->lock_records, rec);
	const char *tag = intern_get(&e->unit->names, e->unit->records.v[rec].tag);

	if (!*slot)
		*slot = 1 + (e->model && model_has_name(&e->model->lock_records, tag));
	return *slot == 2;
}

static void add_watch(struct engine *e, const struct ir_span *span, bool writes)
{
	if (!engine_watches(e, span->rec))
		array_push(&e->watched, span->rec);
	for (uint32_t i = 0; i < e->watches.n; i++) {
		const struct watch *w = &e->watches.v[i];

		if (w->span.rec == span->rec && w->span.off == span->off &&
		    w->span.width == span->width && w->writes == writes)
			return;
	}
	array_push(&e->watches, (struct watch){ *span, writes });
	e->watches_reads |= !writes;
	add_parts(e, span, span->rec, 0);
}

void engine_watch(struct engine *e, ir_rec rec)
{
	add_watch(e, &(struct ir_span){ rec, 0, e->unit->records.v[rec].size }, false);
}

void engine_watch_span(struct engine *e, const struct ir_span *span)
{
	add_watch(e, span, false);
}

void engine_watch_writes(struct engine *e, const struct ir_span *span)
{
	add_watch(e, span, true);
}

bool engine_asks(const struct engine *e, ir_rec rec, uint64_t off, uint64_t width, bool writes)
{
	for (uint32_t i = 0; i < e->watches.n; i++) {
		const struct watch *w = &e->watches.v[i];

		if ((writes || !w->writes) && ir_span_in(e->unit, &w->span, rec, off, width))
			return true;
	}
	return false;
}

uint64_t engine_constant(const struct engine *e, const char *text)
{
	for (uint32_t i = 0; i < e->constants.n; i++)
		if (!strcmp(e->constants.v[i].text, text))
			return e->constants.v[i].value;
	return 0;
}

const struct field_policy *engine_policy(const struct engine *e, struct class c)
{
	for (uint32_t i = 0; i < e->policies.n; i++) {
		const struct field_policy *p = &e->policies.v[i];

		if (p->rec == c.rec && c.off >= p->off && c.off + c.width <= p->off + p->width)
			return p;
	}
	return NULL;
}

struct class engine_class(const struct engine *e, ir_rec rec, uint64_t off, uint32_t width)
{
	ir_rec inner = rec;
	uint64_t inner_off;

	if (rec == IR_NONE)
		return (struct class){ IR_NONE, 0, width };
	inner_off = off = ir_element_off(e->unit, rec, off);
	if (!ir_field_at(e->unit, rec, off, width, &inner, &inner_off))
		return (struct class){ rec, off, width };
	return (struct class){ inner, inner_off, width };
}

uint32_t engine_tag(struct engine *e, ir_fn fn, ir_loc loc, bool taken)
{
	uint64_t *slot = map_put(&e->tag_index, (uint64_t)fn << 33 | (uint64_t)loc << 1 | taken);

	if (!*slot) {
		*slot = e->tags.n;
		array_push(&e->tags, (struct tag){ fn, loc, taken });
	}
	return (uint32_t)*slot;
}

static struct summary *summary_slot(struct engine *e, ir_fn fn)
{
	if (fn >= e->nsummaries) {
		uint32_t n = e->unit->funcs.n > fn ? e->unit->funcs.n + 64 : fn + 64;

		e->summaries = xrealloc(e->summaries, n * sizeof(*e->summaries));
		memset(e->summaries + e->nsummaries, 0,
		       (n - e->nsummaries) * sizeof(*e->summaries));
		e->nsummaries = n;
	}
	if (!e->summaries[fn]) {
		e->summaries[fn] = xcalloc(1, sizeof(**e->summaries));
		e->summaries[fn]->caller = e->summaries[fn]->within = IR_NONE;
	}
	return e->summaries[fn];
}

/* What is being summarised on the way from fn, which is running, calls it. */
static void note_cycle(struct engine *e, ir_fn fn)
{
	for (ir_fn i = e->syms.current; i != IR_NONE && i != fn; i = summary_slot(e, i)->caller)
		if (summary_slot(e, i)->within == IR_NONE)
			summary_slot(e, i)->within = fn;
}

static void lose(struct summary *to, const struct summary *from)
{
	to->lost_obligations |= from->lost_obligations;
	to->lost_pending |= from->lost_pending;
}

/*
 * Who called fn while it was running had nothing of it to lift: what fn obliges its callers
 * to is lost there too.
 */
static void lose_cycle(struct engine *e, ir_fn fn)
{
	for (uint32_t i = 0; i < e->nsummaries; i++)
		if (e->summaries[i] && e->summaries[i]->within == fn)
			lose(e->summaries[i], e->summaries[fn]);
}

const struct summary *engine_summary(struct engine *e, ir_fn fn)
{
	struct summary *s = summary_slot(e, fn);

	if (s->running)
		s->recursive = true;
	if (s->running)
		note_cycle(e, fn);
	else if (s->ready && s->within != IR_NONE && summary_slot(e, s->within)->running)
		note_cycle(e, s->within);
	if (s->ready || s->running)
		return s;
	if (e->depth >= DEPTH_MAX) {
		s->anything = s->ready = true;
		s->why = "the calls are nested too deeply";
		e->client.on_lost(e->client.arg, fn, s->why);
		return s;
	}
	s->running = true;
	s->caller = e->syms.current;
	e->depth++;
	fun_analyse(e, fn, s);
	e->depth--;
	e->stats.summaries++;
	s->running = false;
	s->ready = true;
	if (s->recursive && (s->lost_obligations || s->lost_pending))
		lose_cycle(e, fn);
	return s;
}

void engine_eval(struct fun *f, struct state *s, ir_fn fn, const word_id *args, unsigned nargs,
		 bool final, expr_case found, void *arg)
{
	const struct summary *sum = engine_summary(f->e, fn);
	uint64_t site = (uint64_t)1 << 40 | fn;
	struct inst in;

	if (f->route)
		site |= route_turn(f->route) << SITE_TURN;
	f->body = &f->e->unit->funcs.v[f->id];
	if (sum->anything) {
		found(arg, cond_true(f->e->dom), word_top(f->e->dom, 32));
		return;
	}
	site_enter(f, s, site);
	inst_begin(&in, f, s, fn, args, nargs, site, 0);
	in.final = final;
	for (uint32_t k = 0; k < sum->ncases; k++)
		found(arg, inst_cond(&in, sum->cases[k].exit.pc), inst_word(&in, sum->cases[k].ret));
	inst_end(&in);
}
