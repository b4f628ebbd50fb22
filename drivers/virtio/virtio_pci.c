// SPDX-License-Identifier: BSD-2-Clause
/*
 * virtio_pci.c - virtio over PCI, the modern interface (virtio 1.2, 4.1).
 *
 * Interrupts: with MSI-X all queues share vector 0, and changes of the configuration have
 * vector 1 where there are two; without, both come over the line and the ISR byte tells which.
 */
#include <errno.h>
#include "arch/mmio.h"
#include "arch/mmu.h"
#include "drivers/virtio/virtio.h"

#define PCI_VENDOR_VIRTIO 0x1af4
#define PCI_DEVICE_MODERN 0x1040 /* + type (4.1.2) */

/* Capabilities (4.1.4): offsets in them, and the types. */
#define CAP_TYPE       0 /* byte 3 of this word */
#define CAP_BAR        4 /* byte 0 */
#define CAP_OFFSET     8
#define CAP_LENGTH     12
#define CAP_BYTES      16
#define CAP_MULTIPLIER 16 /* of the notify capability only */

enum cap_type { CAP_COMMON = 1, CAP_NOTIFY, CAP_ISR, CAP_DEVICE, CAP_TYPES };

#define NO_VECTOR     0xffff
#define VECTOR_QUEUE  0
#define VECTOR_CONFIG 1
#define NOTIFY_BYTES  2

struct common_config { /* 4.1.4.3 */
	uint32_t device_feature_select, device_feature;
	uint32_t driver_feature_select, driver_feature;
	uint16_t config_msix_vector, num_queues;
	uint8_t device_status, config_generation;
	uint16_t queue_select, queue_size, queue_msix_vector, queue_enable, queue_notify_off;
	uint32_t queue_desc[2], queue_driver[2], queue_device[2];
};

static struct common_config *common(struct virtio_dev *d)
{
	return d->pci.common;
}

static uint8_t get_status(struct virtio_dev *d)
{
	return mmio_read8(&common(d)->device_status);
}

static void set_status(struct virtio_dev *d, uint8_t status)
{
	mmio_write8(&common(d)->device_status, status);
}

static uint32_t get_features(struct virtio_dev *d, unsigned word)
{
	mmio_write32(&common(d)->device_feature_select, word);
	return mmio_read32(&common(d)->device_feature);
}

static void set_features(struct virtio_dev *d, unsigned word, uint32_t bits)
{
	mmio_write32(&common(d)->driver_feature_select, word);
	mmio_write32(&common(d)->driver_feature, bits);
}

static uint32_t config_generation(struct virtio_dev *d)
{
	return mmio_read8(&common(d)->config_generation);
}

static unsigned queue_max(struct virtio_dev *d, unsigned index)
{
	if (index >= mmio_read16(&common(d)->num_queues))
		return 0;
	mmio_write16(&common(d)->queue_select, (uint16_t)index);
	return mmio_read16(&common(d)->queue_size);
}

static void write_address(uint32_t reg[2], const void *ring)
{
	paddr_t addr = virt_to_phys(ring);

	mmio_write32(&reg[0], (uint32_t)addr);
	mmio_write32(&reg[1], (uint32_t)(addr >> 32));
}

/* The register that queue q is notified through (4.1.4.4); c has the queue selected. */
static int map_notify(struct virtio_dev *d, struct common_config *c, struct vring *q)
{
	struct virtio_pci_region *r = &d->pci.notify;
	uint64_t offset = (uint64_t)mmio_read16(&c->queue_notify_off) * d->pci.notify_multiplier;

	if (r->len < NOTIFY_BYTES || offset > r->len - NOTIFY_BYTES || (r->offset + offset) % 2)
		return -EIO;
	return pci_map(&d->pci.dev, r->bar, r->offset + offset, NOTIFY_BYTES, &q->notify);
}

static int queue_enable(struct virtio_dev *d, struct vring *q)
{
	struct common_config *c = common(d);

	mmio_write16(&c->queue_select, q->index);
	mmio_write16(&c->queue_size, q->size);
	int ret = map_notify(d, c, q);

	if (ret)
		return ret;
	if (d->pci.msix) {
		mmio_write16(&c->queue_msix_vector, VECTOR_QUEUE);
		if (mmio_read16(&c->queue_msix_vector) != VECTOR_QUEUE)
			return -EIO; /* out of resources (4.1.5.1.2.2) */
	}
	write_address(c->queue_desc, q->desc);
	write_address(c->queue_driver, q->avail);
	write_address(c->queue_device, q->used);
	mmio_write16(&c->queue_enable, 1);
	return 0;
}

static bool handle_queue(void *arg)
{
	virtio_interrupt(arg, VIRTIO_ISR_QUEUE);
	return true;
}

static bool handle_config(void *arg)
{
	virtio_interrupt(arg, VIRTIO_ISR_CONFIG);
	return true;
}

static bool handle_both(void *arg)
{
	virtio_interrupt(arg, VIRTIO_ISR_QUEUE | VIRTIO_ISR_CONFIG);
	return true;
}

static bool handle_line(void *arg)
{
	struct virtio_dev *d = arg;
	unsigned isr = mmio_read8(d->pci.isr); /* reading acknowledges (4.1.4.5) */

	virtio_interrupt(d, isr);
	return isr != 0;
}

