// SPDX-License-Identifier: BSD-2-Clause
/* drivers.c - the drivers of each class for machines. */
#include "drivers/drivers.h"
#include "drivers/virtio/virtio_blk.h"
#include "drivers/virtio/virtio_console.h"
#include "drivers/virtio/virtio_net.h"
#include "drivers/virtio/virtio_rng.h"

int (*const netdev_drivers[])(unsigned n, struct netdev **out) = { virtio_net_probe, NULL };
int (*const blk_drivers[])(unsigned n, struct blk **out) = { virtio_blk_probe, NULL };
size_t (*const entropy_drivers[])(void *out, size_t len) = { virtio_rng_read, NULL };
struct console *const named_consoles[] = { &virtio_console, NULL };
