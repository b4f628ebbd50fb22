// SPDX-License-Identifier: BSD-2-Clause
/* asm/irq.h - vectors on the host: those of lines, which are only numbers here, and one for all
 * events; below are the exceptions of x86-64, which the host passes on. */
#pragma once

#define IRQ_VECTOR_FIRST  0x30
#define IRQ_VECTOR_COUNT  46
#define IRQ_VECTOR_EVENTS 0x5f /* which, is in struct cpu */
