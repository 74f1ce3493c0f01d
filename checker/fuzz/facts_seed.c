/* SPDX-License-Identifier: MIT */
/*
 * facts_seed.c - writes the facts of the sample unit of the IR's tests, and those of one that
 * was skipped, as the fuzzer's seeds
 */
#include <string.h>

#include "build.h"
#include "program/facts.h"

static int write_seed(const char *path, const struct facts *f, const struct ir_unit *u)
{
	struct buffer out = BUFFER_INIT;
	int err;

	facts_write(f, u, &out);
	err = file_replace(path, out.s, out.n);
	buffer_release(&out);
	return err;
}

int main(int argc, char **argv)
{
	static const uint32_t words[] = { 1, 300, 70000, 20000000 };
	struct facts f = { .object = "a/unit.o", .source = "a/unit.c", .directory = "/obj",
			   .srctree = "/src", .version = PROTFLOW_VERSION,
			   .words = { .v = words, .n = 4 } };
	struct build b;
	int err;

	if (argc != 3)
		return 2;
	build_sample(&b);
	err = write_seed(argv[1], &f, &b.u);
	f.status = FACTS_SKIPPED;
	if (!err)
		err = write_seed(argv[2], &f, NULL);
	build_release(&b);
	return err != 0;
}
