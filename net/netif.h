// SPDX-License-Identifier: BSD-2-Clause
/*
 * netif.h - network devices as lwIP interfaces, and who polls them.
 *
 * A receive buffer is a pbuf from the start: what a device has filled goes up as it is, and comes
 * back when the socket's reader (or whoever) frees the pbuf. Transmit hands the pieces of a pbuf
 * chain to the device and holds a reference until the device is done.
 *
 * Polling: whoever is about to sleep looks at the rings. While it gets frames, interrupts stay
 * off and a watchdog makes sure that a thread which computes for long does not keep the rings
 * from being looked at: the thread "net" steps in.
 *
 * Threading: under net_lock, except net_wake(). Errors: -errno.
 */
#pragma once
#include "drivers/netdev.h"
#include <lwip/netif.h>

/* net_device_add() - an interface for d, up, without addresses; polled from now on.
 * Returns it, or NULL: no memory, or the device does not start (logged). */
struct netif *net_device_add(struct netdev *d);

/* net_devices_init() - buffers may take up to rx_budget bytes; start the thread. 0, -ENOMEM. */
int net_devices_init(size_t rx_budget_bytes) UNIK_MUST_CHECK;

/* net_wake() - devices or timers want attention. Any context. */
void net_wake(void);

/* net_device_flush() - tell the devices of queued frames. */
void net_device_flush(void);

/* Does n leave the UDP and TCP checksums to its device? */
bool netif_sums_in_device(const struct netif *n);
