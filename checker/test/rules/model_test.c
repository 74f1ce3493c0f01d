/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/yaml.h"
#include "cmocka_all.h"
#include "model/model.h"

struct set {
	struct model model;
	struct yaml_faults faults;
	struct buffer text;
};

/* Reads one text as the only model file. */
static struct set read_text(const char *text)
{
	char dir[] = "/tmp/protflow-model-XXXXXX", path[64];
	struct set s = { .faults = YAML_FAULTS_INIT };

	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/m.yaml", dir);
	assert_int_equal(file_replace(path, text, strlen(text)), 0);
	model_read_dir(&s.model, dir, &s.faults);
	for (uint32_t i = 0; i < s.faults.v.n; i++)
		s.faults.v.v[i].file = "m.yaml";
	yaml_faults_text(&s.faults, &s.text);
	unlink(path);
	rmdir(dir);
	return s;
}

static void release(struct set *s)
{
	model_release(&s->model);
	yaml_faults_release(&s->faults);
	buffer_release(&s->text);
}

static void test_functions(void **state)
{
	struct set s = read_text(
		"functions:\n"
		"  - names: [get, take]\n"
		"    alloc: { zero_flag: Z, zero_flag_arg: 1, may_fail: true, size: 0 }\n"
		"  - names: [put]\n"
		"    free: 1\n"
		"  - names: [limit]\n"
		"    gate: ratelimited\n"
		"  - names: [say]\n"
		"    report: once\n"
		"  - names: [copy]\n"
		"    effect: args\n"
		"    returns: 0\n"
		"  - names: [die]\n"
		"    noreturn: true\n");
	const struct model_func *f;

	(void)state;
	assert_string_equal(buffer_str(&s.text), "");
	f = model_func(&s.model, "take");
	assert_true(f->is_alloc && f->may_fail && !f->zeroed);
	assert_string_equal(f->zero_flag, "Z");
	assert_int_equal(f->zero_flag_arg, 1);
	assert_int_equal(f->size_arg, 0);
	assert_int_equal(f->effect, MODEL_EFFECT_NONE);
	f = model_func(&s.model, "put");
	assert_true(f->is_free && f->free_arg == 1 && !f->is_alloc);
	assert_int_equal(f->zero_flag_arg, -1);
	f = model_func(&s.model, "limit");
	assert_true(f->is_gate && !f->is_report && f->flavour == MODEL_RATELIMITED);
	f = model_func(&s.model, "say");
	assert_true(f->is_report && f->flavour == MODEL_ONCE);
	f = model_func(&s.model, "copy");
	assert_int_equal(f->effect, MODEL_EFFECT_ARGS);
	assert_int_equal(f->returns_arg, 0);
	f = model_func(&s.model, "die");
	assert_true(f->noreturn);
	assert_int_equal(f->effect, MODEL_EFFECT_UNSAID);
	assert_null(model_func(&s.model, "other"));
	assert_null(model_func(&s.model, ""));
	release(&s);
}

/* The first that matches wins, be it a pattern or a name. */
static void test_patterns(void **state)
{
	struct set s = read_text(
		"functions:\n"
		"  - names: [abc]\n"
		"    report: plain\n"
		"  - names: [\"ab*\"]\n"
		"    report: once\n"
		"  - names: [abd]\n"
		"    report: ratelimited\n"
		"once_flags: [__done, \"__once*\"]\n");

	(void)state;
	assert_int_equal(model_func(&s.model, "abc")->flavour, MODEL_PLAIN);
	assert_int_equal(model_func(&s.model, "abd")->flavour, MODEL_ONCE);
	assert_int_equal(model_func(&s.model, "ab")->flavour, MODEL_ONCE);
	assert_null(model_func(&s.model, "a"));
	assert_true(model_is_once_flag(&s.model, "__done"));
	assert_true(model_is_once_flag(&s.model, "__once.7"));
	assert_false(model_is_once_flag(&s.model, "done"));
	release(&s);
}

static int effect_on(const struct model *m, enum model_machine machine, const char *insn)
{
	const struct model_asm *a = model_asm(m, machine, insn);

	return a ? (int)a->effect : -1;
}

static int effect(const struct model *m, const char *insn)
{
	return effect_on(m, MODEL_X86, insn);
}

