// SPDX-License-Identifier: BSD-2-Clause
/*
 * asm/irq.h - interrupt vectors on x86-64: 0x00..0x1f are the CPU's (Intel SDM vol. 3, 6.2),
 * 0x20..0x2f is where a masked 8259 pair may still point, the rest is for devices. Xen's events
 * come without the local APIC's doing, so theirs is none of the vectors that it is told the end of.
 */
#pragma once

#define IRQ_VECTOR_XEN      0x20
#define IRQ_VECTOR_FIRST    0x30
#define IRQ_VECTOR_COUNT    46
#define IRQ_VECTOR_TIMER    0x5e
#define IRQ_VECTOR_SPURIOUS 0x5f
#define IRQ_VECTORS         0x60 /* entries of the interrupt descriptor table */

/* The entries in traps.S, which are in two groups with a gap between them. */
#define TRAP_STUB_BYTES 8
#define IRQ_STUB_BYTES  4
#define IRQ_STUBS_LOW   32
#define STUB_GAP_BYTES  8
