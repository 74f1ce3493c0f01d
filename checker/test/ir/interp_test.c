/* SPDX-License-Identifier: MIT */
#include "build.h"
#include "cmocka_all.h"
#include "ir/interp.h"
#include "ir/interp_eval.h"

#define STEPS 100000

static enum interp_status call_in(struct interp *in, ir_fn fn, uint64_t x, uint64_t y,
				  uint64_t *ret)
{
	return interp_call(in, fn, (uint64_t[]){ x, y }, 2, STEPS, ret);
}

static enum interp_status call(struct build *b, const char *name, uint64_t x, uint64_t y,
			       uint64_t *ret)
{
	struct interp *in = interp_new(&b->u);
	enum interp_status s = call_in(in, ir_func_find(&b->u, name), x, y, ret);

	interp_free(in);
	return s;
}

struct binary {
	enum ir_op op;
	uint8_t width;
	uint64_t a, b, want;
};

static const struct binary binaries[] = {
	{ IR_ADD, 8, 0xff, 2, 1 },
	{ IR_SUB, 16, 1, 2, 0xffff },
	{ IR_MUL, 32, 0x10001, 0x10001, 0x20001 },
	{ IR_UDIV, 8, 0xfe, 2, 0x7f },
	{ IR_SDIV, 8, 0xfe, 2, 0xff },
	{ IR_UREM, 8, 0xf9, 4, 1 },
	{ IR_SREM, 8, 0xf9, 4, 0xfd },
	{ IR_AND, 64, 0xff00ff00, 0x0ff00ff0, 0x0f000f00 },
	{ IR_OR, 5, 0x11, 0x0a, 0x1b },
	{ IR_XOR, 5, 0x1f, 0x0a, 0x15 },
	{ IR_SHL, 8, 0x81, 1, 2 },
	{ IR_LSHR, 8, 0x81, 1, 0x40 },
	{ IR_ASHR, 8, 0x81, 1, 0xc0 },
	{ IR_ASHR, 64, 1ull << 63, 63, ~0ull },
	{ IR_EQ, 8, 3, 3, 1 },
	{ IR_NE, 8, 3, 3, 0 },
	{ IR_ULT, 8, 0x80, 0x7f, 0 },
	{ IR_SLT, 8, 0x80, 0x7f, 1 },
	{ IR_ULE, 8, 0x80, 0x80, 1 },
	{ IR_SLE, 8, 0x7f, 0x80, 0 },
};

static void arithmetic(void **state)
{
	(void)state;
	for (unsigned k = 0; k < sizeof(binaries) / sizeof(*binaries); k++) {
		const struct binary *t = &binaries[k];
		uint8_t width = t->op >= IR_EQ ? 1 : t->width;
		struct ir_val x, y;
		struct build b;
		uint64_t ret;

		build_init(&b);
		build_func(&b, "f", INT(width), 2,
			   (struct ir_type[]){ INT(t->width), INT(t->width) });
		x = build_param(&b, 0);
		y = build_param(&b, 1);
		build_ret(&b, build_op(&b, t->op, width, x, y));
		assert_int_equal(call(&b, "f", t->a, t->b, &ret), INTERP_OK);
		assert_int_equal(ret, t->want);
		build_release(&b);
	}
}

static void wide(void **state)
{
	word max = ~(word)0, v;

	(void)state;
	assert_true(word_binary(IR_MUL, 128, ~0ull, ~0ull, &v));
	assert_int_equal((uint64_t)(v >> 64), ~0ull - 1);
	assert_true(word_signed(max, 128) == -1);
	assert_true(word_unary(IR_SEXT, 64, ~0ull) == max);
	assert_false(word_binary(IR_SHL, 128, 1, 128, &v));
	assert_false(word_binary(IR_SDIV, 128, (word)1 << 127, max, &v));
}

static void undefined(void **state)
{
	static const struct binary cases[] = {
		{ IR_UDIV, 8, 1, 0, 0 }, { IR_SREM, 8, 1, 0, 0 }, { IR_SDIV, 8, 0x80, 0xff, 0 },
		{ IR_SHL, 8, 1, 8, 0 }, { IR_ASHR, 32, 1, 32, 0 },
	};

	(void)state;
	for (unsigned k = 0; k < sizeof(cases) / sizeof(*cases); k++) {
		word v;

		assert_false(word_binary(cases[k].op, cases[k].width, cases[k].a, cases[k].b, &v));
	}
}

/* Against one bit at a time. */
static void bit_access(void **state)
{
	uint8_t mem[32], model[32];
	uint64_t seed = 1;

	(void)state;
	for (unsigned off = 0; off < 24; off++)
		for (unsigned width = 1; width <= 128; width++) {
			word v = (word)hash_mix(seed, 1) << 64 | hash_mix(seed, 2);

			seed++;
			memset(mem, (int)seed, sizeof(mem));
			memcpy(model, mem, sizeof(mem));
			for (unsigned k = 0; k < width; k++) {
				uint8_t bit = (uint8_t)(1u << ((off + k) % 8));

				model[(off + k) / 8] &= (uint8_t)~bit;
				if (v >> k & 1)
					model[(off + k) / 8] |= bit;
			}
			bits_write(mem, off, width, v);
			assert_memory_equal(mem, model, sizeof(mem));
			assert_true(bits_read(mem, off, width) == word_cut(v, width));
			assert_true(bits_read(mem + 8, (int)off - 64, width) == word_cut(v, width));
		}
}

