// SPDX-License-Identifier: BSD-2-Clause
/* drivers/virtio/virtio_net.c between a client that counts its buffers and a device that lies. */
// link: drivers/virtio/virtio_net.c drivers/virtio/vring.c drivers/virtio/virtio.c
// link: drivers/virtio/virtio_mmio.c drivers/virtio/virtio_pci.c drivers/bus/pci.c
// link: kernel/boot_info.c lib/base/ranges.c
#include <errno.h>
#include "drivers/virtio/virtio_net.h"
#include "kernel/heap.h"
#include "kernel/random.h"
#include "tests/host/fake/virtio.h"

#define F_CSUM       (1ull << 0)
#define F_GUEST_CSUM (1ull << 1)
#define F_MTU        (1ull << 3)
#define F_MAC        (1ull << 5)
#define F_GUEST_TSO4 (1ull << 7)
#define F_HOST_TSO4  (1ull << 11)
#define F_HOST_TSO6  (1ull << 12)
#define F_MRG        (1ull << 15)
#define F_STATUS     (1ull << 16)
#define F_ALL        (VIRTIO_F_VERSION_1 | VIRTIO_F_EVENT_IDX | 0x1ffffff)

#define HDR 12

static struct fake_queue *rxq = &fake_virtio.queue[0], *txq = &fake_virtio.queue[1];
static size_t free_pages = 100000;

void page_get_stats(struct page_stats *out)
{
	*out = (struct page_stats){ 200000, free_pages };
}

void random_bytes(void *out, size_t len)
{
	memset(out, 0xff, len);
}

/* --- the client ---------------------------------------------------------------------------- */

static struct client {
	struct netdev_client c;
	long live;  /* buffers that the driver has */
	long limit; /* how many it may have */
	unsigned frames, woken, sent;
	uint32_t len, offset, nbuf;
	enum netdev_csum csum;
	bool check_bytes; /* the frame counts up from its first byte */
	const void *cookie;
} client;

static struct netdev *dev;

static struct netbuf *rx_alloc(struct netdev_client *c)
{
	struct client *m = container_of(c, struct client, c);

	if (m->live >= m->limit)
		return NULL;
	struct netbuf *b = malloc(sizeof(*b));

	*b = (struct netbuf){ (void *)0x55, malloc(2048), 2048 };
	m->live++;
	return b;
}

/* Takes the whole chain, as a client may that frees by frames. */
static void rx_free(struct netdev_client *c, struct netbuf *b)
{
	while (b) {
		struct netbuf *next = b->next;

		container_of(c, struct client, c)->live--;
		free(b->data);
		free(b);
		b = next;
	}
}

static void rx(struct netdev_client *c, struct netbuf *b, uint32_t offset, uint32_t len,
	       enum netdev_csum csum)
{
	struct client *m = container_of(c, struct client, c);
	uint32_t left = len, at = 0;

	m->frames++;
	m->len = len;
	m->offset = offset;
	m->csum = csum;
	m->nbuf = 0;
	for (struct netbuf *p = b; p; p = p->next) {
		uint32_t room = p->size - (p == b ? offset : 0), n = MIN(left, room);

		for (uint32_t i = 0; i < n && m->check_bytes; i++, at++)
			if (p->data[(p == b ? offset : 0) + i] != (uint8_t)at) {
				CHECK_FAIL("byte %u of the frame", at);
				break;
			}
		if (p->next && n != room)
			CHECK_FAIL("a buffer that is not the last is not full");
		left -= n;
		m->nbuf++;
	}
	CHECK_EQ(left, 0);
	rx_free(c, b);
}

static void tx_done(struct netdev_client *c, void *cookie)
{
	struct client *m = container_of(c, struct client, c);

	m->sent++;
	m->cookie = cookie;
}

static void wake(struct netdev_client *c)
{
	container_of(c, struct client, c)->woken++;
}

