#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What protflow costs: user time, memory and instructions beside clang and sparse.

usage: bench.py [--runs N] [--instructions] [--analyzer] [UNIT...]
       bench.py --folder drivers/iommu [--runs N] [--top N]

run-check.sh bench prepares what it needs and calls it. The environment says
where things are:
  PROTFLOW             the program
  PROTFLOW_CLANG       the compiler (default clang-22)
  PROTFLOW_FLAGS       prints the flags that libclang gets (target bench_flags)
  PROTFLOW_KERNEL_SRC  a kernel's source, and
  PROTFLOW_KERNEL_OBJ  its object tree, configured

Each tool gets the same flags of the same unit in the same run; read the ratios,
not the seconds. A unit that no rule concerns is skipped after a look at its
text; of the units here only the first is not. With --no-filter all are parsed.

--folder sums the user time over all units that were built below it: of the
compiler, of protflow with the rules that run by default, with every rule that
runs on request too, and with all units parsed. For each unit it takes the least
of N runs.
"""
import argparse
import json
import os
import re
import resource
import shlex
import subprocess
import sys
import tempfile

UNITS = [
    "drivers/iommu/intel/iommu.c",
    "drivers/iommu/iommu.c",
    "drivers/iommu/iommufd/pages.c",
    "drivers/vfio/vfio_iommu_type1.c",
    "kernel/sched/core.c",
    "mm/memory.c",
]
CHECKFLAGS = ("-D__linux__ -Dlinux -D__STDC__ -Dunix -D__unix__ -Wbitwise -Wno-return-void "
              "-Wno-unknown-attribute -D__x86_64__ --arch=x86 -mlittle-endian -m64").split()


FRONT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../run-check.sh")
CLANG = os.environ.get("PROTFLOW_CLANG", "clang-22")


def need(name):
    value = os.environ.get(name)
    if not value:
        sys.exit(f"bench: {name} is not set; see the head of this file")
    return value


MADE = []


def take_away():
    """The objects that only the measurement wanted: a link would take them for the tree's."""
    for obj, target in MADE:
        folder, base = os.path.split(target)
        for name in (target, os.path.join(folder, f".{base}.cmd"),
                     os.path.join(".protflow", target + ".sarif"),
                     os.path.join(".protflow", target + ".facts")):
            if os.path.exists(os.path.join(obj, name)):
                os.unlink(os.path.join(obj, name))


def kbuild_argv(src, obj, unit):
    """What Kbuild hands to $(CHECK) for the unit, from the command that built its object."""
    target = unit[:-2] + ".o"
    folder, base = os.path.split(target)
    saved = os.path.join(obj, folder, f".{base}.cmd")
    if not os.path.exists(saved):
        MADE.append((obj, target))
        subprocess.run(["make", "-s", "-C", src, f"O={obj}", target], check=True)
    with open(saved, encoding="utf-8") as f:
        line = f.readline()
    words = shlex.split(line.split(":=", 1)[1].split(";")[0])
    start = next(i for i, w in enumerate(words) if w.startswith("-Wp,-M"))
    stop = words.index("-c")
    return CHECKFLAGS + words[start:stop] + [words[-1]]


