#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The look at a unit's text against a real preprocessor.

Random programs of macros are written into a source, a private header, a public
one and -D, with pieces of some words in them. Where a word stands in what the
preprocessor makes of it, the look must say that it may be there. The other
way round it may err, but not always: a part of the programs must be told from
those that have the word.

usage: pasting.py HAS_WORDS CPP [--seed=N] [--programs=N] [--keep]
"""
import argparse, os, random, re, shlex, shutil, subprocess, sys, tempfile

WORDS = ["dmar_pte", "x12_ab"]
FLAGS = ["-nostdinc", "-I./include", "-I./include/generated/uapi", "-include",
         "./include/linux/kconfig.h"]
SOURCE = "drivers/x/a.c"


class Span:
    """A part of a word, between two of the places where the program cuts it."""

    def __init__(self, word, cuts, a, b):
        self.word, self.cuts, self.a, self.b = word, cuts, a, b

    def __str__(self):
        return self.word[self.cuts[self.a]:self.cuts[self.b]]

    def split(self, rng, n):
        at = sorted(rng.sample(range(self.a + 1, self.b), min(n, self.b - self.a) - 1))
        return [Span(self.word, self.cuts, x, y) for x, y in zip([self.a] + at, at + [self.b])]

    def is_whole(self):
        return self.a == 0 and self.b == len(self.cuts) - 1


def spans(rng):
    """All of the words, cut at some places."""
    out = []
    for word in WORDS:
        inner = rng.sample(range(1, len(word)), rng.randint(1, min(5, len(word) - 1)))
        cuts = [0] + sorted(inner) + [len(word)]
        n = len(cuts)
        out += [Span(word, cuts, a, b) for a in range(n) for b in range(a + 1, n)]
    return out


class Macro:
    def __init__(self, name, params, rest, public, result):
        self.name, self.params, self.rest, self.public = name, params, rest, public
        self.result = result    # the span that it is meant to give, with what wants has
        self.wants = {}         # parameter -> span


class Program:
    """One program. What public headers give to what they paste themselves is out
    of sight, so that in one program they paste what they are given, and in
    another have lists of words that private macros paste."""

    def __init__(self, rng):
        self.rng = rng
        self.spans = spans(rng)
        self.parts = [s for s in self.spans if not s.is_whole()]
        self.public_words = rng.random() < 0.4
        self.macros = [self.new_macro(i) for i in range(rng.randint(2, 8))]
        self.bodies = {m: self.body(m) for m in self.macros}

    def new_macro(self, i):
        rng = self.rng
        params = [f"p{i}{c}" for c in "abc"[:rng.choice([0, 1, 1, 2, 2, 3])]]
        rest = rng.choice(["...", f"r{i}..."]) if rng.random() < 0.2 else None
        long = [s for s in self.spans if s.b - s.a > 1]
        return Macro(f"M{i}", params, rest, rng.random() < 0.3, rng.choice(long))

    def space(self):
        return self.rng.choice(["", " ", " ", " /* c */ ", "\t"])

    def paste(self):
        return self.space() + self.rng.choice(["##"] * 6 + ["%:%:"]) + self.space()

    def names(self, m):
        names = list(m.params)
        if m.rest:
            names.append("__VA_ARGS__" if m.rest == "..." else m.rest[:-3])
        return names

    def has_words(self, m):
        """Whether m, or the text where it is None, may have words of its own."""
        return not m or not m.public or self.public_words

    def operand(self, m, want, literal):
        """What is to stand for the span in the body of m."""
        rng = self.rng
        names = self.names(m)
        free = [p for p in names if str(m.wants.get(p, want)) == str(want)]
        if free and (not literal or rng.random() < 0.7):
            name = rng.choice(free)
            m.wants[name] = want
            return name
        return str(want) if literal and not want.is_whole() else rng.choice(names or ["foo"])

    def chain(self, m):
        want = [self.operand(m, s, not m.public) for s in m.result.split(self.rng,
                                                                      self.rng.randint(2, 4))]
        text = want[0]
        for w in want[1:]:
            text += self.paste() + w
        return text

    def call(self, m, want, depth):
        """A call in the body of m (None: in the text), of a macro that gives the span, at best."""
        rng = self.rng
        able = [c for c in self.macros if self.has_words(m) or c.public]
        good = [c for c in able if str(c.result) == str(want)]
        if not able:
            return "foo"
        c = rng.choice(good if good and rng.random() < 0.9 else able)
        if rng.random() < 0.05:
            return c.name
        if not c.params and not c.rest:
            return c.name + rng.choice(["", "()"])
        names = self.names(c)[:len(c.params)]
        args = [self.argument(m, c.wants.get(p), depth) for p in names]
        if c.rest:
            last = c.wants.get(self.names(c)[-1])
            args += [self.argument(m, last, depth) for _ in range(rng.choice([0, 1, 1, 2]))]
        return c.name + "(" + ",".join(args) + ")"

    def argument(self, m, want, depth):
        rng = self.rng
        n = rng.choice([1, 1, 1, 1, 1, 1, 0, 2])
        return self.space() + " ".join(self.item(m, want, depth + 1) for _ in range(n)) + self.space()

    def item(self, m, want, depth):
        rng = self.rng
        want = want if want and rng.random() < 0.9 else rng.choice(self.parts)
        names = [p for p in (self.names(m) if m else []) if str(m.wants.get(p, want)) == str(want)]
        if names and rng.random() < 0.5:
            name = rng.choice(names)
            m.wants[name] = want
            return name
        if depth < 3 and rng.random() < 0.3:
            return self.call(m, want, depth)
        return str(want) if self.has_words(m) and not want.is_whole() else "foo"

    def body(self, m):
        rng = self.rng
        out = []
        for _ in range(rng.choice([1, 1, 1, 2])):
            may_paste = not m.public or not self.public_words
            if may_paste and rng.random() < 0.7:
                out.append(self.chain(m))
            elif rng.random() < 0.7:
                out.append(self.call(m, m.result, 0))
            else:
                out.append(self.item(m, None, 0))
        return " ".join(out)

    def define(self, m):
        head = self.rng.choice(["#define ", "# define ", "#\tdefine ", "%:define "]) + m.name
        params = ", ".join(m.params + ([m.rest] if m.rest else []))
        if params or self.rng.random() < 0.5:
            head += "(" + params + ")"
        text = head + " " + self.bodies[m]
        if self.rng.random() < 0.2:
            at = [i.start() for i in re.finditer(" ", text)][1:]
            if at:
                k = self.rng.choice(at)
                text = text[:k] + " \\\n" + text[k:]
        return text + "\n"

    def splice(self, text):
        """A word over two lines, at times."""
        words = list(re.finditer(r"\b\w\w+\b", text))
        if not words or self.rng.random() < 0.8:
            return text
        k = self.rng.choice(words).start() + 1
        return text[:k] + "\\\n" + text[k:]

    def write(self, root):
        rng = self.rng
        files = {"include/pub.h": "", "drivers/x/priv.h": "", SOURCE: "", "D": []}
        for m in self.macros:
            where = "include/pub.h" if m.public else rng.choice(["drivers/x/priv.h", SOURCE])
            files[where] += self.define(m)
        if rng.random() < 0.2:
            left, right = rng.choice([s for s in self.spans if s.b - s.a > 1]).split(rng, 2)
            files["D"] = [f"-DG={right}", f"-DH(x)={left}##x", "-DI(x)=H(x)"]
        whole = [s for s in self.spans if s.is_whole()]
        text = "".join(f"{self.call(None, rng.choice(whole), 0)} ;\n"
                       for _ in range(rng.randint(1, 4)))
        if files["D"]:
            text += f"H({rng.choice(self.parts)}) I(G)\n"
        if self.public_words and rng.random() < 0.5:
            files["include/list.h"] = "".join(
                self.call(None, rng.choice(whole), 2) + "\n" for _ in range(2))
            text += "#include <list.h>\n"
        files[SOURCE] = ("#include <pub.h>\n#include \"priv.h\"\n" + files[SOURCE] +
                         self.splice(text))
        flags = files.pop("D")
        files["include/linux/kconfig.h"] = ""
        for name, content in files.items():
            path = os.path.join(root, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as f:
                f.write(content)
        return flags


def preprocessed(cpp, root, flags):
    out = subprocess.run([*shlex.split(cpp), "-E", "-P", "-w", *FLAGS, *flags, SOURCE], cwd=root,
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    return set(re.findall(r"\w+", out))


def look(has_words, root, flags):
    argv = [has_words, *WORDS, "--", *FLAGS, *flags, SOURCE]
    run = subprocess.run(argv, cwd=root, stdout=subprocess.PIPE, text=True, check=True)
    return set(run.stdout.split())


def main():
    p = argparse.ArgumentParser()
    p.add_argument("has_words")
    p.add_argument("cpp")
    p.add_argument("--seed", type=int)
    p.add_argument("--programs", type=int, default=400)
    p.add_argument("--keep", action="store_true")
    o = p.parse_args()
    seed = o.seed if o.seed is not None else random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")
    there = told = missed = 0
    for i in range(o.programs):
        root = tempfile.mkdtemp(prefix="pasting.")
        flags = Program(random.Random(seed * 1000003 + i)).write(root)
        real, seen = preprocessed(o.cpp, root, flags), look(o.has_words, root, flags)
        there += sum(w in real for w in WORDS)
        told += sum(w not in real and w not in seen for w in WORDS)
        lost = [w for w in WORDS if w in real and w not in seen]
        if lost:
            missed += 1
            print(f"program {i}: {lost} not seen; {root}")
        if not lost or not o.keep:
            shutil.rmtree(root)
    absent = o.programs * len(WORDS) - there
    print(f"{there} words are there, {missed} programs with one that was not seen; "
          f"of {absent} that are not there {told} were told")
    # A look that says yes to all, or programs without the words, show nothing.
    return bool(missed or there < o.programs // 20 or told < absent // 10)


sys.exit(main())
