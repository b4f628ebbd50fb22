// SPDX-License-Identifier: BSD-2-Clause
/*
 * virtio.c - what all virtio devices have in common: life cycle, features, configuration.
 */
#include <errno.h>
#include "arch/mmio.h"
#include "drivers/virtio/virtio.h"
#include "kernel/log.h"

/* How often a device is looked at that should come out of reset. Each look is a trap to the
 * hypervisor or a read over a bus, so this is about a tenth of a second. */
#define RESET_LOOKS       100000
#define GENERATION_LOOKS  100
#define QUEUE_MAX_ENTRIES 32768 /* 2.7 */

int virtio_open(struct virtio_dev *d, unsigned type, unsigned n)
{
	int ret = virtio_pci_open(d, type, &n);

	return ret == -ENODEV ? virtio_mmio_open(d, type, &n) : ret;
}

static bool device_reset(struct virtio_dev *d)
{
	d->ops->set_status(d, 0);
	for (unsigned i = 0; i < RESET_LOOKS; i++) {
		if (d->ops->get_status(d) == 0)
			return true;
	}
	return false;
}

static void status_add(struct virtio_dev *d, unsigned bits)
{
	d->ops->set_status(d, (uint8_t)(d->ops->get_status(d) | bits));
}

static void queues_break(struct virtio_dev *d)
{
	d->failed = true;
	for (struct vring *q = d->queues; q; q = q->next) {
		q->broken = true;
		/* Nothing free and nothing to take, so that the fast paths need not ask. */
		q->nfree = 0;
		q->used_end = q->used_idx;
	}
}

void virtio_fail(struct virtio_dev *d, const char *why)
{
	if (d->failed)
		return;
	queues_break(d);
	status_add(d, VIRTIO_STATUS_FAILED);
	if (!d->quiet)
		log_err("%s: %s; out of service", d->name, why);
}

static int fail(struct virtio_dev *d, const char *why)
{
	virtio_fail(d, why);
	return -EIO;
}

int virtio_begin(struct virtio_dev *d)
{
	if (!device_reset(d))
		return fail(d, "does not reset");
	status_add(d, VIRTIO_STATUS_ACKNOWLEDGE);
	status_add(d, VIRTIO_STATUS_DRIVER);
	d->features = d->ops->get_features(d, 0) | (uint64_t)d->ops->get_features(d, 1) << 32;
	if (!(d->features & VIRTIO_F_VERSION_1))
		return fail(d, "is older than virtio 1");
	return 0;
}

int virtio_accept(struct virtio_dev *d, uint64_t wanted)
{
	/* Platform access (6.1): no IOMMU is switched on here, so that bus addresses are physical
	 * ones either way; and the dma_* barriers are those that hardware needs. */
	wanted |= VIRTIO_F_VERSION_1 | VIRTIO_F_ACCESS_PLATFORM | VIRTIO_F_ORDER_PLATFORM;
	d->features &= wanted;
	d->ops->set_features(d, 0, (uint32_t)d->features);
	d->ops->set_features(d, 1, (uint32_t)(d->features >> 32));
	status_add(d, VIRTIO_STATUS_FEATURES_OK);
	if (!(d->ops->get_status(d) & VIRTIO_STATUS_FEATURES_OK))
		return fail(d, "refuses its own features");
	return 0;
}

int virtio_irq_connect(struct virtio_dev *d)
{
	int ret = d->ops->irq_connect(d);

	if (ret)
		virtio_fail(d, "has no interrupt");
	return ret;
}

int virtio_queue_init(struct virtio_dev *d, struct vring *q, unsigned index, unsigned size)
{
	unsigned max = d->ops->queue_max(d, index);

	if (!IS_POW2(max) || max > QUEUE_MAX_ENTRIES)
		return fail(d, "queue size is no power of two");
	int ret = vring_alloc(q, MIN(size, max));

	if (ret)
		return ret;
	q->dev = d;
	q->index = (uint16_t)index;
	q->event_idx = d->features & VIRTIO_F_EVENT_IDX;
	q->next = d->queues;
	d->queues = q;
	ret = d->ops->queue_enable(d, q);
	if (ret)
		virtio_fail(d, "queue cannot be set up");
	return ret;
}

void virtio_start(struct virtio_dev *d)
{
	status_add(d, VIRTIO_STATUS_DRIVER_OK);
}

bool virtio_stop(struct virtio_dev *d)
{
	bool reset = device_reset(d);

	while (d->nirq)
		irq_disconnect(&d->irq[--d->nirq]);
	queues_break(d);
	return reset;
}

static void config_copy(const char *from, unsigned width, unsigned count, char *out)
{
	for (; count--; from += width, out += width) {
		if (width == 1)
			*(uint8_t *)out = mmio_read8(from);
		else if (width == 2)
			*(uint16_t *)out = mmio_read16(from);
		else
			*(uint32_t *)out = mmio_read32(from);
	}
}

int virtio_config_read(struct virtio_dev *d, unsigned offset, unsigned width, unsigned count,
		       void *out)
{
	if (offset + (uint64_t)width * count > d->config_bytes)
		return -EIO;
	for (unsigned i = 0; i < GENERATION_LOOKS; i++) {
		uint32_t before = d->ops->config_generation(d);

		config_copy((char *)d->config + offset, width, count, out);
		if (d->ops->config_generation(d) == before)
			return 0;
	}
	return -EIO;
}
