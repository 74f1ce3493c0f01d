/* SPDX-License-Identifier: MIT */
#include "subject.h"

#include <stdarg.h>
#include <string.h>

#include "gen.h"

const char *const kernel_flags[] = {
	"-std=gnu11", "-fshort-wchar", "-funsigned-char", "-fno-common", "-fno-strict-aliasing",
	"-fno-strict-overflow", "-fno-delete-null-pointer-checks", "-fms-extensions", "-m64", NULL,
};

uint64_t sum(int n, ...)
{
	uint64_t r = (uint64_t)n;
	va_list ap;

	va_start(ap, n);
	for (int i = 0; i < 3; i++)
		r = r * 7 + va_arg(ap, uint64_t);
	va_end(ap);
	return r;
}

uint64_t random_arg(uint64_t *rng)
{
	static const uint64_t odd[] = { 0, 1, 2, 7, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff,
					0x7fffffff, 0x80000000, 0xffffffff, 1ull << 32,
					0x7fffffffffffffff, 1ull << 63, ~0ull, ~0ull - 1 };
	uint64_t r = rng_next(rng);

	switch (r & 3) {
	case 0:
		return odd[rng_next(rng) % (sizeof(odd) / sizeof(*odd))];
	case 1:
		return rng_next(rng) >> (r >> 58);
	default:
		return rng_next(rng);
	}
}

void random_bytes(uint64_t *rng, unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i += 8) {
		uint64_t v = random_arg(rng);

		memcpy(p + i, &v, n - i < 8 ? n - i : 8);
	}
}

static uint64_t native_sum(void *arg, const uint64_t *args, uint32_t nargs)
{
	(void)arg;
	return nargs == 4 ? sum((int)args[0], args[1], args[2], args[3]) : 0;
}

static uint64_t native_memset(void *arg, const uint64_t *args, uint32_t nargs)
{
	(void)arg;
	(void)nargs;
	return (uintptr_t)memset((void *)(uintptr_t)args[0], (int)args[1], args[2]);
}

static uint64_t native_memcpy(void *arg, const uint64_t *args, uint32_t nargs)
{
	(void)arg;
	(void)nargs;
	return (uintptr_t)memmove((void *)(uintptr_t)args[0], (void *)(uintptr_t)args[1], args[2]);
}

static uint64_t native_memcmp(void *arg, const uint64_t *args, uint32_t nargs)
{
	(void)arg;
	(void)nargs;
	return (uint32_t)memcmp((void *)(uintptr_t)args[0], (void *)(uintptr_t)args[1], args[2]);
}

static uint64_t native_strlen(void *arg, const uint64_t *args, uint32_t nargs)
{
	(void)arg;
	(void)nargs;
	return strlen((const char *)(uintptr_t)args[0]);
}

struct interp *make_interp(struct ir_unit *u)
{
	static const struct { const char *name; interp_native f; } natives[] = {
		{ "sum", native_sum },
		{ "memset", native_memset }, { "__builtin_memset", native_memset },
		{ "memcpy", native_memcpy }, { "__builtin_memcpy", native_memcpy },
		{ "memmove", native_memcpy }, { "__builtin_memmove", native_memcpy },
		{ "memcmp", native_memcmp }, { "__builtin_memcmp", native_memcmp },
		{ "strlen", native_strlen }, { "__builtin_strlen", native_strlen },
	};
	struct interp *in = interp_new(u);

	for (unsigned i = 0; i < sizeof(natives) / sizeof(*natives); i++)
		interp_set_native(in, natives[i].name, natives[i].f, NULL);
	return in;
}
