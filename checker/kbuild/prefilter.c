/* SPDX-License-Identifier: MIT */
#include "kbuild/prefilter.h"

#include <ctype.h>
#include <string.h>

#include "kbuild/flags.h"
#include "kbuild/headers.h"
#include "kbuild/lex.h"

/* More than any driver has; a parse costs less than reading on. */
#define MAX_FILES 5000
#define MAX_BYTES ((size_t)96 << 20)

/* What a text is read for. */
enum pass {
	PASS_WORDS,		/* its words, its includes, and what its macros paste */
	PASS_CALLS,		/* the calls of macros that paste */
	PASS_PUBLIC,		/* a public header: its words beside those of the unit */
};

/* Where a piece was seen. */
enum { SEEN_FREE = 1, SEEN_PUBLIC = 2 };

/* ------------------------------------------------------------------ words */

/* A piece of one character is filed under the pair of it and 0. */
static uint32_t pair_of(const char *s, size_t n)
{
	return (uint32_t)(unsigned char)s[0] << 8 | (n > 1 ? (unsigned char)s[1] : 0);
}

static void add_pieces(struct prefilter *p, const char *word)
{
	size_t n = strlen(word);

	if (n > PREFILTER_WORD)
		return;
	if (n > p->longest)
		p->longest = n;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 1; i + k <= n; k++) {
			uint32_t pair = pair_of(word + i, k);

			map_put(&p->pieces, hash_bytes(word + i, k, 0));
			p->pairs[pair >> 6] |= 1ull << (pair & 63);
		}
}

void prefilter_init(struct prefilter *p, struct arena *a, const struct prefilter_word *words,
		    unsigned nwords)
{
	*p = (struct prefilter) { .arena = a, .words = words, .nwords = nwords,
				  .in = { .arena = a } };
	p->in_headers = arena_new_array(a, bool, nwords + 1);
	for (unsigned i = 0; i < nwords; i++)
		add_pieces(p, words[i].text);
}

void prefilter_release(struct prefilter *p)
{
	map_release(&p->pieces);
	map_release(&p->all);
	map_release(&p->pasters);
	includes_release(&p->in);
	paste_release(&p->chains);
	array_release(&p->given);
	buffer_release(&p->text);
	buffer_release(&p->chain);
}

static void keep(struct prefilter *p, const char *s, size_t n)
{
	if (n <= PREFILTER_WORD)
		map_put(&p->all, vocabulary_hash(hash_bytes(s, n, 0)));
}

/* Nearly every word of a text ends at the first test: few begin like a piece does. */
static void see(struct prefilter *p, const char *s, size_t n, uint64_t where)
{
	uint32_t pair = pair_of(s, n);
	uint64_t *seen;

	if (!(p->pairs[pair >> 6] >> (pair & 63) & 1) || n > p->longest)
		return;
	seen = map_get(&p->pieces, hash_bytes(s, n, 0));
	if (seen)
		*seen |= where;
}

static bool was_seen(const struct prefilter *p, const char *s, size_t n, uint64_t where)
{
	const uint64_t *seen = map_get(&p->pieces, hash_bytes(s, n, 0));

	return seen && *seen & where;
}

static bool is_free(const void *arg, const char *s, size_t n)
{
	return was_seen(arg, s, n, SEEN_FREE);
}

static bool is_public(const void *arg, const char *s, size_t n)
{
	return was_seen(arg, s, n, SEEN_PUBLIC);
}

/* The words of PASS_CALLS, by which the names of macros are told. */
static bool is_kept(const void *arg, const char *s, size_t n)
{
	const struct prefilter *p = arg;

	return map_get(&p->all, vocabulary_hash(hash_bytes(s, n, 0))) != NULL;
}

/* ------------------------------------------------------------------- text */

/* A macro there can mean any file; a name over two lines is not looked up, it is given up. */
static const char *take_include(struct prefilter *p, const char *folder, const char *s,
				const char *end, bool next)
{
	bool odd = false;

	s = includes_name(&p->in, folder, s, end, next, &odd);
	p->gave_up |= odd && p->pass == PASS_WORDS;
	return s;
}

