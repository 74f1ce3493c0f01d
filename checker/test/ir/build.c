/* SPDX-License-Identifier: MIT */
#include "build.h"

void build_init(struct build *b)
{
	ir_unit_init(&b->u);
	b->u.file = intern_str(&b->u.names, "unit.c");
}

void build_release(struct build *b)
{
	ir_unit_release(&b->u);
}

struct ir_func *build_fn(struct build *b)
{
	return &array_at(&b->u.funcs, b->fn);
}

static ir_loc place(struct build *b, uint32_t line, uint32_t col)
{
	return ir_place_add(&b->u, (struct ir_place){ .file = b->u.file, .line = line, .col = col,
						      .end_line = line, .end_col = col + 1 });
}

ir_fn build_extern(struct build *b, const char *name, struct ir_type ret)
{
	struct ir_func *f = array_add(&b->u.funcs);
	ir_fn fn = b->u.funcs.n - 1;

	f->name = intern_str(&b->u.names, name);
	f->ret = ret;
	*map_put(&b->u.func_index, f->name) = fn;
	return fn;
}

ir_fn build_func(struct build *b, const char *name, struct ir_type ret, uint32_t nparams,
		 const struct ir_type *params)
{
	b->fn = build_extern(b, name, ret);
	build_fn(b)->state = IR_BODY_READY;
	build_fn(b)->flags = IR_FN_HAS_BODY;
	build_fn(b)->nparams = nparams;
	build_fn(b)->loc = place(b, b->fn + 1, 1);
	for (uint32_t k = 0; k < nparams; k++) {
		build_local(b, (const char *[]){ "a", "b", "c", "d" }[k % 4], params[k]);
		build_fn(b)->locals.v[k].is_param = true;
	}
	build_at(b, build_block(b));
	return b->fn;
}

uint32_t build_local(struct build *b, const char *name, struct ir_type t)
{
	struct ir_local *l = array_add(&build_fn(b)->locals);

	l->name = intern_str(&b->u.names, name);
	l->type = t;
	return build_fn(b)->locals.n - 1;
}

ir_glob build_global(struct build *b, const char *name, struct ir_type t)
{
	struct ir_global *g = array_add(&b->u.globals);

	g->name = intern_str(&b->u.names, name);
	g->type = t;
	g->owner = IR_NONE;
	if (g->name)
		*map_put(&b->u.global_index, g->name) = b->u.globals.n - 1;
	return b->u.globals.n - 1;
}

ir_rec build_record(struct build *b, const char *tag, uint64_t size)
{
	struct ir_record *r = array_add(&b->u.records);

	r->tag = intern_str(&b->u.names, tag);
	r->size = size;
	r->complete = true;
	*map_put(&b->u.record_index, r->tag) = b->u.records.n - 1;
	return b->u.records.n - 1;
}

void build_field(struct build *b, ir_rec rec, const char *name, uint64_t off, uint64_t width,
		 struct ir_type t)
{
	struct ir_field *f = array_add(&array_at(&b->u.records, rec).fields);

	f->name = intern_str(&b->u.names, name);
	f->off = f->unit_off = off;
	f->width = f->unit_width = width;
	f->type = t;
	f->is_bitfield = width != t.size;
}

uint32_t build_block(struct build *b)
{
	array_add(&build_fn(b)->blocks)->term.kind = IR_UNREACH;
	return build_fn(b)->blocks.n - 1;
}

void build_at(struct build *b, uint32_t block)
{
	b->block = block;
}

struct ir_val build_insn(struct build *b, struct ir_insn i)
{
	struct ir_func *f = build_fn(b);
	bool is_addr = i.op >= IR_ADDR_LOCAL && i.op <= IR_ADDR_FUNC;
	bool has_dst = i.op != IR_STORE && i.op != IR_HAVOC && i.width;

	i.dst = has_dst ? f->temps.n : IR_NONE;
	if (has_dst)
		array_push(&f->temps, (struct ir_temp){ is_addr ? PTR : INT(i.width) });
	array_push(&array_at(&f->blocks, b->block).insns, i);
	return has_dst ? ir_temp_val(i.dst) : IR_VAL_NONE;
}

struct ir_val build_const(struct build *b, uint64_t v, uint8_t width)
{
	return ir_const(&b->u, v, width);
}

struct ir_val build_op(struct build *b, enum ir_op op, uint8_t width, struct ir_val x,
		       struct ir_val y)
{
	return build_insn(b, (struct ir_insn){ .op = op, .width = width, .a = x, .b = y,
					       .rec = IR_NONE });
}

struct ir_val build_param(struct build *b, uint32_t k)
{
	struct ir_type t = build_fn(b)->locals.v[k].type;
	struct ir_insn i = { .op = IR_PARAM, .imm = k, .width = t.width, .rec = IR_NONE };
	struct ir_val v = build_insn(b, i);

