/* SPDX-License-Identifier: MIT */
/*
 * merge.h - the logs of many units as one log of the run
 *
 *	struct merge *m = merge_new();
 *
 *	for each log: merge_add(m, name, text, n, &why)
 *	merge_missing(m, "drivers/iommu/iova.o");
 *	run = merge_finish(m);
 *	merge_write(m, &options, &out);
 *	merge_free(m);
 *
 * Any order of the logs gives the same bytes, a log that comes twice counts
 * once, and a merged log can be merged again: merge(merge(a, b), c) is
 * merge(a, b, c). A unit that one log misses and another has is not missing.
 *
 * A finding that several units have, in a header, is one result: that of the
 * worst verdict and the shortest path. It is the same finding where the rule,
 * the region, the fingerprint without its count, and the message agree; its
 * occurrenceCount is the number of the units, which properties.units names.
 *
 * Here it is decided what the run says of a rule, from what each unit says
 * (run.properties.protflow.units, an object of the unit's name, source, status,
 * version, rulesDigest and its rules: when, sinks, verdict, guards, assumptions):
 *
 *	violation	some unit has one
 *	incomplete	else, a unit of the build was not checked
 *	vacuous		else, the design is there, and no unit has a place to judge
 *	incomplete	else, some unit could not tell
 *	proved		else, the design is there
 *	not applicable	else
 */
#ifndef PF_REPORT_MERGE_H
#define PF_REPORT_MERGE_H

#include "base/buffer.h"
#include "report/finding.h"
#include "report/sarif.h"

struct merge_rule {
	const char *id, *name;
	uint8_t verdict;	/* enum verdict */
	bool undecided;		/* some unit could not tell */
	unsigned units;		/* that have the design */
	unsigned sinks;		/* places judged, each unit's counted */
	unsigned violations, reviews;	/* results */
	const char **guards, **assumptions;	/* of the proof; sorted, each once */
	unsigned nguards, nassumptions;
};

/* A result of kind fail. */
struct merge_finding {
	const char *rule, *uri, *function, *message;
	uint8_t level;		/* enum rule_severity */
	unsigned line, col;
};

struct merge_run {
	unsigned checked, skipped, incomplete;	/* units */
	const char **incomplete_units, **missing;
	unsigned nmissing;
	const struct merge_rule *rules;		/* in the order of their ids */
	unsigned nrules;
	const struct merge_finding *findings;	/* in the order of the log */
	unsigned nfindings;
	unsigned reviews;
	bool linked;		/* the units were judged as one program */
	bool vacuous;		/* a rule is: exit status 3 */
	bool stale;		/* units of several versions of protflow or its rules */
	bool no_rules;		/* a rule or model file had a fault, and a unit was not judged */
	const char *wanted;	/* what a link says of skipped units that it wants, or NULL */
	bool no_sparse;		/* it was asked for, and could not be used */
};

struct merge_options {
	bool reproducible;	/* no times, no absolute paths */
	const char *automation_id;	/* NULL: that of the logs, where they have one */
};

struct merge;

struct merge *merge_new(void);
void merge_free(struct merge *m);

/*
 * What a build leaves of a unit names a file with its rules (rules_file.h), which read
 * is asked for, once for each name: the text of what goes with that log. It gives 0 or
 * -errno. Without a reader such logs are refused.
 */
typedef int (*merge_reader)(void *arg, const char *log, const char *name, struct buffer *text);
void merge_rules_files(struct merge *m, merge_reader read, void *arg);

/*
 * Takes a log. False where it is none of protflow's, or no whole one: then
 * nothing of it is taken, and why says so, as "name:line:col: text".
 */
bool merge_add(struct merge *m, const char *name, const char *text, size_t n, struct buffer *why);

/*
 * What the logs that follow say of this rule, for units that are superseded, is
 * left out: a log that was added says it of the program that they are part of.
 */
void merge_supersede_rule(struct merge *m, const char *rule);
void merge_supersede_unit(struct merge *m, const char *unit);

/* A unit of the build, named as logs name it, that may have left no log; told if it has not. */
void merge_missing(struct merge *m, const char *unit);

/*
 * The folders of the source of the logs that do not tell its version, each once,
 * in no order. Whoever knows their versions adds them; those of logs that tell
 * are taken over, so that a merged log says the same when it is merged again.
 */
const char *const *merge_sources(const struct merge *m, unsigned *n);
void merge_version(struct merge *m, const struct sarif_vcs *vcs);

/* After the last log. Lives as long as m. */
const struct merge_run *merge_finish(struct merge *m);

/* After merge_finish(). */
void merge_write(const struct merge *m, const struct merge_options *o, struct buffer *out);

#endif
