/* SPDX-License-Identifier: MIT */
/*
 * sarif_frame.h - what every log of protflow has in common
 *
 * Used by the writer of a unit's log and by the merger, so that a merged log
 * looks as if one program had written it in one go.
 *
 *	sarif_begin(w);
 *	sarif_begin_driver(w);		"rules": [...]
 *	sarif_end_driver(w, ids, nids, nweaknesses);
 *	sarif_constants(w, id);
 *	...
 *	sarif_end(w);
 */
#ifndef PF_REPORT_SARIF_FRAME_H
#define PF_REPORT_SARIF_FRAME_H

#include "base/json.h"
#include "report/sarif.h"

/* From the log's begin into its run, and from there to the end. */
void sarif_begin(struct json_writer *w);
void sarif_end(struct json_writer *w);

/* From the run into the driver, and back; in between come the rules. */
void sarif_begin_driver(struct json_writer *w);
void sarif_end_driver(struct json_writer *w, const char *const *notifications, unsigned n,
		      bool has_taxonomies);

void sarif_constants(struct json_writer *w, const char *automation_id);

/* "versionControlProvenance", where the repository is known; root is what it is mapped to. */
void sarif_provenance(struct json_writer *w, const struct sarif_vcs *vcs, const char *root);

/* "taxonomies" with the CWE of these numbers; nothing where n is 0. */
void sarif_taxonomies(struct json_writer *w, const char *const *numbers, unsigned n);
void sarif_component_reference(struct json_writer *w, const char *key);

/* The order of the numbers of weaknesses, for qsort(3) of strings. */
int sarif_compare_numbers(const void *a, const void *b);

void sarif_text(struct json_writer *w, const char *key, const char *text);
void sarif_strings(struct json_writer *w, const char *key, const char *const *v, unsigned n);
void sarif_help(struct json_writer *w, const char *text, const char *anchor);

#endif
