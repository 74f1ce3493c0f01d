/* SPDX-License-Identifier: MIT */
#include "frontend/internal.h"

/* Where the definition of a function stands, to tell in which one a message lies. */
struct extent {
	CXFile file;
	unsigned begin, end;
	ir_fn fn;
};

struct extents {
	bool known;
	Array(struct extent) v;
};

void fe_add_diag(struct frontend *fe, struct frontend_diag d)
{
	array_push(&fe->diags, d);
}

static void find_extents(struct frontend *fe, struct extents *x)
{
	x->known = true;
	for (ir_fn fn = 0; fn < fe->unit.funcs.n; fn++) {
		const struct ir_func *f = &fe->unit.funcs.v[fn];
		struct extent e = { .fn = fn };
		CXSourceRange r;

		if (!(f->flags & IR_FN_HAS_BODY))
			continue;
		r = clang_getCursorExtent(((const struct fe_decl *)f->decl)->cursor);
		clang_getExpansionLocation(clang_getRangeStart(r), &e.file, NULL, NULL, &e.begin);
		clang_getExpansionLocation(clang_getRangeEnd(r), NULL, NULL, NULL, &e.end);
		array_push(&x->v, e);
	}
}

static ir_fn function_at(struct frontend *fe, struct extents *x, CXFile file, unsigned off)
{
	if (!x->known)
		find_extents(fe, x);
	for (uint32_t i = 0; file && i < x->v.n; i++)
		if (x->v.v[i].begin <= off && off <= x->v.v[i].end &&
		    clang_File_isEqual(x->v.v[i].file, file))
			return x->v.v[i].fn;
	return IR_NONE;
}

/*
 * clang drops what it cannot understand from the tree without a trace, so the
 * body of a function with an error in it says nothing.
 */
static void fail_function(struct frontend *fe, ir_fn fn, const char *text, ir_loc loc)
{
	struct ir_func *f = &fe->unit.funcs.v[fn];

	if (f->state == IR_BODY_FAILED)
		return;
	f->state = IR_BODY_FAILED;
	f->reason = ir_reason_add(&fe->unit, IR_R_PARSE, text, loc);
}

static void read_diag(struct frontend *fe, struct extents *x, CXDiagnostic d)
{
	bool fatal = clang_getDiagnosticSeverity(d) == CXDiagnostic_Fatal;
	struct frontend_diag out = { .severity = fatal ? FE_FATAL : FE_ERROR, .fn = IR_NONE };
	CXSourceLocation loc = clang_getDiagnosticLocation(d);
	CXString text = clang_getDiagnosticSpelling(d);
	unsigned off;
	CXFile file;

	clang_getExpansionLocation(loc, &file, &out.line, &out.col, &off);
	out.text = arena_strdup(&fe->unit.arena, clang_getCString(text));
	out.file = file ? fe_str(fe, fe_file(fe, file)->name) : fe->source;
	clang_disposeString(text);
	out.fn = function_at(fe, x, file, off);
	if (out.fn != IR_NONE)
		fail_function(fe, out.fn, out.text, fe_loc(fe, clang_getRange(loc, loc)));
	if (file && off >= fe->snippet_at && clang_File_isEqual(file, fe->main_file)) {
		out.in_snippet = true;
		out.file = "<protflow>";
		out.line -= fe->snippet_line - 1;
	}
	fe_add_diag(fe, out);
}

void fe_read_diags(struct frontend *fe)
{
	unsigned n = clang_getNumDiagnostics(fe->tu);
	struct extents x = { 0 };

	for (unsigned i = 0; i < n; i++) {
		CXDiagnostic d = clang_getDiagnostic(fe->tu, i);

		if (clang_getDiagnosticSeverity(d) >= CXDiagnostic_Error)
			read_diag(fe, &x, d);
		clang_disposeDiagnostic(d);
	}
	array_release(&x.v);
}
