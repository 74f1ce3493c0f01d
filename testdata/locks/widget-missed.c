/* SPDX-License-Identifier: MIT */
/*
 * What is known to be judged wrongly: "todo" is not found, "fixme" is found and safe.
 */
#include "widget.h"

int unknown(void);

void set_state(struct widget *w)
{
	guard(&w->lock);
	w->state = 1;	/* ok PF9001 */
}

/* --------------------------------------------- elements of an array of one new object */

struct crowd;
struct member { struct crowd *up; struct widget w; };
struct crowd { struct member m[4]; };

struct crowd *make_crowd(void)
{
	struct crowd *c = kzalloc(sizeof(*c), GFP_KERNEL);

	if (!c)
		return NULL;
	for (int i = 0; i < 4; i++) {
		c->m[i].w.role = i;	/* fixme PF9007: an element that leads back to its array */
		c->m[i].up = c;
	}
	return c;
}
