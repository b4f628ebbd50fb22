// SPDX-License-Identifier: BSD-2-Clause
#include "drivers/pc/clocks.h"
#include "drivers/xen/clock.h"

/* The 8254 needs no table to be found, but it wraps 18 times a second and takes three accesses. */
const struct refclock *const refclock_table[] = { &hpet, &pmtimer, &pit, NULL };
const struct wallclock *const wallclock_table[] = { &xen_wallclock, &kvmclock, &rtc, NULL };

uint64_t clock_cycles_hz(void)
{
	uint64_t hz = xen_clock_hz();

	return hz ? hz : kvmclock_hz();
}

ns_t clock_stolen(void)
{
	return xen_clock_stolen();
}