static bool is_name(const char *s, const char *e, const char *name)
{
	return (size_t)(e - s) == strlen(name) && !memcmp(s, name, (size_t)(e - s));
}

/* Whether the word can be the beginning of a directive that goes on in the next line. */
static bool is_begun(const char *s, const char *e)
{
	static const char *const names[] = { "include_next", "import", "define" };
	size_t n = (size_t)(e - s);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (n < strlen(names[i]) && !memcmp(s, names[i], n))
			return true;
	return false;
}

/* s is behind a '#', of a directive or of anything else; gives where to go on. */
static const char *take_directive(struct prefilter *p, const char *folder, const char *s,
				  const char *end)
{
	const char *e;

	s = lex_blanks(s, end);
	e = lex_word(s, end);
	if (lex_splice(e, end) != e && is_begun(s, e)) {
		p->gave_up |= p->pass == PASS_WORDS;
		return s;
	}
	/* Whether there is a macro is asked here, it is not called. */
	if (p->pass == PASS_CALLS && (is_name(s, e, "undef") || is_name(s, e, "ifdef") ||
				      is_name(s, e, "ifndef")))
		return lex_word(lex_blanks(e, end), end);
	if (is_name(s, e, "define") && !macro_holds(&p->macro, s)) {
		macro_begin(&p->macro, e, end);
		return e;
	}
	if (!folder || (!is_name(s, e, "include") && !is_name(s, e, "include_next") &&
			!is_name(s, e, "import")))
		return s;
	s = lex_blanks(e, end);
	return s < end ? take_include(p, folder, s, end, e[-1] == 't') : s;
}

/* At a "##": what it joins. before is the word, or what else, that ends there, n long. */
static const char *take_paste(struct prefilter *p, const char *s, const char *end,
			      const char *before, size_t n)
{
	size_t k = 0;

	if (!macro_holds(&p->macro, s)) {
		paste_add(&p->chains, p->arena, PASTE_ANYTHING, NULL);
		lex_is_paste(s, end, &k);
		return s + k;
	}
	s = macro_chain(&p->macro, s, end, before, n, &p->chain);
	if (p->chain.n)
		paste_add(&p->chains, p->arena, p->chain.s, p->macro.odd ? NULL :
			  arena_strndup(p->arena, p->macro.name.s, p->macro.name.n));
	return s;
}

/* What begins at s, where no word does. */
static const char *take_other(struct prefilter *p, const char *folder, const char *s,
			      const char *end)
{
	bool unsure = false;
	const char *behind = lex_comment(s, end, &unsure);

	p->gave_up |= unsure;
	if (behind != s)
		return behind;
	if (*s == '"' || *s == '\'')
		return lex_literal(s, end);
	if (*s != '#' && !(end - s > 1 && s[0] == '%' && s[1] == ':'))
		return s + 1;
	s += *s == '#' ? 1 : 2;
	/* An operator over two lines. */
	if (lex_splice(s, end) != s && p->pass == PASS_WORDS)
		paste_add(&p->chains, p->arena, PASTE_ANYTHING, NULL);
	return take_directive(p, folder, s, end);
}

/* Behind the word at s that goes on in the next line. */
static const char *take_spliced(struct prefilter *p, const char *s, const char *end)
{
	buffer_clear(&p->chain);
	for (;;) {
		const char *e = lex_word(s, end);

		buffer_add(&p->chain, s, (size_t)(e - s));
		s = lex_splice(e, end);
		if (s == e)
			break;
	}
	see(p, p->chain.s, p->chain.n, SEEN_FREE);
	keep(p, p->chain.s, p->chain.n);
	return s;
}

/* Whether the word from s to e, in a macro, is no word of its own: a parameter, or pasted. */
static bool is_operand(const struct prefilter *p, const char *s, const char *e, const char *end)
{
	size_t k;

	return macro_holds(&p->macro, s) && (macro_replaces(&p->macro, s, (size_t)(e - s)) ||
					     lex_is_paste(lex_blanks(e, end), end, &k));
}

