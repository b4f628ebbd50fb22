// SPDX-License-Identifier: BSD-2-Clause
/*
 * sendfile.c - sendfile() and copy_file_range(): from one file to another.
 */
#define _GNU_SOURCE /* copy_file_range() */
#include <sys/sendfile.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include "kernel/heap.h"
#include "lib/fs/ramfs.h"
#include "lib/libc/fd.h"
#include "lib/libc/file_io.h"
#include "lib/libc/result.h"

#define CHUNK_BYTES 16384u
#define MOVE_MAX    0x7ffff000u /* bytes of one call, so that the count fits into an int */

/* One side: a file and where in it. */
struct side {
	struct file *file;
	off_t at; /* -1: a file without offsets, or its own is used and moved by write() */
};

static ssize_t write_side(struct side *s, void *bytes, size_t len)
{
	struct iovec iov = { bytes, len };

	return s->at < 0 ? file_writev(s->file, &iov, 1)
			 : s->file->ops->write_at(s->file, &iov, 1, s->at);
}

/* Writes what was read, as far as that goes. Returns the count; -errno when nothing was. */
static ssize_t write_all(struct side *out, char *bytes, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = write_side(out, bytes + done, len - done);

		if (n <= 0)
			return done ? (ssize_t)done : n;
		done += (size_t)n;
		if (out->at >= 0)
			out->at += n;
	}
	return (ssize_t)done;
}

/* Moves up to `len` bytes by way of a buffer. Returns the count; -errno when there were none. */
static ssize_t pump(struct side *in, struct side *out, size_t len)
{
	size_t done = 0, chunk = MIN(len, (size_t)CHUNK_BYTES);
	char *buffer = chunk ? kalloc(chunk) : NULL;
	ssize_t n = 0, wrote;

	if (chunk && !buffer)
		return -ENOMEM;
	while (done < len) {
		size_t part = MIN(len - done, chunk);
		struct iovec iov = { buffer, part };

		n = in->file->ops->read_at(in->file, &iov, 1, in->at);
		if (n <= 0)
			break;
		wrote = write_all(out, buffer, (size_t)n);
		if (wrote > 0) {
			in->at += wrote;
			done += (size_t)wrote;
		}
		if (wrote < n) {
			n = wrote;
			break;
		}
	}
	kfree(buffer);
	return done || n >= 0 ? (ssize_t)done : n;
}

/* What is in a boot archive goes to `out` from where it is. Returns as pump(); *have, which is what
 * is wanted, becomes what lies there. */
static ssize_t send_in_place(struct side *in, struct side *out, size_t *have)
{
	const void *bytes;
	struct vnode *v;
	ssize_t n = 0;

	if (file_control(in->file, FILE_CONTROL_VNODE, &v)) {
		*have = 0;
		return 0;
	}
	bytes = ramfs_in_place(v, (uint64_t)in->at, have);
	if (bytes)
		n = write_side(out, (void *)bytes, *have);
	if (n > 0) {
		in->at += n;
		v->ops->read(v, NULL, 0, in->at); /* for the time of the last access */
	}
	vnode_put(v);
	return n;
}

static ssize_t send_bytes(struct side *in, struct side *out, size_t len)
{
	size_t have = len;
	ssize_t first = send_in_place(in, out, &have), n;

	if (first < 0 || first < (ssize_t)have || have == len)
		return first;
	n = pump(in, out, len - have);
	return n < 0 && first ? first : first + n;
}

/* Where to begin: at *at, or where the file is. */
static int begin(struct side *s, struct file *f, const off_t *at)
{
	s->file = f;
	s->at = at ? *at : f->ops->seek(f, 0, SEEK_CUR);
	return s->at < 0 ? (at ? -EINVAL : (int)s->at) : 0;
}

static void end(const struct side *s, off_t *at)
{
	if (at)
		*at = s->at;
	else
		s->file->ops->seek(s->file, s->at, SEEK_SET);
}

static bool has_offsets(const struct file *f)
{
	return f->ops->seek != NULL;
}

static ssize_t send_file(struct file *to, struct file *from, off_t *at, size_t len)
{
	struct side in, out = { to, -1 };
	ssize_t n;

	if (!file_may_read(from) || !file_may_write(to) || !to->ops->write)
		return -EBADF;
	if (!from->ops->read_at || !has_offsets(from) || to->flags & O_APPEND)
		return -EINVAL;
	n = begin(&in, from, at);
	if (!n)
		n = send_bytes(&in, &out, MIN(len, (size_t)MOVE_MAX));
	if (n > 0)
		end(&in, at);
	return n;
}

static bool overlap(const struct side *a, const struct side *b, size_t len)
{
	return a->file == b->file && a->at < b->at + (off_t)len && b->at < a->at + (off_t)len;
}

static ssize_t copy_range(struct file *from, off_t *from_at, struct file *to, off_t *to_at,
			  size_t len)
{
	struct side in, out;
	ssize_t n;

	if (!file_may_read(from) || !file_may_write(to) || to->flags & O_APPEND)
		return -EBADF;
	if (!from->ops->read_at || !has_offsets(from) || !to->ops->write_at || !has_offsets(to))
		return -EINVAL;
	len = MIN(len, (size_t)MOVE_MAX);
	n = begin(&in, from, from_at);
	if (!n)
		n = begin(&out, to, to_at);
	if (!n && overlap(&in, &out, len))
		n = -EINVAL;
	if (!n)
		n = pump(&in, &out, len);
	if (n > 0) {
		end(&in, from_at);
		end(&out, to_at);
	}
	return n;
}

/* The two files of a call: 0 or -EBADF. */
static int get_files(int fd, int other, struct file **f, struct file **of_other)
{
	*f = fd_get(fd);
	*of_other = fd_get(other);
	if (*f && *of_other)
		return 0;
	if (*f)
		file_put(*f);
	if (*of_other)
		file_put(*of_other);
	return -EBADF;
}

UNIK_API ssize_t sendfile(int out, int in, off_t *at, size_t len)
{
	struct file *to, *from;
	ssize_t n = get_files(out, in, &to, &from);

	if (!n) {
		n = send_file(to, from, at, len);
		file_put(to);
		file_put(from);
	}
	return posix_result(n);
}

UNIK_API ssize_t copy_file_range(int in, off_t *in_at, int out, off_t *out_at, size_t len,
				 unsigned flags)
{
	struct file *from, *to;
	ssize_t n = flags ? -EINVAL : get_files(in, out, &from, &to);

	if (!n) {
		n = copy_range(from, in_at, to, out_at, len);
		file_put(from);
		file_put(to);
	}
	return posix_result(n);
}
