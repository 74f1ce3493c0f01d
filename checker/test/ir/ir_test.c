/* SPDX-License-Identifier: MIT */
#include "build.h"

int main(void)
{
	return !!(print_tests() + verify_tests() + io_tests() + interp_tests());
}
