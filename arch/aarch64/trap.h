// SPDX-License-Identifier: BSD-2-Clause
/* trap.h - exceptions of the CPU. Ref: Arm ARM (DDI 0487), D1.3.1 (vectors), D17.2.40 (ESR). */
#pragma once
#include "lib/base/compiler.h"
#include <asm/cpu_offsets.h>

/* The entries of the vector table, in its order: four kinds from each of four places. */
enum trap_kind { TRAP_SYNC, TRAP_IRQ, TRAP_FIQ, TRAP_SERROR, TRAP_KINDS };
enum trap_from { TRAP_FROM_THREAD, TRAP_FROM_FAULT, TRAP_FROM_USER64, TRAP_FROM_USER32 };

/* As traps.S leaves it on the stack. */
struct trap_frame {
	uint64_t x[31], sp, pc, spsr, esr, far, vector, reserved;
};

_Static_assert(offsetof(struct trap_frame, sp) == TRAP_SP, "cpu_offsets.h");
_Static_assert(offsetof(struct trap_frame, pc) == TRAP_PC, "cpu_offsets.h");
_Static_assert(offsetof(struct trap_frame, esr) == TRAP_ESR, "cpu_offsets.h");
_Static_assert(offsetof(struct trap_frame, vector) == TRAP_VECTOR, "cpu_offsets.h");
_Static_assert(sizeof(struct trap_frame) == TRAP_FRAME_BYTES, "cpu_offsets.h");

/* trap_handle() - returns when the instruction is to be tried again. */
void trap_handle(const struct trap_frame *f);
void irq_handle(void);
