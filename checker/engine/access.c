/* SPDX-License-Identifier: MIT */
/*
 * Accesses to watched records: noted where they happen, with the locks that are
 * held there, and lifted through the calls. RELAY's relative locksets: what the
 * caller holds is added, less what the callee gave away before the access.
 */
#include "engine/cells.h"
#include "engine/lock_alias.h"
#include "engine/moved.h"

#include <string.h>

#define HELD_MAX 24
#define LINKS_MAX 8
#define ANCESTORS 3	/* of a pointer that are looked at */

/* The member of rec that is a record, or an array of them, and covers the bit; NULL for none. */
static const struct ir_field *embedded_at(const struct engine *e, ir_rec rec, uint64_t off)
{
	const struct ir_record *r = &e->unit->records.v[rec];

	for (uint32_t i = 0; i < r->fields.n; i++) {
		const struct ir_field *f = &r->fields.v[i];

		if (f->type.kind == IR_T_AGG && f->type.rec != IR_NONE && f->off <= off &&
		    off < f->off + f->width)
			return f;
	}
	return NULL;
}

/* The watched record around the bit of rec; *off becomes the bit in it. */
static bool find_watched(const struct engine *e, ir_rec *rec, uint64_t *off)
{
	for (unsigned depth = 0; *rec != IR_NONE && depth < 8; depth++) {
		const struct ir_field *f;

		if (engine_watches(e, *rec))
			return true;
		f = embedded_at(e, *rec, *off);
		if (!f)
			return false;
		*off -= f->off;
		if (f->type.elem_size)
			*off %= f->type.elem_size;
		*rec = f->type.rec;
	}
	return false;
}

/*
 * Where the pointers lead that were stored in the object: what they held when the
 * function began says nothing any more. True: there are more.
 */
static bool find_links(struct fun *f, const struct state *s, sym_id root,
		       struct access_link out[LINKS_MAX], uint32_t *n)
{
	bool more = false;

	*n = 0;
	for (uint32_t i = state_seek(s, root, INT64_MIN);
	     i < s->cells.n && s->cells.v[i].root.i == root.i; i++) {
		const struct cell *c = &s->cells.v[i];
		struct access_link l = { .off = c->off };
		int64_t delta;

		if (!c->written || c->width != f->e->unit->ptr_width)
			continue;
		if (c->kind == CELL_WORD && word_as_symoff(f->e->dom, c->val, &l.to.root, &delta))
			l.to.off = delta * 8;
		if (*n < LINKS_MAX)
			out[(*n)++] = l;
		else
			more = true;
	}
	return more;
}

/* The locks of the state, to keep. */
static void set_locks(struct fun *f, const struct state *s, struct shared_access *n)
{
	struct access_link links[LINKS_MAX];

	n->held = arena_memdup(&f->e->scratch, s->held.v, s->held.n * sizeof(*s->held.v));
	n->nheld = s->held.n;
	n->dropped = arena_memdup(&f->e->scratch, s->dropped.v,
				  s->dropped.n * sizeof(*s->dropped.v));
	n->ndropped = s->dropped.n;
	n->unsure = arena_memdup(&f->e->scratch, s->unsure.v, s->unsure.n * sizeof(*s->unsure.v));
	n->nunsure = s->unsure.n;
	n->may |= find_links(f, s, n->root, links, &n->nlinks);
	n->links = arena_memdup(&f->e->scratch, links, n->nlinks * sizeof(*links));
}

/* The watched record around the bit at off of root, by what root is known to point to or into. */
static bool find_around(struct fun *f, sym_id root, int64_t off, ir_rec *rec, uint64_t *recoff)
{
	const struct engine *e = f->e;
	struct container c;

	*rec = symbol_info(&e->syms, root)->rec;
	*recoff = (uint64_t)off;
	if (off >= 0 && *rec != IR_NONE && (uint64_t)off < e->unit->records.v[*rec].size &&
	    find_watched(e, rec, recoff))
		return true;
	if (!engine_container(e, root, &c))
		return false;
	*rec = c.rec;
	*recoff = (uint64_t)(off - c.base);
	return *recoff < e->unit->records.v[*rec].size && find_watched(e, rec, recoff);
}

