/* SPDX-License-Identifier: MIT */
/*
 * facts.h - what a unit leaves for the link, as a file
 *
 * "protflow check" leaves one file for each object, .protflow/OBJECT.facts in the
 * object tree: who wrote it for which unit under which rules and flags, and
 * the IR of the unit, compressed. The head is read first and alone; the IR
 * only of units that the link needs.
 *
 *	"PFFACTS4"	8 bytes
 *	hash		8 bytes, little-endian: XXH64 of all that follows
 *	head		one line of JSON, see struct facts
 *	words		of the text of a unit that was skipped, kbuild/vocabulary.h; the
 *			head says how many. What a unit with IR has the IR tells
 *	IR		ir/io.h, one zstd frame
 *
 * A file is hostile input: truncated, flipped bits, of another version, it gives
 * a message that names it, and counts as a unit that was not seen.
 */
#ifndef PF_PROGRAM_FACTS_H
#define PF_PROGRAM_FACTS_H

#include "base/arena.h"
#include "base/buffer.h"
#include "ir/ir.h"
#include "kbuild/vocabulary.h"

enum facts_status {
	FACTS_WHOLE,		/* the unit was read in full */
	FACTS_PARTIAL,		/* it did not parse cleanly */
	FACTS_SKIPPED,		/* no rule could concern it by its text; no IR */
};

struct facts {
	const char *object;	/* the unit's name in a run: "drivers/iommu/intel/iommu.o" */
	const char *source;	/* as on the command line */
	const char *directory;	/* the compiler's working directory */
	const char *srctree;	/* of the kernel's source, or NULL */
	const char *version;	/* of protflow */
	uint64_t rules;		/* digest of the rule files */
	uint64_t flags;		/* digest of the flags of the unit */
	uint8_t status;		/* enum facts_status */
	bool asked;		/* it was read whatever its text says, for somebody asked for it */
	struct vocabulary words;	/* SKIPPED: of its source, its private headers and -D */
	size_t raw;		/* bytes of the IR */
	const char *ir;		/* compressed; inside the text that was read */
	size_t nir;
};

/* Appends the file's bytes. u: what ir_link_unit() made of the unit, or NULL. */
void facts_write(const struct facts *f, const struct ir_unit *u, struct buffer *out);

/*
 * Reads the head of n bytes, which must stay while f is used; its strings are
 * in the arena. False with a line in *why, which begins with name.
 */
bool facts_read(struct facts *f, struct arena *a, const char *name, const char *p, size_t n,
		struct buffer *why);

/*
 * Whether the text of the unit, one that was skipped, can mention the word, a name of a
 * function or a field; errs only to yes. The text is the source, its private headers and -D: a
 * unit without the word can still reach what it names through an inline function
 * or a macro of a public header, as it calls f() by an inline wrapper of f().
 * So no is an answer for what public headers do not name: the members of a record
 * of a private header, a function that only such a one declares.
 */
bool facts_may_have(const struct facts *f, const char *word);

/* Reads the IR into the empty unit. False as above. */
bool facts_unit(const struct facts *f, struct ir_unit *u, const char *name, struct buffer *why);

#endif
