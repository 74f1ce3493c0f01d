# SPDX-License-Identifier: MIT
# protflow run: the units of a compile_commands.json.
. "$(dirname "$0")/lib.sh"

export ARCH=x86	# as the kernel's Makefile does
pf_run() { local want=$1; shift; run "$want" "$protflow" run --rules="$rules" "$@"; }

# database TREE [SOURCE...] >FILE: what make left in the tree, as the kernel's own script has it.
database() {
	python3 - "$@" <<'END'
import glob, json, os, re, sys
tree = os.path.realpath(sys.argv[1])
entries = []
for name in sorted(glob.glob(tree + "/**/.*.o.cmd", recursive=True)):
    command = re.match(r"savedcmd_\S+ := (.*)", open(name).read()).group(1)
    source = command.split()[-1]
    entries.append({"directory": tree, "file": os.path.realpath(os.path.join(tree, source)),
                    "command": command})
json.dump(entries, sys.stdout, indent=2)
END
}

# A tree that says for which machine it is configured.
x86_tree() {
	box_tree "$1"
	mkdir -p "${2:-$1}/include/config"
	printf '\nCONFIG_64BIT=y\n' >"${2:-$1}/include/config/auto.conf"
}

# The same results and facts, unit for unit and together, as from make C=2.
x86_tree a
run 0 make -C a C=0
database a >a/compile_commands.json
run 0 make -C a C=2 CHECK="$front --rules=$rules --reproducible"
grep ': warning: ' err >make.err
mv a/.protflow by-make
run 0 "$protflow" run -p a --rules "$rules" --reproducible -o run.log
cp err run.err
diff -r by-make a/.protflow >out || fail "another result than by make"
mv a/.protflow by-run && cp -r by-make a/.protflow
run 0 "$protflow" merge --reproducible -o merge.log a
cmp merge.log run.log || fail "another log than by make and merge"
cmp <(sed 's/^.*box.open.c/open.c/' make.err) \
	<(grep ': warning: ' run.err | sed 's/^.*box.open.c/open.c/') || fail "other findings"
cp run.err err
err_counts 1

# Without a compile_commands.json what make left is one: the same units, the same results.
mv a/compile_commands.json . && rm -rf a/.protflow
pf_run 0 -p a --reproducible -o log
cmp log run.log || fail "another log from what make left"
diff -r by-make a/.protflow >out || fail "another result from what make left"
command=$(sed -n 's/.*note: reproduce with: //p' err)
bash -c "$command" >again.out 2>again.err || fail "the command to reproduce: $command"
grep -q PF9001 again.err || fail "nothing is reproduced"
# Objects that are gone, what no compiler made, and what has been done to an object since.
cp -r a left && rm left/drivers/box/open.o
sed -i '1s/$/ ; .\/tools\/objtool\/objtool --link drivers\/box\/other.o/' left/drivers/box/.other.o.cmd
sed -i "1s/ -c / '-DX=\"\$(pound)\"' -DY='\$\$' -c /" left/drivers/box/.guarded.o.cmd
echo 'savedcmd_drivers/box/built-in.o := ld -r -o drivers/box/built-in.o drivers/box/other.o' \
	>left/drivers/box/.built-in.o.cmd
cp left/drivers/box/{other,built-in}.o
echo 'junk' >left/drivers/box/.junk.o.cmd && touch left/drivers/box/junk.o
pf_run 0 -p left --list
[[ $(tr '\n' ' ' <out) == "drivers/box/guarded.o drivers/box/other.o " ]] || fail "what make left"
pf_run 0 -p left -o log
sarif log "len(run['properties']['protflow']['units']) == 2"
# A command that cannot be read is not passed over.
truncate -s 17M left/drivers/box/.other.o.cmd
pf_run 2 -p left
err_has 'left/drivers/box/.other.o.cmd: File too large'
mkdir module && touch module/m.o
echo "savedcmd_$T/module/m.o := gcc -D__KERNEL__ -c -o $T/module/m.o $T/module/m.c" >module/.m.o.cmd
pf_run 2 -p module
err_has "module: a module, built where is not known: .*'make M=.*module compile_commands.json'"
mkdir -p nothing/made
pf_run 2 -p nothing
err_has 'nothing: neither a compile_commands.json nor an object that make built is there'
mv compile_commands.json a/

