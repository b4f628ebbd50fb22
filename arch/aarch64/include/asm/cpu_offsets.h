// SPDX-License-Identifier: BSD-2-Clause
/* asm/cpu_offsets.h - numbers that assembly and C share. */
#pragma once

/* struct cpu */
#define CPU_PREEMPT      0 /* depth, then `no switch wanted`: one 64-bit word */
#define CPU_IRQ_STACK    8
#define CPU_NESTED_STACK 16

/* struct context */
#define CONTEXT_SP  0
#define CONTEXT_TLS 8

/* What context_switch() leaves on the stack. */
#define SWITCH_FRAME_BYTES 176
#define SWITCH_X19         0 /* x19 to x28 */
#define SWITCH_X29         80
#define SWITCH_D8          96
#define SWITCH_FPCR        160

/* struct trap_frame */
#define TRAP_FRAME_BYTES 304
#define TRAP_X28         224 /* x28, x29 */
#define TRAP_X30         240
#define TRAP_SP          248
#define TRAP_PC          256
#define TRAP_ESR         272
#define TRAP_VECTOR      288

#define DAIF_IRQ_BIT 2 /* of the immediate of MSR DAIFSet */
