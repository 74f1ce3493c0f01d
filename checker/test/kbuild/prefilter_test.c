/* SPDX-License-Identifier: MIT */
/*
 * What the look at the text sees. "Has not" must be certain, so most tests are
 * about words that are hard to see.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "kbuild/prefilter.h"

static const struct prefilter_word words[] = {
	{ "nested_parent", PREFILTER_NAME }, { "dmar_domain", PREFILTER_TAG },
	{ "val", PREFILTER_TYPE },
};
enum { NESTED, DMAR, VAL };

static struct arena arena;
static char *root;

/* ------------------------------------------------------------------- text */

/* What is kept of the text says yes where the look at it did. */
static void expect_kept(struct prefilter *p)
{
	struct vocabulary kept, again;
	struct vocabulary_union all = { NULL };
	struct buffer bytes = BUFFER_INIT;

	vocabulary_of_scan(&kept, &arena, p);
	vocabulary_pack(&kept, &bytes);
	again = kept;
	assert_true(vocabulary_unpack(&again, &arena, buffer_str(&bytes), bytes.n));
	assert_int_equal(again.n, kept.n);
	if (kept.n)
		assert_memory_equal(again.v, kept.v, kept.n * sizeof(*kept.v));
	vocabulary_union_add(&all, &again);
	for (unsigned i = 0; i < p->nwords; i++) {
		bool had = prefilter_has(p, i) && !p->in_headers[i];
		struct vocabulary_word alone, among;

		vocabulary_word_init(&alone, p->words[i].text, NULL);
		vocabulary_word_init(&among, p->words[i].text, &all);
		assert_true(!had || vocabulary_may_have(&again, &alone));
		assert_int_equal(vocabulary_may_have(&again, &among),
				 vocabulary_may_have(&again, &alone));
		vocabulary_word_release(&alone);
		vocabulary_word_release(&among);
	}
	vocabulary_union_release(&all);
	buffer_release(&bytes);
}

static bool text_has(unsigned word, const char *text)
{
	struct prefilter p;
	bool has;

	prefilter_init(&p, &arena, words, 3);
	prefilter_text(&p, text, strlen(text));
	has = prefilter_has(&p, word);
	expect_kept(&p);
	prefilter_release(&p);
	return has;
}

static void plain_words(void **state)
{
	(void)state;
	assert_true(text_has(NESTED, "if (d->nested_parent)"));
	assert_true(text_has(NESTED, "nested_parent"));
	assert_true(text_has(VAL, "pte->val=1;"));
	assert_false(text_has(NESTED, ""));
	assert_false(text_has(NESTED, "nested_parents xnested_parent nested_paren"));
	assert_false(text_has(NESTED, "nested parent"));
	assert_false(text_has(VAL, "value eval val2"));
}

static void pasted_words(void **state)
{
	(void)state;
	assert_true(text_has(NESTED, "#define F(x) nested_##x\nd->F(parent)"));
	assert_true(text_has(NESTED, "#define F(x) x##_parent\nd->F(nested)"));
	assert_true(text_has(NESTED, "__PASTE(nested, _parent)"));
	assert_true(text_has(NESTED, "CAT(CAT(nes, ted), CAT(_, parent))"));
	assert_true(text_has(DMAR, "struct CAT(dmar_, domain)"));
	assert_false(text_has(NESTED, "__PASTE(nested, parent)"));
	assert_false(text_has(NESTED, "__PASTE(nested_, parents)"));
	assert_false(text_has(DMAR, "__PASTE(nested, _parent)"));
}

