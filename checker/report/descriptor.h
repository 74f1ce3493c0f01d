/* SPDX-License-Identifier: MIT */
/*
 * descriptor.h - what can be said that is no result of a rule
 *
 * The notifications of a log, with the help that viewers show for them, and the
 * names of the weaknesses (CWE) that rules refer to. An id is never used again
 * for something else. A new kind of notification gets a line in descriptor.c.
 */
#ifndef PF_REPORT_DESCRIPTOR_H
#define PF_REPORT_DESCRIPTOR_H

#define PROTFLOW_NAME "protflow"

/* Where the documentation stands: set by whoever publishes it (cmake -DPROTFLOW_HOME=), else "". */
#ifndef PROTFLOW_HOME
#define PROTFLOW_HOME ""
#endif

#define NOTE_INCOMPLETE "PF-incomplete"
#define NOTE_NOT_APPLICABLE "PF-not-applicable"
#define NOTE_VACUOUS "PF-vacuous"
#define NOTE_MISSING "PF-missing"
#define NOTE_SKIPPED "PF-skipped"
#define NOTE_SPARSE "PF-sparse"
#define NOTE_STALE "PF-stale"
#define NOTE_CHANGED "PF-changed"
#define NOTE_WANTED "PF-wanted"
#define NOTE_MODEL "PF-model"
#define NOTE_RULE_FILE "PF-rule-file"
#define NOTE_RULES "PF-rules"

struct descriptor {
	const char *id;
	const char *name;	/* PascalCase */
	const char *level;	/* SARIF's default level */
	const char *text;	/* what it means; one sentence */
	const char *help;	/* what to do */
};

/* An id that is not in the table gets a descriptor that says no more than that. */
struct descriptor descriptor_of(const char *id);

#define CWE_VERSION "4.14"

/* The title of "CWE-667" or "667", or NULL. */
const char *cwe_title(const char *id);

/* The digits of "CWE-667" or "667". */
const char *cwe_number(const char *id);

#endif
