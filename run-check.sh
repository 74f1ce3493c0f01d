#!/bin/bash
# SPDX-License-Identifier: MIT
#
# run-check.sh - protflow's front door
#
# In a kernel build it is $(CHECK), called once for each source:
#
#	make C=1 CHECK=/path/to/run-check.sh [CF=--protflow-fail-on=warning] ...
#
# By itself it does everything else; see usage() below.

# exec_protflow ARG...: becomes the program that was built; comes back where there is none.
exec_protflow() {
	local cache=${PROTFLOW_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/protflow} program
	for program in "${PROTFLOW:-}" "$top/build/protflow" "$cache/build${top//\//_}/protflow"; do
		[[ -x $program && ! -d $program ]] && exec "$program" "$@"
	done
}

# ---------------------------------------------------------------------------
# Kbuild is the caller: thousands of times, so no fork here before the exec, and
# nothing is built or installed. CHECKFLAGS begin with -D__linux__, c_flags with
# the dependency file; a newer make's probe comes without its environment. A word comes
# first only where a person calls.
if [[ ${1-} == -* && ( " $* " == *" -D__linux__ "* || " $* " == *" -Wp,-M"* ||
		       ${KBUILD_CHECKSRC:-0} != 0 ) ]]; then
	self=${BASH_SOURCE[0]}
	[[ -L $self ]] && self=$(readlink -f "$self")
	[[ $self == /* ]] || self=$PWD/$self
	top=${self%/*}
	export PROTFLOW_CHECK=$self
	more=()
	# Sparse goes first when it is asked for; its findings do not fail a build. A kernel
	# that probes its checker has a script that says whether this sparse will do. The
	# probe itself, which has no -nostdinc, is for protflow alone.
	if [[ ${1-} == --sparse ]]; then
		shift
		flags=("$@")
		while [[ ${#flags[@]} -gt 0 && ${flags[0]} != -[!-]* ]]; do
			flags=("${flags[@]:1}")
		done
		valid=${srctree:-.}/scripts/checker-valid.sh
		if [[ " $* " != *" -nostdinc "* ]]; then
			:
		elif [[ ! -f $valid || $(sh "$valid" sparse "${flags[0]}") == 1 ]] &&
		     command -v sparse >/dev/null; then
			sparse "${flags[@]}" || :
		else
			more=(--sparse-unusable)
		fi
	fi
	exec_protflow check --kbuild "${more[@]}" "$@"
	# A build goes on without its checker, but not unnoticed. The probe has no -nostdinc.
	[[ " $* " == *" -nostdinc "* ]] &&
		echo "run-check.sh: warning: protflow is not built, nothing is checked;" \
		     "run '$self build' first" >&2
	exit 0
fi

# ---------------------------------------------------------------------------
set -u -o pipefail

usage() {
	cat <<'END'
usage: run-check.sh [OPTION...]           check a kernel, from nothing to a SARIF log
       run-check.sh build                 only build protflow
       run-check.sh test [CTEST-ARG...]   build with and without sanitizers, run all tests
       run-check.sh bench [BENCH-ARG...]  what protflow costs beside clang and Sparse
       make C=1 CHECK=/path/to/run-check.sh ...   in a kernel build of your own, and then
       run-check.sh merge -o FILE OBJTREE         its SARIF log; see merge --help
       run-check.sh run -p OBJTREE [PATH...]      check what was built, without make; see run --help
       run-check.sh link -o FILE OBJTREE          judge its units as one program; see link --help
       run-check.sh explain RULE OBJTREE          the map behind a verdict; see explain --help
       run-check.sh rules list|explain|...        what is looked for; see rules --help

Without a command: builds protflow, takes Debian's linux-source-6.12, configures
it, runs make C=1 (C=2 where objects exist) with Sparse and protflow, and prints
each rule's verdict. What is missing is installed by apt, as root or with sudo.

  --kernel DIR      check this kernel's source; it is built out of tree, never changed
  --kernel-package NAME
                    check Debian's linux-source-6.1, linux-source-7.3 ..., or the 'newest';
                    fetched from this machine's archive, from a newer suite where it must
                    be. Nothing is installed, and apt's configuration is left as it is
  --in-tree         with --kernel: use the tree and its .config in place
  --config FILE     configure with this file, or by a target of the kernel's like
                    'allmodconfig' (default: defconfig and IOMMU drivers)
  --targets LIST    what to build and check (default 'drivers/iommu/ drivers/vfio/')
  --jobs N          that many at a time (default: the number of processors)
  -o FILE           the SARIF log (default results.sarif)
  --rules DIR       use these rules
  --fail-on=LEVEL   exit 1 with a finding of LEVEL (note, warning, error)
  --strict          exit 1 also where a rule is undecided or a unit has no result
  --reproducible    no times and no absolute paths in the log
  --no-sparse       protflow alone
  --cache DIR       where programs and kernels are kept (default ~/.cache/protflow);
                    this and --jobs are also for the commands, and stand before them
  --help            this

The machine and the compiler are those of ARCH, CROSS_COMPILE and LLVM in the
environment, as make takes them; each has an object tree of its own, and what it
needs is installed:

  LLVM=-22 run-check.sh                        built by clang-22
  ARCH=arm64 run-check.sh                      by the gcc for arm64 that Debian has
  ARCH=arm64 LLVM=-22 run-check.sh --targets drivers/iommu/
  run-check.sh --config allmodconfig --targets drivers/iommu/      with KASAN

Exit status: 0 it ran, 1 --fail-on or --strict was met, 2 it could not be done,
3 a rule is vacuous: the kernel has its design, but not what it looks at.

In a kernel build, options of 'protflow check' stand behind the name, as in
CHECK="run-check.sh --rules=DIR", or in CF, as in CF=--protflow-fail-on=warning.
END
}

say() { printf '==> %s\n' "$*"; }
note() { printf '    %s\n' "$*"; }
die() {
	printf 'run-check.sh: %s\n' "$1" >&2
	shift
	(($#)) && printf '  %s\n' "$@" >&2
	exit 2
}

top=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd) || exit 2
jobs=$(nproc 2>/dev/null || echo 2)
kernel='' package=linux-source-6.12 config='' config_target='' in_tree='' output=results.sarif
sparse=yes rules=''
targets='drivers/iommu/ drivers/vfio/'
merge_options=()
cache=${PROTFLOW_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/protflow}
llvm=22

# ------------------------------------------------------------------ packages

# What must be there, and the package that brings it. "c:" is a command, "f:" a
# file or pattern; looked at instead of the package's name since node and npm, for one,
# also come in other ways.
needs_build="c:gcc gcc
c:make make
c:cmake cmake
c:pkg-config pkg-config
f:/usr/lib/llvm-@/include/clang-c/Index.h libclang-@-dev
f:/usr/include/jansson.h libjansson-dev
f:/usr/include/yaml.h libyaml-dev
f:/usr/include/xxhash.h libxxhash-dev
f:/usr/include/zstd.h libzstd-dev"
needs_kernel="c:sparse sparse
c:flex flex
c:bison bison
c:bc bc
c:perl perl
c:xz xz-utils
f:/usr/include/gelf.h libelf-dev
f:/usr/include/openssl/ssl.h libssl-dev"
needs_source="f:/usr/src/linux-source-6.12.tar.xz linux-source-6.12"
needs_test="c:clang-@ clang-@
f:/usr/lib/llvm-@/lib/clang/@/lib/linux/libclang_rt.fuzzer-*.a libclang-rt-@-dev
f:/usr/include/cmocka.h libcmocka-dev
c:node nodejs
c:npm npm
c:python3 python3
f:/usr/lib/python3/dist-packages/jsonschema/__init__.py python3-jsonschema
f:/usr/lib/python3/dist-packages/yaml/__init__.py python3-yaml
c:git git
c:parallel parallel"
needs_bench="c:clang-@ clang-@
c:hyperfine hyperfine
c:valgrind valgrind
c:python3 python3"

# The compiler that the kernel is built by: LLVM=1, -22 or a folder, or a gcc by CROSS_COMPILE.
# A machine other than this one has Debian's gcc where nothing is said.
compiler_needs() {
	local machine=
	case ${ARCH:-} in
	x86_64) machine=x86_64 ;;
	arm64) machine=aarch64 ;;
	riscv) machine=riscv64 ;;
	esac
	[[ -n ${LLVM:-}${CROSS_COMPILE:-} || -z $machine || $(uname -m) == "$machine" ]] ||
		export CROSS_COMPILE=$machine-linux-gnu-
	case ${LLVM:-} in
	'') [[ -z ${CROSS_COMPILE:-} || $CROSS_COMPILE == */* ]] || {
		machine=gcc-${CROSS_COMPILE%-}
		echo "c:${CROSS_COMPILE}gcc ${machine//_/-}"
	} ;;
	*/) ;;
	-*) printf '%s\n' "c:clang$LLVM clang$LLVM" "c:ld.lld$LLVM lld$LLVM" \
		"c:llvm-ar$LLVM llvm$LLVM" ;;
	*) printf '%s\n' 'c:clang clang' 'c:ld.lld lld' 'c:llvm-ar llvm' ;;
	esac
}

