/* SPDX-License-Identifier: MIT */
#include "kbuild/bodies.h"

#include <string.h>

#include "base/buffer.h"
#include "kbuild/flags.h"
#include "kbuild/includes.h"
#include "kbuild/lex.h"

#define HASH_BITS 20
#define MAX_BYTES ((size_t)96 << 20)
#define STATEMENT_WORDS 256	/* of what begins a function */

/* The statement at file scope that is read. */
struct statement {
	uint32_t words[STATEMENT_WORDS];
	uint32_t n;
	const char *name;	/* the word before parentheses, length bytes */
	uint32_t length, name_at;	/* in words */
	unsigned parens;	/* that are open */
	unsigned groups;	/* of parentheses; of more than one it is not known whose they are */
	bool is_static, is_inline;
	bool closed;		/* its last character is the end of these parentheses */
	bool odd;		/* has a directive or a value, or is too long */
};

struct reading {
	struct bodies *b;
	struct includes *in;	/* NULL: includes are not followed */
	const char *folder;
	const char *start, *end;	/* the text */
	struct statement st;
	unsigned depth;		/* of braces */
	struct bodies_body *body;	/* that is read; NULL: none that can be left out */
};

/* ------------------------------------------------------------------- words */

/* Behind the word at s; *hash is that of its characters. */
static const char *take_hash(const char *s, const char *end, uint32_t *hash)
{
	uint32_t h = 0;

	for (; s < end && lex_is_word[(unsigned char)*s]; s++)
		h = (h + (unsigned char)*s) * 0x9e3779b1u;
	*hash = h >> (32 - HASH_BITS);
	return s;
}

static bool is_named(const struct bodies *b, uint32_t hash)
{
	return b->named[hash >> 6] >> (hash & 63) & 1;
}

static void set_named(struct bodies *b, uint32_t hash)
{
	b->named[hash >> 6] |= (uint64_t)1 << (hash & 63);
}

static bool is_word(const char *s, const char *e, const char *word)
{
	return (size_t)(e - s) == strlen(word) && !memcmp(s, word, (size_t)(e - s));
}

/* ---------------------------------------------------------------- statements */

static void begin_statement(struct statement *st)
{
	st->n = 0;
	st->name = NULL;
	st->parens = st->groups = 0;
	st->is_static = st->is_inline = st->closed = st->odd = false;
}

/* The name of what is declared is no use of it; all else is. */
static void end_statement(struct reading *r, bool declares)
{
	struct statement *st = &r->st;

	for (uint32_t i = 0; i < st->n; i++)
		if (!declares || i != st->name_at)
			set_named(r->b, st->words[i]);
	begin_statement(st);
}

static bool declares(const struct statement *st)
{
	return st->name && st->groups == 1 && st->closed && !st->odd;
}

static void statement_word(struct reading *r, const char *s, const char *e, uint32_t hash)
{
	struct statement *st = &r->st;

	if (st->is_static && !st->is_inline)
		st->is_inline = memmem(s, (size_t)(e - s), "inline", 6) != NULL;
	st->is_static |= is_word(s, e, "static");
	st->closed = false;
	if (st->n == STATEMENT_WORDS) {
		end_statement(r, false);
		st->odd = true;
	}
	if (!st->parens) {
		const char *p = lex_space(e, r->end);

		if (p < r->end && *p == '(') {
			st->name = s;
			st->length = (uint32_t)(e - s);
			st->name_at = st->n;
		}
	}
	st->words[st->n++] = hash;
}

/* An inline function, whose body begins at s: it is one that can be left out. */
static void begin_body(struct reading *r, const char *s)
{
	struct statement *st = &r->st;
	struct bodies *b = r->b;

	r->body = array_add(&b->bodies);
	r->body->file = b->files.n - 1;
	r->body->from = (size_t)(s - r->start);
	r->body->name = st->name;
	r->body->length = st->length;
	r->body->hash = st->words[st->name_at];
	r->body->words = b->words.n;
}

/* What was taken for the body of a function stays as it is. */
static void drop_body(struct reading *r)
{
	struct bodies *b = r->b;

	if (!r->body)
		return;
	for (uint32_t i = r->body->words; i < b->words.n; i++)
		set_named(b, b->words.v[i]);
	b->words.n = r->body->words;
	b->bodies.n--;
	r->body = NULL;
}

static void open_brace(struct reading *r, const char *s)
{
	struct statement *st = &r->st;

	if (r->depth++)
		return;
	if (declares(st) && st->is_static && st->is_inline && !st->parens) {
		begin_body(r, s);
		end_statement(r, true);
	} else {
		end_statement(r, false);
	}
}

static void close_brace(struct reading *r, const char *s)
{
	if (r->depth && --r->depth)
		return;
	if (r->body) {
		r->body->to = (size_t)(s + 1 - r->start);
		r->body->nwords = r->b->words.n - r->body->words;
		r->body = NULL;
	}
	end_statement(r, false);
}