	build_fn(b)->temps.v[v.i].type = t;
	return v;
}

struct ir_val build_addr(struct build *b, enum ir_op op, uint32_t object)
{
	return build_insn(b, (struct ir_insn){ .op = op, .imm = object, .width = 64,
					       .rec = IR_NONE });
}

struct ir_val build_load(struct build *b, struct ir_val p, int64_t off, uint8_t width)
{
	return build_insn(b, (struct ir_insn){ .op = IR_LOAD, .a = p, .off = off, .width = width,
					       .rec = IR_NONE });
}

void build_store(struct build *b, struct ir_val p, int64_t off, struct ir_val v, uint8_t width)
{
	build_insn(b, (struct ir_insn){ .op = IR_STORE, .a = p, .b = v, .off = off, .width = width,
					.rec = IR_NONE });
}

struct ir_val build_call(struct build *b, ir_fn callee, uint8_t width, uint32_t nargs,
			 const struct ir_val *args)
{
	uint32_t at = build_fn(b)->args.n;

	for (uint32_t k = 0; k < nargs; k++)
		array_push(&build_fn(b)->args, args[k]);
	return build_insn(b, (struct ir_insn){ .op = IR_CALL, .imm = callee, .width = width,
					       .args = at, .nargs = nargs, .rec = IR_NONE });
}

static struct ir_term *term(struct build *b, enum ir_tmkind kind, uint32_t nsucc)
{
	struct ir_term *t = &array_at(&build_fn(b)->blocks, b->block).term;

	*t = (struct ir_term){ .kind = (uint8_t)kind, .nsucc = nsucc };
	t->succ = arena_new_array(&b->u.arena, uint32_t, nsucc);
	return t;
}

void build_jmp(struct build *b, uint32_t to)
{
	term(b, IR_JMP, 1)->succ[0] = to;
}

void build_br(struct build *b, struct ir_val cond, uint32_t yes, uint32_t no)
{
	struct ir_term *t = term(b, IR_BR, 2);

	t->cond = cond;
	t->succ[0] = yes;
	t->succ[1] = no;
}

void build_switch(struct build *b, struct ir_val v, bool is_signed, uint32_t def, uint32_t n,
		  const struct ir_case *cases)
{
	struct ir_term *t = term(b, IR_SWITCH, 1);

	t->cond = v;
	t->is_signed = is_signed;
	t->succ[0] = def;
	t->cases = arena_memdup(&b->u.arena, cases, n * sizeof(*cases));
	t->ncases = n;
}

void build_ret(struct build *b, struct ir_val v)
{
	term(b, IR_RET, 0)->cond = v;
}

void build_end(struct build *b, enum ir_tmkind kind)
{
	term(b, kind, 0);
}

static void sample_records(struct build *b)
{
	ir_rec inner = build_record(b, "struct inner", 64);
	ir_rec outer = build_record(b, "struct outer", 192);

	build_field(b, inner, "lo", 0, 32, INT(32));
	build_field(b, inner, "flag", 32, 1, INT(32));
	build_field(b, inner, "rest", 33, 31, SINT(32));
	build_field(b, outer, "first", 0, 64, INT(64));
	build_field(b, outer, "in", 64, 128,
		    (struct ir_type){ .kind = IR_T_AGG, .rec = inner, .size = 128,
				      .elem_size = 64 });
	build_record(b, "union opaque", 0);
	array_last(&b->u.records).complete = false;
	array_last(&b->u.records).is_union = true;
}

static void sample_globals(struct build *b, ir_fn helper)
{
	ir_glob table = build_global(b, "table", (struct ir_type){ .kind = IR_T_AGG, .rec = IR_NONE,
								   .size = 192, .elem_size = 64 });
	ir_glob text = build_global(b, "", (struct ir_type){ .kind = IR_T_AGG, .rec = IR_NONE,
							     .size = 32, .elem_size = 8 });
	struct ir_global *g = &array_at(&b->u.globals, table);

	g->is_static = g->has_init = true;
	array_push(&g->inits, (struct ir_init){ 0, 64, 5, IR_NONE, IR_NONE });
	array_push(&g->inits, (struct ir_init){ 64, 64, 0, helper, IR_NONE });
	array_push(&g->inits, (struct ir_init){ 128, 64, 1, IR_NONE, text });
	array_at(&b->u.globals, text).bytes = "a\"\n";
	array_at(&b->u.globals, text).is_const = true;
}

