// SPDX-License-Identifier: BSD-2-Clause
/* loader_clock.c - the date that the loader knew, for machines whose clock only firmware can read.
 */
#include "arch/clock.h"
#include "arch/cpu.h"
#include "drivers/arm/clocks.h"
#include "kernel/boot_info.h"

static bool loader_read(const struct wallclock *c UNIK_UNUSED, ns_t *wall)
{
	uint64_t hz = arch_cycles_hz(), since;

	if (!boot_info.wall_s || !hz)
		return false;
	since = cpu_cycles() - boot_info.wall_cycles;
	*wall = (ns_t)((boot_info.wall_s + since / hz) * NS_PER_S + since % hz * NS_PER_S / hz);
	return true;
}

const struct wallclock loader_clock = { .name = "loader", .read = loader_read };
