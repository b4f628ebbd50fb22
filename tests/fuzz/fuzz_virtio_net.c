// SPDX-License-Identifier: BSD-2-Clause
/*
 * virtio-net against a device that does what the input says: it fills buffers, completes chains in
 * any order and with any number, writes anything into the rings, and interrupts. The client
 * counts its buffers: when all is over, it has them all back, once each.
 */
// link: drivers/virtio/vring.c drivers/virtio/virtio.c
// link: drivers/virtio/virtio_mmio.c drivers/virtio/virtio_pci.c drivers/bus/pci.c
// link: kernel/boot_info.c lib/base/ranges.c
#include "tests/fuzz/ring.h"
#include "drivers/virtio/virtio_net.c"
#include "tests/fuzz/net_client.h"

#define FEATURES (VIRTIO_F_VERSION_1 | VIRTIO_F_EVENT_IDX | 0x1ffffff)
#define STEPS    400

static unsigned sent, done;

void page_get_stats(struct page_stats *out)
{
	*out = (struct page_stats){ 200000, 8 * BUFFERS };
}

void random_bytes(void *out, size_t len)
{
	memset(out, 0xff, len);
}

static void tx_done(struct netdev_client *c, void *cookie)
{
	FUZZ_ASSERT(cookie == &sent);
	done++;
}

static void wake(struct netdev_client *c)
{
}

static struct netdev_client client = { rx_alloc, rx_free, rx_came, tx_done, wake };

static void transmit(struct netdev *d, struct fuzz_input *in)
{
	static const uint8_t frame[1500];
	struct net_segment s[3] = { { frame, 60 }, { frame, 700 }, { frame + 99, 1400 } };
	struct netdev_tx tx = { .segment = s, .nsegment = 1 + fuzz_byte(in) % 3, .cookie = &sent };

	if (d->ops->transmit(d, &tx) == 0)
		sent++;
	d->ops->flush(d);
}

static void step(struct netdev *d, struct fuzz_input *in)
{
	uint8_t what = fuzz_byte(in);
	struct fake_queue *q = &fake_virtio.queue[what >> 7];

	switch (what & 7) {
	case 0:
		transmit(d, in);
		break;
	case 1:
	case 2:
	case 3:
		if (q->ready)
			ring_complete(q, in);
		break;
	case 4:
		if (q->ready)
			ring_scribble(q, in);
		break;
	case 5:
		ring_interrupt(in);
		break;
	case 6:
		(void)d->ops->irq_enable(d);
		break;
	default:
		(void)d->ops->poll(d, fuzz_byte(in));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fuzz_input in = { data, data + len };
	uint64_t features = fuzz_u32(&in) | VIRTIO_F_VERSION_1;
	struct netdev *d;

	fake_reset();
	taken = sent = done = 0;
	memset(buffers, 0, sizeof(buffers));
	fake_virtio_mmio(VIRTIO_NET, features & FEATURES);
	if (virtio_net_probe(0, &d))
		return 0;
	if (d->ops->start(d, &client) == 0)
		for (unsigned i = 0; i < STEPS && fuzz_left(&in); i++)
			step(d, &in);
	FUZZ_ASSERT(done <= sent);
	d->ops->stop(d);
	FUZZ_ASSERT(taken == 0 && done == sent);
	kfree(net_of(d));
	return 0;
}
