// SPDX-License-Identifier: BSD-2-Clause
/*
 * console.c - a named console as a descriptor: unik_console_open().
 *
 * poll() must know whether a byte waits, and a console only tells by giving it away, so one byte
 * is kept ahead.
 */
#include <unik/console.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include "drivers/console.h"
#include "kernel/file.h"
#include "kernel/heap.h"
#include "kernel/mutex.h"
#include "lib/libc/fd.h"
#include "lib/libc/result.h"

struct stream {
	struct file file;
	const struct console *console;
	struct mutex lock; /* of the two below, and of reading from the console */
	char ahead;
	bool has_ahead;
};

static bool opened; /* the consoles have one reader; atomic */

static bool look_ahead(struct stream *s)
{
	if (!s->has_ahead)
		s->has_ahead = s->console->read(s->console, &s->ahead, 1) == 1;
	return s->has_ahead;
}

static bool readable(struct stream *s)
{
	bool yes;

	mutex_lock(&s->lock);
	yes = look_ahead(s);
	mutex_unlock(&s->lock);
	return yes;
}

/* Up to len bytes that are there. */
static size_t take(struct stream *s, char *out, size_t len)
{
	size_t n = 0;

	mutex_lock(&s->lock);
	if (len > 0 && look_ahead(s)) {
		out[0] = s->ahead;
		s->has_ahead = false;
		n = 1 + s->console->read(s->console, out + 1, len - 1);
	}
	mutex_unlock(&s->lock);
	return n;
}

static ssize_t stream_read(struct file *f, const struct iovec *iov, int niov)
{
	struct stream *s = container_of(f, struct stream, file);
	size_t n;

	while (niov > 0 && iov->iov_len == 0)
		iov++, niov--;
	if (niov == 0)
		return 0;
	while ((n = take(s, iov->iov_base, iov->iov_len)) == 0) {
		if (READ_ONCE(f->flags) & O_NONBLOCK)
			return -EAGAIN;
		if (wait_event_interruptible(&f->wait, readable(s)))
			return -EINTR;
	}
	return (ssize_t)n;
}

static ssize_t stream_write(struct file *f, const struct iovec *iov, int niov)
{
	struct stream *s = container_of(f, struct stream, file);
	ssize_t total = 0;

	for (int i = 0; i < niov; i++) {
		s->console->write(s->console, iov[i].iov_base, iov[i].iov_len);
		total += (ssize_t)iov[i].iov_len;
	}
	return total;
}

static short stream_poll(struct file *f, short events)
{
	struct stream *s = container_of(f, struct stream, file);

	return POLLOUT | (events & POLLIN && readable(s) ? POLLIN : 0);
}

/* The device goes on and its interrupt must find a queue: the stream stays for the next open. */
static void stream_release(struct file *f)
{
	__atomic_store_n(&opened, false, __ATOMIC_RELEASE);
	(void)f;
}

static const struct file_ops stream_ops = {
	.read = stream_read,
	.write = stream_write,
	.poll = stream_poll,
	.release = stream_release,
};

/* Sets s->console only when all of it worked: the next open may try again. */
static int start(struct stream *s, const char *name)
{
	const struct console *c = console_find(name);
	int err;

	if (s->console)
		return 0;
	if (!c || !c->probe(c))
		return -ENODEV;
	mutex_init(&s->lock);
	wait_queue_init(&s->file.wait);
	*c->input = &s->file.wait;
	err = c->listen(c);
	if (err) {
		*c->input = NULL;
		return err;
	}
	s->console = c;
	return 0;
}

static int console_open(const char *name, int flags)
{
	static struct stream stream; /* there is one named console */
	int ret;

	if (!console_find(name))
		return -ENODEV;
	if (__atomic_exchange_n(&opened, true, __ATOMIC_ACQUIRE))
		return -EBUSY;
	ret = start(&stream, name);
	if (ret == 0) {
		stream.file.ops = &stream_ops;
		stream.file.refs = 1;
		stream.file.flags = (uint32_t)flags;
		ret = fd_alloc(&stream.file, flags & O_CLOEXEC);
	}
	if (ret < 0)
		__atomic_store_n(&opened, false, __ATOMIC_RELEASE);
	return ret;
}

UNIK_API int unik_console_open(const char *name, int flags)
{
	return (int)posix_result(console_open(name, flags));
}
