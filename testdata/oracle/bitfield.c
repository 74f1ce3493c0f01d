/* SPDX-License-Identifier: MIT */
/* Neighbours in one storage unit: a plain store of one of them writes all. */
#include "oracle.h"

static struct flags {
	spinlock_t a_lock, b_lock;
	unsigned char a:1;
	unsigned char b:1;
	unsigned char once:1;	/* written by setup only */
	unsigned char :0;
	unsigned char c:1;
	bool whole_a, whole_b;
	unsigned char word;
} f;

static void setup(void)
{
	f.once = 1;
}

static void set_a(void)
{
	f.a = 1;
}

static void set_b(void)
{
	f.b = 1;
}

static void set_c(void)
{
	f.c = 1;
}

static int a_and_b(void)
{
	return f.a && f.b && f.once;
}

static int a_and_c(void)
{
	return f.a && f.c && f.once;
}

/* Two steps each: 4 over 2.
 * oracle: init=setup threads=set_a,set_b check=a_and_b expect=broken+race orders=6 */
/* A bit-field of no width ends the memory location.
 * oracle: init=setup threads=set_a,set_c check=a_and_c expect=holds */
/* oracle: init=setup threads=set_a,set_b,set_c check=a_and_b expect=broken+race orders=90 */

static void set_a_locked(void)
{
	spin_lock(&f.a_lock);
	f.a = 1;
	spin_unlock(&f.a_lock);
}

static void set_b_locked(void)
{
	spin_lock(&f.a_lock);
	f.b = 1;
	spin_unlock(&f.a_lock);
}

static void set_b_other_lock(void)
{
	spin_lock(&f.b_lock);
	f.b = 1;
	spin_unlock(&f.b_lock);
}

static void look_at_once(void)
{
	oracle_assert(f.once);
}

static void look_at_b_locked(void)
{
	spin_lock(&f.a_lock);
	oracle_assert(!f.b);
	spin_unlock(&f.a_lock);
}

/*
 * oracle: init=setup threads=set_a_locked,set_b_locked check=a_and_b expect=holds
 * oracle: init=setup threads=set_a_locked,set_b_other_lock check=a_and_b expect=broken+race
 * oracle: init=setup threads=set_a_locked,set_b check=a_and_b expect=broken+race
 * oracle: init=setup threads=set_a_locked,look_at_b_locked expect=holds
 *
 * The write gives the bit of the neighbour back as it was: a race, and nothing lost.
 * oracle: init=setup threads=set_a,look_at_once expect=race
 */

static void set_whole_a(void)
{
	f.whole_a = true;
}

static void set_whole_b(void)
{
	f.whole_b = true;
}

static int whole(void)
{
	return f.whole_a && f.whole_b;
}

/* oracle: threads=set_whole_a,set_whole_b check=whole expect=holds orders=2 */

static void or_1(void)
{
	f.word |= 1;
}

static void or_2(void)
{
	f.word |= 2;
}

static void locked_or_1(void)
{
	asm volatile("lock orb %b1,%0" : "+m" (f.word) : "iq" (1) : "memory");
}

static void locked_or_2(void)
{
	asm volatile("lock orb %b1,%0" : "+m" (f.word) : "iq" (2) : "memory");
}

static int word_is_3(void)
{
	return f.word == 3;
}

/*
 * oracle: threads=or_1,or_2 check=word_is_3 expect=broken+race
 * oracle: threads=locked_or_1,locked_or_2 check=word_is_3 expect=holds
 */

/* The value between two stores of one section is seen by who takes no lock. */
static void flip_twice(void)
{
	spin_lock(&f.a_lock);
	WRITE_ONCE(f.whole_a, true);
	WRITE_ONCE(f.whole_a, false);
	spin_unlock(&f.a_lock);
}

static void look_unlocked(void)
{
	oracle_assert(!READ_ONCE(f.whole_a));
}

static void look_locked(void)
{
	spin_lock(&f.a_lock);
	oracle_assert(!f.whole_a);
	spin_unlock(&f.a_lock);
}

/*
 * oracle: threads=flip_twice,look_unlocked expect=broken
 * oracle: threads=flip_twice,look_locked expect=holds
 */
