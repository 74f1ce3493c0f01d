/* SPDX-License-Identifier: MIT */
/*
 * What a rule takes for granted of a field (policy:), judged over all who write
 * it. Of a program each is proved, or taken back, and the rules are judged again
 * with a field that anybody may change. Of one unit one that is not broken in it
 * stays an assumption.
 *
 * That this is sound: of all writes that break a policy one comes first, and up
 * to it the policies held under which its place was analysed.
 */
#include "rules/policy.h"

#include <string.h>

#include "rules/shared.h"

static uint64_t field_key(const struct bound_rule *b, unsigned k)
{
	const struct field_policy *p = &b->policies[k];
	const struct ir_span *in = &b->policy_in[k];

	return hash_mix(hash_mix(hash_mix(p->rec, p->off), p->width), hash_mix(in->rec, in->off));
}

bool policy_is_refuted(const struct judge *j, const struct bound_rule *b, unsigned k)
{
	return map_get(&j->refuted, field_key(b, k)) != NULL;
}

static struct bound_field field_of(const struct field_policy *p)
{
	return (struct bound_field){ p->rec, p->off, (uint32_t)p->width };
}

static bool holds_lock(struct judge *j, const struct field_policy *p, const struct shared *x)
{
	const struct bound_lock lock = { .glob = IR_NONE, .rec = p->rec, .off = p->lock_off };
	const struct bound_field f = field_of(p);
	const struct shared in = shared_inside(j, x, &f);
	const struct lock *which;

	return !p->has_lock || shared_held(j, &in, &lock, &which) == HELD_EXCLUSIVE;
}

/* The write leaves the field as the policy says. */
static bool is_kept(struct judge *j, const struct field_policy *p, const struct shared *x)
{
	switch (p->kind) {
	case POLICY_MONO:
		return shared_stores_only(j, x, p->stable) && holds_lock(j, p, x);
	case POLICY_GUARD:
		return holds_lock(j, p, x);
	case POLICY_ONCE:
		return x->a->sets;
	default:
		return false;
	}
}

/* The object is known to stand in another record than those that the policy is about. */
static bool is_of_others(const struct judge *j, const struct bound_rule *b, unsigned k,
			 const struct shared_access *a)
{
	const struct field_policy *p = &b->policies[k];
	const struct ir_span *in = &b->policy_in[k];
	ir_rec root = symbol_info(&j->e.syms, a->root)->rec;
	int64_t at = a->base + (int64_t)a->off;

	if (in->rec == p->rec || root == IR_NONE || root == p->rec || at < 0 ||
	    ir_record_in(j->e.unit, root, in->rec))
		return false;
	return (uint64_t)at < j->e.unit->records.v[root].size &&
	       !ir_span_in(j->e.unit, in, root, (uint64_t)at, a->width);
}

static void refute(struct judge *j, const struct bound_rule *b, unsigned k, ir_fn writer)
{
	const char *why = arena_printf(&j->report->arena, "'%s' writes it after the object is "
				       "published", witness_function(j, writer));

	if (!policy_is_refuted(j, b, k))
		j->nrefuted++;
	*map_put(&j->refuted, field_key(b, k)) = (uint64_t)(uintptr_t)why;
}

/* The first write that is not as the policy says; NULL for none. places: of all writes. */
static const struct shared *find_break(struct judge *j, const struct bound_rule *b, unsigned k,
				       struct map *places)
{
	const struct bound_field f = field_of(&b->policies[k]);

	for (uint32_t i = 0; i < j->shared.n; i++) {
		const struct shared *x = &j->shared.v[i];

		if (!shared_writes(x) || !shared_touches(j, x, &f) || is_of_others(j, b, k, x->a))
			continue;
		*map_put(places, (uint64_t)x->a->fn << 32 | x->a->loc) = 1;
		if (!x->teardown && !is_kept(j, &b->policies[k], x))
			return x;
	}
	return NULL;
}

static void judge_one(struct judge *j, struct docket *d, unsigned k)
{
	const struct bound_rule *b = &d->bound;
	struct policy_state *s = &d->policies[k];
	const struct shared *broken;
	struct map places = { 0 };

	/* That a lock is missing is a finding of the unit's own rules. */
	if (policy_is_refuted(j, b, k) ||
	    (j->in.fe && b->policies[k].kind != POLICY_INIT && b->policies[k].kind != POLICY_ONCE))
		return;
	broken = find_break(j, b, k, &places);
	s->writers = places.entries.n;
	map_release(&places);
	if (broken)
		refute(j, b, k, broken->a->fn);
	else
		s->proved = !j->in.fe && !j->lost_accesses;
}

void policy_judge(struct judge *j)
{
	for (uint32_t i = 0; i < j->ndockets; i++)
		for (unsigned k = 0; j->dockets[i].bound.usable &&
				     k < j->dockets[i].bound.rule->npolicy; k++)
			judge_one(j, &j->dockets[i], k);
}

/* ------------------------------------------------------------------- words */

static const char *claim(struct judge *j, const struct rule_policy *p)
{
	struct arena *a = &j->report->arena;
	const char *field = p->in_record ?
		arena_printf(a, "'%s.%s' in '%s.%s'", p->record, p->field, p->in_record,
			     p->in_field) : arena_printf(a, "'%s.%s'", p->record, p->field);

	if (p->kind == POLICY_INIT_ONLY)
		return arena_printf(a, "%s is init-only: nobody writes it after the object is "
				    "published", field);
	if (p->kind == POLICY_SET_ONCE)
		return arena_printf(a, "%s is set once: after the object is published it is written "
				    "only where it is 0, and not by two threads at once", field);
	if (p->kind == POLICY_MONOTONE)
		return arena_printf(a, "%s is monotone: once it is %d it stays so%s%s%s",
				    field, p->monotone_to,
				    p->lock ? ", and is written only under '" : "",
				    p->lock ? p->lock : "", p->lock ? "'" : "");
	return arena_printf(a, "%s is accessed only under '%s' of the same object", field, p->lock);
}

const char *policy_text(struct judge *j, const struct docket *d, unsigned k)
{
	const struct policy_state *s = &d->policies[k];
	const char *text = claim(j, &d->bound.rule->policy[k]);
	struct arena *a = &j->report->arena;

	if (policy_is_refuted(j, &d->bound, k))
		return NULL;
	if (!s->proved)
		return text;
	return s->writers ? arena_printf(a, "%s (proved, %u write%s to published objects in the "
					 "program)", text, s->writers, s->writers == 1 ? "" : "s")
			  : arena_printf(a, "%s (proved over all writers of the program)", text);
}

void policy_refutations(struct judge *j, struct docket *d)
{
	if (j->in.fe && (d->violated || d->may))
		return;
	for (unsigned k = 0; k < d->bound.rule->npolicy; k++) {
		const struct rule_policy *p = &d->bound.rule->policy[k];
		const uint64_t *why = map_get(&j->refuted, field_key(&d->bound, k));

		if (why)
			docket_reason(j, d, arena_printf(&j->report->arena, "'%s.%s' is not what the "
							 "rule takes it for: %s", p->record,
							 p->field,
							 (const char *)(uintptr_t)*why));
	}
}
