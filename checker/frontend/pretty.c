/* SPDX-License-Identifier: MIT */
/*
 * The printed form of a function shows what the cursors hide: which clauses a
 * for statement has, the labels of an asm goto, and before libclang 21 all of
 * an asm but its expressions. The n-th statement of a kind in the text is the
 * n-th cursor of that kind; where the numbers differ, nothing is known.
 */
#include "frontend/asm.h"

#include <ctype.h>
#include <string.h>

struct printed {
	Array(uint64_t) keys;		/* of the cursors, in order */
	Array(const char *) texts;	/* where the statements start */
};

struct pretty {	/* of one function */
	char *text;
	struct printed fors, asms, generics;
};

/* ---------------------------------------------------------------- cursors */

static void walk(struct lower *lw, CXCursor c, struct pretty *p);

static bool same_begin(CXCursor a, CXCursor b)
{
	return clang_equalRanges(clang_getCursorExtent(a), clang_getCursorExtent(b));
}

/* The first operand of a ?: b is shown three times. */
static bool is_elvis(CXCursor c, struct kids k)
{
	return clang_getCursorKind(c) == CXCursor_UnexposedExpr && k.n == 4 &&
	       same_begin(k.v[0], k.v[1]) && same_begin(k.v[0], k.v[2]);
}

static void walk_kids(struct lower *lw, CXCursor c, struct pretty *p)
{
	struct kids k = lw_kids(lw, c);
	bool elvis = is_elvis(c, k);

	for (unsigned i = 0; i < k.n; i++)
		if (!elvis || i == 0 || i == 3)
			walk(lw, k.v[i], p);
}

static void walk(struct lower *lw, CXCursor c, struct pretty *p)
{
	enum CXCursorKind kind = clang_getCursorKind(c);

	if (!lw_enter(lw))
		return;
	if (kind == CXCursor_ForStmt)
		array_push(&p->fors.keys, fe_stmt_key(c));
	else if (kind == CXCursor_GCCAsmStmt)
		array_push(&p->asms.keys, fe_stmt_key(c));
	else if (kind == CXCursor_GenericSelectionExpr)
		array_push(&p->generics.keys, fe_stmt_key(c));
	walk_kids(lw, c, p);
	lw_leave(lw);
}

/* ------------------------------------------------------------------- text */

/* Behind a string or character literal that starts at s. */
static const char *skip_literal(const char *s)
{
	char quote = *s++;

	while (*s && *s != quote)
		s += *s == '\\' && s[1] ? 2 : 1;
	return *s ? s + 1 : s;
}

static const char *skip_word(const char *s)
{
	while (isalnum((unsigned char)*s) || *s == '_')
		s++;
	return s;
}

static bool starts(const char *s, const char *prefix)
{
	return !strncmp(s, prefix, strlen(prefix));
}

/* A declaration's asm("name") has no blank before its parenthesis. */
static bool is_asm_stmt(const char *s)
{
	return starts(s, "asm (") || starts(s, "asm volatile (") || starts(s, "asm goto (") ||
	       starts(s, "asm volatile goto (");
}

static void find_statements(struct pretty *p)
{
	const char *s = p->text;

	while (*s) {
		if (*s == '"' || *s == '\'') {
			s = skip_literal(s);
		} else if (isalnum((unsigned char)*s) || *s == '_') {
			if (starts(s, "for ("))
				array_push(&p->fors.texts, s);
			else if (is_asm_stmt(s))
				array_push(&p->asms.texts, s);
			else if (starts(s, "_Generic("))
				array_push(&p->generics.texts, s);
			s = skip_word(s);
		} else {
			s++;
		}
	}
}

static char *print_function(struct lower *lw)
{
	CXPrintingPolicy policy = clang_getCursorPrintingPolicy(lw->body);
	CXString text = clang_getCursorPrettyPrinted(lw->body, policy);
	char *copy = arena_strdup(&lw->arena, clang_getCString(text) ? clang_getCString(text) : "");

	clang_disposeString(text);
	clang_PrintingPolicy_dispose(policy);
	return copy;
}

