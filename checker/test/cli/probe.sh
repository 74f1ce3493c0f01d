# SPDX-License-Identifier: MIT
#
# Newer kernels turn checking off where the checker does not pass a probe: it
# gets CHECKFLAGS and a file without a suffix, and must not print "error".
. "$(dirname "$0")/lib.sh"

flags=(-D__linux__ -Dlinux -D__STDC__ -Dunix -D__unix__ -Wbitwise -Wno-return-void
       -Wno-unknown-attribute -D__x86_64__ --arch=x86 -mlittle-endian -m64)
cat >tmp.a8Zr3kQw1x <<'END'
static int deref(const int *p)
{
	__typeof_unqual__(*p) copy = *p;
	return copy;
}
END

silent() {
	run 0 "$@"
	is_empty "$T/out"
	is_empty "$T/err"
	[[ -z $(find . -newer mark ! -name mark ! -name out ! -name err -type f) ]] ||
		fail "the probe left a file"
}
touch mark && sleep 0.02

probe=$T/tmp.a8Zr3kQw1x
silent "$front" "${flags[@]}" "$probe"
silent "$front" --rules="$rules" --fail-on=error "${flags[@]}" "$probe"
silent "$front" "${flags[@]:0:8}" --protflow-stats --protflow-unheard-of "${flags[@]:8}" "$probe"
silent env KBUILD_CHECKSRC=1 "$front" "${flags[@]}" "$probe"
silent "$protflow" check -- "${flags[@]}" "$probe"
PROTFLOW='' silent "$front" "${flags[@]}" "$probe"

# All of it, as the kernel's script asks it: 1 keeps checking on.
ask() {
	local text
	[[ -x $(command -v "$1") ]] || return 1
	text=$("$@" "$probe" 2>&1)
	case $text in *error*) echo 0 ;; *) echo 1 ;; esac
}
# In a folder whose name has the word, as a path in a message would.
mkdir error && cp "$front" error/ && cd error || exit 1
[[ $(ask "$T/error/run-check.sh" "${flags[@]}") == 1 ]] || fail "the probe turns checking off"
[[ $(ask sh -c 'echo x error y' x) == 0 ]] || fail "the test's own probe is wrong"

# The kernel's own script, where a kernel that has one is at hand.
script=${PROTFLOW_CHECKER_VALID:-${PROTFLOW_KERNEL_SRC:-}/scripts/checker-valid.sh}
if [[ -f $script ]]; then
	[[ $(sh "$script" "$front" "${flags[@]}") == 1 ]] || fail "$script turns checking off"
	[[ $(sh "$script" "$protflow" check -- "${flags[@]}") == 1 ]] || fail "$script: protflow"
fi
