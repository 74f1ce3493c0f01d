# SPDX-License-Identifier: MIT
# run-check.sh called by a person: what it says where it cannot go on.
. "$(dirname "$0")/lib.sh"

run 0 "$front" --help
out_has '^usage: run-check.sh'
out_has '\-\-in-tree'
bash -n "$front" || fail "syntax"

run 2 "$front" --kernle x
err_has "no option or command '--kernle'"
run 2 "$front" tset
err_has "no option or command 'tset'"
run 2 "$front" --jobs 0 bench
err_has "'0' is no number"
run 2 "$front" --kernel
err_has "option --kernel needs a value"
run 2 "$front" --jobs 0
err_has "'0' is no number"
run 2 "$front" --kernel "$T/none"
err_has "no folder $T/none"
mkdir empty
run 2 "$front" --kernel empty
err_has "is no kernel source tree"
run 2 "$front" --in-tree
err_has "goes with --kernel"

# A tree that was built in place is named, with what to do; nothing in it is touched.
mkdir -p tree/scripts tree/include/config
touch tree/Kbuild tree/scripts/Makefile.build tree/.config
cp -r tree before
run 2 "$front" --kernel tree
err_has 'in place'
err_has "--kernel $T/tree --in-tree"
err_has 'mrproper'
diff -r tree before || fail "the tree was changed"
rm tree/.config
run 2 "$front" --kernel tree --in-tree
err_has 'has no .config'
run 2 "$front" --kernel tree --in-tree --config tree/Kbuild
err_has 'leave out --in-tree'
rm -r tree/include
run 2 "$front" --kernel tree --config "$T/none"
err_has 'cannot be read'

# The machine and the compiler: what make is told, and an object tree for each.
mkdir -p machines/{scripts,llvm/bin}
touch machines/Kbuild machines/scripts/Makefile.build
printf '#!/bin/sh\n' >machines/scripts/config
chmod +x machines/scripts/config
cat >machines/Makefile <<'END'
%config: ; @echo "$@ of $(O): '$(ARCH)' '$(CROSS_COMPILE)' '$(LLVM)'" >>$(GOALS) && touch $(O)/.config
drivers/none/: ; @exit 1
END
export GOALS=$T/goals
goal() { grep -q -- "^$1 of .*/obj$2: $3\$" goals || { cat goals; fail "no goal: $*"; }; }
mine() { run 2 "$@" "$front" --kernel machines --no-sparse --targets drivers/none/; }
mine env LLVM="$T/machines/llvm/bin/"
goal x86_64_defconfig "-llvm.*_bin_" "'' '' '$T/machines/llvm/bin/'"
mine env ARCH=arm64 CROSS_COMPILE="$T/machines/llvm/bin/a-"
goal defconfig "-arm64-.*_bin_a" "'arm64' '$T/machines/llvm/bin/a-' ''"
mine env ARCH=x86_64
goal x86_64_defconfig "" "'x86_64' '' ''"
run 2 env ARCH=riscv LLVM="$T/machines/llvm/bin/" "$front" --kernel machines --no-sparse \
	--targets drivers/none/ --config allmodconfig
goal allmodconfig "-riscv-llvm.*-allmodconfig" "'riscv' '' '$T/machines/llvm/bin/'"
run 2 "$front" --kernel machines --config nomodconfigs
err_has 'cannot be read'

# Kernels by the name of their package.
run 2 "$front" --kernel-package 'linux-source-*'
err_has 'is no name like linux-source-6.1'
run 2 "$front" --kernel-package linux-image-6.1
run 2 "$front" --kernel tree --kernel-package newest
err_has 'leave out one'

# An archive in whose newer suites there are kernels, which are fetched once; that they cannot be
# configured ends it. apt's place is taken by scripts that know a suite by its folder.
if command -v dpkg-deb >/dev/null; then
	mkdir -p deb/{DEBIAN,usr/src} linux-source-9.10/scripts apt
	printf 'Package: linux-source-9.10\nVersion: 1\nArchitecture: all\nMaintainer: x <x@x>\n%s' \
		$'Description: x\n' >deb/DEBIAN/control
	tar -cJf deb/usr/src/linux-source-9.10.tar.xz linux-source-9.10
	dpkg-deb --build deb kernel.deb >/dev/null || fail "dpkg-deb"
	cat >apt/apt-get <<-END
		#!/bin/bash
		case " \$* " in
		*" indextargets "*) echo "Debian main file:/archive" ;;
		*" update "*) echo "\$*" >>$T/updates ;;
		*" download "*) cp $T/kernel.deb linux-source_1.deb ;;
		esac
	END
	cat >apt/apt-cache <<-'END'
		#!/bin/bash
		case " $* " in
		*" show "*) echo "Version: 1" ;;
		*/apt/own/*) echo "linux-source-6.12 - x" ;;
		*/apt/trixie-backports/*) printf '%s - x\n' linux-source-9.{8,10} ;;
		*/apt/sid/*) echo "linux-source-9.9 - x" ;;
		esac
	END
	chmod +x apt/apt-*
	PATH=$T/apt:$PATH run 2 "$front" --kernel-package newest --no-sparse
	out_has 'fetching linux-source-9.10 \(1,'
	err_has 'could not be configured'
	grep -qx 'deb .*file:/archive sid main' cache/apt/sid/sources.list || fail "sources of sid"
	! grep -v "Dir::State=$T/cache/apt/" updates || fail "apt outside of the cache"
	[[ -d cache/kernel/1/linux-source-9.10/scripts ]] || fail "not unpacked"
	rm updates
	PATH=$T/apt:$PATH run 2 "$front" --kernel-package linux-source-9.10 --no-sparse
	out_has 'as it was fetched before'
	[[ ! -e updates ]] || fail "fetched again"
	PATH=$T/apt:$PATH run 2 "$front" --kernel-package linux-source-9.7 --no-sparse
	err_has 'no linux-source-9.7 in this archive'
fi

# Where nothing can be written.
: >file
PROTFLOW_CACHE=$T/file/x run 2 "$front"
err_has 'cannot write to the cache folder'

# Neither root nor sudo, or no apt: the packages are named. Programs are found by PATH.
mkdir bin
for c in bash readlink dirname nproc mkdir flock cat mktemp; do
	ln -s "$(command -v $c)" bin/$c
done
PATH=$T/bin run 2 "$front" --kernel tree
err_has 'apt-get'
err_has 'gcc.* make.* cmake'

# What needs no kernel is handed to the program.
run 0 "$front" merge --help
out_has '^usage: protflow merge'
run 0 "$front" link --help
out_has '^usage: protflow link'
run 0 "$front" explain --help
run 0 "$front" check --help
# What Kbuild hands over is not taken for its call where a command stands before it.
box_source a.c
argv=(-Wp,-MMD,./.a.o.d -D__linux__ -nostdinc -D__KERNEL__ a.c)
run 1 "$front" check --rules "$source/testdata/kbuild/rules" --fail-on=warning --sarif log -- "${argv[@]}"
sarif log "len(fails) == 1"
KBUILD_CHECKSRC=1 run 0 "$front" rules infer 'struct box' -- "${argv[@]}"
out_has '^# field '
KBUILD_CHECKSRC=1 run 0 "$front" merge --help
run 0 "$front" rules list
out_has '^PF2101 '
cp "$front" .
PROTFLOW='' run 2 ./run-check.sh merge .
err_has 'run .*/run-check.sh build first'
