/* SPDX-License-Identifier: MIT */
#include "frontend/asm.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* "Q" is memory of arm64, and some registers of x86. */
static bool is_memory(struct lower *lw, const char *constraint)
{
	if (lw->fe->machine == MODEL_ARM64)
		return strpbrk(constraint, "moQ") && !strpbrk(constraint, "rg");
	return strpbrk(constraint, "mo") && !strpbrk(constraint, "rqag");
}

static void classify(struct lower *lw, struct asm_stmt *s, struct asm_operand *o)
{
	const char *k = o->constraint;

	o->inout = o->output && strchr(k, '+');
	o->flag = o->output && strstr(k, "@cc") ? strstr(k, "@cc") + 3 : NULL;
	o->tied = -1;
	if (!o->output && isdigit((unsigned char)*k) && (unsigned)(*k - '0') < s->nout) {
		o->tied = *k - '0';
		s->ops[o->tied].tied = (int)(o - s->ops);
	}
	/* An input that is no memory operand has been converted to a value. */
	o->memory = o->output ? is_memory(lw, k) && !o->flag : lw_is_lvalue(lw, o->expr);
}

#if PROTFLOW_LIBCLANG >= 21

static char *dup_string(struct lower *lw, CXString s)
{
	char *copy = arena_strdup(&lw->arena, clang_getCString(s) ? clang_getCString(s) : "");

	clang_disposeString(s);
	return copy;
}

/* "${1:b}" and "$1" of LLVM's form; *s stands behind the dollar sign. */
static void operand_reference(const char **s, struct buffer *out)
{
	unsigned n = 0;
	char modifier = 0;
	bool braces = **s == '{';

	*s += braces;
	while (isdigit((unsigned char)**s))
		n = n * 10 + (unsigned)(*(*s)++ - '0');
	if (braces && **s == ':')
		modifier = *++*s;
	while (braces && **s && **s != '}')
		(*s)++;
	*s += braces && **s;
	buffer_putc(out, '%');
	if (modifier)
		buffer_putc(out, modifier);
	buffer_printf(out, "%u", n);
}

/* libclang rewrites the template for LLVM: $0 is an operand, $$ a dollar sign. */
static const char *gcc_form(struct lower *lw, const char *s)
{
	struct buffer out = BUFFER_INIT;
	const char *copy;

	while (*s) {
		if (*s == '%') {
			buffer_puts(&out, "%%");
			s++;
		} else if (*s != '$') {
			buffer_putc(&out, *s++);
		} else if (*++s == '{' || isdigit((unsigned char)*s)) {
			operand_reference(&s, &out);
		} else {
			/* $( $| $) stand for { | }, $$ for $ */
			buffer_putc(&out, *s == '(' ? '{' : *s == ')' ? '}' : *s ? *s : '$');
			s += *s != 0;
		}
	}
	copy = arena_strdup(&lw->arena, buffer_str(&out));
	buffer_release(&out);
	return copy;
}

static void read_operand(struct lower *lw, CXCursor c, unsigned i, bool output,
			 struct asm_operand *o)
{
	CXString constraint;

	if (output)
		clang_Cursor_getGCCAssemblyOutput(c, i, &constraint, &o->expr);
	else
		clang_Cursor_getGCCAssemblyInput(c, i, &constraint, &o->expr);
	o->constraint = dup_string(lw, constraint);
	o->name = "";
	o->output = output;
}

void asm_read(struct lower *lw, CXCursor c, struct asm_stmt *s)
{
	unsigned nin = clang_Cursor_getGCCAssemblyNumInputs(c);
	unsigned nclobbers = clang_Cursor_getGCCAssemblyNumClobbers(c);
	char *text = dup_string(lw, clang_Cursor_getGCCAssemblyTemplate(c));

	s->known = true;
	s->text = gcc_form(lw, text);
	s->is_goto = clang_Cursor_isGCCAssemblyHasGoto(c);
	s->nout = clang_Cursor_getGCCAssemblyNumOutputs(c);
	s->nops = s->nout + nin;
	s->ops = arena_new_array(&lw->arena, struct asm_operand, s->nops);
	for (unsigned i = 0; i < s->nops; i++)
		read_operand(lw, c, i < s->nout ? i : i - s->nout, i < s->nout, &s->ops[i]);
	for (unsigned i = 0; i < s->nops; i++)
		classify(lw, s, &s->ops[i]);
	for (unsigned i = 0; i < nclobbers; i++) {
		text = dup_string(lw, clang_Cursor_getGCCAssemblyClobber(c, i));
		s->clobbers_memory |= !strcmp(text, "memory");
	}
}

#else /* libclang before 21 shows the expressions only; the rest is in the printed function */

struct reader {
	struct lower *lw;
	const char *s;
};

static void skip_blanks(struct reader *r)
{
	while (isspace((unsigned char)*r->s))
		r->s++;
}

static bool eat(struct reader *r, char c)
{
	skip_blanks(r);
	if (*r->s != c)
		return false;
	r->s++;
	return true;
}

static int unescape(struct reader *r)
{
	static const char names[] = "abfnrtv", values[] = "\a\b\f\n\r\t\v";
	const char *at;
	int v = 0;

	if (*r->s >= '0' && *r->s <= '7') {
		for (int i = 0; i < 3 && *r->s >= '0' && *r->s <= '7'; i++)
			v = v * 8 + *r->s++ - '0';
		return v;
	}
	at = strchr(names, *r->s);
	if (*r->s && at) {
		r->s++;
		return values[at - names];
	}
	return *r->s++;
}

