// SPDX-License-Identifier: BSD-2-Clause
/*
 * runstate.c - for how long this machine's CPU was in each state, as Xen counts it from the
 * machine's start (public/vcpu.h). It writes the numbers when it gives the CPU away and back, so
 * they stand still while we look, but for the moment in between.
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

static void tell_xen(void)
{
	static bool told;
	uint64_t address = (uintptr_t)&area;

	if (!told) /* refused, the area stays as it is: nothing stolen */
		(void)xen_hypercall(XEN_VCPU_OP, VCPUOP_REGISTER_RUNSTATE_MEMORY_AREA, 0, &address);
	told = true;
}

/* Wanted to run and did not, or was paused. */
ns_t xen_clock_stolen(void)
{
	uint64_t entered, ns;

	if (!xen_present())
		return 0;
	tell_xen();
	do {
		entered = READ_ONCE(area.entered_ns);
		ns = READ_ONCE(area.spent_ns[RUNNABLE]) + READ_ONCE(area.spent_ns[OFFLINE]);
	} while (READ_ONCE(area.entered_ns) != entered);
	return (ns_t)ns;
}
