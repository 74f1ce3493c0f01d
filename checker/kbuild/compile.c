/* SPDX-License-Identifier: MIT */
#include "kbuild/compile.h"

#include <sys/stat.h>

#include "kbuild/argv.h"

#define CONFIG_MAX ((size_t)16 << 20)

static bool starts(const char *s, const char *prefix)
{
	return !strncmp(s, prefix, strlen(prefix));
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

bool compile_is_kernel(const struct compile_entry *e)
{
	for (uint32_t i = 0; i < e->words.v.n; i++)
		if (!strcmp(e->words.v.v[i], "-D__KERNEL__"))
			return true;
	return false;
}

/* --------------------------------------------------------------- machine */

/* NAME of "anything/arch/NAME/include", or NULL. */
static const char *arch_of(struct arena *a, const char *path)
{
	const char *name = strstr(path, "arch/"), *end;

	for (; name; name = strstr(name + 1, "arch/")) {
		if (name > path && name[-1] != '/')
			continue;
		end = strchr(name + 5, '/');
		if (end && end > name + 5 && !strcmp(end, "/include"))
			return arena_strndup(a, name + 5, (size_t)(end - name - 5));
	}
	return NULL;
}

const char *compile_arch(struct arena *a, const struct compile_entry *e)
{
	const char *arch = NULL;

	for (uint32_t i = 0; i < e->words.v.n && !arch; i++)
		if (starts(e->words.v.v[i], "-I"))
			arch = arch_of(a, e->words.v.v[i] + 2);
	return arch;
}

void kbuild_config(struct arena *a, const char *directory, struct kbuild_config *out)
{
	struct buffer conf = BUFFER_INIT;
	const char *path = arena_printf(a, "%s/include/config/auto.conf", directory);

	*out = (struct kbuild_config) { false, false, false };
	if (!buffer_read_file(&conf, path, CONFIG_MAX)) {
		out->known = true;
		out->is_64bit = strstr(buffer_str(&conf), "\nCONFIG_64BIT=y\n");
		out->big_endian = strstr(buffer_str(&conf), "\nCONFIG_CPU_BIG_ENDIAN=y\n");
	}
	buffer_release(&conf);
}

/* Of "aarch64-linux-gnu-gcc-12" the triple; NULL where the name has none. */
static const char *compiler_triple(struct arena *a, const char *compiler)
{
	const char *name = base_name(compiler), *gcc = strstr(name, "-gcc");

	return gcc && gcc > name ? arena_strndup(a, name, (size_t)(gcc - name)) : NULL;
}

static void add_machine(struct arena *a, const struct compile_entry *e, const char *compiler,
			const struct kbuild_config *config, struct word_list *out)
{
	const char *arch = compile_arch(a, e);
	const char *triple = arch ? NULL : compiler_triple(a, compiler);

	if (triple)
		array_push(&out->v, arena_printf(a, "--target=%s", triple));
	if (arch)
		array_push(&out->v, arena_printf(a, "--arch=%s", arch));
	if (!arch || !config->known)
		return;
	array_push(&out->v, config->big_endian ? "-mbig-endian" : "-mlittle-endian");
	array_push(&out->v, config->is_64bit ? "-m64" : "-m32");
}

/* ---------------------------------------------------------------- object */

static bool is_depfile(const char *word)
{
	return starts(word, "-Wp,-MMD,") || starts(word, "-Wp,-MD,");
}

static const char *find_depfile(const struct compile_entry *e)
{
	for (uint32_t i = 0; i < e->words.v.n; i++)
		if (is_depfile(e->words.v.v[i]))
			return e->words.v.v[i];
	return NULL;
}

/* The value of the last -o. */
static const char *find_output(const struct compile_entry *e)
{
	const char *output = NULL;

	for (uint32_t i = 0; i + 1 < e->words.v.n; i++)
		if (!strcmp(e->words.v.v[i], "-o"))
			output = e->words.v.v[i + 1];
	return output;
}

/* "a/b.o" as the file of dependencies that Kbuild asks for, a/.b.o.d. */
static const char *depfile(struct arena *a, const struct compile_entry *e)
{
	const char *object = find_output(e), *name = base_name(e->file);
	const char *dot = strrchr(name, '.');

	if (!object)
		object = e->output;
	if (!object)
		object = arena_printf(a, "%.*s%.*s.o", (int)(name - e->file), e->file,
				      (int)(dot ? dot - name : (long)strlen(name)), name);
	name = base_name(object);
	return arena_printf(a, "-Wp,-MMD,%.*s.%s.d", (int)(name - object), object, name);
}

/* ---------------------------------------------------------------- source */

static bool same_file(const char *x, const char *y)
{
	struct stat a, b;

	return !strcmp(x, y) ||
	       (!stat(x, &a) && !stat(y, &b) && a.st_dev == b.st_dev && a.st_ino == b.st_ino);
}

static const char *source_of(struct arena *a, const struct compile_entry *e,
			     const struct word_list *argv)
{
	struct kbuild_unit u;

	kbuild_parse(a, e->directory, (int)argv->v.n, argv->v.v, &u);
	return u.source;
}

/* The command's own name of the source is what Kbuild would hand over; else the entry's. */
static void add_source(struct arena *a, const struct compile_entry *e, struct word_list *out)
{
	const char *source = source_of(a, e, out);

	if (source && same_file(kbuild_absolute(a, e->directory, source), e->file))
		return;
	array_push(&out->v, e->file);
	if (source_of(a, e, out))
		return;
	/* The last option has taken it for the value that it lacks. */
	memmove(out->v.v + 1, out->v.v, (out->v.n - 1) * sizeof(*out->v.v));
	out->v.v[0] = e->file;
}

static bool is_launcher(const char *word)
{
	static const char *const names[] = { "ccache", "sccache", "distcc", "icecc" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(base_name(word), names[i]))
			return true;
	return false;
}

void kbuild_from_compile(struct arena *a, const struct compile_entry *e,
			 const struct kbuild_config *config, struct word_list *out)
{
	const char *const *v = e->words.v.v;
	const char *dep = find_depfile(e);
	uint32_t n = e->words.v.n, i = 0;

	while (i + 1 < n && is_launcher(v[i]))
		i++;
	if (i < n)
		add_machine(a, e, v[i++], config, out);
	/* It ends CHECKFLAGS, in which a -D that the compiler predefines goes. */
	array_push(&out->v, dep ? dep : depfile(a, e));
	for (; i < n; i++)
		if (!is_depfile(v[i]) && !starts(v[i], "--protflow-"))
			array_push(&out->v, v[i]);
	add_source(a, e, out);
}
