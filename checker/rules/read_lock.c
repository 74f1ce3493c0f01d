/* SPDX-License-Identifier: MIT */
/*
 * read_lock.c - the parts of the templates of rule_lock.h
 *
 * two-sided is written as the flag-flow that it stands for as soon as it is
 * read: from then on its sides are sinks, and their fields have policies.
 */
#include <string.h>

#include "rules/reader.h"
#include "rules/scan.h"

const char *const rule_needs[] = { "none", "shared", "exclusive", NULL };
const char *const rule_stables[] = { "init-only", "monotone", "sticky", "closed", NULL };

static bool read_field(const struct schema_reader *r, const struct yaml_node *n,
		       struct rule_field *f)
{
	f->pos = rule_pos_at(r, n, 0);
	return scan_field(r, n, &f->record, &f->field);
}

static bool same_field(const struct rule_field *a, const struct rule_field *b)
{
	return !strcmp(a->record, b->record) && !strcmp(a->field, b->field);
}

/* A list of "struct foo.bar", each once. */
static struct rule_field *read_fields(const struct schema_reader *r, const struct yaml_node *map,
				      const char *key, unsigned *n)
{
	const struct yaml_node *list = schema_list(map, key);
	struct rule_field *out = list ? arena_new_array(r->arena, struct rule_field, list->n) : NULL;

	if (list && list->n > RULE_MAX_FIELDS)
		schema_fault(r, list, "'%s' has %u items, %d is the limit", key, list->n,
			     RULE_MAX_FIELDS);
	for (uint32_t i = 0; list && i < list->n; i++) {
		const struct yaml_node *item = list->items[i];
		struct rule_field f = { 0 };
		bool twice = false;

		if (item->kind != YAML_SCALAR || !item->text[0] || !read_field(r, item, &f))
			continue;
		for (unsigned k = 0; k < *n; k++)
			twice = twice || same_field(&out[k], &f);
		if (twice)
			schema_fault(r, item, "'%s' stands here twice", item->text);
		else
			out[(*n)++] = f;
	}
	return out;
}

/* A list of functions. */
static const char **read_functions(const struct schema_reader *r, const struct yaml_node *map,
				   const char *key, unsigned *n)
{
	const struct yaml_node *list = schema_list(map, key);

	for (uint32_t i = 0; list && i < list->n; i++)
		if (list->items[i]->kind == YAML_SCALAR && list->items[i]->text[0] &&
		    !scan_is_name(list->items[i]->text))
			schema_fault(r, list->items[i], "'%s' is no name of a function",
				     list->items[i]->text);
	return schema_texts(r, map, key, n);
}

/* ------------------------------------------------------------------------- lock */

static void read_lock(const struct schema_reader *r, const struct yaml_node *n,
		      struct rule_lock *lock)
{
	struct scan s = scan_begin(r, n);
	const char *member;

	lock->pos = rule_pos_at(r, n, 0);
	lock->members = arena_new_array(r->arena, const char *, RULE_MAX_LOCK_MEMBERS);
	lock->is_global = scan_take(&s, "global");
	if (scan_take(&s, "any")) {
		lock->any = scan_record(&s);
		if (!lock->any || !scan_take(&s, ".")) {
			scan_fault(&s, "'.' and the name of a member");
			return;
		}
	}
	do {
		member = scan_path(&s, lock->is_global ? "the name of a variable" :
						       "the name of a member");
		if (!member)
			return;
		if (lock->nmembers == RULE_MAX_LOCK_MEMBERS) {
			schema_fault(r, n, "'lock' goes through %d objects at most",
				     RULE_MAX_LOCK_MEMBERS);
			return;
		}
		lock->members[lock->nmembers++] = member;
	} while (!lock->is_global && !lock->any && scan_take(&s, "->"));
	if (scan_done(&s, lock->is_global || lock->any ? "'.' or the end" : "'.', '->' or the end"))
		lock->text = n->text;
}

/* These look at facts that the lock of one object protects. */
static void check_own_lock(const struct schema_reader *r, const struct yaml_node *n,
			   const struct rule *rule)
{
	const struct rule_lock *lock = &rule->locking.lock;

	if ((rule->template == RULE_TWO_SIDED || rule->template == RULE_PUBLISH_THEN_READ) &&
	    lock->text && (lock->is_global || lock->any || lock->nmembers > 1))
		schema_fault(r, n, "'lock' of '%s' must be a member of the object itself",
			     rule_templates[rule->template]);
}

