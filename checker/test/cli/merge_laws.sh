# SPDX-License-Identifier: MIT
#
# merge is associative, commutative and idempotent: however the logs of units and
# shards are grouped, in whatever order, and however often one comes, the same
# bytes. Logs of two checkouts on different paths, one of them a repository, of
# units that are proved, violated, skipped, incomplete, missing and changed.
. "$(dirname "$0")/lib.sh"
command -v git >/dev/null || { echo "git is needed"; exit 77; }

# A checkout with a header that breaks the rule in each unit that includes it.
checkout() {
	mkdir -p "$1/include/linux" "$1/drivers"
	: >"$1/include/linux/kconfig.h"
	cat >"$1/drivers/shared.h" <<'END'
struct slot { unsigned long long val; };
struct box { struct slot *slots; _Bool lid; };
static inline int put(struct box *box, int flags)
{
	box->slots[0].val = 1 | (flags & 2);
	return 0;
}
END
	for i in 1 2 3 4; do
		printf '#include "shared.h"\nint f(struct box *b, int f);\n%s /* %d */\n' \
			"int f(struct box *b, int f) { return put(b, f); }" $i >"$1/drivers/open$i.c"
	done
	box_guarded "$1/drivers/guarded.c"
	box_guarded "$1/drivers/again.c"
	echo 'int nothing;' >"$1/drivers/other.c"
	echo 'int nothing2;' >"$1/drivers/other2.c"
	printf 'struct box { struct slot *slots; _Bool lid; };\nint f(void) {\n' >"$1/drivers/broken.c"
	python3 - "$1" <<'END'
import glob, json, os, sys
root = os.path.realpath(sys.argv[1])
names = sorted(glob.glob(root + "/drivers/*.c")) + [root + "/drivers/gone.c"]
json.dump([{"directory": root, "file": n, "arguments":
            ["gcc", "-Iinclude", "-include", "./include/linux/kconfig.h", "-D__KERNEL__", "-c", "-o",
             os.path.relpath(n, root)[:-1] + "o", os.path.relpath(n, root)]} for n in names],
          open(root + "/compile_commands.json", "w"))
END
}

checkout one
checkout two
sed -i 's/(b, f)/(b, f \& 1)/' two/drivers/open1.c
echo '/* changed */' >>two/drivers/shared.h
git() { command git -C two -c user.name=t -c user.email=t@t "$@" >/dev/null; }
git init -q . && git add -A && git commit -q -m x &&
	git remote add origin https://example.org/linux.git || fail "git"

cat >laws.py <<'END'
import os, random, subprocess, sys
protflow, options, leaves, rounds, seed = sys.argv[1], sys.argv[2].split(), sys.argv[3].split(), \
    int(sys.argv[4]), int(sys.argv[5])
random.seed(seed)
count = 0
def merge(logs, name=None):
    global count
    count += 1
    name = name or "m%d" % count
    p = subprocess.run([protflow, "merge", "--quiet", *options, "-o", name, *logs],
                       stderr=subprocess.PIPE)
    assert p.returncode in (0, 3), (p.returncode, p.stderr)
    return name
def read(name):
    return open(name, "rb").read()
def tree(logs):
    """The logs in some grouping: each group, but for single logs, merged before."""
    if len(logs) == 1:
        return logs[0] if random.random() < 0.7 else merge(logs)
    random.shuffle(logs)
    n = random.randint(2, min(4, len(logs)))
    cuts = sorted(random.sample(range(1, len(logs)), n - 1))
    groups = [logs[a:b] for a, b in zip([0] + cuts, cuts + [len(logs)])]
    parts = [tree(g) for g in groups]
    if random.random() < 0.3:
        parts.append(random.choice(parts))
    return merge(parts)
whole = read(merge(leaves, "whole"))
def same(name, law):
    if read(name) != whole:
        os.replace(name, "differs")
        sys.exit("%s does not hold (seed %d, %s)" % (law, seed, " ".join(options)))
same(merge(["whole"]), "idempotence: merge(m)")
same(merge(["whole", "whole"]), "idempotence: merge(m, m)")
same(merge(leaves + leaves), "idempotence: each log twice")
for leaf in leaves:
    same(merge(["whole", leaf]), "absorption: merge(m, log of m)")
same(merge(leaves[::-1]), "commutativity")
for i in range(rounds):
    some = leaves + random.sample(leaves, random.randint(0, 3))
    same(tree(some), "associativity")
    # Two parts that overlap, in both orders.
    k = random.randint(1, len(leaves) - 1)
    x, y = merge(random.sample(leaves, k)), merge(leaves)
    same(merge([x, y]), "absorption: merge(part, whole)")
    same(merge([y, x]), "commutativity of merged logs")
    for n in range(1, count + 1):
        if os.path.exists("m%d" % n):
            os.remove("m%d" % n)
print(count, "merges")
END

rounds=6
nm -D "$protflow" 2>/dev/null | grep -q __asan && rounds=1	# each merge is ten times slower

# laws OPTIONS LEAF...: the options are those of the checks and of the merges.
laws() {
	local options=$1
	shift
	seed=$RANDOM
	for s in 1 $seed; do
		python3 laws.py "$protflow" "$options" "$*" $rounds $s >py 2>&1 ||
			{ diff whole differs >out 2>&1; cat py; fail "the laws of merge"; }
	done
	echo "$(cat py), seeds 1 and $seed, ${options:-no options}"
}

for options in "" --reproducible; do
	for tree in one two; do
		run 0 "$protflow" run -p $tree --rules "$rules" $options --report-passes -o $tree.log
		sarif $tree.log "max(f.get('occurrenceCount', 1) for f in fails) >= 3"
		for i in 1 2 3; do
			run 0 "$protflow" run -p $tree --rules "$rules" $options --report-passes \
				--quiet --shard=$i/3 -o $tree.$i
		done
	done
	[[ $options ]] || grep -q revisionId two.log || fail "no version of the source in it"
	units=$(cd "$T" && echo {one,two}/.protflow/drivers/{open1,open2,guarded,broken,other,gone}.o.sarif)
	laws "$options" $units
	laws "$options" one.[123]
	run 0 "$protflow" merge --quiet $options -o log one.[123]
	[[ $options ]] && { cmp log one.log || fail "the shards are not the whole"; }
	laws "$options" one.1 one.3 two.2 one/.protflow/drivers/{open1,other,broken}.o.sarif
	sarif whole "'PF-missing' not in ids or len(run['properties']['protflow']['missing']) > 0"
	laws "$options" one.log two.log two.1 one.2
	sarif whole "'PF-source-changed' in ids or any('was changed' in t for t in texts)"
done

# A rule of another version in some of the logs, and another category.
sed 's/severity: warning/severity: error/' "$rules/box.yaml" >"$T/x.yaml"
mkdir rules2 && mv x.yaml rules2/box.yaml
run 0 "$protflow" run -p one --rules rules2 --category=other/ -o other.log
laws "" one.1 one.2 other.log two.3
sarif whole "'PF-stale' in ids or any('several versions' in t for t in texts)"
