# SPDX-License-Identifier: MIT
# What a link said of a program is said again where nothing has changed, and only there.
. "$(dirname "$0")/lib.sh"

box_tree a
sed -i 's/^objects := .*/objects := $(addprefix drivers\/box\/, guarded.o caller.o)/' a/Makefile
cat >>a/drivers/box/box.h <<'END'
int raw_put(struct box *box, unsigned int i, int flags);
END
cat >a/drivers/box/guarded.c <<'END'
#include "box.h"

int raw_put(struct box *box, unsigned int i, int flags)
{
	box->slots[i & 3].val = (unsigned int)flags;
	return 0;
}
END
caller() {
	cat >a/drivers/box/caller.c <<END
#include "box.h"

int guarded_call(struct box *box, int flags);
int guarded_call(struct box *box, int flags)
{
	$1
	return raw_put(box, 0, flags);
}
END
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
caller "$guard"
link second
out_has '^PF9001 BoxSlotUnderLid: proved'
cmp first second || fail "the program is as before, and the log is not"

# What is outside of the program counts where it was asked for: a unit that was not seen.
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

# Other options have other answers, and leave what was kept.
link other --ignore-guard box/caller.c:6
out_has '^PF9001 BoxSlotUnderLid: .*VIOLATED'
link second
recalled 0 "$n"

# What was kept and is damaged, cut or of another rule is not used.
for f in a/.protflow/linked/*.kept; do
	cp "$f" whole
	for damage in "head -c 40 whole" "tail -c +2 whole" "tr p q <whole" "cat whole whole" "true"; do
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
