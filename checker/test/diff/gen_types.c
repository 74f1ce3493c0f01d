/* SPDX-License-Identifier: MIT */
/* gen_types.c - the records of a random program; every piece has 8 bytes or a multiple */
#include <stdio.h>

#include "gen_internal.h"

const struct ty_info ty_info[NTY] = {
	[U8] = { "u8", 8, false }, [S8] = { "s8", 8, true },
	[U16] = { "u16", 16, false }, [S16] = { "s16", 16, true },
	[U32] = { "u32", 32, false }, [S32] = { "s32", 32, true },
	[U64] = { "u64", 64, false }, [S64] = { "s64", 64, true },
	[BOOL] = { "_Bool", 8, false }, [CHAR] = { "char", 8, false },
	[ENUM] = { "enum color", 32, false }, [SENUM] = { "enum level", 32, true },
	[ULONG] = { "unsigned long", 64, false }, [LLONG] = { "long long", 64, true },
};

struct pieces {
	struct gen *g;
	const char *path;	/* before the names of this record's fields */
	const char *letter;	/* begins the names */
	unsigned n;
	bool in_node;
	struct buffer fix;	/* statements of ctx_fix() */
};

__attribute__((format(printf, 4, 5)))
static struct place *add_place(struct pieces *ps, enum ty ty, unsigned mask, const char *fmt, ...)
{
	struct place *p = array_add(&ps->g->fields);
	size_t n = (size_t)snprintf(p->pre, sizeof(p->pre), "%s", ps->path);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(p->pre + n, sizeof(p->pre) - n, fmt, ap);
	va_end(ap);
	p->ty = (uint8_t)ty;
	p->mask = (uint8_t)mask;
	p->in_node = ps->in_node;
	return p;
}

static void piece_array(struct pieces *ps)
{
	enum ty ty = gen_type(ps->g);
	unsigned n = 64 / ty_info[ty].bits;

	n = n < 4 ? 4 : n;
	emit(ps->g, "\t%s %s%u[%u];\n", ty_info[ty].name, ps->letter, ps->n, n);
	add_place(ps, ty, n - 1, "%s%u", ps->letter, ps->n);
	if (ty == BOOL)
		for (unsigned i = 0; i < n; i++)
			buffer_printf(&ps->fix, "\t*(u8 *)&%s%s%u[%u] &= 1;\n", ps->path,
				      ps->letter, ps->n, i);
	ps->n++;
}

/* Scalars that fill 8 bytes: sizes never grow, so nothing is padded. */
static void piece_scalars(struct pieces *ps)
{
	unsigned bits = 0, last = 64;

	while (bits < 64) {
		enum ty ty = gen_type(ps->g);

		if (ty_info[ty].bits > last || ty_info[ty].bits > 64 - bits)
			continue;
		emit(ps->g, "\t%s %s%u;\n", ty_info[ty].name, ps->letter, ps->n);
		add_place(ps, ty, 0, "%s%u", ps->letter, ps->n);
		if (ty == BOOL)
			buffer_printf(&ps->fix, "\t*(u8 *)&%s%s%u &= 1;\n", ps->path, ps->letter,
				      ps->n);
		last = ty_info[ty].bits;
		bits += last;
		ps->n++;
	}
}

/* Bit-fields of mixed types that fill 8 bytes: none crosses a unit of its own type. */
static void piece_bits(struct pieces *ps)
{
	bool anon = chance(ps->g, 30);
	unsigned at = 0;

	if (anon)
		emit(ps->g, "\tstruct {\n");
	while (at < 64) {
		enum ty ty = gen_type(ps->g);
		unsigned unit = ty_info[ty].bits, room = unit - at % unit, width;

		width = 1 + below(ps->g, room);
		if (chance(ps->g, 15))
			width = room;
		if (ty == BOOL)
			width = 1;
		emit(ps->g, "\t%s %s%u : %u;\n", ty_info[ty].name, ps->letter, ps->n, width);
		add_place(ps, ty, 0, "%s%u", ps->letter, ps->n)->width = (uint8_t)width;
		at += width;
		ps->n++;
		if (at < 64 && at % 32 == 0 && chance(ps->g, 30))
			emit(ps->g, "\tu32 : 0;\n");
	}
	if (anon)
		emit(ps->g, "\t};\n");
}