/* What is not code has no words, and what only looks so has. */
static void comments_and_literals(void **state)
{
	static const char *const not_code[] = {
		"/* nested_parent */", "// nested_parent\nx", "// x \\\nnested_parent\n",
		"// x \\\r\nnested_parent\n", "\"nested_parent\"", "'nested_parent'",
		"\"x \\\" nested_parent\"", "\"x\\\nnested_parent\"", "/* \" */ \"nested_parent\"",
		"/* nested_parent", "x /* ' */ /* nested_parent */",
	};
	static const char *const code[] = {
		"/* x */ nested_parent", "// x\nnested_parent", "\"/*\" nested_parent \"*/\"",
		"'\"' nested_parent '\"'", "'\\'' nested_parent", "\"\\\\\" nested_parent",
		"/* don't */ nested_parent", "// don't\nnested_parent",
		"#if 0\ndon't\n#endif\nnested_parent '", "#error \"\nnested_parent \"",
		"/\"*\"/ nested_parent", "a / *nested_parent / b", "1'000 + nested_parent + 1'0",
		"/*/ */ nested_parent", "/**/nested_parent/**/", "\"\"nested_parent\"\"",
		"/* *\\\n/ nested_parent /* */", "R\"(\" )\" nested_parent \"",
		"\"\\\r\n\" nested_parent",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(not_code) / sizeof(not_code[0]); i++)
		if (text_has(NESTED, not_code[i]))
			fail_msg("seen in: %s", not_code[i]);
	for (size_t i = 0; i < sizeof(code) / sizeof(code[0]); i++)
		if (!text_has(NESTED, code[i]))
			fail_msg("not seen in: %s", code[i]);
}

static void many_pieces(void **state)
{
	(void)state;
	assert_true(text_has(VAL, "CAT(v, CAT(a, l))"));
	assert_true(text_has(DMAR, "CAT4(d, mar, _dom, ain)"));
	assert_true(text_has(DMAR, "f(d, m, ar, _dom, ain)"));
	assert_false(text_has(DMAR, "f(d, m, ar, _dom, in)"));
	assert_true(text_has(DMAR, "#define F(a, b) a##b\nF(d, F(m, F(ar, F(_dom, ain))))"));
	assert_true(text_has(DMAR, "#define F(a, b) a%:%:b\nF(d, F(m, F(ar, F(_dom, ain))))"));
}

/* What stands beside a "##" is a piece there and nowhere else. */
static void chains(void **state)
{
	static const char *const there[] = {
		"#define F(x) dmar_ ## x\nstruct F(domain)",
		"#define F(x) dmar_\\\n ##/* c */x\nstruct F(domain)",
		"%:define F(x) dmar_%:%:x\nstruct F(domain)",
		"#define F(x, y) x ## y ## main\nF(dmar_, do)",
		"#define F(a...) dmar_ ## a\nF(domain)",
		"#define F(...) dmar_ ## __VA_ARGS__\nF(domain)",
		"#define F(x) x ## _domain\n#define G(x) F(x)\n#define D dmar\nG(D)",
		"#define F dmar_##domain\nF",
		"#define F(x) dma ## x ## _domain\nF(r)",
		/* An argument of two words breaks the chain. */
		"#define F(x) pre_ ## x ## _domain\nF(a dmar)",
		"#define F(x) pre_ ## x ## _domain\n#define G(x) F(x)\nG(a dmar)",
		"#define F(x) pre_ ## x ## _domain\n#define G(m) m(a dmar)\nG(F)",
		"#define F(x) pre_ ## x ## _domain\n#define P(x) x ## F\nP()(a dmar)",
		/* The operator over two lines, and out of a macro. */
		"#define F(x) dmar_ #\\\n# x\nF(domain)", "dmar_ ## x domain",
		/* Words over two lines. */
		"#define F(x) dm\\\nar_ ## x\nF(domain)", "#define F(x) x ## do\\\nmain\nF(dmar_)",
		"#def\\\nine F(x) dmar_ ## x\nF(domain)",
		/* An empty argument. */
		"#define F(x) dmar_domain ## x\nF()", "#define F(x) x ## dmar_domain\nF()",
		/* Numbers are words too. */
		"#define F(x) dmar_doma1 ## x\n#define G(x) dmar_do ## x\nG(main)",
	};
	static const char *const absent[] = {
		"#define F(x) dmar_ ## x\ndomains", "#define F(x) pre_ ## x ## _domain\nF(dmar)",
		"#define F(x) dmar_ ## x\n#define G(x) x ## _domain\nG(a) F(b)",
		"#define F(x, y) x ## _ ## y ## _z\nF(a, b) dmar domain",
		"#define F(dmar_, domain) dmar_ + domain\n",
		"#define P(x, ...) p(x, ## __VA_ARGS__)\nP(dmar) P(domain)",
		"#undef F\n#ifdef F\n#endif\n#define F(x) pre_ ## x ## _domain\nF(dmar)",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(there) / sizeof(there[0]); i++)
		if (!text_has(DMAR, there[i]))
			fail_msg("not seen in: %s", there[i]);
	for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++)
		if (text_has(DMAR, absent[i]))
			fail_msg("seen in: %s", absent[i]);
}

