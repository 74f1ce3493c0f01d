# SPDX-License-Identifier: MIT
"""What an edit must give, and what the SARIF log says that it gave."""
import json
import os
import re

ERRATUM = r"PF210\d$"  # rules about the erratum
FLOWS = ("PF2101", "PF2103", "PF2140", "PF2142", "PF2146", "PF2147", "PF2149")  # have a path
LOCKS = r"PF21[1-9]\d$"  # rules about locks and shared fields
RACES = r"PF211[0-7]$"  # of these those that show two threads


class violates:
    """
    A finding of that rule, in that function (or one of several), on a line with these words;
    says: in its text; certain: every step of its path is.
    """

    def __init__(self, rule, function, line, flow=(), says="", certain=False):
        self.rule, self.line, self.flow, self.says = rule, line, flow, says
        self.levels = ("error",) if certain else ("error", "warning", "note")
        self.functions = (function,) if isinstance(function, str) else function

    def matches(self, result):
        return (result.kind == "fail" and result.rule == self.rule and
                result.function in self.functions and self.line in result.line and
                self.says in result.text and result.level in self.levels)

    def __str__(self):
        return "%s in '%s' at '%s'%s" % (self.rule, "' or '".join(self.functions), self.line,
                                         ", certain" if len(self.levels) == 1 else "")


class proves:
    """The rule holds, and rests on a guard in one of these functions."""

    def __init__(self, rule, *functions, assumes=()):
        self.rule, self.functions, self.assumes = rule, functions, assumes

    def matches(self, result):
        return (result.kind == "pass" and result.rule == self.rule and
                (not self.functions or result.function in self.functions) and
                all(any(w in a for a in result.assumptions) for w in self.assumes))

    def __str__(self):
        return "%s proved%s" % (self.rule, " by a guard in '%s'" % "' or '".join(self.functions)
                                if self.functions else "")


class withdraws:
    """The rule is not proved, since a field is not what the rule takes it for."""

    WHY = "is not what the rule takes it for"

    def __init__(self, rule, writer):
        self.rule, self.writer = rule, writer

    def matches(self, result):
        return (result.kind == "review" and result.rule == self.rule and
                self.explains(result.text))

    def is_said(self, log):
        return any(map(self.explains, log.notices))

    def explains(self, text):
        return self.WHY in text and "'%s' writes it" % self.writer in text

    def __str__(self):
        return "%s withdrawn for what '%s' writes" % (self.rule, self.writer)


class undecides:
    """The rule is not decided at that line of the function, for that reason."""

    def __init__(self, rule, function, line, why):
        self.rule, self.function, self.line, self.why = rule, function, line, why

    def matches(self, result):
        return (result.kind == "review" and not result.unsure and result.rule == self.rule and
                result.function == self.function and self.line in result.line and
                self.explains(result.text))

    def explains(self, text):
        return "Not decided: " in text and self.why in text

    def __str__(self):
        return "%s not decided in '%s' at '%s': %s" % (self.rule, self.function, self.line,
                                                       self.why)


class inapplicable:
    """The kernel has not the design that the rule is for."""

    def __init__(self, rule):
        self.rule = rule

    def matches(self, result):
        return False

    def is_said(self, log):
        return log.designs.get(self.rule) == {"false"}

    def __str__(self):
        return "%s not applicable" % self.rule


class Result:
    def __init__(self, result, read_line):
        self.rule = result["ruleId"]
        self.kind = result.get("kind", "fail")
        self.level = result.get("level", "warning")
        # What may be wrong and is not shown: the log alone has it, for review.
        self.unsure = (self.kind == "review" and
                       self._find(result.get("properties", {}), "verdict") == "may-violate")
        self.text = result["message"]["text"]
        location = (result.get("locations") or [{}])[0]
        self.function = next((l["name"] for l in location.get("logicalLocations", [])), None)
        physical = location.get("physicalLocation", {})
        self.uri = physical.get("artifactLocation", {}).get("uri", "")
        self.row = physical.get("region", {}).get("startLine", 0)
        self.line = read_line(self.uri, self.row).strip()
        self.assumptions = self._find(result.get("properties", {}), "assumptions")
        self.related = result.get("relatedLocations", [])
        self.threads = [t["locations"] for c in result.get("codeFlows", [])
                        for t in c["threadFlows"]]
        self.steps = [s["location"] for t in self.threads for s in t]

    @classmethod
    def _find(cls, properties, key):
        if key in properties:
            return properties[key]
        inner = [cls._find(v, key) for v in properties.values() if isinstance(v, dict)]
        return next((v for v in inner if v), [])

    def flow_functions(self):
        return [l["name"] for s in self.steps for l in s.get("logicalLocations", [])]

    def __str__(self):
        return "%s %s/%s in '%s' at '%s': %s" % (self.rule, self.kind, self.level, self.function,
                                                 self.line[:70], self.text[:160])


