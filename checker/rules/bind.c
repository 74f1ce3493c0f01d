/* SPDX-License-Identifier: MIT */
#include "rules/bind.h"

#include <stdio.h>
#include <string.h>

#include "engine/fun.h"
#include "rules/snippet.h"

#define ANCESTORS 32
#define ANCESTOR_DEPTH 8

/* ----------------------------------------------------------------- the "when" */

static enum outcome_when clause_state(struct frontend *fe, const struct rule_when *w)
{
	struct ir_unit *u = frontend_unit(fe);
	ir_rec rec = frontend_record(fe, w->record);
	bool there = rec != IR_NONE && u->records.v[rec].complete;

	if (!w->field)
		return there != w->absent ? WHEN_TRUE : there ? WHEN_FALSE : WHEN_UNKNOWN;
	if (!there)
		return WHEN_UNKNOWN;
	return (ir_field_find(u, rec, w->field) != NULL) != w->absent ? WHEN_TRUE : WHEN_FALSE;
}

static enum outcome_when when_state(struct frontend *fe, const struct rule *r)
{
	enum outcome_when all = WHEN_TRUE;

	for (unsigned i = 0; i < r->nwhen; i++) {
		enum outcome_when s = clause_state(fe, &r->when[i]);

		if (s == WHEN_FALSE)
			return s;
		if (s == WHEN_UNKNOWN)
			all = s;
	}
	return all;
}

/* ---------------------------------------------------------------- the anchors */

/* The record a C pointer type names: "struct foo *"; IR_NONE for anything else. */
static ir_rec pointee(struct frontend *fe, const char *type)
{
	size_t n = strlen(type);
	char tag[256];

	if (n < 3 || n >= sizeof(tag) || type[n - 1] != '*')
		return IR_NONE;
	for (n--; n && type[n - 1] == ' '; n--)
		;
	memcpy(tag, type, n);
	tag[n] = 0;
	return strchr(tag, '*') ? IR_NONE : frontend_record(fe, tag);
}

static void miss(struct bound_rule *b, const struct rule_pos *pos, const char *what)
{
	if (b->missing)
		return;
	b->missing = what;
	b->missing_pos = *pos;
}

static const char *snippet_fault(struct frontend *fe, uint32_t line)
{
	unsigned n;
	const struct frontend_diag *d = frontend_diags(fe, &n);

	for (unsigned i = 0; i < n; i++)
		if (d[i].in_snippet && d[i].line == line)
			return d[i].text;
	return NULL;
}

static ir_fn expression(struct bound_rule *b, struct frontend *fe, const char *name, uint32_t line,
			const struct rule_expr *expr, struct arena *a)
{
	struct ir_unit *u = frontend_unit(fe);
	const char *fault = snippet_fault(fe, line);
	ir_fn fn = ir_func_find(u, name);

	if (fault)
		miss(b, &expr->pos, arena_printf(a, "the expression cannot be resolved: %s", fault));
	else if (fn == IR_NONE || !ir_func_body(u, fn))
		miss(b, &expr->pos, "the expression cannot be resolved");
	return fn;
}

static void bind_store(struct bound_rule *b, struct bound_sink *s, struct frontend *fe,
		       struct arena *a)
{
	struct ir_unit *u = frontend_unit(fe);
	ir_rec rec = frontend_record(fe, s->at->record);
	const struct ir_field *f = ir_field_find(u, rec, s->at->field);

	if (!f) {
		miss(b, &s->at->pos, arena_printf(a, "'%s.%s' was not found", s->at->record,
						  s->at->field));
		return;
	}
	s->class = (struct class){ rec, f->off, (uint32_t)f->width };
}

static void bind_sinks(struct bound_rule *b, const struct rule_set *rules, struct frontend *fe,
		       struct arena *a)
{
	const struct rule *r = b->rule;
	uint32_t line = snippet_line(rules, b->number);
	char name[64];

	for (unsigned k = 0; k < r->nat && k < BOUND_SINKS; k++) {
		struct bound_sink *s = &b->sinks[b->nsinks++];

		s->at = &r->at[k];
		s->call = IR_NONE;
		if (s->at->kind == AT_STORE)
			bind_store(b, s, fe, a);
		else
			s->call = ir_func_find(frontend_unit(fe), s->at->function);
		snprintf(name, sizeof(name), SNIPPET_REQUIRE, b->number, k);
		s->expr = expression(b, fe, name, line + k, &r->require, a);
	}
	if (r->nat > BOUND_SINKS)
		miss(b, &r->pos, "the rule has too many sinks");
}

