/* SPDX-License-Identifier: MIT */
#include "ir/print.h"

#include <ctype.h>

static const char *name_of(const struct ir_unit *u, str_id id)
{
	return intern_get(&u->names, id);
}

static void print_record(const struct ir_unit *u, ir_rec rec, struct buffer *out)
{
	buffer_puts(out, rec == IR_NONE ? "?" : name_of(u, array_at(&u->records, rec).tag));
}

static void print_type(const struct ir_unit *u, const struct ir_type *t, struct buffer *out)
{
	switch (t->kind) {
	case IR_T_VOID:
		buffer_puts(out, "void");
		return;
	case IR_T_BOOL:
		buffer_puts(out, "bool");
		return;
	case IR_T_INT:
		buffer_printf(out, "%c%u", t->is_signed ? 's' : 'u', t->width);
		return;
	case IR_T_FLOAT:
		buffer_printf(out, "f%u", t->width);
		return;
	case IR_T_PTR:
		buffer_puts(out, t->is_func_ptr ? "fnptr" : "ptr");
		if (t->rec != IR_NONE) {
			buffer_putc(out, ' ');
			print_record(u, t->rec, out);
		}
		return;
	default:
		break;
	}
	if (t->rec != IR_NONE)
		print_record(u, t->rec, out);
	else
		buffer_puts(out, "bytes");
	if (t->elem_size && t->elem_size != t->size)
		buffer_printf(out, "[%llu]", (unsigned long long)(t->size / t->elem_size));
	else if (t->rec == IR_NONE)
		buffer_printf(out, "[%llu]", (unsigned long long)(t->size / 8));
}

static void print_value(uint64_t v, struct buffer *out)
{
	buffer_printf(out, v < 10 ? "%llu" : "0x%llx", (unsigned long long)v);
}

static void print_val(const struct ir_unit *u, struct ir_val v, struct buffer *out)
{
	switch (v.kind) {
	case IR_V_TEMP:
		buffer_printf(out, "%%%u", v.i);
		break;
	case IR_V_CONST:
		print_value(array_at(&u->consts, v.i).value, out);
		break;
	default:
		buffer_putc(out, '-');
	}
}

/* A bit offset: bytes, and the bits that are left over. */
static void print_off(int64_t off, struct buffer *out)
{
	uint64_t n = off < 0 ? -(uint64_t)off : (uint64_t)off;

	if (!off)
		return;
	buffer_printf(out, " %c %llu", off < 0 ? '-' : '+', (unsigned long long)(n / 8));
	if (n % 8)
		buffer_printf(out, ".%llu", (unsigned long long)(n % 8));
}

static void print_place(const struct ir_unit *u, struct ir_val a, int64_t off, struct buffer *out)
{
	buffer_putc(out, '[');
	print_val(u, a, out);
	print_off(off, out);
	buffer_putc(out, ']');
}

static void print_string(const char *s, uint64_t n, struct buffer *out)
{
	buffer_putc(out, '"');
	for (uint64_t i = 0; i < n && i < 40; i++)
		if (s[i] == '"' || s[i] == '\\')
			buffer_printf(out, "\\%c", s[i]);
		else if (isprint((unsigned char)s[i]))
			buffer_putc(out, s[i]);
		else
			buffer_printf(out, "\\x%02x", (unsigned char)s[i]);
	buffer_puts(out, n > 40 ? "..." : "\"");
}

static void print_global(const struct ir_unit *u, ir_glob glob, struct buffer *out)
{
	const struct ir_global *g = &array_at(&u->globals, glob);
	uint64_t n = g->type.size / 8;

	if (g->bytes) {
		print_string(g->bytes, n ? n - 1 : 0, out);
		return;
	}
	buffer_putc(out, '@');
	if (g->owner != IR_NONE)
		buffer_printf(out, "%s.", name_of(u, array_at(&u->funcs, g->owner).name));
	if (g->name)
		buffer_puts(out, name_of(u, g->name));
	else
		buffer_printf(out, "%u", glob);
}

