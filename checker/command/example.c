/* SPDX-License-Identifier: MIT */
#include "command/example.h"

#include <ctype.h>
#include <string.h>

#include "base/buffer.h"

static const char *const words[] = {
	"", "ok", "review", "todo", "fixme", "incomplete", "proved", "not-applicable",
	"certain", "possible",
};

#define NWORDS (sizeof(words) / sizeof(words[0]))

struct reader {
	struct example *e;
	const struct rule_set *rules;
	struct yaml_faults *faults;
	uint32_t line;
};

static size_t id_length(const char *s)
{
	size_t capitals = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	size_t digits = strspn(s + capitals, "0123456789-");

	return capitals && digits ? capitals + digits : 0;
}

static const struct rule *rule_at(const struct rule_set *rules, const char *id, size_t n)
{
	for (uint32_t i = 0; i < rules->rules.n; i++)
		if (strlen(rules->rules.v[i].id) == n && !memcmp(rules->rules.v[i].id, id, n))
			return &rules->rules.v[i];
	return NULL;
}

static const char *skip_blanks(const char *s)
{
	return s + strspn(s, " \t");
}

/* The word at s, as its place in the list: 0 where it is none of them. */
static enum mark_kind word_at(const char **s)
{
	for (unsigned i = 1; i < NWORDS; i++) {
		size_t n = strlen(words[i]);

		if (strncmp(*s, words[i], n) || !isspace((unsigned char)(*s)[n]))
			continue;
		*s = skip_blanks(*s + n);
		return (enum mark_kind)i;
	}
	return MARK_FLAG;
}

/* A comment's text from s on, behind the opening. */
static void read_comment(struct reader *r, const char *s, uint32_t col)
{
	const char *p = skip_blanks(s);
	enum mark_kind kind = word_at(&p);
	size_t n = id_length(p);
	struct mark m = { .kind = (uint8_t)kind, .line = r->line, .col = col };
	bool text;

	if (!n)
		return;
	text = p[n] == ':' && *skip_blanks(p + n + 1) != '*';
	/* "PF2101 is ..." is a comment for people. */
	if (kind == MARK_FLAG && p[n] != ':')
		return;
	m.rule = rule_at(r->rules, p, n);
	if (!m.rule)
		yaml_fault(r->faults, r->e->path, r->line, col, "there is no rule '%.*s'", (int)n,
			   p);
	else if (!text && kind != MARK_OK && kind != MARK_PROVED && kind != MARK_NOT_APPLICABLE)
		yaml_fault(r->faults, r->e->path, r->line, col, "'%s%s%.*s' wants ': ' and a text",
			   words[kind], *words[kind] ? " " : "", (int)n, p);
	else
		array_push(&r->e->marks, m);
}

/* Behind the string or character constant that begins at s, on the same line. */
static const char *skip_quoted(const char *s)
{
	char quote = *s++;

	while (*s && *s != quote && *s != '\n')
		s += *s == '\\' && s[1] ? 2 : 1;
	return *s == quote ? s + 1 : s;
}

/* A comment that goes on over lines is for people; the line counts all the same. */
static const char *skip_comment(struct reader *r, const char *s)
{
	for (; *s && (s[0] != '*' || s[1] != '/'); s++)
		r->line += *s == '\n';
	return *s ? s + 2 : s;
}

void example_parse(struct example *e, const char *text, const struct rule_set *rules,
		   struct yaml_faults *faults)
{
	struct reader r = { e, rules, faults, 1 };
	const char *line = text, *s = text;

	while (*s) {
		if (*s == '"' || *s == '\'') {
			s = skip_quoted(s);
		} else if (s[0] == '/' && s[1] == '/') {
			s += strcspn(s, "\n");
		} else if (s[0] == '/' && s[1] == '*') {
			read_comment(&r, s + 2, (uint32_t)(s - line) + 1);
			s = skip_comment(&r, s + 2);
		} else if (*s++ == '\n') {
			line = s;
			r.line++;
		}
	}
}

void example_read(struct example *e, struct arena *a, const char *path,
		  const struct rule_set *rules, struct yaml_faults *faults)
{
	struct buffer text = BUFFER_INIT;
	int err = buffer_read_file(&text, path, YAML_LIMIT);

	e->path = arena_strdup(a, path);
	if (err)
		yaml_fault(faults, path, 0, 0, "%s", strerror(-err));
	else
		example_parse(e, buffer_str(&text), rules, faults);
	buffer_release(&text);
}

void example_release(struct example *e)
{
	array_release(&e->marks);
}