/* Who calls may know more of what the pointer leads to. */
static bool is_of_callers(const struct fun *f, sym_id root)
{
	const struct symbol *k = symbol_info(&f->e->syms, root);

	while (k->kind == SYM_K_ELEM)
		k = symbol_info(&f->e->syms, k->base);
	return k->kind == SYM_K_PARAM || k->kind == SYM_K_CELL || k->kind == SYM_K_INIT;
}

/*
 * An access through a pointer to a part of a watched record, or to a scalar:
 * the callers know what it is a part of.
 */
static bool may_be_part(const struct fun *f, ir_rec rec, sym_id root, bool writes)
{
	if (!writes && !f->e->watches_reads)
		return false;
	if (rec != IR_NONE)
		return map_get(&f->e->parts, rec) != NULL;
	return is_of_callers(f, root);
}

/* The bits of what is stored that the memory has already, as far as it was read. */
static uint64_t kept_bits(struct fun *f, struct state *s, const struct target *t,
			  const struct access *a, word_id val)
{
	struct dom *d = f->e->dom;
	uint64_t kept = 0;
	word_id old;

	if (word_is_none(val) || a->width > 64)
		return 0;
	old = cells_load(f, s, t->root, t->off, a->width,
			 mem_class(f, t->root, t->off, a->width, a), a);
	for (unsigned i = 0; i < a->width; i++) {
		bit_id b = word_bit(d, val, i);

		if (b.i != BIT_TOP.i && bit_same(b, word_bit(d, old, i)))
			kept |= (uint64_t)1 << i;
	}
	return kept;
}

/* A field that is set once is 0 before, on every way. */
static bool is_unset(struct fun *f, const struct state *s, const struct target *t,
		     const struct access *a)
{
	word_id old;

	return mem_is_once(f, mem_class(f, t->root, t->off, a->width, a)) &&
	       cells_word(f, s, t->root, t->off, a->width, &old) &&
	       cond_entails(f->e->dom, s->pc,
			    bit_not(f->e->dom, word_nonzero(f->e->dom, old)));
}

/*
 * Some element of what a pointer to scalars points to is one of the member that the pointer was
 * made of, whichever it is: it counts as the first.
 */
static struct target first_element(const struct fun *f, const struct target *t, ir_rec rec)
{
	struct target first = *t;
	int64_t delta = 0;

	if (rec == IR_NONE)
		moved_place(&f->e->syms, &first.root, &delta);
	first.off += delta * 8;
	return first;
}

static void note_parents(struct fun *f, struct state *s, struct shared_access n, uint64_t recoff,
			 const struct target *t, sym_id root, unsigned depth);

static void note_place(struct fun *f, struct state *s, struct shared_access n, ir_rec rec,
		       uint64_t recoff, const struct target *at, unsigned depth)
{
	const struct target first = first_element(f, at, rec), *t = &first;
	sym_id root = t->root;
	ir_rec around = rec;
	uint64_t off = recoff;
	bool found = rec != IR_NONE && find_watched(f->e, &around, &off);

	if (mem_is_private(f, s, t->root))
		return;
	if (!found && !find_around(f, root, t->off, &around, &off)) {
		around = rec != IR_NONE ? rec : symbol_info(&f->e->syms, root)->rec;
		off = rec != IR_NONE ? recoff : (uint64_t)t->off;
		if (!may_be_part(f, around, root, n.kind != ACCESS_READ)) {
			if (rec == IR_NONE)
				note_parents(f, s, n, recoff, t, root, depth);
			return;
		}
	} else if (!engine_asks(f->e, around, off, n.width, n.kind != ACCESS_READ)) {
		return;
	}
	n.rec = around;
	n.off = off;
	n.part = found ? IR_NONE : rec;
	n.part_off = recoff;
	n.root = root;
	n.base = t->off - (int64_t)off;
	n.pc = bit_same(t->guard, BIT_1) ? s->pc : cond_and(f->e->dom, s->pc, t->guard, 0);
	n.fn = f->id;
	n.repeats = f->repeats[f->block];
	/* What puts an entry into a list shows it to others before it has set it up. */
	n.public = !(f->e->unit->funcs.v[f->id].flags & IR_FN_HEADER) &&
		   mem_is_made_public(f, s, root, &n.into);
	set_locks(f, s, &n);
	if (!n.pc->unsat)
		access_add(f, &n);
	arena_clear(&f->e->scratch);
}

