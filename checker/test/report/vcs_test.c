/* SPDX-License-Identifier: MIT */
#include "tests.h"

#include <stdlib.h>
#include <string.h>

#include "report/vcs.h"
#include "sample.h"

static void remotes_as_uris(void **state)
{
	static const struct { const char *remote, *uri; } cases[] = {
		{ "https://example.org/a/b.git", "https://example.org/a/b.git" },
		{ "https://me:secret@example.org/b", "https://example.org/b" },
		{ "http://token@example.org/b", "http://example.org/b" },
		{ "ssh://git@example.org:22/b", "ssh://git@example.org:22/b" },
		{ "ssh://git:secret@example.org/b", "ssh://git@example.org/b" },
		{ "https://example.org/@b", "https://example.org/@b" },
		{ "git@example.org:a/b c.git", "ssh://git@example.org/a/b%20c.git" },
		{ "example.org:/srv/b", "ssh://example.org/srv/b" },
		{ "/srv/git/b", "file:///srv/git/b" },
		{ "../b", NULL }, { "b", NULL }, { "./a:b", NULL },
	};
	struct arena a = ARENA_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *uri = vcs_uri(&a, cases[i].remote);

		if (cases[i].uri)
			assert_string_equal(uri, cases[i].uri);
		else
			assert_null(uri);
	}
	arena_release(&a);
}

static void run(struct sample *s, const char *command)
{
	char *line = arena_printf(&s->arena, "cd '%s' && GIT_CONFIG_GLOBAL=/dev/null "
				  "GIT_CONFIG_NOSYSTEM=1 git -c user.name=t -c user.email=t@t %s "
				  "> /dev/null 2>&1", s->src, command);

	if (system(line))
		fail_msg("%s", line);
}

static void repository_of_a_tree(void **state)
{
	struct sarif_vcs vcs;
	struct sample s;

	(void)state;
	if (system("git --version > /dev/null 2>&1")) {
		print_message("there is no git: vcs_read() is not tested\n");
		skip();
	}
	sample_init(&s, NULL);
	run(&s, "init -q -b trunk .");
	assert_false(vcs_read(&s.arena, s.src, &vcs));
	run(&s, "commit -q --allow-empty -m x");
	run(&s, "remote add origin git@example.org:a/b.git");
	assert_true(vcs_read(&s.arena, s.src, &vcs));
	assert_string_equal(vcs.uri, "ssh://git@example.org/a/b.git");
	assert_string_equal(vcs.branch, "trunk");
	assert_int_equal(strlen(vcs.revision), 40);
	/* A folder inside, and one that is none. */
	assert_false(vcs_read(&s.arena, arena_printf(&s.arena, "%s/drivers", s.src), &vcs));
	assert_false(vcs_read(&s.arena, "/nowhere", &vcs));
	assert_null(vcs.uri);
	sample_release(&s);
}

int test_vcs(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(remotes_as_uris), cmocka_unit_test(repository_of_a_tree),
	};

	return cmocka_run_group_tests_name("vcs", tests, NULL, NULL);
}
