/* SPDX-License-Identifier: MIT */
/*
 * facts_fuzz.c - any bytes as a facts file: as they are, and with a hash that
 * fits them, as one would write who means harm
 */
#include <stdlib.h>
#include <xxhash.h>

#include "program/facts.h"

#define HASHED 16	/* where the hashed part begins */

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

/* What was taken, written again, is taken again. */
static void round_trip(const struct facts *f, const struct ir_unit *u)
{
	struct buffer bytes = BUFFER_INIT, why = BUFFER_INIT;
	struct arena a = ARENA_INIT;
	struct facts again;

	facts_write(f, u, &bytes);
	if (!facts_read(&again, &a, "again", bytes.s, bytes.n, &why) ||
	    again.words.n != f->words.n || again.status != f->status)
		abort();
	arena_release(&a);
	buffer_release(&bytes);
	buffer_release(&why);
}

static void take(const char *p, size_t n)
{
	struct buffer why = BUFFER_INIT;
	struct arena a = ARENA_INIT;
	struct ir_unit u;
	struct facts f;
	bool whole;

	ir_unit_init(&u);
	if (facts_read(&f, &a, "file", p, n, &why)) {
		facts_may_have(&f, "nested_parent");
		whole = facts_unit(&f, &u, "file", &why);
		if (whole || f.status == FACTS_SKIPPED)
			round_trip(&f, whole ? &u : NULL);
	}
	if (why.n && strncmp(why.s, "file: ", 6))
		abort();
	ir_unit_release(&u);
	arena_release(&a);
	buffer_release(&why);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char *sealed = xmalloc(n);
	uint64_t h;

	memcpy(sealed, p, n);
	take(sealed, n);
	if (n >= HASHED) {
		h = XXH64(sealed + HASHED, n - HASHED, 0);
		for (unsigned i = 0; i < 8; i++)
			sealed[8 + i] = (char)(h >> (8 * i));
		take(sealed, n);
	}
	free(sealed);
	return 0;
}
