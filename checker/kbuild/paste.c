/* SPDX-License-Identifier: MIT */
#include "kbuild/paste.h"

#include <string.h>

/* An operand of a chain: where its text is, or an argument. */
struct operand {
	const char *s;
	size_t n;	/* 0: an argument */
};

/* Words of a chain that stand together, between arguments or its ends. */
struct run {
	const char *s;
	size_t n;
	bool after, before;	/* an argument stands in front of it, behind it */
};

struct making {
	const struct paste_text *t;
	const char *s;
	size_t n;
	bool any;		/* a chain joins what nothing is known of */
	Array(struct run) runs;
	bool reach[PASTE_LONGEST + 1];
};

void paste_add(struct paste_chains *c, struct arena *a, const char *text, const char *macro)
{
	uint64_t h = hash_bytes(text, strlen(text), macro ? hash_bytes(macro, strlen(macro), 1) : 0);
	uint64_t *known = map_put(&c->known, h);

	if ((*known)++)
		return;
	array_push(&c->v, (struct paste_chain) { arena_strdup(a, text),
						 macro ? arena_strdup(a, macro) : NULL,
						 false, false });
}

void paste_release(struct paste_chains *c)
{
	array_release(&c->v);
	map_release(&c->known);
}

/* The operand at *s, which moves behind it and the '#' after it. */
static struct operand take_operand(const char **s)
{
	struct operand o = { *s, strcspn(*s, "#") };

	*s += o.n;
	*s += **s == '#';
	if (*o.s == '*')
		o.n = 0;
	return o;
}

/* ------------------------------------------------------------------- chains */

static bool occurs(const struct making *m, const struct operand *o)
{
	return memmem(m->s, m->n, o->s, o->n) != NULL;
}

/*
 * The runs of one chain, or of a part of one that an argument of several words
 * cuts off: they count only where all their words occur in the word.
 */
struct part {
	uint32_t from;		/* first run */
	bool fits, words;
	bool own, split;	/* of the whole chain */
};

static void end_part(struct making *m, struct part *p)
{
	if (!p->fits)
		m->runs.n = p->from;
	else if (!p->words && !p->own)
		m->any = true;
	p->from = m->runs.n;
	p->fits = true;
	p->words = false;
}

static void add_word(struct making *m, struct part *p, const struct operand *o, bool after)
{
	p->fits &= occurs(m, o);
	p->words = true;
	array_push(&m->runs, (struct run) { o->s, o->n, after && !p->own, false });
}

static void add_chain(struct making *m, const struct paste_chain *c)
{
	struct part p = { .from = m->runs.n, .fits = true, .own = c->own && !m->t->doubt,
			  .split = !c->one_word || m->t->doubt };
	bool after = false, first = true;

	for (const char *s = c->text; *s; first = false) {
		struct operand o = take_operand(&s);

		if (o.n)
			add_word(m, &p, &o, after);
		else if (m->runs.n > p.from && !after)
			array_last(&m->runs).before = !p.own;
		/* What is in front of the argument is a word of its own, and so is the rest. */
		if (!o.n && !first && *s && p.split)
			end_part(m, &p);
		after = !o.n;
	}
	end_part(m, &p);
}

/* -------------------------------------------------------------------- pieces */

static bool is_public(const struct making *m, size_t i, size_t k)
{
	return !m->t->public || m->t->public(m->t->arg, m->s + i, k);
}

/* Behind the run at i, and behind a public word after it. */
static void reach_behind(struct making *m, const struct run *r, size_t i)
{
	if (i + r->n > m->n || memcmp(m->s + i, r->s, r->n))
		return;
	m->reach[i + r->n] = true;
	for (size_t k = 1; r->before && i + r->n + k <= m->n; k++)
		if (is_public(m, i + r->n, k))
			m->reach[i + r->n + k] = true;
}

static void reach_by_run(struct making *m, const struct run *r, size_t i)
{
	reach_behind(m, r, i);
	for (size_t k = 1; r->after && i + k + r->n <= m->n; k++)
		if (is_public(m, i, k))
			reach_behind(m, r, i + k);
}

static void reach_from(struct making *m, size_t i, bool whole)
{
	for (size_t k = 1; i + k <= m->n; k++)
		if ((whole || k < m->n) &&
		    (m->t->free(m->t->arg, m->s + i, k) || (m->any && is_public(m, i, k))))
			m->reach[i + k] = true;
	for (uint32_t r = 0; r < m->runs.n; r++)
		reach_by_run(m, &m->runs.v[r], i);
}

bool paste_makes(const struct paste_text *t, const char *s, size_t n, bool whole)
{
	struct making m = { .t = t, .s = s, .n = n };
	bool made;

	if (n > PASTE_LONGEST)
		return true;
	for (uint32_t i = 0; i < t->nchains; i++)
		add_chain(&m, &t->chains[i]);
	m.reach[0] = true;
	for (size_t i = 0; i < n && !m.reach[n]; i++)
		if (m.reach[i])
			reach_from(&m, i, whole);
	made = m.reach[n];
	array_release(&m.runs);
	return made;
}
