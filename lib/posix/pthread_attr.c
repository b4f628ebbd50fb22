// SPDX-License-Identifier: BSD-2-Clause
/*
 * pthread_attr.c - attribute objects.
 */
#include "lib/posix/pthread_attr.h"
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <time.h>
#include "arch/stack.h"
#include "kernel/page.h"
#include "lib/posix/thread.h"

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
	stack_promise_start();
	of(a)->stack_bytes = bytes;
	return 0;
}

UNIK_API int pthread_attr_getstacksize(const pthread_attr_t *a, size_t *bytes)
{
	*bytes = of(a)->stack_bytes ? of(a)->stack_bytes : THREAD_STACK_BYTES;
	return 0;
}

/* One page is unmapped below every stack of the library; more is not to be had. */
UNIK_API int pthread_attr_setguardsize(pthread_attr_t *a, size_t bytes)
{
	if (bytes > PAGE_SIZE)
		return EINVAL;
	of(a)->guard_bytes = bytes - PAGE_SIZE;
	return 0;
}

UNIK_API int pthread_attr_getguardsize(const pthread_attr_t *a, size_t *bytes)
{
	*bytes = of(a)->guard_bytes + PAGE_SIZE;
	return 0;
}

/* A stack of the program's own has no guard page, and stays the program's. */
UNIK_API int pthread_attr_setstack(pthread_attr_t *a, void *stack, size_t bytes)
{
	if (bytes < PTHREAD_STACK_MIN || bytes > STACK_MAX || ((uintptr_t)stack | bytes) % 16)
		return EINVAL;
	of(a)->stack = stack;
	of(a)->stack_bytes = bytes;
	return 0;
}

UNIK_API int pthread_attr_getstack(const pthread_attr_t *a, void **stack, size_t *bytes)
{
	*stack = of(a)->stack;
	return pthread_attr_getstacksize(a, bytes);
}

UNIK_API int pthread_attr_setinheritsched(pthread_attr_t *a, int inherit)
{
	if (inherit != PTHREAD_INHERIT_SCHED && inherit != PTHREAD_EXPLICIT_SCHED)
		return EINVAL;
	of(a)->explicit_sched = inherit == PTHREAD_EXPLICIT_SCHED;
	return 0;
}

UNIK_API int pthread_attr_getinheritsched(const pthread_attr_t *a, int *inherit)
{
	*inherit = of(a)->explicit_sched ? PTHREAD_EXPLICIT_SCHED : PTHREAD_INHERIT_SCHED;
	return 0;
}

UNIK_API int pthread_getattr_default_np(pthread_attr_t *a)
{
	return pthread_attr_init(a);
}

UNIK_API int pthread_getattr_np(pthread_t t, pthread_attr_t *a)
{
	if (__atomic_load_n(&t->ended, __ATOMIC_ACQUIRE))
		return ESRCH;
	pthread_attr_init(a);
	of(a)->stack = t->kernel->stack;
	of(a)->stack_bytes = t->kernel->stack_bytes;
	of(a)->policy = t->schedule.policy;
	of(a)->priority = t->schedule.priority;
	/* Only with somebody who joins it, or may, it has a second reference. */
	of(a)->detached = __atomic_load_n(&t->refs, __ATOMIC_RELAXED) < 2;
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

/* The other attribute objects begin with zeros and end as nothing. */
#define ATTRIBUTE_OBJECT(type)                   \
	UNIK_API int type##_init(type##_t *a)    \
	{                                        \
		memset(a, 0, sizeof(*a));        \
		return 0;                        \
	}                                        \
	UNIK_API int type##_destroy(type##_t *a) \
	{                                        \
		return 0;                        \
	}
ATTRIBUTE_OBJECT(pthread_mutexattr)
ATTRIBUTE_OBJECT(pthread_condattr)
ATTRIBUTE_OBJECT(pthread_rwlockattr)
ATTRIBUTE_OBJECT(pthread_barrierattr)

static int set_shared(bool *shared, int how)
{
	if (how != PTHREAD_PROCESS_PRIVATE && how != PTHREAD_PROCESS_SHARED)
		return EINVAL;
	*shared = how == PTHREAD_PROCESS_SHARED;
	return 0;
}

#define SHARED_ATTRIBUTE(type, content)                                               \
	UNIK_API int type##_setpshared(type##_t *a, int how)                          \
	{                                                                             \
		return set_shared(&((struct content *)a)->shared, how);               \
	}                                                                             \
	UNIK_API int type##_getpshared(const type##_t *a, int *how)                   \
	{                                                                             \
		*how = ((const struct content *)a)->shared ? PTHREAD_PROCESS_SHARED   \
							   : PTHREAD_PROCESS_PRIVATE; \
		return 0;                                                             \
	}
SHARED_ATTRIBUTE(pthread_mutexattr, mutex_attr)
SHARED_ATTRIBUTE(pthread_condattr, cond_attr)
SHARED_ATTRIBUTE(pthread_rwlockattr, shared_attr)
SHARED_ATTRIBUTE(pthread_barrierattr, shared_attr)

UNIK_API int pthread_mutexattr_settype(pthread_mutexattr_t *a, int type)
{
	struct mutex_attr *m = (struct mutex_attr *)a;

	if (type < PTHREAD_MUTEX_NORMAL || type > PTHREAD_MUTEX_ERRORCHECK)
		return EINVAL;
	m->type = (uint8_t)((m->type & MUTEX_PROTOCOL) | type);
	return 0;
}

UNIK_API int pthread_mutexattr_gettype(const pthread_mutexattr_t *a, int *type)
{
	*type = ((const struct mutex_attr *)a)->type & ~MUTEX_PROTOCOL;
	return 0;
}

/* A thread that ends with a mutex leaves it locked. */
UNIK_API int pthread_mutexattr_setrobust(pthread_mutexattr_t *a, int robust)
{
	if (robust == PTHREAD_MUTEX_ROBUST)
		return ENOTSUP;
	return robust == PTHREAD_MUTEX_STALLED ? 0 : EINVAL;
}

UNIK_API int pthread_mutexattr_getrobust(const pthread_mutexattr_t *a, int *robust)
{
	*robust = PTHREAD_MUTEX_STALLED;
	return 0;
}

UNIK_API int pthread_mutex_consistent(pthread_mutex_t *m)
{
	return EINVAL;
}

UNIK_API int pthread_rwlockattr_setkind_np(pthread_rwlockattr_t *a, int kind)
{
	return kind == PTHREAD_RWLOCK_PREFER_READER_NP ? 0 : EINVAL;
}

UNIK_API int pthread_rwlockattr_getkind_np(const pthread_rwlockattr_t *a, int *kind)
{
	*kind = PTHREAD_RWLOCK_PREFER_READER_NP;
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
