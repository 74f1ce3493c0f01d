/* SPDX-License-Identifier: MIT */
#include "frontend/internal.h"

#include <string.h>

static const struct {
	const char *name;
	uint8_t builtin;
} builtins[] = {
	{ "__builtin_expect", FE_EXPECT },
	{ "__builtin_expect_with_probability", FE_FIRST },
	{ "__builtin_assume_aligned", FE_FIRST },
	{ "__builtin_extract_return_addr", FE_FIRST },
	{ "__builtin_launder", FE_FIRST },
	{ "__builtin_constant_p", FE_CONSTANT_P },
	{ "__builtin_is_constant_evaluated", FE_CONSTANT_P },
	{ "__builtin_object_size", FE_OBJECT_SIZE },
	{ "__builtin_dynamic_object_size", FE_OBJECT_SIZE },
	{ "__builtin_unreachable", FE_UNREACHABLE },
	{ "__builtin_trap", FE_UNREACHABLE },
	{ "__builtin_abort", FE_UNREACHABLE },
	{ "__builtin_assume", FE_NOTHING },
	{ "__builtin_prefetch", FE_EFFECTS },
	{ "__builtin___clear_cache", FE_EFFECTS },
	{ "__builtin_va_end", FE_EFFECTS },
	/* What a va_list holds is read by va_arg only, and that gives some value. */
	{ "__builtin_va_start", FE_EFFECTS },
	{ "__builtin_c23_va_start", FE_EFFECTS },
	{ "__builtin_stdarg_start", FE_EFFECTS },
	{ "__builtin_va_copy", FE_EFFECTS },
	{ "__builtin_memcpy", FE_MEMCPY },
	{ "__builtin_memmove", FE_MEMCPY },
	{ "__builtin_memset", FE_MEMSET },
	{ "memcpy", FE_MEMCPY },
	{ "memmove", FE_MEMCPY },
	{ "memset", FE_MEMSET },
	{ "__builtin_ffs", FE_FFS },
	{ "__builtin_ffsl", FE_FFS },
	{ "__builtin_ffsll", FE_FFS },
	{ "__builtin_ctz", FE_CTZ },
	{ "__builtin_ctzl", FE_CTZ },
	{ "__builtin_ctzll", FE_CTZ },
	{ "__builtin_clz", FE_CLZ },
	{ "__builtin_clzl", FE_CLZ },
	{ "__builtin_clzll", FE_CLZ },
	{ "__builtin_popcount", FE_POPCOUNT },
	{ "__builtin_popcountl", FE_POPCOUNT },
	{ "__builtin_popcountll", FE_POPCOUNT },
	{ "__builtin_parity", FE_PARITY },
	{ "__builtin_parityl", FE_PARITY },
	{ "__builtin_parityll", FE_PARITY },
	{ "__builtin_bswap16", FE_BSWAP },
	{ "__builtin_bswap32", FE_BSWAP },
	{ "__builtin_bswap64", FE_BSWAP },
	{ "__builtin_abs", FE_ABS },
	{ "__builtin_labs", FE_ABS },
	{ "__builtin_llabs", FE_ABS },
	{ "__builtin_add_overflow", FE_ADD_OVERFLOW },
	{ "__builtin_sub_overflow", FE_SUB_OVERFLOW },
	{ "__builtin_mul_overflow", FE_MUL_OVERFLOW },
	{ "__builtin_sadd_overflow", FE_ADD_OVERFLOW },
	{ "__builtin_saddl_overflow", FE_ADD_OVERFLOW },
	{ "__builtin_saddll_overflow", FE_ADD_OVERFLOW },
	{ "__builtin_uadd_overflow", FE_ADD_OVERFLOW },
	{ "__builtin_uaddl_overflow", FE_ADD_OVERFLOW },
	{ "__builtin_uaddll_overflow", FE_ADD_OVERFLOW },
	{ "__builtin_ssub_overflow", FE_SUB_OVERFLOW },
	{ "__builtin_ssubl_overflow", FE_SUB_OVERFLOW },
	{ "__builtin_ssubll_overflow", FE_SUB_OVERFLOW },
	{ "__builtin_usub_overflow", FE_SUB_OVERFLOW },
	{ "__builtin_usubl_overflow", FE_SUB_OVERFLOW },
	{ "__builtin_usubll_overflow", FE_SUB_OVERFLOW },
	{ "__builtin_smul_overflow", FE_MUL_OVERFLOW },
	{ "__builtin_smull_overflow", FE_MUL_OVERFLOW },
	{ "__builtin_smulll_overflow", FE_MUL_OVERFLOW },
	{ "__builtin_umul_overflow", FE_MUL_OVERFLOW },
	{ "__builtin_umull_overflow", FE_MUL_OVERFLOW },
	{ "__builtin_umulll_overflow", FE_MUL_OVERFLOW },
	{ "__builtin_alloca", FE_ADDRESS },
	{ "__builtin_return_address", FE_CODE_ADDRESS },
	{ "__builtin_frame_address", FE_ADDRESS },
	{ "__builtin_strlen", FE_LIBRARY },
	{ "__builtin_strcmp", FE_LIBRARY },
	{ "__builtin_strncmp", FE_LIBRARY },
	{ "__builtin_memcmp", FE_LIBRARY },
	{ "__builtin_memchr", FE_LIBRARY },
	{ "__builtin_strchr", FE_LIBRARY },
	{ "__builtin_strrchr", FE_LIBRARY },
	{ "__builtin_strstr", FE_LIBRARY },
	{ "__builtin_strcpy", FE_LIBRARY },
	{ "__builtin_strncpy", FE_LIBRARY },
	{ "__builtin_strcat", FE_LIBRARY },
	{ "__builtin_strncat", FE_LIBRARY },
	{ "__builtin_strcspn", FE_LIBRARY },
	{ "__builtin_strspn", FE_LIBRARY },
	{ "__builtin_sprintf", FE_LIBRARY },
	{ "__builtin_snprintf", FE_LIBRARY },
};

