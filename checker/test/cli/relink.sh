# SPDX-License-Identifier: MIT
# What a link said of a program is said again where nothing has changed, and only there.
. "$(dirname "$0")/lib.sh"

box_pair
caller() {
	box_caller "$1"
	run 0 make -C a C=2 CHECK="$front --rules=$rules --reproducible"
}
link() { run 0 "$protflow" link --rules "$rules" --reproducible --stats -o "$1" "${@:2}" a; }
recalled() { err_has "programs kept $1, recalled $2\$"; }
guard='if (!(flags & SLOT_SAFE) && box->lid) return -22;'

# The second time the log is the same, and nothing was analysed; asked to, it is.
caller "$guard"
link first
out_has '^PF9001 BoxSlotUnderLid: proved'
n=$(sed -n 's/.*programs kept \([0-9]*\), recalled 0$/\1/p' err)
[[ $n -ge 1 ]] || fail "nothing was kept"
link second
recalled 0 "$n"
err_has 'functions 0, summaries 0,'
cmp first second || fail "what is said again is not what was said"
link second --fresh
err_has "programs kept 0, recalled 0\$"
cmp first second || fail "the log is another one where nothing was said again"

# A unit that has changed is judged: by what it says now, also where it is as before again.
caller ''
link other
out_has '^PF9001 BoxSlotUnderLid: .*VIOLATED'
link fresh --fresh
cmp other fresh || fail "a unit has changed, and not all of it is said"
caller "${guard/box->lid/!box->lid}"
link other
out_has '^PF9001 BoxSlotUnderLid: .*VIOLATED'
link fresh --fresh
cmp other fresh || fail "a guard was turned round, and not all of it is said"
caller "$guard"
link second
out_has '^PF9001 BoxSlotUnderLid: proved'
cmp first second || fail "the program is as before, and the log is not"

# A unit of the program that cannot be read, and can again.
link second
recalled 0 "$n"
rm a/.protflow/drivers/box/caller.o.facts
link other
out_hasnt 'BoxSlotUnderLid: proved'
link fresh --fresh
cmp other fresh || fail "a unit is gone, and not all of it is said"
caller "$guard"
link second
cmp first second || fail "the unit is there again, and the log is another one"

# So does a unit that has nothing for the rule and is in no program: nobody reads it, so that it
# may call what the guard does not stand before.
echo 'int third;' >a/drivers/box/third.c
sed -i 's/caller.o)/caller.o third.o)/' a/Makefile
caller "$guard"
link third
recalled "$n" 0
out_has '^PF9001 BoxSlotUnderLid: .*VIOLATED'
link second
recalled 0 "$n"
cmp third second || fail "there is a third unit, and what is said again is not what was said"
! grep -q third.o a/.protflow/wanted || fail "a unit is wanted that calls nothing"

# What it calls decides whether somebody has to read it: that is asked again each time.
echo 'int raw_put(void *, unsigned int, int); int third(void) { return raw_put(0, 0, 0); }' \
	>a/drivers/box/third.c
caller "$guard"
link other
recalled 0 "$n"
grep -q third.o a/.protflow/wanted || fail "the unit that calls is not wanted"
link fresh --fresh
cmp other fresh || fail "another unit calls, and not all of it is said"

# That its facts are damaged is told, whoever says the rest.
head -c 100 a/.protflow/drivers/box/third.o.facts >cut
cp cut a/.protflow/drivers/box/third.o.facts
link other
link fresh --fresh
cmp other fresh || fail "a unit outside of the program cannot be read, and it is not told"
grep -q 'third.o.facts' other || fail "the damaged file is not named"
rm -f a/drivers/box/third.[co] a/drivers/box/.third.o.* a/.protflow/drivers/box/third.o.*
sed -i 's/caller.o third.o)/caller.o)/' a/Makefile
caller "$guard"
link second
cmp first second || fail "the third unit is gone, and the log is another one"

# Other options have other answers, and leave what was kept.
link other --ignore-guard box/caller.c:6
out_has '^PF9001 BoxSlotUnderLid: .*VIOLATED'
link second
recalled 0 "$n"

# What was kept and is damaged, cut or of another rule is not used.
for f in a/.protflow/linked/*.kept; do
	cp "$f" whole
	for damage in "head -c 40 whole" "tail -c +2 whole" "tr p q <whole" "cat whole whole" "true" \
		"head -c -30 whole; tail -c 30 whole | tr a-y b-z"; do
		sh -c "$damage" >"$f"
		link second
		recalled 1 $((n - 1))
		cmp first second || fail "said from what is damaged: $damage"
	done
done
cp -r "$rules" changed
sed -i '0,/^id:/s//# another comment\nid:/' changed/*.yaml
run 0 make -C a C=2 CHECK="$front --rules=$PWD/changed --reproducible"
run 0 "$protflow" link --rules changed --reproducible --stats a
recalled "$n" 0

# A tree that cannot be written to is judged all the same.
caller "$guard"
rm -r a/.protflow/linked
if chmod a-w a/.protflow && [[ ! -w a/.protflow ]]; then
	link second
	recalled 0 0
	cmp first second || fail "a tree that cannot be written to"
	chmod u+w a/.protflow
fi
: >a/.protflow/linked
link second
recalled 0 0
cmp first second || fail "what is kept has no place"
