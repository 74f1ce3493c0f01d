/* SPDX-License-Identifier: MIT */
#include "engine/cells.h"
#include "engine/moved.h"
#include "engine/replay.h"

#include <string.h>

word_id value_of(struct fun *f, struct ir_val v)
{
	if (v.kind == IR_V_CONST) {
		const struct ir_const *c = &f->e->unit->consts.v[v.i];

		return word_const(f->e->dom, c->value, c->width);
	}
	return f->temps[v.i];
}

/* A _Bool is 0 or 1: other bits than the lowest are a trap representation (C11 6.2.6.1p5). */
word_id value_as(struct fun *f, uint32_t dst, word_id w)
{
	const struct ir_type *t = &f->body->temps.v[dst].type;
	struct dom *d = f->e->dom;
	bit_id is;

	if (t->kind != IR_T_BOOL || word_is_none(w) || word_width(d, w) < 2)
		return w;
	is = word_nonzero(d, w);
	return word_conv(d, IR_ZEXT, word_width(d, w),
			 word_bool(d, is.i == BIT_TOP.i ? word_bit(d, w, 0) : is));
}

static ir_rec pointee_of(const struct fun *f, uint32_t temp)
{
	const struct ir_type *t;

	if (temp == IR_NONE)
		return IR_NONE;
	t = &f->body->temps.v[temp].type;
	return t->kind == IR_T_PTR ? t->rec : IR_NONE;
}

static struct access access_of(struct fun *f, const struct ir_insn *i, uint64_t site)
{
	const struct ir_type *t = i->dst != IR_NONE ? &f->body->temps.v[i->dst].type : NULL;
	bool is_pointer = t && t->kind == IR_T_PTR;

	return (struct access){ .ptr = value_of(f, i->a), .off = i->off, .width = i->width,
				.rec = i->rec, .recoff = i->recoff, .site = site, .loc = i->loc,
				.pointee = pointee_of(f, i->dst), .is_pointer = is_pointer,
				.untyped = is_pointer && t->rec == IR_NONE,
				.elem = is_pointer ? t->elem_size : 0 };
}

static word_id address_of(struct fun *f, const struct ir_insn *i)
{
	struct symbol key = symbol_key(SYM_K_GLOBAL, IR_NONE, i->width);
	const struct ir_type *t = NULL;

	key.a = i->imm;
	if (i->op == IR_ADDR_LOCAL) {
		key.kind = SYM_K_LOCAL;
		key.fn = f->id;
		key.b = f->activation;
		t = &f->body->locals.v[i->imm].type;
	} else if (i->op == IR_ADDR_FUNC) {
		key.kind = SYM_K_FUNC;
	} else {
		t = &f->e->unit->globals.v[i->imm].type;
	}
	if (t && t->kind == IR_T_AGG && !t->elem_size)
		key.rec = t->rec;
	return word_symoff(f->e->dom, symbol_get(&f->e->syms, &key), i->off / 8);
}

static word_id param_of(struct fun *f, const struct ir_insn *i)
{
	struct symbol key = symbol_key(SYM_K_PARAM, f->id, i->width);

	if (f->args)
		return f->args[i->imm];
	key.a = i->imm;
	key.rec = pointee_of(f, i->dst);
	key.origin = ORIGIN_INPUT;
	key.loc = i->loc;
	return word_sym(f->e->dom, symbol_get(&f->e->syms, &key));
}

/* base + index * scale. */
static word_id element_of(struct fun *f, const struct ir_insn *i, uint64_t site)
{
	struct dom *d = f->e->dom;
	word_id base = value_of(f, i->a), index = value_of(f, i->b), w;
	struct symbol key = symbol_key(SYM_K_ELEM, f->id, i->width);

	key.a = site;
	key.rec = pointee_of(f, i->dst);
	key.index = index;
	key.scale = i->off;
	key.loc = i->loc;
	w = element_at(f, base, &key);
	if (!word_is_none(w))
		return w;
	return word_bin(d, IR_ADD, base, word_bin(d, IR_MUL, index,
		word_const(d, (uint64_t)(i->off / 8), word_width(d, index))));
}

/* A choice without the alternatives that the path condition refutes. */
static word_id prune(struct fun *f, const struct state *s, word_id w)
{
	struct dom *d = f->e->dom;
	word_id alt[WORD_CHOICES], r = WORD_NONE;
	bit_id guard[WORD_CHOICES];
	unsigned n = word_choices(d, w, alt, guard), kept = 0;

	if (n < 2)
		return w;
	for (unsigned i = 0; i < n; i++) {
		if (cond_entails(d, s->pc, PLANT(125, bit_not(d, guard[i]), guard[i])))
			continue;
		r = kept++ ? word_ite(d, guard[i], alt[i], r) : alt[i];
	}
	return kept && kept < n ? r : w;
}

