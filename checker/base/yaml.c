/* SPDX-License-Identifier: MIT */
#include "base/yaml.h"

#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "base/map.h"

struct anchor {
	const char *name;
	struct yaml_node *node;		/* NULL while it is being read */
};

struct reader {
	struct arena *arena;
	const char *file;
	const char *src;
	Array(const char *) lines;	/* where each line of src starts */
	/* The last place that was asked for: places mostly come in order. */
	size_t at_line, at_column;
	const char *at;
	uint32_t nodes;
	Array(struct anchor) anchors;
	struct yaml_faults *faults;
	yaml_parser_t parser;
};

typedef Array(struct yaml_node *) node_list;

/* The length of the UTF-8 sequence at p, or 0 where there is none (RFC 3629, section 4). */
static size_t utf8_len(const unsigned char *p, size_t left)
{
	size_t n = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 :
		   p[0] < 0xf5 ? 4 : 0;

	if (n > left)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return n;
}

static bool check_utf8(const char *file, const char *text, size_t len, struct yaml_faults *faults)
{
	const unsigned char *p = (const unsigned char *)text;
	uint32_t line = 1, col = 1;

	for (size_t i = 0; i < len;) {
		size_t n = utf8_len(p + i, len - i);

		if (!n) {
			yaml_fault(faults, file, line, col, "byte 0x%02x is not UTF-8", p[i]);
			return false;
		}
		if (!p[i]) {
			yaml_fault(faults, file, line, col, "a NUL byte: this is not a text");
			return false;
		}
		col++;
		if (p[i] == '\n') {
			line++;
			col = 1;
		}
		i += n;
	}
	return true;
}

static void index_lines(struct reader *r)
{
	const char *p = r->src;

	array_push(&r->lines, p);
	/* The line breaks of YAML 1.1 that libyaml counts and that occur in files. */
	for (; *p; p++)
		if (*p == '\n' || (*p == '\r' && p[1] != '\n'))
			array_push(&r->lines, p + 1);
}

static const char *utf8_skip(const char *p, size_t n)
{
	for (; n && *p; n--)
		for (p++; ((unsigned char)*p & 0xc0) == 0x80;)
			p++;
	return p;
}

static const char *source_at(struct reader *r, yaml_mark_t at)
{
	if (at.line >= r->lines.n)
		return "";
	if (!r->at || at.line != r->at_line || at.column < r->at_column) {
		r->at = r->lines.v[at.line];
		r->at_column = 0;
	}
	r->at = utf8_skip(r->at, at.column - r->at_column);
	r->at_line = at.line;
	r->at_column = at.column;
	return r->at;
}

static struct yaml_node *node_new(struct reader *r, enum yaml_kind kind, yaml_mark_t at)
{
	struct yaml_node *node = arena_new(r->arena, struct yaml_node);

	node->kind = kind;
	node->line = (uint32_t)at.line + 1;
	node->col = (uint32_t)at.column + 1;
	node->src = source_at(r, at);
	node->text = "";
	node->weight = 1;
	return node;
}

static bool fault_at(struct reader *r, yaml_mark_t at, const char *text)
{
	yaml_fault(r->faults, r->file, (uint32_t)at.line + 1, (uint32_t)at.column + 1, "%s", text);
	return false;
}

static bool next_event(struct reader *r, yaml_event_t *e)
{
	yaml_parser_t *p = &r->parser;

	if (yaml_parser_parse(p, e))
		return true;
	if (p->context && p->context_mark.line != p->problem_mark.line)
		yaml_fault(r->faults, r->file, (uint32_t)p->problem_mark.line + 1,
			   (uint32_t)p->problem_mark.column + 1, "%s, %s that starts in line %u",
			   p->problem, p->context, (unsigned)p->context_mark.line + 1);
	else
		fault_at(r, p->problem_mark, p->problem ? p->problem : "not YAML");
	return false;
}

/* The event of a new node says its anchor and its tag. */
static uint32_t begin_node(struct reader *r, const yaml_event_t *e, const yaml_char_t *anchor,
			   const yaml_char_t *tag)
{
	struct anchor a = { NULL, NULL };

	if (tag)
		fault_at(r, e->start_mark, "a tag ('!') has no meaning in these files");
	if (!anchor)
		return UINT32_MAX;
	a.name = arena_strdup(r->arena, (const char *)anchor);
	array_push(&r->anchors, a);
	return r->anchors.n - 1;
}

static struct yaml_node *read_alias(struct reader *r, const yaml_event_t *e)
{
	const char *name = (const char *)e->data.alias.anchor;

