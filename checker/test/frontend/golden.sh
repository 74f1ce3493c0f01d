#!/bin/bash
# SPDX-License-Identifier: MIT
# golden.sh DUMP PROJECT [--update]: lowers testdata/lowering/*.c, compares with the .ir beside it.
# A source may begin with a comment of more flags: /* flags: --target=aarch64-linux-gnu */
dump=$1
project=$2
update=${3:-}
failed=0

cd "$project/testdata/lowering" || exit 1
for source in *.c; do
	expected=${source%.c}.ir
	read -ra flags < <(sed -n '1s,^/\* flags: \(.*\) \*/$,\1,p' "$source")
	# Not by --update either: a body that is not sound is never what is expected.
	if ! have=$("$dump" -g -m ../../rules/models "$source" -std=gnu11 "${flags[@]}" 2>&1); then
		echo "$source: a body is not sound, or the source was not read"
		failed=1
	elif [ "$update" = --update ]; then
		printf '%s\n' "$have" > "$expected"
	elif ! diff -u "$expected" <(printf '%s\n' "$have"); then
		echo "$source is lowered to something else; golden.sh --update accepts it"
		failed=1
	fi
done
exit $failed
