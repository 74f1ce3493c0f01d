/* SPDX-License-Identifier: MIT */
#include "engine/symbol.h"

#include <string.h>

#include "base/buffer.h"

#define NAME_DEPTH 6

void symbols_init(struct symbols *s, struct dom *dom, const struct ir_unit *unit)
{
	*s = (struct symbols){ .dom = dom, .unit = unit };
}

void symbols_release(struct symbols *s)
{
	array_release(&s->v);
	array_release(&s->object);
	array_release(&s->chain);
	map_release(&s->index);
	map_release(&s->sites);
}

struct symbol symbol_key(enum symbol_kind kind, ir_fn fn, uint8_t width)
{
	return (struct symbol){ .kind = (uint8_t)kind, .width = width, .fn = fn, .rec = IR_NONE,
				.cell_rec = IR_NONE };
}

static bool key_equal(const struct symbol *x, const struct symbol *y)
{
	return x->kind == y->kind && x->fn == y->fn && x->base.i == y->base.i && x->a == y->a &&
	       x->b == y->b && x->width == y->width && x->index.i == y->index.i &&
	       x->scale == y->scale && x->delta == y->delta;
}

static void symbol_facts(struct symbols *s, sym_id id, const struct symbol *k)
{
	bool object = k->kind == SYM_K_GLOBAL || k->kind == SYM_K_FUNC || k->kind == SYM_K_LOCAL ||
		      k->kind == SYM_K_HEAP || (k->kind == SYM_K_CALLEE && k->heap_of);

	if (object)
		sym_set_address(s->dom, id);
	if (object || k->kind == SYM_K_ELEM)
		sym_set_nonzero(s->dom, id);
}

bool symbol_is_made_at(const struct symbols *s, ir_fn fn, uint64_t site)
{
	return map_get(&s->sites, hash_mix(fn, site)) != NULL;
}

struct depth { const struct symbols *s; uint16_t n; };

static bool deepen(void *arg, sym_id id)
{
	struct depth *d = arg;
	uint16_t below = symbol_info(d->s, id)->depth;

	if (below >= d->n)
		d->n = (uint16_t)(below + 1);
	return false;
}

/* What replaces a symbol goes as deep: the parts of a twin are not asked for. */
static uint16_t depth_of(const struct symbols *s, const struct symbol *k)
{
	struct depth d = { s, 0 };
	const sym_id *in;
	uint32_t n = 0;

	if (k->kind == SYM_K_CALLEE || !k->base.i)
		return 0;
	deepen(&d, k->base);
	in = word_is_none(k->index) ? NULL : word_mentions(s->dom, k->index, &n);
	for (uint32_t i = 0; i < n; i++)
		sym_mentions(s->dom, in[i], deepen, &d);
	return d.n;
}

void symbol_add_parent(struct symbol *k, sym_id parent)
{
	for (uint8_t i = 0; i < k->nparents; i++)
		if (k->parent[i].i == parent.i)
			return;
	if (k->nparents < sizeof(k->parent) / sizeof(k->parent[0]))
		k->parent[k->nparents++] = parent;
}

static void note_site(struct symbols *s, const struct symbol *k)
{
	if (k->kind == SYM_K_SITE || k->kind == SYM_K_HEAP || k->kind == SYM_K_ELEM ||
	    k->kind == SYM_K_CALLEE)
		map_put(&s->sites, hash_mix(k->fn, k->a));
}

sym_id symbol_get(struct symbols *s, const struct symbol *key)
{
	uint64_t h = hash_mix(hash_mix(key->kind, key->fn), hash_mix(key->base.i, key->a));
	uint64_t *first = map_put(&s->index, hash_mix(h, key->b * 64ull + key->width));
	sym_id id;

	for (uint32_t i = (uint32_t)*first; i; i = s->chain.v[i])
		if (key_equal(&s->v.v[i], key))
			return (sym_id){ i };
	id = sym_new(s->dom, key->width, key->origin);
	while (s->v.n <= id.i) {
		array_push(&s->v, (struct symbol){ .rec = IR_NONE, .fn = IR_NONE });
		array_push(&s->chain, 0);
		array_push(&s->object, (sym_id){ s->object.n });
	}
	s->v.v[id.i] = *key;
	s->object.v[id.i] = key->kind == SYM_K_ELEM ? symbol_object(s, key->base) : id;
	s->v.v[id.i].depth = depth_of(s, key);
	s->too_deep |= s->v.v[id.i].depth > SYMBOL_DEPTH;
	s->chain.v[id.i] = (uint32_t)*first;
	*first = id.i;
	symbol_facts(s, id, key);
	note_site(s, key);
	return id;
}

