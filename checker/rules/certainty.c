/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "rules/witness_parts.h"

/* Unit propagation: the bits where all clauses of c hold that are one atom, or become it. */
static void propagate_units(struct dom *d, const struct cond *c, bit_id *bits, unsigned n)
{
	bit_id clause[COND_CLAUSES];
	bool done[COND_CLAUSES] = { false }, again = true;
	atom_id a[BIT_ATOMS];

	for (uint32_t i = 0; i < c->n; i++)
		clause[i] = c->c[i].bit;
	while (again) {
		again = false;
		for (uint32_t i = 0; i < c->n; i++) {
			bool value;

			if (done[i] || bit_support(d, clause[i], a) != 1)
				continue;
			done[i] = again = true;
			value = bit_same(bit_cofactor(d, clause[i], a[0], true), BIT_1);
			for (uint32_t k = 0; k < c->n; k++)
				if (!done[k])
					clause[k] = bit_cofactor(d, clause[k], a[0], value);
			for (unsigned k = 0; k < n; k++)
				bits[k] = bit_cofactor(d, bits[k], a[0], value);
		}
	}
}

/* What the rule asks of the fields is known, whatever is not of the way there. */
static bool is_answer_known(struct judge *j, const struct obligation *o, const struct cond *bad)
{
	struct symbols_of s = { .j = j };
	bit_id focus[OBLIGATION_FOCUS];
	atom_id atoms[BIT_ATOMS];
	bool known = true;

	memcpy(focus, o->focus, o->nfocus * sizeof(*focus));
	propagate_units(j->e.dom, bad, focus, o->nfocus);
	for (unsigned i = 0; i < o->nfocus; i++) {
		unsigned n = bit_support(j->e.dom, focus[i], atoms);

		known &= focus[i].i != BIT_TOP.i;
		for (unsigned k = 0; k < n; k++)
			witness_add_symbol(&s, atom_sym(atoms[k]), 0);
	}
	for (unsigned i = 0; i < s.n; i++)
		if (symbol_info(&j->e.syms, s.v[i])->origin == ORIGIN_UNKNOWN)
			known = false;
	map_release(&s.seen);
	return known;
}

enum verdict witness_quality(struct judge *j, const struct symbols_of *s,
			    const struct obligation *o, const struct cond *bad,
			    const char **reason)
{
	unsigned unknown = 0;

	for (unsigned i = 0; i < s->n; i++) {
		const struct symbol *k = symbol_info(&j->e.syms, s->v[i]);

		if (k->origin != ORIGIN_UNKNOWN)
			continue;
		unknown++;
		if (k->reason)
			*reason = intern_get(&j->e.unit->names,
					     j->e.unit->reasons.v[k->reason].text);
	}
	if (o->unseen)
		*reason = intern_get(&j->e.unit->names, j->e.unit->reasons.v[o->unseen].text);
	if (o->unseen || (unknown && unknown == s->n && *reason))
		return VERDICT_INCOMPLETE;
	if (unknown && j->dockets[o->rule].bound.rule->template == RULE_COUPLING &&
	    !is_answer_known(j, o, bad)) {
		*reason = j->in.fe ?
			  "pending the link: what other units do with the object is not known here" :
			  "what the fields hold by then is not known";
		return VERDICT_INCOMPLETE;
	}
	if (!unknown && (o->may || bad->imprecise))
		*reason = WITNESS_PATH;
	else if (!unknown && o->unbound.i)
		*reason = "which object the rule is to look at is not known";
	else if (!unknown)
		return VERDICT_VIOLATION_EXACT;
	else if (!*reason)
		*reason = "a value on the way is not known";
	return VERDICT_VIOLATION_MAY;
}
