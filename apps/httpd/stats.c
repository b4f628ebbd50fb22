// SPDX-License-Identifier: BSD-2-Clause
#include "stats.h"

#include "now.h"

struct stats stats;

static struct stats_second seconds[STATS_SECONDS];
static uint32_t tick;            /* the second that is being counted */
static uint64_t requests, bytes; /* the counters when it began */

void stats_update(void)
{
	uint32_t passed = now.tick - tick;

	if (passed > STATS_SECONDS)
		passed = STATS_SECONDS;
	/* All of it belongs to the second that has ended; those after it were silent. */
	for (uint32_t t = now.tick - passed; t != now.tick; t++) {
		seconds[t % STATS_SECONDS].requests = (uint32_t)(stats.requests - requests);
		seconds[t % STATS_SECONDS].bytes = (uint32_t)(stats.bytes - bytes);
		requests = stats.requests;
		bytes = stats.bytes;
	}
	tick = now.tick;
}

const struct stats_second *stats_second(unsigned int ago)
{
	return &seconds[(now.tick - ago) % STATS_SECONDS];
}
