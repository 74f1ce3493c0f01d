/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "base/schema.h"
#include "model/model.h"
#include "model/names.h"

static const char *const effects[] = { "none", "args", NULL };
/* In the order of their enumerations. */
static const char *const lock_ops[] = { "acquire", "release", "downgrade", "test", "assert",
				       "need", "held", "free", "disable", "enable",
				       NULL };
static const char *const lock_modes[] = { "exclusive", "shared", "rcu", NULL };
static const char *const lock_success[] = { "always", "nonzero", "zero", NULL };
static const char *const lock_irqs[] = { "none", "off", "save", "bh", NULL };
static const char *const flavours[] = { "plain", "ratelimited", "once", NULL };

/* In the order of enum model_asm_effect. */
static const char *const asm_effects[] = {
	"none", "trap", "xchg", "cmpxchg", "xadd", "add", "sub", "and", "or", "xor", "andnot",
	"bts", "btr", "btc", "bt", "inc", "dec", "mov", "bsf", "bsr",
	"tzcnt", "arith", "load", "linked", "conditional", "branch", NULL
};
static const char *const machines[] = { "x86", "arm64", NULL };

static const struct schema_key file_keys[] = {
	{ "functions", SCHEMA_MAPS, false, NULL },
	{ "macros", SCHEMA_MAPS, false, NULL },
	{ "once_flags", SCHEMA_TEXTS, false, NULL },
	{ "annotations", SCHEMA_TEXTS, false, NULL },
	{ "lock_records", SCHEMA_TEXTS, false, NULL },
	{ "unguarded_functions", SCHEMA_TEXTS, false, NULL },
	{ "unguarded_macros", SCHEMA_TEXTS, false, NULL },
	{ "machine", SCHEMA_WORD, false, machines },
	{ "asm", SCHEMA_MAPS, false, NULL },
	{ NULL, 0, false, NULL }
};

static const struct schema_key func_keys[] = {
	{ "names", SCHEMA_TEXTS, true, NULL },
	{ "effect", SCHEMA_WORD, false, effects },
	{ "alloc", SCHEMA_MAP, false, NULL },
	{ "free", SCHEMA_INT, false, NULL },
	{ "report", SCHEMA_WORD, false, flavours },
	{ "gate", SCHEMA_WORD, false, flavours },
	{ "returns", SCHEMA_INT, false, NULL },
	{ "error", SCHEMA_BOOL, false, NULL },
	{ "noreturn", SCHEMA_BOOL, false, NULL },
	{ "lock", SCHEMA_MAP, false, NULL },
	{ "publishes", SCHEMA_INT, false, NULL },
	{ NULL, 0, false, NULL }
};

static const struct schema_key alloc_keys[] = {
	{ "zeroed", SCHEMA_BOOL, false, NULL },
	{ "may_fail", SCHEMA_BOOL, true, NULL },
	{ "error", SCHEMA_BOOL, false, NULL },
	{ "zero_flag", SCHEMA_TEXT, false, NULL },
	{ "zero_flag_arg", SCHEMA_INT, false, NULL },
	{ "size", SCHEMA_INT, false, NULL },
	{ NULL, 0, false, NULL }
};

static const struct schema_key lock_keys[] = {
	{ "op", SCHEMA_WORD, true, lock_ops },
	{ "mode", SCHEMA_WORD, false, lock_modes },
	{ "success", SCHEMA_WORD, false, lock_success },
	{ "irq", SCHEMA_WORD, false, lock_irqs },
	{ "errno", SCHEMA_BOOL, false, NULL },
	{ "arg", SCHEMA_INT, false, NULL },
	{ "flags", SCHEMA_INT, false, NULL },
	{ "name", SCHEMA_TEXT, false, NULL },
	{ NULL, 0, false, NULL }
};

