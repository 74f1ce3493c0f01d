/* SPDX-License-Identifier: MIT */
/*
 * Template coupling: whoever makes an object gives it away only when what the
 * rule says of its fields is true. Judged at the returns of functions that can
 * be called from outside: of a new object that goes out with the result, or
 * that others can reach by then.
 */
#include "rules/evaluate.h"

#define OBJECTS 8

struct outgoing {
	struct judge *j;
	struct fun *f;
	struct state *s;
	word_id ret;
	ir_loc loc;
};

static bool is_of_record(const struct judge *j, const struct docket *d, sym_id root)
{
	return symbol_is_heap(&j->e.syms, root) &&
	       symbol_info(&j->e.syms, root)->rec == d->bound.names[0];
}

static bool is_freed(const struct state *s, sym_id root)
{
	for (uint32_t i = 0; i < s->freed.n; i++)
		if (s->freed.v[i].i == root.i)
			return true;
	return false;
}

/* An error comes back: what was made on the way is not given away with it. */
static bool is_failure(const struct outgoing *out)
{
	const struct ir_type *t = &out->f->body->ret;
	struct dom *d = out->j->e.dom;
	uint8_t width;

	if (word_is_none(out->ret))
		return false;
	width = word_width(d, out->ret);
	if (t->kind == IR_T_PTR &&
	    cond_entails(d, out->s->pc, bit_not(d, word_nonzero(d, out->ret))))
		return true;
	return width >= 32 && cond_entails(d, out->s->pc, word_bit(d, out->ret, width - 1u));
}

/* The condition under which the result points into the object. */
static bit_id goes_out(const struct outgoing *out, sym_id root)
{
	struct dom *d = out->j->e.dom;
	word_id alt[WORD_CHOICES];
	bit_id guard[WORD_CHOICES], any = BIT_0;
	unsigned n;

	if (!mem_is_private(out->f, out->s, root))
		return BIT_1;
	n = word_is_none(out->ret) ? 0 : word_choices(d, out->ret, alt, guard);
	for (unsigned i = 0; i < n; i++) {
		int64_t delta;
		sym_id id;

		if (word_as_symoff(d, alt[i], &id, &delta) && id.i == root.i)
			any = bit_or(d, any, guard[i]);
	}
	return any;
}

static void judge_object(const struct outgoing *out, struct docket *d, sym_id root)
{
	struct dom *dom = out->j->e.dom;
	bit_id out_here = goes_out(out, root);
	word_id args[2] = { word_const(dom, 0, 32), word_sym(dom, root) };
	struct evaluation ev;

	if (bit_same(out_here, BIT_0) || is_freed(out->s, root))
		return;
	*map_put(&d->sinks, out->loc) = 1;
	evaluation_run(&ev, out->j, out->f, out->s, d->bound.guard, args, 2, false, false);
	for (unsigned i = 0; i < ev.n; i++) {
		struct premises why = { .n = 0 };
		struct obligation o = { .rule = d->bound.number, .fn = out->f->id,
					.loc = out->loc };

		evaluation_oblige(&ev, i, &o, &why);
		o.bad = cond_and(dom, o.bad, out_here, 0);
		premises_add(&why, out_here, 0);
		engine_oblige(out->f, &o, &why);
	}
}

void coupling_return(struct judge *j, struct fun *f, struct state *s, word_id ret, ir_loc loc)
{
	struct outgoing out = { j, f, s, ret, loc };

	if (!f->emitting || !relevant_has(j, f->id) || !relevant_is_entry(j, f->id) ||
	    is_failure(&out))
		return;
	for (uint32_t i = 0; i < j->ndockets; i++) {
		struct docket *d = &j->dockets[i];
		sym_id found[OBJECTS], last = SYM_NONE;
		unsigned n = 0;

		if (!d->bound.usable || d->bound.rule->template != RULE_COUPLING)
			continue;
		for (uint32_t k = 0; k < s->cells.n; k++) {
			sym_id root = s->cells.v[k].root;

			if (root.i == last.i)
				continue;
			last = root;
			if (!is_of_record(j, d, root))
				continue;
			if (n == OBJECTS) {
				docket_reason(j, d, "a function makes too many objects");
				break;
			}
			found[n++] = root;
		}
		for (unsigned k = 0; k < n; k++)
			judge_object(&out, d, found[k]);
	}
}
