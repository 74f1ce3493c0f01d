/* SPDX-License-Identifier: MIT */
#include "frontend/internal.h"

/* The calls that are due when control leaves the scopes between the two, inside out. */
void lw_run_cleanups(struct lower *lw, const struct cleanup *from, const struct cleanup *until)
{
	for (; from && from != until; from = from->up)
		if (lw->cur != IR_NONE)
			lw_call_cleanup(lw, from);
}

uint32_t lw_label(struct lower *lw, CXCursor label)
{
	uint64_t *slot = map_put(&lw->label_of, fe_stmt_key(label));

	if (*slot)
		return (uint32_t)*slot - 1;
	array_push(&lw->labels, (struct label){ .key = fe_stmt_key(label),
						.name = fe_name(lw->fe, label),
						.block = lw_block(lw) });
	*slot = lw->labels.n;
	return lw->labels.n - 1;
}

void lw_place_label(struct lower *lw, CXCursor c)
{
	uint32_t i = lw_label(lw, c);
	struct label *l = &lw->labels.v[i];

	lw_start(lw, l->block);
	l->defined = true;
	l->cleanups = lw->cleanups;
	l->region = lw->region;
	/* A goto may stand further down. */
	lw->blocks.v[l->block].used = true;
}

void lw_pend(struct lower *lw, struct pending_jump j)
{
	if (lw->cur == IR_NONE)
		return;
	j.block = lw->cur;
	j.cleanups = lw->cleanups;
	j.at = lw->at;
	j.region = lw->region;
	array_push(&lw->jumps, j);
	lw->cur = IR_NONE;
}

static const struct cleanup *common(const struct cleanup *a, const struct cleanup *b)
{
	while (a != b) {
		unsigned da = a ? a->depth : 0, db = b ? b->depth : 0;

		if (da >= db && a)
			a = a->up;
		if (db > da && b)
			b = b->up;
	}
	return a;
}

static void goto_label(struct lower *lw, const struct pending_jump *j, const struct label *l)
{
	lw_run_cleanups(lw, j->cleanups, common(j->cleanups, l->cleanups));
	lw_jump(lw, l->block);
}

/* A block on the edge to the label, for the cleanups; the label itself where there are none. */
static uint32_t edge(struct lower *lw, const struct pending_jump *j, const struct label *l)
{
	uint32_t here = lw->cur, block;

	if (j->cleanups == common(j->cleanups, l->cleanups))
		return l->block;
	block = lw_block(lw);
	lw->cur = block;
	goto_label(lw, j, l);
	lw->cur = here;
	return block;
}

static bool names(const struct pending_jump *j, const struct label *l)
{
	for (unsigned i = 0; i < j->nnames; i++)
		if (j->names[i] == l->name)
			return true;
	return j->all;
}

static bool encloses(const struct lower *lw, uint32_t outer, uint32_t region)
{
	while (region && region != outer)
		region = lw->regions.v[region];
	return region == outer;
}

/* Regions are numbered inwards, so of two that enclose the jump the inner has the higher one. */
static bool is_hidden(const struct lower *lw, const struct pending_jump *j, const struct label *l)
{
	for (uint32_t i = 0; !j->all && i < lw->labels.n; i++) {
		const struct label *other = &lw->labels.v[i];

		if (other->defined && other->name == l->name && other->region > l->region &&
		    encloses(lw, other->region, j->region))
			return true;
	}
	return false;
}

static bool may_go(const struct lower *lw, const struct pending_jump *j, const struct label *l)
{
	return l->defined && names(j, l) && encloses(lw, l->region, j->region) &&
	       !is_hidden(lw, j, l);
}

static void goto_many(struct lower *lw, const struct pending_jump *j)
{
	uint32_t n = 0, *succ = arena_new_array(&lw->u->arena, uint32_t, lw->labels.n + 1);

	if (j->fall != IR_NONE)
		succ[n++] = j->fall;
	for (uint32_t i = 0; i < lw->labels.n; i++)
		if (may_go(lw, j, &lw->labels.v[i]))
			succ[n++] = edge(lw, j, &lw->labels.v[i]);
	if (j->nnames && n == (j->fall != IR_NONE))
		lw_fail(lw, IR_R_CONSTRUCT, "asm goto to a label that was not found");
	lw_term(lw, n ? (struct ir_term){ .kind = IR_ASM_GOTO, .succ = succ, .nsucc = n } :
			(struct ir_term){ .kind = IR_UNREACH });
}

void lw_finish_jumps(struct lower *lw)
{
	for (uint32_t i = 0; i < lw->jumps.n; i++) {
		struct pending_jump j = lw->jumps.v[i];

		lw->cur = j.block;
		lw_at(lw, j.at);
		if (j.label == IR_NONE)
			goto_many(lw, &j);
		else if (lw->labels.v[j.label].defined)
			goto_label(lw, &j, &lw->labels.v[j.label]);
		else
			lw_fail(lw, IR_R_CONSTRUCT, "goto to a label that was not found");
	}
	lw->cur = IR_NONE;
}
