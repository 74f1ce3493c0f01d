/* SPDX-License-Identifier: MIT */
/*
 * Pointers that move: what they lead to is a part of the object still that they began in.
 */
#include "widget.h"

void set_state(struct widget *w)
{
	guard(&w->lock);
	w->state = 1;	/* ok PF9001 */
}

/* ----------------------------------------------------------------- by a loop, in a helper */

static void clear_down(int *p, int n)
{
	while (n--)
		*p-- = 0;	/* PF9001: backwards */
}

void reset_down(struct widget *w)
{
	clear_down(&w->count, 2);
}

static void clear_until(int *p, int *end)
{
	for (; p < end; p++)
		*p = 0;	/* PF9001: up to an end */
}

void reset_until(struct widget *w)
{
	clear_until(&w->state, &w->count);
}

static void clear_steps(int *p, int n, int step)
{
	for (; n; n--, p += step)
		*p = 0;	/* PF9001: by steps */
}

void reset_steps(struct widget *w, int step)
{
	clear_steps(&w->state, 2, step);
}

static void clear_locked(int *p, int n)
{
	while (n--)
		*p++ = 0;	/* ok PF9001 */
}

void reset_locked(struct widget *w)
{
	guard(&w->lock);
	clear_locked(&w->state, 2);
}

void reset_here(struct widget *w, int n)
{
	int *p = &w->state;

	while (n--)
		*p++ = 0;	/* PF9001: in the function that knows the object */
}

void reset_here_locked(struct widget *w, int n)
{
	int *p = &w->state;

	guard(&w->lock);
	while (n--)
		*p++ = 0;	/* ok PF9001 */
}

/* ------------------------------------------------------------------ one step at each call */

static void clear_one(int **p)
{
	*(*p)++ = 0;	/* PF9001: the caller's pointer */
}

void reset_one_by_one(struct widget *w)
{
	int *p = &w->state;

	for (int i = 0; i < 2; i++)
		clear_one(&p);
}

struct cursor { int *p; };

static void clear_at(struct cursor *c, int n)
{
	while (n--) {
		*c->p = 0;	/* PF9001: kept in a record */
		c->p++;
	}
}

void reset_by_cursor(struct widget *w)
{
	struct cursor c = { &w->state };

	clear_at(&c, 2);
}

/* ------------------------------------------------------------------- one of several objects */

static void clear_two(int *p, int *q, int n)
{
	for (; n; n--) {
		*p = 0;	/* review PF9001: the first, or the other one */
		p = q;
	}
}

void reset_two(struct widget *w, struct widget *other)
{
	guard(&w->lock);
	clear_two(&w->state, &other->state, 2);
}

void reset_here_two(struct widget *w, struct widget *other, int n)
{
	int *p = &w->state;

	for (; n; n--) {
		*p = 0;	/* review PF9001: the first, or the other one */
		p = &other->state;
	}
}

/* -------------------------------------------------- a new object, which stays nobody else's */

struct widget *make(int n)
{
	struct widget *w = kzalloc(sizeof(*w), GFP_KERNEL);
	int *p;

	if (!w)
		return NULL;
	for (p = &w->state; n; n--)
		*p++ = 0;	/* ok PF9001 */
	return w;
}

struct widget *make_by_helper(int n)
{
	struct widget *w = kzalloc(sizeof(*w), GFP_KERNEL);

	if (!w)
		return NULL;
	clear_locked(&w->state, n);
	w->count = 0;	/* ok PF9001 */
	return w;
}

void shown(struct widget *w);

/* The pointer that the loop has moved is all that others get. */
void show_moved(int **where, int n)
{
	struct widget *w = kzalloc(sizeof(*w), GFP_KERNEL);
	int *p;

	if (!w)
		return;
	for (p = &w->state; n; n--)
		p++;
	*where = p;
	w->count = 0;	/* PF9001: others can reach it by now */
}
