/* SPDX-License-Identifier: MIT */
#include "engine/graph.h"
#include "engine/reach.h"
#include "engine/summary.h"

#include <string.h>

#include "base/buffer.h"

#define ERRNO_MAX 4095
#define RETURN_SITE 0xffffe	/* in the place of an instruction's number */
#define RETURN_PARTS 8	/* symbols that a result is made of; one of more gets a name */

static enum ret_class class_of_const(uint64_t v, uint8_t width)
{
	uint64_t sign = width < 64 ? (1ull << width) - 1 : ~0ull;

	if (!v)
		return RET_ZERO;
	return width >= 32 && v >= sign - ERRNO_MAX + 1 ? RET_ERRNO : RET_NONZERO;
}

/* OTHER where both zero and non-zero are possible. */
static enum ret_class classify(struct fun *f, const struct state *s, word_id ret)
{
	struct dom *d = f->e->dom;
	uint64_t v;
	bit_id nz;

	if (word_is_none(ret))
		return RET_VOID;
	if (word_is_const(d, ret, &v))
		return class_of_const(v, word_width(d, ret));
	nz = word_nonzero(d, ret);
	if (cond_entails(d, s->pc, bit_not(d, nz)))
		return RET_ZERO;
	if (word_width(d, ret) >= 32 &&
	    cond_entails(d, s->pc, word_bit(d, ret, word_width(d, ret) - 1u)))
		return RET_ERRNO;
	return cond_entails(d, s->pc, nz) ? RET_NONZERO : RET_OTHER;
}

/* The path condition says that it is an error; where two are joined only the sign may stay. */
static word_id with_sign(struct dom *d, word_id ret)
{
	uint8_t width = word_width(d, ret);
	bit_id bits[64];

	if (word_choices(d, ret, (word_id[WORD_CHOICES]){ { 0 } }, (bit_id[WORD_CHOICES]){ { 0 } }))
		return ret;
	for (unsigned i = 0; i < width; i++)
		bits[i] = word_bit(d, ret, i);
	bits[width - 1] = BIT_1;
	return word_from_bits(d, bits, width);
}

static void merge_case(struct fun *f, struct summary_case *c, struct state *s, word_id ret)
{
	array_push(&c->exit.temps, c->ret);
	array_push(&s->temps, ret);
	partitions_join(f, &c->exit, s);
	c->ret = array_pop(&c->exit.temps);
	if (c->ret_class == RET_ERRNO)
		c->ret = with_sign(f->e->dom, c->ret);
	state_release(s);
}

/* The last of those that are most like s. */
static struct summary_case *mate(struct summary *out, const struct state *s)
{
	struct summary_case *best = &out->cases[0];

	for (uint32_t i = 1; i < out->ncases; i++)
		if (partitions_likeness(&out->cases[i].exit, s) >=
		    partitions_likeness(&best->exit, s))
			best = &out->cases[i];
	return best;
}

/* The object of the function's own that it gives back, or SYM_NONE. */
static sym_id given_back(struct fun *f, const struct state *s, word_id ret)
{
	int64_t delta;
	sym_id root;

	if (word_is_none(ret) || !word_as_symoff(f->e->dom, ret, &root, &delta) ||
	    !symbol_is_heap(&f->e->syms, root) || !mem_is_private(f, s, root))
		return SYM_NONE;
	return root;
}

static void add_case(struct fun *f, struct summary *out, struct state *s, word_id ret,
		     enum ret_class class)
{
	struct summary_case *other;

	for (uint32_t i = 0; i < out->ncases; i++) {
		struct summary_case *c = &out->cases[i];

		if (c->ret_class == class && state_same_key(&c->exit, s) &&
		    given_back(f, &c->exit, c->ret).i == given_back(f, s, ret).i) {
			merge_case(f, c, s, ret);
			return;
		}
	}
	if (out->ncases < ENGINE_CASES) {
		out->cases[out->ncases++] =
			(struct summary_case){ .exit = *s, .ret = ret, .ret_class = (uint8_t)class };
		*s = (struct state){ 0 };
		return;
	}
	other = mate(out, s);
	other->ret_class = RET_OTHER;
	merge_case(f, other, s, ret);
}

static bool is_own_local(const struct fun *f, const struct state *s, sym_id root)
{
	sym_id object = symbol_object(&f->e->syms, root);
	const struct symbol *k = symbol_info(&f->e->syms, object);

	return k->kind == SYM_K_LOCAL && k->fn == f->id && mem_is_private(f, s, object);
}

static void drop_locals(struct fun *f, struct state *s)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < s->cells.n; i++)
		if (!is_own_local(f, s, s->cells.v[i].root))
			s->cells.v[kept++] = s->cells.v[i];
	s->cells.n = kept;
	array_clear(&s->temps);
}

