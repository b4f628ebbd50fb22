// SPDX-License-Identifier: BSD-2-Clause
/*
 * bcm2835_pm.h - the watchdog of a Raspberry Pi, which is how it is started again; its firmware,
 * which then runs first, stays where it is when asked to: as off as such a board can be.
 */
#pragma once
#include "lib/base/compiler.h"

/* bcm2835_pm_restart() - reset the machine. Returns where there is no such thing, or where it does
 * nothing. Context: any, interrupts off. */
void bcm2835_pm_restart(bool stay_off);
