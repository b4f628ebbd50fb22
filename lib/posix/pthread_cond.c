// SPDX-License-Identifier: BSD-2-Clause
/*
 * pthread_cond.c - condition variables.
 *
 * A waiter notes the number of signals while it holds the mutex and sleeps only while the number
 * is still that, so a signal between unlocking and sleeping is not lost. The futex wakes in order
 * of arrival, so a signal reaches somebody who waited before it.
 */
#include <errno.h>
#include <string.h>
#include "lib/libc/futex.h"
#include "lib/libc/result.h"
#include "lib/posix/pthread_objects.h"
#include "lib/posix/timespec.h"

static int wait_until(struct posix_cond *c, pthread_mutex_t *mutex, ns_t deadline)
{
	uint32_t seen = __atomic_load_n(&c->nsignal, __ATOMIC_RELAXED);
	int err, woken = 0;

	__atomic_fetch_add(&c->nwaiting, 1, __ATOMIC_RELAXED);
	err = pthread_mutex_unlock(mutex);
	if (!err)
		woken = futex_wait_interruptible(&c->nsignal, seen, deadline);
	/* The last that is done to c: it may be destroyed now. */
	__atomic_fetch_sub(&c->nwaiting, 1, __ATOMIC_RELEASE);
	if (err)
		return err;
	/* Handlers run without the mutex, cleanup handlers with it. A signal is a wake-up without a
	 * cause then. */
	if (woken == -EINTR && posix_event)
		posix_event(0);
	pthread_mutex_lock(mutex);
	if (thread_interrupted())
		posix_failed(-EINTR);
	return woken == -ETIMEDOUT ? ETIMEDOUT : 0;
}

UNIK_API int pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex)
{
	return wait_until((struct posix_cond *)cond, mutex, NS_NEVER);
}

UNIK_API int pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *mutex,
				    const struct timespec *until)
{
	struct posix_cond *c = (struct posix_cond *)cond;
	ns_t deadline;

	if (clock_deadline(c->clock ? c->clock : CLOCK_REALTIME, until, &deadline))
		return EINVAL;
	return wait_until(c, mutex, deadline);
}

static int signal_some(struct posix_cond *c, unsigned n)
{
	if (__atomic_load_n(&c->nwaiting, __ATOMIC_RELAXED) > 0) {
		__atomic_fetch_add(&c->nsignal, 1, __ATOMIC_SEQ_CST);
		futex_wake(&c->nsignal, n);
	}
	return 0;
}

UNIK_API int pthread_cond_signal(pthread_cond_t *cond)
{
	return signal_some((struct posix_cond *)cond, 1);
}

UNIK_API int pthread_cond_broadcast(pthread_cond_t *cond)
{
	return signal_some((struct posix_cond *)cond, FUTEX_ALL);
}

UNIK_API int pthread_cond_init(pthread_cond_t *cond, const pthread_condattr_t *attr)
{
	memset(cond, 0, sizeof(*cond));
	if (attr)
		((struct posix_cond *)cond)->clock = ((const struct cond_attr *)attr)->clock;
	return 0;
}

/* POSIX lets a program destroy c as soon as all waiters are awakened; they may not have run yet. */
UNIK_API int pthread_cond_destroy(pthread_cond_t *cond)
{
	struct posix_cond *c = (struct posix_cond *)cond;

	while (__atomic_load_n(&c->nwaiting, __ATOMIC_ACQUIRE) > 0)
		thread_yield();
	return 0;
}
