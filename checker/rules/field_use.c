/* SPDX-License-Identifier: MIT */
#include "rules/field_use.h"

#include "base/buffer.h"

/* ------------------------------------------------------------------ the locks */

static bool same(const struct use_lock *a, const struct use_lock *b)
{
	return a->through == b->through && a->step == b->step && a->glob == b->glob &&
	       a->off == b->off;
}

static bool has(const struct use_lock *v, unsigned n, const struct use_lock *l)
{
	for (unsigned i = 0; i < n; i++)
		if (same(&v[i], l))
			return true;
	return false;
}

/* The held lock, seen from the object; false where it is none that a rule can name. */
static bool seen_from(const struct judge *j, const struct shared *x, const struct lock *l,
		      struct use_lock *out)
{
	const struct symbol *k = symbol_info(&j->e.syms, l->ref.root);

	*out = (struct use_lock){ .glob = IR_NONE, .rec = IR_NONE, .off = l->ref.off };
	if (l->ref.root.i == x->a->root.i) {
		out->off -= x->a->base;
		return out->off >= 0;
	}
	if (k->kind == SYM_K_GLOBAL) {
		out->glob = (ir_glob)k->a;
		return true;
	}
	out->through = shared_leads_to(j, x, l->ref.root, &out->step);
	if (out->through)
		shared_place(j, l->ref, &out->rec, &out->off);
	return out->through && out->rec != IR_NONE && out->step >= 0;
}

static unsigned locks_of(const struct judge *j, const struct shared *x,
			 struct use_lock out[USE_LOCKS])
{
	unsigned n = 0;

	for (uint32_t i = 0; i < x->a->nheld && n < USE_LOCKS; i++) {
		const struct lock *l = &x->a->held[i];

		if (l->ref.root.i && (!shared_writes(x) || l->mode == MODEL_LOCK_EXCLUSIVE) &&
		    l->mode != MODEL_LOCK_RCU && seen_from(j, x, l, &out[n]))
			n++;
	}
	return n;
}

bool field_use_holds(const struct use_place *p, const struct use_lock *l)
{
	return has(p->locks, p->nlocks, l);
}

/* ----------------------------------------------------------------- the places */

static void keep_common(struct use_place *p, const struct use_place *n)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < p->nlocks; i++)
		if (field_use_holds(n, &p->locks[i]))
			p->locks[kept++] = p->locks[i];
	/* Who holds fewest shows best what is wrong; of a read and a write, the write does. */
	if (n->nlocks < p->nlocks || (n->nlocks == p->nlocks && n->writes && !shared_writes(p->x)))
		p->x = n->x;
	p->nlocks = kept;
	p->writes |= n->writes;
}

static void add(struct field_use *u, const struct use_place *n)
{
	for (uint32_t i = 0; i < u->places.n; i++) {
		struct use_place *have = &u->places.v[i];

		if (have->x->a->loc != n->x->a->loc || have->x->a->fn != n->x->a->fn)
			continue;
		keep_common(have, n);
		return;
	}
	array_push(&u->places, *n);
}

void field_use_collect(struct judge *j, const struct docket *d, struct field_use *u, bool bare)
{
	for (uint32_t i = 0; i < j->shared.n; i++) {
		const struct shared *x = &j->shared.v[i];
		bool meant = x->a->kind == ACCESS_UPDATE || x->a->mark != IR_PLAIN;
		struct use_place p = { .x = x, .writes = shared_writes(x) };
		struct shared in;

		if (x->teardown || !shared_touches(j, x, &u->bound) ||
		    (d && !shared_is_covered(j, d, x)))
			continue;
		in = shared_inside(j, x, &u->bound);
		p.nlocks = locks_of(j, &in, p.locks);
		if (p.nlocks || !meant || bare)
			add(u, &p);
	}
}

void field_use_release(struct field_use *u)
{
	array_release(&u->places);
}

unsigned field_use_count(const struct field_use *u, struct use_count out[USE_LOCKS])
{
	unsigned n = 0;

	for (uint32_t i = 0; i < u->places.n; i++)
		for (unsigned k = 0; k < u->places.v[i].nlocks; k++) {
			const struct use_lock *l = &u->places.v[i].locks[k];
			unsigned at = 0;

			while (at < n && !same(&out[at].lock, l))
				at++;
			if (at == USE_LOCKS)
				continue;
			if (at == n)
				out[n++] = (struct use_count){ .lock = *l };
			out[at].writes += u->places.v[i].writes;
			out[at].reads += !u->places.v[i].writes;
		}
	return n;
}

/* ---------------------------------------------------------------------- names */

static const char *member_at(const struct judge *j, ir_rec rec, int64_t off)
{
	const struct ir_record *r = rec == IR_NONE ? NULL : &j->e.unit->records.v[rec];

	for (uint32_t i = 0; r && i < r->fields.n; i++)
		if ((int64_t)r->fields.v[i].off <= off &&
		    off < (int64_t)(r->fields.v[i].off + r->fields.v[i].width))
			return intern_get(&j->e.unit->names, r->fields.v[i].name);
	return "?";
}

const char *field_use_lock_name(struct judge *j, ir_rec rec, const struct use_lock *l)
{
	struct arena *a = &j->report->arena;

	if (l->glob != IR_NONE) {
		const struct ir_global *g = &j->e.unit->globals.v[l->glob];
		const char *name = intern_get(&j->e.unit->names, g->name);

		return g->type.kind != IR_T_AGG || g->type.rec == IR_NONE ||
		       engine_is_lock_record(&j->e, g->type.rec) ?
		       arena_printf(a, "global %s", name) :
		       arena_printf(a, "global %s.%s", name, member_at(j, g->type.rec, l->off));
	}
	if (l->through)
		return arena_printf(a, "%s->%s", member_at(j, rec, l->step),
				    member_at(j, l->rec, l->off));
	return member_at(j, rec, l->off);
}

struct bound_lock field_use_bound(const struct field_use *u, const struct use_lock *l)
{
	struct bound_lock b = { .glob = l->glob, .is_global = l->glob != IR_NONE,
				.rec = l->through ? l->rec : u->bound.rec,
				.off = (uint64_t)l->off };

	if (l->through)
		b.step[b.nsteps++] = (uint64_t)l->step;
	return b;
}
