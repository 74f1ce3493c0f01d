/* SPDX-License-Identifier: MIT */
/*
 * Writes logs of each kind into a folder, for the validators.
 *
 *	sample_logs DIR RULES
 *
 * RULES are the real ones: their texts must please the validators, too.
 */
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/yaml.h"
#include "report/merge.h"
#include "sample.h"

static const struct sarif_vcs vcs = { "https://example.org/linux.git",
				      "0123456789abcdef0123456789abcdef01234567", "main" };

static int save(const char *dir, const char *name, struct buffer *log)
{
	struct buffer path = BUFFER_INIT;
	int err;

	buffer_printf(&path, "%s/%s.sarif", dir, name);
	err = file_replace(path.s, buffer_str(log), log->n);
	if (err)
		fprintf(stderr, "%s: %s\n", path.s, strerror(-err));
	buffer_release(&path);
	buffer_clear(log);
	return err;
}

/* The log of one kind, and into the merged one if there is one. */
static int write_kind(struct sample *s, enum sample_kind kind, const char *name,
		      const struct sarif_options *o, struct merge *m)
{
	struct buffer log = BUFFER_INIT, why = BUFFER_INIT;
	struct report r = { 0 };
	int err = 0;

	sample_report(s, kind, &r);
	sarif_write(&r, o, &log);
	if (m && !merge_add(m, name, log.s, log.n, &why)) {
		fprintf(stderr, "%s\n", why.s);
		err = 1;
	}
	err |= save(s->dir, name, &log);
	report_release(&r);
	buffer_release(&log);
	buffer_release(&why);
	return err;
}

static int write_merged(struct sample *s, struct merge *m)
{
	struct merge_options o = { .automation_id = "protflow/x86_64-defconfig/" };
	struct buffer log = BUFFER_INIT;
	int err;

	merge_missing(m, "drivers/gone.o");
	merge_version(m, &vcs);
	merge_finish(m);
	merge_write(m, &o, &log);
	err = save(s->dir, "merged", &log);
	buffer_release(&log);
	return err;
}

/* A log of a unit for which no rule says anything, with all rules of a folder. */
static int write_rules(struct sample *s, const char *dir, const struct sarif_options *o)
{
	struct yaml_faults faults = YAML_FAULTS_INIT;
	struct rule_set rules = { 0 };
	struct report r = { .rules = &rules, .directory = s->obj, .srctree = s->src,
			    .source = "../src/drivers/plain.c", .complete = true };
	struct buffer log = BUFFER_INIT;
	int err = !rules_read_dir(&rules, dir, &faults);

	yaml_faults_text(&faults, &log);
	fputs(buffer_str(&log), stderr);
	buffer_clear(&log);
	sarif_write(&r, o, &log);
	err |= save(s->dir, "rules", &log);
	report_release(&r);
	rules_release(&rules);
	yaml_faults_release(&faults);
	buffer_release(&log);
	return err;
}

int main(int argc, char **argv)
{
	static const char *const names[] = { "full", "other", "skipped", "failed", "vacuous",
					     "clean" };
	static const struct sarif_options plain = { .report_passes = true, .vcs = &vcs };
	static const struct sarif_options hidden = { .report_passes = true, .reproducible = true };
	struct merge *m = merge_new();
	struct sample s;
	int err = 0;

	if (argc != 3) {
		fprintf(stderr, "usage: sample_logs DIR RULES\n");
		return 2;
	}
	sample_init(&s, argv[1]);
	for (unsigned i = 0; i < SAMPLE_KINDS; i++)
		err |= write_kind(&s, i, names[i], &plain, m);
	err |= write_kind(&s, SAMPLE_FULL, "hidden", &hidden, NULL);
	err |= write_merged(&s, m);
	err |= write_rules(&s, argv[2], &plain);
	merge_free(m);
	sample_release(&s);
	return err ? 1 : 0;
}
