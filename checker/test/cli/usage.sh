# SPDX-License-Identifier: MIT
# Words on the command line.
. "$(dirname "$0")/lib.sh"

run 2 "$protflow"
err_has 'no command'
run 2 "$protflow" chekc
err_has "no command 'chekc'"
run 0 "$protflow" help
out_has '^ *check '
out_has '^ *merge '
out_has '^ *rules '
run 0 "$protflow" --help
run 0 "$protflow" version
[[ $(wc -l <out) == 1 ]] || fail "version is not one line"
out_has '^protflow [0-9]'
run 0 "$protflow" --version
run 0 "$protflow" check --help
out_has '^usage: protflow check'

# Unknown options and values: what is meant, status 2, and a log all the same.
box_source a.c
run 2 "$protflow" check --sraif log -- a.c
err_has "unknown option '--sraif', did you mean '--sarif'"
run 2 "$protflow" check --sarif log --fail-on=eror -- a.c
err_has "'--fail-on'"
sarif log "'PF-option' in ids" "status == 2" "not ok"
run 2 "$protflow" check --max-seconds=0 -- a.c
run 2 "$protflow" check --max-seconds=x -- a.c
run 2 "$protflow" check --max-memory=-1 -- a.c
run 2 "$protflow" check --dump=ir,nothing -- a.c
run 2 "$protflow" check --stats=yes -- a.c
run 2 "$protflow" check --sarif
err_has "needs a value"

# A unit that no rule can concern is skipped, unless it is said that it must not be.
echo 'int f(int x); int f(int x) { return x; }' >b.c
run 0 "$protflow" check --rules "$rules" --sarif log -- b.c
sarif log "ids == ['PF-skipped']"
run 0 "$protflow" check --rules "$rules" --sarif log --no-filter -- b.c
sarif log "ids == []" "ok" "results == []"

# Rules that are not there, or that nobody knows.
run 2 "$protflow" check --rules "$T/none" --sarif log -- a.c
err_has 'none'
sarif log "status == 2"
run 2 "$protflow" check --rules "$rules" --only=PF1 --sarif log -- a.c
err_has "no rule 'PF1'"
sarif log "status == 2"
run 0 "$protflow" check --rules "$rules" --disable=PF9001 --sarif log -- a.c
sarif log "results == []" "'PF-skipped' in ids"
PROTFLOW_RULES=$rules run 0 "$protflow" check --sarif log --disable=PF9001 -- a.c
sarif log "status == 0"

# A rule file with faults: each with its place, all at once.
mkdir bad
printf 'id: PF9\nwhn: "x"\nname: 3 4\n' >bad/a.yaml
printf 'a: [1\n' >bad/b.yaml
run 2 "$protflow" check --rules bad --sarif log -- a.c
err_has "^bad/a.yaml:2:1: .*whn"
err_has "^bad/b.yaml:[0-9]+:[0-9]+: "
sarif log "status == 2" "ids.count('PF-rule-file') >= 2"
