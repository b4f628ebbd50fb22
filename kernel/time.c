// SPDX-License-Identifier: BSD-2-Clause
/* time.c - monotonic time on the cycle counter, wall time on top. */
#include "kernel/time.h"
#include "arch/cpu.h"
#include "drivers/clock.h"
#include "kernel/timebase.h"
#include "kernel/wait.h"

ns_t time_now(void)
{
	const struct timebase *b = __atomic_load_n(&timebase, __ATOMIC_ACQUIRE);

	if (unlikely(!b))
		return timebase_measure();
	return timebase_at(b, cpu_cycles());
}

ns_t time_of_cycles(uint64_t cycles)
{
	ns_t now = time_now();
	ns_t ago = timebase_span(cpu_cycles() - cycles, timebase_rate());

	return ago > 0 && ago < now ? now - ago : 0;
}

ns_t time_deadline(ns_t span)
{
	ns_t now = time_now();

	return span > NS_NEVER - now ? NS_NEVER : now + span;
}

/* --- wall time ----------------------------------------------------------------------- */

static ns_t wall_offset; /* wall time minus monotonic time */
static bool wall_known;

static void wall_set_offset(ns_t offset)
{
	__atomic_store_n(&wall_offset, offset, __ATOMIC_RELAXED);
	__atomic_store_n(&wall_known, true, __ATOMIC_RELEASE);
}

/* Without any clock the machine's time begins in 1970, which nobody takes for the truth. */
static UNIK_COLD void wall_start(void)
{
	ns_t wall = time_now();

	for (const struct wallclock *const *c = wallclock_table; *c; c++)
		if ((*c)->read(*c, &wall))
			break;
	wall_set_offset(wall - time_now());
}

ns_t time_wall(void)
{
	if (unlikely(!__atomic_load_n(&wall_known, __ATOMIC_ACQUIRE)))
		wall_start();
	return time_now() + READ_ONCE(wall_offset);
}

struct wait_queue time_wall_changed = WAIT_QUEUE_INIT(time_wall_changed);

void time_set_wall(ns_t wall)
{
	wall_set_offset(wall - time_now());
	wait_queue_wake_all(&time_wall_changed);
}
