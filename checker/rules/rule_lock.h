/* SPDX-License-Identifier: MIT */
/*
 * rule_lock.h - the rule templates about locks and fields that threads share
 *
 * The frame is that of rule.h. None of them has bind: but two-sided.
 *
 * In all of them an object counts from the moment on at which others can reach
 * it, and not where the entry point itself gives it back: what is done to it
 * while it is made or unmade is exempt.
 *
 * template: guarded-by says under which lock fields are accessed:
 *
 *	fields: ["struct dmar_domain.dirty_tracking"]	# of one record
 *	lock: lock
 *	write: exclusive	# what a write needs: exclusive, the default, or shared
 *	read: none		# what a read needs: exclusive, shared or none, the default
 *
 * or that they are accessed as each declaration of them says:
 *
 *	record: "struct dmar_domain"
 *	declared: __guarded_by	# the annotation; the models name it
 *	read: shared
 *
 * A field that is declared with several locks is written under all of them, and read
 * under one. Where no field of the record is declared so, the rule is not applicable.
 *
 * lock: is looked for from the object that is accessed on. "lock" is a member of
 * it, "group.lock" one of a record inside; "s2_domain->s1_lock" is the member of
 * the object that a pointer in it points to; "global NAME" is a variable of the
 * unit, "global NAME.lock" a member of one. A lock of the same name in another
 * object is another lock. "any struct dmar_domain.cache_lock" is that lock of whichever
 * object: for what does not know its owner, as the entry of a list.
 *
 * template: stable-field says how a field may change:
 *
 *	field: "struct dmar_domain.nested_parent"
 *	is: init-only		# or monotone, sticky, closed
 *	to: 1			# monotone, sticky: the value that stays, 0 or 1
 *	writers: [f, g]		# closed: the only functions that write it; init-only: those
 *				# that make an object, whoever calls them
 *	bits: "BIT(3)"		# init-only, closed: these bits of the field alone
 *
 *   init-only  nobody writes it once others can reach the object; the writers: are
 *              given a new one, unless a caller is seen who has shown it to others
 *   monotone   from then on only the value "to" is written
 *   sticky     once it is "to" it stays so, where to: 1 is any value but 0: it is
 *              not cleared, and not counted down
 *   closed     only these functions, and what is inlined in them, write it
 *
 * With bits: others may write the field too, who store these bits as they have read
 * them.
 *
 * template: two-sided says that two sides refuse each other under one lock:
 *
 *	bind:
 *	  domain: "struct dmar_domain *"	# one name, of a pointer
 *	lock: lock				# a member of that object
 *	sides:					# two
 *	  - set: "struct dmar_domain.read_only_mapped"
 *	    unless: "domain->nested_users"
 *	  - set: "struct dmar_domain.nested_users"
 *	    unless: "domain->read_only_mapped"
 *
 * Where a side raises the field of set: (stores a value that is not 0 and is
 * more than it was), its unless: must be false, known under the lock that is
 * still held. It is a flag-flow with two sinks whose require is
 * "!val || !(val > old) || !(unless)", and a policy "guarded" for both fields.
 *
 * template: lock-balance says that a function leaves each lock as it found it:
 *
 *	scope: [drivers/iommu/intel]		# needed
 *	locks: ["struct dmar_domain.lock"]	# only these; none: every lock
 *
 * On all ways to a return of one class (success, error) the same locks are held
 * as at the entry, or the same are taken or given; no lock is taken twice, or
 * given without being held, or restored with the flags of another.
 *
 * template: storage-unit says that writers of one memory location (C11 3.14)
 * are ordered by a common exclusive lock of the object:
 *
 *	record: "struct dmar_domain"
 *
 * A store to a bit-field reads and writes all of its location, and so can undo
 * what another thread stores to a neighbour at the same time. A neighbour that
 * is init-only cannot be lost.
 *
 * template: consistent-lock takes the discipline of a record's fields from their
 * accesses, where no other rule of the run declares it:
 *
 *	record: "struct dmar_domain"
 *	least: 4		# places that hold the lock, the default
 *
 * Of a field that is accessed in the source under one lock of the same object in at
 * least so many places, one of them a write, and in at most a quarter as many without
 * it, these few are reported. Accesses that say that they are meant to be without a
 * lock (READ_ONCE(), atomic operations), a number that is only read without it, and
 * members of unions count for neither.
 *
 * template: publish-then-read says in which order a member of a list takes over
 * a setting, so that who changes the setting for all members misses none:
 *
 *	list: "struct dmar_domain.devices"
 *	lock: lock			# of list and flag, a member of the same object
 *	flag: "struct dmar_domain.dirty_tracking"
 *	install: [setup_entry]		# puts what flag says into effect for one member
 *	inner: "struct intel_iommu.lock"	# may be left out: held while it does so
 *	entry: "struct pasid_entry"	# may be left out: what it sets up, under inner
 *	apply: [update_entry]		# may be left out: gives a new setting to one member
 *
 * What puts a member into the list and calls one of install for the object does
 * so in this order, and holds the lock where it puts it there, so that who
 * changes flag under the lock finds it. Where the list gets no member nothing is
 * said of install: the member may be in another list. Who changes flag takes inner
 * for each member; install reads flag while it holds that lock, of whatever object,
 * since what was read before may have changed when the member is set up. The object is the argument
 * of install that points to the record of list. With entry: what install stores there and decides
 * by flag is stored in the section of inner in which flag was read.
 *
 * With apply: who changes flag holds lock, and goes through the list in the same section. It
 * calls one of apply for each member, which fails where it cannot do so. Then flag is not
 * changed, or changed back where it was before, and what the members before got is taken
 * back by another call of one of apply. A member that is passed over without an error
 * is missed where flag is changed after that; where it was changed before, the member
 * takes it over itself when it is set up. That apply passes over a member is known with
 * entry: it succeeds, stores nothing there and has not looked at the setting that it was given,
 * which is its parameters of type bool, or where it has none, its numbers.
 *
 * template: lost-bit says that what is stored in a field arrives there:
 *
 *	record: "struct dmar_domain"	# every bit-field of it
 *	fields: ["struct s.flag"]	# or these fields
 *
 * Lost is a bit of a constant, or of a masked value, that the field is too
 * narrow for; a mask that removes all that the value can have; and the sign of
 * a signed field of one bit, which is never 1. Of a value that may be anything
 * nothing is known to be lost, nor of a mask that is the caller's.
 *
 * template: pairing says what an error undoes:
 *
 *	act: {call: attach}
 *	undo: {call: detach}
 *
 * On every path that returns an error after act has succeeded undo was called for
 * the same object: argument 0 of both, or the result of an act that gives a
 * pointer. Where it is about two objects (a domain and an IOMMU), "with: 1" in both
 * says which argument the other one is. An integer of 0, and a pointer that is neither
 * NULL nor an ERR_PTR(), are success; and so is true, where the function gives false if
 * act has failed, and never true then. Who undoes it, and in which function, is all one, as long
 * as it is done before the error leaves the unit.
 */
