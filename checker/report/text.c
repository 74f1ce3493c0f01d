/* SPDX-License-Identifier: MIT */
#include "report/text.h"

#include <ctype.h>
#include <string.h>

/* One block: the first line, without its end, and the notes. */
struct block {
	struct buffer first, notes;
	const char *file;	/* of the first line */
	uint32_t line, col;
	bool for_build;
};

/* What a script that greps a build's output would count. */
static bool is_counted(const struct block *k, const char *s)
{
	return k->for_build && (strcasestr(s, "warn") || strcasestr(s, "error"));
}

static void add_place(struct buffer *b, const char *file, uint32_t line, uint32_t col)
{
	buffer_puts(b, file);
	if (line)
		buffer_printf(b, ":%u:%u", line, col ? col : 1);
	buffer_puts(b, ": ");
}

char text_capital(const char *s)
{
	size_t n = strcspn(s, " ");

	for (size_t i = 0; i < n; i++)
		if (s[i] == '_' || isdigit((unsigned char)s[i]))
			return *s;
	return (char)toupper((unsigned char)*s);
}

/* A text on one line, whatever it holds. */
static void add_line(struct buffer *b, const char *s)
{
	for (; *s; s++)
		buffer_putc(b, iscntrl((unsigned char)*s) ? ' ' : *s);
}

static void begin(struct block *k, const char *file, uint32_t line, uint32_t col,
		  const char *word, const char *text)
{
	k->file = file;
	k->line = line;
	k->col = col;
	buffer_clear(&k->first);
	buffer_clear(&k->notes);
	add_place(&k->first, file, line, col);
	buffer_printf(&k->first, "%s: ", word);
	add_line(&k->first, text);
}

/* A further sentence of the first line. */
static void add_sentence(struct block *k, const char *s)
{
	size_t start;

	if (!s || !*s)
		return;
	buffer_putc(&k->first, ' ');
	start = k->first.n;
	add_line(&k->first, s);
	k->first.s[start] = text_capital(s);
	if (!strchr(".!?", k->first.s[k->first.n - 1]))
		buffer_putc(&k->first, '.');
}

static void add_note_at(struct block *k, const char *file, uint32_t line, uint32_t col,
			const char *text)
{
	add_place(&k->notes, file, line, col);
	buffer_puts(&k->notes, "note: ");
	add_line(&k->notes, text);
	buffer_putc(&k->notes, '\n');
}

/* A note at the place of the first line. */
static void add_note(struct block *k, const char *text)
{
	if (!text)
		return;
	if (is_counted(k, text) || is_counted(k, k->file))
		add_sentence(k, text);
	else
		add_note_at(k, k->file, k->line, k->col, text);
}

/* A note elsewhere: what it says is said by the place, too. */
static void add_remote(struct block *k, const struct place *p, const char *text)
{
	if (p->line && p->file && text && !is_counted(k, p->file))
		add_note_at(k, p->file, p->line, p->col,
			    is_counted(k, text) ? "the path goes through here" : text);
}

static void end(struct block *k, const char *id, struct buffer *out)
{
	if (id)
		buffer_printf(&k->first, " [%s]", id);
	buffer_putc(&k->first, '\n');
	buffer_add(out, buffer_str(&k->first), k->first.n);
	buffer_add(out, buffer_str(&k->notes), k->notes.n);
}

static bool is_violation(const struct finding *f)
{
	return f->verdict <= VERDICT_VIOLATION_MAY;
}

static void begin_finding(struct block *k, const struct report *r, const struct finding *f,
			  const char *word)
{
	const char *unit = r->source ? r->source : "protflow";

	begin(k, f->place.line ? f->place.file : unit, f->place.line, f->place.col, word,
	      f->message);
}

static void add_step(struct block *k, const struct step *s)
{
	struct buffer b = BUFFER_INIT;

	buffer_printf(&b, "%s%s", s->thread ? "the other thread: " : "", s->text);
	add_remote(k, &s->place, b.s);
	buffer_release(&b);
}

static void add_path(struct block *k, const struct finding *f)
{
	unsigned shown = 0, left = 0;

	for (unsigned i = 0; i < f->nsteps; i++) {
		const struct step *s = &f->steps[i];

		if (s->importance == STEP_UNIMPORTANT)
			continue;
		/* The end of a path is its point. */
		if (shown < TEXT_STEPS || i + 1 == f->nsteps) {
			add_step(k, s);
			shown++;
		} else {
			left++;
		}
	}
	if (left)
		add_note(k, "the path is shown in part; the log has all of it");
}

static void add_prefixed(struct block *k, const char *prefix, const char *text)
{
	struct buffer b = BUFFER_INIT;

	if (!text)
		return;
	buffer_printf(&b, "%s%s", prefix, text);
	add_note(k, b.s);
	buffer_release(&b);
}

static void add_macro(struct block *k, const struct place *p)
{
	struct buffer b = BUFFER_INIT;
	struct place def = { .file = p->spell_file, .line = p->spell_line, .col = p->spell_col };

	if (!p->macro || !p->spell_file)
		return;
	buffer_printf(&b, "in the definition of macro '%s'", p->macro);
	add_remote(k, &def, b.s);
	buffer_release(&b);
}

