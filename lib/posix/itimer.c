// SPDX-License-Identifier: BSD-2-Clause
/*
 * itimer.c - setitimer() and alarm(). All processor time is the user's, so ITIMER_VIRTUAL and
 * ITIMER_PROF count the same.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>
#include "lib/libc/result.h"
#include "lib/posix/posix_timer.h"
#include "lib/posix/thread.h"
#include "lib/posix/timespec.h"

static struct posix_timer timers[3]; /* by ITIMER_* */

static void expired(struct posix_timer *t)
{
	static const uint8_t signals[] = {
		[ITIMER_REAL] = SIGALRM, [ITIMER_VIRTUAL] = SIGVTALRM, [ITIMER_PROF] = SIGPROF
	};

	t->overrun = 0;
	signal_post_locked(NULL, signals[t - timers], NULL);
}

static int start(int which)
{
	struct posix_timer *t = &timers[which];

	if (which < ITIMER_REAL || which > ITIMER_PROF)
		return -EINVAL;
	signal_start();
	if (!posix_thread_self())
		return -ENOMEM;
	return t->expired ? 0
			  : posix_timer_init(t,
					     which == ITIMER_REAL ? CLOCK_MONOTONIC
								  : CLOCK_PROCESS_CPUTIME_ID,
					     expired);
}

static struct timeval timeval_of_ns(ns_t ns)
{
	ns_t us = (ns + NS_PER_US - 1) / NS_PER_US;

	return (struct timeval){ .tv_sec = us / 1000000, .tv_usec = us % 1000000 };
}

static int timeval_to_ns(const struct timeval *tv, ns_t *out)
{
	struct timespec ts = { tv->tv_sec, tv->tv_usec * NS_PER_US };

	return tv->tv_usec < 0 || tv->tv_usec > 999999 ? -EINVAL : timespec_to_ns(&ts, out);
}

/* What it was, in what time and then how often [ns]. */
static ns_t set(int which, ns_t due, ns_t interval, ns_t *old_interval)
{
	irq_state_t irq = spin_lock_irqsave(&signal_lock);
	ns_t old = posix_timer_get(&timers[which], old_interval);

	posix_timer_set(&timers[which], false, due, interval);
	spin_unlock_irqrestore(&signal_lock, irq);
	return old;
}

UNIK_API int getitimer(int which, struct itimerval *out)
{
	int err = start(which);
	irq_state_t irq;
	ns_t left, every;

	if (err)
		return (int)posix_result(err);
	irq = spin_lock_irqsave(&signal_lock);
	left = posix_timer_get(&timers[which], &every);
	spin_unlock_irqrestore(&signal_lock, irq);
	*out = (struct itimerval){ timeval_of_ns(every), timeval_of_ns(left) };
	return 0;
}

UNIK_API int setitimer(int which, const struct itimerval *restrict new,
		       struct itimerval *restrict old)
{
	ns_t due, interval, left, every;
	int err = start(which);

	if (!err)
		err = timeval_to_ns(&new->it_value, &due);
	if (!err)
		err = timeval_to_ns(&new->it_interval, &interval);
	if (err)
		return (int)posix_result(err);
	left = set(which, due, interval, &every);
	if (old)
		*old = (struct itimerval){ timeval_of_ns(every), timeval_of_ns(left) };
	return 0;
}

/* Returns the seconds that were left: at least 1 while there was something. */
UNIK_API unsigned alarm(unsigned seconds)
{
	ns_t every, left;

	if (start(ITIMER_REAL))
		return 0;
	left = set(ITIMER_REAL, (ns_t)seconds * NS_PER_S, 0, &every);
	if (left > 0 && left < NS_PER_S)
		return 1;
	return (unsigned)((left + NS_PER_S / 2) / NS_PER_S);
}

UNIK_API useconds_t ualarm(useconds_t us, useconds_t interval)
{
	ns_t every;

	if (start(ITIMER_REAL))
		return 0;
	return (useconds_t)(set(ITIMER_REAL, us * NS_PER_US, interval * NS_PER_US, &every) /
			    NS_PER_US);
}