/*
 * A loaded value whose bits are partly unknown gets a symbol for these bits,
 * written back, so that two loads of one variable see one value. A pointer
 * that is none of a few known ones becomes a symbol as a whole: what it points
 * to has a name then, and the type of the variable.
 */
static word_id materialise(struct fun *f, struct state *s, const struct access *a, word_id w)
{
	struct dom *d = f->e->dom;
	uint8_t width = word_width(d, w);
	word_id alt[WORD_CHOICES];
	bit_id guard[WORD_CHOICES], bits[64];
	struct target t[MEM_TARGETS];
	bool whole = a->is_pointer && !word_choices(d, w, alt, guard);
	sym_id fresh;

	if ((!whole && !word_has_top(d, w)) || mem_targets(f, s, a, t) != 1)
		return w;
	if (whole)
		return moved_name(f, s, a, w, &t[0], 1);
	fresh = site_symbol(f, a->site, 1, width, ORIGIN_UNKNOWN, a->pointee, a->loc);
	for (unsigned i = 0; i < width; i++) {
		bits[i] = word_bit(d, w, i);
		if (bits[i].i == BIT_TOP.i)
			bits[i] = bit_atom(d, atom_make(fresh, i));
	}
	if (f->route)
		route_renamed(f, s, w, fresh);
	w = word_is_top(d, w) ? word_sym(d, fresh) : word_from_bits(d, bits, width);
	cells_set_word(s, t[0].root, t[0].off, width, w);
	return w;
}

static word_id rmw_result(struct fun *f, enum ir_rmw op, word_id old, word_id val)
{
	static const uint8_t ops[] = {
		[IR_RMW_ADD] = IR_ADD, [IR_RMW_SUB] = IR_SUB, [IR_RMW_AND] = IR_AND,
		[IR_RMW_OR] = IR_OR, [IR_RMW_XOR] = IR_XOR,
	};

	if (op == IR_RMW_XCHG || op == IR_RMW_CMPXCHG)
		return val;
	return word_bin(f->e->dom, PLANT(116, ops[op], IR_OR), old, val);
}

/*
 * A compare-and-exchange stores only where the old value is the expected one:
 * the store is judged under that condition.
 */
static word_id execute_rmw(struct fun *f, struct state *s, const struct ir_insn *i, uint64_t site)
{
	struct access a = access_of(f, i, site);
	word_id old = mem_load(f, s, &a);
	word_id now = rmw_result(f, i->imm, old, value_of(f, i->b));

	mem_store(f, s, &a, now, i->imm == IR_RMW_CMPXCHG);
	return old;
}

static word_id unknown_of(struct fun *f, const struct ir_insn *i, uint64_t site)
{
	sym_id id = site_symbol(f, site, 0, i->width, ORIGIN_UNKNOWN, pointee_of(f, i->dst), i->loc);

	f->e->syms.v.v[id.i].reason = i->imm;
	return word_sym(f->e->dom, id);
}

static void execute_havoc(struct fun *f, struct state *s, const struct ir_insn *i, uint64_t site)
{
	struct access a = access_of(f, i, site);

	if (i->width && i->width <= 64) {
		mem_store(f, s, &a, unknown_of(f, i, site), false);
	} else {
		mem_set(f, s, &a, word_top(f->e->dom, 8), word_top(f->e->dom, 64));
	}
}

/*
 * A pointer into an object, beside its start: arithmetic on pointers that stays
 * in an object gives no null pointer (C11 6.5.6p8).
 */
static bool is_interior(struct fun *f, struct ir_val v)
{
	int64_t delta;
	sym_id root;

	return v.kind == IR_V_TEMP && f->body->temps.v[v.i].type.kind == IR_T_PTR &&
	       word_as_symoff(f->e->dom, value_of(f, v), &root, &delta) && delta;
}

static bool is_null(struct fun *f, struct ir_val v)
{
	uint64_t c;

	return word_is_const(f->e->dom, value_of(f, v), &c) && !c;
}

static word_id truth_of(struct fun *f, const struct ir_insn *i)
{
	return word_bool(f->e->dom, is_interior(f, i->a) ? BIT_1 :
			 word_nonzero(f->e->dom, value_of(f, i->a)));
}

static word_id binary_of(struct fun *f, const struct ir_insn *i)
{
	struct dom *d = f->e->dom;
	word_id a = value_of(f, i->a), b = value_of(f, i->b);

	if ((i->op == IR_EQ || i->op == IR_NE) &&
	    ((is_interior(f, i->a) && is_null(f, i->b)) ||
	     (is_interior(f, i->b) && is_null(f, i->a))))
		return word_bool(d, i->op == IR_NE ? BIT_1 : BIT_0);
	if (i->op >= IR_EQ && i->op <= IR_SLE)
		return word_bool(d, word_cmp(d, i->op, a, b));
	return word_bin(d, i->op, a, b);
}