/* What the macro that is named at s, up to e, is given there. */
static void check_call(struct prefilter *p, const char *s, const char *e, const char *end)
{
	if (!map_get(&p->pasters, hash_bytes(s, (size_t)(e - s), 0)) || s == p->macro.name.s)
		return;
	for (uint32_t i = 0; i < p->chains.v.n; i++)
		if (p->chains.v.v[i].macro && is_name(s, e, p->chains.v.v[i].macro))
			macro_call(&p->macro, e, end, &p->chains.v.v[i]);
}

/* Gives where to go on behind the word from s to e. */
static const char *take_word(struct prefilter *p, const char *s, const char *e, const char *end)
{
	if (p->pass == PASS_CALLS) {
		check_call(p, s, e, end);
		return e;
	}
	if (e < end && *e == '\\' && lex_splice(e, end) != e)
		return take_spliced(p, s, end);
	if (is_operand(p, s, e, end))
		return e;
	see(p, s, (size_t)(e - s), SEEN_FREE);
	keep(p, s, (size_t)(e - s));
	return e;
}

/* Whether the quote at s, right behind a word, begins no literal, or one with another end. */
static bool is_odd_quote(struct prefilter *p, const char *s, const char *before, size_t n)
{
	if (!n || before + n != s)
		return false;
	if (*s == '"' && s[-1] == 'R')
		p->gave_up = true;
	return *s == '\'' && isdigit((unsigned char)*before);
}

/* folder NULL: includes are not followed. */
static void scan_text(struct prefilter *p, const char *folder, const char *s, size_t n)
{
	const char *end = s + n, *before = NULL;
	size_t nbefore = 0, k;

	p->macro.end = NULL;
	while (s < end && !p->gave_up) {
		const char *start = s, *e = lex_word(s, end);

		if (e > s) {
			s = take_word(p, s, e, end);
			before = start;
			nbefore = s == e ? (size_t)(e - start) : 0;
		} else if ((*s == '#' || *s == '%') && lex_is_paste(s, end, &k)) {
			s = p->pass == PASS_WORDS ? take_paste(p, s, end, before, nbefore) : s + k;
			before = NULL;
			nbefore = 0;
		} else if (isspace((unsigned char)*s) || lex_splice(s, end) != s) {
			s++;
		} else {
			s = is_odd_quote(p, s, before, nbefore) ? s + 1 :
			    take_other(p, folder, s, end);
			if (*start != '/' || s == start + 1) {
				before = start;
				nbefore = 0;
			}
		}
	}
}

static void take_given(struct prefilter *p, const char *s, size_t n)
{
	array_push(&p->given, (struct prefilter_given) { s, n });
	scan_text(p, NULL, s, n);
}

void prefilter_text(struct prefilter *p, const char *s, size_t n)
{
	take_given(p, s, n);
}

/* ------------------------------------------------------------------ files */

/* Reads the file into p->text; gives its folder, or NULL where it cannot be read. */
static const char *read_file(struct prefilter *p, const char *path)
{
	char *folder = arena_strdup(p->arena, path);

	*strrchr(folder, '/') = 0;
	buffer_clear(&p->text);
	if (p->bytes > MAX_BYTES || buffer_read_file(&p->text, path, MAX_BYTES - p->bytes))
		return NULL;
	return *folder ? folder : "/";
}

static void scan_files(struct prefilter *p)
{
	p->pass = PASS_WORDS;
	for (; p->nread < p->in.files.n && !p->gave_up; p->nread++) {
		const char *folder = read_file(p, p->in.files.v[p->nread]);

		p->gave_up |= !folder || p->nread > MAX_FILES;
		p->bytes += p->text.n;
		if (!p->gave_up)
			scan_text(p, folder, buffer_str(&p->text), p->text.n);
	}
}

void prefilter_scan(struct prefilter *p, const struct kbuild_unit *u)
{
	struct flags f = flags_of(u);

	includes_init(&p->in, p->arena, u);
	while (flags_next(&f))
		if (!strcmp(f.flag, "-D"))
			take_given(p, f.value, strlen(f.value));
	p->gave_up |= !u->source;
	scan_files(p);
}

/* ---------------------------------------------------------------- headers */

struct looking {
	struct prefilter *p;
	struct search search;
	Array(const char *) texts;
};

