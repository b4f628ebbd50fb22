// SPDX-License-Identifier: BSD-2-Clause
/* What kernel/timer.c asks of the clock and of the architecture beside the time: nothing. */
#include "arch/clock.h"
#include "kernel/timer.h"

void arch_timer_init(void)
{
}

ns_t time_service_deadline(void)
{
	return NS_NEVER;
}

void time_service(void)
{
}
