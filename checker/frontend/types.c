/* SPDX-License-Identifier: MIT */
#include "frontend/internal.h"

#include <string.h>

/*
 * A CXType is a QualType in data[0], sugar included; clang_equalTypes()
 * compares just that. Both the sugared and the canonical type are keys.
 */
static uint64_t type_key(CXType t)
{
	return (uint64_t)(uintptr_t)t.data[0] ^ (uint64_t)t.kind << 56;
}

static uint64_t size_of(CXType c)
{
	long long n;

	/* libclang crashes on the type of a builtin function. */
	if (c.kind == CXType_Unexposed || c.kind == CXType_Invalid || c.kind == CXType_Void)
		return 0;
	n = clang_Type_getSizeOf(c);
	return n > 0 ? (uint64_t)n * 8 : 0;
}

static void fill_int(struct fe_type *t, bool is_signed)
{
	t->t.kind = IR_T_INT;
	t->t.width = (uint8_t)t->t.size;
	t->t.is_signed = is_signed;
	if (t->t.size > 64)
		t->opaque = "128-bit integer";
}

static void fill_opaque(struct fe_type *t, const char *what)
{
	t->t.kind = IR_T_FLOAT;
	t->t.width = t->t.size && t->t.size <= 128 ? (uint8_t)t->t.size : 64;
	t->opaque = what;
}

static void fill_enum(struct frontend *fe, struct fe_type *t)
{
	CXCursor decl = clang_getTypeDeclaration(t->c), def = clang_getCursorDefinition(decl);
	CXCursor which = clang_Cursor_isNull(def) ? decl : def;
	ctype base = fe_type(fe, clang_getEnumDeclIntegerType(which));

	t->t.kind = IR_T_INT;
	t->t.width = base->t.width;
	t->t.is_signed = base->t.is_signed;
	t->is_bad = base->t.kind != IR_T_INT && base->t.kind != IR_T_BOOL;
	if (base->t.kind == IR_T_BOOL)
		t->t.kind = IR_T_BOOL;
}

static ir_rec record_below(struct frontend *fe, CXType c)
{
	CXType e = clang_getCanonicalType(c);

	while (e.kind == CXType_ConstantArray || e.kind == CXType_IncompleteArray ||
	       e.kind == CXType_VariableArray)
		e = clang_getCanonicalType(clang_getArrayElementType(e));
	return e.kind == CXType_Record ? fe_record(fe, e) : IR_NONE;
}

static void fill_pointer(struct frontend *fe, struct fe_type *t)
{
	CXType p = clang_getCanonicalType(clang_getPointeeType(t->c));

	t->t.kind = IR_T_PTR;
	t->t.width = fe->unit.ptr_width;
	t->t.is_func_ptr = p.kind == CXType_FunctionProto || p.kind == CXType_FunctionNoProto;
	if (!t->t.is_func_ptr && p.kind != CXType_Void) {
		t->t.rec = record_below(fe, p);
		t->t.elem_size = size_of(p);
	}
}

static void fill_array(struct frontend *fe, struct fe_type *t)
{
	CXType e = clang_getArrayElementType(t->c);

	t->is_array = true;
	t->t.kind = IR_T_AGG;
	t->t.elem_size = size_of(e);
	t->t.rec = record_below(fe, e);
	t->is_vla = t->c.kind == CXType_VariableArray || fe_type(fe, e)->is_vla;
	if (t->is_vla)
		t->t.size = 0;
}

/* libclang has no query for it, but prints the attribute with the type. */
static void fill_function(struct fe_type *t)
{
	CXString s = clang_getTypeSpelling(t->c);

	t->is_func = true;
	t->t.kind = IR_T_VOID;
	t->t.size = 0;
	t->is_noreturn = strstr(clang_getCString(s), "noreturn");
	clang_disposeString(s);
}

static void fill(struct frontend *fe, struct fe_type *t)
{
	switch (t->c.kind) {
	case CXType_Void:
		t->is_void = true;
		t->t.kind = IR_T_VOID;
		t->t.size = 0;
		break;
	case CXType_Bool:
		t->t.kind = IR_T_BOOL;
		t->t.width = 8;
		break;
	case CXType_Char_U: case CXType_UChar: case CXType_UShort: case CXType_UInt:
	case CXType_ULong: case CXType_ULongLong: case CXType_UInt128:
		fill_int(t, false);
		break;
	case CXType_Char_S: case CXType_SChar: case CXType_Short: case CXType_Int:
	case CXType_Long: case CXType_LongLong: case CXType_Int128:
		fill_int(t, true);
		break;
	case CXType_Enum:
		fill_enum(fe, t);
		break;
	case CXType_Pointer:
	case CXType_NullPtr:
		fill_pointer(fe, t);
		break;
	case CXType_Record:
		t->is_record = true;
		t->t.kind = IR_T_AGG;
		t->t.rec = fe_record(fe, t->c);
		break;
	case CXType_ConstantArray: case CXType_IncompleteArray: case CXType_VariableArray:
		fill_array(fe, t);
		break;
	case CXType_FunctionProto: case CXType_FunctionNoProto:
		fill_function(t);
		break;
	case CXType_Float: case CXType_Double: case CXType_LongDouble: case CXType_Float128:
	case CXType_Half: case CXType_Float16: case CXType_BFloat16: case CXType_Ibm128:
		fill_opaque(t, "floating point");
		break;
	case CXType_Complex:
		fill_opaque(t, "complex number");
		break;
	case CXType_Vector: case CXType_ExtVector:
		fill_opaque(t, "vector");
		t->is_vector = true;
		break;
	case CXType_Invalid: case CXType_Dependent:
		t->is_bad = true;
		t->t.kind = IR_T_VOID;
		break;
	default:
		fill_opaque(t, "type without a model");
	}
}

