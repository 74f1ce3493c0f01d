/* SPDX-License-Identifier: MIT */
/* Locks that are reached in unusual ways, and whose they are. */
#include "widget.h"

/* Lock array elements, constant index */
void slot_const(struct widget *w)
{
	spin_lock(&w->slots[2].lock);
	w->slots[2].val = 1;	/* ok PF9004 */
	w->slots[3].val = 1;	/* PF9004: another slot's lock */
	spin_unlock(&w->slots[2].lock);
}

/* The same variable index */
void slot_var(struct widget *w, unsigned i)
{
	spin_lock(&w->slots[i & 7].lock);
	w->slots[i & 7].val = 1;	/* review PF9004: that it is the same element is not known */
	spin_unlock(&w->slots[i & 7].lock);
}

/* Pointer to the element */
void slot_ptr(struct widget *w, unsigned i)
{
	struct slot *s = &w->slots[i & 7];

	spin_lock(&s->lock);
	s->val++;	/* ok PF9004 */
	spin_unlock(&s->lock);
}

/* Another index */
void slot_other(struct widget *w, unsigned i, unsigned k)
{
	spin_lock(&w->slots[i & 7].lock);
	w->slots[k & 7].val = 1;	/* review PF9004: k need not be i */
	spin_unlock(&w->slots[i & 7].lock);
}

/* Loop over all slots */
void slot_loop(struct widget *w)
{
	for (int i = 0; i < 8; i++) {
		spin_lock(&w->slots[i].lock);
		w->slots[i].val = 0;	/* review PF9004: that it is the same element is not known */
		spin_unlock(&w->slots[i].lock);
	}
}

/* Loop by pointer */
void slot_loop_ptr(struct widget *w)
{
	for (struct slot *s = w->slots; s < w->slots + 8; s++) {
		spin_lock(&s->lock);
		s->val = 0;	/* ok PF9004 */
		spin_unlock(&s->lock);
	}
}

/* Loop, unlock too early */
void slot_loop_early(struct widget *w)
{
	for (int i = 0; i < 8; i++) {
		spin_lock(&w->slots[i].lock);
		spin_unlock(&w->slots[i].lock);
		w->slots[i].val = 0;	/* review PF9004: after the unlock */
	}
}

/* Index advanced between */
void slot_index_moves(struct widget *w, unsigned i)
{
	spin_lock(&w->slots[i & 3].lock);
	i++;
	w->slots[i & 3].val = 0;	/* review PF9004: the next one */
	i--;
	spin_unlock(&w->slots[i & 3].lock);
}

/* Two pointers, ordered locks */
void both(struct widget *a, struct widget *b)
{
	if (a < b) {
		spin_lock(&a->lock);
		spin_lock(&b->lock);
	} else {
		spin_lock(&b->lock);
		spin_lock(&a->lock);
	}
	a->state = 1;	/* ok PF9001 */
	b->state = 1;	/* ok PF9001 */
	spin_unlock(&a->lock);
	spin_unlock(&b->lock);
}

/* Double lock with equal test */
static void lock_two(struct widget *a, struct widget *b)
{
	if (a == b) {
		spin_lock(&a->lock);
	} else if (a < b) {
		spin_lock(&a->lock);
		spin_lock(&b->lock);
	} else {
		spin_lock(&b->lock);
		spin_lock(&a->lock);
	}
}

static void unlock_two(struct widget *a, struct widget *b)
{
	spin_unlock(&a->lock);
	if (a != b)
		spin_unlock(&b->lock);	/* review PF9008: which of the two it is */
}

void move_state(struct widget *a, struct widget *b)
{
	lock_two(a, b);
	a->count--;	/* ok PF9001 */
	b->count++;	/* ok PF9001 */
	unlock_two(a, b);
}

/* Swap of pointers */
void swapped(struct widget *a, struct widget *b)
{
	struct widget *t;

	if (a > b) {
		t = a;
		a = b;
		b = t;
	}
	spin_lock(&a->lock);
	spin_lock(&b->lock);
	a->count--;	/* ok PF9001 */
	b->count++;	/* ok PF9001 */
	spin_unlock(&b->lock);
	spin_unlock(&a->lock);
}

/* Peer's lock only */
void peer(struct widget *w)
{
	spin_lock(&w->peer->lock);
	w->state = 1;	/* PF9001: the peer's lock */
	w->peer->state = 1;	/* ok PF9001 */
	spin_unlock(&w->peer->lock);
}

/* Pointer chosen, then used */
void chosen(struct widget *a, struct widget *b, int x)
{
	struct widget *w = x ? a : b;

	spin_lock(&w->lock);
	w->state = 3;	/* ok PF9001 */
	spin_unlock(&w->lock);
}

/* Chosen lock, other object */
void chosen_wrong(struct widget *a, struct widget *b, int x)
{
	struct widget *w = x ? a : b;

	spin_lock(&w->lock);
	a->state = 3;	/* PF9001: may be b's lock */
	spin_unlock(&w->lock);
}

/* Chosen, and the branch again */
void chosen_again(struct widget *a, struct widget *b, int x)
{
	struct widget *w = x ? a : b;

	spin_lock(&w->lock);
	if (x)
		a->state = 3;	/* ok PF9001 */
	else
		b->state = 3;	/* ok PF9001 */
	spin_unlock(&w->lock);
}

/* Owner through item */
void owned(struct item *it)
{
	struct widget *w = it->owner;

	spin_lock(&w->lock);
	it->owned = 1;	/* ok PF9005 */
	spin_unlock(&w->lock);
}

void owned_wrong(struct item *it, struct widget *w)
{
	spin_lock(&w->lock);
	it->owned = 1;	/* review PF9005: w need not be the owner */
	spin_unlock(&w->lock);
}

int owned_checked(struct item *it, struct widget *w)
{
	if (it->owner != w)
		return -EINVAL;
	spin_lock(&w->lock);
	it->owned = 1;	/* review PF9005: that w is the owner follows from the test */
	spin_unlock(&w->lock);
	return 0;
}

void not_owned(struct item *it)
{
	it->owned = 1;	/* PF9005: no lock */
}

/* Lock handed out through a field */
void by_borrowed(struct widget *w)
{
	w->borrowed = &w->lock;
	spin_lock(w->borrowed);
	w->state = 1;	/* ok PF9001 */
	spin_unlock(&w->lock);
}

/* Global lock */
void reg(struct widget *w)
{
	spin_lock(&registry_lock);
	w->registered = 1;	/* ok PF9006 */
	spin_unlock(&registry_lock);
}

void reg_wrong(struct widget *w)
{
	spin_lock(&w->lock);
	w->registered = 1;	/* PF9006: not the registry's lock */
	spin_unlock(&w->lock);
}

/* Lock passed by pointer, accessed by callee with object of another parameter */
static void set_under(spinlock_t *lock, struct widget *w)
{
	spin_lock(lock);
	w->state = 9;	/* PF9001: called with another's lock */
	spin_unlock(lock);
}

void pass_good(struct widget *w)
{
	set_under(&w->lock, w);
}

void pass_bad(struct widget *w, struct widget *v)
{
	set_under(&v->lock, w);
}

/* The lock's container is computed back */
void from_lock(spinlock_t *lock)
{
	struct widget *w = container_of(lock, struct widget, lock);

	spin_lock(lock);
	w->state = 2;	/* ok PF9001 */
	spin_unlock(lock);
}