static void spliced_words(void **state)
{
	(void)state;
	assert_true(text_has(NESTED, "d->nested_\\\nparent"));
	assert_true(text_has(NESTED, "d->n\\\nested\\\r\n_parent"));
}

static void long_words(void **state)
{
	char longer[PREFILTER_WORD + 20] = { 0 };
	const struct prefilter_word w[] = { { longer, PREFILTER_NAME } };
	struct prefilter p;

	(void)state;
	memset(longer, 'x', sizeof(longer) - 1);
	prefilter_init(&p, &arena, w, 1);
	prefilter_text(&p, "y", 1);
	assert_true(prefilter_has(&p, 0));
	prefilter_release(&p);
}

/* ------------------------------------------------------------------ files */

static void put(const char *name, const char *text)
{
	char *path = arena_printf(&arena, "%s/%s", root, name);
	char *dir = arena_strdup(&arena, path);

	*strrchr(dir, '/') = 0;
	assert_int_equal(file_mkdirs(dir), 0);
	assert_int_equal(file_replace(path, text, strlen(text)), 0);
}

#define PUBLIC \
	"-nostdinc", "-I./arch/x86/include", "-I./include", "-I./include/generated/uapi", \
	"-include", "./include/linux/kconfig.h"

/* Scans drivers/x/a.c with these flags; a bit for each word that is there, or -1 for "gave up". */
#define SCAN(...) scan((const char *const[]) { PUBLIC, __VA_ARGS__, "drivers/x/a.c", NULL })

static int scan(const char *const *argv)
{
	struct kbuild_unit u;
	struct prefilter p;
	int argc = 0, bits = 0;

	while (argv[argc])
		argc++;
	kbuild_parse(&arena, root, argc, argv, &u);
	prefilter_init(&p, &arena, words, 3);
	prefilter_scan(&p, &u);
	prefilter_headers(&p);
	expect_kept(&p);
	for (unsigned i = 0; i < 3; i++)
		bits |= prefilter_has(&p, i) << i;
	if (p.gave_up)
		bits = -1;
	prefilter_release(&p);
	return bits;
}

#define BIT(word) (1 << (word))

static void private_headers(void **state)
{
	(void)state;
	put("include/linux/pub.h", "struct dmar_domain *f(int value);");
	put("arch/x86/include/asm/a.h", "int nested_parent(void);");
	put("drivers/x/a.c", "#include <linux/pub.h>\n#include <asm/a.h>\n");
	assert_int_equal(SCAN("-DX"), 0);
	put("drivers/x/a.c", "#include <linux/pub.h>\n#include \"b.h\"\n");
	put("drivers/x/b.h", "#include \"sub/c.h\"\n");
	put("drivers/x/sub/c.h", "#include \"d.h\"\n");
	put("drivers/x/sub/d.h", "struct dmar_domain;");
	assert_int_equal(SCAN("-DX"), BIT(DMAR));
}

