/* SPDX-License-Identifier: MIT */
#include "sound.h"

#include <stdio.h>

#include "base/buffer.h"
#include "support.h"

#define VARS 8
#define PARAMS 7
#define LOOP_LIMIT 5
#define STEP_LIMIT 400
#define DEPTH 3

static const uint8_t var_width[VARS] = { 1, 8, 16, 32, 32, 64, 64, 64 };
static const uint8_t param_width[PARAMS] = { 1, 1, 4, 8, 32, 64, 64 };

static const enum ir_op bins[] = {
	IR_ADD, IR_SUB, IR_MUL, IR_UDIV, IR_SDIV, IR_UREM, IR_SREM,
	IR_AND, IR_OR, IR_XOR, IR_SHL, IR_LSHR, IR_ASHR,
};
static const enum ir_op cmps[] = { IR_EQ, IR_NE, IR_ULT, IR_ULE, IR_SLT, IR_SLE };

enum stmt_kind {
	S_BIN, S_UN, S_CMP, S_EXTRACT, S_INSERT, S_CONCAT, S_ITE, S_CALL, S_INPUT, S_PROJECT,
	S_IF, S_LOOP, S_RETURN,
};

struct block;

struct stmt {
	enum stmt_kind kind;
	enum ir_op op, op2;
	uint8_t dst, a, b, lo, cut, shape;
	bool b_is_const, is_signed;
	uint64_t value;		/* the constant operand */
	/* INPUT: made anew each time; PROJECT: quantified; IF: which way, where that is unknown */
	sym_id site;
	struct block *then, *otherwise;
	unsigned id;
};

struct block {
	struct stmt s[20];
	unsigned n;
};

/* Abstract state: what is known before a statement. */
struct state {
	const struct cond *c;
	word_id v[VARS];
};

struct program {
	struct dom *d;
	struct arena arena;
	struct rng r;
	struct block *main;
	sym_id param[PARAMS], formal[2];
	Array(struct state) at;		/* by statement */
	sym_id last_input;
	uint8_t focus;			/* a variable that is used often */
};

/* ------------------------------------------------------------------- generation */

static struct block *gen_block(struct program *p, unsigned depth);

static uint8_t any_var(struct program *p)
{
	return (uint8_t)rng_below(&p->r, VARS);
}

static enum stmt_kind any_kind(struct program *p, unsigned depth)
{
	static const uint8_t kinds[] = {
		S_BIN, S_BIN, S_BIN, S_BIN, S_BIN, S_BIN, S_UN, S_CMP, S_CMP, S_EXTRACT, S_INSERT,
		S_CONCAT, S_ITE, S_ITE, S_CALL, S_INPUT, S_PROJECT,
		S_IF, S_IF, S_IF, S_IF, S_IF, S_LOOP, S_LOOP,
	};
	enum stmt_kind k = kinds[rng_below(&p->r, sizeof(kinds))];

	if (k == S_PROJECT && rng_chance(&p->r, 60))
		k = S_BIN;

	/* An early exit only under a branch. */
	if (depth < DEPTH && rng_chance(&p->r, 3))
		return S_RETURN;
	return depth || k < S_IF ? k : S_BIN;
}

/*
 * What random choice alone gives too rarely: several facts about one variable,
 * sums with small constants, operands of one width, the same input read at two
 * places.
 */
static void bias(struct program *p, struct stmt *s)
{
	bool compares = s->kind == S_CMP || s->kind == S_IF || s->kind == S_LOOP;

	if ((compares || s->kind == S_BIN) && rng_chance(&p->r, 30))
		s->a = p->focus;
	if (compares && rng_chance(&p->r, 40)) {
		s->b_is_const = true;
		s->value = rng_below(&p->r, 12);
	}
	if (s->kind == S_BIN && rng_chance(&p->r, 20)) {
		s->op = rng_chance(&p->r, 70) ? IR_ADD : IR_SUB;
		s->b_is_const = true;
		s->value = rng_below(&p->r, 4);
		if (rng_chance(&p->r, 60))
			s->dst = s->a;
	}
	if (rng_chance(&p->r, 40))
		while (var_width[s->b] != var_width[s->a])
			s->b = any_var(p);
	if (s->kind == S_CMP && rng_chance(&p->r, 30))
		s->op = IR_EQ;
	if (s->kind != S_INPUT)
		return;
	if (p->last_input.i && rng_chance(&p->r, 60) &&
	    sym_width(p->d, p->last_input) == var_width[s->dst])
		s->site = p->last_input;
	else
		s->site = sym_new(p->d, var_width[s->dst], ORIGIN_INTERFERE);
	p->last_input = s->site;
}

