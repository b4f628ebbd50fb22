// SPDX-License-Identifier: BSD-2-Clause
/*
 * A waiter sets the state to "held and somebody waits" each time it looks, so whoever releases
 * knows to wake one; the state word is what decides, the queue only who is told.
 */
#include "kernel/mutex.h"

void mutex_lock_slow(struct mutex *m)
{
	struct waiter w;

	wait_add_self(&m->waiters, &w);
	w.exclusive = true;
	while (__atomic_exchange_n(&m->state, 2, __ATOMIC_ACQUIRE) != 0)
		thread_park(NS_NEVER);
	wait_remove(&w);
}

void mutex_unlock_slow(struct mutex *m)
{
	wait_queue_wake_one(&m->waiters);
}
