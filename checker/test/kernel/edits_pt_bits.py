# SPDX-License-Identifier: MIT
"""The write bit from the request to the entry."""
from ctext import above, before, cut, inside, sub
from edits_pt import (Edit, INSTALL, IOMMU_PT_H, MAP_LEAF, REBUILD, SET_PROT, STORE, TABLE_ENTRY,
                      VTDSS_C, fmt, set_prot)
from edits_pt import FAMILY  # noqa: F401 the runner's
from expect import proves, undecides, violates

KERNEL = "NEWER"
# The walk gets it by a callback, whose context has the bits and the address.
WALKED = [undecides("PF2143", "vtdss_map_range", "*mapped += map.oa - paddr",
                    "what is stored is not known")]
ASKED = violates("PF2142", SET_PROT, STORE)
WRITTEN = violates("PF2143", INSTALL, "WRITE_ONCE(tablep[pts->index], entry)")
KEPT = violates("PF2143", INSTALL, "pts->entry = entry")
REBUILT = violates("PF2144", REBUILD, "attrs->descriptor_bits =")
LOST = [undecides("PF2143", INSTALL, line, "what is stored is not known")
        for line in ("WRITE_ONCE(tablep[pts->index]", "pts->entry =")]
TABLE = "return pt_table_install64(pts, entry)"
TABLE_BITS = "VTDSS_FMT_R | VTDSS_FMT_W |"
SET_W = "if (iommu_prot & IOMMU_WRITE) pte |= VTDSS_FMT_W;"
BITS = "pts->entry & (VTDSS_FMT_R | VTDSS_FMT_W | VTDSS_FMT_SNP)"
ALL = [proves("PF2140", SET_PROT), proves("PF2142"), proves("PF2143"), proves("PF2144"),
       proves("PF2145"), proves("PF2151")]


def install(name, *changes, expect=(WRITTEN, KEPT), **more):
    return fmt(name, inside(INSTALL, *changes), expect=expect, **more)


def rebuild(name, text, expect=(REBUILT,), **more):
    return fmt(name, inside(REBUILD, sub(BITS, text)), expect=expect, **more)


def walk(name, *changes, expect, **more):
    return Edit(name, {IOMMU_PT_H: [inside(MAP_LEAF, *changes)]}, {VTDSS_C: expect}, **more)


