/* SPDX-License-Identifier: MIT */
/* Scenarios that say too little, or what nobody knows. */
static void f(void)
{
}

/* oracle: threads=f expect=holds */
/* oracle: threads=f,f */
/* oracle: threads=f,f expect=fine */
/* oracle: threads=f,f,f,f expect=holds */
/* oracle: threads=f,f expect=holds locks=none */
/* oracle: threads=f,f expect=incomplete */
/* oracle: threads=f,f expect */
