/* SPDX-License-Identifier: MIT */
/*
 * leb.h - numbers as LEB128: seven bits in a byte, the low ones first, bit 7 where more follow
 * (DWARF 5, 7.6).
 */
#ifndef PF_BASE_LEB_H
#define PF_BASE_LEB_H

#include <stdint.h>

#include "base/buffer.h"

void leb_put(struct buffer *out, uint64_t v);

/*
 * Reads the number at *p, which is moved behind it. False where the bytes end before it does
 * (*p is end then), or where it has more than 64 bits.
 */
bool leb_get(const uint8_t **p, const uint8_t *end, uint64_t *v);

#endif
