/* SPDX-License-Identifier: MIT */
#include "rules/expr.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define EXPR_DEPTH 64

/* Longest first. */
static const char *const puncts[] = {
	"<<=", ">>=", "...", "->", "++", "--", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||",
	"*=", "/=", "%=", "+=", "-=", "&=", "^=", "|=", "//", "/*", "##",
	"[", "]", "(", ")", "{", "}", ".", "&", "*", "+", "-", "~", "!", "/", "%", "<", ">",
	"^", "|", "?", ":", ";", "=", ",", "#", "\"", "'", "\\", NULL
};

static bool name_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

struct expr_token expr_next(const char **p)
{
	struct expr_token t = { EXPR_END, *p, 0 };

	while (isspace((unsigned char)*t.s))
		t.s++;
	if (!*t.s) {
		*p = t.s;
		return t;
	}
	if (name_char(*t.s)) {
		t.kind = isdigit((unsigned char)*t.s) ? EXPR_NUMBER : EXPR_NAME;
		while (name_char(t.s[t.n]))
			t.n++;
	} else {
		t.kind = EXPR_BAD;
		t.n = 1;
		for (unsigned i = 0; puncts[i] && t.kind == EXPR_BAD; i++) {
			if (strncmp(t.s, puncts[i], strlen(puncts[i])))
				continue;
			t.kind = EXPR_PUNCT;
			t.n = strlen(puncts[i]);
		}
		/* A character of several bytes is one fault. */
		while (t.kind == EXPR_BAD && ((unsigned char)t.s[t.n] & 0xc0) == 0x80)
			t.n++;
	}
	*p = t.s + t.n;
	return t;
}

bool expr_token_is(const struct expr_token *t, const char *text)
{
	return t->n == strlen(text) && !memcmp(t->s, text, t->n);
}

struct check {
	const char *text;
	void (*fault)(void *ctx, size_t off, const char *text);
	void *ctx;
	bool ok;
	bool alternates;	/* no fault of operands and operators so far: one is enough */
	struct {
		char open;
		bool call;	/* of a function or macro: may be empty */
		bool type;	/* only what a type can be made of: may be a cast */
		size_t off;
	} open[EXPR_DEPTH];
	unsigned depth;
	unsigned questions;
};

__attribute__((format(printf, 3, 4)))
static void fault(struct check *c, size_t off, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	c->fault(c->ctx, off, text);
	c->ok = false;
}

static void want_fault(struct check *c, const struct expr_token *t, const char *want)
{
	if (!c->alternates)
		return;
	c->alternates = false;
	if (t->kind == EXPR_END)
		fault(c, strlen(c->text), "the expression ends where %s is expected", want);
	else
		fault(c, (size_t)(t->s - c->text), "%s is expected before '%.*s'", want,
		      (int)t->n, t->s);
}

static bool in_list(const struct expr_token *t, const char *const *list)
{
	for (; *list; list++)
		if (expr_token_is(t, *list))
			return true;
	return false;
}

/* What may not occur at all; the token is then passed over. */
static bool forbidden(struct check *c, const struct expr_token *t)
{
	static const char *const assigns[] = { "=", "*=", "/=", "%=", "+=", "-=", "&=", "^=", "|=",
					       "<<=", ">>=", "++", "--", NULL };
	static const char *const breaks[] = { ";", "{", "}", "#", "##", "...", "\\", "\"", "'",
					      NULL };
	size_t off = (size_t)(t->s - c->text);

	if (t->kind == EXPR_BAD)
		fault(c, off, "'%.*s' is no token of C", (int)t->n, t->s);
	else if (t->kind == EXPR_NUMBER && strspn(t->s, "0123456789abcdefABCDEFxXuUlL") < t->n)
		fault(c, off, "'%.*s' is no integer", (int)t->n, t->s);
	else if (t->kind != EXPR_PUNCT)
		return false;
	else if (expr_token_is(t, "//") || expr_token_is(t, "/*"))
		fault(c, off, "a comment cannot stand in an expression");
	else if (in_list(t, assigns))
		fault(c, off, "'%.*s' changes a value: an expression must not", (int)t->n, t->s);
	else if (in_list(t, breaks))
		fault(c, off, "'%.*s' cannot stand in an expression", (int)t->n, t->s);
	else
		return false;
	return true;
}

static void open_paren(struct check *c, const struct expr_token *t, bool call)
{
	size_t off = (size_t)(t->s - c->text);

	if (c->depth == EXPR_DEPTH) {
		if (c->alternates)
			fault(c, off, "nested too deeply");
		c->alternates = false;
		return;
	}
	c->open[c->depth].open = t->s[0];
	c->open[c->depth].call = call;
	c->open[c->depth].type = true;
	c->open[c->depth].off = off;
	c->depth++;
}

/* True where the parenthesis could be a cast, after which an operand may follow. */
static bool close_paren(struct check *c, const struct expr_token *t)
{
	char want = t->s[0] == ')' ? '(' : '[';
	size_t off = (size_t)(t->s - c->text);

	if (!c->depth || c->open[c->depth - 1].open != want) {
		if (c->alternates)
			fault(c, off, "'%c' closes nothing", t->s[0]);
		c->alternates = false;
		return false;
	}
	c->depth--;
	return want == '(' && !c->open[c->depth].call && c->open[c->depth].type;
}

