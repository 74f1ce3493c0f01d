/* SPDX-License-Identifier: MIT */
#include "command/progress.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "report/text.h"

#define LINE_EVERY 100

/* Back to the first column, and the rest of the line away. */
#define WIPE "\r\033[K"

static void draw(const struct progress *p)
{
	if (p->terminal)
		fprintf(stderr, WIPE "protflow: %u of %u units", p->done, p->total);
}

static void wipe(const struct progress *p)
{
	if (p->terminal)
		fputs(WIPE, stderr);
}

void progress_begin(struct progress *p, unsigned total, bool quiet)
{
	const char *term = getenv("TERM");

	*p = (struct progress) { .total = total, .quiet = quiet };
	p->terminal = !quiet && isatty(STDERR_FILENO) && term && strcmp(term, "dumb");
	draw(p);
}

void progress_step(struct progress *p)
{
	p->done++;
	if (p->terminal)
		draw(p);
	else if (!p->quiet && p->done % LINE_EVERY == 0)
		fprintf(stderr, "protflow: %u of %u units\n", p->done, p->total);
}

void progress_text(struct progress *p, const char *text, size_t n)
{
	if (!n)
		return;
	wipe(p);
	fflush(stderr);
	text_send(STDERR_FILENO, text, n);
	draw(p);
}

void progress_printf(struct progress *p, const char *fmt, ...)
{
	struct buffer b = BUFFER_INIT;
	va_list ap;

	va_start(ap, fmt);
	buffer_vprintf(&b, fmt, ap);
	va_end(ap);
	progress_text(p, b.s, b.n);
	buffer_release(&b);
}

void progress_end(struct progress *p)
{
	wipe(p);
	fflush(stderr);
}
