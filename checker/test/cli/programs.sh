# SPDX-License-Identifier: MIT
# protflow itself must not load libclang: a build calls it thousands of times.
. "$(dirname "$0")/lib.sh"

command -v readelf >/dev/null || exit 77
readelf -d "$protflow" >needed || fail "readelf"
! grep -q libclang needed || fail "protflow needs libclang"
readelf -d "$build/protflow-unit" | grep -q libclang || fail "protflow-unit has no libclang"
[[ -d $build/rules && -d $build/rules/models ]] || fail "no rules beside the program"

# Started by hand it says so, and does nothing.
run 2 "$build/protflow-unit"
err_has 'started by protflow'
