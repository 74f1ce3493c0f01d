/* SPDX-License-Identifier: MIT */
/*
 * diff.h - what the subjects of the differential test share
 *
 * A subject is a function `u64 t_NAME(u64 a, u64 b, struct ctx *m)`; its line
 * starts with "u64 t_". It runs compiled and as IR on the same bytes. Records
 * have no padding, since a copy may change it; ctx_fix() makes any bytes a
 * valid struct ctx.
 */
#ifndef DIFF_H
#define DIFF_H

typedef unsigned char u8;
typedef signed char s8;
typedef unsigned short u16;
typedef short s16;
typedef unsigned int u32;
typedef int s32;
typedef unsigned long long u64;
typedef long long s64;
typedef unsigned long size_t;
typedef _Bool bool;

#define true 1
#define false 0
#define NULL ((void *)0)
#define noinline __attribute__((noinline))
#define fallthrough __attribute__((fallthrough))
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define offsetof(t, f) __builtin_offsetof(t, f)
#define barrier() __asm__ __volatile__("" ::: "memory")

/* Results of more than one value are folded into one. */
#define FOLD(r, x) ((r) = (r) * 1000003 + (u64)(x))

#define SUBJECT(type) const u64 ctx_size = sizeof(type)

struct ctx;
void ctx_fix(struct ctx *m);

/* From the harness. */
u64 sum(int n, ...);

#endif
