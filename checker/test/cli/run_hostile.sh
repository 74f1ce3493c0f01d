# SPDX-License-Identifier: MIT
# Whatever stands in a compile_commands.json, or happens to its units: told, and none is lost.
. "$(dirname "$0")/lib.sh"

pf_run() { local want=$1; shift; run "$want" timeout 60 "$protflow" run --rules="$rules" "$@"; }
box_guarded "$T/ok.c"
box_source "$T/bad.c"

# no_database TEXT WHERE: exit 2, and a message that names the file.
no_database() {
	printf '%s' "$1" >db
	pf_run 2 -p db
	err_has "^protflow: .*/db$2"
}
no_database '' ':1: is no compile_commands.json'
no_database '{}' ':1: is no compile'
no_database 'null' ':1: '
no_database '[' ':1: '
no_database '[1]' ":1: "
no_database '["x"]' ':1: '
no_database '[[]]' ':1: an entry is an object'
no_database '[{}]' ":1: the entry's 'file' is missing"
no_database '[{"file": "ok.c"}]' ":1: the entry's 'directory'"
no_database '[{"file": 1, "directory": "/"}]' ":1: the entry's 'file'"
no_database '[{"file": "", "directory": "/"}]' ":1: the entry's 'file'"
no_database '[{"file": "x.c", "directory": []}]' ":1: the entry's 'directory'"
no_database $'[\n\n{"file": "x.c", "directory": "/"}]' ":3: the entry has neither"
no_database '[{"file": "x.c", "directory": "/", "command": 1}]' ":1: the entry has neither"
no_database '[{"file": "x.c", "directory": "/", "arguments": "gcc"}]' ":1: the entry's 'arguments'"
no_database '[{"file": "x.c", "directory": "/", "arguments": ["gcc", 1]}]' ":1: the entry's 'argum"
no_database '[{"file": "x.c", "directory": "/", "arguments": []}]' ":1: the entry's 'argum"
no_database '[{"file": "x.c", "directory": "/", "command": "gcc", "output": {}}]' ":1: the entry's 'out"
no_database '[{"file": "x.c", "file": "y.c", "directory": "/", "command": "gcc"}]' ":1: "
no_database '[{"file": "x.c", "directory": "/", "command": "gcc"}' ":1: ',' or '\]' expected"
no_database '[{"file": "x.c", "directory": "/", "command": "gcc"},]' ":1: "
no_database '[{"file": "x.c", "directory": "/", "command": "gcc"}] x' ":1: something follows"
no_database '[{"file": "x.c", "directory": "/", "command": "g' ":1: "
no_database $'[{"file": "\xff.c", "directory": "/", "command": "gcc"}]' ":1: "
no_database '[{"file": "x\u0000.c", "directory": "/", "command": "gcc"}]' ":1: "
no_database '[]' ': no C source of the kernel is in it'
no_database '[{"file": "x.S", "directory": "/", "command": "gcc"}]' ': no C source'
no_database "$(printf '[%.0s' {1..5000})" ':1: '
no_database "$(printf '[{"a":%.0s' {1..5000})" ':1: '
head -c 100000 /dev/urandom >db
pf_run 2 -p db
python3 -c 'print("[" + ",\n".join(["{}"] * 100000) + "]")' >db
pf_run 2 -p db
[[ $(wc -l <err) -lt 20 ]] || fail "a message for each entry"
err_has 'and 99990 faults more'

# What is no file.
pf_run 2 -p none
err_has 'none: No such file'
mkdir empty
pf_run 2 -p empty
err_has 'neither a compile_commands.json nor an object'
ln -s loop1 loop2 && ln -s loop2 loop1
pf_run 2 -p loop1
err_has 'loop1: Too many levels'
mkfifo fifo
pf_run 2 -p fifo
pf_run 2 -p /dev/zero
pf_run 2 -p /dev/null

# 50 MB, bounded in memory and time.
python3 - <<'END'
import json
entry = {"directory": ".", "file": "x.S", "command": "gcc " + "-DX=1 " * 500}
n = 50000000 // len(json.dumps(entry))
json.dump([entry] * n, open("db", "w"))
END
# A sanitizer's shadow is larger than any bound.
(nm -D "$protflow" 2>/dev/null | grep -q __asan || ulimit -v 400000; pf_run 2 -p db) || exit 1
err_has 'no C source'

