/* SPDX-License-Identifier: MIT */
/* access.c - loads, stores and copies */
#include "oracle.h"

#define CHUNK 8		/* bytes of a copy that are read or written at once */

/* Bytes that an access touches, and where its bits are in them. */
struct span {
	uint64_t addr;
	uint32_t len;
	unsigned bit;
};

static struct span bits_of(uint64_t base, int64_t off, unsigned width)
{
	struct span p = { .addr = base + (uint64_t)(off >> 3), .bit = off & 7 };

	p.len = (p.bit + width + 7) / 8;
	return p;
}

/* A bit-field is read and written with its C11 memory location. */
static struct span span_of(const struct oracle *x, const struct thread *th,
			   const struct ir_insn *i)
{
	uint64_t base = (uint64_t)machine_value(x, th, i->a), inner_off;
	struct span p = bits_of(base, i->off, i->width);
	const struct ir_field *f;
	uint64_t end;
	int64_t unit;
	ir_rec inner;

	if (!(i->flags & IR_F_BITFIELD) || i->rec == IR_NONE)
		return p;
	f = ir_field_at(x->u, i->rec, i->recoff, i->width, &inner, &inner_off);
	if (!f || f->unit_width > 120)
		return p;
	unit = i->off - (int64_t)inner_off + (int64_t)f->unit_off;
	end = p.addr + p.len;
	p = bits_of(base, unit, (unsigned)f->unit_width);
	assert(end <= p.addr + p.len);
	p.bit = (unsigned)(i->off - (unit & ~(int64_t)7));
	return p;
}

/* False, and the path ends, where the bytes cannot be accessed. */
static bool check(struct oracle *x, struct state *s, uint64_t addr, uint64_t len, bool write)
{
	const struct object *o = mem_object(s, addr, len);
	const char *why = !o ? "no object is there" : o->freed ? "the object was freed" :
			  write && o->constant ? "the object is constant" : NULL;
	struct buffer name = BUFFER_INIT;

	if (!why)
		return true;
	mem_name(x, s, addr, &name);
	stop(x, FAULT, "%s of %s: %s", write ? "a write" : "a read", buffer_str(&name), why);
	buffer_release(&name);
	return false;
}

/* Also of objects that are not shared yet: their publication must order it. */
static void note(struct oracle *x, struct state *s, unsigned t, const struct span *p,
		 const struct ir_insn *i, bool write)
{
	const struct object *o = mem_object(s, p->addr, p->len);

	if (t == SEQ || o->quiet || o->constant)
		return;
	if (mem_is_shared(s, t, p->addr) || mem_on_heap(p->addr))
		race_access(x, s, t, p->addr, p->len, write, i->loc);
}

static void exec_load(struct oracle *x, struct state *s, unsigned t, const struct ir_insn *i)
{
	struct thread *th = &s->t[t];
	struct span p = span_of(x, th, i);
	word v;

	if (!check(x, s, p.addr, p.len, false))
		return;
	v = bits_read(mem_at(s, p.addr), p.bit, i->width);
	machine_event(x, s, t, i, EVENT_LOAD, p.addr, v);
	if (i->mark == IR_PLAIN)
		note(x, s, t, &p, i, false);
	else
		race_learn(x, s, t, p.addr, SYNC_MARKED);
	machine_result(x, th, i, v);
}

static void publish(struct oracle *x, struct state *s, unsigned t, uint64_t to, word v)
{
	if (mem_is_shared(s, t, to))
		mem_publish(x, s, (uint64_t)v);
}

/* First the whole unit is loaded, then it is stored with the new bits in it. */
static void exec_unit(struct oracle *x, struct state *s, unsigned t, const struct ir_insn *i,
		      const struct span *p)
{
	struct thread *th = &s->t[t];

	note(x, s, t, p, i, th->part);
	if (!th->part) {
		th->latch = bits_read(mem_at(s, p->addr), 0, 8 * p->len);
		th->part = 1;
		machine_event(x, s, t, i, EVENT_LOAD_UNIT, p->addr, th->latch);
		return;
	}
	bits_write(mem_at(s, p->addr), 0, 8 * p->len, th->latch);
	bits_write(mem_at(s, p->addr), p->bit, i->width, machine_value(x, th, i->b));
	machine_event(x, s, t, i, EVENT_STORE_UNIT, p->addr, machine_value(x, th, i->b));
	th->part = 0;
	th->latch = 0;
	machine_result(x, th, i, 0);
}

