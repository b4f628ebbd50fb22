// SPDX-License-Identifier: BSD-2-Clause
/*
 * clocks.h - the wall clocks that an ARM machine may have; drivers/clock.h has the class.
 */
#pragma once
#include "drivers/clock.h"

extern const struct wallclock pl031, loader_clock;
