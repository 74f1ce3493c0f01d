/* SPDX-License-Identifier: MIT */
#include "sound.h"

#include <stdio.h>
#include <unistd.h>

#include "base/buffer.h"
#include "gen.h"
#include "subject.h"

static bool is_subject(const struct sound_unit *su, const struct ir_func *f)
{
	const char *name = intern_get(&su->u->names, f->name);

	return f->flags & IR_FN_HAS_BODY && f->nparams == 3 &&
	       ((name[0] == 'f' && name[1] >= '0' && name[1] <= '9') || !strncmp(name, "t_", 2));
}

static bool lower(struct sound_unit *su)
{
	for (ir_fn fn = 0; fn < su->u->funcs.n; fn++) {
		const char *name = intern_get(&su->u->names, su->u->funcs.v[fn].name);

		if (!(su->u->funcs.v[fn].flags & IR_FN_HAS_BODY))
			continue;
		if (!ir_func_body(su->u, fn)) {
			printf("%s is not lowered\n", name);
			return false;
		}
		if (is_subject(su, &su->u->funcs.v[fn]))
			array_push(&su->subjects, fn);
	}
	return true;
}

bool sound_parse(struct sound_unit *su, const char *source, const char *include,
		 const struct model *model)
{
	Array(const char *) args = { 0 };
	struct frontend_input in = { .source = source, .model = model, .directory = "." };
	const struct frontend_diag *diags;
	unsigned n;
	ir_rec ctx;

	for (unsigned i = 0; kernel_flags[i]; i++)
		array_push(&args, kernel_flags[i]);
	if (include) {
		array_push(&args, "-I");
		array_push(&args, include);
	}
	in.args = args.v;
	in.nargs = args.n;
	*su = (struct sound_unit){ .fe = frontend_parse(&in), .model = model };
	su->u = frontend_unit(su->fe);
	diags = frontend_diags(su->fe, &n);
	for (unsigned i = 0; i < n; i++)
		printf("%s:%u:%u: %s\n", diags[i].file, diags[i].line, diags[i].col, diags[i].text);
	array_release(&args);
	if (n || !su->u)
		return false;
	ctx = frontend_record(su->fe, "struct ctx");
	su->size = ctx == IR_NONE ? 0 : su->u->records.v[ctx].size / 8;
	return su->size && lower(su);
}

bool sound_generate(struct sound_unit *su, uint64_t seed, unsigned functions, const char *work,
		    bool keep, const struct model *model)
{
	struct buffer text = BUFFER_INIT, path = BUFFER_INIT;
	int err;
	bool ok;

	buffer_printf(&path, "%s/program-%llx.c", work, (unsigned long long)seed);
	gen_program(seed, functions, &text);
	err = file_replace(path.s, text.s, text.n);
	if (err)
		printf("%s: %s\n", path.s, strerror(-err));
	ok = !err && sound_parse(su, path.s, NULL, model);
	if (!keep)
		unlink(path.s);
	buffer_release(&text);
	buffer_release(&path);
	return ok;
}

void sound_release(struct sound_unit *su)
{
	array_release(&su->subjects);
	frontend_free(su->fe);
}

static void fix_object(const struct sound_unit *su, struct interp *in, void *object)
{
	ir_fn fix = ir_func_find(su->u, "ctx_fix");
	uint64_t args[1] = { (uintptr_t)object }, ret;

	if (fix != IR_NONE)
		interp_call(in, fix, args, 1, 1000000, &ret);
}

static void run_subject(const struct sound_unit *su, struct machine *m, ir_fn fn, uint64_t seed,
			unsigned inputs)
{
	void *object = xcalloc(1, su->size + 64);
	uint64_t rng = seed;
	bool ok = true;

	m->stats->functions++;
	m->stats->lost += m->atlas->e.summaries[fn]->anything;
	for (unsigned i = 0; i < inputs && ok; i++) {
		uint64_t a = random_arg(&rng), b = random_arg(&rng);

		random_bytes(&rng, object, su->size);
		fix_object(su, m->in, object);
		ok = machine_run(m, fn, a, b, object, su->size);
	}
	free(object);
}

static bool is_chosen(const struct sound_choice *c, const char *name)
{
	for (uint32_t i = 0; i < c->skip.n; i++)
		if (!strcmp(c->skip.v[i], name))
			return false;
	return !c->only || !strcmp(c->only, name);
}

void sound_run(const struct sound_unit *su, uint64_t seed, unsigned inputs,
	       const struct sound_choice *choice, struct sound_stats *stats)
{
	struct interp *in = make_interp(su->u);
	struct machine m;
	struct atlas a;

	atlas_make(&a, su->u, su->model);
	machine_init(&m, &a, in, stats);
	m.quiet = choice->quiet;
	m.states = choice->states;
	for (uint32_t i = 0; i < su->subjects.n; i++) {
		ir_fn fn = su->subjects.v[i];

		if (is_chosen(choice, intern_get(&su->u->names, su->u->funcs.v[fn].name)))
			run_subject(su, &m, fn, seed, inputs);
		if (choice->first && stats->misses)
			break;
	}
	machine_release(&m);
	interp_free(in);
	atlas_release(&a);
}
