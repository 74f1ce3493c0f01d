/* SPDX-License-Identifier: MIT */
/*
 * Template storage-unit: writers of one memory location (C11 3.14) are ordered
 * by a common exclusive lock.
 *
 * A store to a bit-field reads the whole location and writes it back, so that
 * what another thread stores to a neighbour in between is lost. A neighbour
 * that nobody writes once the object can be reached cannot be lost, since it is
 * not among the accesses.
 */
#include <string.h>

#include "rules/shared.h"

/* One store in the source, as the entry points reach it. */
struct writer {
	const struct shared *x;
	uint32_t orders;	/* so many writers hold a lock that it holds */
	bool ordered;		/* it keeps to what most writers of the location do */
};

struct location {
	uint64_t off, width;	/* in the record */
	Array(struct writer) writers;
};

/*
 * The next memory location of bit-fields at or behind bit "from" of the record that the store
 * has a part of: one where it is to a field, each where it is to all of the record.
 */
static bool next_location(const struct judge *j, const struct shared *x, uint64_t from,
			  struct location *out)
{
	const struct ir_record *r = &j->e.unit->records.v[x->a->rec];
	bool found = false;

	for (uint32_t i = 0; i < r->fields.n; i++) {
		const struct ir_field *f = &r->fields.v[i];

		if (!f->is_bitfield || f->unit_off < from || (found && f->unit_off >= out->off) ||
		    f->off >= x->a->off + x->a->width || x->a->off >= f->off + f->width)
			continue;
		out->off = f->unit_off;
		out->width = f->unit_width;
		found = true;
	}
	return found;
}

/* An atomic operation on the location cannot lose a neighbour. */
static bool is_plain_store(const struct shared *x)
{
	return x->a->kind == ACCESS_WRITE && x->a->mark != IR_ATOMIC && !x->teardown;
}

static bool same_field(const struct shared *x, const struct shared *y)
{
	return x->a->off == y->a->off && x->a->width == y->a->width;
}

/*
 * Of two ways to a store the one that shows more: what is certain, whose locks are, whose
 * object has a name where it begins, under fewer locks, by the shorter way.
 */
static bool is_clearer(const struct judge *j, const struct shared *x, const struct shared *y)
{
	const bool exact = shared_is_exact(j, x), found = symbol_is_found(&j->e.syms, x->a->root);

	if (exact != shared_is_exact(j, y))
		return exact;
	if (!x->a->nunsure != !y->a->nunsure)
		return !x->a->nunsure;
	if (found != symbol_is_found(&j->e.syms, y->a->root))
		return found;
	if (x->a->nheld != y->a->nheld)
		return x->a->nheld < y->a->nheld;
	return x->a->nhops < y->a->nhops;
}

static bool holds(const struct judge *j, const struct shared *x, const struct lock *l)
{
	int64_t off, o;
	ir_rec rec, r;

	shared_place(j, l->ref, &rec, &off);
	for (uint32_t i = 0; i < x->a->nheld; i++) {
		const struct lock *have = &x->a->held[i];

		shared_place(j, have->ref, &r, &o);
		if (have->mode == l->mode && r == rec && o == off &&
		    (rec != IR_NONE || have->ref.root.i == l->ref.root.i))
			return true;
	}
	return false;
}

static bool holds_all(const struct judge *j, const struct shared *x, const struct shared *of)
{
	for (uint32_t i = 0; i < of->a->nheld; i++)
		if (!holds(j, x, &of->a->held[i]))
			return false;
	return true;
}

/* Of ways to one store the one with the fewest locks counts, and of these the clearest. */
static void add_writer(struct judge *j, struct location *l, const struct shared *x)
{
	for (uint32_t i = 0; i < l->writers.n; i++) {
		struct writer *w = &l->writers.v[i];

		bool more = holds_all(j, x, w->x), less = holds_all(j, w->x, x);

		if (w->x->a->loc != x->a->loc || w->x->a->fn != x->a->fn ||
		    !shared_ordered(j, w->x, x) != !shared_ordered(j, w->x, w->x) ||
		    !(more || less))
			continue;
		if (less && (!more || is_clearer(j, x, w->x)))
			w->x = x;
		return;
	}
	array_push(&l->writers, (struct writer){ x, 0, false });
}

