/* SPDX-License-Identifier: MIT */
/* facts_seed.c - writes the facts of the sample unit of the IR's tests, as the fuzzer's seed */
#include <string.h>

#include "build.h"
#include "program/facts.h"

int main(int argc, char **argv)
{
	static const uint32_t words[] = { 1, 300, 70000, 20000000 };
	struct facts f = { .object = "a/unit.o", .source = "a/unit.c", .directory = "/obj",
			   .srctree = "/src", .version = PROTFLOW_VERSION,
			   .words = { .v = words, .n = 4 } };
	struct buffer out = BUFFER_INIT;
	struct build b;
	int err;

	if (argc != 2)
		return 2;
	build_sample(&b);
	facts_write(&f, &b.u, &out);
	err = file_replace(argv[1], out.s, out.n);
	build_release(&b);
	buffer_release(&out);
	return err != 0;
}
