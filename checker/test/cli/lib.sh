# SPDX-License-Identifier: MIT
#
# lib.sh - for the scripts here; source it with the script's own arguments
#
#	. "$(dirname "$0")/lib.sh"
#	run 0 "$protflow" check --sarif log -- a.c	# the status that is expected
#	err_has 'a.c:1:2: warning: '			# a line of stderr, by grep -E
#	sarif log "len(results) == 1"			# a complete log, and more
#
# A test works in a folder of its own, $T, which is removed at the end.
set -u

build=$1
source=$2
protflow=$build/protflow
front=$source/run-check.sh
T=$(mktemp -d "${TMPDIR:-/tmp}/protflow-cli.XXXXXX") || exit 1
trap 'chmod -R u+w "$T" 2>/dev/null; rm -rf "$T"' EXIT
cd "$T" || exit 1

# What the caller's environment could change; a build that runs the tests exports much.
unset KBUILD_CHECKSRC KBUILD_EXTMOD KBUILD_EXTMOD_OUTPUT srctree objtree MAKEFLAGS MAKELEVEL \
	PROTFLOW_RULES PROTFLOW_CHECK
export PROTFLOW=$protflow PROTFLOW_CACHE=$T/cache LC_ALL=C

fail() {
	echo "FAILED: $*"
	[[ -s $T/err ]] && { echo "--- stderr:"; head -n 20 "$T/err"; }
	[[ -s $T/out ]] && { echo "--- stdout:"; head -n 20 "$T/out"; }
	exit 1
}

run() {
	local want=$1 got
	shift
	"$@" >"$T/out" 2>"$T/err" </dev/null
	got=$?
	[[ $got == "$want" ]] || fail "status $got, not $want, of: ${*:0:12}"
}

err_has() { grep -Eq -- "$1" "$T/err" || fail "stderr has no '$1'"; }
err_hasnt() { ! grep -Eq -- "$1" "$T/err" || fail "stderr has '$1'"; }
out_has() { grep -Eq -- "$1" "$T/out" || fail "stdout has no '$1'"; }
out_hasnt() { ! grep -Eq -- "$1" "$T/out" || fail "stdout has '$1'"; }
is_empty() { [[ ! -s $1 ]] || fail "$1 is not empty"; }

# What a script that counts warnings in a build's output would count.
err_counts() {
	local n
	n=$(grep -Eic 'warn|error' "$T/err")
	[[ $n == "$1" ]] || fail "$n lines of stderr have 'warn' or 'error', not $1"
}

# sarif FILE [EXPRESSION...]: the file is one whole log, for which the expressions hold.
sarif() {
	[[ -s $1 ]] || fail "there is no log $1"
	python3 - "$@" >"$T/py" 2>&1 <<'END' || { cat "$T/py"; fail "the log $1"; }
import json, sys
log = json.load(open(sys.argv[1], encoding="utf-8"))
assert log["version"] == "2.1.0" and "$schema" in log and len(log["runs"]) == 1
run = log["runs"][0]
driver = run["tool"]["driver"]
assert driver["name"] == "protflow"
results = run["results"]
fails = [r for r in results if r.get("kind", "fail") == "fail"]
reviews = [r for r in results if r.get("kind") == "review"]
invocation = run["invocations"][0]
notes = (invocation.get("toolExecutionNotifications", []) +
         invocation.get("toolConfigurationNotifications", []))
ids = [n["descriptor"]["id"] for n in notes]
texts = [n["message"]["text"] for n in notes]
status = invocation["exitCode"]
ok = invocation["executionSuccessful"]
for expression in sys.argv[2:]:
    assert eval(expression), (expression, {"ids": ids, "texts": texts, "status": status,
                                           "results": [r["message"]["text"] for r in results]})
END
}

# The tree of testdata/kbuild, as $T/NAME.
box_tree() { cp -r "$source/testdata/kbuild" "$T/$1"; }
rules=$source/testdata/kbuild/rules

# The same as $T/a, of two units: guarded.c has the store of which the rule is, without a
# guard, and caller.c calls it.
box_pair() {
	box_tree a
	sed -i 's/^objects := .*/objects := $(addprefix drivers\/box\/, guarded.o caller.o)/' a/Makefile
	cat >>a/drivers/box/box.h <<'END'
int raw_put(struct box *box, unsigned int i, int flags);
END
	cat >a/drivers/box/guarded.c <<'END'
#include "box.h"

int raw_put(struct box *box, unsigned int i, int flags)
{
	box->slots[i & 3].val = (unsigned int)flags;
	return 0;
}
END
	box_caller ''
}

# box_caller TEXT: what stands before the call.
box_caller() {
	cat >a/drivers/box/caller.c <<END
#include "box.h"

int guarded_call(struct box *box, int flags);
int guarded_call(struct box *box, int flags)
{
	$1
	return raw_put(box, 0, flags);
}
END
}

# A program folder whose protflow-unit does what the text says.
fake_unit() {
	mkdir -p "$T/fake/rules"
	cp "$protflow" "$T/fake/protflow"
	cp "$rules"/*.yaml "$T/fake/rules"
	ln -sfn "$source/rules/models" "$T/fake/rules/models"
	printf '#!/bin/bash\n%s\n' "$1" >"$T/fake/protflow-unit"
	chmod +x "$T/fake/protflow-unit"
}

# A source that the rule of testdata/kbuild/rules concerns, and finds fault with in line 6.
box_source() {
	cat >"$1" <<'END'
struct slot { unsigned long long val; };
struct box { struct slot *slots; _Bool lid; };
int put(struct box *box, int flags);
int put(struct box *box, int flags)
{
	box->slots[0].val = 1 | (flags & 2);
	return 0;
}
END
}

# The same with the guard.
box_guarded() {
	box_source "$1"
	sed -i '6s/^/	if (!(flags \& 2) \&\& box->lid) return -1;\n/' "$1"
}
