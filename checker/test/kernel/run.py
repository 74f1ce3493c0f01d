#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Runs protflow on edited copies of a real kernel's sources.

    run.py [-j N] [--verbose] [--show] GROUP [EDIT...]

GROUP is one of the modules edits_*.py, or "untouched". The environment says
which kernel (PROTFLOW_KERNEL_SRC, PROTFLOW_KERNEL_OBJ; a group of the newer kernel:
PROTFLOW_NEWER_SRC, PROTFLOW_NEWER_OBJ) and which program (PROTFLOW). --show
prints an edit as a diff, and protflow's own output.
"""
import argparse
import concurrent.futures
import difflib
import importlib
import os
import sys

from ctext import NoPlace
from expect import ERRATUM, Log, faults
from kernel import Facts, Kernel, Mirror, link

FOLDERS = ["drivers/iommu", "drivers/vfio"]  # what was built of the kernel
HERE = os.path.dirname(os.path.abspath(__file__))


class Broken(Exception):
    """There is no result to compare. No "todo" excuses that."""


class Outcome:
    def __init__(self, name, problems, todo=None, text=""):
        self.name, self.problems, self.todo, self.text = name, list(problems), todo, text
        if todo and not self.problems:
            self.problems = ["is as expected now: take the 'todo' away"]
            self.todo = None

    def word(self):
        return "ok" if not self.problems else "todo" if self.todo else "FAIL"

    def show(self, verbose):
        print("%-4s %s" % (self.word(), self.name))
        if self.problems and self.todo:
            print("       known: %s" % self.todo)
        if self.word() == "FAIL" or verbose:
            for p in self.problems:
                print("       %s" % p)
            if self.text:
                print(self.text)


class Group:
    """A module of edits, and what its runs share."""

    def __init__(self, module, kernel, options):
        self.module, self.kernel, self.options = module, kernel, options
        self.family = getattr(module, "FAMILY", ERRATUM)
        rules = getattr(module, "RULES", None)  # of the links; they pay for each
        self.link_options = options + (["--only=" + ",".join(rules)] if rules else [])
        # What the other rules say of a unit is no matter of these edits.
        self.unit_options = self.link_options if getattr(module, "ALONE", False) else options
        self.facts = Facts(kernel, *self.link_options)


def apply_edit(edit, mirror, diff):
    """The changed files are in the mirror afterwards."""
    for source, places in edit.files.items():
        old = text = mirror.read(source)
        for place in places:
            try:
                text = place.apply(text)
            except NoPlace as e:
                raise Broken("does not apply to %s: %s of %s" % (mirror.kernel.version, e, source))
        mirror.write(source, text)
        if diff is not None:
            diff += difflib.unified_diff(old.splitlines(), text.splitlines(), source, source,
                                         lineterm="")


def compile_unit(unit, mirror, source):
    status, said = unit.compile(mirror.path(source))
    if status:
        raise Broken("does not compile: %s" % "\n".join(said.strip().split("\n")[:5]))


def require_success(p, what):
    if p.returncode:
        raise Broken("%s exited with %d: %s" % (what, p.returncode, p.stdout.strip()))


def results(group, mirror, sarif, p, said):
    said.append(p.stdout)
    require_success(p, "protflow")
    log = Log(sarif, [mirror.dir, group.kernel.src, group.kernel.obj], group.family)
    said += ["  %s" % r for r in log.results]
    return log


def check_unit(group, mirror, source, expected, said):
    unit = group.kernel.unit(source)
    compile_unit(unit, mirror, source)
    sarif = os.path.join(mirror.dir, "log.sarif")
    p = unit.check(mirror.path(source), sarif, *group.unit_options)
    return faults(expected, results(group, mirror, sarif, p, said))


def units_of(group, edit):
    """Those of the link: the ones that the edit names, or all."""
    if edit.units is None:
        return group.kernel.units(*FOLDERS)
    return map(group.kernel.unit, edit.units)


def leave_facts(group, mirror, unit, edit, folder):
    """Those of the unit as the edit has it."""
    if not unit.reads(edit.files):
        problem = group.facts.put(unit, folder)
        if problem:
            raise Broken(problem)
        return
    source = os.path.relpath(unit.path(), group.kernel.src)
    compile_unit(unit, mirror, source)
    p = unit.check(mirror.path(source), os.path.join(mirror.dir, "log.sarif"), "--facts", folder,
                   *group.link_options)
    require_success(p, "protflow")


def link_units(group, mirror, edit, said):
    """The units of the edit, judged as one program."""
    sarif = os.path.join(mirror.dir, "link.sarif")
    folder = os.path.join(mirror.dir, "facts")
    for unit in units_of(group, edit):
        leave_facts(group, mirror, unit, edit, folder)
    p = link(sarif, folder, *group.link_options)
    return faults(edit.link, results(group, mirror, sarif, p, said))


def run_edit(group, edit, show):
    text = [] if show else None
    said = []
    problems = []
    with Mirror(group.kernel) as mirror:
        try:
            apply_edit(edit, mirror, text)
            for source, expected in edit.expect.items():
                problems += check_unit(group, mirror, source, expected, said)
            if edit.link is not None:
                problems += link_units(group, mirror, edit, said)
        except Broken as e:
            return Outcome(edit.name, [str(e)])
    return Outcome(edit.name, problems, edit.todo, "\n".join((text or []) + said) if show else "")


def run_unit(group, unit, show):
    said = []
    name = os.path.join(os.path.dirname(unit.obj), os.path.basename(unit.source))
    expected = group.module.EXPECT.get(name, [])
    with Mirror(group.kernel) as mirror:
        sarif = os.path.join(mirror.dir, "log.sarif")
        try:
            log = results(group, mirror, sarif, unit.check(unit.source, sarif, *group.options), said)
        except Broken as e:
            return Outcome(name, [str(e)])
        return Outcome(name, faults(expected, log), None, "\n".join(said) if show else "")


def jobs_of(group, args):
    """The tests of the group, as functions without arguments."""
    show = args.show
    for edit in getattr(group.module, "EDITS", []):
        if not args.edit or edit.name in args.edit:
            yield lambda edit=edit: run_edit(group, edit, show)
    for unit in group.kernel.units(*getattr(group.module, "FOLDERS", [])):
        if not args.edit or any(unit.source.endswith(e) for e in args.edit):
            yield lambda unit=unit: run_unit(group, unit, show)


def main():
    p = argparse.ArgumentParser(description=__doc__,
                                formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("-j", type=int, default=2, metavar="N")
    p.add_argument("--verbose", action="store_true")
    p.add_argument("--show", action="store_true")
    p.add_argument("--option", action="append", default=[], help="one more option of protflow")
    p.add_argument("group")
    p.add_argument("edit", nargs="*")
    args = p.parse_args()
    module = importlib.import_module(args.group)
    name = getattr(module, "KERNEL", "KERNEL")
    if name != "KERNEL" and not os.environ.get("PROTFLOW_%s_SRC" % name):
        print("no newer kernel was fetched for this test (PROTFLOW_%s_SRC)" % name)
        return 77
    group = Group(module, Kernel(name), args.option)
    with group.facts, concurrent.futures.ThreadPoolExecutor(args.j) as pool:
        outcomes = list(pool.map(lambda job: job(), jobs_of(group, args)))
    for o in outcomes:
        o.show(args.verbose or args.show)
    words = [o.word() for o in outcomes]
    print("%s, %s: %d ok, %d failed, %d known to be wrong (todo)" % (
        args.group, group.kernel.version, words.count("ok"), words.count("FAIL"),
        words.count("todo")))
    return 1 if "FAIL" in words or not outcomes else 0


if __name__ == "__main__":
    sys.path.insert(0, HERE)
    sys.exit(main())
