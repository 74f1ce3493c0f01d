/* SPDX-License-Identifier: MIT */
#include "base/schema.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void schema_fault(const struct schema_reader *r, const struct yaml_node *at, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	yaml_fault(r->faults, r->file, at->line, at->col, "%s", text);
}

static const char *kind_name(const struct yaml_node *n)
{
	static const char *const names[] = { "a text", "a list", "a map" };

	return names[n->kind];
}

static const char *key_list(const struct schema_reader *r, const char *const *words)
{
	const char *text = words[0] ? words[0] : "";

	for (unsigned i = 1; words[0] && words[i]; i++)
		text = arena_printf(r->arena, "%s%s%s", text, words[i + 1] ? ", " : " or ",
				    words[i]);
	return text;
}

static bool check_word(const struct schema_reader *r, const struct schema_key *key,
		       const struct yaml_node *v)
{
	const char *near;

	for (unsigned i = 0; key->words[i]; i++)
		if (!strcmp(v->text, key->words[i]))
			return true;
	near = yaml_suggest(v->text, key->words);
	if (near)
		schema_fault(r, v, "'%s' is no value of '%s', did you mean '%s'?", v->text,
			     key->name, near);
	else
		schema_fault(r, v, "'%s' is no value of '%s': %s", v->text, key->name,
			     key_list(r, key->words));
	return false;
}

static bool parse_int(const char *s, int *out)
{
	long long v = 0;

	if (!*s || strlen(s) > 10)
		return false;
	for (; *s; s++) {
		if (*s < '0' || *s > '9')
			return false;
		v = v * 10 + (*s - '0');
	}
	*out = (int)v;
	return v <= INT_MAX;
}

static bool check_scalar(const struct schema_reader *r, const struct schema_key *key,
			 const struct yaml_node *v)
{
	int ignored;

	switch (key->kind) {
	case SCHEMA_BOOL:
		if (v->plain && (!strcmp(v->text, "true") || !strcmp(v->text, "false")))
			return true;
		schema_fault(r, v, "'%s' must be true or false, not '%s'", key->name, v->text);
		return false;
	case SCHEMA_INT:
		if (v->plain && parse_int(v->text, &ignored))
			return true;
		schema_fault(r, v, "'%s' must be a number from 0 on, not '%s'", key->name, v->text);
		return false;
	case SCHEMA_WORD:
	case SCHEMA_WORDS:
		return check_word(r, key, v);
	default:
		if (v->text[strspn(v->text, " \t\n")])
			return true;
		schema_fault(r, v, "'%s' is empty", key->name);
		return false;
	}
}

static bool wrong_kind(const struct schema_reader *r, const struct schema_key *key,
		       const struct yaml_node *v, const char *want)
{
	schema_fault(r, v, "'%s' must be %s, not %s", key->name, want, kind_name(v));
	return false;
}

static bool check_list(const struct schema_reader *r, const struct schema_key *key,
		       const struct yaml_node *v)
{
	bool maps = key->kind == SCHEMA_MAPS, ok = true;

	if (v->kind != YAML_LIST)
		return wrong_kind(r, key, v, maps ? "a list of maps" : "a list of texts");
	if (!v->n) {
		schema_fault(r, v, "'%s' is an empty list", key->name);
		return false;
	}
	for (uint32_t i = 0; i < v->n; i++) {
		const struct yaml_node *item = v->items[i];

		if (item->kind != (maps ? YAML_MAP : YAML_SCALAR)) {
			schema_fault(r, item, "an item of '%s' must be %s, not %s", key->name,
				     maps ? "a map" : "a text", kind_name(item));
			ok = false;
		} else if (!maps && !check_scalar(r, key, item)) {
			ok = false;
		}
	}
	return ok;
}

