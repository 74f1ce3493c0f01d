/* SPDX-License-Identifier: MIT */
/*
 * Lowers the functions of one source and prints them:
 *
 *	dump [-a] [-f NAME] [-q] [-r] [-v] [-s SNIPPET] SOURCE [-- FLAGS...]
 *
 * -a header functions too, -f only NAME, -q print nothing, -r the reasons of
 * what is not modelled with their counts, -c functions that are reached by calls.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/yaml.h"
#include "frontend/frontend.h"
#include "ir/print.h"
#include "ir/verify.h"

struct options {
	bool headers, quiet, reasons, reached, globals;
	const char *function, *snippet, *models;
};

struct tally {
	str_id text;
	uint8_t op, kind;
	unsigned n;
	str_id first_fn;
};

struct run {
	struct ir_unit *u;
	struct buffer out, faults;
	Array(struct tally) tallies;
	unsigned lowered, failed, insns, faulty;
};

static void tally(struct run *r, uint8_t op, uint32_t reason, str_id fn)
{
	const struct ir_reason *x = &r->u->reasons.v[reason];

	for (uint32_t i = 0; i < r->tallies.n; i++)
		if (r->tallies.v[i].text == x->text && r->tallies.v[i].op == op) {
			r->tallies.v[i].n++;
			return;
		}
	array_push(&r->tallies, (struct tally){ x->text, op, x->kind, 1, fn });
}

static void count(struct run *r, ir_fn fn)
{
	const struct ir_func *f = &r->u->funcs.v[fn];

	if (f->state == IR_BODY_FAILED) {
		r->failed++;
		tally(r, 255, f->reason, f->name);
	}
	for (uint32_t b = 0; b < f->blocks.n; b++)
		for (uint32_t k = 0; k < f->blocks.v[b].insns.n; k++) {
			const struct ir_insn *i = &f->blocks.v[b].insns.v[k];

			r->insns++;
			if (i->op == IR_UNKNOWN || i->op == IR_HAVOC || i->op == IR_ASM)
				tally(r, i->op, i->imm, f->name);
		}
}

static void one(struct run *r, ir_fn fn, const struct options *o)
{
	if (r->u->funcs.v[fn].state != IR_BODY_NONE && o->reached)
		return;
	ir_func_body(r->u, fn);
	r->lowered++;
	count(r, fn);
	if (!ir_verify(r->u, fn, &r->faults))
		r->faulty++;
	if (!o->quiet)
		ir_print_func(r->u, fn, &r->out);
}

static void callees(struct run *r, ir_fn fn, const struct options *o)
{
	for (uint32_t b = 0; b < r->u->funcs.v[fn].blocks.n; b++)
		for (uint32_t k = 0; k < r->u->funcs.v[fn].blocks.v[b].insns.n; k++) {
			const struct ir_insn *i = &r->u->funcs.v[fn].blocks.v[b].insns.v[k];
			ir_fn to = i->imm;

			if ((i->op != IR_CALL && i->op != IR_ADDR_FUNC) || to == IR_NONE ||
			    !(r->u->funcs.v[to].flags & IR_FN_HAS_BODY) ||
			    r->u->funcs.v[to].state != IR_BODY_NONE)
				continue;
			one(r, to, o);
			callees(r, to, o);
		}
}

static void all(struct run *r, const struct options *o)
{
	uint32_t n = r->u->funcs.n;

	for (ir_fn fn = 0; fn < n; fn++) {
		const struct ir_func *f = &r->u->funcs.v[fn];

		if (!(f->flags & IR_FN_HAS_BODY) || (!o->headers && f->flags & IR_FN_HEADER))
			continue;
		if (o->function && strcmp(intern_get(&r->u->names, f->name), o->function))
			continue;
		one(r, fn, o);
		if (o->reached)
			callees(r, fn, o);
	}
}

static void print_reasons(const struct run *r)
{
	for (uint32_t i = 0; i < r->tallies.n; i++) {
		const struct tally *t = &r->tallies.v[i];

		printf("%6u %-8s %u %s  (%s)\n", t->n,
		       t->op == 255 ? "failed" : ir_op_name(t->op), t->kind,
		       intern_get(&r->u->names, t->text),
		       intern_get(&r->u->names, t->first_fn));
	}
}

static void print_globals(struct ir_unit *u)
{
	for (uint32_t i = 0; i < u->globals.n; i++) {
		const struct ir_global *g = &u->globals.v[i];

		if (!g->name && g->bytes)
			continue;
		printf("global %u %s size %llu%s%s%s%s%s\n", i, intern_get(&u->names, g->name),
		       (unsigned long long)g->type.size, g->is_static ? " static" : "",
		       g->is_const ? " const" : "", g->is_extern ? " extern" : "",
		       g->init_unknown ? " unknown" : "", g->is_local ? " local" : "");
		for (uint32_t k = 0; k < g->inits.n; k++) {
			const struct ir_init *x = &g->inits.v[k];

			printf("  %llu:%llu = %llx", (unsigned long long)x->off,
			       (unsigned long long)x->width, (unsigned long long)x->value);
			if (x->fn != IR_NONE)
				printf(" + %s", intern_get(&u->names, u->funcs.v[x->fn].name));
			if (x->glob != IR_NONE)
				printf(" + global %u %s", x->glob, u->globals.v[x->glob].bytes ?
				       u->globals.v[x->glob].bytes :
				       intern_get(&u->names, u->globals.v[x->glob].name));
			putchar('\n');
		}
	}
}

static int print_diags(const struct frontend *fe)
{
	unsigned n;
	const struct frontend_diag *d = frontend_diags(fe, &n);

	for (unsigned i = 0; i < n; i++)
		fprintf(stderr, "%s:%u:%u: %s%s\n", d[i].file, d[i].line, d[i].col,
			d[i].in_snippet ? "(snippet) " : "", d[i].text);
	return n != 0;
}

static const char *options(int argc, char **argv, struct options *o)
{
	int c;

	while ((c = getopt(argc, argv, "+acgqrf:m:s:")) != -1)
		switch (c) {
		case 'a': o->headers = true; break;
		case 'c': o->reached = true; break;
		case 'g': o->globals = true; break;
		case 'q': o->quiet = true; break;
		case 'r': o->reasons = true; break;
		case 'f': o->function = optarg; break;
		case 'm': o->models = optarg; break;
		case 's': o->snippet = optarg; break;
		default: return NULL;
		}
	return optind < argc ? argv[optind++] : NULL;
}

static int lower_source(const struct frontend_input *in, const struct options *o)
{
	struct frontend *fe = frontend_parse(in);
	struct run r = { .u = frontend_unit(fe) };
	struct frontend_stats st;

	print_diags(fe);
	if (!r.u) {
		frontend_free(fe);
		return 1;
	}
	all(&r, o);
	fputs(buffer_str(&r.out), stdout);
	if (o->globals)
		print_globals(r.u);
	if (o->reasons)
		print_reasons(&r);
	fputs(buffer_str(&r.faults), stderr);
	frontend_stats(fe, &st);
	if (o->reasons)
		printf("%u functions lowered, %u failed, %u instructions, %u faulty, "
		       "parse %.3f s, lower %.3f s\n", r.lowered, r.failed, r.insns, r.faulty,
		       st.parse_seconds, st.lower_seconds);
	buffer_release(&r.out);
	buffer_release(&r.faults);
	array_release(&r.tallies);
	frontend_free(fe);
	return r.faulty != 0;
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	char dir[4096];
	struct model model = { .arena = ARENA_INIT };
	struct yaml_faults faults = YAML_FAULTS_INIT;
	struct frontend_input in = { .source = options(argc, argv, &o), .model = &model };
	int status;

	if (!in.source || !getcwd(dir, sizeof(dir))) {
		fprintf(stderr, "usage: frontend_dump [-acgqr] [-f NAME] [-m MODELS] [-s TEXT] "
			"SOURCE [FLAGS...]\n");
		return 2;
	}
	if (o.models && !model_read_dir(&model, o.models, &faults)) {
		fprintf(stderr, "%s: %s\n", faults.v.v[0].file, faults.v.v[0].text);
		return 2;
	}
	in.directory = dir;
	in.args = (const char *const *)argv + optind;
	in.nargs = (unsigned)(argc - optind);
	in.snippet = o.snippet;
	status = lower_source(&in, &o);
	model_release(&model);
	return status;
}
