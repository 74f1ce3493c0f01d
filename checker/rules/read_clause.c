/* SPDX-License-Identifier: MIT */
/*
 * read_clause.c - when:, bind:, at:, policy: and the expressions
 *
 * when: and the types of bind: are small grammars of their own, read with the
 * tokens of expr.h, since they are made of C names.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "rules/expr.h"
#include "rules/reader.h"
#include "rules/scan.h"

struct rule_pos rule_pos_at(const struct schema_reader *r, const struct yaml_node *n, size_t off)
{
	struct rule_pos pos = { r->file, 0, 0 };

	yaml_at(n, off, &pos.line, &pos.col);
	return pos;
}

struct rule_pos rule_expr_at(const struct rule_expr *e, size_t off)
{
	struct rule_pos pos = e->pos;

	if (e->node)
		yaml_at(e->node, off, &pos.line, &pos.col);
	return pos;
}

void rule_fault(const struct schema_reader *r, const struct yaml_node *n, size_t off,
		const char *fmt, ...)
{
	struct rule_pos pos = rule_pos_at(r, n, off);
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	yaml_fault(r->faults, r->file, pos.line, pos.col, "%s", text);
}

/* ["not"|"no"] FIELD, behind "has". */
static bool when_has(struct scan *s, struct rule_when *w)
{
	w->absent = scan_take(s, "not") || scan_take(s, "no");
	w->field = scan_name(s, "the name of a field");
	return w->field != NULL;
}

static bool when_clause(struct scan *s, const char **record, struct rule_when *w)
{
	static const char *const verbs[] = { "has", "exists", "does", NULL };
	bool verb = false;

	for (unsigned i = 0; verbs[i]; i++)
		verb = verb || expr_token_is(&s->t, verbs[i]);
	w->pos = rule_pos_at(s->r, s->n, scan_off(s));
	if (!verb)
		*record = scan_record(s);
	else if (!*record)
		scan_fault(s, "the name of a record");
	if (!*record)
		return false;
	w->record = *record;
	if (scan_take(s, "has"))
		return when_has(s, w);
	if (scan_take(s, "exists"))
		return true;
	if (scan_take(s, "does") && scan_take(s, "not") && scan_take(s, "exist")) {
		w->absent = true;
		return true;
	}
	scan_fault(s, "'has', 'exists' or 'does not exist'");
	return false;
}

void rule_read_when(const struct schema_reader *r, const struct yaml_node *n, struct rule *rule)
{
	struct scan s = scan_begin(r, n);
	Array(struct rule_when) list = { NULL, 0, 0 };
	const char *record = NULL;
	bool more = true;

	while (more) {
		struct rule_when w = { 0 };

		if (!when_clause(&s, &record, &w))
			break;
		array_push(&list, w);
		more = scan_take(&s, ",");
		more = scan_take(&s, "and") || more;
		if (!more)
			scan_done(&s, "',', 'and' or the end");
	}
	rule->nwhen = list.n;
	rule->when = arena_memdup(r->arena, list.v, list.n * sizeof(*list.v));
	array_release(&list);
}

/*
 * The words of a type up to its '*'s. A parameter's name stands behind the
 * type, so that the last word is not the type's if another stands before it:
 * "int prot", "unsigned long x", but "struct foo" alone.
 */
static void bind_type(struct scan *s, struct rule_bind *b)
{
	struct arena *a = s->r->arena;
	const char *type = NULL, *last = NULL;
	bool pointer = false;

	for (; s->t.kind == EXPR_NAME; scan_next(s)) {
		if (last)
			type = type ? arena_printf(a, "%s %s", type, last) : last;
		last = arena_strndup(a, s->t.s, s->t.n);
	}
	if (!last) {
		scan_fault(s, "a type");
		return;
	}
	if (b->param && !expr_token_is(&s->t, "*")) {
		if (!type || !strcmp(type, "struct") || !strcmp(type, "union")) {
			scan_fault(s, "the name of a parameter");
			return;
		}
		b->type = type;
		b->vars[b->nvars++] = last;
		return;
	}
	type = type ? arena_printf(a, "%s %s", type, last) : last;
	for (; scan_take(s, "*"); pointer = true)
		type = arena_printf(a, pointer ? "%s*" : "%s *", type);
	b->type = type;
	if (b->param)
		b->vars[b->nvars++] = scan_name(s, "the name of a parameter");
}

