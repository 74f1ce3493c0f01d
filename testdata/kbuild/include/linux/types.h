/* SPDX-License-Identifier: MIT */
#ifndef LINUX_TYPES_H
#define LINUX_TYPES_H

typedef _Bool bool;
typedef unsigned long long u64;

#define EINVAL 22

#endif