static void test_asm(void **state)
{
	struct set s = read_text(
		"machine: x86\n"
		"asm:\n"
		"  - { mnemonics: [mov, \"set*\"], effect: mov }\n"
		"  - { mnemonics: [\"call a\", \"call b*\"], effect: none }\n"
		"  - { mnemonics: [\".byte 1, 2\"], effect: trap }\n"
		"macros:\n"
		"  - { names: [WARN], report: once }\n");
	const struct model *m = &s.model;

	(void)state;
	assert_string_equal(buffer_str(&s.text), "");
	assert_int_equal(effect(m, "mov"), MODEL_ASM_MOV);
	assert_int_equal(effect(m, "movq %1,%0"), MODEL_ASM_MOV);
	assert_int_equal(effect(m, "movs"), -1);
	assert_int_equal(effect(m, "movsb"), -1);
	assert_int_equal(effect(m, "setnz %0"), MODEL_ASM_MOV);
	assert_int_equal(effect(m, "call a"), MODEL_ASM_NONE);
	assert_int_equal(effect(m, "call \t a \n"), MODEL_ASM_NONE);
	assert_int_equal(effect(m, "call ab"), -1);
	assert_int_equal(effect(m, "call bc"), MODEL_ASM_NONE);
	assert_int_equal(effect(m, "call"), -1);
	assert_int_equal(effect(m, ".byte 1, 2"), MODEL_ASM_TRAP);
	assert_int_equal(effect(m, ".byte 1, 3"), -1);
	assert_int_equal(effect(m, " \n"), MODEL_ASM_NONE);
	/* Another machine has instructions of the same names. */
	assert_int_equal(effect_on(m, MODEL_ARM64, "mov"), -1);
	assert_int_equal(effect_on(m, MODEL_NO_MACHINE, "mov"), -1);
	assert_int_equal(effect_on(m, MODEL_NO_MACHINE, ""), MODEL_ASM_NONE);
	assert_int_equal(model_macro(m, "WARN")->flavour, MODEL_ONCE);
	assert_null(model_macro(m, "WARN_ON"));
	release(&s);
}

static void test_faults(void **state)
{
	struct set s = read_text(
		"function: []\n"
		"functions:\n"
		"  - names: [a]\n"
		"  - names: [a, b, b]\n"
		"    effect: nothing\n"
		"    alloc: { zeroed: true, zero_flag: Z }\n"
		"    free: one\n"
		"  - names: [c]\n"
		"    alloc: { may_fail: maybe, zero_flag_arg: 1 }\n"
		"    report: plain\n"
		"asm: [{ mnemonics: [x], effect: movx }]\n"
		"once_flags: x\n");

	(void)state;
	assert_string_equal(buffer_str(&s.text),
		"m.yaml:1:1: unknown key 'function', did you mean 'functions'?\n"
		"m.yaml:3:5: the entry says nothing of its names\n"
		"m.yaml:4:13: 'a' is described a second time\n"
		"m.yaml:4:19: 'b' is described a second time\n"
		"m.yaml:5:13: 'nothing' is no value of 'effect': none or args\n"
		"m.yaml:6:12: 'zero_flag' and 'zero_flag_arg' need each other\n"
		"m.yaml:6:12: 'zeroed: true' leaves nothing to 'zero_flag'\n"
		"m.yaml:6:12: an allocator must have 'may_fail'\n"
		"m.yaml:7:11: 'free' must be a number from 0 on, not 'one'\n"
		"m.yaml:8:5: an entry has one of 'alloc', 'free', 'gate' and 'report'\n"
		"m.yaml:9:12: 'zero_flag' and 'zero_flag_arg' need each other\n"
		"m.yaml:9:24: 'may_fail' must be true or false, not 'maybe'\n"
		"m.yaml:11:6: 'asm' needs 'machine': x86 or arm64\n"
		"m.yaml:11:33: 'movx' is no value of 'effect', did you mean 'mov'?\n"
		"m.yaml:12:13: 'once_flags' must be a list of texts, not a text\n");
	release(&s);
}

/* A name that nothing can have matches nothing: what it was meant for would be unknown code. */
static void test_names(void **state)
{
	struct set s = read_text(
		"functions:\n"
		"  - names: [\"kfree()\", ok, \"a*b\", \"*\", \"struct x\", 1st, \"str*\",\n"
		"            __must_hold.entry, __must_hold.enrty, __must_hold.x]\n"
		"    noreturn: true\n"
		"macros:\n"
		"  - names: [WARN, WARN, \"WARN ON\"]\n"
		"    report: plain\n"
		"once_flags: [\"__done.\"]\n"
		"annotations: [__must_hold(x)]\n"
		"lock_records: [struct mutex, mutex, \"typedef a b\", \"typedef rwlock_t\"]\n"
		"machine: x86\n"
		"asm:\n"
		"  - { mnemonics: [mov, \"*\", mov], effect: mov }\n");

	(void)state;
	assert_string_equal(buffer_str(&s.text),
		"m.yaml:2:13: 'kfree()' is no name\n"
		"m.yaml:2:28: 'a*b' is no name: a '*' can only end it\n"
		"m.yaml:2:35: '*' is no name\n"
		"m.yaml:2:40: 'struct x' is no name\n"
		"m.yaml:2:52: '1st' is no name\n"
		"m.yaml:3:32: 'enrty' is no place of an annotation, did you mean 'entry'?\n"
		"m.yaml:3:51: 'x' is no place of an annotation: entry, exit, before, after, "
		"nonzero or zero\n"
		"m.yaml:6:19: 'WARN' is described a second time\n"
		"m.yaml:6:25: 'WARN ON' is no name\n"
		"m.yaml:8:14: '__done.' is no name\n"
		"m.yaml:9:15: '__must_hold(x)' is no name\n"
		"m.yaml:10:30: 'mutex' is no record: struct, union or typedef and a name\n"
		"m.yaml:10:37: 'typedef a b' is no record: struct, union or typedef and a name\n"
		"m.yaml:13:24: '*' is no instruction\n"
		"m.yaml:13:29: 'mov' is described a second time\n");
	release(&s);
}

