// SPDX-License-Identifier: BSD-2-Clause
/*
 * virtio_rng.c - the virtio entropy device (virtio 1.2, 5.4): one queue, one buffer at a time.
 *
 * The device fills a page of ours, not the caller's memory: should it be late, it can only
 * overwrite that. Then it is stopped for good.
 */
#include <errno.h>
#include <string.h>
#include "arch/mmu.h"
#include "drivers/virtio/virtio.h"
#include "drivers/virtio/virtio_rng.h"
#include "kernel/mutex.h"

#define RING         2
#define BUFFER_BYTES 256
#define WAIT_NS      (100 * NS_PER_MS)

static struct virtio_rng {
	struct mutex lock; /* over all of it */
	bool opened;
	bool usable;
	struct virtio_dev virtio;
	struct vring queue;
	uint8_t *buffer;
	struct wait_queue done;
} rng = { .lock = MUTEX_INIT(rng.lock), .done = WAIT_QUEUE_INIT(rng.done) };

/* Interrupt context. */
static void rng_on_queue(struct virtio_dev *v)
{
	(void)v;
	wait_queue_wake_all(&rng.done);
}

static void rng_close(struct virtio_rng *r)
{
	r->usable = false;
	if (!virtio_stop(&r->virtio))
		return; /* it may still write the buffer */
	vring_free(&r->queue);
	if (r->buffer)
		page_free(r->buffer, 0);
}

static int rng_setup(struct virtio_rng *r)
{
	struct virtio_dev *v = &r->virtio;
	int ret = virtio_begin(v);

	if (ret == 0)
		ret = virtio_accept(v, VIRTIO_F_EVENT_IDX);
	if (ret == 0)
		ret = virtio_irq_connect(v);
	if (ret == 0)
		ret = virtio_queue_init(v, &r->queue, 0, RING);
	if (ret)
		return ret;
	r->buffer = page_alloc(0);
	if (!r->buffer)
		return -ENOMEM;
	virtio_start(v);
	return 0;
}

static void rng_open(struct virtio_rng *r)
{
	r->opened = true;
	r->virtio.name = "virtio-rng";
	r->virtio.on_queue = rng_on_queue;
	if (virtio_open(&r->virtio, VIRTIO_RNG, 0))
		return;
	r->usable = true;
	if (rng_setup(r))
		rng_close(r);
}

/* One buffer, waited for. Returns the bytes that came. */
static size_t rng_fill(struct virtio_rng *r, uint8_t *out, size_t len)
{
	struct vring *q = &r->queue;
	uint32_t want = (uint32_t)MIN(len, (size_t)BUFFER_BYTES), got = 0;

	vring_post_one(q, virt_to_phys(r->buffer), want, true, NULL);
	vring_irq_enable(q, 0);
	vring_kick(q);
	int ret = wait_event_until(&r->done, vring_look(q), time_deadline(WAIT_NS));

	if (ret || vring_take(q, &got) < 0) {
		rng_close(r);
		return 0;
	}
	memcpy(out, r->buffer, got);
	memset(r->buffer, 0, BUFFER_BYTES);
	return got;
}

size_t virtio_rng_read(void *out, size_t len)
{
	struct virtio_rng *r = &rng;
	size_t filled = 0, got = 1;

	mutex_lock(&r->lock);
	if (!r->opened)
		rng_open(r);
	while (r->usable && filled < len && got) {
		got = rng_fill(r, (uint8_t *)out + filled, len - filled);
		filled += got;
	}
	mutex_unlock(&r->lock);
	return filled;
}
