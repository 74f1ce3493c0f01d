/* SPDX-License-Identifier: MIT */
#include "kbuild/flags.h"

#include <string.h>

/* The value of the flag at word i, joined or the next word; NULL: it is another flag. */
static const char *value_of(struct flags *f, const char *flag)
{
	const char *const *v = f->unit->kept;
	size_t k = strlen(flag);

	if (strncmp(v[f->i], flag, k))
		return NULL;
	if (v[f->i][k])
		return v[f->i] + k;
	return f->i + 1 < f->unit->nkept ? v[++f->i] : NULL;
}

bool flags_next(struct flags *f)
{
	static const char *const names[] = {
		"-include", "-imacros", "-isystem", "-iquote", "-idirafter", "-I", "-D",
	};

	for (; f->i < f->unit->nkept; f->i++)
		for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
			f->value = value_of(f, names[k]);
			f->flag = names[k];
			if (f->value)
				return f->i++, true;
		}
	return false;
}
