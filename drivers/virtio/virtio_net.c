// SPDX-License-Identifier: BSD-2-Clause
/*
 * virtio_net.c - the virtio network device (virtio 1.2, 5.1): one pair of queues.
 *
 * Receive: each buffer of the client is one descriptor; the device's header lies in front of the
 * frame, in the same buffer. With mergeable buffers a frame may take several. Transmit: one
 * descriptor for the header, from a pool with one header for each descriptor, then the client's
 * segments as they are. Sent frames are reclaimed when room is needed and at each poll, without
 * interrupts, unless the client waits for room.
 *
 * Locking: as drivers/netdev.h says, under the client's lock; the interrupt handlers touch
 * only config_changed, the interrupt suppression of the receive queue and client->wake().
 */
#include <errno.h>
#include "arch/mmu.h"
#include "drivers/virtio/virtio.h"
#include "drivers/virtio/virtio_net.h"
#include "kernel/heap.h"
#include "kernel/log.h"
#include "kernel/random.h"

/* Features (5.1.3). */
#define NET_F_CSUM       (1ull << 0)
#define NET_F_GUEST_CSUM (1ull << 1)
#define NET_F_MTU        (1ull << 3)
#define NET_F_MAC        (1ull << 5)
#define NET_F_GUEST_TSO4 (1ull << 7)
#define NET_F_GUEST_TSO6 (1ull << 8)
#define NET_F_HOST_TSO4  (1ull << 11)
#define NET_F_HOST_TSO6  (1ull << 12)
#define NET_F_MRG_RXBUF  (1ull << 15)
#define NET_F_STATUS     (1ull << 16)

#define NET_F_GUEST_TSO (NET_F_GUEST_TSO4 | NET_F_GUEST_TSO6)
#define NET_F_HOST_TSO  (NET_F_HOST_TSO4 | NET_F_HOST_TSO6)
#define NET_F_WANTED                                                               \
	(NET_F_CSUM | NET_F_GUEST_CSUM | NET_F_MTU | NET_F_MAC | NET_F_GUEST_TSO | \
	 NET_F_HOST_TSO | NET_F_MRG_RXBUF | NET_F_STATUS | VIRTIO_F_EVENT_IDX)

/* Configuration (5.1.4). */
#define CONFIG_MAC     0
#define CONFIG_STATUS  6
#define CONFIG_MTU     10
#define STATUS_LINK_UP 1u

#define QUEUE_RX 0
#define QUEUE_TX 1

#define HDR_NEEDS_CSUM 1u
#define HDR_DATA_VALID 2u
#define HDR_GSO_TCPV4  1u
#define HDR_GSO_TCPV6  4u
#define HDR_BYTES      12u

/* In front of each frame (5.1.6). Buffers of the client may begin at any address. */
struct net_hdr {
	uint8_t flags, gso_type;
	uint16_t hdr_len, gso_size, csum_start, csum_offset, num_buffers;
} UNIK_PACKED;

/* A header of the transmit pool, in a size that makes the index a shift. */
union tx_hdr {
	struct net_hdr hdr;
	uint64_t word[2];
};

#define MTU_DEFAULT      1500
#define MTU_MIN          68 /* RFC 791 */
#define ETHERNET_BYTES   14
#define RX_BUF_BYTES     2048
#define RING_MIN         8
#define RING_MAX         256
#define RING_LARGE_FRAME 64 /* descriptors that let the device merge buffers to 64 KiB */

struct virtio_net {
	struct virtio_dev virtio;
	struct netdev netdev;
	struct vring rx, tx;
	union tx_hdr *tx_hdr; /* one for each descriptor of tx */
	paddr_t tx_hdr_dma;
	uint64_t features; /* copy: read for each frame */
	bool config_changed;
	bool tx_starved; /* the client was told that the ring is full, */
	bool tx_room;    /* and since then something was reclaimed */
};

static struct virtio_net *net_of(struct netdev *d)
{
	return container_of(d, struct virtio_net, netdev);
}

/* Interrupt context. Without a client there may be no queues yet. */
static void net_on_queue(struct virtio_dev *v)
{
	struct virtio_net *n = container_of(v, struct virtio_net, virtio);
	struct netdev_client *c = n->netdev.client;

	if (!c)
		return;
	if (!n->rx.event_idx)
		vring_irq_disable(&n->rx);
	c->wake(c);
}

/* Interrupt context. */
static void net_on_config(struct virtio_dev *v)
{
	struct virtio_net *n = container_of(v, struct virtio_net, virtio);
	struct netdev_client *c = n->netdev.client;

	WRITE_ONCE(n->config_changed, true);
	if (c)
		c->wake(c);
}