static void found_by_folders(void **state)
{
	(void)state;
	put("drivers/x/a.c", "#include <p.h>\n");
	put("drivers/priv/p.h", "nested_parent");
	assert_int_equal(SCAN("-DX"), 0);
	assert_int_equal(SCAN("-Idrivers/priv"), BIT(NESTED));
	assert_int_equal(SCAN("-I", "drivers/priv"), BIT(NESTED));
	assert_int_equal(SCAN("-isystem", "drivers/priv"), BIT(NESTED));
	assert_int_equal(SCAN("-iquote", "drivers/priv"), 0);
	put("drivers/x/a.c", "#include \"p.h\"\n");
	assert_int_equal(SCAN("-iquote", "drivers/priv"), BIT(NESTED));
	put("drivers/x/a.c", "#include \"../priv/p.h\"\n");
	assert_int_equal(SCAN("-DX"), BIT(NESTED));
	/* From a header of another folder, the folder is the header's. */
	put("drivers/priv/q.h", "#include \"p.h\"\n");
	put("drivers/x/a.c", "#include \"../priv/q.h\"\n");
	assert_int_equal(SCAN("-DX"), BIT(NESTED));
}

static void odd_includes(void **state)
{
	(void)state;
	put("drivers/x/h.h", "val");
	put("drivers/x/a.c", "  #\tinclude /* x */ \"h.h\"\n");
	assert_int_equal(SCAN("-DX"), BIT(VAL));
	put("drivers/x/a.c", "# /* a\nb */ include \\\n \"h.h\"");
	assert_int_equal(SCAN("-DX"), BIT(VAL));
	put("drivers/x/a.c", "#include_next \"h.h\"\n");
	assert_int_equal(SCAN("-DX"), BIT(VAL));
	put("drivers/x/a.c", "%:include \"h.h\"\n");
	assert_int_equal(SCAN("-DX"), BIT(VAL));
	put("drivers/x/a.c", "#if 0\n#include\"h.h\"\n#endif\n");
	assert_int_equal(SCAN("-DX"), BIT(VAL));
	put("drivers/x/a.c", "#inc\\\nlude \"h.h\"\n");
	assert_int_equal(SCAN("-DX"), -1);
	put("drivers/x/a.c", "#define H \"h.h\"\n#include H\n");
	assert_int_equal(SCAN("-DX"), -1);
	put("drivers/x/a.c", "#include \"h\\\n.h\"\n");
	assert_int_equal(SCAN("-DX"), -1);
	/* No directive: a macro's operator. */
	put("drivers/x/a.c", "#define S(included) #included\n#define T(x) #x \\\n\n");
	assert_int_equal(SCAN("-DX"), 0);
	put("drivers/x/a.c", "#include \"h.h");
	assert_int_equal(SCAN("-DX"), -1);
	put("drivers/x/a.c", "#include");
	assert_int_equal(SCAN("-DX"), 0);
}

/* A record is in reach where a public header defines it, in all ways to write that. */
static void public_records(void **state)
{
	static const char *const defined[] = {
		"struct dmar_domain { int val; };", "struct dmar_domain\n{\n};",
		"struct dmar_domain /* c */ // d\n{ };", "struct /* c */ dmar_domain {",
		"union dmar_domain {};", "DEFINE(dmar_domain)", "DEFINE(int, dmar_domain, 3)",
		"#define TAG dmar_domain\nstruct TAG { };", "#define REC struct dmar_domain\nREC { };",
		"#define X(n) dmar_domain##n\n",
	};
	static const char *const declared[] = {
		"struct dmar_domain;", "void f(struct dmar_domain *, struct dmar_domain);",
		"extern struct dmar_domain all[];", "struct x { struct dmar_domain *dmar_domain; };",
		"f(x->dmar_domain); x.dmar_domain;", "struct dmar_domains { };",
		"struct xdmar_domain { };",
	};

	(void)state;
	put("drivers/x/a.c", "#include <linux/way.h>\nx->a.b = *p;\n");
	put("include/linux/way.h", "#ifndef W\n# include <linux/rec.h>\n#endif\n");
	for (size_t i = 0; i < sizeof(defined) / sizeof(defined[0]); i++) {
		put("include/linux/rec.h", defined[i]);
		if (!(SCAN("-DX") & BIT(DMAR)))
			fail_msg("not seen in: %s", defined[i]);
	}
	for (size_t i = 0; i < sizeof(declared) / sizeof(declared[0]); i++) {
		put("include/linux/rec.h", declared[i]);
		if (SCAN("-DX") & BIT(DMAR))
			fail_msg("seen in: %s", declared[i]);
	}
}

