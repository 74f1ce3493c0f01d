/* SPDX-License-Identifier: MIT */
#include "command/reuse.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#define MAGIC "PFKEPT01"
#define HEAD (sizeof(MAGIC) - 1 + 8)	/* bytes before the hashed part */
#define KEPT_MAX ((size_t)64 << 20)

enum { ASKS_ELSEWHERE, ASKS_WANTS, ASKS_NEEDS };

/* The bytes of the program that runs: another build of it may judge otherwise. */
static uint64_t hash_of_self(void)
{
	struct buffer b = BUFFER_INIT;
	uint64_t h = 0;

	if (!buffer_read_file(&b, "/proc/self/exe", 0))
		h = XXH3_64bits(buffer_str(&b), b.n) | 1;
	buffer_release(&b);
	return h;
}

void reuse_init(struct reuse *u, const char *folder)
{
	*u = (struct reuse){ .self = hash_of_self() };
	u->folder = u->self ? folder : NULL;
}

static void forget(struct reuse *u)
{
	array_clear(&u->questions);
	map_release(&u->asked);
	buffer_clear(&u->key);
	u->path = NULL;
}

void reuse_release(struct reuse *u)
{
	forget(u);
	array_release(&u->questions);
	buffer_release(&u->key);
	arena_release(&u->arena);
}

/* ----------------------------------------------------------------- the questions */

static void note(struct reuse *u, uint8_t kind, const char *name, bool answer)
{
	uint64_t *known = u->path ? map_put(&u->asked, XXH3_64bits_withSeed(name, strlen(name),
									    kind)) : NULL;

	if (!known || *known)
		return;
	*known = 1;
	array_push(&u->questions, (struct reuse_question){ kind, arena_strdup(&u->arena, name),
							   answer });
}

bool reuse_elsewhere(void *arg, const char *name)
{
	struct reuse *u = arg;
	bool answer = program_elsewhere(u->program, name);

	note(u, ASKS_ELSEWHERE, name, answer);
	return answer;
}

bool reuse_wants(void *arg, const char *name)
{
	struct reuse *u = arg;
	bool answer = program_wants(u->program, name);

	note(u, ASKS_WANTS, name, answer);
	return answer;
}

void reuse_needs(void *arg, const char *name)
{
	struct reuse *u = arg;

	program_needs(u->program, name);
	note(u, ASKS_NEEDS, name, false);
}

bool reuse_covers(void *arg, const struct rule *r, ir_fn fn)
{
	return program_covers(((struct reuse *)arg)->program, r, fn);
}

/* The answers are still the same: all but needs say whether there is somebody elsewhere. */
static bool answers_hold(const struct reuse *u)
{
	for (uint32_t i = 0; i < u->questions.n; i++) {
		const struct reuse_question *q = &u->questions.v[i];

		if (q->kind != ASKS_NEEDS && program_elsewhere(u->program, q->name) != q->answer)
			return false;
	}
	return true;
}

/* Which units are wanted and needed is told by asking, in the same order. */
static void ask_again(const struct reuse *u)
{
	for (uint32_t i = 0; i < u->questions.n; i++) {
		const struct reuse_question *q = &u->questions.v[i];

		if (q->kind == ASKS_WANTS)
			program_wants(u->program, q->name);
		else if (q->kind == ASKS_NEEDS)
			program_needs(u->program, q->name);
	}
}

/* ----------------------------------------------------------------------- the key */

/* All that the analysis reads; a line each, and a hash of what is long. */
static void make_key(struct reuse *u, const struct reuse_about *about)
{
	const struct catalog *c = u->program->catalog;

	buffer_printf(&u->key, "%016" PRIx64 " %016" PRIx64 "\n%s\n%s\n", u->self,
		      about->rules->digest, about->directory, about->srctree ? about->srctree : "");
	for (uint32_t i = 0; i < about->rules->rules.n; i++)
		buffer_printf(&u->key, "%s\n", about->rules->rules.v[i].id);
	for (uint32_t i = 0; i < c->units.n; i++) {
		const struct catalog_unit *unit = &c->units.v[i];
		XXH128_hash_t h;

		if (!u->program->members[i])
			continue;
		h = XXH3_128bits(buffer_str(&unit->text), unit->text.n);
		buffer_printf(&u->key, "%s %u %016" PRIx64 "%016" PRIx64 "\n", unit->object,
			      unit->use, h.high64, h.low64);
	}
}