static void bind_policies(struct bound_rule *b, struct frontend *fe, struct engine *e,
			  struct arena *a)
{
	struct ir_unit *u = frontend_unit(fe);

	for (unsigned i = 0; i < b->rule->npolicy; i++) {
		const struct rule_policy *p = &b->rule->policy[i];
		ir_rec rec = frontend_record(fe, p->record);
		const struct ir_field *f = ir_field_find(u, rec, p->field);
		struct field_policy fp = { .rec = rec, .kind = POLICY_INIT,
					   .stable = p->monotone_to };

		if (!f) {
			miss(b, &p->pos, arena_printf(a, "'%s.%s' was not found", p->record,
						      p->field));
			continue;
		}
		if (p->kind == POLICY_GUARDED)
			continue;
		if (p->kind == POLICY_MONOTONE)
			fp.kind = POLICY_MONO;
		fp.off = f->off;
		fp.width = f->width;
		engine_add_policy(e, &fp);
	}
}

static void bind_names(struct bound_rule *b, struct frontend *fe, struct engine *e)
{
	for (unsigned i = 0; i < b->rule->nbind && i < BOUND_NAMES; i++) {
		struct symbol key = symbol_key(SYM_K_BOUND, IR_NONE, e->unit->ptr_width);

		b->names[i] = pointee(fe, b->rule->bind[i].type);
		key.a = (uint64_t)b->number << 8 | i;
		key.rec = b->names[i];
		key.origin = ORIGIN_INPUT;
		b->symbols[i] = symbol_get(&e->syms, &key);
	}
	if (b->rule->nbind > BOUND_NAMES)
		miss(b, &b->rule->pos, "the rule binds too many names");
}

void bind_rule(struct bound_rule *b, const struct rule_set *rules, uint32_t number,
	       struct frontend *fe, struct engine *e, struct arena *a)
{
	const struct rule *r = &rules->rules.v[number];
	char name[64];

	*b = (struct bound_rule){ .rule = r, .number = number, .guard = IR_NONE };
	b->when = (uint8_t)when_state(fe, r);
	if (b->when != WHEN_TRUE)
		return;
	bind_names(b, fe, e);
	bind_policies(b, fe, e, a);
	if (r->template == RULE_FLAG_FLOW) {
		bind_sinks(b, rules, fe, a);
	} else {
		snprintf(name, sizeof(name), SNIPPET_GUARD, number);
		b->guard = expression(b, fe, name, snippet_line(rules, number), &r->guard, a);
	}
	b->usable = !b->missing;
}

/* ----------------------------------------------------------------- the values */

struct search {
	struct fun *f;
	ir_rec rec;
	word_id found[ANCESTORS];
	unsigned n;
};

static void add_found(struct search *s, word_id w)
{
	for (unsigned i = 0; i < s->n; i++)
		if (word_same(s->found[i], w))
			return;
	if (s->n < ANCESTORS)
		s->found[s->n++] = w;
}

static void ancestors(struct search *s, sym_id id, unsigned depth);

static void ancestors_of_word(struct search *s, word_id w, unsigned depth)
{
	word_id alt[WORD_CHOICES];
	bit_id guard[WORD_CHOICES];
	atom_id atoms[BIT_ATOMS];
	struct dom *d = s->f->e->dom;
	unsigned n = word_is_none(w) ? 0 : word_choices(d, w, alt, guard);
	int64_t delta;
	sym_id id;

	for (unsigned i = 0; i < n; i++)
		if (word_as_symoff(d, alt[i], &id, &delta))
			ancestors(s, id, depth);
	for (unsigned i = 0; !n && !word_is_none(w) && i < word_width(d, w); i++) {
		unsigned k = bit_support(d, word_bit(d, w, i), atoms);

		for (unsigned j = 0; j < k; j++)
			ancestors(s, atom_sym(atoms[j]), depth);
	}
}

/* The object of the record whose member the cell is, whatever its pointer was called. */
static word_id object_of_cell(struct search *s, const struct symbol *k)
{
	return word_symoff(s->f->e->dom, k->base, ((int64_t)k->a - (int64_t)k->cell_off) / 8);
}