sym_id symbol_cell(struct symbols *s, enum symbol_kind kind, sym_id root, int64_t off,
		   uint8_t width, ir_rec rec, uint64_t recoff)
{
	struct symbol key = symbol_key(kind, s->current, width);
	const struct symbol *r = symbol_info(s, root);
	const struct ir_field *f = NULL;
	ir_rec inner = IR_NONE;
	uint64_t inner_off = 0;

	key.base = root;
	key.a = (uint64_t)off;
	key.b = width;
	if (rec == IR_NONE && r->rec != IR_NONE && off >= 0) {
		rec = r->rec;
		recoff = (uint64_t)off;
	}
	key.cell_rec = rec;
	key.cell_off = recoff;
	if (rec != IR_NONE)
		f = ir_field_at(s->unit, rec, recoff, width, &inner, &inner_off);
	if (f && f->type.kind == IR_T_PTR)
		key.rec = f->type.rec;
	return symbol_get(s, &key);
}

const struct symbol *symbol_info(const struct symbols *s, sym_id id)
{
	static const struct symbol none = { .rec = IR_NONE, .fn = IR_NONE };

	return id.i < s->v.n ? &s->v.v[id.i] : &none;
}

sym_id symbol_object(const struct symbols *s, sym_id id)
{
	return id.i < s->object.n ? s->object.v[id.i] : id;
}

bool symbol_is_heap(const struct symbols *s, sym_id id)
{
	const struct symbol *k = symbol_info(s, symbol_object(s, id));

	return k->kind == SYM_K_HEAP || (k->kind == SYM_K_CALLEE && k->heap_of);
}

bool symbol_is_object(const struct symbols *s, sym_id id)
{
	return symbol_info(s, symbol_object(s, id))->kind == SYM_K_LOCAL || symbol_is_heap(s, id);
}

/* A name that is being written. */
struct namer {
	const struct symbols *s;
	struct buffer *out;
	bool plain;		/* without what tells two values from one place apart */
};

static void name_at(const struct namer *n, sym_id id, unsigned depth);

/* Of the members of a union the one that points to such a record. */
static const struct ir_field *sibling(const struct symbols *s, ir_rec in, const struct ir_field *f,
				      ir_rec pointee)
{
	const struct ir_record *r = &s->unit->records.v[in];

	for (uint32_t i = 0; f->in_union && pointee != f->type.rec && i < r->fields.n; i++) {
		const struct ir_field *g = &r->fields.v[i];

		if (g->off == f->off && g->type.kind == IR_T_PTR && g->type.rec == pointee)
			return g;
	}
	return f;
}

/* pointee: what the content points to, IR_NONE where that is not known. */
static void cell_name_at(const struct namer *n, sym_id root, int64_t off, uint32_t width,
			 ir_rec rec, uint64_t recoff, ir_rec pointee, unsigned depth)
{
	const struct symbols *s = n->s;
	const struct symbol *k = symbol_info(s, root);
	ir_rec inner = IR_NONE;
	uint64_t inner_off = 0;
	const struct ir_field *f = NULL;

	if (rec == IR_NONE && off >= 0) {
		rec = k->rec;
		recoff = (uint64_t)off;
	}
	if (rec != IR_NONE)
		f = ir_field_at(s->unit, rec, recoff, width, &inner, &inner_off);
	name_at(n, root, depth);
	if (f && pointee != IR_NONE)
		f = sibling(s, inner, f, pointee);
	if (f)
		buffer_printf(n->out, "->%s", intern_get(&s->unit->names, f->name));
	else if (off)
		buffer_printf(n->out, "[%+lld bits]", (long long)off);
	else
		buffer_puts(n->out, "[0]");
}

