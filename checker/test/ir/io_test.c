/* SPDX-License-Identifier: MIT */
#include "build.h"
#include "cmocka_all.h"
#include "ir/io.h"
#include "ir/print.h"

static void print_all(const struct ir_unit *u, struct buffer *out)
{
	for (ir_fn fn = 0; fn < u->funcs.n; fn++)
		ir_print_func(u, fn, out);
}

static void read_back(struct ir_unit *u, const struct buffer *bytes)
{
	const char *why;

	ir_unit_init(u);
	if (!ir_read(u, bytes->s, bytes->n, &why))
		fail_msg("%s", why);
}

static void round_trip(void **state)
{
	struct buffer first = BUFFER_INIT, second = BUFFER_INIT, text = BUFFER_INIT,
		      again = BUFFER_INIT;
	struct ir_unit u;
	struct build b;

	(void)state;
	build_sample(&b);
	ir_write(&b.u, &first);
	read_back(&u, &first);
	ir_write(&u, &second);
	assert_int_equal(first.n, second.n);
	assert_memory_equal(first.s, second.s, first.n);
	print_all(&b.u, &text);
	print_all(&u, &again);
	assert_string_equal(text.s, again.s);
	assert_int_equal(ir_func_find(&u, "pick"), ir_func_find(&b.u, "pick"));
	assert_int_equal(ir_record_find(&u, "struct outer"), 1);
	assert_int_equal(ir_global_find(&u, "table"), 0);
	assert_null(ir_func_body(&u, ir_func_find(&u, "broken")));
	ir_unit_release(&u);
	build_release(&b);
	buffer_release(&first);
	buffer_release(&second);
	buffer_release(&text);
	buffer_release(&again);
}

static void empty_unit(void **state)
{
	struct buffer first = BUFFER_INIT, second = BUFFER_INIT;
	struct ir_unit u, v;

	(void)state;
	ir_unit_init(&u);
	ir_write(&u, &first);
	read_back(&v, &first);
	ir_write(&v, &second);
	assert_int_equal(first.n, second.n);
	assert_memory_equal(first.s, second.s, first.n);
	ir_unit_release(&u);
	ir_unit_release(&v);
	buffer_release(&first);
	buffer_release(&second);
}

/* Reads n bytes from an allocation of just that size, so that a sanitizer sees a byte too far. */
static bool try_read(const char *p, size_t n)
{
	char *exact = xmalloc(n);
	struct buffer text = BUFFER_INIT;
	const char *why = NULL;
	struct ir_unit u;
	bool ok;

	memcpy(exact, p, n);
	ir_unit_init(&u);
	ok = ir_read(&u, exact, n, &why);
	assert_int_equal(ok, why == NULL);
	if (ok)
		print_all(&u, &text);
	else
		assert_null(strchr(why, '\n'));
	ir_unit_release(&u);
	buffer_release(&text);
	free(exact);
	return ok;
}

static void every_cut(void **state)
{
	struct buffer bytes = BUFFER_INIT;
	struct build b;

	(void)state;
	build_sample(&b);
	ir_write(&b.u, &bytes);
	for (size_t n = 0; n < bytes.n; n++)
		assert_false(try_read(bytes.s, n));
	buffer_putc(&bytes, 0);
	assert_false(try_read(bytes.s, bytes.n));
	build_release(&b);
	buffer_release(&bytes);
}

static void every_byte_changed(void **state)
{
	static const unsigned char changes[] = { 0x01, 0x02, 0x04, 0x10, 0x40, 0x80, 0xff };
	struct buffer bytes = BUFFER_INIT;
	struct build b;

	(void)state;
	build_sample(&b);
	ir_write(&b.u, &bytes);
	for (size_t i = 0; i < bytes.n; i++)
		for (unsigned k = 0; k < sizeof(changes); k++) {
			bytes.s[i] = (char)((unsigned char)bytes.s[i] ^ changes[k]);
			try_read(bytes.s, bytes.n);
			bytes.s[i] = (char)((unsigned char)bytes.s[i] ^ changes[k]);
		}
	build_release(&b);
	buffer_release(&bytes);
}

static void expect_refused(struct build *b, const char *want)
{
	struct buffer bytes = BUFFER_INIT;
	const char *why = "";
	struct ir_unit u;

	ir_write(&b->u, &bytes);
	ir_unit_init(&u);
	assert_false(ir_read(&u, bytes.s, bytes.n, &why));
	if (!strstr(why, want))
		fail_msg("no '%s' in: %s", want, why);
	ir_unit_release(&u);
	buffer_release(&bytes);
	build_release(b);
}

