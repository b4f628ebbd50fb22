// SPDX-License-Identifier: BSD-2-Clause
/*
 * eventfd.c - a counter behind a descriptor.
 */
#include <sys/eventfd.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>
#include "kernel/heap.h"
#include "lib/libc/fd.h"
#include "lib/libc/result.h"
#include "lib/posix/iov_word.h"

#define COUNT_MAX (UINT64_MAX - 1)

struct eventfd {
	struct file file;
	struct spinlock lock;
	bool semaphore;
	uint64_t count; /* under lock */
};

static struct eventfd *of_file(struct file *f)
{
	return container_of(f, struct eventfd, file);
}

static uint64_t count_of(const struct eventfd *e)
{
	return READ_ONCE(e->count);
}

/* What a read gives; 0: it has to wait. */
static uint64_t take(struct eventfd *e)
{
	irq_state_t irq = spin_lock_irqsave(&e->lock);
	uint64_t n = e->semaphore ? e->count != 0 : e->count;

	e->count -= n;
	spin_unlock_irqrestore(&e->lock, irq);
	return n;
}

/* Returns false when the sum would be too large. */
static bool give(struct eventfd *e, uint64_t n)
{
	irq_state_t irq = spin_lock_irqsave(&e->lock);
	bool fits = COUNT_MAX - e->count >= n;

	if (fits)
		e->count += n;
	spin_unlock_irqrestore(&e->lock, irq);
	return fits;
}

static ssize_t eventfd_file_read(struct file *f, const struct iovec *iov, int niov)
{
	struct eventfd *e = of_file(f);
	uint64_t n;

	if (!iov_has_word(iov, niov))
		return -EINVAL;
	while ((n = take(e)) == 0) {
		if (READ_ONCE(f->flags) & O_NONBLOCK)
			return -EAGAIN;
		if (wait_event_interruptible(&f->wait, count_of(e) != 0))
			return -EINTR;
	}
	iov_move_word(iov, &n, true);
	wait_queue_wake_all(&f->wait);
	return sizeof(n);
}

static ssize_t eventfd_file_write(struct file *f, const struct iovec *iov, int niov)
{
	struct eventfd *e = of_file(f);
	uint64_t n;

	if (!iov_has_word(iov, niov))
		return -EINVAL;
	iov_move_word(iov, &n, false);
	if (n > COUNT_MAX)
		return -EINVAL;
	while (!give(e, n)) {
		if (READ_ONCE(f->flags) & O_NONBLOCK)
			return -EAGAIN;
		if (wait_event_interruptible(&f->wait, COUNT_MAX - count_of(e) >= n))
			return -EINTR;
	}
	if (n != 0)
		wait_queue_wake_all(&f->wait);
	return sizeof(n);
}

static short eventfd_file_poll(struct file *f, short events)
{
	uint64_t n = count_of(of_file(f));

	return (n > 0 ? POLLIN : 0) | (n < COUNT_MAX ? POLLOUT : 0);
}

static void eventfd_file_release(struct file *f)
{
	kfree(of_file(f));
}

static const struct file_ops eventfd_ops = {
	.read = eventfd_file_read,
	.write = eventfd_file_write,
	.poll = eventfd_file_poll,
	.release = eventfd_file_release,
};

static int create(unsigned count, int flags)
{
	struct eventfd *e;
	int fd;

	if (flags & ~(EFD_SEMAPHORE | EFD_CLOEXEC | EFD_NONBLOCK))
		return -EINVAL;
	e = kalloc(sizeof(*e));
	if (!e)
		return -ENOMEM;
	file_init(&e->file, &eventfd_ops, O_RDWR | (uint32_t)(flags & EFD_NONBLOCK));
	e->lock = (struct spinlock)SPINLOCK_INIT;
	e->semaphore = flags & EFD_SEMAPHORE;
	e->count = count;
	fd = fd_alloc(&e->file, flags & EFD_CLOEXEC);
	if (fd < 0)
		kfree(e);
	return fd;
}

UNIK_API int eventfd(unsigned count, int flags)
{
	return (int)posix_result(create(count, flags));
}

UNIK_API int eventfd_read(int fd, eventfd_t *value)
{
	return read(fd, value, sizeof(*value)) == sizeof(*value) ? 0 : -1;
}

UNIK_API int eventfd_write(int fd, eventfd_t value)
{
	return write(fd, &value, sizeof(value)) == sizeof(value) ? 0 : -1;
}
