/* SPDX-License-Identifier: MIT */
/*
 * What a loop does to one object says nothing of the others: that the last one is given back,
 * or that one is given back before the loop, excuses none.
 */
#include "widget.h"

extern void *table;
int unknown(void);

int drain(struct widget *w, int n)
{
	if (!w->ops) {
		kfree(w);
		return -EINVAL;
	}
	for (int i = 0; i < n; i++) {
		w->state = i;	/* PF9001: no lock, and it lives on */
		w->role = i;	/* PF9007: the same */
	}
	return 0;
}

int pump(struct widget *w)
{
	int r;

	while ((r = unknown()) > 0)
		w->state = r;	/* PF9001: no lock */
	if (r < 0)
		kfree(w);
	return r;
}

int make_all(int n)
{
	for (int i = 0; i < n; i++) {
		struct widget *w = kzalloc(sizeof(*w), GFP_KERNEL);

		if (!w)
			return -ENOMEM;
		xa_store(table, i, w, GFP_KERNEL);
		w->role = i;	/* PF9007: others have it */
		w->a = 1;	/* PF9009: beside b */
	}
	return 0;
}

void set_b(struct widget *w)
{
	spin_lock(&w->lock);
	w->b = 1;
	spin_unlock(&w->lock);
}

/* It tries again, and gives the object back in the end. */
int retire(struct widget *w)
{
	int r;

	while ((r = unknown()) > 0)
		;
	w->state = r;	/* ok PF9001: nobody has it any more */
	w->role = r;	/* ok PF9007 */
	kfree(w);
	return r;
}
