// SPDX-License-Identifier: BSD-2-Clause
/*
 * poll_wait.h - wait until one of several descriptors is ready: what poll(), select() and
 * epoll share.
 *
 * Threading: any thread, sleeps. Errors: -errno.
 */
#pragma once
#include <poll.h>
#include <signal.h>
#include "kernel/file.h"
#include "kernel/time.h"

#define POLL_ALWAYS (POLLERR | POLLHUP | POLLNVAL) /* reported without being asked for */

/* poll_look() - what holds now of what `events` asks for. The caller has a reference on f. */
static inline short poll_look(struct file *f, short events)
{
	short now = POLLIN | POLLOUT;

	events |= POLL_ALWAYS;
	if (likely(f->ops->poll != NULL))
		now = f->ops->poll(f, events);
	now |= (now & POLLIN) * (POLLRDNORM / POLLIN) | (now & POLLOUT) * (POLLWRNORM / POLLOUT);
	return now & events;
}

/*
 * poll_wait() - fill in revents of all, and sleep until one is not 0 or `deadline` has passed.
 *
 * deadline   0 only looks
 *
 * Returns how many have revents; -ENOMEM; -EINTR.
 */
int poll_wait(struct pollfd *fds, size_t n, ns_t deadline) UNIK_MUST_CHECK;

/* posix_swap_mask() - put a signal mask into force, and keep the old one unless old is NULL. NULL
 * until signals are used: nothing interrupts a wait then, so a mask makes no difference. */
extern void (*posix_swap_mask)(const sigset_t *mask, sigset_t *old);

/* posix_restore_mask() - the end of a call with a mask of its own, before its result: signals that
 * ended the wait are delivered with that mask. Returns posix_result(result). */
long posix_restore_mask(const sigset_t *old, long result);
