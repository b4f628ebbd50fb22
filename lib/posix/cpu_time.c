// SPDX-License-Identifier: BSD-2-Clause
/*
 * cpu_time.c - processor time: of threads, and of the program, which is all of them.
 *
 * There is no telling user time from system time; all is the user's. There are no children.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>
#include "kernel/page.h"
#include "kernel/sealed.h"
#include "lib/libc/result.h"
#include "lib/posix/thread.h"
#include "lib/posix/timespec.h"

/* A thread's clock has the address of its struct __unik_thread as its number. */
static bool is_thread(struct thread *t, void *clock)
{
	return t->posix == clock;
}

static int read_thread(clockid_t clock, ns_t *out)
{
	struct thread *t = clock ? thread_find(is_thread, (void *)clock) : NULL;

	if (!t)
		return -EINVAL;
	*out = thread_cpu_time(t);
	return 0;
}

UNIK_API int pthread_getcpuclockid(pthread_t t, clockid_t *clock)
{
	if (__atomic_load_n(&t->ended, __ATOMIC_ACQUIRE))
		return ESRCH;
	sealed_set(&clock_of_thread, read_thread);
	*clock = t == posix_thread_self() ? CLOCK_THREAD_CPUTIME_ID : (clockid_t)t;
	return 0;
}

UNIK_API int clock_getcpuclockid(pid_t pid, clockid_t *clock)
{
	if (pid != 0 && pid != getpid())
		return ESRCH;
	*clock = CLOCK_PROCESS_CPUTIME_ID;
	return 0;
}

UNIK_API clock_t times(struct tms *out)
{
	const ns_t tick = NS_PER_S / CLOCKS_PER_SEC;

	if (out)
		*out = (struct tms){ .tms_utime = (clock_t)(thread_cpu_time(NULL) / tick) };
	return (clock_t)(time_now() / tick);
}

UNIK_API int getrusage(int who, struct rusage *out)
{
	struct page_stats pages;
	ns_t us = 0;

	if (who != RUSAGE_SELF && who != RUSAGE_THREAD && who != RUSAGE_CHILDREN)
		return (int)posix_result(-EINVAL);
	if (who != RUSAGE_CHILDREN)
		us = thread_cpu_time(who == RUSAGE_THREAD ? thread_current() : NULL) / NS_PER_US;
	memset(out, 0, sizeof(*out));
	out->ru_utime = (struct timeval){ .tv_sec = us / 1000000, .tv_usec = us % 1000000 };
	page_get_stats(&pages);
	out->ru_maxrss = (long)((pages.total_pages - pages.free_pages) * (PAGE_SIZE / 1024));
	return 0;
}
