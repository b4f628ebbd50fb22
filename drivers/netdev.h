// SPDX-License-Identifier: BSD-2-Clause
/*
 * netdev.h - the class of network devices.
 *
 * A device moves Ethernet frames between rings and memory and knows nothing of protocols. The
 * stack (struct netdev_client) supplies the receive buffers, so that a received frame is already
 * in the form in which the stack passes it up, and is told when a transmitted frame's memory is
 * free again.
 *
 * Threading: all calls into a device, and its calls back, are made under the client's one lock
 * by threads; only the interrupt, which masks itself and calls client->wake(), is outside.
 * Errors: -errno; a device that broke its protocol is out of service: transmit gives -ENODEV,
 * poll does nothing.
 */
#pragma once
#include "lib/base/compiler.h"

/* A receive buffer of the client: `data` has room for `size` bytes, physically contiguous, in the
 * direct map. Whatever the client needs besides lies around this struct. */
struct netbuf {
	struct netbuf *next; /* of one frame that spans several buffers; NULL at the last */
	uint8_t *data;       /* room for the device's own header lies inside, at the front */
	uint32_t size;       /* bytes */
};

enum netdev_csum { NETDEV_CSUM_UNKNOWN, NETDEV_CSUM_GOOD };

struct netdev_client {
	/* rx_alloc() - an empty buffer of netdev->rx_buf_bytes, or NULL (out of memory, try later).
	 */
	struct netbuf *(*rx_alloc)(struct netdev_client *c);
	/* rx_free() - a buffer that was not used (device going down, frame dropped). */
	void (*rx_free)(struct netdev_client *c, struct netbuf *b);
	/* rx() - one frame; buffers chained by next. `offset` is where the frame starts in the
	 * first buffer's data (0 in the others), `len` the bytes in the frame altogether; each
	 * buffer but the last is full. The client owns the buffers now. */
	void (*rx)(struct netdev_client *c, struct netbuf *b, uint32_t offset, uint32_t len,
		   enum netdev_csum csum);
	/* tx_done() - the memory of a transmitted frame is not used any more. */
	void (*tx_done)(struct netdev_client *c, void *cookie);
	/* wake() - the device asked for attention. Interrupt context. */
	void (*wake)(struct netdev_client *c);
};

struct net_segment {
	const void *data; /* in the direct map or the image, physically contiguous */
	uint32_t len;     /* bytes, >= 1 */
};

#define NETDEV_TX_SEGMENTS 20 /* the most a frame may consist of: 64 KiB in pieces, and headers */

/* A frame to send, with what the device is to complete. */
struct netdev_tx {
	const struct net_segment *segment;
	unsigned nsegment;
	void *cookie;        /* for tx_done(); NULL: no call, the memory was copied or is static */
	bool needs_csum;     /* sum from csum_start to the end, store at csum_start+csum_offset; */
	uint16_t csum_start; /* the field holds the pseudo header's sum. Only with NETDEV_TX_CSUM */
	uint16_t csum_offset;
	uint16_t gso_bytes;    /* payload per packet of a large TCP segment, 0 for none */
	uint16_t header_bytes; /* with gso_bytes: Ethernet + IP + TCP headers */
	bool ipv6;             /* with gso_bytes: which IP */
};

/* struct netdev.features */
#define NETDEV_TX_CSUM (1u << 0) /* TCP and UDP checksums on transmit */
#define NETDEV_RX_CSUM (1u << 1) /* frames may arrive marked NETDEV_CSUM_GOOD */
#define NETDEV_TSO4    (1u << 2) /* large TCP segments over IPv4 */
#define NETDEV_TSO6    (1u << 3)

struct netdev;

struct netdev_ops {
	/* start() - begin service with these callbacks. Returns 0 or -errno. */
	int (*start)(struct netdev *d, struct netdev_client *c);
	/* transmit() - queue a frame. 0; -ENOBUFS ring full (nothing kept: call poll, try again);
	 * -ENODEV. The device is told (kicked) by flush(), so that a burst costs one exit. */
	int (*transmit)(struct netdev *d, const struct netdev_tx *tx);
	void (*flush)(struct netdev *d);
	/* poll() - reclaim sent frames and deliver up to `budget` received ones, refill the ring.
	 * Returns how many frames were delivered. */
	unsigned (*poll)(struct netdev *d, unsigned budget);
	/* irq_enable() - wake() at the next frame. Returns true when one is there already: poll
	 * again instead of sleeping. irq_disable() - a hint; wake() may still come. */
	bool (*irq_enable)(struct netdev *d);
	void (*irq_disable)(struct netdev *d);
	/* stop() - take the device out of service, give all buffers back. */
	void (*stop)(struct netdev *d);
};

struct netdev {
	const struct netdev_ops *ops;
	struct netdev_client *client; /* set by start() */
	const char *name;             /* "virtio-net" */
	uint32_t features;
	uint16_t mtu;          /* bytes of IP in a frame */
	uint32_t rx_buf_bytes; /* what rx_alloc() must supply */
	uint16_t tx_slots;     /* ring size, for the client's sizing */
	uint8_t mac[6];
	bool link_up;
};

/* netdev_probe() - the n-th network device of the machine, in bus order; NULL when there are no
 * more. Looks through the table of drivers in drivers/netdev_table.c. Context: thread. */
struct netdev *netdev_probe(unsigned n);
