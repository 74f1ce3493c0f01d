/* SPDX-License-Identifier: MIT */
/*
 * What a declaration says of locks: f(struct s *x) __must_hold(&x->lock). The
 * macros expand to nothing that libclang shows, so the shim of parse.c makes
 * annotations of them; here these become calls of functions that the models
 * describe, with the lock's address: __must_hold.entry and so on, see model.h.
 */
#include "frontend/internal.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define EXPR_DEPTH 16

/* An expression over the parameters: a value, or the object at off bits of base. */
struct term {
	struct ir_val base;
	int64_t off;
	struct ir_type t;
	bool is_place;
	ir_rec rec;		/* of the member path */
	uint64_t recoff;
};

struct reader {
	struct lower *lw;
	CXCursor decl;			/* whose parameters are meant */
	const struct called *call;	/* NULL: in the body */
	const char *s;
	unsigned depth;
};

/* ------------------------------------------------------------- expressions */

static void skip_blanks(struct reader *r)
{
	while (isspace((unsigned char)*r->s))
		r->s++;
}

static bool take(struct reader *r, const char *text)
{
	skip_blanks(r);
	if (strncmp(r->s, text, strlen(text)))
		return false;
	r->s += strlen(text);
	return true;
}

static char *take_name(struct reader *r)
{
	size_t n = 0;
	char *name;

	skip_blanks(r);
	while (isalnum((unsigned char)r->s[n]) || r->s[n] == '_')
		n++;
	if (!n || isdigit((unsigned char)r->s[0]))
		return NULL;
	name = arena_strndup(&r->lw->arena, r->s, n);
	r->s += n;
	return name;
}

/* An array is its address, a pointer what it holds. */
static struct term value_of(struct reader *r, struct term t)
{
	struct ir_insn *i;

	if (!t.is_place || t.t.kind == IR_T_AGG)
		return t;
	i = lw_emit(r->lw, IR_LOAD);
	i->a = t.base;
	i->off = t.off;
	i->rec = t.rec;
	i->recoff = t.rec == IR_NONE ? 0 : t.recoff;
	return (struct term){ .base = lw_dst(r->lw, i, t.t), .t = t.t, .rec = IR_NONE };
}

static struct ir_type pointer_type(const struct reader *r, ir_rec rec)
{
	struct ir_type t = r->lw->fe->t_ptr->t;

	t.rec = rec;
	return t;
}

static struct term address_of(struct reader *r, struct term t)
{
	struct ir_type type = pointer_type(r, t.t.kind == IR_T_AGG ? t.t.rec : IR_NONE);

	if (!t.is_place)
		return t;
	return (struct term){ .base = lw_ptroff(r->lw, t.base, t.off, type), .t = type,
			      .rec = IR_NONE };
}

static bool find_parameter(struct reader *r, const char *name, struct term *out)
{
	int n = clang_Cursor_getNumArguments(r->decl);

	for (int i = 0; i < n; i++) {
		CXCursor p = clang_Cursor_getArgument(r->decl, (unsigned)i);
		const uint64_t *slot = map_get(&r->lw->local_of, fe_key(p));
		ctype t = fe_type(r->lw->fe, clang_getCursorType(p));

		if (strcmp(fe_str(r->lw->fe, fe_name(r->lw->fe, p)), name))
			continue;
		if (t->is_array)
			t = fe_decayed(r->lw->fe, t);
		*out = (struct term){ .t = t->t, .rec = IR_NONE, .is_place = !r->call };
		if (r->call && fe_is_ptr(t) && (unsigned)i < r->call->nargs)
			out->base = r->call->args[i];
		else if (!r->call && slot)
			out->base = lw_addr(r->lw, IR_ADDR_LOCAL, (uint32_t)*slot - 1,
					    lw_pointer_to(r->lw, t));
		return out->base.kind != IR_V_NONE;
	}
	return false;
}

static bool find_global(struct reader *r, const char *name, struct term *out)
{
	CXCursor decl = fe_variable_named(r->lw->fe, name);
	ctype t;

	if (clang_Cursor_isNull(decl))
		return false;
	t = fe_type(r->lw->fe, clang_getCursorType(decl));
	*out = (struct term){ .t = t->t, .is_place = true, .rec = fe_is_agg(t) ? t->t.rec : IR_NONE };
	out->base = lw_addr(r->lw, IR_ADDR_GLOBAL, fe_global(r->lw->fe, decl, IR_NONE),
			    lw_pointer_to(r->lw, t));
	return true;
}

