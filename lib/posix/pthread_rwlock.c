// SPDX-License-Identifier: BSD-2-Clause
/*
 * pthread_rwlock.c - locks with one writer or many readers. Readers go first, so that a thread
 * may take a read lock that it has already; but one of SCHED_FIFO or SCHED_RR not before writers
 * that wait with its priority or a higher one (POSIX.1-2017, pthread_rwlock_rdlock()).
 */
#include <errno.h>
#include <string.h>
#include "lib/posix/boundary.h"
#include "lib/posix/pthread_objects.h"
#include "lib/posix/timespec.h"

static bool try_read(struct posix_rwlock *l)
{
	unsigned priority = thread_current()->priority;

	if (l->writer || (priority && priority <= l->writer_priority))
		return false;
	l->nreaders++;
	return true;
}

static bool try_write(struct posix_rwlock *l)
{
	if (l->writer || l->nreaders)
		return false;
	l->writer = thread_current();
	return true;
}

/* All who wait have to look again, and writers say again that they wait: before futex_wake(). */
static void let_look(struct posix_rwlock *l)
{
	l->writer_priority = 0;
	l->changes++;
}

/* Take l in one of the two ways. deadline 0: do not wait. Returns an error number. */
static int take(struct posix_rwlock *l, bool (*try)(struct posix_rwlock *), ns_t deadline)
{
	int err = 0;

	word_lock(&l->word);
	if (deadline != 0 && l->writer == thread_current())
		err = EDEADLK;
	while (!err && !try(l)) {
		uint32_t seen = l->changes;

		if (deadline == 0) {
			err = EBUSY;
			break;
		}
		if (try == try_write)
			l->writer_priority = MAX(l->writer_priority, thread_current()->priority);
		l->nwaiting++;
		word_unlock(&l->word);
		if (boundary_futex_wait(&l->changes, seen, deadline) == -ETIMEDOUT)
			err = ETIMEDOUT;
		word_lock(&l->word);
		l->nwaiting--;
		if (err && l->writer_priority) {
			let_look(l);
			futex_wake(&l->changes, FUTEX_ALL);
		}
	}
	word_unlock(&l->word);
	return err;
}

static int take_until(pthread_rwlock_t *l, bool (*try)(struct posix_rwlock *),
		      const struct timespec *until)
{
	ns_t deadline;

	if (take((struct posix_rwlock *)l, try, 0) == 0)
		return 0;
	if (clock_deadline(CLOCK_REALTIME, until, &deadline))
		return EINVAL;
	return take((struct posix_rwlock *)l, try, deadline ? deadline : 1);
}

UNIK_API int pthread_rwlock_rdlock(pthread_rwlock_t *l)
{
	return take((struct posix_rwlock *)l, try_read, NS_NEVER);
}

UNIK_API int pthread_rwlock_tryrdlock(pthread_rwlock_t *l)
{
	return take((struct posix_rwlock *)l, try_read, 0);
}

UNIK_API int pthread_rwlock_timedrdlock(pthread_rwlock_t *l, const struct timespec *until)
{
	return take_until(l, try_read, until);
}

UNIK_API int pthread_rwlock_wrlock(pthread_rwlock_t *l)
{
	return take((struct posix_rwlock *)l, try_write, NS_NEVER);
}

UNIK_API int pthread_rwlock_trywrlock(pthread_rwlock_t *l)
{
	return take((struct posix_rwlock *)l, try_write, 0);
}

UNIK_API int pthread_rwlock_timedwrlock(pthread_rwlock_t *l, const struct timespec *until)
{
	return take_until(l, try_write, until);
}

UNIK_API int pthread_rwlock_unlock(pthread_rwlock_t *lock)
{
	struct posix_rwlock *l = (struct posix_rwlock *)lock;
	bool wake;

	word_lock(&l->word);
	if (l->writer)
		l->writer = NULL;
	else
		l->nreaders--;
	wake = l->nreaders == 0 && l->nwaiting > 0;
	if (wake)
		let_look(l);
	word_unlock(&l->word);
	if (wake)
		futex_wake(&l->changes, FUTEX_ALL);
	return 0;
}

UNIK_API int pthread_rwlock_init(pthread_rwlock_t *l, const pthread_rwlockattr_t *attr)
{
	memset(l, 0, sizeof(*l));
	return 0;
}

UNIK_API int pthread_rwlock_destroy(pthread_rwlock_t *lock)
{
	struct posix_rwlock *l = (struct posix_rwlock *)lock;

	return l->writer || l->nreaders ? EBUSY : 0;
}