static word_id evaluate(struct fun *f, struct state *s, const struct ir_insn *i, uint64_t site)
{
	struct dom *d = f->e->dom;
	struct access a;

	switch (i->op) {
	case IR_PARAM: return param_of(f, i);
	case IR_ADDR_LOCAL:
	case IR_ADDR_GLOBAL:
	case IR_ADDR_FUNC: return address_of(f, i);
	case IR_COPY: return value_of(f, i->a);
	case IR_NOT:
	case IR_NEG: return word_un(d, i->op, value_of(f, i->a));
	case IR_TRUNC:
	case IR_ZEXT:
	case IR_SEXT: return word_conv(d, PLANT(129, i->op, i->op == IR_SEXT ? IR_ZEXT : i->op),
				      i->width, value_of(f, i->a));
	case IR_TOBOOL: return truth_of(f, i);
	case IR_PTROFF: return word_bin(d, IR_ADD, value_of(f, i->a),
					word_const(d, (uint64_t)(i->off / 8), i->width));
	case IR_PTRADD: return element_of(f, i, site);
	case IR_LOAD:
		a = access_of(f, i, site);
		return materialise(f, s, &a, prune(f, s, mem_load(f, s, &a)));
	case IR_RMW: return execute_rmw(f, s, i, site);
	case IR_UNKNOWN: return unknown_of(f, i, site);
	default: return binary_of(f, i);
	}
}

/* A load of a flag that gates a report once is itself the gate. */
static void note_once_flag(struct fun *f, struct state *s, const struct ir_insn *i)
{
	int64_t delta;
	sym_id root;
	const struct symbol *k;
	const char *name;

	if (i->op != IR_LOAD || !word_as_symoff(f->e->dom, value_of(f, i->a), &root, &delta))
		return;
	k = symbol_info(&f->e->syms, root);
	if (k->kind != SYM_K_GLOBAL)
		return;
	name = intern_get(&f->e->unit->names, f->e->unit->globals.v[k->a].name);
	if (model_is_once_flag(f->e->model, name))
		f->e->client.on_report(f->e->client.arg, f, s, MODEL_ONCE, i->loc);
}

/* WARN_ON() has no function that could be named: the trap of the macro is the report. */
static void note_trap(struct fun *f, struct state *s, const struct ir_insn *i)
{
	uint32_t macro = f->e->unit->locs.v[i->loc].macro;
	const struct model_macro *m = model_macro(f->e->model,
						  intern_get(&f->e->unit->names, macro));

	s->warned = BIT_1;
	if (m && m->is_report)
		f->e->client.on_report(f->e->client.arg, f, s, m->flavour, i->loc);
}

/* It may write what its operands point to, and what others can reach. */
static void execute_asm(struct fun *f, struct state *s, const struct ir_insn *i, uint64_t site)
{
	const struct ir_reason *r = &f->e->unit->reasons.v[i->imm];
	struct unseen u = { .by = intern_get(&f->e->unit->names, r->text), .loc = i->loc,
			    .through = WORD_NONE };

	if (i->flags & IR_F_CLOBBER)
		unseen_stores(f, s, i, site, &u);
	for (unsigned k = 0; k < i->nargs; k++)
		mem_publish(f, s, value_of(f, f->body->args.v[i->args + k]), SYM_NONE);
	if (i->flags & IR_F_CLOBBER)
		mem_clobber(f, s);
}

void transfer_insn(struct fun *f, struct state *s, const struct ir_insn *i, uint64_t site)
{
	struct access a;

	access_note(f, s, i);
	if (i->op == IR_LOAD && f->e->client.on_read)
		f->e->client.on_read(f->e->client.arg, f, s, i);
	switch (i->op) {
	case IR_NOP:
		return;
	case IR_STORE:
		a = access_of(f, i, site);
		origin_note(f, &a, value_of(f, i->b));
		mem_store(f, s, &a, value_of(f, i->b), i->flags & IR_F_COND);
		return;
	case IR_MEMSET:
		a = access_of(f, i, site);
		mem_set(f, s, &a, value_of(f, i->b), value_of(f, i->c));
		return;
	case IR_MEMCPY:
		a = access_of(f, i, site);
		mem_copy(f, s, &a, value_of(f, i->b), value_of(f, i->c));
		return;
	case IR_HAVOC:
		execute_havoc(f, s, i, site);
		return;
	case IR_TRAP:
		note_trap(f, s, i);
		return;
	case IR_ASM:
		execute_asm(f, s, i, site);
		return;
	default:
		note_once_flag(f, s, i);
		f->temps[i->dst] = value_as(f, i->dst, evaluate(f, s, i, site));
		if (f->e->watched.n)
			access_learn(f, i);
	}
}
