// SPDX-License-Identifier: BSD-2-Clause
/*
 * locks.c - newlib's locks (lib/include/sys/lock.h).
 *
 * Streams, the environment and the time zone are guarded by these. They are zero when free and
 * need no set-up, so a lock costs the image nothing.
 */
#include "lib/libc/locks.h"
#include <errno.h>
#include <sys/lock.h>
#include "kernel/thread.h"

int word_lock_slow(uint32_t *word, ns_t deadline)
{
	/* 2 is stored also when the lock turns out to be free: others may still wait, and the
	 * price is one wake-up too many. */
	while (__atomic_exchange_n(word, 2, __ATOMIC_ACQUIRE) != 0) {
		int err = futex_wait(word, 2, deadline);

		if (err == -ETIMEDOUT)
			return err;
	}
	return 0;
}

void word_unlock_slow(uint32_t *word)
{
	futex_wake(word, 1);
}

UNIK_API void __unik_lock_acquire(struct __unik_lock *lock)
{
	word_lock(&lock->state);
}

UNIK_API int __unik_lock_try_acquire(struct __unik_lock *lock)
{
	return word_trylock(&lock->state) ? 0 : -1;
}

UNIK_API void __unik_lock_release(struct __unik_lock *lock)
{
	word_unlock(&lock->state);
}

/* Only the holder can see itself as owner, so this needs no lock. */
static bool held_by_caller(const struct __unik_lock *lock)
{
	return READ_ONCE(lock->owner) == thread_current();
}

static void take(struct __unik_lock *lock)
{
	WRITE_ONCE(lock->owner, (void *)thread_current());
	lock->count = 1;
}

UNIK_API void __unik_lock_acquire_recursive(struct __unik_lock *lock)
{
	if (held_by_caller(lock)) {
		lock->count++;
		return;
	}
	word_lock(&lock->state);
	take(lock);
}

UNIK_API int __unik_lock_try_acquire_recursive(struct __unik_lock *lock)
{
	if (held_by_caller(lock)) {
		lock->count++;
		return 0;
	}
	if (!word_trylock(&lock->state))
		return -1;
	take(lock);
	return 0;
}

UNIK_API void __unik_lock_release_recursive(struct __unik_lock *lock)
{
	if (--lock->count > 0)
		return;
	WRITE_ONCE(lock->owner, NULL);
	word_unlock(&lock->state);
}
