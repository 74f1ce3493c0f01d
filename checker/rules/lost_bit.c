/* SPDX-License-Identifier: MIT */
/*
 * Template lost-bit: what is stored in a field arrives there.
 *
 * A store is looked at where the engine is, with the value that it has before
 * the conversion to the field's width. The conversion to _Bool is another
 * instruction, and loses nothing. Lost is
 *
 *   - a bit that is known to be 1 and is above the field; all bits above it
 *     being 1 is what '~' and a negative number look like, and nothing is meant
 *   - all of a value whose bits in the field are known to be 0
 *   - what a constant mask lets through above the field
 *   - all of a masked value, by another mask that has no bit in common with it
 *
 * Bits above the field that may be anything are the range of a type and say
 * nothing. A comparison with a value that the field never has is seen in the IR
 * alone: the engine has decided it by then.
 */
#include <string.h>

#include "rules/judge.h"

/* The instruction that a value comes from; NULL for a constant. */
static const struct ir_insn *definition(const struct ir_func *f, struct ir_val v)
{
	if (v.kind != IR_V_TEMP)
		return NULL;
	for (uint32_t b = 0; b < f->blocks.n; b++)
		for (uint32_t i = 0; i < f->blocks.v[b].insns.n; i++)
			if (f->blocks.v[b].insns.v[i].dst == v.i)
				return &f->blocks.v[b].insns.v[i];
	return NULL;
}

static bool is_conversion(const struct ir_insn *i)
{
	return i && (i->op == IR_TRUNC || i->op == IR_ZEXT || i->op == IR_SEXT || i->op == IR_COPY);
}

/* ------------------------------------------------------------------ fields */

/* The field that is accessed, if it is one of the rule's. */
static const struct ir_field *field_of(const struct judge *j, const struct docket *d,
				       const struct ir_insn *i)
{
	const struct bound_rule *b = &d->bound;
	const struct ir_field *f;
	uint64_t off;
	ir_rec rec;

	if (i->rec == IR_NONE)
		return NULL;
	f = ir_field_at(j->e.unit, i->rec, i->recoff, i->width, &rec, &off);
	if (!f || f->width != i->width)
		return NULL;
	if (rec == b->record)
		return f->is_bitfield ? f : NULL;
	for (unsigned k = 0; k < b->rule->locking.nfields; k++)
		if (b->fields[k].rec == rec && b->fields[k].off == f->off)
			return f;
	return NULL;
}

/* ------------------------------------------------------------------ findings */

struct loss {
	struct judge *j;
	struct docket *d;
	ir_fn fn;
	ir_loc loc;
	const struct ir_field *field;
	const char *object, *val, *how;
};

static const char *text_value(void *ctx, const char *name)
{
	const struct loss *l = ctx;

	if (!strcmp(name, "function"))
		return witness_function(l->j, l->fn);
	if (!strcmp(name, "field"))
		return intern_get(&l->j->e.unit->names, l->field->name);
	if (!strcmp(name, "object"))
		return l->object;
	return !strcmp(name, "val") ? l->val : NULL;
}

static void report(struct loss *l, bool exact)
{
	struct judge *j = l->j;
	struct arena *a = &j->report->arena;
	struct place at = witness_place(j, l->loc);
	struct finding *f;

	if (witness_is_known(j, l->d, l->fn, &at))
		return;
	f = report_add(j->report, l->d->bound.rule,
		       exact ? VERDICT_VIOLATION_EXACT : VERDICT_VIOLATION_MAY);
	f->place = at;
	f->function = witness_function(j, l->fn);
	f->subject = arena_strdup(a, text_value(l, "field"));
	f->callee = at.macro;
	f->message = rule_format(a, l->d->bound.rule, text_value, l);
	f->why = l->d->bound.rule->why;
	f->reach = l->how;
	f->steps = arena_new_array(a, struct step, 1);
	f->steps[f->nsteps++] = witness_step(j, l->fn, l->loc, STEP_DANGER, l->how,
					     l->val ? arena_printf(a, "value=%s", l->val) : NULL);
	l->d->findings++;
	*(exact ? &l->d->violated : &l->d->may) = true;
	if (!exact)
		witness_uncertain(j, f, WITNESS_PATH);
}

/* -------------------------------------------------------------------- stores */

/* What is known of a value before it is narrowed to width bits. */
struct source {
	struct fun *f;
	const struct state *s;
	const struct ir_insn *def;	/* NULL: a constant */
	word_id val;
	uint64_t zero, one;		/* bits that are known */
	uint64_t all, above;		/* bits of the value, of them those that do not fit */
};