/* A function is called by what a public header has of it in a body, or in a macro. */
static void public_calls(void **state)
{
	(void)state;
	put("drivers/x/a.c", "#include <linux/rec.h>\nwrapper(x);\n");
	put("include/linux/rec.h", "int nested_parent(int);\n");
	assert_int_equal(SCAN("-DX"), 0);
	put("include/linux/rec.h", "static inline int wrapper(int x)\n{\n\treturn nested_parent(x);\n}\n");
	assert_int_equal(SCAN("-DX"), BIT(NESTED));
	put("include/linux/rec.h", "#define wrapper(x) \\\n\tnested_parent(x)\n");
	assert_int_equal(SCAN("-DX"), BIT(NESTED));
}

/* Found as the compiler finds them; a private one that a public one includes is read too. */
static void public_ways(void **state)
{
	(void)state;
	put("include/linux/rec.h", "struct dmar_domain;");
	put("drivers/x/a.c", "#include <asm/rec.h>\n");
	put("arch/x86/include/asm/rec.h", "#include <linux/rec.h>\n");
	put("include/asm/rec.h", "struct dmar_domain { };");
	assert_int_equal(SCAN("-DX"), 0);
	put("arch/x86/include/asm/rec.h", "#include_next <asm/rec.h>\n");
	assert_int_equal(SCAN("-DX"), BIT(DMAR));
	put("arch/x86/include/asm/rec.h", "#include \"near.h\"\n");
	put("arch/x86/include/asm/near.h", "struct dmar_domain { };");
	assert_int_equal(SCAN("-DX"), BIT(DMAR));
	put("arch/x86/include/asm/near.h", "#include \"../../../../drivers/y/own.h\"\n");
	put("drivers/y/own.h", "nested_parent");
	assert_int_equal(SCAN("-DX"), BIT(NESTED));
	put("arch/x86/include/asm/near.h", "#include OTHER(near)\n");
	assert_int_equal(SCAN("-DX"), 0);
}

/* What public headers hand to the unit's macros. */
static void public_pieces(void **state)
{
	(void)state;
	put("drivers/x/a.c", "#include <linux/list.h>\n#define F(x) dmar_ ## x\nLIST(F)\n");
	put("include/linux/list.h", "#define LIST(f) f(domain)\n");
	assert_int_equal(SCAN("-DX"), BIT(DMAR));
	put("include/linux/list.h", "#define LIST(f) f(domains)\n");
	assert_int_equal(SCAN("-DX"), 0);
	put("drivers/x/a.c", "#define F(x) dmar_ ## x\n#include <linux/list.h>\n");
	put("include/linux/list.h", "F(domain)\n");
	assert_int_equal(SCAN("-DX"), BIT(DMAR));
	put("drivers/x/a.c", "#include <linux/list.h>\n#define F(x) dmar_ ## x\nF(val1)\n");
	put("include/linux/list.h", "int domain;\n");
	assert_int_equal(SCAN("-DX"), 0);
}

