// SPDX-License-Identifier: BSD-2-Clause
/* trap.h - exceptions of the CPU. Ref: Arm ARM (DDI 0487), D1.3.1 (vectors), D17.2.40 (ESR). */
#pragma once
#include "lib/base/compiler.h"
#include <asm/cpu_offsets.h>

/* The entries of the vector table, in its order: four kinds from each place. */
enum trap_kind { TRAP_SYNC, TRAP_IRQ, TRAP_FIQ, TRAP_SERROR, TRAP_KINDS };
enum trap_from { TRAP_FROM_THREAD, TRAP_FROM_FAULT };

/* As traps.S leaves it on a stack. */
struct trap_frame {
	uint64_t x[31], sp, pc, spsr;
	uint64_t esr, far; /* of an exception only */
	uint64_t vector;   /* place * TRAP_KINDS + kind */
	uint64_t note;     /* what the hook of arch/fault.h said: TRAP_NOTE_… */
};

#define TRAP_NOTE_SLEEPS    1 /* it wants to sleep, and may */
#define TRAP_NOTE_NO_OBJECT 2 /* mapped, and nothing can be had for it */

/* ESR_ELx (Arm ARM, D17.2.40): the class, and the fields of aborts. */
#define ESR_CLASS(esr)     ((esr) >> 26 & 0x3f)
#define ESR_STATUS(esr)    ((esr)&0x3f)
#define ESR_STATUS_KIND    0x3c /* of ESR_STATUS, without the level of the walk */
#define ESR_WRITE          (1 << 6)
#define ESR_CACHE          (1 << 8) /* cache maintenance, which says that it writes */
#define ESR_FAR_NOT_VALID  (1 << 10)
#define STATUS_TRANSLATION 0x04
#define STATUS_ACCESS_FLAG 0x08
#define STATUS_PERMISSION  0x0c
#define STATUS_ALIGNMENT   0x21

enum esr_class {
	CLASS_UNKNOWN = 0x00,
	CLASS_FP = 0x07,
	CLASS_BTI = 0x0d,
	CLASS_ILLEGAL_STATE = 0x0e,
	CLASS_SYSREG = 0x18,
	CLASS_PAC = 0x1c,
	CLASS_FETCH = 0x21,
	CLASS_PC_ALIGNMENT = 0x22,
	CLASS_DATA = 0x25,
	CLASS_SP_ALIGNMENT = 0x26,
	CLASS_FP_TRAP = 0x2c,
	CLASS_SERROR = 0x2f,
	CLASS_STEP = 0x33,
	CLASS_BRK = 0x3c,
};

/* trap_is_abort() - f is about the memory at f->far. */
static inline bool trap_is_abort(const struct trap_frame *f)
{
	unsigned class = ESR_CLASS(f->esr);

	return f->vector % TRAP_KINDS == TRAP_SYNC &&
	       (class == CLASS_DATA || class == CLASS_FETCH) && !(f->esr & ESR_FAR_NOT_VALID);
}

_Static_assert(offsetof(struct trap_frame, sp) == TRAP_SP, "cpu_offsets.h");
_Static_assert(offsetof(struct trap_frame, pc) == TRAP_PC, "cpu_offsets.h");
_Static_assert(offsetof(struct trap_frame, esr) == TRAP_ESR, "cpu_offsets.h");
_Static_assert(offsetof(struct trap_frame, vector) == TRAP_VECTOR, "cpu_offsets.h");
_Static_assert(sizeof(struct trap_frame) == TRAP_FRAME_BYTES, "cpu_offsets.h");

/* trap_handle() - an exception, with f on the fault stack. Returns the frame to go on with, which
 * is on another stack; NULL to go back at once; or does not. Interrupts off.
 * trap_exit() - before the way back into a thread: preemption, signals. On its stack, interrupts
 * off, FPU registers saved. */
struct trap_frame *trap_handle(struct trap_frame *f);
void trap_exit(struct trap_frame *f);
void irq_handle(void);

/* trap_print_backtrace() - through panic_print(), from where f was. */
void trap_print_backtrace(const struct trap_frame *f);
