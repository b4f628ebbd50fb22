// SPDX-License-Identifier: BSD-2-Clause
/*
 * pthread_mutex.c - mutexes. The normal kind, free, is taken and given back in a few
 * instructions; the checked kinds also know their owner.
 */
#include <errno.h>
#include <string.h>
#include "kernel/sealed.h"
#include "lib/posix/boundary.h"
#include "lib/posix/pthread_attr.h"
#include "lib/posix/pthread_objects.h"
#include "lib/posix/timespec.h"

/* Only the owner can see itself as owner, so this needs no lock. */
static bool owned(const struct posix_mutex *m)
{
	return READ_ONCE(m->owner) == thread_current();
}

/* The owner locks again: deadlock, or one more level. */
static int relock(struct posix_mutex *m, int error)
{
	if (m->type != PTHREAD_MUTEX_RECURSIVE)
		return error;
	if (m->depth == UINT32_MAX)
		return EAGAIN;
	m->depth++;
	return 0;
}

static int took(struct posix_mutex *m)
{
	WRITE_ONCE(m->owner, thread_current());
	m->depth = 1;
	return 0;
}

const struct mutex_protocol *SEALED posix_mutex_protocol;

static int lock_checked(struct posix_mutex *m, ns_t deadline)
{
	if (m->type & MUTEX_PROTOCOL)
		return posix_mutex_protocol->lock(m, deadline);
	if (owned(m))
		return relock(m, EDEADLK);
	if (boundary_word_lock(&m->word, deadline))
		return ETIMEDOUT;
	return took(m);
}

UNIK_API int pthread_mutex_lock(pthread_mutex_t *mutex)
{
	struct posix_mutex *m = (struct posix_mutex *)mutex;

	if (unlikely(m->type != PTHREAD_MUTEX_NORMAL))
		return lock_checked(m, NS_NEVER);
	return boundary_word_lock(&m->word, NS_NEVER);
}

static int unlock_checked(struct posix_mutex *m)
{
	if (m->type & MUTEX_PROTOCOL)
		return posix_mutex_protocol->unlock(m);
	if (!owned(m))
		return EPERM;
	if (--m->depth == 0) {
		WRITE_ONCE(m->owner, NULL);
		word_unlock(&m->word);
	}
	return 0;
}

UNIK_API int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
	struct posix_mutex *m = (struct posix_mutex *)mutex;

	if (unlikely(m->type != PTHREAD_MUTEX_NORMAL))
		return unlock_checked(m);
	word_unlock(&m->word);
	return 0;
}

UNIK_API int pthread_mutex_trylock(pthread_mutex_t *mutex)
{
	struct posix_mutex *m = (struct posix_mutex *)mutex;

	if (m->type == PTHREAD_MUTEX_NORMAL)
		return word_trylock(&m->word) ? 0 : EBUSY;
	if (m->type & MUTEX_PROTOCOL)
		return posix_mutex_protocol->trylock(m);
	if (owned(m))
		return relock(m, EBUSY);
	return word_trylock(&m->word) ? took(m) : EBUSY;
}

UNIK_API int pthread_mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *until)
{
	struct posix_mutex *m = (struct posix_mutex *)mutex;
	ns_t deadline;

	if (pthread_mutex_trylock(mutex) == 0)
		return 0;
	if (clock_deadline(CLOCK_REALTIME, until, &deadline))
		return EINVAL;
	if (m->type != PTHREAD_MUTEX_NORMAL)
		return lock_checked(m, deadline);
	return boundary_word_lock(&m->word, deadline) ? ETIMEDOUT : 0;
}

UNIK_API int pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attr)
{
	const struct mutex_attr *a = (const struct mutex_attr *)attr;
	struct posix_mutex *m = (struct posix_mutex *)mutex;

	memset(mutex, 0, sizeof(*mutex));
	if (a) {
		m->type = a->type;
		m->protocol = a->protocol;
		m->ceiling = a->ceiling;
	}
	return 0;
}

UNIK_API int pthread_mutex_destroy(pthread_mutex_t *mutex)
{
	return READ_ONCE(((struct posix_mutex *)mutex)->word) ? EBUSY : 0;
}
