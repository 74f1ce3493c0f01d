/* SPDX-License-Identifier: MIT */
/*
 * Bodies compared by what they mean outside of their unit: names for numbers,
 * the values of constants, the hashes of the functions that they call. What is
 * in a cycle of calls, other than a call of itself, or calls too deeply, is taken
 * for its unit's own.
 */
#include "ir/link_parts.h"

#define OPEN 1		/* in c->hashes: being computed */
#define PRIVATE 2	/* refers to what only its unit has */
#define CALLS_MAX 200	/* calls in calls */

struct hash {
	struct ir_copy *c;
	ir_fn fn;
	uint64_t h;
	bool is_private;
};

static void add(struct hash *x, uint64_t v)
{
	x->h = hash_mix(x->h, v);
}

static void add_name(struct hash *x, str_id id)
{
	const char *s = intern_get(&x->c->from->names, id);

	add(x, hash_bytes(s, strlen(s), 0));
}

static void add_loc(struct hash *x, ir_loc loc)
{
	const struct ir_place *p = &x->c->from->locs.v[loc];

	add_name(x, p->file);
	add(x, (uint64_t)p->line << 32 | p->col);
	add(x, (uint64_t)p->end_line << 32 | p->end_col);
	add_name(x, p->macro);
	add_name(x, p->spell_file);
	add(x, (uint64_t)p->spell_line << 32 | p->spell_col);
}

static void add_record(struct hash *x, ir_rec rec)
{
	if (rec == IR_NONE)
		return;
	add_name(x, x->c->from->records.v[rec].tag);
	add(x, x->c->from->records.v[rec].size);
}

static void add_type(struct hash *x, const struct ir_type *t)
{
	add(x, t->kind | (uint64_t)t->width << 8 | (uint64_t)t->is_signed << 16 |
	       (uint64_t)t->is_func_ptr << 17);
	add(x, t->size);
	add(x, t->elem_size);
	add_record(x, t->rec);
}

static void add_val(struct hash *x, struct ir_val v)
{
	add(x, v.kind);
	if (v.kind != IR_V_CONST) {
		add(x, v.i);
		return;
	}
	add(x, x->c->from->consts.v[v.i].value);
	add(x, x->c->from->consts.v[v.i].width);
}

static void add_func(struct hash *x, ir_fn fn)
{
	const struct ir_func *f = &x->c->from->funcs.v[fn];
	uint64_t h;

	add_name(x, f->name);
	if (fn == x->fn || !(f->flags & IR_FN_HAS_BODY))
		return;
	if (!(f->flags & IR_FN_STATIC) && !(f->flags & IR_FN_INLINE))
		return;
	h = f->flags & IR_FN_HEADER ? link_hash(x->c, fn) : 0;
	x->is_private |= !h;
	add(x, h);
}

static void add_global(struct hash *x, ir_glob id)
{
	const struct ir_global *g = &x->c->from->globals.v[id];

	add_name(x, g->name);
	add_type(x, &g->type);
	if (g->bytes)
		add(x, hash_bytes(g->bytes, g->type.size / 8, 1));
	add(x, g->inits.n);
	for (uint32_t i = 0; i < g->inits.n; i++) {
		add(x, g->inits.v[i].off);
		add(x, g->inits.v[i].value);
		/* A table: what stands in it may be each unit's own. */
		x->is_private |= g->is_static && (g->inits.v[i].fn != IR_NONE ||
						  g->inits.v[i].glob != IR_NONE);
	}
	x->is_private |= g->is_static && !g->is_local && !g->is_const;
}

static void add_imm(struct hash *x, const struct ir_insn *i)
{
	switch (i->op) {
	case IR_CALL:
	case IR_ADDR_FUNC:
		if (i->imm != IR_NONE)
			add_func(x, i->imm);
		break;
	case IR_ADDR_GLOBAL:
		add_global(x, i->imm);
		break;
	case IR_UNKNOWN:
	case IR_HAVOC:
	case IR_ASM:
		add(x, x->c->from->reasons.v[i->imm].kind);
		add_name(x, x->c->from->reasons.v[i->imm].text);
		break;
	default:
		add(x, i->imm);
	}
}

static void add_insn(struct hash *x, const struct ir_insn *i)
{
	add(x, i->op | (uint64_t)i->mark << 8 | (uint64_t)i->width << 16 |
	       (uint64_t)i->flags << 24 | (uint64_t)i->dst << 32);
	add_val(x, i->a);
	add_val(x, i->b);
	add_val(x, i->c);
	add_imm(x, i);
	add(x, (uint64_t)i->args << 32 | i->nargs);
	add_record(x, i->rec);
	add(x, i->recoff);
	add(x, (uint64_t)i->off);
	add_loc(x, i->loc);
}

static void add_term(struct hash *x, const struct ir_term *t)
{
	add(x, t->kind | (uint64_t)t->is_signed << 8);
	add_val(x, t->cond);
	for (uint32_t i = 0; i < t->nsucc; i++)
		add(x, t->succ[i]);
	for (uint32_t i = 0; i < t->ncases; i++) {
		add(x, t->cases[i].lo);
		add(x, t->cases[i].hi);
		add(x, t->cases[i].block);
	}
	add_loc(x, t->loc);
}

static void add_body(struct hash *x, const struct ir_func *f)
{
	add_name(x, f->name);
	add(x, f->flags & ~(uint32_t)IR_FN_ADDR_TAKEN);
	add(x, f->state);
	add_type(x, &f->ret);
	for (uint32_t i = 0; i < f->locals.n; i++) {
		add_name(x, f->locals.v[i].name);
		add_type(x, &f->locals.v[i].type);
	}
	for (uint32_t i = 0; i < f->temps.n; i++)
		add_type(x, &f->temps.v[i].type);
	for (uint32_t i = 0; i < f->args.n; i++)
		add_val(x, f->args.v[i]);
	for (uint32_t b = 0; b < f->blocks.n; b++) {
		add(x, f->blocks.v[b].insns.n);
		for (uint32_t i = 0; i < f->blocks.v[b].insns.n; i++)
			add_insn(x, &f->blocks.v[b].insns.v[i]);
		add_term(x, &f->blocks.v[b].term);
	}
}

uint64_t link_hash(struct ir_copy *c, ir_fn fn)
{
	const uint64_t *have = map_get(&c->hashes, fn);
	struct hash x = { .c = c, .fn = fn, .h = 1 };

	if (have)
		return *have == OPEN || *have == PRIVATE ? 0 : *have;
	if (c->hash_depth == CALLS_MAX)
		return 0;
	c->hash_depth++;
	*map_put(&c->hashes, fn) = OPEN;
	ir_func_body(c->from, fn);
	/* Bodies are lowered while others are hashed, which moves the table. */
	for (uint32_t b = 0; b < c->from->funcs.v[fn].blocks.n; b++)
		for (uint32_t i = 0; i < c->from->funcs.v[fn].blocks.v[b].insns.n; i++) {
			struct ir_insn in = c->from->funcs.v[fn].blocks.v[b].insns.v[i];

			if ((in.op == IR_CALL || in.op == IR_ADDR_FUNC) && in.imm != IR_NONE &&
			    c->from->funcs.v[in.imm].flags & IR_FN_HEADER &&
			    c->from->funcs.v[in.imm].flags & IR_FN_HAS_BODY)
				link_hash(c, in.imm);
		}
	add_body(&x, &c->from->funcs.v[fn]);
	c->hash_depth--;
	x.h |= 4;
	*map_put(&c->hashes, fn) = x.is_private ? PRIVATE : x.h;
	return x.is_private ? 0 : x.h;
}
