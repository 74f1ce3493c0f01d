/* SPDX-License-Identifier: MIT */
/* Locks that an interrupt takes too, and the state of interrupts that a section leaves. */
#include "oracle.h"

static struct object {
	spinlock_t a, b;
	int value;
} o;

static void handler(void)
{
	spin_lock(&o.a);
	o.value++;
	spin_unlock(&o.a);
}

static void handler_without_lock(void)
{
	o.value++;
}

static void with_save(void)
{
	unsigned long flags;

	spin_lock_irqsave(&o.a, flags);
	o.value++;
	spin_unlock_irqrestore(&o.a, flags);
}

static void with_interrupts_on(void)
{
	spin_lock(&o.a);
	o.value++;
	spin_unlock(&o.a);
}

static void with_irq(void)
{
	spin_lock_irq(&o.a);
	o.value++;
	spin_unlock_irq(&o.a);
}

static int is_two(void)
{
	return o.value == 2;
}

static int is_three(void)
{
	return o.value == 3;
}

/*
 * oracle: threads=with_save interrupt=handler check=is_two expect=holds
 * oracle: threads=with_irq interrupt=handler check=is_two expect=holds
 * oracle: threads=with_interrupts_on interrupt=handler expect=deadlock
 *
 * On another processor it need not be shut out.
 * oracle: threads=with_save,with_interrupts_on interrupt=handler check=is_three expect=holds
 * oracle: threads=with_interrupts_on,with_save interrupt=handler check=is_three expect=deadlock
 *
 * The handler needs no lock against the thread that it interrupts; against another, it does.
 * oracle: threads=with_save interrupt=handler_without_lock check=is_two expect=holds
 * oracle: threads=with_interrupts_on interrupt=handler_without_lock check=is_two expect=broken+race
 * oracle: threads=with_save,with_save interrupt=handler_without_lock check=is_three
 *	expect=broken+race
 */

static void inner_turns_on(void)
{
	unsigned long flags;

	spin_lock_irqsave(&o.a, flags);
	spin_lock_irq(&o.b);
	spin_unlock_irq(&o.b);
	spin_unlock_irqrestore(&o.a, flags);
}

static void inner_saves(void)
{
	unsigned long flags, inner;

	spin_lock_irqsave(&o.a, flags);
	spin_lock_irqsave(&o.b, inner);
	spin_unlock_irqrestore(&o.b, inner);
	spin_unlock_irqrestore(&o.a, flags);
}

static void flags_crossed(void)
{
	unsigned long flags, inner;

	spin_lock_irqsave(&o.a, flags);
	spin_lock_irqsave(&o.b, inner);
	spin_unlock_irqrestore(&o.b, flags);
	spin_unlock_irqrestore(&o.a, inner);
}

static void one_word_for_two(void)
{
	unsigned long flags;

	spin_lock_irqsave(&o.a, flags);
	spin_lock_irqsave(&o.b, flags);
	spin_unlock_irqrestore(&o.b, flags);
	spin_unlock_irqrestore(&o.a, flags);
}

static void stays_off(void)
{
	unsigned long flags;

	spin_lock_irqsave(&o.a, flags);
	spin_unlock(&o.a);
}

static void bottom_halves(void)
{
	spin_lock_bh(&o.a);
	spin_unlock_bh(&o.a);
}

static void bottom_halves_stay_off(void)
{
	spin_lock_bh(&o.a);
	spin_unlock(&o.a);
}

static void bottom_halves_let_in(void)
{
	spin_lock(&o.b);
	spin_unlock_bh(&o.b);
}

static void handler_turns_on(void)
{
	spin_lock_irq(&o.b);
	spin_unlock_irq(&o.b);
}

/*
 * oracle: threads=inner_turns_on interrupt=handler expect=deadlock
 * oracle: threads=inner_saves interrupt=handler expect=holds
 * oracle: threads=flags_crossed interrupt=handler expect=deadlock+leak
 * oracle: threads=one_word_for_two interrupt=handler expect=leak
 * oracle: threads=stays_off,with_save expect=leak
 * oracle: threads=bottom_halves,bottom_halves expect=holds
 * oracle: threads=bottom_halves_stay_off,with_save expect=leak
 * oracle: threads=bottom_halves_let_in,with_save expect=misuse
 * oracle: threads=with_save interrupt=handler_turns_on expect=misuse
 */
