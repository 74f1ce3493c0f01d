/* SPDX-License-Identifier: MIT */
/*
 * sha256.h - SHA-256 (FIPS 180-4)
 *
 *	char hex[SHA256_HEX];
 *	sha256_hex(p, n, hex);
 */
#ifndef PF_BASE_SHA256_H
#define PF_BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_SIZE 32
#define SHA256_HEX (2 * SHA256_SIZE + 1)

struct sha256 {
	uint32_t h[8];
	uint64_t length;	/* bytes so far */
	unsigned char block[64];
};

void sha256_init(struct sha256 *s);
void sha256_add(struct sha256 *s, const void *p, size_t n);
void sha256_end(struct sha256 *s, unsigned char out[SHA256_SIZE]);

/* The digest of n bytes as lower-case hex digits with a NUL. */
void sha256_hex(const void *p, size_t n, char out[SHA256_HEX]);

#endif
