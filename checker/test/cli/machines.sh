# SPDX-License-Identifier: MIT
#
# drivers/iommu of a real kernel that was configured in other ways: by clang, by allmodconfig
# with KASAN, for arm64. All of it parses, nothing is given up, and the verdicts are those of
# the usual tree. run-check.sh test makes the trees and names them; one that could not be made
# (no cross compiler, say) is left out here, and told.
. "$(dirname "$0")/lib.sh"

src=${PROTFLOW_KERNEL_SRC:-} obj=${PROTFLOW_KERNEL_OBJ:-}
[[ -d $src && -f $obj/.config ]] || { echo "no kernel is prepared for the tests"; exit 77; }
unset ARCH CROSS_COMPILE LLVM KBUILD_OUTPUT
tried=

# judged NAME OBJTREE: its rules' verdicts, a line each, to NAME; all units are seen in full.
judged() {
	rm -rf "$2/.protflow"
	run 0 "$protflow" run -p "$2" --reproducible --quiet -o "$1.sarif" --list drivers/iommu
	[[ $(wc -l <out) -ge 30 ]] || fail "$1: $(wc -l <out) units are not drivers/iommu"
	local units
	units=$(wc -l <out)
	run 0 "$protflow" run -p "$2" --reproducible -o "$1.sarif" drivers/iommu
	rm -rf "$2/.protflow"
	sarif "$1.sarif" "len(run['properties']['protflow']['units']) == $units" \
		"not {'PF-parse', 'PF-crash', 'PF-budget', 'PF-missing', 'PF-anchor'} & set(ids)" \
		"all(u['status'] != 'incomplete' for u in run['properties']['protflow']['units'])"
	sed -nE 's/^(PF[0-9]+) [^:]*: (proved|incomplete|not certain|[A-Z ]*VIOLATED|VACUOUS).*/\1 \2/p' \
		out >"$1"
	[[ -s $1 ]] || fail "$1: no rule has a verdict"
	tried+=" $1"
}

# as_usual NAME [RULE:VERDICT...]: the verdicts of the usual tree, but for those that are known.
as_usual() {
	local name=$1 known
	shift
	cp usual want
	for known; do
		grep -qx "${known/:/ }" "$name" || fail "$name: ${known%:*} is not '${known#*:}' any more"
		sed -i "s/^${known%:*} .*/${known/:/ }/" want
	done
	diff <(sort want) <(sort "$name") >out || fail "$name: other verdicts than on the usual tree"
}

judged usual "$obj"
for name in llvm allmod arm64; do
	tree=PROTFLOW_${name^^}_OBJ
	[[ -f ${!tree:-}/.config ]] || continue
	case $name in
	allmod) grep -q '^CONFIG_KASAN=y' "${!tree}/.config" || fail "$name has no KASAN" ;;
	llvm) grep -q '^CONFIG_CC_IS_CLANG=y' "${!tree}/.config" || fail "$name is not clang's" ;;
	arm64) grep -q '^CONFIG_ARM64=y' "${!tree}/.config" || fail "$name is for something else" ;;
	esac
	judged $name "${!tree}"
	case $name in
	llvm) as_usual llvm ;;
	# PF2101, todo: of debugfs.c, which is built there, more paths lead to a page table than can
	# be followed. PF2114: what lockdep is told says which lock it is.
	allmod) as_usual allmod PF2101:incomplete PF2114:proved ;;
	arm64) [[ $(<arm64) == 'PF2130 proved' ]] || fail "arm64: $(<arm64)" ;;
	esac
done
echo "judged:$tried"
[[ $tried == *' '*' '* ]] || { echo "no other kernel is prepared for the tests"; exit 77; }