/* What is in the folder and would not be read is told. */
static void test_folder(void **state)
{
	char dir[] = "/tmp/protflow-model-XXXXXX", sub[64], path[64];
	struct set s = { .faults = YAML_FAULTS_INIT };

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_false(model_read_dir(&s.model, dir, &s.faults));
	assert_string_equal(s.faults.v.v[0].text, "there is no model file (*.yaml) in this folder");
	release(&s);
	memset(&s, 0, sizeof(s));
	snprintf(path, sizeof(path), "%s/m.yaml", dir);
	assert_int_equal(file_replace(path, "# nothing\n", 10), 0);
	snprintf(sub, sizeof(sub), "%s/sub", dir);
	assert_int_equal(file_mkdirs(sub), 0);
	assert_false(model_read_dir(&s.model, dir, &s.faults));
	assert_int_equal(s.faults.v.n, 2);
	assert_string_equal(s.faults.v.v[0].text,
			    "not read: model files stand in no folder of their own");
	assert_string_equal(s.faults.v.v[1].text, "nothing is described in this file");
	unlink(path);
	rmdir(sub);
	rmdir(dir);
	release(&s);
}

/* What the analysis of a driver cannot do without. */
static void test_shipped(void **state)
{
	struct set s = { .faults = YAML_FAULTS_INIT };
	const struct model *m = &s.model;

	(void)state;
	if (!model_read_dir(&s.model, TEST_RULES "/models", &s.faults)) {
		yaml_faults_text(&s.faults, &s.text);
		fail_msg("%s", s.text.s);
	}
	assert_true(model_func(m, "kzalloc_noprof")->zeroed);
	assert_true(model_func(m, "kzalloc")->zeroed);
	assert_string_equal(model_func(m, "__kmalloc_cache_noprof")->zero_flag, "__GFP_ZERO");
	assert_false(model_func(m, "__alloc_pages_noprof")->is_alloc);
	assert_true(model_func(m, "___ratelimit")->is_gate);
	assert_true(model_func(m, "_printk")->is_report);
	assert_true(model_func(m, "panic")->noreturn);
	assert_true(model_is_once_flag(m, "__already_done"));
	assert_int_equal(effect(m, "cmpxchgq %2,%1"), MODEL_ASM_CMPXCHG);
	assert_int_equal(effect(m, ".byte 0x0f, 0x0b"), MODEL_ASM_TRAP);
	assert_int_equal(effect_on(m, MODEL_ARM64, "casal %x1, %x2, %0"), MODEL_ASM_CMPXCHG);
	assert_int_equal(effect_on(m, MODEL_ARM64, "brk 0x800"), MODEL_ASM_TRAP);
	/* Stores two words of memory that is an output; of registers it is another instruction. */
	assert_int_equal(effect_on(m, MODEL_ARM64, "casp %0, %1, %2, %3, %4"), MODEL_ASM_ARITH);
	assert_int_equal(effect_on(m, MODEL_ARM64, "stp x0, x1, [%0]"), -1);
	assert_int_equal(effect_on(m, MODEL_ARM64, "dc zva, %0"), -1);
	/* These write memory that is no operand. */
	assert_int_equal(effect(m, "movsl"), -1);
	assert_int_equal(effect(m, "stosq"), -1);
	assert_int_equal(effect(m, "insb"), -1);
	assert_int_equal(effect(m, "outsb"), -1);
	assert_int_equal(effect(m, "call foo"), -1);
	assert_int_equal(model_func(m, "xa_store")->publishes_arg, 2);
	assert_true(model_func(m, "ERR_PTR")->returns_error);
	assert_null(model_func(m, "put_device"));
	assert_null(model_func(m, "krealloc_noprof"));
	release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_functions), cmocka_unit_test(test_patterns),
		cmocka_unit_test(test_asm), cmocka_unit_test(test_faults),
		cmocka_unit_test(test_names), cmocka_unit_test(test_folder),
		cmocka_unit_test(test_shipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
