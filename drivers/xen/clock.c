// SPDX-License-Identifier: BSD-2-Clause
#include "drivers/xen/clock.h"
#include "arch/cpu.h"
#include "drivers/xen/hypercall.h"

#define HZ_MIN 1000000ULL /* below this it is nonsense */

static bool read_time(struct pvclock_time *t)
{
	struct xen_shared_info *shared = xen_present() ? xen_shared() : NULL;

	return shared && pvclock_copy(t, &shared->vcpu[0].time, sizeof(*t)) && pvclock_is_sane(t);
}

uint64_t xen_clock_hz(void)
{
	struct pvclock_time t;
	uint64_t hz = read_time(&t) ? pvclock_hz(&t) : 0;

	return hz < HZ_MIN ? 0 : hz;
}

bool xen_clock_now(uint64_t *system_ns)
{
	struct pvclock_time t;

	if (!read_time(&t))
		return false;
	*system_ns = pvclock_now(&t, cpu_cycles());
	return true;
}
