/* SPDX-License-Identifier: MIT */
#include "rules/rule.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <xxhash.h>

#include "base/schema.h"
#include "model/model.h"
#include "rules/expr.h"
#include "rules/reader.h"

/* Below the folder of rules; a link that leads back upwards ends here. */
#define MAX_FOLDERS 8
/* In all of them: more is no folder of rules, but somebody's home. */
#define MAX_ENTRIES 10000

static const char *const severities[] = { "note", "warning", "error", NULL };
static const char *const confidences[] = { "low", "medium", "high", NULL };
static const char *const unknowns[] = { "incomplete", NULL };
static const char *const returns[] = { "errno", "errptr", "null", "false", NULL };
static const char *const flavours[] = { "plain", "ratelimited", "once", NULL };

static const struct schema_key rule_keys[] = {
	{ "id", SCHEMA_TEXT, true, NULL },
	{ "name", SCHEMA_TEXT, true, NULL },
	{ "template", SCHEMA_WORD, true, rule_templates },
	{ "message", SCHEMA_TEXT, true, NULL },
	{ "short", SCHEMA_TEXT, true, NULL },
	{ "why", SCHEMA_TEXT, false, NULL },
	{ "severity", SCHEMA_WORD, true, severities },
	{ "confidence", SCHEMA_WORD, true, confidences },
	{ "cwe", SCHEMA_TEXTS, false, NULL },
	{ "tags", SCHEMA_TEXTS, false, NULL },
	{ "scope", SCHEMA_TEXTS, false, NULL },
	{ "on_request", SCHEMA_BOOL, false, NULL },
	{ "help", SCHEMA_TEXT, true, NULL },
	{ "when", SCHEMA_TEXT, false, NULL },
	{ "bind", SCHEMA_MAP, false, NULL },
	{ "at", SCHEMA_MAPS, false, NULL },
	{ "require", SCHEMA_TEXT, false, NULL },
	{ "policy", SCHEMA_MAPS, false, NULL },
	{ "unknown", SCHEMA_WORD, false, unknowns },
	{ "guard", SCHEMA_TEXT, false, NULL },
	{ "bits", SCHEMA_TEXT, false, NULL },
	{ "returns", SCHEMA_WORDS, false, returns },
	{ "report", SCHEMA_WORDS, false, flavours },
	{ "fields", SCHEMA_TEXTS, false, NULL },
	{ "lock", SCHEMA_TEXT, false, NULL },
	{ "write", SCHEMA_WORD, false, rule_needs },
	{ "read", SCHEMA_WORD, false, rule_needs },
	{ "field", SCHEMA_TEXT, false, NULL },
	{ "is", SCHEMA_WORD, false, rule_stables },
	{ "to", SCHEMA_INT, false, NULL },
	{ "writers", SCHEMA_TEXTS, false, NULL },
	{ "sides", SCHEMA_MAPS, false, NULL },
	{ "locks", SCHEMA_TEXTS, false, NULL },
	{ "record", SCHEMA_TEXT, false, NULL },
	{ "least", SCHEMA_INT, false, NULL },
	{ "declared", SCHEMA_TEXT, false, NULL },
	{ "list", SCHEMA_TEXT, false, NULL },
	{ "flag", SCHEMA_TEXT, false, NULL },
	{ "install", SCHEMA_TEXTS, false, NULL },
	{ "inner", SCHEMA_TEXT, false, NULL },
	{ "entry", SCHEMA_TEXT, false, NULL },
	{ "apply", SCHEMA_TEXTS, false, NULL },
	{ "act", SCHEMA_MAP, false, NULL },
	{ "undo", SCHEMA_MAP, false, NULL },
	{ NULL, 0, false, NULL }
};

static bool all_of(const char *s, size_t n, const char *set)
{
	return strspn(s, set) >= n;
}

/* ^[A-Z]{1,8}(?:-?[0-9]{1,6}){0,3}$, the form that SARIF's validators ask for. */
static bool is_id(const char *s)
{
	size_t n = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"), digits = 0;

	if (n < 1 || n > 8)
		return false;
	/* Without dashes the groups run together: up to 18 digits. */
	for (s += n, n = 0; *s; n++) {
		if (*s == '-')
			s++;
		digits = strspn(s, "0123456789");
		if (!digits)
			return false;
		n += (digits - 1) / 6;
		s += digits;
	}
	return n <= 3;
}

