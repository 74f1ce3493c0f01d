/* SPDX-License-Identifier: MIT */
/*
 * The forms in which Kbuild calls $(CHECK), as recorded from builds and cut to
 * the flags that differ.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "kbuild/argv.h"

#define CHECKFLAGS \
	"-D__linux__", "-Dlinux", "-D__STDC__", "-Dunix", "-D__unix__", "-Wbitwise", \
	"-Wno-return-void", "-Wno-unknown-attribute"
#define CHECKFLAGS_X86 CHECKFLAGS, "-D__x86_64__", "--arch=x86", "-mlittle-endian", "-m64"
#define WARNINGS \
	"-Wall", "-Wextra", "-Werror=designated-init", "-Wimplicit-fallthrough=5", "-Werror", \
	"-Wno-dangling-pointer", "-Wvla-larger-than=1"
#define GCC_ONLY \
	"-mpreferred-stack-boundary=3", "-mindirect-branch=thunk-extern", \
	"-mindirect-branch-register", "-fno-allow-store-data-races", "-fconserve-stack", \
	"-falign-jumps=1", "-fcf-protection=branch", "-fzero-init-padding-bits=all", \
	"-fmin-function-alignment=16", "-mrecord-mcount"

static struct arena arena;
static struct kbuild_unit unit;

#define PARSE(directory, ...) \
	do { \
		static const char *const argv_[] = { __VA_ARGS__ }; \
		kbuild_parse(&arena, (directory), sizeof(argv_) / sizeof(argv_[0]), argv_, \
			     &unit); \
	} while (0)

static int index_of(const char *word)
{
	for (unsigned i = 0; i < unit.nclang_args; i++)
		if (!strcmp(unit.clang_args[i], word))
			return (int)i;
	return -1;
}

static bool passes(const char *word)
{
	return index_of(word) >= 0;
}

static bool passes_pair(const char *flag, const char *value)
{
	for (unsigned i = 0; i + 1 < unit.nclang_args; i++)
		if (!strcmp(unit.clang_args[i], flag) && !strcmp(unit.clang_args[i + 1], value))
			return true;
	return false;
}

/* Whatever comes: nothing that writes files, warns, or that only gcc or sparse knows. */
static void assert_clean(void)
{
	static const char *const never[] = {
		"-Wp,", "-W", "-MF", "-MD", "-MMD", "-o", "--arch", "-mlittle-endian",
		"-mpreferred", "-mindirect", "-falign", "-fconserve", "-fno-allow", "-D__STDC__",
		"-D__linux__", "-D__CHECK", "-f-", "--protflow", "-fplugin", "-mrecord",
	};

	for (unsigned i = 0; i < unit.nclang_args; i++)
		for (size_t k = 0; k < sizeof(never) / sizeof(never[0]); k++)
			if (!strncmp(unit.clang_args[i], never[k], strlen(never[k])))
				fail_msg("%s is passed on", unit.clang_args[i]);
	assert_true(passes("-w"));
	assert_true(passes("-ferror-limit=0"));
	assert_true(passes_pair("-working-directory", unit.directory));
	assert_null(unit.clang_args[unit.nclang_args]);
	assert_int_equal(index_of(unit.source ? unit.source : "?"), -1);
}

static void in_tree(void **state)
{
	(void)state;
	PARSE("/src/linux", CHECKFLAGS_X86, "-Wp,-MMD,drivers/iommu/intel/.iommu.o.d", "-nostdinc",
	      "-I./arch/x86/include", "-I./arch/x86/include/generated", "-I./include",
	      "-include", "./include/linux/compiler-version.h",
	      "-include", "./include/linux/kconfig.h", "-D__KERNEL__", "-std=gnu11",
	      "-fshort-wchar", "-mno-sse", "-m64", "-mcmodel=kernel", GCC_ONLY, WARNINGS, "-O2",
	      "-DKBUILD_MODFILE=\"drivers/iommu/intel/iommu\"", "-DKBUILD_BASENAME=\"iommu\"",
	      "-DKBUILD_MODNAME=\"iommu\"", "-D__KBUILD_MODNAME=kmod_iommu",
	      "drivers/iommu/intel/iommu.c");
	assert_clean();
	assert_string_equal(unit.source, "drivers/iommu/intel/iommu.c");
	assert_string_equal(unit.object, "drivers/iommu/intel/iommu.o");
	assert_string_equal(unit.modname, "iommu");
	assert_string_equal(unit.modfile, "drivers/iommu/intel/iommu");
	assert_string_equal(unit.srctree, "/src/linux");
	assert_true(unit.by_kbuild);
	assert_false(unit.is_probe);
	assert_true(passes("-DKBUILD_MODNAME=\"iommu\""));
	assert_true(passes("-D__KERNEL__"));
	assert_true(passes("-mcmodel=kernel"));
	assert_true(passes("-m64"));
	assert_true(passes("-O2"));
	assert_true(passes("--target=x86_64-linux-gnu"));
	assert_true(passes_pair("-include", "./include/linux/kconfig.h"));
	assert_false(passes("-D__x86_64__"));
	assert_false(passes("-x"));
}

