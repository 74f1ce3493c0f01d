# SPDX-License-Identifier: MIT
# One log of a build's results, and what the run says of each rule.
. "$(dirname "$0")/lib.sh"

check="$front --rules=$rules"
box_tree a
run 0 make -C a -j2 C=1 CHECK="$check --reproducible"
cp -a a clean

# make C=1 and one command more.
run 0 "$protflow" merge -o log a
sarif log "len(fails) == 1" "'PF-missing' not in ids" "ok"
out_has '^PF9001 BoxSlotUnderLid: '
out_has 'log'
err_hasnt .
run 1 "$protflow" merge --fail-on=warning a
run 0 "$protflow" merge --fail-on=error a
run 1 "$protflow" merge --strict --quiet a
is_empty out

# The same bytes in any order, twice, or in two steps.
merge() { run 0 "$protflow" merge --reproducible --quiet -o "$@"; }
results=(a/.protflow/drivers/box/{guarded,open,other}.o.sarif)
merge one a
merge two "${results[2]}" "${results[0]}" "${results[1]}"
merge three a "${results[1]}" a
merge part "${results[1]}" "${results[2]}"
merge four part "${results[0]}"
for other in two three four; do
	cmp one $other || fail "the order of the logs matters ($other)"
done

# Several trees.
box_tree b
run 0 make -C b C=1 CHECK="$check --reproducible" drivers/box/guarded.o
merge both a b
merge both2 b a
cmp both both2 || fail "the order of the trees matters"

# Logs that name folders of the machine, without them; the version of the source is told.
run 0 make -C b C=2 CHECK="$check" ARCH=riscv
run 0 "$protflow" merge -o log b
sarif log "run['automationDetails']['id'] == 'protflow/riscv/'" \
	"run['originalUriBaseIds']['SRCROOT']['uri'] == 'file://$T/b/'" \
	"'versionControlProvenance' not in run"
merge log b
! grep -F -e "$T" -e "$source" -e file:// log || fail "the log names a folder of the machine"
if command -v git >/dev/null; then
	git() { command git -C b -c user.name=t -c user.email=t@t "$@" >/dev/null; }
	git init -q . && git commit -q --allow-empty -m x &&
		git remote add origin https://example.org/linux.git || fail "git"
	run 0 "$protflow" merge -o log b
	sarif log "run['versionControlProvenance'][0]['repositoryUri'][-10:] == '/linux.git'" \
		"len(run['versionControlProvenance'][0]['revisionId']) == 40" \
		"run['versionControlProvenance'][0]['mappedTo'] == {'uriBaseId': 'SRCROOT'}"
fi

# A unit without a result: not checked, of an older source, not whole, or of a killed run.
missing() {
	run 0 "$protflow" merge -o log a
	sarif log "'PF-missing' in ids" "any('$1' in t for t in texts)"
	out_has "$1"
	run 1 "$protflow" merge --strict a
	rm -rf a && cp -a clean a
}
rm a/.protflow/drivers/box/other.o.sarif
missing drivers/box/other.o
cp a/drivers/box/other.c a/drivers/box/new.c
run 0 make -C a drivers/box/new.o
missing drivers/box/new.o
sleep 0.02
touch a/drivers/box/guarded.c
missing drivers/box/guarded.o
truncate -s 2000 a/.protflow/drivers/box/open.o.sarif
run 0 "$protflow" merge -o log a
err_has 'open.o.sarif'
sarif log "len(fails) == 0"
missing drivers/box/open.o
: >a/.protflow/drivers/box/open.o.sarif
missing drivers/box/open.o
echo '{"version": "2.1.0", "runs": []}' >a/.protflow/drivers/box/open.o.sarif
missing drivers/box/open.o
mv a/.protflow/drivers/box/open.o.sarif{,.Xa81bc}
missing drivers/box/open.o

# What a build leaves has the rules in a file of the tree; complete logs go with it.
for damage in 'rm' 'truncate -s 100' 'sed -i s/Box/Bax/'; do
	$damage a/.protflow/rules-*.json
	run 0 "$protflow" merge -o log a
	err_has 'open.o.sarif:1:1: its rules are in rules-[0-9a-f]+.json of its tree, which '
	sarif log "len(fails) == 0" "len(run['properties']['protflow']['missing']) == 3"
	# The next check of any unit brings it back.
	run 0 make -C a C=2 CHECK="$check --reproducible" drivers/box/other.o
	run 0 "$protflow" merge -o log a
	sarif log "len(fails) == 1" "'PF-missing' not in ids"
	rm -rf a && cp -a clean a
done
argv=(-Wp,-MMD,drivers/box/.open.o.d -nostdinc -Iinclude -include include/linux/kconfig.h
      -D__KERNEL__ drivers/box/open.c)
(cd a && "$protflow" check --reproducible --rules "$rules" --sarif ../whole -- "${argv[@]}" 2>/dev/null)
sarif whole "'help' in driver['rules'][0]"
merge three a
rm a/.protflow/drivers/box/open.o.sarif
merge four a whole
cmp one three && cmp three four || fail "a complete log is another one"
(cd a && "$protflow" merge --reproducible --quiet -o ../five .protflow/drivers/box/*.sarif ../whole)
cmp four five || fail "logs named one by one"
rm -rf a && cp -a clean a

# What holds in the units that were checked is no proof for the others.
box_tree c
run 0 make -C c C=1 CHECK="$check" drivers/box/guarded.o
run 0 "$protflow" merge c
out_has '^PF9001 BoxSlotUnderLid: proved'
run 0 make -C c drivers/box/other.o
run 0 "$protflow" merge -o log c
out_has '^PF9001 BoxSlotUnderLid: incomplete, 1 unit of the build was not checked'
sarif log "'PF-missing' in ids"

# What was cleaned is no unit any more, and a result that is half written is none.
rm a/drivers/box/{other.o,.other.o.cmd}
head -c 100 a/.protflow/drivers/box/open.o.sarif >a/.protflow/drivers/box/open.o.sarif.Xb91cd
run 0 "$protflow" merge -o log a
sarif log "len(fails) == 1" "'PF-missing' not in ids"

# Nothing to merge, and nowhere to write.
mkdir empty
run 2 "$protflow" merge -o log2 empty
err_has 'no results of a check'
run 2 "$protflow" merge none
run 2 "$protflow" merge
run 2 "$protflow" merge --strct a
run 2 "$protflow" merge --fail-on=bad a
run 2 "$protflow" merge -o /dev/full a
err_has '/dev/full: cannot be written'
[[ ! -e log2 ]] || fail "a log of nothing"
run 0 "$protflow" merge --help
out_has '^usage: protflow merge'

# The design is there, and nothing that the rule looks at: no unit can say so, the run does.
box_tree v
for unit in open guarded; do
	printf '#include "box.h"\nint %s(struct box *b);\nint %s(struct box *b) { return b->lid; }\n' \
		$unit $unit >v/drivers/box/$unit.c
done
run 0 make -C v C=1 CHECK="$check"
err_hasnt .
run 3 "$protflow" merge -o log v
sarif log "'PF-vacuous' in ids"
out_has '^PF9001 .*VACUOUS'
# The design is not there.
box_tree n
sed -i 's/lid;/top;/; s/lid/top/' n/drivers/box/*.[ch]
run 0 make -C n C=1 CHECK="$check"
run 0 "$protflow" merge --strict -o log n
sarif log "'PF-vacuous' not in ids" "results == []"
out_has '^Not applicable'
out_has '^    PF9001 '
