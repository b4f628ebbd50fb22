// SPDX-License-Identifier: BSD-2-Clause
/*
 * boundary.h - waits that a signal interrupts and does not end: those for locks.
 *
 * The handler runs and the wait goes on. Cancellation waits until later.
 *
 * Threading: threads, with nothing held that a handler may want. Errors: -errno.
 */
#pragma once
#include "lib/libc/locks.h"

/* boundary_futex_wait() - futex_wait(), which may wake without a cause. */
int boundary_futex_wait(uint32_t *word, uint32_t expected, ns_t deadline);

/* boundary_word_lock() - word_lock_until(). */
int boundary_word_lock_slow(uint32_t *word, ns_t deadline);
static inline int boundary_word_lock(uint32_t *word, ns_t deadline)
{
	return likely(word_trylock(word)) ? 0 : boundary_word_lock_slow(word, deadline);
}