static void gen_stmt(struct program *p, struct stmt *s, unsigned depth)
{
	unsigned n;

	*s = (struct stmt){
		.kind = any_kind(p, depth), .dst = any_var(p), .a = any_var(p), .b = any_var(p),
		.op = bins[rng_below(&p->r, 13)], .op2 = bins[rng_below(&p->r, 13)],
		.b_is_const = rng_chance(&p->r, 55), .is_signed = rng_chance(&p->r, 40),
		.id = p->at.n,
	};
	array_add(&p->at);
	s->value = rng_value(&p->r, var_width[s->a]);
	s->shape = (uint8_t)rng_below(&p->r, 12);
	if (s->kind == S_CMP || s->kind == S_IF || s->kind == S_LOOP)
		s->op = cmps[rng_below(&p->r, 6)];
	bias(p, s);
	n = var_width[s->a];
	s->cut = (uint8_t)(1 + rng_below(&p->r, n));
	s->lo = (uint8_t)rng_below(&p->r, n - s->cut + 1);
	if (s->kind == S_PROJECT)
		s->site = p->param[rng_below(&p->r, PARAMS)];
	if (s->kind == S_IF || s->kind == S_LOOP)
		s->then = gen_block(p, depth - 1);
	if (s->kind == S_IF) {
		s->otherwise = gen_block(p, depth - 1);
		s->site = sym_new(p->d, 1, ORIGIN_UNKNOWN);
	}
}

static struct block *gen_block(struct program *p, unsigned depth)
{
	struct block *b = arena_new(&p->arena, struct block);

	b->n = depth == DEPTH ? 8 + rng_below(&p->r, 12) : 1 + rng_below(&p->r, 4);
	for (unsigned i = 0; i < b->n; i++)
		gen_stmt(p, &b->s[i], depth);
	return b;
}

/* ---------------------------------------------- operands, alike in both worlds */

/*
 * Shift counts stay below the width; divisors are positive, and odd unless
 * they are constant: nothing here is undefined in C.
 */
static uint64_t tame_mask(enum ir_op op, unsigned width, uint64_t *set)
{
	*set = 0;
	if (op == IR_SHL || op == IR_LSHR || op == IR_ASHR)
		return width - 1;
	if (op == IR_UDIV || op == IR_UREM || op == IR_SDIV || op == IR_SREM) {
		*set = 1;
		return width_mask(width) >> 1;
	}
	return width_mask(width);
}

static uint64_t tame_const(uint64_t v, enum ir_op op, unsigned width)
{
	uint64_t set, mask = tame_mask(op, width, &set);

	return v & mask ? v & mask : set;
}

static word_id cast(struct dom *d, word_id w, unsigned width, bool is_signed)
{
	if (word_width(d, w) > width)
		return word_conv(d, IR_TRUNC, (uint8_t)width, w);
	return word_conv(d, is_signed ? IR_SEXT : IR_ZEXT, (uint8_t)width, w);
}

static uint64_t cast_value(uint64_t v, unsigned from, unsigned width, bool is_signed)
{
	if (width > from && is_signed && v >> (from - 1) & 1)
		v |= ~width_mask(from);
	return v & width_mask(width);
}

static word_id operand(struct program *p, const struct state *st, const struct stmt *s,
		       enum ir_op op, unsigned width)
{
	uint64_t set, mask = tame_mask(op, width, &set);
	word_id b = cast(p->d, st->v[s->b], width, s->is_signed);

	if (s->b_is_const)
		return word_const(p->d, tame_const(s->value, op, width), (uint8_t)width);
	if (mask != width_mask(width)) {
		b = word_bin(p->d, IR_AND, b, word_const(p->d, mask, (uint8_t)width));
		b = word_bin(p->d, IR_OR, b, word_const(p->d, set, (uint8_t)width));
	}
	return b;
}