static const struct schema_key macro_keys[] = {
	{ "names", SCHEMA_TEXTS, true, NULL },
	{ "report", SCHEMA_WORD, false, flavours },
	{ "call", SCHEMA_BOOL, false, NULL },
	{ NULL, 0, false, NULL }
};

static const struct schema_key asm_keys[] = {
	{ "mnemonics", SCHEMA_TEXTS, true, NULL },
	{ "effect", SCHEMA_WORD, true, asm_effects },
	{ NULL, 0, false, NULL }
};

typedef Array(const char *) name_list;

struct lists {
	Array(struct model_func) funcs;
	Array(struct model_asm) asms;
	Array(struct model_macro) macros;
	name_list once_flags, annotations, lock_records, unguarded_functions, unguarded_macros;
};

static void read_alloc(const struct schema_reader *r, const struct yaml_node *map,
		       struct model_func *f)
{
	schema_check(r, map, "an allocator", alloc_keys);
	f->is_alloc = true;
	f->zeroed = schema_bool(map, "zeroed");
	f->may_fail = schema_bool(map, "may_fail");
	f->zero_flag = schema_text(map, "zero_flag");
	f->error_pointer = schema_bool(map, "error");
	if (f->error_pointer && !f->may_fail)
		schema_fault(r, map, "'error' is what 'may_fail: true' gives");
	f->zero_flag_arg = schema_int(map, "zero_flag_arg", -1);
	f->size_arg = schema_int(map, "size", -1);
	if (!f->zero_flag != (f->zero_flag_arg < 0))
		schema_fault(r, map, "'zero_flag' and 'zero_flag_arg' need each other");
	if (f->zeroed && f->zero_flag)
		schema_fault(r, map, "'zeroed: true' leaves nothing to 'zero_flag'");
}

/* Interrupts are switched by themselves. */
static void check_switch(const struct schema_reader *r, const struct yaml_node *map,
			 const struct model_lock *l)
{
	if (l->name || l->arg >= 0)
		schema_fault(r, map, "'disable' and 'enable' have no lock: neither 'arg' nor 'name'");
	if (l->irq == MODEL_IRQ_NONE)
		schema_fault(r, map, "'disable' and 'enable' want 'irq'");
}

static void read_lock(const struct schema_reader *r, const struct yaml_node *map,
		      struct model_lock *l)
{
	schema_check(r, map, "a lock", lock_keys);
	l->op = (uint8_t)(MODEL_LOCK_ACQUIRE + schema_word(map, "op", lock_ops, 0));
	l->mode = (uint8_t)schema_word(map, "mode", lock_modes, MODEL_LOCK_EXCLUSIVE);
	l->success = (uint8_t)schema_word(map, "success", lock_success, MODEL_LOCK_ALWAYS);
	l->irq = (uint8_t)schema_word(map, "irq", lock_irqs, MODEL_IRQ_NONE);
	l->arg = schema_int(map, "arg", -1);
	l->name = schema_text(map, "name");
	l->fails_negative = schema_bool(map, "errno");
	l->flags_arg = schema_int(map, "flags", -1);
	if (l->op == MODEL_LOCK_DISABLE || l->op == MODEL_LOCK_ENABLE)
		check_switch(r, map, l);
	else if (!l->name == (l->arg < 0))
		schema_fault(r, map, "a lock has one of 'arg' and 'name'");
	if (l->flags_arg >= 0 && (l->irq != MODEL_IRQ_SAVE || (l->op != MODEL_LOCK_RELEASE &&
							       l->op != MODEL_LOCK_ENABLE)))
		schema_fault(r, map, "'flags' is for what restores: 'irq: save'");
	if (l->success != MODEL_LOCK_ALWAYS && l->op != MODEL_LOCK_ACQUIRE)
		schema_fault(r, map, "'success' is for what acquires");
	if (l->fails_negative && l->success != MODEL_LOCK_ZERO)
		schema_fault(r, map, "'errno' needs 'success: zero'");
}