/* A pointer to scalars that was made of others leads to what one of them leads to. */
static void note_parents(struct fun *f, struct state *s, struct shared_access n, uint64_t recoff,
			 const struct target *t, sym_id root, unsigned depth)
{
	struct target to[MADE_OF];
	unsigned k = depth ? moved_targets(&f->e->syms, root, t, to) : 0;

	n.may = true;
	for (unsigned i = 0; i < k; i++)
		note_place(f, s, n, IR_NONE, recoff, &to[i], depth - 1);
}

static void note_target(struct fun *f, struct state *s, struct shared_access n, ir_rec rec,
			uint64_t recoff, const struct target *t)
{
	note_place(f, s, n, rec, recoff, t, ANCESTORS);
}

/* A range of memory that is accessed as one: [from, to), in bits of a record. */
struct inside {
	struct fun *f;
	uint64_t from, to;
	/* A watched record begins at a bit behind from; so many bits of it are in the range. */
	void (*found)(void *arg, ir_rec rec, uint64_t at, uint64_t width);
	void *arg;
};

static void look_inside(struct inside *in, ir_rec rec, uint64_t base, unsigned depth)
{
	const struct ir_record *r = &in->f->e->unit->records.v[rec];
	uint64_t left = in->to - base;

	if (base > in->from && base < in->to && engine_watches(in->f->e, rec))
		in->found(in->arg, rec, base, left < r->size ? left : r->size);
	for (uint32_t i = 0; depth < 8 && i < r->fields.n; i++) {
		const struct ir_field *fd = &r->fields.v[i];

		if (fd->type.kind == IR_T_AGG && fd->type.rec != IR_NONE &&
		    base + fd->off < in->to && base + fd->off + fd->width > in->from)
			look_inside(in, fd->type.rec, base + fd->off, depth + 1);
	}
}

/* The same by what the root is known to point to. */
static void look_around(struct inside *in, sym_id root, int64_t off, uint64_t width)
{
	const struct ir_unit *u = in->f->e->unit;
	ir_rec rec = symbol_info(&in->f->e->syms, root)->rec;

	if (rec == IR_NONE || off < 0)
		return;
	in->from = ir_element_off(u, rec, (uint64_t)off);
	in->to = in->from + width;
	look_inside(in, rec, 0, 0);
}

struct noted {
	struct fun *f;
	struct state *s;
	struct shared_access n;
	struct target t;	/* of the first bit */
	const struct inside *in;
};

static void note_found(void *arg, ir_rec rec, uint64_t at, uint64_t width)
{
	struct noted *x = arg;
	struct target t = x->t;

	t.off += (int64_t)(at - x->in->from);
	x->n.width = width;
	note_target(x->f, x->s, x->n, rec, 0, &t);
}

/* What is told of the range by its first bit is left out. */
static void note_range(struct fun *f, struct state *s, struct shared_access n, ir_rec rec,
		       uint64_t off, const struct target *t)
{
	struct noted x = { .f = f, .s = s, .n = n, .t = *t };
	struct inside in = { f, off, off + n.width, note_found, &x };

	x.in = &in;
	x.n.val = WORD_NONE;
	x.n.kept = 0;
	if (rec != IR_NONE)
		look_inside(&in, rec, 0, 0);
	else
		look_around(&in, t->root, t->off, n.width);
}

static void note(struct fun *f, struct state *s, const struct ir_insn *i, word_id ptr,
		 enum access_kind kind, uint64_t width, word_id val)
{
	struct access a = { .ptr = ptr, .off = i->off, .width = i->width, .rec = i->rec,
			    .recoff = i->recoff, .loc = i->loc, .pointee = IR_NONE };
	struct shared_access n = { .kind = (uint8_t)kind, .mark = i->mark, .width = width,
				   .maybe = i->flags & IR_F_COND, .val = val, .loc = i->loc };
	struct target t[MEM_TARGETS];
	bool path = i->op != IR_MEMCPY || kind == ACCESS_WRITE;
	unsigned k = mem_targets(f, s, &a, t);

