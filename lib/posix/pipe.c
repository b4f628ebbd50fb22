// SPDX-License-Identifier: BSD-2-Clause
/*
 * pipe.c - pipes: a ring of bytes with an open file at each end.
 *
 * A write of up to PIPE_BUF bytes goes in as a whole or not at all. Writing to a pipe that nobody
 * can read gives EPIPE, and SIGPIPE where errno is set (lib/libc/result.h).
 */
#define _GNU_SOURCE /* pipe2() */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "kernel/heap.h"
#include "kernel/mutex.h"
#include "lib/libc/fd.h"
#include "lib/libc/file_io.h"
#include "lib/libc/result.h"

#define RING_BYTES     16384u     /* of a new pipe; power of two, >= PIPE_BUF */
#define RING_BYTES_MAX (1u << 20) /* by F_SETPIPE_SZ */

struct pipe {
	uint32_t nends;    /* not yet released */
	struct mutex lock; /* guards what follows; the files' wait queues are their own */
	bool read_open, write_open;
	uint32_t head, tail; /* bytes ever written and read, modulo 2^32 */
	uint32_t size;       /* of ring [bytes], power of two */
	uint8_t *ring;       /* first_ring, or of the kernel heap */
	struct file reader, writer;
	uint8_t first_ring[RING_BYTES];
};

/* What is left of a list of pieces of memory. */
struct cursor {
	const struct iovec *iov;
	size_t done; /* bytes of *iov */
	size_t left; /* bytes altogether */
};

static struct cursor cursor_start(const struct iovec *iov, int niov)
{
	struct cursor c = { .iov = iov };

	for (int i = 0; i < niov; i++)
		c.left += iov[i].iov_len;
	return c;
}

/* The next piece that lies together, at most max bytes; moves behind it. */
static void *cursor_take(struct cursor *c, size_t max, size_t *len)
{
	char *p;

	while (c->done == c->iov->iov_len) {
		c->iov++;
		c->done = 0;
	}
	p = (char *)c->iov->iov_base + c->done;
	*len = MIN(max, c->iov->iov_len - c->done);
	c->done += *len;
	c->left -= *len;
	return p;
}

static uint32_t used(const struct pipe *p)
{
	return READ_ONCE(p->head) - READ_ONCE(p->tail);
}

static uint32_t room(const struct pipe *p)
{
	return READ_ONCE(p->size) - used(p);
}

static uint32_t until_wrap(const struct pipe *p, uint32_t at)
{
	return p->size - at % p->size;
}

/* Move what can be moved. Under the lock. */
static void fill(struct pipe *p, struct cursor *c)
{
	size_t len;

	while (c->left && room(p) > 0) {
		void *from = cursor_take(c, MIN(room(p), until_wrap(p, p->head)), &len);

		memcpy(&p->ring[p->head % p->size], from, len);
		p->head += (uint32_t)len;
	}
}

static void drain(struct pipe *p, struct cursor *c)
{
	size_t len;

	while (c->left && used(p) > 0) {
		void *to = cursor_take(c, MIN(used(p), until_wrap(p, p->tail)), &len);

		memcpy(to, &p->ring[p->tail % p->size], len);
		p->tail += (uint32_t)len;
	}
}

static bool readable(struct pipe *p)
{
	return READ_ONCE(p->head) != READ_ONCE(p->tail) || !READ_ONCE(p->write_open);
}

static bool writable(struct pipe *p, size_t need)
{
	return room(p) >= need || !READ_ONCE(p->read_open);
}

static ssize_t pipe_read(struct file *f, const struct iovec *iov, int niov)
{
	struct pipe *p = container_of(f, struct pipe, reader);
	struct cursor c = cursor_start(iov, niov);
	size_t total = c.left;

	if (total == 0)
		return 0;
	for (;;) {
		mutex_lock(&p->lock);
		drain(p, &c);
		bool open = p->write_open;

		mutex_unlock(&p->lock);
		if (c.left < total) {
			wait_queue_wake_all(&p->writer.wait);
			return (ssize_t)(total - c.left);
		}
		if (!open)
			return 0;
		if (f->flags & O_NONBLOCK)
			return -EAGAIN;
		if (wait_event_interruptible(&f->wait, readable(p)))
			return -EINTR;
	}
}

/* One go of a write: 0 all is in, -EPIPE, or -EAGAIN there must be more room. */
static int write_some(struct pipe *p, struct cursor *c, size_t need)
{
	size_t before = c->left;
	int err = -EAGAIN;

	mutex_lock(&p->lock);
	if (!p->read_open)
		err = -EPIPE;
	else if (room(p) >= need)
		fill(p, c);
	mutex_unlock(&p->lock);
	if (c->left < before)
		wait_queue_wake_all(&p->reader.wait);
	return c->left == 0 ? 0 : err;
}

static ssize_t pipe_write(struct file *f, const struct iovec *iov, int niov)
{
	struct pipe *p = container_of(f, struct pipe, writer);
	struct cursor c = cursor_start(iov, niov);
	size_t total = c.left, need = total <= PIPE_BUF ? total : 1;
	int err;

	if (total == 0)
		return 0;
	while ((err = write_some(p, &c, need)) == -EAGAIN && !(f->flags & O_NONBLOCK))
		if ((err = wait_event_interruptible(&f->wait, writable(p, need))))
			break;
	return c.left < total ? (ssize_t)(total - c.left) : err;
}

static short pipe_poll_reader(struct file *f, short events)
{
	struct pipe *p = container_of(f, struct pipe, reader);

	return (READ_ONCE(p->head) != READ_ONCE(p->tail) ? POLLIN : 0) |
	       (READ_ONCE(p->write_open) ? 0 : POLLHUP);
}

