// SPDX-License-Identifier: BSD-2-Clause
/*
 * asm/mmio.h on the host - barriers for the compiler, and full ones where a fake device may be
 * another host thread.
 */
#pragma once

#define DMA_ALL_SNOOP      false
#define DMA_LINE_BYTES_MAX 128

#define mmio_at(p) (p)
#define mmio_rmb() __asm__ volatile("" ::: "memory")
#define mmio_wmb() __asm__ volatile("" ::: "memory")
#define dma_rmb()  __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define dma_wmb()  __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define dma_mb()   __atomic_thread_fence(__ATOMIC_SEQ_CST)
