// SPDX-License-Identifier: BSD-2-Clause
/*
 * net.h - the network: one lock, the way in and out, start, timers.
 *
 * lwIP runs in whoever calls it, under net_lock: a socket call in the caller, received frames in
 * the thread that is about to sleep (kernel/idle.h) or, while other threads keep the CPU busy,
 * in the thread "net". Nothing sleeps while it holds net_lock.
 *
 * Threading: net_enter()/net_leave() from threads only. net_lock is inside of no other lock but
 * those of the C library's callers; wait queues, the heaps and the timers' locks are inside it.
 * Errors: -errno.
 */
#pragma once
#include "kernel/mutex.h"
#include "kernel/time.h"

extern struct mutex net_lock;

struct net_state {
	bool ticking;      /* TCP's clock runs; else it is brought up to date on entry */
	bool timer_due;    /* set by the timer interrupt */
	bool tx_pending;   /* frames were queued that the device was not told of */
	bool loop_pending; /* frames wait on the loopback path */
};
extern struct net_state net_state; /* timer_due: any context; the others under net_lock */

/* The slow halves, when the flags above ask for them. Under net_lock. */
void net_timers_resume(void);
void net_settle(void);

/*
 * net_enter() - take net_lock and bring TCP's clock up to date.
 * net_leave() - deliver loopback frames, tell the device of queued ones, release net_lock.
 */
static inline void net_enter(void)
{
	mutex_lock(&net_lock);
	if (unlikely(!net_state.ticking))
		net_timers_resume();
}

static inline void net_leave(void)
{
	if (net_state.tx_pending | net_state.loop_pending)
		net_settle();
	mutex_unlock(&net_lock);
}

/*
 * net_start() - bring the network up: loopback, the devices, DHCP or unik.ip=. Idempotent.
 *
 * Returns 0, also where the machine has no device (loopback works); -ENOMEM.
 * Context: thread, net_lock not held. Addresses arrive later, see net_wait_address().
 */
int net_start(void) UNIK_MUST_CHECK;

/* net_is_started() - has net_start() come to its end? Before that net_enter() is not for anybody
 * else: its clocks are not there yet. Any context. */
bool net_is_started(void);

/*
 * net_wait_address() - wait until an interface has an address for this family, or the limit.
 *
 * ipv6   an IPv6 address of more than link scope is needed
 *
 * Returns 0; -ENETUNREACH no device, or no address within NET_ADDRESS_WAIT_NS of the start.
 * Context: thread, net_lock not held; sleeps.
 */
int net_wait_address(bool ipv6);
#define NET_ADDRESS_WAIT_NS (10 * NS_PER_S)

/* net_address_state() - the same without waiting: 0 it is there; -EAGAIN it may still come;
 * -ENETUNREACH. Any context. */
int net_address_state(bool ipv6);

/* net_timers_run() - run what is due and arm the kernel timer for the rest. Under net_lock. */
void net_timers_run(void);
void net_timers_init(void);
/* net_timers_kick() - a slow protocol (DHCP, DNS, neighbour discovery) has something to do. */
void net_timers_kick(void);

/*
 * A protocol's clock: tick() is called at its period while needed(). What a program does not use
 * does not add one, and is not in its image. Under net_lock.
 */
struct net_clock {
	void (*tick)(void);
	bool (*needed)(void);
	uint32_t period_ms;
	struct net_clock_state {
		ns_t next; /* NS_NEVER while not needed */
		const struct net_clock *link;
	} * state;
};
void net_clock_add(const struct net_clock *c);

/* Is a TCP timer what runs now? Tells a time-out from an abort. */
extern bool net_in_tick;
