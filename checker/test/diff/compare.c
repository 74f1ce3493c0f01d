/* SPDX-License-Identifier: MIT */
/* compare.c - runs a subject natively and by the interpreter */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "compare.h"
#include "frontend/frontend.h"
#include "ir/io.h"
#include "ir/print.h"
#include "ir/specialise.h"
#include "ir/verify.h"
#include "subject.h"

#define SHOWN 3			/* differences of one function that are printed */

/* An object of size bytes that ends where the mapping does. */
static unsigned char *map_object(size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), n = (size + page - 1) / page * page;
	unsigned char *p = mmap(NULL, n + page, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED || mprotect(p + n, page, PROT_NONE)) {
		perror("mmap");
		exit(1);
	}
	return p + n - size / 16 * 16 - (size % 16 ? 16 : 0);
}

/* ---------------------------------------------------------------- reports */

static void complain(struct run *r, const char *what)
{
	r->p->differences++;
	if (r->shown++ >= SHOWN)
		return;
	printf("%s: %s: %s\n", r->s->source, r->name, what);
}

struct where {
	const struct ir_unit *u;
	struct buffer text;
	ir_fn fn;
	uint32_t block, insn;
};

static void remember(void *arg, ir_fn fn, uint32_t depth, uint32_t block, uint32_t insn,
		     const uint64_t *temps, void *const *locals)
{
	struct where *w = arg;

	(void)depth;
	(void)temps;
	(void)locals;
	w->fn = fn;
	w->block = block;
	w->insn = insn;
}

/* The instruction at which a run stops. */
static void print_stop(struct run *r, uint64_t a, uint64_t b)
{
	static const char *const names[] = { "ok", "too many steps", "not modelled",
					     "a function without a body", "unreachable",
					     "undefined" };
	struct where w = { .u = r->u, .fn = IR_NONE };
	struct interp *in = make_interp(r->u);
	uint64_t args[3] = { a, b, (uintptr_t)r->m }, ret;
	const struct ir_func *f;
	enum interp_status st;

	interp_set_trace(in, remember, &w);
	st = interp_call(in, ir_func_find(r->u, r->name), args, 3, STEPS, &ret);
	printf("  interpreter: %s", names[st]);
	if (w.fn != IR_NONE) {
		f = &array_at(&r->u->funcs, w.fn);
		printf(" in %s block %u", intern_get(&r->u->names, f->name), w.block);
		if (w.insn != UINT32_MAX) {
			const struct ir_insn *i = &f->blocks.v[w.block].insns.v[w.insn];

			const struct ir_place *at = &array_at(&r->u->locs, i->loc);

			ir_print_insn(r->u, f, i, &w.text);
			printf(", %u:%u: %s", at->line, at->col, w.text.s);
		}
	}
	printf("\n");
	buffer_release(&w.text);
	interp_free(in);
}

static void print_difference(struct run *r, const struct outcome *x, const struct outcome *y,
			     uint64_t a, uint64_t b)
{
	char text[96];

	snprintf(text, sizeof(text), "%s and %s differ at input %u", x->runner, y->runner,
		 r->p->input);
	complain(r, text);
	if (r->shown > SHOWN)
		return;
	printf("  a 0x%llx b 0x%llx\n", (unsigned long long)a, (unsigned long long)b);
	if (x->ret != y->ret)
		printf("  result 0x%llx and 0x%llx\n", (unsigned long long)x->ret,
		       (unsigned long long)y->ret);
	for (size_t i = 0; i < r->size; i++)
		if (x->bytes[i] != y->bytes[i])
			printf("  byte %zu: 0x%02x and 0x%02x\n", i, x->bytes[i], y->bytes[i]);
}

/* ------------------------------------------------------------------- runs */

static void run_native(struct run *r, const struct native *n, unsigned v,
		       const unsigned char *init, uint64_t a, uint64_t b, struct outcome *o)
{
	static const char *const names[VARIANTS] = { "gcc -O0", "clang -O0", "gcc -O2",
						     "clang -O2" };

	strcpy(r->p->runner, names[v]);
	memcpy(r->m, init, r->size);
	if (n->fix)
		n->fix(r->m);
	o->runner = names[v];
	o->ret = n->f(a, b, r->m);
	memcpy(o->bytes, r->m, r->size);
}

static bool run_ir(struct run *r, struct interp *in, const struct native *n,
		   const unsigned char *init, uint64_t a, uint64_t b, struct outcome *o)
{
	uint64_t args[3] = { a, b, (uintptr_t)r->m };

	strcpy(r->p->runner, "interpreter");
	memcpy(r->m, init, r->size);
	if (n->fix)
		n->fix(r->m);
	o->runner = "IR";
	if (interp_call(in, ir_func_find(r->u, r->name), args, 3, STEPS, &o->ret) != INTERP_OK) {
		complain(r, "the interpreter stops");
		memcpy(r->m, init, r->size);
		if (n->fix)
			n->fix(r->m);
		if (r->shown <= SHOWN)
			print_stop(r, a, b);
		return false;
	}
	memcpy(o->bytes, r->m, r->size);
	return true;
}

