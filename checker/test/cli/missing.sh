# SPDX-License-Identifier: MIT
# protflow run --missing: what a link or merge of a tree is without, and nothing else.
. "$(dirname "$0")/lib.sh"

box_tree a
sed -i 's/^objects := .*/objects := $(addprefix drivers\/box\/, guarded.o caller.o outer.o apart.o)/' \
	a/Makefile
echo 'int raw_put(struct box *box, unsigned int i, int flags);' >>a/drivers/box/box.h
cat >a/drivers/box/guarded.c <<'END'
#include "box.h"

int raw_put(struct box *box, unsigned int i, int flags)
{
	box->slots[i & 3].val = (unsigned int)flags;
	return 0;
}
END
cat >a/drivers/box/caller.c <<'END'
#include "box.h"

int open_call(struct box *box, int flags);
int open_call(struct box *box, int flags)
{
	return raw_put(box, 0, flags);
}
END
# Nothing of the rule is in their text; one of them calls what the rule reaches.
cat >a/drivers/box/outer.c <<'END'
int open_call(void *p, int flags);
int outer_call(void *p);
int outer_call(void *p)
{
	return open_call(p, 1);
}
END
echo 'int apart(void); int apart(void) { return 1; }' >a/drivers/box/apart.c
run 0 make -C a C=2 CHECK="$front --rules=$rules --reproducible"
link() { run 0 "$protflow" link --rules "$rules" --reproducible -o link.sarif a; }
missing() { run 0 "$protflow" run -p a --missing --rules "$rules" --reproducible "$@"; }
lists() {
	missing --list
	[[ $(tr '\n' ' ' <out) == "$1" ]] || fail "--missing lists $(tr '\n' ' ' <out), not $1"
}

# All is there.
lists ''
missing -o log
err_has 'missing units: 0; the others, 4, are there'
run 0 "$protflow" merge --reproducible -o merged a
cmp merged log || fail "not the log of the whole"

# What was built elsewhere in the tree and never checked is none of it, as for merge.
mkdir a/drivers/far && echo 'int far(void); int far(void) { return 1; }' >a/drivers/far/far.c
run 0 make -C a drivers/far/far.o
lists ''
run 0 "$protflow" run -p a --list
[[ $(wc -l <out) == 5 ]] || fail "not all units"
missing --list drivers
[[ $(<out) == drivers/far/far.o ]] || fail "not the unit of a folder that is named"
cp -r a fresh && rm -r fresh/.protflow
run 0 "$protflow" run -p fresh --missing --list
[[ $(wc -l <out) == 5 ]] || fail "not all units of a tree that was never checked"

# The link names the unit; it is checked in full, alone, and the way to the place is longer.
link
out_has '1 unit that has nothing for the rules may call what the rules reach;$'
out_has "'protflow run -p OBJTREE --missing' checks them, then link again"
sarif link.sarif "'PF-wanted' in ids" "any(\"'drivers/box/outer.o' ('open_call')\" in t for t in texts)"
! grep -q outer_call link.sarif || fail "the link knows who calls"
lists 'drivers/box/outer.o '
touch -d yesterday a/.protflow/drivers/box/caller.o.sarif a/drivers/box/*.c
missing
err_has 'missing units: 1; the others, 3, are there'
out_has '^Units: 3 checked, 1 skipped'
[[ a/.protflow/drivers/box/caller.o.sarif -ot a/.protflow/drivers/box/outer.o.sarif ]] ||
	fail "a unit that was there was checked"
lists ''
run 0 "$protflow" link --rules "$rules" --stats -o link.sarif a
err_has 'units 3 linked, 1 skipped'
! grep -q 'PF-wanted' link.sarif || fail "it is still wanted"
[[ ! -e a/.protflow/wanted ]] || fail "a list of none"
# With every unit read in full nobody else can call: the way begins where it does.
run 0 "$protflow" run -p a --rules "$rules" --reproducible --no-filter drivers/box/apart.c
link
grep -q outer_call link.sarif || fail "the way does not begin at the outer caller"
touch a/drivers/box/apart.c
missing
lists ''

# No result, no facts, cut ones, others' rules, a newer source; a unit that is skipped again.
rm a/.protflow/drivers/box/guarded.o.sarif
lists 'drivers/box/guarded.o '
missing
rm a/.protflow/drivers/box/guarded.o.facts
lists 'drivers/box/guarded.o '
missing
truncate -s 50 a/.protflow/drivers/box/caller.o.facts
lists 'drivers/box/caller.o '
missing
touch a/drivers/box/apart.c
lists 'drivers/box/apart.o '
missing
lists ''
cp -r "$rules" other && echo '# more' >>other/box.yaml
run 0 "$protflow" run -p a --missing --rules other --list
[[ $(wc -l <out) == 4 ]] || fail "results of other rules are taken for these"

# A unit that a rule of its own in a Makefile compiles, for which make calls no checker.
cp a/drivers/box/apart.c a/drivers/box/kunit.c
run 0 make -C a C=0 drivers/box/kunit.o
run 0 "$protflow" merge a
out_has "'protflow run -p OBJTREE --missing' checks them:$"
out_has '^    drivers/box/kunit.o$'
lists 'drivers/box/kunit.o '
missing
run 0 "$protflow" merge a
! grep -q missing out || fail "it is still missing"
rm a/drivers/box/kunit.o

# Facts that stand elsewhere; of a part and of a shard only its own.
missing --facts facts -o log
[[ -f facts/drivers/box/caller.o.facts ]] || fail "no facts there"
missing --facts facts --list
is_empty out
run 0 "$protflow" link --rules "$rules" --facts facts -o log a
sarif log "'PF-wanted' in ids"
missing --facts facts --list
[[ $(<out) == drivers/box/outer.o ]] || fail "not the unit that is wanted"
rm a/.protflow/drivers/box/{caller,guarded}.o.sarif
missing --list drivers/box/caller.c
[[ $(<out) == drivers/box/caller.o ]] || fail "not of the part"
for i in 1 2 3 4; do
	missing --list --shard $i/4
	cat out >>parts
done
sort parts | cmp - <(printf 'drivers/box/%s.o\n' caller guarded) || fail "of the shards"

# A tree that cannot be written to is linked all the same.
run 0 make -C a C=2 CHECK="$front --rules=$rules --reproducible"
if [[ $(id -u) != 0 ]]; then
	chmod a-w a/.protflow && rm -f a/.protflow/wanted
	link
	err_has "a: what 'run --missing' is to check cannot be written there"
fi
