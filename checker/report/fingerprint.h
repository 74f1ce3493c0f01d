/* SPDX-License-Identifier: MIT */
/*
 * fingerprint.h - what makes a result the same result in another version
 *
 * primaryLocationLineHash is the only fingerprint that GitHub's code scanning
 * looks at: a rolling hash over 100 characters from the line's start, blanks
 * left out, with a count that tells equal hashes of one file apart.
 *
 * protflow/v1 has no line in it: the rule, the file, the function, what is
 * written and the sink, with a count for the rest.
 */
#ifndef PF_REPORT_FINGERPRINT_H
#define PF_REPORT_FINGERPRINT_H

#include <stddef.h>
#include <stdint.h>

#include "base/array.h"

struct line_hash {
	uint64_t hash;
	uint32_t count;		/* from 1: how often the hash was seen up to this line */
};

struct line_hashes { Array(struct line_hash) v; };	/* by line - 1; count 0: no hash */

/* The hashes of all lines of a text. Cost: linear. Needs line_hashes_release(). */
void line_hashes_init(struct line_hashes *h, const char *text, size_t n);
void line_hashes_release(struct line_hashes *h);

#define FINGERPRINT_HEX 33

/* The part of protflow/v1 before the count: 128 bits as hex digits. NULL parts count as "". */
void fingerprint_v1(char out[FINGERPRINT_HEX], const char *const *parts, unsigned n);

#endif
