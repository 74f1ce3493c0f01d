/* SPDX-License-Identifier: MIT */
/*
 * sarif_parts.h - what the parts of the SARIF writer share
 *
 * A log is prepared first: results in their order, every file that a location
 * names, every notification. Only then are there indices, and it is written
 * from the top to the bottom.
 */
#ifndef PF_REPORT_SARIF_PARTS_H
#define PF_REPORT_SARIF_PARTS_H

#include "base/json.h"
#include "report/sarif.h"
#include "report/sarif_frame.h"
#include "report/source.h"

#define SARIF_STEPS 100		/* of a code flow; more make viewers drop it */
#define SARIF_RELATED 100
#define SARIF_LINKS 4		/* related locations that the message names */

struct sarif_result {
	const struct finding *finding;
	const char *kind, *level;
	struct source *source;
	struct place place;		/* of the finding, or the start of the unit */
	struct region region;
	struct related *related;	/* those of the finding, and its macro's definition */
	unsigned nrelated;
	char hash[FINGERPRINT_HEX];
	unsigned ordinal;		/* of the results with that hash, from 1 */
};

struct sarif_log {
	struct json_writer w;
	const struct report *report;
	const struct sarif_options *options;
	struct arena arena;
	struct roots roots;
	struct sources sources;
	Array(struct sarif_result) results;
	Array(struct notification) notices;
	Array(const char *) notice_ids;	/* sorted, each once */
	const char *unit;		/* its name, or NULL */
};

/* sarif_tool.c: the rules, and the taxonomies that they refer to. */
void sarif_write_rules(struct sarif_log *log);
unsigned sarif_weaknesses(struct sarif_log *log, const char ***out);
int sarif_rule_index(const struct sarif_log *log, const char *id);

/* sarif_run.c: what has happened, and what the unit says of the rules. */
void sarif_prepare_notices(struct sarif_log *log);
void sarif_write_invocations(struct sarif_log *log);
void sarif_write_properties(struct sarif_log *log);

/* sarif_result.c */
void sarif_prepare_results(struct sarif_log *log);
void sarif_write_results(struct sarif_log *log);

/* sarif_flow.c: the path of a finding; nothing where it has none. */
void sarif_write_flow(struct sarif_log *log, const struct finding *f);

/* sarif_message.c: the sentences of a result, with links to its related locations. */
void sarif_write_message(struct sarif_log *log, const struct sarif_result *r);
/* The rule's message with numbers for its names. */
char *sarif_message_template(struct arena *a, const struct rule *rule);

/* sarif_location.c */
struct sarif_place {
	const struct place *place;	/* line 0: the file as a whole */
	const char *function, *text;	/* or NULL */
	unsigned id;			/* 0: none */
	bool context;
};
void sarif_write_location(struct sarif_log *log, const char *key, const struct sarif_place *p);

#endif