static void builtins_init(struct frontend *fe)
{
	for (size_t i = 0; i < sizeof(builtins) / sizeof(*builtins); i++)
		*map_put(&fe->builtin_of, intern_str(&fe->unit.names, builtins[i].name)) =
			builtins[i].builtin;
}

uint8_t fe_builtin(struct frontend *fe, str_id name)
{
	const uint64_t *slot;

	if (!fe->builtin_of.entries.n)
		builtins_init(fe);
	slot = map_get(&fe->builtin_of, name);
	if (slot)
		return (uint8_t)*slot;
	return strncmp(fe_str(fe, name), "__builtin_", 10) ? FE_NO_BUILTIN : FE_UNMODELLED;
}

/* ------------------------------------------------------------ bit counting */

static struct ir_val masked(struct lower *lw, struct ir_val v, unsigned shift, uint64_t mask,
			    unsigned w)
{
	struct ir_type t = lw_int_type(w, false);

	v = lw_op2(lw, IR_LSHR, v, lw_const(lw, shift, w), t);
	return lw_op2(lw, IR_AND, v, lw_const(lw, mask, w), t);
}

/* Adds neighbouring fields of 1, 2, 4 bits, then all bytes by one multiplication. */
static struct ir_val popcount(struct lower *lw, struct ir_val v)
{
	unsigned w = lw_width(lw, v);
	struct ir_type t = lw_int_type(w, false);
	struct ir_val a;

	v = lw_op2(lw, IR_SUB, v, masked(lw, v, 1, 0x5555555555555555u, w), t);
	a = masked(lw, v, 0, 0x3333333333333333u, w);
	v = lw_op2(lw, IR_ADD, a, masked(lw, v, 2, 0x3333333333333333u, w), t);
	a = lw_op2(lw, IR_LSHR, v, lw_const(lw, 4, w), t);
	v = masked(lw, lw_op2(lw, IR_ADD, v, a, t), 0, 0x0f0f0f0f0f0f0f0fu, w);
	v = lw_op2(lw, IR_MUL, v, lw_const(lw, 0x0101010101010101u, w), t);
	return lw_op2(lw, IR_LSHR, v, lw_const(lw, w - 8, w), t);
}

/* The bits below the lowest set bit: x - 1 & ~x. */
static struct ir_val below_lowest(struct lower *lw, struct ir_val v)
{
	unsigned w = lw_width(lw, v);
	struct ir_type t = lw_int_type(w, false);
	struct ir_val less = lw_op2(lw, IR_SUB, v, lw_const(lw, 1, w), t);

	return lw_op2(lw, IR_AND, less, lw_op1(lw, IR_NOT, v, t), t);
}

static struct ir_val smeared(struct lower *lw, struct ir_val v)
{
	unsigned w = lw_width(lw, v);
	struct ir_type t = lw_int_type(w, false);

	for (unsigned s = 1; s < w; s *= 2)
		v = lw_op2(lw, IR_OR, v, lw_op2(lw, IR_LSHR, v, lw_const(lw, s, w), t), t);
	return v;
}

