// SPDX-License-Identifier: BSD-2-Clause
/*
 * clock.h - the porting contract, part 4: the cycle counter's rate and the one-shot timer.
 */
#pragma once
#include "kernel/time.h"

/* arch_cycles_hz() - the rate of cpu_cycles() if the CPU or the hypervisor states it, else 0. */
uint64_t arch_cycles_hz(void);

/* arch_timer_init() - the CPU's own one-shot timer, off. */
void arch_timer_init(void);

/* arch_timer_set() - interrupt in `span` from now (at once for <= 0; early is allowed, late is
 * not); NS_NEVER: none. Interrupts are off. */
void arch_timer_set(ns_t span);
