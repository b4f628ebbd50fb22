// SPDX-License-Identifier: BSD-2-Clause
#define _GNU_SOURCE /* the clocks beyond POSIX */
#include "lib/posix/posix_timer.h"
#include <errno.h>
#include <limits.h>
#include "kernel/thread.h"
#include "lib/posix/timespec.h"

static bool is_cpu_clock(clockid_t clock)
{
	return clock == CLOCK_PROCESS_CPUTIME_ID || clock == CLOCK_THREAD_CPUTIME_ID;
}

static ns_t now_of(const struct posix_timer *t)
{
	ns_t now = 0;

	if (t->clock == CLOCK_THREAD_CPUTIME_ID)
		return thread_cpu_time(t->thread);
	return clock_read(t->counts_on, &now) ? 0 : now;
}

/* When to look at it next. */
static void arm(struct posix_timer *t, ns_t now)
{
	ns_t span = MAX(t->due - now, (ns_t)0);

	if (is_cpu_clock(t->clock))
		span = MAX(span, NS_PER_MS);
	timer_arm(&t->timer, time_deadline(span));
}

/* All that have been due by now are one expiration and overruns. */
static void expire(struct posix_timer *t, ns_t now)
{
	ns_t n = t->interval ? 1 + (now - t->due) / t->interval : 1;

	t->overrun = (int)MIN(t->overrun + n - 1, (ns_t)INT_MAX);
	t->due = t->interval ? t->due + n * t->interval : 0;
	t->expired(t);
}

static void fire(struct timer *timer)
{
	struct posix_timer *t = container_of(timer, struct posix_timer, timer);
	irq_state_t irq = spin_lock_irqsave(&signal_lock);
	ns_t now = now_of(t);

	if (t->due && t->due <= now)
		expire(t, now);
	if (t->due)
		arm(t, now);
	spin_unlock_irqrestore(&signal_lock, irq);
}

static void look_again(struct waiter *w)
{
	timer_arm(&container_of(w, struct posix_timer, clock_is_set)->timer, 0);
}

int posix_timer_init(struct posix_timer *t, clockid_t clock, void (*expired)(struct posix_timer *))
{
	ns_t now;

	if (clock_read(clock, &now))
		return -EINVAL;
	if (clock > CLOCK_MONOTONIC && !is_cpu_clock(clock) && clock != CLOCK_BOOTTIME)
		return -EINVAL;
	timer_init(&t->timer, fire);
	list_init(&t->clock_is_set.node);
	t->clock_is_set.queue = &time_wall_changed;
	t->clock_is_set.wake = look_again;
	t->clock_is_set.exclusive = false;
	t->clock = t->counts_on = clock;
	t->thread = thread_current();
	t->expired = expired;
	return 0;
}

void posix_timer_set(struct posix_timer *t, bool absolute, ns_t due, ns_t interval)
{
	ns_t now;

	posix_timer_stop(t);
	t->counts_on = t->clock == CLOCK_REALTIME && !absolute ? CLOCK_MONOTONIC : t->clock;
	now = now_of(t);
	t->overrun = t->overrun_taken = 0;
	t->interval = interval;
	if (due == 0)
		return;
	t->due = absolute ? MAX(due, (ns_t)1) : due > NS_NEVER - now ? NS_NEVER : now + due;
	if (t->counts_on == CLOCK_REALTIME)
		wait_add(&time_wall_changed, &t->clock_is_set);
	arm(t, now);
}

void posix_timer_stop(struct posix_timer *t)
{
	wait_remove(&t->clock_is_set);
	timer_cancel(&t->timer);
	t->due = 0;
}

ns_t posix_timer_get(struct posix_timer *t, ns_t *interval)
{
	*interval = t->interval;
	return t->due ? MAX(t->due - now_of(t), (ns_t)1) : 0;
}