struct keep { struct fun *f; struct map used; };

static void note_word(struct keep *k, word_id w);

/* A symbol, and what it is defined by: of these the conditions speak. */
static void note_symbol(struct keep *k, sym_id s)
{
	enum ir_op op;
	word_id a, b;

	if (map_get(&k->used, s.i))
		return;
	*map_put(&k->used, s.i) = 1;
	if (!sym_def(k->f->e->dom, s, &op, &a, &b))
		return;
	note_word(k, a);
	note_word(k, b);
}

/* What a choice is told by is not kept for itself, but where its bits still mention it. */
static void note_bits(struct keep *k, word_id w)
{
	struct dom *d = k->f->e->dom;
	atom_id atoms[BIT_ATOMS];

	for (unsigned i = 0; i < word_width(d, w); i++) {
		unsigned n = bit_support(d, word_bit(d, w, i), atoms);

		for (unsigned j = 0; j < n; j++)
			note_symbol(k, atom_sym(atoms[j]));
	}
}

static void note_word(struct keep *k, word_id w)
{
	struct dom *d = k->f->e->dom;
	word_id alt[WORD_CHOICES];
	bit_id guard[WORD_CHOICES];
	const sym_id *mentioned;
	int64_t delta;
	uint32_t n;
	sym_id s;

	if (word_is_none(w))
		return;
	if (word_as_symoff(d, w, &s, &delta)) {
		note_symbol(k, s);
		return;
	}
	if (word_choices(d, w, alt, guard) > 1) {
		note_bits(k, w);
		return;
	}
	mentioned = word_mentions(d, w, &n);
	for (uint32_t i = 0; i < n; i++)
		note_symbol(k, mentioned[i]);
}

/* Entry symbols stay, and what the results are made of. */
static bool is_kept(void *arg, sym_id id)
{
	struct keep *k = arg;
	const struct symbol *s = symbol_info(&k->f->e->syms, id);

	if (s->kind == SYM_K_SITE || s->kind == SYM_K_CALLEE || s->kind == SYM_K_HEAP)
		return map_get(&k->used, id.i) != NULL;
	return true;
}

/* What is given back on all ways, and not when. */
static void project_freed(struct fun *f, struct summary_case *c)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < c->exit.freed.n; i++)
		if (state_is_freed(f->e->dom, &c->exit, c->exit.freed.v[i].object, c->exit.pc))
			c->exit.freed.v[kept++] = (struct freed){ c->exit.freed.v[i].object, BIT_1 };
	c->exit.freed.n = kept;
}

static void project(struct fun *f, struct summary_case *c)
{
	struct keep k = { .f = f };

	note_word(&k, c->ret);
	for (uint32_t i = 0; i < c->exit.cells.n; i++)
		if (c->exit.cells.v[i].kind == CELL_WORD)
			note_word(&k, c->exit.cells.v[i].val);
	for (uint32_t i = 0; i < c->exit.cells.n; i++)
		note_word(&k, c->exit.cells.v[i].own);
	c->imprecise = c->exit.pc->imprecise;
	c->exit.pc = cond_project(f->e->dom, c->exit.pc, is_kept, &k);
	project_freed(f, c);
	c->exit.warned = cond_entails(f->e->dom, c->exit.pc, c->exit.warned) ? BIT_1 : BIT_0;
	map_release(&k.used);
}

static void note_access(struct keep *k, const struct shared_access *a)
{
	note_symbol(k, a->root);
	note_word(k, a->val);
	for (uint32_t i = 0; i < a->nheld; i++)
		note_symbol(k, a->held[i].ref.root);
	for (uint32_t i = 0; i < a->ndropped; i++)
		note_symbol(k, a->dropped[i].root);
	for (uint32_t i = 0; i < a->nunsure; i++)
		note_symbol(k, a->unsure[i].ref.root);
	for (uint32_t i = 0; i < a->nlinks; i++)
		note_symbol(k, a->links[i].to.root);
}

/* The callers lift every access: what only this function knows of its path is nothing to them. */
static void project_accesses(struct fun *f, struct summary *out)
{
	struct keep k = { .f = f };
	struct map known = { 0 };
	uint32_t n = out->accesses.n;

	for (uint32_t i = 0; i < n; i++)
		note_access(&k, &out->accesses.v[i]);
	accesses_clear(f);
	for (uint32_t i = 0; i < n; i++) {
		struct shared_access a = out->accesses.v[i];
		uint64_t *to = map_put(&known, (uintptr_t)a.pc);

		if (!*to)
			*to = (uintptr_t)cond_project(f->e->dom, a.pc, is_kept, &k);
		a.pc = (const struct cond *)(uintptr_t)*to;
		access_add(f, &a);
	}
	map_release(&known);
	map_release(&k.used);
}

