# SPDX-License-Identifier: MIT
# The map of a small program: what leads to a sink, what a proof rests on, who writes the field.
. "$(dirname "$0")/lib.sh"

# A table of operations in one unit, the guard in another, the owner in a third.
box_tree a
sed -i 's/^objects := .*/objects := $(addprefix drivers\/box\/, guarded.o ops.o owner.o)/' a/Makefile
cat >>a/drivers/box/box.h <<'END'
struct box_ops { int (*put)(struct box *box, unsigned int i, int flags); };
extern const struct box_ops guarded_ops;
int guarded_put(struct box *box, unsigned int i, int flags);
END
cat >a/drivers/box/ops.c <<'END'
#include "box.h"

int ops_put(const struct box_ops *ops, struct box *box, int flags);
const struct box_ops guarded_ops = { .put = guarded_put };
int ops_put(const struct box_ops *ops, struct box *box, int flags)
{
	return ops->put(box, 0, flags);
}
END
cat >a/drivers/box/owner.c <<'END'
#include "box.h"

int ops_put(const struct box_ops *ops, struct box *box, int flags);
int owner_store(struct box *box, int flags);
int owner_store(struct box *box, int flags)
{
	return ops_put(&guarded_ops, box, flags);
}
END
build_tree() { run 0 make -C a C=2 CHECK="$front --rules=$rules --reproducible" "$@"; }
build_tree

explain() { run 0 "$protflow" explain --rules "$rules" "$@"; }

# The way leads through the member, from unit to unit; the guard comes with its line.
explain PF9001 a
out_has '^PF9001 BoxSlotUnderLid: proved$'
out_has '^entry points.* \(1\)$'
out_has '^  drivers/box/owner.c$'
out_has '^    owner_store, line 5$'
out_has '^      -> ops_put  \[drivers/box/ops.c\]$'
out_has '^      -> guarded_put, through struct box_ops.put  \[drivers/box/guarded.c\]$'
out_has '^sinks \(1\)$'
out_has '^      \| box->slots\[i & 3\].val = '
out_has '^guards that the proof rests on \(1\)$'
out_has '^      \| if \(!\(flags & SLOT_SAFE\) && box->lid\)$'
out_has '^writers of struct box.lid \(0\)$'
out_has '^  proved   .struct box.lid. is init-only'
out_has '^  assumed  this configuration of the kernel$'
err_hasnt .

# The same bytes again, and as a picture.
mv out first
explain PF9001 a
cmp first out || fail "the map is another one the second time"
explain --graph PF9001 a
mv out graph
explain --graph PF9001 a
cmp graph out || fail "the graph is another one the second time"
out_has '^digraph protflow \{$'
out_has 'label="drivers/box/guarded.c"'
out_has 'style=dashed, label="struct box_ops.put"'
out_has 'guarded_put", shape='
[[ $(grep -c '{$' out) == "$(grep -c '^	*}$' out)" ]] || fail "the graph's braces"
if command -v dot >/dev/null; then
	run 0 dot -Tsvg -o graph.svg graph
	err_hasnt .
	grep -q '</svg>' graph.svg || fail "dot gave no picture"
fi

# Who writes the field when others can reach the box takes the proof away, and is named.
cat >>a/drivers/box/owner.c <<'END'
void owner_close(struct box *box);
void owner_close(struct box *box)
{
	box->lid = 1;
}
END
build_tree
explain PF9001 a
out_has '^PF9001 BoxSlotUnderLid: (may be violated|violated|not decided)$'
out_has '^writers of struct box.lid \(1\)$'
out_has "^    line 12, in 'owner_close'$"
out_has '^      published, without any lock$'
out_has '^      \| box->lid = 1;$'
! grep -q '^  proved' out || fail "the policy is still said to be proved"

# A unit that was not checked is told; a proof is none then.
build_tree
rm a/.protflow/drivers/box/ops.o.facts
explain PF9001 a
out_has '^not seen in full \(1\)$'
out_has 'drivers/box/ops.o'

# Long lists are cut, and are whole with --all.
build_tree
for i in {1..12}; do
	printf 'int more_%d(struct box *b);\nint more_%d(struct box *b)\n{\n\treturn guarded_put(b, %d, 0);\n}\n' \
		"$i" "$i" "$i"
done >>a/drivers/box/owner.c
build_tree
explain PF9001 a
out_has '^    \.\.\. 5 more \(--all\)$'
explain --all PF9001 a
out_has '^    more_12, line '
! grep -q -e '--all' out || fail "a list is cut although all was asked for"

# Wrong calls.
run 2 "$protflow" explain --rules "$rules" PF9001
err_has 'needs a rule and an object tree'
run 2 "$protflow" explain --rules "$rules" PF0 a
err_has "no rule 'PF0'"
run 2 "$protflow" explain --rules "$rules" --wrong PF9001 a
err_has "does not understand '--wrong'"
run 2 "$protflow" explain --rules "$rules" PF9001 nowhere
run 0 "$protflow" explain --help
out_has '^usage: protflow explain'

# Options that it does not take are not offered.
run 0 "$protflow" explain --help
! grep -q -- --only out || fail "explain offers --only"
