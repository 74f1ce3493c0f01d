/* SPDX-License-Identifier: MIT */
/*
 * utf8.h - bytes that are meant to be UTF-8
 *
 * Kernel sources are UTF-8 with a few exceptions. A byte sequence that is none
 * is read as U+FFFD, one for each maximal part of a valid sequence, as the
 * WHATWG decoder does it, so that columns and hashes agree with those of
 * viewers that are written in JavaScript.
 */
#ifndef PF_BASE_UTF8_H
#define PF_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

#define UTF8_REPLACEMENT 0xfffdu

/* The code point at *p, which is before end, and *p behind it. */
uint32_t utf8_next(const char **p, const char *end);

/* Code points in n bytes. */
size_t utf8_count(const char *s, size_t n);

#endif
