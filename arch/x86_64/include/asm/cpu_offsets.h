// SPDX-License-Identifier: BSD-2-Clause
/* asm/cpu_offsets.h - numbers that assembly and C share. */
#pragma once

#define CPU_CURRENT    8
#define CPU_PREEMPT    16
#define CPU_IRQ_STACK  24
#define CPU_FPU_BYTES  32
#define CPU_USE_XSAVE  36
#define CPU_NO_RESCHED 0x80000000

#define RFLAGS_IF (1 << 9)

#define SEG_CODE 0x08
#define SEG_DATA 0x10
#define SEG_TSS  0x18

/* struct context */
#define CONTEXT_SP  0
#define CONTEXT_TLS 8
