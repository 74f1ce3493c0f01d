/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "build.h"
#include "cmocka_all.h"
#include "ir/print.h"
#include "ir/verify.h"

static void expect_fault(struct build *b, const char *want)
{
	struct buffer out = BUFFER_INIT;
	bool ok = ir_verify(&b->u, b->fn, &out);

	assert_int_equal(ok, want == NULL);
	if (want && !strstr(buffer_str(&out), want))
		fail_msg("no '%s' in: %s", want, buffer_str(&out));
	buffer_release(&out);
}

/* A fresh function f(u32 a, void *b). */
static void begin(struct build *b)
{
	build_init(b);
	build_func(b, "f", INT(32), 2, (struct ir_type[]){ INT(32), PTR });
}

static void end(struct build *b, const char *want)
{
	build_end(b, IR_RET);
	expect_fault(b, want);
	build_release(b);
}

static void accepts_sample(void **state)
{
	struct build b;

	(void)state;
	build_sample(&b);
	for (b.fn = 0; b.fn < b.u.funcs.n; b.fn++)
		expect_fault(&b, NULL);
	build_release(&b);
}

struct bad {
	struct ir_insn i;
	const char *want;
};

/* In each, temporary 0 has 32 bits, 1 is a pointer; constant 0 has 32 bits, 1 has 64. */
#define T0 { IR_V_TEMP, 0 }
#define T1 { IR_V_TEMP, 1 }
#define T9 { IR_V_TEMP, 9 }
#define C0 { IR_V_CONST, 0 }
#define C1 { IR_V_CONST, 1 }
#define C9 { IR_V_CONST, 99 }

static const struct bad bads[] = {
	{ { .op = IR_ADD, .width = 32, .a = T0, .b = C1 }, "operand b has 64 bits instead of 32" },
	{ { .op = IR_ADD, .width = 32, .a = T0 }, "no operand b" },
	{ { .op = IR_ADD, .width = 32, .a = T0, .b = T9 }, "operand b is no value" },
	{ { .op = IR_ADD, .width = 32, .a = T0, .b = C9 }, "operand b is no value" },
	{ { .op = IR_ADD, .width = 32, .a = T0, .b = C0, .c = C0 }, "operand c is not used here" },
	{ { .op = IR_EQ, .width = 32, .a = T0, .b = C0 }, "a comparison of 32 bits" },
	{ { .op = IR_ULT, .width = 1, .a = T0, .b = C1 }, "operand b has 64 bits" },
	{ { .op = IR_NOT, .width = 31, .a = T0 }, "from 32 to 31 bits" },
	{ { .op = IR_COPY, .width = 64, .a = T0 }, "from 32 to 64 bits" },
	{ { .op = IR_TRUNC, .width = 32, .a = T0 }, "from 32 to 32 bits" },
	{ { .op = IR_ZEXT, .width = 32, .a = T0 }, "from 32 to 32 bits" },
	{ { .op = IR_TOBOOL, .width = 8, .a = T0 }, "from 32 to 8 bits" },
	{ { .op = IR_PTROFF, .width = 64, .a = T0, .off = 8 }, "operand a has 32 bits" },
	{ { .op = IR_PTROFF, .width = 64, .a = T1, .off = 7 }, "a pointer to a bit" },
	{ { .op = IR_PTROFF, .width = 32, .a = T1, .off = 8 }, "a pointer of 32 bits" },
	{ { .op = IR_PTRADD, .width = 64, .a = T1, .b = T0, .off = 8 }, "operand b has 32 bits" },
	{ { .op = IR_LOAD, .width = 32, .a = T0 }, "operand a has 32 bits instead of 64" },
	{ { .op = IR_STORE, .width = 16, .a = T1, .b = T0 }, "operand b has 32 bits" },
	{ { .op = IR_RMW, .width = 32, .a = T1, .b = T0, .imm = 7 }, "operation 7 of 7" },
	{ { .op = IR_RMW, .width = 32, .a = T1, .b = T0, .imm = IR_RMW_CMPXCHG }, "no operand c" },
	{ { .op = IR_MEMSET, .a = T1, .b = C0, .c = C1 }, "operand b has 32 bits instead of 8" },
	{ { .op = IR_MEMCPY, .a = T1, .b = T1, .c = C0 }, "operand c has 32 bits instead of 64" },
	{ { .op = IR_CALL, .imm = 1 }, "function 1 of 1" },
	{ { .op = IR_CALL, .imm = IR_NONE }, "no operand a" },
	{ { .op = IR_CALL, .imm = 0, .args = 0, .nargs = 1 }, "arguments 0+1 of 0" },
	{ { .op = IR_PARAM, .imm = 2, .width = 32 }, "parameter 2 of 2" },
	{ { .op = IR_ADDR_LOCAL, .imm = 2, .width = 64 }, "object 2 of 2" },
	{ { .op = IR_ADDR_GLOBAL, .imm = 0, .width = 64 }, "object 0 of 0" },
	{ { .op = IR_ADDR_FUNC, .imm = 0, .width = 32 }, "an address of 32 bits" },
	{ { .op = IR_UNKNOWN, .imm = 5, .width = 32 }, "reason 5 of 1" },
	{ { .op = IR_HAVOC, .imm = 5, .a = T1 }, "reason 5 of 1" },
	{ { .op = IR_NOP, .loc = 77 }, "location 77 of" },
	{ { .op = IR_NOP, .rec = 3 }, "record 3 of 0" },
	{ { .op = IR_NOP, .mark = 9 }, "mark 9" },
	{ { .op = 99, .width = 32 }, "operation 99 does not exist" },
	{ { .op = IR_NOP, .a = T9 }, "operand a is no value" },
};