EDITS = [
    # --- the request
    # Nothing is writable any more, and a table of a parent refuses all: no entry is wrong.
    fmt("write-not-translated", set_prot(cut("if (iommu_prot & IOMMU_WRITE)")),
        expect=[ASKED, violates("PF2140", SET_PROT, STORE)]),
    fmt("write-for-read", set_prot(sub(SET_W, "if (iommu_prot & IOMMU_READ)\n\t\t"
                                       "pte |= VTDSS_FMT_W;")), expect=[ASKED]),
    fmt("write-always", set_prot(sub("u64 pte = 0;", "u64 pte = VTDSS_FMT_W;")), expect=[ASKED]),
    fmt("write-in-a-byte", set_prot(sub("u64 pte = 0;", "u64 pte = 0;\n\tu8 w = (iommu_prot & "
                                        "IOMMU_WRITE) << 7;"), sub(SET_W, "pte |= w >> 6;")),
        expect=[ASKED, violates("PF2140", SET_PROT, STORE)]),

    # --- the entry
    install("bit-masked", sub("attrs->descriptor_bits;",
                              "(attrs->descriptor_bits & ~(u64)VTDSS_FMT_W);")),
    install("bit-lost-in-large-pages",
            sub("entry |= VTDSS_FMT_PS;", "entry = (entry | VTDSS_FMT_PS) & ~(u64)VTDSS_FMT_W;")),
    install("bit-lost-at-the-store", sub("WRITE_ONCE(tablep[pts->index], entry);",
                                         "WRITE_ONCE(tablep[pts->index], "
                                         "entry & ~(u64)VTDSS_FMT_W);"),
            expect=[violates("PF2143", INSTALL, "WRITE_ONCE(tablep[pts->index]")]),
    install("bit-always", sub("entry |= VTDSS_FMT_PS;", "entry |= VTDSS_FMT_PS | VTDSS_FMT_W;")),
    install("in-a-byte", sub("attrs->descriptor_bits;", "(u8)(attrs->descriptor_bits << 7) >> 7;")),
    install("read-and-snoop-only",
            sub("attrs->descriptor_bits;",
                "(attrs->descriptor_bits & (VTDSS_FMT_R | VTDSS_FMT_SNP));")),

    # What the engine does not know any more of it is said, and the rule not proved.
    install("bits-by-a-loop",
            sub("attrs->descriptor_bits;", "0;"),
            before("WRITE_ONCE(tablep", "for (unsigned int i = 0; i < 12; i += 11)\n\t\tentry |= "
                   "attrs->descriptor_bits & BIT_ULL(i);"), expect=LOST),
    install("bits-by-another-unit", above("u64 vtdss_leaf_quirk(u64 bits);"),
            sub("attrs->descriptor_bits;", "vtdss_leaf_quirk(attrs->descriptor_bits);"),
            expect=LOST),
    install("bits-by-a-table-of-functions",
            above("static u64 plain(u64 b)\n{\n\treturn b;\n}\nstatic u64 large(u64 b)\n{\n"
                  "\treturn b & ~2ULL;\n}\nstatic u64 (*const by_level[])(u64) = { plain, large };"),
            sub("attrs->descriptor_bits;", "by_level[pts->level & 1](attrs->descriptor_bits);"),
            expect=LOST),

    # --- the entries above the leaves
    fmt("table-read-only", inside(TABLE_ENTRY, sub(TABLE_BITS, "VTDSS_FMT_R |")),
        expect=[violates("PF2151", TABLE_ENTRY, TABLE)]),
    fmt("table-as-the-leaf", inside(TABLE_ENTRY, sub(TABLE_BITS, "VTDSS_FMT_R | "
                                                     "attrs->descriptor_bits |")),
        expect=[violates("PF2151", TABLE_ENTRY, TABLE)]),
    fmt("table-with-accessed", inside(TABLE_ENTRY, sub(TABLE_BITS, TABLE_BITS + " BIT_ULL(8) |")),
        expect=ALL),

    # --- attributes made of an entry
    rebuild("rebuilt-without", "pts->entry & (VTDSS_FMT_R | VTDSS_FMT_SNP)"),
    rebuild("rebuilt-shifted", "(pts->entry >> 1) & (VTDSS_FMT_R | VTDSS_FMT_W)"),
    rebuild("rebuilt-from-dirty", "(pts->entry & VTDSS_FMT_R) | (pts->entry & VTDSS_FMT_D ? "
            "VTDSS_FMT_W : 0)"),
    rebuild("rebuilt-number-for-mask", "pts->entry & (VTDSS_FMT_R | ilog2(VTDSS_FMT_W))"),

    # --- somebody else
    walk("walk-clears", before("pt_install_leaf_entry(&pts, oa",
                               "if (pts.type == PT_ENTRY_OA)\n"
                               "\tmap->attrs.descriptor_bits &= ~2ULL;"),
         expect=[violates(r, MAP_LEAF, "map->attrs.descriptor_bits &=")
                 for r in ("PF2140", "PF2142", "PF2145")] + WALKED),
    walk("walk-sets", before("flush_writes_range(&pts, start_index, pts.index);",
                             "map->attrs.descriptor_bits |= 1;"),
         expect=[violates(r, MAP_LEAF, "map->attrs.descriptor_bits |=")
                 for r in ("PF2140", "PF2145")] + WALKED),

    # --- the same, written otherwise
    fmt("untouched", expect=ALL),
    fmt("ternary", set_prot(sub(SET_W, "pte |= iommu_prot & IOMMU_WRITE ? VTDSS_FMT_W : 0;")),
        expect=ALL),
    fmt("shifted-there", set_prot(sub(SET_W, "pte |= (u64)((iommu_prot & IOMMU_WRITE) >> 1) "
                                      "<< 1;")),
        expect=ALL),
    install("bits-in-a-local", sub("u64 entry;", "u64 entry, bits = attrs->descriptor_bits;"),
            sub("| attrs->descriptor_bits;", "| bits;"), expect=ALL),
    install("by-masks", sub("attrs->descriptor_bits;",
                            "(attrs->descriptor_bits & (VTDSS_FMT_R | VTDSS_FMT_W | "
                            "VTDSS_FMT_SNP));"), expect=ALL),
    install("other-order", sub("entry |= VTDSS_FMT_PS;", "entry ^= VTDSS_FMT_PS;"), expect=ALL),
    rebuild("rebuilt-clean", "pts->entry & ~(u64)(VTDSS_FMT_A | VTDSS_FMT_D | VTDSS_FMT_OA)",
            expect=ALL),
    rebuild("rebuilt-bit-by-bit", "(pts->entry & VTDSS_FMT_R) | (pts->entry & VTDSS_FMT_W ? "
            "VTDSS_FMT_W : 0)", expect=ALL),
]