static void print_local(const struct ir_unit *u, const struct ir_func *f, uint32_t i,
			struct buffer *out)
{
	buffer_printf(out, "%s.%u", name_of(u, array_at(&f->locals, i).name), i);
}

static void print_fn(const struct ir_unit *u, ir_fn fn, struct buffer *out)
{
	buffer_puts(out, name_of(u, array_at(&u->funcs, fn).name));
}

/* " (struct foo@12 bar)": the record, the byte in it, the innermost field there. */
static void print_member(const struct ir_unit *u, const struct ir_insn *i, struct buffer *out)
{
	const struct ir_field *field;
	uint64_t off;
	ir_rec rec;

	if (i->rec == IR_NONE)
		return;
	buffer_puts(out, " (");
	print_record(u, i->rec, out);
	buffer_printf(out, "@%llu", (unsigned long long)(i->recoff / 8));
	if (i->recoff % 8)
		buffer_printf(out, ".%llu", (unsigned long long)(i->recoff % 8));
	field = ir_field_at(u, i->rec, i->recoff, i->width, &rec, &off);
	if (field)
		buffer_printf(out, " %s", name_of(u, field->name));
	buffer_putc(out, ')');
}

static void print_reason(const struct ir_unit *u, uint32_t reason, struct buffer *out)
{
	buffer_printf(out, " !\"%s\"", name_of(u, array_at(&u->reasons, reason).text));
}

static void print_flags(const struct ir_insn *i, struct buffer *out)
{
	static const char *const marks[] = { "", " once", " acquire", " release", " atomic" };
	static const char *const flags[] = { " cond", " clobber", " cleanup", " bitfield", " init",
					     " noreturn" };

	buffer_puts(out, marks[i->mark]);
	for (unsigned k = 0; k < sizeof(flags) / sizeof(*flags); k++)
		if (i->flags & 1u << k)
			buffer_puts(out, flags[k]);
}

static void print_args(const struct ir_unit *u, const struct ir_func *f, const struct ir_insn *i,
		       struct buffer *out)
{
	buffer_putc(out, '(');
	for (uint32_t k = 0; k < i->nargs; k++) {
		buffer_puts(out, k ? ", " : "");
		print_val(u, array_at(&f->args, i->args + k), out);
		buffer_puts(out, i->off & IR_ARG_CONST(k) ? " const" : "");
		buffer_puts(out, i->off & IR_ARG_RECORD(k) ? " record" : "");
		buffer_puts(out, i->off & IR_ARG_CONTEXT(k) ? " context" : "");
	}
	buffer_putc(out, ')');
}

static void print_call(const struct ir_unit *u, const struct ir_func *f, const struct ir_insn *i,
		       struct buffer *out)
{
	buffer_putc(out, ' ');
	if (i->imm != IR_NONE)
		print_fn(u, i->imm, out);
	else
		print_place(u, i->a, 0, out);
	print_args(u, f, i, out);
}

static void print_operands(const struct ir_unit *u, const struct ir_insn *i, struct buffer *out)
{
	const struct ir_val vals[] = { i->a, i->b, i->c };

	for (unsigned k = 0; k < 3 && vals[k].kind != IR_V_NONE; k++) {
		buffer_puts(out, k ? ", " : " ");
		print_val(u, vals[k], out);
	}
}

static void print_memory(const struct ir_unit *u, const struct ir_insn *i, struct buffer *out)
{
	static const char *const rmw[] = { "xchg", "cmpxchg", "add", "sub", "and", "or", "xor" };
	struct ir_insn rest = *i;

	if (i->op == IR_RMW)
		buffer_printf(out, ".%s", rmw[i->imm]);
	if (i->width)
		buffer_printf(out, ".%u", i->width);
	buffer_putc(out, ' ');
	print_place(u, i->a, i->off, out);
	rest.a = i->b;
	rest.b = i->c;
	rest.c = IR_VAL_NONE;
	if (rest.a.kind != IR_V_NONE)
		buffer_putc(out, ',');
	print_operands(u, &rest, out);
	if (i->op == IR_HAVOC)
		print_reason(u, i->imm, out);
}