static void refuses(void **state)
{
	struct ir_type self = { .kind = IR_T_AGG, .rec = 0, .size = 64 };
	struct build b;

	(void)state;
	build_sample(&b);
	build_field(&b, 0, "loop", 0, 64, self);
	b.u.records.v[0].fields.v[3].type.rec = 1;
	expect_refused(&b, "a record contains itself");
	build_sample(&b);
	build_fn(&b)->temps.v[0].type.width = 8;
	expect_refused(&b, "pick: b0 insn 0 (param)");
	build_sample(&b);
	b.u.consts.v[0].width = 65;
	expect_refused(&b, "a constant is too wide");
	build_sample(&b);
	b.u.consts.v[0] = b.u.consts.v[1];
	expect_refused(&b, "a constant stands twice");
	build_sample(&b);
	b.u.globals.v[0].inits.v[1].fn = 70;
	expect_refused(&b, "no such function");
	build_sample(&b);
	b.u.globals.v[1].type.size = 1ull << 40;
	b.u.globals.v[1].bytes = NULL;
	b.u.ptr_width = 16;
	expect_refused(&b, "pointers have neither 32 nor 64 bits");
	build_sample(&b);
	*map_put(&b.u.func_index, b.u.funcs.v[0].name) = 1;
	expect_refused(&b, "a name leads to two things");
}

/* Records in records, the outermost first or last; what descends into them calls itself. */
static void nest(struct build *b, unsigned depth, bool outermost_first)
{
	ir_rec first = b->u.records.n;

	for (unsigned i = 0; i <= depth; i++) {
		struct ir_record *r = array_add(&b->u.records);

		r->tag = intern_str(&b->u.names, arena_printf(&b->u.arena, "struct nest%u", i));
		r->size = 64;
		r->complete = true;
	}
	for (unsigned i = 0; i < depth; i++) {
		ir_rec a = first + i, c = a + 1;

		build_field(b, outermost_first ? a : c, "in", 0, 64,
			    (struct ir_type){ .kind = IR_T_AGG, .rec = outermost_first ? c : a,
					      .size = 64 });
	}
}

static void refuses_nesting(void **state)
{
	struct build b;

	(void)state;
	for (unsigned first = 0; first < 2; first++) {
		struct buffer bytes = BUFFER_INIT;

		build_sample(&b);
		nest(&b, 64, first);
		ir_write(&b.u, &bytes);
		assert_true(try_read(bytes.s, bytes.n));
		buffer_release(&bytes);
		build_release(&b);
		build_sample(&b);
		nest(&b, 65, first);
		expect_refused(&b, "records are nested too deeply");
	}
	build_sample(&b);
	nest(&b, 1, true);
	b.u.records.v[b.u.records.n - 1].complete = false;
	expect_refused(&b, "a record contains one that is not complete");
}

/* Constants whose hashes are equal must stay apart. */
static void constants(void **state)
{
	uint64_t k = 0x9e3779b97f4a7c15u, inverse = k, v = 12345;
	struct ir_unit u;
	struct ir_val a, b;

	(void)state;
	for (int i = 0; i < 6; i++)
		inverse *= 2 - k * inverse;
	assert_int_equal(hash_mix(v, 64), hash_mix(v + inverse, 63));
	assert_int_equal((v + inverse) >> 63, 1);
	ir_unit_init(&u);
	for (v = 0; (v + inverse) >> 63; v += 1ull << 61)
		;
	assert_int_equal(hash_mix(v, 64), hash_mix(v + inverse, 63));
	a = ir_const(&u, v, 64);
	b = ir_const(&u, v + inverse, 63);
	assert_int_not_equal(a.i, b.i);
	assert_int_equal(ir_const(&u, v, 64).i, a.i);
	assert_int_equal(ir_const(&u, v + inverse, 63).i, b.i);
	assert_int_equal(ir_const(&u, 0x1ff, 8).i, ir_const(&u, 0xff, 8).i);
	assert_int_equal(u.consts.n, 3);
	ir_unit_release(&u);
}

int io_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trip),
		cmocka_unit_test(empty_unit),
		cmocka_unit_test(every_cut),
		cmocka_unit_test(every_byte_changed),
		cmocka_unit_test(refuses),
		cmocka_unit_test(refuses_nesting),
		cmocka_unit_test(constants),
	};

	return cmocka_run_group_tests_name("io", tests, NULL, NULL);
}
