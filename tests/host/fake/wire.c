// SPDX-License-Identifier: BSD-2-Clause
#include "tests/host/fake/wire.h"
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define RING 64

struct arrived {
	struct netbuf *head;
	uint32_t len;
};

struct wire_frame wire_sent[WIRE_FRAMES];
unsigned wire_nsent, wire_ring_slots = UINT_MAX;

static struct arrived arrived[RING];
static unsigned narrived;
static bool irq_on;

static int start(struct netdev *d, struct netdev_client *c)
{
	d->client = c;
	irq_on = true;
	return 0;
}

static int transmit(struct netdev *d, const struct netdev_tx *tx)
{
	struct wire_frame *f = &wire_sent[wire_nsent % WIRE_FRAMES];

	if (wire_ring_slots == 0)
		return -ENOBUFS;
	f->len = 0;
	f->needs_csum = tx->needs_csum;
	for (unsigned i = 0; i < tx->nsegment; i++) {
		if (f->len + tx->segment[i].len > WIRE_FRAME_BYTES)
			abort();
		memcpy(f->data + f->len, tx->segment[i].data, tx->segment[i].len);
		f->len += tx->segment[i].len;
	}
	wire_nsent++;
	wire_ring_slots--;
	if (tx->cookie)
		d->client->tx_done(d->client, tx->cookie);
	return 0;
}

static void flush(struct netdev *d)
{
}

static unsigned poll(struct netdev *d, unsigned budget)
{
	unsigned n = 0;

	for (; n < budget && narrived; n++) {
		struct arrived a = arrived[0];

		memmove(arrived, arrived + 1, --narrived * sizeof(a));
		d->client->rx(d->client, a.head, 0, a.len, NETDEV_CSUM_UNKNOWN);
	}
	return n;
}

static bool irq_enable(struct netdev *d)
{
	irq_on = true;
	return narrived != 0;
}

static void irq_disable(struct netdev *d)
{
	irq_on = false;
}

static void stop(struct netdev *d)
{
}

static const struct netdev_ops ops = {
	start, transmit, flush, poll, irq_enable, irq_disable, stop
};

struct netdev wire_netdev = {
	.ops = &ops,
	.name = "wire",
	.mtu = 1500,
	.rx_buf_bytes = 1536,
	.tx_slots = 256,
	.mac = { 2, 0, 0, 0, 0, 2 },
	.link_up = true,
};

struct netdev *netdev_probe(unsigned n)
{
	return n == 0 ? &wire_netdev : NULL;
}

void wire_clear(void)
{
	wire_nsent = 0;
	wire_ring_slots = UINT_MAX;
}

void wire_deliver(const void *frame, uint32_t len, uint32_t cut)
{
	struct netdev_client *c = wire_netdev.client;
	struct netbuf *head = NULL, **link = &head;
	uint32_t at = 0;

	while (at < len) {
		struct netbuf *b = c->rx_alloc(c);
		uint32_t here;

		if (!b) { /* the ring is empty: the frame is lost */
			c->rx_free(c, head);
			return;
		}
		b->size = cut ? cut : wire_netdev.rx_buf_bytes;
		here = MIN(len - at, b->size);
		memcpy(b->data, (const char *)frame + at, here);
		b->next = NULL;
		*link = b;
		link = &b->next;
		at += here;
	}
	if (narrived == RING)
		abort();
	arrived[narrived++] = (struct arrived){ head, len };
	if (irq_on) {
		irq_on = false;
		c->wake(c);
	}
}