/* One character that is no part of a word, at file scope. */
static void statement_sign(struct reading *r, char c)
{
	struct statement *st = &r->st;

	if (c == '(') {
		st->groups += !st->parens++;
	} else if (c == ')' && st->parens) {
		st->closed = !--st->parens;
		return;
	} else if (c == ';' && !st->parens) {
		end_statement(r, declares(st));
		return;
	}
	st->odd |= c == '=';
	st->closed = false;
}

/* ---------------------------------------------------------------------- texts */

static void take_word(struct reading *r, const char *s, const char *e, uint32_t hash)
{
	if (r->body)
		array_push(&r->b->words, hash);
	else if (r->depth)
		set_named(r->b, hash);
	else
		statement_word(r, s, e, hash);
}

/* Behind what begins at s and is no word: a comment, a literal, or a character. */
static const char *skip_other(const char *s, const char *end)
{
	bool unsure = false;
	const char *e = lex_comment(s, end, &unsure);

	if (e != s)
		return e;
	return *s == '"' || *s == '\'' ? lex_literal(s, end) : s + 1;
}

static const char *take_include(struct reading *r, const char *s, const char *e)
{
	bool odd = false;

	if (!r->in || (!is_word(s, e, "include") && !is_word(s, e, "include_next")))
		return e;
	s = lex_blanks(e, r->end);
	return s < r->end ? includes_name(r->in, r->folder, s, r->end, e[-1] == 't', &odd) : s;
}

/* s is behind a '#' that begins a line: all words up to its end are there for anybody. */
static const char *take_directive(struct reading *r, const char *s)
{
	const char *e;
	uint32_t hash;

	drop_body(r);
	r->st.odd |= r->st.n > 0;
	s = lex_blanks(s, r->end);
	s = take_include(r, s, lex_word(s, r->end));
	while (s < r->end && *s != '\n') {
		const char *spliced = lex_splice(s, r->end);

		e = take_hash(s, r->end, &hash);
		if (e > s)
			set_named(r->b, hash);
		s = e > s ? e : spliced > s ? spliced : skip_other(s, r->end);
	}
	return s;
}

/* What a character is that is no part of a word; most are nothing to the reader. */
enum sign { SIGN_NOTHING, SIGN_BLANK, SIGN_LINE, SIGN_SPLICE, SIGN_OTHER, SIGN_HASH, SIGN_OPEN,
	    SIGN_CLOSE, SIGN_STATEMENT };

static const uint8_t sign_of[256] = {
	[' '] = SIGN_BLANK, ['\t'] = SIGN_BLANK, ['\v'] = SIGN_BLANK, ['\f'] = SIGN_BLANK,
	['\r'] = SIGN_BLANK, ['\n'] = SIGN_LINE, ['\\'] = SIGN_SPLICE, ['/'] = SIGN_OTHER,
	['"'] = SIGN_OTHER, ['\''] = SIGN_OTHER, ['#'] = SIGN_HASH, ['{'] = SIGN_OPEN,
	['}'] = SIGN_CLOSE, ['('] = SIGN_STATEMENT, [')'] = SIGN_STATEMENT,
	[';'] = SIGN_STATEMENT, ['='] = SIGN_STATEMENT, ['['] = SIGN_STATEMENT,
};

/* Behind what begins at s and is no word. *begins: a line has only blanks and comments so far. */
static const char *take_sign(struct reading *r, const char *s, bool *begins)
{
	const enum sign sign = sign_of[(unsigned char)*s];
	const char *e = s + 1;

	if (sign == SIGN_BLANK)
		return e;
	if (sign == SIGN_LINE) {
		*begins = true;
		return e;
	}
	if (sign == SIGN_SPLICE || sign == SIGN_OTHER)
		e = skip_other(s, r->end);
	if (sign == SIGN_OTHER && *s == '/' && e > s + 1)
		return e;
	if (sign == SIGN_HASH && *begins)
		e = take_directive(r, s + 1);
	*begins = false;
	if (sign == SIGN_OPEN)
		open_brace(r, s);
	else if (sign == SIGN_CLOSE)
		close_brace(r, s);
	else if (!r->depth && sign != SIGN_HASH)
		statement_sign(r, *s);
	return e;
}

static void read_text(struct reading *r)
{
	const char *s = r->start, *e;
	bool begins = true;
	uint32_t hash;

	begin_statement(&r->st);
	while (s < r->end) {
		e = take_hash(s, r->end, &hash);
		if (e > s) {
			begins = false;
			take_word(r, s, e, hash);
			s = e;
		} else {
			s = take_sign(r, s, &begins);
		}
	}
	drop_body(r);
	end_statement(r, false);
}

static void use_text(struct bodies *b, struct includes *in, const char *folder, const char *s,
		     size_t n)
{
	/* As deep as in a body that stays: each word counts. */
	struct reading r = { .b = b, .in = in, .folder = folder, .start = s, .end = s + n,
			     .depth = 1u << 31 };

	read_text(&r);
}

