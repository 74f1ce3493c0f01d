/* SPDX-License-Identifier: MIT */
/* A record inside of another one, when rules look at both; and one that is a variable. */
#include "widget.h"

static struct widget the_widget;

void set_inner(struct widget *w)
{
	spin_lock(&w->two.lock);
	w->two.p = 1;	/* ok PF9013 */
	spin_unlock(&w->two.lock);
}

void set_by_itself(struct inner *n)
{
	spin_lock(&n->lock);
	n->q = 1;	/* ok PF9013 */
	spin_unlock(&n->lock);
}

void set_unlocked(struct widget *w)
{
	w->two.q = 1;	/* PF9013: beside p, which is set under the lock of the inner record */
}

void set_under_outer(struct widget *w)
{
	spin_lock(&w->lock);
	w->in.q = 1;	/* PF9013: the outer lock is another one */
	spin_unlock(&w->lock);
}

/* The lock of a variable is the lock of its object, as that of any other object is. */
void set_a(void)
{
	spin_lock(&the_widget.lock);
	the_widget.a = 1;	/* ok PF9009 */
	spin_unlock(&the_widget.lock);
}

void set_b(struct widget *w)
{
	spin_lock(&w->lock);
	w->b = 1;	/* ok PF9009 */
	spin_unlock(&w->lock);
}
