// SPDX-License-Identifier: BSD-2-Clause
/*
 * clock.h - Xen's system time and time of day, from the page that it shares with the guest.
 *
 * Threading: any context. Errors: 0 or false where this is not Xen, or Xen says nothing.
 */
#pragma once
#include "drivers/clock.h"

extern const struct wallclock xen_wallclock;

/* xen_clock_hz() - the rate of the time-stamp counter (x86-64). xen_clock_now() - system time,
 * which the deadlines of Xen's own timers are in. xen_clock_stolen() - as clock_stolen(). */
uint64_t xen_clock_hz(void);
bool xen_clock_now(uint64_t *system_ns);
ns_t xen_clock_stolen(void);
