/* SPDX-License-Identifier: MIT */
#include "ir/ir.h"

#include <string.h>

void ir_unit_init(struct ir_unit *u)
{
	*u = (struct ir_unit){ .ptr_width = 64 };
	array_push(&u->locs, (struct ir_place){ 0 });
	array_push(&u->reasons, (struct ir_reason){ 0 });
}

static void func_release(struct ir_func *f)
{
	for (uint32_t i = 0; i < f->blocks.n; i++)
		array_release(&f->blocks.v[i].insns);
	array_release(&f->blocks);
	array_release(&f->locals);
	array_release(&f->temps);
	array_release(&f->args);
}

void ir_unit_release(struct ir_unit *u)
{
	for (uint32_t i = 0; i < u->funcs.n; i++)
		func_release(&u->funcs.v[i]);
	for (uint32_t i = 0; i < u->records.n; i++)
		array_release(&u->records.v[i].fields);
	for (uint32_t i = 0; i < u->globals.n; i++)
		array_release(&u->globals.v[i].inits);
	array_release(&u->locs);
	array_release(&u->consts);
	array_release(&u->records);
	array_release(&u->funcs);
	array_release(&u->globals);
	array_release(&u->reasons);
	map_release(&u->const_index);
	map_release(&u->record_index);
	map_release(&u->func_index);
	map_release(&u->global_index);
	intern_release(&u->names);
	arena_release(&u->arena);
}

struct ir_func *ir_func_body(struct ir_unit *u, ir_fn fn)
{
	if (array_at(&u->funcs, fn).state == IR_BODY_NONE && u->lower)
		u->lower(u, fn);
	return u->funcs.v[fn].state == IR_BODY_READY ? &u->funcs.v[fn] : NULL;
}

static uint32_t index_find(const struct ir_unit *u, const struct map *m, const char *name)
{
	str_id id = intern_find(&u->names, name);
	const uint64_t *v = id ? map_get(m, id) : NULL;

	return v ? (uint32_t)*v : IR_NONE;
}

ir_fn ir_func_find(const struct ir_unit *u, const char *name)
{
	return index_find(u, &u->func_index, name);
}

ir_rec ir_record_find(const struct ir_unit *u, const char *tag)
{
	return index_find(u, &u->record_index, tag);
}

ir_glob ir_global_find(const struct ir_unit *u, const char *name)
{
	return index_find(u, &u->global_index, name);
}

const struct ir_field *ir_field_find(const struct ir_unit *u, ir_rec rec, const char *name)
{
	str_id id = intern_find(&u->names, name);
	const struct ir_record *r;

	if (!id || rec == IR_NONE)
		return NULL;
	r = &array_at(&u->records, rec);
	for (uint32_t i = 0; i < r->fields.n; i++)
		if (r->fields.v[i].name == id)
			return &r->fields.v[i];
	return NULL;
}

static const struct ir_field *field_covering(const struct ir_record *r, uint64_t off,
					     uint64_t width)
{
	for (uint32_t i = 0; i < r->fields.n; i++) {
		const struct ir_field *f = &r->fields.v[i];

		if (f->off <= off && off + width <= f->off + f->width)
			return f;
	}
	return NULL;
}

uint64_t ir_element_off(const struct ir_unit *u, ir_rec rec, uint64_t off)
{
	const struct ir_record *r = &array_at(&u->records, rec);

	if (!r->size || off < r->size || (int64_t)off < 0)
		return off;
	for (uint32_t i = 0; i < r->fields.n; i++)
		if (r->fields.v[i].type.kind == IR_T_AGG && !r->fields.v[i].type.size)
			return off;
	return off % r->size;
}

const struct ir_field *ir_field_at(const struct ir_unit *u, ir_rec rec, uint64_t off,
				   uint64_t width, ir_rec *inner, uint64_t *inner_off)
{
	const struct ir_field *f = NULL;

	while (rec != IR_NONE) {
		const struct ir_field *g = field_covering(&array_at(&u->records, rec), off, width);
		uint64_t elem;

		if (!g)
			break;
		f = g;
		*inner = rec;
		*inner_off = off;
		if (f->type.kind != IR_T_AGG || f->type.rec == IR_NONE)
			break;
		off -= f->off;
		elem = f->type.elem_size;
		if (elem)
			off %= elem;
		rec = f->type.rec;
	}
	return f;
}

struct ir_val ir_const(struct ir_unit *u, uint64_t value, uint8_t width)
{
	uint64_t key;

	if (width < 64)
		value &= (1ull << width) - 1;
	/* Two constants with one hash take neighbouring keys. */
	for (key = hash_mix(value, width);; key++) {
		uint64_t *slot = map_put(&u->const_index, key);
		uint32_t i = (uint32_t)*slot;

		if (!i) {
			assert(u->consts.n < IR_VAL_MAX);
			array_push(&u->consts, (struct ir_const){ value, width });
			*slot = i = u->consts.n;
		}
		i--;
		if (u->consts.v[i].value == value && u->consts.v[i].width == width)
			return (struct ir_val){ IR_V_CONST, i & IR_VAL_MAX };
	}
}

uint32_t ir_reason_add(struct ir_unit *u, enum ir_reason_kind kind, const char *text, ir_loc loc)
{
	struct ir_reason r = { (uint8_t)kind, intern_str(&u->names, text), loc };

	array_push(&u->reasons, r);
	return u->reasons.n - 1;
}

ir_loc ir_place_add(struct ir_unit *u, struct ir_place p)
{
	array_push(&u->locs, p);
	return u->locs.n - 1;
}

const char *ir_op_name(enum ir_op op)
{
	static const char *const names[] = {
		[IR_NOP] = "nop", [IR_PARAM] = "param",
		[IR_ADDR_LOCAL] = "addr.local", [IR_ADDR_GLOBAL] = "addr.global",
		[IR_ADDR_FUNC] = "addr.func", [IR_COPY] = "copy",
		[IR_ADD] = "add", [IR_SUB] = "sub", [IR_MUL] = "mul", [IR_UDIV] = "udiv",
		[IR_SDIV] = "sdiv", [IR_UREM] = "urem", [IR_SREM] = "srem",
		[IR_AND] = "and", [IR_OR] = "or", [IR_XOR] = "xor", [IR_SHL] = "shl",
		[IR_LSHR] = "lshr", [IR_ASHR] = "ashr",
		[IR_EQ] = "eq", [IR_NE] = "ne", [IR_ULT] = "ult", [IR_ULE] = "ule",
		[IR_SLT] = "slt", [IR_SLE] = "sle", [IR_NOT] = "not", [IR_NEG] = "neg",
		[IR_TRUNC] = "trunc", [IR_ZEXT] = "zext", [IR_SEXT] = "sext",
		[IR_TOBOOL] = "tobool", [IR_PTROFF] = "ptroff", [IR_PTRADD] = "ptradd",
		[IR_LOAD] = "load", [IR_STORE] = "store", [IR_MEMSET] = "memset",
		[IR_MEMCPY] = "memcpy", [IR_RMW] = "rmw", [IR_CALL] = "call",
		[IR_UNKNOWN] = "unknown", [IR_HAVOC] = "havoc", [IR_TRAP] = "trap",
		[IR_ASM] = "asm",
	};

	return (size_t)op < sizeof(names) / sizeof(*names) ? names[op] : "?";
}
