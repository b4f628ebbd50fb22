// SPDX-License-Identifier: BSD-2-Clause
/*
 * asm/mmio.h - memory order towards devices on x86-64.
 *
 * Stores are seen in order and loads are not reordered with loads (Intel SDM vol. 3, 9.2), also
 * between write-back and uncached memory, so most barriers are for the compiler alone; only
 * store-then-load needs a fence, and that for a device in another thread of the host as well.
 *
 * QEMU's translator (TCG) leaves out the fences of a machine with one CPU: all of them before
 * version 8.1, and what a lock prefix implies in any version. A device then misses a
 * notification, or we an interrupt, every few million packets, and the queue stands still for
 * good. Writing CR8 makes the translator take and release its lock, which is a fence; the write
 * changes nothing, for the task priority is always 0. See docs/decisions/fences-under-tcg.md.
 */
#pragma once
#include <stdbool.h>

#define DMA_ALL_SNOOP      true
#define DMA_LINE_BYTES_MAX 64

#define mmio_at(p) (p)
#define mmio_rmb() __asm__ volatile("" ::: "memory")
#define mmio_wmb() __asm__ volatile("" ::: "memory")
#define dma_rmb()  __asm__ volatile("" ::: "memory")
#define dma_wmb()  __asm__ volatile("" ::: "memory")

extern bool cpu_is_translated; /* by TCG; constant after cpu_init_boot() */

static inline void dma_mb(void)
{
	__asm__ volatile("mfence" ::: "memory");
	if (__builtin_expect(cpu_is_translated, 0))
		__asm__ volatile("movq %0, %%cr8" ::"r"(0ul) : "memory");
}
