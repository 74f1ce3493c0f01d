#!/bin/sh
# SPDX-License-Identifier: MIT
# protflow rules, as a user calls it: PROTFLOW SOURCE
protflow=$1
cd "$2" || exit 1
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
bad=0

# run STATUS NAME ARGS...: the status, and that something was said
run()
{
	want=$1
	name=$2
	shift 2
	"$protflow" rules "$@" >"$dir/out" 2>"$dir/err"
	got=$?
	if [ "$got" -ne "$want" ]; then
		echo "$name: exit status $got, not $want" >&2
		cat "$dir/out" "$dir/err" >&2
		bad=1
	fi
}

# has FILE TEXT
has()
{
	grep -qF -- "$2" "$dir/$1" && return
	echo "$name: no '$2' in its $1:" >&2
	cat "$dir/$1" >&2
	bad=1
}

run 0 list list --rules rules
has out "PF2101   error    high"
[ "$(wc -l <"$dir/out")" -ge 6 ] || { echo "list: too short" >&2; bad=1; }

run 0 explain explain PF2101 --rules=rules
has out "VtdReadOnlyNestedMapping"
has out "How to silence it"

run 0 explain-lock explain PF2115 --rules rules
has out "fields     struct dmar_domain.s2_link"
has out "lock       s2_domain->s1_lock"
run 0 explain-sides explain PF2119 --rules rules
has out "sides      struct dmar_domain.read_only_mapped unless domain->set_nested"

run 2 explain-unknown explain PF2100 --rules rules
has err "did you mean 'PF21"
run 2 explain-none explain --rules rules

run 0 check check rules
has out "nothing wrong"
run 0 check-files check rules/iommu/vtd-readonly-nested.yaml
has out "1 rule, nothing wrong"

cd checker/test/rules/data || exit 1
run 2 check-faults check ten-faults.yaml
if ! cmp -s "$dir/err" ten-faults.expect; then
	echo "check-faults: not as in ten-faults.expect:" >&2
	diff ten-faults.expect "$dir/err" >&2
	bad=1
fi
# Several files, all faults of all of them.
run 2 check-many check tab.yaml cyclic.yaml latin1.yaml
has err "tab.yaml:2:1: "
has err "cyclic.yaml:2:5: "
has err "latin1.yaml:2:11: "

head -c 10485760 /dev/zero | tr '\0' '#' >"$dir/big.yaml"
run 2 check-big check "$dir/big.yaml"
has err "big.yaml:1:1: more than"
run 2 check-missing check "$dir/missing.yaml"
has err "No such file"
run 2 check-folder check "$dir/missing" "$dir"
run 2 list-missing list --rules "$dir/missing"
has err "No such file"
mkdir "$dir/empty"
run 2 list-empty list --rules "$dir/empty"
has err "there is no rule file"

# What a rule says does not depend on another that watches the record around its own.
mkdir "$dir/two"
rule()
{
	cat <<END
id: $1
name: $2
template: stable-field
message: "'{field}' is written."
short: It is written.
severity: error
confidence: high
help: |
  It is written.
field: "$3"
is: init-only
unknown: incomplete
END
}
{ rule PF1 Outer "struct outer.own"; echo ---; rule PF2 Inner "struct inner.flags"; } \
	>"$dir/two/two.yaml"
cat >"$dir/two/two.c" <<'END'
struct inner { int first; int flags; };
struct middle { int before; struct inner in; };
struct outer { int own; union { int other; struct middle mid[2]; }; };

void by_the_outer(struct outer *o)
{
	o->mid[1].in.flags = 1;	/* PF2: another rule watches the outer record */
	o->mid[1].in.first = 1;	/* ok PF2: beside it */
	o->own = 1;	/* PF1: of the outer record */
	o->other = 1;	/* ok PF1: beside it */
}

void by_its_own(struct inner *in)
{
	in->flags = 1;	/* PF2: by its own type */
	in->first = 1;	/* ok PF2: beside it */
}
END
run 0 test-two test "$dir/two"
has out "3 flagged, 3 not flagged"

run 2 no-word
run 2 wrong-word chekc
has err "there is no 'rules chekc'"
run 2 wrong-option list --frob
run 2 option-alone list --rules
run 0 help --help
has out "usage: protflow rules"
exit $bad