static bool find_name(struct reader *r, const char *name, struct term *out)
{
	return find_parameter(r, name, out) || find_global(r, name, out);
}

static bool member(struct reader *r, struct term *t, bool arrow)
{
	const char *name = take_name(r);
	const struct ir_field *f;

	if (arrow)
		*t = value_of(r, *t);
	if (!name || t->t.rec == IR_NONE || t->t.kind != (arrow ? IR_T_PTR : IR_T_AGG))
		return false;
	fe_record_filled(r->lw->fe, t->t.rec);
	f = ir_field_find(r->lw->u, t->t.rec, name);
	if (!f || f->is_bitfield)
		return false;
	if (arrow) {
		t->rec = t->t.rec;
		t->off = 0;
		t->recoff = 0;
	}
	t->off += (int64_t)f->off;
	t->recoff += f->off;
	t->t = f->type;
	t->is_place = true;
	return true;
}

static bool unary(struct reader *r, struct term *out);

static bool postfix(struct reader *r, struct term *out)
{
	const char *name;

	if (take(r, "(")) {
		if (!unary(r, out) || !take(r, ")"))
			return false;
	} else {
		name = take_name(r);
		if (!name || !find_name(r, name, out))
			return false;
	}
	for (;;) {
		bool arrow = take(r, "->");

		if (!arrow && !take(r, "."))
			return true;
		if (!member(r, out, arrow))
			return false;
	}
}

static bool unary(struct reader *r, struct term *out)
{
	bool ok = r->depth++ < EXPR_DEPTH;

	if (ok && take(r, "&")) {
		ok = unary(r, out) && out->is_place;
		if (ok)
			*out = address_of(r, *out);
	} else if (ok && take(r, "*")) {
		ok = unary(r, out);
		if (ok) {
			*out = value_of(r, *out);
			ok = out->t.kind == IR_T_PTR && out->t.rec != IR_NONE;
			out->t = (struct ir_type){ .kind = IR_T_AGG, .rec = out->t.rec };
			out->is_place = true;
		}
	} else if (ok) {
		ok = postfix(r, out);
	}
	r->depth--;
	return ok;
}

/* The lock's address: "x->lock" is the lock, or a pointer to it. */
static bool lock_address(struct reader *r, const char *text, struct ir_val *out)
{
	struct term t = { .rec = IR_NONE };

	r->s = text;
	if (!unary(r, &t))
		return false;
	skip_blanks(r);
	if (*r->s)
		return false;
	t = t.is_place && t.t.kind == IR_T_PTR ? value_of(r, t) : address_of(r, t);
	*out = t.base;
	return t.t.kind == IR_T_PTR;
}

/* ------------------------------------------------------------- annotations */

struct contract {
	const char *name;	/* of the macro */
	const char *lock;
	const char *result;	/* where it depends on that; "" is unsaid; NULL always */
};

struct contracts {
	struct lower *lw;
	Array(struct contract) v;
};

/* The pieces between the commas; their number. */
static unsigned split(struct arena *a, const char *text, const char **out, unsigned max)
{
	const char *from = text;
	unsigned n = 0;
	int depth = 0;

	for (const char *s = text;; s++) {
		depth += (*s == '(') - (*s == ')');
		if (*s && (*s != ',' || depth))
			continue;
		from += strspn(from, " ");
		if (n < max)
			out[n++] = arena_strndup(a, from, (size_t)(s - from));
		if (!*s)
			return n;
		from = s + 1;
	}
}

/* What the models say of the annotation there; MODEL_LOCK_NONE: nothing. */
static enum model_lock_op op_of(const struct lower *lw, const char *name, const char *when)
{
	const struct model_func *m;
	char full[128];

	snprintf(full, sizeof(full), "%s.%s", name, when);
	m = model_func(lw->fe->model, full);
	return m ? m->lock.op : MODEL_LOCK_NONE;
}

static bool described(const struct lower *lw, const char *name, const char *when)
{
	return op_of(lw, name, when) != MODEL_LOCK_NONE;
}

