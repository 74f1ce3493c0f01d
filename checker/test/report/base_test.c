/* SPDX-License-Identifier: MIT */
#include "tests.h"

#include <string.h>

#include "base/json.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "report/fingerprint.h"

static void json_layout(void **state)
{
	struct buffer b = BUFFER_INIT;
	struct json_writer w;

	(void)state;
	jw_init(&w, &b);
	jw_object(&w, NULL);
	jw_string(&w, "a", "x");
	jw_string(&w, "none", NULL);
	jw_array(&w, "empty");
	jw_end(&w);
	jw_flat(&w);
	jw_object(&w, "flat");
	jw_int(&w, "min", INT64_MIN);
	jw_array(&w, "inner");
	jw_bool(&w, NULL, true);
	jw_null(&w, NULL);
	jw_end(&w);
	jw_end(&w);
	jw_array(&w, "tall");
	jw_printf(&w, NULL, "%s-%d", "n", 1);
	jw_real(&w, NULL, 0.1);
	jw_real(&w, NULL, 3);
	jw_end(&w);
	jw_end(&w);
	assert_string_equal(b.s,
			    "{\n"
			    "  \"a\": \"x\",\n"
			    "  \"empty\": [],\n"
			    "  \"flat\": {\"min\": -9223372036854775808, \"inner\": [true, null]},\n"
			    "  \"tall\": [\n"
			    "    \"n-1\",\n"
			    "    0.1,\n"
			    "    3.0\n"
			    "  ]\n"
			    "}\n");
	buffer_release(&b);
}

