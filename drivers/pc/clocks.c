// SPDX-License-Identifier: BSD-2-Clause
#include "drivers/pc/clocks.h"

/* The 8254 needs no table to be found, but it wraps 18 times a second and takes three accesses. */
struct refclock *const refclock_table[] = { &hpet, &pmtimer, &pit, NULL };
struct wallclock *const wallclock_table[] = { &kvmclock, &rtc, NULL };
