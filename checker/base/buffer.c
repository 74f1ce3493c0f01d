/* SPDX-License-Identifier: MIT */
#include "base/buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"

static void buffer_reserve(struct buffer *b, size_t more)
{
	size_t want = b->n + more + 1;

	if (want <= b->cap)
		return;
	b->cap = b->cap * 2 > want ? b->cap * 2 : want;
	b->s = xrealloc(b->s, b->cap);
}

void buffer_add(struct buffer *b, const void *p, size_t n)
{
	buffer_reserve(b, n);
	if (n)
		memcpy(b->s + b->n, p, n);
	b->n += n;
	b->s[b->n] = 0;
}

void buffer_puts(struct buffer *b, const char *s)
{
	buffer_add(b, s, strlen(s));
}

void buffer_putc(struct buffer *b, char c)
{
	buffer_add(b, &c, 1);
}

void buffer_vprintf(struct buffer *b, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	buffer_reserve(b, (size_t)n);
	vsnprintf(b->s + b->n, (size_t)n + 1, fmt, ap);
	b->n += (size_t)n;
}

void buffer_printf(struct buffer *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buffer_vprintf(b, fmt, ap);
	va_end(ap);
}

const char *buffer_str(const struct buffer *b)
{
	return b->s ? b->s : "";
}

void buffer_clear(struct buffer *b)
{
	b->n = 0;
	if (b->s)
		b->s[0] = 0;
}

void buffer_release(struct buffer *b)
{
	free(b->s);
	b->s = NULL;
	b->n = b->cap = 0;
}

static int read_fd(struct buffer *b, int fd, size_t limit)
{
	size_t start = b->n;

	for (;;) {
		ssize_t n;

		buffer_reserve(b, 65536);
		n = read(fd, b->s + b->n, 65536);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			break;
		b->n += (size_t)n;
		if (limit && b->n - start > limit)
			return -EFBIG;
	}
	b->s[b->n] = 0;
	return 0;
}

/* A pipe would be waited for, and /dev/zero has no end. */
static int refuse_odd_file(int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		return -errno;
	if (S_ISREG(st.st_mode))
		return 0;
	return S_ISDIR(st.st_mode) ? -EISDIR : -ENOTSUP;
}

int buffer_read_file(struct buffer *b, const char *path, size_t limit)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int err;

	if (fd < 0)
		return -errno;
	err = refuse_odd_file(fd);
	if (!err)
		err = read_fd(b, fd, limit);
	close(fd);
	return err;
}

int fd_write_all(int fd, const void *p, size_t n)
{
	const char *s = p;

	while (n) {
		ssize_t k = write(fd, s, n);

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return -errno;
		s += k;
		n -= (size_t)k;
	}
	return 0;
}

static int write_in_place(const char *path, const void *p, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	int err;

	if (fd < 0)
		return -errno;
	err = fd_write_all(fd, p, n);
	if (close(fd) && !err)
		err = -errno;
	return err;
}

static int write_temp(int fd, const char *temp, const char *path, const void *p, size_t n)
{
	int err = fd_write_all(fd, p, n);

	if (!err && fchmod(fd, 0644))
		err = -errno;
	if (close(fd) && !err)
		err = -errno;
	if (!err && rename(temp, path))
		err = -errno;
	if (err)
		unlink(temp);
	return err;
}

int file_replace(const char *path, const void *p, size_t n)
{
	struct buffer temp = BUFFER_INIT;
	struct stat st;
	int fd, err;

	/* A link, too: /dev/stdout is one. */
	if (!lstat(path, &st) && !S_ISREG(st.st_mode))
		return S_ISDIR(st.st_mode) ? -EISDIR : write_in_place(path, p, n);
	buffer_printf(&temp, "%s.XXXXXX", path);
	fd = mkstemp(temp.s);
	err = fd < 0 ? -errno : write_temp(fd, temp.s, path, p, n);
	buffer_release(&temp);
	return err;
}

int file_mkdirs(const char *path)
{
	char *copy = xstrdup(path);
	int err = 0;

	for (char *p = copy + 1; !err; p++) {
		char c = *p;

		if (c && c != '/')
			continue;
		*p = 0;
		if (mkdir(copy, 0777) && errno != EEXIST)
			err = -errno;
		*p = c;
		if (!c)
			break;
	}
	free(copy);
	return err;
}