/* 0 for 0, else one more than the number of zeros at the end. */
static struct ir_val ffs_of(struct lower *lw, struct ir_val v)
{
	unsigned w = lw_width(lw, v);
	struct ir_type t = lw_int_type(w, false);
	struct ir_val some = lw_op1(lw, IR_TOBOOL, v, lw_int_type(1, false));
	struct ir_val n = popcount(lw, below_lowest(lw, v));

	n = lw_op2(lw, IR_ADD, n, lw_const(lw, 1, w), t);
	return lw_op2(lw, IR_AND, n, lw_op1(lw, IR_SEXT, some, t), t);
}

struct ir_val lw_count_bits(struct lower *lw, uint8_t builtin, struct ir_val v)
{
	unsigned w = lw_width(lw, v);
	struct ir_type t = lw_int_type(w, false);

	switch (builtin) {
	case FE_FFS:
		return ffs_of(lw, v);
	case FE_CTZ:
		return popcount(lw, below_lowest(lw, v));
	case FE_CLZ:
		v = popcount(lw, smeared(lw, v));
		return lw_op2(lw, IR_SUB, lw_const(lw, w, w), v, t);
	case FE_PARITY:
		v = popcount(lw, v);
		return lw_op2(lw, IR_AND, v, lw_const(lw, 1, w), t);
	default:
		return popcount(lw, v);
	}
}

static struct ir_val bswap(struct lower *lw, struct ir_val v)
{
	unsigned w = lw_width(lw, v);
	struct ir_type t = lw_int_type(w, false);
	struct ir_val out = lw_const(lw, 0, w);

	for (unsigned i = 0; i < w; i += 8) {
		struct ir_val byte = masked(lw, v, i, 0xff, w);

		byte = lw_op2(lw, IR_SHL, byte, lw_const(lw, w - 8 - i, w), t);
		out = lw_op2(lw, IR_OR, out, byte, t);
	}
	return out;
}

static struct ir_val absolute(struct lower *lw, struct ir_val v)
{
	unsigned w = lw_width(lw, v);
	struct ir_type t = lw_int_type(w, true);
	struct ir_val sign = lw_op2(lw, IR_ASHR, v, lw_const(lw, w - 1, w), t);

	return lw_op2(lw, IR_SUB, lw_op2(lw, IR_XOR, v, sign, t), sign, t);
}

/* ---------------------------------------------------------------- memory */

static struct ir_val argument(struct lower *lw, struct kids k, unsigned i)
{
	if (i >= k.n)
		return lw_const(lw, 0, 64);
	return lw_force(lw, lw_rvalue(lw, k.v[i]));
}

/* The record that the pointer argument points to, below the conversion to void *. */
static ir_rec target_record(struct lower *lw, CXCursor c)
{
	struct shape s;
	ctype t;

	c = lw_strip_parens(lw, c);
	while (clang_getCursorKind(c) == CXCursor_UnexposedExpr) {
		s = lw_shape(lw, c);
		if (s.kind != SHAPE_CAST)
			break;
		c = lw_strip_parens(lw, s.inner);
	}
	t = lw_type(lw, c);
	t = fe_is_ptr(t) ? fe_sub(lw->fe, t) : NULL;
	return t && t->is_record ? t->t.rec : IR_NONE;
}

static struct val move_memory(struct lower *lw, uint8_t builtin, CXCursor c, struct kids k)
{
	struct ir_val to, from, n;
	struct ir_insn *i;
	ir_rec rec;

	if (k.n != 4)
		return lw_unmodelled(lw, c, "memory builtin with other arguments");
	rec = target_record(lw, k.v[1]);
	to = argument(lw, k, 1);
	from = argument(lw, k, 2);
	n = lw_resize(lw, argument(lw, k, 3), lw->u->ptr_width, false);
	lw_at(lw, c);
	if (rec != IR_NONE)
		fe_record_filled(lw->fe, rec);
	if (builtin == FE_MEMSET)
		from = lw_resize(lw, from, 8, false);
	i = lw_emit(lw, builtin == FE_MEMSET ? IR_MEMSET : IR_MEMCPY);
	i->a = to;
	i->b = from;
	i->c = n;
	i->rec = rec;
	return lw_val(to, lw_type(lw, c));
}

static struct val library(struct lower *lw, CXCursor c, struct kids k)
{
	ctype t = lw_type(lw, c);
	const char *name;
	struct val args[8];
	uint64_t v;

