/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/yaml.h"
#include "command/commands.h"
#include "command/leave.h"
#include "command/output.h"
#include "command/paths.h"
#include "command/relevance.h"
#include "command/rulebook.h"
#include "command/unit.h"
#include "command/worker.h"

/* Of the seconds of a unit, what is left for writing the report down. */
#define ANALYSIS_SHARE 0.9

static double processor_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void add_stats(const struct unit_result *u, const struct frontend_stats *f,
		      const struct analysis_stats *a, const char *unmodelled, struct buffer *out)
{
	buffer_printf(out, "stats: parse %.3f s, lower %.3f s, analysis %.3f s, all %.3f s\n",
		      f->parse_seconds, f->lower_seconds, a->seconds, processor_seconds());
	buffer_printf(out, "stats: bodies lowered %u, constructs unmodelled %u, asm unmodelled %u\n",
		      f->bodies_lowered, f->constructs_unmodelled, f->asm_unmodelled);
	buffer_printf(out, "stats: functions %u, summaries %u, steps %llu, partitions merged %u\n",
		      a->functions, a->summaries, (unsigned long long)a->steps,
		      a->partitions_merged);
	buffer_printf(out, "stats: obligations %u, discharged %u, lifted %u, unmodelled reached %u\n",
		      a->obligations, a->discharged, a->lifted, a->unmodelled);
	buffer_printf(out, "stats: witnesses replayed %u, not reached %u\n", a->replays,
		      a->not_replayed);
	buffer_printf(out, "stats: unparsed %u\n", u->faults);
	buffer_printf(out, "stats: bodies left out %u%s\n", u->left_out,
		      u->again ? ", parsed again" : "");
	for (size_t n; *unmodelled; unmodelled += n + 1) {
		n = strcspn(unmodelled, "\n");
		buffer_printf(out, "stats: unmodelled in %.*s\n", (int)n, unmodelled);
	}
}

/* Without its facts the unit counts as not seen at the link. */
static void leave(const struct call *c, const struct rule_set *rules, const struct report *r,
		  const struct unit_result *result, const struct ir_unit *program,
		  struct buffer *text)
{
	struct buffer why = BUFFER_INIT;

	if (result->parsed &&
	    !leave_facts(c, rules, r->complete ? FACTS_WHOLE : FACTS_PARTIAL, NULL,
			 program, &why))
		buffer_printf(text, "protflow: %s", buffer_str(&why));
	buffer_release(&why);
}

/* The parsed unit goes with the process. */
static struct frontend *kept;

static void run(struct call *c, const struct rule_set *rules, const struct model *model,
		struct report *r, struct buffer *text)
{
	struct buffer dump = BUFFER_INIT, unmodelled = BUFFER_INIT;
	struct unit_result result;
	struct ir_unit program;
	struct unit_input in = {
		.unit = &c->unit, .rules = rules, .model = model,
		.program = c->facts ? &program : NULL,
		.kept = &kept,
		.analysis = {
			.dump = c->options.dump,
			.dump_out = c->options.dump || c->options.infer ? &dump : NULL,
			.dump_function = c->options.dump_function,
			.infer = c->options.infer,
			.unmodelled = c->options.stats ? &unmodelled : NULL,
			.max_steps = c->options.max_steps,
			.max_seconds = c->options.max_seconds * ANALYSIS_SHARE,
		},
	};

	ir_unit_init(&program);
	check_unit(&in, r, &result);
	r->complete = result.parsed && !result.faults;
	if (!c->options.infer)
		output_text(r, &c->options, text);
	if (c->options.stats)
		add_stats(&result, &result.frontend, &result.analysis, buffer_str(&unmodelled), text);
	fd_write_all(1, buffer_str(&dump), dump.n);
	buffer_release(&dump);
	buffer_release(&unmodelled);
	leave(c, rules, r, &result, &program, text);
	ir_unit_release(&program);
}

int command_unit(int argc, char **argv)
{
	struct call c;
	struct rule_set rules = { 0 };
	struct model model = { 0 };
	struct report r = { .rules = &rules };
	struct yaml_faults faults = YAML_FAULTS_INIT;
	struct buffer text = BUFFER_INIT;
	struct output_logs logs = { BUFFER_INIT, BUFFER_INIT };
	const char *unknown;
	int status;

	if (argc < 5)
		return STATUS_USAGE;
	/* The parent has read them without a fault. */
	if (!rulebook_read(argv[1], &rules, &model, &faults) && !rulebook_good(&faults))
		return STATUS_USAGE;
	call_init(&c, argc - 5, (const char *const *)argv + 5);
	rules_select(&rules, &c.unit, c.options.only, c.options.also,
		     c.options.disable, &unknown);
	call_describe(&c, &r);
	call_notify(&c, &r);
	if (!c.options.reproducible)
		r.start = (double)time(NULL);
	run(&c, &rules, &model, &r, &text);
	if (!c.options.reproducible)
		r.end = (double)time(NULL);
	status = output_fails(&r, &c.options);
	output_logs(&r, &c, call_status(&c, status), &logs);
	if (fd_write_all(atoi(argv[2]), buffer_str(&text), text.n) ||
	    fd_write_all(atoi(argv[3]), buffer_str(&logs.sarif), logs.sarif.n) ||
	    fd_write_all(atoi(argv[4]), buffer_str(&logs.left), logs.left.n))
		status = STATUS_USAGE;
	else
		status += WORKER_ENDED_WELL;
	/* The process ends; only leak checkers want more. */
	buffer_release(&text);
	output_logs_release(&logs);
	report_release(&r);
	model_release(&model);
	rules_release(&rules);
	yaml_faults_release(&faults);
	call_release(&c);
	return status;
}
