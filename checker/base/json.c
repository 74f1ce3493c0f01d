/* SPDX-License-Identifier: MIT */
#include "base/json.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

static void write_escape(struct buffer *out, unsigned char c)
{
	static const char letters[] = "btn\0fr";

	if (c == '"' || c == '\\')
		buffer_printf(out, "\\%c", c);
	else if (c >= '\b' && c <= '\r' && letters[c - '\b'])
		buffer_printf(out, "\\%c", letters[c - '\b']);
	else
		buffer_printf(out, "\\u%04x", c);
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

static void write_text(struct buffer *out, const char *s, size_t n)
{
	const char *end = s + n;

	buffer_putc(out, '"');
	while (s < end) {
		const char *start = s;

		while (s < end && is_plain((unsigned char)*s))
			s++;
		buffer_add(out, start, (size_t)(s - start));
		if (s == end)
			break;
		start = s;
		if ((unsigned char)*s < 0x80)
			write_escape(out, (unsigned char)*s++);
		else if (utf8_next(&s, end) == UTF8_REPLACEMENT)
			buffer_puts(out, "\xef\xbf\xbd");
		else
			buffer_add(out, start, (size_t)(s - start));
	}
	buffer_putc(out, '"');
}

static void write_break(struct json_writer *w)
{
	buffer_putc(w->out, '\n');
	for (unsigned i = 0; i < w->depth; i++)
		buffer_puts(w->out, "  ");
}

/* The comma, the line and the name that stand before a value. */
static void before_value(struct json_writer *w, const char *key)
{
	if (!w->depth) {
		assert(!key);
		return;
	}
	assert(w->open[w->depth - 1].array == !key);
	if (w->open[w->depth - 1].used)
		buffer_putc(w->out, ',');
	if (!w->flat)
		write_break(w);
	else if (w->open[w->depth - 1].used)
		buffer_putc(w->out, ' ');
	w->open[w->depth - 1].used = true;
	if (key) {
		write_text(w->out, key, strlen(key));
		buffer_puts(w->out, ": ");
	}
}

static void begin(struct json_writer *w, const char *key, bool array)
{
	before_value(w, key);
	assert(w->depth < JSON_DEPTH);
	buffer_putc(w->out, array ? '[' : '{');
	w->open[w->depth].array = array;
	w->open[w->depth].used = false;
	w->depth++;
	if (w->flat_next && !w->flat)
		w->flat = w->depth;
	w->flat_next = false;
}

void jw_init(struct json_writer *w, struct buffer *out)
{
	w->out = out;
	w->depth = w->flat = 0;
	w->flat_next = false;
}

void jw_flat(struct json_writer *w)
{
	w->flat_next = true;
}

void jw_object(struct json_writer *w, const char *key)
{
	begin(w, key, false);
}

void jw_array(struct json_writer *w, const char *key)
{
	begin(w, key, true);
}

void jw_end(struct json_writer *w)
{
	bool array, used;

	assert(w->depth);
	w->depth--;
	array = w->open[w->depth].array;
	used = w->open[w->depth].used;
	if (used && !w->flat)
		write_break(w);
	buffer_putc(w->out, array ? ']' : '}');
	if (w->flat > w->depth)
		w->flat = 0;
	if (!w->depth)
		buffer_putc(w->out, '\n');
}

void jw_stringn(struct json_writer *w, const char *key, const char *value, size_t n)
{
	before_value(w, key);
	write_text(w->out, value, n);
}

void jw_string(struct json_writer *w, const char *key, const char *value)
{
	if (value)
		jw_stringn(w, key, value, strlen(value));
}

void jw_printf(struct json_writer *w, const char *key, const char *fmt, ...)
{
	struct buffer text = BUFFER_INIT;
	va_list ap;

	va_start(ap, fmt);
	buffer_vprintf(&text, fmt, ap);
	va_end(ap);
	jw_stringn(w, key, buffer_str(&text), text.n);
	buffer_release(&text);
}

void jw_int(struct json_writer *w, const char *key, int64_t value)
{
	before_value(w, key);
	buffer_printf(w->out, "%" PRId64, value);
}

/* As short as it can be to be read back as the same number. */
void jw_real(struct json_writer *w, const char *key, double value)
{
	char text[40];

	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, value);
		if (strtod(text, NULL) == value)
			break;
	}
	before_value(w, key);
	buffer_puts(w->out, text);
	if (!strpbrk(text, ".e"))
		buffer_puts(w->out, ".0");
}

void jw_bool(struct json_writer *w, const char *key, bool value)
{
	before_value(w, key);
	buffer_puts(w->out, value ? "true" : "false");
}

void jw_null(struct json_writer *w, const char *key)
{
	before_value(w, key);
	buffer_puts(w->out, "null");
}
