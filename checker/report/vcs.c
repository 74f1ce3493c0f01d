/* SPDX-License-Identifier: MIT */
#include "report/vcs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buffer.h"
#include "report/root.h"

static void child(int out, const char *const *argv)
{
	int null = open("/dev/null", O_RDWR);

	dup2(null, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	execvp(argv[0], (char *const *)argv);
	_exit(127);
}

static void read_all(int fd, struct buffer *b)
{
	char chunk[4096];
	ssize_t n;

	while ((n = read(fd, chunk, sizeof(chunk))) > 0 || (n < 0 && errno == EINTR))
		if (n > 0)
			buffer_add(b, chunk, (size_t)n);
}

/* The first line that a command prints, or NULL where it fails. */
static char *first_line(struct arena *a, const char *const *argv)
{
	struct buffer b = BUFFER_INIT;
	char *line = NULL;
	int fd[2], status = -1;
	pid_t pid;

	if (pipe2(fd, O_CLOEXEC))
		return NULL;
	pid = fork();
	if (!pid)
		child(fd[1], argv);
	close(fd[1]);
	if (pid > 0) {
		read_all(fd[0], &b);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
	}
	close(fd[0]);
	if (WIFEXITED(status) && !WEXITSTATUS(status) && b.n)
		line = arena_strndup(a, b.s, strcspn(b.s, "\n"));
	buffer_release(&b);
	return line;
}

static char *git(struct arena *a, const char *dir, const char *x, const char *y, const char *z)
{
	const char *const argv[] = { "git", "-C", dir, x, y, z, NULL };

	return first_line(a, argv);
}

char *vcs_uri(struct arena *a, const char *remote)
{
	const char *scheme = strstr(remote, "://"), *host, *at, *colon;
	size_t user;

	if (!scheme) {
		if (*remote == '/')
			return arena_printf(a, "file://%s", uri_encode(a, remote));
		colon = strchr(remote, ':');
		if (!colon || strchr(remote, '/') < colon)
			return NULL;
		return arena_printf(a, "ssh://%.*s/%s", (int)(colon - remote), remote,
				    uri_encode(a, colon + 1 + (colon[1] == '/')));
	}
	host = scheme + 3;
	at = memchr(host, '@', strcspn(host, "/"));
	if (!at)
		return arena_strdup(a, remote);
	user = strncmp(remote, "http", 4) ? strcspn(host, ":@") : 0;
	return arena_printf(a, "%.*s%.*s%s", (int)(host - remote), remote, (int)user, host,
			    user ? at : at + 1);
}

bool vcs_read(struct arena *a, const char *srctree, struct sarif_vcs *out)
{
	char real[PATH_MAX];
	const char *top = git(a, srctree, "rev-parse", "--show-toplevel", NULL);
	const char *remote;

	*out = (struct sarif_vcs){ NULL, NULL, NULL };
	/* A source that was unpacked inside another project's repository is not that project. */
	if (!top || !realpath(srctree, real) || strcmp(top, real))
		return false;
	remote = git(a, srctree, "config", "--get", "remote.origin.url");
	out->revision = git(a, srctree, "rev-parse", "HEAD", NULL);
	out->branch = git(a, srctree, "symbolic-ref", "--short", "HEAD");
	if (remote && out->revision)
		out->uri = vcs_uri(a, remote);
	return out->uri != NULL;
}
