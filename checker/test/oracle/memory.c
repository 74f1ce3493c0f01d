/* SPDX-License-Identifier: MIT */
/* memory.c - addresses, objects, and what another thread can reach */
#include "oracle.h"

#define SEG_SHIFT 36
#define SEG_BASE 0x1000		/* offsets from NULL and from a segment's end are no addresses */
#define ALIGN 16

static uint64_t address(unsigned seg, uint32_t at)
{
	return ((uint64_t)seg + 1) << SEG_SHIFT | (SEG_BASE + at);
}

/* The segment of an address, or SEGMENTS; *at is the offset in it. */
static unsigned segment_of(uint64_t addr, uint64_t *at)
{
	uint64_t seg = addr >> SEG_SHIFT;

	*at = (addr & (((uint64_t)1 << SEG_SHIFT) - 1)) - SEG_BASE;
	return seg && seg <= SEGMENTS && *at < UINT32_MAX ? (unsigned)seg - 1 : SEGMENTS;
}

uint64_t mem_stack_address(unsigned t, uint32_t at)
{
	return address(SEG_STACK(t), at);
}

bool mem_on_heap(uint64_t addr)
{
	uint64_t at;
	unsigned seg = segment_of(addr, &at);

	return seg != SEGMENTS && seg != SEG_STATIC && seg % 2 == 0;
}

uint64_t mem_add(struct state *s, unsigned seg, uint64_t size, uint8_t fill)
{
	struct segment *g = &s->seg[seg];
	uint32_t at = g->bytes.n, n = ((uint32_t)size + 2 * ALIGN) / ALIGN * ALIGN;
	struct object *o = array_add(&g->objects);

	o->at = at;
	o->size = (uint32_t)size;
	array_reserve(&g->bytes, at + n);
	memset(g->bytes.v + at, fill, n);
	g->bytes.n = at + n;
	return address(seg, at);
}

void mem_truncate(struct segment *g, uint32_t objects, uint32_t bytes)
{
	g->objects.n = objects;
	g->bytes.n = bytes;
}

struct object *mem_object(struct state *s, uint64_t addr, uint64_t len)
{
	uint64_t at;
	unsigned seg = segment_of(addr, &at);
	uint32_t lo = 0, hi;
	struct object *o;

	if (seg == SEGMENTS)
		return NULL;
	hi = s->seg[seg].objects.n;
	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;

		if (s->seg[seg].objects.v[mid].at <= at)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (!lo)
		return NULL;
	o = &s->seg[seg].objects.v[lo - 1];
	return at + len <= (uint64_t)o->at + o->size ? o : NULL;
}

uint8_t *mem_at(struct state *s, uint64_t addr)
{
	uint64_t at;
	unsigned seg = segment_of(addr, &at);

	return &s->seg[seg].bytes.v[at];
}

bool mem_is_shared(struct state *s, unsigned t, uint64_t addr)
{
	const struct object *o = mem_object(s, addr, 1);
	uint64_t at;

	if (!o || o->constant || o->quiet || t == SEQ)
		return false;
	return o->shared || segment_of(addr, &at) == SEG_STATIC;
}

/* What the object points to is reachable with it. */
static void publish_object(struct oracle *x, struct state *s, unsigned seg, uint32_t k)
{
	struct object *o = &s->seg[seg].objects.v[k];

	o->shared = true;
	for (uint32_t i = 0; i + 8 <= o->size; i += 8) {
		uint64_t v;

		memcpy(&v, &s->seg[seg].bytes.v[o->at + i], 8);
		mem_publish(x, s, v);
	}
}

void mem_publish(struct oracle *x, struct state *s, uint64_t value)
{
	uint64_t at;
	unsigned seg = segment_of(value, &at);
	struct object *o = mem_object(s, value, 0);

	if (!o || o->shared || seg == SEG_STATIC || x->plant == PLANT_NO_SHARE)
		return;
	publish_object(x, s, seg, (uint32_t)(o - s->seg[seg].objects.v));
}