# Its command does it again.
command=$(sed -n 's/.*note: reproduce with: //p' run.err)
[[ $command == *"run -p"*drivers/box/open.o ]] || fail "no command to reproduce"
bash -c "$command" >again.out 2>again.err || fail "the command to reproduce: $command"
cmp <(grep PF9001 run.err) <(grep PF9001 again.err) || fail "something else is reproduced"

# The exit status is that of the run.
pf_run 0 -p a/compile_commands.json
out_has '^Units: 2 checked, 1 skipped'
pf_run 1 -p a --fail-on=warning
pf_run 0 -p a --fail-on=error
pf_run 1 -p a --strict --quiet
is_empty out
# A unit alone proves nothing for its folder, but was all that was asked for.
pf_run 0 -p a --strict drivers/box/guarded.c
out_has '^PF9001 BoxSlotUnderLid: incomplete, 2 units of the build were not checked'
cp -r a proved && rm proved/drivers/box/.open.o.cmd
database proved >proved/compile_commands.json
pf_run 0 -p proved --strict
out_has '^PF9001 BoxSlotUnderLid: proved'
(cd a && pf_run 0 drivers)
pf_run 1 -p a --jobs=1 --fail-on=note --max-seconds 30 --report-passes -o log drivers/box/open.o
sarif log "len(fails) == 1" "'PF-missing' in ids" "len(run['properties']['protflow']['units']) == 1"

# Names: sources, objects, folders, absolute; one that names nothing is a fault of the call.
listed() { # WANTED OPTION...
	local want=$1
	shift
	pf_run 0 -p a --list "$@"
	[[ $(tr '\n' ' ' <out) == "$want" ]] || fail "$* lists $(tr '\n' ' ' <out), not $want"
}
all="drivers/box/guarded.o drivers/box/open.o drivers/box/other.o "
listed "$all"
listed "$all" .
listed "$all" drivers/
listed "$all" ./drivers//box
listed "drivers/box/open.o " drivers/box/open.c
listed "drivers/box/open.o " "$T/a/drivers/box/open.c"
listed "drivers/box/open.o drivers/box/other.o " drivers/box/other.c drivers/box/open.o
pf_run 2 -p a --list drivers/bo
err_has 'drivers/bo: no unit of .* has this name'
pf_run 2 -p a drivers/box/open.c none.c

# A list of names; what is not there is missing, not forgotten.
printf '%s\n' '# of the link' drivers/box/open.o ' drivers/box/other.c' '' >names
listed "drivers/box/open.o drivers/box/other.o " --units names
"$protflow" run -p a --units - --list <names >out || fail "names from stdin"
[[ $(wc -l <out) == 2 ]] || fail "names from stdin"
echo drivers/box/gone.o >>names
pf_run 0 -p a --units=names -o log
out_has '^PF9001 .*'
sarif log "'PF-missing' in ids" "any('drivers/box/gone.o' in t for t in texts)"
pf_run 1 -p a --units=names --strict drivers/box/other.c
pf_run 2 -p a --units=none
err_has 'none: No such file'

# Shards: a partition, balanced, and the same wherever the tree stands.
rm -f part.*
for i in 1 2; do
	pf_run 0 -p a --list --shard $i/2
	cp out part.$i
done
sort part.1 part.2 | cmp - <(tr ' ' '\n' <<<"${all% }") || fail "the shards are no partition"
pf_run 0 -p a --list --shard=4/4
is_empty out
pf_run 0 -p a --shard 4/4 -o log
sarif log "'PF-missing' in ids" "fails == []"
cp -r a elsewhere
database elsewhere >elsewhere/compile_commands.json
pf_run 0 -p elsewhere --list --shard=1/2
cmp out part.1 || fail "another shard in another place"
for bad in 0/2 3/2 1/0 1 /2 1/2/3 -1/2 99999999999/99999999999 1/x; do
	pf_run 2 -p a --shard "$bad"
	err_has 'shard'
done

# The log of a shard has the others' units as missing, and the merged one has none.
for i in 1 2 3; do
	pf_run 0 -p a --reproducible --shard=$i/3 -o shard.$i
	sarif shard.$i "'PF-missing' in ids"
done
out_has 'incomplete'
pf_run 0 -p a --strict --quiet --shard=1/3
pf_run 1 -p a --strict --quiet --shard=2/3
run 0 "$protflow" merge --reproducible --quiet -o log shard.{3,1,2}
cmp log run.log || fail "the shards are not the whole"
run 1 "$protflow" merge --strict --reproducible -o log shard.{1,3}
sarif log "'PF-missing' in ids"
out_has 'drivers/box/open.o'