# entries: the rest of stdin is python that fills the list "e".
entries() {
	{ cat <<'END'; cat; echo 'json.dump(e, open("compile_commands.json", "w"), indent=1)'; } |
import json, os
T = os.getcwd()
e = []
def add(file, *words, directory=T, **more):
    e.append({"file": file, "directory": directory, "arguments": ["gcc", "-c", *words, file], **more})
END
		python3 - || fail "python"
}
one() { sarif log "len(run['properties']['protflow']['units']) == $1" "${@:2}"; }

# Ways to say it: arguments and command, relative directory and file, output, response files.
mkdir sub
entries <<'END'
add("ok.c")
add("bad.c", "-o", "named.o")
add("bad.c", output="out/put.o")
add("../bad.c", directory="sub")
e.append({"file": "bad.c", "directory": ".", "command": r"""gcc -DX='"a b"' \-c -o q"u o"te.o bad.c"""})
open("flags.rsp", "w").write("-DA='x y' \"-o\" rsp.o\n@more.rsp")
open("more.rsp", "w").write("-DB")
add("bad.c", "@flags.rsp")
e.append({"file": "bad.c", "directory": T, "command": "ccache aarch64-linux-gnu-gcc -o cross.o -c bad.c"})
END
pf_run 0 -o log
one 7 "sum(f.get('occurrenceCount', 1) for f in fails) == 6" "'PF-missing' not in ids"
for o in ok named out/put 'qu ote' rsp cross; do
	[[ -f .protflow/$o.o.sarif ]] || fail "no result of $o"
done
[[ -f bad.o ]] && fail "something was compiled"
[[ -f $T/.protflow/bad.o.sarif ]] || fail "no result of ../bad.c"

# The source may be named otherwise in the command, or not at all.
mkdir real && box_source real/s.c && ln -s real link
entries <<'END'
e.append({"file": T + "/real/s.c", "directory": T, "command": "gcc -c -o s1.o link/s.c"})
e.append({"file": T + "/real/s.c", "directory": T, "command": "gcc -c -o s2.o"})
e.append({"file": T + "/real/s.c", "directory": T, "command": "gcc -c -o s3.o ok.c"})
END
pf_run 0 -o log
one 3 "sum(f.get('occurrenceCount', 1) for f in fails) == 3"

# No unit of the kernel: assembly, other languages, the host's, modpost's; and what comes twice.
entries <<'END'
add("ok.c", "-D__KERNEL__", "-o", "ok.o")
add("ok.c", "-D__KERNEL__", "-o", "ok.o")
add("bad.c", "-D__KERNEL__", "-DONE", "-o", "bad.o")
add("bad.c", "-D__KERNEL__", "-o", "bad.o")
add("x.S", "-D__KERNEL__")
add("x.rs")
add("host.c")
add("x.mod.c", "-D__KERNEL__")
END
pf_run 0 -o log
one 2 "len(fails) == 1"
for n in 'no C source: 2' 'host of the build: 1' 'modpost: 1' 'once more: 1' \
	'another command for an object, of which the last is taken: 1'; do
	err_has "left out, .*$n"
done
err_counts 1

# Units that cannot be checked are told, named as missing, and hold back a proof.
entries <<'END'
add("ok.c", "-o", "ok.o")
e.append({"file": "a.c", "directory": T, "command": "gcc 'open"})
e.append({"file": "b.c", "directory": T, "command": "gcc x.c; rm -rf /"})
e.append({"file": "c.c", "directory": T, "command": "  "})
add("d.c", directory=T + "/nowhere")
add("f.c", directory=T + "/loop1")
add("g.c", "@none.rsp")
open("self.rsp", "w").write("@self.rsp")
add("h.c", "@self.rsp")
add("i.c", "-Wp,-MMD,")
add("j.c", "@/dev/zero")
END
pf_run 0 -o log
one 1 "'PF-missing' in ids" "len(run['properties']['protflow']['missing']) == 9"
[[ $(grep -c '^protflow: .*: not checked: ' err) == 9 ]] || fail "not each is told"
err_has 'a quote is not closed'
err_has 'more than one command'
err_has 'nowhere: No such file'
err_has 'response file @none.rsp: No such file'
err_has 'response files name each other'
out_has '^PF9001 BoxSlotUnderLid: incomplete'
pf_run 1 --strict

