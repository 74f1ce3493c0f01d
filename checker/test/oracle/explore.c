/* SPDX-License-Identifier: MIT */
/* explore.c - every order of steps, depth first; a state that was seen is not entered again */
#include "oracle.h"

#define TRACE_SHOWN 60	/* steps; those before are only counted */

struct node {
	struct state s;
	struct event event;	/* that led here */
	unsigned next;		/* way out of it to take next */
};

struct search {
	struct oracle *x;
	Array(struct node) path;
	struct map seen;
	bool end;
};

static void print_path(struct search *q, struct state *s, struct buffer *out)
{
	uint32_t from = q->path.n > TRACE_SHOWN ? q->path.n - TRACE_SHOWN : 1;

	if (from > 1)
		buffer_printf(out, "    (%u steps before these)\n", from - 1);
	for (uint32_t i = from; i < q->path.n; i++)
		trace_event(q->x, s, &q->path.v[i].event, out);
	if (q->x->event.kind != EVENT_NONE)
		trace_event(q->x, s, &q->x->event, out);
}

static void record(struct search *q, struct state *s)
{
	struct oracle *x = q->x;

	for (unsigned o = 0; o < OUTCOMES; o++) {
		if (!(x->outcome >> o & 1) || x->found >> o & 1)
			continue;
		print_path(q, s, &x->trace[o]);
		buffer_printf(&x->trace[o], "    %s: %s\n", outcome_name(o),
			      buffer_str(&x->why[o]));
	}
	x->found |= x->outcome;
	q->end |= (x->found & x->wanted) || x->found >> INCOMPLETE & 1;
}

/* ------------------------------------------------------------------ checks */

static void check_always(struct search *q, const struct state *s)
{
	struct oracle *x = q->x;
	struct state copy;

	if (x->always == IR_NONE || !s->started || path_ended(x))
		return;
	state_copy(&copy, s);
	if (!machine_run(x, &copy, x->always) && !path_ended(x))
		stop(x, BROKEN, "%s() is false", x->sc->always);
	state_release(&copy);
}

static bool all_done(const struct state *s)
{
	for (unsigned t = 0; t < s->nthreads; t++)
		if (s->t[t].state != THREAD_DONE)
			return false;
	return s->started;
}

static void check_final(struct search *q, struct state *s)
{
	struct oracle *x = q->x;

	if (x->check != IR_NONE && !machine_run(x, s, x->check) && !path_ended(x))
		stop(x, BROKEN, "%s() is false at the end", x->sc->check);
}

static void check_blocked(struct search *q, struct state *s)
{
	struct oracle *x = q->x;
	struct buffer names = BUFFER_INIT;

	for (unsigned t = 0; t < s->nthreads; t++)
		if (s->t[t].state == THREAD_RUNS)
			buffer_printf(&names, "%s%s", names.n ? " and " : "", x->sc->threads[t]);
	stop(x, DEADLOCK, "%s wait for ever", buffer_str(&names));
	buffer_release(&names);
}

/* ------------------------------------------------------------------- steps */

static void start_threads(struct oracle *x, struct state *s)
{
	s->started = true;
	mem_share_setup(s);
	for (unsigned t = 0; t < s->nthreads && !path_ended(x); t++)
		machine_start(x, s, t, x->thread[t]);
}

/*
 * The k-th way on, or false. The thread of the last step comes first, so that
 * the first trace that is found has few switches.
 */
static bool way(struct oracle *x, struct state *s, unsigned k, unsigned *t, unsigned *choice)
{
	bool goes_on = s->started && machine_choices(x, s, s->last) > 0;

	for (unsigned i = 0; i < s->nthreads + 1u; i++) {
		unsigned n;

		*t = !s->started ? SEQ : i ? i - 1 : s->last;
		if (s->started && i && *t == s->last)
			continue;
		if (i && (!s->started || (goes_on && (s->switches >= x->limits.switches ||
						      x->plant == PLANT_NO_SWITCH))))
			return false;
		n = machine_choices(x, s, *t);
		if (k < n) {
			*choice = k;
			return true;
		}
		k -= n;
	}
	return false;
}

static void take(struct oracle *x, struct state *s, unsigned t, unsigned choice)
{
	if (t != s->last && s->started && machine_choices(x, s, s->last))
		s->switches++;
	if (t != SEQ)
		s->last = (uint8_t)t;
	machine_step(x, s, t, choice);
	if (t == SEQ && s->t[SEQ].state == THREAD_DONE && !path_ended(x))
		start_threads(x, s);
}

static bool was_seen(struct search *q, const struct state *s)
{
	uint64_t *seen;

	if (q->x->unmerged)
		return false;
	seen = map_put(&q->seen, state_digest(q->x, s));
	return (*seen)++;
}

/* Takes the state if it is new and goes on. */
static void arrive(struct search *q, struct state *s, struct event e)
{
	struct oracle *x = q->x;

	check_always(q, s);
	if (!path_ended(x) && all_done(s))
		check_final(q, s);
	record(q, s);
	if (path_ended(x) || all_done(s) || was_seen(q, s)) {
		x->orders += path_ended(x) || all_done(s);
		state_release(s);
		return;
	}
	if (++x->states > x->limits.states) {
		stop(x, INCOMPLETE, "more than %llu states", (unsigned long long)x->limits.states);
		record(q, s);
	}
	array_push(&q->path, (struct node){ .s = *s, .event = e });
}

static void expand(struct search *q)
{
	struct oracle *x = q->x;
	struct node *n = &array_last(&q->path);
	unsigned t, choice;
	struct state s;

	x->outcome = 0;
	x->event = (struct event){ .kind = EVENT_NONE };
	if (!way(x, &n->s, n->next, &t, &choice)) {
		if (!n->next) {
			check_blocked(q, &n->s);
			record(q, &n->s);
			x->orders++;
		}
		state_release(&n->s);
		q->path.n--;
		return;
	}
	n->next++;
	state_copy(&s, &n->s);
	take(x, &s, t, choice);
	arrive(q, &s, x->event);
}

static void first(struct search *q)
{
	struct oracle *x = q->x;
	struct state s = { .nthreads = (uint8_t)x->sc->nthreads };

	mem_globals(x, &s);
	x->outcome = 0;
	x->event = (struct event){ .kind = EVENT_NONE };
	if (x->init != IR_NONE)
		machine_start(x, &s, SEQ, x->init);
	else
		start_threads(x, &s);
	if (s.t[SEQ].state == THREAD_DONE && !path_ended(x))
		start_threads(x, &s);
	arrive(q, &s, x->event);
}

void explore(struct oracle *x)
{
	struct search q = { .x = x };

	first(&q);
	while (q.path.n && !q.end)
		expand(&q);
	for (uint32_t i = 0; i < q.path.n; i++)
		state_release(&q.path.v[i].s);
	array_release(&q.path);
	map_release(&q.seen);
}
