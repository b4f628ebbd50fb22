// SPDX-License-Identifier: BSD-2-Clause
/*
 * clocks.h - the reference and wall clocks that a PC may have; drivers/clock.h has the class.
 */
#pragma once
#include "drivers/clock.h"

extern struct refclock hpet, pmtimer, pit;
extern struct wallclock kvmclock, rtc;
