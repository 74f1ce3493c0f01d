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
