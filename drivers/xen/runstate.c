// SPDX-License-Identifier: BSD-2-Clause
/*
 * runstate.c - for how long this machine's CPU was in each state (public/vcpu.h). Xen counts from
 * when it made the CPU, long before it ran, and writes the numbers when it gives the CPU away and
 * back: they stand still while we look, but for the moment in between.
 */
#include "arch/mmio.h"
#include "drivers/xen/clock.h"
#include "drivers/xen/hypercall.h"

#define VCPUOP_REGISTER_RUNSTATE_MEMORY_AREA 5

enum { RUNNING, RUNNABLE, BLOCKED, OFFLINE, NSTATES };

struct runstate {
	uint32_t state;
	uint64_t entered_ns; /* system time; another one: the numbers are new */
	uint64_t spent_ns[NSTATES];
};

static struct runstate area UNIK_ALIGNED(64); /* in one page */

/* Wanted to run and did not, or was paused. */
static ns_t read_area(void)
{
	uint64_t entered, ns;

	do {
		entered = READ_ONCE(area.entered_ns);
		ns = READ_ONCE(area.spent_ns[RUNNABLE]) + READ_ONCE(area.spent_ns[OFFLINE]);
	} while (READ_ONCE(area.entered_ns) != entered);
	return (ns_t)ns;
}

ns_t xen_clock_stolen(void)
{
	static ns_t start_ns;
	static bool told;
	uint64_t address = (uintptr_t)&area;

	if (!xen_present())
		return 0;
	if (!told) { /* refused, the area stays as it is: nothing stolen */
		told = true;
		(void)xen_hypercall(XEN_VCPU_OP, VCPUOP_REGISTER_RUNSTATE_MEMORY_AREA, 0, &address);
		start_ns = read_area();
	}
	return read_area() - start_ns;
}
