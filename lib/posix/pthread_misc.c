// SPDX-License-Identifier: BSD-2-Clause
/*
 * pthread_misc.c - barriers, spin locks, once.
 */
#include <errno.h>
#include <string.h>
#include "lib/libc/result.h"
#include "lib/posix/boundary.h"
#include "lib/posix/pthread_objects.h"

#define SPIN_NS \
	(20 * NS_PER_US) /* between two looks at a lock, for who would keep all others out */

UNIK_API int pthread_barrier_init(pthread_barrier_t *barrier, const pthread_barrierattr_t *attr,
				  unsigned n)
{
	memset(barrier, 0, sizeof(*barrier));
	((struct posix_barrier *)barrier)->nneeded = n;
	return n ? 0 : EINVAL;
}

/* One thread may destroy a barrier as soon as it has passed, when others still have to leave. */
UNIK_API int pthread_barrier_destroy(pthread_barrier_t *barrier)
{
	struct posix_barrier *b = (struct posix_barrier *)barrier;

	if (READ_ONCE(b->nwaiting))
		return EBUSY;
	while (__atomic_load_n(&b->nleaving, __ATOMIC_ACQUIRE) > 0)
		thread_yield();
	return 0;
}

/* The last to arrive lets the others go. */
static void complete_round(struct posix_barrier *b)
{
	b->nwaiting = 0;
	__atomic_fetch_add(&b->nleaving, b->nneeded - 1, __ATOMIC_RELAXED);
	__atomic_fetch_add(&b->round, 1, __ATOMIC_RELEASE);
	futex_wake(&b->round, FUTEX_ALL);
	word_unlock(&b->word);
}

UNIK_API int pthread_barrier_wait(pthread_barrier_t *barrier)
{
	struct posix_barrier *b = (struct posix_barrier *)barrier;
	uint32_t round;

	word_lock(&b->word);
	round = b->round;
	if (++b->nwaiting == b->nneeded) {
		complete_round(b);
		return PTHREAD_BARRIER_SERIAL_THREAD;
	}
	word_unlock(&b->word);
	while (__atomic_load_n(&b->round, __ATOMIC_ACQUIRE) == round)
		boundary_futex_wait(&b->round, round, NS_NEVER);
	__atomic_fetch_sub(&b->nleaving, 1, __ATOMIC_RELEASE);
	return 0;
}

UNIK_API int pthread_spin_init(pthread_spinlock_t *l, int shared)
{
	*l = 0;
	return 0;
}

UNIK_API int pthread_spin_destroy(pthread_spinlock_t *l)
{
	return 0;
}

/* The holder may be a thread that was preempted on this very CPU: let it run. */
UNIK_API int pthread_spin_lock(pthread_spinlock_t *l)
{
	while (!word_trylock(l)) {
		if (thread_interrupted() && posix_event)
			posix_event(0);
		if (thread_current()->priority) /* the holder may have a lower one */
			thread_sleep(time_deadline(SPIN_NS));
		else
			thread_yield();
	}
	return 0;
}

UNIK_API int pthread_spin_trylock(pthread_spinlock_t *l)
{
	return word_trylock(l) ? 0 : EBUSY;
}

UNIK_API int pthread_spin_unlock(pthread_spinlock_t *l)
{
	__atomic_store_n(l, 0, __ATOMIC_RELEASE);
	return 0;
}

enum { ONCE_NEW, ONCE_RUNNING, ONCE_DONE };

UNIK_API int pthread_once(pthread_once_t *control, void (*routine)(void))
{
	uint32_t *state = (uint32_t *)control, seen = ONCE_NEW;

	if (likely(__atomic_load_n(state, __ATOMIC_ACQUIRE) == ONCE_DONE))
		return 0;
	if (__atomic_compare_exchange_n(state, &seen, ONCE_RUNNING, false, __ATOMIC_ACQUIRE,
					__ATOMIC_ACQUIRE)) {
		routine();
		__atomic_store_n(state, ONCE_DONE, __ATOMIC_RELEASE);
		futex_wake(state, FUTEX_ALL);
		return 0;
	}
	while (__atomic_load_n(state, __ATOMIC_ACQUIRE) == ONCE_RUNNING)
		boundary_futex_wait(state, ONCE_RUNNING, NS_NEVER);
	return 0;
}
