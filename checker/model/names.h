/* SPDX-License-Identifier: MIT */
/*
 * names.h - whether a name of a model file is one
 *
 * What nothing can be called matches nothing, and what it was meant for would be
 * unknown code. Each tells a fault at the node, and says whether there is none.
 */
#ifndef PF_MODEL_NAMES_H
#define PF_MODEL_NAMES_H

#include "base/schema.h"

/* A name in C, or the beginning of one and a star. */
bool model_check_name(const struct schema_reader *r, const struct yaml_node *name);
/* The same, or "A.entry": what an annotation A of model.h is a call of. */
bool model_check_function(const struct schema_reader *r, const struct yaml_node *name);
/* The first word of an instruction, or a whole one, or the beginning of one and a star. */
bool model_check_instruction(const struct schema_reader *r, const struct yaml_node *name);
/* "struct mutex", "typedef rwlock_t" */
bool model_check_record(const struct schema_reader *r, const struct yaml_node *record);

#endif