static int msix_connect(struct virtio_dev *d, bool (*handle)(void *), unsigned vector)
{
	struct irq_handler *h = &d->irq[d->nirq];

	*h = (struct irq_handler){ .handle = handle, .arg = d };
	int ret = pci_msix_connect(&d->pci.dev, vector, h);

	if (ret == 0)
		d->nirq++;
	return ret;
}

/* All the vectors that the driver wants, or an error. */
static int msix_setup(struct virtio_dev *d)
{
	int count = pci_msix_init(&d->pci.dev);
	bool own_config = d->on_config && count > VECTOR_CONFIG;
	bool shared = d->on_config && !own_config;
	uint16_t vector = own_config ? VECTOR_CONFIG : shared ? VECTOR_QUEUE : NO_VECTOR;

	if (count < 0)
		return count;
	int ret = msix_connect(d, shared ? handle_both : handle_queue, VECTOR_QUEUE);

	if (ret == 0 && own_config)
		ret = msix_connect(d, handle_config, VECTOR_CONFIG);
	if (ret)
		return ret;
	mmio_write16(&common(d)->config_msix_vector, vector);
	return mmio_read16(&common(d)->config_msix_vector) == vector ? 0 : -EIO;
}

static int irq_connect(struct virtio_dev *d)
{
	int ret = msix_setup(d);

	d->pci.msix = ret == 0;
	if (ret == 0)
		return 0;
	while (d->nirq)
		irq_disconnect(&d->irq[--d->nirq]);
	pci_irq_off(&d->pci.dev);
	if (!d->pci.isr)
		return -EIO;
	d->irq[0] = (struct irq_handler){ .handle = handle_line, .arg = d };
	ret = pci_intx_connect(&d->pci.dev, &d->irq[0]);
	d->nirq = ret == 0;
	return ret;
}

static const struct virtio_ops pci_ops = {
	.get_status = get_status,
	.set_status = set_status,
	.get_features = get_features,
	.set_features = set_features,
	.config_generation = config_generation,
	.queue_max = queue_max,
	.queue_enable = queue_enable,
	.irq_connect = irq_connect,
};

/* Note where the device says its structures are; of each type the first counts (4.1.4). */
static void read_caps(struct virtio_dev *d, struct virtio_pci_region region[CAP_TYPES])
{
	struct pci_dev *p = &d->pci.dev;
	struct pci_cap_walk walk = { 0 };
	unsigned at;

	while ((at = pci_cap_next(p, PCI_CAP_VENDOR, &walk)) && at <= 256 - CAP_BYTES) {
		unsigned type = pci_read(p, at + CAP_TYPE) >> 24;

		if (type >= CAP_TYPES || region[type].present)
			continue;
		region[type] = (struct virtio_pci_region){
			.bar = (uint8_t)pci_read(p, at + CAP_BAR),
			.offset = pci_read(p, at + CAP_OFFSET),
			.len = pci_read(p, at + CAP_LENGTH),
			.present = true,
		};
		if (type == CAP_NOTIFY && at + CAP_MULTIPLIER < 256)
			d->pci.notify_multiplier = pci_read(p, at + CAP_MULTIPLIER);
	}
}

/* Map what a structure says, at least `min` bytes of it and no more than `max`. */
static int map_region(struct virtio_dev *d, struct virtio_pci_region *r, uint64_t min, uint64_t max,
		      void **out)
{
	if (!r->present || r->len < min || (min > 1 && r->offset % 4))
		return -EIO;
	return pci_map(&d->pci.dev, r->bar, r->offset, MIN(r->len, max), out);
}

static int map_device(struct virtio_dev *d)
{
	struct virtio_pci_region region[CAP_TYPES] = { 0 };

	read_caps(d, region);
	d->pci.notify = region[CAP_NOTIFY];
	int ret = map_region(d, &region[CAP_COMMON], sizeof(struct common_config),
			     sizeof(struct common_config), &d->pci.common);

	if (ret)
		return ret;
	/* Needed only where there are no message interrupts; irq_connect() asks. */
	ret = region[CAP_ISR].present ? map_region(d, &region[CAP_ISR], 1, 1, &d->pci.isr) : 0;
	if (ret)
		return ret;
	if (!region[CAP_DEVICE].present)
		return 0;
	d->config_bytes = MIN(region[CAP_DEVICE].len, PAGE_SIZE);
	return map_region(d, &region[CAP_DEVICE], 4, PAGE_SIZE, &d->config);
}

struct pci_match {
	uint16_t modern, transitional;
	unsigned *n;
};

static bool match(const struct pci_dev *p, void *arg)
{
	const struct pci_match *m = arg;

	if (p->vendor != PCI_VENDOR_VIRTIO)
		return false;
	if (p->device != m->modern && p->device != m->transitional)
		return false;
	if (*m->n == 0)
		return true;
	--*m->n;
	return false;
}

/* Transitional devices have the same structures under older numbers (4.1.2.1). */
static uint16_t transitional_id(unsigned type)
{
	switch (type) {
	case VIRTIO_NET:
		return 0x1000;
	case VIRTIO_BLK:
		return 0x1001;
	case VIRTIO_CONSOLE:
		return 0x1003;
	case VIRTIO_RNG:
		return 0x1005;
	}
	return 0;
}

int virtio_pci_open(struct virtio_dev *d, unsigned type, unsigned *n)
{
	struct pci_match m = { (uint16_t)(PCI_DEVICE_MODERN + type), transitional_id(type), n };

	if (!pci_find(match, &m, &d->pci.dev))
		return -ENODEV;
	d->ops = &pci_ops;
	pci_enable(&d->pci.dev);
	return map_device(d);
}
