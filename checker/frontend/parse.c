/* SPDX-License-Identifier: MIT */
#include "frontend/internal.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/*
 * libclang does not show the argument of __attribute__((cleanup(f))). The
 * kernel writes __cleanup(f), so an annotation is put beside the attribute;
 * that one is shown. Macros like __must_hold(x) expand to nothing; what the
 * models call annotations is shown in the same way, see contract.c. Parsed
 * behind the last -include of the command line.
 */
#define SHIM_NAME "/protflow/shim.h"
static const char shim_cleanup[] =
	"#ifdef __cleanup\n"
	"#undef __cleanup\n"
	"#define __cleanup(f) __attribute__((__cleanup__(f), __annotate__(\"cleanup=\" #f)))\n"
	"#endif\n";

/*
 * Stands between the source and the snippet. It is seen at file scope only
 * where the source has left every brace and every conditional closed; else the
 * snippet would hide that from the diagnostics of the source.
 */
#define SENTINEL "protflow_end_of_source_"

static void write_shim(const struct model *model, struct buffer *b)
{
	buffer_puts(b, shim_cleanup);
	for (unsigned i = 0; model && i < model->annotations.n; i++) {
		const char *name = model->annotations.v[i];

		buffer_printf(b, "#undef %s\n#define %s(...) __attribute__((__annotate__(\"%s(\" "
			      "#__VA_ARGS__ \")\")))\n", name, name, name);
	}
	for (unsigned i = 0; model && i < model->unguarded_functions.n; i++) {
		const char *name = model->unguarded_functions.v[i];

		buffer_printf(b, "#undef %s\n#define %s __attribute__((__annotate__(\"%s\")))\n",
			      name, name, name);
	}
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9;
}

static enum CXChildVisitResult push_kid(CXCursor c, CXCursor parent, CXClientData data)
{
	struct frontend *fe = data;

	(void)parent;
	array_push(&fe->kids, c);
	return CXChildVisit_Continue;
}

struct kids fe_kids(struct frontend *fe, struct arena *a, CXCursor c)
{
	struct kids k;

	array_clear(&fe->kids);
	clang_visitChildren(c, push_kid, fe);
	k.n = fe->kids.n;
	k.v = arena_memdup(a, fe->kids.v, k.n * sizeof(*k.v));
	return k;
}

str_id fe_name(struct frontend *fe, CXCursor c)
{
	CXString s = clang_getCursorSpelling(c);
	const char *text = clang_getCString(s);
	str_id id = intern_str(&fe->unit.names, text ? text : "");

	clang_disposeString(s);
	return id;
}

const char *fe_str(const struct frontend *fe, str_id id)
{
	return intern_get(&fe->unit.names, id);
}

/* clang_EvalResult_getAsInt() truncates to 32 bits; the other two do not. */
bool fe_evaluate(CXCursor c, uint64_t *value)
{
	CXEvalResult r = clang_Cursor_Evaluate(c);
	bool is_int = r && clang_EvalResult_getKind(r) == CXEval_Int;

	if (is_int)
		*value = clang_EvalResult_isUnsignedInt(r) ? clang_EvalResult_getAsUnsigned(r) :
			 (uint64_t)clang_EvalResult_getAsLongLong(r);
	if (r)
		clang_EvalResult_dispose(r);
	return is_int;
}

static const char *absolute(struct arena *a, const struct frontend_input *in)
{
	if (in->source[0] == '/' || !in->directory)
		return in->source;
	return arena_printf(a, "%s/%s", in->directory, in->source);
}

static void append_snippet(struct frontend *fe, const char *snippet)
{
	/* Two newlines: the source may end in a backslash. */
	buffer_puts(&fe->text, "\n\nextern int " SENTINEL ";\n#line 1 \"<protflow>\"\n");
	fe->snippet_at = fe->text.n;
	fe->snippet_line = 1;
	for (size_t i = 0; i < fe->text.n; i++)
		fe->snippet_line += fe->text.s[i] == '\n';
	buffer_puts(&fe->text, snippet);
	buffer_putc(&fe->text, '\n');
}

/* The files that are not read, but given; *n of them. */
static struct CXUnsavedFile *given_files(const struct frontend *fe,
					 const struct frontend_input *in, unsigned *n)
{
	const struct bodies *b = in->bodies;
	struct CXUnsavedFile *f = xcalloc((b ? b->files.n : 0) + 2, sizeof(*f));

	f[0] = (struct CXUnsavedFile){ SHIM_NAME, fe->shim.s, fe->shim.n };
	*n = 1;
	if (fe->snippet_at != SIZE_MAX)
		f[(*n)++] = (struct CXUnsavedFile){ in->source, fe->text.s, fe->text.n };
	for (uint32_t i = 0; b && i < b->files.n; i++)
		f[(*n)++] = (struct CXUnsavedFile){ b->files.v[i].path, b->files.v[i].text,
						    b->files.v[i].n };
	return f;
}

