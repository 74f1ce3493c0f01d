/* SPDX-License-Identifier: MIT */
#include "engine/mark.h"

#include "base/buffer.h"
#include "engine/lockset.h"

static int ref_order(struct lock_ref a, struct lock_ref b)
{
	if (a.root.i != b.root.i)
		return a.root.i < b.root.i ? -1 : 1;
	return a.off < b.off ? -1 : a.off > b.off;
}

static int order(const struct mark *m, uint32_t key, struct lock_ref ref, struct lock_ref with)
{
	int way;

	if (m->key != key)
		return m->key < key ? -1 : 1;
	way = ref_order(m->ref, ref);
	return way ? way : ref_order(m->with, with);
}

static int mark_order(const struct mark *a, const struct mark *b)
{
	return order(a, b->key, b->ref, b->with);
}

static struct mark *find(const struct state *s, const struct mark *m)
{
	for (uint32_t i = 0; i < s->marks.n; i++)
		if (!mark_order(&s->marks.v[i], m))
			return &s->marks.v[i];
	return NULL;
}

struct mark *mark_find(const struct state *s, uint32_t key, struct lock_ref ref)
{
	return find(s, &(struct mark){ .key = key, .ref = ref });
}

void mark_set(struct state *s, const struct mark *m)
{
	struct mark *have = find(s, m), copy = *m;
	uint32_t at = s->marks.n;

	if (have) {
		*have = copy;
		return;
	}
	array_push(&s->marks, copy);
	for (; at > 0 && mark_order(&s->marks.v[at - 1], &copy) > 0; at--)
		s->marks.v[at] = s->marks.v[at - 1];
	s->marks.v[at] = copy;
}

bool mark_clear_of(struct state *s, uint32_t key, struct lock_ref ref, struct lock_ref with)
{
	uint32_t n = s->marks.n, kept = 0;

	for (uint32_t i = 0; i < n; i++)
		if (order(&s->marks.v[i], key, ref, with))
			s->marks.v[kept++] = s->marks.v[i];
	s->marks.n = kept;
	return kept < n;
}

bool mark_clear(struct state *s, uint32_t key, struct lock_ref ref)
{
	return mark_clear_of(s, key, ref, (struct lock_ref){ SYM_NONE, 0 });
}

/* The first from i on that keeps states apart. */
static uint32_t next_key(const struct state *s, uint32_t i)
{
	while (i < s->marks.n && !s->marks.v[i].splits)
		i++;
	return i;
}

bool marks_same_key(const struct state *a, const struct state *b)
{
	uint32_t i = next_key(a, 0), k = next_key(b, 0);

	for (; i < a->marks.n && k < b->marks.n; i = next_key(a, i + 1), k = next_key(b, k + 1))
		if (mark_order(&a->marks.v[i], &b->marks.v[k]))
			return false;
	return i >= a->marks.n && k >= b->marks.n;
}

bool marks_equal(const struct state *a, const struct state *b)
{
	if (a->marks.n != b->marks.n)
		return false;
	for (uint32_t i = 0; i < a->marks.n; i++) {
		const struct mark *x = &a->marks.v[i], *y = &b->marks.v[i];

		if (mark_order(x, y) || x->sure != y->sure)
			return false;
	}
	return true;
}

static void join_from(struct state *out, const struct state *a, const struct state *b)
{
	for (uint32_t i = 0; i < a->marks.n; i++) {
		struct mark m = a->marks.v[i];
		const struct mark *other = find(b, &m);

		if (!other && m.join == MARK_MUST)
			continue;
		m.sure &= other ? other->sure : m.join == MARK_SEEN;
		if (other && !m.then_loc) {
			m.then_fn = other->then_fn;
			m.then_loc = other->then_loc;
		}
		if (!find(out, &m))
			mark_set(out, &m);
	}
}

void marks_join(struct state *out, const struct state *a, const struct state *b)
{
	join_from(out, a, b);
	join_from(out, b, a);
}

static bool is_anew(struct lock_ref ref, bool (*pred)(void *, sym_id), void *arg)
{
	return ref.root.i && pred(arg, ref.root);
}

/* False: it is not to be kept. */
static bool forget(const struct state *s, struct mark *m, bool (*pred)(void *, sym_id), void *arg)
{
	bool ref = is_anew(m->ref, pred, arg), with = is_anew(m->with, pred, arg);

	if (ref) {
		m->ref = (struct lock_ref){ SYM_NONE, 0 };
		m->sure = false;
	}
	if (with)
		m->with = (struct lock_ref){ SYM_NONE, 0 };
	return !(ref || with) || (!(ref && m->join == MARK_MUST) && !find(s, m));
}

void marks_forget(struct state *s, bool (*pred)(void *, sym_id), void *arg)
{
	struct mark *v = s->marks.v;
	uint32_t n = s->marks.n;
	bool any = false;

	for (uint32_t i = 0; i < n; i++)
		any |= is_anew(v[i].ref, pred, arg) || is_anew(v[i].with, pred, arg);
	if (!any)
		return;
	s->marks.v = NULL;
	s->marks.n = s->marks.cap = 0;
	for (uint32_t i = 0; i < n; i++)
		if (forget(s, &v[i], pred, arg))
			mark_set(s, &v[i]);
	free(v);
}

/* The same place in terms of the caller. */
static struct lock_ref in_caller(struct inst *in, struct lock_ref ref)
{
	struct lock_ref out;

	if (!ref.root.i || !lock_of_word(in->f, inst_symbol(in, ref.root), &out))
		return (struct lock_ref){ SYM_NONE, 0 };
	out.off += ref.off;
	return out;
}

void marks_apply(struct inst *in, struct state *t, const struct state *exit)
{
	const struct engine_client *c = &in->f->e->client;

	for (uint32_t i = 0; c->on_mark && i < exit->marks.n; i++) {
		struct mark m = exit->marks.v[i];

		m.ref = in_caller(in, m.ref);
		m.with = in_caller(in, m.with);
		/* A function of a public header is no place to look at: its caller is. */
		if (in->f->e->unit->funcs.v[m.fn].flags & IR_FN_HEADER) {
			m.fn = in->f->id;
			m.loc = in->loc;
		}
		c->on_mark(c->arg, in->f, t, &m);
	}
}

void marks_print(const struct state *s, struct symbols *syms, struct buffer *out)
{
	for (uint32_t i = 0; i < s->marks.n; i++) {
		const struct mark *m = &s->marks.v[i];

		buffer_printf(out, "    mark %u%s of ", m->key, m->sure ? "" : " (not sure)");
		symbol_cell_name(syms, m->ref.root, m->ref.off, 1, out);
		if (m->with.root.i) {
			buffer_puts(out, " with ");
			symbol_cell_name(syms, m->with.root, m->with.off, 1, out);
		}
		buffer_printf(out, ", line %u\n", syms->unit->locs.v[m->loc].line);
	}
}
