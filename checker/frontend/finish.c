/* SPDX-License-Identifier: MIT */
/*
 * From the blocks as lowering made them to the body of the function: blocks
 * that nothing reaches go, chains of jumps become one block, values that
 * nobody uses go, and what is left is numbered anew, blocks in reverse
 * postorder.
 */
#include "frontend/internal.h"

struct finish {
	struct lower *lw;
	uint32_t *order;	/* reverse postorder */
	uint32_t n;
	uint32_t *number;	/* block -> index into order, IR_NONE: dropped */
	uint32_t *preds;
	uint32_t *uses;		/* of a temporary */
	uint32_t *temp;		/* old temporary -> new + 1 */
	struct ir_func *f;
};

static struct ir_block *block_at(const struct finish *fi, uint32_t b)
{
	return &fi->lw->blocks.v[b].b;
}

static uint32_t edges(const struct ir_term *t)
{
	return t->nsucc + t->ncases;
}

static uint32_t *edge_at(const struct ir_term *t, uint32_t i)
{
	return i < t->nsucc ? &t->succ[i] : &t->cases[i - t->nsucc].block;
}

/* Through blocks that only jump on. A loop of such blocks stays. */
static uint32_t forward(const struct finish *fi, uint32_t b)
{
	for (uint32_t hops = 0; hops < fi->lw->blocks.n; hops++) {
		const struct ir_block *x = block_at(fi, b);

		if (x->insns.n || x->term.kind != IR_JMP || !fi->lw->blocks.v[b].closed ||
		    x->term.succ[0] == b)
			return b;
		b = x->term.succ[0];
	}
	return b;
}

static void forward_edges(struct finish *fi)
{
	for (uint32_t b = 0; b < fi->lw->blocks.n; b++) {
		struct ir_term *t = &block_at(fi, b)->term;

		for (uint32_t i = 0; fi->lw->blocks.v[b].closed && i < edges(t); i++)
			*edge_at(t, i) = forward(fi, *edge_at(t, i));
		if (t->kind == IR_BR && t->succ[0] == t->succ[1]) {
			t->kind = IR_JMP;
			t->nsucc = 1;
			t->cond = IR_VAL_NONE;
		}
	}
}

/* Successors are visited last to first, so that the text reads in the order of the source. */
static void number_blocks(struct finish *fi)
{
	uint32_t n = fi->lw->blocks.n, top = 0, left = n;
	uint32_t *stack = arena_new_array(&fi->lw->arena, uint32_t, n);
	uint32_t *next = arena_new_array(&fi->lw->arena, uint32_t, n);

	for (uint32_t b = 0; b < n; b++)
		fi->number[b] = IR_NONE;
	stack[top++] = 0;
	fi->number[0] = 0;
	while (top) {
		uint32_t b = stack[top - 1];
		const struct ir_term *t = &block_at(fi, b)->term;
		uint32_t i = next[b]++;

		if (i >= edges(t)) {
			fi->order[--left] = b;
			top--;
			continue;
		}
		i = *edge_at(t, edges(t) - 1 - i);
		if (fi->number[i] != IR_NONE)
			continue;
		fi->number[i] = 0;
		stack[top++] = i;
	}
	fi->n = n - left;
	for (uint32_t i = 0; i < fi->n; i++) {
		fi->order[i] = fi->order[left + i];
		fi->number[fi->order[i]] = i;
	}
}

static void count_preds(struct finish *fi)
{
	fi->preds[0] = 1;
	for (uint32_t i = 0; i < fi->n; i++) {
		const struct ir_term *t = &block_at(fi, fi->order[i])->term;

		for (uint32_t k = 0; k < edges(t); k++)
			fi->preds[*edge_at(t, k)]++;
	}
}

static void append(struct ir_block *to, struct ir_block *from)
{
	for (uint32_t i = 0; i < from->insns.n; i++)
		array_push(&to->insns, from->insns.v[i]);
	array_clear(&from->insns);
	to->term = from->term;
}

static void merge_chains(struct finish *fi)
{
	for (uint32_t i = 0; i < fi->n; i++) {
		uint32_t b = fi->order[i], s;

		if (fi->number[b] == IR_NONE)
			continue;
		while (block_at(fi, b)->term.kind == IR_JMP) {
			s = block_at(fi, b)->term.succ[0];
			if (s == b || s == 0 || fi->preds[s] != 1)
				break;
			append(block_at(fi, b), block_at(fi, s));
			fi->number[s] = IR_NONE;
		}
	}
}

static void drop_merged(struct finish *fi)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < fi->n; i++)
		if (fi->number[fi->order[i]] != IR_NONE) {
			fi->order[n] = fi->order[i];
			fi->number[fi->order[n]] = n;
			n++;
		}
	fi->n = n;
}

static bool is_pure(const struct ir_insn *i)
{
	return (i->op >= IR_ADDR_LOCAL && i->op <= IR_PTRADD) || i->op == IR_UNKNOWN ||
	       i->op == IR_NOP;
}

