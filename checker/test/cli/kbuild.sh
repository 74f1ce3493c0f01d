# SPDX-License-Identifier: MIT
# $(CHECK) of make C=1 and C=2, in a small tree of our own.
. "$(dirname "$0")/lib.sh"

check="$front --rules=$rules"
warnings() { [[ $(grep -c ': warning: .*\[PF9001\]$' err) == "$1" ]] || fail "not $1 warnings"; }

# In tree, with the output that a script counts.
box_tree a && cd a || exit 1
run 0 make -C . -j2 C=1 CHECK="$check"
mv "$T"/{out,err} .
warnings 1
grep -q '^drivers/box/open.c:6:[0-9]*: warning: ' err || fail "not as Kbuild names it"
[[ $(grep -Eic 'warn|error' err) == 1 ]] || fail "more lines than one are counted"
! grep -v '^drivers/box/open.c:' err || fail "something else on stderr"
for unit in guarded open other; do
	sarif .protflow/drivers/box/$unit.o.sarif "status == 0"
	[[ -f drivers/box/$unit.o ]] || fail "no $unit.o"
	# gcc's own, not rewritten by the checker.
	[[ $(wc -l <drivers/box/.$unit.o.d) -lt 12 ]] || fail "the dependency file"
done
sarif .protflow/drivers/box/other.o.sarif "'PF-skipped' in ids"
# A kernel has thousands of units: the rules' texts are there once, but whole where they are asked for.
[[ $(stat -c %s .protflow/drivers/box/other.o.sarif) -lt 4000 ]] || fail "a skipped unit leaves much"
[[ $(ls .protflow/rules-*.json | wc -l) == 1 ]] || fail "not one file of the rules"
run 0 make -C . C=2 CHECK="$check --sarif $T/whole.sarif" drivers/box/open.o
sarif "$T/whole.sarif" "len(fails) == 1" "'help' in driver['rules'][0]"
sarif .protflow/drivers/box/open.o.sarif "len(fails) == 1"
[[ -z $(find . -name '*.sarif.*' -o -name 'rules-*.json.*') ]] || fail "something is left of the writing"

# The command that the note names does it again.
command=$(sed -n 's/.*note: reproduce with: //p' err)
[[ $command == make* ]] || fail "no command to reproduce"
rm -rf .protflow
env -u PROTFLOW bash -c "$command" >again.out 2>again.err ||
	fail "the command to reproduce: $command"
cmp <(grep PF9001 err) <(grep PF9001 again.err) || fail "something else is reproduced"

# C=1 looks at what it compiles, C=2 at everything; -s throws stdout away.
run 0 make C=1 CHECK="$check"
err_hasnt .
run 0 make -s C=2 -j2 CHECK="$check"
err_counts 1
is_empty "$T/out"
touch drivers/box/open.c
run 0 make C=1 CHECK="$check"
err_counts 1

# Options in CF; findings stop the build by choice only, and then the object goes.
run 0 make C=2 CHECK="$front" CF="--protflow-rules=$rules --protflow-disable=PF9001"
err_counts 0
run 0 make C=2 CHECK="$front" CF=--protflow-rules="$rules"
err_counts 1
run 0 make C=2 CHECK="$check --strict --fail-on=error"
[[ -f drivers/box/open.o ]] || fail "the object is gone"
touch drivers/box/open.c
run 2 make C=1 CHECK="$check --fail-on=warning" drivers/box/open.o
[[ ! -f drivers/box/open.o ]] || fail "the object is still there"
sarif .protflow/drivers/box/open.o.sarif "len(fails) == 1" "status == 1"
run 0 make C=1 CHECK="$check" CF=--protflow-fail-on=none
run 2 make C=2 CHECK="$check" CF=--protflow-fail-on=note drivers/box/open.o

# A fault in the options is told, and the unit checked.
run 0 make C=2 CHECK="$check --fial-on=error" drivers/box/guarded.o drivers/box/open.o
err_has "fial-on"
sarif .protflow/drivers/box/guarded.o.sarif "'PF-option' in ids" "status == 0"
sarif .protflow/drivers/box/open.o.sarif "len(fails) == 1"

# protflow itself as CHECK.
run 0 make C=2 CHECK="$protflow check --rules $rules --"
err_counts 1

