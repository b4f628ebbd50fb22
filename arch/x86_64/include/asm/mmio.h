// SPDX-License-Identifier: BSD-2-Clause
/*
 * asm/mmio.h - memory order towards devices on x86-64.
 *
 * Stores are seen in order and loads are not reordered with loads (Intel SDM vol. 3, 9.2), also
 * between write-back and uncached memory, so most barriers are for the compiler alone; only
 * store-then-load needs a fence.
 */
#pragma once

#define mmio_at(p) (p)
#define mmio_rmb() __asm__ volatile("" ::: "memory")
#define mmio_wmb() __asm__ volatile("" ::: "memory")
#define dma_rmb()  __asm__ volatile("" ::: "memory")
#define dma_wmb()  __asm__ volatile("" ::: "memory")
#define dma_mb()   __asm__ volatile("lock; addl $0, -4(%%rsp)" ::: "memory", "cc")
