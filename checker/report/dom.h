/* SPDX-License-Identifier: MIT */
/*
 * dom.h - JSON that was read, by jansson, and how it is written again
 *
 * A path is names with dots between them, a number for an item of an array:
 * "locations.0.physicalLocation.artifactLocation.uri". What is not there, or
 * has another type, is NULL, "" or 0, so that a reader of logs that anybody
 * may have changed needs no condition.
 */
#ifndef PF_REPORT_DOM_H
#define PF_REPORT_DOM_H

#include <jansson.h>

#include "base/arena.h"
#include "base/json.h"

#define DOM_DEPTH 64

json_t *dom_get(const json_t *v, const char *path);
const char *dom_text(const json_t *v, const char *path);
int64_t dom_int(const json_t *v, const char *path);

/* Whether it nests no deeper than DOM_DEPTH. */
bool dom_is_shallow(const json_t *v);

/* Writes a value in the layout of json.h; what is short stays on one line. */
void dom_write(struct json_writer *w, const char *key, const json_t *v);

/* One text for all values that are equal. */
char *dom_dump(struct arena *a, const json_t *v);

/* Sets a member, in its place if it is there; v is taken over. */
void dom_set(json_t *object, const char *name, json_t *v);

#endif
