/* SPDX-License-Identifier: MIT */
/*
 * race.c - happens-before, as sets of who knows of an access
 *
 * A volatile access counts as an acquiring load or a releasing store, since the
 * IR does not tell smp_store_release() from WRITE_ONCE(): a race that only a
 * missing barrier makes is not found.
 */
#include "oracle.h"

static uint64_t thread_bit(unsigned t)
{
	return (uint64_t)1 << t;
}

static uint64_t sync_bit(struct oracle *x, uint64_t addr, enum sync_kind k)
{
	uint64_t key = addr << 2 | k;

	for (uint32_t i = 0; i < x->syncs.n; i++)
		if (x->syncs.v[i] == key)
			return (uint64_t)1 << (SLOTS + i);
	if (x->syncs.n == 64 - SLOTS) {
		stop(x, INCOMPLETE, "more than %u locks and marked variables", 64 - SLOTS);
		return 0;
	}
	array_push(&x->syncs, key);
	return (uint64_t)1 << (SLOTS + x->syncs.n - 1);
}

void race_learn(struct oracle *x, struct state *s, unsigned t, uint64_t addr, enum sync_kind k)
{
	uint64_t bit;

	if (t == SEQ || x->plant == PLANT_NO_ORDER)
		return;
	bit = sync_bit(x, addr, k);
	for (uint32_t i = 0; i < s->accesses.n; i++)
		if (s->accesses.v[i].known & bit)
			s->accesses.v[i].known |= thread_bit(t);
	race_prune(s);
}

void race_teach(struct oracle *x, struct state *s, unsigned t, uint64_t addr, enum sync_kind k,
		bool replace)
{
	uint64_t bit;

	if (t == SEQ)
		return;
	bit = sync_bit(x, addr, k);
	for (uint32_t i = 0; i < s->accesses.n; i++)
		if (s->accesses.v[i].known & thread_bit(t))
			s->accesses.v[i].known |= bit;
		else if (replace)
			s->accesses.v[i].known &= ~bit;
}

void race_prune(struct state *s)
{
	uint64_t all = 0;
	uint32_t n = 0;

	for (unsigned t = 0; t < s->nthreads; t++)
		if (s->t[t].state != THREAD_DONE)
			all |= thread_bit(t);
	for (uint32_t i = 0; i < s->accesses.n; i++)
		if ((s->accesses.v[i].known & all) != all)
			s->accesses.v[n++] = s->accesses.v[i];
	s->accesses.n = n;
}

void race_forget(struct state *s, uint64_t addr, uint64_t len)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < s->accesses.n; i++)
		if (s->accesses.v[i].addr < addr || s->accesses.v[i].addr >= addr + len)
			s->accesses.v[n++] = s->accesses.v[i];
	s->accesses.n = n;
}

static void report(struct oracle *x, const struct access *a, const struct access *b)
{
	struct buffer out = BUFFER_INIT;

	if ((x->found | x->outcome) >> RACE & 1)
		return;
	buffer_printf(&out, "%s %s at ", x->sc->threads[a->thread],
		      a->write ? "writes" : "reads");
	trace_place(x, a->loc, &out);
	buffer_printf(&out, ", %s %s at ", x->sc->threads[b->thread],
		      b->write ? "writes" : "reads");
	trace_place(x, b->loc, &out);
	buffer_puts(&out, ", and nothing orders the two");
	stop(x, RACE, "%s", out.s);
	buffer_release(&out);
}

/* A read is told by the write of the same thread to the same bytes, if that is no better known. */
static bool covered(const struct state *s, const struct access *a)
{
	for (uint32_t i = 0; i < s->accesses.n; i++) {
		const struct access *b = &s->accesses.v[i];

		if (b->thread == a->thread && b->addr == a->addr && b->len == a->len && b->write &&
		    b->known == a->known)
			return true;
	}
	return false;
}

static int order(const struct access *a, const struct access *b)
{
	if (a->addr != b->addr)
		return a->addr < b->addr ? -1 : 1;
	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
	if (a->thread != b->thread)
		return a->thread < b->thread ? -1 : 1;
	return a->write - b->write;
}

static void insert(struct state *s, const struct access *a)
{
	uint32_t i;

	array_push(&s->accesses, *a);
	for (i = s->accesses.n - 1; i && order(a, &s->accesses.v[i - 1]) < 0; i--)
		s->accesses.v[i] = s->accesses.v[i - 1];
	s->accesses.v[i] = *a;
}

/* In place of the thread's last access of the kind; a write also of its last read. */
static void remember(struct state *s, const struct access *a)
{
	uint32_t n = 0;

	if (!a->write && covered(s, a))
		return;
	for (uint32_t i = 0; i < s->accesses.n; i++) {
		const struct access *b = &s->accesses.v[i];

		if (b->thread == a->thread && b->addr == a->addr && b->len == a->len &&
		    b->write <= a->write)
			continue;
		s->accesses.v[n++] = *b;
	}
	s->accesses.n = n;
	insert(s, a);
}

void race_access(struct oracle *x, struct state *s, unsigned t, uint64_t addr, uint32_t len,
		 bool write, ir_loc loc)
{
	struct access a = { .addr = addr, .len = len, .thread = (uint8_t)t, .write = write,
			    .known = thread_bit(t), .loc = loc };

	if (t == SEQ)
		return;
	for (uint32_t i = 0; i < s->accesses.n; i++) {
		const struct access *b = &s->accesses.v[i];

		if (b->thread != t && (b->write || write) && b->addr < addr + len &&
		    addr < b->addr + b->len && !(b->known & thread_bit(t)))
			report(x, b, &a);
	}
	remember(s, &a);
	race_prune(s);
}
