/* SPDX-License-Identifier: MIT */
/*
 * explain.h - the map of rules/explain.h for people
 *
 * r is the report that was filled with it; it has one rule. Both writers give
 * the same bytes for the same map.
 */
#ifndef PF_REPORT_EXPLAIN_H
#define PF_REPORT_EXPLAIN_H

#include "base/buffer.h"
#include "base/map.h"
#include "report/source.h"
#include "rules/explain.h"

#define EXPLAIN_SHOWN 8		/* of a list; all: has no end */

/* For a terminal. */
void explain_text(const struct explanation *x, struct report *r, bool all, struct buffer *out);

/* As a graph in the language of Graphviz' dot: one cluster for each file. */
void explain_graph(const struct explanation *x, struct report *r, struct buffer *out);

/* What both need of the sources. */
struct explain_files {
	struct roots roots;
	struct sources sources;
};

void explain_files_init(struct explain_files *f, struct report *r);
void explain_files_release(struct explain_files *f);

/* The file below the source tree: "drivers/iommu/iommu.c". */
const char *explain_file(struct explain_files *f, const struct place *p);
/* The line there without its indentation; "" where it is not known. */
const char *explain_line(struct explain_files *f, const struct place *p);

#endif
