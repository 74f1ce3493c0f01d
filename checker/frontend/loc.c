/* SPDX-License-Identifier: MIT */
#include "frontend/internal.h"

#include <ctype.h>
#include <string.h>

static bool is_header_path(const char *name)
{
	return strstr(name, "/include/") || !strncmp(name, "include/", 8);
}

const struct fe_file *fe_file(struct frontend *fe, CXFile file)
{
	static const struct fe_file none;
	struct fe_file *f;
	uint64_t *slot;
	CXString s;

	if (!file)
		return &none;
	slot = map_put(&fe->file_of, (uint64_t)(uintptr_t)file);
	if (*slot)
		return &fe->files.v[*slot - 1];
	s = clang_getFileName(file);
	f = array_add(&fe->files);
	*slot = fe->files.n;
	f->file = file;
	f->name = intern_str(&fe->unit.names, clang_getCString(s) ? clang_getCString(s) : "");
	f->header = is_header_path(fe_str(fe, f->name));
	clang_disposeString(s);
	return f;
}

static const char *file_text(struct frontend *fe, const struct fe_file *f, size_t *len)
{
	struct fe_file *w = &fe->files.v[f - fe->files.v];

	if (!w->text)
		w->text = clang_getFileContents(fe->tu, w->file, &w->len);
	*len = w->len;
	return w->text;
}

static const char *text_at(struct frontend *fe, const struct fe_file *f, unsigned off, size_t *left)
{
	const char *text;
	size_t len;

	if (!f->file)
		return NULL;
	text = file_text(fe, f, &len);
	if (!text || off >= len)
		return NULL;
	*left = len - off;
	return text + off;
}

const char *fe_spelt_at(struct frontend *fe, CXSourceLocation loc, size_t *left)
{
	unsigned off;
	CXFile file;

	clang_getSpellingLocation(loc, &file, NULL, NULL, &off);
	return text_at(fe, fe_file(fe, file), off, left);
}

static str_id identifier_at(struct frontend *fe, const struct fe_file *f, unsigned off)
{
	size_t left, n = 0;
	const char *s = text_at(fe, f, off, &left);

	if (!s)
		return 0;
	while (n < left && (isalnum((unsigned char)s[n]) || s[n] == '_'))
		n++;
	return intern_strn(&fe->unit.names, s, n);
}

/*
 * The identifier at the expansion location of code inside a macro is the name
 * of the outermost macro; no preprocessing record is needed.
 */
static void add_macro(struct frontend *fe, struct ir_place *p, CXSourceLocation begin, CXFile file,
		      unsigned off)
{
	unsigned line, col, spell_off;
	CXFile spell;

	clang_getSpellingLocation(begin, &spell, &line, &col, &spell_off);
	if (spell == file && spell_off == off)
		return;
	p->macro = identifier_at(fe, fe_file(fe, file), off);
	if (!spell)
		return;
	p->spell_file = fe_file(fe, spell)->name;
	p->spell_line = line;
	p->spell_col = col;
}

ir_loc fe_loc(struct frontend *fe, CXSourceRange r)
{
	uint64_t key = (uint64_t)r.begin_int_data << 32 | r.end_int_data;
	uint64_t *slot = map_put(&fe->loc_of, key);
	struct ir_place p = { 0 };
	CXSourceLocation begin, end;
	unsigned off;
	CXFile file;
	ir_loc loc;

	if (*slot)
		return (ir_loc)*slot - 1;
	begin = clang_getRangeStart(r);
	clang_getExpansionLocation(begin, &file, &p.line, &p.col, &off);
	if (file) {
		end = clang_getRangeEnd(r);
		clang_getExpansionLocation(end, NULL, &p.end_line, &p.end_col, NULL);
		p.file = fe_file(fe, file)->name;
		add_macro(fe, &p, begin, file, off);
	}
	loc = file ? ir_place_add(&fe->unit, p) : 0;
	*slot = (uint64_t)loc + 1;
	return loc;
}

/* Not by clang_getLocationForOffset(), which costs more than all else of a small function. */
ir_loc fe_loc_end(struct frontend *fe, CXCursor c)
{
	CXSourceLocation end = clang_getRangeEnd(clang_getCursorExtent(c));
	struct ir_place p = { 0 };
	unsigned off;
	CXFile file;

	clang_getExpansionLocation(end, &file, &p.end_line, &p.end_col, &off);
	if (!file || p.end_col < 2)
		return 0;
	p.file = fe_file(fe, file)->name;
	p.line = p.end_line;
	p.col = p.end_col - 1;
	return ir_place_add(&fe->unit, p);
}