def hyperfine(commands, runs, cwd):
    """Mean user seconds of each command, from one run over all of them."""
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        args = ["hyperfine", "-N", "-i", "-w", "1", "-r", str(runs), "--style", "none",
                "--export-json", out.name]
        subprocess.run(args + [shlex.join(c) for c in commands], cwd=cwd, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return [r["user"] for r in json.load(open(out.name, encoding="utf-8"))["results"]]


def peak_megabytes(command, cwd):
    code = ("import resource,subprocess,sys;subprocess.run(sys.argv[1:],stdout=-3,stderr=-3);"
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
    out = subprocess.run([sys.executable, "-c", code] + command, cwd=cwd, check=True,
                         capture_output=True, text=True).stdout
    return int(out) / 1024


def instructions(command, cwd):
    """Of all processes of the command; their logs are files, since protflow reads its own."""
    with tempfile.TemporaryDirectory() as logs:
        subprocess.run(["valgrind", "--tool=callgrind", "--trace-children=yes",
                        f"--log-file={logs}/%p", "--callgrind-out-file=/dev/null"] + command,
                       cwd=cwd, check=False, capture_output=True)
        texts = [open(os.path.join(logs, name), encoding="utf-8").read()
                 for name in os.listdir(logs)]
    return sum(int(c) for text in texts for c in re.findall(r"Collected : (\d+)", text))


def row(name, values, base):
    cells = "  ".join(f"{v:8.3f} {v / b:6.2f}x" for v, b in zip(values, base))
    print(f"  {name:24s} {cells}")


def bench_unit(unit, options, env):
    argv = kbuild_argv(env["src"], env["obj"], unit)
    flags = subprocess.run([env["flags"]] + argv, cwd=env["obj"], check=True,
                           capture_output=True, text=True).stdout.split("\n")[:-1]
    # Under callgrind everything takes longer, and that is no reason to give the unit up.
    check = ["--reproducible", "--max-seconds=3600", "--max-memory=0"]
    tools = {
        f"{CLANG} -fsyntax-only": [CLANG, "-fsyntax-only"] + flags + [argv[-1]],
        "sparse": ["sparse"] + argv,
        "protflow": [env["protflow"], "check"] + check + ["--"] + argv,
        "run-check.sh as CHECK": [FRONT] + check + argv,
        "protflow --no-filter": [env["protflow"], "check", "--no-filter"] + check + ["--"] + argv,
    }
    users = hyperfine(tools.values(), options.runs, env["obj"])
    peaks = [peak_megabytes(c, env["obj"]) for c in tools.values()]
    counts = [instructions(c, env["obj"]) / 1e9 for c in tools.values()] \
        if options.instructions else []
    columns = list(zip(*filter(None, (users, peaks, counts))))
    print(f"{unit}\n  {'':24s} {'user s':>8s} {'':7s}  {'peak MB':>8s} {'':7s}  "
          f"{'G instr.' if counts else '':>8s}")
    for name, values in zip(tools, columns):
        row(name, values, columns[0])
    if options.analyzer and unit == options.units[0]:
        command = [CLANG, "--analyze", "-Xanalyzer", "-analyzer-output=text"] + flags + [argv[-1]]
        row(f"{CLANG} --analyze", hyperfine([command], 1, env["obj"]), users)


# ------------------------------------------------------------ a whole folder

def built_units(obj, folder):
    """Sources below the folder that have an object, as the kernel names them."""
    for path, dirs, names in os.walk(os.path.join(obj, folder)):
        dirs.sort()
        for name in sorted(names):
            if not re.fullmatch(r"\..*\.o\.cmd", name):
                continue
            with open(os.path.join(path, name), encoding="utf-8") as f:
                source = re.search(r"^source_\S+ := (.*\.c)$", f.read(), re.M)
            if source:
                yield os.path.relpath(os.path.join(path, name[1:-len(".o.cmd")]) + ".c", obj)


def on_request(program):
    """The rules that run only where --also names them."""
    listed = subprocess.run([program, "rules", "list"], check=True, capture_output=True,
                            text=True).stdout
    return [line.split()[0] for line in listed.splitlines() if "on request" in line]


def user_seconds(command, cwd, runs):
    """The least of so many runs: what else runs on the machine only adds to it."""
    best = None
    for _ in range(runs):
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        subprocess.run(command, cwd=cwd, check=False, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
        best = used if best is None else min(best, used)
    return best


def bench_folder(options, env):
    also = on_request(env["protflow"])
    check = [env["protflow"], "check", "--reproducible"]
    every = check + [f"--also={','.join(also)}"]
    names = [f"{CLANG} -fsyntax-only", "protflow", "protflow --also=...", "and with --no-filter"]
    rows = []
    if not any(built_units(env["obj"], options.folder)):
        subprocess.run(["make", "-s", "-C", env["src"], f"O={env['obj']}", f"{options.folder}/"],
                       check=True)
    for unit in built_units(env["obj"], options.folder):
        argv = kbuild_argv(env["src"], env["obj"], unit)
        flags = subprocess.run([env["flags"]] + argv, cwd=env["obj"], check=True,
                               capture_output=True, text=True).stdout.split("\n")[:-1]
        commands = [[CLANG, "-fsyntax-only"] + flags + [argv[-1]], check + ["--"] + argv,
                    every + ["--"] + argv, every + ["--no-filter", "--"] + argv]
        rows.append((unit, [user_seconds(c, env["obj"], options.runs) for c in commands]))
    sums = [sum(values[i] for _, values in rows) for i in range(len(names))]
    print(f"{options.folder}: {len(rows)} units; on request: {' '.join(also) or 'none'}")
    for name, value in zip(names, sums):
        row(name, [value], sums)
    rows.sort(key=lambda r: -r[1][-1])
    print("the units that cost most: in the same order")
    for unit, values in rows[:options.top]:
        row(unit[len(options.folder) + 1:], values, [values[0]] * len(values))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--instructions", action="store_true", help="count them with callgrind (slow)")
    parser.add_argument("--analyzer", action="store_true", help="clang --analyze too, on the first unit")
    parser.add_argument("--folder", help="all units that were built below it, and their sum")
    parser.add_argument("--top", type=int, default=12, help="of a folder, show so many units")
    parser.add_argument("units", nargs="*", default=UNITS)
    options = parser.parse_args()
    env = {"protflow": need("PROTFLOW"), "flags": need("PROTFLOW_FLAGS"),
           "src": need("PROTFLOW_KERNEL_SRC"), "obj": need("PROTFLOW_KERNEL_OBJ")}
    if options.folder:
        return bench_folder(options, env)
    try:
        for unit in options.units:
            bench_unit(unit, options, env)
    finally:
        take_away()


main()
