/* SPDX-License-Identifier: MIT */
#include "tests.h"

#include <string.h>
#include <unistd.h>

#include "report/source.h"
#include "sample.h"

static struct sample sample;
static struct roots roots;
static struct sources sources;

static int setup(void **state)
{
	(void)state;
	sample_init(&sample, NULL);
	roots_init(&roots, &sample.arena, sample.obj, sample.src, NULL);
	sources_init(&sources, &sample.arena, &roots);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	sources_release(&sources);
	sample_release(&sample);
	return 0;
}

static void assert_uri(const struct roots *r, const char *file, const char *base, const char *uri)
{
	struct uri u = roots_uri(r, &sample.arena, file);

	assert_string_equal(u.base ? u.base : "", base);
	assert_string_equal(u.uri, uri);
}

static void uris_below_roots(void **state)
{
	struct arena *a = &sample.arena;

	(void)state;
	assert_uri(&roots, "../src/drivers/plain.c", "SRCROOT", "drivers/plain.c");
	assert_uri(&roots, arena_printf(a, "%s/./drivers//plain.c", sample.src), "SRCROOT",
		   "drivers/plain.c");
	assert_uri(&roots, "./include/generated/conf.h", "OBJROOT", "include/generated/conf.h");
	assert_uri(&roots, "../src/drivers/map one.c", "SRCROOT", "drivers/map%20one.c");
	assert_uri(&roots, "not/there%.c", "OBJROOT", "not/there%25.c");
	assert_uri(&roots, "/usr/include/stdio.h", "", "file:///usr/include/stdio.h");
	roots.hide = true;
	assert_uri(&roots, "/usr/include/stdio.h", "", "REDACTED/stdio.h");
	roots.hide = false;
}

static void uris_of_links(void **state)
{
	struct arena *a = &sample.arena;

	(void)state;
	/* A link inside leads to the file; one that leads out keeps its name. */
	assert_int_equal(symlink("plain.c", arena_printf(a, "%s/drivers/link.c", sample.src)), 0);
	assert_int_equal(symlink("/etc", arena_printf(a, "%s/drivers/out", sample.src)), 0);
	assert_uri(&roots, "../src/drivers/link.c", "SRCROOT", "drivers/plain.c");
	assert_uri(&roots, "../src/drivers/out/passwd", "SRCROOT", "drivers/out/passwd");
}

static void roots_of_trees(void **state)
{
	struct arena *a = &sample.arena;
	struct roots r;

	(void)state;
	/* Built in place: one root. */
	roots_init(&r, a, sample.src, sample.src, NULL);
	assert_int_equal(r.n, 1);
	assert_uri(&r, "drivers/plain.c", "SRCROOT", "drivers/plain.c");
	/* No kernel: the working directory. */
	roots_init(&r, a, sample.mod, NULL, NULL);
	assert_int_equal(r.n, 1);
	assert_uri(&r, "own.c", "SRCROOT", "own.c");
	/* An external module, checked from the object tree (6.12) and in its folder (7.x). */
	roots_init(&r, a, sample.obj, sample.src, sample.mod);
	assert_int_equal(r.n, 3);
	assert_uri(&r, arena_printf(a, "%s/own.c", sample.mod), "MODROOT", "own.c");
	roots_init(&r, a, sample.mod, sample.src, sample.mod);
	assert_int_equal(r.n, 2);
	assert_uri(&r, "own.c", "MODROOT", "own.c");
	/* A module of the tree itself, M=drivers. */
	roots_init(&r, a, sample.obj, sample.src, arena_printf(a, "%s/drivers", sample.src));
	assert_int_equal(r.n, 2);
	/* An object tree inside the source: the inner one counts. */
	roots_init(&r, a, arena_printf(a, "%s/drivers", sample.src), sample.src, NULL);
	assert_uri(&r, "plain.c", "OBJROOT", "plain.c");
	assert_uri(&r, "../include/table.h", "SRCROOT", "include/table.h");
}

static void assert_region(const struct region *r, unsigned line, unsigned col, unsigned end_line,
			  unsigned end_col, const char *snippet)
{
	assert_int_equal(r->line, line);
	assert_int_equal(r->col, col);
	assert_int_equal(r->end_line, end_line);
	assert_int_equal(r->end_col, end_col);
	if (!snippet) {
		assert_null(r->snippet);
		return;
	}
	assert_int_equal(r->nsnippet, strlen(snippet));
	assert_memory_equal(r->snippet, snippet, r->nsnippet);
}