# Sources that are not there, cyclic, folders, or do not parse: results of their own.
mkdir folder.c
printf 'struct box { _Bool lid; };\nint f(void) {\n' >broken.c
entries <<'END'
add("ok.c")
add("gone.c")
add("loop.c")
add("folder.c")
add("broken.c")
END
ln -s loop.c loop.c
pf_run 0 -o log
one 5 "'PF-missing' not in ids" "ids.count('PF-source') == 3" "'PF-parse' in ids"
out_has '4 not checked in full'
pf_run 1 --strict

# A database cannot give protflow options, nor write where it wants.
entries <<'END'
add("bad.c", "--protflow-sarif=" + T + "/stolen", "--protflow-disable=PF9001", "-D__linux__",
    "--dump=ir", "-fplugin=/nowhere.so", "-Xclang", "-load", "-MF", T + "/stolen")
END
pf_run 0 -o log
one 1 "len(fails) == 1"
[[ ! -e stolen ]] || fail "the database wrote a file"
! grep -q . out || ! grep -q '^define\|^func' out || fail "the database gave an option"

# A worker that crashes, hangs, is not there; a check that is killed.
entries <<'END'
add("ok.c")
add("bad.c")
END
fake_unit 'kill -SEGV $$'
run 0 "$T/fake/protflow" run -o log
one 2 "ids.count('PF-crash') == 1 or ids.count('PF-crash') == 2" "fails == []" "not ok"
out_has '2 not checked in full'
fake_unit 'kill -KILL $PPID'
run 0 "$T/fake/protflow" run -o log
one 0 "'PF-missing' in ids" "len(run['properties']['protflow']['missing']) == 2"
err_has '^protflow: bad.o: not checked: the check died of signal 9'
run 1 "$T/fake/protflow" run --strict
fake_unit 'sleep 100'
run 0 timeout 60 "$T/fake/protflow" run --max-seconds=0.1 -o log
one 2 "'PF-budget' in ids"
rm fake/protflow-unit
run 0 "$T/fake/protflow" run -o log
one 2 "not ok"

# What was there before is not taken for the result of a check that failed.
pf_run 0 -o log
[[ -f .protflow/bad.o.sarif ]] || fail "no result"
fake_unit 'kill -KILL $PPID'
run 0 "$T/fake/protflow" run -o log
one 0
[[ ! -e .protflow/bad.o.sarif ]] || fail "an old result is still there"
if [[ $(id -u) != 0 ]]; then
	pf_run 0 -o log
	chmod -R a-w .protflow
	pf_run 0 -o log
	chmod -R u+w .protflow
	one 0 "'PF-missing' in ids"
	err_has 'Permission denied'
fi
rm -rf .protflow && : >.protflow
pf_run 0 -o log
one 0 "len(run['properties']['protflow']['missing']) == 2"
err_has 'it left no result'
rm .protflow
pf_run 2 -o /dev/full

rm -rf .protflow

# Killed in the middle, nothing goes on and nothing is half written.
python3 - <<'END'
import json, os
T = os.getcwd()
os.makedirs("k")
e = []
for i in range(40):
    open("k/%d.c" % i, "w").write(open("bad.c").read())
    e.append({"file": "k/%d.c" % i, "directory": T, "command": "gcc -c -o k/%d.o k/%d.c" % (i, i)})
json.dump(e, open("compile_commands.json", "w"))
END
"$protflow" run --rules="$rules" --jobs=2 >out 2>err &
pid=$!
for ((i = 0; i < 500; i++)); do
	compgen -G '.protflow/k/*.sarif' >list && break
	sleep 0.02
done
kill -9 $pid
wait $pid 2>wait
sleep 0.3
before=$(find .protflow -name '*.sarif' | sort)
sleep 0.5
[[ $before == "$(find .protflow -name '*.sarif' | sort)" ]] || fail "the run went on when it was killed"
for f in $before; do
	sarif "$f" "len(fails) == 1"
done
pf_run 0 -o log
one 40 "'PF-missing' not in ids"
