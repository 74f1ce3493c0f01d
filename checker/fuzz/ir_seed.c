/* SPDX-License-Identifier: MIT */
/* ir_seed.c - writes the sample unit of the IR's tests to a file, as the fuzzer's seed */
#include <string.h>

#include "build.h"
#include "ir/io.h"

int main(int argc, char **argv)
{
	struct buffer out = BUFFER_INIT;
	struct build b;
	int err;

	if (argc != 2)
		return 2;
	build_sample(&b);
	ir_write(&b.u, &out);
	err = file_replace(argv[1], out.s, out.n);
	build_release(&b);
	buffer_release(&out);
	return err != 0;
}
