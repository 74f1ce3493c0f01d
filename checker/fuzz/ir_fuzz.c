/* SPDX-License-Identifier: MIT */
/* ir_fuzz.c - any bytes as a unit of IR; what is accepted is printed and written back */
#include <stdlib.h>

#include "ir/io.h"
#include "ir/print.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void print_all(const struct ir_unit *u, struct buffer *out)
{
	for (ir_fn fn = 0; fn < u->funcs.n; fn++) {
		ir_print_func(u, fn, out);
		ir_print_cfg(u, fn, out);
	}
}

/* Overlong numbers may be read, so only what the writer wrote must come back the same. */
static void round_trip(const struct ir_unit *u)
{
	struct buffer first = BUFFER_INIT, second = BUFFER_INIT;
	struct ir_unit again;
	const char *why;

	ir_write(u, &first);
	ir_unit_init(&again);
	if (!ir_read(&again, first.s, first.n, &why))
		abort();
	ir_write(&again, &second);
	if (first.n != second.n || memcmp(first.s, second.s, first.n))
		abort();
	ir_unit_release(&again);
	buffer_release(&first);
	buffer_release(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct buffer text = BUFFER_INIT;
	struct ir_unit u;
	const char *why;

	ir_unit_init(&u);
	if (ir_read(&u, p, n, &why)) {
		print_all(&u, &text);
		round_trip(&u);
	}
	ir_unit_release(&u);
	buffer_release(&text);
	return 0;
}
