/* SPDX-License-Identifier: MIT */
/*
 * headers.h - which of a unit's words mean something in its public headers?
 *
 * Every unit has hundreds of these, and most words of the kernel stand somewhere
 * in them. What counts is where a word stands: a record's definition, without
 * which no unit can reach a field of it, by whatever names; and a call of a
 * function in the body of another or of a macro, which the unit may use without
 * naming what that calls.
 *
 * Lines spliced inside of a word, digraphs and names that an #include has from a
 * macro are not seen through here.
 */
#ifndef PF_KBUILD_HEADERS_H
#define PF_KBUILD_HEADERS_H

#include <stdbool.h>
#include <stddef.h>

#include "kbuild/search.h"

/* Whether the n bytes at s, a record's tag, can be where the record is defined. */
bool headers_defines(const char *start, const char *s, size_t n, const char *end);

/* Whether what stands at s is in a body or in a macro, and not only declared. */
bool headers_uses(const char *start, const char *s);

#endif
