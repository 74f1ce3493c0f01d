/* SPDX-License-Identifier: MIT */
/*
 * Where the pointers of a variable come from. What a loop makes of "the next entry of
 * the list" is a value that is not known; that all it can be was read from memory that
 * others reach too tells that it is none of the function's new objects.
 */
#include "engine/fun.h"

enum { ORIGIN_FOUND = 1, ORIGIN_OTHER = 2 };

bool symbol_is_found(const struct symbols *syms, sym_id id)
{
	const struct symbol *k = symbol_info(syms, id);

	if (k->kind == SYM_K_PARAM || k->kind == SYM_K_CELL || k->kind == SYM_K_INIT ||
	    k->kind == SYM_K_GLOBAL || k->found)
		return true;
	return k->read_of.i && !symbol_is_object(syms, k->read_of);
}

/* The pointer that is stored in a variable of the function. */
void origin_note(struct fun *f, const struct access *a, word_id w)
{
	word_id alt[WORD_CHOICES];
	bit_id guard[WORD_CHOICES];
	unsigned n;
	int64_t delta;
	uint64_t value, *seen;
	sym_id root;

	if (!f->e->watched.n || a->width != f->e->unit->ptr_width ||
	    !word_as_symoff(f->e->dom, a->ptr, &root, &delta) ||
	    symbol_info(&f->e->syms, root)->kind != SYM_K_LOCAL)
		return;
	seen = map_put(&f->origins, root.i);
	n = word_choices(f->e->dom, w, alt, guard);
	for (unsigned i = 0; i < n; i++) {
		if (word_is_const(f->e->dom, alt[i], &value))
			continue;
		*seen |= word_as_symoff(f->e->dom, alt[i], &root, &delta) &&
			 symbol_is_found(&f->e->syms, root) ? ORIGIN_FOUND : ORIGIN_OTHER;
	}
	if (!n && !word_is_const(f->e->dom, w, &value))
		*seen |= ORIGIN_OTHER;
}

bool origin_is_found(struct fun *f, sym_id variable)
{
	const uint64_t *seen = map_get(&f->origins, variable.i);

	return seen && *seen == ORIGIN_FOUND;
}
