/* SPDX-License-Identifier: MIT */
/*
 * yaml_fault.c - faults collected and printed, and what a wrong word was meant to be
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/yaml.h"

void yaml_fault(struct yaml_faults *f, const char *file, uint32_t line, uint32_t col,
		const char *fmt, ...)
{
	struct yaml_fault *fault;
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	fault = array_add(&f->v);
	fault->file = arena_strdup(&f->arena, file);
	fault->line = line;
	fault->col = col;
	fault->text = arena_strdup(&f->arena, text);
}

void yaml_faults_release(struct yaml_faults *f)
{
	array_release(&f->v);
	arena_release(&f->arena);
}

static int fault_order(const void *pa, const void *pb)
{
	const struct yaml_fault *a = pa, *b = pb;
	int c = strcmp(a->file, b->file);

	if (c)
		return c;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	if (a->col != b->col)
		return a->col < b->col ? -1 : 1;
	return strcmp(a->text, b->text);
}

/* In order, and what two readers of a file have both found only once. */
static void tidy(struct yaml_faults *f)
{
	uint32_t n = 0;

	if (f->v.n > 1)
		qsort(f->v.v, f->v.n, sizeof(*f->v.v), fault_order);
	for (uint32_t i = 0; i < f->v.n; i++)
		if (!n || fault_order(&f->v.v[n - 1], &f->v.v[i]))
			f->v.v[n++] = f->v.v[i];
	f->v.n = n;
}

void yaml_faults_text(struct yaml_faults *f, struct buffer *out)
{
	tidy(f);
	for (uint32_t i = 0; i < f->v.n; i++) {
		const struct yaml_fault *x = &f->v.v[i];

		if (x->line)
			buffer_printf(out, "%s:%u:%u: %s\n", x->file, x->line, x->col, x->text);
		else
			buffer_printf(out, "%s: %s\n", x->file, x->text);
	}
}

/* Levenshtein's distance with the transposition of neighbours; UINT_MAX where too long. */
static unsigned distance(const char *a, const char *b)
{
	enum { MAX = 40 };
	unsigned d[MAX + 1][MAX + 1];
	size_t n = strlen(a), m = strlen(b);

	if (n > MAX || m > MAX)
		return ~0u;
	for (size_t i = 0; i <= n; i++) {
		for (size_t j = 0; j <= m; j++) {
			unsigned best;

			if (!i || !j) {
				d[i][j] = (unsigned)(i + j);
				continue;
			}
			best = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
			if (d[i - 1][j] + 1 < best)
				best = d[i - 1][j] + 1;
			if (d[i][j - 1] + 1 < best)
				best = d[i][j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    d[i - 2][j - 2] + 1 < best)
				best = d[i - 2][j - 2] + 1;
			d[i][j] = best;
		}
	}
	return d[n][m];
}

const char *yaml_suggest(const char *s, const char *const *list)
{
	/* Up to a third of the word may be wrong; one letter of a word of two. */
	unsigned best = (unsigned)strlen(s) / 3 + 1;
	const char *found = NULL;

	for (; *list; list++) {
		unsigned d = distance(s, *list);

		if (d < best || (d == best && !found && d < strlen(s))) {
			best = d;
			found = *list;
		}
	}
	return found;
}
