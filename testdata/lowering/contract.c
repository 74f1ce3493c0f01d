/* What declarations say of locks becomes calls of functions that the models describe. */
struct lock { int word; };
struct inner { struct lock lock; };
struct object { struct inner *to; struct lock lock; struct lock *other; int n; };

extern struct lock all;

void before_and_after(struct object *o) __must_hold(&o->lock);
void by_path(struct object *o) __releases(&(o->to)->lock);
int by_result(struct object *o) __cond_acquires(true, &o->lock);
int by_zero(struct object *o) __cond_acquires(0, o->other);
void two(struct object *o) __acquires(&o->lock, &all);
void token(void) __acquires(RCU);
void odd(struct object *o) __acquires(pick(o->lock));

int calls(struct object *a)
{
	before_and_after(a);
	by_path(a);
	two(a);
	token();
	odd(a);
	return by_result(a) + by_zero(a);
}

int body(struct object *o, int early) __acquires(&o->lock) __releases(o->other)
{
	if (early)
		return 1;
	o->n = early;
	return 2;
}

void again(struct object *o) __releases(&o->lock) __acquires(&o->lock)
{
	o->n = 1;
}
