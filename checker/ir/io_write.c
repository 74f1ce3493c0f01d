/* SPDX-License-Identifier: MIT */
#include "ir/io.h"

/*
 * "PFIR", the version, the number of entries of each table, then the tables.
 * Numbers are LEB128; an index that may be IR_NONE is written plus one; signed
 * numbers are zigzag. io_read.c reads in the same order.
 */

static void put(struct buffer *out, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		buffer_putc(out, (char)(v | 0x80));
	buffer_putc(out, (char)v);
}

static void put_index(struct buffer *out, uint32_t i)
{
	put(out, i == IR_NONE ? 0 : (uint64_t)i + 1);
}

static void put_signed(struct buffer *out, int64_t v)
{
	put(out, (uint64_t)v << 1 ^ (uint64_t)(v >> 63));
}

static void put_val(struct buffer *out, struct ir_val v)
{
	put(out, (uint64_t)v.i << 2 | v.kind);
}

static void put_type(struct buffer *out, const struct ir_type *t)
{
	put(out, t->kind | (unsigned)t->is_signed << 3 | (unsigned)t->is_func_ptr << 4);
	put(out, t->width);
	put_index(out, t->rec);
	put(out, t->size);
	put(out, t->elem_size);
}

static void put_strings(const struct ir_unit *u, struct buffer *out)
{
	for (uint32_t i = 1; i < u->names.strings.n; i++) {
		const char *s = u->names.strings.v[i];
		size_t n = strlen(s);

		put(out, n);
		buffer_add(out, s, n);
	}
}

static void put_places(const struct ir_unit *u, struct buffer *out)
{
	for (uint32_t i = 1; i < u->locs.n; i++) {
		const struct ir_place *p = &u->locs.v[i];

		put(out, p->file);
		put(out, p->line);
		put(out, p->col);
		put(out, p->end_line);
		put(out, p->end_col);
		put(out, p->macro);
		put(out, p->spell_file);
		put(out, p->spell_line);
		put(out, p->spell_col);
	}
}

static void put_record(const struct ir_record *r, struct buffer *out)
{
	put(out, r->tag);
	put(out, r->size);
	put(out, (unsigned)r->complete | (unsigned)r->is_union << 1);
	put(out, r->loc);
	put(out, r->fields.n);
	for (uint32_t i = 0; i < r->fields.n; i++) {
		const struct ir_field *f = &r->fields.v[i];

		put(out, f->name);
		put(out, f->off);
		put(out, f->width);
		put(out, f->unit_off);
		put(out, f->unit_width);
		put_type(out, &f->type);
		put(out, (unsigned)f->is_bitfield | (unsigned)f->in_union << 1);
		put(out, f->loc);
	}
}

static void put_global(const struct ir_global *g, struct buffer *out)
{
	const bool flags[] = { g->is_static, g->is_const, g->is_extern, g->is_local,
			       g->has_init, g->init_unknown, g->bytes != NULL };
	unsigned bits = 0;

	for (unsigned i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		bits |= (unsigned)flags[i] << i;
	put(out, g->name);
	put_type(out, &g->type);
	put(out, bits);
	put_index(out, g->owner);
	put(out, g->loc);
	if (g->bytes)
		buffer_add(out, g->bytes, g->type.size / 8);
	put(out, g->inits.n);
	for (uint32_t i = 0; i < g->inits.n; i++) {
		const struct ir_init *init = &g->inits.v[i];

		put(out, init->off);
		put(out, init->width);
		put(out, init->value);
		put_index(out, init->fn);
		put_index(out, init->glob);
	}
}

static void put_insn(const struct ir_insn *i, struct buffer *out)
{
	put(out, i->op);
	put(out, i->mark);
	put(out, i->width);
	put(out, i->flags);
	put_index(out, i->dst);
	put_val(out, i->a);
	put_val(out, i->b);
	put_val(out, i->c);
	put_index(out, i->imm);
	put(out, i->args);
	put(out, i->nargs);
	put_index(out, i->rec);
	put(out, i->recoff);
	put_signed(out, i->off);
	put(out, i->loc);
}

static void put_term(const struct ir_term *t, struct buffer *out)
{
	put(out, t->kind | (unsigned)t->is_signed << 3);
	put_val(out, t->cond);
	put(out, t->loc);
	put(out, t->nsucc);
	for (uint32_t k = 0; k < t->nsucc; k++)
		put(out, t->succ[k]);
	put(out, t->ncases);
	for (uint32_t k = 0; k < t->ncases; k++) {
		put(out, t->cases[k].lo);
		put(out, t->cases[k].hi);
		put(out, t->cases[k].block);
	}
}

static void put_func(const struct ir_func *f, struct buffer *out)
{
	put(out, f->name);
	put(out, f->flags);
	put(out, f->state);
	put(out, f->reason);
	put_type(out, &f->ret);
	put(out, f->loc);
	put(out, f->nparams);
	put(out, f->locals.n);
	for (uint32_t i = 0; i < f->locals.n; i++) {
		put(out, f->locals.v[i].name);
		put_type(out, &f->locals.v[i].type);
		put(out, f->locals.v[i].is_param);
		put(out, f->locals.v[i].loc);
	}
	put(out, f->temps.n);
	for (uint32_t i = 0; i < f->temps.n; i++)
		put_type(out, &f->temps.v[i].type);
	put(out, f->args.n);
	for (uint32_t i = 0; i < f->args.n; i++)
		put_val(out, f->args.v[i]);
	put(out, f->blocks.n);
	for (uint32_t i = 0; i < f->blocks.n; i++) {
		const struct ir_block *b = &f->blocks.v[i];

		put(out, b->insns.n);
		for (uint32_t k = 0; k < b->insns.n; k++)
			put_insn(&b->insns.v[k], out);
		put_term(&b->term, out);
	}
}

static void put_names(const struct map *m, struct buffer *out)
{
	put(out, m->entries.n);
	for (uint32_t i = 0; i < m->entries.n; i++) {
		put(out, m->entries.v[i].key);
		put(out, m->entries.v[i].value);
	}
}

void ir_write(const struct ir_unit *u, struct buffer *out)
{
	const uint32_t counts[] = { u->names.strings.n ? u->names.strings.n - 1 : 0,
				    u->locs.n - 1, u->consts.n, u->records.n, u->funcs.n,
				    u->globals.n, u->reasons.n };

	buffer_add(out, "PFIR", 4);
	put(out, IR_IO_VERSION);
	for (unsigned i = 0; i < sizeof(counts) / sizeof(*counts); i++)
		put(out, counts[i]);
	put_strings(u, out);
	put(out, u->file);
	put(out, u->ptr_width);
	put_places(u, out);
	for (uint32_t i = 0; i < u->consts.n; i++) {
		put(out, u->consts.v[i].width);
		put(out, u->consts.v[i].value);
	}
	for (uint32_t i = 0; i < u->records.n; i++)
		put_record(&u->records.v[i], out);
	for (uint32_t i = 0; i < u->reasons.n; i++) {
		put(out, u->reasons.v[i].kind);
		put(out, u->reasons.v[i].text);
		put(out, u->reasons.v[i].loc);
	}
	for (uint32_t i = 0; i < u->globals.n; i++)
		put_global(&u->globals.v[i], out);
	for (uint32_t i = 0; i < u->funcs.n; i++)
		put_func(&u->funcs.v[i], out);
	put_names(&u->record_index, out);
	put_names(&u->func_index, out);
	put_names(&u->global_index, out);
}
