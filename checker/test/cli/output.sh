# SPDX-License-Identifier: MIT
# Where the output goes, and what becomes of it when it cannot go there.
. "$(dirname "$0")/lib.sh"

check() { local status=$1; shift; run "$status" "$protflow" check --rules "$rules" "$@" -- a.c; }

box_source a.c

# A file: new, or replaced as a whole; nothing else is left.
check 0 --sarif log
sarif log "len(fails) == 1"
echo old >log && chmod 640 log
check 0 --sarif log
sarif log "len(fails) == 1"
[[ $(ls log*) == log ]] || fail "something is left beside the log"

# No regular file is written to, not replaced.
check 0 --sarif /dev/null
[[ -c /dev/null ]] || fail "/dev/null is gone"
mkfifo pipe
cat pipe >got &
check 0 --sarif pipe
wait
[[ -p pipe ]] || fail "the pipe is gone"
sarif got "len(fails) == 1"
ln -s real link
check 0 --sarif link
sarif real "len(fails) == 1"
check 0 --sarif link
[[ -L link ]] || fail "the link is gone"
sarif real "len(fails) == 1"
"$protflow" check --rules "$rules" --sarif /dev/stdout -- a.c >redirected 2>err
sarif redirected "len(fails) == 1"

# Full, read-only, no folder, a folder: told, status 2, and the finding is not lost.
unwritable() {
	check 2 --sarif "$1"
	err_has "^protflow: $1: cannot be written: "
	err_has '^a.c:6:[0-9]+: warning: '
	KBUILD_CHECKSRC=1 run 0 "$protflow" check --rules "$rules" --sarif "$1" -- \
		-Wp,-MMD,./.a.o.d a.c
	err_has '^a.c:6:[0-9]+: warning: '
	sarif .protflow/a.o.sarif "len(fails) == 1"
	rm -rf .protflow
}
unwritable /dev/full
unwritable none/log
unwritable a.c/log
mkdir folder
unwritable folder
if ((EUID)); then
	mkdir closed && chmod 555 closed
	unwritable closed/log
fi
# The same for the result of a unit in a build.
echo >.protflow
KBUILD_CHECKSRC=1 run 0 "$protflow" check --rules "$rules" -- -Wp,-MMD,x/.a.o.d a.c
err_has '^a.c:6:[0-9]+: warning: '
err_has 'cannot be written'
rm .protflow

# Nobody reads stderr any more.
"$protflow" check --rules "$rules" --sarif log -- a.c 2> >(exec true)
sarif log "len(fails) == 1"
"$protflow" check --rules "$rules" --sarif log -- a.c 2>&-
sarif log "len(fails) == 1"

# One write(2) for each finding: every datagram is a whole block.
box_source b.c
tail -n +4 b.c | sed 's/put/static_put/; s/^int/int static_put(struct box *, int); int/' >>a.c
python3 - "$protflow" "$rules" <<'END' || fail "findings are torn or mixed"
import socket, subprocess, sys
ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
ours.settimeout(60)
p = subprocess.Popen([sys.argv[1], "check", "--rules", sys.argv[2], "--", "a.c"], stderr=theirs,
                     stdout=theirs)
theirs.close()
p.wait()
ours.setblocking(False)
blocks = []
try:
    while True:
        blocks.append(ours.recv(1 << 20).decode())
except (BlockingIOError, ConnectionResetError):
    pass
assert len(blocks) == 2, blocks
for b in blocks:
    lines = b.split("\n")
    assert b.endswith("\n") and ": warning: " in lines[0], b
    assert all(": note: " in l for l in lines[1:-1]), b
END

# The log and the text are the same each time, and the log on each machine.
check 0 --reproducible --sarif one
mv err err1
check 0 --reproducible --sarif two
cmp one two || fail "the logs differ"
cmp err1 err || fail "the texts differ"
mkdir -p elsewhere/src elsewhere/obj
cp a.c elsewhere/src/ && cd elsewhere/obj || exit 1
for name in "$T/elsewhere/src/a.c" "$T/elsewhere/src/none.c"; do
	"$protflow" check --rules "$rules" --reproducible --sarif log --category=x/ \
		-- -I "$T/elsewhere/none" "$name" 2>/dev/null
	sarif log "run['automationDetails']['id'] == 'x/'"
	! grep -F -e "$T" -e "$source" -e "$build" -e file:// log ||
		fail "the log names a folder of the machine"
done