/* What the entry says of each of its names. */
static void read_func(const struct schema_reader *r, const struct yaml_node *map,
		      struct model_func *f)
{
	const struct yaml_node *alloc = schema_map(map, "alloc");
	const struct yaml_node *lock = schema_map(map, "lock");
	static const enum model_effect effect[] = { MODEL_EFFECT_NONE, MODEL_EFFECT_ARGS,
						    MODEL_EFFECT_UNSAID };

	f->effect = effect[schema_word(map, "effect", effects, 2)];
	f->zero_flag_arg = f->size_arg = -1;
	if (alloc)
		read_alloc(r, alloc, f);
	f->free_arg = schema_int(map, "free", -1);
	f->is_free = f->free_arg >= 0;
	f->is_report = schema_text(map, "report") != NULL;
	f->is_gate = schema_text(map, "gate") != NULL;
	f->flavour = (uint8_t)schema_word(map, f->is_gate ? "gate" : "report", flavours, 0);
	f->returns_arg = schema_int(map, "returns", -1);
	f->returns_error = schema_bool(map, "error");
	f->noreturn = schema_bool(map, "noreturn");
	f->publishes_arg = schema_int(map, "publishes", -1);
	if (lock)
		read_lock(r, lock, &f->lock);
	if (f->is_alloc + f->is_free + f->is_gate + f->is_report > 1)
		schema_fault(r, map, "an entry has one of 'alloc', 'free', 'gate' and 'report'");
	if (map->n < 2)
		schema_fault(r, map, "the entry says nothing of its names");
	if (f->effect == MODEL_EFFECT_UNSAID &&
	    (f->is_alloc || f->is_free || f->is_gate || f->is_report || lock ||
	     f->publishes_arg >= 0 || f->returns_error))
		f->effect = MODEL_EFFECT_NONE;
}

static void second_time(const struct schema_reader *r, const struct yaml_node *name)
{
	schema_fault(r, name, "'%s' is described a second time", name->text);
}

static void add_func(const struct schema_reader *r, struct model *m, struct lists *l,
		     const struct yaml_node *name, const struct model_func *f)
{
	uint64_t *place;

	if (!model_check_function(r, name))
		return;
	place = map_put(&m->index, hash_bytes(name->text, strlen(name->text), 0));
	if (*place) {
		second_time(r, name);
		return;
	}
	array_push(&l->funcs, *f);
	array_last(&l->funcs).name = name->text;
	*place = l->funcs.n;
}

/* The texts of a list of names; others were faulted by the schema. */
static const struct yaml_node *name_at(const struct yaml_node *list, uint32_t i)
{
	const struct yaml_node *n = list->items[i];

	return n->kind == YAML_SCALAR && n->text[0] ? n : NULL;
}

static void read_funcs(const struct schema_reader *r, const struct yaml_node *list,
		       struct model *m, struct lists *l)
{
	for (uint32_t i = 0; i < list->n; i++) {
		const struct yaml_node *map = list->items[i], *names;
		struct model_func f = { 0 };

		if (map->kind != YAML_MAP)
			continue;
		schema_check(r, map, "a function", func_keys);
		read_func(r, map, &f);
		names = schema_list(map, "names");
		for (uint32_t j = 0; names && j < names->n; j++)
			if (name_at(names, j))
				add_func(r, m, l, name_at(names, j), &f);
	}
}

static void add_asm(const struct schema_reader *r, struct lists *l, const struct yaml_node *name,
		    struct model_asm a)
{
	if (!model_check_instruction(r, name))
		return;
	for (uint32_t i = 0; i < l->asms.n; i++)
		if (l->asms.v[i].machine == a.machine &&
		    !strcmp(l->asms.v[i].mnemonic, name->text)) {
			second_time(r, name);
			return;
		}
	a.mnemonic = name->text;
	array_push(&l->asms, a);
}

