/* SPDX-License-Identifier: MIT */
/*
 * summary.h - from the states at the returns of a function to its cases
 */
#ifndef PF_ENGINE_SUMMARY_H
#define PF_ENGINE_SUMMARY_H

#include "engine/fun.h"

/* Fills the cases of out: one per return class and monitors, at most ENGINE_CASES. */
void summary_build(struct fun *f, struct summary *out);
void summary_release(struct summary *s);

#endif