static uint64_t operand_value(const uint64_t *v, const struct stmt *s, enum ir_op op,
			      unsigned width)
{
	uint64_t set, mask = tame_mask(op, width, &set);

	if (s->b_is_const)
		return tame_const(s->value, op, width);
	return (cast_value(v[s->b], var_width[s->b], width, s->is_signed) & mask) | set;
}

/* The operators once more, so that the domain is not its own judge. */
static uint64_t compute(enum ir_op op, uint64_t a, uint64_t b, unsigned w)
{
	int64_t x = (int64_t)(a << (64 - w)) >> (64 - w), y = (int64_t)(b << (64 - w)) >> (64 - w);

	switch (op) {
	case IR_ADD: return (a + b) & width_mask(w);
	case IR_SUB: return (a - b) & width_mask(w);
	case IR_MUL: return (a * b) & width_mask(w);
	case IR_UDIV: return a / b;
	case IR_UREM: return a % b;
	case IR_SDIV: return (uint64_t)(y == 1 ? x : x / y) & width_mask(w);
	case IR_SREM: return (uint64_t)(y == 1 ? 0 : x % y) & width_mask(w);
	case IR_AND: return a & b;
	case IR_OR: return a | b;
	case IR_XOR: return a ^ b;
	case IR_SHL: return a << b & width_mask(w);
	case IR_LSHR: return a >> b;
	case IR_ASHR: return (uint64_t)(x >> b) & width_mask(w);
	case IR_EQ: return a == b;
	case IR_NE: return a != b;
	case IR_ULT: return a < b;
	case IR_ULE: return a <= b;
	case IR_SLT: return x < y;
	default: return x <= y;
	}
}

/* --------------------------------------------------------------- abstract run */

static bool exec_block(struct program *p, const struct block *b, struct state *st);

static bool is_site(void *arg, sym_id s)
{
	return s.i == ((const struct stmt *)arg)->site.i;
}

static bool not_site(void *arg, sym_id s)
{
	return !is_site(arg, s);
}

struct call {
	struct program *p;
	word_id actual[2];
};

static word_id bind(void *arg, sym_id s)
{
	const struct call *c = arg;

	for (unsigned i = 0; i < 2; i++)
		if (s.i == c->p->formal[i].i)
			return c->actual[i];
	return WORD_NONE;
}

/* The result over formal parameters, then with the actual ones put in. */
static word_id exec_call(struct program *p, const struct state *st, const struct stmt *s)
{
	struct dom *d = p->d;
	uint64_t set, mask = tame_mask(s->op2, 32, &set);
	word_id x = word_sym(d, p->formal[0]), y = word_sym(d, p->formal[1]), r, t;
	struct call c = { p, { cast(d, st->v[s->a], 32, s->is_signed),
			       cast(d, operand(p, st, s, s->op, var_width[s->a]), 32, false) } };
	struct subst *sub = subst_new(d, bind, &c);

	t = word_bin(d, IR_OR, word_bin(d, IR_AND, y, word_const(d, mask, 32)),
		     word_const(d, set, 32));
	r = word_bin(d, s->op2, word_bin(d, IR_XOR, x, y), t);
	r = word_ite(d, word_cmp(d, IR_ULT, x, word_const(d, s->value, 32)), r,
		     word_symoff(d, p->formal[1], 3));
	r = word_subst(sub, r);
	subst_free(sub);
	return r;
}

static uint64_t run_call(const uint64_t *v, const struct stmt *s)
{
	unsigned w = var_width[s->a];
	uint64_t x = cast_value(v[s->a], w, 32, s->is_signed), set;
	uint64_t y = cast_value(operand_value(v, s, s->op, w), w, 32, false);
	uint64_t mask = tame_mask(s->op2, 32, &set);

	return x < (s->value & width_mask(32)) ? compute(s->op2, x ^ y, (y & mask) | set, 32) :
						    (y + 3) & width_mask(32);
}

/* The site's symbol gets a new value: nothing may speak of the old one. */
static void renew(struct program *p, struct state *st, const struct stmt *s)
{
	for (unsigned i = 0; i < VARS; i++)
		st->v[i] = word_forget(p->d, st->v[i], is_site, (void *)(uintptr_t)s);
	st->c = cond_forget(p->d, st->c, is_site, (void *)(uintptr_t)s);
}

