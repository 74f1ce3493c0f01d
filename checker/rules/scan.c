/* SPDX-License-Identifier: MIT */
#include "rules/scan.h"

#include <string.h>

struct scan scan_begin(const struct schema_reader *r, const struct yaml_node *n)
{
	struct scan s = { r, n, n->text, { 0 } };

	s.t = expr_next(&s.p);
	return s;
}

void scan_next(struct scan *s)
{
	s->t = expr_next(&s->p);
}

bool scan_take(struct scan *s, const char *text)
{
	if (s->t.kind == EXPR_END || !expr_token_is(&s->t, text))
		return false;
	scan_next(s);
	return true;
}

size_t scan_off(const struct scan *s)
{
	return (size_t)(s->t.s - s->n->text);
}

void scan_fault(struct scan *s, const char *want)
{
	if (s->t.kind == EXPR_END)
		rule_fault(s->r, s->n, strlen(s->n->text), "'%s' ends where %s is expected",
			   s->n->text, want);
	else
		rule_fault(s->r, s->n, scan_off(s), "%s is expected here, not '%.*s'", want,
			   (int)s->t.n, s->t.s);
}

const char *scan_name(struct scan *s, const char *want)
{
	const char *name;

	if (s->t.kind != EXPR_NAME) {
		scan_fault(s, want);
		return NULL;
	}
	name = arena_strndup(s->r->arena, s->t.s, s->t.n);
	scan_next(s);
	return name;
}

const char *scan_record(struct scan *s)
{
	bool is_struct = expr_token_is(&s->t, "struct"), is_union = expr_token_is(&s->t, "union");
	const char *name;

	if (is_struct || is_union)
		scan_next(s);
	name = scan_name(s, "the name of a record");
	if (!name || !(is_struct || is_union))
		return name;
	return arena_printf(s->r->arena, "%s %s", is_struct ? "struct" : "union", name);
}

const char *scan_path(struct scan *s, const char *want)
{
	const char *path = scan_name(s, want);

	while (path && scan_take(s, ".")) {
		const char *name = scan_name(s, want);

		path = name ? arena_printf(s->r->arena, "%s.%s", path, name) : NULL;
	}
	return path;
}

bool scan_done(struct scan *s, const char *want)
{
	if (s->t.kind == EXPR_END)
		return true;
	scan_fault(s, want);
	return false;
}

bool scan_field(const struct schema_reader *r, const struct yaml_node *n, const char **record,
		const char **field)
{
	struct scan s = scan_begin(r, n);

	*record = scan_record(&s);
	if (!*record)
		return false;
	if (!scan_take(&s, ".")) {
		scan_fault(&s, "'.' and a field");
		return false;
	}
	/* A field of a record inside is named by the record that it is in. */
	*field = scan_name(&s, "the name of a field");
	return *field && scan_done(&s, "the end");
}

bool scan_is_name(const char *s)
{
	const char *p = s;
	struct expr_token t = expr_next(&p);

	return t.kind == EXPR_NAME && expr_token_is(&t, s);
}
