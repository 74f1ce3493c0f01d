/* SPDX-License-Identifier: MIT */
#include "base/map.h"

#include <stdlib.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t hash_bytes(const void *p, size_t n, uint64_t seed)
{
	return XXH64(p, n, seed);
}

static void map_grow(struct map *m)
{
	free(m->slots);
	m->nslots = m->nslots ? m->nslots * 2 : 16;
	m->slots = xcalloc(m->nslots, sizeof(*m->slots));
	for (uint32_t i = 0; i < m->entries.n; i++)
		m->slots[map_slot_(m, m->entries.v[i].key)] = i + 1;
}

uint64_t *map_put(struct map *m, uint64_t key)
{
	uint32_t i;

	if ((m->entries.n + 1) * 4 > m->nslots * 3)
		map_grow(m);
	i = map_slot_(m, key);
	if (!m->slots[i]) {
		array_push(&m->entries, (struct map_entry){ .key = key });
		m->slots[i] = m->entries.n;
	}
	return &m->entries.v[m->slots[i] - 1].value;
}

void map_clear(struct map *m)
{
	array_clear(&m->entries);
	if (m->slots)
		memset(m->slots, 0, m->nslots * sizeof(*m->slots));
}

void map_release(struct map *m)
{
	array_release(&m->entries);
	free(m->slots);
	m->slots = NULL;
	m->nslots = 0;
}

static str_id intern_lookup(const struct intern *t, const char *s, size_t n, uint64_t h)
{
	const uint64_t *first = map_get(&t->index, h);
	str_id id = first ? (str_id)*first : 0;

	for (; id; id = t->chain.v[id]) {
		const char *have = t->strings.v[id];

		if (!strncmp(have, s, n) && !have[n])
			return id;
	}
	return 0;
}

str_id intern_strn(struct intern *t, const char *s, size_t n)
{
	uint64_t h = hash_bytes(s, n, 0);
	uint64_t *first;
	str_id id;

	if (!t->strings.n) {
		array_push(&t->strings, "");
		array_push(&t->chain, 0);
	}
	if (!n)
		return 0;
	id = intern_lookup(t, s, n, h);
	if (id)
		return id;
	id = t->strings.n;
	first = map_put(&t->index, h);
	array_push(&t->strings, arena_strndup(&t->arena, s, n));
	array_push(&t->chain, (str_id)*first);
	*first = id;
	return id;
}

str_id intern_str(struct intern *t, const char *s)
{
	return intern_strn(t, s, strlen(s));
}

str_id intern_find(const struct intern *t, const char *s)
{
	size_t n = strlen(s);

	return n ? intern_lookup(t, s, n, hash_bytes(s, n, 0)) : 0;
}

const char *intern_get(const struct intern *t, str_id id)
{
	return id ? array_at(&t->strings, id) : "";
}

void intern_release(struct intern *t)
{
	arena_release(&t->arena);
	array_release(&t->strings);
	array_release(&t->chain);
	map_release(&t->index);
}