static void to_arena(struct lower *lw, struct printed *p)
{
	uint64_t *keys = p->keys.v;
	const char **texts = p->texts.v;

	p->keys.v = arena_memdup(&lw->arena, keys, p->keys.n * sizeof(*keys));
	p->texts.v = arena_memdup(&lw->arena, texts, p->texts.n * sizeof(*texts));
	free(keys);
	free(texts);
}

static const struct pretty *pretty(struct lower *lw)
{
	struct pretty *p = lw->pretty;

	if (p)
		return p;
	p = lw->pretty = arena_new(&lw->arena, struct pretty);
	p->text = print_function(lw);
	walk_kids(lw, lw->body, p);
	find_statements(p);
	to_arena(lw, &p->fors);
	to_arena(lw, &p->asms);
	to_arena(lw, &p->generics);
	return p;
}

static const char *text_of(const struct printed *p, CXCursor c)
{
	if (p->keys.n != p->texts.n)
		return NULL;
	for (uint32_t i = 0; i < p->keys.n; i++)
		if (p->keys.v[i] == fe_stmt_key(c))
			return p->texts.v[i];
	return NULL;
}

/* ---------------------------------------------------------------- queries */

/* The next character of stops, or the parenthesis that closes what s is in. */
static const char *clause_end(const char *s, const char *stops)
{
	int depth = 0;

	while (*s) {
		if (*s == '"' || *s == '\'') {
			s = skip_literal(s);
			continue;
		}
		if (!depth && (*s == ')' || strchr(stops, *s)))
			return s;
		if (*s == '(' || *s == '{' || *s == '[')
			depth++;
		else if (*s == ')' || *s == '}' || *s == ']')
			depth--;
		s++;
	}
	return s;
}

static bool is_blank(const char *s, const char *end)
{
	for (; s < end; s++)
		if (!isspace((unsigned char)*s))
			return false;
	return true;
}

bool lw_for_clauses(struct lower *lw, CXCursor c, unsigned *which)
{
	const char *s = lw->fn == IR_NONE ? NULL : text_of(&pretty(lw)->fors, c), *end;

	if (!s)
		return false;
	s += strlen("for (");
	*which = 0;
	for (unsigned i = 0; i < 3; i++, s = end + 1) {
		end = clause_end(s, ";");
		if (!*end)
			return false;
		if (!is_blank(s, end))
			*which |= 1u << i;
	}
	return true;
}

unsigned lw_generic_types(struct lower *lw, CXCursor c, const char **types, unsigned max)
{
	const char *s = lw->fn == IR_NONE ? NULL : text_of(&pretty(lw)->generics, c), *end;
	unsigned n = 0;

	if (!s)
		return 0;
	s = clause_end(s + strlen("_Generic("), ",");
	while (*s == ',' && n < max) {
		s += strspn(s, ", ");
		end = clause_end(s, ":");
		types[n++] = arena_strndup(&lw->arena, s, (size_t)(end - s));
		s = clause_end(end, ",");
	}
	return n;
}

const char *lw_asm_printed(struct lower *lw, CXCursor c)
{
	return lw->fn == IR_NONE ? NULL : text_of(&pretty(lw)->asms, c);
}

/* Behind the n-th colon at the level of the asm's own parenthesis; NULL without one. */
static const char *section(const char *s, unsigned n)
{
	int depth = 0;

	for (; *s; s++) {
		if (*s == '"' || *s == '\'') {
			s = skip_literal(s) - 1;
			continue;
		}
		if (*s == '(' || *s == '{' || *s == '[')
			depth++;
		else if (*s == ')' || *s == '}' || *s == ']')
			depth--;
		if (!depth && *s == ')')
			return NULL;
		if (depth == 1 && *s == ':' && !--n)
			return s + 1;
	}
	return NULL;
}

bool lw_asm_labels(struct lower *lw, CXCursor c, const str_id **names, unsigned *n)
{
	const char *s = lw_asm_printed(lw, c), *end;
	str_id *out;

	s = s ? section(s, 4) : NULL;
	if (!s)
		return false;
	out = arena_new_array(&lw->arena, str_id, strcspn(s, ")") + 1);
	for (*n = 0; *s && *s != ')'; s = end) {
		end = skip_word(s);
		if (end == s)
			end++;
		else
			out[(*n)++] = intern_strn(&lw->u->names, s, (size_t)(end - s));
	}
	*names = out;
	return *n != 0;
}
