# SPDX-License-Identifier: MIT
"""Changes to C text, each inside one function (or record) of a file.

A change finds its place by a few words, in which any white space stands for
any other, and outside of comments. It must be there exactly once. "Statement"
is what begins at these words: to its semicolon, or to the end of what an if,
a loop, a switch or a block contains.

    inside("f", cut("if (x)"))          the statement is deleted
    inside("f", sub("a && b", "a"))     words replaced by others
    inside("f", before("y = 1", "z();"))
    inside("f", move("if (x)", after="while (n)"))
"""
import re


class NoPlace(Exception):
    """The words of a change are not where they are expected."""


def _blank(match):
    return re.sub(r"[^\n]", " ", match.group(0))


_COMMENT = r"/\*.*?\*/|//[^\n]*"
_LITERAL = r'"(?:\\.|[^"\\\n])*"|' + r"'(?:\\.|[^'\\\n])*'"


def without_comments(text):
    def keep_literals(match):
        return match.group(0) if match.group(0)[0] in "\"'" else _blank(match)
    return re.sub(_COMMENT + "|" + _LITERAL, keep_literals, text, flags=re.S)


def structure(text):
    """The same text, of the same length, with comments and literals blank."""
    return re.sub(_COMMENT + "|" + _LITERAL, _blank, text, flags=re.S)


def _pattern(words):
    """Words as a regular expression: white space is free, names are whole."""
    out = r"\s+".join(re.escape(w) for w in words.split())
    if re.match(r"\w", words):
        out = r"(?<!\w)" + out
    if re.search(r"\w$", words):
        out += r"(?!\w)"
    return out


def _find_all(text, words, start, end):
    code = without_comments(text)
    return [m.span() for m in re.compile(_pattern(words)).finditer(code, start, end)]


def _find(text, words, start, end):
    found = _find_all(text, words, start, end)
    if len(found) != 1:
        raise NoPlace("'%s' is there %d times" % (words, len(found)))
    return found[0]


def _closing(code, i):
    """The index behind the bracket that closes the one at i."""
    pairs = {"(": ")", "{": "}", "[": "]"}
    stack = []
    for k in range(i, len(code)):
        if code[k] in pairs:
            stack.append(pairs[code[k]])
        elif stack and code[k] == stack[-1]:
            stack.pop()
            if not stack:
                return k + 1
    raise NoPlace("a bracket is not closed")


def _skip_space(code, i):
    while i < len(code) and code[i].isspace():
        i += 1
    return i


def _keyword(code, i):
    m = re.compile(r"[A-Za-z_]\w*").match(code, i)
    return m.group(0) if m else ""


def _semicolon(code, i):
    while code[i] != ";":
        i = _closing(code, i) if code[i] in "({[" else i + 1
        if i >= len(code):
            raise NoPlace("a statement does not end")
    return i + 1


def statement_end(code, i):
    """The index behind the statement that begins at i; code has no comments."""
    i = _skip_space(code, i)
    word = _keyword(code, i)
    if code[i] == "{":
        return _closing(code, i)
    if word in ("if", "while", "for", "switch"):
        i = _closing(code, code.index("(", i))
        i = statement_end(code, i)
        rest = _skip_space(code, i)
        if word == "if" and _keyword(code, rest) == "else":
            return statement_end(code, rest + len("else"))
        return i
    if word == "do":
        return _semicolon(code, statement_end(code, i + 2))
    return _semicolon(code, i)


def _statement(text, words, start, end):
    """The span of the statement that begins with these words."""
    code = structure(text)
    begin, _ = _find(text, words, start, end)
    before = code[start:begin].rstrip()
    if before and before[-1] not in "{};:)" and not before.endswith(("else", "do")):
        raise NoPlace("'%s' does not begin a statement" % words)
    return begin, statement_end(code, begin)


def _indent(text, i):
    line = text.rfind("\n", 0, i) + 1
    return re.match(r"[ \t]*", text[line:]).group(0)


def _lines(new, indent):
    return "".join(indent + l + "\n" if l.strip() else "\n" for l in new.strip("\n").split("\n"))


