/* SPDX-License-Identifier: MIT */
/*
 * flags.h - the flags of a unit that name folders, files and macros, one by one
 *
 *	struct flags f = flags_of(unit);
 *
 *	while (flags_next(&f))
 *		... f.flag, "-I" for one, and f.value
 */
#ifndef PF_KBUILD_FLAGS_H
#define PF_KBUILD_FLAGS_H

#include "kbuild/argv.h"

struct flags {
	const struct kbuild_unit *unit;
	unsigned i;		/* of the next word */
	const char *flag, *value;
};

static inline struct flags flags_of(const struct kbuild_unit *u)
{
	return (struct flags) { .unit = u };
}

bool flags_next(struct flags *f);

#endif
