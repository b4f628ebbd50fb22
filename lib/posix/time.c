// SPDX-License-Identifier: BSD-2-Clause
/*
 * time.c - clocks and sleeping.
 */
#define _GNU_SOURCE /* the clocks beyond POSIX */
#include <errno.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include "kernel/sealed.h"
#include "kernel/thread.h"
#include "kernel/time.h"
#include "kernel/wait.h"
#include "lib/libc/result.h"
#include "lib/posix/timespec.h"

int (*SEALED clock_of_thread)(clockid_t clock, ns_t *out);

int clock_read(clockid_t clock, ns_t *out)
{
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
		*out = time_wall();
		return 0;
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_BOOTTIME:
		*out = time_now();
		return 0;
	case CLOCK_PROCESS_CPUTIME_ID:
	case CLOCK_THREAD_CPUTIME_ID:
		*out = thread_cpu_time(clock == CLOCK_THREAD_CPUTIME_ID ? thread_current() : NULL);
		return 0;
	default:
		return clock_of_thread ? clock_of_thread(clock, out) : -EINVAL;
	}
}

int clock_deadline(clockid_t clock, const struct timespec *ts, ns_t *out)
{
	ns_t at = 0, now;
	int err = clock_read(clock, &now);

	/* A point before all times is past, and valid. */
	if (!err && (ts->tv_sec >= 0 || ts->tv_nsec < 0 || ts->tv_nsec >= NS_PER_S))
		err = timespec_to_ns(ts, &at);
	if (err)
		return err;
	*out = at <= now ? 0 : at == NS_NEVER ? NS_NEVER : time_deadline(at - now);
	return 0;
}

UNIK_API int clock_gettime(clockid_t clock, struct timespec *out)
{
	ns_t ns;
	int err = clock_read(clock, &ns);

	if (!err)
		*out = timespec_of_ns(ns);
	return (int)posix_result(err);
}

UNIK_API int clock_getres(clockid_t clock, struct timespec *out)
{
	ns_t ns;
	int err = clock_read(clock, &ns);

	if (!err && out)
		*out = timespec_of_ns(1);
	return (int)posix_result(err);
}

UNIK_API int clock_settime(clockid_t clock, const struct timespec *to)
{
	ns_t ns;
	int err = clock == CLOCK_REALTIME ? timespec_to_ns(to, &ns) : -EINVAL;

	if (!err)
		time_set_wall(ns);
	return (int)posix_result(err);
}

UNIK_API int gettimeofday(struct timeval *restrict out, void *restrict zone)
{
	ns_t us = time_wall() / NS_PER_US;

	if (out)
		*out = (struct timeval){ .tv_sec = us / 1000000, .tv_usec = us % 1000000 };
	if (zone) /* the machine's clock is UTC; whoever asks would else read what was there */
		*(struct timezone *)zone = (struct timezone){ 0 };
	return 0;
}

/* Sleep on the monotonic clock; what is left, for who is interrupted, in *left. */
static int sleep_until(ns_t deadline, struct timespec *left)
{
	int err = thread_sleep_interruptible(deadline);

	if (err && left)
		*left = timespec_of_ns(MAX(deadline - time_now(), (ns_t)0));
	else if (!err && thread_interrupted() && posix_event)
		posix_event(0); /* handlers are called here, not in the sleep that may come next */
	return err;
}

/* Until CLOCK_REALTIME reads so, also when it is set meanwhile. */
static int sleep_until_wall(const struct timespec *when)
{
	ns_t deadline;
	struct waiter w;
	int err;

	wait_add_self(&time_wall_changed, &w);
	do {
		err = clock_deadline(CLOCK_REALTIME, when, &deadline);
		if (err || deadline == 0)
			break;
		err = thread_park_interruptible(deadline);
	} while (err != -EINTR);
	wait_remove(&w);
	return err;
}

UNIK_API int nanosleep(const struct timespec *span, struct timespec *left)
{
	ns_t ns;
	int err = timespec_to_ns(span, &ns);

	if (!err)
		err = sleep_until(time_deadline(ns), left);
	return (int)posix_result(err);
}

/* Until all threads together have used that much: looked at again whenever it could be. */
static int sleep_cpu_time(int flags, const struct timespec *when, struct timespec *left)
{
	ns_t until;
	int err = timespec_to_ns(when, &until);

	if (err)
		return -err;
	if (!(flags & TIMER_ABSTIME) &&
	    __builtin_add_overflow(until, thread_cpu_time(NULL), &until))
		until = NS_NEVER;
	while (!err && thread_cpu_time(NULL) < until)
		err = thread_sleep_interruptible(
			time_deadline(MAX(until - thread_cpu_time(NULL), NS_PER_MS)));
	if (err && left && !(flags & TIMER_ABSTIME))
		*left = timespec_of_ns(MAX(until - thread_cpu_time(NULL), (ns_t)0));
	if (err)
		posix_failed(err);
	return -err;
}

/* Returns an error number, as POSIX says, instead of setting errno. */
UNIK_API int clock_nanosleep(clockid_t clock, int flags, const struct timespec *when,
			     struct timespec *left)
{
	ns_t deadline, unused;
	int err;

	if (clock == CLOCK_THREAD_CPUTIME_ID)
		return EINVAL;
	if (clock == CLOCK_PROCESS_CPUTIME_ID)
		return sleep_cpu_time(flags, when, left);
	if (flags & TIMER_ABSTIME && clock == CLOCK_REALTIME) {
		err = sleep_until_wall(when);
		if (err == -EINTR)
			posix_failed(err);
		return -err;
	}
	if (flags & TIMER_ABSTIME) {
		err = clock_deadline(clock, when, &deadline);
		left = NULL;
	} else {
		err = clock_read(clock, &unused);
		if (!err)
			err = timespec_to_ns(when, &deadline);
		if (!err)
			deadline = time_deadline(deadline);
	}
	if (!err)
		err = sleep_until(deadline, left);
	if (err == -EINTR)
		posix_failed(err);
	return -err;
}

UNIK_API int usleep(useconds_t us)
{
	return (int)posix_result(sleep_until(time_deadline((ns_t)us * NS_PER_US), NULL));
}

/* Returns the seconds that are left. */
UNIK_API unsigned sleep(unsigned seconds)
{
	struct timespec left = { 0 };

	if (sleep_until(time_deadline((ns_t)seconds * NS_PER_S), &left))
		posix_failed(-EINTR);
	return (unsigned)left.tv_sec + (left.tv_nsec >= NS_PER_S / 2);
}
