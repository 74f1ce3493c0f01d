/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"

/* What may follow a lead byte: how many bytes, and the range of the first (Unicode table 3-7). */
struct lead {
	uint8_t more, lo, hi;
	uint8_t bits;		/* of the lead byte that count */
};

static struct lead lead_of(unsigned char c)
{
	if (c >= 0xc2 && c <= 0xdf)
		return (struct lead){ 1, 0x80, 0xbf, 0x1f };
	if (c >= 0xe0 && c <= 0xef)
		return (struct lead){ 2, c == 0xe0 ? 0xa0 : 0x80, c == 0xed ? 0x9f : 0xbf, 0x0f };
	if (c >= 0xf0 && c <= 0xf4)
		return (struct lead){ 3, c == 0xf0 ? 0x90 : 0x80, c == 0xf4 ? 0x8f : 0xbf, 0x07 };
	return (struct lead){ 0, 0, 0, 0 };
}

uint32_t utf8_next(const char **p, const char *end)
{
	unsigned char c = (unsigned char)*(*p)++;
	struct lead l;
	uint32_t cp;

	if (c < 0x80)
		return c;
	l = lead_of(c);
	if (!l.more)
		return UTF8_REPLACEMENT;
	cp = c & l.bits;
	for (; l.more; l.more--) {
		if (*p == end)
			return UTF8_REPLACEMENT;
		c = (unsigned char)**p;
		if (c < l.lo || c > l.hi)
			return UTF8_REPLACEMENT;
		cp = cp << 6 | (c & 0x3f);
		(*p)++;
		l.lo = 0x80;
		l.hi = 0xbf;
	}
	return cp;
}

size_t utf8_count(const char *s, size_t n)
{
	const char *end = s + n;
	size_t count = 0;

	while (s < end) {
		utf8_next(&s, end);
		count++;
	}
	return count;
}
