// SPDX-License-Identifier: BSD-2-Clause
/*
 * select.c - select() and pselect(): bit sets over the engine of poll().
 */
#include <sys/select.h>
#include <errno.h>
#include "kernel/heap.h"
#include "lib/libc/result.h"
#include "lib/posix/poll_wait.h"
#include "lib/posix/timespec.h"

#define FDS_ON_STACK 16

/* What makes a descriptor ready for each of the three sets (POSIX.1-2017, pselect()). */
#define READ_EVENTS   (POLLIN | POLLHUP | POLLERR)
#define WRITE_EVENTS  (POLLOUT | POLLERR)
#define EXCEPT_EVENTS POLLPRI

static bool in_set(int fd, const fd_set *set)
{
	return set && FD_ISSET(fd, set);
}

/* The descriptors in the sets; fds may be NULL to count them. */
static size_t collect(struct pollfd *fds, int nfds, const fd_set *r, const fd_set *w,
		      const fd_set *e)
{
	size_t n = 0;

	for (int fd = 0; fd < nfds; fd++) {
		short events =
			(short)((in_set(fd, r) ? POLLIN : 0) | (in_set(fd, w) ? POLLOUT : 0) |
				(in_set(fd, e) ? POLLPRI : 0));

		if (!events)
			continue;
		if (fds)
			fds[n] = (struct pollfd){ .fd = fd, .events = events };
		n++;
	}
	return n;
}

/* Keep in a set what is ready, of what was in it. Returns how many. */
static int keep_ready(const struct pollfd *fds, size_t n, fd_set *set, short asked, short events)
{
	int nready = 0;

	for (size_t i = 0; set && i < n; i++) {
		if (!(fds[i].events & asked))
			continue;
		if (fds[i].revents & events)
			nready++;
		else
			FD_CLR(fds[i].fd, set);
	}
	return nready;
}

static bool any_invalid(const struct pollfd *fds, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (fds[i].revents & POLLNVAL)
			return true;
	return false;
}

static int select_until(int nfds, fd_set *r, fd_set *w, fd_set *e, ns_t deadline)
{
	struct pollfd on_stack[FDS_ON_STACK], *fds = on_stack;
	size_t n;
	int ret;

	if (nfds < 0 || nfds > FD_SETSIZE)
		return -EINVAL;
	n = collect(NULL, nfds, r, w, e);
	if (n > FDS_ON_STACK) {
		fds = kalloc(n * sizeof(*fds));
		if (!fds)
			return -ENOMEM;
	}
	collect(fds, nfds, r, w, e);
	ret = poll_wait(fds, n, deadline);
	if (ret >= 0 && any_invalid(fds, n))
		ret = -EBADF;
	if (ret >= 0)
		ret = keep_ready(fds, n, r, POLLIN, READ_EVENTS) +
		      keep_ready(fds, n, w, POLLOUT, WRITE_EVENTS) +
		      keep_ready(fds, n, e, POLLPRI, EXCEPT_EVENTS);
	if (fds != on_stack)
		kfree(fds);
	return ret;
}

UNIK_API int pselect(int nfds, fd_set *r, fd_set *w, fd_set *e, const struct timespec *timeout,
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
		return (int)posix_result(select_until(nfds, r, w, e, deadline));
	posix_swap_mask(mask, &old);
	return (int)posix_restore_mask(&old, select_until(nfds, r, w, e, deadline));
}

UNIK_API int select(int nfds, fd_set *r, fd_set *w, fd_set *e, struct timeval *timeout)
{
	struct timespec ts;

	if (!timeout)
		return pselect(nfds, r, w, e, NULL, NULL);
	/* A microsecond count of a second and more is allowed here. */
	ts.tv_sec = timeout->tv_sec + timeout->tv_usec / 1000000;
	ts.tv_nsec = timeout->tv_usec % 1000000 * NS_PER_US;
	return pselect(nfds, r, w, e, &ts, NULL);
}
