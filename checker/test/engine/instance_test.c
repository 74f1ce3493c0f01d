/* SPDX-License-Identifier: MIT */
/* A callee's symbols at a call: what they come from goes with them, also where that is a circle. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/fun.h"

enum { CALLER, CALLEE, FUNCS };

struct call {
	struct ir_unit u;
	struct model model;
	struct engine e;
	struct fun f;
	struct state s;
	word_id arg;
	struct inst in;
};

static sym_id make(struct call *c, enum symbol_kind kind, ir_fn fn, uint64_t a)
{
	struct symbol key = symbol_key(kind, fn, 64);

	key.a = a;
	return symbol_get(&c->e.syms, &key);
}

static void begin(struct call *c)
{
	*c = (struct call){ 0 };
	ir_unit_init(&c->u);
	for (unsigned i = 0; i < FUNCS; i++)
		array_add(&c->u.funcs)->name = intern_str(&c->u.names, i ? "callee" : "caller");
	engine_init(&c->e, &c->u, &c->model, &(struct engine_client){ 0 });
	c->f = (struct fun){ .e = &c->e, .id = CALLER, .body = &c->u.funcs.v[CALLER] };
	state_init(&c->s, c->e.dom);
	c->arg = word_sym(c->e.dom, make(c, SYM_K_PARAM, CALLER, 0));
	inst_begin(&c->in, &c->f, &c->s, CALLEE, &c->arg, 1, 7, 0);
}

static void end(struct call *c)
{
	inst_end(&c->in);
	state_release(&c->s);
	engine_release(&c->e);
	ir_unit_release(&c->u);
}

static sym_id twin_of(struct call *c, sym_id id)
{
	int64_t delta;
	sym_id twin;

	assert_true(word_as_symoff(c->e.dom, inst_symbol(&c->in, id), &twin, &delta));
	assert_int_equal(symbol_info(&c->e.syms, twin)->kind, SYM_K_CALLEE);
	assert_int_equal(symbol_info(&c->e.syms, twin)->base.i, id.i);
	return twin;
}

static bool has_parent(struct call *c, sym_id id, sym_id parent)
{
	const struct symbol *k = symbol_info(&c->e.syms, id);

	for (unsigned i = 0; i < k->nparents; i++)
		if (k->parent[i].i == parent.i)
			return true;
	return false;
}

static void add_parent(struct call *c, sym_id id, sym_id parent)
{
	symbol_add_parent(&c->e.syms.v.v[id.i], parent);
}

/* In a loop: found = next_of(e); e = first_of(found, owner). */
static void parents_of_each_other(void **state)
{
	sym_id found, e, owner, arg;
	struct call c;
	int64_t delta;

	(void)state;
	begin(&c);
	found = make(&c, SYM_K_SITE, CALLEE, 1);
	e = make(&c, SYM_K_SITE, CALLEE, 2);
	owner = make(&c, SYM_K_PARAM, CALLEE, 0);
	add_parent(&c, found, e);
	add_parent(&c, e, found);
	add_parent(&c, e, owner);
	assert_true(word_as_symoff(c.e.dom, c.arg, &arg, &delta));
	assert_true(has_parent(&c, twin_of(&c, found), twin_of(&c, e)));
	assert_true(has_parent(&c, twin_of(&c, e), twin_of(&c, found)));
	assert_true(has_parent(&c, twin_of(&c, e), arg));
	end(&c);
}

static void parents_without_end(void **state)
{
	enum { MANY = 200000 };
	sym_id last, id;
	struct call c;

	(void)state;
	begin(&c);
	last = make(&c, SYM_K_SITE, CALLEE, 1);
	for (unsigned i = 2; i < MANY; i++) {
		id = make(&c, SYM_K_SITE, CALLEE, i);
		add_parent(&c, id, last);
		last = id;
	}
	assert_true(has_parent(&c, twin_of(&c, last), twin_of(&c, c.e.syms.v.v[last.i].parent[0])));
	end(&c);
}

static void no_parent_twice(void **state)
{
	struct call c;
	sym_id id;

	(void)state;
	begin(&c);
	id = make(&c, SYM_K_SITE, CALLEE, 1);
	for (unsigned i = 0; i < 20; i++)
		add_parent(&c, id, make(&c, SYM_K_SITE, CALLEE, 2 + i % 10));
	assert_int_equal(symbol_info(&c.e.syms, id)->nparents, 4);
	assert_true(has_parent(&c, id, make(&c, SYM_K_SITE, CALLEE, 5)));
	end(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parents_of_each_other),
		cmocka_unit_test(parents_without_end),
		cmocka_unit_test(no_parent_twice),
	};

	return cmocka_run_group_tests_name("instance", tests, NULL, NULL);
}
