/* SPDX-License-Identifier: MIT */
#include "frontend/internal.h"

struct loop {
	struct jump_target brk, cont;
};

static struct loop loop_begin(struct lower *lw, uint32_t exit, uint32_t again)
{
	struct loop outer = { lw->brk, lw->cont };

	lw->brk = (struct jump_target){ exit, lw->cleanups };
	lw->cont = (struct jump_target){ again, lw->cleanups };
	return outer;
}

static void loop_end(struct lower *lw, struct loop outer)
{
	lw->brk = outer.brk;
	lw->cont = outer.cont;
}

void lw_while(struct lower *lw, CXCursor c)
{
	uint32_t head = lw_block(lw), body = lw_block(lw), exit = lw_block(lw);
	struct kids k = lw_kids(lw, c);
	struct loop outer;

	if (k.n != 2) {
		lw_fail(lw, IR_R_CONSTRUCT, "while of unknown shape");
		return;
	}
	lw_start(lw, head);
	lw_cond(lw, k.v[0], body, exit);
	outer = loop_begin(lw, exit, head);
	lw_resume(lw, body);
	lw_stmt(lw, k.v[1]);
	lw_jump(lw, head);
	loop_end(lw, outer);
	lw_resume(lw, exit);
}

void lw_do(struct lower *lw, CXCursor c)
{
	uint32_t body = lw_block(lw), again = lw_block(lw), exit = lw_block(lw);
	struct kids k = lw_kids(lw, c);
	struct loop outer;

	if (k.n != 2) {
		lw_fail(lw, IR_R_CONSTRUCT, "do of unknown shape");
		return;
	}
	lw_start(lw, body);
	outer = loop_begin(lw, exit, again);
	lw_stmt(lw, k.v[0]);
	loop_end(lw, outer);
	lw_resume(lw, again);
	if (lw->cur != IR_NONE)
		lw_cond(lw, k.v[1], body, exit);
	lw_resume(lw, exit);
}

struct clauses {
	CXCursor init, cond, inc, body;
	bool has_init, has_cond, has_inc;
};

/* libclang shows only the clauses that are there, not which ones they are. */
static bool for_clauses(struct lower *lw, CXCursor c, struct kids k, struct clauses *f)
{
	unsigned i = 0, which = 7;

	if (!k.n || k.n > 4)
		return false;
	if (k.n == 1)
		which = 0;
	else if (k.n < 4 && !lw_for_clauses(lw, c, &which))
		return false;
	f->has_init = which & 1;
	f->has_cond = which & 2;
	f->has_inc = which & 4;
	if (f->has_init + f->has_cond + f->has_inc + 1u != k.n)
		return false;
	if (f->has_init)
		f->init = k.v[i++];
	if (f->has_cond)
		f->cond = k.v[i++];
	if (f->has_inc)
		f->inc = k.v[i++];
	f->body = k.v[i];
	return true;
}

void lw_for(struct lower *lw, CXCursor c)
{
	uint32_t head = lw_block(lw), body = lw_block(lw);
	uint32_t again = lw_block(lw), exit = lw_block(lw);
	struct cleanup *scope = lw->cleanups;
	struct clauses f;
	struct loop outer;

	if (!for_clauses(lw, c, lw_kids(lw, c), &f)) {
		lw_fail(lw, IR_R_CONSTRUCT, "for of unknown shape");
		return;
	}
	if (f.has_init)
		lw_stmt(lw, f.init);
	lw_start(lw, head);
	if (f.has_cond)
		lw_cond(lw, f.cond, body, exit);
	else
		lw_jump(lw, body);
	outer = loop_begin(lw, exit, again);
	lw_resume(lw, body);
	lw_stmt(lw, f.body);
	loop_end(lw, outer);
	lw_resume(lw, again);
	if (f.has_inc && lw->cur != IR_NONE)
		lw_effect(lw, f.inc);
	lw_jump(lw, head);
	lw_resume(lw, exit);
	lw_scope_end(lw, scope);
}
