/* SPDX-License-Identifier: MIT */
/*
 * oracle.h - is a concrete state contained in an abstract one?
 *
 * The symbols that stand for what a function was called with have values:
 * parameters, the content of memory at its entry, addresses of its objects.
 * All others are there for some value: a result that is not known, what a loop
 * gave up. A concrete state is contained where such values exist that make the
 * path condition true and every cell and temporary equal to what is there.
 *
 * Values are found by propagation alone, without search: what is called a miss
 * is one, what needs a case split to be seen is not.
 */
#ifndef PF_TEST_ENGINE_ORACLE_H
#define PF_TEST_ENGINE_ORACLE_H

#include "atlas.h"
#include "ir/interp.h"

struct region { uint64_t addr, size; };

#define PARAMS 16

/* One activation of a function. */
struct activation {
	ir_fn fn;
	uint32_t depth, serial;
	void *const *locals;
	uint64_t params[PARAMS];
	bool has_param[PARAMS];
	uint32_t nregions;	/* of memory that was there when it was called, */
	Array(unsigned char) entry;	/* and what they held then, one after the other */
};

/* What is known of a symbol. */
struct value {
	uint32_t serial;	/* from the entry of this activation */
	bool known;
	uint64_t entry;
	uint32_t check;		/* of the check that found bits of it: */
	uint64_t mask, bits;
	uint32_t computed;	/* a derived one: the check that has computed it, */
	uint64_t now;
	uint32_t tried;		/* or the turn that could not */
};

/* source: what it was made from, see tell() */
struct constraint { bit_id bit; bool want; uint32_t source; };
struct choice { word_id w; uint64_t v; uint32_t source; };

struct oracle {
	struct atlas *atlas;
	struct interp *in;
	Array(struct region) regions;	/* memory that may be read, as it is now */
	const struct activation *act;
	Array(struct value) values;	/* by symbol */
	uint32_t check, turn, assigned;	/* atoms found, in all */
	uint32_t source, blame;		/* in work; where the first contradiction was */
	bool lacks;			/* an evaluation met what is not known */
	bool entry_only;		/* it may use nothing but the entry */
	bool failed;
	Array(struct constraint) open;
	Array(struct choice) choices;
	Array(sym_id) derived;		/* assigned in this check */
	Array(bool) cell_done;
	uint64_t bits, exact;		/* counted, and told by the entry alone */
};

void oracle_release(struct oracle *o);

/* Address of size bytes; NULL where that is no memory. */
const void *oracle_memory(const struct oracle *o, uint64_t addr, uint64_t size);

/* temps are the concrete ones. On false, what does not fit is told in *why. */
bool oracle_contains(struct oracle *o, const struct view *v, const uint64_t *temps,
		     struct buffer *why);

/*
 * Counts the bits of the newest temporary and of the cells, and which of them
 * what the function was called with determines.
 */
void oracle_count(struct oracle *o, const struct view *v, uint32_t newest);

#endif
