// SPDX-License-Identifier: BSD-2-Clause
/*
 * semaphore.c - counting semaphores in one word: the value, and a bit that says that somebody may
 * wait. With one word the post is over in one step, so whoever was let in may destroy it at once.
 */
#include <semaphore.h>
#include <errno.h>
#include "lib/libc/futex.h"
#include "lib/libc/result.h"
#include "lib/posix/timespec.h"

#define WAITED_FOR 0x80000000u /* somebody may wait; only with the value 0 */
_Static_assert(SEM_VALUE_MAX == WAITED_FOR - 1, "the value has the other bits");

static uint32_t *word_of(sem_t *sem)
{
	return (uint32_t *)sem;
}

static bool replace(uint32_t *word, uint32_t *seen, uint32_t new)
{
	return __atomic_compare_exchange_n(word, seen, new, false, __ATOMIC_ACQ_REL,
					   __ATOMIC_RELAXED);
}

/* Take one. deadline 0: do not wait. */
static int take(uint32_t *word, ns_t deadline)
{
	uint32_t seen = __atomic_load_n(word, __ATOMIC_RELAXED);

	for (;;) {
		if (seen & ~WAITED_FOR) {
			if (replace(word, &seen, seen - 1))
				return 0;
			continue;
		}
		if (deadline == 0)
			return -EAGAIN;
		if (seen != WAITED_FOR && !replace(word, &seen, WAITED_FOR))
			continue;
		int err = futex_wait_interruptible(word, WAITED_FOR, deadline);

		if (err == -ETIMEDOUT || err == -EINTR)
			return err;
		seen = __atomic_load_n(word, __ATOMIC_RELAXED);
	}
}

UNIK_API int sem_wait(sem_t *sem)
{
	return (int)posix_call(take(word_of(sem), NS_NEVER));
}

UNIK_API int sem_trywait(sem_t *sem)
{
	return (int)posix_result(take(word_of(sem), 0));
}

static int take_until(uint32_t *word, const struct timespec *until)
{
	ns_t deadline;
	int err = take(word, 0);

	if (err == -EAGAIN) {
		err = clock_deadline(CLOCK_REALTIME, until, &deadline);
		if (!err)
			err = take(word, deadline ? deadline : 1);
	}
	return err;
}

UNIK_API int sem_timedwait(sem_t *sem, const struct timespec *until)
{
	return (int)posix_call(take_until(word_of(sem), until));
}

UNIK_API int sem_post(sem_t *sem)
{
	uint32_t *word = word_of(sem), seen = __atomic_load_n(word, __ATOMIC_RELAXED);

	do {
		if (seen == SEM_VALUE_MAX)
			return (int)posix_result(-EOVERFLOW);
	} while (!replace(word, &seen, (seen & ~WAITED_FOR) + 1));
	/* All: the bit is gone, and those who find nothing set it again. */
	if (seen & WAITED_FOR)
		futex_wake(word, FUTEX_ALL);
	return 0;
}

UNIK_API int sem_getvalue(sem_t *sem, int *out)
{
	*out = (int)(__atomic_load_n(word_of(sem), __ATOMIC_RELAXED) & ~WAITED_FOR);
	return 0;
}

UNIK_API int sem_init(sem_t *sem, int shared, unsigned value)
{
	if (value > SEM_VALUE_MAX)
		return (int)posix_result(-EINVAL);
	*word_of(sem) = value;
	return 0;
}

UNIK_API int sem_destroy(sem_t *sem)
{
	return 0;
}
