/* SPDX-License-Identifier: MIT */
#include "program/facts.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>
#include <xxhash.h>
#include <zstd.h>

#include "ir/io.h"

#define MAGIC "PFFACTS4"
#define HEAD (sizeof(MAGIC) - 1 + 8)	/* bytes before the hashed part */
#define RAW_MAX ((size_t)16 << 20)	/* of IR; a unit has some hundred KiB */
#define LEVEL 6
#define BLOCK_MIN 1024	/* bytes of a part that is packed by itself */
#define BLOCK_HEAD 64	/* more than a block is longer than what is in it */

static const char *const status_words[] = {
	[FACTS_WHOLE] = "whole", [FACTS_PARTIAL] = "partial", [FACTS_SKIPPED] = "skipped",
};

/* -------------------------------------------------------------------- write */

static void put_hash(uint64_t h, char out[8])
{
	for (unsigned i = 0; i < 8; i++)
		out[i] = (char)(h >> (8 * i));
}

/* What the text's macros paste. */
static json_t *chains_of(const struct vocabulary *w)
{
	json_t *v = json_array();

	for (uint32_t i = 0; i < w->nchains; i++)
		json_array_append_new(v, json_string(w->chains[i].text));
	return v;
}

static void add_head(const struct facts *f, size_t packed, size_t raw, struct buffer *out)
{
	static const struct vocabulary none;
	const struct vocabulary *w = f->status == FACTS_SKIPPED ? &f->words : &none;
	json_t *v = json_pack("{s:s*, s:s*, s:s*, s:s*, s:s*, s:o, s:o, s:s, "
			      "s:b, s:I, s:I, s:b, s:o, s:I}",
			      "object", f->object, "source", f->source, "directory", f->directory,
			      "srctree", f->srctree, "version", f->version,
			      "rules", json_sprintf("%016" PRIx64, f->rules),
			      "flags", json_sprintf("%016" PRIx64, f->flags),
			      "status", status_words[f->status], "asked", f->asked,
			      "words", (json_int_t)w->n, "packed", (json_int_t)packed,
			      "everything", w->everything, "pastes", chains_of(w),
			      "raw", (json_int_t)raw);
	char *text = json_dumps(v, JSON_COMPACT | JSON_ENSURE_ASCII);

	if (text)
		buffer_puts(out, text);
	buffer_putc(out, '\n');
	free(text);
	json_decref(v);
}

/* Takes n more bytes; end: what came since the last one is a block of its own. */
static bool pack(ZSTD_CCtx *z, ZSTD_outBuffer *to, const char *p, size_t n, ZSTD_EndDirective end)
{
	ZSTD_inBuffer from = { p, n, 0 };
	size_t left;

	do {
		left = ZSTD_compressStream2(z, to, &from, end);
		if (ZSTD_isError(left) || to->pos == to->size)
			return false;
	} while (end == ZSTD_e_continue ? from.pos < from.size : left);
	return true;
}

/* A block has one code for its bytes: a long part has its own, short ones share one. */
static bool pack_parts(ZSTD_CCtx *z, ZSTD_outBuffer *to, const char *p,
		       const struct ir_parts *parts)
{
	size_t pending = 0;

	for (uint32_t i = 0; i < parts->len.n; i++) {
		size_t n = parts->len.v[i];
		bool alone = n >= BLOCK_MIN;

		if (alone && pending && !pack(z, to, p, 0, ZSTD_e_flush))
			return false;
		pending = alone ? 0 : pending + n;
		if (!pack(z, to, p, n, alone ? ZSTD_e_flush : ZSTD_e_continue))
			return false;
		p += n;
	}
	return pack(z, to, p, 0, ZSTD_e_end);
}

/* Nothing where it cannot be done: the reader says so, and the unit counts as not seen. */
static void add_ir(const struct buffer *raw, const struct ir_parts *parts, struct buffer *out)
{
	size_t bound = ZSTD_compressBound(raw->n) + (parts->len.n + 1) * BLOCK_HEAD;
	ZSTD_outBuffer to = { xmalloc(bound), bound, 0 };
	ZSTD_CCtx *z = ZSTD_createCCtx();

	if (z && !ZSTD_isError(ZSTD_CCtx_setParameter(z, ZSTD_c_compressionLevel, LEVEL)) &&
	    !ZSTD_isError(ZSTD_CCtx_setPledgedSrcSize(z, raw->n)) &&
	    pack_parts(z, &to, buffer_str(raw), parts))
		buffer_add(out, to.dst, to.pos);
	ZSTD_freeCCtx(z);
	free(to.dst);
}

void facts_write(const struct facts *f, const struct ir_unit *u, struct buffer *out)
{
	struct buffer raw = BUFFER_INIT, words = BUFFER_INIT;
	struct ir_parts parts = { 0 };
	char hash[8] = { 0 };
	size_t start = out->n;

	if (u)
		ir_write_parts(u, &raw, &parts);
	buffer_add(out, MAGIC, sizeof(MAGIC) - 1);
	buffer_add(out, hash, sizeof(hash));
	if (f->status == FACTS_SKIPPED)
		vocabulary_pack(&f->words, &words);
	add_head(f, words.n, raw.n, out);
	buffer_add(out, buffer_str(&words), words.n);
	if (raw.n)
		add_ir(&raw, &parts, out);
	put_hash(XXH64(out->s + start + HEAD, out->n - start - HEAD, 0), hash);
	memcpy(out->s + start + HEAD - 8, hash, sizeof(hash));
	array_release(&parts.len);
	buffer_release(&words);
	buffer_release(&raw);
}

