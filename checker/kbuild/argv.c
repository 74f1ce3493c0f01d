/* SPDX-License-Identifier: MIT */
#include "kbuild/argv.h"

#include <ctype.h>
#include <string.h>

#include "base/array.h"
#include "base/map.h"

/*
 * The whitelist: flags that change what the parser sees. gcc's own flags, which
 * make libclang give up, are not in it, and neither is any warning. A flag that
 * takes a value as the next word has to be known even where it is dropped.
 */
enum match {
	EXACT,			/* the whole word */
	PREFIX,			/* the word begins so */
	VALUE,			/* the whole word, its value is the next */
	JOINED,			/* either: -Ifoo, -I foo */
};

struct flag {
	const char *text;
	uint8_t match;		/* enum match */
	bool keep;
};

static const struct flag flags[] = {
	{ "-D", JOINED, true },
	{ "-U", JOINED, true },
	{ "-include", VALUE, true },
	{ "-imacros", VALUE, true },
	{ "-isystem", JOINED, true },
	{ "-iquote", JOINED, true },
	{ "-idirafter", JOINED, true },
	{ "-isysroot", JOINED, true },
	{ "-I", JOINED, true },
	{ "-nostdinc", EXACT, true },
	{ "-std=", PREFIX, true },
	{ "-O", PREFIX, true },		/* __OPTIMIZE__ */
	{ "-m64", EXACT, true },
	{ "-m32", EXACT, true },
	{ "-m16", EXACT, true },
	{ "-mcmodel=", PREFIX, true },
	{ "-mno-sse", PREFIX, true },
	{ "-mno-mmx", EXACT, true },
	{ "-mno-3dnow", EXACT, true },
	{ "-mno-avx", PREFIX, true },
	{ "-mabi=", PREFIX, true },
	{ "-mgeneral-regs-only", EXACT, true },
	{ "-fshort-wchar", EXACT, true },
	{ "-fshort-enums", EXACT, true },
	{ "-fno-short-enums", EXACT, true },
	{ "-fpack-struct", PREFIX, true },
	{ "-funsigned-char", EXACT, true },
	{ "-fsigned-char", EXACT, true },
	{ "-fno-unsigned-char", EXACT, true },
	{ "-fno-signed-char", EXACT, true },
	{ "-fms-extensions", EXACT, true },
	{ "-fgnu89-inline", EXACT, true },
	{ "-fno-builtin", PREFIX, true },
	{ "-ffreestanding", EXACT, true },
	{ "-fno-common", EXACT, true },
	{ "-fPIC", EXACT, true },	/* __PIC__, __pie__ */
	{ "-fpic", EXACT, true },
	{ "-fPIE", EXACT, true },
	{ "-fpie", EXACT, true },
	{ "-fno-PIC", EXACT, true },
	{ "-fno-pic", EXACT, true },
	{ "-fno-PIE", EXACT, true },
	{ "-fno-pie", EXACT, true },
	{ "--target=", PREFIX, true },
	{ "-target", VALUE, true },

	{ "-o", VALUE, false },
	{ "-MF", JOINED, false },
	{ "-MT", JOINED, false },
	{ "-MQ", JOINED, false },
	{ "-x", JOINED, false },
	{ "-Xclang", VALUE, false },
	{ "-Xassembler", VALUE, false },
	{ "-Xpreprocessor", VALUE, false },
	{ "-Xlinker", VALUE, false },
	{ "-mllvm", VALUE, false },
	{ "--param", VALUE, false },
	{ "-aux-info", VALUE, false },
	{ "-L", JOINED, false },
	{ "-T", VALUE, false },
	{ "-z", VALUE, false },
	{ "-u", VALUE, false },
	{ "-e", VALUE, false },
	{ "-B", JOINED, false },
};

typedef Array(const char *) words;

