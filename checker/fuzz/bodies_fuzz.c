/* SPDX-License-Identifier: MIT */
/*
 * The texts of a unit without bodies: a source, and behind the first line of "--"
 * a header, and so on. Of a header each byte is as it was, or blank for one that is not
 * the end of a line, or a ';' for a '{'; and a text that names all names keeps all.
 */
#include <stdlib.h>
#include <string.h>

#include "kbuild/bodies.h"

#define MAX_HEADERS 8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const char *was, const char *is, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is[i] != was[i] && !(is[i] == ' ' && was[i] != '\n') &&
		    !(is[i] == ';' && was[i] == '{'))
			abort();
}

/* Gives how many bodies were left out. named: the header itself is a use of its names. */
static unsigned look(const uint8_t *data, size_t size, bool named)
{
	static const char mark[] = "\n--\n";
	struct arena a = ARENA_INIT;
	char *text = arena_memdup(&a, data, size), *part = text, *end = text + size, *next;
	struct bodies b;
	unsigned left_out;

	bodies_init(&b, &a);
	if (named)
		bodies_use(&b, (const char *)data, size);
	for (unsigned i = 0; i < MAX_HEADERS && part < end; i++) {
		next = memmem(part, (size_t)(end - part), mark, sizeof(mark) - 1);
		if (i)
			bodies_header(&b, "/h", part, (size_t)((next ? next : end) - part));
		else
			bodies_use(&b, part, (size_t)((next ? next : end) - part));
		part = next ? next + sizeof(mark) - 1 : end;
	}
	bodies_done(&b);
	check((const char *)data, text, size);
	left_out = b.nleft_out;
	if (!left_out && size && memcmp(text, data, size))
		abort();
	bodies_release(&b);
	arena_release(&a);
	return left_out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned alone = look(data, size, false);

	/* More uses leave out less, and of the names that are words of the text nothing. */
	if (look(data, size, true) > alone)
		abort();
	return 0;
}