	for (unsigned m = 0; m < k; m++) {
		if (!mem_is_private(f, s, t[m].root)) {
			n.sets = is_unset(f, s, &t[m], &a);
			n.kept = kept_bits(f, s, &t[m], &a, val);
		}
		note_target(f, s, n, path ? i->rec : IR_NONE, i->recoff, &t[m]);
		if (i->op == IR_MEMSET || i->op == IR_MEMCPY)
			note_range(f, s, n, path ? i->rec : IR_NONE, i->recoff, &t[m]);
	}
}

void access_note_range(struct fun *f, struct state *s, enum access_kind kind,
		       const struct target *t, ir_rec rec, uint64_t width, ir_loc loc)
{
	struct shared_access n = { .kind = (uint8_t)kind, .width = width, .maybe = true,
				   .val = WORD_NONE, .loc = loc };

	if (!f->emitting || !f->e->watched.n)
		return;
	note_target(f, s, n, rec, 0, t);
	note_range(f, s, n, rec, 0, t);
}

/* The bits of a range whose length is known; else as many as a record can have. */
static uint64_t range_width(struct fun *f, struct ir_val size)
{
	uint64_t bytes;

	return word_is_const(f->e->dom, value_of(f, size), &bytes) && bytes < 1u << 20 ?
	       bytes * 8 : (uint64_t)1 << 23;
}

void access_note(struct fun *f, struct state *s, const struct ir_insn *i)
{
	if (!f->emitting || !f->e->watched.n)
		return;
	switch (i->op) {
	case IR_LOAD:
		note(f, s, i, value_of(f, i->a), ACCESS_READ, i->width, WORD_NONE);
		break;
	case IR_STORE:
		note(f, s, i, value_of(f, i->a), ACCESS_WRITE, i->width, value_of(f, i->b));
		break;
	case IR_RMW:
		note(f, s, i, value_of(f, i->a), ACCESS_UPDATE, i->width, WORD_NONE);
		break;
	case IR_HAVOC:
		note(f, s, i, value_of(f, i->a), ACCESS_WRITE, i->width ? i->width : 1, WORD_NONE);
		break;
	case IR_MEMSET:
		note(f, s, i, value_of(f, i->a), ACCESS_WRITE, range_width(f, i->c), WORD_NONE);
		break;
	case IR_MEMCPY:
		note(f, s, i, value_of(f, i->a), ACCESS_WRITE, range_width(f, i->c), WORD_NONE);
		note(f, s, i, value_of(f, i->b), ACCESS_READ, range_width(f, i->c), WORD_NONE);
		break;
	default:
		break;
	}
}

static void learn(struct fun *f, word_id w, ir_rec rec)
{
	struct container c = { 0, rec };
	int64_t delta;
	uint64_t *slot;
	sym_id root;

	if (!word_as_symoff(f->e->dom, w, &root, &delta) ||
	    symbol_info(&f->e->syms, root)->rec == rec)
		return;
	slot = map_put(&f->e->containers, root.i);
	if (*slot)
		return;
	c.base = delta * 8;
	array_push(&f->e->container, c);
	*slot = f->e->container.n;
}

/* A pointer to a watched record was computed from another one, or from several. */
void access_learn(struct fun *f, const struct ir_insn *i)
{
	const struct ir_type *t = &f->body->temps.v[i->dst].type;
	word_id alt[WORD_CHOICES];
	bit_id guard[WORD_CHOICES];
	unsigned n;

	if (t->kind != IR_T_PTR || t->rec == IR_NONE || !engine_watches(f->e, t->rec))
		return;
	n = word_choices(f->e->dom, f->temps[i->dst], alt, guard);
	for (unsigned k = 0; k < n; k++)
		learn(f, alt[k], t->rec);
}

/* ------------------------------------------------------------------ lifting */

static void add_lock(struct lock *v, uint32_t *n, const struct lock *l)
{
	uint32_t at = *n;

	for (uint32_t i = 0; i < *n; i++)
		if (v[i].ref.root.i == l->ref.root.i && v[i].ref.off == l->ref.off)
			return;
	if (*n == HELD_MAX)
		return;
	for (; at > 0 && (v[at - 1].ref.root.i > l->ref.root.i ||
			  (v[at - 1].ref.root.i == l->ref.root.i &&
			   v[at - 1].ref.off > l->ref.off)); at--)
		v[at] = v[at - 1];
	v[at] = *l;
	(*n)++;
}