static void exec_assign(struct program *p, struct state *st, const struct stmt *s)
{
	struct dom *d = p->d;
	unsigned w = var_width[s->a];
	word_id a = st->v[s->a], b = operand(p, st, s, s->kind == S_BIN ? s->op : IR_ADD, w), r = a;

	switch (s->kind) {
	case S_BIN: r = word_bin(d, s->op, a, b); break;
	case S_UN: r = word_un(d, s->is_signed ? IR_NEG : IR_NOT, a); break;
	case S_CMP:
		r = word_bool(d, s->shape % 4 ? word_cmp(d, s->op, a, b) : word_nonzero(d, a));
		break;
	case S_EXTRACT: r = word_extract(d, a, s->lo, s->cut); break;
	case S_INSERT: r = word_insert(d, a, s->lo, word_extract(d, b, 0, s->cut)); break;
	case S_CONCAT:
		r = word_extract(d, a, 0, (uint8_t)((w + 1) / 2));
		r = word_concat(d, r, word_extract(d, b, 0, (uint8_t)(w / 2 ? w / 2 : 1)));
		break;
	case S_ITE: r = word_ite(d, word_bit(d, a, s->lo), a, b); break;
	case S_CALL: r = exec_call(p, st, s); break;
	default: break;
	}
	st->v[s->dst] = cast(d, r, var_width[s->dst], s->is_signed);
}

static bit_id branch_bit(struct program *p, const struct state *st, const struct stmt *s)
{
	unsigned w = var_width[s->a];

	if (s->shape % 3 == 0)
		return word_bit(p->d, st->v[s->a], s->lo);
	return word_cmp(p->d, s->op, st->v[s->a], operand(p, st, s, IR_ADD, w));
}

static void merge(struct program *p, const struct state *a, const struct state *b,
		  struct state *out)
{
	struct join *j = join_begin(p->d, a->c, b->c);
	struct state r;

	for (unsigned i = 0; i < VARS; i++)
		r.v[i] = join_word(j, a->v[i], b->v[i]);
	r.c = join_cond(j);
	join_end(j);
	*out = r;
}

static bool exec_if(struct program *p, struct state *st, const struct stmt *s)
{
	struct state x, y;
	bool live_x, live_y;
	bit_id b;

	renew(p, st, s);
	b = branch_bit(p, st, s);
	if (bit_is_top(b))
		b = bit_atom(p->d, atom_make(s->site, 0));
	x = y = *st;
	x.c = cond_and(p->d, st->c, b, s->id);
	y.c = cond_and(p->d, st->c, bit_not(p->d, b), s->id);
	live_x = exec_block(p, s->then, &x);
	live_y = exec_block(p, s->otherwise, &y);
	if (live_x && live_y)
		merge(p, &x, &y, st);
	else if (live_x || live_y)
		*st = live_x ? x : y;
	return live_x || live_y;
}

/* Bits that changed become TOP; the condition keeps what both sides know. */
static void widen(struct program *p, struct state *h, const struct state *b)
{
	const struct cond *c = cond_true(p->d);

	for (unsigned i = 0; i < VARS; i++) {
		bit_id out[64];

		if (word_same(h->v[i], b->v[i]))
			continue;
		for (unsigned k = 0; k < var_width[i]; k++) {
			bit_id x = word_bit(p->d, h->v[i], k), y = word_bit(p->d, b->v[i], k);

			out[k] = bit_same(x, y) ? x : BIT_TOP;
		}
		h->v[i] = word_from_bits(p->d, out, var_width[i]);
	}
	for (uint32_t i = 0; i < h->c->n; i++)
		if (cond_entails(p->d, b->c, h->c->c[i].bit))
			c = cond_and(p->d, c, h->c->c[i].bit, h->c->c[i].tag);
	h->c = c;
}

static bool states_equal(const struct state *a, const struct state *b)
{
	if (a->c->n != b->c->n || a->c->unsat != b->c->unsat)
		return false;
	for (uint32_t i = 0; i < a->c->n; i++)
		if (!bit_same(a->c->c[i].bit, b->c->c[i].bit))
			return false;
	return !memcmp(a->v, b->v, sizeof(a->v));
}

