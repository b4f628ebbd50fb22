// SPDX-License-Identifier: BSD-2-Clause
/*
 * steps.c - exceptions of the images, and preemption at any instruction: the CPU's trap flag makes
 * each instruction a SIGTRAP, and after some of them, which the seed says, the timer interrupts.
 */
#include <signal.h>
#include <stdlib.h>
#include "tests/sim/sim.h"

#define STACK_BYTES 65536
#define STEPS_LOG   10    /* up to 2 to that power less one */
#define TRAP_FLAG   0x100 /* of RFLAGS: Intel SDM vol. 1, 3.4.3 */

static void step(long long *registers)
{
	struct instance *i = world.running;

	if (!world.steps || !i) {
		registers[REG_EFL] &= ~(long long)TRAP_FLAG;
		return;
	}
	if (--world.steps_left == 0) {
		world.steps = 0;
		return;
	}
	if (world.steps > 1) {
		world.steps--;
		return;
	}
	registers[REG_EFL] &= ~(long long)TRAP_FLAG;
	world.preempt = true;
	i->image->raise(HOST_EVENT(HOST_LINE_TIMER));
	if (i->image->interrupt(registers) == HOST_SOON) {
		registers[REG_EFL] |= TRAP_FLAG;
		return;
	}
	world.steps = 0;
}

static void on_exception(int number, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	if (number == SIGTRAP && info->si_code == TRAP_TRACE) {
		step(uc->uc_mcontext.gregs);
		return;
	}
	if (!world.running || world.running->image->fault(uc->uc_mcontext.gregs) == HOST_NOT_US) {
		signal(number, SIG_DFL);
		raise(number);
	}
}

void steps_start(void)
{
	static const int exceptions[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP };
	static char stack[STACK_BYTES];
	struct sigaction action = { .sa_sigaction = on_exception,
				    .sa_flags = SA_SIGINFO | SA_ONSTACK };

	if (sigaltstack(&(stack_t){ .ss_sp = stack, .ss_size = sizeof(stack) }, NULL))
		abort();
	for (size_t n = 0; n < sizeof(exceptions) / sizeof(exceptions[0]); n++)
		if (sigaction(exceptions[n], &action, NULL))
			abort();
}

void steps_begin(void)
{
	world.steps = 1 + (unsigned)choose(1u << choose(STEPS_LOG));
	trace("preempt in %u", world.steps);
	__asm__ volatile("pushfq\n\torq %0, (%%rsp)\n\tpopfq" ::"i"(TRAP_FLAG) : "memory", "cc");
}

void steps_stop(void)
{
	world.steps = 0;
}
