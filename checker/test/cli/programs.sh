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

# Installed, both programs and the rules find each other below any prefix.
run 0 cmake --install "$build" --prefix "$T/prefix"
box_source a.c
run 0 "$T/prefix/bin/protflow" check --sarif log -- a.c
sarif log "'PF-skipped' in ids" "len(driver['rules']) > 0"
run 0 "$T/prefix/bin/protflow" check --rules "$rules" --sarif log -- a.c
sarif log "len(fails) == 1"
run 0 "$T/prefix/bin/protflow" rules list
out_has '^PF2101'