class Log:
    """The results of the family, and what kept the unit from being judged in full."""

    def __init__(self, path, folders, family=ERRATUM):
        with open(path) as f:
            run = json.load(f)["runs"][0]
        self.results = [r for r in (Result(r, self._reader(folders))
                                    for r in run["results"]
                                     if re.match(family, r["ruleId"]))]
        self.designs = {}  # by rule: whether units have the design that it is for
        for unit in run["properties"]["protflow"]["units"]:
            for rule, said in unit.get("rules", {}).items():
                self.designs.setdefault(rule, set()).add(said["when"])
        self.notices = [n["message"]["text"] for i in run["invocations"]
                        for n in i.get("toolExecutionNotifications", [])
                        if n.get("level", "warning") != "note"]

    @staticmethod
    def _reader(folders):
        """A line of a file that a uri ends with the path of, in the first folder that has it."""
        def read_line(uri, row):
            parts = uri.split("/")
            paths = (os.path.join(f, *parts[i:]) for f in folders for i in range(len(parts)))
            path = next((p for p in paths if row and os.path.isfile(p)), None)
            if not path:
                return ""
            with open(path) as f:
                return (f.read().split("\n") + [""] * row)[row - 1]
        return read_line


def _race_faults(expected, result):
    """Both threads, in one order, each with its locks at its end; and the other's place."""
    if result.kind != "fail" or not re.match(RACES, expected.rule):
        return
    if len(result.threads) == 1 and "is in another unit" in result.text:
        return
    if len(result.threads) != 2:
        yield "%s has %d threads" % (expected, len(result.threads))
        return
    orders = [s["executionOrder"] for t in result.threads for s in t]
    if sorted(set(orders)) != sorted(orders):
        yield "%s: two steps of its threads happen at once: %s" % (expected, orders)
    ends = [t[-1]["location"]["message"]["text"] for t in result.threads]
    if not all("holding '" in e or "without any lock" in e for e in ends):
        yield "%s: a thread does not tell its locks: %s" % (expected, ends)
    if not result.related and "a second call" not in ends[1]:
        yield "%s: nothing beside it says where the other access is" % expected


def _flow_faults(expected, result):
    """A finding without its path is half a finding."""
    if result.kind != "fail" or expected.rule not in FLOWS:
        return
    if len(result.steps) < 2:
        yield "%s has no path" % expected
    elif any(not s.get("message", {}).get("text") for s in result.steps):
        yield "%s: a step of its path has no text" % expected
    for function in expected.flow:
        if function not in result.flow_functions():
            yield "%s: its path does not pass '%s' but %s" % (
                expected, function, ", ".join(dict.fromkeys(result.flow_functions())))


def faults(expected, log):
    """All differences between what was expected and the log, as sentences."""
    for e in expected:
        found = [r for r in log.results if e.matches(r)]
        if not found and not (hasattr(e, "is_said") and e.is_said(log)):
            yield "expected %s" % e
        for r in found:
            yield from _flow_faults(e, r)
            yield from _race_faults(e, r)
    for r in log.results:
        if r.kind != "pass" and not r.unsure and not any(e.matches(r) for e in expected):
            yield "not expected: %s" % r
        if r.kind == "pass" and any(e.rule == r.rule and isinstance(e, (violates, withdraws, undecides))
                                    for e in expected):
            yield "wrongly proved: %s" % r
    for text in log.notices:
        if any(isinstance(e, (withdraws, undecides)) and e.explains(text) for e in expected):
            continue
        yield "not complete: %s" % text