/*
 * A lock of the object that is accessed is that of the target, also where the
 * caller has several objects for it, or no name.
 */
static bool lift_ref(struct inst *in, const struct shared_access *a, const struct target *t,
		     struct lock_ref *ref)
{
	if (ref->root.i == a->root.i) {
		*ref = (struct lock_ref){ t->root, t->off + ref->off - a->base };
		return true;
	}
	return lock_at_word(in->f, inst_symbol(in, ref->root), ref->off, ref);
}

/* What the callee gave away of its callers' locks, and then this one of its own callers'. */
static bool lift_dropped(struct inst *in, const struct shared_access *a, const struct target *t,
			 struct shared_access *n, uint32_t *own)
{
	struct lock_ref *dropped = arena_new_array(&in->f->e->scratch, struct lock_ref,
						   a->ndropped + in->s->dropped.n + 1);
	bool all = true;

	n->ndropped = 0;
	for (uint32_t i = 0; i < a->ndropped; i++) {
		dropped[n->ndropped] = a->dropped[i];
		if (lift_ref(in, a, t, &dropped[n->ndropped]))
			n->ndropped++;
		else
			all = false;
	}
	*own = n->ndropped;
	for (uint32_t i = 0; i < in->s->dropped.n; i++)
		dropped[n->ndropped++] = in->s->dropped.v[i];
	n->dropped = dropped;
	return all;
}

/*
 * The callee may have given the caller's lock back before, under another name: n->dropped has,
 * up to of, what it gave, of which some is what the caller has by that name.
 */
static bool is_doubted(const struct inst *in, const struct shared_access *a,
		       const struct shared_access *n, uint32_t of, struct lock_ref ref)
{
	for (uint32_t i = 0; i < a->nunsure; i++)
		if (a->unsure[i].other_name &&
		    lock_may_be_same(in->f->e, a->unsure[i].ref, ref))
			return true;
	for (uint32_t i = 0; i < of; i++)
		if (!lockset_find(in->s, n->dropped[i]) &&
		    lock_may_be_same(in->f->e, n->dropped[i], ref))
			return true;
	return false;
}

static bool was_dropped(const struct shared_access *n, uint32_t of, struct lock_ref ref)
{
	for (uint32_t i = 0; i < of; i++)
		if (n->dropped[i].root.i == ref.root.i && n->dropped[i].off == ref.off)
			return true;
	return false;
}

static void lift_unsure(struct inst *in, const struct shared_access *a, const struct target *t,
			struct shared_access *n, uint32_t of)
{
	const struct state *s = in->s;
	struct unsure_lock *unsure = arena_new_array(&in->f->e->scratch, struct unsure_lock,
						     a->nunsure + s->unsure.n + s->held.n + 1);

	n->nunsure = 0;
	for (uint32_t i = 0; i < a->nunsure; i++) {
		unsure[n->nunsure] = a->unsure[i];
		n->nunsure += lift_ref(in, a, t, &unsure[n->nunsure].ref);
	}
	for (uint32_t i = 0; i < s->unsure.n; i++)
		unsure[n->nunsure++] = s->unsure.v[i];
	for (uint32_t i = 0; i < s->held.n; i++)
		if (is_doubted(in, a, n, of, s->held.v[i].ref))
			unsure[n->nunsure++] = (struct unsure_lock){ s->held.v[i].ref, true };
	n->unsure = unsure;
}

static bool has_link(const struct access_link *links, uint32_t n, int64_t off)
{
	for (uint32_t i = 0; i < n; i++)
		if (links[i].off == off)
			return true;
	return false;
}

/* What the callee stored before the access, and then what the caller had. */
static void lift_links(struct inst *in, const struct shared_access *a, const struct target *t,
		       struct shared_access *n)
{
	struct access_link own[LINKS_MAX], links[LINKS_MAX];
	uint32_t k = 0, m;

