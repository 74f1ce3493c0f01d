/* SPDX-License-Identifier: MIT */
#include <linux/types.h>

int other(int a);

int other(int a)
{
	return a + CONFIG_BOX;
}