static void given_by_flags(void **state)
{
	(void)state;
	put("drivers/x/a.c", "int x;\n");
	put("drivers/x/force.h", "dmar_domain");
	assert_int_equal(SCAN("-include", "drivers/x/force.h"), BIT(DMAR));
	assert_int_equal(SCAN("-imacros", "drivers/x/force.h"), BIT(DMAR));
	assert_int_equal(SCAN("-DFIELD=nested_parent"), BIT(NESTED));
	assert_int_equal(SCAN("-D", "FIELD=nested_parent"), BIT(NESTED));
	/* Pieces from both. */
	put("drivers/x/a.c", "CAT(PREFIX, domain)\n");
	assert_int_equal(SCAN("-DPREFIX=dmar_"), BIT(DMAR));
}

static void source_in_source(void **state)
{
	(void)state;
	put("drivers/x/other.c", "nested_parent dmar_domain val");
	put("drivers/x/a.c", "#include \"other.c\"\n");
	assert_int_equal(SCAN("-DX"), BIT(NESTED) | BIT(DMAR) | BIT(VAL));
	/* Each file once, however they include each other. */
	put("drivers/x/a.c", "#include \"l.h\"\n");
	put("drivers/x/l.h", "#include \"l.h\"\n#include \"a.c\"\nval");
	assert_int_equal(SCAN("-DX"), BIT(VAL));
}

static void unreadable(void **state)
{
	(void)state;
	put("drivers/x/a.c", "#include \"dir.h\"\n#include \"none.h\"\n");
	assert_int_equal(file_mkdirs(arena_printf(&arena, "%s/drivers/x/dir.h", root)), 0);
	assert_int_equal(SCAN("-DX"), 0);
	unlink(arena_printf(&arena, "%s/drivers/x/a.c", root));
	assert_int_equal(SCAN("-DX"), -1);
}

/* Without the kernel's own include folders every header is private. */
static void no_kernel(void **state)
{
	(void)state;
	put("drivers/x/a.c", "#include <linux/pub.h>\n");
	put("include/linux/pub.h", "val");
	assert_int_equal(scan((const char *const[]) { "-Iinclude", "drivers/x/a.c", NULL }),
			 BIT(VAL));
}

/* Hashes that are too large, cut off, more than they are said to be, or too many. */
static void not_kept(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		uint32_t words;
	} bad[] = {
		{ "", 0, 1 }, { "\1", 1, 1 }, { "\1\0\0", 3, 1 },
		{ "\1\0\0\0\0", 5, 1 }, { "\1\0\0\x80", 4, 1 }, { "\4\0\0\0", 4, 1 },
		{ "\xff\xff\xff\x07\2\0\0\0", 8, 2 }, { "\0\0\0\0\0\0\0\0\1", 9, 1 },
		{ "", 0, UINT32_MAX }, { "\1", 1, UINT32_MAX }, { "\1", 1, 0 }, { "\0", 1, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct vocabulary w = { .n = bad[i].words };

		if (vocabulary_unpack(&w, &arena, bad[i].bytes, bad[i].n))
			fail_msg("bytes %zu are taken", i);
	}
}

static int setup(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	root = mkdtemp(arena_printf(&arena, "%s/prefilter.XXXXXX", tmp ? tmp : "/tmp"));
	return root ? 0 : -1;
}

static int teardown(void **state)
{
	char *rm = arena_printf(&arena, "rm -rf '%s'", root);
	int status = system(rm);

	(void)state;
	arena_release(&arena);
	return status;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_words),
		cmocka_unit_test(pasted_words),
		cmocka_unit_test(comments_and_literals),
		cmocka_unit_test(many_pieces),
		cmocka_unit_test(chains),
		cmocka_unit_test(spliced_words),
		cmocka_unit_test(long_words),
		cmocka_unit_test(not_kept),
		cmocka_unit_test(private_headers),
		cmocka_unit_test(found_by_folders),
		cmocka_unit_test(odd_includes),
		cmocka_unit_test(public_records),
		cmocka_unit_test(public_calls),
		cmocka_unit_test(public_ways),
		cmocka_unit_test(public_pieces),
		cmocka_unit_test(given_by_flags),
		cmocka_unit_test(source_in_source),
		cmocka_unit_test(unreadable),
		cmocka_unit_test(no_kernel),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
