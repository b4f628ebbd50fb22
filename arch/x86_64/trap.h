// SPDX-License-Identifier: BSD-2-Clause
/* trap.h - exceptions of the CPU. Ref: Intel SDM vol. 3, 6.3 and 6.15. */
#pragma once
#include "lib/base/compiler.h"

#define TRAP_DIVIDE        0
#define TRAP_DEBUG         1
#define TRAP_NMI           2
#define TRAP_BREAKPOINT    3
#define TRAP_INVALID       6
#define TRAP_DOUBLE_FAULT  8
#define TRAP_PROTECTION    13
#define TRAP_PAGE_FAULT    14
#define TRAP_X87           16
#define TRAP_ALIGNMENT     17
#define TRAP_MACHINE_CHECK 18
#define TRAP_SIMD          19
#define TRAP_VECTORS       32 /* the CPU's own; from there on interrupts: SDM vol. 3, 6.2 */

/* Error code of a page fault: SDM vol. 3, 4.7. */
#define PAGE_FAULT_PRESENT (1 << 0)
#define PAGE_FAULT_WRITE   (1 << 1)
#define PAGE_FAULT_EXEC    (1 << 4)
/* Ours, in struct trap_frame: what the hook of arch/fault.h said. */
#define PAGE_FAULT_SLEEPS    (1u << 31) /* it wants to sleep, and may */
#define PAGE_FAULT_NO_OBJECT (1u << 30) /* mapped, and nothing can be had for it */

/* As traps.S leaves it on the stack. */
struct trap_frame {
	uint64_t r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8, rdi, rsi, rdx, rcx, rax;
	uint32_t vector, error;
	uint64_t rip, cs, rflags, rsp, ss;
};

/* trap_handle() - an exception. Returns the frame to go on with, NULL to go back at once, or does
 * not. Interrupts off.
 * trap_exit() - before the way back into a thread: preemption, signals. On its stack, interrupts
 * off, FPU registers saved. */
struct trap_frame *trap_handle(struct trap_frame *f);
void trap_exit(struct trap_frame *f);
void irq_handle(unsigned vector);
