/* SPDX-License-Identifier: MIT */
#include "report/fingerprint.h"

#include <stdbool.h>

#include "base/map.h"
#include "base/sha256.h"
#include "base/utf8.h"

/* The algorithm of github/codeql-action, src/fingerprints.ts, from its description. */
#define WINDOW 100
#define BASE 37

struct roller {
	uint16_t window[WINDOW];	/* UTF-16 units, as JavaScript has them */
	uint32_t line_at[WINDOW];	/* the line that starts there, or 0 */
	unsigned at;
	uint64_t hash, drop;		/* drop: BASE to the power WINDOW */
	uint32_t line;
	bool line_start, after_cr;
	struct map counts;
	struct line_hashes *out;
};

/* The window has come round to a line's start: it holds the line's hash. */
static void emit(struct roller *r)
{
	uint32_t line = r->line_at[r->at];
	struct line_hash *h;

	if (!line)
		return;
	r->line_at[r->at] = 0;
	while (r->out->v.n < line)
		(void)array_add(&r->out->v);
	h = &array_at(&r->out->v, line - 1);
	h->hash = r->hash;
	h->count = (uint32_t)++*map_put(&r->counts, r->hash);
}

static void shift(struct roller *r, uint16_t c)
{
	uint16_t oldest = r->window[r->at];

	r->window[r->at] = c;
	r->hash = r->hash * BASE + c - r->drop * oldest;
	r->at = (r->at + 1) % WINDOW;
}

static void take(struct roller *r, uint16_t c)
{
	if (c == ' ' || c == '\t' || (r->after_cr && c == '\n')) {
		r->after_cr = false;
		return;
	}
	r->after_cr = c == '\r';
	if (r->after_cr)
		c = '\n';
	emit(r);
	if (r->line_start)
		r->line_at[r->at] = ++r->line;
	r->line_start = c == '\n';
	shift(r, c);
}

void line_hashes_init(struct line_hashes *h, const char *text, size_t n)
{
	struct roller r = { .drop = 1, .line_start = true, .out = h };
	const char *end = text + n;

	*h = (struct line_hashes){ { NULL, 0, 0 } };
	for (unsigned i = 0; i < WINDOW; i++)
		r.drop *= BASE;
	while (text < end) {
		uint32_t c = utf8_next(&text, end);

		if (c > 0xffff) {
			take(&r, (uint16_t)(0xd800 + ((c - 0x10000) >> 10)));
			c = 0xdc00 + ((c - 0x10000) & 0x3ff);
		}
		take(&r, (uint16_t)c);
	}
	take(&r, 0xffff);
	for (unsigned i = 0; i < WINDOW; i++) {
		emit(&r);
		shift(&r, 0);
	}
	map_release(&r.counts);
}

void line_hashes_release(struct line_hashes *h)
{
	array_release(&h->v);
}

void fingerprint_v1(char out[FINGERPRINT_HEX], const char *const *parts, unsigned n)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char raw[SHA256_SIZE];
	struct sha256 s;

	sha256_init(&s);
	for (unsigned i = 0; i < n; i++) {
		const char *part = parts[i] ? parts[i] : "";

		sha256_add(&s, part, strlen(part) + 1);
	}
	sha256_end(&s, raw);
	for (unsigned i = 0; i < FINGERPRINT_HEX / 2; i++) {
		out[2 * i] = digits[raw[i] >> 4];
		out[2 * i + 1] = digits[raw[i] & 15];
	}
	out[FINGERPRINT_HEX - 1] = 0;
}
