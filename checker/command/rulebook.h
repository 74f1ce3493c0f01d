/* SPDX-License-Identifier: MIT */
/*
 * rulebook.h - the rules and models that a command goes by
 *
 * A fault in either makes both unusable: a model that is not read as it was
 * meant changes verdicts without a word.
 */
#ifndef PF_COMMAND_RULEBOOK_H
#define PF_COMMAND_RULEBOOK_H

#include "model/model.h"
#include "rules/rule.h"

/* Reads the rules of dir and the models that belong to them. False when a fault was added. */
bool rulebook_read(const char *dir, struct rule_set *rules, struct model *model,
		   struct yaml_faults *faults);

/* The faults of the models alone. */
bool rulebook_check_models(const char *dir, struct yaml_faults *faults);

/* Prints all faults in one write, and says whether there is none. */
bool rulebook_good(struct yaml_faults *faults);

#endif
