// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/timerfd.h - timers behind a descriptor.
 *
 * read() of 8 bytes gives how often the timer has expired since the last read or setting, and
 * waits for the first time. Clocks: CLOCK_REALTIME, CLOCK_MONOTONIC.
 * Threading: any thread. Errors: -1 and errno.
 */
#pragma once
#include <fcntl.h>
#include <sys/cdefs.h>
#include <time.h>

enum {
	TFD_CLOEXEC = O_CLOEXEC,
	TFD_NONBLOCK = O_NONBLOCK,
};
#define TFD_CLOEXEC  TFD_CLOEXEC
#define TFD_NONBLOCK TFD_NONBLOCK

#define TFD_TIMER_ABSTIME       1
#define TFD_TIMER_CANCEL_ON_SET 2 /* read() fails with ECANCELED when the clock was set */

__BEGIN_DECLS

int timerfd_create(clockid_t __clock, int __flags);
int timerfd_settime(int __fd, int __flags, const struct itimerspec *__new,
		    struct itimerspec *__old);
int timerfd_gettime(int __fd, struct itimerspec *__value);

__END_DECLS
