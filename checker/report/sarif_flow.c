/* SPDX-License-Identifier: MIT */
#include "report/sarif_parts.h"

static const char *const kind_words[] = {
	"enter", "call", "return", "branch", "true", "false",
	"acquire", "release", "lock", "danger", "value",
};

/* Calls, entries and returns are of functions: the noun that goes with the verb, 3.38.8. */
static bool is_of_function(uint16_t kinds)
{
	return kinds & (STEP_ENTER | STEP_CALL | STEP_RETURN);
}

static void write_kinds(struct json_writer *w, uint16_t kinds)
{
	if (!kinds)
		return;
	jw_flat(w);
	jw_array(w, "kinds");
	for (unsigned i = 0; i < sizeof(kind_words) / sizeof(*kind_words); i++)
		if (kinds & 1u << i)
			jw_string(w, NULL, kind_words[i]);
	if (is_of_function(kinds))
		jw_string(w, NULL, "function");
	jw_end(w);
}

struct state_names { Array(const char *) v; };

/* One "name=value"; a name that comes again keeps its first value. */
static void write_value(struct sarif_log *log, const char *s, size_t n, struct state_names *names)
{
	const char *eq = memchr(s, '=', n);
	char *name;

	if (!eq)
		return;
	name = arena_strndup(&log->arena, s, (size_t)(eq - s));
	for (uint32_t i = 0; i < names->v.n; i++)
		if (!strcmp(names->v.v[i], name))
			return;
	array_push(&names->v, name);
	jw_object(&log->w, name);
	jw_stringn(&log->w, "text", eq + 1, n - (size_t)(eq + 1 - s));
	jw_end(&log->w);
}

/* "prot.WRITE=0, nested_parent=1" as an object. */
static void write_state(struct sarif_log *log, const char *state)
{
	struct state_names names = { { NULL, 0, 0 } };

	if (!state || !strchr(state, '='))
		return;
	jw_flat(&log->w);
	jw_object(&log->w, "state");
	while (*state) {
		size_t n = strcspn(state, ",");

		write_value(log, state, n, &names);
		state += n;
		state += strspn(state, ", ");
	}
	jw_end(&log->w);
	array_release(&names.v);
}

static void write_step(struct sarif_log *log, const struct step *s, unsigned order,
		       unsigned left_out)
{
	static const char *const words[] = { "unimportant", "important", "essential" };
	struct sarif_place p = { .place = &s->place, .function = s->function, .text = s->text };

	if (left_out)
		p.text = arena_printf(&log->arena, "%s (%u steps after this one are left out)",
				      s->text, left_out);
	jw_object(&log->w, NULL);
	sarif_write_location(log, "location", &p);
	write_kinds(&log->w, s->kinds);
	write_state(log, s->state);
	jw_int(&log->w, "nestingLevel", s->nesting);
	jw_int(&log->w, "executionOrder", order);
	jw_string(&log->w, "importance", words[s->importance]);
	jw_end(&log->w);
}

/*
 * Which steps stay where there are too many: the ends always do; of the others
 * the less important go first, and of these the ones in the middle of the path.
 */
static bool *choose_steps(struct arena *a, const struct finding *f)
{
	bool *keep = arena_new_array(a, bool, f->nsteps);
	unsigned kept = f->nsteps;

	memset(keep, true, f->nsteps * sizeof(*keep));
	for (int level = STEP_UNIMPORTANT; level <= STEP_ESSENTIAL; level++) {
		for (unsigned i = 0; i < f->nsteps && kept > SARIF_STEPS; i++) {
			/* From the middle outwards: m, m-1, m+1, m-2, ... */
			unsigned m = f->nsteps / 2, away = (i + 1) / 2;
			unsigned at = i % 2 ? m - away : m + away;

			if (at == 0 || at >= f->nsteps - 1 || f->steps[at].importance != level)
				continue;
			keep[at] = false;
			kept--;
		}
	}
	return keep;
}

static bool has_place(const struct step *s)
{
	return s->place.line && s->place.file && s->text;
}

/* The steps of one thread; their order is that of all. */
static void write_steps(struct sarif_log *log, const struct finding *f, const bool *keep,
			unsigned thread)
{
	unsigned order = 1;

	for (unsigned i = 0; i < f->nsteps; i++) {
		unsigned gap = 0;

		if (!keep[i] || !has_place(&f->steps[i]))
			continue;
		while (i + 1 + gap < f->nsteps && !keep[i + 1 + gap])
			gap++;
		if (f->steps[i].thread == thread)
			write_step(log, &f->steps[i], order, gap);
		order++;
	}
}

static unsigned count_steps(const struct finding *f, unsigned thread)
{
	unsigned n = 0;

	for (unsigned i = 0; i < f->nsteps; i++)
		n += f->steps[i].thread == thread && has_place(&f->steps[i]);
	return n;
}

/* SARIF 2.1.0 3.36.3: the executions of a race are the thread flows of one code flow. */
void sarif_write_flow(struct sarif_log *log, const struct finding *f)
{
	bool race = count_steps(f, 1) > 0;
	const bool *keep;

	if (!count_steps(f, 0))
		return;
	keep = choose_steps(&log->arena, f);
	jw_array(&log->w, "codeFlows");
	jw_object(&log->w, NULL);
	jw_array(&log->w, "threadFlows");
	for (unsigned thread = 0; thread < 1u + race; thread++) {
		jw_object(&log->w, NULL);
		if (race)
			jw_string(&log->w, "id", thread ? "thread 2" : "thread 1");
		jw_array(&log->w, "locations");
		write_steps(log, f, keep, thread);
		jw_end(&log->w);
		jw_end(&log->w);
	}
	jw_end(&log->w);
	jw_end(&log->w);
	jw_end(&log->w);
}
