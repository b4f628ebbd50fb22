// SPDX-License-Identifier: BSD-2-Clause
/*
 * signal.h - the porting contract, part 9: the registers of a thread that an interrupt or a fault
 * has stopped, for signals.
 *
 * struct trap_frame is the architecture's. It lies on the thread's stack while signals are
 * delivered, and the thread goes on with what is in it then. Delivering is a function call from
 * the way out of the interrupt, so a handler may leave by longjmp().
 *
 * Where the architecture leaves an interrupt with preemption allowed and wanted, it calls
 * sched_preempt() and then, with the FPU registers saved and interrupts off, deliver() if
 * thread_interrupted(). A fault asks fault() first, then does the same.
 */
#pragma once
#include "lib/base/compiler.h"

struct trap_frame;

struct signal_hooks {
	/* deliver() - what is pending for the caller. Comes back with interrupts off, if it does.
	 */
	void (*deliver)(struct trap_frame *f);
	/* fault() - the caller has faulted, at `address` where memory is concerned. Returns the
	 * frame to call deliver() with, perhaps on another stack, or NULL: panic. Interrupts are
	 * off. */
	struct trap_frame *(*fault)(struct trap_frame *f, uintptr_t address);
};

/* NULL until signals are used; defined in kernel/thread.c. */
extern const struct signal_hooks *signal_hooks;

enum cpu_fault {
	CPU_FAULT_NONE, /* not the thread's doing, or not to be survived */
	CPU_FAULT_UNMAPPED,
	CPU_FAULT_PROTECTED,
	CPU_FAULT_NO_OBJECT, /* mapped, and the file has nothing there, or memory is out: SIGBUS */
	CPU_FAULT_STACK, /* unmapped, by running over the stack: only on another one can it go on */
	CPU_FAULT_ADDRESS, /* an address that no memory can have; which, is not known */
	CPU_FAULT_ALIGNMENT,
	CPU_FAULT_INSTRUCTION,
	CPU_FAULT_BREAKPOINT,
	CPU_FAULT_STEP,
	CPU_FAULT_INT_DIVIDE,
	CPU_FAULT_FP_DIVIDE,
	CPU_FAULT_FP_OVERFLOW,
	CPU_FAULT_FP_UNDERFLOW,
	CPU_FAULT_FP_INEXACT,
	CPU_FAULT_FP_INVALID,
};

/* signal_fault_kind() - what f's exception means for a thread that was at liberty: NONE while it
 * had interrupts or preemption off. Called once for an exception, before anything else uses the
 * FPU. */
enum cpu_fault signal_fault_kind(const struct trap_frame *f, uintptr_t address);

/* Where f was. */
uintptr_t signal_frame_pc(const struct trap_frame *f);
uintptr_t signal_frame_sp(const struct trap_frame *f);

/* signal_frame_move() - a copy of f below `stack_top`; goes on as f would. */
struct trap_frame *signal_frame_move(const struct trap_frame *f, uintptr_t stack_top);

/*
 * signal_registers_get() - f's registers as the words of this architecture's mcontext_t
 * (its public <machine/mcontext.h>), which has room for SIGNAL_REGISTER_WORDS.
 * signal_registers_set() - take those back that a handler may change.
 */
#define SIGNAL_REGISTER_WORDS 64
void signal_registers_get(const struct trap_frame *f, uintptr_t address, uint64_t *words);
void signal_registers_set(struct trap_frame *f, const uint64_t *words);

/* signal_call() - fn(arg) with the FPU as a new thread has it, on the stack below stack_top, or
 * on the caller's for 0. */
void signal_call(uintptr_t stack_top, void (*fn)(void *arg), void *arg);