have() {
	case $1 in
	c:*) command -v "${1#c:}" >/dev/null ;;
	f:*) compgen -G "${1#f:}" >/dev/null ;;
	esac
}

# missing NEEDS: the packages that would bring what is not there.
missing() {
	local what package
	while read -r what package; do
		[[ -n $what ]] && ! have "$what" && echo "$package"
	done <<<"${1//@/$llvm}"
}

install() {
	local packages=("$@") root=() log=$cache/log/apt.log
	say "installing ${packages[*]}"
	if ((EUID)); then
		command -v sudo >/dev/null ||
			die "not root, and there is no sudo; these packages are missing:" \
			    "run as root: apt-get install ${packages[*]}"
		root=(sudo)
	fi
	command -v apt-get >/dev/null ||
		die "there is no apt-get here; install what these packages of Debian 12 bring:" \
		    "${packages[*]}"
	export DEBIAN_FRONTEND=noninteractive
	"${root[@]}" apt-get update >"$log" 2>&1
	# An older archive has only the oldest libclang that will do.
	if [[ " ${packages[*]} " == *" libclang-22-dev "* ]] &&
	   ! apt-cache show libclang-22-dev >>"$log" 2>&1; then
		llvm=19
		packages=("${packages[@]//-22/-19}")
	fi
	"${root[@]}" apt-get install -y --no-install-recommends "${packages[@]}" >>"$log" 2>&1 &&
		return
	tail -n 5 "$log" >&2
	die "apt-get could not install ${packages[*]}" "the whole log: $log" \
	    "the archive of Debian 12 (bookworm, bookworm-updates, bookworm-security) has them all"
}

