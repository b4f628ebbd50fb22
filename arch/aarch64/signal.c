// SPDX-License-Identifier: BSD-2-Clause
/*
 * signal.c - exceptions and registers as signals want them. The vectors do not call the hooks yet
 * (traps.S): signals are delivered where calls end, faults are panics.
 */
#include "arch/signal.h"
#include "arch/aarch64/trap.h"

enum cpu_fault signal_fault_kind(const struct trap_frame *f, uintptr_t address)
{
	return CPU_FAULT_NONE;
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

/* mcontext_t: the address, x0 to x30, sp, pc, the state. */
void signal_registers_get(const struct trap_frame *f, uintptr_t address, uint64_t *w)
{
	w[0] = address;
	__builtin_memcpy(&w[1], f->x, sizeof(f->x));
	w[32] = f->sp;
	w[33] = f->pc;
	w[34] = f->spsr;
}

#define USER_FLAGS 0xf0000000UL /* N Z C V of SPSR_EL1: Arm ARM, C5.2.19 */

void signal_registers_set(struct trap_frame *f, const uint64_t *w)
{
	__builtin_memcpy(f->x, &w[1], sizeof(f->x));
	f->sp = w[32];
	f->pc = w[33];
	f->spsr = (f->spsr & ~USER_FLAGS) | (w[34] & USER_FLAGS);
}
