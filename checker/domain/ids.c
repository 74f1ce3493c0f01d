/* SPDX-License-Identifier: MIT */
#include "domain/dom.h"

#define IDS_START 256
#define MEMO_START 1024
#define MEMO_LIMIT (1u << 17)

uint32_t ids_find(const struct ids *t, uint64_t hash, bool (*same)(void *, uint32_t), void *arg)
{
	const struct ids_slot *s = t->slot;
	uint32_t key = (uint32_t)hash, i;

	if (!s)
		return 0;
	for (i = key & t->mask; s[i].id; i = (i + 1) & t->mask)
		if (s[i].hash == key && same(arg, s[i].id))
			return s[i].id;
	return 0;
}

static void ids_place(struct ids *t, struct ids_slot s)
{
	uint32_t i = s.hash & t->mask;

	while (t->slot[i].id)
		i = (i + 1) & t->mask;
	t->slot[i] = s;
}

static void ids_grow(struct ids *t)
{
	struct ids_slot *old = t->slot;
	uint32_t n = old ? t->mask + 1 : 0, size = n ? n * 2 : IDS_START;

	t->slot = xcalloc(size, sizeof(*t->slot));
	t->mask = size - 1;
	for (uint32_t i = 0; i < n; i++)
		if (old[i].id)
			ids_place(t, old[i]);
	free(old);
}

void ids_add(struct ids *t, uint32_t id, uint64_t hash)
{
	if (!t->slot || (t->n + 1) * 2 > t->mask)
		ids_grow(t);
	t->n++;
	ids_place(t, (struct ids_slot){ id, (uint32_t)hash });
}

static uint32_t memo_slot(const struct memo *m, uint32_t op, uint32_t a, uint32_t b)
{
	return (uint32_t)hash_mix((uint64_t)a << 32 | b, op) & m->mask;
}

bool memo_get(const struct memo *m, uint32_t op, uint32_t a, uint32_t b, uint32_t *r)
{
	const struct memo_entry *e;

	if (!m->e)
		return false;
	e = &m->e[memo_slot(m, op, a, b)];
	if (e->op != op || e->a != a || e->b != b)
		return false;
	*r = e->r;
	return true;
}

static void memo_grow(struct memo *m)
{
	struct memo_entry *old = m->e;
	uint32_t n = old ? m->mask + 1 : 0, size = n ? n * 2 : MEMO_START;

	m->e = xcalloc(size, sizeof(*m->e));
	m->mask = size - 1;
	for (uint32_t i = 0; i < n; i++)
		if (old[i].op)
			m->e[memo_slot(m, old[i].op, old[i].a, old[i].b)] = old[i];
	free(old);
}

/* op is not 0: that marks a free entry. */
void memo_put(struct memo *m, uint32_t op, uint32_t a, uint32_t b, uint32_t r)
{
	if (!m->e || (m->used > m->mask && m->mask + 1 < MEMO_LIMIT)) {
		memo_grow(m);
		m->used = m->mask / 2;
	}
	m->used++;
	m->e[memo_slot(m, op, a, b)] = (struct memo_entry){ op, a, b, r };
}