static int probe(void)
{
	client = (struct client){
		.c = { rx_alloc, rx_free, rx, tx_done, wake },
		.limit = 1000,
	};
	return virtio_net_probe(0, &dev);
}

static void start(uint64_t features)
{
	fake_virtio_mmio(VIRTIO_NET, features);
	memcpy(fake_virtio.config, "\x52\x54\x00\x12\x34\x56\x01\x00\x01\x00\xdc\x05", 12);
	CHECK_EQ(probe(), 0);
	CHECK_EQ(dev->ops->start(dev, &client.c), 0);
}

static void destroy(void)
{
	dev->ops->stop(dev);
	CHECK_EQ(client.live, 0);
	CHECK_EQ(fake_irq_connected(), 0);
	kfree(container_of(
		dev,
		struct {
			struct virtio_dev v;
			struct netdev d;
		},
		d));
}

/* --- the device ---------------------------------------------------------------------------- */

/* Receive a frame of len bytes, spread over as many buffers as it takes. */
static void device_sends(uint32_t len, uint8_t flags, unsigned num_buffers)
{
	uint32_t total = len + HDR, at = 0;
	unsigned used = 0, ids[64], lens[64];
	uint8_t *first = NULL;

	while (at < total) {
		int id = fake_queue_pop(rxq);

		CHECK(id >= 0);
		if (id < 0)
			return;
		struct vring_desc d = fake_queue_desc(rxq, (unsigned)id);
		uint32_t n = MIN(d.len, total - at);

		CHECK_EQ(d.flags, VRING_DESC_WRITE);
		for (uint32_t i = 0; i < n; i++)
			fake_desc_data(d)[i] = (uint8_t)(at + i - HDR);
		if (!first)
			first = fake_desc_data(d);
		ids[used] = (unsigned)id;
		lens[used++] = n;
		at += n;
	}
	memset(first, 0, HDR);
	first[0] = flags;
	first[10] = (uint8_t)(num_buffers ? num_buffers : used);
	for (unsigned i = 0; i < used; i++)
		fake_queue_push(rxq, ids[i], lens[i]);
}

static void device_returns(uint8_t num_buffers, uint32_t len)
{
	int id = fake_queue_pop(rxq);
	uint8_t *p = fake_desc_data(fake_queue_desc(rxq, (unsigned)id));

	memset(p, 0, HDR);
	p[10] = num_buffers;
	fake_queue_push(rxq, (uint32_t)id, len);
}

/* --- tests --------------------------------------------------------------------------------- */

static void test_probe(void)
{
	start(F_ALL);
	CHECK_EQ(memcmp(dev->mac, "\x52\x54\x00\x12\x34\x56", 6), 0);
	CHECK_EQ(dev->mtu, 1500);
	CHECK_EQ(dev->rx_buf_bytes, 2048);
	CHECK_EQ(dev->tx_slots, 256);
	CHECK(dev->link_up);
	CHECK_EQ(dev->features, NETDEV_TX_CSUM | NETDEV_RX_CSUM | NETDEV_TSO4 | NETDEV_TSO6);
	CHECK_EQ(client.live, 256);
	CHECK_EQ(rxq->notified, 1);
	CHECK_EQ(fake_virtio.status, 0x0f);
	/* UFO, ECN and what is not known here were not agreed on. */
	CHECK_EQ(fake_virtio.accepted & 0xffffff, 0x0199ab);
	destroy();
}

static void test_features_depend(void)
{
	start(VIRTIO_F_VERSION_1);
	CHECK_EQ(dev->features, 0);
	CHECK_EQ(dev->mac[0], 0xfe); /* local, a station's */
	CHECK(dev->link_up);
	destroy();
	start(VIRTIO_F_VERSION_1 | F_HOST_TSO4 | F_HOST_TSO6 | F_GUEST_TSO4 | F_MRG);
	CHECK_EQ(dev->features, 0);
	CHECK_EQ(fake_virtio.accepted, VIRTIO_F_VERSION_1 | F_MRG);
	destroy();
	start(VIRTIO_F_VERSION_1 | F_CSUM | F_GUEST_CSUM | F_GUEST_TSO4 | F_MTU);
	CHECK_EQ(fake_virtio.accepted, VIRTIO_F_VERSION_1 | F_CSUM | F_GUEST_CSUM);
	destroy();
}

