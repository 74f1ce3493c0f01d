/* SPDX-License-Identifier: MIT */
#include "command/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/yaml.h"
#include "rules/analysis.h"

const char check_usage[] =
"usage: protflow check [OPTION...] -- ARGV\n"
"\n"
"Checks one unit. ARGV is what Kbuild hands to $(CHECK): flags and the source;\n"
"the working directory is the object tree.\n"
"\n"
"  --sarif FILE          write a SARIF 2.1.0 log, whatever becomes of the unit\n"
"  --report-passes       put proved rules into the log too\n"
"  --facts DIR           leave what 'protflow link' needs there (in a build it goes\n"
"                        to .protflow/ of the object tree)\n"
"  --rules DIR           read the rules here, instead of those found\n"
"  --only=ID,...         these rules\n"
"  --also=ID,...         these rules too, which run on request only\n"
"  --disable=ID,...      all rules but these\n"
"  --fail-on=LEVEL       exit 1 with a finding of LEVEL: note, warning, error\n"
"  --strict              exit 1 also where a rule could not be decided\n"
"  --no-filter           parse the unit, whatever its text says (for measuring)\n"
"  --max-seconds=N       processor time for the unit (default 60)\n"
"  --max-memory=MB       memory for the unit (default 4096, 0: no bound)\n"
"  --max-steps=N         abstract instructions for a function\n"
"  --reproducible        no times, command lines or absolute paths in the log\n"
"  --category=NAME       automationDetails.id of the log (in a build protflow/ARCH/)\n"
"  --stats               print what was done, and what has no model, to stderr\n"
"  --dump=WHAT           print ir,cfg,state,summary,obligations to stdout\n"
"  --dump-function=NAME  of this function only\n"
"  --infer=RECORD        print how the unit uses the fields of a record, and what\n"
"                        locks it holds then\n"
"\n"
"In a build: make C=1 CHECK=/path/to/run-check.sh CF='--protflow-fail-on=warning'\n"
"Exit status: 0 it ran, 1 --fail-on or --strict was met, 2 usage, rule or model file.\n";

typedef bool (*option_set)(struct check_options *o, const char *value);

struct option {
	const char *name;
	bool has_value;
	option_set set;
};

static bool set_sarif(struct check_options *o, const char *v)
{
	o->sarif = v;
	return *v;
}

static bool set_facts(struct check_options *o, const char *v)
{
	o->facts = v;
	return *v;
}

static bool set_rules(struct check_options *o, const char *v)
{
	o->rules_dir = v;
	return *v;
}

static bool set_also(struct check_options *o, const char *v)
{
	o->also = v;
	return *v;
}

static bool set_only(struct check_options *o, const char *v)
{
	o->only = v;
	return *v;
}

static bool set_disable(struct check_options *o, const char *v)
{
	o->disable = v;
	return *v;
}

static bool set_category(struct check_options *o, const char *v)
{
	o->category = v;
	return *v;
}

static bool set_dump_function(struct check_options *o, const char *v)
{
	o->dump_function = v;
	return *v;
}

static bool set_report_passes(struct check_options *o, const char *v)
{
	(void)v;
	return o->report_passes = true;
}

static bool set_stats(struct check_options *o, const char *v)
{
	(void)v;
	return o->stats = true;
}

static bool set_strict(struct check_options *o, const char *v)
{
	(void)v;
	return o->strict = true;
}

static bool set_reproducible(struct check_options *o, const char *v)
{
	(void)v;
	return o->reproducible = true;
}

static bool set_no_filter(struct check_options *o, const char *v)
{
	(void)v;
	return o->no_filter = true;
}

static bool set_kbuild(struct check_options *o, const char *v)
{
	(void)v;
	return o->kbuild = true;
}

static bool set_sparse_unusable(struct check_options *o, const char *v)
{
	(void)v;
	return o->sparse_unusable = true;
}

static bool set_help(struct check_options *o, const char *v)
{
	(void)v;
	return o->help = true;
}

bool fail_on_parse(const char *name, uint8_t *out)
{
	static const char *const names[] = { "none", "error", "warning", "note" };

	for (uint8_t i = 0; i < 4; i++) {
		if (strcmp(name, names[i]))
			continue;
		*out = i;
		return true;
	}
	return false;
}

static bool set_fail_on(struct check_options *o, const char *v)
{
	return fail_on_parse(v, &o->fail_on);
}

static bool parse_number(const char *v, uint64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoull(v, &end, 10);
	return *v >= '0' && *v <= '9' && !*end && !errno;
}

static bool set_max_seconds(struct check_options *o, const char *v)
{
	char *end;

	o->max_seconds = strtod(v, &end);
	return *v >= '0' && *v <= '9' && !*end && o->max_seconds > 0 && o->max_seconds < 1e6;
}