static const char *param_name(const struct symbols *s, const struct symbol *k)
{
	const struct ir_func *f = &s->unit->funcs.v[k->fn];
	uint64_t i = k->a;

	if (k->kind == SYM_K_PARAM && f->ret.kind == IR_T_AGG && !i--)
		return "result";
	return i < f->locals.n ? intern_get(&s->unit->names, f->locals.v[i].name) : "?";
}

/* A value that has no name but that of where it was read. */
static void value_name_at(const struct namer *n, sym_id id, unsigned depth)
{
	const struct symbol *k = symbol_info(n->s, id);

	if (n->plain && k->read_of.i)
		cell_name_at(n, k->read_of, k->read_off, k->width, IR_NONE, 0, k->rec, depth + 1);
	else
		buffer_printf(n->out, "<value #%u>", id.i);
}

static void callee_name_at(const struct namer *n, sym_id id, unsigned depth)
{
	if (n->plain && symbol_info(n->s, id)->read_of.i) {
		value_name_at(n, id, depth);
		return;
	}
	name_at(n, symbol_info(n->s, id)->base, depth + 1);
	if (!n->plain)
		buffer_puts(n->out, "'");
}

static void name_at(const struct namer *n, sym_id id, unsigned depth)
{
	const struct symbols *s = n->s;
	const struct symbol *k = symbol_info(s, id);
	const struct ir_unit *u = s->unit;
	struct buffer *out = n->out;

	if (depth > NAME_DEPTH) {
		buffer_puts(out, "...");
		return;
	}
	switch (k->kind) {
	case SYM_K_GLOBAL:
		buffer_printf(out, "&%s", intern_get(&u->names, u->globals.v[k->a].name));
		break;
	case SYM_K_FUNC:
		buffer_puts(out, intern_get(&u->names, u->funcs.v[k->a].name));
		break;
	case SYM_K_TOKEN:
		buffer_puts(out, intern_get(&u->names, (str_id)k->a));
		break;
	case SYM_K_HELD:
		buffer_puts(out, "held(");
		cell_name_at(n, k->base, (int64_t)k->a, 1, IR_NONE, 0, IR_NONE, depth + 1);
		buffer_puts(out, ")");
		break;
	case SYM_K_PARAM:
		buffer_puts(out, param_name(s, k));
		break;
	case SYM_K_LOCAL:
		buffer_printf(out, "&%s", param_name(s, k));
		break;
	case SYM_K_CELL:
	case SYM_K_INIT:
	case SYM_K_FINAL:
		cell_name_at(n, k->base, (int64_t)k->a, k->b, k->cell_rec, k->cell_off, k->rec,
			     depth + 1);
		if (k->kind == SYM_K_FINAL)
			buffer_puts(out, "(final)");
		break;
	case SYM_K_BOUND:
		buffer_printf(out, "<object %u>", (unsigned)k->a);
		break;
	case SYM_K_ELEM:
		name_at(n, k->base, depth + 1);
		buffer_puts(out, "[...]");
		break;
	case SYM_K_CALLEE:
		callee_name_at(n, id, depth);
		break;
	case SYM_K_HEAP:
		buffer_puts(out, "<new object>");
		break;
	default:
		value_name_at(n, id, depth);
	}
}

void symbol_name(void *arg, sym_id id, struct buffer *out)
{
	name_at(&(struct namer){ arg, out, false }, id, 0);
}

void symbol_plain_name(const struct symbols *s, sym_id id, struct buffer *out)
{
	name_at(&(struct namer){ s, out, true }, id, 0);
}

void symbol_cell_name(const struct symbols *s, sym_id root, int64_t off, uint32_t width,
		      struct buffer *out)
{
	cell_name_at(&(struct namer){ s, out, false }, root, off, width, IR_NONE, 0, IR_NONE, 0);
}