struct parse {
	struct arena *arena;
	struct kbuild_unit *unit;
	words clang, kept, options, dropped;
	bool in_checkflags;	/* before the first of c_flags */
	bool has_target, has_flags;
	bool big_endian, bits32;
	const char *arch;	/* of --arch=, the kernel's name */
};

static bool starts(const char *s, const char *prefix)
{
	return !strncmp(s, prefix, strlen(prefix));
}

static bool ends(const char *s, const char *suffix)
{
	size_t n = strlen(s), k = strlen(suffix);

	return n >= k && !strcmp(s + n - k, suffix);
}

static const struct flag *flag_find(const char *arg)
{
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		const struct flag *f = &flags[i];
		bool prefix = f->match == PREFIX || f->match == JOINED;

		if (prefix ? starts(arg, f->text) : !strcmp(arg, f->text))
			return f;
	}
	return NULL;
}

/* Whether the value of the flag is the next word. */
static bool flag_wants_word(const struct flag *f, const char *arg)
{
	return f && (f->match == VALUE || (f->match == JOINED && !strcmp(arg, f->text)));
}

/*
 * CHECKFLAGS repeats what gcc predefines, for sparse, which has no target of
 * its own. Clang knows better, and -D__CHECKER__ would turn on attributes that
 * only sparse has. What a user adds by CF=-DDEBUG is to be kept: it begins with
 * a capital, the compiler's own names do not.
 */
static bool is_predefined(const char *definition)
{
	return !isupper((unsigned char)definition[0]);
}

static const char *unquote(struct arena *a, const char *s)
{
	size_t n = strlen(s);

	if (n && s[0] == '\\' && n > 1 && s[1] == '"')
		s++, n--;
	if (n >= 2 && s[0] == '"' && s[n - 1] == '"')
		return arena_strndup(a, s + 1, n - 2);
	return s;
}

/* The names by which Kbuild tells a unit what it will be linked into. */
static void note_definition(struct parse *p, const char *definition)
{
	if (starts(definition, "KBUILD_MODNAME="))
		p->unit->modname = unquote(p->arena, strchr(definition, '=') + 1);
	else if (starts(definition, "KBUILD_MODFILE="))
		p->unit->modfile = unquote(p->arena, strchr(definition, '=') + 1);
}

static void note_include(struct parse *p, const char *file)
{
	static const char tail[] = "/include/linux/kconfig.h";
	size_t n = strlen(file), k = sizeof(tail) - 1;
	char *root;

	if (!ends(file, tail + 1) || (n >= k && !ends(file, tail)))
		return;
	root = n < k ? arena_strdup(p->arena, ".") : arena_strndup(p->arena, file, n - k);
	p->unit->srctree = kbuild_absolute(p->arena, p->unit->directory, root);
}

/* "-Wp,-MMD,a/b/.c.o.d": the object is a/b/c.o. */
static bool take_depfile(struct parse *p, const char *arg)
{
	const char *path, *slash, *name;
	size_t n;

	if (starts(arg, "-Wp,-MMD,"))
		path = arg + 9;
	else if (starts(arg, "-Wp,-MD,"))
		path = arg + 8;
	else
		return false;
	p->in_checkflags = false;
	p->unit->by_kbuild = true;
	slash = strrchr(path, '/');
	name = slash ? slash + 1 : path;
	if (*name == '.')
		name++;
	n = strlen(name);
	if (n > 2 && ends(name, ".d"))
		n -= 2;
	if (n)
		p->unit->object = arena_printf(p->arena, "%.*s%.*s",
					       slash ? (int)(slash + 1 - path) : 0, path,
					       (int)n, name);
	return true;
}

/* Words of CHECKFLAGS that say which machine the unit is for. */
static bool take_machine(struct parse *p, const char *arg)
{
	if (starts(arg, "--arch=")) {
		p->arch = arg + 7;
		return true;
	}
	if (!strcmp(arg, "-mbig-endian") || !strcmp(arg, "-mlittle-endian")) {
		p->big_endian = arg[2] == 'b';
		return true;
	}
	if (!p->in_checkflags || (strcmp(arg, "-m32") && strcmp(arg, "-m64")))
		return false;
	p->bits32 = arg[2] == '3';
	return true;
}