static ctype type_canonical(struct frontend *fe, CXType c)
{
	uint64_t *slot = map_get(&fe->type_of, type_key(c));
	struct fe_type *t;

	if (slot)
		return (ctype)(uintptr_t)*slot;
	t = arena_new(&fe->unit.arena, struct fe_type);
	/* Known before it is filled: a record may point to itself. */
	*map_put(&fe->type_of, type_key(c)) = (uint64_t)(uintptr_t)t;
	t->c = c;
	t->t.rec = IR_NONE;
	t->t.size = size_of(c);
	/* libclang looks into a type that is invalid: an enum that is only declared has one. */
	t->is_volatile = c.kind != CXType_Invalid && clang_isVolatileQualifiedType(c);
	t->segment = c.kind != CXType_Invalid && clang_getAddressSpace(c) != 0;
	fill(fe, t);
	return t;
}

ctype fe_type(struct frontend *fe, CXType c)
{
	uint64_t *slot = map_get(&fe->type_of, type_key(c));
	ctype t;

	if (slot)
		return (ctype)(uintptr_t)*slot;
	t = type_canonical(fe, clang_getCanonicalType(c));
	*map_put(&fe->type_of, type_key(c)) = (uint64_t)(uintptr_t)t;
	return t;
}

ctype fe_sub(struct frontend *fe, ctype t)
{
	struct fe_type *w = (struct fe_type *)t;

	if (t->sub)
		return t->sub;
	if (t->is_array)
		w->sub = fe_type(fe, clang_getArrayElementType(t->c));
	else if (t->is_vector)
		w->sub = fe_type(fe, clang_getElementType(t->c));
	else if (fe_is_ptr(t) && t->c.kind == CXType_Pointer)
		w->sub = fe_type(fe, clang_getPointeeType(t->c));
	return w->sub;
}

ctype fe_decayed(struct frontend *fe, ctype t)
{
	struct fe_type *w = (struct fe_type *)t, *p;

	if (t->decayed)
		return t->decayed;
	p = arena_new(&fe->unit.arena, struct fe_type);
	*p = *fe->t_ptr;
	p->t.is_func_ptr = t->is_func;
	p->t.rec = t->t.rec;
	p->t.elem_size = t->t.elem_size;
	p->sub = t->is_func ? t : fe_sub(fe, t);
	w->decayed = p;
	return p;
}

enum ir_reason_kind fe_opaque_kind(ctype t)
{
	return t->t.kind == IR_T_FLOAT ? IR_R_FLOAT : IR_R_CONSTRUCT;
}

/* void and functions count as one byte, as in GNU C. */
uint64_t fe_step(struct frontend *fe, ctype p)
{
	ctype e = fe_sub(fe, p);

	if (!e || e->is_void || e->is_func)
		return 8;
	return e->t.size;
}

static ctype basic(struct frontend *fe, enum CXTypeKind kind, uint8_t ir, unsigned width, bool sign)
{
	struct fe_type *t = arena_new(&fe->unit.arena, struct fe_type);

	t->t = (struct ir_type){ .kind = ir, .width = (uint8_t)width, .is_signed = sign,
				 .rec = IR_NONE, .size = width };
	t->c.kind = kind;
	t->is_void = ir == IR_T_VOID;
	return t;
}

/* By the beginning of the target's triple. */
static enum model_machine machine_of(CXTargetInfo target)
{
	static const struct { const char *arch; enum model_machine machine; } known[] = {
		{ "x86_64-", MODEL_X86 }, { "i386-", MODEL_X86 }, { "i486-", MODEL_X86 },
		{ "i586-", MODEL_X86 }, { "i686-", MODEL_X86 },
		{ "aarch64-", MODEL_ARM64 }, { "aarch64_be-", MODEL_ARM64 },
		{ "arm64-", MODEL_ARM64 },
	};
	CXString triple = clang_TargetInfo_getTriple(target);
	const char *text = clang_getCString(triple);
	enum model_machine machine = MODEL_NO_MACHINE;

	for (size_t i = 0; text && i < sizeof(known) / sizeof(*known); i++)
		if (!strncmp(text, known[i].arch, strlen(known[i].arch)))
			machine = known[i].machine;
	clang_disposeString(triple);
	return machine;
}

void fe_types_init(struct frontend *fe)
{
	CXTargetInfo target = clang_getTranslationUnitTargetInfo(fe->tu);
	int width = clang_TargetInfo_getPointerWidth(target);

	fe->machine = machine_of(target);
	clang_TargetInfo_dispose(target);
	fe->unit.ptr_width = width == 32 ? 32 : 64;
	fe->t_void = basic(fe, CXType_Void, IR_T_VOID, 0, false);
	fe->t_bool = basic(fe, CXType_Bool, IR_T_BOOL, 8, false);
	fe->t_int = basic(fe, CXType_Int, IR_T_INT, 32, true);
	fe->t_uint = basic(fe, CXType_UInt, IR_T_INT, 32, false);
	fe->t_long = basic(fe, CXType_Long, IR_T_INT, fe->unit.ptr_width, true);
	fe->t_ulong = basic(fe, CXType_ULong, IR_T_INT, fe->unit.ptr_width, false);
	for (unsigned i = 0; i < 4; i++)
		fe->word[i] = basic(fe, CXType_ULongLong, IR_T_INT, 8u << i, false);
	fe->t_ptr = basic(fe, CXType_NullPtr, IR_T_PTR, fe->unit.ptr_width, false);
}

ctype fe_word(struct frontend *fe, unsigned width)
{
	for (unsigned i = 0; i < 4; i++)
		if (width == 8u << i)
			return fe->word[i];
	return NULL;
}