static void look_for_includes(struct prefilter *p, const char *folder, const char *s,
			      const char *end)
{
	p->pass = PASS_PUBLIC;
	while (s < end && (s = memchr(s, '#', (size_t)(end - s)))) {
		s = lex_blanks(s + 1, end);
		if (s < end && *s == 'i')
			s = take_directive(p, folder, s, end);
	}
}

static void look_for_words(struct looking *l, const char *start, const char *end)
{
	struct prefilter *p = l->p;
	const char *s = start, *at;
	unsigned w;

	while ((at = search_next(&l->search, start, &s, end, &w)))
		if (!p->in_headers[w])
			p->in_headers[w] = p->words[w].kind == PREFILTER_TYPE ||
				(p->words[w].kind == PREFILTER_TAG ?
				 headers_defines(start, at, (size_t)(s - at), end) :
				 headers_uses(start, at));
}

static void look_at_header(struct looking *l, const char *path)
{
	struct prefilter *p = l->p;
	const char *folder = read_file(p, path), *s = buffer_str(&p->text), *end = s + p->text.n;

	p->gave_up |= !folder || p->in.headers.n > MAX_FILES;
	p->bytes += p->text.n;
	if (p->gave_up)
		return;
	look_for_includes(p, folder, s, end);
	look_for_words(l, s, end);
}

static void look_at_headers(struct looking *l)
{
	struct prefilter *p = l->p;

	for (unsigned i = 0; i < p->nwords; i++)
		array_push(&l->texts, p->words[i].text);
	if (!p->nwords)
		return;
	search_init(&l->search, l->texts.v, l->texts.n);
	for (uint32_t i = 0; !p->gave_up; ) {
		includes_public(&p->in);
		if (i == p->in.headers.n)
			break;
		for (; i < p->in.headers.n && !p->gave_up; i++)
			look_at_header(l, p->in.headers.v[i]);
		/* Some public ones include private ones. */
		scan_files(p);
	}
}

void prefilter_headers(struct prefilter *p)
{
	struct looking *l;

	if (p->saw_headers)
		return;
	p->saw_headers = true;
	l = arena_new(p->arena, struct looking);
	l->p = p;
	look_at_headers(l);
	array_release(&l->texts);
}

/* ---------------------------------------------------------------- pasting */

/* At first, what no call of the macro speaks against. */
static void trust_chains(struct prefilter *p)
{
	for (uint32_t i = 0; i < p->chains.v.n; i++) {
		struct paste_chain *c = &p->chains.v.v[i];

		c->own = c->one_word = c->macro != NULL;
		if (c->macro)
			map_put(&p->pasters, hash_bytes(c->macro, strlen(c->macro), 0));
	}
}

static void scan_calls(struct prefilter *p)
{
	p->pass = PASS_CALLS;
	for (uint32_t i = 0; i < p->given.n; i++)
		scan_text(p, NULL, p->given.v[i].s, p->given.v[i].n);
	for (uint32_t i = 0; i < p->in.files.n && !p->gave_up; i++) {
		p->gave_up |= !read_file(p, p->in.files.v[i]);
		scan_text(p, NULL, buffer_str(&p->text), p->text.n);
	}
}

/* A macro of the unit that a public header names is called in ways that are not seen here. */
static void doubt(struct prefilter *p, const char *macro)
{
	for (uint32_t i = 0; i < p->chains.v.n; i++) {
		struct paste_chain *c = &p->chains.v.v[i];

		if (c->macro && !strcmp(c->macro, macro))
			c->own = c->one_word = false;
	}
}

static void find_macros(struct prefilter *p, const struct search *x)
{
	for (uint32_t i = 0; i < p->in.headers.n && !p->gave_up; i++) {
		const char *s, *start, *end;
		unsigned macro;

		p->gave_up |= !read_file(p, p->in.headers.v[i]);
		s = start = buffer_str(&p->text);
		for (end = s + p->text.n; search_next(x, start, &s, end, &macro); )
			doubt(p, x->words[macro]);
	}
}