static void loop(void **state)
{
	struct interp *in;
	struct build b;
	uint64_t ret;
	ir_fn sum;

	(void)state;
	build_sample(&b);
	assert_int_equal(call(&b, "sum", 100, 0, &ret), INTERP_OK);
	assert_int_equal(ret, 4950);
	sum = ir_func_find(&b.u, "sum");
	in = interp_new(&b.u);
	assert_int_equal(interp_call(in, sum, (uint64_t[]){ 100 }, 1, 50, &ret), INTERP_STEPS);
	assert_int_equal(interp_call(in, ir_func_find(&b.u, "broken"), NULL, 0, 50, &ret),
			 INTERP_NO_BODY);
	interp_free(in);
	build_release(&b);
}

static uint64_t helper(void *arg, const uint64_t *args, uint32_t nargs)
{
	*(uint64_t *)arg = args[1];
	assert_int_equal(nargs, 2);
	return args[0] + 1000;
}

static void switches_and_natives(void **state)
{
	struct build b;
	struct interp *in;
	uint64_t ret, seen = 0;
	ir_fn pick;

	(void)state;
	build_sample(&b);
	pick = ir_func_find(&b.u, "pick");
	in = interp_new(&b.u);
	assert_int_equal(call_in(in, pick, 0xfffe, 100, &ret), INTERP_NO_BODY);
	interp_set_native(in, "helper", helper, &seen);
	assert_int_equal(call_in(in, pick, 0xfffe, 100, &ret), INTERP_OK);
	assert_int_equal(ret, 0xfffffffeu + 1000ull);
	assert_int_equal(seen, 148);
	assert_int_equal(call_in(in, pick, 17, 0, &ret), INTERP_OK);
	assert_int_equal(ret, 1017);
	assert_int_equal(call_in(in, pick, 3, 0, &ret), INTERP_UNREACH);
	assert_int_equal(call_in(in, pick, 0x8000, 0, &ret), INTERP_OK);
	assert_ptr_equal((void *)(uintptr_t)ret, interp_global(in, 0));
	interp_free(in);
	build_release(&b);
}

/* The table's entries: a number, a function and the second byte of a string. */
static void globals(void **state)
{
	struct build b;
	struct interp *in;
	uint64_t *table;

	(void)state;
	build_sample(&b);
	in = interp_new(&b.u);
	table = interp_global(in, ir_global_find(&b.u, "table"));
	assert_int_equal(table[0], 5);
	assert_int_equal(*(char *)(uintptr_t)table[2], '"');
	interp_free(in);
	build_release(&b);
}

/* fact(n) = n ? n * fact(n - 1) : 1, the second call through a pointer in memory. */
static void recursion(void **state)
{
	struct build b;
	struct ir_val n, p, rec;
	uint32_t more, done;
	uint64_t ret;
	ir_fn fact;

	(void)state;
	build_init(&b);
	fact = build_func(&b, "fact", INT(64), 1, (struct ir_type[]){ INT(64) });
	build_local(&b, "p", PTR);
	n = build_param(&b, 0);
	p = build_addr(&b, IR_ADDR_LOCAL, 1);
	build_store(&b, p, 0, build_addr(&b, IR_ADDR_FUNC, fact), 64);
	more = build_block(&b);
	done = build_block(&b);
	build_br(&b, build_op(&b, IR_TOBOOL, 1, n, IR_VAL_NONE), more, done);
	build_at(&b, done);
	build_ret(&b, build_const(&b, 1, 64));
	build_at(&b, more);
	array_push(&build_fn(&b)->args, build_op(&b, IR_SUB, 64, n, build_const(&b, 1, 64)));
	rec = build_insn(&b, (struct ir_insn){ .op = IR_CALL, .imm = IR_NONE, .width = 64,
					       .a = build_load(&b, p, 0, 64), .nargs = 1,
					       .rec = IR_NONE });
	build_ret(&b, build_op(&b, IR_MUL, 64, n, rec));
	assert_int_equal(call(&b, "fact", 12, 0, &ret), INTERP_OK);
	assert_int_equal(ret, 479001600);
	assert_int_equal(call(&b, "fact", ~0ull, 0, &ret), INTERP_STEPS);
	build_release(&b);
}

static uint64_t run_rmw(enum ir_rmw op, uint64_t *mem, uint64_t b_val, uint64_t c_val)
{
	struct ir_insn i = { .op = IR_RMW, .imm = (uint32_t)op, .width = 16, .off = 16,
			     .rec = IR_NONE };
	struct build b;
	uint64_t ret;

	build_init(&b);
	build_func(&b, "f", INT(16), 1, (struct ir_type[]){ PTR });
	i.a = build_param(&b, 0);
	i.b = build_const(&b, b_val, 16);
	if (op == IR_RMW_CMPXCHG)
		i.c = build_const(&b, c_val, 16);
	build_ret(&b, build_insn(&b, i));
	assert_int_equal(call(&b, "f", (uintptr_t)mem, 0, &ret), INTERP_OK);
	build_release(&b);
	return ret;
}

