/* SPDX-License-Identifier: MIT */
/* prepare.c - from a scenario to a unit that can be run */
#include "prepare.h"

#include <stdio.h>

/* Those of the kernel that decide what C means. */
static const char *const flags[] = {
	"-std=gnu11", "-ffreestanding", "-nostdinc", "-fshort-wchar", "-funsigned-char",
	"-fno-common", "-fno-strict-aliasing", "-fno-strict-overflow",
	"-fno-delete-null-pointer-checks", "-fms-extensions", "-m64", "-O2", "-w",
};

#define NFLAGS (sizeof(flags) / sizeof(*flags))

static bool has_errors(const struct frontend *fe)
{
	unsigned n;
	const struct frontend_diag *d = frontend_diags(fe, &n);

	for (unsigned i = 0; i < n; i++)
		printf("%s:%u:%u: %s\n", d[i].file, d[i].line, d[i].col, d[i].text);
	return n || !frontend_unit((struct frontend *)(uintptr_t)fe);
}

/* All bodies at once: where a global lies must not depend on the order of calls. */
static void lower_all(struct ir_unit *u)
{
	for (ir_fn fn = 0; fn < u->funcs.n; fn++)
		ir_func_body(u, fn);
}

/* ------------------------------------------------------------------- uses */

struct uses {
	uint8_t *n;		/* enum use */
	uint32_t *block;	/* of the definition */
};

static void use(struct uses *s, struct ir_val v, uint32_t block)
{
	if (v.kind != IR_V_TEMP)
		return;
	s->n[v.i] = s->n[v.i] == USED_NEVER && s->block[v.i] == block ? USED_ONCE : USED_OFTEN;
}

static void use_block(struct uses *s, const struct ir_func *f, uint32_t b)
{
	for (uint32_t k = 0; k < f->blocks.v[b].insns.n; k++) {
		const struct ir_insn *i = &f->blocks.v[b].insns.v[k];

		use(s, i->a, b);
		use(s, i->b, b);
		use(s, i->c, b);
		for (uint32_t j = 0; i->op == IR_CALL && j < i->nargs; j++)
			use(s, f->args.v[i->args + j], b);
	}
	use(s, f->blocks.v[b].term.cond, b);
}

static uint8_t *count_uses(struct arena *a, const struct ir_func *f)
{
	struct uses s = { arena_new_array(a, uint8_t, f->temps.n),
			  arena_new_array(a, uint32_t, f->temps.n) };

	for (uint32_t b = 0; b < f->blocks.n; b++)
		for (uint32_t k = 0; k < f->blocks.v[b].insns.n; k++)
			if (f->blocks.v[b].insns.v[k].dst != IR_NONE)
				s.block[f->blocks.v[b].insns.v[k].dst] = b;
	for (uint32_t b = 0; b < f->blocks.n; b++)
		use_block(&s, f, b);
	return s.n;
}

/* -------------------------------------------------------------- functions */

static bool find(const struct prepared *p, const char *name, ir_fn *fn)
{
	*fn = IR_NONE;
	if (!name)
		return true;
	*fn = ir_func_find(p->u, name);
	if (*fn != IR_NONE && p->u->funcs.v[*fn].state == IR_BODY_READY)
		return true;
	printf("%s:%u: there is no function '%s'%s\n", p->sc->path, p->sc->line, name,
	       *fn == IR_NONE ? "" : " that can be lowered");
	return false;
}

static bool find_all(struct prepared *p)
{
	bool ok = find(p, p->sc->init, &p->init);

	ok &= find(p, p->sc->check, &p->check);
	ok &= find(p, p->sc->always, &p->always);
	for (unsigned t = 0; t < p->sc->nthreads; t++)
		ok &= find(p, p->sc->threads[t], &p->thread[t]);
	return ok;
}

bool prepare(struct prepared *p, const struct scenario *sc, const struct model *model)
{
	const char **args = arena_new_array(&p->arena, const char *, NFLAGS + sc->defines.n);
	struct frontend_input in = { .directory = "/", .source = sc->path, .args = args,
				     .nargs = NFLAGS + sc->defines.n, .model = model };

	p->sc = sc;
	memcpy(args, flags, sizeof(flags));
	for (uint32_t i = 0; i < sc->defines.n; i++)
		args[NFLAGS + i] = sc->defines.v[i];
	p->fe = frontend_parse(&in);
	if (has_errors(p->fe))
		return false;
	p->u = frontend_unit(p->fe);
	lower_all(p->u);
	p->uses = arena_new_array(&p->arena, uint8_t *, p->u->funcs.n);
	for (ir_fn fn = 0; fn < p->u->funcs.n; fn++)
		p->uses[fn] = count_uses(&p->arena, &p->u->funcs.v[fn]);
	return find_all(p);
}

void prepared_release(struct prepared *p)
{
	frontend_free(p->fe);
	arena_release(&p->arena);
}
