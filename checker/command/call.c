/* SPDX-License-Identifier: MIT */
#include "command/call.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/path.h"
#include "command/commands.h"
#include "command/paths.h"
#include "report/descriptor.h"

static const char *env(const char *name)
{
	const char *v = getenv(name);

	return v && *v ? v : NULL;
}

static bool called_by_kbuild(const struct call *c)
{
	const char *checksrc = env("KBUILD_CHECKSRC");

	return c->options.kbuild || (c->unit.by_kbuild && checksrc && strcmp(checksrc, "0"));
}

/*
 * An external module's objects are not the kernel's: before 6.13 its unit is
 * compiled in the kernel's object tree, which may be read-only, under an
 * absolute name; since then in its own folder.
 */
static const char *object_tree(struct call *c, const char *object)
{
	static const char *const names[] = { "KBUILD_EXTMOD_OUTPUT", "KBUILD_EXTMOD" };

	for (size_t i = 0; i < 2; i++) {
		const char *v = env(names[i]);
		char *path = v ? kbuild_absolute(&c->arena, c->unit.directory, v) : NULL;

		if (path && path_below(object, path))
			return path;
	}
	if (path_below(object, c->unit.directory))
		return c->unit.directory;
	return arena_strndup(&c->arena, object, (size_t)(strrchr(object, '/') - object));
}

/* Logs of several machines are told apart by those who collect them. */
static void find_category(struct call *c)
{
	const char *arch = env("ARCH");

	if (!c->options.category && c->by_kbuild && arch)
		c->options.category = arena_printf(&c->arena, PROTFLOW_NAME "/%s/", arch);
}

static void find_result(struct call *c)
{
	const char *object;

	if (!c->unit.object)
		return;
	object = kbuild_absolute(&c->arena, c->unit.directory, c->unit.object);
	c->tree = object_tree(c, object);
	c->object = object + strlen(c->tree) + 1;
	if (c->by_kbuild)
		c->result = arena_printf(&c->arena, "%s/.protflow/%s.sarif", c->tree, c->object);
	if (c->options.facts)
		c->facts = arena_printf(&c->arena, "%s/%s.facts",
					kbuild_absolute(&c->arena, c->unit.directory,
							c->options.facts), c->object);
	else if (c->by_kbuild)
		c->facts = arena_printf(&c->arena, "%s/.protflow/%s.facts", c->tree, c->object);
}

void call_init_in(struct call *c, const char *directory, int argc, const char *const *argv)
{
	*c = (struct call) { .argv = argv };
	check_options_parse(&c->options, argc, argv, &c->faults);
	c->noptions = (int)(c->options.argv - argv);
	kbuild_parse(&c->arena, directory, c->options.argc, c->options.argv, &c->unit);
	check_options_add(&c->options, c->unit.noptions, c->unit.options, &c->faults);
	c->by_kbuild = c->options.kbuild = called_by_kbuild(c);
	/* A build goes on with what is undecided; "protflow merge --strict" is the gate. */
	if (c->by_kbuild)
		c->options.strict = false;
	find_category(c);
	find_result(c);
}

void call_init(struct call *c, int argc, const char *const *argv)
{
	char *cwd = getcwd(NULL, 0);

	call_init_in(c, cwd ? cwd : "/", argc, argv);
	free(cwd);
}

void call_release(struct call *c)
{
	arena_release(&c->arena);
	buffer_release(&c->faults);
}

/* As a word of the shell. */
static void add_word(struct buffer *b, const char *s)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789@%_-+=:,./";

	if (b->n)
		buffer_putc(b, ' ');
	if (*s && strspn(s, plain) == strlen(s)) {
		buffer_puts(b, s);
		return;
	}
	buffer_putc(b, '\'');
	for (; *s; s++) {
		if (*s == '\'')
			buffer_puts(b, "'\\''");
		else
			buffer_putc(b, *s);
	}
	buffer_putc(b, '\'');
}

/* Whether the option changes what is found, not only what is done with it. */
static bool is_essential(const char *option)
{
	static const char *const names[] = {
		"--rules", "--only", "--also", "--disable", "--max-seconds", "--max-memory", "--max-steps",
	};
	size_t n = strcspn(option, "=");

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i]) == n && !strncmp(names[i], option, n))
			return true;
	return false;
}

/* The options that came before ARGV; those in it come along with it. */
static void add_options(const struct call *c, struct buffer *b)
{
	for (int i = 0; i < c->noptions; i++) {
		if (!is_essential(c->argv[i]))
			continue;
		add_word(b, c->argv[i]);
		if (!strchr(c->argv[i], '=') && i + 1 < c->noptions)
			add_word(b, c->argv[++i]);
	}
}

