// SPDX-License-Identifier: BSD-2-Clause
/*
 * signal.c - exceptions and registers as signals want them.
 */
#include "arch/signal.h"
#include "arch/cpu.h"
#include "arch/x86_64/trap.h"
#include "kernel/thread.h"

/* MXCSR and the x87 status word have the same flags: SDM vol. 1, 10.2.3 and 8.1.3. */
static enum cpu_fault fp_fault(unsigned flags)
{
	if (flags & 1 << 0)
		return CPU_FAULT_FP_INVALID;
	if (flags & 1 << 2)
		return CPU_FAULT_FP_DIVIDE;
	if (flags & 1 << 3)
		return CPU_FAULT_FP_OVERFLOW;
	if (flags & (1 << 1 | 1 << 4))
		return CPU_FAULT_FP_UNDERFLOW;
	return CPU_FAULT_FP_INEXACT;
}

static enum cpu_fault x87_fault(void)
{
	uint16_t status, control;

	__asm__ volatile("fnstsw %0; fnstcw %1" : "=m"(status), "=m"(control));
	return fp_fault(status & ~control);
}

static enum cpu_fault simd_fault(void)
{
	uint32_t mxcsr;

	__asm__ volatile("stmxcsr %0" : "=m"(mxcsr));
	return fp_fault(mxcsr & ~(mxcsr >> 7));
}

enum cpu_fault signal_fault_kind(const struct trap_frame *f, uintptr_t address)
{
	if (cpu_preempt_depth() != 0 || !(f->rflags & RFLAGS_IF))
		return CPU_FAULT_NONE;
	switch (f->vector) {
	case TRAP_DIVIDE:
		return CPU_FAULT_INT_DIVIDE;
	case TRAP_DEBUG:
		return CPU_FAULT_STEP;
	case TRAP_BREAKPOINT:
		return CPU_FAULT_BREAKPOINT;
	case TRAP_INVALID:
		return CPU_FAULT_INSTRUCTION;
	case TRAP_DOUBLE_FAULT: /* there was no room to push the page fault */
		return thread_of_guard_page(address) ? CPU_FAULT_STACK : CPU_FAULT_NONE;
	case TRAP_PROTECTION:
		return CPU_FAULT_ADDRESS;
	case TRAP_PAGE_FAULT:
		if (f->error & PAGE_FAULT_NO_OBJECT)
			return CPU_FAULT_NO_OBJECT;
		return f->error & PAGE_FAULT_PRESENT ? CPU_FAULT_PROTECTED : CPU_FAULT_UNMAPPED;
	case TRAP_X87:
		return x87_fault();
	case TRAP_ALIGNMENT:
		return CPU_FAULT_ALIGNMENT;
	case TRAP_SIMD:
		return simd_fault();
	default:
		return CPU_FAULT_NONE;
	}
}

uintptr_t signal_frame_pc(const struct trap_frame *f)
{
	return f->rip;
}

uintptr_t signal_frame_sp(const struct trap_frame *f)
{
	return f->rsp;
}

struct trap_frame *signal_frame_move(const struct trap_frame *f, uintptr_t stack_top)
{
	struct trap_frame *copy = (struct trap_frame *)ALIGN_DOWN(stack_top - sizeof(*f), 16UL);

	*copy = *f;
	return copy;
}

void signal_registers_get(const struct trap_frame *f, uintptr_t address, uint64_t *w)
{
	const uint64_t now[] = { f->r8,  f->r9,    f->r10,    f->r11, f->r12, f->r13,
				 f->r14, f->r15,   f->rdi,    f->rsi, f->rbp, f->rbx,
				 f->rdx, f->rax,   f->rcx,    f->rsp, f->rip, f->rflags,
				 f->cs,  f->error, f->vector, 0,      address };

	__builtin_memcpy(w, now, sizeof(now));
}

/*
 * Not the segments; of the flags, those that a program may change by itself: carry, parity, adjust,
 * zero, sign, direction, overflow (SDM vol. 1, 3.4.3).
 */
#define USER_FLAGS 0xcd5UL

void signal_registers_set(struct trap_frame *f, const uint64_t *w)
{
	uint64_t *const where[] = { &f->r8,  &f->r9,  &f->r10, &f->r11, &f->r12, &f->r13,
				    &f->r14, &f->r15, &f->rdi, &f->rsi, &f->rbp, &f->rbx,
				    &f->rdx, &f->rax, &f->rcx, &f->rsp, &f->rip };

	for (size_t i = 0; i < ARRAY_SIZE(where); i++)
		*where[i] = w[i];
	f->rflags = (f->rflags & ~USER_FLAGS) | (w[ARRAY_SIZE(where)] & USER_FLAGS);
}
