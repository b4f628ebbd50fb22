// SPDX-License-Identifier: BSD-2-Clause
#include "arch/clock.h"
#include "kernel/timer.h"
#include "kernel/wait.h"
#include "tests/host/fake/fake.h"

/* There only when the test links the real kernel/timer.c, and kernel/wait.c. */
UNIK_WEAK void timer_interrupt(void);
UNIK_WEAK void wait_queue_wake(struct wait_queue *q, bool all);

ns_t time_now(void)
{
	return fake_time;
}

ns_t time_wall(void)
{
	return fake_time + fake_wall_offset;
}

struct wait_queue time_wall_changed = WAIT_QUEUE_INIT(time_wall_changed);

void time_set_wall(ns_t wall)
{
	fake_wall_offset = wall - fake_time;
	wait_queue_wake_all(&time_wall_changed);
}

ns_t time_of_cycles(uint64_t cycles)
{
	return cycles;
}

ns_t time_deadline(ns_t span)
{
	ns_t sum;

	return __builtin_add_overflow(fake_time, span, &sum) ? NS_NEVER : sum;
}

ns_t time_service_deadline(void)
{
	return NS_NEVER;
}

void time_service(void)
{
}

void arch_timer_init(void)
{
}

void arch_timer_set(ns_t span)
{
	fake_timer_due = time_deadline(MAX(span, (ns_t)0));
}

void fake_time_advance(ns_t span)
{
	ns_t end = time_deadline(span);

	while (timer_interrupt && fake_timer_due <= end) {
		bool irq_was_on = host_cpu.irq_on;

		fake_time = MAX(fake_time, fake_timer_due);
		fake_timer_due = NS_NEVER;
		host_cpu.irq_on = false;
		timer_interrupt();
		host_cpu.irq_on = irq_was_on;
	}
	fake_time = end;
}
