/* SPDX-License-Identifier: MIT */
/* Objects that are made, given to others and taken apart. */
#include "widget.h"
static struct widget *the_widget;
static struct widget embedded;
static struct list_head all;
extern void *table;
struct holder { struct widget *w; struct widget inside; };
int register_thing(struct widget *w);

/* Init before publication via xa_store */
int make(void)
{
	struct widget *w = kzalloc(sizeof(*w), GFP_KERNEL);

	if (!w)
		return -ENOMEM;
	w->role = 1;	/* ok PF9007 */
	w->state = 1;	/* ok PF9001 */
	w->a = 1;	/* ok PF9009 */
	xa_store(table, 3, w, GFP_KERNEL);
	return 0;
}

/* After it */
int make_late(void)
{
	struct widget *w = kzalloc(sizeof(*w), GFP_KERNEL);

	if (!w)
		return -ENOMEM;
	xa_store(table, 3, w, GFP_KERNEL);
	w->role = 1;	/* PF9007: others have it */
	return 0;
}

/* Publish in the middle, through a container */
int make_in_holder(struct holder *h)
{
	struct holder *n = kzalloc(sizeof(*n), GFP_KERNEL);
	struct widget *w = kzalloc(sizeof(*w), GFP_KERNEL);

	if (!n || !w)
		goto out;
	n->w = w;
	w->role = 1;	/* ok PF9007 */
	xa_store(table, 3, n, GFP_KERNEL);
	w->role = 2;	/* PF9007: the holder is known */
	return 0;
out:
	kfree(n);
	kfree(w);
	return -ENOMEM;
}

/* Embedded part given away */
int publish_part(void)
{
	struct widget *w = kzalloc(sizeof(*w), GFP_KERNEL);

	if (!w)
		return -ENOMEM;
	w->role = 1;	/* ok PF9007 */
	list_add(&w->list, &all);
	w->role = 2;	/* PF9007: on a list */
	return 0;
}

/* Unknown code has it */
int given_to_unknown(void)
{
	struct widget *w = kzalloc(sizeof(*w), GFP_KERNEL);

	if (!w)
		return -ENOMEM;
	if (register_thing(w)) {
		kfree(w);
		return -EINVAL;
	}
	w->role = 2;	/* PF9007: it may be known */
	return 0;
}

/* A loop makes many */
int make_many(int n)
{
	for (int i = 0; i < n; i++) {
		struct widget *w = kzalloc(sizeof(*w), GFP_KERNEL);

		if (!w)
			return -ENOMEM;
		w->role = i;	/* ok PF9007 */
		w->state = i;	/* ok PF9001 */
		xa_store(table, i, w, GFP_KERNEL);
	}
	return 0;
}

/* The one of the round before */
int make_many_late(int n)
{
	struct widget *last = NULL;

	for (int i = 0; i < n; i++) {
		struct widget *w = kzalloc(sizeof(*w), GFP_KERNEL);

		if (!w)
			return -ENOMEM;
		if (last)
			last->role = i;	/* review PF9007: which one it is is not known any more */
		xa_store(table, i, w, GFP_KERNEL);
		last = w;
	}
	return 0;
}

/* Global */
void global_write(void)
{
	the_widget->state = 1;	/* PF9001: no lock */
	embedded.state = 1;	/* PF9001: no lock */
	spin_lock(&embedded.lock);
	embedded.count = 1;	/* ok PF9001 */
	spin_unlock(&embedded.lock);
}

/* Global pointer read twice */
void global_twice(void)
{
	spin_lock(&the_widget->lock);
	the_widget->state = 1;	/* ok PF9001 */
	spin_unlock(&the_widget->lock);
}

/* Kept in a local */
void global_once(void)
{
	struct widget *w = the_widget;

	spin_lock(&w->lock);
	w->state = 1;	/* ok PF9001 */
	spin_unlock(&w->lock);
}

/* Bits: two writers */
void set_a(struct widget *w)
{
	spin_lock(&w->lock);
	w->a = 1;	/* ok PF9009 */
	spin_unlock(&w->lock);
}

void set_b(struct widget *w)
{
	w->b = 1;	/* PF9009: beside a */
}

/* Sticky */
void use(struct widget *w)
{
	w->used = 1;	/* ok PF9010 */
}

void use_count(struct widget *w)
{
	w->used++;	/* ok PF9010 */
}

void unuse(struct widget *w)
{
	w->used = 0;	/* PF9010: cleared */
}

void use_if(struct widget *w, int x)
{
	w->used |= x;	/* PF9010: without a lock it can undo what another one sets */
	w->used = x;	/* PF9010: may be 0 */
}

/* Teardown */
void put(struct widget *w)
{
	spin_lock(&w->lock);
	if (--w->refs) {
		spin_unlock(&w->lock);
		return;
	}
	spin_unlock(&w->lock);
	w->state = 0;	/* ok PF9001 */
	kfree(w);
}

/* Written, perhaps freed */
void maybe_free(struct widget *w)
{
	w->state = 0;	/* PF9001: it lives on where others have it */
	if (unknown())
		kfree(w);
}

/* Init function for anybody's object */
void widget_init(struct widget *w)
{
	__raw_spin_lock_init(&w->lock, "l", NULL, 0);
	w->state = 0;	/* PF9001: an entry point: whose is it? */
}

static void widget_setup(struct widget *w)
{
	w->state = 0;	/* ok PF9001 */
	w->role = 3;	/* ok PF9007 */
}

struct widget *widget_new(void)
{
	struct widget *w = kzalloc(sizeof(*w), GFP_KERNEL);

	if (w)
		widget_setup(w);
	return w;
}

/* On the stack */
int on_stack(void)
{
	struct widget w = { .role = 1 };

	w.state = 2;	/* ok PF9001 */
	w.role = 2;	/* ok PF9007 */
	return w.state;	/* ok PF9001 */
}

/* Swap in under lock, old one is ours */
void replace(struct holder *h, struct widget *n)
{
	struct widget *old;

	mutex_lock(&n->mu);
	old = h->w;
	h->w = n;
	mutex_unlock(&n->mu);
	kfree(old);
}

/* Through a pointer to the field */
void by_field(struct widget *w)
{
	int *p = &w->state;

	*p = 3;	/* PF9001: no lock */
	spin_lock(&w->lock);
	*p = 4;	/* ok PF9001 */
	spin_unlock(&w->lock);
}
static void store(int *p, int v)
{
	*p = v;	/* PF9001: called without */
}
void by_store(struct widget *w)
{
	store(&w->state, 1);
}
