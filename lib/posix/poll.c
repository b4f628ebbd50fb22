// SPDX-License-Identifier: BSD-2-Clause
/*
 * poll.c - poll() and the engine below it and select().
 *
 * The thread registers on each file's wait queue, looks at the file, and parks when none is
 * ready. From then on only files whose queue was woken are looked at again. With many descriptors
 * the first look takes no registrations: a busy program finds something ready.
 */
#include "lib/posix/poll_wait.h"
#include <errno.h>
#include "kernel/heap.h"
#include "kernel/sealed.h"
#include "kernel/wait.h"
#include "lib/libc/fd.h"
#include "lib/libc/result.h"
#include "lib/posix/timespec.h"

#define ENTRIES_ON_STACK 32

struct entry {
	struct waiter waiter;
	struct file *file; /* NULL for what is not waited for */
	bool woken;        /* set by the file's waker, with release */
};

/* Look at all, without registering. Returns how many are ready. */
static int look_at_all(struct pollfd *fds, size_t n)
{
	int nready = 0;

	for (size_t i = 0; i < n; i++) {
		struct file *f;

		fds[i].revents = 0;
		if (fds[i].fd < 0)
			continue;
		f = fd_get(fds[i].fd);
		if (f) {
			fds[i].revents = poll_look(f, fds[i].events);
			file_put(f);
		} else {
			fds[i].revents = POLLNVAL;
		}
		nready += fds[i].revents != 0;
	}
	return nready;
}

static void wake_entry(struct waiter *w)
{
	struct entry *e = container_of(w, struct entry, waiter);

	__atomic_store_n(&e->woken, true, __ATOMIC_RELEASE);
	thread_unpark(w->thread);
}

/* Register, then look. Returns what holds. */
static short enter(struct entry *e, int fd, short events)
{
	e->file = fd < 0 ? NULL : fd_get(fd);
	e->woken = false;
	if (!e->file)
		return fd < 0 ? 0 : POLLNVAL;
	e->waiter.thread = thread_current();
	e->waiter.wake = wake_entry;
	e->waiter.exclusive = false;
	wait_add(&e->file->wait, &e->waiter);
	return poll_look(e->file, events);
}

/* Register for all, or up to the first that is ready: *nentered. Returns how many are ready. */
static int enter_all(struct entry *entries, struct pollfd *fds, size_t n, size_t *nentered)
{
	size_t i = 0;
	int nready = 0;

	for (; i < n && !nready; i++) {
		fds[i].revents = enter(&entries[i], fds[i].fd, fds[i].events);
		nready = fds[i].revents != 0;
	}
	*nentered = i;
	return nready + look_at_all(fds + i, n - i);
}

static void leave_all(struct entry *entries, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (entries[i].file) {
			wait_remove(&entries[i].waiter);
			file_put(entries[i].file);
		}
	}
}

/* Look at those that were woken. Returns how many are ready. */
static int look_at_woken(struct entry *entries, struct pollfd *fds, size_t n)
{
	int nready = 0;

	for (size_t i = 0; i < n; i++) {
		struct entry *e = &entries[i];

		if (!READ_ONCE(e->woken) ||
		    !__atomic_exchange_n(&e->woken, false, __ATOMIC_ACQUIRE))
			continue;
		fds[i].revents = poll_look(e->file, fds[i].events);
		nready += fds[i].revents != 0;
	}
	return nready;
}

int poll_wait(struct pollfd *fds, size_t n, ns_t deadline)
{
	struct entry on_stack[ENTRIES_ON_STACK], *entries = on_stack;
	size_t nentered;
	int nready;

	if (n > ENTRIES_ON_STACK || deadline == 0) {
		nready = look_at_all(fds, n);
		if (nready > 0 || deadline == 0)
			return nready;
	}
	if (n > ENTRIES_ON_STACK) {
		entries = kalloc(n * sizeof(*entries));
		if (!entries)
			return -ENOMEM;
	}
	nready = enter_all(entries, fds, n, &nentered);
	while (nready == 0) {
		int err = thread_park_interruptible(deadline);

		nready = look_at_woken(entries, fds, n);
		if (err == -EINTR && nready == 0)
			nready = err;
		if (err)
			break;
	}
	leave_all(entries, nentered);
	if (entries != on_stack)
		kfree(entries);
	return nready;
}

static int poll_until(struct pollfd *fds, nfds_t n, ns_t deadline)
{
	return n > FD_MAX ? -EINVAL : poll_wait(fds, n, deadline);
}

UNIK_API int poll(struct pollfd *fds, nfds_t n, int timeout_ms)
{
	ns_t deadline = timeout_ms < 0 ? NS_NEVER : 0;

	if (timeout_ms > 0)
		deadline = time_deadline(timeout_ms * NS_PER_MS);
	return (int)posix_result(poll_until(fds, n, deadline));
}

void (*SEALED posix_swap_mask)(const sigset_t *mask, sigset_t *old);

long posix_restore_mask(const sigset_t *old, long result)
{
	result = posix_result(result);
	posix_swap_mask(old, NULL);
	if (thread_interrupted()) {
		int err = errno;

		posix_failed(-EINTR);
		errno = err;
	}
	return result;
}

UNIK_API int ppoll(struct pollfd *fds, nfds_t n, const struct timespec *timeout,
		   const sigset_t *mask)
{
	ns_t span, deadline = NS_NEVER;
	sigset_t old;

	if (timeout) {
		if (timespec_to_ns(timeout, &span))
			return (int)posix_result(-EINVAL);
		deadline = span == 0 ? 0 : time_deadline(span);
	}
	if (!mask || !posix_swap_mask)
		return (int)posix_result(poll_until(fds, n, deadline));
	posix_swap_mask(mask, &old);
	return (int)posix_restore_mask(&old, poll_until(fds, n, deadline));
}
