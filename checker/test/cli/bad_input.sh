# SPDX-License-Identifier: MIT
# What is no source, or no good one: a clear message, the right status, a whole log.
. "$(dirname "$0")/lib.sh"

check() {
	local status=$1
	shift
	run "$status" "$protflow" check --rules "$rules" --sarif log "$@"
}

# Nothing that could be checked.
check 2 -- -nostdinc -DX
err_has 'no source file among the arguments'
sarif log "ids == ['PF-source']" "status == 2"
check 2 --
sarif log "ids == ['PF-source']"
check 2
check 2 -- none.c
err_has '^protflow: none.c: No such file'
sarif log "ids == ['PF-source']"
mkdir folder.c
check 2 -- folder.c
err_has 'folder.c: is a directory'
mkfifo pipe.c
check 2 -- pipe.c
err_has 'pipe.c: is no regular file'
# Under Kbuild the build goes on, and the unit has its result.
KBUILD_CHECKSRC=1 run 0 "$protflow" check --rules "$rules" -- -Wp,-MMD,x/.none.o.d none.c
err_has 'none.c'
sarif .protflow/x/none.o.sarif "ids == ['PF-source']" "status == 0"

# Empty, and nothing that a rule concerns.
: >empty.c
check 0 -- empty.c
is_empty err
sarif log "ids == ['PF-skipped']" "results == []" "ok"
printf 'struct other { int x; };\n' >other.c
check 0 -- other.c
is_empty err

# Binary junk: skipped, or parsed with every complaint kept.
head -c 100000 /dev/urandom >junk.c
check 0 -- junk.c
sarif log
{ echo 'struct box lid slot val;'; head -c 20000 /dev/urandom; } >junk.c
check 0 -- junk.c
sarif log "not ok" "'PF-parse' in ids or 'PF-crash' in ids"
printf 'struct box { _Bool lid; }; struct slot { int val; };\0\0\0' >nul.c
check 0 -- nul.c
sarif log

# Unbalanced braces: the unit is incomplete, never proved or not applicable.
incomplete() {
	sarif log "not ok" "'PF-parse' in ids" "'PF-not-applicable' not in ids" \
		"not [r for r in results if r.get('kind') == 'pass']" \
		"reviews or 'PF-incomplete' in ids"
	err_has "$1"
}
box_source a.c
sed '$d' a.c >open.c
check 0 --report-passes -- open.c
incomplete open.c
check 1 --strict -- open.c
sarif log "status == 1"
box_guarded fine.c
check 0 --report-passes -- fine.c
sarif log "ok" "[r for r in results if r.get('kind') == 'pass']"
for i in {1..3000}; do printf '{{{{{{{{{{{{{{{{{{{{'; done >>fine.c
check 0 --report-passes -- fine.c
sarif log "not ok" "not [r for r in results if r.get('kind') == 'pass']"

# A header that is missing: what it would bring is not known.
box_guarded fine.c
{ echo '#include "none.h"'; cat fine.c; } >header.c
check 0 --report-passes -- header.c
incomplete 'none.h'
# One function does not parse; a finding in another one stays.
{ cat a.c; echo 'int bad(struct box *b) { return b->nothing; }'; } >function.c
check 0 -- function.c
err_has 'function.c:6:[0-9]+: warning: '
sarif log "len(fails) == 1" "not ok" "any(\"'bad'\" in t for t in texts)"

# A source of 50 MB, concerned or not.
{ cat fine.c; head -c 50000000 /dev/zero | tr '\0' '\n'; } >large.c
check 0 --report-passes -- large.c
sarif log "ok"
yes 'static int lid, box, slot, val, f(int a) { return a; }' | head -c 50000000 >large.c
check 0 --max-seconds=1 -- large.c
sarif log "not ok" "'PF-budget' in ids"
err_has 'max-seconds'
nm "$protflow" | grep -q __asan_init || check 0 --max-memory=300 -- large.c
sarif log "not ok"
yes 'typedef int foo;' | head -c 50000000 >large.c
check 0 -- large.c
sarif log "ids == ['PF-skipped']"

# Deep nesting must not overrun a stack without a report.
{ cat fine.c; printf 'int deep(struct box *b) { return '; for i in {1..3000}; do printf '(1+'; done
  printf 0; for i in {1..3000}; do printf ')'; done; echo '; }'; } >deep.c
check 0 -- deep.c
sarif log

# Files that are no text files of the rules.
mkdir big && { cat "$rules/box.yaml"; head -c 10000000 /dev/zero | tr '\0' '#'; } >big/a.yaml
run 2 "$protflow" check --rules big --sarif log -- a.c
err_has '^big/a.yaml:'
mkdir cyclic && printf 'a: &a [*a]\n' >cyclic/a.yaml
run 2 "$protflow" check --rules cyclic --sarif log -- a.c
err_has '^cyclic/a.yaml:[0-9]+:[0-9]+: '
mkdir latin && { cat "$rules/box.yaml"; printf '# \xe9\n'; } >latin/a.yaml
run 2 "$protflow" check --rules latin --sarif log -- a.c
err_has '^latin/a.yaml:[0-9]+:[0-9]+: '
sarif log "status == 2"
KBUILD_CHECKSRC=1 run 0 "$protflow" check --rules latin -- -Wp,-MMD,./.a.o.d a.c
err_has 'latin/a.yaml:'
sarif .protflow/a.o.sarif "'PF-rule-file' in ids" "status == 0"
