/* SPDX-License-Identifier: MIT */
#include "build.h"
#include "cmocka_all.h"
#include "ir/print.h"

static void expect_func(struct build *b, const char *name, const char *want)
{
	struct buffer out = BUFFER_INIT;

	ir_print_func(&b->u, ir_func_find(&b->u, name), &out);
	assert_string_equal(out.s, want);
	buffer_release(&out);
}

static void prints_loop(void **state)
{
	struct build b;

	(void)state;
	build_sample(&b);
	expect_func(&b, "sum",
		    "func u32 sum  ; unit.c:2:1\n"
		    "  param a.0: u32\n"
		    "  local i.1: u32\n"
		    "  local s.2: u32\n"
		    "b0:\n"
		    "  %0:u32 = param 0\n"
		    "  %1:ptr = addr.local i.1\n"
		    "  %2:ptr = addr.local s.2\n"
		    "  store.32 [%1], 0\n"
		    "  store.32 [%2], 0\n"
		    "  jmp b1\n"
		    "b1:\n"
		    "  %3:u32 = load.32 [%1]\n"
		    "  %4:u1 = ult %3, %0\n"
		    "  br %4, b2, b3\n"
		    "b2:\n"
		    "  %5:u32 = load.32 [%1]\n"
		    "  %6:u32 = load.32 [%2]\n"
		    "  %7:u32 = add %6, %5\n"
		    "  store.32 [%2], %7\n"
		    "  %8:u32 = add %5, 1\n"
		    "  store.32 [%1], %8\n"
		    "  jmp b1\n"
		    "b3:\n"
		    "  %9:u32 = load.32 [%2]\n"
		    "  ret %9\n"
		    "\n");
	build_release(&b);
}

static void prints_members(void **state)
{
	struct build b;

	(void)state;
	build_sample(&b);
	expect_func(&b, "members",
		    "func void members  ; unit.c:3:1\n"
		    "  param a.0: ptr\n"
		    "  param b.1: s16\n"
		    "b0:\n"
		    "  %0:ptr = param 0\n"
		    "  %1:u64 = rmw.cmpxchg.64 [%0], 2, 0x46 atomic (struct outer@0 first)\n"
		    "  store.1 [%0 + 12], 1 bitfield (struct outer@20 flag)  ; 3:7\n"
		    "  call [%1]() (struct outer@0 first)\n"
		    "  asm !\"asm 'rdtsc'\" clobber\n"
		    "  havoc.3 [%0 - 1.4] !\"asm 'rdtsc'\"\n"
		    "  %2:u7 = unknown !\"asm 'rdtsc'\"\n"
		    "  ret\n"
		    "\n");
	build_release(&b);
}

static void prints_switch(void **state)
{
	struct build b;

	(void)state;
	build_sample(&b);
	expect_func(&b, "pick",
		    "func ptr pick  ; unit.c:4:1\n"
		    "  param a.0: s16\n"
		    "  param b.1: ptr\n"
		    "b0:\n"
		    "  %0:s16 = param 0\n"
		    "  %1:ptr = param 1\n"
		    "  %2:u32 = sext %0\n"
		    "  %3:u64 = sext %0\n"
		    "  %4:u64 = ptradd %1, %3 * -24\n"
		    "  switch signed %0 { -2 ... -1: b1, 3: b3, 0x10 ... 0x7fff: b1, }, b2\n"
		    "b1:\n"
		    "  %5:u64 = call helper(%2, %4)\n"
		    "  ret %5\n"
		    "b2:\n"
		    "  %6:ptr = addr.global \"a\\\"\\x0a\"\n"
		    "  %7:ptr = addr.global @table\n"
		    "  ret %7\n"
		    "b3:\n"
		    "  %8:ptr = addr.func helper\n"
		    "  unreachable\n"
		    "\n");
	expect_func(&b, "helper", "func ptr helper\n  no body\n\n");
	expect_func(&b, "broken", "func void broken\n  failed !\"parse error\"\n\n");
	build_release(&b);
}

static void prints_cfg(void **state)
{
	struct buffer out = BUFFER_INIT;
	struct build b;

	(void)state;
	build_sample(&b);
	ir_print_cfg(&b.u, ir_func_find(&b.u, "sum"), &out);
	assert_string_equal(out.s, "func u32 sum  ; unit.c:2:1\n"
				   "b0 (5): jmp b1\n"
				   "b1 (2): br %4, b2, b3\n"
				   "b2 (6): jmp b1\n"
				   "b3 (1): ret %9\n"
				   "\n");
	buffer_release(&out);
	build_release(&b);
}

int print_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prints_loop),
		cmocka_unit_test(prints_members),
		cmocka_unit_test(prints_switch),
		cmocka_unit_test(prints_cfg),
	};

	return cmocka_run_group_tests_name("print", tests, NULL, NULL);
}
