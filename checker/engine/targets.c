/* SPDX-License-Identifier: MIT */
#include "engine/targets.h"

/* The member at the bit of the record, in the innermost record; false where none is there. */
static bool member_at(const struct ir_unit *u, ir_rec rec, uint64_t off, ir_rec *inner,
		      uint64_t *inner_off, const struct ir_field **field)
{
	if (rec == IR_NONE)
		return false;
	*field = ir_field_at(u, rec, off, u->ptr_width, inner, inner_off);
	return *field != NULL;
}

static uint64_t key_of(ir_rec rec, uint64_t off)
{
	return hash_mix(rec, off);
}

static struct slot_targets *slot_at(struct targets *t, ir_rec rec, uint64_t off)
{
	const struct ir_field *f;
	uint64_t *slot, at;
	ir_rec inner;

	if (!member_at(t->unit, rec, off, &inner, &at, &f))
		return NULL;
	slot = map_put(&t->index, key_of(inner, at));
	if (!*slot) {
		array_add(&t->slots)->member = f->name;
		*slot = t->slots.n;
	}
	return &t->slots.v[*slot - 1];
}

static void add(struct targets *t, ir_rec rec, uint64_t off, ir_fn fn)
{
	struct slot_targets *s = slot_at(t, rec, off);

	if (!s) {
		*map_put(&t->escaped, fn) = 1;
		return;
	}
	for (uint32_t i = 0; i < s->fns.n; i++)
		if (s->fns.v[i] == fn)
			return;
	array_push(&s->fns, fn);
}

static void add_global(struct targets *t, const struct ir_global *g)
{
	for (uint32_t i = 0; i < g->inits.n; i++) {
		uint64_t off = g->inits.v[i].off;

		if (g->inits.v[i].fn == IR_NONE)
			continue;
		if (g->type.kind == IR_T_AGG && g->type.elem_size)
			off %= g->type.elem_size;
		add(t, g->type.rec, off, g->inits.v[i].fn);
	}
}

/* The function whose address the value is; IR_NONE for another one. */
static ir_fn function_of(struct ir_val v, const ir_fn *of_temp)
{
	return v.kind == IR_V_TEMP ? of_temp[v.i] : IR_NONE;
}

/* A null pointer is no target. */
static bool is_null(const struct ir_unit *u, struct ir_val v)
{
	return v.kind == IR_V_CONST && !u->consts.v[v.i].value;
}

static void add_store(struct targets *t, const struct ir_func *f, const struct ir_insn *i,
		      const ir_fn *of_temp)
{
	ir_fn fn = function_of(i->b, of_temp);
	struct slot_targets *s;

	if (fn != IR_NONE) {
		add(t, i->rec, i->recoff, fn);
		return;
	}
	if (i->rec == IR_NONE || is_null(t->unit, i->b))
		return;
	if (i->b.kind != IR_V_TEMP || !f->temps.v[i->b.i].type.is_func_ptr)
		return;
	s = slot_at(t, i->rec, i->recoff);
	if (s)
		s->open = true;
}

static void escape(struct targets *t, struct ir_val v, const ir_fn *of_temp)
{
	ir_fn fn = function_of(v, of_temp);

	if (fn != IR_NONE)
		*map_put(&t->escaped, fn) = 1;
}

static void add_call(struct targets *t, const struct ir_func *f, const struct ir_insn *i,
		     const ir_fn *of_temp)
{
	struct slot_targets *s = i->imm == IR_NONE ? slot_at(t, i->rec, i->recoff) : NULL;

	if (s)
		s->called = true;
	for (uint32_t k = 0; k < i->nargs; k++)
		escape(t, f->args.v[i->args + k], of_temp);
}