	for (uint32_t i = r->anchors.n; i-- > 0;) {
		if (strcmp(r->anchors.v[i].name, name))
			continue;
		if (r->anchors.v[i].node)
			return r->anchors.v[i].node;
		yaml_fault(r->faults, r->file, (uint32_t)e->start_mark.line + 1,
			   (uint32_t)e->start_mark.column + 1,
			   "alias '*%s' is cyclic: it stands inside of what it names", name);
		return node_new(r, YAML_SCALAR, e->start_mark);
	}
	yaml_fault(r->faults, r->file, (uint32_t)e->start_mark.line + 1,
		   (uint32_t)e->start_mark.column + 1, "alias '*%s' names no anchor", name);
	return node_new(r, YAML_SCALAR, e->start_mark);
}

static struct yaml_node *read_scalar(struct reader *r, const yaml_event_t *e)
{
	struct yaml_node *node = node_new(r, YAML_SCALAR, e->start_mark);
	yaml_scalar_style_t style = e->data.scalar.style;

	node->text = arena_strndup(r->arena, (const char *)e->data.scalar.value,
				   e->data.scalar.length);
	node->plain = style == YAML_PLAIN_SCALAR_STYLE;
	node->block = style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE;
	return node;
}

static void check_keys(struct reader *r, const struct yaml_node *map)
{
	struct map seen = MAP_INIT;

	for (uint32_t i = 0; i < map->n; i++) {
		const struct yaml_node *key = map->items[2 * i], *old;
		uint64_t *first;

		if (key->kind != YAML_SCALAR) {
			yaml_fault(r->faults, r->file, key->line, key->col, "a key must be a word");
			continue;
		}
		first = map_put(&seen, hash_bytes(key->text, strlen(key->text), 0));
		if (!*first) {
			*first = i + 1;
			continue;
		}
		old = map->items[2 * (*first - 1)];
		if (!strcmp(old->text, key->text))
			yaml_fault(r->faults, r->file, key->line, key->col,
				   "key '%s' stands here a second time, first in line %u",
				   key->text, old->line);
	}
	map_release(&seen);
}

static bool read_node(struct reader *r, yaml_event_t *e, uint32_t depth, struct yaml_node **out);

/* Adds up what the children are; false where the whole grows too large. */
static bool close_node(struct reader *r, struct yaml_node *node, const node_list *list)
{
	uint64_t weight = 1;

	for (uint32_t i = 0; i < list->n; i++) {
		const struct yaml_node *child = list->v[i];

		weight += child->weight;
		if (child->depth + 1 > node->depth)
			node->depth = child->depth + 1;
	}
	if (weight > YAML_NODES) {
		yaml_fault(r->faults, r->file, node->line, node->col,
			   "more than %d nodes with the aliases written out", YAML_NODES);
		return false;
	}
	node->weight = (uint32_t)weight;
	node->n = node->kind == YAML_MAP ? list->n / 2 : list->n;
	node->items = arena_memdup(r->arena, list->v, list->n * sizeof(*list->v));
	return true;
}

/* The items up to the end event of a list or a map. */
static bool read_items(struct reader *r, struct yaml_node *node, uint32_t depth)
{
	yaml_event_type_t end = node->kind == YAML_MAP ? YAML_MAPPING_END_EVENT :
							 YAML_SEQUENCE_END_EVENT;
	node_list list = { NULL, 0, 0 };
	bool ok = true, done = false;

	while (ok && !done) {
		yaml_event_t e;

		ok = next_event(r, &e);
		if (!ok)
			break;
		done = e.type == end;
		if (!done) {
			struct yaml_node *child = NULL;

			ok = read_node(r, &e, depth + 1, &child);
			if (ok)
				array_push(&list, child);
		}
		yaml_event_delete(&e);
	}
	ok = ok && close_node(r, node, &list);
	array_release(&list);
	if (ok && node->kind == YAML_MAP)
		check_keys(r, node);
	return ok;
}

