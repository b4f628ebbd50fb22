// SPDX-License-Identifier: BSD-2-Clause
/*
 * idle.h - whoever is about to sleep polls the devices first.
 *
 * A poller is work that a subsystem wants done when a thread would otherwise sleep: look at the
 * ring, hand up packets. It runs in the parking thread, which holds no spinlock but perhaps
 * mutexes: a poller only tries locks, never waits for them.
 *
 * Threading: registration once, at the subsystem's start, from a thread.
 */
#pragma once
#include "lib/base/compiler.h"
#include "lib/base/list.h"

struct poller {
	struct list node;
	/* poll() - do a bounded amount of work. Returns true when there is more, so that the
	 * CPU does not halt. Before it returns false it has made sure that an interrupt comes
	 * for the next work (device interrupts enabled, ring checked once more). */
	bool (*poll)(struct poller *p);
};

void idle_add_poller(struct poller *p);
void idle_remove_poller(struct poller *p);

/* idle_poll() - run all pollers once; true when any has more work. Used by the scheduler. */
bool idle_poll(void);

/* idle_is_waiting() - did this interrupt come while this CPU idles? Then the pollers run next
 * without anybody being woken. Interrupt context. */
bool idle_is_waiting(void);