/* gcc's name of the one ABI that clang has for the machine, and knows by none. */
static bool is_only_abi(const struct parse *p, const char *arg)
{
	return p->arch && !strcmp(p->arch, "arm64") && !strcmp(arg, "-mabi=lp64");
}

static void keep(struct parse *p, const struct flag *f, const char *arg, const char *value)
{
	const char *definition = value ? value : arg + 2;

	if (f->text[1] == 'D' && p->in_checkflags && is_predefined(definition))
		return;
	if (f->text[1] == 'D')
		note_definition(p, definition);
	else if (!strcmp(f->text, "-include"))
		note_include(p, value);
	else if (starts(f->text, "--target") || starts(f->text, "-target"))
		p->has_target = true;
	/* The calls of a build have these, the call that only probes has not. */
	p->has_flags |= !strcmp(f->text, "-nostdinc") || !strcmp(f->text, "-include");
	array_push(&p->kept, arg);
	array_push(&p->clang, arg);
	if (value) {
		array_push(&p->kept, value);
		array_push(&p->clang, value);
	}
}

static void drop(struct parse *p, const char *arg)
{
	if (!p->in_checkflags && !starts(arg, "-W"))
		array_push(&p->dropped, arg);
}

/* The last *.c is the source, or the last word at all that is no flag. */
static void take_positional(struct parse *p, const char *arg)
{
	const char *now = p->unit->source;

	if (*arg && (!now || ends(arg, ".c") || !ends(now, ".c")))
		p->unit->source = arg;
}

static void take_flag(struct parse *p, const char *arg, const char *next, int *i)
{
	const struct flag *f;
	bool word;

	if (take_depfile(p, arg) || take_machine(p, arg))
		return;
	if (starts(arg, "--protflow-")) {
		array_push(&p->options, arg + strlen("--protflow-"));
		return;
	}
	/* Newer kernels choose it where clang has it; the older flag means more. */
	if (!strcmp(arg, "-fms-anonymous-structs"))
		arg = "-fms-extensions";
	f = flag_find(arg);
	word = flag_wants_word(f, arg);
	if (word && next)
		++*i;
	if (f && f->keep && (!word || next) && !is_only_abi(p, arg))
		keep(p, f, arg, word ? next : NULL);
	else
		drop(p, arg);
}

/* Clang's triple for the kernel's name of an architecture, as scripts/Makefile.clang has it. */
static const char *target_triple(const struct parse *p)
{
	static const struct {
		const char *arch, *little64, *little32, *big64, *big32;
	} table[] = {
		{ "x86", "x86_64-linux-gnu", "x86_64-linux-gnu", NULL, NULL },
		{ "x86_64", "x86_64-linux-gnu", "x86_64-linux-gnu", NULL, NULL },
		{ "i386", "i386-linux-gnu", "i386-linux-gnu", NULL, NULL },
		{ "arm64", "aarch64-linux-gnu", NULL, "aarch64_be-linux-gnu", NULL },
		{ "arm", NULL, "arm-linux-gnueabi", NULL, "armeb-linux-gnueabi" },
		{ "riscv", "riscv64-linux-gnu", "riscv32-linux-gnu", NULL, NULL },
		{ "powerpc", "powerpc64le-linux-gnu", "powerpcle-linux-gnu",
		  "powerpc64-linux-gnu", "powerpc-linux-gnu" },
		{ "s390", NULL, NULL, "s390x-linux-gnu", NULL },
		{ "mips", "mips64el-linux-gnuabi64", "mipsel-linux-gnu",
		  "mips64-linux-gnuabi64", "mips-linux-gnu" },
		{ "loongarch", "loongarch64-linux-gnusf", NULL, NULL, NULL },
		{ "sparc", NULL, NULL, "sparc64-linux-gnu", "sparc-linux-gnu" },
	};

	for (size_t i = 0; p->arch && i < sizeof(table) / sizeof(table[0]); i++) {
		if (strcmp(p->arch, table[i].arch))
			continue;
		if (p->big_endian)
			return p->bits32 ? table[i].big32 : table[i].big64;
		return p->bits32 ? table[i].little32 : table[i].little64;
	}
	return NULL;
}

