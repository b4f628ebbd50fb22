// SPDX-License-Identifier: BSD-2-Clause
/* trap.h - exceptions of the CPU. Ref: Intel SDM vol. 3, 6.3 and 6.15. */
#pragma once
#include "lib/base/compiler.h"

#define TRAP_DIVIDE        0
#define TRAP_NMI           2
#define TRAP_INVALID       6
#define TRAP_DOUBLE_FAULT  8
#define TRAP_PROTECTION    13
#define TRAP_PAGE_FAULT    14
#define TRAP_MACHINE_CHECK 18

/* As traps.S leaves it on the stack. */
struct trap_frame {
	uint64_t r15, r14, r13, r12, r11, r10, r9, r8, rbp, rdi, rsi, rdx, rcx, rbx, rax;
	uint64_t vector, error, rip, cs, rflags, rsp, ss;
};

/* trap_handle() - returns when the instruction is to be tried again. */
void trap_handle(const struct trap_frame *f);
void irq_handle(unsigned vector);

/* trap_backtrace() - code addresses found on the stack from sp upwards. */