static bool exec_loop(struct program *p, struct state *st, const struct stmt *s)
{
	struct state h = *st, was;
	bit_id b;

	for (unsigned visit = 0;; visit++) {
		struct state body = h;

		p->at.v[s->id] = h;
		b = branch_bit(p, &h, s);
		body.c = cond_and(p->d, h.c, b, s->id);
		if (!exec_block(p, s->then, &body))
			break;
		was = h;
		if (visit)
			widen(p, &h, &body);
		else
			merge(p, &h, &body, &h);
		if (states_equal(&was, &h))
			break;
	}
	*st = h;
	st->c = cond_and(p->d, h.c, bit_not(p->d, b), s->id);
	return !st->c->unsat;
}

/* False where no execution comes to the end of the block. */
static bool exec_block(struct program *p, const struct block *b, struct state *st)
{
	for (unsigned i = 0; i < b->n; i++) {
		const struct stmt *s = &b->s[i];

		p->at.v[s->id] = *st;
		if (st->c->unsat)
			return false;
		switch (s->kind) {
		case S_IF:
			if (!exec_if(p, st, s))
				return false;
			break;
		case S_LOOP:
			if (!exec_loop(p, st, s))
				return false;
			break;
		case S_RETURN:
			return false;
		case S_INPUT:
			renew(p, st, s);
			st->v[s->dst] = word_sym(p->d, s->site);
			break;
		case S_PROJECT:
			st->c = cond_project(p->d, st->c, not_site, (void *)(uintptr_t)s);
			break;
		default:
			exec_assign(p, st, s);
			break;
		}
	}
	return !st->c->unsat;
}

/* --------------------------------------------------------------- concrete run */

struct run {
	struct program *p;
	struct env e;
	struct rng r;
	uint64_t v[VARS];
	struct sound_stats *stats;
	unsigned steps;
	/* What was compared last, to skip what did not change. */
	word_id seen[VARS];
	uint64_t seen_value[VARS];
	const struct cond *seen_cond;
	uint32_t seen_now;
};

enum outcome { R_GO, R_STOP, R_MISS };

static enum outcome run_block(struct run *r, const struct block *b);

static bool point_holds(struct run *r, const struct state *st)
{
	bool fresh = r->seen_now != r->e.now;

	if (!st->c)
		return false;
	if ((fresh || st->c != r->seen_cond) && !env_satisfies(&r->e, st->c))
		return false;
	for (unsigned i = 0; i < VARS; i++) {
		if (!fresh && word_same(st->v[i], r->seen[i]) && r->v[i] == r->seen_value[i])
			continue;
		if (!env_contains(&r->e, st->v[i], r->v[i]))
			return false;
		r->seen[i] = st->v[i];
		r->seen_value[i] = r->v[i];
	}
	r->seen_cond = st->c;
	r->seen_now = r->e.now;
	return true;
}

static void run_assign(struct run *r, const struct stmt *s)
{
	unsigned w = var_width[s->a], n = w;
	uint64_t a = r->v[s->a], v = a;
	uint64_t b = operand_value(r->v, s, s->kind == S_BIN ? s->op : IR_ADD, w);

	switch (s->kind) {
	case S_BIN: v = compute(s->op, a, b, w); break;
	case S_UN: v = (s->is_signed ? 0 - a : ~a) & width_mask(w); break;
	case S_CMP:
		v = s->shape % 4 ? compute(s->op, a, b, w) : a != 0;
		n = 1;
		break;
	case S_EXTRACT:
		v = a >> s->lo & width_mask(s->cut);
		n = s->cut;
		break;
	case S_INSERT:
		v = (a & ~(width_mask(s->cut) << s->lo)) | (b & width_mask(s->cut)) << s->lo;
		break;
	case S_CONCAT:
		n = (w + 1) / 2;
		v = (a & width_mask(n)) | (b & width_mask(w / 2 ? w / 2 : 1)) << n;
		n += w / 2 ? w / 2 : 1;
		break;
	case S_ITE: v = a >> s->lo & 1 ? a : b; break;
	case S_CALL:
		v = run_call(r->v, s);
		n = 32;
		break;
	default: break;
	}
	r->v[s->dst] = cast_value(v, n, var_width[s->dst], s->is_signed);
}

static bool branch_value(const struct run *r, const struct stmt *s)
{
	unsigned w = var_width[s->a];

	if (s->shape % 3 == 0)
		return r->v[s->a] >> s->lo & 1;
	return compute(s->op, r->v[s->a], operand_value(r->v, s, IR_ADD, w), w);
}

