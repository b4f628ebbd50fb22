// SPDX-License-Identifier: BSD-2-Clause
/*
 * affinity.c - sets of processors. There is one, number 0.
 */
#include <errno.h>
#include <pthread.h>
#include "lib/libc/result.h"
#include "lib/posix/thread.h"

#define PROCESS_ID 1

static bool has_ended(pthread_t t)
{
	return __atomic_load_n(&t->ended, __ATOMIC_ACQUIRE);
}

static int check_process(pid_t pid)
{
	return pid == 0 || pid == PROCESS_ID ? 0 : ESRCH;
}

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
