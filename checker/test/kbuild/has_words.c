/* SPDX-License-Identifier: MIT */
/*
 * What the look at the text says of a unit: "has_words WORD... -- ARGV" prints the
 * words that it has, one a line. Of a run with "-" the arguments are those of many
 * such calls, a line of stdin each, and so is the answer a line of words.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kbuild/prefilter.h"
#include "kbuild/words.h"

static void answer(struct arena *a, int argc, const char *const *argv)
{
	struct prefilter_word *words = arena_new_array(a, struct prefilter_word, argc + 1);
	char *here = getcwd(NULL, 0);
	struct kbuild_unit u;
	struct prefilter p;
	unsigned n = 0;

	while ((int)n < argc && strcmp(argv[n], "--")) {
		words[n] = (struct prefilter_word) { argv[n], PREFILTER_NAME };
		n++;
	}
	kbuild_parse(a, here, argc - (int)n - 1, argv + n + 1, &u);
	prefilter_init(&p, a, words, n);
	prefilter_scan(&p, &u);
	prefilter_headers(&p);
	for (unsigned i = 0; i < n; i++)
		if (prefilter_has(&p, i))
			printf("%s ", words[i].text);
	printf("\n");
	prefilter_release(&p);
	free(here);
}

static int many(void)
{
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, stdin) > 0) {
		struct arena a = ARENA_INIT;
		struct word_list w = { { NULL, 0, 0 } };

		if (words_split(&a, line, WORDS_SHELL, &w))
			return 2;
		answer(&a, (int)w.v.n, w.v.v);
		words_release(&w);
		arena_release(&a);
	}
	free(line);
	return 0;
}

int main(int argc, char **argv)
{
	struct arena a = ARENA_INIT;

	if (argc == 2 && !strcmp(argv[1], "-"))
		return many();
	answer(&a, argc - 1, (const char *const *)argv + 1);
	arena_release(&a);
	return 0;
}
