// SPDX-License-Identifier: BSD-2-Clause
/*
 * asm/mmio.h - memory order towards devices on AArch64 (Arm ARM, B2.3).
 *
 * mmio_wmb() stands before each register write, for what was written to memory for the device to
 * read; mmio_rmb() behind each register read, for what the device wrote before. Accesses to one
 * device's registers are in order among themselves by their memory type, Device-nGnRE.
 */
#pragma once

/* The address in a register that the compiler knows nothing about: so it makes no load or store
 * that also counts the address up, which a hypervisor is not told enough about to carry it out (ISV
 * is clear; Arm ARM, D17.2.40). */
#define mmio_at(p)                       \
	({                               \
		__typeof__(p) at_ = (p); \
		__asm__("" : "+r"(at_)); \
		at_;                     \
	})

/* Devices on a bus that has no part in the caches' protocol exist; their lines: Arm ARM, D17.2.36,
 * CTR_EL0.CWG, at most 2 KiB and 128 bytes where we know it. */
#define DMA_ALL_SNOOP      false
#define DMA_LINE_BYTES_MAX 128

#define mmio_rmb() __asm__ volatile("dmb oshld" ::: "memory")
#define mmio_wmb() __asm__ volatile("dmb oshst" ::: "memory")
#define dma_rmb()  __asm__ volatile("dmb oshld" ::: "memory")
#define dma_wmb()  __asm__ volatile("dmb oshst" ::: "memory")
/* QEMU before 8.1 translates no barriers on a machine with one CPU, although its devices run on
 * other threads of the host. Reading the counter takes QEMU's global lock, which is a barrier
 * there, and is cheap on a real CPU. */
#define dma_mb() __asm__ volatile("dmb osh\n\tmrs xzr, cntvct_el0" ::: "memory")
