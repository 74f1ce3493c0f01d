# SPDX-License-Identifier: MIT
"""An edit of a kernel: what is changed, and what protflow must say of it."""


class Edit:
    """
    Changes by file (files); expected results of units by their sources (expect), and of several
    as one program (link): of those in units, or of all. Units that the changes touch are checked;
    the others have the facts that they always have.
    """

    def __init__(self, name, files, expect=None, link=None, todo=None, units=None):
        self.name, self.files, self.todo = name, files, todo
        self.expect = expect or {}
        self.link, self.units = link, units