static void add_macro(const struct schema_reader *r, struct lists *l,
		      const struct yaml_node *name, struct model_macro macro)
{
	if (!model_check_name(r, name))
		return;
	for (uint32_t i = 0; i < l->macros.n; i++)
		if (!strcmp(l->macros.v[i].name, name->text)) {
			second_time(r, name);
			return;
		}
	macro.name = name->text;
	array_push(&l->macros, macro);
}

static void read_asms(const struct schema_reader *r, const struct yaml_node *list,
		      unsigned machine, struct lists *l)
{
	if (machine == MODEL_NO_MACHINE)
		schema_fault(r, list, "'asm' needs 'machine': x86 or arm64");
	for (uint32_t i = 0; i < list->n; i++) {
		const struct yaml_node *map = list->items[i], *names;
		struct model_asm a = { .machine = (uint8_t)machine };

		if (map->kind != YAML_MAP)
			continue;
		schema_check(r, map, "an instruction", asm_keys);
		a.effect = (uint8_t)schema_word(map, "effect", asm_effects, MODEL_ASM_TRAP);
		names = schema_list(map, "mnemonics");
		for (uint32_t j = 0; names && j < names->n; j++)
			if (name_at(names, j))
				add_asm(r, l, name_at(names, j), a);
	}
}

static void read_macros(const struct schema_reader *r, const struct yaml_node *list,
			struct lists *l)
{
	for (uint32_t i = 0; i < list->n; i++) {
		const struct yaml_node *map = list->items[i], *names;
		struct model_macro macro = { 0 };

		if (map->kind != YAML_MAP)
			continue;
		schema_check(r, map, "a macro", macro_keys);
		macro.is_report = schema_text(map, "report") != NULL;
		macro.is_call = schema_bool(map, "call");
		if (macro.is_report == macro.is_call)
			schema_fault(r, map, "a macro has one of 'report' and 'call'");
		macro.flavour = (uint8_t)schema_word(map, "report", flavours, 0);
		names = schema_list(map, "names");
		for (uint32_t j = 0; names && j < names->n; j++)
			if (name_at(names, j))
				add_macro(r, l, name_at(names, j), macro);
	}
}

static void read_names(const struct schema_reader *r, const struct yaml_node *list,
		       bool (*check)(const struct schema_reader *, const struct yaml_node *),
		       name_list *to)
{
	for (uint32_t i = 0; list && i < list->n; i++)
		if (name_at(list, i) && check(r, name_at(list, i)))
			array_push(to, name_at(list, i)->text);
}

static void read_document(const struct schema_reader *r, const struct yaml_node *map,
			  struct model *m, struct lists *l)
{
	const struct yaml_node *list;

	schema_check(r, map, "a model file", file_keys);
	if ((list = schema_list(map, "functions")))
		read_funcs(r, list, m, l);
	if ((list = schema_list(map, "asm")))
		read_asms(r, list, schema_word(map, "machine", machines, MODEL_NO_MACHINE), l);
	if ((list = schema_list(map, "macros")))
		read_macros(r, list, l);
	read_names(r, schema_list(map, "once_flags"), model_check_name, &l->once_flags);
	read_names(r, schema_list(map, "annotations"), model_check_name, &l->annotations);
	read_names(r, schema_list(map, "lock_records"), model_check_record, &l->lock_records);
	read_names(r, schema_list(map, "unguarded_functions"), model_check_name,
		   &l->unguarded_functions);
	read_names(r, schema_list(map, "unguarded_macros"), model_check_name,
		   &l->unguarded_macros);
}

static void read_file(struct model *m, const char *path, struct lists *l,
		      struct yaml_faults *faults)
{
	struct schema_reader r = { path, &m->arena, faults };
	struct buffer text = BUFFER_INIT;
	int err = buffer_read_file(&text, path, YAML_LIMIT);
	uint32_t n = 0, before = faults->v.n;
	struct yaml_node **docs;

