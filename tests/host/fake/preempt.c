// SPDX-License-Identifier: BSD-2-Clause
#include "kernel/thread.h"
#include "tests/host/fake/fake.h"

void preempt_enable(void)
{
	if (host_cpu.preempt == 0) {
		printf("Bail out! preempt_enable() without preempt_disable()\n");
		abort();
	}
	(void)cpu_preempt_enable_test();
}
