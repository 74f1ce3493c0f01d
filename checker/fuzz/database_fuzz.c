/* SPDX-License-Identifier: MIT */
/*
 * Any text as a compile_commands.json: what is taken has entries of which an
 * argv can be made, and that argv has a source and gives protflow no option.
 */
#include <stdlib.h>
#include <string.h>

#include "kbuild/argv.h"
#include "kbuild/compile.h"
#include "kbuild/database.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_argv(struct arena *a, const struct compile_entry *e)
{
	const struct kbuild_config config = { .known = true, .is_64bit = true };
	struct word_list argv = { { NULL, 0, 0 } };
	struct kbuild_unit u;

	kbuild_from_compile(a, e, &config, &argv);
	kbuild_parse(a, e->directory, (int)argv.v.n, argv.v.v, &u);
	if (!u.source || u.noptions || !u.by_kbuild)
		abort();
	words_release(&argv);
}

static void check_entry(const struct database *d, uint32_t i)
{
	struct arena a = ARENA_INIT;
	struct compile_entry e;

	database_entry(d, i, &a, &e);
	if (*e.directory != '/' || *e.file != '/' || !e.line || !e.fault != !!e.words.v.n)
		abort();
	if (!e.fault)
		check_argv(&a, &e);
	compile_entry_release(&e);
	arena_release(&a);
}

/* Words in quotes are the same words again. */
static void check_words(const char *text)
{
	struct word_list once = { { NULL, 0, 0 } }, again = { { NULL, 0, 0 } };
	struct buffer quoted = BUFFER_INIT;
	struct arena a = ARENA_INIT;

	if (!words_split(&a, text, WORDS_SHELL, &once)) {
		for (uint32_t i = 0; i < once.v.n; i++) {
			buffer_puts(&quoted, " '");
			for (const char *s = once.v.v[i]; *s; s++)
				buffer_printf(&quoted, *s == '\'' ? "'\\''" : "%c", *s);
			buffer_putc(&quoted, '\'');
		}
		if (words_split(&a, buffer_str(&quoted), WORDS_SHELL, &again) ||
		    again.v.n != once.v.n)
			abort();
		for (uint32_t i = 0; i < once.v.n; i++)
			if (strcmp(once.v.v[i], again.v.v[i]))
				abort();
	}
	words_release(&once);
	words_release(&again);
	buffer_release(&quoted);
	arena_release(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct database d = { .path = "/fuzz/db", .folder = "/fuzz" };
	struct buffer text = BUFFER_INIT, faults = BUFFER_INIT;

	buffer_add(&text, data, size);
	check_words(buffer_str(&text));
	if (database_parse(&d, &text, &faults) != !faults.n)
		abort();
	for (uint32_t i = 0; i < d.entries.n; i++)
		check_entry(&d, i);
	database_release(&d);
	buffer_release(&faults);
	return 0;
}
