/* SPDX-License-Identifier: MIT */
/* cmocka_all.h - cmocka with what it wants included before it */
#ifndef PF_TEST_IR_CMOCKA_ALL_H
#define PF_TEST_IR_CMOCKA_ALL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
