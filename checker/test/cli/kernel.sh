# SPDX-License-Identifier: MIT
#
# The forms in which a real kernel is built: out of tree, in tree, in a folder of
# the tree, an external module, by run-check.sh. Needs PROTFLOW_KERNEL_SRC, a
# clean source tree, and PROTFLOW_KERNEL_OBJ, an object tree of it, prepared.
. "$(dirname "$0")/lib.sh"

src=${PROTFLOW_KERNEL_SRC:-} obj=${PROTFLOW_KERNEL_OBJ:-}
[[ -d $src && -f $obj/.config ]] || { echo "no kernel is prepared for the tests"; exit 77; }
unset ARCH CROSS_COMPILE KBUILD_OUTPUT

# verdicts LOG: what is said of each place, without where the tree stands.
verdicts() {
	python3 - "$1" <<'END'
import json, sys
run = json.load(open(sys.argv[1]))["runs"][0]
for r in run["results"]:
    region = r["locations"][0].get("physicalLocation", {}).get("region", {})
    print(r["ruleId"], r.get("kind"), region.get("startLine"), r["message"]["text"])
for unit in run["properties"]["protflow"]["units"]:
    print(unit["status"], json.dumps(unit["rules"], sort_keys=True))
END
}

unit=drivers/iommu/intel/iommu.o
# same TREE: the unit was checked as the first time.
same() {
	sarif "$1/.protflow/$unit.sarif" "status == 0" "ok"
	verdicts "$1/.protflow/$unit.sarif" >"$T/now"
	cmp "$T/now" "$T/first" || fail "another verdict in $1"
	grep -q ' error: ' "$T/err" && fail "the build says error"
	return 0
}

# Out of tree: every object, then one; nothing else than findings on stderr.
rm -rf "$obj/.protflow"
run 0 make -s -C "$src" O="$obj" -j2 C=2 CHECK="$front" drivers/iommu/intel/ drivers/iommu/iommufd/
is_empty "$T/out"
verdicts "$obj/.protflow/$unit.sarif" >first
grep -q PF2101 first || fail "PF2101 was not asked"
same "$obj"
run 0 "$protflow" merge -o log "$obj"
sarif log "'PF-missing' not in ids" "run['automationDetails']['id'] == 'protflow/x86/'"
run 0 "$protflow" merge --reproducible -o log "$obj"
! grep -F -e "$src" -e "$obj" -e "$build" -e "$source" -e file:// log ||
	fail "the reproducible log names a folder of the machine"
out_has '(^|[ ,])PF2101'
run 0 make -s -C "$src" O="$obj" C=2 CHECK="$front" CF=--protflow-disable=PF2101 $unit
sarif "$obj/.protflow/$unit.sarif" "not [r for r in driver['rules'] if r['id'] == 'PF2101']"
# C=1 has nothing to compile, so nothing to check.
rm "$obj/.protflow/$unit.sarif"
run 0 make -s -C "$src" O="$obj" C=1 CHECK="$front" $unit
[[ ! -e $obj/.protflow/$unit.sarif ]] || fail "C=1 checked what was compiled"
"$protflow" merge -o log "$obj" >out 2>err
sarif log "'PF-missing' in ids"
run 0 make -s -C "$src" O="$obj" C=2 CHECK="$front" $unit
same "$obj"
! grep -q 'protflow' "$obj/drivers/iommu/intel/.iommu.o.d" 2>/dev/null || fail "the .d file"

# An external module: its result is in its own folder.
mkdir mod && cd mod || exit 1
echo 'obj-m := box.o' >Kbuild
cat >box.c <<'END'
/* SPDX-License-Identifier: MIT */
#include <linux/module.h>
#include <linux/types.h>

struct slot { u64 val; };
struct box { struct slot *slots; bool lid; };

int box_put(struct box *box, int flags);

int box_put(struct box *box, int flags)
{
	box->slots[0].val = 1 | (flags & 2);
	return 0;
}
MODULE_LICENSE("GPL");
END
run 0 make -s -C "$obj" M="$T/mod" C=1 CHECK="$front --rules=$rules" box.o
grep -Eq 'box\.c:12:[0-9]+: warning: .*\[PF9001\]$' "$T/err" || fail "no finding in the module"
sarif .protflow/box.o.sarif "len(fails) == 1"
[[ ! -e $obj/.protflow$T ]] || fail "a result of the module is in the kernel's tree"
command=$(sed -n 's/.*note: reproduce with: //p' "$T/err")
bash -c "$command" >"$T/again.out" 2>"$T/again.err" || fail "the command to reproduce: $command"
cmp <(grep PF9001 "$T/err") <(grep PF9001 "$T/again.err") || fail "something else is reproduced"
run 0 "$protflow" merge -o log "$T/mod"
cd "$T" || exit 1

# In a folder of the tree, where names begin with "../".
cp -al "$src" tree 2>/dev/null || { rm -rf tree; cp -as "$src" tree; } ||
	fail "cannot copy the kernel"
mkdir tree/build && cp "$obj/.config" tree/build/
run 0 make -s -C tree O=build olddefconfig
run 0 make -s -C tree O=build -j2 C=1 CHECK="$front" $unit
same tree/build
sarif tree/build/.protflow/$unit.sarif \
	"not results or all('..' not in json.dumps(r['locations']) for r in results)"

# In tree.
rm -rf tree/build
cp "$obj/.config" tree/
run 0 make -s -C tree olddefconfig
run 0 make -s -C tree -j2 C=1 CHECK="$front" $unit
same tree

# All by itself: a tree built in place is used so when it is said.
run 0 "$front" --kernel tree --in-tree --targets drivers/iommu/intel/ --jobs 2 -o results.sarif
out_has '(^|[ ,])PF2101'
out_has 'results.sarif'
same tree
sarif results.sarif "'PF-missing' not in ids"
