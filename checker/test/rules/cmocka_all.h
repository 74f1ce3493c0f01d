/* SPDX-License-Identifier: MIT */
/* cmocka.h wants these before it. */
#ifndef PF_TEST_RULES_CMOCKA_ALL_H
#define PF_TEST_RULES_CMOCKA_ALL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
