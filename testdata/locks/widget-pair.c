/* SPDX-License-Identifier: MIT */
/* Objects that lead to each other are the function's own, until one of them is shown. */
#include "widget.h"

extern struct couple *last_couple;
struct couple { struct couple *other; struct widget w; };

struct couple *make_couple(void)
{
	struct couple *a = kzalloc(sizeof(*a), GFP_KERNEL);
	struct couple *b = kzalloc(sizeof(*b), GFP_KERNEL);

	if (!a || !b)
		return NULL;
	a->other = b;
	b->other = a;
	a->w.role = 1;	/* ok PF9007 */
	a->w.state = 1;	/* ok PF9001 */
	b->w.state = 2;	/* ok PF9001 */
	return a;
}

struct couple *make_shown_couple(void)
{
	struct couple *a = kzalloc(sizeof(*a), GFP_KERNEL);
	struct couple *b = kzalloc(sizeof(*b), GFP_KERNEL);

	if (!a || !b)
		return NULL;
	a->other = b;
	b->other = a;
	last_couple = b;
	a->w.role = 1;	/* PF9007: the other one leads to it */
	a->w.state = 1;	/* PF9001: the same */
	return a;
}
