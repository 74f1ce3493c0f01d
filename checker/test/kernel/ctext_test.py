#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The changes to C text, on text of our own; no kernel is needed."""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from ctext import (NoPlace, above, after, before, below, bounds, cut, inside, move, put, rename,
                   sub, within, wrap)

SOURCE = """/* a comment with f( and { in it */
#define TWO \\
	{ 2 }
struct pair {
	int a:1;	/* with a comment
			 * of two lines */
	int b;
};

/* what f is for */
static int
f(struct pair *p, int x)
{
	int y = x; /* not: if (y) */

	if (x == '{') {
		g("}{ if (y)");
		return 1;
	} else if (y)
		y++;
	do {
		y--;
	} while (y > 0);
	for (;;)
		if (x) { x--; } else break;
	switch (x) { case 1: h(); break; }
	return y;
}

int h(void)
{
	return y;
}
"""


def lines(text):
    return [l.strip() for l in text.split("\n")]


class Test(unittest.TestCase):
    def changed(self, name, *changes):
        return inside(name, *changes).apply(SOURCE)

    def fails(self, words, name, *changes):
        with self.assertRaises(NoPlace) as c:
            self.changed(name, *changes)
        self.assertIn(words, str(c.exception))

    def test_bounds(self):
        start, end = bounds(SOURCE, "f")
        self.assertTrue(SOURCE[start:].startswith("static int\nf(struct"))
        self.assertTrue(SOURCE[:end].endswith("\treturn y;\n}"))
        start, end = bounds(SOURCE, "struct pair")
        self.assertTrue(SOURCE[start:end].endswith("int b;\n};"))

    def test_sub(self):
        self.assertIn("int y = 7;", self.changed("f", sub("y = x", "y = 7")))
        self.assertIn("\treturn 0;\n}\n\nint h", self.changed("f", sub("return y", "return 0")))

    def test_not_there(self):
        self.fails("'return z' is there 0 times in 'f'", "f", sub("return z", ""))
        self.fails("'y' is there", "f", sub("y", "z"))
        self.fails("'q' is not defined", "q", sub("y", "z"))
        self.fails("does not begin a statement", "f", cut("y = x"))

    def test_a_call_is_no_definition(self):
        self.fails("'g' is not defined", "g", cut("return"))

    def test_words_are_whole(self):
        self.fails("is there 0 times", "f", sub("turn y", "x"))

    def test_cut(self):
        text = self.changed("f", cut("if (x == '{')"))
        self.assertNotIn("return 1", text)
        self.assertNotIn("y++", text)
        self.assertIn("y--", text)
        self.assertNotIn("y--", self.changed("f", cut("do {")))
        self.assertNotIn("break; }\n\tswitch", self.changed("f", cut("for (;;)")))

    def test_put_and_wrap(self):
        self.assertIn("\tz();\n\tswitch", self.changed("f", put("for (;;)", "z();")))
        self.assertIn("if (0) {\nreturn y;\n}", self.changed("f", wrap("return y", "if (0) {")))

    def test_before_and_after(self):
        text = lines(self.changed("f", before("return y", "a();\n\tb();"),
                                  after("switch (x)", "c();")))
        i = text.index("c();")
        self.assertEqual(text[i:i + 4], ["c();", "a();", "b();", "return y;"])

    def test_after_a_field_with_a_comment(self):
        start, end = bounds(SOURCE, "struct pair")
        text = self.changed("struct pair", after("int a:1", "int c;"))
        self.assertIn("int a:1;\n\tint c;\t/* with", text)

    def test_move(self):
        switch = "switch (x) { case 1: h(); break; }"
        text = lines(self.changed("f", move("do {", after="switch (x)")))
        self.assertGreater(text.index("} while (y > 0);"), text.index(switch))
        text = lines(self.changed("f", move("switch (x)", after="int y = x")))
        self.assertLess(text.index(switch), text.index("do {"))
        self.fails("inside of what is moved", "f", move("if (x == '{')", after="return 1"))

    def test_within(self):
        text = self.changed("f", within("if (x == '{')", cut("return"), sub("y++", "y += 2")))
        self.assertNotIn("return 1", text)
        self.assertIn("y += 2", text)

    def test_rename(self):
        text = self.changed("f", rename("y", "zz"))
        self.assertIn("int zz = x; /* not: if (y) */", text)
        self.assertIn("return y;", text[text.index("int h"):])

    def test_above_and_below(self):
        text = self.changed("f", above("int a1;"), below("int b1;"))
        self.assertIn("*/\nint a1;\n\nstatic int\nf(", text)
        self.assertIn("}\n\nint b1;\n\nint h", text)


if __name__ == "__main__":
    unittest.main()
