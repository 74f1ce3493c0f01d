# SPDX-License-Identifier: MIT
#
# A kernel that probes its checker (7.x): PROTFLOW_NEWER_SRC is its source, PROTFLOW_NEWER_OBJ an
# object tree, prepared, with drivers/iommu compiled. run-check.sh test fetches the newest that
# there is; where it could not, this test says so and is skipped.
. "$(dirname "$0")/lib.sh"

src=${PROTFLOW_NEWER_SRC:-} obj=${PROTFLOW_NEWER_OBJ:-}
script=$src/scripts/checker-valid.sh
[[ -n $src ]] || { echo "no newer kernel was fetched for this test (PROTFLOW_NEWER_SRC)"; exit 77; }
[[ -f $script ]] || { echo "$src has no scripts/checker-valid.sh; it is no newer kernel"; exit 77; }
[[ -f $obj/.config ]] || fail "PROTFLOW_NEWER_OBJ: $obj is not configured"
unset ARCH CROSS_COMPILE KBUILD_OUTPUT

# The kernel's own script keeps checking on.
flags=(-D__linux__ -Dlinux -D__STDC__ -Dunix -D__unix__ -Wbitwise -Wno-return-void
       -Wno-unknown-attribute -D__x86_64__ --arch=x86 -mlittle-endian -m64)
for check in "$front" "$front --sparse" "$front --rules=$rules --fail-on=error" \
	     "$protflow check --"; do
	# CHECK is words.
	# shellcheck disable=SC2086
	[[ $(sh "$script" $check "${flags[@]}") == 1 ]] || fail "checking is turned off: $check"
done
[[ $(sh "$script" /bin/echo error) == 0 ]] || fail "the script does not ask any more"

# And so does its makefile: units are checked, and what is not understood is not said to hold.
units=(drivers/iommu/intel/iommu.o drivers/iommu/intel/nested.o drivers/iommu/iommu.o)
rm -rf "$obj/.protflow"
run 0 make -C "$src" O="$obj" -j2 C=2 CHECK="$front --sparse" "${units[@]}"
err_hasnt 'not available or not up to date'
# The nested attach sets up the entry before the device is in the list, here as in 6.12.
err_counts 1
err_has 'intel/nested.c:[0-9]+:[0-9]+: warning: .*\[PF2133\]$'
for unit in "${units[@]}"; do
	out_has "^  CHECK +(.*/)?${unit%.o}\.c$"
	sarif "$obj/.protflow/$unit.sarif" "'PF-parse' not in ids" "ok" \
		"all(r['ruleId'] == 'PF2133' for r in fails)"
done
"$protflow" merge -o log "$obj" >out 2>err
grep -q '^PF2101 ' out || fail "PF2101 was not asked"
! grep -E '^PF210[0-9] .*(proved|VIOLATED)' out || fail "a design that no rule is for is judged"

# All the forms in which a kernel is built.
PROTFLOW_KERNEL_SRC=$src PROTFLOW_KERNEL_OBJ=$obj bash "$source/checker/test/cli/kernel.sh" "$build" "$source" ||
	fail "kernel.sh with the newer kernel"
