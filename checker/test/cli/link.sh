# SPDX-License-Identifier: MIT
# A build as one program: a guard in another unit, a writer in another unit, units not seen.
. "$(dirname "$0")/lib.sh"

box_pair
build_tree() { run 0 make -C a C=2 CHECK="$front --rules=$rules --reproducible"; }
link() { run "$1" "$protflow" link --rules "$rules" --reproducible -o link.sarif "${@:2}" a; }

# Alone the unit with the store has a finding; the program has a guard before it.
box_caller 'if (!(flags & SLOT_SAFE) && box->lid) return -22;'
build_tree
run 0 "$protflow" merge a
out_has '^PF9001 BoxSlotUnderLid: .*VIOLATED'
link 0
out_has '^PF9001 BoxSlotUnderLid: proved'
out_has "rests on the guard in 'guarded_call'"
out_has 'is init-only: .*proved over all writers of the program'
cp link.sarif first
link 0
cmp first link.sarif || fail "the log is another one the second time"

# What the guard prevents, by its place, and for each guard of a proof.
link 0 --ignore-guard box/caller.c:6
out_has '^PF9001 BoxSlotUnderLid: .*VIOLATED'
link 0 --prove-sensitivity
out_has '^PF9001 without the guard at caller.c:6 is violated at guarded.c:5'
link 2 --ignore-guard box/caller.c:1
err_has 'no branch that the rules reach stands at box/caller.c:1'
link 2 --ignore-guard box/caller.c:6 --ignore-guard box/caller.c:1
err_has 'no branch that the rules reach stands at box/caller.c:1'
err_hasnt 'caller.c:6'
link 0 --ignore-guard box/caller.c:6 --ignore-guard caller.c:6
link 2 --ignore-guard caller.c
err_has "does not understand '--ignore-guard'"

# Code that nobody sees gets the box as void *, and may write what is init-only.
box_caller 'void scrub(void *p); if (!(flags & SLOT_SAFE) && box->lid) return -22; scrub(box);'
build_tree
link 0
out_has '^PF9001 BoxSlotUnderLid: incomplete'
grep -q "'scrub' may write to what it is given" link.sarif || fail "the reason is not told"
box_caller 'void scrub(const void *p); if (!(flags & SLOT_SAFE) && box->lid) return -22; scrub(box);'
build_tree
link 0
out_has '^PF9001 BoxSlotUnderLid: proved'

# Without the guard the path leads from the caller.
box_caller ''
build_tree
link 0
out_has '^PF9001 BoxSlotUnderLid: .*VIOLATED'
out_has "guarded.c:5:.*'raw_put'"
grep -q guarded_call link.sarif || fail "the path does not begin at the caller"

# A unit whose facts are gone, cut or of other rules: nothing is proved, and it is told.
box_caller 'if (!(flags & SLOT_SAFE) && box->lid) return -22;'
build_tree
cp a/.protflow/drivers/box/caller.o.facts whole
rm a/.protflow/drivers/box/caller.o.facts
link 0
! grep -q 'BoxSlotUnderLid: proved' out || fail "proved without a unit"
head -c 100 whole >a/.protflow/drivers/box/caller.o.facts
link 0
! grep -q 'BoxSlotUnderLid: proved' out || fail "proved without a unit"
grep -q 'caller.o.facts' link.sarif || fail "the damaged file is not named"

# A folder of facts and nothing else; wrong calls.
build_tree
mkdir facts
(cd a/.protflow && find . -name '*.facts' -exec cp --parents {} ../../facts \;)
run 0 "$protflow" link --rules "$rules" --only=PF9001 facts
out_has '^PF9001 BoxSlotUnderLid: proved'
run 2 "$protflow" link --rules "$rules"
err_has 'needs an object tree'
run 2 "$protflow" link --rules "$rules" nowhere
run 2 "$protflow" link --wrong a
err_has "does not understand '--wrong'"
run 0 "$protflow" link --help
out_has '^usage: protflow link'

# A rule is about the units in its scope: the place of the store counts, whoever calls it.
box_caller ''
build_tree
cp -r "$rules" scoped
for f in scoped/*.yaml scoped/*/*.yaml; do
	[[ -e $f ]] && sed -i '/^scope:/d; s/^id: PF9001/&\nscope: [drivers\/box\/guarded.c]/' "$f"
done
scoped_run() {
	sed -i "s|^scope: .*|scope: [$2]|" $(grep -l '^scope:' -r scoped)
	run 0 make -C a C=2 CHECK="$front --rules=$PWD/scoped --reproducible"
	run "$1" "$protflow" merge a
	run "$1" "$protflow" link --rules scoped --reproducible -o link.sarif a
}
scoped_run 0 drivers/box/guarded.c
out_has '^PF9001 BoxSlotUnderLid: .*VIOLATED'
scoped_run 3 drivers/box/caller.c
out_has '^PF9001 BoxSlotUnderLid: VACUOUS'
scoped_run 0 drivers/crate
! grep -q 'PF9001' out || fail "a rule says something of units out of its scope"

# Who writes a field that the rule takes for granted may be out of its scope.
box_caller 'box->lid = 0;'
sed -i 's/box->slots/if (!(flags \& SLOT_SAFE) \&\& box->lid)\n\t\treturn -22;\n\t&/' a/drivers/box/guarded.c
scoped_run 0 drivers/box/guarded.c
! grep -q 'PF9001 .*proved' out || fail "a writer out of the scope is not seen"
err_hasnt 'PF9001.*proved'
box_caller ''
scoped_run 0 drivers/box/guarded.c
out_has '^PF9001 BoxSlotUnderLid: proved'

