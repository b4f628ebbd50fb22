// SPDX-License-Identifier: BSD-2-Clause
/*
 * net.c - a wire of the host: frames go out and come in one by one, and are copied by the host.
 */
#include <errno.h>
#include "drivers/host/host.h"
#include "drivers/netdev.h"
#include "kernel/irq.h"

#define FRAME_OFFSET 2  /* aligns what follows the Ethernet header to 4 bytes */
#define ETHER_BYTES  18 /* header, and a VLAN tag */
#define TX_SLOTS     64

struct host_net {
	struct netdev netdev;
	struct irq_handler irq;
	unsigned n;
	bool started;
	bool arrived; /* since the last look; set by the interrupt */
	bool gone;    /* the wire is: no service */
};

static struct host_net nets[HOST_NETS];

static struct host_net *of_netdev(struct netdev *d)
{
	return container_of(d, struct host_net, netdev);
}

static bool net_irq(void *arg)
{
	struct host_net *h = arg;

	WRITE_ONCE(h->arrived, true);
	h->netdev.client->wake(h->netdev.client);
	return true;
}

static int net_start(struct netdev *d, struct netdev_client *c)
{
	struct host_net *h = of_netdev(d);
	int ret;

	d->client = c;
	h->irq.handle = net_irq;
	h->irq.arg = h;
	ret = irq_connect_line(HOST_LINE_NET + h->n, IRQ_EDGE_HIGH, &h->irq);
	h->started = ret == 0;
	return ret;
}

/* The host has taken the frame when it says so, and its memory is free at once. */
static int net_transmit(struct netdev *d, const struct netdev_tx *tx)
{
	struct host_piece piece[NETDEV_TX_SEGMENTS];
	struct host_net *h = of_netdev(d);
	unsigned long s;
	int ret;

	if (h->gone || tx->nsegment > NETDEV_TX_SEGMENTS)
		return -ENODEV;
	for (unsigned i = 0; i < tx->nsegment; i++)
		piece[i] = (struct host_piece){ tx->segment[i].data, tx->segment[i].len };
	s = cpu_irq_save();
	ret = HOST_CALL(net_send, h->n, piece, tx->nsegment);
	cpu_irq_restore(s);
	if (ret == -1)
		return -ENOBUFS;
	if (ret) {
		h->gone = true;
		return -ENODEV;
	}
	if (tx->cookie)
		d->client->tx_done(d->client, tx->cookie);
	return 0;
}

static void net_flush(struct netdev *d UNIK_UNUSED)
{
}

/* One frame; false: there is none, or no buffer. */
static bool receive(struct host_net *h)
{
	struct netdev *d = &h->netdev;
	struct netbuf *b = d->client->rx_alloc(d->client);
	unsigned long s;
	long len;

	if (!b)
		return false;
	s = cpu_irq_save();
	len = HOST_CALL(net_receive, h->n, b->data + FRAME_OFFSET, d->rx_buf_bytes - FRAME_OFFSET);
	cpu_irq_restore(s);
	if (len <= 0) {
		h->gone = h->gone || len < 0;
		d->client->rx_free(d->client, b);
		return false;
	}
	d->client->rx(d->client, b, FRAME_OFFSET, (uint32_t)len, NETDEV_CSUM_UNKNOWN);
	return true;
}

static unsigned net_poll(struct netdev *d, unsigned budget)
{
	struct host_net *h = of_netdev(d);
	unsigned n = 0;

	WRITE_ONCE(h->arrived, false);
	while (!h->gone && n < budget && receive(h))
		n++;
	return n;
}

/* The line cannot be masked: it has told what came since the last look. */
static bool net_irq_enable(struct netdev *d)
{
	return READ_ONCE(of_netdev(d)->arrived);
}

static void net_irq_disable(struct netdev *d UNIK_UNUSED)
{
}

static void net_stop(struct netdev *d)
{
	struct host_net *h = of_netdev(d);

	if (h->started)
		irq_disconnect(&h->irq);
	h->started = false;
	h->gone = true;
}

static const struct netdev_ops net_ops = {
	.start = net_start,
	.transmit = net_transmit,
	.flush = net_flush,
	.poll = net_poll,
	.irq_enable = net_irq_enable,
	.irq_disable = net_irq_disable,
	.stop = net_stop,
};

int host_net_probe(unsigned n, struct netdev **out)
{
	struct host_net_info info;
	struct host_net *h;
	unsigned long s;
	bool found;

	if (n >= HOST_NETS)
		return -ENODEV;
	s = cpu_irq_save();
	found = HOST_CALL(net_open, n, &info);
	cpu_irq_restore(s);
	if (!found)
		return -ENODEV;
	h = &nets[n];
	h->n = n;
	h->netdev = (struct netdev){
		.ops = &net_ops,
		.name = "host-net",
		.mtu = info.mtu,
		.rx_buf_bytes = ALIGN_UP(FRAME_OFFSET + ETHER_BYTES + (uint32_t)info.mtu, 64u),
		.tx_slots = TX_SLOTS,
		.link_up = true,
	};
	__builtin_memcpy(h->netdev.mac, info.mac, sizeof(info.mac));
	*out = &h->netdev;
	return 0;
}
