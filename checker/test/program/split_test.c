/* SPDX-License-Identifier: MIT */
/*
 * split_test - a source against the same source in two units that are linked
 *
 *	split_test MODELS INCLUDE SOURCE...
 *
 * Each source is lowered as it is, and twice more with every second body taken
 * away, once these and once the others; all is external (-Dstatic=), so that the
 * halves need each other. The linked halves, as they are and as their bytes
 * bring them back, must compute what the whole does: the results of all subjects
 * and the bytes that they leave.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/yaml.h"
#include "frontend/frontend.h"
#include "ir/io.h"
#include "ir/link.h"
#include "ir/verify.h"
#include "subject.h"

#define STEPS 5000000
#define INPUTS 30
#define BYTES_MAX 65536

enum { EVEN, ODD, ALL };

struct test {
	const char *source;
	unsigned faults, runs, stopped;
};

static void complain(struct test *t, const char *what)
{
	printf("%s: %s\n", t->source, what);
	t->faults++;
}

/* -------------------------------------------------------------------- units */

static struct frontend *parse(const char *source, const char *include, const struct model *m)
{
	const char *args[16];
	struct frontend_input in = { .directory = include, .source = source, .args = args,
				     .model = m };

	while (kernel_flags[in.nargs]) {
		args[in.nargs] = kernel_flags[in.nargs];
		in.nargs++;
	}
	args[in.nargs++] = "-Dstatic=";
	return frontend_parse(&in);
}

/* The unit with every body, or every second one. */
static bool link_part(struct ir_linker *l, const char *source, const char *include,
		      const struct model *m, int part)
{
	struct frontend *fe = parse(source, include, m);
	struct ir_unit *u = frontend_unit(fe);
	unsigned n = 0;

	frontend_diags(fe, &n);
	for (ir_fn fn = 0; u && part != ALL && fn < u->funcs.n; fn++)
		if ((fn & 1) != (unsigned)part)
			u->funcs.v[fn].flags &= ~(uint32_t)IR_FN_HAS_BODY;
	if (u)
		ir_link_unit(l, u, NULL, 0);
	frontend_free(fe);
	return u && !n;
}

static void read_back(struct test *t, const struct ir_unit *u, struct ir_unit *again)
{
	struct buffer bytes = BUFFER_INIT;
	const char *why;

	ir_write(u, &bytes);
	ir_unit_init(again);
	if (!ir_read(again, bytes.s, bytes.n, &why))
		complain(t, why);
	buffer_release(&bytes);
}

/* --------------------------------------------------------------------- runs */

struct outcome {
	enum interp_status status;
	uint64_t ret;
	unsigned char bytes[BYTES_MAX];
};

static size_t ctx_size(struct ir_unit *u)
{
	struct interp *in = make_interp(u);
	ir_glob g = ir_global_find(u, "ctx_size");
	uint64_t size = 0;

	if (g != IR_NONE)
		memcpy(&size, interp_global(in, g), sizeof(size));
	interp_free(in);
	return size <= BYTES_MAX ? size : 0;
}

static void run_subject(struct ir_unit *u, const char *name, uint64_t seed, size_t size,
			struct outcome *out)
{
	static _Alignas(64) unsigned char m[BYTES_MAX];
	struct interp *in = make_interp(u);
	uint64_t args[3] = { random_arg(&seed), random_arg(&seed), (uintptr_t)m };

	random_bytes(&seed, m, size);
	out->ret = 0;
	out->status = interp_call(in, ir_func_find(u, "ctx_fix"), &args[2], 1, STEPS, &out->ret);
	if (out->status == INTERP_OK)
		out->status = interp_call(in, ir_func_find(u, name), args, 3, STEPS, &out->ret);
	memcpy(out->bytes, m, size);
	interp_free(in);
}

static bool same_outcome(const struct outcome *a, const struct outcome *b, size_t size)
{
	return a->status == b->status && (a->status != INTERP_OK ||
					  (a->ret == b->ret && !memcmp(a->bytes, b->bytes, size)));
}

static void compare(struct test *t, struct ir_unit *whole, struct ir_unit *linked,
		    const char *name)
{
	static struct outcome want, got;
	size_t size = ctx_size(whole);

	if (ir_func_find(linked, name) == IR_NONE || ctx_size(linked) != size) {
		complain(t, arena_printf(&linked->arena, "%s is lost", name));
		return;
	}
	for (uint64_t seed = 1; seed <= INPUTS; seed++) {
		run_subject(whole, name, seed, size, &want);
		run_subject(linked, name, seed, size, &got);
		t->runs++;
		t->stopped += want.status != INTERP_OK;
		if (!same_outcome(&want, &got, size)) {
			complain(t, arena_printf(&linked->arena, "%s differs (seed %u)", name,
						 (unsigned)seed));
			return;
		}
	}
}

static void compare_all(struct test *t, struct ir_unit *whole, struct ir_unit *linked)
{
	struct buffer faults = BUFFER_INIT;

	for (ir_fn fn = 0; fn < linked->funcs.n; fn++)
		if (!ir_verify(linked, fn, &faults))
			complain(t, faults.s);
	buffer_release(&faults);
	for (ir_fn fn = 0; fn < whole->funcs.n; fn++) {
		const char *name = intern_get(&whole->names, whole->funcs.v[fn].name);

		if (!strncmp(name, "t_", 2))
			compare(t, whole, linked, name);
	}
}

static void run(struct test *t, const char *include, const struct model *m)
{
	struct ir_unit units[3];	/* EVEN: the linked halves; ODD: read back */
	struct ir_linker l;

	ir_unit_init(&units[ALL]);
	ir_linker_init(&l, &units[ALL]);
	if (!link_part(&l, t->source, include, m, ALL))
		complain(t, "does not parse");
	ir_linker_release(&l);
	ir_unit_init(&units[EVEN]);
	ir_linker_init(&l, &units[EVEN]);
	link_part(&l, t->source, include, m, EVEN);
	link_part(&l, t->source, include, m, ODD);
	if (l.doubles)
		complain(t, "defines a function twice");
	ir_linker_release(&l);
	read_back(t, &units[EVEN], &units[ODD]);
	if (!t->faults) {
		compare_all(t, &units[ALL], &units[EVEN]);
		compare_all(t, &units[ALL], &units[ODD]);
	}
	for (unsigned i = 0; i < 3; i++)
		ir_unit_release(&units[i]);
}

int main(int argc, char **argv)
{
	struct yaml_faults faults = YAML_FAULTS_INIT;
	struct model model = { 0 };
	unsigned bad = 0, runs = 0, stopped = 0;

	if (argc < 4)
		return 2;
	model_read_dir(&model, argv[1], &faults);
	for (int i = 3; i < argc; i++) {
		struct test t = { .source = argv[i] };

		run(&t, argv[2], &model);
		bad += t.faults;
		runs += t.runs;
		stopped += t.stopped;
	}
	printf("%u differences in %u runs, of which %u stopped early\n", bad, runs, stopped);
	model_release(&model);
	yaml_faults_release(&faults);
	/* A test that runs next to nothing shows nothing. */
	return bad || stopped * 4 > runs || runs < 1000;
}