static void rejects_insns(void **state)
{
	(void)state;
	for (unsigned k = 0; k < sizeof(bads) / sizeof(*bads); k++) {
		struct ir_insn i = bads[k].i;
		struct build b;

		begin(&b);
		build_const(&b, 3, 32);
		build_const(&b, 3, 64);
		build_param(&b, 0);
		build_param(&b, 1);
		if (!i.rec)
			i.rec = IR_NONE;
		build_insn(&b, i);
		end(&b, bads[k].want);
	}
}

static void rejects_destinations(void **state)
{
	struct build b;

	(void)state;
	begin(&b);
	build_param(&b, 0);
	array_push(&build_fn(&b)->blocks.v[0].insns,
		   (struct ir_insn){ .op = IR_PARAM, .imm = 0, .width = 32, .dst = 0,
				     .rec = IR_NONE });
	end(&b, "second definition of %0");
	begin(&b);
	build_param(&b, 0);
	build_fn(&b)->temps.v[0].type = INT(16);
	end(&b, "32 bits into a temporary of 16");
	begin(&b);
	build_param(&b, 0);
	build_fn(&b)->blocks.v[0].insns.v[0].dst = IR_NONE;
	end(&b, "no destination");
	begin(&b);
	build_param(&b, 0);
	build_fn(&b)->blocks.v[0].insns.v[0].dst = 4;
	end(&b, "destination 4 of 1");
}

static void rejects_order(void **state)
{
	struct build b;
	struct ir_val x;

	(void)state;
	begin(&b);
	x = build_param(&b, 0);
	build_op(&b, IR_ADD, 32, x, x);
	build_fn(&b)->blocks.v[0].insns.v[1].a = (struct ir_val)T1;
	end(&b, "%1 is not defined on every way here");
	begin(&b);
	build_param(&b, 0);
	build_op(&b, IR_ADD, 32, (struct ir_val)T0, (struct ir_val){ IR_V_TEMP, 2 });
	array_push(&build_fn(&b)->temps, (struct ir_temp){ INT(32) });
	end(&b, "%2 has no definition");
}

/* A diamond whose join uses what only one arm defines; and what the entry defines. */
static void rejects_dominance(void **state)
{
	(void)state;
	for (int bad = 0; bad < 2; bad++) {
		struct build b;
		struct ir_val p, x;
		uint32_t yes, no, join;

		begin(&b);
		p = build_param(&b, 0);
		yes = build_block(&b);
		no = build_block(&b);
		join = build_block(&b);
		build_br(&b, build_op(&b, IR_TOBOOL, 1, p, IR_VAL_NONE), yes, no);
		build_at(&b, yes);
		x = build_op(&b, IR_NEG, 32, p, IR_VAL_NONE);
		build_jmp(&b, join);
		build_at(&b, no);
		build_jmp(&b, join);
		build_at(&b, join);
		build_ret(&b, bad ? x : p);
		expect_fault(&b, bad ? "b3 end: %2 is not defined on every way here" : NULL);
		build_release(&b);
	}
}