static void test_mtu(void)
{
	static const struct {
		uint16_t says, is;
	} mtu[] = { { 9000, 9000 }, { 68, 68 }, { 67, 1500 }, { 0, 1500 }, { 65535, 65535 } };

	for (unsigned i = 0; i < ARRAY_SIZE(mtu); i++) {
		fake_virtio_mmio(VIRTIO_NET, F_ALL);
		memcpy(&fake_virtio.config[10], &mtu[i].says, 2);
		CHECK_EQ(probe(), 0);
		CHECK_EQ(dev->mtu, mtu[i].is);
		destroy();
	}
}

/* Little memory: few buffers, and no frames that would need more of them. */
static void test_small_memory(void)
{
	free_pages = 700;
	start(F_ALL);
	CHECK_EQ(client.live, 64);
	CHECK(fake_virtio.accepted & F_GUEST_TSO4);
	destroy();
	free_pages = 100;
	start(F_ALL);
	CHECK_EQ(client.live, 16);
	CHECK(!(fake_virtio.accepted & F_GUEST_TSO4));
	destroy();
	free_pages = 100000;
}

static void test_receives(void)
{
	start(F_ALL);
	client.check_bytes = true;
	for (unsigned i = 0; i < 2000; i++) {
		uint32_t len = 14 + i * 37 % 65000;

		device_sends(len, i % 3, 0);
		CHECK_EQ(dev->ops->poll(dev, 64), 1);
		CHECK_EQ(client.len, len);
		CHECK_EQ(client.offset, HDR);
		CHECK_EQ(client.csum, i % 3 ? NETDEV_CSUM_GOOD : NETDEV_CSUM_UNKNOWN);
		CHECK_EQ(client.nbuf, (len + HDR + 2047) / 2048);
		CHECK_EQ(client.live, 256);
	}
	CHECK_EQ(client.frames, 2000);
	CHECK_EQ(fake_log_lines(), 0);
	destroy();
}

static void test_budget(void)
{
	start(F_ALL);
	for (unsigned i = 0; i < 100; i++)
		device_sends(60, 0, 0);
	CHECK_EQ(dev->ops->poll(dev, 64), 64);
	CHECK(dev->ops->irq_enable(dev));
	CHECK_EQ(dev->ops->poll(dev, 64), 36);
	CHECK(!dev->ops->irq_enable(dev));
	device_sends(60, 0, 0);
	CHECK(dev->ops->irq_enable(dev));
	fake_virtio.isr = VIRTIO_ISR_QUEUE;
	CHECK(fake_irq_fire(0));
	CHECK(!fake_irq_fire(0)); /* not ours: acknowledged already */
	CHECK_EQ(client.woken, 1);
	destroy();
}

/* No checksum is called good that was not agreed on. */
static void test_csum_not_agreed(void)
{
	start(VIRTIO_F_VERSION_1 | F_MRG);
	device_sends(60, 3, 0);
	CHECK_EQ(dev->ops->poll(dev, 64), 1);
	CHECK_EQ(client.csum, NETDEV_CSUM_UNKNOWN);
	destroy();
}

/* Without mergeable buffers the count means nothing. */
static void test_unmerged(void)
{
	start(VIRTIO_F_VERSION_1);
	device_sends(60, 0, 77);
	CHECK_EQ(dev->ops->poll(dev, 64), 1);
	CHECK_EQ(client.len, 60);
	destroy();
}

static void test_runts(void)
{
	start(F_ALL);
	device_returns(1, 0);
	device_returns(1, HDR);
	device_returns(1, HDR + 13);
	device_returns(1, HDR + 14);
	dev->ops->poll(dev, 64);
	CHECK_EQ(client.frames, 1);
	CHECK_EQ(client.live, 256);
	destroy();
}

