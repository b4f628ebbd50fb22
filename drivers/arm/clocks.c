// SPDX-License-Identifier: BSD-2-Clause
#include "drivers/clock.h"

/* The generic timer says its own rate: arch_cycles_hz(). */
struct refclock *const refclock_table[] = { NULL };
struct wallclock *const wallclock_table[] = { NULL };

uint64_t clock_cycles_hz(void)
{
	return 0;
}