static void add_related(struct block *k, const struct finding *f)
{
	struct buffer more = BUFFER_INIT;

	for (unsigned i = 0; i < f->nrelated && i < TEXT_RELATED; i++)
		add_remote(k, &f->related[i].place, f->related[i].text);
	if (f->nrelated > TEXT_RELATED) {
		buffer_printf(&more, "and %u more such place%s; the log has them",
			      f->nrelated - TEXT_RELATED,
			      f->nrelated == TEXT_RELATED + 1 ? "" : "s");
		add_note(k, more.s);
	}
	buffer_release(&more);
}

static void write_violation(struct block *k, const struct report *r, const struct finding *f,
			    struct buffer *out)
{
	begin_finding(k, r, f, "warning");
	add_note(k, f->why ? f->why : f->rule->why);
	add_note(k, f->reach);
	add_note(k, f->values);
	for (unsigned i = 0; i < f->nreasons; i++)
		add_prefixed(k, "not certain: ", f->reasons[i]);
	add_macro(k, &f->place);
	add_related(k, f);
	add_path(k, f);
	add_prefixed(k, "reproduce with: ", r->command);
	end(k, f->rule->id, out);
}

/* The end of a block that is no violation: none of its lines may be counted. */
static void end_quiet(struct block *k, const char *id, struct buffer *out)
{
	if (is_counted(k, buffer_str(&k->first)))
		begin(k, "protflow", 0, 0, "note", "the log has a note on this unit, under");
	end(k, id, out);
}

static void write_proved(struct block *k, const struct report *r, const struct finding *f,
			 struct buffer *out)
{
	begin_finding(k, r, f, "note: proved");
	for (unsigned i = 0; i < f->nassumptions; i++)
		add_prefixed(k, "assumed: ", f->assumptions[i]);
	add_related(k, f);
	end_quiet(k, f->rule->id, out);
}

/* The first of a rule's undecided places stands for all of them. */
static void write_incomplete(struct block *k, const struct report *r, uint32_t at,
			     struct buffer *out)
{
	const struct finding *f = &r->findings.v[at];
	struct buffer more = BUFFER_INIT;
	unsigned others = 0;

	for (uint32_t i = 0; i < r->findings.n; i++) {
		if (i == at || r->findings.v[i].verdict != VERDICT_INCOMPLETE ||
		    r->findings.v[i].rule != f->rule)
			continue;
		if (i < at)
			return;
		others++;
	}
	begin_finding(k, r, f, "note: incomplete");
	for (unsigned i = 0; i < f->nreasons; i++)
		add_prefixed(k, "not decided: ", f->reasons[i]);
	if (others) {
		buffer_printf(&more, "and %u more place%s of this unit", others,
			      others == 1 ? "" : "s");
		add_note(k, more.s);
	}
	buffer_release(&more);
	end_quiet(k, f->rule->id, out);
}

static void write_notification(struct block *k, const struct report *r,
			       const struct notification *n, struct buffer *out)
{
	const char *unit = r->source ? r->source : "protflow";

	if (n->level == SEVERITY_NOTE)
		return;
	begin(k, n->place.file ? n->place.file : unit, n->place.file ? n->place.line : 0,
	      n->place.col, "note", n->text);
	end_quiet(k, n->id, out);
}

void text_report(const struct report *r, const struct text_options *o, struct buffer *out)
{
	struct block k = { .for_build = o->for_build };

	for (uint32_t i = 0; i < r->findings.n; i++) {
		const struct finding *f = &r->findings.v[i];

		if (f->quiet)
			continue;
		if (is_violation(f))
			write_violation(&k, r, f, out);
		else if (f->verdict == VERDICT_INCOMPLETE)
			write_incomplete(&k, r, i, out);
		else if (f->verdict == VERDICT_PROVED && o->report_passes)
			write_proved(&k, r, f, out);
	}
	for (uint32_t i = 0; i < r->notifications.n; i++)
		write_notification(&k, r, &r->notifications.v[i], out);
	buffer_release(&k.first);
	buffer_release(&k.notes);
}

/* A line that goes with the one before: "place: note: text" without an id at its end. */
static bool continues(const char *s, size_t n)
{
	return memmem(s, n, ": note: ", 8) && (!n || s[n - 1] != ']');
}

int text_send(int fd, const char *text, size_t n)
{
	const char *end_of_text = text + n;

	while (text < end_of_text) {
		const char *p = text;

		do {
			const char *nl = memchr(p, '\n', (size_t)(end_of_text - p));

			p = nl ? nl + 1 : end_of_text;
			nl = memchr(p, '\n', (size_t)(end_of_text - p));
			if (!nl || !continues(p, (size_t)(nl - p)))
				break;
		} while (p < end_of_text);
		n = (size_t)fd_write_all(fd, text, (size_t)(p - text));
		if (n)
			return (int)n;
		text = p;
	}
	return 0;
}
