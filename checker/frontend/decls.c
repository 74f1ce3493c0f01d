/* SPDX-License-Identifier: MIT */
#include "frontend/internal.h"

#include <string.h>

static bool in_snippet(const struct frontend *fe, CXFile file, unsigned off)
{
	return file && off >= fe->snippet_at && clang_File_isEqual(file, fe->main_file);
}

static uint32_t func_flags(struct frontend *fe, CXCursor c, bool defined)
{
	uint32_t flags = 0;
	unsigned off;
	CXFile file;

	clang_getExpansionLocation(clang_getCursorLocation(c), &file, NULL, NULL, &off);
	if (clang_Cursor_getStorageClass(c) == CX_SC_Static)
		flags |= IR_FN_STATIC;
	if (clang_Cursor_isFunctionInlined(c))
		flags |= IR_FN_INLINE;
	if (clang_Cursor_isVariadic(c))
		flags |= IR_FN_VARIADIC;
	if (fe_type(fe, clang_getCursorType(c))->is_noreturn)
		flags |= IR_FN_NORETURN;
	if (defined)
		flags |= IR_FN_HAS_BODY;
	if (fe_file(fe, file)->header)
		flags |= IR_FN_HEADER;
	if (in_snippet(fe, file, off))
		flags |= IR_FN_EXPR;
	return flags;
}

static ir_fn func_new(struct frontend *fe, str_id name)
{
	struct ir_unit *u = &fe->unit;
	struct fe_decl *d = arena_new(&u->arena, struct fe_decl);
	struct ir_func *f = array_add(&u->funcs);

	d->cursor = clang_getNullCursor();
	f->name = name;
	f->decl = d;
	*map_put(&u->func_index, name) = u->funcs.n - 1;
	return u->funcs.n - 1;
}

/* A unit has thousands of functions in headers; those get a place when they are looked at. */
void fe_func_locate(struct frontend *fe, ir_fn fn)
{
	CXCursor c = ((const struct fe_decl *)fe->unit.funcs.v[fn].decl)->cursor;

	if (!fe->unit.funcs.v[fn].loc && !clang_Cursor_isNull(c))
		fe->unit.funcs.v[fn].loc = fe_loc(fe, clang_Cursor_getSpellingNameRange(c, 0, 0));
}

static void func_describe(struct frontend *fe, ir_fn fn, CXCursor c, bool defined)
{
	ctype ret = fe_type(fe, clang_getCursorResultType(c));
	struct ir_func *f = &fe->unit.funcs.v[fn];
	struct fe_decl *d = f->decl;

	d->cursor = c;
	f->flags = (f->flags & IR_FN_ADDR_TAKEN) | func_flags(fe, c, defined);
	f->ret = ret->t;
	if (!(f->flags & IR_FN_HEADER))
		fe_func_locate(fe, fn);
}

static enum CXChildVisitResult find_noreturn(CXCursor c, CXCursor parent, CXClientData data)
{
	struct frontend *fe = *(struct frontend **)data;
	const char *s;
	size_t left;

	(void)parent;
	if (clang_getCursorKind(c) != CXCursor_UnexposedAttr)
		return CXChildVisit_Continue;
	s = fe_spelt_at(fe, clang_getCursorLocation(c), &left);
	if (!s || left < 10 || (strncmp(s, "_Noreturn", 9) && strncmp(s, "noreturn", 8)))
		return CXChildVisit_Continue;
	*(struct frontend **)data = NULL;
	return CXChildVisit_Break;
}

/* The type says __attribute__((noreturn)); the keyword _Noreturn is only an attribute. */
static bool is_noreturn_decl(struct frontend *fe, CXCursor c)
{
	struct frontend *found = fe;

	clang_visitChildren(c, find_noreturn, &found);
	return !found;
}

static ir_fn func_of_decl(struct frontend *fe, CXCursor decl)
{
	uint64_t *slot = map_get(&fe->func_of, fe_key(decl));
	struct ir_unit *u = &fe->unit;
	str_id name;
	ir_fn fn;

	if (slot) {
		fe_func_locate(fe, (ir_fn)*slot - 1);
		return (ir_fn)*slot - 1;
	}
	name = fe_name(fe, decl);
	slot = map_get(&u->func_index, name);
	fn = slot ? (ir_fn)*slot : func_new(fe, name);
	if (!slot) {
		func_describe(fe, fn, decl, false);
		if (is_noreturn_decl(fe, decl))
			u->funcs.v[fn].flags |= IR_FN_NORETURN;
		((struct fe_decl *)u->funcs.v[fn].decl)->builtin = fe_builtin(fe, name);
	}
	fe_func_locate(fe, fn);
	*map_put(&fe->func_of, fe_key(decl)) = (uint64_t)fn + 1;
	return fn;
}

