/* SPDX-License-Identifier: MIT */
#include "rules/unmodelled.h"

static bool is_unmodelled(const struct ir_insn *i)
{
	return i->op == IR_UNKNOWN || i->op == IR_HAVOC || i->op == IR_ASM;
}

static void list(const struct ir_unit *u, const struct ir_func *f, const struct ir_insn *i,
		 struct buffer *out)
{
	buffer_printf(out, "%s: %s\n", intern_get(&u->names, f->name),
		      intern_get(&u->names, u->reasons.v[i->imm].text));
}

static unsigned collect_body(const struct ir_unit *u, const struct ir_func *f, struct buffer *out)
{
	unsigned n = 0;

	for (uint32_t b = 0; b < f->blocks.n; b++) {
		const struct ir_block *block = &f->blocks.v[b];

		for (uint32_t k = 0; k < block->insns.n; k++) {
			if (!is_unmodelled(&block->insns.v[k]))
				continue;
			n++;
			if (out)
				list(u, f, &block->insns.v[k], out);
		}
	}
	return n;
}

unsigned unmodelled_collect(const struct ir_unit *u, struct buffer *out)
{
	unsigned n = 0;

	for (ir_fn fn = 0; fn < u->funcs.n; fn++)
		if (u->funcs.v[fn].state == IR_BODY_READY)
			n += collect_body(u, &u->funcs.v[fn], out);
	return n;
}
