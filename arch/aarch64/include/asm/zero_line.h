// SPDX-License-Identifier: BSD-2-Clause
/*
 * asm/zero_line.h - lines of zeros made by the CPU without a store. Ref: Arm ARM, C5.3.15 (DC ZVA),
 * D17.2.40 (DCZID_EL0).
 */
#pragma once
#include <stdint.h>

/* cpu_zero_line_bytes() - how many bytes a line has, 4 to 2048; 0: it must not be used. */
static inline unsigned cpu_zero_line_bytes(void)
{
	uint64_t dczid;

	__asm__("mrs %0, dczid_el0" : "=r"(dczid));
	return dczid & 0x10 ? 0 : 4u << (dczid & 15);
}

/* cpu_zero_line() - make the line at `line`, which is aligned to its size, zero. Normal memory. */
static inline void cpu_zero_line(void *line)
{
	__asm__ volatile("dc zva, %0" ::"r"(line) : "memory");
}
