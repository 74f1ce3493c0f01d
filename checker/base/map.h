/* SPDX-License-Identifier: MIT */
/*
 * map.h - hash maps from 64-bit keys, and interned strings
 *
 * struct map is an open-addressing table from a non-zero-or-zero uint64_t key
 * to a uint64_t value. Keys are never removed. Iteration order is the order of
 * insertion, so that nothing that is printed depends on hashing.
 *
 * struct intern gives each distinct string one small number (str_id) and one
 * address, so that names are compared by number. str_id 0 is "".
 */
#ifndef PF_BASE_MAP_H
#define PF_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/array.h"

struct map_entry {
	uint64_t key;
	uint64_t value;
};

struct map {
	Array(struct map_entry) entries;
	uint32_t *slots;	/* index + 1 into entries, 0 is free */
	uint32_t nslots;
};

#define MAP_INIT { { NULL, 0, 0 }, NULL, 0 }

/* A 64-bit mix of two numbers, for composite keys and hashes. */
static inline uint64_t hash_mix(uint64_t a, uint64_t b)
{
	uint64_t x = a * 0x9e3779b97f4a7c15u + b;

	x ^= x >> 32;
	x *= 0xd6e8feb86659fd93u;
	x ^= x >> 29;
	return x;
}

static inline uint32_t map_slot_(const struct map *m, uint64_t key)
{
	uint32_t mask = m->nslots - 1;
	uint32_t i = (uint32_t)hash_mix(key, 1) & mask;

	while (m->slots[i] && m->entries.v[m->slots[i] - 1].key != key)
		i = (i + 1) & mask;
	return i;
}

/* The value's address, or NULL. Valid until the next map_put(). */
static inline uint64_t *map_get(const struct map *m, uint64_t key)
{
	uint32_t s = m->nslots ? m->slots[map_slot_(m, key)] : 0;

	return s ? &m->entries.v[s - 1].value : NULL;
}

/* The value's address; a new entry starts with value 0. */
uint64_t *map_put(struct map *m, uint64_t key);

void map_clear(struct map *m);
void map_release(struct map *m);

/* A hash of n bytes. */
uint64_t hash_bytes(const void *p, size_t n, uint64_t seed);

typedef uint32_t str_id;

struct intern {
	struct arena arena;
	Array(const char *) strings;
	struct map index;	/* hash -> first str_id + 1 with that hash */
	Array(str_id) chain;	/* next str_id with the same hash */
};

/* The one number of s (of its first n bytes). */
str_id intern_str(struct intern *t, const char *s);
str_id intern_strn(struct intern *t, const char *s, size_t n);

/* The number of s if it is known, else 0 (which is also ""). Never adds. */
str_id intern_find(const struct intern *t, const char *s);

/* The string; lives as long as the table. */
const char *intern_get(const struct intern *t, str_id id);

void intern_release(struct intern *t);

#endif
