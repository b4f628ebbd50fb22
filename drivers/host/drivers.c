// SPDX-License-Identifier: BSD-2-Clause
/* drivers.c - the drivers of each class for a process. Random numbers come as those of the CPU and
 * with what the loader said (arch/host), so there is no device for them. */
#include "drivers/drivers.h"
#include "drivers/entropy.h"
#include "drivers/host/host.h"

int (*const netdev_drivers[])(unsigned n, struct netdev **out) = { host_net_probe, NULL };
int (*const blk_drivers[])(unsigned n, struct blk **out) = { host_disk_probe, NULL };
const struct console *const named_consoles[] = { NULL };

size_t entropy_device_read(void *out UNIK_UNUSED, size_t len UNIK_UNUSED)
{
	return 0;
}
