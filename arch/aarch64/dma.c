// SPDX-License-Identifier: BSD-2-Clause
/*
 * dma.c - caches by address, to the point of coherency. Ref: Arm ARM (DDI 0487), D7.5.
 *
 * A line is also cleaned where it is only to go away: should it share memory with something else
 * after all, that is not lost.
 */
#include "arch/dma.h"
#include <asm/sysreg.h>

#define CTR_LINE_SHIFT 16 /* log2 of the words in the smallest line */

void dma_cache_clean(const void *p, size_t len, bool discard)
{
	uintptr_t line = 4ul << sysreg_field(sysreg_read(ctr_el0), CTR_LINE_SHIFT);
	uintptr_t at = ALIGN_DOWN((uintptr_t)p, line), end = (uintptr_t)p + len;

	__asm__ volatile("dmb sy" ::: "memory");
	for (; at < end; at += line) {
		if (discard)
			__asm__ volatile("dc civac, %0" ::"r"(at) : "memory");
		else
			__asm__ volatile("dc cvac, %0" ::"r"(at) : "memory");
	}
	__asm__ volatile("dsb sy" ::: "memory");
}