	if (!t->opaque && !fe_is_ptr(t) && fe_evaluate(c, &v))
		return lw_val(lw_const(lw, v, t->t.width), t);
	if (k.n > 9)
		return lw_unmodelled(lw, c, "builtin with many arguments");
	name = lw_callee_name(lw, k.v[0]);
	for (unsigned i = 1; i < k.n; i++)
		args[i - 1] = lw_rvalue(lw, k.v[i]);
	lw_at(lw, c);
	return lw_call_named(lw, name + strlen("__builtin_"), args, k.n - 1, t);
}

/* ------------------------------------------------------------------ others */

static struct val effects(struct lower *lw, CXCursor c, struct kids k)
{
	for (unsigned i = 1; i < k.n; i++)
		lw_effect(lw, k.v[i]);
	return lw_none(lw_type(lw, c));
}

static struct val unary(struct lower *lw, uint8_t builtin, CXCursor c, struct kids k)
{
	struct ir_val v = argument(lw, k, 1);
	ctype t = lw_type(lw, c);

	lw_at(lw, c);
	if (builtin == FE_BSWAP)
		v = bswap(lw, v);
	else if (builtin == FE_ABS)
		v = absolute(lw, v);
	else
		v = lw_count_bits(lw, builtin, v);
	return lw_val(lw_resize(lw, v, t->t.width, false), t);
}

/* Not evaluated; what gcc proves after inlining counts as not constant. */
static struct val constant_p(struct lower *lw, CXCursor c)
{
	ctype t = lw_type(lw, c);
	uint64_t v = 0;

	if (!fe_evaluate(c, &v))
		v = 0;
	return lw_val(lw_const(lw, v, t->t.width), t);
}

static struct val object_size(struct lower *lw, CXCursor c, struct kids k)
{
	ctype t = lw_type(lw, c);
	uint64_t v, kind = 0;

	if (!fe_evaluate(c, &v)) {
		if (k.n > 2)
			fe_evaluate(k.v[2], &kind);
		v = kind & 2 ? 0 : ~0ull;
	}
	return lw_val(lw_const(lw, v, t->t.width), t);
}

static struct val unknown_builtin(struct lower *lw, CXCursor c, struct kids k)
{
	struct ir_val *args = arena_new_array(&lw->arena, struct ir_val, k.n + 1);
	unsigned n = 0;

	for (unsigned i = 1; i < k.n; i++) {
		if (!fe_is_ptr(lw_type(lw, k.v[i]))) {
			lw_effect(lw, k.v[i]);
			continue;
		}
		args[n] = lw_force(lw, lw_rvalue(lw, k.v[i]));
		n += lw_may_point(lw, args[n]);
	}
	return lw_unmodelled_with(lw, c, lw_callee_name(lw, k.v[0]), args, n);
}

struct val lw_builtin(struct lower *lw, uint8_t builtin, CXCursor c, struct kids k)
{
	ctype t = lw_type(lw, c);
	uint64_t constant;
	struct val v;

	switch (builtin) {
	case FE_EXPECT:
	case FE_FIRST:
		v = lw_convert(lw, lw_rvalue(lw, k.v[1]), t);
		for (unsigned i = 2; i < k.n; i++)
			lw_effect(lw, k.v[i]);
		return v;
	case FE_CONSTANT_P:
		return constant_p(lw, c);
	case FE_OBJECT_SIZE:
		return object_size(lw, c, k);
	case FE_UNREACHABLE:
		lw_term(lw, (struct ir_term){ .kind = IR_UNREACH });
		return lw_none(t);
	case FE_NOTHING:
		return lw_none(t);
	case FE_EFFECTS:
		return effects(lw, c, k);
	case FE_CODE_ADDRESS:
		effects(lw, c, k);
		lw_at(lw, c);
		return lw_code_address(lw, t);
	case FE_MEMCPY:
	case FE_MEMSET:
		return move_memory(lw, builtin, c, k);
	case FE_ADD_OVERFLOW:
	case FE_SUB_OVERFLOW:
	case FE_MUL_OVERFLOW:
		return lw_overflow(lw, builtin, c, k);
	case FE_ADDRESS:
		effects(lw, c, k);
		lw_at(lw, c);
		return lw_unknown_val(lw, t, IR_R_CONSTRUCT, "address on the stack");
	case FE_LIBRARY:
		return library(lw, c, k);
	case FE_UNMODELLED:
		if (t->t.kind == IR_T_INT && !t->opaque && fe_evaluate(c, &constant))
			return lw_val(lw_const(lw, constant, t->t.width), t);
		return unknown_builtin(lw, c, k);
	default:
		return unary(lw, builtin, c, k);
	}
}
