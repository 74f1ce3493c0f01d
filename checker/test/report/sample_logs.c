/* SPDX-License-Identifier: MIT */
/*
 * Writes logs of each kind into a folder, for the validators.
 *
 *	sample_logs DIR
 */
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
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
	struct merge_options o = { .vcs = &vcs, .automation_id = "protflow/x86_64-defconfig/" };
	struct buffer log = BUFFER_INIT;
	int err;

	merge_missing(m, "drivers/gone.o");
	merge_finish(m);
	merge_write(m, &o, &log);
	err = save(s->dir, "merged", &log);
	buffer_release(&log);
	return err;
}

int main(int argc, char **argv)
{
	static const char *const names[] = { "full", "other", "skipped", "failed", "vacuous",
					     "clean" };
	static const struct sarif_options plain = { .report_passes = true, .vcs = &vcs };
	static const struct sarif_options hidden = { .report_passes = true, .reproducible = true,
						     .no_absolute_paths = true };
	struct merge *m = merge_new();
	struct sample s;
	int err = 0;

	if (argc != 2) {
		fprintf(stderr, "usage: sample_logs DIR\n");
		return 2;
	}
	sample_init(&s, argv[1]);
	for (unsigned i = 0; i < SAMPLE_KINDS; i++)
		err |= write_kind(&s, i, names[i], &plain, m);
	err |= write_kind(&s, SAMPLE_FULL, "hidden", &hidden, NULL);
	err |= write_merged(&s, m);
	merge_free(m);
	sample_release(&s);
	return err ? 1 : 0;
}
