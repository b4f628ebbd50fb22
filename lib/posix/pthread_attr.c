// SPDX-License-Identifier: BSD-2-Clause
/*
 * pthread_attr.c - attribute objects.
 */
#include "lib/posix/pthread_attr.h"
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <time.h>
#include "kernel/page.h"

#define STACK_MAX (1UL << 40) /* more is a mistake */

static struct thread_attr *of(const pthread_attr_t *a)
{
	return (struct thread_attr *)a;
}

UNIK_API int pthread_attr_init(pthread_attr_t *a)
{
	memset(a, 0, sizeof(*a));
	return 0;
}

UNIK_API int pthread_attr_destroy(pthread_attr_t *a)
{
	return 0;
}

UNIK_API int pthread_attr_setstacksize(pthread_attr_t *a, size_t bytes)
{
	if (bytes < PTHREAD_STACK_MIN || bytes > STACK_MAX)
		return EINVAL;
	of(a)->stack_bytes = bytes;
	return 0;
}

UNIK_API int pthread_attr_getstacksize(const pthread_attr_t *a, size_t *bytes)
{
	*bytes = of(a)->stack_bytes ? of(a)->stack_bytes : THREAD_STACK_BYTES;
	return 0;
}

UNIK_API int pthread_attr_getguardsize(const pthread_attr_t *a, size_t *bytes)
{
	*bytes = PAGE_SIZE;
	return 0;
}

UNIK_API int pthread_attr_setdetachstate(pthread_attr_t *a, int state)
{
	if (state != PTHREAD_CREATE_DETACHED && state != PTHREAD_CREATE_JOINABLE)
		return EINVAL;
	of(a)->detached = state == PTHREAD_CREATE_DETACHED;
	return 0;
}

UNIK_API int pthread_attr_getdetachstate(const pthread_attr_t *a, int *state)
{
	*state = of(a)->detached ? PTHREAD_CREATE_DETACHED : PTHREAD_CREATE_JOINABLE;
	return 0;
}

UNIK_API int pthread_mutexattr_init(pthread_mutexattr_t *a)
{
	memset(a, 0, sizeof(*a));
	return 0;
}

UNIK_API int pthread_mutexattr_destroy(pthread_mutexattr_t *a)
{
	return 0;
}

UNIK_API int pthread_mutexattr_settype(pthread_mutexattr_t *a, int type)
{
	if (type < PTHREAD_MUTEX_NORMAL || type > PTHREAD_MUTEX_ERRORCHECK)
		return EINVAL;
	((struct mutex_attr *)a)->type = (uint8_t)type;
	return 0;
}

UNIK_API int pthread_mutexattr_gettype(const pthread_mutexattr_t *a, int *type)
{
	*type = ((const struct mutex_attr *)a)->type;
	return 0;
}

UNIK_API int pthread_condattr_init(pthread_condattr_t *a)
{
	memset(a, 0, sizeof(*a));
	return 0;
}

UNIK_API int pthread_condattr_destroy(pthread_condattr_t *a)
{
	return 0;
}

UNIK_API int pthread_condattr_setclock(pthread_condattr_t *a, clockid_t clock)
{
	if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)
		return EINVAL;
	((struct cond_attr *)a)->clock = clock;
	return 0;
}

UNIK_API int pthread_condattr_getclock(const pthread_condattr_t *restrict a,
				       clockid_t *restrict clock)
{
	clockid_t set = ((const struct cond_attr *)a)->clock;

	*clock = set ? set : CLOCK_REALTIME;
	return 0;
}
