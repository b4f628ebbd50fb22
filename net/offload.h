// SPDX-License-Identifier: BSD-2-Clause
/*
 * offload.h - what a device completes in a frame. No state; under net_lock.
 */
#pragma once
#include "drivers/netdev.h"
#include <lwip/pbuf.h>

/*
 * net_offload_sum() - if p is a whole TCP or UDP packet, put the pseudo header's sum in its
 * checksum field and tell the device to do the rest. Others stay as they are.
 *
 * p   an Ethernet frame, its headers up to TCP's or UDP's in the first pbuf
 *
 * Ref: virtio 1.2, 5.1.6.2.
 */
void net_offload_sum(struct netdev_tx *tx, struct pbuf *p);
