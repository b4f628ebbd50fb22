// SPDX-License-Identifier: BSD-2-Clause
/*
 * pthread_clock.c - waits until a point on a clock that the caller names (POSIX.1-2024). The point
 * is moved to the clock that the plain call waits by, which is right until somebody sets a clock.
 */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <time.h>
#include "lib/libc/futex.h"
#include "lib/libc/result.h"
#include "lib/posix/pthread_objects.h"
#include "lib/posix/thread.h"
#include "lib/posix/timespec.h"

/* The point on `to` at which `from` reads ts. Returns an error number. */
static int on_clock(clockid_t from, clockid_t to, const struct timespec *ts, struct timespec *out)
{
	ns_t at, offset;

	if ((from != CLOCK_REALTIME && from != CLOCK_MONOTONIC) || timespec_to_ns(ts, &at))
		return EINVAL;
	offset = time_wall() - time_now();
	if (from == to)
		offset = 0;
	else if (from == CLOCK_REALTIME)
		offset = -offset;
	if (__builtin_add_overflow(at, offset, &at))
		at = NS_NEVER;
	*out = timespec_of_ns(MAX(at, 0));
	return 0;
}

UNIK_API int pthread_mutex_clocklock(pthread_mutex_t *mutex, clockid_t clock,
				     const struct timespec *until)
{
	struct timespec at;
	int err = pthread_mutex_trylock(mutex);

	if (err != EBUSY)
		return err;
	err = on_clock(clock, CLOCK_REALTIME, until, &at);
	return err ? err : pthread_mutex_timedlock(mutex, &at);
}

UNIK_API int pthread_cond_clockwait(pthread_cond_t *cond, pthread_mutex_t *mutex, clockid_t clock,
				    const struct timespec *until)
{
	clockid_t own = ((struct posix_cond *)cond)->clock;
	struct timespec at;
	int err = on_clock(clock, own ? own : CLOCK_REALTIME, until, &at);

	return err ? err : pthread_cond_timedwait(cond, mutex, &at);
}

UNIK_API int pthread_rwlock_clockrdlock(pthread_rwlock_t *lock, clockid_t clock,
					const struct timespec *until)
{
	struct timespec at;
	int err = on_clock(clock, CLOCK_REALTIME, until, &at);

	return err ? err : pthread_rwlock_timedrdlock(lock, &at);
}

UNIK_API int pthread_rwlock_clockwrlock(pthread_rwlock_t *lock, clockid_t clock,
					const struct timespec *until)
{
	struct timespec at;
	int err = on_clock(clock, CLOCK_REALTIME, until, &at);

	return err ? err : pthread_rwlock_timedwrlock(lock, &at);
}

UNIK_API int sem_clockwait(sem_t *sem, clockid_t clock, const struct timespec *until)
{
	struct timespec at;
	int err = on_clock(clock, CLOCK_REALTIME, until, &at);

	return err ? (int)posix_result(-err) : sem_timedwait(sem, &at);
}

/* Joining */

UNIK_API int pthread_tryjoin_np(pthread_t t, void **result)
{
	if (!__atomic_load_n(&t->joinable, __ATOMIC_RELAXED))
		return EINVAL;
	return __atomic_load_n(&t->ended, __ATOMIC_ACQUIRE) ? pthread_join(t, result) : EBUSY;
}

UNIK_API int pthread_clockjoin_np(pthread_t t, void **result, clockid_t clock,
				  const struct timespec *until)
{
	ns_t deadline = NS_NEVER;

	if (t == pthread_self())
		return EDEADLK;
	if (until && clock_deadline(clock, until, &deadline))
		return EINVAL;
	while (!__atomic_load_n(&t->ended, __ATOMIC_ACQUIRE))
		if (futex_wait(&t->ended, 0, deadline) == -ETIMEDOUT)
			return ETIMEDOUT;
	return pthread_join(t, result);
}

UNIK_API int pthread_timedjoin_np(pthread_t t, void **result, const struct timespec *until)
{
	return pthread_clockjoin_np(t, result, CLOCK_REALTIME, until);
}