/* Every way from where it is taken to the block leads through code that gives it, if not always. */
static bool is_given_between(const struct fun *f, const struct lock *l, uint32_t block)
{
	for (uint32_t i = 0; i < f->releases.n; i++) {
		const struct release_site *r = &f->releases.v[i];

		if (r->ref.root.i == l->ref.root.i && r->ref.off == l->ref.off &&
		    r->block != l->block && graph_dominates(f, l->block, r->block) &&
		    graph_dominates(f, r->block, block))
			return true;
	}
	return false;
}

static void mark_locks(struct fun *f, struct state *s, uint32_t block)
{
	for (uint32_t i = 0; i < s->held.n; i++) {
		struct lock *l = &s->held.v[i];

		l->dominates = l->fn == f->id && graph_dominates(f, l->block, block) &&
			       !is_given_between(f, l, block);
	}
}

/* A value of its own for one that is not known: of that the sign is kept, and that it is not 0. */
static word_id name_result(struct fun *f, struct state *s, word_id ret, uint32_t block)
{
	struct dom *d = f->e->dom;
	uint8_t width = word_width(d, ret);
	bit_id sign = word_bit(d, ret, width - 1u), nz = word_nonzero(d, ret);
	word_id whole = word_sym(d, site_symbol(f, site_of(block, RETURN_SITE), 0, width,
						ORIGIN_UNKNOWN, f->body->ret.rec, 0));

	state_lose_pointers(s, &f->e->syms, ret);
	if (sign.i != BIT_TOP.i)
		s->pc = cond_and(d, s->pc, bit_not(d, bit_xor(d, sign, word_bit(d, whole, width - 1u))),
				 0);
	if (nz.i != BIT_TOP.i && cond_entails(d, s->pc, nz))
		s->pc = cond_and(d, s->pc, word_nonzero(d, whole), 0);
	return whole;
}

/* Callers would not see of all its parts that it is not 0. */
static bool is_intricate(struct dom *d, word_id w)
{
	uint32_t n;

	word_mentions(d, w, &n);
	return n > RETURN_PARTS;
}

/* One state at a return; split where zero and non-zero results are both possible. *s is used up. */
static void add_result(struct fun *f, struct summary *out, struct state *s, word_id ret,
		       uint32_t block)
{
	struct dom *d = f->e->dom;
	struct state z = { 0 };
	enum ret_class class;
	bit_id nz;

	/* Nothing was locked at the address that an error is. */
	if (!lockset_is_real(d, s)) {
		state_release(s);
		return;
	}
	reach_drop(f, s, ret);
	class = classify(f, s, ret);
	if (class == RET_OTHER) {
		nz = word_nonzero(d, ret);
		if (nz.i != BIT_TOP.i) {
			state_copy(&z, s);
			z.pc = cond_and(d, s->pc, PLANT(133, bit_not(d, nz), nz), 0);
			s->pc = cond_and(d, s->pc, nz, 0);
			if (!z.pc->unsat)
				add_case(f, out, &z, ret, RET_ZERO);
			state_release(&z);
			class = classify(f, s, ret);
		}
	}
	if ((class == RET_ERRNO || class == RET_NONZERO) && f->body->ret.kind == IR_T_INT &&
	    is_intricate(d, ret))
		ret = name_result(f, s, ret, block);
	else if (class == RET_ERRNO)
		ret = with_sign(d, ret);
	if (!s->pc->unsat)
		add_case(f, out, s, ret, class);
	state_release(s);
}

/* Of a choice each alternative by itself: an error, say, and the object that comes without one. */
static void add_exit(struct fun *f, struct summary *out, const struct state *at, uint32_t block)
{
	word_id ret, alt[WORD_CHOICES];
	bit_id guard[WORD_CHOICES];
	struct state s = { 0 }, part = { 0 };
	unsigned n;

	state_copy(&s, at);
	ret = array_pop(&s.temps);
	drop_locals(f, &s);
	mark_locks(f, &s, block);
	n = word_is_none(ret) ? 0 : word_choices(f->e->dom, ret, alt, guard);
	/* Where an error, made into a pointer, meets an object the two are a choice. */
	if (!n && f->body->ret.kind == IR_T_PTR && !word_is_none(ret))
		ret = name_result(f, &s, ret, block);
	if (n < 2) {
		add_result(f, out, &s, ret, block);
		return;
	}
	for (unsigned i = 0; i < n; i++) {
		state_copy(&part, &s);
		part.pc = cond_and(f->e->dom, s.pc, guard[i], 0);
		if (part.pc->unsat)
			state_release(&part);
		else
			add_result(f, out, &part, alt[i], block);
	}
	state_release(&s);
}