def _above_line(text, i, new):
    """Whole lines in front of the one of i."""
    line = text.rfind("\n", 0, i) + 1
    return text[:line] + _lines(new, _indent(text, i)) + text[line:]


# Each maker gives a function (text, start, end) -> text; the change happens
# between start and end, which are the bounds of the function.

def sub(old, new):
    def change(text, start, end):
        i, k = _find(text, old, start, end)
        return text[:i] + new + text[k:]
    return change


def rename(old, new):
    """Every use of a name."""
    def change(text, start, end):
        found = _find_all(text, old, start, end)
        if not found:
            raise NoPlace("'%s' is not there" % old)
        for i, k in reversed(found):
            text = text[:i] + new + text[k:]
        return text
    return change


def cut(words):
    def change(text, start, end):
        i, k = _statement(text, words, start, end)
        return text[:i] + ";" + text[k:]
    return change


def put(words, new):
    """The statement is replaced."""
    def change(text, start, end):
        i, k = _statement(text, words, start, end)
        indent = _indent(text, i)
        return text[:i] + _lines(new, indent).strip() + text[k:]
    return change


def before(words, new):
    def change(text, start, end):
        i, _ = _statement(text, words, start, end)
        return _above_line(text, i, new)
    return change


def after(words, new):
    def change(text, start, end):
        i, k = _statement(text, words, start, end)
        return text[:k] + "\n" + _lines(new, _indent(text, i)).rstrip("\n") + text[k:]
    return change


def wrap(words, head, tail="}"):
    def change(text, start, end):
        i, k = _statement(text, words, start, end)
        return text[:i] + head + "\n" + text[i:k] + "\n" + tail + text[k:]
    return change


def move(words, after):
    """The statement goes behind the one that begins with the words of after."""
    def change(text, start, end):
        i, k = _statement(text, words, start, end)
        moved = text[i:k]
        _, to = _statement(text, after, start, end)
        if i < to <= k:
            raise NoPlace("'%s' is inside of what is moved" % after)
        text = text[:to] + "\n\t" + moved + "\n" + text[to:]
        if i > to:
            i, k = i + len(moved) + 3, k + len(moved) + 3
        return text[:i] + ";" + text[k:]
    return change


def within(words, *changes):
    """Changes inside of one statement."""
    def change(text, start, end):
        for c in changes:
            i, k = _statement(text, words, start, end)
            size = len(text)
            text = c(text, i, k)
            end += len(text) - size
        return text
    return change


def above(new):
    def change(text, start, end):
        return text[:start] + new.strip("\n") + "\n\n" + text[start:]
    return change


def below(new):
    def change(text, start, end):
        return text[:end] + "\n\n" + new.strip("\n") + text[end:]
    return change


def _record(code, name):
    m = re.search(r"^%s\s*\{" % re.sub(r"\s+", r"\\s+", name), code, re.M)
    if not m:
        raise NoPlace("'%s' is not defined" % name)
    return m.start(), _semicolon(code, m.end() - 1)


def _function(code, name):
    """From the first line of the definition to behind its closing brace."""
    for m in re.finditer(r"\b%s\s*\(" % re.escape(name), code):
        body = _skip_space(code, _closing(code, m.end() - 1))
        if code[body:body + 1] == "{" and code[body - 1] == "\n":
            start = max(code.rfind(c, 0, m.start()) for c in ";}#")
            if start >= 0 and code[start] == "#":
                start = code.find("\n", start)
            return _skip_space(code, start + 1), _closing(code, body)
    raise NoPlace("function '%s' is not defined" % name)


def bounds(text, name):
    """Where a function, or a "struct tag", begins and ends."""
    code = structure(text)
    return _record(code, name) if name.startswith("struct ") else _function(code, name)


class inside:
    """Changes inside of a function or record; None is the file as a whole."""

    def __init__(self, name, *changes):
        self.name = name
        self.changes = changes

    def apply(self, text):
        for change in self.changes:
            start, end = bounds(text, self.name) if self.name else (0, len(text))
            try:
                text = change(text, start, end)
            except NoPlace as e:
                raise NoPlace("%s%s" % (e, " in '%s'" % self.name if self.name else ""))
        return text
