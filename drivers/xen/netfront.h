// SPDX-License-Identifier: BSD-2-Clause
/*
 * netfront.h - the network device that Xen gives to its guests: the front end of public/io/netif.h.
 */
#pragma once
#include "drivers/netdev.h"

/* xen_netfront_probe() - set up the n-th device, and wait until its back end is there. 0 and *out;
 * -ENODEV there is none; -EIO, -ENOMEM, -ETIMEDOUT it cannot be used. */
int xen_netfront_probe(unsigned n, struct netdev **out) UNIK_MUST_CHECK;
