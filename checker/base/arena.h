/* SPDX-License-Identifier: MIT */
/*
 * arena.h - bump allocation
 *
 * Everything that protflow allocates lives in an arena: one for the process,
 * one for a translation unit, one for a function under analysis. Nothing is
 * freed singly; arena_release() frees all of it at once. Allocation does not
 * fail: when the system has no memory left, the process ends with status
 * ARENA_EXIT_NOMEM, which the parent that bounds the memory of a unit reports
 * as "out of memory".
 *
 *	struct arena a = ARENA_INIT;
 *	struct foo *f = arena_new(&a, struct foo);
 *	...
 *	arena_release(&a);
 */
#ifndef PF_BASE_ARENA_H
#define PF_BASE_ARENA_H

#include <stddef.h>
#include <stdint.h>

#define ARENA_EXIT_NOMEM 75

struct arena_block;

struct arena {
	struct arena_block *head;
	size_t total;		/* bytes handed out, for --stats */
};

#define ARENA_INIT { NULL, 0 }

/* Zeroed memory of size bytes, aligned for any object. size 0 gives a valid pointer. */
void *arena_alloc(struct arena *a, size_t size);

/* A copy of the n bytes at p. */
void *arena_memdup(struct arena *a, const void *p, size_t n);

/* A NUL-terminated copy of the string s, or of its first n bytes. */
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t n);

/* printf into the arena; the string lives as long as the arena. */
char *arena_printf(struct arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Frees everything; the arena is as new. */
void arena_release(struct arena *a);
/* The same, but one block stays for what comes next. */
void arena_clear(struct arena *a);

#define arena_new(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define arena_new_array(a, type, n) ((type *)arena_alloc((a), sizeof(type) * (size_t)(n)))

/* malloc family that ends the process with ARENA_EXIT_NOMEM where it fails. */
void *xmalloc(size_t size);
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t size);
char *xstrdup(const char *s);

#endif
