// SPDX-License-Identifier: BSD-2-Clause
/*
 * netdev_table.c - the network drivers in order, and the devices that they found.
 *
 * Each device is probed once; it stays in the list whatever becomes of it, so that numbers hold.
 */
#include <errno.h>
#include "drivers/netdev.h"
#include "drivers/drivers.h"

#define NETDEV_MAX 8

static struct netdev *found[NETDEV_MAX];
static unsigned nfound;
static unsigned at_driver, at_device; /* where the search goes on */

/* The next usable device of any driver; false: there is none. */
static bool find_next(void)
{
	while (netdev_drivers[at_driver]) {
		int ret = netdev_drivers[at_driver](at_device++, &found[nfound]);

		if (ret == 0) {
			nfound++;
			return true;
		}
		if (ret == -ENODEV) {
			at_driver++;
			at_device = 0;
		}
	}
	return false;
}

struct netdev *netdev_probe(unsigned n)
{
	if (n >= NETDEV_MAX)
		return NULL;
	while (nfound <= n)
		if (!find_next())
			return NULL;
	return found[n];
}
