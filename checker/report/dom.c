/* SPDX-License-Identifier: MIT */
#include "report/dom.h"

#include <stdlib.h>
#include <string.h>

/* A value whose text is shorter than this stays on its line. */
#define LINE 120

static json_t *member(const json_t *v, const char *name)
{
	char *end;
	size_t i;

	if (!json_is_array(v))
		return json_object_get(v, name);
	i = strtoul(name, &end, 10);
	return *end || end == name ? NULL : json_array_get(v, i);
}

json_t *dom_get(const json_t *v, const char *path)
{
	char name[64];

	while (v && *path) {
		size_t n = strcspn(path, ".");

		if (n >= sizeof(name))
			return NULL;
		memcpy(name, path, n);
		name[n] = 0;
		v = member(v, name);
		path += n + (path[n] == '.');
	}
	return (json_t *)v;
}

const char *dom_text(const json_t *v, const char *path)
{
	const char *s = json_string_value(dom_get(v, path));

	return s ? s : "";
}

int64_t dom_int(const json_t *v, const char *path)
{
	return json_integer_value(dom_get(v, path));
}

static bool is_shallow(const json_t *v, unsigned left)
{
	const char *key;
	json_t *inner;
	size_t i;

	if (!left)
		return false;
	json_array_foreach(v, i, inner)
		if (!is_shallow(inner, left - 1))
			return false;
	json_object_foreach((json_t *)v, key, inner)
		if (!is_shallow(inner, left - 1))
			return false;
	return true;
}

bool dom_is_shallow(const json_t *v)
{
	return is_shallow(v, DOM_DEPTH);
}

static void write_container(struct json_writer *w, const char *key, const json_t *v)
{
	const char *name;
	json_t *inner;
	size_t i;

	if (json_dumpb(v, NULL, 0, JSON_COMPACT) < LINE)
		jw_flat(w);
	if (json_is_array(v))
		jw_array(w, key);
	else
		jw_object(w, key);
	json_array_foreach(v, i, inner)
		dom_write(w, NULL, inner);
	json_object_foreach((json_t *)v, name, inner)
		dom_write(w, name, inner);
	jw_end(w);
}

void dom_write(struct json_writer *w, const char *key, const json_t *v)
{
	switch (json_typeof(v)) {
	case JSON_OBJECT:
	case JSON_ARRAY:
		write_container(w, key, v);
		break;
	case JSON_STRING:
		jw_stringn(w, key, json_string_value(v), json_string_length(v));
		break;
	case JSON_INTEGER:
		jw_int(w, key, json_integer_value(v));
		break;
	case JSON_REAL:
		jw_real(w, key, json_real_value(v));
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		jw_bool(w, key, json_is_true(v));
		break;
	case JSON_NULL:
		jw_null(w, key);
		break;
	}
}

char *dom_dump(struct arena *a, const json_t *v)
{
	char *text = json_dumps(v, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
	char *copy = arena_strdup(a, text ? text : "");

	free(text);
	return copy;
}

void dom_set(json_t *object, const char *name, json_t *v)
{
	json_object_set_new(object, name, v);
}