static void print_body(const struct ir_unit *u, const struct ir_func *f, const struct ir_insn *i,
		       struct buffer *out)
{
	switch (i->op) {
	case IR_PARAM:
		buffer_printf(out, " %u", i->imm);
		break;
	case IR_ADDR_LOCAL:
		buffer_putc(out, ' ');
		print_local(u, f, i->imm, out);
		print_off(i->off, out);
		break;
	case IR_ADDR_GLOBAL:
		buffer_putc(out, ' ');
		print_global(u, i->imm, out);
		print_off(i->off, out);
		break;
	case IR_ADDR_FUNC:
		buffer_putc(out, ' ');
		print_fn(u, i->imm, out);
		break;
	case IR_LOAD:
	case IR_STORE:
	case IR_RMW:
	case IR_HAVOC:
	case IR_MEMSET:
	case IR_MEMCPY:
		print_memory(u, i, out);
		break;
	case IR_CALL:
		print_call(u, f, i, out);
		break;
	case IR_UNKNOWN:
	case IR_ASM:
		print_reason(u, i->imm, out);
		if (i->nargs)
			print_args(u, f, i, out);
		break;
	case IR_PTRADD:
		print_operands(u, i, out);
		buffer_printf(out, " * %lld", (long long)(i->off / 8));
		break;
	default:
		print_operands(u, i, out);
		print_off(i->off, out);
	}
}

void ir_print_insn(const struct ir_unit *u, const struct ir_func *f, const struct ir_insn *i,
		   struct buffer *out)
{
	if (i->dst != IR_NONE) {
		buffer_printf(out, "%%%u:", i->dst);
		print_type(u, &array_at(&f->temps, i->dst).type, out);
		buffer_puts(out, " = ");
	}
	buffer_puts(out, ir_op_name(i->op));
	print_body(u, f, i, out);
	print_flags(i, out);
	if (i->op != IR_ADDR_LOCAL && i->op != IR_ADDR_GLOBAL)
		print_member(u, i, out);
}

/* "  ; 12:5 MACRO", with the file where it is not the function's own. */
static void print_loc(const struct ir_unit *u, const struct ir_func *f, ir_loc loc,
		      struct buffer *out)
{
	const struct ir_place *p = &array_at(&u->locs, loc);

	if (loc) {
		buffer_puts(out, "  ; ");
		if (p->file != array_at(&u->locs, f->loc).file)
			buffer_printf(out, "%s:", name_of(u, p->file));
		buffer_printf(out, "%u:%u", p->line, p->col);
		if (p->macro)
			buffer_printf(out, " %s", name_of(u, p->macro));
	}
	buffer_putc(out, '\n');
}

/* The value of a case, as the switch compares it. */
static void print_case_value(const struct ir_term *t, uint8_t width, uint64_t v, struct buffer *out)
{
	unsigned spare = width && width < 64 ? 64u - width : 0;
	int64_t s = (int64_t)(v << spare) >> spare;

	if (t->is_signed && s < 0)
		buffer_printf(out, "%lld", (long long)s);
	else
		print_value(v << spare >> spare, out);
}

static uint8_t width_of(const struct ir_unit *u, const struct ir_func *f, struct ir_val v)
{
	if (v.kind == IR_V_TEMP)
		return array_at(&f->temps, v.i).type.width;
	return v.kind == IR_V_CONST ? array_at(&u->consts, v.i).width : 0;
}

static void print_cases(const struct ir_unit *u, const struct ir_func *f, const struct ir_term *t,
			struct buffer *out)
{
	uint8_t width = width_of(u, f, t->cond);