/* A string literal, or NULL where there is none. */
static char *string(struct reader *r)
{
	struct buffer out = BUFFER_INIT;
	char *copy;

	if (!eat(r, '"'))
		return NULL;
	while (*r->s && *r->s != '"')
		if (*r->s == '\\') {
			r->s++;
			buffer_putc(&out, (char)unescape(r));
		} else {
			buffer_putc(&out, *r->s++);
		}
	r->s += *r->s == '"';
	copy = arena_strdup(&r->lw->arena, buffer_str(&out));
	buffer_release(&out);
	return copy;
}

static void skip_parenthesised(struct reader *r)
{
	int depth = 0;

	do {
		if (*r->s == '"' || *r->s == '\'') {
			char quote = *r->s++;

			while (*r->s && *r->s != quote)
				r->s += *r->s == '\\' && r->s[1] ? 2 : 1;
		} else if (*r->s == '(') {
			depth++;
		} else if (*r->s == ')') {
			depth--;
		}
		r->s += *r->s != 0;
	} while (depth && *r->s);
}

static bool operand(struct reader *r, struct asm_operand *o, bool output)
{
	const char *begin;

	*o = (struct asm_operand){ .name = "", .output = output };
	if (eat(r, '[')) {
		begin = r->s;
		while (*r->s && *r->s != ']')
			r->s++;
		o->name = arena_strndup(&r->lw->arena, begin, (size_t)(r->s - begin));
		r->s += *r->s == ']';
	}
	o->constraint = string(r);
	skip_blanks(r);
	if (!o->constraint || *r->s != '(')
		return false;
	skip_parenthesised(r);
	return true;
}

static bool operands(struct reader *r, struct asm_stmt *s, struct kids k, bool output)
{
	skip_blanks(r);
	if (*r->s == ':' || *r->s == ')')
		return true;
	do {
		if (s->nops >= k.n || !operand(r, &s->ops[s->nops], output))
			return false;
		s->ops[s->nops].expr = k.v[s->nops];
		s->nops++;
		s->nout += output;
	} while (eat(r, ','));
	return true;
}

static bool clobbers(struct reader *r, struct asm_stmt *s)
{
	const char *name;

	skip_blanks(r);
	if (*r->s == ':' || *r->s == ')')
		return true;
	do {
		name = string(r);
		if (!name)
			return false;
		s->clobbers_memory |= !strcmp(name, "memory");
	} while (eat(r, ','));
	return true;
}

static bool read_printed(struct reader *r, struct asm_stmt *s, struct kids k)
{
	const char *paren = strchr(r->s, '(');

	if (!paren)
		return false;
	for (const char *g = r->s; g < paren; g++)
		s->is_goto |= !strncmp(g, "goto", 4);
	r->s = paren + 1;
	s->text = string(r);
	if (!s->text)
		return false;
	if (eat(r, ':') && (!operands(r, s, k, true) ||
			    (eat(r, ':') && (!operands(r, s, k, false) ||
					     (eat(r, ':') && !clobbers(r, s))))))
		return false;
	return s->nops == k.n;
}

static unsigned number_of(const struct asm_stmt *s, const char *name, size_t n)
{
	for (unsigned i = 0; i < s->nops; i++)
		if (strlen(s->ops[i].name) == n && !memcmp(s->ops[i].name, name, n))
			return i;
	return 99;
}

/* %[name] by number. */
static const char *numbered(struct lower *lw, const struct asm_stmt *s)
{
	struct buffer out = BUFFER_INIT;
	const char *t = s->text, *end, *copy;

	while (*t) {
		end = *t == '[' ? strchr(t, ']') : NULL;
		if (end && t > s->text && (t[-1] == '%' || (t - 1 > s->text && t[-2] == '%'))) {
			buffer_printf(&out, "%u", number_of(s, t + 1, (size_t)(end - t - 1)));
			t = end + 1;
		} else {
			buffer_putc(&out, *t++);
		}
	}
	copy = arena_strdup(&lw->arena, buffer_str(&out));
	buffer_release(&out);
	return copy;
}

static void expressions_only(struct lower *lw, struct asm_stmt *s, struct kids k)
{
	s->ops = arena_new_array(&lw->arena, struct asm_operand, k.n + 1);
	s->nops = k.n;
	s->nout = 0;
	s->text = "";
	s->is_goto = s->clobbers_memory = true;
	for (unsigned i = 0; i < k.n; i++)
		s->ops[i] = (struct asm_operand){ .constraint = "", .name = "", .expr = k.v[i],
						  .tied = -1 };
}

void asm_read(struct lower *lw, CXCursor c, struct asm_stmt *s)
{
	struct reader r = { .lw = lw, .s = lw_asm_printed(lw, c) };
	struct kids k = lw_kids(lw, c);

	s->ops = arena_new_array(&lw->arena, struct asm_operand, k.n + 1);
	s->known = r.s && read_printed(&r, s, k);
	if (!s->known) {
		expressions_only(lw, s, k);
		return;
	}
	s->text = numbered(lw, s);
	for (unsigned i = 0; i < s->nops; i++)
		if (!strncmp(s->ops[i].constraint, "[", 1))
			s->ops[i].constraint = arena_printf(&lw->arena, "%u",
				number_of(s, s->ops[i].constraint + 1,
					  strcspn(s->ops[i].constraint + 1, "]")));
	for (unsigned i = 0; i < s->nops; i++)
		classify(lw, s, &s->ops[i]);
}

#endif
