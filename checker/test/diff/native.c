/* SPDX-License-Identifier: MIT */
/* native.c - compiling and loading a subject */
#include <dlfcn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "diff.h"
#include "subject.h"

const struct variant variants[VARIANTS] = {
	{ "gcc", "-O0" }, { "clang-22", "-O0" }, { "gcc", "-O2" }, { "clang-22", "-O2" },
};

/* Of the kernel too, but the front end has no use for them. */
static const char *const code_flags[] = {
	"-mno-sse", "-mno-mmx", "-mno-sse2", "-mno-3dnow", "-mno-avx", "-mno-80387",
	"-mno-red-zone", "-fno-jump-tables", "-ftrivial-auto-var-init=zero",
	"-fno-asynchronous-unwind-tables", "-fomit-frame-pointer", "-fno-stack-check",
	"-w", "-shared", "-fPIC", NULL,
};

const char *native_path(const struct subject *s, unsigned variant)
{
	static char path[512];
	const char *base = strrchr(s->source, '/');

	snprintf(path, sizeof(path), "%s/%s-%s%s.so", s->work, base ? base + 1 : s->source,
		 variants[variant].cc, variants[variant].level);
	return path;
}

static pid_t compile(const struct subject *s, unsigned variant)
{
	Array(const char *) argv = { 0 };
	pid_t pid;

	array_push(&argv, variants[variant].cc);
	array_push(&argv, variants[variant].level);
	for (unsigned i = 0; kernel_flags[i]; i++)
		array_push(&argv, kernel_flags[i]);
	for (unsigned i = 0; code_flags[i]; i++)
		array_push(&argv, code_flags[i]);
	if (s->include) {
		array_push(&argv, "-I");
		array_push(&argv, s->include);
	}
	array_push(&argv, "-o");
	array_push(&argv, native_path(s, variant));
	array_push(&argv, s->source);
	array_push(&argv, NULL);
	pid = fork();
	if (!pid) {
		execvp(argv.v[0], (char *const *)argv.v);
		perror(argv.v[0]);
		_exit(127);
	}
	array_release(&argv);
	return pid;
}

bool native_compile(const struct subject *s)
{
	bool ok = true;

	for (unsigned v = 0; v < VARIANTS && ok; v++) {
		int status = 1;

		waitpid(compile(s, v), &status, 0);
		ok = !status;
	}
	return ok;
}

bool native_load(const struct subject *s, unsigned variant, const char *name, struct native *n)
{
	const uint64_t *size;

	n->so = dlopen(native_path(s, variant), RTLD_NOW | RTLD_LOCAL);
	if (!n->so) {
		printf("%s\n", dlerror());
		return false;
	}
	n->f = (native_fn)(uintptr_t)dlsym(n->so, name);
	n->fix = (void (*)(void *))(uintptr_t)dlsym(n->so, "ctx_fix");
	size = dlsym(n->so, "ctx_size");
	n->size = size ? *size : 0;
	if (!n->f || !n->size)
		printf("%s: no %s\n", s->source, n->f ? "ctx_size" : name);
	return n->f && n->size;
}

void native_unload(struct native *n)
{
	if (n->so)
		dlclose(n->so);
	n->so = NULL;
}