	if (err == -EFBIG) {
		yaml_fault(faults, path, 1, 1, "more than %zu bytes", YAML_LIMIT);
	} else if (err) {
		yaml_fault(faults, path, 0, 0, "%s", strerror(-err));
	} else {
		docs = yaml_parse(&m->arena, path, buffer_str(&text), text.n, &n, faults);
		for (uint32_t i = 0; i < n; i++)
			read_document(&r, docs[i], m, l);
		if (!n && faults->v.n == before)
			yaml_fault(faults, path, 1, 1, "nothing is described in this file");
	}
	buffer_release(&text);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_yaml(const char *name)
{
	size_t n = strlen(name);

	return n > 5 && !strcmp(name + n - 5, ".yaml");
}

static void take_names(struct model *m, name_list *from, struct model_names *to)
{
	to->n = from->n;
	to->v = arena_memdup(&m->arena, from->v, from->n * sizeof(*from->v));
	array_release(from);
}

static void index_patterns(struct model *m)
{
	m->patterns = arena_new_array(&m->arena, unsigned, m->nfuncs);
	for (unsigned i = 0; i < m->nfuncs; i++) {
		size_t n = strlen(m->funcs[i].name);

		if (n && m->funcs[i].name[n - 1] == '*')
			m->patterns[m->npatterns++] = i;
	}
}

static void take_lists(struct model *m, struct lists *l)
{
	m->nfuncs = l->funcs.n;
	m->funcs = arena_memdup(&m->arena, l->funcs.v, l->funcs.n * sizeof(*l->funcs.v));
	index_patterns(m);
	m->nasms = l->asms.n;
	m->asms = arena_memdup(&m->arena, l->asms.v, l->asms.n * sizeof(*l->asms.v));
	m->nmacros = l->macros.n;
	m->macros = arena_memdup(&m->arena, l->macros.v, l->macros.n * sizeof(*l->macros.v));
	take_names(m, &l->once_flags, &m->once_flags);
	take_names(m, &l->annotations, &m->annotations);
	take_names(m, &l->lock_records, &m->lock_records);
	take_names(m, &l->unguarded_functions, &m->unguarded_functions);
	take_names(m, &l->unguarded_macros, &m->unguarded_macros);
	array_release(&l->funcs);
	array_release(&l->asms);
	array_release(&l->macros);
}

void model_check_file(const char *path, struct yaml_faults *faults)
{
	struct model m = { 0 };
	struct lists l = { 0 };

	read_file(&m, path, &l, faults);
	take_lists(&m, &l);
	model_release(&m);
}

static bool is_folder(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

/* What the folder has: a file that is one of ours, or a folder, of which none is read. */
static void take_entry(struct model *m, const char *dir, const char *name, name_list *paths,
		       struct yaml_faults *faults)
{
	const char *path = arena_printf(&m->arena, "%s/%s", dir, name);

	if (name[0] == '.')
		return;
	if (is_folder(path))
		yaml_fault(faults, path, 0, 0,
			   "not read: model files stand in no folder of their own");
	else if (is_yaml(name))
		array_push(paths, path);
}

bool model_read_dir(struct model *m, const char *dir, struct yaml_faults *faults)
{
	name_list paths = { NULL, 0, 0 };
	uint32_t before = faults->v.n;
	struct lists l = { 0 };
	struct dirent *e;
	DIR *d = opendir(dir);

	if (!d) {
		yaml_fault(faults, dir, 0, 0, "%s", strerror(errno));
		return false;
	}
	while ((e = readdir(d)))
		take_entry(m, dir, e->d_name, &paths, faults);
	closedir(d);
	if (paths.n)
		qsort(paths.v, paths.n, sizeof(*paths.v), by_name);
	for (uint32_t i = 0; i < paths.n; i++)
		read_file(m, paths.v[i], &l, faults);
	if (!paths.n && faults->v.n == before)
		yaml_fault(faults, dir, 0, 0, "there is no model file (*.yaml) in this folder");
	array_release(&paths);
	take_lists(m, &l);
	return faults->v.n == before;
}
