# SPDX-License-Identifier: MIT
#
# protflow run on a real kernel, with the compile_commands.json that the kernel's
# own script makes: the results of each unit, its facts, and the merged log are
# byte for byte those of make C=2. Needs what kernel.sh needs.
. "$(dirname "$0")/lib.sh"

src=${PROTFLOW_KERNEL_SRC:-} obj=${PROTFLOW_KERNEL_OBJ:-}
[[ -d $src && -f $obj/.config ]] || { echo "no kernel is prepared for the tests"; exit 77; }
script=$src/scripts/clang-tools/gen_compile_commands.py
[[ -f $script ]] || { echo "this kernel has no gen_compile_commands.py"; exit 77; }
unset ARCH CROSS_COMPILE KBUILD_OUTPUT

targets="drivers/iommu/ drivers/vfio/"
rm -rf "$obj/.protflow"
run 0 make -s -C "$src" O="$obj" -j2 C=2 CHECK="$protflow check --reproducible --report-passes" \
	$targets
grep ': warning: .*\[PF' err | sort >make.warnings
mv "$obj/.protflow" by-make && mkdir "$obj/.protflow" &&
	cp -r by-make/drivers by-make/rules-*.json "$obj/.protflow/"
run 0 "$protflow" merge --reproducible -o make.log "$obj"
rm -rf "$obj/.protflow"
run 0 python3 "$script" -d "$obj" -o compile_commands.json

run 0 "$protflow" run --reproducible --report-passes -o run.log $targets
grep ': warning: .*\[PF' err | sort >run.warnings
diff -r by-make/drivers "$obj/.protflow/drivers" >out || fail "not the results of make"
cmp make.log run.log || fail "not the log of make and merge"
cmp make.warnings run.warnings || fail "other findings"
run 0 "$protflow" merge --reproducible -o log "$obj"
cmp make.log log || fail "not the log of make after merge"
err_hasnt 'warn|error'
sarif run.log "'PF-missing' not in ids" "run['automationDetails']['id'] == 'protflow/x86/'" \
	"len(run['properties']['protflow']['units']) >= 40"

# In parts, as on several machines.
for i in 1 2 3 4; do
	run 0 "$protflow" run --reproducible --report-passes --shard=$i/4 --quiet -o part.$i $targets
done
run 0 "$protflow" merge --reproducible --quiet -o log part.{4,2,1,3}
cmp make.log log || fail "the shards are not the whole"

# A finding's command does it again.
command=$("$protflow" run drivers/iommu/intel/nested.c 2>&1 >log |
	sed -n 's/.*note: reproduce with: //p' | head -n 1)
[[ $command == *run*nested.o ]] || fail "no command to reproduce"
bash -c "$command" >again.out 2>again.err || fail "the command to reproduce: $command"
grep ': warning: .*\[PF' again.err >/dev/null || fail "nothing is reproduced"
