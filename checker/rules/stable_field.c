/* SPDX-License-Identifier: MIT */
/*
 * Template stable-field: how a field may change once others can reach its
 * object. What a proof of another rule takes for granted of a field (policy:)
 * is judged here for the writers of this unit.
 */
#include <string.h>

#include "base/buffer.h"
#include "rules/shared.h"

/* One more than something: a counter that goes up. That it wraps is left out. */
static bool counts_up(struct judge *j, const struct shared *x)
{
	int64_t delta;
	sym_id of;

	return x->a->width > 1 && !word_is_none(x->a->val) &&
	       word_as_symoff(j->e.dom, x->a->val, &of, &delta) && delta > 0;
}

static bool is_writer(struct judge *j, const struct rule_locking *l, ir_fn fn)
{
	const char *name = witness_function(j, fn);

	for (unsigned i = 0; i < l->nwriters; i++)
		if (!strcmp(l->writers[i], name))
			return true;
	return false;
}

/*
 * Of the bits that the rule is about the store writes back what it has found. field: its first
 * bit in the record of the access.
 */
static bool keeps_bits(const struct shared *x, uint64_t field, uint64_t bits)
{
	const struct shared_access *a = x->a;

	for (unsigned i = 0; i < 64; i++) {
		uint64_t at = field + i - a->off;

		if (!(bits >> i & 1) || at >= a->width)
			continue;
		if (a->kind != ACCESS_WRITE || at >= 64 || !(a->kept >> at & 1))
			return false;
	}
	return true;
}

/* False where the rule's bits: is no constant in this unit. */
static bool bits_of(struct judge *j, const struct docket *d, uint64_t *bits)
{
	const struct summary *s;

	*bits = 0;
	if (!d->bound.rule->bits.text)
		return true;
	s = engine_summary(&j->e, d->bound.guard);
	return s->ncases == 1 && word_is_const(j->e.dom, s->cases[0].ret, bits);
}

static bool is_allowed(struct judge *j, const struct rule_locking *l, const struct shared *x)
{
	switch (l->stable) {
	case STABLE_MONOTONE:
		return shared_stores_only(j, x, l->stable_to);
	case STABLE_STICKY:
		return shared_stores_only(j, x, l->stable_to) || (l->stable_to && counts_up(j, x));
	case STABLE_CLOSED:
		return is_writer(j, l, x->a->fn);
	default:
		/* What they are given is new, unless a caller is seen who has shown it to others. */
		return is_writer(j, l, x->a->fn) && is_writer(j, l, x->entry);
	}
}

struct text { struct judge *j; const struct docket *d; const struct shared *x; };

static const char *text_value(void *ctx, const char *name)
{
	const struct text *t = ctx;
	struct buffer b = BUFFER_INIT;
	const char *text;

	if (!strcmp(name, "function"))
		return witness_function(t->j, t->x->a->fn);
	if (!strcmp(name, "field"))
		return t->d->bound.rule->locking.fields[0].field;
	if (!strcmp(name, "object"))
		return shared_object(t->j, t->x);
	if (strcmp(name, "val"))
		return NULL;
	if (word_is_none(t->x->a->val))
		return "some value";
	word_print(t->j->e.dom, t->x->a->val, symbol_name, &t->j->e.syms, &b);
	text = arena_strdup(&t->j->report->arena, buffer_str(&b));
	buffer_release(&b);
	return text;
}

static void report(struct judge *j, struct docket *d, const struct shared *x)
{
	struct text t = { j, d, x };
	struct shared_path p = { 0 };
	struct finding *f = shared_finding(j, d, x, shared_is_exact(j, x));

	if (!f)
		return;
	f->message = rule_format(&j->report->arena, d->bound.rule, text_value, &t);
	f->subject = arena_printf(&j->report->arena, "%s.%s",
				  d->bound.rule->locking.fields[0].record,
				  d->bound.rule->locking.fields[0].field);
	f->reach = arena_printf(&j->report->arena, "reached from '%s', on an object that others can "
				"reach", witness_function(j, x->entry));
	shared_path_add(j, &p, x, "the field is written", 0);
	shared_path_other(j, &p, x, shared_conflict(j, x, &d->bound.fields[0]), f);
	shared_path_end(j, &p, f);
}

/* What has to stay as it was: the rule's bits, or a field that was stored with its neighbours. */
static uint64_t kept_bits(const struct docket *d, const struct shared *x, uint64_t bits)
{
	const struct rule_locking *l = &d->bound.rule->locking;
	uint32_t width = d->bound.fields[0].width;

	if (bits || (l->stable != STABLE_INIT_ONLY && l->stable != STABLE_CLOSED) ||
	    x->a->width <= width || width > 64)
		return bits;
	return width == 64 ? UINT64_MAX : (UINT64_C(1) << width) - 1;
}

void stable_field_judge(struct judge *j, struct docket *d)
{
	uint64_t bits, at;

	if (!bits_of(j, d, &bits)) {
		docket_reason(j, d, "'bits' is no constant");
		return;
	}
	for (uint32_t i = 0; i < j->shared.n; i++) {
		const struct shared *x = &j->shared.v[i];
		uint64_t kept = kept_bits(d, x, bits);

		if (!shared_touches_at(j, x, &d->bound.fields[0], &at) ||
		    !shared_is_covered(j, d, x))
			continue;
		*map_put(&d->sinks, x->a->loc) = 1;
		if (shared_writes(x) && !x->teardown &&
		    !(kept && keeps_bits(x, at, kept)) &&
		    !is_allowed(j, &d->bound.rule->locking, x))
			report(j, d, x);
	}
}