static short pipe_poll_writer(struct file *f, short events)
{
	struct pipe *p = container_of(f, struct pipe, writer);

	if (!READ_ONCE(p->read_open))
		return POLLERR;
	return writable(p, PIPE_BUF) ? POLLOUT : 0;
}

static int pipe_stat(struct file *f, struct stat *out)
{
	out->st_mode = S_IFIFO | S_IRUSR | S_IWUSR;
	out->st_nlink = 1;
	out->st_blksize = PIPE_BUF;
	return 0;
}

/* Give the pipe another ring. Returns the old one, to be freed. Under the lock. */
static uint8_t *change_ring(struct pipe *p, uint8_t *ring, uint32_t size)
{
	uint8_t *old = p->ring;
	uint32_t len = used(p), first = MIN(len, until_wrap(p, p->tail));

	memcpy(ring, &old[p->tail % p->size], first);
	memcpy(ring + first, old, len - first);
	p->tail = 0;
	p->head = len;
	p->size = size;
	p->ring = ring;
	return old;
}

/* Make room for at least `bytes`; what that became goes back. */
static int set_room(struct pipe *p, int *bytes)
{
	uint32_t size = PIPE_BUF;
	uint8_t *ring;

	if (*bytes < 0)
		return -EINVAL;
	if ((uint32_t)*bytes > RING_BYTES_MAX)
		return -EPERM;
	while (size < (uint32_t)*bytes)
		size *= 2;
	ring = kalloc(size);
	if (!ring)
		return -ENOMEM;
	mutex_lock(&p->lock);
	bool fits = used(p) <= size;

	if (fits)
		ring = change_ring(p, ring, size);
	mutex_unlock(&p->lock);
	if (ring != p->first_ring)
		kfree(ring);
	if (!fits)
		return -EBUSY;
	wait_queue_wake_all(&p->reader.wait); /* which may have looked in the midst of it */
	wait_queue_wake_all(&p->writer.wait);
	*bytes = (int)size;
	return 0;
}

static int control(struct pipe *p, unsigned long request, void *arg)
{
	switch (request) {
	case FIONREAD:
		*(int *)arg = (int)used(p);
		return 0;
	case FILE_CONTROL_GET_ROOM:
		*(int *)arg = (int)READ_ONCE(p->size);
		return 0;
	case FILE_CONTROL_SET_ROOM:
		return set_room(p, arg);
	default:
		return -ENOTTY;
	}
}

static int pipe_control_reader(struct file *f, unsigned long request, void *arg)
{
	return control(container_of(f, struct pipe, reader), request, arg);
}

static int pipe_control_writer(struct file *f, unsigned long request, void *arg)
{
	return control(container_of(f, struct pipe, writer), request, arg);
}

static void free_pipe(struct pipe *p)
{
	if (p->ring != p->first_ring)
		kfree(p->ring);
	kfree(p);
}

/* One end is gone: tell the other. The second to come here frees both; not even the lock is
 * touched by the first after it has counted itself out. */
static void close_end(struct pipe *p, bool *end, struct file *other)
{
	mutex_lock(&p->lock);
	*end = false;
	mutex_unlock(&p->lock);
	wait_queue_wake_all(&other->wait);
	if (__atomic_sub_fetch(&p->nends, 1, __ATOMIC_ACQ_REL) == 0)
		free_pipe(p);
}

static void pipe_release_reader(struct file *f)
{
	struct pipe *p = container_of(f, struct pipe, reader);

	close_end(p, &p->read_open, &p->writer);
}

static void pipe_release_writer(struct file *f)
{
	struct pipe *p = container_of(f, struct pipe, writer);

	close_end(p, &p->write_open, &p->reader);
}

static const struct file_ops reader_ops = {
	.read = pipe_read,
	.stat = pipe_stat,
	.control = pipe_control_reader,
	.poll = pipe_poll_reader,
	.release = pipe_release_reader,
};

static const struct file_ops writer_ops = {
	.write = pipe_write,
	.stat = pipe_stat,
	.control = pipe_control_writer,
	.poll = pipe_poll_writer,
	.release = pipe_release_writer,
};

static int pipe_open(int fd[2], int flags)
{
	struct pipe *p;
	int r, w;

	if (flags & ~(O_NONBLOCK | O_CLOEXEC))
		return -EINVAL;
	p = kalloc(sizeof(*p));
	if (!p)
		return -ENOMEM;
	p->nends = 2;
	mutex_init(&p->lock);
	p->read_open = p->write_open = true;
	p->head = p->tail = 0;
	p->size = RING_BYTES;
	p->ring = p->first_ring;
	file_init(&p->reader, &reader_ops, O_RDONLY | (flags & O_NONBLOCK));
	file_init(&p->writer, &writer_ops, O_WRONLY | (flags & O_NONBLOCK));
	posix_expect_broken_pipes();
	r = fd_alloc(&p->reader, flags & O_CLOEXEC);
	if (r < 0) {
		kfree(p);
		return r;
	}
	w = fd_alloc(&p->writer, flags & O_CLOEXEC);
	if (w < 0) {
		file_put(&p->writer);
		fd_close(r);
		return w;
	}
	fd[0] = r;
	fd[1] = w;
	return 0;
}

UNIK_API int pipe2(int fd[2], int flags)
{
	return (int)posix_result(pipe_open(fd, flags));
}

UNIK_API int pipe(int fd[2])
{
	return pipe2(fd, 0);
}
