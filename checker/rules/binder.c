/* SPDX-License-Identifier: MIT */
#include "rules/binder.h"

struct binder binder_of_unit(struct frontend *fe)
{
	return (struct binder){ .unit = frontend_unit(fe), .fe = fe };
}

struct binder binder_of_program(struct ir_unit *program)
{
	return (struct binder){ .unit = program };
}

ir_rec binder_record(const struct binder *in, const char *tag)
{
	return in->fe ? frontend_record(in->fe, tag) : ir_record_find(in->unit, tag);
}

ir_glob binder_variable(const struct binder *in, const char *name)
{
	return in->fe ? frontend_variable(in->fe, name) : ir_global_find(in->unit, name);
}

const char *binder_fault(const struct binder *in, uint32_t line)
{
	const struct frontend_diag *d;
	unsigned n;

	if (!in->fe)
		return NULL;
	d = frontend_diags(in->fe, &n);
	for (unsigned i = 0; i < n; i++)
		if (d[i].in_snippet && d[i].line == line)
			return d[i].text;
	return NULL;
}
