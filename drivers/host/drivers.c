// SPDX-License-Identifier: BSD-2-Clause
/* drivers.c - the drivers of each class for a process. */
#include "drivers/drivers.h"
#include "drivers/host/host.h"

int (*const netdev_drivers[])(unsigned n, struct netdev **out) = { host_net_probe, NULL };
int (*const blk_drivers[])(unsigned n, struct blk **out) = { host_disk_probe, NULL };
size_t (*const entropy_drivers[])(void *out, size_t len) = { NULL };
struct console *const named_consoles[] = { NULL };
