/* SPDX-License-Identifier: MIT */
/*
 * publish.h - what the files of the template publish-then-read share
 *
 *   publish_read.c     a member is in the list before it takes over the setting
 *   publish_section.c  it is set up in the section in which the setting was read
 *   publish_update.c   who changes the setting misses no member:
 *   publish_fail.c     one for which that fails,
 *   publish_apply.c    or that is passed over;
 *   publish_report.c   and what is said of it
 *
 * They see what happens as marks of the state. In this order a callee's marks take
 * effect in the caller.
 */
#ifndef PF_RULES_PUBLISH_H
#define PF_RULES_PUBLISH_H

#include "engine/mark.h"
#include "rules/shared.h"

enum publish_mark {
	/* publish_read.c, each of a list's head */
	INSTALLED, ADDED, LATE, INSIDE,
	/* publish_update.c: of a list's head */
	CHANGED,		/* the setting; then: the section of the lock, 0 for a caller's */
	UNWALKED,		/* the same, and no walk of the list in that section so far */
	WALKED,			/* the list; then: the section */
	AGAIN,			/* the same, more than once in the section */
	/* of a list's head, or of no object; then: where the setting was changed before, or 0 */
	FAILED,			/* apply; nothing was taken back since */
	TRIED,			/* the same, and it was, or nothing is to be */
	SKIPPED,		/* of no object: a member, without an error */
	DECIDED,		/* of no object, in apply: it does what the setting says */
	/* publish_section.c */
	READ,			/* of a setting: by install; then: the section of inner */
	/* findings; then: the other place */
	STALE, IGNORED, MISSED
};

static inline bool publish_is_active(const struct docket *d)
{
	return d->bound.usable && d->bound.rule->template == RULE_PUBLISH_THEN_READ;
}

/* The symbol points to or into an object of the list's record, which begins *base bits from it. */
bool publish_object(const struct judge *j, const struct docket *d, sym_id root, int64_t *base);
/* The place is in the head of a list, which is *out. */
bool publish_head_at(const struct judge *j, const struct docket *d, struct lock_ref at,
		     struct lock_ref *out);
/* The function is one of these. */
bool publish_lists(const struct judge *j, const char *const *names, unsigned n, ir_fn fn);

/* Of a mark that is a finding: several may be of one object. */
static inline struct lock_ref publish_apart(struct lock_ref ref, ir_loc loc)
{
	return (struct lock_ref){ ref.root, ref.off + ((int64_t)loc << 32) };
}

/* A finding of two places: what is wrong is at the mark's own. */
struct publish_fault {
	ir_fn entry;
	const struct mark *m;
	const char *subject, *message;
	const char *step, *state;	/* at m->loc */
	const char *then, *then_state;	/* at m->then_loc, afterwards */
	bool before;			/* m->then_loc comes before m->loc */
	bool exact;
	bool quiet;			/* for review */
};
void publish_report(struct judge *j, struct docket *d, const struct publish_fault *x);
/* Which of these functions is called there; the first, where that is not known. */
const char *publish_called(struct judge *j, const char *const *names, unsigned n, ir_fn fn,
			   ir_loc loc);

/* --- publish_section.c */
void publish_section_read(struct judge *j, struct docket *d, struct fun *f, struct state *s,
			  const struct ir_insn *i);
void publish_section_call(struct judge *j, struct docket *d, struct fun *f, struct state *s,
			  ir_fn callee, const word_id *args, unsigned nargs, ir_loc loc);
void publish_section_store(struct judge *j, struct docket *d, struct fun *f, struct state *s,
			   const struct store_event *e);
void publish_section_written(struct judge *j, struct docket *d, struct fun *f, struct state *s,
			     sym_id root, word_id val, ir_loc loc);
void publish_section_mark(struct judge *j, struct docket *d, struct fun *f, struct state *s,
			  const struct mark *m);
/* The place is in an entry that install sets up. */
bool publish_is_entry(const struct judge *j, const struct docket *d, sym_id root);

/* What happens, happens to one state. */
struct publish_point { struct judge *j; struct docket *d; struct fun *f; struct state *s; };

/* The object of a mark that has none. */
static const struct lock_ref publish_no_list = { { 0 }, 0 };

/* --- publish_update.c */
void publish_update_read(struct judge *j, struct docket *d, struct fun *f, struct state *s,
			 const struct ir_insn *i);
void publish_update_call(struct judge *j, struct docket *d, struct fun *f, struct state *s,
			 ir_fn callee, const word_id *args, unsigned nargs);
void publish_update_store(struct judge *j, struct docket *d, struct fun *f, struct state *s,
			  const struct store_event *e);
void publish_update_written(struct judge *j, struct docket *d, struct fun *f, struct state *s,
			    const struct cell *from, struct lock_ref at, ir_loc loc);
void publish_update_mark(struct judge *j, struct docket *d, struct fun *f, struct state *s,
			 const struct mark *m);
bool publish_is_apply(const struct judge *j, const struct docket *d, ir_fn fn);
/* It calls apply, near or far. */
bool publish_applies(struct judge *j, struct docket *d, ir_fn fn);
/* The list whose lock that is. */
bool publish_list_of_lock(const struct publish_point *p, struct lock_ref ref,
			  struct lock_ref *head);
/* What is branched on where the block ends. */
bit_id publish_branch_bit(const struct publish_point *p);

/* --- publish_loop.c, of the current block */
/* A later loop of the function calls apply: it may go round not once, and be enough. */
bool publish_loops_later(const struct publish_point *p);
/* The loop that calls apply here can go on to the next member without that. */
bool publish_goes_round(const struct publish_point *p);

/* --- publish_fail.c */
bool publish_has_failed(const struct publish_point *p);
/* For a member of the list; NULL: not that is known. */
const struct mark *publish_failed_find(const struct publish_point *p, struct lock_ref head);
void publish_failed_clear(const struct publish_point *p, struct lock_ref head);
/* What the members got that came before is taken back now. */
void publish_take_back(const struct publish_point *p);
/* A callee has left that mark. */
void publish_fail(const struct publish_point *p, const struct mark *how);
void publish_fail_branch(const struct publish_point *p, const struct cond *before);

/* --- publish_apply.c */
/* In apply, of a rule that says what it stores to. */
bool publish_in_apply(const struct publish_point *p);
/* What the setting says is done; not sure: it may be. */
void publish_decide(const struct publish_point *p, bool sure);
void publish_apply_branch(const struct publish_point *p);
/* Apply is called, for one of the members. */
void publish_apply_round(const struct publish_point *p, ir_loc loc);
/* What apply calls gets these. */
void publish_apply_call(const struct publish_point *p, const word_id *args, unsigned nargs);

/* --- publish_report.c */
enum publish_doubt {
	DOUBT_NONE,		/* there is a finding */
	DOUBT_WALKED, DOUBT_IGNORED, DOUBT_MISSED, DOUBT_TAKEN_BACK
};
/* It is not known in fn whether; the place has no finding so far. */
void publish_doubt(struct docket *d, enum publish_doubt why, ir_fn fn, ir_loc loc);
/* An entry point leaves that mark behind, in this case of its summary. */
void publish_update_left(struct judge *j, struct docket *d, ir_fn fn, const struct summary *sum,
			 const struct state *exit, const struct mark *m);
void publish_update_judge(struct judge *j, struct docket *d);

#endif