# Two trees, two directories of commands.
x86_tree b b.out
run 0 make -C b O="$T/b.out" C=0
database b.out >b.out/compile_commands.json
pf_run 0 -p b.out --reproducible -o log
cp log out.log
[[ -f b.out/.protflow/drivers/box/open.o.sarif && ! -e b/.protflow ]] || fail "not in the object tree"
run 0 "$protflow" merge --reproducible -o log b.out
cmp log out.log || fail "another log by merge"
rm -rf b.out/.protflow
run 0 make -C b O="$T/b.out" C=2 CHECK="$front --rules=$rules --reproducible"
run 0 "$protflow" merge --reproducible -o log b.out
cmp log out.log || fail "another log out of tree by make"

# --help, and options that are none.
run 0 "$protflow" run --help
out_has '^usage: protflow run'
for bad in --jobs=0 --jobs=x --fail-on=bad --shrad=1/2 --max-seconds=x -p= --dump=ir; do
	pf_run 2 -p a $bad
	err_has "Try 'protflow run --help'"
done
run 2 "$protflow" run -p a --rules none
cp -r "$rules" mine
run 0 "$protflow" run -p a --rules=mine --facts facts --only PF9001 -o log
sarif log "len(fails) == 1"
[[ -d facts && ! -e a/facts ]] || fail "no facts here"
PROTFLOW_RULES=mine run 0 "$protflow" run -p a -o log
sarif log "len(fails) == 1"
run 2 "$protflow" run -p a --rules "$rules" --only=PF1
err_has "there is no rule 'PF1'"
mkdir bad && sed 's/^template/tmplate/' "$rules/box.yaml" >bad/box.yaml
run 2 "$protflow" run -p a --rules bad
err_has 'box.yaml:[0-9]+:[0-9]+: '
[[ $(grep -c tmplate err) == 1 ]] || fail "the fault is told for each unit"

# The design is there, and nothing that the rule looks at.
box_tree v
for unit in open guarded; do
	printf '#include "box.h"\nint %s(struct box *b);\nint %s(struct box *b) { return b->lid; }\n' \
		$unit $unit >v/drivers/box/$unit.c
done
run 0 make -C v
database v >v/compile_commands.json
pf_run 3 -p v -o log
sarif log "'PF-vacuous' in ids"
pf_run 0 -p v --shard=1/2
pf_run 0 -p v drivers/box/open.c
out_has ': incomplete'
pf_run 3 -p v drivers/

# Progress: a counter on a terminal; lines for a hundred units else.
python3 - "$protflow" "$rules" "$T/a" <<'END' >out 2>err || fail "the counter on a terminal"
import os, pty, subprocess, sys
leader, follower = pty.openpty()
p = subprocess.Popen([sys.argv[1], "run", "--rules", sys.argv[2], "-p", sys.argv[3]],
                     stdout=subprocess.DEVNULL, stderr=follower,
                     env=dict(os.environ, TERM="xterm"))
os.close(follower)
text = b""
while True:
    try:
        chunk = os.read(leader, 4096)
    except OSError:
        break
    if not chunk:
        break
    text += chunk
assert p.wait() == 0
assert b"0 of 3 units" in text and b"3 of 3 units" in text, text
assert text.endswith(b"\r\x1b[K"), text
lines = [l for l in text.replace(b"\r\x1b[K", b"\n").split(b"\n") if b": warning: " in l]
assert len(lines) == 1 and lines[0].startswith(b"drivers/box/open.c:"), text
END
python3 - a many <<'END'
import json, sys, os, shutil
entries = json.load(open("a/compile_commands.json"))
other = [e for e in entries if e["file"].endswith("other.c")][0]
os.makedirs("many/error")
many = []
for i in range(250):
    name = "many/error/warn%03d" % i
    shutil.copy("a/drivers/box/other.c", name + ".c")
    many.append({"directory": os.path.realpath("a"), "file": os.path.realpath(name + ".c"),
                 "arguments": ["gcc", "-D__KERNEL__", "-c", os.path.realpath(name + ".c"), "-o",
                               "../" + name + ".o"]})
json.dump(many, open("many/compile_commands.json", "w"))
END
pf_run 0 -p many
err_has '^protflow: 100 of 250 units$'
err_has '^protflow: 200 of 250 units$'
err_counts 0
out_has '^Units: 0 checked, 250 skipped'
