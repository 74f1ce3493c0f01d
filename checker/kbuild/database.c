/* SPDX-License-Identifier: MIT */
#include "kbuild/database.h"

#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kbuild/argv.h"
#include "kbuild/cmd_files.h"

/* Below what jansson counts in. An allyesconfig has some 150 MB. */
#define TEXT_MAX ((size_t)512 << 20)
#define FAULTS_MAX 10

struct reading {
	struct database *d;
	struct buffer *faults;
	const char *at, *end;
	uint32_t line;
	unsigned nfaults;
};

static void fault(struct reading *r, uint32_t line, const char *text)
{
	if (++r->nfaults <= FAULTS_MAX)
		buffer_printf(r->faults, "%s:%u: %s\n", r->d->path, line, text);
}

static void skip(struct reading *r, size_t n)
{
	for (const char *stop = r->at + n; r->at < stop; r->at++)
		r->line += *r->at == '\n';
}

static void skip_blanks(struct reading *r)
{
	while (r->at < r->end && strchr(" \t\r\n", *r->at) && *r->at)
		skip(r, 1);
}

/* Takes the character if it comes next. */
static bool take(struct reading *r, char c)
{
	skip_blanks(r);
	if (r->at == r->end || *r->at != c)
		return false;
	r->at++;
	return true;
}

static bool is_text(const json_t *v)
{
	return json_is_string(v) && json_string_length(v);
}

static bool are_texts(const json_t *v)
{
	json_t *item;
	size_t i;

	json_array_foreach(v, i, item)
		if (!json_is_string(item))
			return false;
	return json_array_size(v) > 0;
}

/* What is wrong with the shape of an entry, or NULL. */
static const char *shape_fault(const json_t *v)
{
	const json_t *words = json_object_get(v, "arguments");
	const json_t *output = json_object_get(v, "output");

	if (!json_is_object(v))
		return "an entry is an object with 'directory', 'file' and 'command'";
	if (!is_text(json_object_get(v, "file")))
		return "the entry's 'file' is missing or is no text";
	if (!is_text(json_object_get(v, "directory")))
		return "the entry's 'directory' is missing or is no text";
	if (output && !is_text(output))
		return "the entry's 'output' is no text";
	if (words)
		return are_texts(words) ? NULL : "the entry's 'arguments' are no list of texts";
	if (!is_text(json_object_get(v, "command")))
		return "the entry has neither 'arguments' nor a 'command' that is a text";
	return NULL;
}

/* One entry; false where what follows cannot be read any more. */
static bool take_entry(struct reading *r)
{
	json_error_t error;
	struct database_place place;
	const char *bad;
	json_t *v;

	skip_blanks(r);
	place = (struct database_place) { (uint32_t)(r->at - r->d->text.s), r->line };
	v = json_loadb(r->at, (size_t)(r->end - r->at),
		       JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES, &error);
	if (!v) {
		fault(r, r->line + (error.line > 0 ? (uint32_t)error.line - 1 : 0), error.text);
		return false;
	}
	bad = shape_fault(v);
	if (bad)
		fault(r, r->line, bad);
	else
		array_push(&r->d->entries, place);
	skip(r, (size_t)error.position);
	json_decref(v);
	return true;
}

static void read_entries(struct reading *r)
{
	if (!take(r, '[')) {
		fault(r, r->line, "is no compile_commands.json: a list of entries is expected");
		return;
	}
	if (!take(r, ']')) {
		do {
			if (!take_entry(r))
				return;
		} while (take(r, ','));
		if (!take(r, ']')) {
			fault(r, r->line, "',' or ']' expected behind an entry; is the file whole?");
			return;
		}
	}
	skip_blanks(r);
	if (r->at < r->end)
		fault(r, r->line, "something follows the end of the list");
}

bool database_parse(struct database *d, struct buffer *text, struct buffer *faults)
{
	struct reading r = { .d = d, .faults = faults, .line = 1 };

	buffer_release(&d->text);
	d->text = *text;
	*text = (struct buffer) BUFFER_INIT;
	r.at = buffer_str(&d->text);
	r.end = r.at + d->text.n;
	read_entries(&r);
	if (r.nfaults > FAULTS_MAX)
		buffer_printf(faults, "%s: and %u faults more\n", d->path, r.nfaults - FAULTS_MAX);
	return !r.nfaults;
}

