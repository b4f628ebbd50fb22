// SPDX-License-Identifier: BSD-2-Clause
/*
 * signalfd.c - signals that are read from a descriptor.
 *
 * A reader takes what is pending for the process or for itself. Every signal that arrives wakes all
 * such files: there are few.
 */
#include <sys/signalfd.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include "kernel/heap.h"
#include "kernel/sealed.h"
#include "lib/libc/fd.h"
#include "lib/libc/result.h"
#include "lib/posix/signals.h"
#include "lib/posix/thread.h"

_Static_assert(sizeof(struct signalfd_siginfo) == 128, "the size that programs know");

struct signal_file {
	struct file file;
	uint64_t mask;    /* under signal_lock */
	struct list node; /* the same */
};

static struct list files = LIST_INIT(files);

static void wake_files(void)
{
	list_for_each (it, &files)
		wait_queue_wake_all(&list_entry(it, struct signal_file, node)->file.wait);
}

static bool is_ready(const struct signal_file *f)
{
	struct __unik_thread *self = posix_thread_self();
	irq_state_t irq = spin_lock_irqsave(&signal_lock);
	bool ready = self && signal_pending_set(self) & f->mask;

	spin_unlock_irqrestore(&signal_lock, irq);
	return ready;
}

static bool take(struct signal_file *f, struct signalfd_siginfo *out)
{
	struct __unik_thread *self = posix_thread_self();
	siginfo_t info;
	irq_state_t irq = spin_lock_irqsave(&signal_lock);
	int sig = self ? signal_take(self, f->mask, &info) : 0;

	if (sig)
		signal_refresh(self);
	spin_unlock_irqrestore(&signal_lock, irq);
	if (!sig)
		return false;
	memset(out, 0, sizeof(*out));
	out->ssi_signo = (uint32_t)sig;
	out->ssi_code = info.si_code;
	out->ssi_pid = (uint32_t)info.si_pid;
	out->ssi_overrun = (uint32_t)info.si_overrun;
	out->ssi_tid = (uint32_t)info.si_timerid;
	out->ssi_int = info.si_value.sival_int;
	out->ssi_ptr = (uint64_t)(uintptr_t)info.si_value.sival_ptr;
	return true;
}

/* Whole structures, as many as fit into the first piece of memory. */
static ssize_t signal_file_read(struct file *file, const struct iovec *iov, int niov)
{
	struct signal_file *f = container_of(file, struct signal_file, file);
	struct signalfd_siginfo *out = iov->iov_base;
	size_t room = niov > 0 ? iov->iov_len / sizeof(*out) : 0, n = 0;

	if (room == 0)
		return -EINVAL;
	while (n == 0) {
		struct signalfd_siginfo one;

		while (n < room && take(f, &one))
			memcpy(&out[n++], &one, sizeof(one));
		if (n == 0 && READ_ONCE(file->flags) & O_NONBLOCK)
			return -EAGAIN;
		if (n == 0 && wait_event_interruptible(&file->wait, is_ready(f)))
			return -EINTR;
	}
	return (ssize_t)(n * sizeof(*out));
}

static short signal_file_poll(struct file *file, short events)
{
	return is_ready(container_of(file, struct signal_file, file)) ? POLLIN : 0;
}

static void signal_file_release(struct file *file)
{
	struct signal_file *f = container_of(file, struct signal_file, file);
	irq_state_t irq = spin_lock_irqsave(&signal_lock);

	list_remove(&f->node);
	spin_unlock_irqrestore(&signal_lock, irq);
	kfree(f);
}

static const struct file_ops signal_file_ops = {
	.read = signal_file_read,
	.poll = signal_file_poll,
	.release = signal_file_release,
};

static int create(uint64_t mask, int flags)
{
	struct signal_file *f = kzalloc(sizeof(*f));
	irq_state_t irq;
	int fd;

	if (!f)
		return -ENOMEM;
	file_init(&f->file, &signal_file_ops, O_RDONLY | (flags & SFD_NONBLOCK));
	f->mask = mask;
	irq = spin_lock_irqsave(&signal_lock);
	list_push_back(&files, &f->node);
	sealed_set(&signal_arrived, wake_files);
	spin_unlock_irqrestore(&signal_lock, irq);
	fd = fd_alloc(&f->file, flags & SFD_CLOEXEC);
	if (fd < 0)
		file_put(&f->file);
	return fd;
}

static int change(int fd, uint64_t mask)
{
	struct file *file = fd_get(fd);
	irq_state_t irq;
	int ret = -EINVAL;

	if (!file)
		return -EBADF;
	if (file->ops == &signal_file_ops) {
		irq = spin_lock_irqsave(&signal_lock);
		container_of(file, struct signal_file, file)->mask = mask;
		spin_unlock_irqrestore(&signal_lock, irq);
		wait_queue_wake_all(&file->wait);
		ret = fd;
	}
	file_put(file);
	return ret;
}

UNIK_API int signalfd(int fd, const sigset_t *mask, int flags)
{
	uint64_t set = *mask & ~SIGNAL_UNBLOCKABLE;

	if (flags & ~(SFD_CLOEXEC | SFD_NONBLOCK))
		return (int)posix_result(-EINVAL);
	signal_start();
	signal_watch(set);
	return (int)posix_result(fd == -1 ? create(set, flags) : change(fd, set));
}
