/* SPDX-License-Identifier: MIT */
#include "engine/cells.h"
#include "engine/reach.h"

struct reach {
	struct fun *f;
	const struct state *s;
	struct map seen;	/* symbols */
	struct map named;	/* those of them that need something to lead to them */
	bool more;
};

static void reach_word(struct reach *r, word_id w);

static const struct symbol *info(const struct reach *r, sym_id id)
{
	return symbol_info(&r->f->e->syms, id);
}

static bool is_named(const struct reach *r, sym_id id)
{
	return map_get(&r->named, id.i) != NULL;
}

/*
 * The caller can name it by itself; else something has to lead there: to an object that
 * the function made, and to a value that came up in it.
 */
static bool is_nameless(const struct reach *r, sym_id id)
{
	const struct symbol *k;

	for (k = info(r, id); !is_named(r, id); k = info(r, id)) {
		if (k->kind == SYM_K_HEAP || k->kind == SYM_K_SITE || k->kind == SYM_K_CALLEE)
			return true;
		/* The content of memory has the name of that. */
		if (k->kind != SYM_K_ELEM && k->kind != SYM_K_CELL && k->kind != SYM_K_INIT)
			return false;
		id = k->base;
	}
	return false;
}

static void add_name(struct reach *r, sym_id id)
{
	if (!is_named(r, id)) {
		*map_put(&r->named, id.i) = 1;
		r->more = true;
	}
}

static void reach_symbol(struct reach *r, sym_id id)
{
	enum ir_op op;
	word_id a, b;

	if (map_get(&r->seen, id.i))
		return;
	*map_put(&r->seen, id.i) = 1;
	if (is_nameless(r, id)) {
		add_name(r, id);
		add_name(r, symbol_object(&r->f->e->syms, id));
	}
	if (sym_def(r->f->e->dom, id, &op, &a, &b)) {
		reach_word(r, a);
		reach_word(r, b);
	}
}

static void reach_word(struct reach *r, word_id w)
{
	const sym_id *mentioned;
	uint32_t n;

	if (word_is_none(w))
		return;
	mentioned = word_mentions(r->f->e->dom, w, &n);
	for (uint32_t i = 0; i < n; i++)
		reach_symbol(r, mentioned[i]);
}

/* By what was written: what was only read the caller is not told of. */
static void reach_cells(struct reach *r)
{
	for (r->more = true; r->more;) {
		r->more = false;
		for (uint32_t i = 0; i < r->s->cells.n; i++) {
			const struct cell *c = &r->s->cells.v[i];

			if (!c->written || is_nameless(r, c->root))
				continue;
			if (c->kind == CELL_WORD)
				reach_word(r, c->val);
			reach_word(r, c->own);
			reach_word(r, c->from);
		}
	}
}

/* An object that others can reach: what its init-only fields became is still asked for. */
static bool is_final(const struct reach *r, const struct cell *c)
{
	return symbol_is_heap(&r->f->e->syms, c->root) && !mem_is_private(r->f, r->s, c->root) &&
	       (c->kind == CELL_ZERO || mem_is_init(r->f, c->class));
}

/* It is known of nobody whether it is public who is not known. */
static void drop_publications(struct reach *r, struct state *s)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < s->published.n; i++) {
		sym_id object = s->published.v[i].object;

		if (!is_nameless(r, object) || map_get(&r->seen, object.i))
			s->published.v[kept++] = s->published.v[i];
	}
	s->published.n = kept;
}

static void drop_cells(struct reach *r, struct state *s)
{
	const struct symbols *syms = &r->f->e->syms;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < s->cells.n; i++) {
		struct cell c = s->cells.v[i];
		sym_id object = symbol_object(syms, c.root);

		if (!is_nameless(r, c.root) || is_final(r, &c)) {
			s->cells.v[kept++] = c;
			*map_put(&r->seen, object.i) = 1;
		} else if (symbol_is_heap(syms, object) && mem_is_private(r->f, s, object)) {
			state_free(s, object);
		}
	}
	s->cells.n = kept;
}

void reach_drop(struct fun *f, struct state *s, word_id ret)
{
	struct reach r = { .f = f, .s = s };

	reach_word(&r, ret);
	reach_cells(&r);
	drop_cells(&r, s);
	drop_publications(&r, s);
	map_release(&r.named);
	map_release(&r.seen);
}