/* Line 11: a tab, a comment with a 4-byte character, a blank, then the call. */
static void columns_are_code_points(void **state)
{
	const char *name = "../src/drivers/map one.c";
	struct source *s = sources_get(&sources, name);
	struct place p = sample_place(&sample, name, "set_entry(e, prot)", 0);
	struct region r = source_region(s, &p), c;

	(void)state;
	assert_int_equal(p.col, 13);
	assert_region(&r, 11, 10, 11, 28, "set_entry(e, prot)");
	p = sample_place(&sample, name, "is Latin-1", 0);
	r = source_region(s, &p);
	assert_region(&r, 11, 35, 11, 45, "is Latin-1");
	assert_true(source_context(s, &r, &c));
	assert_int_equal(c.line, 9);
	assert_int_equal(c.end_line, 13);
}

static void regions_have_an_end(void **state)
{
	struct source *s = sources_get(&sources, "../src/include/table.h");
	struct place p = { .line = 4, .col = 20 };
	struct region r = source_region(s, &p);

	(void)state;
	assert_region(&r, 4, 20, 4, 29, "set_entry");
	p = (struct place){ .line = 5, .col = 1 };
	r = source_region(s, &p);
	assert_region(&r, 5, 1, 5, 2, "{");
	/* At the end of a line, and behind it. */
	p.col = 2;
	r = source_region(s, &p);
	assert_region(&r, 5, 2, 5, 3, NULL);
	p.col = 77;
	r = source_region(s, &p);
	assert_region(&r, 5, 2, 5, 3, NULL);
	/* Over lines; and an end that lies before the start. */
	p = (struct place){ .line = 5, .col = 1, .end_line = 7, .end_col = 2 };
	r = source_region(s, &p);
	assert_region(&r, 5, 1, 7, 2, "{\r\n\te->val = v;\r\n}");
	p = (struct place){ .line = 6, .col = 2, .end_line = 5, .end_col = 9 };
	r = source_region(s, &p);
	assert_region(&r, 6, 2, 6, 3, "e");
}

static void regions_of_files_that_changed(void **state)
{
	struct source *s = sources_get(&sources, "../src/drivers/plain.c");
	struct place p = { .line = 40, .col = 7, .end_line = 41, .end_col = 3 };
	struct region r = source_region(s, &p), c;

	(void)state;
	assert_region(&r, 40, 7, 41, 3, NULL);
	assert_false(source_context(s, &r, &c));
	s = sources_get(&sources, "gone.c");
	assert_null(s->text);
	p = (struct place){ .line = 3 };
	r = source_region(s, &p);
	assert_region(&r, 3, 1, 3, 2, NULL);
	assert_int_equal(source_line_hash(s, 3).count, 0);
	/* The only line there is: no context beyond it. */
	s = sources_get(&sources, "../src/drivers/plain.c");
	p = (struct place){ .line = 1, .col = 1, .end_line = 1, .end_col = 13 };
	r = source_region(s, &p);
	assert_region(&r, 1, 1, 1, 13, "int nothing;");
	assert_false(source_context(s, &r, &c));
}

static void one_source_for_one_file(void **state)
{
	struct source *s = sources_get(&sources, "../src/drivers/plain.c");

	(void)state;
	assert_ptr_equal(s, sources_get(&sources, "../obj/../src/drivers/plain.c"));
	assert_string_equal(s->sha256,
			    "ff48e81954f6f43ea34e353b3fa5eee966bb0b7561c08aaa19d02b5d019d3096");
	sources_sort(&sources);
	for (uint32_t i = 0; i < sources.v.n; i++)
		assert_int_equal(sources.v.v[i]->index, i);
}

int test_source(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(uris_below_roots), cmocka_unit_test(uris_of_links),
		cmocka_unit_test(roots_of_trees), cmocka_unit_test(columns_are_code_points),
		cmocka_unit_test(regions_have_an_end),
		cmocka_unit_test(regions_of_files_that_changed),
		cmocka_unit_test(one_source_for_one_file),
	};

	return cmocka_run_group_tests_name("source", tests, setup, teardown);
}
