// SPDX-License-Identifier: BSD-2-Clause
/* drivers.c - the drivers of each class for machines. */
#include "drivers/drivers.h"
#include "drivers/virtio/virtio_blk.h"
#include "drivers/virtio/virtio_console.h"
#include "drivers/virtio/virtio_net.h"
#include "drivers/xen/blkfront.h"
#include "drivers/xen/netfront.h"

/* Xen's first: it takes away what else an HVM guest has the same interface as, virtio for one. */
int (*const netdev_drivers[])(unsigned n, struct netdev **out) = { xen_netfront_probe,
								   virtio_net_probe, NULL };
int (*const blk_drivers[])(unsigned n, struct blk **out) = { virtio_blk_probe, xen_blkfront_probe,
							     NULL };
const struct console *const named_consoles[] = { &virtio_console, NULL };