static bool check_value(const struct schema_reader *r, const struct schema_key *key,
			const struct yaml_node *v)
{
	switch (key->kind) {
	case SCHEMA_TEXTS:
	case SCHEMA_WORDS:
	case SCHEMA_MAPS:
		return check_list(r, key, v);
	case SCHEMA_MAP:
		return v->kind == YAML_MAP || wrong_kind(r, key, v, "a map");
	default:
		if (v->kind != YAML_SCALAR)
			return wrong_kind(r, key, v, "a text");
		return check_scalar(r, key, v);
	}
}

static void unknown_key(const struct schema_reader *r, const struct yaml_node *k, const char *what,
			const struct schema_key *keys)
{
	const char **names;
	const char *near;
	unsigned n = 0, i;

	while (keys[n].name)
		n++;
	names = arena_new_array(r->arena, const char *, n + 1);
	for (i = 0; i < n; i++)
		names[i] = keys[i].name;
	near = yaml_suggest(k->text, names);
	if (near)
		schema_fault(r, k, "unknown key '%s', did you mean '%s'?", k->text, near);
	else
		schema_fault(r, k, "unknown key '%s': %s has %s", k->text, what,
			     key_list(r, names));
}

bool schema_check(const struct schema_reader *r, const struct yaml_node *map, const char *what,
		  const struct schema_key *keys)
{
	const struct schema_key *key;
	bool ok = true;

	if (map->kind != YAML_MAP) {
		schema_fault(r, map, "%s must be a map, not %s", what, kind_name(map));
		return false;
	}
	for (uint32_t i = 0; i < map->n; i++) {
		const struct yaml_node *k = map->items[2 * i], *v = map->items[2 * i + 1];

		if (k->kind != YAML_SCALAR)
			continue;
		for (key = keys; key->name && strcmp(key->name, k->text);)
			key++;
		if (!key->name) {
			unknown_key(r, k, what, keys);
			ok = false;
		} else if (!check_value(r, key, v)) {
			ok = false;
		}
	}
	for (key = keys; key->name; key++) {
		if (!key->required || yaml_get(map, key->name))
			continue;
		schema_fault(r, map, "%s must have '%s'", what, key->name);
		ok = false;
	}
	return ok;
}

static const struct yaml_node *get_kind(const struct yaml_node *map, const char *key,
					enum yaml_kind kind)
{
	const struct yaml_node *v = yaml_get(map, key);

	return v && v->kind == kind ? v : NULL;
}

const struct yaml_node *schema_scalar(const struct yaml_node *map, const char *key)
{
	const struct yaml_node *v = get_kind(map, key, YAML_SCALAR);

	return v && v->text[0] ? v : NULL;
}

const struct yaml_node *schema_list(const struct yaml_node *map, const char *key)
{
	return get_kind(map, key, YAML_LIST);
}

const struct yaml_node *schema_map(const struct yaml_node *map, const char *key)
{
	return get_kind(map, key, YAML_MAP);
}

const char *schema_text(const struct yaml_node *map, const char *key)
{
	const struct yaml_node *v = schema_scalar(map, key);

	return v ? v->text : NULL;
}

bool schema_bool(const struct yaml_node *map, const char *key)
{
	const char *text = schema_text(map, key);

	return text && !strcmp(text, "true");
}

int schema_int(const struct yaml_node *map, const char *key, int otherwise)
{
	const char *text = schema_text(map, key);
	int v;

	return text && parse_int(text, &v) ? v : otherwise;
}

unsigned schema_word(const struct yaml_node *map, const char *key, const char *const *words,
		     unsigned otherwise)
{
	const char *text = schema_text(map, key);

	for (unsigned i = 0; text && words[i]; i++)
		if (!strcmp(text, words[i]))
			return i;
	return otherwise;
}

const char **schema_texts(const struct schema_reader *r, const struct yaml_node *map,
			  const char *key, unsigned *n)
{
	const struct yaml_node *list = schema_list(map, key);
	const char **out;

	*n = 0;
	if (!list)
		return NULL;
	out = arena_new_array(r->arena, const char *, list->n);
	for (uint32_t i = 0; i < list->n; i++)
		if (list->items[i]->kind == YAML_SCALAR)
			out[(*n)++] = list->items[i]->text;
	return out;
}