	n->may |= find_links(in->f, in->s, t->root, own, &m);
	for (uint32_t i = 0; i < a->nlinks; i++) {
		struct access_link l = { .off = t->off + a->links[i].off - a->base };
		sym_id to = a->links[i].to.root;

		if (to.i && word_as_symoff(in->f->e->dom, inst_symbol(in, to), &l.to.root, &l.to.off))
			l.to.off = l.to.off * 8 + a->links[i].to.off;
		links[k++] = l;
	}
	for (uint32_t i = 0; i < m; i++) {
		if (has_link(links, k, own[i].off))
			continue;
		if (k < LINKS_MAX)
			links[k++] = own[i];
		else
			n->may = true;
	}
	n->nlinks = k;
	n->links = arena_memdup(&in->f->e->scratch, links, k * sizeof(*links));
}

/* The callee's locks in the caller's terms, and the caller's that it had not given away. */
static void lift_locks(struct inst *in, const struct shared_access *a, const struct target *t,
		       struct shared_access *n)
{
	struct lock *held = arena_new_array(&in->f->e->scratch, struct lock, HELD_MAX);
	uint32_t own;
	bool all = lift_dropped(in, a, t, n, &own);

	n->nheld = 0;
	for (uint32_t i = 0; i < a->nheld; i++) {
		struct lock l = a->held[i];

		/* What the callee took for granted is the caller's to hold. */
		if (l.assumed)
			continue;
		if (lift_ref(in, a, t, &l.ref))
			add_lock(held, &n->nheld, &l);
		else
			n->may = true;	/* a lock is held that has no name here */
	}
	for (uint32_t i = 0; i < in->s->held.n && all; i++) {
		struct lock_ref ref = in->s->held.v[i].ref;

		if (!was_dropped(n, own, ref) && !is_doubted(in, a, n, own, ref))
			add_lock(held, &n->nheld, &in->s->held.v[i]);
	}
	n->held = held;
	lift_unsure(in, a, t, n, own);
	lift_links(in, a, t, n);
}

static const struct hop *extend(struct inst *in, const struct shared_access *a)
{
	struct hop *h = arena_new_array(&in->f->e->scratch, struct hop, a->nhops + 1);

	if (a->nhops)
		memcpy(h, a->hops, a->nhops * sizeof(*h));
	h[a->nhops] = (struct hop){ in->f->id, in->loc };
	return h;
}

/* A function of a public header is no place to look at: its caller is. */
static void set_place(struct inst *in, const struct shared_access *a, struct shared_access *n)
{
	if (in->f->e->unit->funcs.v[a->fn].flags & IR_FN_HEADER) {
		n->fn = in->f->id;
		n->loc = in->loc;
		n->hops = NULL;
		n->nhops = 0;
		return;
	}
	n->hops = extend(in, a);
	n->nhops = a->nhops + 1;
}

/*
 * What was a part of something is one of a watched record, if the caller's object is. False
 * where it turns out that nobody asks for it, or that no caller can tell.
 */
static bool resolve(struct fun *f, struct shared_access *n)
{
	int64_t at = n->base + (int64_t)n->off;
	uint64_t off;
	ir_rec rec;

	if (n->rec != IR_NONE && engine_watches(f->e, n->rec))
		return true;
	if (!find_around(f, n->root, at, &rec, &off))
		return n->rec != IR_NONE || is_of_callers(f, n->root);
	n->rec = rec;
	n->off = off;
	n->base = at - (int64_t)off;
	return engine_asks(f->e, rec, off, n->width, n->kind != ACCESS_READ);
}

/*
 * A function that other units call, by name or through a member, takes any object
 * of its type: that a caller has no name for its own takes nothing from that.
 */
static bool is_named(const struct fun *f, ir_fn callee, const struct shared_access *a)
{
	uint8_t kind = symbol_info(&f->e->syms, a->root)->kind;
	uint32_t flags = f->e->unit->funcs.v[callee].flags;

	return a->named || ((flags & IR_FN_ADDR_TAKEN || !(flags & IR_FN_STATIC)) && !a->may &&
			    (kind == SYM_K_PARAM || kind == SYM_K_CELL || kind == SYM_K_INIT));
}

struct lifted {
	struct fun *f;
	const struct shared_access *n;
	const struct inside *in;
};

static void lift_found(void *arg, ir_rec rec, uint64_t at, uint64_t width)
{
	const struct lifted *x = arg;
	struct shared_access n = *x->n;

	n.base += (int64_t)(n.off + at - x->in->from);
	n.rec = rec;
	n.off = 0;
	n.width = width;
	if (engine_asks(x->f->e, rec, 0, width, n.kind != ACCESS_READ))
		access_add(x->f, &n);
}

