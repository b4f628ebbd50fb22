// SPDX-License-Identifier: BSD-2-Clause
/*
 * timer.h - call a function at a time.
 *
 * Tickless: the hardware is programmed for the earliest timer only. The callback runs in
 * interrupt context on the CPU that armed it: it wakes and returns. Timers are embedded in
 * what they serve; nothing is allocated and nothing fails.
 *
 * Threading: any context. timer_cancel() does not wait for a callback that is running on
 * another CPU: callbacks take the lock of what they serve.
 */
#pragma once
#include "kernel/time.h"
#include "lib/base/pheap.h"

struct timer {
	struct pheap_node node; /* key: deadline [ns_t] */
	void (*fire)(struct timer *t);
	struct timer_queue *queue; /* of the CPU that armed it last; NULL: never armed */
};

/*
 * timer_interrupt() - called by the architecture when the CPU's timer has fired, early or not:
 * runs what is due on this CPU and sets the hardware for the next.
 */
void timer_interrupt(void);

/* timer_refresh() - set this CPU's hardware again; time_service_deadline() has changed. */
void timer_refresh(void);

/* timer_init() - not armed, calls fire(t) when due. */
void timer_init(struct timer *t, void (*fire)(struct timer *t));

/* timer_arm() - due at `deadline` (monotonic; in the past: at once). Moves an armed timer. */
void timer_arm(struct timer *t, ns_t deadline);

/* timer_cancel() - not due any more. Returns whether it was armed. */
bool timer_cancel(struct timer *t);

/* timer_armed() - is it due some time? */
static inline bool timer_armed(const struct timer *t)
{
	return pheap_queued(&t->node);
}

/* timer_interrupt() - called by the architecture when arch_timer_set()'s time has come. */
void timer_interrupt(void);
