/* SPDX-License-Identifier: MIT */
#include "kbuild/prefilter.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* More than any driver has; a parse costs less than reading on. */
#define MAX_FILES 5000
#define MAX_BYTES ((size_t)96 << 20)

static const uint8_t is_word[256] = {
	['0' ... '9'] = 1, ['A' ... 'Z'] = 1, ['a' ... 'z'] = 1, ['_'] = 1, ['$'] = 1,
};

static bool starts(const char *s, const char *prefix)
{
	return !strncmp(s, prefix, strlen(prefix));
}

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

void prefilter_init(struct prefilter *p, struct arena *a, const char *const *words,
		    unsigned nwords)
{
	*p = (struct prefilter) { .arena = a, .words = words, .nwords = nwords };
	for (unsigned i = 0; i < nwords; i++)
		add_pieces(p, words[i]);
}

void prefilter_release(struct prefilter *p)
{
	map_release(&p->pieces);
	map_release(&p->known);
	map_release(&p->all);
	array_release(&p->folders);
	array_release(&p->quoted);
	array_release(&p->roots);
	array_release(&p->files);
	buffer_release(&p->text);
}

static void keep(struct prefilter *p, const char *s, size_t n)
{
	if (n <= PREFILTER_WORD)
		map_put(&p->all, vocabulary_hash(hash_bytes(s, n, 0)));
}

/* Nearly every word of a text ends at the first test: few begin like a piece does. */
static void see(struct prefilter *p, const char *s, size_t n)
{
	uint32_t pair = pair_of(s, n);
	uint64_t *seen;

	if (p->keep_all)
		keep(p, s, n);
	if (!(p->pairs[pair >> 6] >> (pair & 63) & 1) || n > p->longest)
		return;
	seen = map_get(&p->pieces, hash_bytes(s, n, 0));
	if (seen)
		*seen = 1;
}

static bool is_seen(const void *arg, const char *s, size_t n)
{
	const struct prefilter *p = arg;
	const uint64_t *seen = map_get(&p->pieces, hash_bytes(s, n, 0));

	return seen && *seen;
}

bool prefilter_has(const struct prefilter *p, unsigned word)
{
	const char *s = p->words[word];
	size_t n = strlen(s);

	if (p->gave_up || n > PREFILTER_WORD)
		return true;
	return vocabulary_fewest(s, n, is_seen, p) <= (p->pastes ? PREFILTER_WORD : PREFILTER_PIECES);
}

/* --------------------------------------------------------------- includes */

/* Below include/ or arch/X/include/ of the kernel: what every unit may include. */
static bool is_public(const struct prefilter *p, const char *path)
{
	for (uint32_t i = 0; i < p->roots.n; i++) {
		size_t n = strlen(p->roots.v[i]);
		const char *rest = path + n;

		if (strncmp(path, p->roots.v[i], n) || *rest++ != '/')
			continue;
		if (starts(rest, "arch/")) {
			rest += strlen("arch/");
			rest += strcspn(rest, "/");
			rest += *rest == '/';
		}
		if (starts(rest, "include") && (rest[7] == '/' || !rest[7]))
			return true;
	}
	return false;
}

/* True for the first time that it is asked of a string. */
static bool is_new(struct prefilter *p, const char *s)
{
	uint64_t *seen = map_put(&p->known, hash_bytes(s, strlen(s), 1));

	return !(*seen)++;
}

static bool is_file(const char *path)
{
	struct stat st;

	return !stat(path, &st) && !S_ISDIR(st.st_mode);
}

/* Queues the file if it is one and is private. */
static void queue(struct prefilter *p, const char *folder, const char *name)
{
	char *path = kbuild_absolute(p->arena, folder, name);

	if (!is_public(p, path) && is_new(p, path) && is_file(path))
		array_push(&p->files, path);
}

/*
 * All the private files that the name can mean. Which one the compiler takes,
 * and whether a public one comes first, makes no difference: more text is more
 * words.
 */
static void resolve(struct prefilter *p, const char *folder, const char *name, bool quoted)
{
	if (name[0] == '/') {
		queue(p, folder, name);
		return;
	}
	if (quoted)
		queue(p, folder, name);
	if (!is_new(p, arena_printf(p->arena, "%c%s", quoted ? '"' : '<', name)))
		return;
	for (uint32_t i = 0; i < p->folders.n; i++)
		queue(p, p->folders.v[i], name);
	for (uint32_t i = 0; quoted && i < p->quoted.n; i++)
		queue(p, p->quoted.v[i], name);
}

