// SPDX-License-Identifier: BSD-2-Clause
/*
 * wire.h - a network device whose other end is the test. It is what netdev_probe(0) finds when a
 * test links the network and no drivers.
 *
 * Threading: one host thread. Errors: a misuse aborts.
 */
#pragma once
#include "drivers/netdev.h"

#define WIRE_FRAMES      4096 /* sent frames that are kept; more are counted only */
#define WIRE_FRAME_BYTES 1600

struct wire_frame {
	uint32_t len;
	bool needs_csum;
	uint8_t data[WIRE_FRAME_BYTES];
};

extern struct netdev wire_netdev;
extern struct wire_frame wire_sent[WIRE_FRAMES];
extern unsigned wire_nsent;
extern unsigned wire_ring_slots; /* free slots of the transmit ring; UINT_MAX at first */

/* wire_clear() - forget what was sent. */
void wire_clear(void);

/* wire_deliver() - a frame arrives: it is put on the ring, and the device interrupts. `cut` is
 * how many bytes go into each receive buffer, 0 for as many as fit. */
void wire_deliver(const void *frame, uint32_t len, uint32_t cut);