static void atomics(void **state)
{
	static const struct { enum ir_rmw op; uint64_t b, c, want; } t[] = {
		{ IR_RMW_XCHG, 7, 0, 7 }, { IR_RMW_ADD, 0xffff, 0, 0x1233 },
		{ IR_RMW_SUB, 4, 0, 0x1230 }, { IR_RMW_AND, 0xff, 0, 0x34 },
		{ IR_RMW_OR, 0xf, 0, 0x123f }, { IR_RMW_XOR, 0x1234, 0, 0 },
		{ IR_RMW_CMPXCHG, 9, 0x1234, 9 }, { IR_RMW_CMPXCHG, 9, 0x1235, 0x1234 },
	};

	(void)state;
	for (unsigned k = 0; k < sizeof(t) / sizeof(*t); k++) {
		uint64_t mem = 0xaaaabbbb1234dddd;

		assert_int_equal(run_rmw(t[k].op, &mem, t[k].b, t[k].c), 0x1234);
		assert_int_equal(mem, 0xaaaabbbb0000dddd | t[k].want << 16);
	}
}

static void blocks_of_memory(void **state)
{
	char mem[32] = "0123456789abcdef";
	struct build b;
	struct ir_val p;
	uint64_t ret;

	(void)state;
	build_init(&b);
	build_func(&b, "f", VOID, 1, (struct ir_type[]){ PTR });
	p = build_param(&b, 0);
	build_insn(&b, (struct ir_insn){ .op = IR_MEMCPY, .a = p, .off = 32, .rec = IR_NONE,
					 .b = p, .c = build_const(&b, 8, 64) });
	build_insn(&b, (struct ir_insn){ .op = IR_MEMSET, .a = p, .b = build_const(&b, '-', 8),
					 .c = build_const(&b, 2, 64), .rec = IR_NONE });
	build_end(&b, IR_RET);
	assert_int_equal(call(&b, "f", (uintptr_t)mem, 0, &ret), INTERP_OK);
	assert_string_equal(mem, "--2301234567cdef");
	build_release(&b);
}

/* What is not modelled stops the run; a mere lack of an initialiser does not. */
static void unknowns(void **state)
{
	struct build b;
	struct ir_val p;
	uint64_t ret;
	uint32_t r;

	(void)state;
	for (int uninit = 0; uninit < 2; uninit++) {
		build_init(&b);
		r = ir_reason_add(&b.u, uninit ? IR_R_UNINIT : IR_R_CONSTRUCT, "", 0);
		build_func(&b, "f", VOID, 1, (struct ir_type[]){ PTR });
		p = build_addr(&b, IR_ADDR_LOCAL, 0);
		build_insn(&b, (struct ir_insn){ .op = IR_HAVOC, .a = p, .imm = r, .width = 64,
						 .rec = IR_NONE });
		build_end(&b, IR_RET);
		assert_int_equal(call(&b, "f", 0, 0, &ret), uninit ? INTERP_OK : INTERP_UNKNOWN);
		build_release(&b);
	}
}

struct trace {
	unsigned calls, terms;
	uint64_t last;
};

static void count(void *arg, ir_fn fn, uint32_t depth, uint32_t block, uint32_t insn,
		  const uint64_t *temps, void *const *locals)
{
	struct trace *t = arg;

	assert_int_equal(depth, 1);
	(void)fn;
	(void)block;
	t->calls++;
	if (insn == UINT32_MAX)
		t->terms++;
	t->last = temps[0];
	assert_non_null(locals[2]);
}

static void traces(void **state)
{
	struct trace t = { 0 };
	struct interp *in;
	struct build b;
	uint64_t ret;

	(void)state;
	build_sample(&b);
	in = interp_new(&b.u);
	interp_set_trace(in, count, &t);
	assert_int_equal(call_in(in, ir_func_find(&b.u, "sum"), 3, 0, &ret), INTERP_OK);
	assert_int_equal(t.calls, 6 + 3 * (3 + 7) + 3 + 2);
	assert_int_equal(t.terms, 1 + 3 * 2 + 1 + 1);
	assert_int_equal(t.last, 3);
	interp_free(in);
	build_release(&b);
}

int interp_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arithmetic),
		cmocka_unit_test(wide),
		cmocka_unit_test(undefined),
		cmocka_unit_test(bit_access),
		cmocka_unit_test(loop),
		cmocka_unit_test(switches_and_natives),
		cmocka_unit_test(globals),
		cmocka_unit_test(recursion),
		cmocka_unit_test(atomics),
		cmocka_unit_test(blocks_of_memory),
		cmocka_unit_test(unknowns),
		cmocka_unit_test(traces),
	};

	return cmocka_run_group_tests_name("interp", tests, NULL, NULL);
}
