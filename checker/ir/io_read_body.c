/* SPDX-License-Identifier: MIT */
#include "ir/io_reader.h"

/* Of a kind that is known: how far behind the last temporary, or a constant. */
static struct ir_val get_val(struct reader *r, enum io_column temp, enum io_column constant,
			     unsigned kind)
{
	uint64_t i;

	if (!kind)
		return IR_VAL_NONE;
	i = kind == IR_V_CONST ? io_get(r, constant)
			       : r->s.next[IO_INSN_DST] - io_unzigzag(io_get(r, temp));
	if (!r->why && i > IR_VAL_MAX)
		io_fail(r, "an operand is out of range");
	return (struct ir_val){ .kind = kind & 3, .i = (uint32_t)i & IR_VAL_MAX };
}

static void get_dst(struct reader *r, struct ir_insn *i, unsigned has)
{
	i->dst = IR_NONE;
	if (has & IO_NEXT_DST)
		i->dst = r->s.next[IO_INSN_DST];
	else if (has & IO_HAS_DST)
		i->dst = (uint32_t)io_get_below(r, IO_INSN_DST, IR_VAL_MAX, "no such temporary");
	if (i->dst == IR_NONE)
		return;
	if (i->dst >= IR_VAL_MAX)
		io_fail(r, "no such temporary");
	r->s.next[IO_INSN_DST] = i->dst + 1;
}

static void get_imm(struct reader *r, struct ir_insn *i, unsigned has)
{
	if (has & IO_NO_IMM)
		i->imm = IR_NONE;
	else if (has & IO_HAS_IMM)
		i->imm = io_get_fresh(r, io_imm_column(i->op), IR_NONE - 1,
				      "an instruction's index is too large");
}

static void get_call(struct reader *r, struct ir_insn *i, unsigned has)
{
	if (!(has & (IO_HAS_ARGS | IO_NEXT_ARGS)))
		return;
	i->args = r->s.next[IO_INSN_ARGS];
	if (has & IO_HAS_ARGS)
		i->args = (uint32_t)io_get_below(r, IO_INSN_ARGS, IR_VAL_MAX, "no such argument");
	i->nargs = (uint32_t)io_get_below(r, IO_INSN_NARGS, IR_VAL_MAX, "no such argument");
	if (i->args + i->nargs >= IR_VAL_MAX)
		io_fail(r, "no such argument");
	r->s.next[IO_INSN_ARGS] = i->args + i->nargs;
}

static void get_access(struct reader *r, struct ir_insn *i, unsigned has)
{
	i->rec = IR_NONE;
	if (has & IO_HAS_REC)
		i->rec = (uint32_t)io_get_below(r, IO_INSN_REC, r->nrecords, "no such record");
	if (has & IO_HAS_RECOFF)
		i->recoff = io_get_bits(r, IO_INSN_RECOFF);
	if (has & IO_OFF_IS_RECOFF)
		i->off = (int64_t)i->recoff;
	else if (has & IO_HAS_OFF_OWN)
		i->off = (int64_t)io_unzigzag(io_get(r, IO_INSN_OFF));
}

static void get_insn(struct reader *r, const struct ir_func *f, struct ir_insn *i)
{
	uint64_t shape = io_get_below(r, IO_INSN, r->nshapes, "no such shape");
	unsigned has;

	if (r->why)
		return;
	shape = r->shapes[shape];
	has = (unsigned)(shape >> 32);
	i->op = shape & 0xff;
	i->mark = shape >> 8 & 0xff;
	i->flags = shape >> 16 & 0xff;
	i->a = get_val(r, IO_INSN_A, IO_INSN_CONST, shape >> 24 & 3);
	i->b = get_val(r, IO_INSN_B, IO_INSN_CONST, shape >> 26 & 3);
	i->c = get_val(r, IO_INSN_C, IO_INSN_CONST, shape >> 28 & 3);
	get_dst(r, i, has);
	i->width = io_width(r->u, f, i);
	if (has & IO_OWN_WIDTH)
		i->width = (uint8_t)io_get_below(r, IO_INSN_WIDTH, 129,
						 "an instruction is too wide");
	get_imm(r, i, has);
	get_call(r, i, has);
	get_access(r, i, has);
	i->loc = io_get_loc(r, IO_INSN_LOC);
}

static uint32_t get_block(struct reader *r, enum io_column c, uint32_t block)
{
	uint64_t v = io_get_diff(r, c, (uint64_t)block + 1);

	if (v >= IR_VAL_MAX)
		io_fail(r, "no such block");
	return (uint32_t)v;
}

