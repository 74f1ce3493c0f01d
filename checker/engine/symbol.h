/* SPDX-License-Identifier: MIT */
/*
 * symbol.h - what the symbols of the domain stand for in a function
 *
 * A symbol is keyed by what makes it: the same parameter, cell or site gives
 * the same symbol. Symbols of the first group mean the same in every function;
 * those of the second are entry symbols of one function, which a call replaces
 * by the caller's values; those of the third come into being while the
 * function runs and get a fresh twin at each call of it.
 */
#ifndef PF_ENGINE_SYMBOL_H
#define PF_ENGINE_SYMBOL_H

#include "base/map.h"
#include "domain/word.h"
#include "ir/ir.h"

enum symbol_kind {
	SYM_K_NONE,
	/* the same everywhere */
	SYM_K_GLOBAL,		/* address of a global: a = ir_glob */
	SYM_K_FUNC,		/* address of a function: a = ir_fn */
	SYM_K_TOKEN,		/* a lock without an object: a = its name */
	/* entry symbols */
	SYM_K_PARAM,		/* fn's parameter a */
	SYM_K_CELL,		/* the content at entry of cell (base, a = offset, b = width) */
	SYM_K_INIT,		/* the content now of an init-only cell, same key */
	SYM_K_FINAL,		/* its content when the object is published, same key */
	SYM_K_HELD,		/* 1 where the caller holds the lock (base, a = offset) */
	SYM_K_BOUND,		/* an object of a rule that the function cannot name: a = key */
	/* made on the way */
	SYM_K_LOCAL,		/* address of fn's local a */
	SYM_K_HEAP,		/* address of the object that an allocation at site a gave */
	SYM_K_ELEM,		/* a pointer at a variable offset into base, made at site a */
	SYM_K_SITE,		/* a value that came up at site a (b tells several apart) */
	SYM_K_CALLEE,		/* the twin at call site a of the callee's symbol base */
};

struct symbol {
	uint8_t kind;		/* enum symbol_kind */
	uint8_t width;
	uint8_t origin;		/* enum sym_origin */
	uint8_t heap_of;	/* CALLEE: the twin of a HEAP symbol */
	ir_fn fn;		/* the function it belongs to, or IR_NONE */
	sym_id base;
	uint64_t a;
	uint32_t b;
	ir_rec rec;		/* a pointer: the record it points to, or IR_NONE */
	ir_rec cell_rec;	/* a cell: the record of the access that made it, */
	uint64_t cell_off;	/* and the offset in it; IR_NONE where it had none */
	uint32_t reason;	/* origin UNKNOWN: index into unit->reasons, 0 none */
	ir_loc loc;
	word_id index;		/* ELEM: base + delta bytes + index * scale bits */
	int64_t scale, delta;
	sym_id read_of;		/* SITE, CALLEE: it was read there, at read_off bits, when the */
	int64_t read_off;	/* content was not known; else SYM_NONE */
	bool found;		/* all that it can be was read from memory that others reach */
	sym_id parent[4];	/* pointers that the value was computed from; in a loop two can */
	uint8_t nparents;	/* be each other's */
	uint16_t depth;		/* of symbols that this one is told by: base and index */
};

#define SYMBOL_DEPTH 64		/* deeper, a function is too much */

struct symbols {
	struct dom *dom;
	const struct ir_unit *unit;
	Array(struct symbol) v;		/* by sym_id */
	Array(sym_id) object;		/* by sym_id: see symbol_object() */
	struct map index;		/* hash of the key -> sym_id, chained */
	Array(uint32_t) chain;
	struct map sites;		/* that have made a symbol; see symbol_is_made_at() */
	ir_fn current;			/* the function under analysis: entry cells are its */
	bool too_deep;			/* a symbol was made that is deeper than SYMBOL_DEPTH */
};

void symbols_init(struct symbols *s, struct dom *dom, const struct ir_unit *unit);
void symbols_release(struct symbols *s);

/*
 * The symbol with the key (kind, fn, base, a, b, width; index, scale, delta) of
 * key; the rest of *key is what it gets when it is new.
 */
sym_id symbol_get(struct symbols *s, const struct symbol *key);

/*
 * The content at entry of the current function of (root, off, width). rec and
 * recoff say which member that is; IR_NONE: what the root's record says.
 */
sym_id symbol_cell(struct symbols *s, enum symbol_kind kind, sym_id root, int64_t off,
		   uint8_t width, ir_rec rec, uint64_t recoff);

/* No more than there is room for, and none twice. */
void symbol_add_parent(struct symbol *k, sym_id parent);

/* The site of fn may have made a symbol. */
bool symbol_is_made_at(const struct symbols *s, ir_fn fn, uint64_t site);

/* Never NULL; a symbol that the domain derived gives kind NONE. */
const struct symbol *symbol_info(const struct symbols *s, sym_id id);

/* A key with nothing but its kind and no record. */
struct symbol symbol_key(enum symbol_kind kind, ir_fn fn, uint8_t width);

/* The address of an object of the function's own: LOCAL, HEAP, or an element of one. */
bool symbol_is_object(const struct symbols *s, sym_id id);
bool symbol_is_heap(const struct symbols *s, sym_id id);

/* It was read from memory that is not the function's own: it is no object that it has made. */
bool symbol_is_found(const struct symbols *s, sym_id id);

/* The object that an ELEM points into, else id itself. */
sym_id symbol_object(const struct symbols *s, sym_id id);

/* Text for a maintainer: "prot", "domain->nested_parent". A sym_namer; arg is the symbols. */
void symbol_name(void *arg, sym_id id, struct buffer *out);

/* The same for messages: where a value came from, and not which of them it is. */
void symbol_plain_name(const struct symbols *s, sym_id id, struct buffer *out);

/* "x->field" for the cell at off bits of the object that root points to. */
void symbol_cell_name(const struct symbols *s, sym_id root, int64_t off, uint32_t width,
		      struct buffer *out);

#endif
