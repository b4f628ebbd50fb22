// SPDX-License-Identifier: BSD-2-Clause
#include "arch/cpu.h"
#include "kernel/thread.h"
#include "tests/host/fake/fake.h"

struct cpu host_cpu = { .irq_on = true };

void cpu_relax(void)
{
	if (host_cpu.relax) {
		host_cpu.relax();
		return;
	}
	printf("Bail out! spinning for a lock that nobody will release\n");
	fflush(stdout);
	abort();
}

void cpu_stop(void)
{
	printf("Bail out! cpu_stop()\n");
	fflush(stdout);
	abort();
}