static enum outcome run_loop(struct run *r, const struct stmt *s)
{
	for (unsigned i = 0;; i++) {
		enum outcome o;

		if (!point_holds(r, &r->p->at.v[s->id]))
			return R_MISS;
		if (!branch_value(r, s))
			return R_GO;
		if (i == LOOP_LIMIT)
			return R_STOP;
		o = run_block(r, s->then);
		if (o != R_GO)
			return o;
	}
}

static enum outcome run_stmt(struct run *r, const struct stmt *s)
{
	switch (s->kind) {
	case S_IF:
		env_set(&r->e, s->site, branch_value(r, s));
		return run_block(r, branch_value(r, s) ? s->then : s->otherwise);
	case S_LOOP:
		return run_loop(r, s);
	case S_RETURN:
		return R_STOP;
	case S_PROJECT:
		return R_GO;
	case S_INPUT:
		env_set(&r->e, s->site, rng_value(&r->r, var_width[s->dst]));
		r->v[s->dst] = env_sym(&r->e, s->site);
		return R_GO;
	default:
		run_assign(r, s);
		return R_GO;
	}
}

static enum outcome run_block(struct run *r, const struct block *b)
{
	for (unsigned i = 0; i < b->n; i++) {
		enum outcome o;

		if (++r->steps > STEP_LIMIT)
			return R_STOP;
		r->stats->points++;
		if (!point_holds(r, &r->p->at.v[b->s[i].id]))
			return R_MISS;
		o = run_stmt(r, &b->s[i]);
		if (o != R_GO)
			return o;
	}
	return R_GO;
}

static bool run_once(struct run *r)
{
	struct program *p = r->p;

	for (unsigned i = 0; i < PARAMS; i++)
		env_set(&r->e, p->param[i], i && rng_chance(&r->r, 20) ?
			env_sym(&r->e, p->param[i - 1]) + rng_below(&r->r, 4) :
			rng_value(&r->r, param_width[i]));
	for (unsigned i = 0; i < VARS; i++)
		r->v[i] = i < PARAMS ? cast_value(env_sym(&r->e, p->param[i]), param_width[i],
						      var_width[i], false) : 0;
	r->steps = 0;
	r->stats->runs++;
	if (run_block(r, p->main) != R_MISS)
		return true;
	r->stats->misses++;
	return false;
}

/* ------------------------------------------------------------------- statistics */

static void count_bits(struct program *p, struct sound_stats *stats)
{
	for (uint32_t i = 0; i < p->at.n; i++) {
		const struct state *st = &p->at.v[i];

		if (!st->c || st->c->unsat)
			continue;
		for (unsigned k = 0; k < VARS; k++)
			for (unsigned b = 0; b < var_width[k]; b++) {
				stats->bits++;
				stats->exact += !bit_is_top(word_bit(p->d, st->v[k], b));
			}
	}
}

bool sound_program(uint64_t seed, unsigned runs, struct sound_stats *stats)
{
	struct program p = { .d = dom_new(), .r = { seed } };
	struct run r = { .p = &p, .r = { ~seed }, .stats = stats };
	struct state st = { .c = cond_true(p.d) };
	bool good = true;

	for (unsigned i = 0; i < PARAMS; i++)
		p.param[i] = sym_new(p.d, param_width[i], ORIGIN_INPUT);
	for (unsigned i = 0; i < 2; i++)
		p.formal[i] = sym_new(p.d, 32, ORIGIN_INPUT);
	p.focus = (uint8_t)(3 + rng_below(&p.r, 4));
	p.main = gen_block(&p, DEPTH);
	for (unsigned i = 0; i < VARS; i++)
		st.v[i] = i < PARAMS ? cast(p.d, word_sym(p.d, p.param[i]), var_width[i], false) :
					   word_const(p.d, 0, var_width[i]);
	exec_block(&p, p.main, &st);
	count_bits(&p, stats);
	env_init(&r.e, p.d);
	for (unsigned i = 0; i < runs && good; i++)
		good = run_once(&r);
	env_release(&r.e);
	array_release(&p.at);
	arena_release(&p.arena);
	dom_free(p.d);
	return good;
}