/* ----------------------------------------------------------------- guarded-by */

static void check_one_record(const struct schema_reader *r, const struct rule_locking *l)
{
	for (unsigned i = 1; i < l->nfields; i++)
		if (strcmp(l->fields[i].record, l->fields[0].record))
			yaml_fault(r->faults, r->file, l->fields[i].pos.line, l->fields[i].pos.col,
				   "the fields of one rule are of one record: '%s' here, '%s' "
				   "before", l->fields[i].record, l->fields[0].record);
}

/* Either the rule says what guards which fields, or their declarations do. */
static void read_guards(const struct schema_reader *r, const struct yaml_node *map,
			struct rule_locking *l)
{
	static const char *const pairs[][2] = { { "fields", "lock" }, { "record", "declared" } };
	const struct yaml_node *word = schema_scalar(map, "template");
	const struct yaml_node *declared = schema_scalar(map, "declared");
	bool by_record = yaml_get(map, "record") || declared;

	if (by_record && (yaml_get(map, "fields") || yaml_get(map, "lock")))
		schema_fault(r, word, "'guarded-by' has 'fields' and 'lock', or 'record' and "
			     "'declared', and not both");
	for (unsigned i = 0; i < 2; i++)
		if (!yaml_get(map, pairs[by_record][i]))
			schema_fault(r, word, "'guarded-by' needs '%s'", pairs[by_record][i]);
	if (declared && scan_is_name(declared->text))
		l->declared = declared->text;
	else if (declared)
		schema_fault(r, declared, "'%s' is no name of a macro", declared->text);
}

static void read_guarded(const struct schema_reader *r, const struct yaml_node *map,
			 struct rule_locking *l)
{
	const struct yaml_node *write = schema_scalar(map, "write");

	read_guards(r, map, l);
	check_one_record(r, l);
	l->write = (uint8_t)schema_word(map, "write", rule_needs, NEED_EXCLUSIVE);
	l->read = (uint8_t)schema_word(map, "read", rule_needs, NEED_NONE);
	if (write && l->write == NEED_NONE)
		schema_fault(r, write, "'write' must be exclusive or shared: a rule that a write "
			     "needs no lock says nothing");
	if (l->read > l->write)
		schema_fault(r, yaml_get(map, "read"), "a read cannot need more than a write");
}

/* --------------------------------------------------------------- stable-field */

static void read_stable(const struct schema_reader *r, const struct yaml_node *map,
			struct rule_locking *l)
{
	const struct yaml_node *is = schema_scalar(map, "is"), *to = schema_scalar(map, "to");
	const struct yaml_node *writers = yaml_get(map, "writers"), *bits = yaml_get(map, "bits");
	bool stays;

	l->stable = (uint8_t)schema_word(map, "is", rule_stables, STABLE_INIT_ONLY);
	l->stable_to = schema_int(map, "to", 0) == 1;
	if (schema_word(map, "is", rule_stables, ~0u) == ~0u)
		return;
	stays = l->stable == STABLE_MONOTONE || l->stable == STABLE_STICKY;
	if (stays && !to)
		schema_fault(r, is, "'%s' needs 'to', the value that stays: 0 or 1", is->text);
	if (!stays && to)
		schema_fault(r, to, "'to' belongs to 'is: monotone' and 'is: sticky'");
	if (to && schema_int(map, "to", 0) > 1)
		schema_fault(r, to, "'to' must be 0 or 1");
	if (bits && l->stable != STABLE_INIT_ONLY && l->stable != STABLE_CLOSED)
		schema_fault(r, bits, "'bits' belongs to 'is: init-only' and 'is: closed'");
	if (l->stable == STABLE_CLOSED && !writers)
		schema_fault(r, is, "'closed' needs 'writers', the functions that write it");
	if (l->stable != STABLE_CLOSED && l->stable != STABLE_INIT_ONLY && writers)
		schema_fault(r, writers, "'writers' belongs to 'is: closed'");
}

/* ------------------------------------------------------------------ two-sided */

/* The record that the name of bind: points to, or NULL. */
static const char *bound_record(const struct schema_reader *r, const struct rule *rule)
{
	const char *type = rule->nbind == 1 ? rule->bind[0].type : NULL;
	size_t n = type ? strlen(type) : 0;

	if (n < 3 || strcmp(type + n - 2, " *"))
		return NULL;
	return arena_strndup(r->arena, type, n - 2);
}

