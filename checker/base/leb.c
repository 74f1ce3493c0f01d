/* SPDX-License-Identifier: MIT */
#include "base/leb.h"

void leb_put(struct buffer *out, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		buffer_putc(out, (char)(v | 0x80));
	buffer_putc(out, (char)v);
}

bool leb_get(const uint8_t **p, const uint8_t *end, uint64_t *v)
{
	*v = 0;
	for (unsigned shift = 0; shift < 64 && *p < end; shift += 7) {
		uint8_t byte = *(*p)++;

		if (shift == 63 && byte > 1)
			return false;
		*v |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return true;
	}
	return false;
}
