// SPDX-License-Identifier: BSD-2-Clause
/*
 * signal_wait.c - waiting for signals: with their handlers, or in place of them.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <unistd.h>
#include "lib/libc/result.h"
#include "lib/posix/signals.h"
#include "lib/posix/thread.h"
#include "lib/posix/timespec.h"

/* Until a handler was called, with `mask` in force. */
static int suspend(uint64_t mask)
{
	struct __unik_thread *self = posix_thread_self();
	enum signal_delivered how = SIGNAL_NONE;
	uint64_t old;

	if (!self)
		return -ENOMEM;
	signal_start();
	old = signal_set_mask(self, mask);
	while (how == SIGNAL_NONE) {
		while (thread_park_interruptible(NS_NEVER) != -EINTR)
			;
		how = signal_deliver(NULL);
		if (how == SIGNAL_NONE && self->signal.cancelled)
			break;
	}
	signal_set_mask(self, old);
	return -EINTR;
}

UNIK_API int sigsuspend(const sigset_t *mask)
{
	return (int)posix_result(suspend(*mask));
}

UNIK_API int pause(void)
{
	struct __unik_thread *self = posix_thread_self();

	return (int)posix_result(self ? suspend(self->signal.mask) : -ENOMEM);
}

UNIK_API int sigpause(int sig)
{
	struct __unik_thread *self = posix_thread_self();

	if (!signal_is_valid(sig))
		return (int)posix_result(-EINVAL);
	return (int)posix_result(self ? suspend(self->signal.mask & ~SIGNAL_BIT(sig)) : -ENOMEM);
}

/* Take one of `set`, or be registered as who waits for it. */
static int take_or_wait(struct __unik_thread *self, uint64_t set, siginfo_t *info)
{
	irq_state_t irq = spin_lock_irqsave(&signal_lock);
	int sig = signal_take(self, set, info);

	self->signal.waited = sig ? 0 : set;
	if (sig)
		signal_refresh(self);
	spin_unlock_irqrestore(&signal_lock, irq);
	return sig;
}

static int wait_until(uint64_t set, siginfo_t *info, ns_t deadline)
{
	struct __unik_thread *self = posix_thread_self();
	siginfo_t unused;
	int sig, err = 0;

	if (!self)
		return -EAGAIN;
	signal_start();
	set &= ~SIGNAL_UNBLOCKABLE;
	signal_watch(set);
	if (!info)
		info = &unused;
	while ((sig = take_or_wait(self, set, info)) == 0 && !err)
		err = deadline == 0 ? -EAGAIN : thread_park_interruptible(deadline);
	WRITE_ONCE(self->signal.waited, 0);
	return sig ? sig : err == -ETIMEDOUT ? -EAGAIN : err;
}

UNIK_API int sigtimedwait(const sigset_t *restrict set, siginfo_t *restrict info,
			  const struct timespec *restrict timeout)
{
	ns_t span = 0, deadline = NS_NEVER;
	int err = 0;

	if (timeout) {
		err = timespec_to_ns(timeout, &span);
		deadline = span == 0 ? 0 : time_deadline(span);
	}
	if (!err)
		err = wait_until(*set, info, deadline);
	return (int)posix_result(err);
}

UNIK_API int sigwaitinfo(const sigset_t *restrict set, siginfo_t *restrict info)
{
	return sigtimedwait(set, info, NULL);
}

/* Handlers of other signals do not end this one. */
UNIK_API int sigwait(const sigset_t *restrict set, int *restrict out)
{
	int sig;

	while ((sig = wait_until(*set, NULL, NS_NEVER)) == -EINTR)
		posix_failed(sig);
	if (sig < 0)
		return -sig;
	*out = sig;
	return 0;
}