static void read_bind(const struct schema_reader *r, const struct yaml_node *key,
		      const struct yaml_node *value, struct rule_bind *b)
{
	struct scan s = scan_begin(r, value);

	b->name = key->text;
	b->pos = rule_pos_at(r, value, 0);
	b->vars = arena_new_array(r->arena, const char *, strlen(value->text) + 1);
	if (!scan_is_name(key->text))
		rule_fault(r, key, 0, "'%s' is no name of C", key->text);
	else if (!strcmp(key->text, "val") || !strcmp(key->text, "from"))
		rule_fault(r, key, 0, "'%s' is the value at the sink and cannot be bound",
			   key->text);
	b->param = scan_take(&s, "param");
	bind_type(&s, b);
	if (!b->type)
		return;
	while (b->param && scan_take(&s, "|")) {
		const char *var = scan_name(&s, "the name of a parameter");

		if (!var)
			return;
		b->vars[b->nvars++] = var;
	}
	scan_done(&s, b->param ? "'|' or the end" : "the end of the type");
}

void rule_read_bind(const struct schema_reader *r, const struct yaml_node *n, struct rule *rule)
{
	if (n->n > RULE_MAX_NAMES)
		schema_fault(r, n, "'bind' has %u names, %d is the limit", n->n, RULE_MAX_NAMES);
	rule->bind = arena_new_array(r->arena, struct rule_bind, n->n);
	for (uint32_t i = 0; i < n->n; i++) {
		const struct yaml_node *key = n->items[2 * i], *value = n->items[2 * i + 1];

		if (key->kind != YAML_SCALAR)
			continue;
		if (value->kind != YAML_SCALAR || !value->text[0]) {
			schema_fault(r, value, "'%s' must be a type", key->text);
			continue;
		}
		read_bind(r, key, value, &rule->bind[rule->nbind++]);
	}
}

static bool read_call(const struct schema_reader *r, const struct yaml_node *item,
		      const struct yaml_node *call, struct rule_at *at)
{
	struct scan s = scan_begin(r, call);

	at->kind = AT_CALL;
	at->function = scan_name(&s, "the name of a function");
	if (!yaml_get(item, "argument"))
		schema_fault(r, item, "'call' needs 'argument', the place of the value from 0 on");
	at->argument = (uint32_t)schema_int(item, "argument", 0);
	return at->function && scan_done(&s, "the end");
}

/* A store to a field, a store of what was made of a field, or both. */
static bool read_store(const struct schema_reader *r, const struct yaml_node *item,
		       const struct yaml_node *store, const struct yaml_node *from,
		       struct rule_at *at)
{
	const struct yaml_node *not_from = schema_scalar(item, "not_from");

	at->variables = schema_bool(item, "variables");
	if (store && !scan_field(r, store, &at->record, &at->field))
		return false;
	if (not_from && !scan_field(r, not_from, &at->not_record, &at->not_field))
		return false;
	return !from || scan_field(r, from, &at->from_record, &at->from_field);
}

static bool read_sink(const struct schema_reader *r, const struct yaml_node *item,
		      struct rule_at *at)
{
	const struct yaml_node *store = schema_scalar(item, "store"), *n;
	const struct yaml_node *call = schema_scalar(item, "call");
	const struct yaml_node *from = schema_scalar(item, "from");

	n = store ? store : call ? call : from ? from : item;
	at->pos = rule_pos_at(r, n, 0);
	if ((store || from) && yaml_get(item, "argument"))
		schema_fault(r, item, "'argument' belongs to 'call'");
	if (!(store || from) == !call) {
		schema_fault(r, item, "a sink must have 'store' or 'from', or 'call'");
		return false;
	}
	if (call)
		return read_call(r, item, call, at);
	return read_store(r, item, store, from, at);
}

