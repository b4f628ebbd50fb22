// SPDX-License-Identifier: BSD-2-Clause
/*
 * timebase.h - from the cycle counter to nanoseconds. For kernel/time.c; others: kernel/time.h.
 *
 * A timebase is written once and never changed; a better one takes its place. So readers need
 * no lock, and the time does not jump when the rate is corrected.
 */
#pragma once
#include "arch/cpu.h"
#include "kernel/time.h"
#include "lib/base/mul.h"

/* time = ns + (cycle counter - cycles) * rate, rate in units of 2^-32 ns */
struct timebase {
	uint64_t cycles;
	ns_t ns;
	uint64_t rate;
};

/* The one in force; NULL until the counter's rate is known. */
extern const struct timebase *timebase;

/* timebase_measure() - the time while there is no timebase. The first call starts the clock. */
ns_t timebase_measure(void);

/* timebase_rate() - what is known about the rate so far. */
uint64_t timebase_rate(void);

/* timebase_span() - so many counts of that rate. */
static inline ns_t timebase_span(uint64_t counts, uint64_t rate)
{
	return (ns_t)mul_shift(counts, rate, 32);
}

static inline ns_t timebase_at(const struct timebase *b, uint64_t cycles)
{
	int64_t delta = (int64_t)(cycles - b->cycles);

	/* Another CPU may have set the base a moment ahead of this one's counter. */
	return delta > 0 ? b->ns + timebase_span((uint64_t)delta, b->rate) : b->ns;
}