static bool is_folder(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

/* The path of the file, or of the tree that is to be read: links are followed. */
static bool locate(struct database *d, const char *path, struct buffer *faults)
{
	const char *file = arena_printf(&d->arena, "%s/" DATABASE_NAME, path);
	char real[PATH_MAX], *slash;

	if (!realpath(is_folder(path) && !access(file, F_OK) ? file : path, real)) {
		buffer_printf(faults, "%s: %s\n", path, strerror(errno));
		return false;
	}
	d->path = arena_strdup(&d->arena, real);
	slash = is_folder(real) ? real + strlen(real) : strrchr(real, '/');
	d->folder = arena_strndup(&d->arena, real, (size_t)(slash - real));
	return true;
}

/* A tree without such a file: what make has written down in it. */
static bool read_tree(struct database *d, struct buffer *faults)
{
	struct buffer text = BUFFER_INIT;
	struct arena a = ARENA_INIT;
	size_t before = faults->n;
	struct cmd_files n = cmd_files_read(&a, d->path, &text, faults);

	arena_release(&a);
	if (n.read && faults->n == before)
		return database_parse(d, &text, faults);
	if (n.elsewhere)
		buffer_printf(faults, "%s: a module, built where is not known: before Linux 6.13 "
			      "'make M=%s compile_commands.json' has to say it\n", d->path, d->path);
	else if (faults->n == before)
		buffer_printf(faults, "%s: neither a " DATABASE_NAME " nor an object that make "
			      "built is there\n", d->path);
	buffer_release(&text);
	return false;
}

bool database_read(struct database *d, const char *path, struct buffer *faults)
{
	struct buffer text = BUFFER_INIT;
	int err;

	if (!locate(d, path, faults))
		return false;
	if (is_folder(d->path))
		return read_tree(d, faults);
	err = buffer_read_file(&text, d->path, TEXT_MAX);
	if (!err)
		return database_parse(d, &text, faults);
	buffer_printf(faults, "%s: %s\n", d->path, strerror(-err));
	buffer_release(&text);
	return false;
}

static char *text_of(struct arena *a, const json_t *v, const char *name)
{
	const char *s = json_string_value(json_object_get(v, name));

	return s ? arena_strdup(a, s) : NULL;
}

static const char *read_words(struct arena *a, const json_t *v, struct compile_entry *out)
{
	const char *command = json_string_value(json_object_get(v, "command"));
	const char *bad = NULL;
	json_t *word;
	size_t i;

	json_array_foreach(json_object_get(v, "arguments"), i, word)
		array_push(&out->words.v, arena_strdup(a, json_string_value(word)));
	if (!out->words.v.n)
		bad = words_split(a, command, WORDS_SHELL, &out->words);
	if (!bad && !out->words.v.n)
		bad = "it is empty";
	return bad ? bad : words_expand(a, out->directory, &out->words);
}

void database_entry(const struct database *d, uint32_t i, struct arena *a,
		    struct compile_entry *out)
{
	const struct database_place *place = &d->entries.v[i];
	json_error_t error;
	json_t *v = json_loadb(d->text.s + place->at, d->text.n - place->at,
			       JSON_DISABLE_EOF_CHECK, &error);

	*out = (struct compile_entry) { .line = place->line };
	out->directory = kbuild_absolute(a, d->folder, text_of(a, v, "directory"));
	out->file = kbuild_absolute(a, out->directory, text_of(a, v, "file"));
	out->output = text_of(a, v, "output");
	out->fault = read_words(a, v, out);
	if (out->fault) {
		out->fault = arena_printf(a, "its command cannot be read: %s", out->fault);
		array_clear(&out->words.v);
	}
	json_decref(v);
}

void compile_entry_release(struct compile_entry *e)
{
	words_release(&e->words);
}

void database_release(struct database *d)
{
	array_release(&d->entries);
	buffer_release(&d->text);
	arena_release(&d->arena);
}