void rule_read_at(const struct schema_reader *r, const struct yaml_node *n, struct rule *rule)
{
	static const struct schema_key keys[] = {
		{ "store", SCHEMA_TEXT, false, NULL },
		{ "call", SCHEMA_TEXT, false, NULL },
		{ "argument", SCHEMA_INT, false, NULL },
		{ "from", SCHEMA_TEXT, false, NULL },
		{ "not_from", SCHEMA_TEXT, false, NULL },
		{ "variables", SCHEMA_BOOL, false, NULL },
		{ NULL, 0, false, NULL }
	};

	if (n->n > RULE_MAX_SINKS)
		schema_fault(r, n, "'at' has %u sinks, %d is the limit", n->n, RULE_MAX_SINKS);
	rule->at = arena_new_array(r->arena, struct rule_at, n->n);
	for (uint32_t i = 0; i < n->n; i++) {
		const struct yaml_node *item = n->items[i];
		struct rule_at at = { 0 };

		if (item->kind != YAML_MAP)
			continue;
		schema_check(r, item, "a sink", keys);
		if (read_sink(r, item, &at))
			rule->at[rule->nat++] = at;
	}
}

static const char *const policies[] = { "init-only", "monotone", "guarded", "set-once",
					NULL };

static void policy_is(const struct schema_reader *r, const struct yaml_node *item,
		      struct rule_policy *p)
{
	const struct yaml_node *to = yaml_get(item, "to"), *lock = schema_scalar(item, "lock");

	p->kind = (uint8_t)schema_word(item, "is", policies, POLICY_INIT_ONLY);
	p->monotone_to = schema_int(item, "to", 0) == 1;
	if (p->kind == POLICY_MONOTONE && !to)
		schema_fault(r, item, "'monotone' needs 'to', the value that stays: 0 or 1");
	if (p->kind != POLICY_MONOTONE && to)
		schema_fault(r, to, "'to' belongs to 'is: monotone'");
	if (to && schema_int(item, "to", 0) > 1)
		schema_fault(r, to, "'to' must be 0 or 1");
	if (p->kind == POLICY_GUARDED && !lock)
		schema_fault(r, item, "'guarded' needs 'lock', a member of the same record");
	if ((p->kind == POLICY_INIT_ONLY || p->kind == POLICY_SET_ONCE) && lock)
		schema_fault(r, lock, "'lock' has no meaning with 'is: %s'", policies[p->kind]);
	if (lock) {
		struct scan s = scan_begin(r, lock);

		p->lock = scan_path(&s, "the name of a member");
		if (p->lock)
			scan_done(&s, "the end");
	}
}

void rule_read_policy(const struct schema_reader *r, const struct yaml_node *n, struct rule *rule)
{
	static const struct schema_key keys[] = {
		{ "field", SCHEMA_TEXT, true, NULL },
		{ "in", SCHEMA_TEXT, false, NULL },
		{ "is", SCHEMA_WORD, true, policies },
		{ "to", SCHEMA_INT, false, NULL },
		{ "lock", SCHEMA_TEXT, false, NULL },
		{ NULL, 0, false, NULL }
	};

	rule->policy = arena_new_array(r->arena, struct rule_policy, n->n);
	for (uint32_t i = 0; i < n->n; i++) {
		const struct yaml_node *item = n->items[i], *field, *in;
		struct rule_policy p = { 0 };

		if (item->kind != YAML_MAP)
			continue;
		schema_check(r, item, "a policy", keys);
		policy_is(r, item, &p);
		field = schema_scalar(item, "field");
		if (!field || !scan_field(r, field, &p.record, &p.field))
			continue;
		in = schema_scalar(item, "in");
		if (in && !scan_field(r, in, &p.in_record, &p.in_field))
			continue;
		p.pos = rule_pos_at(r, field, 0);
		rule->policy[rule->npolicy++] = p;
	}
}

struct expr_faults {
	const struct schema_reader *r;
	const struct yaml_node *n;
};

static void expr_fault(void *ctx, size_t off, const char *text)
{
	struct expr_faults *f = ctx;

	rule_fault(f->r, f->n, off, "%s", text);
}

void rule_read_expr(const struct schema_reader *r, const struct yaml_node *n,
		    struct rule_expr *out)
{
	struct expr_faults f = { r, n };

	out->text = n->text;
	out->node = n;
	out->pos = rule_pos_at(r, n, 0);
	expr_check(n->text, expr_fault, &f);
}