static void add_contracts(struct contracts *c, const char *name, const char *args)
{
	const char *arg[8];
	unsigned n = split(&c->lw->arena, args, arg, 8);

	if (described(c->lw, name, "nonzero")) {
		array_push(&c->v, ((struct contract){ name, arg[n > 1], n > 1 ? arg[0] : "" }));
		return;
	}
	for (unsigned i = 0; i < n; i++)
		array_push(&c->v, ((struct contract){ name, arg[i], NULL }));
}

const char *fe_contract(struct frontend *fe, CXCursor attr, size_t *name)
{
	const struct model_names *known = fe->model ? &fe->model->annotations : NULL;
	const char *text;

	if (!known || clang_getCursorKind(attr) != CXCursor_AnnotateAttr)
		return NULL;
	text = fe_str(fe, fe_name(fe, attr));
	*name = strcspn(text, "(");
	if (!text[*name] || text[strlen(text) - 1] != ')')
		return NULL;
	for (unsigned i = 0; i < known->n; i++)
		if (!strncmp(known->v[i], text, *name) && !known->v[i][*name])
			return text;
	return NULL;
}

static enum CXChildVisitResult find_contract(CXCursor cur, CXCursor parent, CXClientData data)
{
	struct contracts *c = data;
	struct arena *a = &c->lw->arena;
	size_t n;
	const char *text = fe_contract(c->lw->fe, cur, &n);

	(void)parent;
	if (text)
		add_contracts(c, arena_strndup(a, text, n),
			      arena_strndup(a, text + n + 1, strlen(text) - n - 2));
	return CXChildVisit_Continue;
}

static bool find_contracts(struct lower *lw, CXCursor decl, struct contracts *out)
{
	*out = (struct contracts){ .lw = lw };
	if (lw->fe->model && lw->fe->model->annotations.n)
		clang_visitChildren(decl, find_contract, out);
	return out->v.n > 0;
}

/* of: the function that is called, IR_NONE in the body; a program may have its body after all. */
static void call(struct lower *lw, const char *name, const char *when, struct ir_val lock,
		 ir_fn of)
{
	struct val v[2] = { lw_val(lock, lw->fe->t_ptr) };
	const char *full = arena_printf(&lw->arena, "%s.%s", name, when);

	if (!described(lw, name, when))
		return;
	if (of != IR_NONE)
		v[1] = lw_val(lw_addr(lw, IR_ADDR_FUNC, of, lw->fe->t_ptr->t), lw->fe->t_ptr);
	lw_call_named(lw, full, v, 1 + (of != IR_NONE), lw->fe->t_void);
}

/* ---------------------------------------------------------------- the body */

/* What is given back and taken again is held where the function returns. */
static bool is_taken_again(const struct contracts *c, const struct contract *k)
{
	bool again = false;

	if (op_of(c->lw, k->name, "exit") != MODEL_LOCK_FREE)
		return false;
	for (uint32_t i = 0; i < c->v.n; i++)
		again |= !strcmp(c->v.v[i].lock, k->lock) &&
			 op_of(c->lw, c->v.v[i].name, "exit") == MODEL_LOCK_HELD;
	return again;
}

static enum CXChildVisitResult find_unguarded(CXCursor cur, CXCursor parent, CXClientData data)
{
	struct lower *lw = data;

	(void)parent;
	if (clang_getCursorKind(cur) != CXCursor_AnnotateAttr ||
	    !model_has_name(&lw->fe->model->unguarded_functions,
			    fe_str(lw->fe, fe_name(lw->fe, cur))))
		return CXChildVisit_Continue;
	lw->u->funcs.v[lw->fn].flags |= IR_FN_UNGUARDED;
	return CXChildVisit_Break;
}

void lw_contract_entry(struct lower *lw)
{
	struct contracts c;

	if (lw->fe->model && clang_Cursor_hasAttrs(lw->body))
		clang_visitChildren(lw->body, find_unguarded, lw);
	if (lw->u->funcs.v[lw->fn].flags & (IR_FN_HEADER | IR_FN_EXPR) ||
	    !find_contracts(lw, lw->body, &c))
		return;
	for (uint32_t i = 0; i < c.v.n; i++) {
		struct reader r = { .lw = lw, .decl = lw->body };
		struct due d = { .name = c.v.v[i].name };

		if (!lock_address(&r, c.v.v[i].lock, &d.lock))
			continue;
		call(lw, d.name, "entry", d.lock, IR_NONE);
		if (described(lw, d.name, "exit") && !is_taken_again(&c, &c.v.v[i]))
			array_push(&lw->due, d);
	}
	array_release(&c.v);
}