/* The widest value that the conversions before the store began with. */
static struct ir_val unconverted(const struct ir_func *f, struct ir_val v, bool *narrowed)
{
	struct ir_val widest = v;
	const struct ir_insn *def;

	for (*narrowed = false; is_conversion(def = definition(f, v)); v = def->a)
		if (def->op == IR_TRUNC) {
			widest = def->a;
			*narrowed = true;
		}
	return widest;
}

static bool is_known(struct source *src, unsigned bit, bool value)
{
	struct dom *d = src->f->e->dom;
	bit_id b = word_bit(d, src->val, bit);

	if (!value)
		b = bit_not(d, b);
	if (bit_same(b, BIT_1))
		return true;
	return b.i != BIT_TOP.i && !bit_same(b, BIT_0) && cond_entails(d, src->s->pc, b);
}

static bool source_init(struct source *src, struct fun *f, const struct state *s, struct ir_val v,
			unsigned width)
{
	unsigned n;

	*src = (struct source){ .f = f, .s = s, .def = definition(f->body, v),
				.val = value_of(f, v) };
	if (word_is_none(src->val))
		return false;
	n = word_width(f->e->dom, src->val);
	if (n > 64 || n <= width)
		return false;
	src->all = n < 64 ? (1ull << n) - 1 : ~0ull;
	src->above = src->all & ~((1ull << width) - 1);
	for (unsigned i = 0; i < n; i++) {
		if (is_known(src, i, false))
			src->zero |= 1ull << i;
		else if (is_known(src, i, true))
			src->one |= 1ull << i;
	}
	return true;
}

/* The constant that the instruction masks with; all bits where it is no mask. */
static uint64_t mask_of(const struct ir_unit *u, const struct ir_insn *i)
{
	if (!i || i->op != IR_AND)
		return ~0ull;
	if (ir_val_is_const(i->a))
		return u->consts.v[i->a.i].value;
	return ir_val_is_const(i->b) ? u->consts.v[i->b.i].value : ~0ull;
}

static const char *value_text(struct judge *j, const struct source *src)
{
	uint64_t v;

	if (word_is_const(j->e.dom, src->val, &v))
		return arena_printf(&j->report->arena, v < 10 ? "%llu" : "0x%llx",
				    (unsigned long long)v);
	return arena_printf(&j->report->arena, "a value of the bits 0x%llx",
			    (unsigned long long)(src->all & ~src->zero));
}

/* Why a bit of the value is lost; NULL where none is known to be. */
static const char *loss_of(struct judge *j, const struct source *src, unsigned width)
{
	struct arena *a = &j->report->arena;
	uint64_t possible = src->above & ~src->zero, mask = mask_of(j->e.unit, src->def) & src->all;

	if (!possible || (src->one & src->above) == src->above)
		return NULL;
	if (src->one & src->above)
		return arena_printf(a, "the field has %u bit%s: 0x%llx is always cut off", width,
				    width > 1 ? "s" : "",
				    (unsigned long long)(src->one & src->above));
	if ((src->zero | src->above) == src->all)
		return "what is stored is always 0: the bits that can be set are cut off";
	if (mask != src->all)
		return arena_printf(a, "the mask lets 0x%llx through, which is cut off",
				    (unsigned long long)possible);
	return NULL;
}

/* The same of each operand of '|': 'd->flag |= x & 2' loses the 2. */
static const char *loss_of_part(struct judge *j, struct source *src, unsigned width)
{
	const struct ir_insn *or = src->def;
	const char *how = loss_of(j, src, width);
	struct source part;

	if (how || !or || or->op != IR_OR)
		return how;
	for (unsigned n = 0; n < 2 && !how; n++)
		if (source_init(&part, src->f, src->s, n ? or->b : or->a, width))
			how = loss_of(j, &part, width);
	if (how)
		*src = part;
	return how;
}

#define CHOICE_ATOMS 3

struct row {
	atom_id a[CHOICE_ATOMS];
	unsigned n, bits;	/* bit i: the value of a[i] */
};

static bool add_atom(struct row *r, atom_id a)
{
	for (unsigned i = 0; i < r->n; i++)
		if (r->a[i].i == a.i)
			return true;
	if (r->n == CHOICE_ATOMS)
		return false;
	r->a[r->n++] = a;
	return true;
}