static void out_of_tree(void **state)
{
	(void)state;
	PARSE("/build/o", CHECKFLAGS_X86, "-Wp,-MMD,drivers/vfio/.group.o.d", "-nostdinc",
	      "-I/src/linux/include", "-I./include", "-include",
	      "/src/linux/include/linux/kconfig.h", "-D__KERNEL__",
	      "-fmacro-prefix-map=/src/linux/=", "-DKBUILD_MODNAME=\"vfio\"",
	      "/src/linux/drivers/vfio/group.c");
	assert_clean();
	assert_string_equal(unit.source, "/src/linux/drivers/vfio/group.c");
	assert_string_equal(unit.object, "drivers/vfio/group.o");
	assert_string_equal(unit.srctree, "/src/linux");
	assert_false(passes("-fmacro-prefix-map=/src/linux/="));
}

/* NIPA builds in a folder of the tree, where Kbuild names sources by "../". */
static void build_in_subfolder(void **state)
{
	(void)state;
	PARSE("/src/linux/build", CHECKFLAGS_X86, "-Wp,-MMD,lib/.sort.o.d", "-nostdinc",
	      "-I../include", "-I./include", "-include", "../include/linux/kconfig.h",
	      "-D__KERNEL__", "../lib/sort.c");
	assert_clean();
	assert_string_equal(unit.source, "../lib/sort.c");
	assert_string_equal(unit.srctree, "/src/linux");
	assert_string_equal(unit.object, "lib/sort.o");
}

/* Before 6.13 an external module is compiled in the kernel's object tree... */
static void module_absolute(void **state)
{
	(void)state;
	PARSE("/usr/src/linux-headers", CHECKFLAGS_X86, "-Wp,-MMD,/home/me/mod/.m.o.d", "-nostdinc",
	      "-I/usr/src/linux-headers-common/include", "-I./include", "-include",
	      "/usr/src/linux-headers-common/include/linux/kconfig.h", "-D__KERNEL__", "-DMODULE",
	      "-DKBUILD_MODNAME=\"m\"", "/home/me/mod/m.c");
	assert_clean();
	assert_string_equal(unit.object, "/home/me/mod/m.o");
	assert_true(passes("-DMODULE"));
}

/* ... since then in its own folder. */
static void module_own_folder(void **state)
{
	(void)state;
	PARSE("/home/me/mod", CHECKFLAGS_X86, "-Wp,-MMD,./.m.o.d", "-nostdinc",
	      "-I/src/linux/include", "-include", "/src/linux/include/linux/kconfig.h",
	      "-D__KERNEL__", "-fms-extensions", "m.c");
	assert_clean();
	assert_string_equal(unit.object, "./m.o");
	assert_true(passes("-fms-extensions"));
}

static void probe(void **state)
{
	(void)state;
	PARSE("/src/linux", CHECKFLAGS_X86, "/tmp/tmp.OhLq9Trz5b");
	assert_true(unit.is_probe);
	assert_false(unit.by_kbuild);
	assert_null(unit.object);
	assert_true(passes_pair("-x", "c"));
	/* The options of the user do not hide it. */
	PARSE("/src/linux", CHECKFLAGS, "--protflow-stats", "-DDEBUG", "-Ifoo", "--arch=x86",
	      "/tmp/tmp.OhLq9Trz5b");
	assert_true(unit.is_probe);
	/* A source without c_flags is a call by hand, and so is one without CHECKFLAGS. */
	PARSE("/src/linux", CHECKFLAGS_X86, "a.c");
	assert_false(unit.is_probe);
	PARSE("/src/linux", "/tmp/tmp.OhLq9Trz5b");
	assert_false(unit.is_probe);
}

static void options_in_cf(void **state)
{
	(void)state;
	PARSE("/src/linux", CHECKFLAGS, "--protflow-rules=/my/rules", "--protflow-stats", "-DDEBUG",
	      "-D__CHECK_ENDIAN__", "-D", "TWO=2", "-D__x86_64__", "--arch=x86", "-m64",
	      "-Wp,-MMD,a/.b.o.d", "-nostdinc", "-D__KERNEL__", "a/b.c");
	assert_clean();
	assert_int_equal(unit.noptions, 2);
	assert_string_equal(unit.options[0], "rules=/my/rules");
	assert_string_equal(unit.options[1], "stats");
	assert_true(passes("-DDEBUG"));
	assert_true(passes_pair("-D", "TWO=2"));
}

