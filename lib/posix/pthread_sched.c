// SPDX-License-Identifier: BSD-2-Clause
/*
 * pthread_sched.c - policies, priorities and processors. The scheduler has one class for programs:
 * all threads take turns. So there are SCHED_OTHER with the priority 0, and ENOTSUP.
 */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <string.h>
#include "kernel/sched.h"
#include "lib/libc/result.h"
#include "lib/posix/pthread_attr.h"
#include "lib/posix/thread.h"

#define PROCESS_ID 1

static bool is_policy(int policy)
{
	return policy == SCHED_OTHER || policy == SCHED_FIFO || policy == SCHED_RR;
}

/* An error number: is this what all threads have? */
static int check(int policy, int priority)
{
	if (!is_policy(policy))
		return EINVAL;
	if (policy != SCHED_OTHER)
		return ENOTSUP;
	return priority ? EINVAL : 0;
}

static bool has_ended(pthread_t t)
{
	return __atomic_load_n(&t->ended, __ATOMIC_ACQUIRE);
}

UNIK_API int pthread_setschedparam(pthread_t t, int policy, const struct sched_param *param)
{
	return has_ended(t) ? ESRCH : check(policy, param->sched_priority);
}

UNIK_API int pthread_getschedparam(pthread_t t, int *policy, struct sched_param *param)
{
	if (has_ended(t))
		return ESRCH;
	*policy = SCHED_OTHER;
	param->sched_priority = 0;
	return 0;
}

UNIK_API int pthread_setschedprio(pthread_t t, int priority)
{
	return has_ended(t) ? ESRCH : check(SCHED_OTHER, priority);
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

UNIK_API int pthread_attr_setschedpolicy(pthread_attr_t *a, int policy)
{
	return check(policy, 0);
}

UNIK_API int pthread_attr_getschedpolicy(const pthread_attr_t *a, int *policy)
{
	*policy = SCHED_OTHER;
	return 0;
}

UNIK_API int pthread_attr_setschedparam(pthread_attr_t *a, const struct sched_param *param)
{
	return param->sched_priority ? ENOTSUP : 0;
}

UNIK_API int pthread_attr_getschedparam(const pthread_attr_t *a, struct sched_param *param)
{
	param->sched_priority = 0;
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

static int check_process(pid_t pid)
{
	return pid == 0 || pid == PROCESS_ID ? 0 : ESRCH;
}

UNIK_API int sched_get_priority_max(int policy)
{
	return is_policy(policy) ? 0 : (int)posix_result(-EINVAL);
}

UNIK_API int sched_get_priority_min(int policy)
{
	return sched_get_priority_max(policy);
}

UNIK_API int sched_setscheduler(pid_t pid, int policy, const struct sched_param *param)
{
	int err = check_process(pid);

	if (!err)
		err = check(policy, param->sched_priority);
	return err ? (int)posix_result(-err) : SCHED_OTHER;
}

UNIK_API int sched_getscheduler(pid_t pid)
{
	int err = check_process(pid);

	return err ? (int)posix_result(-err) : SCHED_OTHER;
}

UNIK_API int sched_setparam(pid_t pid, const struct sched_param *param)
{
	int err = check_process(pid);

	if (!err)
		err = check(SCHED_OTHER, param->sched_priority);
	return (int)posix_result(-err);
}

UNIK_API int sched_getparam(pid_t pid, struct sched_param *param)
{
	int err = check_process(pid);

	if (!err)
		param->sched_priority = 0;
	return (int)posix_result(-err);
}

UNIK_API int sched_rr_get_interval(pid_t pid, struct timespec *interval)
{
	int err = check_process(pid);

	if (!err)
		*interval = (struct timespec){ .tv_nsec = THREAD_SLICE_NS };
	return (int)posix_result(-err);
}

/* Processors: there is one, number 0. */

static int check_set(size_t size, const cpu_set_t *set)
{
	return size && CPU_ISSET_S(0, size, set) ? 0 : EINVAL;
}

static int give_set(size_t size, cpu_set_t *set)
{
	if (size < sizeof(unsigned long))
		return EINVAL;
	CPU_ZERO_S(size, set);
	CPU_SET_S(0, size, set);
	return 0;
}

UNIK_API int pthread_setaffinity_np(pthread_t t, size_t size, const cpu_set_t *set)
{
	return has_ended(t) ? ESRCH : check_set(size, set);
}

UNIK_API int pthread_getaffinity_np(pthread_t t, size_t size, cpu_set_t *set)
{
	return has_ended(t) ? ESRCH : give_set(size, set);
}

UNIK_API int pthread_attr_setaffinity_np(pthread_attr_t *a, size_t size, const cpu_set_t *set)
{
	return check_set(size, set);
}

UNIK_API int pthread_attr_getaffinity_np(const pthread_attr_t *a, size_t size, cpu_set_t *set)
{
	return give_set(size, set);
}

UNIK_API int sched_setaffinity(pid_t pid, size_t size, const cpu_set_t *set)
{
	int err = check_process(pid);

	return (int)posix_result(-(err ? err : check_set(size, set)));
}

UNIK_API int sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set)
{
	int err = check_process(pid);

	return (int)posix_result(-(err ? err : give_set(size, set)));
}

UNIK_API int sched_getcpu(void)
{
	return 0;
}
