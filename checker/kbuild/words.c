/* SPDX-License-Identifier: MIT */
#include "kbuild/words.h"

#include "base/buffer.h"

/* Bounds of what one command can make of response files. */
#define FILE_MAX ((size_t)1 << 20)
#define DEPTH_MAX 8
#define WORDS_MAX 65536

struct splitting {
	const char *s;
	enum words_kind kind;
	struct buffer word;
	bool begun;		/* also by quotes with nothing in them */
};

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Whether the backslash at s quotes what follows it, there being a quote around both. */
static bool is_escape(const struct splitting *x, char quote)
{
	if (x->s[0] != '\\' || !x->s[1])
		return false;
	if (x->kind == WORDS_FILE || !quote)
		return true;
	return quote == '"' && strchr("\"\\$`\n", x->s[1]);
}

static void take_escape(struct splitting *x)
{
	x->begun = true;
	if (*++x->s != '\n')
		buffer_putc(&x->word, *x->s);
	x->s++;
}

static bool take_quoted(struct splitting *x)
{
	char quote = *x->s++;

	x->begun = true;
	while (*x->s && *x->s != quote) {
		if (is_escape(x, quote))
			take_escape(x);
		else
			buffer_putc(&x->word, *x->s++);
	}
	return *x->s && x->s++;
}

static void end_word(struct splitting *x, struct arena *a, struct word_list *out)
{
	if (x->begun)
		array_push(&out->v, arena_strndup(a, buffer_str(&x->word), x->word.n));
	buffer_clear(&x->word);
	x->begun = false;
}

static const char *split(struct splitting *x, struct arena *a, struct word_list *out)
{
	while (*x->s) {
		if (is_blank(*x->s)) {
			end_word(x, a, out);
			x->s++;
		} else if (is_escape(x, 0)) {
			take_escape(x);
		} else if (*x->s == '\'' || *x->s == '"') {
			if (!take_quoted(x))
				return "a quote is not closed";
		} else if (x->kind == WORDS_SHELL && strchr(";&|<>", *x->s)) {
			return "it is more than one command, or has a redirection";
		} else {
			x->begun = true;
			buffer_putc(&x->word, *x->s++);
		}
	}
	end_word(x, a, out);
	return NULL;
}

const char *words_split(struct arena *a, const char *text, enum words_kind kind,
			struct word_list *out)
{
	struct splitting x = { .s = text, .kind = kind };
	const char *fault = split(&x, a, out);

	buffer_release(&x.word);
	return fault;
}

static const char *expand(struct arena *a, const char *directory, const struct word_list *in,
			  unsigned depth, struct word_list *out);

static const char *expand_file(struct arena *a, const char *directory, const char *name,
			       unsigned depth, struct word_list *out)
{
	const char *path = *name == '/' ? name : arena_printf(a, "%s/%s", directory, name);
	struct word_list words = { { NULL, 0, 0 } };
	struct buffer text = BUFFER_INIT;
	const char *fault;
	int err;

	if (depth > DEPTH_MAX)
		return arena_printf(a, "response files name each other (@%s)", name);
	err = buffer_read_file(&text, path, FILE_MAX);
	if (err)
		fault = arena_printf(a, "the response file @%s: %s", name, strerror(-err));
	else
		fault = words_split(a, buffer_str(&text), WORDS_FILE, &words);
	if (!fault)
		fault = expand(a, directory, &words, depth, out);
	words_release(&words);
	buffer_release(&text);
	return fault;
}

static const char *expand(struct arena *a, const char *directory, const struct word_list *in,
			  unsigned depth, struct word_list *out)
{
	for (uint32_t i = 0; i < in->v.n; i++) {
		const char *word = in->v.v[i], *fault = NULL;

		if (word[0] == '@' && word[1])
			fault = expand_file(a, directory, word + 1, depth + 1, out);
		else
			array_push(&out->v, word);
		if (fault)
			return fault;
		if (out->v.n > WORDS_MAX)
			return "it has too many words";
	}
	return NULL;
}

const char *words_expand(struct arena *a, const char *directory, struct word_list *w)
{
	struct word_list out = { { NULL, 0, 0 } };
	const char *fault = expand(a, directory, w, 0, &out);
	struct word_list old = *w;

	if (!fault) {
		*w = out;
		out = old;
	}
	words_release(&out);
	return fault;
}

void words_release(struct word_list *w)
{
	array_release(&w->v);
}