static bool equal(const struct run *r, const struct outcome *x, const struct outcome *y)
{
	return x->ret == y->ret && !memcmp(x->bytes, y->bytes, r->size);
}

/*
 * What a subject means is what both compilers make of it without optimisation; where they
 * differ it has undefined behaviour.
 */
static bool run_plain(struct run *r, struct interp *in, const struct native *n,
		      const unsigned char *init, const uint64_t args[2], struct outcome *o)
{
	for (unsigned v = 1; v < VARIANTS_PLAIN; v++)
		if (!equal(r, &o[0], &o[v])) {
			print_difference(r, &o[0], &o[v], args[0], args[1]);
			return false;
		}
	if (!run_ir(r, in, n, init, args[0], args[1], &o[VARIANTS]))
		return false;
	if (equal(r, &o[0], &o[VARIANTS]))
		return true;
	print_difference(r, &o[0], &o[VARIANTS], args[0], args[1]);
	return false;
}

static bool is_odd(const struct run *r, ir_fn fn)
{
	for (uint32_t i = 0; i < r->odd.n; i++)
		if (r->odd.v[i] == fn)
			return true;
	return false;
}

static bool calls_odd(const struct run *r, const struct ir_func *f)
{
	for (uint32_t b = 0; b < f->blocks.n; b++)
		for (uint32_t i = 0; i < f->blocks.v[b].insns.n; i++) {
			const struct ir_insn *insn = &f->blocks.v[b].insns.v[i];

			if (insn->op == IR_CALL && insn->imm != IR_NONE && is_odd(r, insn->imm))
				return true;
		}
	return false;
}

/* A fault of an optimiser counts once, not again in who calls its function. */
static void note_odd(struct run *r)
{
	ir_fn fn = ir_func_find(r->u, r->name);

	r->p->optimisers += !calls_odd(r, ir_func_body(r->u, fn));
	array_push(&r->odd, fn);
}

/* An optimiser that is alone with its result is told, and no more inputs are tried. */
static bool run_optimised(struct run *r, const struct outcome *o, const uint64_t args[2])
{
	for (unsigned v = VARIANTS_PLAIN; v < VARIANTS; v++) {
		if (equal(r, &o[0], &o[v]))
			continue;
		printf("%s: %s: %s alone differs at input %u, a 0x%llx b 0x%llx\n", r->s->source,
		       r->name, o[v].runner, r->p->input, (unsigned long long)args[0],
		       (unsigned long long)args[1]);
		note_odd(r);
		return false;
	}
	return true;
}

static bool run_input(struct run *r, const struct native *n, struct interp *in, uint64_t *rng)
{
	uint64_t args[2] = { random_arg(rng), 0 };
	unsigned char *mem = xmalloc(r->size * (VARIANTS + 2));
	struct outcome o[VARIANTS + 1];
	bool ok;

	args[1] = random_arg(rng);
	random_bytes(rng, mem, r->size);
	for (unsigned v = 0; v <= VARIANTS; v++)
		o[v].bytes = mem + (v + 1) * r->size;
	for (unsigned v = 0; v < VARIANTS; v++)
		run_native(r, &n[v], v, mem, args[0], args[1], &o[v]);
	ok = run_plain(r, in, &n[0], mem, args, o) && run_optimised(r, o, args);
	free(mem);
	r->p->runs++;
	return ok;
}

static void run_function(struct run *r)
{
	struct native n[VARIANTS] = { { 0 } };
	struct interp *in = make_interp(r->u);
	uint64_t rng = r->s->seed;
	bool ok = true;

	snprintf(r->p->function, sizeof(r->p->function), "%s", r->name);
	r->shown = 0;
	for (unsigned v = 0; v < VARIANTS; v++)
		ok &= native_load(r->s, v, r->name, &n[v]);
	if (!ok) {
		complain(r, "cannot be loaded");
	} else {
		if (!r->m)
			r->m = map_object(n[0].size);
		r->size = n[0].size;
		r->p->functions++;
		for (r->p->input = 0; ok && r->p->input < r->s->inputs; r->p->input++)
			ok = run_input(r, n, in, &rng);
	}
	for (unsigned v = 0; v < VARIANTS; v++)
		native_unload(&n[v]);
	interp_free(in);
}

/*
 * Whether the IR as it is now gives another result than gcc -O0 on one of the
 * inputs, or stops; nothing is printed.
 */
