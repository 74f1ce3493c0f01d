# SPDX-License-Identifier: MIT
"""The kernel under test, its units, and edited copies of them.

The source and the object tree come from the environment and are only read. An
edited copy lives in a mirror: a folder with links to the source's files, in
which the edited files are real ones, so that they see their private headers.
For a link the edited units leave their facts beside those of the others, which
are the same for every edit and are made once.
"""
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading


class Kernel:
    def __init__(self, name="KERNEL"):
        self.src = self._folder("PROTFLOW_%s_SRC" % name, "the source of a kernel")
        self.obj = self._folder("PROTFLOW_%s_OBJ" % name,
                                "its object tree, with drivers/iommu built")
        with open(os.path.join(self.src, "Makefile")) as f:
            number = dict(re.findall(r"^(VERSION|PATCHLEVEL|SUBLEVEL)\s*=\s*(\d+)", f.read(), re.M))
        self.version = "Linux %(VERSION)s.%(PATCHLEVEL)s.%(SUBLEVEL)s" % number

    @staticmethod
    def _folder(name, what):
        path = os.environ.get(name, "")
        if not path:
            sys.exit("%s is not set: it names %s; 'run-check.sh test' sets it" % (name, what))
        if not os.path.isdir(path):
            sys.exit("%s: %s is no folder" % (name, path))
        return os.path.realpath(path)

    def units(self, *folders):
        """All C sources that were compiled below these folders, by object."""
        for folder in folders:
            for path, dirs, names in os.walk(os.path.join(self.obj, folder)):
                dirs.sort()
                for name in sorted(names):
                    if not (name.startswith(".") and name.endswith(".o.cmd")):
                        continue
                    unit = Unit(self, os.path.relpath(os.path.join(path, name[1:-4]), self.obj))
                    if unit.source and unit.source.endswith(".c"):
                        yield unit

    def unit(self, source):
        """The unit of a source, "drivers/iommu/intel/iommu.c"."""
        unit = Unit(self, source[:-2] + ".o")
        if not unit.source:
            sys.exit("%s was not built in %s: make O=... drivers/iommu/ drivers/vfio/"
                     % (source, self.obj))
        return unit


class Unit:
    """One object, with the flags that Kbuild compiled it with."""

    def __init__(self, kernel, obj):
        self.kernel = kernel
        self.obj = obj
        self.source = None
        self.headers = []
        cmd = os.path.join(kernel.obj, os.path.dirname(obj), "." + os.path.basename(obj) + ".cmd")
        try:
            with open(cmd) as f:
                text = f.read()
        except FileNotFoundError:
            return
        source = re.search(r"^source_\S+ := (.*)$", text, re.M)
        self.headers = re.findall(r"^ +(\S+\.h)\b", text, re.M)
        line = re.search(r"^(?:saved)?cmd_\S+ := (.*)$", text, re.M)
        if source and line:
            self.source = source.group(1).strip()
            self._split(shlex.split(line.group(1).replace("$$", "$").replace("$(pound)", "#")))

    def _split(self, words):
        """The compiler, and its flags from the dependency file on: c_flags of Kbuild."""
        first = next(i for i, w in enumerate(words) if w.startswith("-Wp,-M"))
        last = words.index(self.source)
        self.compiler = words[:first]
        self.flags = words[first:last]
        while "-o" in self.flags:
            i = self.flags.index("-o")
            del self.flags[i:i + 2]
        self.flags = [w for w in self.flags if w != "-c"]

    def path(self):
        return os.path.join(self.kernel.obj, self.source)

    def reads(self, files):
        """Whether one of these files, relative to the kernel's source, is part of the unit."""
        mine = {os.path.normpath(os.path.join(self.kernel.obj, p))
                for p in [self.source, *self.headers]}
        return any(os.path.join(self.kernel.src, f) in mine for f in files)

    def compile(self, source):
        """What the compiler says of the syntax of that file: status and text."""
        flags = [w for w in self.flags if not w.startswith(("-Wp,-M", "-fplugin"))]
        # -fplugin-arg would need its plugin; no warning of ours is the kernel's business
        p = subprocess.run(self.compiler + flags + ["-w", "-fsyntax-only", source],
                           cwd=self.kernel.obj, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                           text=True)
        return p.returncode, p.stdout

    def check(self, source, sarif, *options):
        """protflow on that file, with the flags of this unit."""
        program = os.environ.get("PROTFLOW", "")
        if not os.access(program, os.X_OK):
            sys.exit("PROTFLOW: '%s' is not the program to test" % program)
        return subprocess.run([os.path.abspath(program), "check", "--report-passes", "--sarif",
                               sarif, *options, "--", *self.flags, source], cwd=self.kernel.obj,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=300)


def link(sarif, folder, *options):
    """protflow link over the facts below that folder."""
    return subprocess.run([os.path.abspath(os.environ["PROTFLOW"]), "link", "--report-passes", "-o",
                           sarif, *options, folder], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=300)


class Facts:
    """What the units of the kernel as it is leave for a link; of each when it is first wanted."""

    def __init__(self, kernel, *options):
        self.kernel, self.options = kernel, options
        self.dir = tempfile.mkdtemp(prefix="facts-")
        self.lock = threading.Lock()
        self.made = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.dir)

    def _make(self, unit):
        """What went wrong, or nothing."""
        p = unit.check(unit.source, os.path.join(self.dir, "log.sarif"), "--facts", self.dir,
                       *self.options)
        there = os.path.isfile(self._path(self.dir, unit))
        return None if there and not p.returncode else "no facts of %s: %s" % (unit.obj, p.stdout)

    @staticmethod
    def _path(folder, unit):
        return os.path.join(folder, unit.obj + ".facts")

    def put(self, unit, folder):
        """Copies those of the unit into the folder; what went wrong, or None."""
        with self.lock:
            if unit.obj not in self.made:
                self.made[unit.obj] = self._make(unit)
        if not self.made[unit.obj]:
            to = self._path(folder, unit)
            os.makedirs(os.path.dirname(to), exist_ok=True)
            shutil.copyfile(self._path(self.dir, unit), to)
        return self.made[unit.obj]


class Mirror:
    """A copy of drivers/iommu in which files can be changed."""

    ROOT = "drivers/iommu"

    def __init__(self, kernel, parent=None):
        self.kernel = kernel
        self.dir = tempfile.mkdtemp(prefix="edit-", dir=parent)
        real = os.path.join(kernel.src, self.ROOT)
        for path, dirs, names in os.walk(real):
            here = os.path.join(self.dir, os.path.relpath(path, kernel.src))
            os.makedirs(here)
            for name in names:
                if name.endswith((".c", ".h")):
                    os.symlink(os.path.join(path, name), os.path.join(here, name))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.dir)

    def path(self, source):
        return os.path.join(self.dir, source)

    def read(self, source):
        with open(self.path(source)) as f:
            return f.read()

    def write(self, source, text):
        os.unlink(self.path(source))
        with open(self.path(source), "w") as f:
            f.write(text)