/* The code refers to the function, whose body may be one that was not parsed. */
static ir_fn refer(struct frontend *fe, ir_fn fn)
{
	const struct ir_func *f = fn == IR_NONE ? NULL : &fe->unit.funcs.v[fn];

	if (fe->bodies && f && !(f->flags & IR_FN_HAS_BODY))
		fe->missed |= bodies_left_out(fe->bodies, fe_str(fe, f->name));
	return fn;
}

ir_fn fe_func(struct frontend *fe, CXCursor decl)
{
	return refer(fe, func_of_decl(fe, decl));
}

static enum CXChildVisitResult name_decl(CXCursor c, CXCursor parent, CXClientData data)
{
	struct frontend *fe = data;

	(void)parent;
	if (clang_getCursorKind(c) == CXCursor_FunctionDecl ||
	    clang_getCursorKind(c) == CXCursor_VarDecl)
		*map_put(&fe->decl_of_name, fe_name(fe, c)) =
			(uint64_t)(uintptr_t)arena_memdup(&fe->unit.arena, &c, sizeof(c));
	return CXChildVisit_Continue;
}

static CXCursor decl_named(struct frontend *fe, const char *name, enum CXCursorKind kind)
{
	const uint64_t *slot;
	CXCursor c;

	if (!fe->decls_named)
		clang_visitChildren(clang_getTranslationUnitCursor(fe->tu), name_decl, fe);
	fe->decls_named = true;
	slot = map_get(&fe->decl_of_name, intern_str(&fe->unit.names, name));
	if (!slot)
		return clang_getNullCursor();
	c = *(const CXCursor *)(uintptr_t)*slot;
	return clang_getCursorKind(c) == kind ? c : clang_getNullCursor();
}

ir_fn fe_func_named(struct frontend *fe, const char *name)
{
	ir_fn fn = ir_func_find(&fe->unit, name);
	CXCursor c;

	if (fn != IR_NONE)
		return refer(fe, fn);
	c = decl_named(fe, name, CXCursor_FunctionDecl);
	return clang_Cursor_isNull(c) ? IR_NONE : fe_func(fe, c);
}

CXCursor fe_variable_named(struct frontend *fe, const char *name)
{
	return decl_named(fe, name, CXCursor_VarDecl);
}

ir_fn fe_func_library(struct frontend *fe, const char *name, ctype ret)
{
	ir_fn fn = fe_func_named(fe, name);

	if (fn == IR_NONE) {
		fn = func_new(fe, intern_str(&fe->unit.names, name));
		fe->unit.funcs.v[fn].ret = ret->t;
	}
	return fn;
}

ir_glob fe_global_new(struct frontend *fe, struct ir_global g)
{
	array_push(&fe->unit.globals, g);
	return fe->unit.globals.n - 1;
}

/* Of an array clang has the qualifier of the elements at the canonical array type. */
static bool is_const(CXType t)
{
	CXType c = clang_getCanonicalType(t);

	while (!clang_isConstQualifiedType(c) &&
	       (c.kind == CXType_ConstantArray || c.kind == CXType_IncompleteArray))
		c = clang_getCanonicalType(clang_getArrayElementType(c));
	return clang_isConstQualifiedType(c);
}

/* The definition, a tentative one too, or the declaration itself. */
static CXCursor var_definition(struct frontend *fe, CXCursor c)
{
	CXCursor def = clang_getCursorDefinition(c);
	uint64_t *slot;

	if (!clang_Cursor_isNull(def) &&
	    !clang_Cursor_isNull(clang_Cursor_getVarDeclInitializer(def)))
		return def;
	slot = map_get(&fe->tentative_of, fe_key(clang_getCanonicalCursor(c)));
	return slot ? *(const CXCursor *)(uintptr_t)*slot : c;
}