static void check_side(const struct schema_reader *r, const struct yaml_node *set,
		       const struct rule_side *side, const struct rule *rule)
{
	const char *record = bound_record(r, rule);

	if (record && side->set.field && strcmp(record, side->set.record))
		schema_fault(r, set, "'set' must be a field of '%s', to which '%s' points", record,
			     rule->bind[0].name);
	if (rule->nbind == 1 && side->unless.text &&
	    !expr_mentions(side->unless.text, rule->bind[0].name))
		rule_fault(r, side->unless.node, 0, "'unless' says nothing of '%s'",
			   rule->bind[0].name);
}

static void read_side(const struct schema_reader *r, const struct yaml_node *item,
		      struct rule_side *side, const struct rule *rule)
{
	static const struct schema_key keys[] = {
		{ "set", SCHEMA_TEXT, true, NULL },
		{ "unless", SCHEMA_TEXT, true, NULL },
		{ NULL, 0, false, NULL }
	};
	const struct yaml_node *set, *unless;

	schema_check(r, item, "a side", keys);
	set = schema_scalar(item, "set");
	unless = schema_scalar(item, "unless");
	if (set && !read_field(r, set, &side->set))
		side->set.field = NULL;
	if (unless)
		rule_read_expr(r, unless, &side->unless);
	check_side(r, set, side, rule);
}

/* The sinks and the policies that the sides stand for. */
static void desugar(const struct schema_reader *r, struct rule *rule)
{
	const struct rule_locking *l = &rule->locking;

	rule->at = arena_new_array(r->arena, struct rule_at, RULE_SIDES);
	rule->policy = arena_new_array(r->arena, struct rule_policy, RULE_SIDES);
	for (unsigned i = 0; i < RULE_SIDES; i++) {
		const struct rule_field *f = &l->sides[i].set;

		rule->at[rule->nat++] = (struct rule_at){
			.kind = AT_STORE, .record = f->record, .field = f->field, .pos = f->pos };
		rule->policy[rule->npolicy++] = (struct rule_policy){
			.record = f->record, .field = f->field, .kind = POLICY_GUARDED,
			.lock = l->lock.text, .pos = f->pos };
	}
}

static void read_sides(const struct schema_reader *r, const struct yaml_node *map,
		       const struct yaml_node *list, struct rule *rule)
{
	struct rule_side *sides = rule->locking.sides;
	const struct yaml_node *bind = schema_map(map, "bind");

	if (bind && (bind->n != 1 || (rule->nbind && rule->bind[0].param) ||
		     (rule->nbind && !bound_record(r, rule))))
		schema_fault(r, bind, "'bind' of 'two-sided' is one name, of a pointer to a record");
	if (list->n != RULE_SIDES) {
		schema_fault(r, list, "'sides' has %u items, and there are %d sides", list->n,
			     RULE_SIDES);
		return;
	}
	for (unsigned i = 0; i < RULE_SIDES; i++)
		if (list->items[i]->kind == YAML_MAP)
			read_side(r, list->items[i], &sides[i], rule);
	if (!sides[0].set.field || !sides[1].set.field)
		return;
	if (same_field(&sides[0].set, &sides[1].set))
		schema_fault(r, list->items[1], "both sides set '%s.%s'", sides[1].set.record,
			     sides[1].set.field);
	desugar(r, rule);
}

/* ------------------------------------------------------------------ the others */

static void read_record(const struct schema_reader *r, const struct yaml_node *n,
			struct rule_locking *l)
{
	struct scan s = scan_begin(r, n);
	const char *record = scan_record(&s);

	l->record_pos = rule_pos_at(r, n, 0);
	if (record && scan_done(&s, "the end"))
		l->record = record;
}

static void check_lost_bit(const struct schema_reader *r, const struct yaml_node *map)
{
	if (!yaml_get(map, "record") == !yaml_get(map, "fields"))
		schema_fault(r, map, "'lost-bit' must have 'record' or 'fields', and not both");
}

/* A function of apply gives the setting to a member that is there, install sets one up. */
static void check_apply(const struct schema_reader *r, const struct yaml_node *map,
			const struct rule_locking *l)
{
	for (unsigned i = 0; i < l->napply; i++)
		for (unsigned k = 0; k < l->ninstall; k++)
			if (!strcmp(l->apply[i], l->install[k]))
				schema_fault(r, yaml_get(map, "apply"), "'%s' stands in 'install' "
					     "too", l->apply[i]);
}