static void exec_store(struct oracle *x, struct state *s, unsigned t, const struct ir_insn *i)
{
	struct thread *th = &s->t[t];
	struct span p = span_of(x, th, i);
	word v = machine_value(x, th, i->b);

	if (!check(x, s, p.addr, p.len, true))
		return;
	if (i->flags & IR_F_BITFIELD && x->plant != PLANT_UNIT && mem_is_shared(s, t, p.addr)) {
		exec_unit(x, s, t, i, &p);
		return;
	}
	bits_write(mem_at(s, p.addr), p.bit, i->width, v);
	machine_event(x, s, t, i, EVENT_STORE, p.addr, v);
	if (i->mark == IR_PLAIN)
		note(x, s, t, &p, i, true);
	else
		race_teach(x, s, t, p.addr, SYNC_MARKED, true);
	if (i->width == 64)
		publish(x, s, t, p.addr, v);
	machine_result(x, th, i, 0);
}

static void exec_rmw(struct oracle *x, struct state *s, unsigned t, const struct ir_insn *i)
{
	struct thread *th = &s->t[t];
	struct span p = span_of(x, th, i);
	word old, v;

	if (!check(x, s, p.addr, p.len, true))
		return;
	old = bits_read(mem_at(s, p.addr), p.bit, i->width);
	v = word_rmw((enum ir_rmw)i->imm, old, machine_value(x, th, i->b),
		     machine_value(x, th, i->c));
	bits_write(mem_at(s, p.addr), p.bit, i->width, v);
	machine_event(x, s, t, i, EVENT_RMW, p.addr, word_cut(v, i->width));
	race_learn(x, s, t, p.addr, SYNC_MARKED);
	race_teach(x, s, t, p.addr, SYNC_MARKED, false);
	if (i->width == 64)
		publish(x, s, t, p.addr, v);
	machine_result(x, th, i, old);
}

/* ----------------------------------------------------------------- copies */

static uint64_t target(const struct oracle *x, const struct thread *th, const struct ir_insn *i)
{
	return (uint64_t)machine_value(x, th, i->a) + (uint64_t)(i->off / 8) + th->pos;
}

/* Of the chunk that is next. */
static uint32_t chunk(const struct oracle *x, const struct thread *th, const struct ir_insn *i)
{
	uint64_t left = (uint64_t)machine_value(x, th, i->c) - th->pos;

	return left < CHUNK ? (uint32_t)left : CHUNK;
}

static void copy_load(struct oracle *x, struct state *s, unsigned t, const struct ir_insn *i,
		      uint32_t n)
{
	struct thread *th = &s->t[t];
	struct span p = { .addr = (uint64_t)machine_value(x, th, i->b) + th->pos, .len = n };

	if (!check(x, s, p.addr, n, false))
		return;
	th->latch = bits_read(mem_at(s, p.addr), 0, 8 * n);
	th->part = 1;
	machine_event(x, s, t, i, EVENT_LOAD, p.addr, th->latch);
	note(x, s, t, &p, i, false);
}

static void copy_store(struct oracle *x, struct state *s, unsigned t, const struct ir_insn *i,
		       uint32_t n)
{
	struct thread *th = &s->t[t];
	struct span p = { .addr = target(x, th, i), .len = n };
	word v = th->latch;

	if (!check(x, s, p.addr, n, true))
		return;
	if (i->op == IR_MEMSET)
		v = (machine_value(x, th, i->b) & 0xff) * 0x0101010101010101u;
	bits_write(mem_at(s, p.addr), 0, 8 * n, v);
	machine_event(x, s, t, i, EVENT_COPY, p.addr, word_cut(v, 8 * n));
	note(x, s, t, &p, i, true);
	if (n == 8)
		publish(x, s, t, p.addr, v);
	th->part = 0;
	th->latch = 0;
	th->pos += n;
}

static void exec_copy(struct oracle *x, struct state *s, unsigned t, const struct ir_insn *i)
{
	struct thread *th = &s->t[t];
	uint32_t n = chunk(x, th, i);

	if (n && i->op == IR_MEMCPY && !th->part)
		copy_load(x, s, t, i, n);
	else if (n)
		copy_store(x, s, t, i, n);
	if (!path_ended(x) && !chunk(x, th, i)) {
		th->pos = 0;
		machine_result(x, th, i, 0);
	}
}

void access_exec(struct oracle *x, struct state *s, unsigned t, const struct ir_insn *i)
{
	if (i->op == IR_LOAD)
		exec_load(x, s, t, i);
	else if (i->op == IR_STORE)
		exec_store(x, s, t, i);
	else if (i->op == IR_RMW)
		exec_rmw(x, s, t, i);
	else
		exec_copy(x, s, t, i);
}

bool access_is_step(struct oracle *x, struct state *s, unsigned t, const struct ir_insn *i)
{
	const struct thread *th = &s->t[t];

	if (i->op == IR_MEMCPY && !th->part)
		return mem_is_shared(s, t, (uint64_t)machine_value(x, th, i->b) + th->pos);
	if (i->op == IR_MEMCPY || i->op == IR_MEMSET)
		return mem_is_shared(s, t, target(x, th, i));
	return mem_is_shared(s, t, span_of(x, th, i).addr);
}
