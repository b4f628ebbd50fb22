// SPDX-License-Identifier: BSD-2-Clause
/* asm/irq.h on the host - a CPU with a few vectors, so that running out of them is quick. */
#pragma once

#define IRQ_VECTOR_FIRST 0x30
#define IRQ_VECTOR_COUNT 8
#define IRQ_VECTORS      256