bool run_differs(struct run *r)
{
	struct native n = { 0 };
	struct interp *in = make_interp(r->u);
	uint64_t rng = r->s->seed, args[3], ret;
	unsigned char *mem = xmalloc(r->size * 2);
	bool same = native_load(r->s, 0, r->name, &n);

	interp_set_trace(in, r->watch, r->watch_arg);
	for (unsigned i = 0; same && i < r->s->inputs; i++) {
		struct outcome o = { .bytes = mem + r->size };

		args[0] = random_arg(&rng);
		args[1] = random_arg(&rng);
		args[2] = (uintptr_t)r->m;
		random_bytes(&rng, mem, r->size);
		run_native(r, &n, 0, mem, args[0], args[1], &o);
		memcpy(r->m, mem, r->size);
		if (n.fix)
			n.fix(r->m);
		strcpy(r->p->runner, "planted");
		same = interp_call(in, ir_func_find(r->u, r->name), args, 3, PLANT_STEPS, &ret) ==
			       INTERP_OK && ret == o.ret && !memcmp(o.bytes, r->m, r->size);
	}
	free(mem);
	native_unload(&n);
	interp_free(in);
	return !same;
}

/* Lowering, and what must hold of it before it is run. */
static bool check_body(struct run *r)
{
	ir_fn fn = ir_func_find(r->u, r->name);
	struct buffer faults = BUFFER_INIT;
	const struct ir_func *f;
	bool ok;

	if (fn == IR_NONE) {
		complain(r, "the unit has no such function");
		return false;
	}
	f = ir_func_body(r->u, fn);
	if (!f) {
		uint32_t why = array_at(&r->u->funcs, fn).reason;

		complain(r, "is not lowered:");
		printf("  %s\n", intern_get(&r->u->names, array_at(&r->u->reasons, why).text));
		return false;
	}
	ok = ir_verify(r->u, fn, &faults);
	if (!ok) {
		complain(r, "fails the verifier");
		printf("%s", faults.s);
	}
	buffer_release(&faults);
	return ok;
}

/* The bodies of the unit as bytes and back must be the same unit. */
static void round_trip(struct run *r)
{
	struct buffer first = BUFFER_INIT, second = BUFFER_INIT;
	struct ir_unit again;
	const char *why;

	ir_write(r->u, &first);
	ir_unit_init(&again);
	r->name = "(unit)";
	if (!ir_read(&again, first.s, first.n, &why)) {
		complain(r, why);
	} else {
		ir_write(&again, &second);
		if (first.n != second.n || memcmp(first.s, second.s, first.n))
			complain(r, "written, read and written again, it is another unit");
	}
	ir_unit_release(&again);
	buffer_release(&first);
	buffer_release(&second);
}

static void run_names(struct run *r, bool plant)
{
	for (uint32_t i = 0; i < r->s->names.n; i++) {
		r->name = r->s->names.v[i];
		r->shown = 0;
		if (r->s->only && strcmp(r->s->only, r->name))
			continue;
		strcpy(r->p->runner, "lowering");
		snprintf(r->p->function, sizeof(r->p->function), "%s", r->name);
		if (!check_body(r))
			continue;
		run_function(r);
		if (plant && !r->shown)
			plant_bugs(r);
		fflush(stdout);
	}
	r->shown = 0;
}

/* With copies for the functions that are given to others, all does the same. */
static void run_unit(struct run *r)
{
	struct ir_specials first, second;
	uint32_t made;

	run_names(r, r->s->plant);
	round_trip(r);
	if (ir_specialise(r->u, &first))
		run_names(r, false);
	if (ir_specialise(r->u, &second))
		complain(r, "functions that were copied are copied again");
	made = first.n + first.changed.n + first.hidden.n;
	ir_unspecialise(r->u, &second);
	ir_unspecialise(r->u, &first);
	if (ir_specialise(r->u, &second) != (made > 0) ||
	    second.n + second.changed.n + second.hidden.n != made)
		complain(r, "what was taken back is not made again");
	ir_unspecialise(r->u, &second);
}

bool compare_subject(const struct subject *s, struct progress *p)
{
	Array(const char *) args = { 0 };
	struct frontend_input in = { .source = s->source, .model = s->model, .directory = "." };
	const struct frontend_diag *diags;
	struct run r = { .s = s, .p = p };
	struct frontend *fe;
	unsigned n;

	for (unsigned i = 0; kernel_flags[i]; i++)
		array_push(&args, kernel_flags[i]);
	if (s->include) {
		array_push(&args, "-I");
		array_push(&args, s->include);
	}
	in.args = args.v;
	in.nargs = args.n;
	fe = frontend_parse(&in);
	diags = frontend_diags(fe, &n);
	for (unsigned i = 0; i < n; i++)
		printf("%s:%u:%u: %s\n", diags[i].file, diags[i].line, diags[i].col, diags[i].text);
	r.u = frontend_unit(fe);
	r.name = "(unit)";
	if (n || !r.u)
		complain(&r, "does not parse");
	else
		run_unit(&r);
	array_release(&r.odd);
	frontend_free(fe);
	array_release(&args);
	return !p->differences && p->optimisers <= p->functions / 100;
}
