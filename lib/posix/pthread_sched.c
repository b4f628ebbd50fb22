// SPDX-License-Identifier: BSD-2-Clause
/*
 * pthread_sched.c - policies and priorities, as programs set them. Of a process: those of the
 * thread that asks.
 */
#include <errno.h>
#include <pthread.h>
#include "kernel/sched.h"
#include "lib/libc/result.h"
#include "lib/posix/thread.h"

#define PROCESS_ID 1

static bool has_ended(pthread_t t)
{
	return __atomic_load_n(&t->ended, __ATOMIC_ACQUIRE);
}

UNIK_API int pthread_setschedparam(pthread_t t, int policy, const struct sched_param *param)
{
	int err = has_ended(t) ? ESRCH : priority_check(policy, param->sched_priority);

	if (!err)
		priority_set(t, policy, param->sched_priority);
	return err;
}

UNIK_API int pthread_getschedparam(pthread_t t, int *policy, struct sched_param *param)
{
	if (has_ended(t))
		return ESRCH;
	*policy = t->schedule.policy;
	param->sched_priority = t->schedule.priority;
	return 0;
}

UNIK_API int pthread_setschedprio(pthread_t t, int priority)
{
	struct sched_param param = { .sched_priority = priority };

	return pthread_setschedparam(t, t->schedule.policy, &param);
}

/* A hint, which is kept for the program to read (POSIX.1-2017, pthread_getconcurrency()). */
static int concurrency;

UNIK_API int pthread_setconcurrency(int level)
{
	if (level < 0)
		return EINVAL;
	concurrency = level;
	return 0;
}

UNIK_API int pthread_getconcurrency(void)
{
	return concurrency;
}

static struct thread_attr *of(const pthread_attr_t *a)
{
	return (struct thread_attr *)a;
}

UNIK_API int pthread_attr_setschedpolicy(pthread_attr_t *a, int policy)
{
	if (policy != SCHED_OTHER && policy != SCHED_FIFO && policy != SCHED_RR)
		return EINVAL;
	priority_start();
	of(a)->policy = (uint8_t)policy;
	return 0;
}

UNIK_API int pthread_attr_getschedpolicy(const pthread_attr_t *a, int *policy)
{
	*policy = of(a)->policy;
	return 0;
}

/* Whether it is one of the policy, pthread_create() says: the policy may be set later. */
UNIK_API int pthread_attr_setschedparam(pthread_attr_t *a, const struct sched_param *param)
{
	if (param->sched_priority < 0 || param->sched_priority > THREAD_PRIORITY_MAX)
		return EINVAL;
	priority_start();
	of(a)->priority = (uint8_t)param->sched_priority;
	return 0;
}

UNIK_API int pthread_attr_getschedparam(const pthread_attr_t *a, struct sched_param *param)
{
	param->sched_priority = of(a)->priority;
	return 0;
}

/* Each thread competes with all others of the machine; there is no smaller circle. */
UNIK_API int pthread_attr_setscope(pthread_attr_t *a, int scope)
{
	if (scope == PTHREAD_SCOPE_PROCESS)
		return ENOTSUP;
	return scope == PTHREAD_SCOPE_SYSTEM ? 0 : EINVAL;
}

UNIK_API int pthread_attr_getscope(const pthread_attr_t *a, int *scope)
{
	*scope = PTHREAD_SCOPE_SYSTEM;
	return 0;
}

/* Processes */

/* The thread that is meant, or NULL. */
static struct __unik_thread *thread_of(pid_t pid, int *err)
{
	struct __unik_thread *t = pid == 0 || pid == PROCESS_ID ? posix_thread_self() : NULL;

	*err = t ? 0 : pid == 0 || pid == PROCESS_ID ? -ENOMEM : pid < 0 ? -EINVAL : -ESRCH;
	return t;
}

static int limit_of(int policy, int limit)
{
	if (policy == SCHED_OTHER)
		return 0;
	return policy == SCHED_FIFO || policy == SCHED_RR ? limit : (int)posix_result(-EINVAL);
}

UNIK_API int sched_get_priority_max(int policy)
{
	return limit_of(policy, THREAD_PRIORITY_MAX);
}

UNIK_API int sched_get_priority_min(int policy)
{
	return limit_of(policy, 1);
}

UNIK_API int sched_setscheduler(pid_t pid, int policy, const struct sched_param *param)
{
	int err, old;
	struct __unik_thread *t = thread_of(pid, &err);

	if (!t)
		return (int)posix_result(err);
	old = t->schedule.policy;
	err = pthread_setschedparam(t, policy, param);
	return err ? (int)posix_result(-err) : old;
}

UNIK_API int sched_getscheduler(pid_t pid)
{
	int err;
	struct __unik_thread *t = thread_of(pid, &err);

	return t ? t->schedule.policy : (int)posix_result(err);
}

UNIK_API int sched_setparam(pid_t pid, const struct sched_param *param)
{
	int err;
	struct __unik_thread *t = thread_of(pid, &err);

	if (t)
		err = -pthread_setschedprio(t, param->sched_priority);
	return (int)posix_result(err);
}

UNIK_API int sched_getparam(pid_t pid, struct sched_param *param)
{
	int err;
	struct __unik_thread *t = thread_of(pid, &err);

	if (t && param)
		param->sched_priority = t->schedule.priority;
	else if (t)
		err = -EINVAL;
	return (int)posix_result(err);
}

/* The most that a turn lasts. */
UNIK_API int sched_rr_get_interval(pid_t pid, struct timespec *interval)
{
	int err;

	if (!interval)
		err = -EINVAL;
	else if (thread_of(pid, &err))
		*interval = (struct timespec){ .tv_nsec = THREAD_TURN_SLICES * THREAD_SLICE_NS };
	return (int)posix_result(err);
}
