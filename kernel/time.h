// SPDX-License-Identifier: BSD-2-Clause
/*
 * time.h - what time it is.
 *
 * Monotonic time counts nanoseconds since boot and never goes back. Wall time is that plus an
 * offset. Any context, no locks, no errors.
 */
#pragma once
#include "lib/base/compiler.h"

typedef int64_t ns_t; /* nanoseconds: a span, or a point on the monotonic clock */

#define NS_PER_US 1000LL
#define NS_PER_MS 1000000LL
#define NS_PER_S  1000000000LL
#define NS_NEVER  INT64_MAX /* a deadline that does not come */

/* time_init() - time begins now. A few instructions: the clock itself starts at its first use. */
void time_init(void);

ns_t time_now(void);           /* monotonic */
ns_t time_wall(void);          /* since 1970-01-01 00:00 UTC */
void time_set_wall(ns_t wall); /* the wall clock reads `wall` now */

/* time_wall_changed - woken after time_set_wall(): for timers that wait for a wall time. */
struct wait_queue;
extern struct wait_queue time_wall_changed;

/* time_of_cycles() - when the cycle counter had this recent value; 0 before the clock began. */
ns_t time_of_cycles(uint64_t cycles);

/* time_service_deadline() - when the clock wants time_service() called, so that it can measure the
 * cycle counter; NS_NEVER once it is known. For kernel/timer.c. */
ns_t time_service_deadline(void);
void time_service(void);

/* time_deadline() - the point `span` from now, without overflow; NS_NEVER stays NS_NEVER. */
ns_t time_deadline(ns_t span);