static bool parse_tu(struct frontend *fe, const struct frontend_input *in)
{
	unsigned nfiles;
	struct CXUnsavedFile *files = given_files(fe, in, &nfiles);
	const char **args = xcalloc(in->nargs + 16, sizeof(*args));
	enum CXErrorCode rc;
	int n = 0;

	if (in->directory) {
		args[n++] = "-working-directory";
		args[n++] = in->directory;
	}
	args[n++] = "-x";
	args[n++] = "c";
	for (unsigned i = 0; i < in->nargs; i++)
		args[n++] = in->args[i];
	args[n++] = "-w";
	args[n++] = "-ferror-limit=0";
	args[n++] = "-include";
	args[n++] = SHIM_NAME;
	rc = clang_parseTranslationUnit2(fe->index, in->source, args, n, files, nfiles, 0, &fe->tu);
	free(args);
	free(files);
	return rc == CXError_Success && fe->tu;
}

static enum CXChildVisitResult find_sentinel(CXCursor c, CXCursor parent, CXClientData data)
{
	struct frontend *fe = *(struct frontend **)data;

	(void)parent;
	if (clang_getCursorKind(c) != CXCursor_VarDecl ||
	    strcmp(fe_str(fe, fe_name(fe, c)), SENTINEL))
		return CXChildVisit_Continue;
	*(struct frontend **)data = NULL;
	return CXChildVisit_Break;
}

static bool sentinel_seen(struct frontend *fe)
{
	struct frontend *wanted = fe;

	clang_visitChildren(clang_getTranslationUnitCursor(fe->tu), find_sentinel, &wanted);
	return !wanted;
}

static bool has_errors(CXTranslationUnit tu)
{
	unsigned n = clang_getNumDiagnostics(tu);
	bool any = false;

	for (unsigned i = 0; i < n && !any; i++) {
		CXDiagnostic d = clang_getDiagnostic(tu, i);

		any = clang_getDiagnosticSeverity(d) >= CXDiagnostic_Error;
		clang_disposeDiagnostic(d);
	}
	return any;
}

static bool parse_source(struct frontend *fe, const struct frontend_input *in)
{
	write_shim(in->model, &fe->shim);
	if (in->snippet)
		append_snippet(fe, in->snippet);
	if (!parse_tu(fe, in))
		return false;
	if (in->snippet && has_errors(fe->tu) && !sentinel_seen(fe)) {
		clang_disposeTranslationUnit(fe->tu);
		fe->tu = NULL;
		fe->snippet_at = SIZE_MAX;
		return parse_tu(fe, in);
	}
	return true;
}

static void fail(struct frontend *fe, const char *source, const char *text)
{
	fe_add_diag(fe, (struct frontend_diag){ .severity = FE_FATAL, .fn = IR_NONE,
						.file = source, .text = text });
}

struct frontend *frontend_parse(const struct frontend_input *in)
{
	struct frontend *fe = xcalloc(1, sizeof(*fe));
	struct ir_unit *u = &fe->unit;
	double start = now();
	int rc;

	ir_unit_init(u);
	fe->model = in->model;
	fe->bodies = in->bodies;
	fe->snippet_at = SIZE_MAX;
	fe->va_list_tag = IR_NONE;
	fe->source = arena_strdup(&u->arena, in->source);
	rc = buffer_read_file(&fe->text, absolute(&u->arena, in), 0);
	if (rc) {
		fail(fe, fe->source, arena_printf(&u->arena, "cannot be read: %s", strerror(-rc)));
		return fe;
	}
	fe->index = clang_createIndex(0, 0);
	if (!parse_source(fe, in)) {
		fail(fe, fe->source, "libclang cannot parse the file with these flags");
		return fe;
	}
	fe->stats.parse_seconds = now() - start;
	fe->has_unit = true;
	fe->main_file = clang_getFile(fe->tu, in->source);
	u->file = intern_str(&u->names, in->source);
	u->lower = fe_lower;
	u->lower_arg = fe;
	fe_types_init(fe);
	fe_list_decls(fe);
	fe_read_diags(fe);
	fe_drain_globals(fe);
	fe->stats.lower_seconds = now() - start - fe->stats.parse_seconds;
	return fe;
}

bool frontend_missed(struct frontend *fe)
{
	fe->bodies = NULL;
	return fe->missed;
}

void frontend_free(struct frontend *fe)
{
	if (!fe)
		return;
	if (fe->tu)
		clang_disposeTranslationUnit(fe->tu);
	if (fe->index)
		clang_disposeIndex(fe->index);
	for (uint32_t i = 0; i < fe->records.n; i++)
		array_release(&fe->records.v[i].members);
	array_release(&fe->records);
	array_release(&fe->diags);
	array_release(&fe->files);
	array_release(&fe->kids);
	array_release(&fe->pending);
	for (struct map *m = &fe->type_of; m <= &fe->decl_of_name; m++)
		map_release(m);
	buffer_release(&fe->text);
	buffer_release(&fe->shim);
	ir_unit_release(&fe->unit);
	free(fe);
}

struct ir_unit *frontend_unit(struct frontend *fe)
{
	return fe->has_unit ? &fe->unit : NULL;
}

const struct frontend_diag *frontend_diags(const struct frontend *fe, unsigned *n)
{
	*n = fe->diags.n;
	return fe->diags.v;
}

void frontend_stats(const struct frontend *fe, struct frontend_stats *out)
{
	*out = fe->stats;
}

const char *frontend_version(void)
{
	static char version[128];
	CXString s = clang_getClangVersion();

	snprintf(version, sizeof(version), "%s", clang_getCString(s));
	clang_disposeString(s);
	return version;
}