void lw_contract_exit(struct lower *lw)
{
	for (uint32_t i = 0; lw->cur != IR_NONE && i < lw->due.n; i++)
		call(lw, lw->due.v[i].name, "exit", lw->due.v[i].lock, IR_NONE);
}

/* --------------------------------------------------------------- the call */

/* The models, or the body, say what it does. */
static bool is_known(struct lower *lw, ir_fn fn)
{
	const struct ir_func *f = &lw->u->funcs.v[fn];

	return f->flags & (IR_FN_HAS_BODY | IR_FN_NORETURN) ||
	       model_func(lw->fe->model, fe_str(lw->fe, f->name));
}

/* A word for sparse, "RCU", is no object. */
static bool is_token(const char *lock)
{
	size_t n = 0;

	while (isalnum((unsigned char)lock[n]) || lock[n] == '_')
		n++;
	return !lock[n];
}

/* False where no object is locked. */
static bool lock_of(struct lower *lw, const struct contract *k, CXCursor decl,
		    const struct called *c, struct ir_val *out)
{
	struct reader r = { .lw = lw, .decl = decl, .call = c };

	if (lock_address(&r, k->lock, out))
		return true;
	if (is_token(k->lock))
		return false;
	*out = lw_unknown(lw, lw->fe->t_ptr->t, IR_R_CONSTRUCT, "the lock that a declaration names");
	return true;
}

void lw_contract_before(struct lower *lw, struct called *c)
{
	struct contracts found;
	CXCursor decl;

	if (c->fn == IR_NONE || !lw->fe->model || lw->fn == IR_NONE || is_known(lw, c->fn))
		return;
	decl = ((const struct fe_decl *)lw->u->funcs.v[c->fn].decl)->cursor;
	if (clang_Cursor_isNull(decl) || !find_contracts(lw, decl, &found))
		return;
	c->due = arena_new_array(&lw->arena, struct due, found.v.n);
	for (uint32_t i = 0; i < found.v.n; i++) {
		const struct contract *k = &found.v.v[i];
		struct due *d = &c->due[c->ndue];

		*d = (struct due){ .name = k->name, .result = k->result };
		if (!lock_of(lw, k, decl, c, &d->lock))
			continue;
		c->ndue++;
		call(lw, k->name, "before", d->lock, c->fn);
	}
	array_release(&found.v);
}

/* Where the result is of the kind that the annotation names, and where it is not. */
static void by_result(struct lower *lw, const struct due *d, const struct called *c)
{
	static const char *const zeros[] = { "0", "false", "NULL" };
	uint32_t yes = lw_block(lw), no = lw_block(lw), out = lw_block(lw);
	struct ir_val zero = lw_const(lw, 0, lw_width(lw, c->ret));
	bool inverse = false;

	for (unsigned i = 0; i < 3; i++)
		inverse |= !strcmp(d->result, zeros[i]);
	lw_branch(lw, lw_cmp(lw, IR_NE, c->ret, zero), yes, no);
	lw_start(lw, yes);
	call(lw, d->name, inverse ? "zero" : "nonzero", d->lock, c->fn);
	lw_jump(lw, out);
	lw_start(lw, no);
	call(lw, d->name, inverse ? "nonzero" : "zero", d->lock, c->fn);
	lw_jump(lw, out);
	lw_start(lw, out);
}

/* What is given back may be taken again, whichever is written first. */
void lw_contract_after(struct lower *lw, const struct called *c)
{
	for (unsigned late = 0; late < 2; late++)
		for (unsigned i = 0; i < c->ndue && lw->cur != IR_NONE; i++) {
			const struct due *d = &c->due[i];

			if ((op_of(lw, d->name, "after") != MODEL_LOCK_RELEASE) != late)
				continue;
			if (!d->result)
				call(lw, d->name, "after", d->lock, c->fn);
			else if (c->ret.kind == IR_V_TEMP)
				by_result(lw, d, c);
		}
}
