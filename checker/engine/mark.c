/* SPDX-License-Identifier: MIT */
#include "engine/mark.h"

#include "base/buffer.h"
#include "engine/lockset.h"

static int order(const struct mark *m, uint32_t key, struct lock_ref ref)
{
	if (m->key != key)
		return m->key < key ? -1 : 1;
	if (m->ref.root.i != ref.root.i)
		return m->ref.root.i < ref.root.i ? -1 : 1;
	return m->ref.off < ref.off ? -1 : m->ref.off > ref.off;
}

struct mark *mark_find(const struct state *s, uint32_t key, struct lock_ref ref)
{
	for (uint32_t i = 0; i < s->marks.n; i++)
		if (!order(&s->marks.v[i], key, ref))
			return &s->marks.v[i];
	return NULL;
}

void mark_set(struct state *s, const struct mark *m)
{
	struct mark *have = mark_find(s, m->key, m->ref), copy = *m;
	uint32_t at = s->marks.n;

	if (have) {
		*have = copy;
		return;
	}
	array_push(&s->marks, copy);
	for (; at > 0 && order(&s->marks.v[at - 1], copy.key, copy.ref) > 0; at--)
		s->marks.v[at] = s->marks.v[at - 1];
	s->marks.v[at] = copy;
}

bool mark_clear(struct state *s, uint32_t key, struct lock_ref ref)
{
	uint32_t n = s->marks.n, kept = 0;

	for (uint32_t i = 0; i < n; i++)
		if (order(&s->marks.v[i], key, ref))
			s->marks.v[kept++] = s->marks.v[i];
	s->marks.n = kept;
	return kept < n;
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
		if (order(&a->marks.v[i], b->marks.v[k].key, b->marks.v[k].ref))
			return false;
	return i >= a->marks.n && k >= b->marks.n;
}

bool marks_equal(const struct state *a, const struct state *b)
{
	if (a->marks.n != b->marks.n)
		return false;
	for (uint32_t i = 0; i < a->marks.n; i++) {
		const struct mark *x = &a->marks.v[i], *y = &b->marks.v[i];

		if (order(x, y->key, y->ref) || x->sure != y->sure)
			return false;
	}
	return true;
}

static void join_from(struct state *out, const struct state *a, const struct state *b)
{
	for (uint32_t i = 0; i < a->marks.n; i++) {
		struct mark m = a->marks.v[i];
		const struct mark *other = mark_find(b, m.key, m.ref);

		if (!other && m.join == MARK_MUST)
			continue;
		m.sure &= other ? other->sure : m.join == MARK_SEEN;
		if (other && !m.then_loc) {
			m.then_fn = other->then_fn;
			m.then_loc = other->then_loc;
		}
		if (!mark_find(out, m.key, m.ref))
			mark_set(out, &m);
	}
}

void marks_join(struct state *out, const struct state *a, const struct state *b)
{
	join_from(out, a, b);
	join_from(out, b, a);
}

void marks_forget(struct state *s, bool (*pred)(void *, sym_id), void *arg)
{
	struct mark *v = s->marks.v;
	uint32_t n = s->marks.n;
	bool any = false;

	for (uint32_t i = 0; i < n; i++)
		any |= v[i].ref.root.i && pred(arg, v[i].ref.root);
	if (!any)
		return;
	s->marks.v = NULL;
	s->marks.n = s->marks.cap = 0;
	for (uint32_t i = 0; i < n; i++) {
		if (v[i].ref.root.i && pred(arg, v[i].ref.root)) {
			v[i].ref = (struct lock_ref){ SYM_NONE, 0 };
			v[i].sure = false;
			if (v[i].join == MARK_MUST || mark_find(s, v[i].key, v[i].ref))
				continue;
		}
		mark_set(s, &v[i]);
	}
	free(v);
}

void marks_apply(struct inst *in, struct state *t, const struct state *exit)
{
	const struct engine_client *c = &in->f->e->client;

	for (uint32_t i = 0; c->on_mark && i < exit->marks.n; i++) {
		struct mark m = exit->marks.v[i];
		int64_t off = m.ref.off;

		if (m.ref.root.i && lock_of_word(in->f, inst_symbol(in, m.ref.root), &m.ref))
			m.ref.off += off;
		else
			m.ref = (struct lock_ref){ SYM_NONE, 0 };
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
		buffer_printf(out, ", line %u\n", syms->unit->locs.v[m->loc].line);
	}
}
