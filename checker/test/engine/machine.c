/* SPDX-License-Identifier: MIT */
#include "machine.h"

#include <stdio.h>

#include "base/buffer.h"
#include "ir/print.h"

#define VISITS 6	/* checks of one point in one run */
#define STEPS 200000

void machine_init(struct machine *m, struct atlas *a, struct interp *in,
		  struct sound_stats *stats)
{
	*m = (struct machine){ .atlas = a, .in = in, .stats = stats };
	m->o = (struct oracle){ .atlas = a, .in = in };
}

static void pop(struct machine *m)
{
	struct activation *act = &m->frames.v[--m->frames.n];

	m->o.regions.n = act->nregions;
	array_release(&act->entry);
}

void machine_release(struct machine *m)
{
	while (m->frames.n)
		pop(m);
	array_release(&m->frames);
	oracle_release(&m->o);
}

static void add_region(struct machine *m, uint64_t addr, uint64_t size)
{
	array_push(&m->o.regions, (struct region){ addr, size });
}

/* All locals of a frame lie in one piece of memory. */
static void add_locals(struct machine *m, const struct ir_func *f, void *const *locals)
{
	uint64_t lo = UINT64_MAX, hi = 0;

	for (uint32_t i = 0; i < f->locals.n; i++) {
		uint64_t at = (uintptr_t)locals[i], end = at + f->locals.v[i].type.size / 8;

		lo = at < lo ? at : lo;
		hi = end > hi ? end : hi;
	}
	add_region(m, lo, lo < hi ? hi - lo : 0);
}

static void push(struct machine *m, ir_fn fn, uint32_t depth, void *const *locals)
{
	struct activation *act = array_add(&m->frames);

	*act = (struct activation){ .fn = fn, .depth = depth, .serial = ++m->serial,
				    .locals = locals, .nregions = m->o.regions.n };
	for (uint32_t i = 0; i < m->o.regions.n; i++) {
		const struct region *r = &m->o.regions.v[i];

		array_reserve(&act->entry, act->entry.n + (uint32_t)r->size);
		memcpy(act->entry.v + act->entry.n, (const void *)(uintptr_t)r->addr, r->size);
		act->entry.n += (uint32_t)r->size;
	}
	add_locals(m, &m->atlas->u->funcs.v[fn], locals);
}

/* The instruction before this one may have been a parameter's. */
static void note_param(struct activation *act, const struct ir_block *b, uint32_t insn,
		       const uint64_t *temps)
{
	uint32_t n = insn == UINT32_MAX ? b->insns.n : insn;
	const struct ir_insn *i = n ? &b->insns.v[n - 1] : NULL;

	if (!i || i->op != IR_PARAM || i->imm >= PARAMS)
		return;
	act->params[i->imm] = temps[i->dst];
	act->has_param[i->imm] = true;
}

static void print_miss(struct machine *m, ir_fn fn, uint32_t block, uint32_t insn,
		       const struct point *p, const char *why)
{
	const struct ir_unit *u = m->atlas->u;
	const struct ir_func *f = &u->funcs.v[fn];
	const struct ir_block *b = &f->blocks.v[block];
	const struct ir_place *at = &u->locs.v[insn < b->insns.n ? b->insns.v[insn].loc :
					       b->term.loc];
	struct buffer text = BUFFER_INIT;

	if (insn < b->insns.n)
		ir_print_insn(u, f, &b->insns.v[insn], &text);
	printf("miss: %s:%u:%u: function %s, block %u, instruction %u: %s\n",
	       intern_get(&u->names, at->file), at->line, at->col,
	       intern_get(&u->names, f->name), block, insn < b->insns.n ? insn : b->insns.n,
	       buffer_str(&text));
	if (!p->views.n)
		printf("  the engine takes this point for unreachable\n");
	else
		printf("%s", why);
	for (uint32_t i = 0; m->states && i < p->views.n; i++) {
		buffer_clear(&text);
		state_print(&p->views.v[i].s, &m->atlas->e.syms, &text);
		printf("%s", buffer_str(&text));
	}
	buffer_release(&text);
}

static bool is_contained(struct machine *m, const struct point *p, const uint64_t *temps,
			 struct buffer *why)
{
	for (uint32_t i = 0; i < p->views.n; i++) {
		buffer_puts(why, "  ");
		if (oracle_contains(&m->o, &p->views.v[i], temps, why))
			return true;
		buffer_puts(why, "\n");
	}
	return false;
}

/* A bit counts once for each run that comes by. */
static void count(struct machine *m, const struct point *p, ir_fn fn, uint32_t block,
		  uint32_t insn)
{
	const struct ir_block *b = &m->atlas->u->funcs.v[fn].blocks.v[block];
	uint32_t n = insn == UINT32_MAX ? b->insns.n : insn;

	if (p->views.n && p->visits == 1)
		oracle_count(&m->o, &p->views.v[0], n ? b->insns.v[n - 1].dst : IR_NONE);
}

static void check(struct machine *m, ir_fn fn, uint32_t block, uint32_t insn,
		  const uint64_t *temps)
{
	struct point *p = atlas_point(m->atlas, fn, block, insn);
	struct buffer why = BUFFER_INIT;

	if (!p)
		return;
	if (p->run != m->run) {
		p->run = m->run;
		p->visits = 0;
	}
	if (p->visits++ >= VISITS)
		return;
	m->stats->points++;
	if (!is_contained(m, p, temps, &why)) {
		m->missed = true;
		m->stats->misses++;
		if (!m->quiet)
			print_miss(m, fn, block, insn, p, buffer_str(&why));
	} else {
		count(m, p, fn, block, insn);
	}
	buffer_release(&why);
}

static void on_step(void *arg, ir_fn fn, uint32_t depth, uint32_t block, uint32_t insn,
		    const uint64_t *temps, void *const *locals)
{
	struct machine *m = arg;
	struct activation *act;

	while (m->frames.n && array_last(&m->frames).depth > depth)
		pop(m);
	if (!m->frames.n || array_last(&m->frames).depth < depth)
		push(m, fn, depth, locals);
	act = &array_last(&m->frames);
	note_param(act, &m->atlas->u->funcs.v[fn].blocks.v[block], insn, temps);
	m->o.act = act;
	if (!m->missed)
		check(m, fn, block, insn, temps);
}

static void add_globals(struct machine *m)
{
	const struct ir_unit *u = m->atlas->u;

	for (ir_glob g = 0; g < u->globals.n; g++)
		if (u->globals.v[g].type.size / 8)
			add_region(m, (uintptr_t)interp_global(m->in, g),
				   u->globals.v[g].type.size / 8);
}

bool machine_run(struct machine *m, ir_fn fn, uint64_t a, uint64_t b, void *object, size_t size)
{
	uint64_t args[3] = { a, b, (uintptr_t)object }, ret;

	m->run++;
	m->missed = false;
	array_clear(&m->o.regions);
	add_region(m, args[2], size);
	add_globals(m);
	interp_set_trace(m->in, on_step, m);
	interp_call(m->in, fn, args, 3, STEPS, &ret);
	interp_set_trace(m->in, NULL, NULL);
	while (m->frames.n)
		pop(m);
	m->stats->runs++;
	m->stats->bits += m->o.bits;
	m->stats->exact += m->o.exact;
	m->o.bits = m->o.exact = 0;
	return !m->missed;
}