static UNIK_COLD void net_read_link(struct virtio_net *n)
{
	uint16_t status = STATUS_LINK_UP;

	WRITE_ONCE(n->config_changed, false);
	if ((n->features & NET_F_STATUS) &&
	    virtio_config_read(&n->virtio, CONFIG_STATUS, 2, 1, &status))
		virtio_fail(&n->virtio, "configuration cannot be read");
	n->netdev.link_up = (status & STATUS_LINK_UP) && !n->virtio.failed;
}

/* --- Transmit --- */

static void tx_reclaim(struct virtio_net *n)
{
	struct netdev_client *c = n->netdev.client;
	int id;

	while ((id = vring_take(&n->tx, NULL)) >= 0) {
		void *cookie = n->tx.slot[id].cookie;

		n->tx_room = true;
		if (cookie)
			c->tx_done(c, cookie);
	}
}

static UNIK_COLD int tx_make_room(struct virtio_net *n, unsigned ndesc)
{
	tx_reclaim(n);
	if (n->virtio.failed)
		return -ENODEV;
	if (ndesc <= n->tx.nfree)
		return 0;
	if (ndesc > n->tx.size)
		return -EMSGSIZE;
	vring_kick(&n->tx); /* the device may not have been shown all that fills the ring */
	n->tx_starved = true;
	n->tx_room = false;
	return -ENOBUFS;
}

static void tx_fill_hdr(union tx_hdr *h, const struct netdev_tx *tx)
{
	h->word[0] = h->word[1] = 0;
	if (tx->needs_csum) {
		h->hdr.flags = HDR_NEEDS_CSUM;
		h->hdr.csum_start = tx->csum_start;
		h->hdr.csum_offset = tx->csum_offset;
	}
	if (tx->gso_bytes) {
		h->hdr.gso_type = tx->ipv6 ? HDR_GSO_TCPV6 : HDR_GSO_TCPV4;
		h->hdr.gso_size = tx->gso_bytes;
		h->hdr.hdr_len = tx->header_bytes;
	}
}

static int net_transmit(struct netdev *d, const struct netdev_tx *tx)
{
	struct virtio_net *n = net_of(d);
	struct vring *q = &n->tx;
	const struct net_segment *s = tx->segment, *end = s + tx->nsegment;
	unsigned ndesc = tx->nsegment + 1;

	if (unlikely(ndesc > q->nfree)) {
		int ret = tx_make_room(n, ndesc);
		if (ret)
			return ret;
	}
	struct vring_chain c = vring_begin(q);

	tx_fill_hdr(&n->tx_hdr[c.next], tx);
	vring_put(&c, n->tx_hdr_dma + c.next * sizeof(union tx_hdr), HDR_BYTES, 0);
	do
		vring_put(&c, mmu_dma_addr_fast(s->data), s->len, 0);
	while (++s != end);
	vring_post(q, &c, ndesc, 0, tx->cookie);
	return 0;
}

static void net_flush(struct netdev *d)
{
	vring_kick(&net_of(d)->tx);
}

/* --- Receive --- */

static void rx_refill(struct virtio_net *n)
{
	struct netdev_client *c = n->netdev.client;
	struct vring *q = &n->rx;

	while (q->nfree) {
		struct netbuf *b = c->rx_alloc(c);

		if (!b)
			break;
		b->next = NULL;
		vring_post_one(q, virt_to_phys(b->data), b->size, true, b);
	}
	vring_kick(q);
}

static void rx_free_chain(struct virtio_net *n, struct netbuf *b)
{
	struct netdev_client *c = n->netdev.client;

	while (b) {
		struct netbuf *next = b->next;

		b->next = NULL;
		c->rx_free(c, b);
		b = next;
	}
}

/* The buffer that the device has filled next, and how far; NULL: none. */
static struct netbuf *rx_take(struct virtio_net *n, uint32_t *len)
{
	int id = vring_take(&n->rx, len);

	if (id < 0)
		return NULL;
	return n->rx.slot[id].cookie;
}

/*
 * Collect a frame of `nbuf` buffers, of which `first` with *total bytes was taken. The device
 * shows them all at once (5.1.6.4), so that one that is missing never comes.
 *
 * Returns false when there is no frame to be had; the buffers are then given back.
 */
static UNIK_NOINLINE bool rx_merge(struct virtio_net *n, struct netbuf *first, uint32_t *total,
				   unsigned nbuf)
{
	struct netbuf *last = first;
	uint32_t last_len = *total;
	bool whole = nbuf != 0;

	for (unsigned i = 1; i < nbuf; i++) {
		/* The client counts on it that only the last buffer is not full. */
		whole &= last_len == last->size;
		last->next = rx_take(n, &last_len);
		if (!last->next) {
			virtio_fail(&n->virtio, "frame lacks buffers");
			whole = false;
			break;
		}
		last = last->next;
		*total += last_len;
	}
	if (!whole)
		rx_free_chain(n, first);
	return whole;
}

