/* SPDX-License-Identifier: MIT */
/*
 * One line of the snippet is one function, so that a diagnostic's line tells
 * which expression it is about.
 */
#include <string.h>

#include "base/buffer.h"
#include "rules/snippet.h"

static void add_type(struct buffer *b, const struct rule_bind *bind)
{
	bool integer = !strcmp(bind->type, "integer");

	buffer_printf(b, ", %s %s", integer ? "unsigned long long" : bind->type, bind->name);
}

/* The text on one line: an expression may be folded in YAML. */
static void add_expr(struct buffer *b, const char *text)
{
	for (; *text; text++)
		buffer_putc(b, *text == '\n' ? ' ' : *text);
}

/*
 * A side may be set unless the other is: it rises only then. A return for each
 * condition keeps them apart where one of them is not known.
 */
static void add_side(struct buffer *b, const struct rule *r, unsigned sink)
{
	buffer_printf(b, ") { if (!val || !(val > %s->%s)) return 1; return !(",
		      r->bind[0].name, r->at[sink].field);
	add_expr(b, r->locking.sides[sink].unless.text);
	buffer_puts(b, "); }\n");
}

/* The type of a field after promotion, also of a pointer. */
static void add_promoted(struct buffer *b, const char *record, const char *field)
{
	buffer_printf(b, "__typeof__(1 ? ((%s *)0)->%s : ((%s *)0)->%s)", record, field, record,
		      field);
}

static void add_require(struct buffer *b, const struct rule *r, unsigned sink)
{
	const struct rule_at *at = &r->at[sink];

	buffer_printf(b, "static int " SNIPPET_REQUIRE "(", r->id, sink);
	if (at->kind == AT_STORE && at->record)
		add_promoted(b, at->record, at->field);
	else
		buffer_puts(b, "unsigned long long");
	buffer_puts(b, " val");
	if (at->from_record) {
		buffer_puts(b, ", ");
		add_promoted(b, at->from_record, at->from_field);
		buffer_puts(b, " from");
	}
	for (unsigned i = 0; i < r->nbind; i++)
		add_type(b, &r->bind[i]);
	if (r->template == RULE_TWO_SIDED) {
		add_side(b, r, sink);
		return;
	}
	buffer_puts(b, ") { return !!(");
	add_expr(b, r->require.text);
	buffer_puts(b, "); }\n");
}

static void add_guard(struct buffer *b, const struct rule *r, const struct rule_expr *e)
{
	buffer_printf(b, "static int " SNIPPET_GUARD "(int unused", r->id);
	for (unsigned i = 0; i < r->nbind; i++)
		add_type(b, &r->bind[i]);
	buffer_puts(b, ") { return !!(");
	add_expr(b, e->text);
	buffer_puts(b, "); }\n");
}

static void add_bits(struct buffer *b, const struct rule *r)
{
	buffer_printf(b, "static unsigned long long " SNIPPET_GUARD "(void) { return (", r->id);
	add_expr(b, r->bits.text);
	buffer_puts(b, "); }\n");
}

/* So that the variable is known to the unit before a function that uses it is looked at. */
static void add_global_lock(struct buffer *b, const struct rule *r)
{
	buffer_printf(b, "static const void *" SNIPPET_LOCK "(void) { return &%s; }\n", r->id,
		      r->locking.lock.members[0]);
}

/* The functions of one rule, a line each. */
static unsigned nlines(const struct rule *r)
{
	return r->template == RULE_REFUSE_WARN || r->template == RULE_COUPLING ||
	       r->bits.text || r->locking.lock.is_global ? 1 : r->nat;
}

static void add_constants(struct buffer *b, const struct model *m)
{
	for (unsigned i = 0; i < m->nfuncs; i++)
		if (m->funcs[i].zero_flag)
			buffer_printf(b, "static unsigned long long " SNIPPET_CONSTANT
				      "(void) { return (%s); }\n", i, m->funcs[i].zero_flag);
}

const char *snippet_text(struct arena *a, const struct rule_set *rules,
			 const struct model *model)
{
	struct buffer b = BUFFER_INIT;
	const char *text;

	for (uint32_t i = 0; i < rules->rules.n; i++) {
		const struct rule *r = &rules->rules.v[i];

		if (r->template == RULE_REFUSE_WARN)
			add_guard(&b, r, &r->guard);
		else if (r->template == RULE_COUPLING)
			add_guard(&b, r, &r->require);
		else if (r->bits.text)
			add_bits(&b, r);
		else if (r->locking.lock.is_global)
			add_global_lock(&b, r);
		for (unsigned k = 0; k < r->nat; k++)
			add_require(&b, r, k);
	}
	add_constants(&b, model);
	text = arena_strdup(a, buffer_str(&b));
	buffer_release(&b);
	return text;
}

uint32_t snippet_line(const struct rule_set *rules, uint32_t number)
{
	uint32_t line = 1;

	for (uint32_t i = 0; i < number; i++)
		line += nlines(&rules->rules.v[i]);
	return line;
}

void snippet_lower(const struct binder *in)
{
	struct ir_unit *u = in->unit;

	for (ir_fn fn = 0; fn < u->funcs.n; fn++)
		if (u->funcs.v[fn].flags & IR_FN_EXPR &&
		    !binder_fault(in, u->locs.v[u->funcs.v[fn].loc].line))
			ir_func_body(u, fn);
}
