/* SPDX-License-Identifier: MIT */
/*
 * Any words as an argv: the translation and the look at the text of what -D
 * defines. The words are the lines of the input.
 */
#include <stdlib.h>
#include <string.h>

#include "kbuild/argv.h"
#include "kbuild/prefilter.h"

#define MAX_WORDS 256

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct kbuild_unit *u)
{
	for (unsigned i = 0; i < u->nclang_args; i++)
		if (!strncmp(u->clang_args[i], "-Wp,", 4) && (!i || u->clang_args[i - 1][0] != '-'))
			abort();
	if (u->clang_args[u->nclang_args])
		abort();
}

static void look(struct arena *a, const char *text, size_t n)
{
	static const struct prefilter_word words[] = {
		{ "nested_parent", PREFILTER_NAME }, { "val", PREFILTER_NAME },
	};
	struct prefilter p;

	prefilter_init(&p, a, words, 2);
	prefilter_text(&p, text, n);
	/* Outside of comments and literals nothing can hide it. */
	if (memmem(text, n, "->nested_parent=", 16) && !memchr(text, '/', n) &&
	    !memchr(text, '"', n) && !memchr(text, '\'', n) && !prefilter_has(&p, 0))
		abort();
	prefilter_release(&p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = ARENA_INIT;
	struct kbuild_unit u;
	const char *argv[MAX_WORDS];
	char *text = arena_strndup(&a, (const char *)data, size), *line, *rest = NULL;
	int argc = 0;

	for (line = strtok_r(text, "\n", &rest); line && argc < MAX_WORDS;
	     line = strtok_r(NULL, "\n", &rest))
		argv[argc++] = line;
	kbuild_parse(&a, "/build", argc, argv, &u);
	check(&u);
	look(&a, (const char *)data, size);
	arena_release(&a);
	return 0;
}
