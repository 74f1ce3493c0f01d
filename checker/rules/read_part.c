/* SPDX-License-Identifier: MIT */
/*
 * read_part.c - which keys belong to which template
 */
#include "base/buffer.h"
#include "rules/reader.h"

const char *const rule_templates[] = {
	"flag-flow", "refuse-warn", "guarded-by", "stable-field", "two-sided", "lock-balance",
	"storage-unit", "publish-then-read", "lost-bit", "pairing", "coupling",
	"consistent-lock", NULL
};

enum {
	FLOW = 1 << RULE_FLAG_FLOW, WARN = 1 << RULE_REFUSE_WARN, GUARDED = 1 << RULE_GUARDED_BY,
	STABLE = 1 << RULE_STABLE_FIELD, SIDED = 1 << RULE_TWO_SIDED,
	BALANCE = 1 << RULE_LOCK_BALANCE, UNIT = 1 << RULE_STORAGE_UNIT,
	PUBLISH = 1 << RULE_PUBLISH_THEN_READ, LOST = 1 << RULE_LOST_BIT,
	PAIRING = 1 << RULE_PAIRING, COUPLING = 1 << RULE_COUPLING,
	CONSISTENT = 1 << RULE_CONSISTENT_LOCK,
	EVERY = (CONSISTENT << 1) - 1,
};

static const struct { const char *key; unsigned in, needed; } parts[] = {
	{ "bind", FLOW | WARN | SIDED | COUPLING, WARN | SIDED | COUPLING },
	{ "scope", EVERY, BALANCE },
	{ "at", FLOW, FLOW },
	{ "require", FLOW | COUPLING, FLOW | COUPLING },
	{ "policy", FLOW | COUPLING, 0 },
	{ "guard", WARN, WARN },
	{ "returns", WARN, WARN },
	{ "report", WARN, WARN },
	{ "fields", GUARDED | LOST, 0 },
	{ "lock", GUARDED | SIDED | PUBLISH, SIDED | PUBLISH },
	{ "declared", GUARDED, 0 },
	{ "write", GUARDED, 0 },
	{ "read", GUARDED, 0 },
	{ "field", STABLE, STABLE },
	{ "is", STABLE, STABLE },
	{ "to", STABLE, 0 },
	{ "bits", STABLE, 0 },
	{ "writers", STABLE, 0 },
	{ "sides", SIDED, SIDED },
	{ "locks", BALANCE, 0 },
	{ "record", UNIT | LOST | CONSISTENT | GUARDED, UNIT | CONSISTENT },
	{ "least", CONSISTENT, 0 },
	{ "list", PUBLISH, PUBLISH },
	{ "flag", PUBLISH, PUBLISH },
	{ "install", PUBLISH, PUBLISH },
	{ "inner", PUBLISH, 0 },
	{ "entry", PUBLISH, 0 },
	{ "apply", PUBLISH, 0 },
	{ "act", PAIRING, PAIRING },
	{ "undo", PAIRING, PAIRING },
};

/* "'template: guarded-by', 'two-sided' or 'publish-then-read'" */
static const char *owners(const struct schema_reader *r, unsigned in)
{
	struct buffer b = BUFFER_INIT;
	const char *text;

	for (unsigned t = 0; rule_templates[t]; t++) {
		if (!(in >> t & 1))
			continue;
		if (b.n)
			buffer_puts(&b, in >> (t + 1) ? ", " : " or ");
		buffer_printf(&b, "'%s%s'", b.n ? "" : "template: ", rule_templates[t]);
	}
	text = arena_strdup(r->arena, buffer_str(&b));
	buffer_release(&b);
	return text;
}

void rule_check_parts(const struct schema_reader *r, const struct yaml_node *map)
{
	const struct yaml_node *word = schema_scalar(map, "template"), *n;
	unsigned template = schema_word(map, "template", rule_templates, ~0u);

	for (unsigned i = 0; template != ~0u && i < sizeof(parts) / sizeof(*parts); i++) {
		n = yaml_get(map, parts[i].key);
		if (parts[i].needed >> template & 1 && !n)
			schema_fault(r, word, "'%s' needs '%s'", word->text, parts[i].key);
		if (n && !(parts[i].in >> template & 1))
			schema_fault(r, n, "'%s' belongs to %s", parts[i].key,
				     owners(r, parts[i].in));
	}
}