ir_glob fe_global(struct frontend *fe, CXCursor decl, ir_fn owner)
{
	uint64_t *slot = map_get(&fe->glob_of, fe_key(decl)), key;
	struct ir_global g = { .owner = owner, .is_local = owner != IR_NONE };
	struct fe_decl *d;
	CXCursor def, first;
	ir_glob id;

	if (slot)
		return (ir_glob)*slot - 1;
	first = clang_getCanonicalCursor(decl);
	key = fe_key(first);
	slot = map_get(&fe->glob_of, key);
	if (slot) {
		id = (ir_glob)*slot - 1;
		*map_put(&fe->glob_of, fe_key(decl)) = (uint64_t)id + 1;
		return id;
	}
	def = var_definition(fe, decl);
	d = arena_new(&fe->unit.arena, struct fe_decl);
	d->cursor = def;
	g.decl = d;
	g.name = fe_name(fe, def);
	g.type = fe_type(fe, clang_getCursorType(def))->t;
	g.is_static = clang_Cursor_getStorageClass(def) == CX_SC_Static;
	g.is_extern = clang_Cursor_getStorageClass(def) == CX_SC_Extern &&
		      clang_Cursor_isNull(clang_Cursor_getVarDeclInitializer(def));
	g.is_const = is_const(clang_getCursorType(def));
	/* A global register variable is the register. */
	g.has_init = !g.is_extern && clang_Cursor_getStorageClass(def) != CX_SC_Register;
	id = fe_global_new(fe, g);
	*map_put(&fe->glob_of, key) = (uint64_t)id + 1;
	*map_put(&fe->glob_of, fe_key(decl)) = (uint64_t)id + 1;
	if (owner == IR_NONE)
		*map_put(&fe->unit.global_index, g.name) = id;
	if (g.has_init)
		array_push(&fe->pending, id);
	return id;
}

ir_glob frontend_variable(struct frontend *fe, const char *name)
{
	ir_glob known = fe->has_unit ? ir_global_find(&fe->unit, name) : IR_NONE;
	CXCursor decl;

	if (known != IR_NONE || !fe->has_unit)
		return known;
	decl = fe_variable_named(fe, name);
	return clang_Cursor_isNull(decl) ? IR_NONE : fe_global(fe, decl, IR_NONE);
}

static void list_function(struct frontend *fe, CXCursor c)
{
	str_id name;
	uint64_t *slot;
	ir_fn fn;

	if (!clang_isCursorDefinition(c))
		return;
	name = fe_name(fe, c);
	slot = map_get(&fe->unit.func_index, name);
	fn = slot ? (ir_fn)*slot : func_new(fe, name);
	func_describe(fe, fn, c, true);
	*map_put(&fe->func_of, fe_key(c)) = (uint64_t)fn + 1;
}

/* Tables outside of headers matter at once: they say which functions are entry points. */
static void list_variable(struct frontend *fe, CXCursor c)
{
	bool has_init = !clang_Cursor_isNull(clang_Cursor_getVarDeclInitializer(c));
	uint64_t *slot;
	CXFile file;

	if (clang_Cursor_getStorageClass(c) != CX_SC_Extern || has_init) {
		slot = map_put(&fe->tentative_of, fe_key(clang_getCanonicalCursor(c)));
		if (!*slot || has_init)
			*slot = (uint64_t)(uintptr_t)arena_memdup(&fe->unit.arena, &c, sizeof(c));
	}
	if (!has_init)
		return;
	clang_getExpansionLocation(clang_getCursorLocation(c), &file, NULL, NULL, NULL);
	if (!fe_file(fe, file)->header)
		fe_global(fe, c, IR_NONE);
}

static enum CXChildVisitResult list_decl(CXCursor c, CXCursor parent, CXClientData data)
{
	struct frontend *fe = data;
	enum CXCursorKind kind = clang_getCursorKind(c);

	(void)parent;
	if (kind == CXCursor_FunctionDecl)
		list_function(fe, c);
	else if (kind == CXCursor_VarDecl)
		list_variable(fe, c);
	return CXChildVisit_Continue;
}

void fe_list_decls(struct frontend *fe)
{
	clang_visitChildren(clang_getTranslationUnitCursor(fe->tu), list_decl, fe);
}

void fe_drain_globals(struct frontend *fe)
{
	for (uint32_t i = 0; i < fe->pending.n; i++)
		fe_init_global(fe, fe->pending.v[i]);
	array_clear(&fe->pending);
}