static void read_header(struct bodies *b, struct includes *in, const char *folder,
			const char *path, char *s, size_t n)
{
	struct reading r = { .b = b, .in = in, .folder = folder, .start = s, .end = s + n };

	array_push(&b->files, (struct bodies_file){ path, s, n, false });
	read_text(&r);
}

void bodies_init(struct bodies *b, struct arena *a)
{
	*b = (struct bodies){ .arena = a };
	b->named = arena_new_array(a, uint64_t, 1u << (HASH_BITS - 6));
}

void bodies_release(struct bodies *b)
{
	array_release(&b->files);
	array_release(&b->bodies);
	array_release(&b->words);
	map_release(&b->left_out);
}

void bodies_use(struct bodies *b, const char *s, size_t n)
{
	use_text(b, NULL, NULL, s, n);
}

void bodies_header(struct bodies *b, const char *path, char *s, size_t n)
{
	read_header(b, NULL, NULL, path, s, n);
}

/* ------------------------------------------------------------------ what stays */

/* A body stays where its function is named, and names others. */
static bool keep_named(struct bodies *b)
{
	bool more = false;

	for (uint32_t i = 0; i < b->bodies.n; i++) {
		struct bodies_body *k = &b->bodies.v[i];

		if (k->stays || !is_named(b, k->hash))
			continue;
		k->stays = more = true;
		for (uint32_t w = 0; w < k->nwords; w++)
			set_named(b, b->words.v[k->words + w]);
	}
	return more;
}

static void leave_out(struct bodies *b, const struct bodies_body *k)
{
	struct bodies_file *f = &b->files.v[k->file];

	*map_put(&b->left_out, hash_bytes(k->name, k->length, 0)) = 1;
	b->nleft_out++;
	f->less = true;
	for (size_t i = k->from; i < k->to; i++)
		if (f->text[i] != '\n')
			f->text[i] = ' ';
	f->text[k->from] = ';';
}

void bodies_done(struct bodies *b)
{
	uint32_t n = 0;

	while (keep_named(b))
		;
	for (uint32_t i = 0; i < b->bodies.n; i++)
		if (!b->bodies.v[i].stays)
			leave_out(b, &b->bodies.v[i]);
	for (uint32_t i = 0; i < b->files.n; i++)
		if (b->files.v[i].less)
			b->files.v[n++] = b->files.v[i];
	b->files.n = n;
}

bool bodies_left_out(const struct bodies *b, const char *name)
{
	return map_get(&b->left_out, hash_bytes(name, strlen(name), 0)) != NULL;
}

/* ------------------------------------------------------------------- of a unit */

struct finding_texts {
	struct bodies *b;
	struct includes in;
	struct buffer text;
	size_t bytes;
};

/* Reads the file into t->text; gives its folder, or NULL: it cannot be read. */
static const char *read_file(struct finding_texts *t, const char *path)
{
	const char *slash = strrchr(path, '/');

	buffer_clear(&t->text);
	if (t->bytes > MAX_BYTES || buffer_read_file(&t->text, path, MAX_BYTES - t->bytes))
		return NULL;
	t->bytes += t->text.n;
	return slash > path ? arena_strndup(t->b->arena, path, (size_t)(slash - path)) : "/";
}

/* False: without a text nothing can be left out. */
static bool use_file(struct finding_texts *t, const char *path)
{
	const char *folder = read_file(t, path);

	if (folder)
		use_text(t->b, &t->in, folder, buffer_str(&t->text), t->text.n);
	return folder;
}

static bool look_at_header(struct finding_texts *t, const char *path)
{
	const char *folder = read_file(t, path);

	if (folder)
		read_header(t->b, &t->in, folder, path,
			    arena_memdup(t->b->arena, buffer_str(&t->text), t->text.n), t->text.n);
	return folder;
}

/* Some private headers include public ones, and the other way round. */
static bool find_texts(struct finding_texts *t)
{
	uint32_t files = 0, headers = 0;

	do {
		for (; files < t->in.files.n; files++)
			if (!use_file(t, t->in.files.v[files]))
				return false;
		includes_public(&t->in);
		for (; headers < t->in.headers.n; headers++)
			if (!look_at_header(t, t->in.headers.v[headers]))
				return false;
		includes_public(&t->in);
	} while (files < t->in.files.n || headers < t->in.headers.n);
	return true;
}

static void use_flags(struct bodies *b, const struct kbuild_unit *u)
{
	struct flags f = flags_of(u);

	while (flags_next(&f))
		if (!strcmp(f.flag, "-D"))
			bodies_use(b, f.value, strlen(f.value));
}

void bodies_find(struct bodies *b, const struct kbuild_unit *u, const char *snippet)
{
	struct finding_texts t = { .b = b };

	if (!u->source)
		return;
	includes_init(&t.in, b->arena, u);
	use_flags(b, u);
	if (snippet)
		bodies_use(b, snippet, strlen(snippet));
	if (find_texts(&t))
		bodies_done(b);
	else
		array_clear(&b->files);
	buffer_release(&t.text);
	includes_release(&t.in);
}
