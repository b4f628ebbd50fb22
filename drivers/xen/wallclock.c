// SPDX-License-Identifier: BSD-2-Clause
#include "drivers/xen/clock.h"
#include "drivers/xen/hypercall.h"

static bool xen_wallclock_read(const struct wallclock *c UNIK_UNUSED, ns_t *wall)
{
	struct xen_shared_info *shared = xen_present() ? xen_shared() : NULL;
	struct pvclock_wall w;
	uint64_t now, seconds;

	if (!shared || !xen_clock_now(&now) || !pvclock_copy(&w, &shared->wall, sizeof(w)))
		return false;
	seconds = w.seconds | (uint64_t)READ_ONCE(shared->wall_seconds_high) << 32;
	if (!seconds || seconds > INT64_MAX / 2 / NS_PER_S)
		return false;
	*wall = (ns_t)(seconds * NS_PER_S + w.nanoseconds + now);
	return true;
}

const struct wallclock xen_wallclock = { .name = "xen", .read = xen_wallclock_read };
