/* SPDX-License-Identifier: MIT */
#include "command/pool.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"
#include "base/buffer.h"

/* Of what one child says; a unit's findings are some hundred lines. */
#define TEXT_MAX ((size_t)16 << 20)

struct job {
	pid_t pid;		/* 0: free */
	uint32_t piece;
	int text;		/* the child's stderr */
	time_t deadline;
	bool late;
};

struct running {
	const struct pool *pool;
	struct job *jobs;
	unsigned active;
	sigset_t chld, old;
};

static time_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

static void child(const struct running *r, const struct job *job, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	dup2(job->text, STDERR_FILENO);
	sigprocmask(SIG_SETMASK, &r->old, NULL);
	_exit(r->pool->work(r->pool->ctx, job->piece));
}

static void read_back(int fd, struct buffer *b)
{
	char chunk[65536];
	ssize_t n;

	lseek(fd, 0, SEEK_SET);
	while (b->n < TEXT_MAX && (n = read(fd, chunk, sizeof(chunk))) > 0)
		buffer_add(b, chunk, (size_t)n);
}

static void finish(struct running *r, struct job *job, int status)
{
	struct buffer text = BUFFER_INIT;
	struct pool_end end = { .status = status, .late = job->late };

	if (job->text >= 0) {
		read_back(job->text, &text);
		close(job->text);
	}
	end.text = buffer_str(&text);
	end.n = text.n;
	r->pool->done(r->pool->ctx, job->piece, &end);
	buffer_release(&text);
	job->pid = 0;
}

/* Takes those that have ended; true where there was one. */
static bool reap(struct running *r)
{
	bool any = false;

	for (unsigned i = 0; i < r->pool->jobs; i++) {
		struct job *job = &r->jobs[i];
		int status;

		if (job->pid <= 0 || waitpid(job->pid, &status, WNOHANG) != job->pid)
			continue;
		r->active--;
		finish(r, job, status);
		any = true;
	}
	return any;
}

/* Kills what is late; the seconds until something else can be. */
static time_t enforce(struct running *r)
{
	time_t t = now(), wait = 3600;

	for (unsigned i = 0; i < r->pool->jobs; i++) {
		struct job *job = &r->jobs[i];

		if (job->pid <= 0)
			continue;
		if (job->deadline <= t && !job->late) {
			job->late = true;
			kill(job->pid, SIGKILL);
		}
		if (!job->late && job->deadline - t < wait)
			wait = job->deadline - t;
	}
	return wait;
}

static void wait_for_one(struct running *r)
{
	while (!reap(r)) {
		struct timespec left = { .tv_sec = enforce(r) };

		sigtimedwait(&r->chld, NULL, &left);
	}
}

static void start(struct running *r, struct job *job, uint32_t piece)
{
	pid_t self = getpid();

	*job = (struct job) { .piece = piece, .text = memfd_create("stderr", MFD_CLOEXEC),
			      .deadline = now() + (time_t)r->pool->seconds + 1 };
	fflush(NULL);
	/* Where there are too many processes, those of our own will be fewer in a while. */
	for (;;) {
		job->pid = job->text < 0 ? -1 : fork();
		if (!job->pid)
			child(r, job, self);
		if (job->pid > 0 || !r->active)
			break;
		wait_for_one(r);
	}
	if (job->pid > 0)
		r->active++;
	else
		finish(r, job, -1);
}

static struct job *free_job(struct running *r)
{
	for (unsigned i = 0; i < r->pool->jobs; i++)
		if (!r->jobs[i].pid)
			return &r->jobs[i];
	return NULL;
}

void pool_run(const struct pool *p, uint32_t n)
{
	struct running r = { .pool = p, .jobs = xcalloc(p->jobs, sizeof(struct job)) };

	/* Kept pending until sigtimedwait(), even where the caller ignores it. */
	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&r.chld);
	sigaddset(&r.chld, SIGCHLD);
	sigprocmask(SIG_BLOCK, &r.chld, &r.old);
	for (uint32_t i = 0; i < n; i++) {
		struct job *job;

		while (!(job = free_job(&r)))
			wait_for_one(&r);
		start(&r, job, i);
	}
	while (r.active)
		wait_for_one(&r);
	sigprocmask(SIG_SETMASK, &r.old, NULL);
	free(r.jobs);
}