static void add_use(struct targets *t, const struct ir_func *f, const struct ir_insn *i,
		    ir_fn *of_temp)
{
	switch (i->op) {
	case IR_ADDR_FUNC:
		of_temp[i->dst] = i->imm;
		break;
	case IR_COPY:
		if (i->a.kind == IR_V_TEMP)
			of_temp[i->dst] = of_temp[i->a.i];
		break;
	case IR_STORE:
		add_store(t, f, i, of_temp);
		break;
	case IR_CALL:
		add_call(t, f, i, of_temp);
		break;
	case IR_EQ:
	case IR_NE:
	case IR_TOBOOL:
		break;
	default:
		escape(t, i->a, of_temp);
		escape(t, i->b, of_temp);
		escape(t, i->c, of_temp);
	}
}

/* The blocks are in an order in which a value is defined before it is used. */
static void add_body(struct targets *t, const struct ir_func *f)
{
	ir_fn *of_temp = xcalloc(f->temps.n + 1, sizeof(*of_temp));

	for (uint32_t k = 0; k < f->temps.n; k++)
		of_temp[k] = IR_NONE;
	for (uint32_t b = 0; b < f->blocks.n; b++)
		for (uint32_t i = 0; i < f->blocks.v[b].insns.n; i++)
			add_use(t, f, &f->blocks.v[b].insns.v[i], of_temp);
	for (uint32_t b = 0; b < f->blocks.n; b++)
		escape(t, f->blocks.v[b].term.cond, of_temp);
	free(of_temp);
}

void targets_init(struct targets *t, struct ir_unit *u)
{
	*t = (struct targets){ .unit = u };
	for (uint32_t i = 0; i < u->globals.n; i++)
		add_global(t, &u->globals.v[i]);
	for (uint32_t i = 0; i < u->funcs.n; i++)
		if (u->funcs.v[i].state == IR_BODY_READY)
			add_body(t, &u->funcs.v[i]);
}

void targets_release(struct targets *t)
{
	for (uint32_t i = 0; i < t->slots.n; i++)
		array_release(&t->slots.v[i].fns);
	array_release(&t->slots);
	map_release(&t->index);
	map_release(&t->escaped);
}

bool targets_escapes(const struct targets *t, ir_fn fn)
{
	if (map_get(&t->escaped, fn))
		return true;
	for (uint32_t i = 0; i < t->slots.n; i++)
		if ((t->slots.v[i].open || !t->slots.v[i].called) &&
		    targets_stands_in(&t->slots.v[i], fn))
			return true;
	return false;
}

bool targets_stands_in(const struct slot_targets *s, ir_fn fn)
{
	for (uint32_t k = 0; k < s->fns.n; k++)
		if (s->fns.v[k] == fn)
			return true;
	return false;
}

const struct slot_targets *targets_of(const struct targets *t, const struct ir_insn *call)
{
	const struct ir_field *f;
	const uint64_t *slot;
	uint64_t off;
	ir_rec inner;

	if (!member_at(t->unit, call->rec, call->recoff, &inner, &off, &f))
		return NULL;
	slot = map_get(&t->index, key_of(inner, off));
	return slot ? &t->slots.v[*slot - 1] : NULL;
}

const char *targets_member(const struct targets *t, const struct ir_insn *call)
{
	const struct ir_field *f;
	uint64_t off;
	ir_rec inner;

	return member_at(t->unit, call->rec, call->recoff, &inner, &off, &f) ?
	       intern_get(&t->unit->names, f->name) : NULL;
}

void targets_open(struct targets *t, bool (*elsewhere)(void *arg, const char *name), void *arg)
{
	for (uint32_t r = 0; r < t->unit->records.n; r++) {
		const struct ir_record *rec = &t->unit->records.v[r];

		for (uint32_t i = 0; i < rec->fields.n; i++) {
			uint64_t *slot = map_get(&t->index, key_of(r, rec->fields.v[i].off));

			if (slot && elsewhere(arg, intern_get(&t->unit->names,
							      rec->fields.v[i].name)))
				t->slots.v[*slot - 1].open = true;
		}
	}
}