	buffer_puts(out, " {");
	for (uint32_t k = 0; k < t->ncases; k++) {
		const struct ir_case *c = &t->cases[k];

		buffer_puts(out, k ? ", " : " ");
		print_case_value(t, width, c->lo, out);
		if (c->lo != c->hi) {
			buffer_puts(out, " ... ");
			print_case_value(t, width, c->hi, out);
		}
		buffer_printf(out, ": b%u", c->block);
	}
	buffer_printf(out, "%s }", t->ncases ? "," : "");
}

static void print_term(const struct ir_unit *u, const struct ir_func *f, const struct ir_term *t,
		       struct buffer *out)
{
	static const char *const names[] = { "jmp", "br", "switch", "ret", "unreachable",
					     "asm goto" };

	buffer_puts(out, names[t->kind]);
	if (t->kind == IR_SWITCH)
		buffer_puts(out, t->is_signed ? " signed" : " unsigned");
	if (t->cond.kind != IR_V_NONE) {
		buffer_putc(out, ' ');
		print_val(u, t->cond, out);
	}
	if (t->kind == IR_SWITCH)
		print_cases(u, f, t, out);
	for (uint32_t k = 0; k < t->nsucc; k++)
		buffer_printf(out, "%s b%u", k || t->cond.kind != IR_V_NONE ? "," : "", t->succ[k]);
}

static void print_head(const struct ir_unit *u, const struct ir_func *f, struct buffer *out)
{
	static const char *const flags[] = { "static ", "inline ", "noreturn ", "variadic ",
					     "addrtaken ", "header ", "", "expr ", "weak " };
	const struct ir_place *p = &array_at(&u->locs, f->loc);

	buffer_puts(out, "func ");
	for (unsigned k = 0; k < sizeof(flags) / sizeof(*flags); k++)
		if (f->flags & 1u << k)
			buffer_puts(out, flags[k]);
	print_type(u, &f->ret, out);
	buffer_printf(out, " %s", name_of(u, f->name));
	if (f->loc)
		buffer_printf(out, "  ; %s:%u:%u", name_of(u, p->file), p->line, p->col);
	buffer_putc(out, '\n');
	if (f->state == IR_BODY_FAILED) {
		buffer_puts(out, "  failed");
		print_reason(u, f->reason, out);
		buffer_putc(out, '\n');
	} else if (f->state == IR_BODY_NONE) {
		buffer_puts(out, "  no body\n");
	}
}

void ir_print_func(const struct ir_unit *u, ir_fn fn, struct buffer *out)
{
	const struct ir_func *f = &array_at(&u->funcs, fn);

	print_head(u, f, out);
	for (uint32_t i = 0; i < f->locals.n; i++) {
		buffer_puts(out, f->locals.v[i].is_param ? "  param " : "  local ");
		print_local(u, f, i, out);
		buffer_puts(out, ": ");
		print_type(u, &f->locals.v[i].type, out);
		print_loc(u, f, f->locals.v[i].loc, out);
	}
	for (uint32_t b = 0; b < f->blocks.n; b++) {
		const struct ir_block *blk = &f->blocks.v[b];

		buffer_printf(out, "b%u:\n", b);
		for (uint32_t i = 0; i < blk->insns.n; i++) {
			buffer_puts(out, "  ");
			ir_print_insn(u, f, &blk->insns.v[i], out);
			print_loc(u, f, blk->insns.v[i].loc, out);
		}
		buffer_puts(out, "  ");
		print_term(u, f, &blk->term, out);
		print_loc(u, f, blk->term.loc, out);
	}
	buffer_putc(out, '\n');
}

void ir_print_cfg(const struct ir_unit *u, ir_fn fn, struct buffer *out)
{
	const struct ir_func *f = &array_at(&u->funcs, fn);

	print_head(u, f, out);
	for (uint32_t b = 0; b < f->blocks.n; b++) {
		const struct ir_block *blk = &f->blocks.v[b];

		buffer_printf(out, "b%u (%u): ", b, blk->insns.n);
		print_term(u, f, &blk->term, out);
		print_loc(u, f, blk->term.loc, out);
	}
	buffer_putc(out, '\n');
}