static bool is_pascal(const char *s)
{
	return *s >= 'A' && *s <= 'Z' && strlen(s) <= 255 &&
	       all_of(s, strlen(s), "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789");
}

/* GitHub shows 1024 characters of a description, and wants whole sentences. */
static void check_sentence(const struct schema_reader *r, const struct yaml_node *map,
			   const char *key)
{
	const struct yaml_node *n = schema_scalar(map, key);
	size_t len = n ? strlen(n->text) : 0;

	while (len && n->text[len - 1] == '\n')
		len--;
	if (!len)
		return;
	if (n->text[len - 1] != '.')
		rule_fault(r, n, len, "'%s' must end in a period", key);
	if (memchr(n->text, '\n', len))
		schema_fault(r, n, "'%s' must be one line: fold it with '>'", key);
	if (len > 1024)
		schema_fault(r, n, "'%s' has %zu bytes, 1024 is the limit", key, len);
}

static void check_cwe(const struct schema_reader *r, const struct yaml_node *map)
{
	const struct yaml_node *list = schema_list(map, "cwe");

	for (uint32_t i = 0; list && i < list->n; i++) {
		const char *s = list->items[i]->text;

		if (list->items[i]->kind != YAML_SCALAR || !s[0])
			continue;
		if (strncmp(s, "CWE-", 4) || !s[4] || strlen(s) > 10 ||
		    !all_of(s + 4, strlen(s + 4), "0123456789"))
			schema_fault(r, list->items[i], "'%s' is no CWE number such as CWE-1220",
				     s);
	}
}

static void check_texts(const struct schema_reader *r, const struct yaml_node *map)
{
	const struct yaml_node *id = schema_scalar(map, "id"), *name = schema_scalar(map, "name");
	const struct yaml_node *tags = schema_list(map, "tags");

	if (id && !is_id(id->text))
		schema_fault(r, id, "'%s' is no id: one to eight capitals, then digits, as PF2101",
			     id->text);
	if (name && !is_pascal(name->text))
		schema_fault(r, name, "'%s' is no name such as ReadOnlyNestedMapping", name->text);
	check_sentence(r, map, "short");
	check_sentence(r, map, "message");
	check_sentence(r, map, "why");
	check_cwe(r, map);
	if (tags && tags->n > 8)
		schema_fault(r, tags, "%u tags are too many, 8 is the limit", tags->n);
}

static uint8_t word_bits(const struct yaml_node *map, const char *key, const char *const *words)
{
	const struct yaml_node *list = schema_list(map, key);
	uint8_t bits = 0;

	for (uint32_t i = 0; list && i < list->n; i++)
		for (unsigned j = 0; words[j]; j++)
			if (list->items[i]->kind == YAML_SCALAR &&
			    !strcmp(list->items[i]->text, words[j]))
				bits |= (uint8_t)(1u << j);
	return bits;
}

/* A folded text without the line break at its end. */
static const char *read_line(const struct schema_reader *r, const struct yaml_node *map,
			     const char *key)
{
	const char *text = schema_text(map, key);
	size_t n = text ? strlen(text) : 0;

	while (n && text[n - 1] == '\n')
		n--;
	return text ? arena_strndup(r->arena, text, n) : NULL;
}

static void read_texts(const struct schema_reader *r, const struct yaml_node *map,
		       struct rule *rule)
{
	rule->id = schema_text(map, "id");
	rule->name = schema_text(map, "name");
	rule->message = read_line(r, map, "message");
	rule->short_text = read_line(r, map, "short");
	rule->why = read_line(r, map, "why");
	rule->help = schema_text(map, "help");
	rule->template = (uint8_t)schema_word(map, "template", rule_templates,
					       RULE_FLAG_FLOW);
	rule->severity = (uint8_t)schema_word(map, "severity", severities, SEVERITY_WARNING);
	rule->confidence = (uint8_t)schema_word(map, "confidence", confidences, CONFIDENCE_LOW);
	rule->cwe = schema_texts(r, map, "cwe", &rule->ncwe);
	rule->tags = schema_texts(r, map, "tags", &rule->ntags);
	rule->scope = schema_texts(r, map, "scope", &rule->nscope);
	rule->on_request = schema_bool(map, "on_request");
	rule->returns = word_bits(map, "returns", returns);
	rule->report_flavours = word_bits(map, "report", flavours);
}