/* That each is ordered with a third does not order two: the one with fewer friends gives way. */
static void split_ordered(struct judge *j, struct location *l)
{
	for (uint32_t i = 0; i < l->writers.n; i++)
		for (uint32_t k = 0; k < i; k++) {
			struct writer *x = &l->writers.v[i], *y = &l->writers.v[k];

			if (x->ordered && y->ordered && !same_field(x->x, y->x) &&
			    !shared_ordered(j, x->x, y->x))
				(x->orders <= y->orders ? x : y)->ordered = false;
		}
}

/* The writer whose locks order most of the others; they are the discipline. */
static void mark_ordered(struct judge *j, struct location *l)
{
	uint32_t best = 0;

	for (uint32_t i = 0; i < l->writers.n; i++) {
		for (uint32_t k = 0; k < l->writers.n; k++)
			l->writers.v[i].orders += shared_ordered(j, l->writers.v[i].x,
								 l->writers.v[k].x);
		if (l->writers.v[i].orders > l->writers.v[best].orders)
			best = i;
	}
	for (uint32_t i = 0; l->writers.n && l->writers.v[best].orders && i < l->writers.n; i++)
		l->writers.v[i].ordered = shared_ordered(j, l->writers.v[best].x, l->writers.v[i].x);
	split_ordered(j, l);
}

struct text { struct judge *j; const struct shared *x, *victim; };

static const char *text_value(void *ctx, const char *name)
{
	const struct text *t = ctx;

	if (!strcmp(name, "function"))
		return witness_function(t->j, t->x->a->fn);
	if (!strcmp(name, "field"))
		return shared_field_name(t->j, t->x);
	if (!strcmp(name, "object"))
		return shared_object(t->j, t->x);
	if (!strcmp(name, "victim"))
		return shared_field_name(t->j, t->victim);
	if (!strcmp(name, "other"))
		return witness_function(t->j, t->victim->a->fn);
	return NULL;
}

static const char *victims_text(struct judge *j, const struct shared *const *v, unsigned n)
{
	const char *text = shared_field_name(j, v[0]);

	for (unsigned i = 1; i < n; i++) {
		bool known = false;

		for (unsigned k = 0; k < i; k++)
			known |= same_field(v[i], v[k]);
		if (!known)
			text = arena_printf(&j->report->arena, "%s, %s", text,
					    shared_field_name(j, v[i]));
	}
	return text;
}

static void add_related(struct judge *j, struct finding *f, const struct shared *const *v,
			unsigned n)
{
	f->related = arena_new_array(&j->report->arena, struct related, n);
	f->nrelated = n;
	for (unsigned i = 0; i < n; i++)
		f->related[i] = (struct related){ witness_place(j, v[i]->a->loc),
			arena_printf(&j->report->arena, "'%s' is written in the same memory location "
				     "by '%s', %s", shared_field_name(j, v[i]),
				     witness_function(j, v[i]->a->fn), shared_locks_text(j, v[i])) };
}

static unsigned exclusive_locks(const struct shared *x)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < x->a->nheld; i++)
		n += x->a->held[i].mode == MODEL_LOCK_EXCLUSIVE;
	return n;
}

/*
 * What is certain goes first; then what is stored under a lock is the clearest loss: its
 * writer did what it should.
 */
static bool is_better_victim(const struct judge *j, const struct shared *x, const struct shared *y)
{
	const bool exact = shared_is_exact(j, x);

	if (exact != shared_is_exact(j, y))
		return exact;
	if (!x->a->nunsure != !y->a->nunsure)
		return !x->a->nunsure;
	if (exclusive_locks(x) != exclusive_locks(y))
		return exclusive_locks(x) > exclusive_locks(y);
	return is_clearer(j, x, y);
}

static const struct shared *clearest(const struct judge *j, const struct shared *const *victims,
				     unsigned n)
{
	const struct shared *best = victims[0];

	for (unsigned i = 1; i < n; i++)
		if (is_better_victim(j, victims[i], best))
			best = victims[i];
	return best;
}