/* What the 0day robot adds for sparse. */
static void options_of_0day(void **state)
{
	(void)state;
	PARSE("/src/linux", CHECKFLAGS, "-fdiagnostic-prefix", "-D__CHECK_ENDIAN__",
	      "-fmax-errors=unlimited", "-fmax-warnings=unlimited", "-D__x86_64__", "--arch=x86",
	      "-mlittle-endian", "-m64", "-Wp,-MMD,a/.b.o.d", "-nostdinc", "-D__KERNEL__", "a/b.c");
	assert_clean();
	assert_false(passes("-fdiagnostic-prefix"));
	assert_false(passes("-fmax-errors=unlimited"));
	assert_string_equal(unit.source, "a/b.c");
}

static void built_by_clang(void **state)
{
	(void)state;
	PARSE("/src/linux", CHECKFLAGS_X86, "-Wp,-MMD,a/.b.o.d", "-nostdinc", "-D__KERNEL__",
	      "--target=x86_64-linux-gnu", "-fintegrated-as", "-Werror=unknown-warning-option",
	      "-Werror=ignored-optimization-argument", "-mstack-alignment=8",
	      "-mretpoline-external-thunk", "-mindirect-branch-cs-prefix", "-mllvm",
	      "-disable-llvm-optzns", "-Xclang", "-something", "-fms-anonymous-structs",
	      "-fno-builtin-wcslen", "-Wno-gnu", "a/b.c");
	assert_clean();
	assert_true(passes("--target=x86_64-linux-gnu"));
	assert_int_equal(index_of("--target=x86_64-linux-gnu"),
			 index_of("-D__KERNEL__") + 1);
	assert_true(passes("-fms-extensions"));
	assert_true(passes("-fno-builtin-wcslen"));
	assert_false(passes("-disable-llvm-optzns"));
	assert_false(passes("-something"));
}

static void arm64(void **state)
{
	(void)state;
	PARSE("/src/linux", CHECKFLAGS, "-D__AARCH64EL__", "-D__aarch64__", "--arch=arm64",
	      "-mlittle-endian", "-m64", "-Wp,-MMD,a/.b.o.d", "-nostdinc", "-D__KERNEL__",
	      "-mlittle-endian", "-DKASAN_SHADOW_SCALE_SHIFT=", "-mgeneral-regs-only", "-mabi=lp64",
	      "-mbranch-protection=pac-ret", "-Wa,-march=armv8.5-a", "-DARM64_ASM_ARCH=\"armv8.5-a\"",
	      "-mstack-protector-guard=sysreg", "-O2", "a/b.c");
	assert_clean();
	assert_true(passes("--target=aarch64-linux-gnu"));
	/* clang does not know its only ABI by that name, and parses nothing then */
	assert_false(passes("-mabi=lp64"));
	assert_true(passes("-mgeneral-regs-only"));
	assert_true(passes("-DARM64_ASM_ARCH=\"armv8.5-a\""));
	/* Clang takes -m64 for no option of this target. */
	assert_false(passes("-m64"));
	assert_false(passes("-mbranch-protection=pac-ret"));
}

static void i386(void **state)
{
	(void)state;
	PARSE("/src/linux", CHECKFLAGS, "-D__i386__", "--arch=i386", "-mlittle-endian", "-m32",
	      "-Wp,-MMD,a/.b.o.d", "-nostdinc", "-D__KERNEL__", "-m32", "-msoft-float",
	      "-mregparm=3", "-freg-struct-return", "-fno-pic", "-mpreferred-stack-boundary=2",
	      "-march=i686", "-ffreestanding", "-Os", "a/b.c");
	assert_clean();
	assert_true(passes("--target=i386-linux-gnu"));
	assert_true(passes("-m32"));
	assert_true(passes("-ffreestanding"));
	assert_true(passes("-fno-pic"));
	assert_false(passes("-march=i686"));
	/* The 32-bit vdso of a 64-bit kernel. */
	PARSE("/src/linux", CHECKFLAGS, "-D__i386__", "--arch=x86", "-mlittle-endian", "-m32",
	      "-Wp,-MMD,a/.b.o.d", "-nostdinc", "-D__KERNEL__", "-m32", "-fno-pic", "a/b.c");
	assert_true(passes("-m32"));
	assert_true(passes("--target=x86_64-linux-gnu"));
}

