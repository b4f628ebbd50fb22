// SPDX-License-Identifier: BSD-2-Clause
/* bug.h - for bugs on purpose: the seed says when. */
#pragma once
#include "arch/cpu.h"
#include "arch/host/machine.h"
#include "tests/sim/agent.h"

static inline bool bug_happens(void)
{
	unsigned long s = cpu_irq_save();
	bool yes = host_machine->ops->fails(host_machine->host, (enum host_fault_point)SIM_BUG, 0);

	cpu_irq_restore(s);
	return yes;
}