static void read_entry(const struct schema_reader *r, const struct yaml_node *map,
		       const struct yaml_node *n, struct rule_locking *l)
{
	struct scan s = scan_begin(r, n);
	const char *record = scan_record(&s);

	if (record && scan_done(&s, "the end"))
		l->entry = record;
	if (!yaml_get(map, "inner") && !yaml_get(map, "apply"))
		schema_fault(r, n, "'entry' says nothing without 'inner' or 'apply'");
}

/* {call: f, with: 1} */
static const char *read_action(const struct schema_reader *r, const struct yaml_node *map,
			       const char *key, unsigned *with, struct rule_pos *pos)
{
	static const struct schema_key keys[] = {
		{ "call", SCHEMA_TEXT, true, NULL },
		{ "with", SCHEMA_INT, false, NULL },
		{ NULL, 0, false, NULL }
	};
	const struct yaml_node *item = schema_map(map, key), *call;

	if (!item)
		return NULL;
	schema_check(r, item, arena_printf(r->arena, "'%s'", key), keys);
	call = schema_scalar(item, "call");
	*pos = rule_pos_at(r, call ? call : item, 0);
	*with = (unsigned)schema_int(item, "with", 0);
	if (yaml_get(item, "with") && !*with)
		schema_fault(r, yaml_get(item, "with"), "argument 0 is the object itself");
	if (call && !scan_is_name(call->text))
		schema_fault(r, call, "'%s' is no name of a function", call->text);
	return call ? call->text : NULL;
}

static void read_pairing(const struct schema_reader *r, const struct yaml_node *map,
			 struct rule_locking *l)
{
	l->act = read_action(r, map, "act", &l->act_with, &l->act_pos);
	l->undo = read_action(r, map, "undo", &l->undo_with, &l->undo_pos);
	if (l->act && l->undo && !strcmp(l->act, l->undo))
		schema_fault(r, schema_map(map, "undo"), "'%s' cannot undo itself", l->undo);
	if (!l->act_with != !l->undo_with)
		schema_fault(r, schema_map(map, l->act_with ? "undo" : "act"), "'with' stands in "
			     "'%s' only", l->act_with ? "act" : "undo");
}

static void read_consistent(const struct schema_reader *r, const struct yaml_node *map,
			    struct rule_locking *l)
{
	int least = schema_int(map, "least", 4);

	l->least = least < 0 ? 0 : (unsigned)least;
	if (least < 2)
		schema_fault(r, yaml_get(map, "least"), "'least' must be 2 or more: one place is no "
			     "discipline");
}

static void read_one_field(const struct schema_reader *r, const struct yaml_node *n,
			   struct rule_locking *l)
{
	struct rule_field f = { 0 };

	if (!read_field(r, n, &f))
		return;
	l->fields = arena_memdup(r->arena, &f, sizeof(f));
	l->nfields = 1;
}

void rule_read_locking(const struct schema_reader *r, const struct yaml_node *map,
		       struct rule *rule)
{
	struct rule_locking *l = &rule->locking;
	const struct yaml_node *n;

	if ((n = schema_scalar(map, "lock"))) {
		read_lock(r, n, &l->lock);
		check_own_lock(r, n, rule);
	}
	l->fields = read_fields(r, map, "fields", &l->nfields);
	l->locks = read_fields(r, map, "locks", &l->nlocks);
	if ((n = schema_scalar(map, "field")))
		read_one_field(r, n, l);
	if ((n = schema_scalar(map, "record")))
		read_record(r, n, l);
	if ((n = schema_scalar(map, "list")))
		read_field(r, n, &l->list);
	if ((n = schema_scalar(map, "flag")))
		read_field(r, n, &l->flag);
	if ((n = schema_scalar(map, "inner")))
		read_field(r, n, &l->inner);
	if ((n = schema_scalar(map, "entry")))
		read_entry(r, map, n, l);
	if ((n = schema_list(map, "sides")))
		read_sides(r, map, n, rule);
	l->writers = read_functions(r, map, "writers", &l->nwriters);
	l->install = read_functions(r, map, "install", &l->ninstall);
	l->apply = read_functions(r, map, "apply", &l->napply);
	check_apply(r, map, l);
	if (rule->template == RULE_GUARDED_BY)
		read_guarded(r, map, l);
	if (rule->template == RULE_STABLE_FIELD)
		read_stable(r, map, l);
	if (rule->template == RULE_CONSISTENT_LOCK)
		read_consistent(r, map, l);
	if (rule->template == RULE_LOST_BIT)
		check_lost_bit(r, map);
	if (rule->template == RULE_PAIRING)
		read_pairing(r, map, l);
}