static void report(struct judge *j, struct docket *d, const struct location *l,
		   const struct shared *x, const struct shared *const *victims, unsigned n)
{
	const struct shared *victim = clearest(j, victims, n);
	struct text t = { j, x, victim };
	struct shared_path p = { 0 };
	bool exact = shared_is_exact(j, x) && shared_is_exact(j, victim) &&
		     !(x->a->nunsure && victim->a->nheld + victim->a->nunsure) &&
		     !(victim->a->nunsure && x->a->nheld);
	struct finding *f = shared_finding(j, d, x, exact);

	if (!f)
		return;
	f->message = rule_format(&j->report->arena, d->bound.rule, text_value, &t);
	f->subject = arena_printf(&j->report->arena, "%s.%s", d->bound.rule->locking.record,
				  shared_field_name(j, x));
	f->reach = arena_printf(&j->report->arena, "the location has %u bits; '%s' writes it %s, '%s' %s;"
				" what can be lost: %s", (unsigned)l->width,
				witness_function(j, x->a->fn), shared_locks_text(j, x),
				witness_function(j, victim->a->fn), shared_locks_text(j, victim),
				victims_text(j, victims, n));
	shared_path_add(j, &p, x, "the whole location is read and written back", 0);
	shared_path_add(j, &p, victim, "what is stored here is lost", 1);
	shared_path_end(j, &p, f);
	add_related(j, f, victims, n);
}

/* Who can lose what it stores to the writer. */
static void judge_writer(struct judge *j, struct docket *d, const struct location *l,
			 const struct writer *w)
{
	const struct shared **victims = arena_new_array(&j->report->arena, const struct shared *,
							l->writers.n + 1);
	unsigned n = 0;

	for (uint32_t i = 0; i < l->writers.n; i++)
		if (!same_field(l->writers.v[i].x, w->x) &&
		    !shared_ordered(j, l->writers.v[i].x, w->x))
			victims[n++] = l->writers.v[i].x;
	if (n)
		report(j, d, l, w->x, victims, n);
}

/* One result for the stores of a field in a function: the clearest, of equals the first. */
static bool is_first(const struct judge *j, const struct location *l, uint32_t at)
{
	const struct shared *x = l->writers.v[at].x;

	for (uint32_t i = 0; i < l->writers.n; i++) {
		const struct writer *o = &l->writers.v[i];

		if (i == at || o->ordered || o->x->a->fn != x->a->fn || !same_field(o->x, x))
			continue;
		if (is_clearer(j, o->x, x) || (i < at && !is_clearer(j, x, o->x)))
			return false;
	}
	return true;
}

static void judge_location(struct judge *j, struct docket *d, struct location *l)
{
	mark_ordered(j, l);
	for (uint32_t i = 0; i < l->writers.n; i++)
		if (!l->writers.v[i].ordered && is_first(j, l, i))
			judge_writer(j, d, l, &l->writers.v[i]);
}

static struct location *find(struct location *v, uint32_t n, const struct location *key)
{
	for (uint32_t i = 0; i < n; i++)
		if (v[i].off == key->off)
			return &v[i];
	return NULL;
}

/* The store as one to the record, which may be embedded in the one that was accessed. */
static const struct shared *inside(struct judge *j, ir_rec rec, const struct shared *x)
{
	const struct bound_field all = { rec, 0, (uint32_t)j->e.unit->records.v[rec].size };
	struct shared *in;

	if (x->a->rec == rec)
		return x;
	in = arena_new(&j->report->arena, struct shared);
	*in = shared_inside(j, x, &all);
	return in->a->rec == rec ? in : NULL;
}

typedef Array(struct location) location_list;

static void add_store(struct judge *j, location_list *list, const struct location *key,
		      const struct shared *x)
{
	struct location *l = find(list->v, list->n, key);

	if (!l) {
		array_push(list, *key);
		l = &array_last(list);
	}
	add_writer(j, l, x);
}

void storage_unit_judge(struct judge *j, struct docket *d)
{
	location_list locations = { NULL, 0, 0 };

	for (uint32_t i = 0; i < j->shared.n; i++) {
		const struct shared *x = is_plain_store(&j->shared.v[i]) ?
					 inside(j, d->bound.record, &j->shared.v[i]) : NULL;
		struct location key = { 0 };
		uint64_t from = 0;

		if (!x || !shared_is_covered(j, d, x))
			continue;
		for (; next_location(j, x, from, &key); from = key.off + 1) {
			*map_put(&d->sinks, x->a->loc) = 1;
			add_store(j, &locations, &key, x);
		}
	}
	for (uint32_t i = 0; i < locations.n; i++) {
		judge_location(j, d, &locations.v[i]);
		array_release(&locations.v[i].writers);
	}
	array_release(&locations);
}
