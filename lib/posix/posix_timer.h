// SPDX-License-Identifier: BSD-2-Clause
/*
 * posix_timer.h - a timer on one of POSIX's clocks that sends a signal: what timer_create() and
 * setitimer() share.
 *
 * Timers on processor-time clocks are looked at again whenever they could be due, but at most once
 * in a millisecond. Points on CLOCK_REALTIME are looked at again when somebody sets it.
 *
 * Threading: any thread; under signal_lock. Errors: -errno.
 */
#pragma once
#include <time.h>
#include "kernel/wait.h"
#include "lib/posix/signals.h"

struct posix_timer {
	struct timer timer;
	clockid_t clock;
	clockid_t counts_on; /* the same, but for spans on CLOCK_REALTIME: setting it is not for
				them */
	struct waiter clock_is_set; /* for points on CLOCK_REALTIME: look again */
	struct thread *thread;      /* whose processor time it counts: CLOCK_THREAD_CPUTIME_ID */
	ns_t due;                   /* on `clock`; 0: not armed */
	ns_t interval;              /* 0: once */
	int overrun;                /* expirations since the one that is pending */
	int overrun_taken;          /* the same of the one that was delivered last */
	/* expired() - it is due; under signal_lock, in an interrupt. */
	void (*expired)(struct posix_timer *t);
};

/* posix_timer_init() - not armed. -EINVAL: no timers on this clock. */
int posix_timer_init(struct posix_timer *t, clockid_t clock, void (*expired)(struct posix_timer *));

/* posix_timer_set() - due at `due` or in that time, and every `interval` from then on; 0: not any
 * more. posix_timer_get() - in what time it is due (0: it is not), and its interval. */
void posix_timer_set(struct posix_timer *t, bool absolute, ns_t due, ns_t interval);
ns_t posix_timer_get(struct posix_timer *t, ns_t *interval);

/* posix_timer_stop() - not due any more, and nothing refers to t. */
void posix_timer_stop(struct posix_timer *t);