enum want { WANT_OPERAND, WANT_OPERATOR, WANT_EITHER, WANT_MEMBER };

static enum want operand(struct check *c, const struct expr_token *t, enum want want,
			 const struct expr_token *last)
{
	static const char *const unary[] = { "!", "~", "-", "+", "*", "&", NULL };

	if (t->kind == EXPR_NAME || t->kind == EXPR_NUMBER)
		return WANT_OPERATOR;
	if (expr_token_is(t, "(")) {
		open_paren(c, t, false);
		return WANT_OPERAND;
	}
	/* f() and (struct foo *). */
	if (expr_token_is(t, ")") && c->depth &&
	    ((c->open[c->depth - 1].call && expr_token_is(last, "(")) ||
	     (c->open[c->depth - 1].type && expr_token_is(last, "*"))))
		return close_paren(c, t) ? WANT_OPERAND : WANT_OPERATOR;
	if (in_list(t, unary))
		return WANT_OPERAND;
	want_fault(c, t, "an operand");
	return want;
}

static enum want operator(struct check *c, const struct expr_token *t, enum want want,
			  const struct expr_token *last)
{
	/* Behind these a second name may follow: 'struct foo', 'unsigned long'. */
	static const char *const type_words[] = { "struct", "union", "enum", "unsigned", "signed",
						  "long", "short", "const", "volatile", NULL };
	static const char *const binary[] = { "&", "*", "+", "-", "/", "%", "<<", ">>", "<", ">",
					      "<=", ">=", "==", "!=", "^", "|", "&&", "||", ",",
					      NULL };

	if (t->kind == EXPR_NAME && in_list(last, type_words))
		return WANT_OPERATOR;
	if (expr_token_is(t, "(") || expr_token_is(t, "[")) {
		open_paren(c, t, expr_token_is(t, "("));
		return WANT_OPERAND;
	}
	if (expr_token_is(t, ")") || expr_token_is(t, "]"))
		return close_paren(c, t) ? WANT_EITHER : WANT_OPERATOR;
	if (expr_token_is(t, ".") || expr_token_is(t, "->"))
		return WANT_MEMBER;
	if (expr_token_is(t, "?")) {
		c->questions++;
		return WANT_OPERAND;
	}
	if (expr_token_is(t, ":") && c->questions) {
		c->questions--;
		return WANT_OPERAND;
	}
	if (in_list(t, binary))
		return WANT_OPERAND;
	want_fault(c, t, "an operator");
	return want;
}

static enum want step(struct check *c, const struct expr_token *t, enum want want,
		      const struct expr_token *last)
{
	if (want == WANT_MEMBER) {
		if (t->kind != EXPR_NAME)
			want_fault(c, t, "a member");
		return WANT_OPERATOR;
	}
	if (want == WANT_EITHER)	/* '(x) -y' is one of both: each is right */
		want = t->kind == EXPR_NAME || t->kind == EXPR_NUMBER ||
		       expr_token_is(t, "(") || expr_token_is(t, "!") || expr_token_is(t, "~") ?
		       WANT_OPERAND : WANT_OPERATOR;
	return want == WANT_OPERAND ? operand(c, t, want, last) : operator(c, t, want, last);
}

static bool type_token(const struct expr_token *t)
{
	return t->kind == EXPR_NAME || expr_token_is(t, "*");
}

bool expr_check(const char *text, void (*report)(void *ctx, size_t off, const char *text),
		void *ctx)
{
	struct check c = { .text = text, .fault = report, .ctx = ctx, .ok = true,
			   .alternates = true };
	struct expr_token last = { EXPR_END, text, 0 };
	enum want want = WANT_OPERAND;
	const char *p = text;

	for (;;) {
		struct expr_token t = expr_next(&p);

		if (t.kind == EXPR_END)
			break;
		if (forbidden(&c, &t)) {
			c.alternates = false;	/* what follows from it is not news */
			continue;
		}
		if (c.depth && !type_token(&t) && t.s[0] != ')')
			c.open[c.depth - 1].type = false;
		want = step(&c, &t, want, &last);
		last = t;
	}
	if (want == WANT_OPERAND || want == WANT_MEMBER)
		want_fault(&c, &(struct expr_token){ EXPR_END, p, 0 },
			   want == WANT_MEMBER ? "a member" : "an operand");
	if (c.alternates && c.depth)
		fault(&c, c.open[c.depth - 1].off, "'%c' is never closed",
		      c.open[c.depth - 1].open);
	else if (c.alternates && c.questions)
		fault(&c, strlen(text), "a '?' has no ':'");
	return c.ok;
}

bool expr_mentions(const char *text, const char *name)
{
	struct expr_token last = { EXPR_END, text, 0 };
	const char *p = text;

	for (;;) {
		struct expr_token t = expr_next(&p);

		if (t.kind == EXPR_END)
			return false;
		if (t.kind == EXPR_NAME && expr_token_is(&t, name) &&
		    !expr_token_is(&last, ".") && !expr_token_is(&last, "->") &&
		    !expr_token_is(&last, "struct") && !expr_token_is(&last, "union"))
			return true;
		last = t;
	}
}
