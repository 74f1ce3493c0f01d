/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "cmocka_all.h"
#include "rules/expr.h"

struct seen { unsigned n; size_t off; };

static void on_fault(void *ctx, size_t off, const char *text)
{
	struct seen *s = ctx;

	(void)text;
	if (!s->n++)
		s->off = off;
}

static void good(const char *text)
{
	struct seen s = { 0, 0 };

	if (!expr_check(text, on_fault, &s) || s.n)
		fail_msg("'%s' should be an expression, fault at %zu", text, s.off);
}

static void bad(const char *text, size_t off)
{
	struct seen s = { 0, 0 };

	if (expr_check(text, on_fault, &s) || !s.n)
		fail_msg("'%s' should be no expression", text);
	if (s.off != off)
		fail_msg("'%s': fault at %zu, not %zu", text, s.off, off);
}

static void test_good(void **state)
{
	(void)state;
	good("!(val & DMA_PTE_READ) || (val & DMA_PTE_WRITE) || !domain->nested_parent");
	good("a");
	good("-1");
	good("0x1fULL");
	good("f()");
	good("f(a, b)(c)[d].e->g");
	good("FIELD_GET(MASK, val) == 3");
	good("(u64)val");
	good("(unsigned long long)val >> 3");
	good("(struct foo *)p");
	good("(const struct foo **)p == q");
	good("(x) - (y)");
	good("(x) & y");
	good("a ? b : c ? d : e");
	good("a ? b ? c : d : e");
	good("sizeof(struct foo)");
	good("*p && &q && ~r && !s");
	good("a << 1 | b >> 2");
	good("  a\n\t+ b ");
}

static void test_bad(void **state)
{
	(void)state;
	bad("", 0);
	bad("a b", 2);
	bad("a +", 3);
	bad("(a", 0);
	bad("a)", 1);
	bad("(a]", 2);
	bad("f(a,)", 4);
	bad("a ? b", 5);
	bad("a : b", 2);
	bad("a.1", 2);
	bad("a->", 3);
	bad("a = b", 2);
	bad("a == b || c |= d", 12);
	bad("a++", 1);
	bad("--a", 0);
	bad("a; b", 1);
	bad("a /* b */", 2);
	bad("a // b", 2);
	bad("#define x", 0);
	bad("\"a\"", 0);
	bad("'a'", 0);
	bad("a \\ b", 2);
	bad("{ a; }", 0);
	bad("a ## b", 2);
	bad("a @ b", 2);
	bad("a \xe2\x89\xa4 b", 2);
	bad("08z", 0);
	bad("1.5", 2);
	bad("()", 1);
	bad("(a *)", 5);
	bad("((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((("
	    "((((((((a", 64);
}

static void test_names(void **state)
{
	(void)state;
	assert_true(expr_mentions("a->b + c", "a"));
	assert_true(expr_mentions("a->b + c", "c"));
	assert_false(expr_mentions("a->b + c", "b"));
	assert_false(expr_mentions("(struct d *)x.d", "d"));
	assert_false(expr_mentions("ab", "a"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good), cmocka_unit_test(test_bad),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
