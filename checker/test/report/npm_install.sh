#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Installs the validators of package.json into a folder, unless they are there.
#
#	npm_install.sh DIR

set -u
here=$(dirname "$0")
dir=$1

fail() {
	echo "The SARIF validators cannot be installed: $1" >&2
	echo "The tests of SARIF need npm and, once, its registry: check the network, then" >&2
	echo "try 'npm install' in $dir." >&2
	exit 1
}

command -v npm > /dev/null || fail "there is no npm (package npm)"
command -v node > /dev/null || fail "there is no node (package nodejs)"
mkdir -p "$dir" || fail "$dir cannot be made"
if cmp -s "$here/package.json" "$dir/installed.json"; then
	exit 0
fi
cp "$here/package.json" "$dir/package.json" || fail "$dir cannot be written"
(cd "$dir" && npm install --no-audit --no-fund --no-package-lock --ignore-scripts) ||
	fail "npm install failed, see above"
cp "$here/package.json" "$dir/installed.json"
