# SPDX-License-Identifier: MIT
# The facts that a check leaves: whole or not at all, whoever else writes them.
. "$(dirname "$0")/lib.sh"

box_source a.c
facts=facts/a.o.facts
check() { "$protflow" check --rules "$rules" --facts facts --sarif /dev/null "$@" -- \
	-Wp,-MMD,./.a.o.d a.c; }
begins() { [[ $(head -c 8 "$1") == PFFACTS4 ]] || fail "$1 is no facts file"; }
# Nothing is left over beside it.
alone() { [[ $(ls facts) == a.o.facts ]] || fail "in facts/: $(ls facts)"; }

run 0 check
begins $facts
alone
cp $facts want

# The same unit gives the same bytes, also where others check it at the same time.
for round in 1 2 3; do
	for i in 1 2 3 4; do
		check >/dev/null 2>&1 &
	done
	wait
	cmp -s $facts want || fail "checks at the same time leave other facts"
	alone
done

# Read while it is written: the old one, none, or the new one, never a part.
(for i in 1 2 3 4 5; do check >/dev/null 2>&1; done) &
writer=$!
seen=0
while kill -0 $writer 2>/dev/null; do
	cat $facts >copy 2>/dev/null || continue
	[[ ! -s copy ]] || cmp -s copy want || fail "a part of the facts was seen"
	((++seen))
done
wait $writer
((seen)) || fail "the facts were never seen"

# Killed at any time, with all that it started: none, or whole ones.
for after in 0 0.005 0.01 0.02 0.04 0.06 0.08 0.1 0.15 0.2; do
	setsid "$BASH" -c '"$@" >/dev/null 2>&1' - "$protflow" check --rules "$rules" \
		--facts facts --sarif /dev/null -- -Wp,-MMD,./.a.o.d a.c &
	group=$!
	sleep $after
	kill -KILL -- -$group 2>/dev/null
	wait $group 2>/dev/null
	[[ ! -e $facts ]] || cmp -s $facts want || fail "a check killed after $after s leaves a part"
done
# What a killed one left under another name does no harm.
run 0 check
cmp -s $facts want || fail "other facts after a kill"

# An older one goes before a check that then cannot be ended.
fake_unit 'kill -SEGV $$'
run 0 "$T/fake/protflow" check --rules "$rules" --facts facts --sarif /dev/null -- \
	-Wp,-MMD,./.a.o.d a.c
[[ ! -e $facts ]] || fail "the facts of the check before are still there"

# What stands in the way: a link is replaced and not followed, a folder is told.
echo mine >other
ln -sf "$T/other" $facts
run 0 check
cmp -s $facts want || fail "not replaced: a link"
[[ $(<other) == mine && ! -L $facts ]] || fail "the link was followed"
rm $facts
mkdir $facts
run 0 check
err_has "$facts: cannot be written"
rmdir $facts
mkfifo $facts
run 0 check
cmp -s $facts want || fail "not replaced: a pipe"
rm -r facts
echo file >facts
run 0 check
err_has 'facts/a.o.facts: cannot be written'
rm facts

# A unit that no rule can concern leaves its words alone.
echo 'int unrelated_name(void); int unrelated_name(void) { return 1; }' >a.c
run 0 check
begins $facts
grep -aq '"status":"skipped"' $facts || fail "not skipped"
[[ $(stat -c %s $facts) -lt 1000 ]] || fail "a skipped unit leaves too much"
