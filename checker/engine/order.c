/* SPDX-License-Identifier: MIT */
/*
 * The order in which the fixpoint looks at blocks: a weak topological order, after
 * F. Bourdoncle, Efficient chaotic iteration strategies with widenings (1993).
 * Each loop stands together, its head first, so that it is stable before what
 * follows is looked at. A pass of Tarjan's algorithm sorts the strongly connected
 * components of a segment; each is a loop, whose body without the head is the next
 * segment. Nothing recurs.
 */
#include "engine/graph.h"

struct segment { uint32_t lo, hi; };	/* of f->order */

struct sorter {
	struct fun *f;
	uint32_t *segment;		/* by block, the one it is in; 0 for none */
	uint32_t *number, *low, *next;	/* by block; see Tarjan */
	bool *open;			/* by block: on the stack */
	uint32_t *stack, *path;
	uint32_t nstack, npath, count, current, at;
	Array(struct segment) todo;
};

static void enter_block(struct sorter *s, uint32_t b)
{
	s->number[b] = s->low[b] = ++s->count;
	s->next[b] = s->f->first_edge[b];
	s->open[b] = true;
	s->stack[s->nstack++] = b;
	s->path[s->npath++] = b;
}

/* The body of a loop is to be sorted again, without its head. */
static void add_segment(struct sorter *s, uint32_t lo, uint32_t hi, uint32_t id)
{
	for (uint32_t i = lo; i < hi; i++) {
		s->segment[s->f->order[i]] = id;
		s->number[s->f->order[i]] = 0;
	}
	array_push(&s->todo, (struct segment){ lo, hi });
}

/* The component of b goes before those that were found, b first. */
static void close_component(struct sorter *s, uint32_t b)
{
	uint32_t hi = s->at, top;

	do {
		top = s->stack[--s->nstack];
		s->open[top] = false;
		s->segment[top] = 0;
		s->f->order[--s->at] = top;
	} while (top != b);
	s->f->loop_end[b] = hi;
	if (hi - s->at > 1)
		add_segment(s, s->at + 1, hi, s->todo.n + 2);
}

static void leave_block(struct sorter *s, uint32_t b)
{
	uint32_t to = s->npath > 1 ? s->path[s->npath - 2] : b;

	s->npath--;
	if (s->low[b] < s->low[to])
		s->low[to] = s->low[b];
	if (s->low[b] == s->number[b])
		close_component(s, b);
}

static void search(struct sorter *s, uint32_t root)
{
	enter_block(s, root);
	while (s->npath) {
		uint32_t b = s->path[s->npath - 1], to;

		if (s->next[b] == s->f->first_edge[b + 1]) {
			leave_block(s, b);
			continue;
		}
		to = s->f->edges.v[s->next[b]++].to;
		if (s->segment[to] != s->current)
			continue;
		if (!s->number[to])
			enter_block(s, to);
		else if (s->open[to] && s->number[to] < s->low[b])
			s->low[b] = s->number[to];
	}
}

static void sort_segment(struct sorter *s, struct segment g, uint32_t id)
{
	uint32_t n = g.hi - g.lo;
	uint32_t *blocks = xcalloc(n, sizeof(*blocks));

	memcpy(blocks, s->f->order + g.lo, n * sizeof(*blocks));
	s->at = g.hi;
	s->current = id;
	for (uint32_t i = 0; i < n; i++)
		if (s->segment[blocks[i]] == id && !s->number[blocks[i]])
			search(s, blocks[i]);
	free(blocks);
}

/* What the entry leads to, sorted at the end of the array; it is moved to its front. */
static void sort_reachable(struct sorter *s)
{
	uint32_t n = s->f->body->blocks.n;

	for (uint32_t b = 0; b < n; b++)
		s->segment[b] = 1;
	s->at = n;
	s->current = 1;
	search(s, 0);
	s->f->norder = n - s->at;
	memmove(s->f->order, s->f->order + s->at, s->f->norder * sizeof(*s->f->order));
	for (uint32_t i = 0; i < s->f->norder; i++)
		s->f->loop_end[s->f->order[i]] -= s->at;
	for (uint32_t i = 0; i < s->todo.n; i++) {
		s->todo.v[i].lo -= s->at;
		s->todo.v[i].hi -= s->at;
	}
}

void order_blocks(struct fun *f)
{
	uint32_t n = f->body->blocks.n;
	struct sorter s = { .f = f };

	s.segment = xcalloc(n, sizeof(*s.segment));
	s.number = xcalloc(n, sizeof(*s.number));
	s.low = xcalloc(n, sizeof(*s.low));
	s.next = xcalloc(n, sizeof(*s.next));
	s.open = xcalloc(n, sizeof(*s.open));
	s.stack = xcalloc(n, sizeof(*s.stack));
	s.path = xcalloc(n, sizeof(*s.path));
	f->order = xcalloc(n, sizeof(*f->order));
	f->loop_end = xcalloc(n, sizeof(*f->loop_end));
	sort_reachable(&s);
	for (uint32_t i = 0; i < s.todo.n; i++)
		sort_segment(&s, s.todo.v[i], i + 2);
	free(s.segment);
	free(s.number);
	free(s.low);
	free(s.next);
	free(s.open);
	free(s.stack);
	free(s.path);
	array_release(&s.todo);
}