static void json_strings(void **state)
{
	static const struct { const char *in, *out; } cases[] = {
		{ "", "\"\"" },
		{ "a\"b\\c/", "\"a\\\"b\\\\c/\"" },
		{ "\b\t\n\v\f\r\x01\x1f\x7f", "\"\\b\\t\\n\\u000b\\f\\r\\u0001\\u001f\\u007f\"" },
		{ "\xc3\xa9\xe2\x82\xac\xf0\x9f\x94\x92", "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x94\x92\"" },
		{ "\xe9x", "\"\xef\xbf\xbdx\"" },
		{ "\xc0\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\"" },
		{ "\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
		{ "\xf0\x9f\x94", "\"\xef\xbf\xbd\"" },
		{ "\xef\xbf\xbd", "\"\xef\xbf\xbd\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buffer b = BUFFER_INIT;
		struct json_writer w;

		jw_init(&w, &b);
		jw_string(&w, NULL, cases[i].in);
		assert_string_equal(b.s, cases[i].out);
		buffer_release(&b);
	}
}

static void utf8_counts(void **state)
{
	static const struct { const char *s; size_t n; } cases[] = {
		{ "", 0 }, { "abc", 3 }, { "\xc3\xa9", 1 }, { "\xf0\x9f\x94\x92", 1 },
		{ "\xf4\x90\x80\x80", 4 },	/* above U+10FFFF */
		{ "\xe2\x82", 1 }, { "\xe2\x82" "a", 2 }, { "\x80\x80", 2 },
		{ "\xf0\x80\x80\x80", 4 },	/* too long a form */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(utf8_count(cases[i].s, strlen(cases[i].s)), cases[i].n);
}

/* FIPS 180-4's examples, as published with the standard, and lengths around the block's. */
static void sha256_vectors(void **state)
{
	static const struct { const char *text, *hex; } cases[] = {
		{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
		{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
		{ "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
		  "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
		  "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1" },
	};
	char hex[SHA256_HEX], *million = malloc(1000000);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		sha256_hex(cases[i].text, strlen(cases[i].text), hex);
		assert_string_equal(hex, cases[i].hex);
	}
	memset(million, 'a', 1000000);
	sha256_hex(million, 1000000, hex);
	assert_string_equal(hex,
			    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	free(million);
}

/* In whatever pieces the bytes come, the digest is the same. */
static void sha256_pieces(void **state)
{
	unsigned char data[200], whole[SHA256_SIZE], parts[SHA256_SIZE];
	struct sha256 s;

	(void)state;
	for (unsigned i = 0; i < sizeof(data); i++)
		data[i] = (unsigned char)(i * 7);
	for (unsigned n = 0; n <= sizeof(data); n++) {
		sha256_init(&s);
		sha256_add(&s, data, n);
		sha256_end(&s, whole);
		sha256_init(&s);
		for (unsigned at = 0, step = 1; at < n; at += step, step = step * 3 % 71 + 1)
			sha256_add(&s, data + at, at + step < n ? step : n - at);
		sha256_end(&s, parts);
		assert_memory_equal(whole, parts, SHA256_SIZE);
	}
}

/* Hashes of lines, from an independent implementation in another language. */
static void line_hash_vectors(void **state)
{
	static const char same[] = "int main(void)\n{\n\treturn 0;\n}\n";
	static const char crlf[] = "int main(void)\r\n{\r\n\treturn 0;\r\n}\r\n";
	static const struct { const char *text; unsigned line; uint64_t hash; } cases[] = {
		{ "int x;\n", 1, 0x22bd3bea0af67823 }, { "int x;\n", 2, 0xc129715d7a2bc9a3 },
		{ "", 1, 0xc129715d7a2bc9a3 }, { "a", 1, 0x53b5d4aabe50d64 },
		{ "\n\n\n", 1, 0x4e5d562094661a0d }, { "\n\n\n", 3, 0x3c5bef55b72b93c9 },
		{ same, 1, 0xf810fa58e925b821 }, { same, 3, 0x1faea435564ce3cb },
		{ crlf, 1, 0xf810fa58e925b821 }, { crlf, 4, 0x32dce9ccfdbc9d3e },
		{ "a\rb\r\rc\n", 3, 0xf2078d1c7c7b87e }, { "a\rb\r\rc\n", 4, 0x3791504be0bd17cc },
		{ " \t a b\tc \n\tabc\n", 1, 0x7f0a40e7306551d3 },
		{ " \t a b\tc \n\tabc\n", 2, 0x861c3fe48942a2fb },
		{ "/* 0123456789012345678901234567890123456789012345678901234567890123456789"
		  "01234567890123456789012345678901234567890123456789012345678901234567890123456789"
		  " */\nint y;\n", 1, 0x98a7bcf0b1adbc7e },
		{ "/* Gr\xc3\xb6\xc3\x9f" "e \xe2\x82\xac */\nint z;\n", 1, 0xc1597e69564686a0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct line_hashes h;

		line_hashes_init(&h, cases[i].text, strlen(cases[i].text));
		assert_true(h.v.n >= cases[i].line);
		assert_true(h.v.v[cases[i].line - 1].hash == cases[i].hash);
		assert_int_equal(h.v.v[cases[i].line - 1].count, 1);
		line_hashes_release(&h);
	}
}

static void line_hash_counts(void **state)
{
	char text[7 * 120 + 1] = "";
	struct line_hashes h;

	(void)state;
	for (unsigned i = 0; i < 120; i++)
		strcat(text, "x = 1;\n");
	line_hashes_init(&h, text, strlen(text));
	assert_int_equal(h.v.n, 121);
	assert_true(h.v.v[0].hash == 0x328d6b27073dca64);
	assert_int_equal(h.v.v[7].count, 8);
	assert_true(h.v.v[119].hash == 0x2ccea3f1ef5385f6);
	line_hashes_release(&h);
}

static void fingerprint_parts(void **state)
{
	static const char *const a[] = { "ab", "c", NULL }, *const b[] = { "a", "bc", NULL };
	char x[FINGERPRINT_HEX], y[FINGERPRINT_HEX];

	(void)state;
	fingerprint_v1(x, a, 3);
	fingerprint_v1(y, b, 3);
	assert_int_equal(strlen(x), 32);
	assert_string_not_equal(x, y);
	/* It is stored in baselines: it must never change. */
	assert_string_equal(x, "bd004134849ca646d85104d0f90bea12");
}

int test_base(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_layout), cmocka_unit_test(json_strings),
		cmocka_unit_test(utf8_counts), cmocka_unit_test(sha256_vectors),
		cmocka_unit_test(sha256_pieces), cmocka_unit_test(line_hash_vectors),
		cmocka_unit_test(line_hash_counts), cmocka_unit_test(fingerprint_parts),
	};

	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