/* Deliver one frame. Returns false when there was none. */
static bool rx_frame(struct virtio_net *n)
{
	struct netdev_client *c = n->netdev.client;
	uint32_t len;
	struct netbuf *b = rx_take(n, &len);

	if (!b)
		return false;
	const struct net_hdr *h = (const struct net_hdr *)b->data;

	if (unlikely(len < HDR_BYTES + ETHERNET_BYTES)) {
		c->rx_free(c, b); /* a runt: no frame, and no header to tell of more buffers */
		return true;
	}
	unsigned flags = n->features & NET_F_GUEST_CSUM ? h->flags : 0;
	unsigned nbuf = n->features & NET_F_MRG_RXBUF ? h->num_buffers : 1;

	if (nbuf != 1 && !rx_merge(n, b, &len, nbuf))
		return true;
	/* NEEDS_CSUM: the frame never was on a wire, its sum is not filled in (5.1.6.4.1). */
	c->rx(c, b, HDR_BYTES, len - HDR_BYTES,
	      flags & (HDR_NEEDS_CSUM | HDR_DATA_VALID) ? NETDEV_CSUM_GOOD : NETDEV_CSUM_UNKNOWN);
	return true;
}

/* Something else than frames. Returns whether the device is out of service. */
static UNIK_COLD bool net_attend(struct virtio_net *n)
{
	if (n->virtio.failed)
		return true;
	net_read_link(n);
	return n->virtio.failed;
}

static unsigned net_poll(struct netdev *d, unsigned budget)
{
	struct virtio_net *n = net_of(d);
	unsigned done = 0;

	if (unlikely(READ_ONCE(n->config_changed) | n->virtio.failed) && net_attend(n))
		return 0;
	if (vring_pending(&n->tx))
		tx_reclaim(n);
	if (vring_pending(&n->rx))
		while (done < budget && rx_frame(n))
			done++;
	if (n->rx.nfree)
		rx_refill(n);
	return done;
}

/* The client that found the ring full may not have tried again since there is room. */
static UNIK_COLD bool tx_wake_for_room(struct virtio_net *n)
{
	if (!n->tx_room)
		return vring_irq_enable(&n->tx, 0);
	n->tx_starved = false;
	return true;
}

static bool net_irq_enable(struct netdev *d)
{
	struct virtio_net *n = net_of(d);
	bool more = vring_irq_enable(&n->rx, 0);

	if (unlikely(n->tx_starved))
		more |= tx_wake_for_room(n);
	return more | READ_ONCE(n->config_changed);
}

static void net_irq_disable(struct netdev *d)
{
	vring_irq_disable(&net_of(d)->rx);
}

/* --- Life --- */

static UNIK_COLD int net_start(struct netdev *d, struct netdev_client *c)
{
	struct virtio_net *n = net_of(d);

	if (n->virtio.failed)
		return -ENODEV;
	d->client = c;
	vring_irq_disable(&n->tx);
	vring_irq_disable(&n->rx);
	virtio_start(&n->virtio);
	rx_refill(n);
	net_read_link(n);
	return n->virtio.failed ? -EIO : 0;
}

static size_t tx_hdr_pages(unsigned ring)
{
	return ALIGN_UP(ring * sizeof(union tx_hdr), PAGE_SIZE) / PAGE_SIZE;
}

/* The device has been reset: what it was given is ours again. */
static UNIK_COLD void net_free_queues(struct virtio_net *n)
{
	if (n->tx_hdr)
		page_free_exact(n->tx_hdr, tx_hdr_pages(n->tx.size));
	n->tx_hdr = NULL;
	vring_free(&n->tx);
	vring_free(&n->rx);
}