static bool read_node(struct reader *r, yaml_event_t *e, uint32_t depth, struct yaml_node **out)
{
	struct yaml_node *node;
	uint32_t anchor = UINT32_MAX;
	bool ok = true;

	if (e->type == YAML_ALIAS_EVENT) {
		node = read_alias(r, e);
	} else if (e->type == YAML_SCALAR_EVENT) {
		anchor = begin_node(r, e, e->data.scalar.anchor, NULL);
		if (e->data.scalar.tag)
			begin_node(r, e, NULL, e->data.scalar.tag);
		node = read_scalar(r, e);
	} else if (e->type == YAML_SEQUENCE_START_EVENT) {
		anchor = begin_node(r, e, e->data.sequence_start.anchor,
				    e->data.sequence_start.tag);
		node = node_new(r, YAML_LIST, e->start_mark);
	} else {
		anchor = begin_node(r, e, e->data.mapping_start.anchor,
				    e->data.mapping_start.tag);
		node = node_new(r, YAML_MAP, e->start_mark);
	}
	if (depth > YAML_DEPTH)
		return fault_at(r, e->start_mark, "nested too deeply");
	if (++r->nodes > YAML_NODES)
		return fault_at(r, e->start_mark, "too many nodes");
	if (e->type == YAML_SEQUENCE_START_EVENT || e->type == YAML_MAPPING_START_EVENT)
		ok = read_items(r, node, depth);
	if (ok && depth + node->depth > YAML_DEPTH)
		return fault_at(r, e->start_mark, "nested too deeply through aliases");
	if (anchor != UINT32_MAX)
		r->anchors.v[anchor].node = node;
	*out = node;
	return ok;
}

static bool read_documents(struct reader *r, node_list *roots)
{
	bool ok = true, done = false;

	while (ok && !done) {
		yaml_event_t e;

		ok = next_event(r, &e);
		if (!ok)
			break;
		done = e.type == YAML_STREAM_END_EVENT;
		if (e.type == YAML_DOCUMENT_START_EVENT) {
			array_clear(&r->anchors);
		} else if (e.type == YAML_SCALAR_EVENT || e.type == YAML_ALIAS_EVENT ||
			   e.type == YAML_SEQUENCE_START_EVENT ||
			   e.type == YAML_MAPPING_START_EVENT) {
			struct yaml_node *root = NULL;

			ok = read_node(r, &e, 1, &root);
			if (ok)
				array_push(roots, root);
		}
		yaml_event_delete(&e);
	}
	return ok;
}

struct yaml_node **yaml_parse(struct arena *a, const char *file, const char *text, size_t len,
			      uint32_t *n, struct yaml_faults *faults)
{
	struct reader r = { .arena = a, .file = file, .faults = faults };
	node_list roots = { NULL, 0, 0 };
	struct yaml_node **out = NULL;

	*n = 0;
	if (len > YAML_LIMIT) {
		yaml_fault(faults, file, 1, 1, "%zu bytes are too many, %zu is the limit", len,
			   YAML_LIMIT);
		return NULL;
	}
	if (!check_utf8(file, text, len, faults))
		return NULL;
	r.src = arena_strndup(a, text, len);
	index_lines(&r);
	if (!yaml_parser_initialize(&r.parser))
		exit(ARENA_EXIT_NOMEM);
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)r.src, len);
	if (read_documents(&r, &roots)) {
		out = arena_memdup(a, roots.v, roots.n * sizeof(*roots.v));
		*n = roots.n;
	}
	yaml_parser_delete(&r.parser);
	array_release(&roots);
	array_release(&r.lines);
	array_release(&r.anchors);
	return out;
}

const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key)
{
	if (map->kind != YAML_MAP)
		return NULL;
	for (uint32_t i = 0; i < map->n; i++)
		if (map->items[2 * i]->kind == YAML_SCALAR && !strcmp(map->items[2 * i]->text, key))
			return map->items[2 * i + 1];
	return NULL;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/*
 * The text of a scalar is its source with quotes, escapes, indentation and
 * line folding taken out. Walking both side by side finds a place again: white
 * space matches any run of white space, any other character its next like.
 */
void yaml_at(const struct yaml_node *n, size_t off, uint32_t *line, uint32_t *col)
{
	const char *s = n->src;

	*line = n->line;
	*col = n->col;
	if (n->kind != YAML_SCALAR || off > strlen(n->text))
		return;
	if (n->block)
		s += strcspn(s, "\n");
	else if (!n->plain && *s)
		s++;
	for (size_t i = 0; i < off; i++) {
		if (is_space(n->text[i]))
			continue;
		while (*s && *s != n->text[i])
			s++;
		if (!*s)
			return;
		s++;
	}
	if (n->text[off] && !is_space(n->text[off]))
		while (*s && *s != n->text[off])
			s++;
	for (const char *p = n->src; p < s; p++) {
		if (*p == '\n') {
			*line += 1;
			*col = 1;
		} else if (((unsigned char)*p & 0xc0) != 0x80) {
			*col += 1;
		}
	}
}
