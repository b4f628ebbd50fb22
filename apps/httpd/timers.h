// SPDX-License-Identifier: BSD-2-Clause
/*
 * Time-outs of whole seconds.
 *
 * Model: a wheel of 64 one-second slots with a bit set of those in use. Setting a timer again
 * within the same second, which is what every request does, costs a comparison; finding the
 * next one due costs a bit scan. A time-out beyond the wheel stays in its slot for more rounds.
 * Units: seconds of now.tick.
 * Threads: the event loop's only.
 * Errors: none; nothing is allocated.
 */
#pragma once

#include <stdint.h>

struct timer {
	struct timer *next, *prev; /* NULL: not set */
	uint32_t due;
	void (*expired)(struct timer *t);
};

/* timer_set() - call t->expired(t) when `seconds` have passed; replaces an earlier setting. */
void timer_set(struct timer *t, uint32_t seconds);

/* timer_clear() - not any more; also when it was not set. */
void timer_clear(struct timer *t);

/* timers_wait_ms() - how long until one may be due, as poll() wants it: -1 is for ever. */
int timers_wait_ms(void);

/*
 * timers_run() - call what is due; once per second is enough.
 *
 * A timer is no longer set when it is called. expired() may set or clear its own timer, free
 * it, and set others; it may not clear others.
 */
void timers_run(void);