static void other_targets(void **state)
{
	(void)state;
	PARSE("/s", CHECKFLAGS, "-D__powerpc__", "--arch=powerpc", "-mbig-endian", "-m64",
	      "-Wp,-MMD,a/.b.o.d", "-nostdinc", "a.c");
	assert_true(passes("--target=powerpc64-linux-gnu"));
	PARSE("/s", CHECKFLAGS, "--arch=riscv", "-mlittle-endian", "-m64", "-Wp,-MMD,a/.b.o.d",
	      "-mabi=lp64", "a.c");
	assert_true(passes("-mabi=lp64"));
	assert_true(passes("--target=riscv64-linux-gnu"));
	PARSE("/s", CHECKFLAGS, "--arch=arm", "-mlittle-endian", "-m32", "-Wp,-MMD,a/.b.o.d", "a.c");
	assert_true(passes("--target=arm-linux-gnueabi"));
	PARSE("/s", CHECKFLAGS, "--arch=unheard-of", "-m64", "-Wp,-MMD,a/.b.o.d", "a.c");
	assert_string_equal(unit.source, "a.c");
}

/* A whole command of the compiler, as compile_commands.json has it. */
static void compiler_command(void **state)
{
	(void)state;
	PARSE("/src/linux", "gcc", "-Wp,-MMD,a/.b.o.d", "-nostdinc", "-D__KERNEL__", "-D", "A=1",
	      "-I", "inc", "-U", "B", "--param=allow-store-data-races=0", "--param", "x=1", "-c",
	      "-MF", "x.d", "-x", "c", "-o", "a/b.o", "a/b.c");
	assert_clean();
	assert_string_equal(unit.source, "a/b.c");
	assert_true(passes_pair("-D", "A=1"));
	assert_true(passes_pair("-I", "inc"));
	assert_false(passes("a/b.o"));
	assert_false(passes("gcc"));
	assert_false(passes("x=1"));
}

static void bad_input(void **state)
{
	(void)state;
	kbuild_parse(&arena, "/", 0, NULL, &unit);
	assert_null(unit.source);
	PARSE("/", CHECKFLAGS_X86);
	assert_null(unit.source);
	PARSE("/", "-nostdinc", "-include");
	assert_false(passes("-include"));
	PARSE("/", "", "-", "-Wp,-MMD,", "-D");
	assert_false(passes("-D"));
	PARSE("/", "-Wp,-MMD,.o.d", "-Wp,-MMD,x", "-Wp,-MMD,/.d", "a.c");
	assert_string_equal(unit.source, "a.c");
	PARSE("/", "-DKBUILD_MODNAME=", "-DKBUILD_MODFILE=\"", "b.c", "a");
	assert_string_equal(unit.source, "b.c");
	assert_string_equal(unit.modname, "");
}

static void digests(void **state)
{
	uint64_t first;

	(void)state;
	PARSE("/s", CHECKFLAGS_X86, "-Wp,-MMD,a/.b.o.d", "-nostdinc", "-DA", WARNINGS, "a/b.c");
	first = unit.flags_digest;
	/* Warnings do not matter, definitions do, and so does where a word ends. */
	PARSE("/s", CHECKFLAGS_X86, "-Wp,-MMD,a/.b.o.d", "-nostdinc", "-DA", "a/b.c");
	assert_true(unit.flags_digest == first);
	PARSE("/s", CHECKFLAGS_X86, "-Wp,-MMD,a/.b.o.d", "-nostdinc", "-DB", "a/b.c");
	assert_true(unit.flags_digest != first);
}

static void dropped_are_told(void **state)
{
	(void)state;
	PARSE("/s", CHECKFLAGS_X86, "-Wp,-MMD,a/.b.o.d", "-fconserve-stack", "-Wall", "a/b.c");
	assert_int_equal(unit.ndropped, 1);
	assert_string_equal(unit.dropped[0], "-fconserve-stack");
	assert_int_equal(unit.nkept, 0);
}

static void absolute_paths(void **state)
{
	static const char *const cases[][3] = {
		{ "/a/b", "c", "/a/b/c" },
		{ "/a/b", "../c", "/a/c" },
		{ "/a/b", "/x/./y//z/", "/x/y/z" },
		{ "/a", "../../..", "/" },
		{ "/", ".", "/" },
		{ "/a/b", "./../b/../../q", "/q" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(kbuild_absolute(&arena, cases[i][0], cases[i][1]), cases[i][2]);
}

static int release(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_tree),
		cmocka_unit_test(out_of_tree),
		cmocka_unit_test(build_in_subfolder),
		cmocka_unit_test(module_absolute),
		cmocka_unit_test(module_own_folder),
		cmocka_unit_test(probe),
		cmocka_unit_test(options_in_cf),
		cmocka_unit_test(options_of_0day),
		cmocka_unit_test(built_by_clang),
		cmocka_unit_test(arm64),
		cmocka_unit_test(i386),
		cmocka_unit_test(other_targets),
		cmocka_unit_test(compiler_command),
		cmocka_unit_test(bad_input),
		cmocka_unit_test(digests),
		cmocka_unit_test(dropped_are_told),
		cmocka_unit_test(absolute_paths),
	};

	return cmocka_run_group_tests(tests, NULL, release);
}
