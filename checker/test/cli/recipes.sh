# SPDX-License-Identifier: MIT
# The recipes for several machines do what they say, as far as one machine can tell.
. "$(dirname "$0")/lib.sh"
unset HOSTS SHARDS JOBS PATHS OPTIONS TREE RESULTS
export PROTFLOW=$protflow PROTFLOW_RULES=$rules

mkdir tree
python3 - <<'END'
import json, os
T = os.path.realpath("tree")
e = []
for i in range(9):
    open("tree/u%d.c" % i, "w").write("int u%d;\n" % i)
    e.append({"directory": T, "file": "u%d.c" % i, "command": "gcc -c -o u%d.o u%d.c" % (i, i)})
json.dump(e, open("tree/compile_commands.json", "w"))
END
box_source tree/u4.c
box_guarded tree/u7.c
export OPTIONS=--reproducible
run 0 "$protflow" run $OPTIONS -p tree -o whole

# A SLURM array, without SLURM: what its tasks and the job behind them run.
export TREE=$T/tree RESULTS=$T/results
task() { SLURM_ARRAY_TASK_ID=$1 SLURM_ARRAY_TASK_COUNT=3 SLURM_CPUS_PER_TASK=1 \
	run 0 "$source/recipes/slurm.sh"; }
for i in 3 1 2 1; do
	task $i
done
run 0 "$source/recipes/slurm.sh"
cmp results/results.sarif whole || fail "the array is not the whole"
rm results/part-2.sarif
run 0 "$source/recipes/slurm.sh"
sarif results/results.sarif "'PF-missing' in ids"
unset TREE
run 1 "$source/recipes/slurm.sh"
err_has TREE

# The steps of CI are shell, and what they call is there.
for file in github gitlab; do
	python3 - "$source/recipes/$file.yml" >steps.sh <<'END' || exit 77
import sys
try:
    import yaml
except ImportError:
    sys.exit("no yaml for python")
def walk(v):
    if isinstance(v, dict):
        for k, x in v.items():
            if k == "run":
                print(x)
            elif k in ("script", "before_script"):
                print("\n".join(x))
            else:
                walk(x)
    elif isinstance(v, list):
        for x in v:
            walk(x)
walk(yaml.safe_load(open(sys.argv[1])))
END
	sed -i 's/\${{[^}]*}}/1/g' steps.sh
	run 0 bash -n steps.sh
	grep -q 'run-check.sh run -p obj --shard=' steps.sh || fail "no part in $file.yml"
	grep -q 'run-check.sh merge .*-o results.sarif part-' steps.sh || fail "no merge in $file.yml"
done

# GNU parallel, on this host.
command -v parallel >parallel.path || { echo "GNU parallel is not installed"; exit 77; }
export HOME=$T SHARDS=4 HOSTS=:
mkdir -p .parallel && : >.parallel/will-cite
run 0 "$source/recipes/parallel.sh" tree results.sarif
cmp results.sarif whole || fail "the parts are not the whole"
run 2 "$source/recipes/parallel.sh" tree
err_has OBJTREE
rm tree/compile_commands.json
run 2 "$source/recipes/parallel.sh" tree none.sarif
[[ ! -s none.sarif ]] || fail "a log of nothing"