static void read_parts(const struct schema_reader *r, const struct yaml_node *map,
		       struct rule *rule)
{
	const struct yaml_node *n;

	if ((n = schema_scalar(map, "when")))
		rule_read_when(r, n, rule);
	if ((n = schema_map(map, "bind")))
		rule_read_bind(r, n, rule);
	if ((n = schema_list(map, "at")))
		rule_read_at(r, n, rule);
	if ((n = schema_list(map, "policy")))
		rule_read_policy(r, n, rule);
	if ((n = schema_scalar(map, "require")))
		rule_read_expr(r, n, &rule->require);
	if ((n = schema_scalar(map, "guard")))
		rule_read_expr(r, n, &rule->guard);
	if ((n = schema_scalar(map, "bits")))
		rule_read_expr(r, n, &rule->bits);
	rule_read_locking(r, map, rule);
}

static const char *file_slug(struct arena *a, const char *file)
{
	const char *base = strrchr(file, '/');
	size_t n;

	base = base ? base + 1 : file;
	n = strlen(base);
	if (n > 5 && !strcmp(base + n - 5, ".yaml"))
		n -= 5;
	return arena_strndup(a, base, n);
}

static void check_unique(const struct schema_reader *r, const struct yaml_node *map,
			 const struct rule_set *rs, const struct rule *rule)
{
	for (uint32_t i = 0; i < rs->rules.n; i++) {
		const struct rule *old = &rs->rules.v[i];

		if (!strcmp(old->id, rule->id))
			schema_fault(r, yaml_get(map, "id"), "id '%s' is already that of %s:%u",
				     rule->id, old->path, old->pos.line);
		else if (!strcmp(old->name, rule->name))
			schema_fault(r, yaml_get(map, "name"), "name '%s' is already that of %s:%u",
				     rule->name, old->path, old->pos.line);
	}
}

static void read_rule(const struct schema_reader *r, const struct yaml_node *map,
		      struct rule_set *rs)
{
	uint32_t before = r->faults->v.n;
	struct rule rule = { 0 };

	if (!schema_check(r, map, "a rule", rule_keys) && map->kind != YAML_MAP)
		return;
	rule.path = r->file;
	rule.slug = file_slug(r->arena, r->file);
	rule.pos = rule_pos_at(r, map, 0);
	check_texts(r, map);
	rule_check_parts(r, map);
	read_texts(r, map, &rule);
	read_parts(r, map, &rule);
	rule_check_names(r, map, &rule);
	if (rule.id && rule.name)
		check_unique(r, map, rs, &rule);
	/* A rule with a fault is not run: its meaning is not known. */
	if (r->faults->v.n == before)
		array_push(&rs->rules, rule);
}

bool rules_read_text(struct rule_set *rs, const char *file, const char *text, size_t n,
		     struct yaml_faults *faults)
{
	struct schema_reader r = { arena_strdup(&rs->arena, file), &rs->arena, faults };
	uint32_t before = faults->v.n, ndocs;
	struct yaml_node **docs = yaml_parse(&rs->arena, r.file, text, n, &ndocs, faults);

	if (!ndocs && faults->v.n == before)
		yaml_fault(faults, file, 1, 1, "there is no rule in this file");
	for (uint32_t i = 0; i < ndocs; i++)
		read_rule(&r, docs[i], rs);
	return faults->v.n == before;
}