static void test_out_of_buffers(void)
{
	start(F_ALL);
	client.limit = 0;
	for (unsigned i = 0; i < 256; i++)
		device_sends(60, 0, 0);
	CHECK_EQ(dev->ops->poll(dev, 1000), 256);
	CHECK_EQ(client.live, 0);
	CHECK_EQ(dev->ops->poll(dev, 1000), 0);
	client.limit = 1000;
	CHECK_EQ(dev->ops->poll(dev, 1000), 0);
	CHECK_EQ(client.live, 256);
	device_sends(60, 0, 0);
	CHECK_EQ(dev->ops->poll(dev, 1000), 1);
	destroy();
}

/* A frame whose inner buffers are not full is dropped, and no buffer with it. */
static void test_partial_buffers(void)
{
	start(F_ALL);
	device_returns(3, 2048);
	device_returns(0, 100);
	device_returns(0, 200);
	dev->ops->poll(dev, 64);
	device_returns(2, 100);
	device_returns(0, 2048);
	dev->ops->poll(dev, 64);
	CHECK_EQ(client.frames, 0);
	CHECK_EQ(client.live, 256);
	device_sends(5000, 0, 0);
	dev->ops->poll(dev, 64);
	CHECK_EQ(client.frames, 1);
	destroy();
}

static void check_out_of_service(const char *why)
{
	struct net_segment s = { "x", 1 };
	struct netdev_tx tx = { .segment = &s, .nsegment = 1 };

	dev->ops->poll(dev, 64);
	CHECK(fake_virtio.status & VIRTIO_STATUS_FAILED);
	CHECK(fake_log_has(why));
	CHECK_EQ(fake_log_lines(), 1);
	CHECK_EQ(dev->ops->transmit(dev, &tx), -ENODEV);
	dev->ops->flush(dev);
	CHECK_EQ(dev->ops->poll(dev, 64), 0);
	CHECK(!dev->ops->irq_enable(dev));
	dev->ops->irq_disable(dev);
	destroy();
}

static void test_frame_lacks_buffers(void)
{
	start(F_ALL);
	device_returns(2, 2048);
	check_out_of_service("frame lacks buffers");
}

static void test_frame_of_no_buffers(void)
{
	start(F_ALL);
	device_returns(0, 100);
	dev->ops->poll(dev, 64);
	CHECK_EQ(client.frames, 0);
	CHECK_EQ(client.live, 256);
	destroy();
}

static void test_lying_used_ring(void)
{
	start(F_ALL);
	fake_queue_push(rxq, 256, 60);
	check_out_of_service("bad used entry");
	fake_reset();
	start(F_ALL);
	fake_queue_push(rxq, 3, 2049);
	check_out_of_service("bad used entry");
	fake_reset();
	start(F_ALL);
	fake_queue_used(rxq)->idx = 257;
	check_out_of_service("used index out of range");
	fake_reset();
	start(F_ALL);
	fake_queue_push(txq, 0, 0);
	check_out_of_service("used index out of range");
}

static int transmit(unsigned nsegment, void *cookie)
{
	static const uint8_t bytes[64];
	struct net_segment s[NETDEV_TX_SEGMENTS];
	struct netdev_tx tx = { .segment = s, .nsegment = nsegment, .cookie = cookie };

	for (unsigned i = 0; i < nsegment; i++)
		s[i] = (struct net_segment){ bytes + i, 10 + i };
	return dev->ops->transmit(dev, &tx);
}

