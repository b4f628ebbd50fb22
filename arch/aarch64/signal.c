// SPDX-License-Identifier: BSD-2-Clause
/*
 * signal.c - exceptions and registers as signals want them.
 */
#include "arch/signal.h"
#include "arch/aarch64/trap.h"
#include "arch/cpu.h"
#include "kernel/thread.h"

#define SPSR_BTYPE (3UL << 10) /* what comes next must be a landing pad */
/* What a program may change: negative, zero, carry, overflow too. */
#define SPSR_FLAGS (0xfUL << 28 | SPSR_BTYPE)

static enum cpu_fault abort_kind(const struct trap_frame *f)
{
	if (f->note & TRAP_NOTE_NO_OBJECT)
		return CPU_FAULT_NO_OBJECT;
	if (ESR_STATUS(f->esr) == STATUS_ALIGNMENT)
		return CPU_FAULT_ALIGNMENT;
	if (!trap_is_abort(f))
		return CPU_FAULT_NONE;
	if (thread_of_guard_page(f->far))
		return CPU_FAULT_STACK;
	switch (ESR_STATUS(f->esr) & ESR_STATUS_KIND) {
	case STATUS_TRANSLATION:
		return CPU_FAULT_UNMAPPED;
	case STATUS_PERMISSION:
		return CPU_FAULT_PROTECTED;
	default:
		return CPU_FAULT_NONE;
	}
}

/* The flags of a trapped FP exception: Arm ARM, D17.2.40, "ISS encoding for an exception from a
 * trapped floating-point exception". */
static enum cpu_fault fp_kind(uint64_t esr)
{
	if (esr & 1 << 0)
		return CPU_FAULT_FP_INVALID;
	if (esr & 1 << 1)
		return CPU_FAULT_FP_DIVIDE;
	if (esr & 1 << 2)
		return CPU_FAULT_FP_OVERFLOW;
	if (esr & (1 << 3 | 1 << 7))
		return CPU_FAULT_FP_UNDERFLOW;
	return CPU_FAULT_FP_INEXACT;
}

enum cpu_fault signal_fault_kind(const struct trap_frame *f, uintptr_t address UNIK_UNUSED)
{
	if (cpu_preempt_depth() != 0 || f->spsr & CPU_IRQ_OFF || f->vector != TRAP_SYNC)
		return CPU_FAULT_NONE;
	switch (ESR_CLASS(f->esr)) {
	case CLASS_UNKNOWN:
	case CLASS_BTI:
	case CLASS_ILLEGAL_STATE:
	case CLASS_SYSREG:
	case CLASS_PAC:
		return CPU_FAULT_INSTRUCTION;
	case CLASS_PC_ALIGNMENT:
	case CLASS_SP_ALIGNMENT:
		return CPU_FAULT_ALIGNMENT;
	case CLASS_BRK:
		return CPU_FAULT_BREAKPOINT;
	case CLASS_STEP:
		return CPU_FAULT_STEP;
	case CLASS_FP_TRAP:
		return fp_kind(f->esr);
	case CLASS_DATA:
	case CLASS_FETCH:
		return abort_kind(f);
	default:
		return CPU_FAULT_NONE;
	}
}

uintptr_t signal_frame_pc(const struct trap_frame *f)
{
	return f->pc;
}

uintptr_t signal_frame_sp(const struct trap_frame *f)
{
	return f->sp;
}

struct trap_frame *signal_frame_move(const struct trap_frame *f, uintptr_t stack_top)
{
	struct trap_frame *copy = (struct trap_frame *)ALIGN_DOWN(stack_top - sizeof(*f), 16UL);

	*copy = *f;
	return copy;
}

/* The order of mcontext_t: the address, x0 to x30, sp, pc, the flags. */
void signal_registers_get(const struct trap_frame *f, uintptr_t address, uint64_t *words)
{
	*words++ = address;
	for (size_t i = 0; i < ARRAY_SIZE(f->x); i++)
		*words++ = f->x[i];
	*words++ = f->sp;
	*words++ = f->pc;
	*words++ = f->spsr;
}

void signal_registers_set(struct trap_frame *f, const uint64_t *words)
{
	bool elsewhere;

	words++;
	for (size_t i = 0; i < ARRAY_SIZE(f->x); i++)
		f->x[i] = *words++;
	f->sp = *words++;
	elsewhere = f->pc != *words;
	f->pc = *words++;
	f->spsr = (f->spsr & ~SPSR_FLAGS) | (*words & SPSR_FLAGS);
	if (elsewhere)
		f->spsr &= ~SPSR_BTYPE;
}