/* In a loop, the body's definitions hold in the body and not behind it. */
static void rejects_loop_escape(void **state)
{
	(void)state;
	for (int bad = 0; bad < 2; bad++) {
		struct build b;
		struct ir_val p, x, again;
		uint32_t head, body, out;

		begin(&b);
		p = build_param(&b, 0);
		head = build_block(&b);
		body = build_block(&b);
		out = build_block(&b);
		build_jmp(&b, head);
		build_at(&b, head);
		again = build_op(&b, IR_TOBOOL, 1, p, IR_VAL_NONE);
		build_br(&b, again, body, out);
		build_at(&b, body);
		x = build_op(&b, IR_NEG, 32, p, IR_VAL_NONE);
		build_br(&b, again, head, bad ? out : body);
		build_at(&b, out);
		build_op(&b, IR_COPY, 1, again, IR_VAL_NONE);
		build_ret(&b, bad ? x : p);
		expect_fault(&b, bad ? "b3 end: %2" : NULL);
		build_release(&b);
	}
}

static void rejects_arguments(void **state)
{
	struct ir_val x;
	struct build b;
	ir_fn f;

	(void)state;
	begin(&b);
	f = b.fn;
	build_param(&b, 0);
	build_end(&b, IR_RET);
	build_func(&b, "caller", VOID, 1, (struct ir_type[]){ INT(16) });
	x = build_param(&b, 0);
	build_call(&b, f, 0, 1, &x);
	end(&b, "argument 0 has 16 bits, the parameter 32");
}

static void rejects_terms(void **state)
{
	struct build b;
	struct ir_val x;

	(void)state;
	begin(&b);
	x = build_param(&b, 0);
	build_br(&b, x, 0, 0);
	expect_fault(&b, "operand cond has 32 bits instead of 1");
	build_jmp(&b, 1);
	expect_fault(&b, "successor 1 of 1");
	build_ret(&b, build_op(&b, IR_TRUNC, 8, x, IR_VAL_NONE));
	expect_fault(&b, "operand value has 8 bits instead of 32");
	build_switch(&b, x, true, 0, 1, (struct ir_case[]){ { 1, 0xffffffff, 0 } });
	expect_fault(&b, "case 0 is an empty range");
	build_switch(&b, x, false, 0, 1, (struct ir_case[]){ { 1, 0xffffffff, 3 } });
	expect_fault(&b, "case to block 3 of 1");
	build_switch(&b, x, false, 0, 1, (struct ir_case[]){ { 1, 0xffffffff, 0 } });
	expect_fault(&b, NULL);
	build_end(&b, IR_ASM_GOTO);
	expect_fault(&b, "0 successors");
	build_fn(&b)->blocks.v[0].term.kind = 6;
	expect_fault(&b, "terminator 6 does not exist");
	build_release(&b);
}

/* A result of 128 bits is a value of 64: no value is wider. */
static void takes_wide_results(void **state)
{
	struct build b;

	(void)state;
	build_init(&b);
	build_func(&b, "f", INT(128), 1, (struct ir_type[]){ INT(64) });
	build_ret(&b, build_param(&b, 0));
	expect_fault(&b, NULL);
	build_release(&b);
}

static void rejects_frames(void **state)
{
	struct build b;

	(void)state;
	begin(&b);
	build_fn(&b)->nparams = 3;
	end(&b, "3 parameters, 2 locals");
	begin(&b);
	build_at(&b, build_block(&b));
	build_param(&b, 0);
	end(&b, "not in the entry block");
	begin(&b);
	build_fn(&b)->blocks.n = 0;
	expect_fault(&b, "no entry block");
	build_release(&b);
}

/* A debug build ends where a pass leaves a body that is not sound; another one does not look. */
static void debug_builds_check(void **state)
{
	struct build b;
	pid_t pid;
	int status;

	(void)state;
	begin(&b);
	build_end(&b, IR_RET);
	build_fn(&b)->blocks.v[0].term.kind = 6;
	fflush(NULL);
	pid = fork();
	if (!pid) {
		freopen("/dev/null", "w", stderr);
		signal(SIGABRT, SIG_DFL);
		ir_check(&b.u, b.fn, "a test");
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
#ifdef PROTFLOW_DEBUG
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
#else
	assert_true(WIFEXITED(status) && !WEXITSTATUS(status));
#endif
	build_release(&b);
}

int verify_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_sample),
		cmocka_unit_test(rejects_insns),
		cmocka_unit_test(rejects_destinations),
		cmocka_unit_test(rejects_order),
		cmocka_unit_test(rejects_dominance),
		cmocka_unit_test(rejects_loop_escape),
		cmocka_unit_test(rejects_arguments),
		cmocka_unit_test(rejects_terms),
		cmocka_unit_test(takes_wide_results),
		cmocka_unit_test(rejects_frames),
		cmocka_unit_test(debug_builds_check),
	};

	return cmocka_run_group_tests_name("verify", tests, NULL, NULL);
}