/* Variables of make's command line without which it would build something else. */
static void add_make_variables(struct call *c, struct buffer *b)
{
	static const char *const names[] = { "ARCH=", "CROSS_COMPILE=", "LLVM=", "CC=" };
	const char *flags = env("MAKEFLAGS");
	char *copy, *word, *rest = NULL;

	flags = flags ? strstr(flags, "-- ") : NULL;
	if (!flags)
		return;
	copy = arena_strdup(&c->arena, flags + 3);
	for (word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (!strncmp(word, names[i], strlen(names[i])))
				add_word(b, word);
}

static void add_check(struct call *c, struct buffer *b)
{
	struct buffer check = BUFFER_INIT;
	const char *front = env("PROTFLOW_CHECK");

	if (front)
		add_word(&check, front);
	else
		buffer_printf(&check, "%s/protflow check", program_dir(&c->arena));
	add_options(c, &check);
	add_word(b, arena_printf(&c->arena, "CHECK=%s", check.s));
	buffer_release(&check);
}

/* make -C TREE [M=MODULE] C=2 CHECK=... OBJECT */
static void make_command(struct call *c, struct buffer *b)
{
	const char *objtree = env("objtree");
	struct buffer cf = BUFFER_INIT;

	objtree = kbuild_absolute(&c->arena, c->unit.directory, objtree ? objtree : ".");
	buffer_puts(b, "make -C");
	add_word(b, objtree);
	add_make_variables(c, b);
	/* Which program run-check.sh is to start; make hands it on. */
	if (env("PROTFLOW_CHECK") && env("PROTFLOW"))
		add_word(b, arena_printf(&c->arena, "PROTFLOW=%s", env("PROTFLOW")));
	if (strcmp(c->tree, objtree))
		add_word(b, arena_printf(&c->arena, "M=%s", c->tree));
	add_word(b, "C=2");
	add_check(c, b);
	for (unsigned i = 0; i < c->unit.noptions; i++)
		add_word(&cf, arena_printf(&c->arena, "--protflow-%s", c->unit.options[i]));
	if (cf.n)
		add_word(b, arena_printf(&c->arena, "CF=%s", cf.s));
	buffer_release(&cf);
	add_word(b, c->object);
}

/* protflow run -p DATABASE OBJECT */
static void run_command(struct call *c, const char *database, struct buffer *b)
{
	add_word(b, arena_printf(&c->arena, "%s/protflow", program_dir(&c->arena)));
	add_word(b, "run");
	add_word(b, "-p");
	add_word(b, database);
	add_options(c, b);
	add_word(b, c->object);
}

/* cd DIRECTORY && protflow check -- ARGV, with what matters of ARGV. */
static void plain_command(struct call *c, struct buffer *b)
{
	const struct kbuild_unit *u = &c->unit;

	buffer_puts(b, "cd");
	add_word(b, u->directory);
	buffer_puts(b, " &&");
	add_word(b, arena_printf(&c->arena, "%s/protflow", program_dir(&c->arena)));
	add_word(b, "check");
	add_options(c, b);
	add_word(b, "--");
	for (unsigned i = 0; i < u->nkept; i++)
		add_word(b, u->kept[i]);
	if (u->source)
		add_word(b, u->source);
}

static char *reproduce(struct call *c)
{
	const char *database = env("PROTFLOW_DATABASE");
	struct buffer b = BUFFER_INIT;
	char *s;

	if (c->by_kbuild && c->tree && database)
		run_command(c, database, &b);
	else if (c->by_kbuild && c->tree)
		make_command(c, &b);
	else
		plain_command(c, &b);
	s = arena_strndup(&c->arena, b.s, b.n);
	buffer_release(&b);
	return s;
}

void call_describe(const struct call *c, struct report *r)
{
	const struct kbuild_unit *u = &c->unit;
	struct call own = *c;
	const char *srctree = env("srctree");

	own.arena = (struct arena) ARENA_INIT;
	r->directory = arena_strdup(&r->arena, u->directory);
	r->source = u->source;
	r->object = c->object;
	r->srctree = u->srctree;
	if (!r->srctree && c->by_kbuild && srctree)
		r->srctree = kbuild_absolute(&r->arena, u->directory, srctree);
	if (c->tree && c->by_kbuild && env("KBUILD_EXTMOD"))
		r->modtree = kbuild_absolute(&r->arena, u->directory, env("KBUILD_EXTMOD"));
	r->command = arena_strdup(&r->arena, reproduce(&own));
	r->argc = c->options.argc;
	r->argv = c->options.argv;
	arena_release(&own.arena);
}

int call_status(const struct call *c, int status)
{
	if (c->by_kbuild && (status != STATUS_FAILS || !c->options.fail_on))
		return STATUS_OK;
	return status;
}

void call_notify(const struct call *c, struct report *r)
{
	const char *s = buffer_str(&c->faults);

	if (c->options.sparse_unusable)
		report_notify(r, NOTE_EXECUTION, SEVERITY_NOTE, NOTE_SPARSE, NULL,
			      "Sparse is not there or does not understand this kernel; "
			      "it was left out.");
	while (*s) {
		size_t n = strcspn(s, "\n");

		report_notify(r, NOTE_CONFIGURATION, SEVERITY_WARNING, "PF-option", NULL, "%.*s",
			      (int)n, s);
		s += n + !!s[n];
	}
}
