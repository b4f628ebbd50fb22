// SPDX-License-Identifier: BSD-2-Clause
/*
 * virtio_net.h - the virtio network driver, for drivers/netdev_table.c.
 */
#pragma once
#include "drivers/netdev.h"

/*
 * virtio_net_probe() - make the n-th virtio network device ready for start().
 *
 * Returns 0 and *out; -ENODEV there is no n-th; -EIO or -ENOMEM: there is, but it cannot be used.
 * Context: thread, once for each n.
 */
int virtio_net_probe(unsigned n, struct netdev **out) UNIK_MUST_CHECK;