static void doubt_public(struct prefilter *p)
{
	struct search *x = arena_new(p->arena, struct search);
	Array(const char *) names = { 0 };

	for (uint32_t i = 0; i < p->chains.v.n; i++) {
		const char *macro = p->chains.v.v[i].macro;
		uint64_t *known = macro ? map_get(&p->pasters, hash_bytes(macro, strlen(macro), 0)) :
				  NULL;

		if (known && !(*known)++)
			array_push(&names, macro);
	}
	search_init(x, names.v, names.n);
	if (names.n)
		find_macros(p, x);
	array_release(&names);
}

/* The name of a macro can be pasted too; what is called then was not seen. */
static bool doubt_pasted(struct prefilter *p)
{
	const struct paste_text t = { .chains = p->chains.v.v, .nchains = p->chains.v.n,
				      .free = is_kept, .arg = p };
	bool more = false;

	for (uint32_t i = 0; i < p->chains.v.n; i++) {
		struct paste_chain *c = &p->chains.v.v[i];

		if ((!c->own && !c->one_word) ||
		    !paste_makes(&t, c->macro, strlen(c->macro), false))
			continue;
		c->own = c->one_word = false;
		more = true;
	}
	return more;
}

/* What the macros that paste are given. */
static void look_at_calls(struct prefilter *p)
{
	if (p->saw_calls)
		return;
	p->saw_calls = true;
	prefilter_headers(p);
	trust_chains(p);
	scan_calls(p);
	doubt_public(p);
	while (doubt_pasted(p))
		;
}

/* The word from s to e of a public header; pasted: a "##" stands in front of it. */
static void take_public(struct prefilter *p, const char *s, const char *e, const char *end,
			bool pasted)
{
	if (!pasted && !is_operand(p, s, e, end))
		see(p, s, (size_t)(e - s), SEEN_PUBLIC);
}

static void scan_public_text(struct prefilter *p, const char *s, const char *end)
{
	bool pasted = false;
	size_t k;

	p->macro.end = NULL;
	while (s < end) {
		const char *e = lex_word(s, end);
		bool unsure = false;

		if (e > s) {
			take_public(p, s, e, end, pasted);
			pasted = false;
		} else if (*s == '#' && lex_is_paste(s, end, &k)) {
			pasted = true;
			e = s + k;
		} else if (*s == '#') {
			e = take_directive(p, NULL, s + 1, end);
		} else {
			e = lex_comment(s, end, &unsure);
			pasted &= e > s || isspace((unsigned char)*s) || *s == '\\';
		}
		s = e == s || unsure ? s + 1 : e;
	}
}

/* The words that public headers can give to macros. */
static void look_at_public(struct prefilter *p)
{
	if (p->saw_public)
		return;
	p->saw_public = true;
	p->pass = PASS_PUBLIC;
	for (uint32_t i = 0; i < p->in.headers.n && !p->gave_up; i++) {
		p->gave_up |= !read_file(p, p->in.headers.v[i]);
		scan_public_text(p, buffer_str(&p->text), buffer_str(&p->text) + p->text.n);
	}
}

bool prefilter_names(const struct prefilter *p, unsigned word)
{
	const char *s = p->words[word].text;
	size_t n = strlen(s);

	return p->gave_up || p->in_headers[word] || n > PREFILTER_WORD || is_free(p, s, n);
}

static bool can_paste(const struct prefilter *p, unsigned word, bool doubt, paste_word public)
{
	const struct paste_text t = { .chains = p->chains.v.v, .nchains = p->chains.v.n,
				      .free = is_free, .public = public, .arg = p,
				      .doubt = doubt };
	const char *s = p->words[word].text;

	return paste_makes(&t, s, strlen(s), true);
}

/* Each step costs more than the one before, and is taken where that does not decide. */
bool prefilter_has(struct prefilter *p, unsigned word)
{
	if (prefilter_names(p, word))
		return true;
	if (!can_paste(p, word, true, NULL))
		return false;
	if (p->chains.v.n)
		look_at_calls(p);
	if (!prefilter_names(p, word) && !can_paste(p, word, false, NULL))
		return false;
	if (p->chains.v.n)
		look_at_public(p);
	return prefilter_names(p, word) || can_paste(p, word, false, is_public);
}
