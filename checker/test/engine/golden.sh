#!/bin/bash
# SPDX-License-Identifier: MIT
# golden.sh PROTFLOW PROJECT [--update]: dumps the states, summaries and obligations of
# testdata/engine/*.c and compares with the .dump beside it.
protflow=$1
project=$2
update=${3:-}
failed=0

cd "$project/testdata/engine" || exit 1
# The functions that protflow makes of the rules' expressions are left out.
dump() {
	"$protflow" check --rules rules --dump=state,summary,obligations -- -std=gnu11 "$1" \
		2>/dev/null |
		awk '/^(state|summary|obligation) / { skip = $2 ~ /^__protflow/ } !skip'
}
for source in *.c; do
	expected=${source%.c}.dump
	if [ "$update" = --update ]; then
		dump "$source" > "$expected"
	elif ! diff -u "$expected" <(dump "$source"); then
		echo "$source is analysed to something else; golden.sh --update accepts it"
		failed=1
	fi
done
exit $failed
