// SPDX-License-Identifier: BSD-2-Clause
/*
 * locks.h - a lock in one zero-initialised word, for newlib's locks and pthread mutexes.
 *
 * A free word is taken and given back with one atomic instruction each; a held one is waited for
 * on a futex. 0 free, 1 held, 2 held and somebody may wait. Not recursive, not fair.
 *
 * Threading: threads. Errors: as each says.
 */
#pragma once
#include "lib/libc/futex.h"

/* The parts that are not inlined. word_lock_slow() returns 0 or -ETIMEDOUT. */
int word_lock_slow(uint32_t *word, ns_t deadline);
void word_unlock_slow(uint32_t *word);

static inline bool word_trylock(uint32_t *word)
{
	uint32_t free = 0;

	return __atomic_compare_exchange_n(word, &free, 1, false, __ATOMIC_ACQUIRE,
					   __ATOMIC_RELAXED);
}

/* word_lock_until() - 0, or -ETIMEDOUT without the lock. */
static inline int word_lock_until(uint32_t *word, ns_t deadline)
{
	return likely(word_trylock(word)) ? 0 : word_lock_slow(word, deadline);
}

static inline void word_lock(uint32_t *word)
{
	word_lock_until(word, NS_NEVER);
}

static inline void word_unlock(uint32_t *word)
{
	if (unlikely(__atomic_exchange_n(word, 0, __ATOMIC_RELEASE) != 1))
		word_unlock_slow(word);
}
