/* SPDX-License-Identifier: MIT */
#include "tests.h"

int main(void)
{
	int failed = test_base() + test_source() + test_text() + test_sarif() + test_merge();

	return failed + test_vcs() + test_keep() ? 1 : 0;
}