static bool set_max_memory(struct check_options *o, const char *v)
{
	return parse_number(v, &o->max_memory) && o->max_memory < (1u << 30);
}

static bool set_max_steps(struct check_options *o, const char *v)
{
	return parse_number(v, &o->max_steps);
}

static bool set_infer(struct check_options *o, const char *v)
{
	o->infer = v;
	return *v;
}

bool dump_parse(const char *v, unsigned *dump)
{
	static const char *const names[] = { "ir", "cfg", "state", "summary", "obligations" };

	for (;;) {
		size_t n = strcspn(v, ",");
		unsigned i;

		for (i = 0; i < 5; i++)
			if (strlen(names[i]) == n && !strncmp(v, names[i], n))
				break;
		if (i == 5)
			return false;
		*dump |= 1u << i;
		if (!v[n])
			return true;
		v += n + 1;
	}
}

static bool set_dump(struct check_options *o, const char *v)
{
	return dump_parse(v, &o->dump);
}

static const struct option options[] = {
	{ "sarif", true, set_sarif },
	{ "report-passes", false, set_report_passes },
	{ "facts", true, set_facts },
	{ "rules", true, set_rules },
	{ "only", true, set_only },
	{ "also", true, set_also },
	{ "disable", true, set_disable },
	{ "category", true, set_category },
	{ "dump", true, set_dump },
	{ "dump-function", true, set_dump_function },
	{ "infer", true, set_infer },
	{ "stats", false, set_stats },
	{ "fail-on", true, set_fail_on },
	{ "strict", false, set_strict },
	{ "reproducible", false, set_reproducible },
	{ "no-filter", false, set_no_filter },
	{ "max-seconds", true, set_max_seconds },
	{ "max-memory", true, set_max_memory },
	{ "max-steps", true, set_max_steps },
	{ "kbuild", false, set_kbuild },
	{ "sparse-unusable", false, set_sparse_unusable },
	{ "help", false, set_help },
};

#define NOPTIONS (sizeof(options) / sizeof(options[0]))

static const struct option *option_find(const char *name, size_t n)
{
	for (size_t i = 0; i < NOPTIONS; i++)
		if (strlen(options[i].name) == n && !strncmp(options[i].name, name, n))
			return &options[i];
	return NULL;
}

static void unknown_option(const char *name, struct buffer *faults)
{
	const char *names[NOPTIONS + 1] = { NULL };
	const char *near;

	for (size_t i = 0; i < NOPTIONS; i++)
		names[i] = options[i].name;
	near = yaml_suggest(name, names);
	buffer_printf(faults, "unknown option '--%s'", name);
	if (near)
		buffer_printf(faults, ", did you mean '--%s'?", near);
	buffer_putc(faults, '\n');
}

/* One option "name" or "name=value"; next is the following word. True where that was taken. */
static bool apply(struct check_options *o, const char *text, const char *next,
		  struct buffer *faults)
{
	size_t n = strcspn(text, "=");
	const struct option *opt = option_find(text, n);
	const char *value = text[n] ? text + n + 1 : NULL;
	bool taken = false;

	if (!opt) {
		char *name = strndup(text, n);

		unknown_option(name ? name : text, faults);
		free(name);
		return false;
	}
	if (opt->has_value && !value) {
		value = next;
		taken = next;
	}
	if (opt->has_value && !value)
		buffer_printf(faults, "option '--%s' needs a value\n", opt->name);
	else if (!opt->has_value && value)
		buffer_printf(faults, "option '--%s' takes no value\n", opt->name);
	else if (!opt->set(o, value))
		buffer_printf(faults, "option '--%s': '%s' is no value for it\n", opt->name,
			      value);
	return taken;
}

void check_options_parse(struct check_options *o, int argc, const char *const *argv,
			 struct buffer *faults)
{
	int i = 0;

	*o = (struct check_options) {
		.max_seconds = CHECK_MAX_SECONDS,
		.max_memory = CHECK_MAX_MEMORY,
	};
	for (; i < argc && !strncmp(argv[i], "--", 2) && argv[i][2]; i++)
		if (apply(o, argv[i] + 2, i + 1 < argc ? argv[i + 1] : NULL, faults))
			i++;
	if (i < argc && !strcmp(argv[i], "--"))
		i++;
	o->argc = argc - i;
	o->argv = argv + i;
}

void check_options_add(struct check_options *o, unsigned n, const char *const *list,
		       struct buffer *faults)
{
	for (unsigned i = 0; i < n; i++)
		apply(o, list[i], NULL, faults);
}