/* The objects of that record from which id was loaded or computed. */
static void ancestors(struct search *s, sym_id id, unsigned depth)
{
	struct symbol k = *symbol_info(&s->f->e->syms, id);
	enum ir_op op;
	word_id x, y;

	if (!id.i || depth > ANCESTOR_DEPTH)
		return;
	if (k.rec == s->rec && k.kind != SYM_K_NONE) {
		add_found(s, word_sym(s->f->e->dom, id));
		return;
	}
	if (k.cell_rec == s->rec && (k.kind == SYM_K_CELL || k.kind == SYM_K_INIT)) {
		add_found(s, object_of_cell(s, &k));
		return;
	}
	if (k.kind != SYM_K_CALLEE)
		ancestors(s, k.base, depth + 1);
	for (uint8_t i = 0; i < k.nparents; i++)
		ancestors(s, k.parent[i], depth + 1);
	if (k.kind == SYM_K_NONE && sym_def(s->f->e->dom, id, &op, &x, &y)) {
		ancestors_of_word(s, x, depth + 1);
		ancestors_of_word(s, y, depth + 1);
	}
}

static bool name_matches(const struct rule_bind *bind, const char *name)
{
	for (unsigned i = 0; i < bind->nvars; i++)
		if (!strcmp(bind->vars[i], name))
			return true;
	return !bind->nvars;
}

/* A parameter of the function that is such a value: its word at entry. */
static word_id parameter(const struct bound_rule *b, unsigned k, struct fun *f, uint32_t param)
{
	const struct ir_local *l = &f->body->locals.v[param];
	const struct rule_bind *bind = &b->rule->bind[k];
	struct symbol key = symbol_key(SYM_K_PARAM, f->id, l->type.width);
	struct dom *d = f->e->dom;
	word_id w;

	if (!name_matches(bind, intern_get(&f->e->unit->names, l->name)))
		return WORD_NONE;
	if (b->names[k] != IR_NONE) {
		if (l->type.kind != IR_T_PTR || l->type.rec != b->names[k])
			return WORD_NONE;
	} else if (l->type.kind != IR_T_INT || l->type.width > 64) {
		return WORD_NONE;
	}
	/* A function that returns a record has the result's address before its parameters. */
	key.a = param + (f->body->ret.kind == IR_T_AGG);
	key.rec = b->names[k];
	key.origin = ORIGIN_INPUT;
	w = word_sym(d, symbol_get(&f->e->syms, &key));
	if (l->type.kind == IR_T_INT && l->type.width < 64)
		w = word_conv(d, l->type.is_signed ? IR_SEXT : IR_ZEXT, 64, w);
	return w;
}

static unsigned add_value(word_id *out, unsigned n, word_id w)
{
	for (unsigned i = 0; i < n; i++)
		if (word_same(out[i], w))
			return n;
	if (!word_is_none(w))
		out[n++] = w;
	return n;
}

/* A variable of the function with that type: the objects that it may point to now. */
static unsigned variable(const struct bound_rule *b, unsigned k, struct fun *f, struct state *s,
			 uint32_t local, word_id *out, unsigned n, unsigned max)
{
	const struct ir_local *l = &f->body->locals.v[local];
	struct symbol key = symbol_key(SYM_K_LOCAL, f->id, f->e->unit->ptr_width);
	word_id alt[WORD_CHOICES];
	bit_id guard[WORD_CHOICES];
	unsigned nalt;
	uint32_t at;
	sym_id root;

	if (b->names[k] == IR_NONE || l->type.kind != IR_T_PTR || l->type.rec != b->names[k])
		return n;
	key.a = local;
	root = symbol_get(&f->e->syms, &key);
	at = state_seek(s, root, 0);
	if (at >= s->cells.n || s->cells.v[at].root.i != root.i || s->cells.v[at].off ||
	    s->cells.v[at].kind != CELL_WORD)
		return n;
	nalt = word_choices(f->e->dom, s->cells.v[at].val, alt, guard);
	for (unsigned i = 0; i < nalt && n < max; i++) {
		int64_t delta;
		sym_id object;

		if (word_as_symoff(f->e->dom, alt[i], &object, &delta))
			n = add_value(out, n, alt[i]);
	}
	return n;
}

unsigned bind_values(const struct bound_rule *b, unsigned k, struct fun *f, struct state *s,
		     word_id ptr, word_id *out, unsigned max)
{
	struct search search = { .f = f, .rec = b->names[k] };
	unsigned n = 0;

	if (search.rec != IR_NONE && !word_is_none(ptr)) {
		ancestors_of_word(&search, ptr, 0);
		for (unsigned i = 0; i < search.n && n < max; i++)
			out[n++] = search.found[i];
	}
	if (search.n)
		return n;
	for (uint32_t p = 0; p < f->body->nparams && n < max; p++)
		n = add_value(out, n, parameter(b, k, f, p));
	for (uint32_t l = 0; l < f->body->locals.n && n < max; l++)
		n = variable(b, k, f, s, l, out, n, max);
	return n;
}
