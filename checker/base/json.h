/* SPDX-License-Identifier: MIT */
/*
 * json.h - a writer that streams JSON into a buffer
 *
 * (jw_ as in "JSON writer": jansson, which reads JSON, has the prefix json_.)
 *
 * There is no tree: what is begun is on the output, members come in the order
 * of the calls. key names the member inside an object and is NULL inside an
 * array and for the root; a mix-up is an assertion.
 *
 *	struct json_writer w;
 *
 *	jw_init(&w, &buffer);
 *	jw_object(&w, NULL);
 *	jw_string(&w, "version", "2.1.0");
 *	jw_array(&w, "runs");
 *	...
 *	jw_end(&w);
 *	jw_end(&w);			{ "version": "2.1.0", "runs": [...] }
 *
 * Layout: one member or item on a line, indented by two, so that a change of
 * one shows as one line in a diff; jw_flat() says that the container that is
 * begun next stays on one line. An empty container is {} or [].
 *
 * Strings are written as UTF-8: what is no UTF-8 becomes U+FFFD, controls
 * become escapes. jw_string() with a NULL value writes nothing, so that
 * optional members need no condition.
 */
#ifndef PF_BASE_JSON_H
#define PF_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

#define JSON_DEPTH 256

struct json_writer {
	struct buffer *out;
	uint16_t depth;		/* open containers */
	uint16_t flat;		/* the outermost one that stays on its line, 0: none */
	bool flat_next;
	struct {
		bool array, used;
	} open[JSON_DEPTH];
};

void jw_init(struct json_writer *w, struct buffer *out);

void jw_flat(struct json_writer *w);
void jw_object(struct json_writer *w, const char *key);
void jw_array(struct json_writer *w, const char *key);

/* Ends the container that was begun last; the root with a line feed. */
void jw_end(struct json_writer *w);

void jw_string(struct json_writer *w, const char *key, const char *value);
void jw_stringn(struct json_writer *w, const char *key, const char *value, size_t n);
void jw_printf(struct json_writer *w, const char *key, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void jw_int(struct json_writer *w, const char *key, int64_t value);
void jw_real(struct json_writer *w, const char *key, double value);
void jw_bool(struct json_writer *w, const char *key, bool value);
void jw_null(struct json_writer *w, const char *key);

#endif
