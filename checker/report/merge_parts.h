/* SPDX-License-Identifier: MIT */
/*
 * merge_parts.h - what the parts of the merger share
 *
 * Reading takes each log apart into items with keys. An item is what it says
 * of its place without what differs from unit to unit: indices are 0, counts
 * are gone, the units stand apart. Folding sorts the items by key and makes one
 * of those with the same key. The choice between them is by their content, so
 * it does not depend on the order; every list that is the sum of several is a
 * sorted set. Writing puts indices and counts back.
 */
#ifndef PF_REPORT_MERGE_PARTS_H
#define PF_REPORT_MERGE_PARTS_H

#include "base/array.h"
#include "report/dom.h"
#include "report/merge.h"

struct names { Array(const char *) v; };

struct merge_item {
	const char *key;	/* sorts in the order of the log */
	json_t *v;		/* owned */
	const char *dump;	/* v as text: decides between equals */
	unsigned rank;		/* the lowest wins: worst level, shortest path */
	struct names units;
};

struct merge_items { Array(struct merge_item) v; };

struct merge {
	struct arena arena;
	struct merge_items results;	/* key: uri, base, region, rule, kind, ... */
	struct merge_items notices;	/* key: "E" or "C", id, place, text */
	struct merge_items rules;	/* key: id */
	struct merge_items artifacts;	/* key: base, uri */
	struct merge_items units;	/* key: name, and all of it */
	struct merge_items provenance;	/* key: all of it */
	struct merge_items roots;	/* key: id */
	struct names changed;		/* files with several contents: told once, for good */
	struct names missing;
	struct names old_units, old_rules;	/* superseded */
	struct names rules_files;	/* whose rules are in */
	merge_reader read;
	void *read_arg;
	struct names automation;
	struct names sources;	/* of logs that do not tell its version */
	struct names directories;	/* working directories; "" where a log has none */
	const char *start, *end;	/* earliest, latest */
	bool no_times;			/* some log has none */
	bool hidden;			/* some log has no absolute paths */
	struct merge_run run;
};

#define MERGE_SEPARATOR "\x01"

/* Adds a name unless it is there. */
void names_add(struct names *n, struct arena *a, const char *name);
void names_sort(struct names *n);
bool names_has(const struct names *n, const char *name);

struct merge_item *merge_item_add(struct merge_items *items, const char *key, json_t *v);
void merge_items_release(struct merge_items *items);

/*
 * Sorts, and folds equal keys: units are united, the winner's content stays.
 * combine, where given, may take more over into the winner.
 */
typedef void (*merge_combine)(struct merge *m, struct merge_item *into,
			      const struct merge_item *from);
void merge_items_fold(struct merge *m, struct merge_items *items, merge_combine combine);

/* Index of the item with that key in folded items, or -1. */
int merge_items_find(const struct merge_items *items, const char *key);

/* kind is "E" for execution, "C" for configuration. */
char *merge_notice_key(struct arena *a, const char *kind, const json_t *notice);
char *merge_artifact_key(struct arena *a, const json_t *artifact_location);

/* merge_run.c: the verdicts, and the notifications that only the run can give. */
void merge_decide(struct merge *m);

#endif