/* --------------------------------------------------------------------- read */

static bool refuse(struct buffer *why, const char *name, const char *text)
{
	buffer_printf(why, "%s: %s", name, text);
	return false;
}

static const char *text_of(struct arena *a, const json_t *v, const char *key)
{
	const char *s = json_string_value(json_object_get(v, key));

	return s ? arena_strdup(a, s) : NULL;
}

static bool digest_of(const json_t *v, const char *key, uint64_t *out)
{
	const char *s = json_string_value(json_object_get(v, key));
	char *end;

	if (!s || strlen(s) != 16)
		return false;
	*out = strtoull(s, &end, 16);
	return !*end;
}

static bool status_of(const json_t *v, uint8_t *out)
{
	const char *s = json_string_value(json_object_get(v, "status"));

	for (uint8_t i = 0; s && i <= FACTS_SKIPPED; i++) {
		if (strcmp(s, status_words[i]))
			continue;
		*out = i;
		return true;
	}
	return false;
}

static bool take_head(struct facts *f, struct arena *a, const json_t *v)
{
	json_int_t raw = json_integer_value(json_object_get(v, "raw"));
	const json_t *asked = json_object_get(v, "asked");

	f->object = text_of(a, v, "object");
	f->source = text_of(a, v, "source");
	f->directory = text_of(a, v, "directory");
	f->srctree = text_of(a, v, "srctree");
	f->version = text_of(a, v, "version");
	f->raw = raw < 0 ? RAW_MAX + 1 : (size_t)raw;
	f->asked = json_is_true(asked);
	return json_is_boolean(asked) && f->object && f->directory && f->version &&
	       f->raw <= RAW_MAX &&
	       digest_of(v, "rules", &f->rules) && digest_of(v, "flags", &f->flags) &&
	       status_of(v, &f->status) && (f->status == FACTS_SKIPPED) == !f->raw;
}

static bool take_chains(struct facts *f, struct arena *a, const json_t *v)
{
	struct paste_chain *chains = arena_new_array(a, struct paste_chain, json_array_size(v));
	const json_t *one;
	size_t i;

	json_array_foreach(v, i, one) {
		if (!json_is_string(one))
			return false;
		chains[i].text = arena_strdup(a, json_string_value(one));
	}
	f->words.chains = chains;
	f->words.nchains = (uint32_t)json_array_size(v);
	return json_is_array(v);
}

/* The words behind the head, and where the IR is behind them. */
static bool take_words(struct facts *f, struct arena *a, const json_t *v, const char *p, size_t n)
{
	json_int_t words = json_integer_value(json_object_get(v, "words"));
	json_int_t packed = json_integer_value(json_object_get(v, "packed"));
	const json_t *everything = json_object_get(v, "everything");
	const json_t *pastes = json_object_get(v, "pastes");

	if (words < 0 || packed < words || (uint64_t)packed > n ||
	    !json_is_boolean(everything) || !take_chains(f, a, pastes))
		return false;
	f->words.n = (uint32_t)words;
	f->words.everything = json_is_true(everything);
	f->ir = p + packed;
	f->nir = n - (size_t)packed;
	if (f->status != FACTS_SKIPPED && (words || f->words.everything || f->words.nchains))
		return false;
	return (uint64_t)words <= UINT32_MAX && vocabulary_unpack(&f->words, a, p, (size_t)packed);
}

bool facts_read(struct facts *f, struct arena *a, const char *name, const char *p, size_t n,
		struct buffer *why)
{
	char hash[8];
	const char *line;
	json_t *v;
	bool good;

	*f = (struct facts){ 0 };
	if (n < HEAD || memcmp(p, MAGIC, sizeof(MAGIC) - 1))
		return refuse(why, name, "is no facts file of this version of protflow");
	put_hash(XXH64(p + HEAD, n - HEAD, 0), hash);
	if (memcmp(p + HEAD - 8, hash, sizeof(hash)))
		return refuse(why, name, "is damaged: its bytes are not those that were written");
	line = memchr(p + HEAD, '\n', n - HEAD);
	if (!line)
		return refuse(why, name, "is damaged: it has no head");
	v = json_loadb(p + HEAD, (size_t)(line - p) - HEAD, JSON_REJECT_DUPLICATES, NULL);
	good = take_head(f, a, v) && take_words(f, a, v, line + 1, (size_t)(p + n - line) - 1);
	json_decref(v);
	return good || refuse(why, name, "has a head that is none of a facts file");
}

bool facts_may_have(const struct facts *f, const char *word)
{
	struct vocabulary_word w;
	bool may;

	vocabulary_word_init(&w, word, NULL);
	may = vocabulary_may_have(&f->words, &w);
	vocabulary_word_release(&w);
	return may;
}

bool facts_unit(const struct facts *f, struct ir_unit *u, const char *name, struct buffer *why)
{
	const char *fault = NULL;
	char *raw;
	size_t n;

	if (!f->raw)
		return refuse(why, name, "holds no IR");
	raw = xmalloc(f->raw);
	n = ZSTD_decompress(raw, f->raw, f->ir, f->nir);
	if (ZSTD_isError(n) || n != f->raw)
		fault = "its IR cannot be unpacked";
	else
		ir_read(u, raw, n, &fault);
	free(raw);
	return !fault || refuse(why, name, fault);
}