static void use(struct finish *fi, struct ir_val v)
{
	if (v.kind == IR_V_TEMP)
		fi->uses[v.i]++;
}

static void use_operands(struct finish *fi, const struct ir_insn *i)
{
	use(fi, i->a);
	use(fi, i->b);
	use(fi, i->c);
	for (uint32_t k = 0; ir_has_args(i) && k < i->nargs; k++)
		use(fi, fi->lw->args.v[i->args + k]);
}

/* A definition comes before its uses in reverse postorder, so one backward pass is enough. */
static void drop_unused(struct finish *fi)
{
	for (uint32_t k = fi->n; k-- > 0;) {
		struct ir_block *b = block_at(fi, fi->order[k]);

		use(fi, b->term.cond);
		for (uint32_t j = b->insns.n; j-- > 0;) {
			struct ir_insn *i = &b->insns.v[j];

			if (is_pure(i) && (i->dst == IR_NONE || !fi->uses[i->dst]))
				i->op = IR_NOP;
			else
				use_operands(fi, i);
		}
	}
}

static struct ir_val renamed(struct finish *fi, struct ir_val v)
{
	if (v.kind == IR_V_TEMP)
		v.i = (fi->temp[v.i] - 1) & 0x3fffffff;
	return v;
}

static void number_dst(struct finish *fi, struct ir_insn *i)
{
	if (i->dst == IR_NONE)
		return;
	array_push(&fi->f->temps, fi->lw->temps.v[i->dst]);
	fi->temp[i->dst] = fi->f->temps.n;
	i->dst = fi->f->temps.n - 1;
}

static void count_unmodelled(struct finish *fi, const struct ir_insn *i)
{
	struct frontend *fe = fi->lw->fe;

	if (i->op != IR_UNKNOWN && i->op != IR_HAVOC && i->op != IR_ASM)
		return;
	if (fe->unit.reasons.v[i->imm].kind == IR_R_CONSTRUCT)
		fe->stats.constructs_unmodelled++;
	else if (i->op == IR_ASM)
		fe->stats.asm_unmodelled++;
}

static void rename_insn(struct finish *fi, struct ir_insn *i)
{
	uint32_t first = fi->f->args.n;

	i->a = renamed(fi, i->a);
	i->b = renamed(fi, i->b);
	i->c = renamed(fi, i->c);
	for (uint32_t k = 0; ir_has_args(i) && k < i->nargs; k++)
		array_push(&fi->f->args, renamed(fi, fi->lw->args.v[i->args + k]));
	if (ir_has_args(i))
		i->args = first;
	number_dst(fi, i);
	count_unmodelled(fi, i);
}

/* Arrays move to the function; an array that has grown keeps its spare room. */
static void emit_block(struct finish *fi, uint32_t b)
{
	struct ir_block *from = block_at(fi, b), *to = array_add(&fi->f->blocks);
	uint32_t n = 0;

	for (uint32_t k = 0; k < from->insns.n; k++) {
		struct ir_insn i = from->insns.v[k];

		if (i.op == IR_NOP)
			continue;
		rename_insn(fi, &i);
		from->insns.v[n++] = i;
	}
	from->insns.n = n;
	*to = *from;
	to->term.cond = renamed(fi, to->term.cond);
	for (uint32_t k = 0; k < edges(&to->term); k++)
		*edge_at(&to->term, k) = fi->number[*edge_at(&to->term, k)];
	*from = (struct ir_block){ .insns = { NULL, 0, 0 } };
}

static bool all_closed(const struct finish *fi)
{
	for (uint32_t i = 0; i < fi->n; i++)
		if (!fi->lw->blocks.v[fi->order[i]].closed)
			return false;
	return true;
}

void lw_finish(struct lower *lw)
{
	uint32_t n = lw->blocks.n;
	struct finish fi = { .lw = lw, .f = &lw->u->funcs.v[lw->fn] };

	fi.order = arena_new_array(&lw->arena, uint32_t, n);
	fi.number = arena_new_array(&lw->arena, uint32_t, n);
	fi.preds = arena_new_array(&lw->arena, uint32_t, n);
	fi.uses = arena_new_array(&lw->arena, uint32_t, lw->temps.n);
	fi.temp = arena_new_array(&lw->arena, uint32_t, lw->temps.n);
	forward_edges(&fi);
	number_blocks(&fi);
	if (!all_closed(&fi)) {
		lw_fail(lw, IR_R_CONSTRUCT, "control flow that does not end");
		return;
	}
	count_preds(&fi);
	merge_chains(&fi);
	drop_merged(&fi);
	drop_unused(&fi);
	fi.f->nparams = lw->nparams;
	for (uint32_t i = 0; i < lw->locals.n; i++)
		array_push(&fi.f->locals, lw->locals.v[i]);
	for (uint32_t i = 0; i < fi.n; i++)
		emit_block(&fi, fi.order[i]);
	fi.f->state = IR_BODY_READY;
}
