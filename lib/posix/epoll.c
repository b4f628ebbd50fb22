// SPDX-License-Identifier: BSD-2-Clause
/*
 * epoll.c - epoll_create(), epoll_ctl(), epoll_wait() around the sets of epoll_set.h.
 *
 * Sets may watch sets, in chains of limited length and without a loop; `topology` keeps two
 * threads from making one together.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include "lib/libc/fd.h"
#include "lib/libc/result.h"
#include "lib/posix/poll_wait.h"
#include "lib/posix/epoll_set.h"
#include "lib/posix/timespec.h"

#define NESTING_MAX 5 /* sets in a chain of sets that watch each other */

#define EXCLUSIVE_MAY_HAVE \
	(EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP | EPOLLET | EPOLLWAKEUP | EPOLLEXCLUSIVE)

static struct mutex topology = MUTEX_INIT(topology);

/* How many sets lie below f, f included; `within` or less. `forbidden` among them is a loop. */
static int depth_below(struct file *f, const struct epoll_set *forbidden, int within, bool *loop)
{
	struct epoll_set *set = epoll_set_of(f);
	int deepest = 0;
	irq_state_t irq;

	if (!set)
		return 0;
	if (set == forbidden)
		*loop = true;
	if (*loop || within <= 1)
		return 1;
	irq = spin_lock_irqsave(&set->lock);
	for (unsigned i = 0; i < set->nbuckets; i++)
		for (struct epoll_item *item = set->bucket[i]; item; item = item->next)
			deepest =
				MAX(deepest, depth_below(item->file, forbidden, within - 1, loop));
	spin_unlock_irqrestore(&set->lock, irq);
	return deepest + 1;
}

/* How many sets lie above set, set included. */
static int depth_above(struct epoll_set *set, int within)
{
	int deepest = 0;
	irq_state_t irq;

	if (within <= 1)
		return 1;
	irq = spin_lock_irqsave(&set->file.wait.lock);
	list_for_each (it, &set->file.wait.waiters) {
		struct epoll_item *item = epoll_item_of(list_entry(it, struct waiter, node));

		if (item)
			deepest = MAX(deepest, depth_above(item->set, within - 1));
	}
	spin_unlock_irqrestore(&set->file.wait.lock, irq);
	return deepest + 1;
}

/* May set watch f? Under topology, if f is a set. */
static int check_nesting(struct epoll_set *set, struct file *f)
{
	bool loop = false;
	int below = depth_below(f, set, NESTING_MAX + 1, &loop);

	return loop || below + depth_above(set, NESTING_MAX + 1) > NESTING_MAX ? -ELOOP : 0;
}

static int control(struct epoll_set *set, int op, int fd, struct file *f,
		   const struct epoll_event *event)
{
	int err;

	if (op != EPOLL_CTL_ADD || !epoll_set_of(f))
		return epoll_set_control(set, op, fd, f, event);
	mutex_lock(&topology);
	err = check_nesting(set, f);
	if (!err)
		err = epoll_set_control(set, op, fd, f, event);
	mutex_unlock(&topology);
	return err;
}

static bool event_is_valid(int op, struct file *f, const struct epoll_event *event)
{
	if (op == EPOLL_CTL_DEL)
		return true;
	if (event->events & ~(uint32_t)(EPOLL_ITEM_KNOWN | EPOLL_ITEM_FLAGS))
		return false;
	if (!(event->events & EPOLLEXCLUSIVE))
		return true;
	return op == EPOLL_CTL_ADD && !epoll_set_of(f) && !(event->events & ~EXCLUSIVE_MAY_HAVE);
}

static int control_file(struct file *ep, int op, int fd, struct file *f,
			const struct epoll_event *event)
{
	if (op != EPOLL_CTL_DEL && !event)
		return -EFAULT;
	if (!f->ops->poll)
		return -EPERM;
	if (f == ep || !epoll_set_of(ep) || !event_is_valid(op, f, event))
		return -EINVAL;
	return control(epoll_set_of(ep), op, fd, f, event);
}

/* --- the set as a file ---------------------------------------------------------------------- */

static short set_poll(struct file *f, short events)
{
	return epoll_set_poll(epoll_set_of(f)) ? POLLIN : 0;
}

static void set_release(struct file *f)
{
	epoll_set_free(epoll_set_of(f));
}

const struct file_ops epoll_file_ops = { .poll = set_poll, .release = set_release };

static int create(int flags)
{
	struct epoll_set *set;
	int fd;

	if (flags & ~EPOLL_CLOEXEC)
		return -EINVAL;
	set = epoll_set_open();
	if (!set)
		return -ENOMEM;
	fd = fd_alloc(&set->file, flags & EPOLL_CLOEXEC);
	if (fd < 0)
		epoll_set_free(set);
	return fd;
}

static int wait_until(int epfd, struct epoll_event *out, int max, ns_t deadline)
{
	struct file *ep = fd_get(epfd);
	int n = -EINVAL;

	if (!ep)
		return -EBADF;
	if (max > 0 && epoll_set_of(ep))
		n = epoll_set_wait(epoll_set_of(ep), out, max, deadline);
	file_put(ep);
	return n;
}

/* --- what a program calls ------------------------------------------------------------------- */

UNIK_API int epoll_create1(int flags)
{
	return (int)posix_result(create(flags));
}

UNIK_API int epoll_create(int size)
{
	return (int)posix_result(size > 0 ? create(0) : -EINVAL);
}

UNIK_API int epoll_ctl(int epfd, int op, int fd, struct epoll_event *event)
{
	struct file *ep = fd_get(epfd), *f = fd_get(fd);
	int err = ep && f ? control_file(ep, op, fd, f, event) : -EBADF;

	if (f)
		file_put(f);
	if (ep)
		file_put(ep);
	return (int)posix_result(err);
}

static int wait_with_mask(int epfd, struct epoll_event *events, int maxevents, ns_t deadline,
			  const sigset_t *mask)
{
	sigset_t old;

	if (!mask || !posix_swap_mask)
		return (int)posix_result(wait_until(epfd, events, maxevents, deadline));
	posix_swap_mask(mask, &old);
	return (int)posix_restore_mask(&old, wait_until(epfd, events, maxevents, deadline));
}

UNIK_API int epoll_pwait(int epfd, struct epoll_event *events, int maxevents, int timeout_ms,
			 const sigset_t *mask)
{
	ns_t deadline = timeout_ms < 0 ? NS_NEVER : 0;

	if (timeout_ms > 0)
		deadline = time_deadline(timeout_ms * NS_PER_MS);
	return wait_with_mask(epfd, events, maxevents, deadline, mask);
}

UNIK_API int epoll_wait(int epfd, struct epoll_event *events, int maxevents, int timeout_ms)
{
	return epoll_pwait(epfd, events, maxevents, timeout_ms, NULL);
}

UNIK_API int epoll_pwait2(int epfd, struct epoll_event *events, int maxevents,
			  const struct timespec *timeout, const sigset_t *mask)
{
	ns_t span, deadline = NS_NEVER;

	if (timeout) {
		if (timespec_to_ns(timeout, &span))
			return (int)posix_result(-EINVAL);
		deadline = span == 0 ? 0 : time_deadline(span);
	}
	return wait_with_mask(epfd, events, maxevents, deadline, mask);
}