static UNIK_COLD void net_stop(struct netdev *d)
{
	struct virtio_net *n = net_of(d);
	struct netdev_client *c = d->client;

	d->link_up = false;
	/* A device that does not let go of the memory keeps it. */
	if (!virtio_stop(&n->virtio))
		return;
	for (unsigned i = 0; i < n->tx.size; i++)
		if (vring_detach(&n->tx, i) && n->tx.slot[i].cookie)
			c->tx_done(c, n->tx.slot[i].cookie);
	for (unsigned i = 0; i < n->rx.size; i++)
		if (vring_detach(&n->rx, i))
			c->rx_free(c, n->rx.slot[i].cookie);
	net_free_queues(n);
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

/* How many descriptors a ring shall have: receive buffers get up to a sixteenth of what is free. */
static UNIK_COLD unsigned ring_size(void)
{
	struct page_stats stats;
	unsigned size = RING_MAX;

	page_get_stats(&stats);
	while (size > 2 * RING_MIN && size * RX_BUF_BYTES / PAGE_SIZE > stats.free_pages / 16)
		size /= 2;
	return size;
}

/* What to agree on, out of what is offered: 5.1.3.1 says what needs what. */
static uint64_t net_features(uint64_t offered, unsigned ring)
{
	uint64_t f = offered & NET_F_WANTED;

	if (!(f & NET_F_CSUM))
		f &= ~NET_F_HOST_TSO;
	/* Without mergeable buffers a large frame or a large MTU would need large buffers. */
	if (!(f & NET_F_MRG_RXBUF))
		f &= ~(NET_F_GUEST_TSO | NET_F_MTU);
	if (!(f & NET_F_GUEST_CSUM) || ring < RING_LARGE_FRAME)
		f &= ~NET_F_GUEST_TSO;
	return f;
}

static uint32_t netdev_features(uint64_t f)
{
	return (f & NET_F_CSUM ? NETDEV_TX_CSUM : 0) | (f & NET_F_GUEST_CSUM ? NETDEV_RX_CSUM : 0) |
	       (f & NET_F_HOST_TSO4 ? NETDEV_TSO4 : 0) | (f & NET_F_HOST_TSO6 ? NETDEV_TSO6 : 0);
}

static UNIK_COLD int net_read_config(struct virtio_net *n)
{
	struct netdev *d = &n->netdev;
	int ret = 0;

	if (n->features & NET_F_MAC) {
		ret = virtio_config_read(&n->virtio, CONFIG_MAC, 1, sizeof(d->mac), d->mac);
	} else {
		random_bytes(d->mac, sizeof(d->mac));
		d->mac[0] = (uint8_t)((d->mac[0] & ~1u) | 2); /* one station, locally given */
	}
	d->mtu = MTU_DEFAULT;
	if (ret == 0 && (n->features & NET_F_MTU)) {
		ret = virtio_config_read(&n->virtio, CONFIG_MTU, 2, 1, &d->mtu);
		if (d->mtu < MTU_MIN)
			d->mtu = MTU_DEFAULT;
	}
	return ret;
}

static UNIK_COLD int net_make_queues(struct virtio_net *n, unsigned ring)
{
	int ret = virtio_queue_init(&n->virtio, &n->rx, QUEUE_RX, ring);

	if (ret == 0)
		ret = virtio_queue_init(&n->virtio, &n->tx, QUEUE_TX, ring);
	if (ret)
		return ret;
	if (n->rx.size < RING_MIN || n->tx.size < RING_MIN)
		return -EIO;
	n->tx_hdr = page_alloc_exact(tx_hdr_pages(n->tx.size));
	if (!n->tx_hdr)
		return -ENOMEM;
	n->tx_hdr_dma = virt_to_phys(n->tx_hdr);
	return 0;
}

static UNIK_COLD int net_setup(struct virtio_net *n)
{
	struct virtio_dev *v = &n->virtio;
	unsigned ring = ring_size();
	int ret = virtio_begin(v);

	if (ret == 0)
		ret = virtio_accept(v, net_features(v->features, ring));
	if (ret)
		return ret;
	n->features = v->features;
	ret = net_read_config(n);
	if (ret == 0)
		ret = virtio_irq_connect(v);
	if (ret == 0)
		ret = net_make_queues(n, ring);
	if (ret && virtio_stop(v))
		net_free_queues(n);
	return ret;
}

UNIK_COLD int virtio_net_probe(unsigned index, struct netdev **out)
{
	struct virtio_net *n = kzalloc(sizeof(*n));

	if (!n)
		return -ENOMEM;
	n->virtio.name = n->netdev.name = "virtio-net";
	n->virtio.on_queue = net_on_queue;
	n->virtio.on_config = net_on_config;
	n->netdev.ops = &net_ops;
	int ret = virtio_open(&n->virtio, VIRTIO_NET, index);

	if (ret == 0)
		ret = net_setup(n);
	if (ret) {
		if (ret != -ENODEV)
			log_warn("virtio-net %u cannot be used: %d", index, ret);
		kfree(n);
		return ret;
	}
	n->netdev.features = netdev_features(n->features);
	n->netdev.rx_buf_bytes = RX_BUF_BYTES;
	n->netdev.tx_slots = n->tx.size;
	*out = &n->netdev;
	return 0;
}