/* ---------------------------------------------------------------- globals */

/* An array of unknown bound and a flexible array member are as long as what initialises them. */
static uint64_t global_bits(const struct ir_global *g)
{
	uint64_t bits = g->type.size;

	for (uint32_t i = 0; i < g->inits.n; i++)
		if (g->inits.v[i].off + g->inits.v[i].width > bits)
			bits = g->inits.v[i].off + g->inits.v[i].width;
	return bits;
}

static void init_global(struct oracle *x, const struct ir_global *g, uint8_t *p)
{
	if (g->bytes)
		memcpy(p, g->bytes, global_bits(g) / 8);
	for (uint32_t i = 0; i < g->inits.n; i++) {
		const struct ir_init *init = &g->inits.v[i];
		uint64_t v = init->value;

		if (init->fn != IR_NONE)
			v += x->code + init->fn;
		else if (init->glob != IR_NONE)
			v += x->globals.v[init->glob];
		bits_write(p, (int64_t)init->off, (unsigned)init->width, v);
	}
}

void mem_globals(struct oracle *x, struct state *s)
{
	const struct ir_unit *u = x->u;

	for (ir_glob g = 0; g < u->globals.n; g++) {
		const struct ir_global *gl = &u->globals.v[g];
		struct object *o;

		array_push(&x->globals, mem_add(s, SEG_STATIC, (global_bits(gl) + 7) / 8, 0));
		o = &array_last(&s->seg[SEG_STATIC].objects);
		o->name = g;
		o->constant = gl->bytes || gl->is_const;
		o->quiet = model_is_once_flag(x->model, intern_get(&u->names, gl->name));
	}
	for (ir_glob g = 0; g < u->globals.n; g++)
		init_global(x, &u->globals.v[g], mem_at(s, x->globals.v[g]));
}

void mem_share_setup(struct state *s)
{
	struct segment *g = &s->seg[SEG_HEAP(SEQ)];

	for (uint32_t i = 0; i < g->objects.n; i++)
		g->objects.v[i].shared = true;
}

/* The member of a global that begins there, if that is told by one name. */
static const struct ir_field *member_at(const struct oracle *x, const struct ir_global *g,
					uint64_t from)
{
	const struct ir_field *f;
	uint64_t off;
	ir_rec rec;

	/* A record of one member is a lock or the like, and its name is enough. */
	if (g->type.rec == IR_NONE || g->type.elem_size ||
	    x->u->records.v[g->type.rec].fields.n < 2)
		return NULL;
	f = ir_field_at(x->u, g->type.rec, 8 * from, 1, &rec, &off);
	return f && rec == g->type.rec && !f->is_bitfield && off == f->off ? f : NULL;
}

bool mem_name(const struct oracle *x, struct state *s, uint64_t addr, struct buffer *out)
{
	const struct object *o = mem_object(s, addr, 0);
	const struct ir_field *f = NULL;
	const struct ir_global *g;
	uint64_t at;
	unsigned seg = segment_of(addr, &at);

	if (!o) {
		buffer_printf(out, "0x%llx", (unsigned long long)addr);
		return false;
	}
	at -= o->at;
	if (seg == SEG_STATIC) {
		g = &x->u->globals.v[o->name];
		buffer_puts(out, intern_get(&x->u->names, g->name));
		f = member_at(x, g, at);
	} else {
		buffer_printf(out, "%s object %u of %s", seg & 1 ? "stack" : "heap",
			      (unsigned)(o - s->seg[seg].objects.v) + 1,
			      (seg - 1) / 2 == SEQ ? "setup" : x->sc->threads[(seg - 1) / 2]);
	}
	if (f)
		buffer_printf(out, ".%s", intern_get(&x->u->names, f->name));
	else if (at)
		buffer_printf(out, "+%llu", (unsigned long long)at);
	return f;
}
