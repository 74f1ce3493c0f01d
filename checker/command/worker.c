/* SPDX-License-Identifier: MIT */
#include "command/worker.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "command/commands.h"
#include "command/paths.h"

/* Where the machine is loaded or the disk is slow, time passes that is not the unit's. */
#define WALL_FACTOR 5

/* The walk over an expression recurses with its depth. */
#define WORKER_STACK ((rlim_t)64 << 20)

static void limit(int resource, rlim_t soft, rlim_t hard)
{
	struct rlimit r = { .rlim_cur = soft, .rlim_max = hard }, now;

	if (!getrlimit(resource, &now) && now.rlim_max != RLIM_INFINITY && now.rlim_max < hard) {
		r.rlim_max = now.rlim_max;
		if (r.rlim_cur > r.rlim_max)
			r.rlim_cur = r.rlim_max;
	}
	setrlimit(resource, &r);
}

/*
 * The analysis stops by itself at its budget and says what is undecided. These
 * are for what does not ask: the parser, and our own errors.
 */
static void bound(const struct check_options *o)
{
	rlim_t seconds = (rlim_t)o->max_seconds + 1;

	limit(RLIMIT_CPU, seconds, seconds + 2);
	limit(RLIMIT_CORE, 0, 0);
	limit(RLIMIT_STACK, WORKER_STACK, RLIM_INFINITY);
#if !defined(__SANITIZE_ADDRESS__)
	if (o->max_memory)
		limit(RLIMIT_AS, o->max_memory << 20, o->max_memory << 20);
#endif
}

enum { TEXT, SARIF, LEFT, NOUTPUTS };

static char **worker_argv(struct arena *a, const struct call *c, const char *program,
			  const char *rules_dir, const int *outputs)
{
	int n = c->noptions + c->options.argc;
	char **v = arena_new_array(a, char *, 3 + NOUTPUTS + n + 1), **p = v;

	*p++ = arena_strdup(a, program);
	*p++ = arena_strdup(a, "unit");
	*p++ = arena_strdup(a, rules_dir);
	for (int i = 0; i < NOUTPUTS; i++)
		*p++ = arena_printf(a, "%d", outputs[i]);
	for (int i = 0; i < n; i++)
		*p++ = arena_strdup(a, c->argv[i]);
	return v;
}

/*
 * libclang parses on the thread that asks, which has WORKER_STACK. Its tree takes
 * 100 MB and more, which are quicker to get and to read on huge pages, where the
 * machine has them. What the user says about malloc stands.
 */
static void tune(void)
{
	setenv("LIBCLANG_NOTHREADS", "1", 1);
	setenv("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1", 0);
}

static void child(char **argv, int noise, const struct check_options *o, pid_t parent,
		  const sigset_t *mask)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	dup2(noise, STDERR_FILENO);
	sigprocmask(SIG_SETMASK, mask, NULL);
	bound(o);
	tune();
	execv(argv[0], argv);
	_exit(127);
}

/* Waits for the child for that long; kills it then. True where it had to. */
static bool wait_bounded(pid_t pid, double seconds, const sigset_t *chld, int *status)
{
	struct timespec end, now, left;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += (time_t)seconds;
	for (;;) {
		pid_t got = waitpid(pid, status, WNOHANG);

		if (got == pid || (got < 0 && errno != EINTR))
			return false;
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (now.tv_sec >= end.tv_sec)
			break;
		left = (struct timespec) { .tv_sec = end.tv_sec - now.tv_sec };
		sigtimedwait(chld, NULL, &left);
	}
	kill(pid, SIGKILL);
	waitpid(pid, status, 0);
	return true;
}

static void judge(int status, bool killed, struct worker_result *out)
{
	if (killed || (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)) {
		out->end = WORKER_SECONDS;
	} else if (WIFSIGNALED(status)) {
		out->end = WORKER_DIED;
		out->status = WTERMSIG(status);
	} else if (WEXITSTATUS(status) == ARENA_EXIT_NOMEM) {
		out->end = WORKER_MEMORY;
	} else if (WEXITSTATUS(status) == WORKER_ENDED_WELL ||
		   WEXITSTATUS(status) == WORKER_ENDED_WELL + STATUS_FAILS) {
		out->end = WORKER_DONE;
		out->status = WEXITSTATUS(status) - WORKER_ENDED_WELL;
	} else {
		out->end = WORKER_FAILED;
		out->status = WEXITSTATUS(status);
	}
}

static void read_back(int fd, struct buffer *b)
{
	char chunk[65536];
	ssize_t n;

	lseek(fd, 0, SEEK_SET);
	while ((n = read(fd, chunk, sizeof(chunk))) > 0)
		buffer_add(b, chunk, (size_t)n);
}

static void start_and_wait(const struct call *c, char **argv, int noise,
			   struct worker_result *out)
{
	sigset_t chld, old;
	pid_t pid, self = getpid();
	int status = 0;
	bool killed;

	/* Kept pending until sigtimedwait(), even where the caller ignores it. */
	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	sigprocmask(SIG_BLOCK, &chld, &old);
	fflush(NULL);
	pid = fork();
	if (!pid)
		child(argv, noise, &c->options, self, &old);
	if (pid < 0) {
		out->status = errno;
		return;
	}
	killed = wait_bounded(pid, c->options.max_seconds * WALL_FACTOR + 5, &chld, &status);
	sigprocmask(SIG_SETMASK, &old, NULL);
	judge(status, killed, out);
}

void worker_run(const struct call *c, const char *rules_dir, struct worker_result *out)
{
	struct arena a = ARENA_INIT;
	char *program = worker_path(&a);
	struct buffer *const to[NOUTPUTS] = { &out->text, &out->logs.sarif, &out->logs.left };
	int outputs[NOUTPUTS], noise = memfd_create("noise", MFD_CLOEXEC);
	bool ready = program && noise >= 0;

	*out = (struct worker_result) { .end = WORKER_FAILED, .status = 127 };
	for (int i = 0; i < NOUTPUTS; i++)
		ready &= (outputs[i] = memfd_create("output", 0)) >= 0;
	if (ready)
		start_and_wait(c, worker_argv(&a, c, program, rules_dir, outputs), noise, out);
	for (int i = 0; i < NOUTPUTS; i++) {
		if (out->end == WORKER_DONE)
			read_back(outputs[i], to[i]);
		close(outputs[i]);
	}
	read_back(noise, &out->noise);
	close(noise);
	arena_release(&a);
}

void worker_result_release(struct worker_result *w)
{
	buffer_release(&w->text);
	output_logs_release(&w->logs);
	buffer_release(&w->noise);
}