static void test_transmits(void)
{
	int cookie;

	start(F_ALL);
	for (unsigned n = 1; n <= NETDEV_TX_SEGMENTS; n++) {
		CHECK_EQ(transmit(n, &cookie), 0);
		CHECK_EQ(fake_queue_pop(txq), -1); /* not before flush() */
		dev->ops->flush(dev);
		int id = fake_queue_pop(txq);
		struct vring_desc d = fake_queue_desc(txq, (unsigned)id);

		CHECK_EQ(d.len, HDR);
		for (unsigned i = 0; i < n; i++) {
			CHECK_EQ(d.flags, VRING_DESC_NEXT);
			d = fake_queue_desc(txq, d.next);
			CHECK_EQ(d.len, 10 + i);
		}
		CHECK_EQ(d.flags, 0);
		fake_queue_push(txq, (uint32_t)id, 0);
		CHECK_EQ(dev->ops->poll(dev, 64), 0);
		CHECK_EQ(client.sent, n);
		CHECK(client.cookie == &cookie);
	}
	destroy();
}

static void test_header(void)
{
	static const uint8_t bytes[100];
	struct net_segment s = { bytes, 100 };
	struct netdev_tx tx[] = {
		{ .segment = &s,
		  .nsegment = 1,
		  .needs_csum = true,
		  .csum_start = 34,
		  .csum_offset = 16,
		  .gso_bytes = 1460,
		  .header_bytes = 54 },
		{ .segment = &s,
		  .nsegment = 1,
		  .needs_csum = true,
		  .csum_start = 54,
		  .csum_offset = 16,
		  .gso_bytes = 1440,
		  .header_bytes = 74,
		  .ipv6 = true },
		{ .segment = &s,
		  .nsegment = 1,
		  .needs_csum = true,
		  .csum_start = 34,
		  .csum_offset = 6 },
		{ .segment = &s, .nsegment = 1 },
	};
	static const uint16_t want[][6] = {
		{ 0x0101, 54, 1460, 34, 16, 0 },
		{ 0x0401, 74, 1440, 54, 16, 0 },
		{ 0x0001, 0, 0, 34, 6, 0 },
		{ 0, 0, 0, 0, 0, 0 },
	};

	start(F_ALL);
	for (unsigned i = 0; i < 4 * 300; i++) {
		CHECK_EQ(dev->ops->transmit(dev, &tx[i % 4]), 0);
		dev->ops->flush(dev);
		int id = fake_queue_pop(txq);
		struct vring_desc d = fake_queue_desc(txq, (unsigned)id);

		CHECK_EQ(memcmp(fake_desc_data(d), want[i % 4], HDR), 0);
		fake_queue_push(txq, (uint32_t)id, 0);
	}
	destroy();
}

static void test_ring_full(void)
{
	int cookie;
	unsigned n = 0;

	start(F_ALL);
	while (transmit(3, &cookie) == 0)
		n++;
	CHECK_EQ(n, 64);
	CHECK_EQ(transmit(3, &cookie), -ENOBUFS);
	CHECK_EQ(txq->notified, 1); /* it was shown without flush() */
	CHECK(!dev->ops->irq_enable(dev));
	CHECK_EQ(*fake_queue_used_event(txq), 0); /* wake at the next that is sent */
	fake_queue_push(txq, (uint32_t)fake_queue_pop(txq), 0);
	CHECK(dev->ops->irq_enable(dev));
	CHECK_EQ(transmit(3, &cookie), 0);
	CHECK_EQ(client.sent, 1);
	CHECK(dev->ops->irq_enable(dev)); /* there was room since: try, do not sleep */
	CHECK(!dev->ops->irq_enable(dev));
	destroy();
	CHECK_EQ(client.sent, 65); /* what was in flight comes back after the reset */
}

static void test_frame_exceeds_ring(void)
{
	fake_virtio_mmio(VIRTIO_NET, F_ALL);
	txq->max = 8;
	CHECK_EQ(probe(), 0);
	CHECK_EQ(dev->ops->start(dev, &client.c), 0);
	CHECK_EQ(transmit(7, NULL), 0);
	CHECK_EQ(transmit(8, NULL), -EMSGSIZE);
	destroy();
}

