/* SPDX-License-Identifier: MIT */
#include "command/leave.h"

#include <string.h>
#include <unistd.h>

void leave_nothing(const struct call *c)
{
	if (c->facts)
		unlink(c->facts);
}

static int make_folder(const char *path)
{
	struct arena a = ARENA_INIT;
	char *dir = arena_strdup(&a, path);
	int err;

	*strrchr(dir, '/') = 0;
	err = file_mkdirs(dir);
	arena_release(&a);
	return err;
}

static bool has_content(const char *path, const struct buffer *content)
{
	struct buffer b = BUFFER_INIT;
	bool same = !buffer_read_file(&b, path, content->n) && b.n == content->n &&
		    !memcmp(b.s, content->s, b.n);

	buffer_release(&b);
	return same;
}

bool leave_rules(const struct call *c, const struct rule_set *rules, char name[RULES_FILE_NAME])
{
	struct arena a = ARENA_INIT;
	struct buffer b = BUFFER_INIT;
	const char *path;
	bool there;

	if (!rules || !rules->rules.n)
		return false;
	rules_file_write(rules, &b, name);
	path = arena_printf(&a, "%s/.protflow/" RULES_FILE_PATH, c->tree, name);
	there = has_content(path, &b) || (!make_folder(path) && !file_replace(path, b.s, b.n));
	buffer_release(&b);
	arena_release(&a);
	return there;
}

bool leave_facts(const struct call *c, const struct rule_set *rules, enum facts_status status,
		 const struct vocabulary *words, const struct ir_unit *u, struct buffer *why)
{
	struct arena a = ARENA_INIT;
	struct buffer out = BUFFER_INIT;
	struct report r = { 0 };
	struct facts f = { .object = c->object, .source = c->unit.source,
			   .directory = c->unit.directory, .version = PROTFLOW_VERSION,
			   .rules = rules->digest, .flags = c->unit.flags_digest,
			   .status = (uint8_t)status, .asked = c->options.no_filter };
	int err;

	if (!c->facts)
		return true;
	call_describe(c, &r);
	f.srctree = r.srctree;
	if (words)
		f.words = *words;
	facts_write(&f, u, &out);
	err = make_folder(c->facts);
	if (!err)
		err = file_replace(c->facts, buffer_str(&out), out.n);
	if (err)
		buffer_printf(why, "%s: cannot be written: %s\n", c->facts, strerror(-err));
	report_release(&r);
	buffer_release(&out);
	arena_release(&a);
	return !err;
}