/* Sums i for i below a, in a loop over locals. */
static void sample_loop(struct build *b)
{
	struct ir_val a, i, s, x;
	uint32_t head, body, done;

	build_func(b, "sum", INT(32), 1, (struct ir_type[]){ INT(32) });
	build_local(b, "i", INT(32));
	build_local(b, "s", INT(32));
	a = build_param(b, 0);
	i = build_addr(b, IR_ADDR_LOCAL, 1);
	s = build_addr(b, IR_ADDR_LOCAL, 2);
	build_store(b, i, 0, build_const(b, 0, 32), 32);
	build_store(b, s, 0, build_const(b, 0, 32), 32);
	head = build_block(b);
	body = build_block(b);
	done = build_block(b);
	build_jmp(b, head);
	build_at(b, head);
	build_br(b, build_op(b, IR_ULT, 1, build_load(b, i, 0, 32), a), body, done);
	build_at(b, body);
	x = build_load(b, i, 0, 32);
	build_store(b, s, 0, build_op(b, IR_ADD, 32, build_load(b, s, 0, 32), x), 32);
	build_store(b, i, 0, build_op(b, IR_ADD, 32, x, build_const(b, 1, 32)), 32);
	build_jmp(b, head);
	build_at(b, done);
	build_ret(b, build_load(b, s, 0, 32));
}

/* Accesses to members, atomic and not, a call through one, and what is not modelled. */
static void sample_members(struct build *b)
{
	struct ir_val p, old;
	uint32_t r = ir_reason_add(&b->u, IR_R_ASM, "asm 'rdtsc'", place(b, 9, 9));
	ir_rec outer = ir_record_find(&b->u, "struct outer");

	build_func(b, "members", VOID, 2, (struct ir_type[]){ PTR, SINT(16) });
	p = build_param(b, 0);
	old = build_insn(b, (struct ir_insn){ .op = IR_RMW, .imm = IR_RMW_CMPXCHG, .a = p,
					      .b = build_const(b, 2, 64),
					      .c = build_const(b, 70, 64),
					      .width = 64, .mark = IR_ATOMIC, .rec = outer });
	build_insn(b, (struct ir_insn){ .op = IR_STORE, .a = p, .b = build_const(b, 1, 1),
					.off = 96, .recoff = 160, .rec = outer, .width = 1,
					.flags = IR_F_BITFIELD, .loc = place(b, 3, 7) });
	build_insn(b, (struct ir_insn){ .op = IR_CALL, .imm = IR_NONE, .a = old, .rec = outer,
					.width = 0 });
	build_insn(b, (struct ir_insn){ .op = IR_ASM, .imm = r, .flags = IR_F_CLOBBER,
					.rec = IR_NONE });
	build_insn(b, (struct ir_insn){ .op = IR_HAVOC, .a = p, .imm = r, .off = -12, .width = 3,
					.rec = IR_NONE });
	build_insn(b, (struct ir_insn){ .op = IR_UNKNOWN, .imm = r, .width = 7, .rec = IR_NONE });
	build_end(b, IR_RET);
}

static void sample_switch(struct build *b, ir_fn helper)
{
	uint32_t far, def, end;
	struct ir_val x, p, args[2];

	build_func(b, "pick", PTR, 2, (struct ir_type[]){ SINT(16), PTR });
	x = build_param(b, 0);
	p = build_param(b, 1);
	args[0] = build_op(b, IR_SEXT, 32, x, IR_VAL_NONE);
	args[1] = build_op(b, IR_SEXT, 64, x, IR_VAL_NONE);
	args[1] = build_insn(b, (struct ir_insn){ .op = IR_PTRADD, .a = p, .b = args[1],
						  .off = -192, .width = 64, .rec = IR_NONE });
	far = build_block(b);
	def = build_block(b);
	end = build_block(b);
	build_switch(b, x, true, def, 3, (struct ir_case[]){ { 0xfffe, 0xffff, far }, { 3, 3, end },
							     { 16, 0x7fff, far } });
	build_at(b, far);
	build_ret(b, build_call(b, helper, 64, 2, args));
	build_at(b, def);
	build_addr(b, IR_ADDR_GLOBAL, 1);
	build_ret(b, build_addr(b, IR_ADDR_GLOBAL, 0));
	build_at(b, end);
	build_addr(b, IR_ADDR_FUNC, helper);
	build_end(b, IR_UNREACH);
}

void build_sample(struct build *b)
{
	ir_fn helper;

	build_init(b);
	helper = build_extern(b, "helper", PTR);
	sample_records(b);
	sample_globals(b, helper);
	sample_loop(b);
	sample_members(b);
	sample_switch(b, helper);
	build_extern(b, "broken", VOID);
	array_last(&b->u.funcs).state = IR_BODY_FAILED;
	array_last(&b->u.funcs).reason = ir_reason_add(&b->u, IR_R_PARSE, "parse error", 0);
}
