/* SPDX-License-Identifier: MIT */
#include "command/rulebook.h"

#include <unistd.h>

#include "base/yaml.h"
#include "command/paths.h"

bool rulebook_read(const char *dir, struct rule_set *rules, struct model *model,
		   struct yaml_faults *faults)
{
	uint32_t before = faults->v.n;
	struct arena a = ARENA_INIT;

	rules_read_dir(rules, dir, faults);
	model_read_dir(model, models_dir(&a, dir), faults);
	arena_release(&a);
	return faults->v.n == before;
}

bool rulebook_check_models(const char *dir, struct yaml_faults *faults)
{
	struct model model = { 0 };
	struct arena a = ARENA_INIT;
	bool good = model_read_dir(&model, models_dir(&a, dir), faults);

	model_release(&model);
	arena_release(&a);
	return good;
}

bool rulebook_good(struct yaml_faults *faults)
{
	struct buffer text = BUFFER_INIT;

	yaml_faults_text(faults, &text);
	fd_write_all(STDERR_FILENO, buffer_str(&text), text.n);
	buffer_release(&text);
	return !faults->v.n;
}
