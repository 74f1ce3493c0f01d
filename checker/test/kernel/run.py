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
from kernel import Kernel, Mirror, link

HERE = os.path.dirname(os.path.abspath(__file__))


class Broken(Exception):
    """There is no result to compare. No "todo" excuses that."""


class Outcome:
    def __init__(self, name, problems, todo=None, text=""):
        self.name, self.problems, self.todo, self.text = name, list(problems), todo, text
        if todo and not self.problems:
            self.problems = ["is as expected now: take the 'todo' away"]
            self.todo = None

    later = False

    def word(self):
        if self.later and not self.problems:
            return "link"
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


def check_unit(kernel, mirror, source, expected, options, text, family):
    unit = kernel.unit(source)
    path = mirror.path(source)
    status, said = unit.compile(path)
    if status:
        raise Broken("does not compile: %s" % "\n".join(said.strip().split("\n")[:5]))
    sarif = os.path.join(mirror.dir, "log.sarif")
    p = unit.check(path, sarif, *options)
    text.append(p.stdout)
    if p.returncode:
        raise Broken("protflow exited with %d: %s" % (p.returncode, p.stdout.strip()))
    log = Log(sarif, [mirror.dir, kernel.src], family)
    text += ["  %s" % r for r in log.results]
    return faults(expected, log)


def link_units(kernel, mirror, edit, said, family):
    """The units of the edit, judged as one program. None: there is no such command yet."""
    sarif = os.path.join(mirror.dir, "link.sarif")
    for source in edit.units:
        unit = kernel.unit(source)
        status, text = unit.compile(mirror.path(source))
        if status:
            raise Broken("does not compile: %s" % "\n".join(text.strip().split("\n")[:5]))
        p = unit.check(mirror.path(source), os.path.join(mirror.dir, "log.sarif"), "--facts",
                       os.path.join(mirror.dir, "facts"))
        if p.returncode:
            raise Broken("protflow exited with %d: %s" % (p.returncode, p.stdout.strip()))
    p = link(sarif, os.path.join(mirror.dir, "facts"))
    if p is None:
        return None
    said.append(p.stdout)
    if p.returncode:
        raise Broken("protflow link exited with %d: %s" % (p.returncode, p.stdout.strip()))
    log = Log(sarif, [mirror.dir, kernel.src], family)
    said += ["  %s" % r for r in log.results]
    return list(faults(edit.link, log))


def run_edit(kernel, edit, args, family):
    text = [] if args.show else None
    said = []
    problems = []
    linked = []
    with Mirror(kernel) as mirror:
        try:
            apply_edit(edit, mirror, text)
            for source, expected in edit.expect.items():
                problems += check_unit(kernel, mirror, source, expected, args.option, said,
                                       family)
            if edit.link is not None:
                linked = link_units(kernel, mirror, edit, said, family)
        except Broken as e:
            return Outcome(edit.name, [str(e)])
    later = linked is None
    outcome = Outcome(edit.name, problems + (linked or []), None if later else edit.todo,
                      "\n".join((text or []) + said) if args.show else "")
    outcome.later = later
    return outcome


def run_unit(kernel, unit, expected, args, family):
    said = []
    name = os.path.join(os.path.dirname(unit.obj), os.path.basename(unit.source))
    with Mirror(kernel) as mirror:
        sarif = os.path.join(mirror.dir, "log.sarif")
        p = unit.check(unit.source, sarif, *args.option)
        if p.returncode:
            return Outcome(name, ["protflow exited with %d: %s" % (p.returncode, p.stdout)])
        log = Log(sarif, [kernel.src, kernel.obj], family)
        said = ["  %s" % r for r in log.results]
        return Outcome(name, faults(expected.get(name, []), log), None,
                       "\n".join([p.stdout] + said) if args.show else "")


def jobs_of(kernel, module, args):
    """The tests of the group, as functions without arguments."""
    family = getattr(module, "FAMILY", ERRATUM)
    for edit in getattr(module, "EDITS", []):
        if not args.edit or edit.name in args.edit:
            yield lambda edit=edit: run_edit(kernel, edit, args, family)
    for unit in kernel.units(*getattr(module, "FOLDERS", [])):
        if not args.edit or any(unit.source.endswith(e) for e in args.edit):
            yield lambda unit=unit: run_unit(kernel, unit, module.EXPECT, args, family)


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
    kernel = Kernel(name)
    with concurrent.futures.ThreadPoolExecutor(args.j) as pool:
        outcomes = list(pool.map(lambda job: job(), jobs_of(kernel, module, args)))
    for o in outcomes:
        o.show(args.verbose or args.show)
    words = [o.word() for o in outcomes]
    print("%s, %s: %d ok, %d failed, %d known to be wrong (todo)%s" % (
        args.group, kernel.version, words.count("ok"), words.count("FAIL"), words.count("todo"),
        ", %d wait for 'protflow link'" % words.count("link") if "link" in words else ""))
    return 1 if "FAIL" in words or not outcomes else 0


if __name__ == "__main__":
    sys.path.insert(0, HERE)
    sys.exit(main())
