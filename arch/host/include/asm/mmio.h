// SPDX-License-Identifier: BSD-2-Clause
/* asm/mmio.h - there are no device registers in a process; the barriers are for the compiler. */
#pragma once

#define mmio_at(p) (p)
#define mmio_rmb() __asm__ volatile("" ::: "memory")
#define mmio_wmb() __asm__ volatile("" ::: "memory")
#define dma_rmb()  __asm__ volatile("" ::: "memory")
#define dma_wmb()  __asm__ volatile("" ::: "memory")
#define dma_mb()   __atomic_thread_fence(__ATOMIC_SEQ_CST)