#ifndef PF_RULES_RULE_LOCK_H
#define PF_RULES_RULE_LOCK_H

#include "rules/rule_part.h"

/* More than these in one rule are a fault. */
#define RULE_MAX_FIELDS 16
#define RULE_MAX_LOCK_MEMBERS 4
#define RULE_SIDES 2

/*
 * "s2_domain->s1_lock" has two members. The last one is the lock, those before
 * it are pointers that are followed; each may be a path "a.b" into records
 * inside. The first one of a global lock is the variable, and there are no
 * others.
 */
struct rule_lock {
	const char *text;	/* NULL: not given */
	bool is_global;
	const char *any;	/* the lock of any object of that record; NULL: see above */
	const char **members;
	unsigned nmembers;
	struct rule_pos pos;
};

/* How a lock must be held, weakest first. */
enum rule_need { NEED_NONE, NEED_SHARED, NEED_EXCLUSIVE };

enum rule_stable { STABLE_INIT_ONLY, STABLE_MONOTONE, STABLE_STICKY, STABLE_CLOSED };

struct rule_side {
	struct rule_field set;
	struct rule_expr unless;
};

/* The parts of the templates above; each has those that stand in its text. */
struct rule_locking {
	struct rule_field *fields;	/* guarded-by, lost-bit; stable-field: one */
	unsigned nfields;
	struct rule_lock lock;		/* guarded-by, two-sided, publish-then-read */
	const char *declared;		/* guarded-by: the annotation; or NULL */
	uint8_t write, read;		/* guarded-by: enum rule_need */
	uint8_t stable;			/* stable-field: enum rule_stable */
	bool stable_to;			/* stable-field */
	const char **writers;		/* stable-field */
	unsigned nwriters;
	struct rule_side sides[RULE_SIDES];	/* two-sided */
	struct rule_field *locks;	/* lock-balance; none: every lock */
	unsigned nlocks;
	const char *record;		/* storage-unit, lost-bit, consistent-lock, guarded-by;
					 * or NULL */
	unsigned least;			/* consistent-lock */
	struct rule_pos record_pos;
	struct rule_field list, flag;	/* publish-then-read */
	struct rule_field inner;	/* publish-then-read; field NULL: not given */
	const char *entry;		/* publish-then-read: a record; NULL: not given */
	const char **install, **apply;	/* publish-then-read */
	unsigned ninstall, napply;
	const char *act, *undo;		/* pairing: functions */
	unsigned act_with, undo_with;	/* pairing: the argument; 0: there is no other object */
	struct rule_pos act_pos, undo_pos;
};

#endif