/* One 8-byte union seen as words of all sizes and as bit-fields, named or anonymous. */
static void piece_union(struct pieces *ps)
{
	static const enum ty views[] = { U64, S64, U32, S32, U16, S16, U8, S8, CHAR };
	unsigned width = 1 + below(ps->g, 63), u = ps->n++;
	char name[16] = "";
	struct place *p;

	if (chance(ps->g, 50))
		snprintf(name, sizeof(name), "%s%u", ps->letter, u);
	emit(ps->g, "\tunion {\n");
	for (unsigned i = 0; i < 4; i++) {
		enum ty ty = views[below(ps->g, sizeof(views) / sizeof(*views))];
		unsigned n = 64 / ty_info[ty].bits;

		emit(ps->g, "\t\t%s w%u_%u[%u];\n", ty_info[ty].name, u, i, n);
		p = add_place(ps, ty, n - 1, "%s%sw%u_%u", name, *name ? "." : "", u, i);
		if (n == 1)
			strcpy(p->post, "[0]");
	}
	emit(ps->g, "\t\tstruct {\n\t\t\tu64 lo%u : %u;\n\t\t\ts64 hi%u : %u;\n\t\t};\n", u, width,
	     u, 64 - width);
	p = add_place(ps, U64, 0, "%s%slo%u", name, *name ? "." : "", u);
	p->width = (uint8_t)width;
	p = add_place(ps, S64, 0, "%s%shi%u", name, *name ? "." : "", u);
	p->width = (uint8_t)(64 - width);
	emit(ps->g, *name ? "\t} %s;\n" : "\t}%s;\n", name);
}

static void gen_pieces(struct pieces *ps, unsigned n)
{
	while (n--)
		switch (below(ps->g, 5)) {
		case 0: piece_array(ps); break;
		case 1: piece_scalars(ps); break;
		case 2: piece_union(ps); break;
		default: piece_bits(ps);
		}
}

static void gen_node(struct gen *g, struct buffer *fix)
{
	struct pieces ps = { .g = g, .path = "", .letter = "n", .in_node = true };

	emit(g, "struct node {\n");
	gen_pieces(&ps, 2 + below(g, 2));
	emit(g, "};\n\n");
	/* ctx_fix() reaches a node by the name n */
	for (const char *s = buffer_str(&ps.fix); *s; s++) {
		buffer_putc(fix, *s);
		if (*s == '&' && s[1] == 'n')
			buffer_puts(fix, "n->");
	}
	buffer_release(&ps.fix);
}

/* Read-only tables with designated initialisers. */
static void gen_tables(struct gen *g)
{
	for (unsigned k = 0; k < 3; k++) {
		enum ty ty = gen_type(g);
		struct place *p;

		emit(g, "static const %s tab%u[8] = { ", ty_info[ty].name, k);
		gen_literal(g);
		emit(g, ", [3] = ");
		gen_literal(g);
		emit(g, ", ");
		gen_literal(g);
		emit(g, ", [%u ... 7] = ", 5 + below(g, 3));
		gen_literal(g);
		emit(g, " };\n");
		p = array_add(&g->fields);
		snprintf(p->pre, sizeof(p->pre), "tab%u", k);
		p->ty = (uint8_t)ty;
		p->mask = 7;
		p->read_only = true;
	}
}

void gen_types(struct gen *g)
{
	struct pieces ps = { .g = g, .path = "m->", .letter = "c" };
	struct buffer node_fix = BUFFER_INIT;

	emit(g, "typedef unsigned char u8;\ntypedef signed char s8;\n"
		"typedef unsigned short u16;\ntypedef short s16;\n"
		"typedef unsigned int u32;\ntypedef int s32;\n"
		"typedef unsigned long long u64;\ntypedef long s64;\n\n"
		"enum color { RED, GREEN = 5, BLUE, LAST = 0x7ffffff0 };\n"
		"enum level { LOW = -7, MID, HIGH = 1000 };\n\n"
		"struct pair { u32 x; s16 y; u8 z; u8 v : 3; u8 w : 5; };\n"
		"struct big { u64 q[2]; struct pair p; s32 t : 17; u32 u : 15; s32 s; };\n\n");
	gen_node(g, &node_fix);
	emit(g, "struct ctx {\n");
	gen_pieces(&ps, 5 + below(g, 5));
	emit(g, "\tstruct node nodes[4];\n\tstruct node *cur;\n\tstruct pair pr;\n"
		"\tstruct big bg;\n};\n\n");
	emit(g, "const u64 ctx_size = sizeof(struct ctx);\n\n");
	emit(g, "void ctx_fix(struct ctx *m)\n{\n%s", buffer_str(&ps.fix));
	emit(g, "\tm->cur = &m->nodes[(u64)m->cur & 3];\n");
	emit(g, "\tfor (struct node *n = m->nodes; n < m->nodes + 4; n++) {\n%s\t}\n}\n\n",
	     buffer_str(&node_fix));
	gen_tables(g);
	buffer_release(&ps.fix);
	buffer_release(&node_fix);
}
