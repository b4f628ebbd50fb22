// SPDX-License-Identifier: BSD-2-Clause
/*
 * timespec.h - between POSIX's spans and clocks and the kernel's nanoseconds.
 *
 * No state. Errors: -EINVAL for what POSIX calls invalid.
 */
#pragma once
#include <errno.h>
#include <time.h>
#include "kernel/time.h"

/* timespec_to_ns() - a span or a point; what does not fit becomes NS_NEVER. */
static inline int timespec_to_ns(const struct timespec *ts, ns_t *out)
{
	if (ts->tv_sec < 0 || ts->tv_nsec < 0 || ts->tv_nsec >= NS_PER_S)
		return -EINVAL;
	if (__builtin_mul_overflow(ts->tv_sec, NS_PER_S, out) ||
	    __builtin_add_overflow(*out, ts->tv_nsec, out))
		*out = NS_NEVER;
	return 0;
}

static inline struct timespec timespec_of_ns(ns_t ns)
{
	return (struct timespec){ .tv_sec = ns / NS_PER_S, .tv_nsec = (long)(ns % NS_PER_S) };
}

/*
 * clock_deadline() - the monotonic time at which a clock reads `ts`.
 *
 * Returns 0; -EINVAL no such clock, or ts is invalid. For CLOCK_REALTIME the answer is right
 * until somebody sets that clock.
 */
int clock_deadline(clockid_t clock, const struct timespec *ts, ns_t *out) UNIK_MUST_CHECK;

/* clock_read() - what a clock reads. 0; -EINVAL no such clock. */
int clock_read(clockid_t clock, ns_t *out) UNIK_MUST_CHECK;

/* clock_of_thread() - the same for what pthread_getcpuclockid() has given, which sets it. */
extern int (*clock_of_thread)(clockid_t clock, ns_t *out);
