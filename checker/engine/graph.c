/* SPDX-License-Identifier: MIT */
/* The shape of a function's control flow: edges, order, loop heads, live temporaries. */
#include "engine/graph.h"

#include <assert.h>

static void add_edge(struct fun *f, uint32_t from, uint32_t to)
{
	for (uint32_t i = f->first_edge[from]; i < f->edges.n; i++)
		if (f->edges.v[i].to == to)
			return;
	array_push(&f->edges, (struct edge){ .from = from, .to = to });
}

static void collect_edges(struct fun *f)
{
	uint32_t n = f->body->blocks.n;

	f->first_edge = xcalloc(n + 1, sizeof(*f->first_edge));
	for (uint32_t b = 0; b < n; b++) {
		const struct ir_term *t = &f->body->blocks.v[b].term;

		f->first_edge[b] = f->edges.n;
		for (uint32_t i = 0; i < t->nsucc; i++)
			add_edge(f, b, t->succ[i]);
		for (uint32_t i = 0; i < t->ncases; i++)
			add_edge(f, b, t->cases[i].block);
	}
	f->first_edge[n] = f->edges.n;
}

static void number_blocks(struct fun *f)
{
	uint32_t n = f->body->blocks.n;

	f->position = xcalloc(n, sizeof(*f->position));
	f->is_head = xcalloc(n, sizeof(*f->is_head));
	for (uint32_t i = 0; i < n; i++)
		f->position[i] = IR_NONE;
	order_blocks(f);
	for (uint32_t i = 0; i < f->norder; i++)
		f->position[f->order[i]] = i;
	for (uint32_t i = 0; i < f->edges.n; i++) {
		const struct edge *e = &f->edges.v[i];

		if (f->position[e->from] == IR_NONE || f->position[e->to] > f->position[e->from])
			continue;
		/* What the fixpoint rests on: all ways back lead to a head around them. */
		assert(f->position[e->from] < f->loop_end[e->to]);
		f->is_head[e->to] = true;
	}
	f->repeats = xcalloc(n, sizeof(*f->repeats));
	for (uint32_t i = 0; i < f->norder; i++)
		for (uint32_t k = i; f->is_head[f->order[i]] && k < f->loop_end[f->order[i]]; k++)
			f->repeats[f->order[k]] = true;
}

static void use(struct fun *f, const uint32_t *def, uint32_t block, struct ir_val v)
{
	if (v.kind == IR_V_TEMP && def[v.i] != block && f->slot[v.i] == IR_NONE)
		f->slot[v.i] = f->nslots++;
}

/* Temporaries that live across blocks get a place in the state. */
static void number_temps(struct fun *f)
{
	uint32_t *def;

	f->ntemps = f->body->temps.n;
	f->slot = xcalloc(f->ntemps + 1, sizeof(*f->slot));
	def = xcalloc(f->ntemps + 1, sizeof(*def));
	for (uint32_t t = 0; t < f->ntemps; t++)
		f->slot[t] = IR_NONE;
	for (uint32_t b = 0; b < f->body->blocks.n; b++)
		for (uint32_t i = 0; i < f->body->blocks.v[b].insns.n; i++)
			if (f->body->blocks.v[b].insns.v[i].dst != IR_NONE)
				def[f->body->blocks.v[b].insns.v[i].dst] = b;
	for (uint32_t b = 0; b < f->body->blocks.n; b++) {
		const struct ir_block *bl = &f->body->blocks.v[b];

		for (uint32_t i = 0; i < bl->insns.n; i++) {
			const struct ir_insn *in = &bl->insns.v[i];

			use(f, def, b, in->a);
			use(f, def, b, in->b);
			use(f, def, b, in->c);
			for (uint32_t k = 0; ir_has_args(in) && k < in->nargs; k++)
				use(f, def, b, f->body->args.v[in->args + k]);
		}
		use(f, def, b, bl->term.cond);
	}
	free(def);
}

bool graph_dominates(const struct fun *f, uint32_t a, uint32_t b)
{
	uint32_t n = f->body->blocks.n, top = 0;
	uint32_t *stack = xcalloc(n + 1, sizeof(*stack));
	bool *seen = xcalloc(n + 1, sizeof(*seen)), dominates;

	if (a) {
		seen[0] = true;
		stack[top++] = 0;
	}
	while (top) {
		uint32_t at = stack[--top];

		for (uint32_t i = f->first_edge[at]; i < f->first_edge[at + 1]; i++) {
			uint32_t to = f->edges.v[i].to;

			if (to == a || seen[to])
				continue;
			seen[to] = true;
			stack[top++] = to;
		}
	}
	dominates = b == a || !seen[b];
	free(stack);
	free(seen);
	return dominates;
}

void graph_init(struct fun *f)
{
	uint32_t n = f->body->blocks.n;

	collect_edges(f);
	number_blocks(f);
	number_temps(f);
	f->in = xcalloc(n, sizeof(*f->in));
	f->exits = xcalloc(n, sizeof(*f->exits));
	f->visits = xcalloc(n, sizeof(*f->visits));
	f->queued = xcalloc(n, sizeof(*f->queued));
	f->temps = xcalloc(f->ntemps + 1, sizeof(*f->temps));
}

void graph_release(struct fun *f)
{
	for (uint32_t b = 0; b < f->body->blocks.n; b++) {
		partitions_release(&f->in[b]);
		partitions_release(&f->exits[b]);
	}
	for (uint32_t i = 0; i < f->edges.n; i++)
		partitions_release(&f->edges.v[i].out);
	array_release(&f->edges);
	free(f->first_edge);
	free(f->order);
	free(f->loop_end);
	free(f->position);
	free(f->is_head);
	free(f->repeats);
	free(f->in);
	free(f->exits);
	free(f->visits);
	free(f->queued);
	free(f->temps);
	free(f->slot);
	map_release(&f->executed);
	map_release(&f->access_index);
	map_release(&f->origins);
	array_release(&f->releases);
}