/* Behind blanks, comments and spliced lines. */
static const char *skip_blanks(const char *s, const char *end)
{
	while (s < end) {
		if (*s == ' ' || *s == '\t' || *s == '\v' || *s == '\f' || *s == '\r') {
			s++;
		} else if (*s == '\\') {
			const char *t = s + 1;

			while (t < end && (*t == ' ' || *t == '\t' || *t == '\r'))
				t++;
			if (t == end || *t != '\n')
				break;
			s = t + 1;
		} else if (end - s > 1 && s[0] == '/' && s[1] == '*') {
			for (s += 2; s < end && !(s[0] == '*' && end - s > 1 && s[1] == '/'); )
				s++;
			s = end - s > 1 ? s + 2 : end;
		} else {
			break;
		}
	}
	return s;
}

/* The name between quotes or angles at s; a macro there can mean any file. */
static const char *take_include(struct prefilter *p, const char *folder, const char *s,
				const char *end)
{
	char close = *s == '"' ? '"' : '>';
	const char *e = s + 1;

	if (*s != '"' && *s != '<') {
		p->gave_up = true;
		return s;
	}
	while (e < end && *e != close && *e != '\n')
		e++;
	/* A name over two lines is not looked up, it is given up. */
	if (e == end || *e != close)
		p->gave_up = true;
	else
		resolve(p, folder, arena_strndup(p->arena, s + 1, (size_t)(e - s - 1)),
			close == '"');
	return e < end ? e + 1 : end;
}

/* Whether the word at s can be the beginning of an include that goes on in the next line. */
static bool is_spliced(const char *s, const char *end)
{
	static const char next[] = "include_next", import[] = "import";
	const char *e = s;
	size_t n;

	while (e < end && is_word[(unsigned char)*e])
		e++;
	n = (size_t)(e - s);
	return end - e > 1 && e[0] == '\\' && (e[1] == '\n' || e[1] == '\r') &&
	       ((n < sizeof(next) && !memcmp(s, next, n)) ||
		(n < sizeof(import) && !memcmp(s, import, n)));
}

/* s is behind a '#', of a directive or of anything else; gives where to go on. */
static const char *take_directive(struct prefilter *p, const char *folder, const char *s,
				  const char *end)
{
	static const char *const names[] = { "include_next", "include", "import" };

	s = skip_blanks(s, end);
	if (is_spliced(s, end)) {
		p->gave_up = true;
		return s;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t n = strlen(names[i]);

		if ((size_t)(end - s) <= n || memcmp(s, names[i], n) ||
		    is_word[(unsigned char)s[n]])
			continue;
		s = skip_blanks(s + n, end);
		return s < end ? take_include(p, folder, s, end) : s;
	}
	return s;
}

/* ------------------------------------------------------------------- text */

/* Behind the comment; where its end can be over two lines, what is in it cannot be told. */
static const char *skip_block(struct prefilter *p, const char *s, const char *end)
{
	const char *e = memmem(s + 2, (size_t)(end - s - 2), "*/", 2);

	e = e ? e + 2 : end;
	if (memmem(s + 2, (size_t)(e - s - 2), "*\\", 2))
		p->gave_up = true;
	return e;
}

/* Behind a comment that begins at s, or s where none does. */
static const char *skip_comment(struct prefilter *p, const char *s, const char *end)
{
	if (end - s < 2 || s[0] != '/' || (s[1] != '*' && s[1] != '/'))
		return s;
	if (s[1] == '*')
		return skip_block(p, s, end);
	/* A line's end behind a backslash is none. */
	for (s += 2; s < end && (*s != '\n' || s[-1] == '\\' ||
				 (s[-1] == '\r' && s[-2] == '\\')); s++)
		;
	return s;
}

/*
 * Behind the string or character that begins at s; an unfinished one ends with
 * its line, as in a branch that is off, where "don't" may stand.
 */
static const char *skip_literal(const char *s, const char *end)
{
	char quote = *s++;

	while (s < end && *s != quote && *s != '\n') {
		if (*s == '\\' && s + 1 < end && s[1] == '\r')
			s++;
		s += *s == '\\' || (*s == '\r' && s[-1] == '\\') ? 2 : 1;
	}
	return s < end ? s + (*s == quote) : end;
}

/* What begins at s, where no word does. before is the word that ends there, n long. */
static const char *scan_other(struct prefilter *p, const char *folder, const char *s,
			      const char *end, const char *before, size_t n)
{
	const char *behind = skip_comment(p, s, end);

	if (behind != s)
		return behind;
	/* A raw string ends elsewhere. */
	if (*s == '"' && n && before[n - 1] == 'R')
		p->gave_up = true;
	if (*s == '"' || (*s == '\'' && !(n && isdigit((unsigned char)before[0]))))
		return skip_literal(s, end);
	if (*s == '#' || (end - s > 1 && s[0] == '%' && s[1] == ':')) {
		s += *s == '#' ? 1 : 2;
		if (s < end && (*s == '#' || *s == '%')) {
			p->pastes = true;
			return s + 1;
		}
		return folder ? take_directive(p, folder, s, end) : s;
	}
	return s + 1;
}