static void get_cases(struct reader *r, struct ir_term *t, uint32_t block)
{
	t->ncases = io_get_count(r, IO_TERM_CASES, IO_CASE_LO);
	t->cases = arena_new_array(&r->u->arena, struct ir_case, t->ncases);
	for (uint32_t k = 0; io_more(r, k, t->ncases); k++) {
		t->cases[k].lo = io_get(r, IO_CASE_LO);
		t->cases[k].hi = io_get_diff(r, IO_CASE_HI, t->cases[k].lo);
		t->cases[k].block = get_block(r, IO_CASE_BLOCK, block);
	}
}

static void get_term(struct reader *r, struct ir_term *t, uint32_t block)
{
	unsigned bits = (unsigned)io_get_below(r, IO_TERM, 64, "no such terminator");

	t->kind = bits & 7;
	t->is_signed = bits >> 3 & 1;
	if (t->kind > IR_ASM_GOTO)
		io_fail(r, "no such terminator");
	t->cond = get_val(r, IO_TERM_COND, IO_TERM_CONST, bits >> 4);
	t->loc = io_get_loc(r, IO_INSN_LOC);
	t->nsucc = io_get_count(r, IO_TERM_SUCCS, IO_SUCC);
	t->succ = arena_new_array(&r->u->arena, uint32_t, t->nsucc);
	for (uint32_t k = 0; io_more(r, k, t->nsucc); k++)
		t->succ[k] = get_block(r, IO_SUCC, block);
	get_cases(r, t, block);
}

static void get_blocks(struct reader *r, struct ir_func *f)
{
	uint32_t n = io_get_count(r, IO_FUNC_BLOCKS, IO_BLOCK);

	for (uint32_t i = 0; io_more(r, i, n); i++) {
		struct ir_block *b = array_add(&f->blocks);
		uint32_t insns = io_get_count(r, IO_BLOCK, IO_INSN);

		for (uint32_t k = 0; io_more(r, k, insns); k++)
			get_insn(r, f, array_add(&b->insns));
		get_term(r, &b->term, i);
	}
	if (n && f->state != IR_BODY_READY)
		io_fail(r, "blocks of a function without a body");
}

static void get_locals(struct reader *r, struct ir_func *f)
{
	uint32_t n = io_get_count(r, IO_FUNC_LOCALS, IO_LOCAL);

	for (uint32_t i = 0; io_more(r, i, n); i++) {
		struct ir_local *l = array_add(&f->locals);

		l->is_param = io_get_below(r, IO_LOCAL, 2, "a flag is neither 0 nor 1");
		l->name = io_get_name(r, IO_LOCAL_NAME);
		l->type = io_get_type(r, IO_LOCAL_TYPE);
		l->loc = io_get_loc(r, IO_LOCAL_LOC);
	}
}

static void get_args(struct reader *r, struct ir_func *f)
{
	uint32_t n = io_get_count(r, IO_FUNC_ARGS, IO_ARG);
	uint64_t last = 0;

	for (uint32_t i = 0; io_more(r, i, n); i++) {
		unsigned kind = (unsigned)io_get_below(r, IO_ARG, 4, "no such kind of operand");
		uint64_t v = 0;

		if (kind == IR_V_CONST)
			v = io_get(r, IO_ARG_CONST);
		else if (kind)
			v = last = io_get_diff(r, IO_ARG_TEMP, last);
		if (v > IR_VAL_MAX)
			io_fail(r, "an argument is out of range");
		array_push(&f->args, (struct ir_val){ kind & 3, (uint32_t)v & IR_VAL_MAX });
	}
}

void io_get_func(struct reader *r, struct ir_func *f)
{
	static const enum io_column own[] = { IO_INSN_DST, IO_INSN_LOCAL, IO_INSN_ARGS };
	uint32_t n;

	for (unsigned i = 0; i < sizeof(own) / sizeof(*own); i++)
		r->s.next[own[i]] = 0;
	f->flags = (uint32_t)io_get_below(r, IO_FUNC, IR_FN_UNGUARDED * 2,
					  "a function has unknown flags");
	f->name = io_get_name(r, IO_FUNC_NAME);
	f->state = (uint8_t)io_get_below(r, IO_FUNC_STATE, IR_BODY_FAILED + 1,
					 "no such state of a body");
	f->reason = (uint32_t)io_get_below(r, IO_FUNC_REASON, r->nreasons, "no such reason");
	f->ret = io_get_type(r, IO_FUNC_TYPE);
	f->loc = io_get_loc(r, IO_FUNC_LOC);
	f->nparams = (uint32_t)io_get_below(r, IO_FUNC_PARAMS, IR_VAL_MAX, "too many parameters");
	get_locals(r, f);
	n = io_get_count(r, IO_FUNC_TEMPS, IO_TEMP_TYPE);
	for (uint32_t i = 0; io_more(r, i, n); i++)
		array_push(&f->temps, (struct ir_temp){ io_get_type(r, IO_TEMP_TYPE) });
	get_args(r, f);
	get_blocks(r, f);
}
