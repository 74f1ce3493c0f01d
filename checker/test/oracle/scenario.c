/* SPDX-License-Identifier: MIT */
#include "scenario.h"

#include <ctype.h>
#include <string.h>

#include "base/buffer.h"

static const char *const names[OUTCOMES] = {
	"broken", "race", "deadlock", "misuse", "leak", "fault", "incomplete",
};

struct reader {
	struct arena *a;
	struct scenario *sc;
	struct yaml_faults *faults;
	bool expects;
	const char *interrupt;
};

const char *outcome_name(enum outcome o)
{
	return names[o];
}

const char *outcomes_text(struct arena *a, unsigned set)
{
	const char *text = NULL;

	for (unsigned o = 0; o < OUTCOMES; o++)
		if (set >> o & 1)
			text = text ? arena_printf(a, "%s+%s", text, names[o]) : names[o];
	return text ? text : "holds";
}

static void fault(const struct reader *r, const char *what, const char *text)
{
	yaml_fault(r->faults, r->sc->path, r->sc->line, 1, "oracle: %s '%s'", what, text);
}

/* The next part of a list; NULL at its end. */
static char *part(struct arena *a, const char **s, const char *separator)
{
	size_t n = strcspn(*s, separator);
	char *p = n ? arena_strndup(a, *s, n) : NULL;

	*s += n;
	if (**s)
		++*s;
	return p;
}

static void read_threads(struct reader *r, const char *value)
{
	const char *p;

	while ((p = part(r->a, &value, ",")))
		if (r->sc->nthreads < THREADS_MAX)
			r->sc->threads[r->sc->nthreads++] = p;
		else
			fault(r, "a thread too many:", p);
}

static void read_expect(struct reader *r, const char *value)
{
	const char *p;

	r->expects = true;
	if (!strcmp(value, "holds"))
		return;
	while ((p = part(r->a, &value, "+"))) {
		unsigned o = 0;

		while (o < INCOMPLETE && strcmp(p, names[o]))
			o++;
		if (o == INCOMPLETE)
			fault(r, "no outcome is called", p);
		r->sc->expect |= 1u << o;
	}
}

static void read_defines(struct reader *r, const char *value)
{
	const char *p;

	while ((p = part(r->a, &value, ",")))
		array_push(&r->sc->defines, arena_printf(r->a, "-D%s", p));
}

static void read_pair(struct reader *r, const char *key, const char *value)
{
	struct scenario *sc = r->sc;

	if (!strcmp(key, "name"))
		sc->name = value;
	else if (!strcmp(key, "init"))
		sc->init = value;
	else if (!strcmp(key, "check"))
		sc->check = value;
	else if (!strcmp(key, "always"))
		sc->always = value;
	else if (!strcmp(key, "threads"))
		read_threads(r, value);
	else if (!strcmp(key, "interrupt"))
		r->interrupt = value;
	else if (!strcmp(key, "expect"))
		read_expect(r, value);
	else if (!strcmp(key, "define"))
		read_defines(r, value);
	else if (!strcmp(key, "alloc") && !strcmp(value, "may-fail"))
		sc->alloc_fails = true;
	else if (!strcmp(key, "switches") && isdigit((unsigned char)*value))
		sc->switches = (uint32_t)strtoul(value, NULL, 10);
	else if (!strcmp(key, "orders") && isdigit((unsigned char)*value))
		sc->orders = strtoull(value, NULL, 10);
	else
		fault(r, "this says nothing:", key);
}

static void finish(struct reader *r)
{
	struct scenario *sc = r->sc;

	if (r->interrupt)
		read_threads(r, r->interrupt);
	sc->has_interrupt = r->interrupt;
	if (sc->nthreads < 2)
		fault(r, "two threads are wanted, not", sc->nthreads ? sc->threads[0] : "none");
	if (!r->expects)
		fault(r, "there is no", "expect=");
	if (!sc->name && sc->nthreads)
		sc->name = arena_printf(r->a, "%s|%s%s%s", sc->threads[0],
					sc->nthreads > 1 ? sc->threads[1] : "",
					sc->nthreads > 2 ? "|" : "",
					sc->nthreads > 2 ? sc->threads[2] : "");
}

/* Where the scenario that begins at s ends. */
static const char *end_of(const char *s)
{
	const char *end = strstr(s, "*/"), *next = strstr(s, "oracle:"), *p;

	end = end ? end : s + strlen(s);
	if (next && next < end)
		end = next;
	for (p = s; (p = strchr(p, '\n')) && p < end; p++) {
		const char *q = p + 1 + strspn(p + 1, " \t");

		if (*q == '*')
			q += 1 + strspn(q + 1, " \t");
		if (*q == '\n')
			return p;
	}
	return end;
}

static const char *read_one(struct scenarios *l, struct arena *a, const char *path, uint32_t line,
			    const char *s, struct yaml_faults *faults)
{
	struct reader r = { .a = a, .faults = faults };
	const char *end = end_of(s), *text = arena_strndup(a, s, (size_t)(end - s));

	r.sc = array_add(&l->v);
	r.sc->path = arena_strdup(a, path);
	r.sc->line = line;
	r.sc->switches = UINT32_MAX;
	for (text += strspn(text, " \t\n*"); *text; text += strspn(text, " \t\n*")) {
		char *word = part(a, &text, " \t\n"), *value = strchr(word, '=');

		if (!value || !value[1]) {
			fault(&r, "key=value is wanted, not", word);
			continue;
		}
		*value = 0;
		read_pair(&r, word, value + 1);
	}
	finish(&r);
	return end;
}

/* "oracle:" counts where it begins a comment or a line of one. */
static bool begins(const char *text, const char *s)
{
	while (s > text && (s[-1] == ' ' || s[-1] == '\t'))
		s--;
	return s > text && s[-1] == '*';
}

bool scenarios_parse(struct scenarios *l, struct arena *a, const char *path, const char *text,
		     struct yaml_faults *faults)
{
	uint32_t before = faults->v.n, line = 1;
	const char *s = text, *at;

	while ((at = strstr(s, "oracle:"))) {
		for (; s < at; s++)
			line += *s == '\n';
		at += strlen("oracle:");
		if (begins(text, s))
			at = read_one(l, a, path, line, at, faults);
		for (; s < at; s++)
			line += *s == '\n';
	}
	return faults->v.n == before;
}

bool scenarios_read(struct scenarios *l, struct arena *a, const char *path,
		    struct yaml_faults *faults)
{
	struct buffer text = BUFFER_INIT;
	int err = buffer_read_file(&text, path, YAML_LIMIT);
	bool ok = false;

	if (err)
		yaml_fault(faults, path, 0, 0, "%s", strerror(-err));
	else
		ok = scenarios_parse(l, a, path, buffer_str(&text), faults);
	buffer_release(&text);
	return ok;
}

void scenarios_release(struct scenarios *l)
{
	for (uint32_t i = 0; i < l->v.n; i++)
		array_release(&l->v.v[i].defines);
	array_release(&l->v);
}