/* folder NULL: directives are not followed. */
static void scan_text(struct prefilter *p, const char *folder, const char *s, size_t n)
{
	const char *end = s + n;

	while (s < end && !p->gave_up) {
		const char *start = s;

		while (s < end && is_word[(unsigned char)*s])
			s++;
		if (s > start)
			see(p, start, (size_t)(s - start));
		if (s < end)
			s = scan_other(p, folder, s, end, start, (size_t)(s - start));
	}
}

void prefilter_text(struct prefilter *p, const char *s, size_t n)
{
	scan_text(p, NULL, s, n);
}

static void scan_file(struct prefilter *p, const char *path)
{
	char *folder = arena_strdup(p->arena, path);

	*strrchr(folder, '/') = 0;
	buffer_clear(&p->text);
	if (buffer_read_file(&p->text, path, MAX_BYTES - p->bytes)) {
		p->gave_up = true;
		return;
	}
	p->bytes += p->text.n;
	scan_text(p, *folder ? folder : "/", buffer_str(&p->text), p->text.n);
}

/* ------------------------------------------------------------------- unit */

/* LINUXINCLUDE always has OBJTREE/include/generated/uapi. */
static void note_objtree(struct prefilter *p, const char *folder)
{
	static const char tail[] = "/include/generated/uapi";
	size_t n = strlen(folder), k = sizeof(tail) - 1;

	if (n > k && !strcmp(folder + n - k, tail))
		array_push(&p->roots, arena_strndup(p->arena, folder, n - k));
}

/* The value of the flag at v[*i], joined or the next word; NULL: it is another flag. */
static const char *value_of(const char *const *v, unsigned n, unsigned *i, const char *flag)
{
	size_t k = strlen(flag);

	if (strncmp(v[*i], flag, k))
		return NULL;
	if (v[*i][k])
		return v[*i] + k;
	return *i + 1 < n ? v[++*i] : NULL;
}

typedef void (*take_flag)(struct prefilter *p, const struct kbuild_unit *u, const char *flag,
			  const char *value);

static void each_flag(struct prefilter *p, const struct kbuild_unit *u, take_flag take)
{
	static const char *const names[] = {
		"-include", "-imacros", "-isystem", "-iquote", "-idirafter", "-I", "-D",
	};

	for (unsigned i = 0; i < u->nkept; i++)
		for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
			const char *value = value_of(u->kept, u->nkept, &i, names[k]);

			if (!value)
				continue;
			take(p, u, names[k], value);
			break;
		}
}

static void take_root(struct prefilter *p, const struct kbuild_unit *u, const char *flag,
		      const char *value)
{
	if (flag[1] == 'I')
		note_objtree(p, kbuild_absolute(p->arena, u->directory, value));
}

static void take_folder(struct prefilter *p, const struct kbuild_unit *u, const char *flag,
			const char *value)
{
	char *path;

	if (flag[1] == 'D') {
		prefilter_text(p, value, strlen(value));
		return;
	}
	if (!strcmp(flag, "-include") || !strcmp(flag, "-imacros"))
		return;
	path = kbuild_absolute(p->arena, u->directory, value);
	if (is_public(p, path) || !is_new(p, path))
		return;
	if (!strcmp(flag, "-iquote"))
		array_push(&p->quoted, path);
	else
		array_push(&p->folders, path);
}

static void take_forced(struct prefilter *p, const struct kbuild_unit *u, const char *flag,
			const char *value)
{
	if (!strcmp(flag, "-include") || !strcmp(flag, "-imacros"))
		resolve(p, u->directory, value, true);
}

void prefilter_scan(struct prefilter *p, const struct kbuild_unit *u)
{
	if (u->srctree)
		array_push(&p->roots, u->srctree);
	each_flag(p, u, take_root);
	each_flag(p, u, take_folder);
	each_flag(p, u, take_forced);
	/* The source itself, wherever it is. */
	if (!u->source)
		p->gave_up = true;
	else
		array_push(&p->files, kbuild_absolute(p->arena, u->directory, u->source));
	for (uint32_t i = 0; i < p->files.n && !p->gave_up; i++) {
		scan_file(p, p->files.v[i]);
		if (p->files.n > MAX_FILES || p->bytes >= MAX_BYTES)
			p->gave_up = true;
	}
}
