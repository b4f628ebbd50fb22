// SPDX-License-Identifier: BSD-2-Clause
#include "tests/host/fake/fake.h"

long fake_live_blocks, fake_allocs;
ns_t fake_time, fake_wall_offset, fake_timer_due = NS_NEVER;

static long fail_at; /* allocations until one fails, 0 for never, -1 for always */
static bool failed;

void fake_log_clear(void);

void fake_fail_at(long n)
{
	fail_at = n;
	failed = false;
}

void fake_fail_all(void)
{
	fake_fail_at(-1);
}

bool fake_failed(void)
{
	return failed;
}

bool fake_alloc_allowed(void)
{
	fake_allocs++;
	if (fail_at == 0 || (fail_at > 0 && --fail_at > 0))
		return true;
	failed = true;
	return false;
}

void fake_reset(void)
{
	struct thread *current = host_cpu.current;

	host_cpu = (struct cpu){ .irq_on = true, .current = current };
	fake_fail_at(0);
	fake_allocs = 0;
	fake_time = fake_wall_offset = 0;
	fake_timer_due = NS_NEVER;
	fake_panic_jump = NULL;
	fake_log_clear();
}
