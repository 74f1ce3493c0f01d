/* SPDX-License-Identifier: MIT */
#include "model/names.h"

#include <string.h>

static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
static const char digits[] = "0123456789";

/* The length of the name in C that s begins with. */
static size_t c_name(const char *s)
{
	size_t n = strspn(s, letters);

	while (n && s[n] && (strchr(letters, s[n]) || strchr(digits, s[n])))
		n++;
	return n;
}

bool model_check_name(const struct schema_reader *r, const struct yaml_node *name)
{
	size_t n = c_name(name->text);
	const char *rest = name->text + n;

	if (n && (!*rest || !strcmp(rest, "*")))
		return true;
	schema_fault(r, name, "'%s' is no name%s", name->text,
		     n && *rest == '*' ? ": a '*' can only end it" : "");
	return false;
}

bool model_check_function(const struct schema_reader *r, const struct yaml_node *name)
{
	static const char *const places[] = { "entry", "exit", "before", "after", "nonzero", "zero",
					      NULL };
	size_t n = c_name(name->text);
	const char *place = name->text + n, *near;

	if (!n || *place++ != '.')
		return model_check_name(r, name);
	for (size_t i = 0; places[i]; i++)
		if (!strcmp(place, places[i]))
			return true;
	near = yaml_suggest(place, places);
	schema_fault(r, name, "'%s' is no place of an annotation%s%s%s", place,
		     near ? ", did you mean '" : ": entry, exit, before, after, nonzero or zero",
		     near ? near : "", near ? "'?" : "");
	return false;
}

bool model_check_instruction(const struct schema_reader *r, const struct yaml_node *name)
{
	if (strcmp(name->text, "*"))
		return true;
	schema_fault(r, name, "'*' is no instruction");
	return false;
}

bool model_check_record(const struct schema_reader *r, const struct yaml_node *record)
{
	static const char *const kinds[] = { "struct ", "union ", "typedef " };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		size_t n = strlen(kinds[i]), m;

		if (strncmp(record->text, kinds[i], n))
			continue;
		m = c_name(record->text + n);
		if (m && !record->text[n + m])
			return true;
	}
	schema_fault(r, record, "'%s' is no record: struct, union or typedef and a name",
		     record->text);
	return false;
}