static const char **finish(struct arena *a, words *w, unsigned *n)
{
	const char **v = arena_new_array(a, const char *, w->n + 1);

	if (w->n)
		memcpy(v, w->v, w->n * sizeof(*v));
	*n = w->n;
	array_release(w);
	return v;
}

static uint64_t digest(const char *const *v, unsigned n)
{
	uint64_t h = 0;

	for (unsigned i = 0; i < n; i++)
		h = hash_bytes(v[i], strlen(v[i]), h);
	return h;
}

static void add_own_flags(struct parse *p)
{
	const char *triple = p->has_target ? NULL : target_triple(p);

	if (triple)
		array_push(&p->clang, arena_printf(p->arena, "--target=%s", triple));
	if (!p->unit->source || !ends(p->unit->source, ".c")) {
		array_push(&p->clang, "-x");
		array_push(&p->clang, "c");
	}
	/* Errors stay errors under -w; without a limit the AST is not cut short. */
	array_push(&p->clang, "-w");
	array_push(&p->clang, "-ferror-limit=0");
	array_push(&p->clang, "-working-directory");
	array_push(&p->clang, p->unit->directory);
}

/* CHECKFLAGS come first and end where c_flags begin, with the dependency file. */
static bool has_depfile(int argc, const char *const *argv)
{
	for (int i = 0; i < argc; i++)
		if (starts(argv[i], "-Wp,-MMD,") || starts(argv[i], "-Wp,-MD,"))
			return true;
	return false;
}

void kbuild_parse(struct arena *a, const char *directory, int argc, const char *const *argv,
		  struct kbuild_unit *out)
{
	struct parse p = { .arena = a, .unit = out };

	*out = (struct kbuild_unit) { .directory = arena_strdup(a, directory) };
	/* Without one, -D__linux__ tells that the words before the source are CHECKFLAGS. */
	p.in_checkflags = has_depfile(argc, argv) || (argc && !strcmp(argv[0], "-D__linux__"));
	for (int i = 0; i < argc; i++) {
		if (argv[i][0] == '-' && argv[i][1])
			take_flag(&p, argv[i], i + 1 < argc ? argv[i + 1] : NULL, &i);
		else
			take_positional(&p, argv[i]);
	}
	out->is_probe = !out->by_kbuild && !p.has_flags && out->source && argc > 1 &&
			p.in_checkflags && !ends(out->source, ".c");
	add_own_flags(&p);
	out->clang_args = finish(a, &p.clang, &out->nclang_args);
	out->kept = finish(a, &p.kept, &out->nkept);
	out->options = finish(a, &p.options, &out->noptions);
	out->dropped = finish(a, &p.dropped, &out->ndropped);
	out->flags_digest = digest(out->clang_args, out->nclang_args);
}

char *kbuild_absolute(struct arena *a, const char *directory, const char *path)
{
	char *in = path[0] == '/' ? arena_strdup(a, path)
				  : arena_printf(a, "%s/%s", directory, path);
	char *out = arena_alloc(a, strlen(in) + 2), *rest = NULL;
	size_t n = 0;

	for (char *part = strtok_r(in, "/", &rest); part; part = strtok_r(NULL, "/", &rest)) {
		if (!strcmp(part, "."))
			continue;
		if (!strcmp(part, "..")) {
			while (n && out[--n] != '/')
				;
			continue;
		}
		out[n++] = '/';
		memcpy(out + n, part, strlen(part));
		n += strlen(part);
	}
	if (!n)
		out[n++] = '/';
	out[n] = 0;
	return out;
}