/* What the value is made of; false where it is no choice of a few constants. */
static bool add_atoms(struct dom *d, word_id w, struct row *r)
{
	atom_id a[BIT_ATOMS];

	for (unsigned i = 0; i < word_width(d, w); i++) {
		bit_id b = word_bit(d, w, i);
		unsigned n = b.i == BIT_TOP.i ? 0 : bit_support(d, b, a);

		if (b.i == BIT_TOP.i)
			return false;
		for (unsigned k = 0; k < n; k++)
			if (!add_atom(r, a[k]))
				return false;
	}
	return r->n;
}

static bool value_in_row(void *arg, atom_id a)
{
	const struct row *r = arg;

	for (unsigned i = 0; i < r->n; i++)
		if (r->a[i].i == a.i)
			return r->bits >> i & 1;
	return false;
}

/* The path allows these values of the atoms. */
static bool is_possible(struct dom *d, const struct state *s, const struct row *r)
{
	bit_id fixed[CHOICE_ATOMS];

	for (unsigned i = 0; i < r->n; i++)
		fixed[i] = r->bits >> i & 1 ? bit_atom(d, r->a[i]) :
					      bit_not(d, bit_atom(d, r->a[i]));
	return !cond_unsat(d, s->pc, fixed, r->n);
}

/* The same of each constant that a variable can have, as of 'v ? 1 : 2'. */
static const char *loss_of_choice(struct judge *j, struct source *src, unsigned width)
{
	const struct source whole = *src;
	struct dom *d = j->e.dom;
	struct row r = { .n = 0 };
	const char *how = NULL;

	if (!src->def || src->def->op != IR_LOAD || !add_atoms(d, src->val, &r))
		return NULL;
	for (; !how && r.bits < 1u << r.n; r.bits++) {
		if (!is_possible(d, src->s, &r))
			continue;
		src->one = 0;
		for (unsigned i = 0; i < word_width(d, whole.val); i++)
			src->one |= (uint64_t)bit_eval(d, word_bit(d, whole.val, i), value_in_row,
						       &r) << i;
		src->zero = src->all & ~src->one;
		src->val = word_const(d, src->one, word_width(d, whole.val));
		how = loss_of(j, src, width);
	}
	if (!how)
		*src = whole;
	return how;
}

/* An operand that was masked or shifted, so that some of its bits can be 1 and others cannot. */
static bool is_masked(const struct judge *j, const struct ir_func *f, struct ir_val v)
{
	const struct ir_insn *def = definition(f, v);

	while (is_conversion(def))
		def = definition(f, def->a);
	return def && (mask_of(j->e.unit, def) != ~0ull ||
		       (def->op == IR_SHL && ir_val_is_const(def->b)));
}

/* The mask that leaves nothing of a masked value; v is what is stored. */
static const struct ir_insn *empty_mask(struct judge *j, struct fun *f, struct ir_val v)
{
	const struct ir_insn *def = definition(f->body, v);
	uint64_t value;

	while (is_conversion(def) || (def && def->op == IR_TOBOOL))
		def = definition(f->body, def->a);
	if (!def || mask_of(j->e.unit, def) == ~0ull)
		return NULL;
	v = ir_val_is_const(def->a) ? def->b : def->a;
	if (!mask_of(j->e.unit, def) || !is_masked(j, f->body, v) ||
	    word_is_none(value_of(f, v)) || word_is_const(j->e.dom, value_of(f, v), &value))
		return NULL;
	return word_is_const(j->e.dom, value_of(f, ir_temp_val(def->dst)), &value) && !value ? def :
	       NULL;
}

static const char *object_of(struct judge *j, struct fun *f, const struct ir_insn *i)
{
	struct buffer b = BUFFER_INIT;
	struct lock_ref ref;
	const char *text;

	if (!lock_of_word(f, value_of(f, i->a), &ref))
		return "the object";
	symbol_name(&j->e.syms, ref.root, &b);
	text = arena_strdup(&j->report->arena, buffer_str(&b));
	buffer_release(&b);
	return text;
}