# A rule is judged by the units that have something for it; what is not proved so also by
# those of the other rules, since the guard may be there.
cp -r "$rules" two
cat >two/crate.yaml <<'END'
id: PF9003
name: CrateMarkAllowed
template: flag-flow
message: "A mark that is not allowed is stored to '{sink}'."
short: A crate gets a mark that is not allowed.
severity: error
confidence: high
help: |
  What it says

  A mark is stored.
when: "struct crate has mark"
at:
  - store: "struct crate.mark"
require: "!(val & 2)"
unknown: incomplete
END
crate() {
	cat >a/drivers/box/crate.c <<END
struct crate { unsigned int mark; };
int is_allowed(int flags);
int mark_crate(struct crate *crate, int flags);
int mark_crate(struct crate *crate, int flags)
{
	if ($1)
		return -22;
	crate->mark = (unsigned int)flags;
	return 0;
}
END
	run 0 make -C a C=2 CHECK="$front --rules=$PWD/two --reproducible"
	run 0 "$protflow" link --rules two --reproducible --stats -o link.sarif a
}
sed -i '/^objects := /s/caller.o/& crate.o/' a/Makefile
cat >>a/drivers/box/guarded.c <<'END'

int is_allowed(int flags);
int is_allowed(int flags)
{
	return !(flags & 2);
}
END
box_caller 'if (!(flags & SLOT_SAFE) && box->lid) return -22;'
crate 'flags & 2'
err_has 'units 3 linked'
out_has '^PF9001 BoxSlotUnderLid: proved'
out_has '^PF9003 CrateMarkAllowed: proved'
crate '!is_allowed(flags)'
out_has '^PF9001 BoxSlotUnderLid: proved'
out_has '^PF9003 CrateMarkAllowed: proved'
run 0 "$protflow" link --rules two --only=PF9003 --reproducible -o link.sarif a
out_has '^PF9003 CrateMarkAllowed: proved'
crate '!is_allowed(flags) && flags & 4'
out_has '^PF9001 BoxSlotUnderLid: proved'
out_has '^PF9003 CrateMarkAllowed: VIOLATED'

# What the code says of a record is asked once, whatever the rules share.
run 0 "$protflow" rules infer 'struct crate' --rules two a
[[ $(grep -c 'the places that access it' out) == 1 ]] || fail "not one table"
out_has '^# mark '

# What a member is declared with is known where the record is: the caller has the lock, or not.
cat >two/crate.yaml <<'YAML'
id: PF9004
name: CratesDeclared
template: guarded-by
message: "'{field}' is {access} in '{function}' without '{lock}'."
short: A crate is counted without its lock.
severity: error
confidence: high
help: |
  What it says

  A field is used without the lock that it is declared with.
when: "struct crates exists"
record: "struct crates"
declared: __guarded_by
YAML
echo '#define __guarded_by(...)' >>a/include/linux/kconfig.h
cat >a/drivers/box/crate.c <<'C'
#include "crates.h"
void count_crate(struct crates *crates);
void count_crate(struct crates *crates)
{
	crates->n++;
}
C
counter() {
	cat >a/drivers/box/crates.h <<C
struct mutex { unsigned long owner; };
struct crates {
	struct mutex lock;
	unsigned long n $1;
};
void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
C
	cat >a/drivers/box/caller.c <<C
#include "crates.h"
void count_crate(struct crates *crates);
void deliver(struct crates *crates);
void deliver(struct crates *crates)
{
	$2
	count_crate(crates);
	$3
}
C
	run 0 make -C a C=2 CHECK="$front --rules=$PWD/two --reproducible"
	run 0 "$protflow" link --rules two --only=PF9004 --reproducible -o link.sarif a
}
counter '__guarded_by(&lock)' 'mutex_lock(&crates->lock);' 'mutex_unlock(&crates->lock);'
out_has '^PF9004 CratesDeclared: proved'
counter '__guarded_by(&lock)' '' 'mutex_lock(&crates->lock); mutex_unlock(&crates->lock);'
out_has '^PF9004 CratesDeclared: VIOLATED'
counter '' '' ''
! grep -q 'PF9004.*\(proved\|VIOLATED\)' out || fail "nothing is declared"

# A function that only itself calls is where somebody begins all the same.
box_tree b
sed -i 's/^objects := .*/objects := $(addprefix drivers\/box\/, guarded.o caller.o)/' b/Makefile
cat >b/drivers/box/guarded.c <<'C'
#include "box.h"

int raw_put(struct box *box, unsigned int i, int flags)
{
	box->slots[i & 3].val = (unsigned int)flags;
	return 0;
}
C
echo 'int raw_put(struct box *box, unsigned int i, int flags);' >>b/drivers/box/box.h
cat >b/drivers/box/caller.c <<'C'
#include "box.h"

int guarded_call(struct box *box, int n);
int guarded_call(struct box *box, int n)
{
	if (n)
		return guarded_call(box, n - 1);
	return raw_put(box, 0, 1);
}
C
run 0 make -C b C=2 CHECK="$front --rules=$rules --reproducible"
run 0 "$protflow" link --rules "$rules" --reproducible -o link.sarif b
out_has '^PF9001 BoxSlotUnderLid: .*VIOLATED'