static void test_link_changes(void)
{
	start(F_ALL);
	fake_virtio.config[6] = 0;
	fake_virtio.isr = VIRTIO_ISR_CONFIG;
	CHECK(fake_irq_fire(0));
	CHECK_EQ(client.woken, 1);
	CHECK(dev->ops->irq_enable(dev));
	dev->ops->poll(dev, 64);
	CHECK(!dev->link_up);
	CHECK(!dev->ops->irq_enable(dev));
	fake_virtio.config[6] = 1;
	fake_virtio.isr = VIRTIO_ISR_CONFIG | VIRTIO_ISR_QUEUE;
	CHECK(fake_irq_fire(0));
	dev->ops->poll(dev, 64);
	CHECK(dev->link_up);
	destroy();
}

/* The device may raise its line before there is a client, and before there are queues. */
static void raise_line(struct fake_virtio *d, unsigned queue)
{
	(void)queue;
	d->isr = VIRTIO_ISR_CONFIG | VIRTIO_ISR_QUEUE;
	CHECK(fake_irq_fire(0));
}

static void test_early_interrupt(void)
{
	fake_virtio_mmio(VIRTIO_NET, F_ALL);
	CHECK_EQ(probe(), 0);
	raise_line(&fake_virtio, 0);
	fake_virtio.on_notify = raise_line;
	CHECK_EQ(dev->ops->start(dev, &client.c), 0);
	fake_virtio.on_notify = NULL;
	CHECK(client.woken);
	destroy();
}

static void test_unusable(void)
{
	long live = fake_live_blocks;

	fake_virtio_mmio(VIRTIO_NET, F_ALL & ~VIRTIO_F_VERSION_1);
	CHECK_EQ(probe(), -EIO);
	fake_virtio_mmio(VIRTIO_NET, F_ALL);
	fake_virtio.refuses_features = true;
	CHECK_EQ(probe(), -EIO);
	fake_virtio_mmio(VIRTIO_NET, F_ALL);
	fake_virtio.generation_runs = true;
	CHECK_EQ(probe(), -EIO);
	fake_virtio_mmio(VIRTIO_NET, F_ALL);
	rxq->max = 4;
	CHECK_EQ(probe(), -EIO);
	fake_virtio_mmio(VIRTIO_NET, F_ALL);
	txq->max = 0;
	CHECK_EQ(probe(), -EIO);
	fake_virtio_mmio(VIRTIO_NET, F_ALL);
	fake_virtio.stays_ready = true;
	CHECK_EQ(probe(), -EIO);
	fake_virtio_mmio(VIRTIO_NET, F_ALL);
	fake_irq_fail = 1;
	CHECK(probe() < 0);
	fake_virtio_mmio(VIRTIO_NET, F_ALL);
	fake_virtio.never_resets = true;
	CHECK_EQ(probe(), -EIO);
	CHECK_EQ(fake_live_blocks, live);
	CHECK_EQ(fake_irq_connected(), 0);
	fake_virtio_mmio(VIRTIO_RNG, F_ALL);
	CHECK_EQ(probe(), -ENODEV);
}

static void test_no_memory(void)
{
	FAKE_FAIL_EACH
	{
		fake_virtio_mmio(VIRTIO_NET, F_ALL);
		int ret = probe();

		CHECK_EQ(ret, fake_failed() ? -ENOMEM : 0);
		if (ret == 0) {
			dev->ops->start(dev, &client.c);
			destroy();
		}
		CHECK_EQ(fake_irq_connected(), 0);
	}
}

/* What is in flight in a device that does not reset is never given back. */
static void test_stop_without_reset(void)
{
	start(F_ALL);
	CHECK_EQ(transmit(1, &client), 0);
	fake_virtio.never_resets = true;
	dev->ops->stop(dev);
	CHECK_EQ(client.live, 256);
	CHECK_EQ(client.sent, 0);
	CHECK_EQ(dev->ops->poll(dev, 10), 0);
	fake_virtio.never_resets = false;
	destroy();
	CHECK_EQ(client.sent, 1);
}

