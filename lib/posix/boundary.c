// SPDX-License-Identifier: BSD-2-Clause
#include "lib/posix/boundary.h"
#include "kernel/thread.h"
#include "lib/libc/result.h"

int boundary_futex_wait(uint32_t *word, uint32_t expected, ns_t deadline)
{
	int err = futex_wait_interruptible(word, expected, deadline);

	if (err != -EINTR)
		return err;
	if (posix_event)
		posix_event(0);
	/* What is still pending is a cancellation, which this wait is no point for. */
	return thread_interrupted() ? futex_wait(word, expected, deadline) : 0;
}

int boundary_word_lock_slow(uint32_t *word, ns_t deadline)
{
	/* As in word_lock_slow(). */
	while (__atomic_exchange_n(word, 2, __ATOMIC_ACQUIRE) != 0)
		if (boundary_futex_wait(word, 2, deadline) == -ETIMEDOUT)
			return -ETIMEDOUT;
	return 0;
}
