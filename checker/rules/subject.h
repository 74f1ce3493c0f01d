/* SPDX-License-Identifier: MIT */
/*
 * subject.h - the records and functions that a rule names
 *
 * What tells whether a unit has something for the rule, by its text
 * (command/relevance.h) or by its IR (concern.h).
 */
#ifndef PF_RULES_SUBJECT_H
#define PF_RULES_SUBJECT_H

#include "rules/rule.h"

#define SUBJECT_TAG 256

/* The record that a type of bind: points to, "struct foo" of "struct foo *"; false for others. */
bool subject_pointee(const char *type, char tag[SUBJECT_TAG]);

typedef void (*subject_name)(void *arg, const char *name);

/* The records of the anchors: those whose objects are looked at, "struct dma_pte". */
void subject_anchors(const struct rule *r, subject_name found, void *arg);

/* All whose accesses the rule wants to know of. */
void subject_fields(const struct rule *r, subject_name found, void *arg);

/* Those with a field that it takes for granted: of them who writes that field matters. */
void subject_policies(const struct rule *r, subject_name found, void *arg);

/*
 * Those of bind: where the template has no anchors (refuse-warn, coupling): a function
 * that has a value for each name is looked at.
 */
void subject_binds(const struct rule *r, subject_name found, void *arg);

/* The functions whose calls are anchors. */
void subject_calls(const struct rule *r, subject_name found, void *arg);

/* Those that the rule's template looks for besides, which say nothing of a unit's text. */
void subject_helpers(const struct rule *r, subject_name found, void *arg);

#endif
