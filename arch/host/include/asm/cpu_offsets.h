// SPDX-License-Identifier: BSD-2-Clause
/* asm/cpu_offsets.h - numbers that assembly and C share. */
#pragma once

#define CPU_IRQ_STACK  0
#define CPU_FPU_BYTES  8
#define CPU_USE_XSAVE  12
#define CPU_FPU_MASK   16
#define CPU_IRQ_STATE  20
#define CPU_NO_RESCHED 0x80000000

/* In the frames that signals leave, as on the bare CPU: interrupts were on. */
#define RFLAGS_IF (1 << 9)

/* struct context */
#define CONTEXT_SP 0

/* struct trap_frame (arch/x86_64/trap.h) */
#define FRAME_RFLAGS 144
