// SPDX-License-Identifier: BSD-2-Clause
/*
 * clock.h - the class of reference clocks and of wall clocks.
 *
 * A reference clock counts at a rate that is known without measuring. It serves to find the rate
 * of the CPU's cycle counter where nobody tells it, and as the clock until that is known; nobody
 * ever waits in a loop for it. A wall clock is read once, when the time of day is first asked for.
 *
 * Threading: read from any context. Errors: NULL or false where the machine has none.
 */
#pragma once
#include "kernel/time.h"

struct refclock_rate {
	uint64_t hz;
	uint64_t mask; /* of the counter's bits; it wraps at mask + 1 */
};

struct refclock {
	const char *name;
	struct refclock_rate *rate;              /* what can be known before probe() is there */
	bool (*probe)(const struct refclock *c); /* is it there? completes *rate, starts it */
	uint64_t (*read)(const struct refclock *c);
};

/* The reference clocks of this platform, the best first, NULL-terminated. */
extern const struct refclock *const refclock_table[];

/* A paravirtual clock that says what the cycle counter's rate is, or a wall clock, or both. */
struct wallclock {
	const char *name;
	/* read() - nanoseconds since 1970-01-01 UTC now. False: not there, or nonsense. */
	bool (*read)(const struct wallclock *c, ns_t *wall);
};
extern const struct wallclock *const wallclock_table[];

/* clock_cycles_hz() - the cycle counter's rate if the hypervisor's shared clock page tells it,
 * else 0. (CPUID leaves are the architecture's matter.) */
uint64_t clock_cycles_hz(void);

/* clock_stolen() - for how long, since the first call, this CPU was not there for us though there
 * was work, as the hypervisor says; 0 where none does. Never less than before. Context: any, the
 * first call with interrupts off. */
ns_t clock_stolen(void);