/* One thing that a device may do to its used ring. What it has lied about it no longer owns, so
 * that from then on it keeps its hands off the buffers. */
static void device_acts(unsigned wild, bool *lied)
{
	struct fake_queue *q = rand() % 2 ? rxq : txq;
	uint32_t len = rand() % 2 ? 2048 : (uint32_t)rand() % 2049;

	if (rand() % wild == 0) {
		fake_queue_used(q)->idx = (uint16_t)rand();
		*lied = true;
	} else if (rand() % wild == 0) {
		fake_queue_push(q, (uint32_t)rand() % 300, (uint32_t)rand() % 2100);
		*lied = true;
	} else if (q == rxq && !*lied && fake_queue_avail(q)->idx != q->next_avail) {
		device_returns((uint8_t)(rand() % 4), len);
	} else if (q == txq) {
		int id = fake_queue_pop(q);

		if (id >= 0)
			fake_queue_push(q, (uint32_t)id, (uint32_t)rand());
	}
}

/* Whatever it does: no buffer is lost, or touched when it is not the driver's any more. */
static void test_rubbish(void)
{
	unsigned failed = 0;

	for (unsigned seed = 0; seed < 3000; seed++) {
		bool lied = false;

		fake_reset();
		srand(seed);
		start(F_ALL & ~(rand() % 2 ? VIRTIO_F_EVENT_IDX : 0));
		unsigned wild = (unsigned)rand() % 40 + 2;

		for (unsigned i = 0; i < 60; i++) {
			device_acts(wild, &lied);
			(void)transmit((unsigned)rand() % NETDEV_TX_SEGMENTS + 1, &client);
			if (rand() % 2)
				dev->ops->flush(dev);
			if (rand() % 4 == 0)
				dev->ops->poll(dev, (unsigned)rand() % 20);
			dev->ops->irq_enable(dev);
		}
		failed += fake_log_lines();
		CHECK(fake_log_lines() <= 1);
		destroy();
	}
	CHECK(failed > 1000 && failed < 3000); /* both kinds were tried */
}

static void test_over_pci(void)
{
	for (unsigned nvector = 0; nvector < 4; nvector++) {
		fake_virtio_pci(VIRTIO_NET, F_ALL, nvector);
		CHECK_EQ(probe(), 0);
		CHECK_EQ(dev->ops->start(dev, &client.c), 0);
		CHECK_EQ(fake_irq_connected(), nvector > 1 ? 2 : 1);
		client.check_bytes = true;
		device_sends(3000, 0, 0);
		fake_virtio.isr = VIRTIO_ISR_QUEUE;
		CHECK(fake_irq_fire(0));
		CHECK_EQ(client.woken, nvector == 1 ? 2 : 1);
		CHECK_EQ(dev->ops->poll(dev, 64), 1);
		CHECK_EQ(transmit(2, &client), 0);
		dev->ops->flush(dev);
		CHECK_EQ(txq->notified, 1);
		destroy();
	}
}

int main(void)
{
	RUN(test_probe);
	RUN(test_features_depend);
	RUN(test_mtu);
	RUN(test_small_memory);
	RUN(test_receives);
	RUN(test_budget);
	RUN(test_csum_not_agreed);
	RUN(test_unmerged);
	RUN(test_runts);
	RUN(test_out_of_buffers);
	RUN(test_partial_buffers);
	RUN(test_frame_lacks_buffers);
	RUN(test_frame_of_no_buffers);
	RUN(test_lying_used_ring);
	RUN(test_transmits);
	RUN(test_header);
	RUN(test_ring_full);
	RUN(test_frame_exceeds_ring);
	RUN(test_link_changes);
	RUN(test_early_interrupt);
	RUN(test_unusable);
	RUN(test_no_memory);
	RUN(test_stop_without_reset);
	RUN(test_rubbish);
	RUN(test_over_pci);
	return check_done();
}
