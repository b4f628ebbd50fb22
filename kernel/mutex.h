// SPDX-License-Identifier: BSD-2-Clause
/*
 * mutex.h - mutual exclusion among threads; the holder may sleep.
 *
 * An uncontended pair is two atomic instructions. Not recursive. Waiters are woken in order but
 * a running thread may take the lock first. ASSERTs that no interrupt handler takes it.
 */
#pragma once
#include "kernel/wait.h"

struct mutex {
	uint32_t state; /* 0 free, 1 held, 2 held and somebody waits */
	struct wait_queue waiters;
};

#define MUTEX_INIT(name)                           \
	{                                          \
		0, WAIT_QUEUE_INIT((name).waiters) \
	}

static inline void mutex_init(struct mutex *m)
{
	m->state = 0;
	wait_queue_init(&m->waiters);
}

void mutex_lock_slow(struct mutex *m);
void mutex_unlock_slow(struct mutex *m);

static inline bool mutex_trylock(struct mutex *m)
{
	uint32_t free = 0;

	return __atomic_compare_exchange_n(&m->state, &free, 1, false, __ATOMIC_ACQUIRE,
					   __ATOMIC_RELAXED);
}

static inline void mutex_lock(struct mutex *m)
{
	if (unlikely(!mutex_trylock(m)))
		mutex_lock_slow(m);
}

static inline void mutex_unlock(struct mutex *m)
{
	if (unlikely(__atomic_exchange_n(&m->state, 0, __ATOMIC_RELEASE) != 1))
		mutex_unlock_slow(m);
}