# need LIST...: all of the lists is there afterwards.
need() {
	local list packages
	# libclang 19 is the floor; it is what an older archive has.
	have "f:/usr/lib/llvm-22/include/clang-c/Index.h" ||
		{ have "f:/usr/lib/llvm-19/include/clang-c/Index.h" && llvm=19; }
	list=$(printf '%s\n' "$@")
	mapfile -t packages < <(missing "$list")
	((${#packages[@]})) || return 0
	install "${packages[@]}"
	mapfile -t packages < <(missing "$list")
	((${#packages[@]} == 0)) ||
		die "still missing after the installation: what ${packages[*]} should bring"
}

# --------------------------------------------------------------------- build

# build FOLDER CMAKE-OPTION...
build() {
	local dir=$1 log=$cache/log/build.log
	shift
	{ cmake -S "$top" -B "$dir" -DPROTFLOW_LLVM="$llvm" "$@" &&
	  cmake --build "$dir" -j "$jobs" --target all bench_flags; } >"$log" 2>&1 && return
	grep -E 'error|Error' "$log" | head -n 5 >&2
	die "the build failed" "the whole log: $log" \
	    "if the folder is from another version, remove it: rm -rf $dir"
}

# build_release TESTS: PROTFLOW names a program that is there already.
build_release() {
	program=${PROTFLOW:-}
	[[ -z $program ]] || return 0
	build_dir=$cache/build${top//\//_}
	say "building protflow"
	build "$build_dir" -DCMAKE_BUILD_TYPE=Release -DPROTFLOW_TESTS="$1"
	program=$build_dir/protflow
}

# -------------------------------------------------------------------- kernel

# The source of Debian's kernel that the package has installed, unpacked once for each version.
debian_source() {
	local version
	version=$(dpkg-query -W -f '${Version}' linux-source-6.12 2>/dev/null) || version=unknown
	unpack_source "$version" linux-source-6.12 cat /usr/src/linux-source-6.12.tar.xz
}

# unpack_source VERSION NAME COMMAND...: the command's output is NAME.tar.xz.
unpack_source() {
	local dir=$cache/kernel/$1
	kernel=$dir/$2
	objects=$dir
	[[ -d $kernel ]] && return
	say "unpacking $2 ($1)"
	rm -rf "$dir/unpack"
	{ mkdir -p "$dir/unpack" &&
	  "${@:3}" | tar -C "$dir/unpack" -xJ &&
	  mv "$dir/unpack/$2" "$kernel" && rmdir "$dir/unpack"; } ||
		die "could not unpack $2 to $dir" \
		    "it needs 1.8 GB there; --cache DIR or XDG_CACHE_HOME name another place"
}

# apt_in DIR COMMAND...: a command of apt with lists and a cache in DIR, and the sources there
# if it has some. The machine's own are read and not changed; root is not needed.
apt_in() {
	local dir=$1 options
	options=(-o Dir::State="$dir/state" -o Dir::State::status=/dev/null -o Dir::Cache="$dir/cache"
		 -o APT::Sandbox::User=root -o Acquire::Languages=none)
	[[ -f $dir/sources.list ]] && options+=(-o Dir::Etc::sourcelist="$dir/sources.list"
						-o Dir::Etc::sourceparts=/dev/null)
	"$2" "${options[@]}" "${@:3}"
}

# apt_suite SUITE: brings $cache/apt/SUITE up to date. "own" has the machine's own sources;
# another suite is looked for where those have Debian from.
apt_suite() {
	local dir=$cache/apt/$1 key=/usr/share/keyrings/debian-archive-keyring.gpg site
	mkdir -p "$dir"/{state/lists,cache/archives}/partial || die "cannot write to $dir"
	if [[ $1 != own ]]; then
		# A single quote keeps apt's own variables from the shell.
		# shellcheck disable=SC2016
		site=$(apt_in "$cache/apt/own" apt-get indextargets \
			--format '$(LABEL) $(COMPONENT) $(SITE)' 'Created-By: Packages' |
			sed -n 's/^Debian main //p' | head -n 1)
		[[ -n $site ]] || return
		[[ -r $key ]] && site="[signed-by=$key] $site"
		echo "deb $site $1 main" >"$dir/sources.list"
	fi
	apt_in "$dir" apt-get -q update >>"$cache/log/apt.log" 2>&1
}

# names_in SUITE: the kernels' sources there.
names_in() {
	apt_in "$cache/apt/$1" apt-cache search --names-only '^linux-source-[0-9.]+$' 2>/dev/null |
		cut -d' ' -f1
}

# Puts the suite that has $package in $suite; of "newest" it finds the name. Suites are asked
# by their code names: a mirror that fetches on demand may have an old list under the others.
find_package() {
	local found=
	: >"$cache/log/apt.log"
	say "looking for ${package/#newest/the newest linux-source}"
	apt_suite own
	if [[ $package == newest ]]; then
		for suite in trixie-backports sid; do
			apt_suite "$suite" && found+=$(names_in "$suite" | sed "s/\$/ $suite/")$'\n'
		done
		read -r found suite < <(sort -rV <<<"$found")
		package=$found
	else
		for suite in own trixie-backports forky sid trixie; do
			[[ $suite == own ]] || apt_suite "$suite"
			names_in "$suite" | grep -qxF "$package" && found=$package && break
		done
	fi
	[[ -n $found ]]
}

# The newest of the sources that were fetched before.
cached_source() {
	compgen -G "$cache/kernel/*/${package/#newest/linux-source-[0-9]*}" |
		awk -F/ '{ print $NF, $(NF - 1), $0 }' | sort -rV | head -n 1 | cut -d' ' -f3-
}

# Whatever apt knows, without installing it.
packaged_source() {
	local dir version suite
	[[ $package == newest || $package =~ ^linux-source-[0-9.]+$ ]] ||
		die "--kernel-package: '$package' is no name like linux-source-6.1, nor 'newest'"
	kernel=$(cached_source)
	if [[ -n $kernel && $package != newest ]] || ! find_package; then
		[[ -n $kernel ]] || die "there is no $package in this archive, or it cannot be reached" \
			"what apt says: $cache/log/apt.log" \
			"or unpack a kernel's source and use --kernel DIR"
		objects=${kernel%/*}
		note "as it was fetched before; to fetch it again: rm -rf $objects"
		return
	fi
	dir=$cache/apt/$suite
	version=$(apt_in "$dir" apt-cache --no-all-versions show "$package" | sed -n 's/^Version: //p')
	kernel=$cache/kernel/$version/$package
	if [[ ! -d $kernel ]]; then
		say "fetching $package ($version, some 150 MB)"
		rm -f "$dir/cache"/*.deb
		(cd "$dir/cache" && apt_in "$dir" apt-get -q download "$package") \
			>>"$cache/log/apt.log" 2>&1 ||
			die "$package could not be fetched" "what apt says: $cache/log/apt.log"
	fi
	unpack_source "$version" "$package" source_in_package "$dir/cache"/*.deb
	rm -f "$dir/cache"/*.deb
}

source_in_package() {
	dpkg-deb --fsys-tarfile "$1" | tar -xO "./usr/src/$package.tar.xz"
}

own_source() {
	kernel=$(cd "$1" 2>/dev/null && pwd) || die "--kernel: there is no folder $1"
	[[ -f $kernel/Kbuild && -f $kernel/scripts/Makefile.build ]] ||
		die "--kernel: $kernel is no kernel source tree"
	objects=$cache/kernel/tree${kernel//\//_}
	[[ -n $in_tree ]] && return
	[[ ! -e $kernel/.config && ! -d $kernel/include/config ]] ||
		die "the kernel in $kernel was configured or built in place, so it cannot be built elsewhere;" \
		    "use it as it is:      run-check.sh --kernel $kernel --in-tree" \
		    "or check a clean copy: git -C $kernel worktree add ../clean && run-check.sh --kernel $(dirname "$kernel")/clean" \
		    "or clean it yourself (this deletes its .config and objects): make -C $kernel mrproper"
}

# The machine and the compiler are said to make itself, and so stand in the command that a
# finding names to reproduce it.
kmake() {
	local name where=()
	[[ -n $in_tree ]] || where=(O="$objtree")
	for name in ARCH CROSS_COMPILE LLVM; do
		[[ -n ${!name:-} ]] && where+=("$name=${!name}")
	done
	make -C "$kernel" "${where[@]}" -j "$jobs" "$@"
}

# Runs a step of make quietly; its log is shown where it fails.
kstep() {
	local what=$1 log=$cache/log/kernel.log
	shift
	kmake -s "$@" >"$log" 2>&1 </dev/null && return
	tail -n 15 "$log" >&2
	die "the kernel could not be $what" "the whole log: $log"
}

configure_default() {
	local option enable=() options=(IOMMUFD VFIO VFIO_DEVICE_CDEV) goal=defconfig
	case ${ARCH:-$(uname -m)} in
	x86_64)
		options+=(INTEL_IOMMU INTEL_IOMMU_SVM AMD_IOMMU)
		goal=x86_64_defconfig
		;;
	arm64 | aarch64) options+=(ARM_SMMU ARM_SMMU_V3 ARM_SMMU_V3_SVA VIRTIO_IOMMU) ;;
	esac
	kstep configured "$goal"
	for option in "${options[@]}"; do
		enable+=(-e "$option")
	done
	"$kernel/scripts/config" --file "$objtree/.config" "${enable[@]}" ||
		die "scripts/config of the kernel failed"
	kstep configured olddefconfig
	for option in "${options[@]}"; do
		grep -q "^CONFIG_$option=[ym]" "$objtree/.config" ||
			note "this kernel has no CONFIG_$option"
	done
}

# What is not this machine's gcc, or not the default configuration, has a folder of its own.
object_tree() {
	local variant=${ARCH:+-$ARCH}${LLVM:+-llvm${LLVM//\//_}}
	[[ ${ARCH:-} == $(uname -m) ]] && variant=${variant#-"$ARCH"}
	[[ -z ${LLVM:-} && -n ${CROSS_COMPILE:-} ]] && variant+=-${CROSS_COMPILE//\//_}
	variant=${variant%-}
	if [[ -z $config || -n $config_target ]]; then
		objtree=$objects/obj$variant${config_target:+-$config_target}
	else
		objtree=$objects/obj$variant-$(cksum <"$config" | cut -d' ' -f1)
	fi
}

configure() {
	if [[ -n $in_tree ]]; then
		objtree=$kernel
		[[ -f $kernel/.config ]] || die "$kernel has no .config" \
			"configure it (make defconfig), or leave out --in-tree"
		return
	fi
	[[ -z $config || -n $config_target || -r $config ]] || die "--config: $config cannot be read"
	object_tree
	[[ -f $objtree/configured ]] && return
	say "configuring $kernel"
	mkdir -p "$objtree" || die "cannot write to $objtree"
	if [[ -n $config_target ]]; then
		kstep configured "$config_target"
	elif [[ -n $config ]]; then
		cp "$config" "$objtree/.config"
		kstep configured olddefconfig
	else
		configure_default
	fi
	touch "$objtree/configured"
}

# ------------------------------------------------------------------- the run

# A sparse that does not understand this kernel is told once; each unit leaves it out.
probe_sparse() {
	local valid=$kernel/scripts/checker-valid.sh
	[[ -n $sparse && -f $valid && $(sh "$valid" sparse -D__linux__) != 1 ]] || return
	note "sparse ($(sparse --version)) does not understand this kernel; it is left out"
	sparse=unusable
}

# Shows make's progress: a counter that stays on one line on a terminal.
count_units() {
	local line n=0 tty=
	[[ -t 1 ]] && tty=yes
	while IFS= read -r line; do
		printf '%s\n' "$line" >>"$1"
		[[ $line =~ ^'  CHECK '\ *(.*) ]] || continue
		((++n))
		[[ -n $tty ]] && printf '\r\033[K    units checked: %d, now %s' "$n" \
			"${BASH_REMATCH[1]#"$kernel"/}"
	done
	[[ -n $tty ]] && printf '\r\033[K'
	note "units checked: $n"
}

# watch LOG COMMAND...: its stdout is counted, its stderr shown, both are kept.
watch() {
	local log=$1 pipes status readers=()
	shift
	pipes=$(mktemp -d) || die "cannot write to ${TMPDIR:-/tmp}"
	mkfifo "$pipes/out" "$pipes/err"
	count_units "$log" <"$pipes/out" & readers+=($!)
	tee "$log.err" <"$pipes/err" >&2 & readers+=($!)
	"$@" >"$pipes/out" 2>"$pipes/err" </dev/null
	status=$?
	wait "${readers[@]}"
	rm -rf "$pipes"
	return $status
}

check_kernel() {
	local log=$cache/log/check.log check=$top/run-check.sh c=1 folder n
	[[ -n $sparse ]] && check+=" --sparse"
	[[ -n $rules ]] && check+=" --rules=$rules"
	for folder in $targets; do
		[[ $folder != */ && -f $objtree/$folder ]] && c=2
		[[ -d $objtree/$folder ]] && compgen -G "$objtree/$folder*.o" >/dev/null && c=2
	done
	export PROTFLOW=$program
	say "checking $targets (make C=$c, $jobs at a time)"
	[[ $c == 2 ]] || note "the kernel is prepared and these folders are compiled too; a minute or two"
	: >"$log"
	rm -rf "$objtree/.protflow"
	# The targets are words.
	# shellcheck disable=SC2086
	watch "$log" kmake C=$c CHECK="$check" $targets || {
		tail -n 15 "$log" >&2
		die "make failed" "its output: $log, $log.err"
	}
	[[ $sparse == yes ]] || return 0
	n=$(grep -E ': (warning|error): ' "$log.err" | grep -cvE '\[PF[0-9]+\]$')
	note "lines from sparse and the compiler: $n, in $log.err"
}

run() {
	local category
	[[ -z $in_tree || -n $kernel ]] || die "--in-tree goes with --kernel DIR"
	[[ -z $in_tree || -z $config ]] || die "--config would change the tree; leave out --in-tree"
	[[ -z $kernel || $package == linux-source-6.12 ]] ||
		die "--kernel and --kernel-package name two kernels; leave out one"
	# Not in a shell of its own: it may say where the compiler is.
	compiler_needs >"$cache/log/compiler"
	needs_kernel+=$'\n'$(<"$cache/log/compiler")
	if [[ -n $kernel ]]; then
		need "$needs_build" "$needs_kernel"
		own_source "$kernel"
	elif [[ $package != linux-source-6.12 ]]; then
		need "$needs_build" "$needs_kernel"
		packaged_source
	else
		need "$needs_build" "$needs_kernel" "$needs_source"
		debian_source
	fi
	build_release OFF
	configure
	probe_sparse
	check_kernel
	say "results"
	if [[ -z $in_tree ]]; then
		category=${config_target:-${config##*/}}
		category=${ARCH:-$(uname -m)}${LLVM:+-llvm}-${category:-defconfig}
		merge_options+=(--category "protflow/$category/")
	fi
	"$program" merge -o "$output" ${rules:+--rules "$rules"} "${merge_options[@]}" "$objtree"
}

# --------------------------------------------------------------------- tests

# The kernel that the tests look at: configured, and the checked folders compiled.
test_kernel() {
	[[ -z ${PROTFLOW_KERNEL_OBJ:-} || -z ${PROTFLOW_KERNEL_SRC:-} ]] || return 0
	debian_source
	configure
	say "compiling drivers/iommu and drivers/vfio of linux-source-6.12"
	kstep compiled drivers/iommu/ drivers/vfio/
	export PROTFLOW_KERNEL_SRC=$kernel PROTFLOW_KERNEL_OBJ=$objtree
}

# The newest kernel there is, for what 6.12 does not have. Without a network the tests that look
# at it are skipped, and say so.
test_newer_kernel() {
	local lines
	[[ -z ${PROTFLOW_NEWER_OBJ:-} || -z ${PROTFLOW_NEWER_SRC:-} ]] || return 0
	exec 8>&1
	lines=$(exec 3>&1 >&8
		package=newest
		packaged_source
		configure
		say "compiling drivers/iommu and drivers/vfio of ${kernel##*/}"
		kstep compiled drivers/iommu/ drivers/vfio/
		printf '%s\n' "$kernel" "$objtree" >&3)
	exec 8>&-
	if [[ -z $lines ]]; then
		note "so the tests on a newer kernel are skipped"
		return
	fi
	export PROTFLOW_NEWER_SRC=${lines%$'\n'*} PROTFLOW_NEWER_OBJ=${lines#*$'\n'}
}

# test_tree NAME WHAT VARIABLE=VALUE...: drivers/iommu of 6.12 for another compiler, configuration
# or machine, as PROTFLOW_NAME_OBJ. What cannot be made is not tested, and told.
test_tree() {
	local name=PROTFLOW_$1_OBJ what=$2 tree
	shift 2
	[[ -z ${!name:-} ]] || return 0
	exec 8>&1
	tree=$(exec 3>&1 >&8
		local "$@"
		export "${@%%=*}"
		compiler_needs >"$cache/log/compiler"
		need "$needs_kernel"$'\n'"$(<"$cache/log/compiler")"
		debian_source
		configure
		say "compiling drivers/iommu of linux-source-6.12 $what"
		kstep compiled drivers/iommu/
		printf '%s\n' "$objtree" >&3)
	exec 8>&-
	if [[ -n $tree ]]; then
		export "$name=$tree"
	else
		note "so the tests on the kernel $what are left out"
	fi
}

run_tests() {
	# The tests know what is in an x86_64 kernel that gcc has built.
	unset ARCH CROSS_COMPILE LLVM
	local san=$cache/sanitized${top//\//_} log=$cache/log/sanitized.log failed=
	need "$needs_build" "$needs_kernel" "$needs_source" "$needs_test"
	build_release ON
	say "building protflow with sanitizers"
	build "$san" -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_FLAGS_DEBUG='-O1 -g' \
		-DPROTFLOW_SANITIZE=ON -DPROTFLOW_TESTS=ON
	test_kernel
	test_newer_kernel
	test_tree LLVM "by clang-$llvm" LLVM="-$llvm"
	test_tree ALLMOD "by allmodconfig" config_target=allmodconfig
	test_tree ARM64 "for arm64" ARCH=arm64
	say "quick tests, with sanitizers"
	ctest --test-dir "$san" --output-on-failure -j "$jobs" -LE 'kernel|slow' "$@" 2>&1 |
		tee "$log" || failed=yes
	say "all tests"
	if ! ctest --test-dir "$build_dir" --output-on-failure -j "$jobs" "$@"; then
		exit 1
	fi
	[[ -z $failed ]] && exit 0
	say "failed with sanitizers:"
	sed -n '/tests passed/,$p' "$log"
	exit 1
}

# --------------------------------------------------------------------- bench

run_bench() {
	# The figures are for an x86_64 kernel that gcc has built.
	unset ARCH CROSS_COMPILE LLVM
	need "$needs_build" "$needs_kernel" "$needs_source" "$needs_bench"
	build_release OFF
	debian_source
	configure
	say "preparing the kernel, and compiling what is measured"
	kstep prepared prepare modules_prepare
	say "measuring; nothing else should run on this machine"
	PROTFLOW=$program PROTFLOW_FLAGS=$build_dir/bench_flags PROTFLOW_CLANG=clang-$llvm \
	PROTFLOW_KERNEL_SRC=$kernel PROTFLOW_KERNEL_OBJ=$objtree \
		python3 "$top/checker/bench/bench.py" "$@"
}

# ---------------------------------------------------------------------- main

command=run
while (($#)); do
	case $1 in
	--kernel | --kernel-package | --config | --targets | --jobs | -o | --rules | --cache | --fail-on)
		(($# > 1)) || die "option $1 needs a value" "see run-check.sh --help"
		set -- "$1=$2" "${@:3}"
		continue
		;;
	--kernel=*) kernel=${1#*=} ;;
	--kernel-package=*) package=${1#*=} ;;
	--config=*)
		config=$(readlink -f "${1#*=}")
		config_target=
		[[ ! -e $config && ${1#*=} =~ ^[a-z0-9_]*config$ ]] && config_target=${1#*=}
		;;
	--targets=*) targets=${1#*=} ;;
	--jobs=*) jobs=${1#*=} ;;
	-o=*) output=${1#*=} ;;
	--rules=*) rules=$(readlink -f "${1#*=}") ;;
	--cache=*) cache=$(readlink -f "${1#*=}") ;;
	--in-tree) in_tree=yes ;;
	--no-sparse) sparse= ;;
	--fail-on=* | --strict | --reproducible) merge_options+=("$1") ;;
	-h | --help)
		usage
		exit 0
		;;
	build | test | bench)
		command=$1
		unset PROTFLOW
		[[ $1 == build ]] || { shift; break; }
		;;
	check | run | merge | link | explain | rules)
		export PROTFLOW_CACHE=$cache
		exec_protflow "$@"
		die "protflow is not built" "run $top/run-check.sh build first"
		;;
	*) die "there is no option or command '$1'" "see run-check.sh --help" ;;
	esac
	shift
done
[[ $jobs =~ ^[1-9][0-9]*$ ]] || die "--jobs: '$jobs' is no number"
export PROTFLOW_CACHE=$cache
mkdir -p "$cache/log" || die "cannot write to the cache folder $cache" \
	"--cache DIR or XDG_CACHE_HOME name another place"

# One at a time in one cache.
exec 9>"$cache/lock"
if ! flock -n 9; then
	note "another run-check.sh works in $cache; waiting for it"
	flock 9
fi

case $command in
run) run ;;
build)
	need "$needs_build"
	build_release OFF
	note "$program"
	;;
test) run_tests "$@" ;;
bench) run_bench "$@" ;;
esac
