// SPDX-License-Identifier: BSD-2-Clause
/*
 * virtio-blk against a device that does what the input says. Every request that was taken comes
 * back once, with 0 or an error, at the latest when the device is put out of service; a read's
 * buffer that came back belongs to its owner again.
 */
// link: drivers/virtio/vring.c drivers/virtio/virtio.c drivers/virtio/virtio_mmio.c
// link: drivers/virtio/virtio_pci.c drivers/bus/pci.c drivers/blk.c
// link: kernel/wait.c kernel/mutex.c kernel/boot_info.c lib/base/ranges.c
#include "tests/fuzz/ring.h"
#include "drivers/virtio/virtio_blk.c"

#define FEATURES (BLK_F_WANTED | VIRTIO_F_VERSION_1 | VIRTIO_F_EVENT_IDX)
#define REQUESTS 32
#define STEPS    300

static struct {
	struct blk_request r;
	bool taken;
	uint8_t bytes[2][4096];
} request[REQUESTS];

static void submit(struct blk *b, struct fuzz_input *in)
{
	unsigned n = fuzz_byte(in) % REQUESTS;
	struct blk_request *r = &request[n].r;

	if (request[n].taken)
		return;
	*r = (struct blk_request){ .op = fuzz_byte(in) % 4,
				   .lba = fuzz_byte(in),
				   .status = BLK_PENDING };
	if (r->op == BLK_READ || r->op == BLK_WRITE) {
		r->nsegment = MIN(1 + fuzz_byte(in) % 2u, b->max_segments);
		for (unsigned i = 0; i < r->nsegment; i++)
			r->segment[i] = (struct blk_segment){ request[n].bytes[i], 4096 };
		r->nsect = r->nsegment * 4096 / b->sector_bytes;
	}
	request[n].taken = b->ops->submit(b, r) == 0;
}

/* Who has a status is done, and its memory goes. */
static void collect(void)
{
	for (unsigned i = 0; i < REQUESTS; i++) {
		if (!request[i].taken || request[i].r.status == BLK_PENDING)
			continue;
		FUZZ_ASSERT(request[i].r.status <= 0);
		request[i].taken = false;
	}
}

static void step(struct blk *b, struct fuzz_input *in)
{
	struct fake_queue *q = &fake_virtio.queue[0];

	switch (fuzz_byte(in) & 7) {
	case 0:
	case 1:
		submit(b, in);
		break;
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
		(void)b->ops->irq_enable(b);
		break;
	default:
		(void)b->ops->poll(b);
		collect();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fuzz_input in = { data, data + len };
	uint64_t features = fuzz_u32(&in) | VIRTIO_F_VERSION_1;
	struct virtio_blk *d;
	struct blk *b;
	size_t got;
	const uint8_t *p = fuzz_bytes(&in, 60, &got);

	fake_reset();
	memset(request, 0, sizeof(request));
	fake_virtio_mmio(VIRTIO_BLK, features & FEATURES);
	fake_virtio.config_bytes = 60;
	memcpy(fake_virtio.config, p, got);
	if (virtio_blk_probe(0, &b))
		return 0;
	d = blk_of(b);
	FUZZ_ASSERT(IS_POW2(b->sector_bytes) && b->sector_bytes >= 512 && b->sector_bytes <= 4096);
	for (unsigned i = 0; i < STEPS && fuzz_left(&in); i++)
		step(b, &in);
	d->virtio.failed = true;
	(void)b->ops->poll(b);
	collect();
	for (unsigned i = 0; i < REQUESTS; i++)
		FUZZ_ASSERT(!request[i].taken);
	free_queue(d);
	kfree(d);
	return 0;
}
