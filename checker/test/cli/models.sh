# SPDX-License-Identifier: MIT
# Model files: a mistake in one would change verdicts without a word. Told as those of rule
# files are: with their places, all at once, by each command, and no unit is judged.
. "$(dirname "$0")/lib.sh"

models() {
	mkdir -p "$1" && cp -r "$source/rules/models" "$1/models"
	printf 'functions:\n  - names: [copy]\n    efect: args\n  - names: ["put()"]\n    free: x\n' \
		>"$1/models/alloc.yaml"
}
models_told() {
	local note=${2:-} end=${2:+ [[]PF-model[]]}
	err_has "(^|/)$1/models/alloc.yaml:3:5: ${note}unknown key 'efect', did you mean 'effect'[?]$end$"
	err_has "(^|/)$1/models/alloc.yaml:4:13: $note'put[(][)]' is no name$end$"
	err_has "(^|/)$1/models/alloc.yaml:5:11: $note'free' must be a number from 0 on, not 'x'$end$"
}
models wrong && cp "$rules/box.yaml" wrong/
box_source a.c
run 2 "$protflow" check --rules wrong --sarif log -- a.c
models_told wrong
err_hasnt 'warning: '
sarif log "status == 2" "ids == 3 * ['PF-model']" "results == []" \
	"notes[0]['locations'][0]['physicalLocation']['region']['startLine'] == 3"
# What no rule concerns is not judged by them.
echo 'int other;' >other.c
run 0 "$protflow" check --rules wrong -- other.c
run 2 "$protflow" check --rules wrong --no-filter -- other.c
models_told wrong
# With a fault of a rule: all of them.
mkdir both && cp -r wrong/models both/ && printf 'id: PF9\nwhn: "x"\n' >both/a.yaml
run 2 "$protflow" check --rules both -- other.c
models_told both
err_has '^both/a.yaml:2:1: .*whn'
KBUILD_CHECKSRC=1 run 0 "$protflow" check --rules wrong -- -Wp,-MMD,./.a.o.d a.c
models_told wrong 'note: '
err_counts 0
sarif .protflow/a.o.sarif "ids == 3 * ['PF-model']" "status == 0" "not ok" "results == []"
[[ ! -e .protflow/a.o.facts ]] || fail "facts by a wrong model"
touch a.o
run 2 "$protflow" merge -o log .
out_has '1 not checked in full'
out_has "models .*have faults: 'protflow rules check' tells them"
sarif log "'PF-model' in ids"
rm a.o
run 2 "$protflow" rules check wrong
models_told wrong
run 2 "$protflow" rules list --rules wrong
run 2 "$protflow" link --rules wrong .
models_told wrong
run 2 "$protflow" explain --rules wrong PF9001 .
printf '[{"directory": "%s", "file": "a.c", "arguments": ["gcc", "-c", "-o", "a.o", "a.c"]}]\n' \
	"$T" >compile_commands.json
run 2 "$protflow" run -p . --rules wrong
models_told wrong
[[ $(grep -c efect err) == 1 ]] || fail "each unit tells it"
# A fault without a line: the file cannot be read, told once and by its name.
rm wrong/models/alloc.yaml && ln -s none wrong/models/alloc.yaml
run 2 "$protflow" check --rules wrong --sarif log -- a.c
err_has '^wrong/models/alloc.yaml: No such file'
[[ $(wc -l <err) == 1 ]] || fail "told more than once"
sarif log "ids == ['PF-model']"
# "rules check" takes single files of either kind.
run 0 "$protflow" rules check "$source"/rules/models/*.yaml "$rules/box.yaml"
out_has '^1 rule'
models one
run 2 "$protflow" rules check one/models/alloc.yaml
models_told one
# Nothing of a folder is passed over.
mkdir -p empty/models && cp "$rules/box.yaml" empty/
run 2 "$protflow" check --rules empty -- a.c
err_has '^empty/models: there is no model file'
