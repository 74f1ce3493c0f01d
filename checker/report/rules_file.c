/* SPDX-License-Identifier: MIT */
#include "report/rules_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <xxhash.h>

#include "report/sarif_parts.h"

static void name_of(const char *text, size_t n, char name[RULES_FILE_NAME])
{
	snprintf(name, RULES_FILE_NAME, "%016" PRIx64, (uint64_t)XXH64(text, n, 0));
}

void rules_file_write(const struct rule_set *rules, struct buffer *out, char name[RULES_FILE_NAME])
{
	const struct report report = { .rules = rules };
	const struct sarif_options options = { .rules_file = NULL };
	struct sarif_log log = { .report = &report, .options = &options };
	size_t start = out->n;

	jw_init(&log.w, out);
	jw_object(&log.w, NULL);
	sarif_write_rules(&log);
	jw_end(&log.w);
	arena_release(&log.arena);
	name_of(out->s + start, out->n - start, name);
}

bool rules_file_is(const char *name, const char *text, size_t n)
{
	char own[RULES_FILE_NAME];

	name_of(text, n, own);
	return !strcmp(name, own);
}

bool rules_file_is_name(const char *name)
{
	return strlen(name) == RULES_FILE_NAME - 1 &&
	       strspn(name, "0123456789abcdef") == RULES_FILE_NAME - 1;
}
