/* SPDX-License-Identifier: MIT */
/*
 * sensitivity.h - that a clean result is not a blind one
 *
 * Each guard that a proof rests on is left out, one after the other, and the rule
 * is judged again: what is found then is what the guard prevents. Where nothing
 * is found, the proof rests on more than this guard, or the rule sees nothing.
 */
#ifndef PF_COMMAND_SENSITIVITY_H
#define PF_COMMAND_SENSITIVITY_H

#include "command/linked.h"

/*
 * For each rule that the report says is proved: a line for each guard on stdout,
 * and a notification in the report.
 */
void sensitivity_prove(struct linked *l, struct report *r);

#endif
