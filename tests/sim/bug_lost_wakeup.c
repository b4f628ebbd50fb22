// SPDX-License-Identifier: BSD-2-Clause
/* A bug on purpose: now and then those who wait are not woken. */
#include "kernel/wait.h"
#include "tests/sim/bug.h"

void __real_wait_queue_wake(struct wait_queue *q, bool all);
void __wrap_wait_queue_wake(struct wait_queue *q, bool all);

void __wrap_wait_queue_wake(struct wait_queue *q, bool all)
{
	if (!bug_happens())
		__real_wait_queue_wake(q, all);
}