/* A range of which the callee knew no type. */
static void lift_range(struct fun *f, const struct shared_access *n)
{
	struct lifted x = { f, n, NULL };
	struct inside in = { .f = f, .found = lift_found, .arg = &x };

	x.in = &in;
	if (n->width > 64 && n->part == IR_NONE && (n->rec == IR_NONE || !engine_watches(f->e, n->rec)))
		look_around(&in, n->root, n->base + (int64_t)n->off, n->width);
}

/* The callee had stored a pointer to the object where others look, before the access. */
static bool is_public_by_then(struct inst *in, const struct shared_access *a)
{
	struct access acc = { .width = 1, .rec = IR_NONE, .site = in->site, .loc = in->loc,
			      .pointee = IR_NONE };
	struct target t[MEM_TARGETS];
	bool private = true;
	unsigned n;

	if (!a->public || !a->into.i)
		return a->public;
	acc.ptr = inst_symbol(in, a->into);
	n = mem_targets(in->f, in->s, &acc, t);
	for (unsigned i = 0; i < n; i++)
		private &= mem_is_private(in->f, in->s, t[i].root);
	return !private;
}

static void lift_public(struct inst *in, const struct shared_access *a, const struct target *t,
			struct shared_access *n)
{
	struct lock_ref into = { SYM_NONE, 0 };

	if (a->public && a->into.i && !lock_of_word(in->f, inst_symbol(in, a->into), &into))
		into.root = SYM_NONE;
	n->into = into.root;
	if (!a->public)
		n->public = mem_is_made_public(in->f, in->s, t->root, &n->into);
}

static void lift_to(struct inst *in, const struct shared_access *a,
		    const struct shared_access *base, const struct cond *pc,
		    const struct target *at, unsigned depth)
{
	struct fun *f = in->f;
	struct shared_access n = *base;
	const struct target first = first_element(f, at, a->rec != IR_NONE ? a->rec : a->part);
	const struct target *t = &first;
	struct target to[MADE_OF];
	unsigned k;
	bool asked;

	if (mem_is_private(f, in->s, t->root) && !is_public_by_then(in, a))
		return;
	lift_public(in, a, t, &n);
	lift_locks(in, a, t, &n);
	n.root = t->root;
	n.base = t->off;
	asked = resolve(f, &n);
	n.pc = bit_same(t->guard, BIT_1) ? pc : cond_and(f->e->dom, pc, t->guard, 0);
	if (n.pc->unsat)
		return;
	lift_range(f, &n);
	if (asked)
		access_add(f, &n);
	k = asked || !depth || n.rec != IR_NONE || n.part != IR_NONE ? 0 :
	    moved_targets(&f->e->syms, t->root, t, to);
	for (unsigned i = 0; i < k; i++) {
		n = *base;
		n.may = true;
		lift_to(in, a, &n, pc, &to[i], depth - 1);
	}
}

static void lift(struct inst *in, const struct shared_access *a)
{
	struct fun *f = in->f;
	struct access acc = { .ptr = inst_symbol(in, a->root), .off = a->base, .width = 1,
			      .rec = IR_NONE, .site = in->site, .loc = in->loc,
			      .pointee = IR_NONE };
	struct shared_access base = *a;
	struct target t[MEM_TARGETS];
	const struct cond *pc = cond_and_all(f->e->dom, in->s->pc, inst_cond(in, a->pc));
	unsigned k;

	if (pc->unsat)
		return;
	k = mem_targets(f, in->s, &acc, t);
	base.val = inst_word(in, a->val);
	base.named = is_named(f, in->callee, a);
	base.repeats |= f->repeats[f->block];
	set_place(in, a, &base);
	for (unsigned i = 0; i < k; i++)
		lift_to(in, a, &base, pc, &t[i], ANCESTORS);
	arena_clear(&f->e->scratch);
}

void accesses_lift(struct fun *f, struct inst *in)
{
	const struct summary *sum = engine_summary(f->e, in->callee);

	if (!f->emitting)
		return;
	f->summary->lost_accesses |= sum->lost_accesses;
	for (uint32_t i = 0; i < sum->accesses.n; i++)
		lift(in, &sum->accesses.v[i]);
}
