/* SPDX-License-Identifier: MIT */
/*
 * What a unit takes for granted of its callers in other units: that they hold the
 * locks which its entry points say are held (lockdep_assert_held(), __must_hold()).
 */
#include <string.h>

#include "rules/shared.h"

static bool guards_have(const struct judge *j, const struct bound_rule *b, struct lock_ref ref)
{
	for (unsigned i = 0; i < b->nguards; i++)
		for (unsigned k = 0; k < b->guards[i].nlocks; k++) {
			const struct bound_lock *l = &b->guards[i].locks[k];

			if (!l->is_global && shared_is_at(j, ref, l->rec, (int64_t)l->off))
				return true;
		}
	return false;
}

/* The lock is one that the rule's verdict can rest on. */
static bool is_of_rule(const struct judge *j, const struct docket *d, struct lock_ref ref)
{
	const struct bound_rule *b = &d->bound;
	int64_t off;
	ir_rec rec;

	shared_place(j, ref, &rec, &off);
	if (rec == IR_NONE)
		return false;
	for (unsigned i = 0; i < b->rule->npolicy; i++)
		if (b->policies[i].has_lock &&
		    shared_is_at(j, ref, b->policies[i].rec, (int64_t)b->policies[i].lock_off))
			return true;
	switch (b->rule->template) {
	case RULE_GUARDED_BY:
		return guards_have(j, b, ref);
	case RULE_STORAGE_UNIT:
		return b->record == rec;
	default:
		return false;
	}
}

static const char *text_of(struct judge *j, ir_fn entry, const struct lock_use *u)
{
	struct lock l = { .ref = u->ref, .mode = u->mode };

	return arena_printf(&j->report->arena, "who calls '%s' from elsewhere holds '%s', as it says",
			    witness_function(j, entry), shared_lock_name(j, &l));
}

static bool has_text(const char *const *list, unsigned n, const char *text)
{
	for (unsigned i = 0; i < n; i++)
		if (!strcmp(list[i], text))
			return true;
	return false;
}

static unsigned add_entry(struct judge *j, const struct docket *d, ir_fn fn, const char **out,
			  unsigned n, unsigned max)
{
	const struct summary *sum = j->e.summaries[fn];

	for (uint32_t i = 0; sum && i < sum->uses.n; i++) {
		const struct lock_use *u = &sum->uses.v[i];
		const char *text = u->op == MODEL_LOCK_NEED && is_of_rule(j, d, u->ref) ?
				   text_of(j, fn, u) : NULL;

		if (!text || has_text(out, n, text))
			continue;
		if (n == max)
			out[n - 1] = "who calls other functions that say so holds their locks too";
		else
			out[n++] = text;
	}
	return n;
}

unsigned trusted_callers(struct judge *j, const struct docket *d, const char **out, unsigned max)
{
	unsigned n = 0;

	for (ir_fn fn = 0; fn < j->nfuncs && fn < j->e.nsummaries; fn++)
		if (relevant_has(j, fn) && relevant_is_entry(j, fn))
			n = add_entry(j, d, fn, out, n, max);
	return n;
}