/* One file for the same rules in the same round, whatever the units are. */
static void choose_path(struct reuse *u, const struct reuse_about *about)
{
	XXH64_hash_t h = about->round;

	for (uint32_t i = 0; i < about->rules->rules.n; i++)
		h = XXH3_64bits_withSeed(about->rules->rules.v[i].id,
					 strlen(about->rules->rules.v[i].id) + 1, h);
	u->path = arena_printf(&u->arena, "%s/%016" PRIx64 ".kept", u->folder, h);
}

/* ------------------------------------------------------------------- the bytes */

static void put_hash(struct buffer *b)
{
	uint64_t h = XXH3_64bits(b->s + HEAD, b->n - HEAD);

	for (unsigned i = 0; i < 8; i++)
		b->s[HEAD - 8 + i] = (char)(h >> (8 * i));
}

static bool hash_fits(const struct buffer *b)
{
	uint64_t h = 0;

	if (b->n < HEAD || memcmp(b->s, MAGIC, sizeof(MAGIC) - 1))
		return false;
	for (unsigned i = 0; i < 8; i++)
		h |= (uint64_t)(uint8_t)b->s[HEAD - 8 + i] << (8 * i);
	return h == XXH3_64bits(b->s + HEAD, b->n - HEAD);
}

/* Behind the head: the key, a line for each question, an empty line, what was said. */
void reuse_keep(struct reuse *u, const struct report *r)
{
	struct buffer b = BUFFER_INIT;

	if (!u->path)
		return;
	buffer_puts(&b, MAGIC "........");
	buffer_printf(&b, "%zu\n", u->key.n);
	buffer_add(&b, buffer_str(&u->key), u->key.n);
	for (uint32_t i = 0; i < u->questions.n; i++) {
		const struct reuse_question *q = &u->questions.v[i];

		buffer_printf(&b, "%c%c%s\n", '0' + q->kind, '0' + q->answer, q->name);
	}
	buffer_putc(&b, '\n');
	report_keep(r, u->from, &b);
	put_hash(&b);
	/* A tree that cannot be written to costs the next link the time. */
	if (!file_mkdirs(u->folder) && !file_replace(u->path, b.s, b.n))
		u->kept++;
	buffer_release(&b);
	forget(u);
}

/* The questions, up to the empty line: what stands behind that, or NULL. */
static const char *take_questions(struct reuse *u, const char *p, const char *end)
{
	while (p < end && *p != '\n') {
		const char *line = memchr(p, '\n', (size_t)(end - p));

		if (!line || line - p < 3 || p[0] < '0' || p[0] > '0' + ASKS_NEEDS ||
		    (p[1] != '0' && p[1] != '1'))
			return NULL;
		note(u, (uint8_t)(p[0] - '0'),
		     arena_strndup(&u->arena, p + 2, (size_t)(line - p - 2)), p[1] == '1');
		p = line + 1;
	}
	return p < end ? p + 1 : NULL;
}

static bool recall(struct reuse *u, const struct buffer *b, struct report *r)
{
	const char *end = b->s + b->n, *p = b->s + HEAD;
	char *behind;
	size_t n;

	if (!hash_fits(b) || *p < '0' || *p > '9')
		return false;
	n = strtoul(p, &behind, 10);
	if (*behind != '\n' || n != u->key.n || (size_t)(end - behind - 1) < n ||
	    memcmp(behind + 1, buffer_str(&u->key), n))
		return false;
	p = take_questions(u, behind + 1 + n, end);
	if (!p || !answers_hold(u) || !report_recall(r, p, (size_t)(end - p)))
		return false;
	ask_again(u);
	return true;
}

bool reuse_begin(struct reuse *u, const struct reuse_about *about, struct program *p,
		 struct report *r)
{
	struct buffer b = BUFFER_INIT;
	bool good;

	forget(u);
	u->program = p;
	u->from = report_mark(r);
	if (!u->folder || !about->plain)
		return false;
	make_key(u, about);
	choose_path(u, about);
	good = !buffer_read_file(&b, u->path, KEPT_MAX) && recall(u, &b, r);
	buffer_release(&b);
	u->recalled += good;
	if (!good) {
		array_clear(&u->questions);
		map_release(&u->asked);
	}
	return good;
}
