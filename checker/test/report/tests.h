/* SPDX-License-Identifier: MIT */
/* cmocka wants these four first; and the groups of this folder. */
#ifndef PF_TEST_REPORT_TESTS_H
#define PF_TEST_REPORT_TESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

int test_base(void);
int test_source(void);
int test_text(void);
int test_sarif(void);
int test_merge(void);
int test_vcs(void);
int test_keep(void);

#endif
