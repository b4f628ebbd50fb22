// SPDX-License-Identifier: BSD-2-Clause
/*
 * clocks.h - the reference and wall clocks that a PC may have; drivers/clock.h has the class.
 */
#pragma once
#include "drivers/clock.h"

extern const struct refclock hpet, pmtimer, pit;
extern const struct wallclock kvmclock, rtc;

/* kvmclock_hz() - the cycle counter's rate as KVM says it; 0: it does not. */
uint64_t kvmclock_hz(void);
