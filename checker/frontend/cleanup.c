/* SPDX-License-Identifier: MIT */
#include "frontend/internal.h"

#include <ctype.h>
#include <string.h>

struct attr_search {
	struct lower *lw;
	char *name;		/* of the cleanup function, once known */
	bool hidden;		/* an attribute cleanup without the annotation beside it */
};

static bool spells_cleanup(struct lower *lw, CXCursor attr)
{
	size_t left;
	const char *s = fe_spelt_at(lw->fe, clang_getCursorLocation(attr), &left);

	return s && left > 11 && (!strncmp(s, "cleanup", 7) || !strncmp(s, "__cleanup__", 11));
}

static enum CXChildVisitResult find_attr(CXCursor c, CXCursor parent, CXClientData data)
{
	struct attr_search *s = data;
	enum CXCursorKind kind = clang_getCursorKind(c);
	const char *text;

	(void)parent;
	if (kind == CXCursor_AnnotateAttr) {
		text = fe_str(s->lw->fe, fe_name(s->lw->fe, c));
		if (!strncmp(text, "cleanup=", 8))
			s->name = arena_strdup(&s->lw->arena, text + 8);
	} else if (kind == CXCursor_UnexposedAttr && spells_cleanup(s->lw, c)) {
		s->hidden = true;
	}
	return CXChildVisit_Continue;
}

/* clang prints the declaration with the attribute and its argument. */
static char *printed_name(struct lower *lw, CXCursor var)
{
	CXPrintingPolicy policy = clang_getCursorPrintingPolicy(var);
	CXString text = clang_getCursorPrettyPrinted(var, policy);
	const char *s = clang_getCString(text) ? strstr(clang_getCString(text), "cleanup(") : NULL;
	char *name = NULL;
	size_t n = 0;

	if (s) {
		s += strlen("cleanup(");
		while (isalnum((unsigned char)s[n]) || s[n] == '_')
			n++;
		name = arena_strndup(&lw->arena, s, n);
	}
	clang_disposeString(text);
	clang_PrintingPolicy_dispose(policy);
	return name;
}

void lw_find_cleanup(struct lower *lw, CXCursor var, uint32_t local, ctype t)
{
	struct attr_search s = { .lw = lw };
	struct cleanup *c;

	clang_visitChildren(var, find_attr, &s);
	if (!s.name && !s.hidden)
		return;
	if (!s.name)
		s.name = printed_name(lw, var);
	c = arena_new(&lw->arena, struct cleanup);
	c->up = lw->cleanups;
	c->depth = c->up ? c->up->depth + 1 : 1;
	c->local = local;
	c->t = t;
	c->fn = s.name ? fe_func_named(lw->fe, s.name) : IR_NONE;
	lw->cleanups = c;
}
