// SPDX-License-Identifier: BSD-2-Clause
/*
 * What the server has done, counted where it happens.
 *
 * Model: plain counters, and how the requests and bytes of the last minute spread over its
 * seconds. There is no timer behind it: seconds that passed in silence are filled in when the
 * clock is next looked at, so that an idle server stays asleep.
 * Units: bytes, seconds.
 * Threads: the event loop's only.
 * Errors: none; counters wrap.
 */
#pragma once

#include <stdint.h>

enum { STATS_SECONDS = 60 };

struct stats {
	uint32_t started; /* now.tick at the start */
	uint32_t open;    /* connections at present */
	uint32_t peak;
	uint32_t max;
	uint64_t accepted;
	uint64_t requests;
	uint64_t refused; /* of these, answered with 4xx or 5xx */
	uint64_t bytes;   /* sent */
};

struct stats_second {
	uint32_t requests;
	uint32_t bytes;
};

extern struct stats stats;

/* stats_update() - a new second has begun. */
void stats_update(void);

/* stats_second() - what was done `ago` full seconds ago, 1..STATS_SECONDS. */
const struct stats_second *stats_second(unsigned int ago);