static bool gives_back(const struct summary *s, sym_id root)
{
	for (uint32_t i = 0; i < s->ncases; i++)
		for (uint32_t k = 0; k < s->cases[i].exit.freed.n; k++)
			if (s->cases[i].exit.freed.v[k].object.i == root.i)
				return true;
	return false;
}

static bool is_made_here(void *arg, sym_id id)
{
	const struct fun *f = arg;
	uint8_t kind = symbol_info(&f->e->syms, id)->kind;

	return kind == SYM_K_SITE || kind == SYM_K_CALLEE || kind == SYM_K_HEAP;
}

/* What holds at the access and still does at the end: not what another round of a loop has changed. */
static const struct cond *lasting_pc(struct fun *f, const struct shared_access *a)
{
	return a->repeats ? cond_forget(f->e->dom, a->pc, is_made_here, f) : a->pc;
}

/* On every way from the access on the object is given back. */
static bool is_teardown(struct fun *f, const struct summary *s, const struct shared_access *a)
{
	const struct cond *pc = lasting_pc(f, a);
	struct dom *d = f->e->dom;

	/* It is the object of the last round that is given back. */
	if (a->repeats && is_made_here(f, a->root))
		return false;

	for (uint32_t i = 0; i < s->ncases; i++) {
		const struct state *exit = &s->cases[i].exit;

		if (!state_is_freed(d, exit, a->root, pc) &&
		    !cond_unsat(d, cond_and_all(d, exit->pc, pc), NULL, 0) &&
		    !cond_entails(d, cond_and_all(d, exit->pc, pc), exit->warned))
			return false;
	}
	return true;
}

static void mark_teardown(struct fun *f, struct summary *s)
{
	for (uint32_t i = 0; i < s->accesses.n; i++) {
		struct shared_access *a = &s->accesses.v[i];

		a->teardown |= gives_back(s, a->root) && is_teardown(f, s, a);
	}
}

void summary_build(struct fun *f, struct summary *out)
{
	for (uint32_t i = 0; i < f->norder; i++) {
		const struct partitions *p = &f->exits[f->order[i]];

		for (uint32_t k = 0; k < p->v.n; k++)
			add_exit(f, out, &p->v.v[k], f->order[i]);
	}
	mark_teardown(f, out);
	for (uint32_t i = 0; i < out->ncases; i++)
		project(f, &out->cases[i]);
	project_accesses(f, out);
	for (uint32_t i = 0; out->recursive && i < out->obligations.n; i++)
		if (!out->obligations.v[i].settled)
			obligation_lose(f, &out->obligations.v[i]);
}

void summary_release(struct summary *s)
{
	for (uint32_t i = 0; i < s->ncases; i++)
		state_release(&s->cases[i].exit);
	array_release(&s->obligations);
	array_release(&s->accesses);
	array_release(&s->uses);
}

static const char *class_name(uint8_t class)
{
	static const char *const names[] = { "void", "zero", "errno", "nonzero", "other" };

	return names[class];
}

void engine_print_summary(struct engine *e, ir_fn fn, struct buffer *out)
{
	const struct summary *s = engine_summary(e, fn);

	buffer_printf(out, "summary %s%s%s\n", intern_get(&e->unit->names, e->unit->funcs.v[fn].name),
		      s->anything ? ": anything, " : "", s->anything && s->why ? s->why : "");
	for (uint32_t i = 0; i < s->ncases; i++) {
		const struct summary_case *c = &s->cases[i];

		buffer_printf(out, "  case %s", class_name(c->ret_class));
		if (!word_is_none(c->ret)) {
			buffer_puts(out, " ret ");
			word_print(e->dom, c->ret, symbol_name, &e->syms, out);
		}
		buffer_puts(out, c->exit.clobber_all ? ", shared memory clobbered\n" : "\n");
		state_print(&c->exit, &e->syms, out);
	}
}

void engine_print_obligations(struct engine *e, ir_fn fn, struct buffer *out)
{
	const struct summary *s = engine_summary(e, fn);

	for (uint32_t i = 0; i < s->obligations.n; i++) {
		const struct obligation *o = &s->obligations.v[i];
		const struct ir_place *p = &e->unit->locs.v[o->loc];

		buffer_printf(out, "obligation %s rule %u at line %u%s%s hops %u: ",
			      intern_get(&e->unit->names, e->unit->funcs.v[fn].name), o->rule,
			      p->line, o->settled ? " settled" : "", o->is_pending ? " pending" : "",
			      o->nhops);
		cond_print(e->dom, o->bad, symbol_name, &e->syms, out);
		buffer_puts(out, "\n");
	}
}
