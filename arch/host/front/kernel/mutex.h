// SPDX-License-Identifier: BSD-2-Clause
/* mutex.h - the kernel's, watched: watch.h. */
#pragma once
#include "arch/host/front/kernel/watch.h"
#include_next "kernel/mutex.h"

static inline void watched_mutex_lock(struct mutex *m, const char *what)
{
	if (lock_wanted)
		lock_wanted(m, what, true);
	mutex_lock(m);
	if (lock_taken)
		lock_taken(m, what, true);
}

static inline bool watched_mutex_trylock(struct mutex *m, const char *what)
{
	bool taken = mutex_trylock(m);

	if (taken && lock_taken)
		lock_taken(m, what, true);
	return taken;
}

static inline void watched_mutex_unlock(struct mutex *m)
{
	if (lock_given)
		lock_given(m, true);
	mutex_unlock(m);
}

#define mutex_lock(m)    watched_mutex_lock(m, __FILE__ " " #m)
#define mutex_trylock(m) watched_mutex_trylock(m, __FILE__ " " #m)
#define mutex_unlock(m)  watched_mutex_unlock(m)
