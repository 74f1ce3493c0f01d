/* SPDX-License-Identifier: MIT */
/*
 * message.c - placeholders of messages, and names that must be used
 */
#include <string.h>

#include "base/buffer.h"
#include "rules/expr.h"
#include "rules/reader.h"

/* The next {name} from s on: its '{', or NULL. *n is the length of the name. */
static const char *placeholder(const char *s, size_t *n)
{
	const char *end;

	s = strchr(s, '{');
	if (!s)
		return NULL;
	end = s + 1 + strcspn(s + 1, "{}");
	*n = *end == '}' ? (size_t)(end - s - 1) : 0;
	return s;
}

/* The placeholders of each template, NULL-terminated. */
static const char *const own_names[][5] = {
	[RULE_FLAG_FLOW] = { "val", "sink" },
	[RULE_REFUSE_WARN] = { NULL },
	[RULE_GUARDED_BY] = { "field", "object", "lock", "access" },
	[RULE_STABLE_FIELD] = { "field", "object", "val" },
	[RULE_TWO_SIDED] = { "val", "sink" },
	[RULE_LOCK_BALANCE] = { "lock", "fault" },
	[RULE_STORAGE_UNIT] = { "field", "object", "victim", "other" },
	[RULE_PUBLISH_THEN_READ] = { "list", "flag", "install" },
	[RULE_LOST_BIT] = { "field", "object", "val" },
	[RULE_PAIRING] = { "act", "undo" },
	[RULE_COUPLING] = { NULL },
	[RULE_CONSISTENT_LOCK] = { "field", "object", "lock", "access" },
};

/* What a message may name, NULL-terminated. */
static const char **known_names(const struct schema_reader *r, const struct rule *rule)
{
	const char *const *own = own_names[rule->template];
	const char **names = arena_new_array(r->arena, const char *, rule->nbind + 6);
	unsigned n = 0;

	for (unsigned i = 0; i < rule->nbind; i++)
		names[n++] = rule->bind[i].name;
	names[n++] = "function";
	while (*own)
		names[n++] = *own++;
	return names;
}

static void check_message(const struct schema_reader *r, const struct yaml_node *message,
			  const struct rule *rule)
{
	const char **names = known_names(r, rule), *near;
	const char *s = message->text;
	size_t n;

	for (; (s = placeholder(s, &n)); s += n + 1) {
		const char *name = arena_strndup(r->arena, s + 1, n);
		size_t off = (size_t)(s - message->text);
		unsigned i = 0;

		if (!n) {
			rule_fault(r, message, off, "'{' begins no placeholder");
			continue;
		}
		while (names[i] && strcmp(names[i], name))
			i++;
		if (names[i])
			continue;
		near = yaml_suggest(name, names);
		if (near)
			rule_fault(r, message, off,
				   "unknown placeholder '{%s}', did you mean '{%s}'?", name, near);
		else
			rule_fault(r, message, off,
				   "unknown placeholder '{%s}': it is no name of %s", name,
				   rule->nbind ? "bind:" : "this template");
	}
}

void rule_check_names(const struct schema_reader *r, const struct yaml_node *map,
		      const struct rule *rule)
{
	bool flow = rule->template == RULE_FLAG_FLOW;
	const struct rule_expr *e = rule->require.text ? &rule->require : &rule->guard;
	const struct yaml_node *message = schema_scalar(map, "message");
	const struct yaml_node *bind = schema_map(map, "bind");

	if (message)
		check_message(r, message, rule);
	for (uint32_t i = 0; e->text && bind && i < bind->n; i++) {
		const struct yaml_node *key = bind->items[2 * i];

		if (key->kind == YAML_SCALAR && key->text[0] && !expr_mentions(e->text, key->text))
			schema_fault(r, key, "'%s' is bound but '%s' does not use it", key->text,
				     rule->require.text ? "require" : "guard");
	}
	if (flow && e->text && !expr_mentions(e->text, "val"))
		rule_fault(r, e->node, 0, "'require' says nothing of 'val', the value at the sink");
	for (unsigned i = 0; flow && e->text && i < rule->nat; i++)
		if (!rule->at[i].from_record == expr_mentions(e->text, "from"))
			rule_fault(r, e->node, 0, rule->at[i].from_record ?
				   "'require' says nothing of 'from', which a sink has" :
				   "'require' uses 'from', which a sink has not");
}

const char *rule_format(struct arena *a, const struct rule *rule,
			const char *(*value)(void *ctx, const char *name), void *ctx)
{
	struct buffer out = BUFFER_INIT;
	const char *s = rule->message, *open, *text;
	size_t n;

	while ((open = placeholder(s, &n)) && n) {
		const char *name = arena_strndup(a, open + 1, n);

		text = value ? value(ctx, name) : NULL;
		buffer_add(&out, s, (size_t)(open - s));
		buffer_puts(&out, text ? text : name);
		s = open + n + 2;
	}
	buffer_puts(&out, s);
	text = arena_strndup(a, out.s, out.n);
	buffer_release(&out);
	return text;
}
