/* SPDX-License-Identifier: MIT */
#include "model/model.h"

#include <string.h>

static bool star(const char *name)
{
	size_t n = strlen(name);

	return n && name[n - 1] == '*';
}

static bool matches(const char *pattern, const char *name)
{
	if (star(pattern))
		return !strncmp(pattern, name, strlen(pattern) - 1);
	return !strcmp(pattern, name);
}

const struct model_func *model_func(const struct model *m, const char *name)
{
	uint64_t *exact = map_get(&m->index, hash_bytes(name, strlen(name), 0));
	unsigned end = exact ? (unsigned)*exact - 1 : m->nfuncs;

	/* Only patterns can match before the name itself does. */
	for (unsigned i = 0; i < m->npatterns && m->patterns[i] < end; i++)
		if (matches(m->funcs[m->patterns[i]].name, name))
			return &m->funcs[m->patterns[i]];
	return exact && !strcmp(m->funcs[end].name, name) ? &m->funcs[end] : NULL;
}

/* Compares with runs of blanks as one, up to the end of the instruction. */
static bool same_insn(const char *pattern, const char *insn)
{
	insn += strspn(insn, " \t");
	for (; *pattern; pattern++) {
		if (*pattern == '*' && !pattern[1])
			return true;
		if (*pattern == ' ') {
			if (*insn != ' ' && *insn != '\t')
				return false;
			insn += strspn(insn, " \t");
		} else if (*pattern != *insn++) {
			return false;
		}
	}
	return !insn[strspn(insn, " \t\n;")];
}

static bool same_mnemonic(const struct model_asm *a, const char *insn)
{
	const char *pattern = a->mnemonic;
	size_t n = strcspn(insn, " \t\n;"), m = strlen(pattern);

	if (star(pattern))
		return n >= m - 1 && !memcmp(insn, pattern, m - 1);
	if (n < m || memcmp(insn, pattern, m))
		return false;
	return n == m || (a->machine == MODEL_X86 && n == m + 1 && strchr("bwlq", insn[m]));
}

const struct model_asm *model_asm(const struct model *m, enum model_machine machine,
				  const char *insn)
{
	static const struct model_asm nothing = { .mnemonic = "", .effect = MODEL_ASM_NONE };

	insn += strspn(insn, " \t\n;");
	if (!*insn)
		return &nothing;
	for (unsigned i = 0; i < m->nasms; i++) {
		const struct model_asm *a = &m->asms[i];

		if (a->machine == machine &&
		    (strchr(a->mnemonic, ' ') ? same_insn(a->mnemonic, insn)
					      : same_mnemonic(a, insn)))
			return a;
	}
	return NULL;
}

const struct model_macro *model_macro(const struct model *m, const char *name)
{
	for (unsigned i = 0; i < m->nmacros; i++)
		if (matches(m->macros[i].name, name))
			return &m->macros[i];
	return NULL;
}

bool model_has_name(const struct model_names *list, const char *name)
{
	for (unsigned i = 0; i < list->n; i++)
		if (matches(list->v[i], name))
			return true;
	return false;
}

bool model_is_once_flag(const struct model *m, const char *name)
{
	return model_has_name(&m->once_flags, name);
}

void model_release(struct model *m)
{
	map_release(&m->index);
	arena_release(&m->arena);
	memset(m, 0, sizeof(*m));
}
