# SPDX-License-Identifier: MIT
# What a finding says, of every rule, on the examples beside the rules: the way to it step by
# step, each with a text and with what is known there, in words that a maintainer can read.
. "$(dirname "$0")/lib.sh"

cat >paths.py <<'END2'
import json, re, sys
run = json.load(open(sys.argv[1]))["runs"][0]
found = open(sys.argv[2], "a")
for r in run["results"]:
    text = r["message"]["text"]
    if r["kind"] not in ("fail", "review") or "codeFlows" not in r:
        assert r["kind"] != "fail", ("no path", r["ruleId"], text)
        continue
    found.write(r["ruleId"] + "\n")
    # No name that only the analysis knows, no line, no word of the source in other letters.
    assert text.endswith(".") and not re.search(r"<(value|object)|\bline \d|\b[A-Z][a-z]+_", text), text
    threads = r["codeFlows"][0]["threadFlows"]
    steps = [s for t in threads for s in t["locations"]]
    assert sorted(s["executionOrder"] for s in steps) == list(range(1, len(steps) + 1)), text
    for s in steps:
        assert s["location"]["message"]["text"] and s["kinds"], (r["ruleId"], s)
        assert s["state"], (r["ruleId"], text, s["location"]["message"]["text"])
        assert all(v["text"] and "<" not in k for k, v in s["state"].items()), s["state"]
    assert "danger" in threads[0]["locations"][-1]["kinds"] or len(threads[0]["locations"]) > 1, text
    if r["properties"]["verdict"] == "may-violate":
        assert r["properties"]["reasons"] and "Not certain: " in text, text
END2

# Each rule looks at each example, whatever folders of the kernel and requests it is for.
cp -r "$source/rules" "$T/rules" && cd "$T/rules" && sed -i 's/^scope:.*/scope: [iommu, vfio]/' */*.yaml || exit 1
for example in */*.c; do
	"$protflow" check --rules . --no-filter --also=PF2132,PF2138,PF2201,PF2202 --reproducible \
		--sarif "$T/log" -- "-I$(dirname "$example")/include" "$example" >/dev/null 2>"$T/err"
	sarif "$T/log" "ok"
	# Of a finding the first line alone has the rule.
	grep -v ': note: ' "$T/err" | grep -v ': warning: .*\[PF[0-9]*\]$' && fail "$example: a line"
	python3 "$T/paths.py" "$T/log" "$T/found" >"$T/py" 2>&1 || { cat "$T/py"; fail "$example"; }
done
# Every rule that has an example to flag was seen.
for rule in $("$protflow" rules list --rules . 2>/dev/null | grep -o '^PF[0-9]*'); do
	grep -qx "$rule" "$T/found" || fail "no finding of $rule"
done
