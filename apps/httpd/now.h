// SPDX-License-Identifier: BSD-2-Clause
/*
 * The time, read once per round of the event loop.
 *
 * Model: `now` is what everything in the program takes for the present. Within one second a
 * refresh is one clock_gettime(); the Date text and the statistics move once per second.
 * Units: seconds.
 * Threads: the event loop's only.
 * Errors: none.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "http.h"

struct now {
	uint32_t tick;            /* monotonic; never jumps */
	int64_t real;             /* since 1970 */
	char date[HTTP_DATE_LEN]; /* real, as a Date field wants it */
};

extern struct now now;

/* now_update() - look at the clock. Returns whether a new second has begun. */
bool now_update(void);