static int name_order(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

struct walk {
	struct rule_set *rs;
	struct yaml_faults *faults;
	size_t root;		/* length of the path of the folder of rules */
	unsigned files;
	unsigned entries;	/* of all folders */
	XXH64_state_t *digest;
};

static bool ends_in(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n > m && !strcmp(s + n - m, end);
}

static void walk_file(struct walk *w, const char *path)
{
	struct buffer text = BUFFER_INIT;
	int err = buffer_read_file(&text, path, YAML_LIMIT);

	if (err == -EFBIG) {
		yaml_fault(w->faults, path, 1, 1, "more than %zu bytes", YAML_LIMIT);
	} else if (err) {
		yaml_fault(w->faults, path, 0, 0, "%s", strerror(-err));
	} else {
		/* The path counts from the folder on: rules are the same wherever they lie. */
		XXH64_update(w->digest, path + w->root, strlen(path + w->root) + 1);
		XXH64_update(w->digest, buffer_str(&text), text.n);
		if (strncmp(path + w->root, "/models/", 8)) {
			w->files++;
			rules_read_text(w->rs, path, buffer_str(&text), text.n, w->faults);
		}
	}
	buffer_release(&text);
}

static void walk_dir(struct walk *w, const char *dir, unsigned depth);

static void walk_entry(struct walk *w, const char *path, unsigned depth)
{
	struct stat st;

	if (++w->entries > MAX_ENTRIES) {
		if (w->entries == MAX_ENTRIES + 1)
			yaml_fault(w->faults, path, 0, 0, "not read, nor what follows: more than "
				   "%d files; is this a folder of rules?", MAX_ENTRIES);
		return;
	}
	if (stat(path, &st))
		yaml_fault(w->faults, path, 0, 0, "%s", strerror(errno));
	else if (S_ISDIR(st.st_mode))
		walk_dir(w, path, depth + 1);
	else if (ends_in(path, ".yaml"))
		walk_file(w, path);
	else if (ends_in(path, ".yml"))
		yaml_fault(w->faults, path, 0, 0,
			   "not read: the name of a rule file ends in .yaml");
}

static void walk_dir(struct walk *w, const char *dir, unsigned depth)
{
	Array(const char *) paths = { NULL, 0, 0 };
	struct dirent *e;
	DIR *d;

	if (depth > MAX_FOLDERS) {
		yaml_fault(w->faults, dir, 0, 0, "too many folders inside each other");
		return;
	}
	d = opendir(dir);
	if (!d) {
		yaml_fault(w->faults, dir, 0, 0, "%s", strerror(errno));
		return;
	}
	while ((e = readdir(d)))
		if (e->d_name[0] != '.')
			array_push(&paths, arena_printf(&w->rs->arena, "%s/%s", dir, e->d_name));
	closedir(d);
	if (paths.n)
		qsort(paths.v, paths.n, sizeof(*paths.v), name_order);
	for (uint32_t i = 0; i < paths.n; i++)
		walk_entry(w, paths.v[i], depth);
	array_release(&paths);
}

static int rule_order(const void *a, const void *b)
{
	return strcmp(((const struct rule *)a)->id, ((const struct rule *)b)->id);
}

bool rules_read_dir(struct rule_set *rs, const char *dir, struct yaml_faults *faults)
{
	uint32_t before = faults->v.n;
	char *root = arena_strdup(&rs->arena, dir);
	struct walk w = { .rs = rs, .faults = faults, .digest = XXH64_createState() };

	if (!w.digest)
		exit(ARENA_EXIT_NOMEM);
	for (w.root = strlen(root); w.root > 1 && root[w.root - 1] == '/';)
		root[--w.root] = 0;
	XXH64_reset(w.digest, 0);
	walk_dir(&w, root, 0);
	rs->digest = XXH64_digest(w.digest);
	XXH64_freeState(w.digest);
	if (!w.files && faults->v.n == before)
		yaml_fault(faults, dir, 0, 0, "there is no rule file (*.yaml) in this folder");
	if (rs->rules.n > 1)
		qsort(rs->rules.v, rs->rules.n, sizeof(*rs->rules.v), rule_order);
	return faults->v.n == before;
}

void rules_release(struct rule_set *rs)
{
	array_release(&rs->rules);
	array_release(&rs->outside);
	arena_release(&rs->arena);
}

const struct rule *rules_find(const struct rule_set *rs, const char *id)
{
	for (uint32_t i = 0; i < rs->rules.n; i++)
		if (!strcmp(rs->rules.v[i].id, id))
			return &rs->rules.v[i];
	return NULL;
}
