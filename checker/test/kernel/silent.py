# SPDX-License-Identifier: MIT
"""Makers of edits that change nothing: proved, and nothing reported."""
from ctext import after, before, cut, inside, put, sub, within
from edits import Edit, GUARD, MAPPING, mapping
from expect import proves

CONDITION = "(!(prot & DMA_PTE_WRITE) && domain->nested_parent)"
MESSAGE = 'pr_err_ratelimited("read-only mapping of a nesting parent refused\\n");'


def good(name, *places, guard=(MAPPING,), **more):
    return Edit(name, *places, expect=[proves("PF2101", *guard)], **more)


def condition(name, text, *changes):
    return good(name, mapping(sub(CONDITION, text), *changes))


def instead(name, text, *changes, **more):
    """Other statements in the place of the guard."""
    return good(name, mapping(put(GUARD, text), *changes), **more)


def reporter(name, text, **more):
    """The refusal with another message."""
    return good(name, mapping(within(GUARD, put("pr_err_ratelimited", text))), **more)


def in_caller(name, text, anchor="max_addr = iova + size", **more):
    return good(name, mapping(cut(GUARD)), inside("intel_iommu_map", before(anchor, text)),
                guard=("intel_iommu_map",), **more)


def unrelated(name, text):
    """Code that has nothing to do with it, in the way."""
    return good(name, mapping(after(GUARD, text)))
