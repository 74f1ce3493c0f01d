/* SPDX-License-Identifier: MIT */
/*
 * The reader of logs: whatever it is given, it refuses it or takes it; and what
 * is made from a log that was taken is a log itself that gives the same again.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/merge.h"
#include "report/summary.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool take(struct merge *m, const char *text, size_t n)
{
	struct buffer why = BUFFER_INIT;
	bool taken = merge_add(m, "fuzz", text, n, &why);

	if (taken == (why.n > 0))
		abort();
	buffer_release(&why);
	return taken;
}

static void finish(struct merge *m, struct buffer *out)
{
	static const struct merge_options o = { 0 };
	struct buffer summary = BUFFER_INIT;

	merge_missing(m, "a/b c.o");
	summary_write(merge_finish(m), "out.sarif", &summary);
	merge_write(m, &o, out);
	merge_free(m);
	buffer_release(&summary);
}

/* Merging a with b must give what is expected. */
static void expect(const char *a, size_t na, const struct buffer *b, const struct buffer *expected)
{
	struct merge *m = merge_new();
	struct buffer out = BUFFER_INIT;

	if (!take(m, a, na) || !take(m, b->s, b->n))
		abort();
	finish(m, &out);
	if (out.n != expected->n || memcmp(out.s, expected->s, out.n))
		abort();
	buffer_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct merge *m = merge_new();
	struct buffer once = BUFFER_INIT;
	bool taken = take(m, (const char *)data, size);

	finish(m, &once);
	if (taken) {
		expect((const char *)data, size, &once, &once);
		expect(once.s, once.n, &once, &once);
	}
	buffer_release(&once);
	return 0;
}
