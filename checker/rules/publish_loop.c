/* SPDX-License-Identifier: MIT */
/* Template publish-then-read: the loops of a function that call apply. */
#include "rules/publish.h"

/* The block to is reached from a successor of from. */
static bool leads_to(const struct ir_func *f, uint32_t from, uint32_t to)
{
	uint8_t *seen = xcalloc(f->blocks.n + 1, 1);
	Array(uint32_t) work = { 0 };
	bool found = false;

	array_push(&work, from);
	for (uint32_t i = 0; i < work.n && !found; i++) {
		const struct ir_term *t = &f->blocks.v[work.v[i]].term;

		for (uint32_t k = 0; k < t->nsucc + t->ncases; k++) {
			uint32_t b = k < t->nsucc ? t->succ[k] : t->cases[k - t->nsucc].block;

			found |= b == to;
			if (seen[b])
				continue;
			seen[b] = 1;
			array_push(&work, b);
		}
	}
	array_release(&work);
	free(seen);
	return found;
}

static bool block_applies(const struct publish_point *p, const struct ir_block *b)
{
	for (uint32_t i = 0; i < b->insns.n; i++) {
		ir_fn callee = b->insns.v[i].op == IR_CALL ? b->insns.v[i].imm : IR_NONE;

		if (callee != IR_NONE &&
		    (publish_is_apply(p->j, p->d, callee) || publish_applies(p->j, p->d, callee)))
			return true;
	}
	return false;
}

bool publish_loops_later(const struct publish_point *p)
{
	const struct ir_func *f = p->f->body;

	for (uint32_t b = 0; b < f->blocks.n; b++)
		if (b != p->f->block && p->f->repeats[b] && block_applies(p, &f->blocks.v[b]) &&
		    leads_to(f, p->f->block, b) && !leads_to(f, b, p->f->block))
			return true;
	return false;
}

/* The blocks of the loop that begins at head. */
static uint32_t loop_size(const struct ir_func *f, uint32_t head)
{
	uint32_t n = 0;

	for (uint32_t b = 0; b < f->blocks.n; b++)
		n += leads_to(f, head, b) && leads_to(f, b, head);
	return n;
}

/* The innermost loop that the current block is in; IR_NONE: it is in none. */
static uint32_t loop_head(const struct publish_point *p)
{
	const struct ir_func *f = p->f->body;
	uint32_t best = IR_NONE, size = UINT32_MAX;

	for (uint32_t b = 0; p->f->repeats[p->f->block] && b < f->blocks.n; b++) {
		uint32_t n;

		if (!p->f->is_head[b] || (b != p->f->block && !(leads_to(f, b, p->f->block) &&
								 leads_to(f, p->f->block, b))))
			continue;
		n = loop_size(f, b);
		if (n < size) {
			size = n;
			best = b;
		}
	}
	return best;
}

static bool goes_round(const struct publish_point *p, uint32_t head, uint32_t from, uint8_t *seen)
{
	const struct ir_term *t = &p->f->body->blocks.v[from].term;

	for (uint32_t k = 0; k < t->nsucc + t->ncases; k++) {
		uint32_t b = k < t->nsucc ? t->succ[k] : t->cases[k - t->nsucc].block;

		if (b == head)
			return true;
		if (seen[b])
			continue;
		seen[b] = 1;
		if (!block_applies(p, &p->f->body->blocks.v[b]) && goes_round(p, head, b, seen))
			return true;
	}
	return false;
}

static bool find_round(const struct publish_point *p)
{
	uint32_t head = loop_head(p);
	uint8_t *seen;
	bool found;

	if (head == IR_NONE || block_applies(p, &p->f->body->blocks.v[head]))
		return false;
	seen = xcalloc(p->f->body->blocks.n + 1, 1);
	found = goes_round(p, head, head, seen);
	free(seen);
	return found;
}

bool publish_goes_round(const struct publish_point *p)
{
	uint64_t *known = map_put(&p->d->rounds, (uint64_t)p->f->id << 32 | p->f->block);

	if (!*known)
		*known = 1 + find_round(p);
	return *known == 2;
}