static void judge_store(struct loss *l, struct fun *f, const struct state *s,
			const struct ir_insn *i)
{
	bool narrowed;
	struct ir_val v = unconverted(f->body, i->b, &narrowed);
	struct source src;

	if (empty_mask(l->j, f, i->b)) {
		l->val = "a value of which a mask leaves nothing";
		l->how = "the two masks have no bit in common: what is stored is always 0";
	} else if (narrowed && source_init(&src, f, s, v, i->width)) {
		l->how = loss_of_choice(l->j, &src, i->width);
		l->how = l->how ? l->how : loss_of_part(l->j, &src, i->width);
		l->val = l->how ? value_text(l->j, &src) : NULL;
		if (!l->how && !(src.above & ~src.zero))
			*map_put(&l->d->sinks, i->loc) = 1;
	} else if (!narrowed) {
		*map_put(&l->d->sinks, i->loc) = 1;
	}
	if (!l->how || cond_unsat(l->j->e.dom, s->pc, NULL, 0))
		return;
	*map_put(&l->d->sinks, i->loc) = 1;
	l->object = object_of(l->j, f, i);
	report(l, !s->pc->imprecise);
}

void lost_bit_point(struct judge *j, struct fun *f, const struct state *s, uint32_t block,
		    uint32_t insn)
{
	const struct ir_block *b = &f->body->blocks.v[block];
	const struct ir_insn *i = insn < b->insns.n ? &b->insns.v[insn] : NULL;

	if (!i || i->op != IR_STORE || f->body->flags & IR_FN_EXPR)
		return;
	for (uint32_t k = 0; k < j->ndockets; k++) {
		struct docket *d = &j->dockets[k];
		struct loss l = { .j = j, .d = d, .fn = f->id, .loc = i->loc };

		if (!d->bound.usable || d->bound.rule->template != RULE_LOST_BIT ||
		    !docket_covers(j, d, f->id))
			continue;
		l.field = field_of(j, d, i);
		if (l.field)
			judge_store(&l, f, s, i);
	}
}

/* --------------------------------------------------------------- comparisons */

static bool is_number(const struct ir_unit *u, struct ir_val v, uint64_t n)
{
	return ir_val_is_const(v) && u->consts.v[v.i].value == n;
}

/* The operand that is compared with what only 1 satisfies, or what everything else does. */
static struct ir_val compared_with_one(const struct ir_unit *u, const struct ir_insn *i)
{
	switch (i->op) {
	case IR_EQ:
	case IR_NE:
		return is_number(u, i->b, 1) ? i->a : is_number(u, i->a, 1) ? i->b : IR_VAL_NONE;
	case IR_SLT:
		return is_number(u, i->a, 0) ? i->b : is_number(u, i->b, 1) ? i->a : IR_VAL_NONE;
	case IR_SLE:
		return is_number(u, i->a, 1) ? i->b : is_number(u, i->b, 0) ? i->a : IR_VAL_NONE;
	default:
		return IR_VAL_NONE;
	}
}

/* The load of a signed field of one bit, which is sign-extended before it is compared. */
static const struct ir_field *signed_bit(struct judge *j, struct docket *d,
					 const struct ir_func *f, struct ir_val v)
{
	const struct ir_insn *def = definition(f, v);
	const struct ir_field *field;

	while (is_conversion(def) && def->op != IR_TRUNC)
		def = definition(f, def->a);
	if (!def || def->op != IR_LOAD || def->width != 1)
		return NULL;
	field = field_of(j, d, def);
	return field && field->type.kind == IR_T_INT && field->type.is_signed ? field : NULL;
}

static void judge_compare(struct loss *l, const struct ir_insn *i)
{
	struct ir_val v = compared_with_one(l->j->e.unit, i);

	if (v.kind == IR_V_NONE)
		return;
	l->field = signed_bit(l->j, l->d, &l->j->e.unit->funcs.v[l->fn], v);
	if (!l->field)
		return;
	l->loc = i->loc;
	l->object = "the object";
	l->val = "the 1 that it is compared with";
	l->how = "a signed field of one bit is 0 or -1: the comparison has one result only";
	*map_put(&l->d->sinks, i->loc) = 1;
	report(l, true);
}

void lost_bit_judge(struct judge *j, struct docket *d)
{
	for (ir_fn fn = 0; fn < j->nfuncs; fn++) {
		const struct ir_func *f = &j->e.unit->funcs.v[fn];
		struct loss l = { .j = j, .d = d, .fn = fn };

		if (!relevant_has(j, fn) || f->state != IR_BODY_READY || f->flags & IR_FN_EXPR ||
		    !docket_covers(j, d, fn))
			continue;
		for (uint32_t b = 0; b < f->blocks.n; b++)
			for (uint32_t i = 0; i < f->blocks.v[b].insns.n; i++)
				judge_compare(&l, &f->blocks.v[b].insns.v[i]);
	}
}