# Sparse first, with the flags and without our options; what it says goes by.
mkdir "$T/bin" && cat >"$T/bin/sparse" <<'END'
#!/bin/sh
case "$1" in -D__linux__) ;; *) echo "sparse got $1" >&2 ;; esac
eval echo "\${$#}: sparse was here" >&2
exit 1
END
chmod +x "$T/bin/sparse"
PATH=$T/bin:$PATH run 0 make C=2 CHECK="$front --sparse --rules $rules --disable=PF9001"
[[ $(grep -c 'sparse was here' "$T/err") == 3 ]] || fail "sparse did not run three times"
err_hasnt 'sparse got'
err_counts 0
PATH=$T/bin:$PATH run 0 make C=2 CHECK="$front --sparse --rules $rules" drivers/box/open.o
command=$(sed -n 's/.*note: reproduce with: //p' "$T/err")
bash -c "$command" >again.out 2>again.err || fail "the command to reproduce: $command"
cmp <(grep PF9001 err) <(grep PF9001 again.err) || fail "something else is reproduced"
PATH=$T/bin:$PATH run 0 make C=2 CHECK="$front --sparse" CF="--protflow-rules=$rules"
err_counts 1

# A kernel that probes its checker says whether this sparse will do. One that will not is left
# out, which the log says and not each unit; and the probe that protflow passes goes on.
mkdir scripts
for verdict in 1 0; do
	echo "[ \"\$1\" = sparse ] && echo $verdict" >scripts/checker-valid.sh
	PATH=$T/bin:$PATH run 0 make C=2 CHECK="$front --sparse --rules $rules"
	[[ $(grep -c 'sparse was here' "$T/err") == $((verdict * 3)) ]] || fail "sparse: $verdict"
	err_counts 1
	run 0 "$protflow" merge -o "$T/log" .
	sarif "$T/log" "ids.count('PF-sparse') == 1 - $verdict"
done
out_has 'Sparse .* was left out'
PATH=$T/bin:$PATH run 0 "$front" --sparse -D__linux__ -Wbitwise "$T/tmp.a8Zr3kQw1x"
err_hasnt .

# A unit that does not parse, as far as the compiler takes it.
cd "$T" && box_tree b && cd b || exit 1
cat >>drivers/box/guarded.c <<'END'
#ifdef __clang__
int broken(struct box *box) { return box->nothing; }
#endif
END
run 0 make C=1 CHECK="$check"
err_counts 1
err_has 'guarded.c.*: note: '
sarif .protflow/drivers/box/guarded.o.sarif "not ok" "'PF-parse' in ids"

# Out of tree: absolute names, the results in the object tree, nothing in the source's.
cd "$T" && box_tree c && cp -r c before || exit 1
run 0 make -C c -j2 O="$T/o" C=1 CHECK="$check"
err_has "^$T/c/drivers/box/open.c:6:[0-9]+: warning: "
err_counts 1
sarif o/.protflow/drivers/box/open.o.sarif "len(fails) == 1"
diff -r c before || fail "the source tree was changed"
run 0 make -C c -s -j2 O="$T/o" C=2 CHECK="$check"
err_counts 1
# The object tree below the source's.
run 0 make -C c -j2 O="$T/c/sub" C=1 CHECK="$check"
err_counts 1
sarif c/sub/.protflow/drivers/box/open.o.sarif

# A recorded ARGV run by hand: no result below .protflow, the status as asked for.
cd "$T/o" && rm -rf .protflow || exit 1
argv=(-Wp,-MMD,drivers/box/.open.o.d -nostdinc -I../c/include -include
      ../c/include/linux/kconfig.h -D__KERNEL__ ../c/drivers/box/open.c)
run 1 "$protflow" check --rules "$rules" --fail-on=warning -- "${argv[@]}"
[[ ! -e .protflow ]] || fail "a call by hand left a result"

# Many at once: every line is whole.
cd "$T" && box_tree d && cd d || exit 1
for i in {1..40}; do
	sed "s/box_put/put$i/; 3i int put$i(struct box *box, unsigned int i, int flags);" \
		drivers/box/open.c >drivers/box/open$i.c
done
run 0 make -j8 C=1 CHECK="$check" objects="$(printf 'drivers/box/open%d.o ' {1..40})"
err_counts 40
[[ -z $(grep -v '^drivers/box/open[0-9]*\.c:[0-9]*:[0-9]*: ' "$T/err") ]] || fail "torn lines"

# Not built: loud, and the build goes on.
cp "$front" "$T/run-check.sh"
cd "$T" && box_tree e && cd e || exit 1
PROTFLOW='' run 0 make C=1 CHECK="$T/run-check.sh"
err_has 'protflow is not built, nothing is checked'
[[ -f drivers/box/open.o ]] || fail "no object"
