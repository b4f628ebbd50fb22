// SPDX-License-Identifier: BSD-2-Clause
/*
 * net_client.h - the client of a network card under fuzzing: it gives receive buffers away and
 * counts them, so that in the end each is back, once. For the driver's sources in one file with it.
 */
#pragma once
#include "tests/fuzz/fuzz.h"
#include "drivers/netdev.h"

#define BUFFERS      64
#define BUFFER_BYTES 2048
#define LARGEST      (64 * 1024) /* bytes: a segmentation offload's frame, with its headers */

static struct buffer {
	struct netbuf net;
	bool taken;
	uint8_t bytes[BUFFER_BYTES];
} buffers[BUFFERS];

static unsigned taken;

static struct netbuf *rx_alloc(struct netdev_client *c)
{
	for (unsigned i = 0; i < BUFFERS; i++)
		if (!buffers[i].taken) {
			buffers[i].taken = true;
			buffers[i].net = (struct netbuf){ NULL, buffers[i].bytes, BUFFER_BYTES };
			taken++;
			return &buffers[i].net;
		}
	return NULL;
}

static void rx_free(struct netdev_client *c, struct netbuf *n)
{
	while (n) {
		struct buffer *b = container_of(n, struct buffer, net);

		n = n->next;
		FUZZ_ASSERT(b->taken);
		b->taken = false;
		taken--;
	}
}

static void rx_came(struct netdev_client *c, struct netbuf *n, uint32_t offset, uint32_t len,
		    enum netdev_csum csum)
{
	uint64_t room = 0;

	for (struct netbuf *b = n; b; b = b->next)
		room += b->size;
	FUZZ_ASSERT(offset + (uint64_t)len <= room && len <= LARGEST);
	rx_free(c, n);
}
