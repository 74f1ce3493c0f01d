#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Checks an object tree in parts on several hosts, with GNU parallel over ssh.
#
#	HOSTS=big1,4/big2 recipes/parallel.sh OBJTREE RESULTS.sarif [PATH...]
#
# Each host has protflow, the kernel's source and the object tree with its
# compile_commands.json under the same names: a network file system, or copies of
# one checkout. HOSTS is what parallel's --sshlogin takes (":" is this host),
# SHARDS the number of parts, some for each host, so that a slow one gets fewer.
# The parts come back through ssh; no other file is copied.
#
# Exit status: that of "protflow merge". A part that failed twice leaves its
# units missing, and the merged log says so.
set -u -o pipefail

[[ $# -ge 2 ]] || { sed -n 's,^#\tHOSTS,usage: HOSTS,p' "$0" >&2; exit 2; }
tree=$(realpath -- "$1") out=$2
shift 2
protflow=${PROTFLOW:-protflow} shards=${SHARDS:-16}
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

words=$(printf '%q ' "$tree" "$@")
one="log=\$(mktemp) && $(printf %q "$protflow") run --quiet ${OPTIONS:-} --shard={}/$shards \
-o \$log -p $words; status=\$?; cat \$log; rm -f \$log; exit \$status"
parallel --sshlogin "${HOSTS:-:}" --jobs "${JOBS:-1}" --retries 2 --joblog "$work/jobs" \
	--results "$work/{}.sarif" "$one" ::: $(seq "$shards") >/dev/null
echo "parallel: $? of $shards parts failed" >&2

# A part that failed may have left none; half a log is told by merge.
find "$work" -name '*.sarif' -empty -delete
ls "$work"/*.sarif >/dev/null || exit 2
"$protflow" merge ${OPTIONS:-} -o "$out" "$work"/*.sarif
