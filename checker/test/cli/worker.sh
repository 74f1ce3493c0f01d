# SPDX-License-Identifier: MIT
# However the process of a unit ends, the unit is reported, whole, and once.
. "$(dirname "$0")/lib.sh"

box_source a.c
fake=$T/fake/protflow

# given_up STATUS-OPTIONS REASON: what every bad end has in common.
given_up() {
	run 0 "$fake" check --sarif log "$@" -- a.c
	sarif log "not ok" "len(fails) == 0" "any('$id' == i for i in ids)" \
		"any(r['ruleId'] == 'PF9001' for r in reviews) or 'PF-incomplete' in ids"
	err_has 'a.c'
	run 1 "$fake" check --strict --sarif log "$@" -- a.c
	sarif log "status == 1"
	KBUILD_CHECKSRC=1 run 0 "$fake" check --strict --sarif log "$@" -- -Wp,-MMD,./.a.o.d a.c
	sarif log "status == 0"
	sarif .protflow/a.o.sarif
	rm -rf .protflow log
}

id=PF-crash
fake_unit 'kill -SEGV $$'
given_up
fake_unit 'echo half >&$4; echo "half a text" >&$3; kill -ABRT $$'
given_up
err_hasnt 'half'
fake_unit 'exit 127'
given_up
fake_unit 'exit 23'
given_up
# 0 and 1 are what others end with too: a sanitizer, a shell.
fake_unit 'exit 1'
given_up
fake_unit 'exit 0'
given_up
rm "$T/fake/protflow-unit"
given_up

id=PF-budget
fake_unit 'exit 75'
given_up
fake_unit 'while :; do :; done'
given_up --max-seconds=0.1
err_has 'max-seconds'
# Sleeping counts too, by the clock.
fake_unit "exec sleep 1000"
start=$SECONDS
run 0 "$fake" check --sarif log --max-seconds=0.1 -- a.c
((SECONDS - start < 60)) || fail "waited too long"
sarif log "'PF-budget' in ids"

# What it wrote to stderr by itself is shown to a caller, not to a build.
fake_unit 'echo "an assertion of error" >&2; exit 134'
run 0 "$fake" check -- a.c
err_has 'an assertion'
KBUILD_CHECKSRC=1 run 0 "$fake" check -- -Wp,-MMD,./.a.o.d a.c
err_hasnt 'an assertion'

# A good end: text and log as they are, and the status.
fake_unit 'echo "a.c:1:1: warning: x [PF9001]" >&$3; echo "{}" >&$4; exit 41'
run 1 "$fake" check --sarif log -- a.c
err_has '^a.c:1:1: warning: x'
[[ $(cat log) == '{}' ]] || fail "the log is not the unit's"
KBUILD_CHECKSRC=1 run 0 "$fake" check -- -Wp,-MMD,./.a.o.d a.c
KBUILD_CHECKSRC=1 run 1 "$fake" check --fail-on=warning -- -Wp,-MMD,./.a.o.d a.c

# The bounds reach it.
fake_unit 'ulimit -v >&$3; ulimit -t >&$3; echo "{}" >&$4; exit 40'
run 0 "$fake" check --max-memory=100 --max-seconds=7 -- a.c
if ! nm "$protflow" | grep -q __asan_init; then
	err_has '^102400$'
fi
err_has '^8$'

# The parent killed: the unit's process does not go on, and no log is left, not even a part.
fake_unit 'echo $$ >pid; echo "{" >&$4; exec sleep 1000'
"$fake" check --sarif killed.sarif -- a.c &
for _ in {1..100}; do [[ -s pid ]] && break; sleep 0.05; done
kill -9 $!
wait 2>/dev/null
for _ in {1..100}; do kill -0 "$(cat pid)" 2>/dev/null || break; sleep 0.05; done
! kill -0 "$(cat pid)" 2>/dev/null || fail "the process of the unit goes on"
[[ -z $(compgen -G 'killed.sarif*') ]] || fail "something is left of the log"
