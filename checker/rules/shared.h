/* SPDX-License-Identifier: MIT */
/*
 * shared.h - the accesses of a unit to watched records, as its entry points make them
 *
 * At an entry point no caller holds a lock, so that the lockset of an access is
 * known; an object that is still the entry's own is not among them.
 */
#ifndef PF_RULES_SHARED_H
#define PF_RULES_SHARED_H

#include "rules/bind_lock.h"
#include "rules/judge.h"

/* Fills j->shared and j->unseen from the summaries of the entry points. */
void shared_collect(struct judge *j);

/* Whether the rule is about what makes the access. */
static inline bool shared_is_covered(const struct judge *j, const struct docket *d,
				     const struct shared *x)
{
	return docket_covers_way(j, d, x->a->fn, x->a->hops, x->a->nhops);
}

static inline bool shared_writes(const struct shared *x)
{
	return x->a->kind == ACCESS_WRITE || x->a->kind == ACCESS_UPDATE;
}

/* Whether the access is to the field; of the arms of a union, to the one that it is in. */
bool shared_touches(const struct judge *j, const struct shared *x, const struct bound_field *f);
/* The same; *at: the field's first bit in the record of the access, which may hold f's. */
bool shared_touches_at(const struct judge *j, const struct shared *x, const struct bound_field *f,
		       uint64_t *at);

/*
 * The access as one to the record of the field, which may be embedded in the one that
 * was accessed: its locks are looked for from there.
 */
struct shared shared_inside(struct judge *j, const struct shared *x, const struct bound_field *f);

/* What is stored is "to" on every way here. */
bool shared_stores_only(struct judge *j, const struct shared *x, bool to);

/* How the lock of a rule is held at an access. */
enum held { HELD_NOT, HELD_OTHER, HELD_SHARED, HELD_EXCLUSIVE };

/*
 * HELD_OTHER: a lock of that name is held, but of an object that is not known to
 * be the same. *which is the entry of the lockset, or NULL.
 */
enum held shared_held(const struct judge *j, const struct shared *x, const struct bound_lock *l,
		      const struct lock **which);

/*
 * The lock l, which shared_held() gave as HELD_OTHER, is that of another object: two
 * arguments are two things, and so are an object and what a member of it points to,
 * unless the path says that they are one. A pointer in a third object may lead back.
 */
bool shared_is_others(struct judge *j, const struct shared *x, const struct bound_lock *b,
		      const struct lock *l);

/* The lock of the rule may be held: ways with it and without it were merged. */
bool shared_may_hold(const struct judge *j, const struct shared *x, const struct bound_lock *l);

/* A lock that both hold, at least one of them exclusively: of one object each, or a global one. */
bool shared_ordered(const struct judge *j, const struct shared *x, const struct shared *y);

/*
 * What another thread may do to the field at the same time, so that the two make a
 * race: that which is known best, and does what the rule says. x itself, where only
 * a second call of it can; NULL: nothing.
 */
const struct shared *shared_conflict(struct judge *j, const struct shared *x,
				     const struct bound_field *f);

/* The record that was accessed begins in the field and ends there. */
bool shared_part_fits(const struct judge *j, const struct shared_access *a, uint64_t off,
		      uint64_t width);

/* A member of the object that is accessed, at bit *step of it, points to the beginning of root. */
bool shared_leads_to(const struct judge *j, const struct shared *x, sym_id root, int64_t *step);

/* The record that the lock is a part of, as far as it is known, and its place in it in bits. */
void shared_place(const struct judge *j, struct lock_ref ref, ir_rec *rec, int64_t *off);
/*
 * It is at bit off of some object of the record: by itself, as a member of another one, or seen
 * from a member of its own.
 */
bool shared_is_at(const struct judge *j, struct lock_ref ref, ir_rec rec, int64_t off);

/* "domain", "d->s2_domain": the object that is accessed, for messages. */
const char *shared_object(struct judge *j, const struct shared *x);
/* "domain->lock" of an entry of a lockset. */
const char *shared_lock_name(struct judge *j, const struct lock *l);
/* "holding 'domain->lock'", "without any lock". */
const char *shared_locks_text(struct judge *j, const struct shared *x);
/* The field that is accessed: the widest named one that starts there. */
const char *shared_field_name(struct judge *j, const struct shared *x);

/* The way from the entry point to the access, with where the locks were taken. */
struct shared_path {
	Array(struct step) steps;
	const char *locks;	/* held at the step that is added next */
};
void shared_path_add(struct judge *j, struct shared_path *p, const struct shared *x,
		     const char *what, unsigned thread);
/* The thread of shared_conflict(), if there is one, and its place beside the finding. */
void shared_path_other(struct judge *j, struct shared_path *p, const struct shared *x,
		       const struct shared *y, struct finding *f);
/* The path becomes the finding's. */
void shared_path_end(struct judge *j, struct shared_path *p, struct finding *f);

/*
 * A finding at the access; NULL where the place has one of the rule already: its
 * entry point is then a related place. exact: the object and its locks are known
 * by name all the way.
 */
struct finding *shared_finding(struct judge *j, struct docket *d, const struct shared *x,
			       bool exact);

/* Something of the way is not known, or was lost. */
bool shared_is_exact(const struct judge *j, const struct shared *x);

#endif
