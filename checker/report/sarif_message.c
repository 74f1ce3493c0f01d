/* SPDX-License-Identifier: MIT */
/*
 * The text of a result: the rule's message first, in one sentence; then why it
 * matters, how it is reached, with which values, and links.
 */
#include <ctype.h>

#include "report/sarif_parts.h"
#include "report/text.h"

/* "{name}" at s: the length with the braces, or 0. */
static size_t placeholder(const char *s)
{
	size_t n = 1;

	if (*s != '{' || !(isalpha((unsigned char)s[1]) || s[1] == '_'))
		return 0;
	while (isalnum((unsigned char)s[n]) || s[n] == '_')
		n++;
	return s[n] == '}' ? n + 1 : 0;
}

struct argument {
	const char *name;	/* with braces, in the rule's message */
	size_t nname;
	const char *text;	/* in the finding's message, once known */
	size_t ntext;
};

struct arguments { Array(struct argument) v; };

/* The number of a placeholder; names that come again have the same one. */
static unsigned number_of(struct arguments *args, const char *name, size_t n)
{
	for (uint32_t i = 0; i < args->v.n; i++)
		if (args->v.v[i].nname == n && !memcmp(args->v.v[i].name, name, n))
			return i;
	array_push(&args->v, (struct argument){ name, n, NULL, 0 });
	return args->v.n - 1;
}

char *sarif_message_template(struct arena *a, const struct rule *rule)
{
	struct arguments args = { { NULL, 0, 0 } };
	struct buffer b = BUFFER_INIT;
	const char *s = rule->message;
	char *text;

	while (*s) {
		size_t n = placeholder(s);

		if (n)
			buffer_printf(&b, "{%u}", number_of(&args, s, n));
		else if (*s == '{' || *s == '}')
			buffer_printf(&b, "%c%c", *s, *s);	/* SARIF 2.1.0 3.11.5 */
		else
			buffer_putc(&b, *s);
		s += n ? n : 1;
	}
	text = arena_strdup(a, buffer_str(&b));
	buffer_release(&b);
	array_release(&args.v);
	return text;
}

/* The literal text between two placeholders. */
static size_t literal(const char *s)
{
	size_t n = 0;

	while (s[n] && !placeholder(s + n))
		n++;
	return n;
}

/* Where a value ends: before the literal that follows it. NULL: the message has another form. */
static const char *value_end(const char *text, const char *lit, size_t n)
{
	size_t left = strlen(text);

	if (!lit[n])		/* the last literal ends the message */
		return left >= n ? text + left - n : NULL;
	return n ? memmem(text, left, lit, n) : text;
}

/*
 * The values that a message has in the places of the rule's names. False where
 * it was not made from the rule's message.
 */
static bool match_arguments(const struct rule *rule, const char *text, struct arguments *args)
{
	const char *s = rule->message;

	for (;;) {
		size_t n = literal(s);
		struct argument *arg;
		const char *end;
		unsigned number;

		if (strncmp(text, s, n))
			return false;
		s += n;
		text += n;
		if (!*s)
			return !*text;
		n = placeholder(s);
		number = number_of(args, s, n);
		arg = &args->v.v[number];
		s += n;
		if (!arg->text) {
			end = value_end(text, s, literal(s));
			if (!end)
				return false;
			arg->text = text;
			arg->ntext = (size_t)(end - text);
		} else if (strncmp(text, arg->text, arg->ntext)) {
			return false;
		}
		text += arg->ntext;
	}
}

/* "](" would make a link of what is none. */
static void add_plain(struct buffer *b, const char *s)
{
	for (; *s; s++) {
		if (s[0] == ']' && s[1] == '(')
			buffer_putc(b, '\\');
		buffer_putc(b, *s);
	}
}

static void add_sentence(struct buffer *b, const char *s)
{
	size_t start;

	if (!s || !*s)
		return;
	buffer_putc(b, ' ');
	start = b->n;
	add_plain(b, s);
	b->s[start] = text_capital(s);
	if (!strchr(".!?", b->s[b->n - 1]))
		buffer_putc(b, '.');
}

static void add_list(struct buffer *b, const char *head, const char *const *v, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		buffer_puts(b, i ? "; " : head);
		add_plain(b, v[i]);
	}
	if (n)
		buffer_putc(b, '.');
}

static void add_links(struct buffer *b, const struct sarif_result *r)
{
	for (unsigned i = 0; i < r->nrelated && i < SARIF_LINKS; i++) {
		buffer_puts(b, i ? ", [" : " See [");
		for (const char *s = r->related[i].text; *s; s++) {
			if (*s == '[' || *s == ']')
				buffer_putc(b, '\\');
			buffer_putc(b, *s);
		}
		buffer_printf(b, "](%u)", i + 1);
	}
	if (r->nrelated)
		buffer_putc(b, '.');
}

static void add_rest(struct buffer *b, const struct sarif_result *r)
{
	const struct finding *f = r->finding;
	bool fails = f->verdict == VERDICT_VIOLATION_EXACT || f->verdict == VERDICT_VIOLATION_MAY;

	if (fails)
		add_sentence(b, f->why ? f->why : f->rule->why);
	add_sentence(b, f->reach);
	add_sentence(b, f->values);
	add_list(b, fails ? " Not certain: " : " Not decided: ", f->reasons, f->nreasons);
	add_list(b, " Assumed: ", f->assumptions, f->nassumptions);
	add_links(b, r);
}

/* The id stands for the first sentence; viewers that know the text show all of it. */
static void write_arguments(struct json_writer *w, const struct arguments *args)
{
	jw_string(w, "id", "default");
	if (!args->v.n)
		return;
	jw_flat(w);
	jw_array(w, "arguments");
	for (uint32_t i = 0; i < args->v.n; i++)
		jw_stringn(w, NULL, args->v.v[i].text, args->v.v[i].ntext);
	jw_end(w);
}

void sarif_write_message(struct sarif_log *log, const struct sarif_result *r)
{
	struct arguments args = { { NULL, 0, 0 } };
	struct buffer first = BUFFER_INIT, rest = BUFFER_INIT;
	const struct finding *f = r->finding;

	add_plain(&first, f->message);
	add_rest(&rest, r);
	jw_object(&log->w, "message");
	jw_printf(&log->w, "text", "%s%s", buffer_str(&first), buffer_str(&rest));
	if (match_arguments(f->rule, buffer_str(&first), &args))
		write_arguments(&log->w, &args);
	jw_end(&log->w);
	array_release(&args.v);
	buffer_release(&first);
	buffer_release(&rest);
}
