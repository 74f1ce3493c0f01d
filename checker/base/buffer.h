/* SPDX-License-Identifier: MIT */
/*
 * buffer.h - a growable string, and whole files
 *
 *	struct buffer b = BUFFER_INIT;
 *	buffer_printf(&b, "%s:%u", name, line);
 *	puts(b.s);
 *	buffer_release(&b);
 *
 * s is always NUL-terminated; n does not count the NUL. s may be NULL only
 * before the first append; buffer_str() gives "" then.
 */
#ifndef PF_BASE_BUFFER_H
#define PF_BASE_BUFFER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct buffer {
	char *s;
	size_t n;
	size_t cap;
};

#define BUFFER_INIT { NULL, 0, 0 }

void buffer_add(struct buffer *b, const void *p, size_t n);
void buffer_puts(struct buffer *b, const char *s);
void buffer_putc(struct buffer *b, char c);
void buffer_printf(struct buffer *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void buffer_vprintf(struct buffer *b, const char *fmt, va_list ap);
const char *buffer_str(const struct buffer *b);
void buffer_clear(struct buffer *b);
void buffer_release(struct buffer *b);

/*
 * Appends the whole file at path. At most limit bytes (0: no limit); a longer
 * file is -EFBIG. Gives 0 or -errno; a directory is -EISDIR, and what else is no
 * regular file -ENOTSUP.
 */
int buffer_read_file(struct buffer *b, const char *path, size_t limit);

/*
 * Writes n bytes as the new content of path: a temporary file in the same
 * folder, then rename(2), so that a reader sees the old or the new content and
 * never a part. Where path exists and is no regular file (a pipe, /dev/null, a
 * link) it is written to in place. Gives 0 or -errno.
 */
int file_replace(const char *path, const void *p, size_t n);

/* mkdir -p. Gives 0 or -errno. */
int file_mkdirs(const char *path);

/* One write(2) of all of it (looped only where the kernel takes less). 0 or -errno. */
int fd_write_all(int fd, const void *p, size_t n);

#endif
