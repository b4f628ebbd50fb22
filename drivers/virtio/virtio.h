// SPDX-License-Identifier: BSD-2-Clause
/*
 * virtio.h - a virtio 1.x device, over whichever transport.
 *
 * A driver opens the n-th device of its type, negotiates features, sets up interrupts and
 * queues, and starts it:
 *
 *   virtio_open, virtio_begin, virtio_accept, virtio_irq_connect, virtio_queue_init…, virtio_start
 *
 * A device that breaks the protocol is put out of service by virtio_fail(): one log line, status
 * FAILED, all its queues broken. Memory that it was given is the driver's again only after
 * virtio_stop() has said that the device came out of reset; otherwise it is never reused.
 *
 * Threading: one thread at a time for each device; the callbacks come in interrupt context.
 * Errors: -ENODEV no such device, -EIO it breaks the protocol, -ENOMEM.
 * Ref: virtio 1.2; the paragraphs named here and in the drivers are of that.
 */
#pragma once
#include "drivers/bus/pci.h"
#include "drivers/virtio/vring.h"
#include "kernel/irq.h"

/* Device types (5). */
#define VIRTIO_NET     1
#define VIRTIO_BLK     2
#define VIRTIO_CONSOLE 3
#define VIRTIO_RNG     4

/* Features of every device (6); those of a type are bits 0..23 and 50... */
#define VIRTIO_F_EVENT_IDX       (1ull << 29)
#define VIRTIO_F_VERSION_1       (1ull << 32)
#define VIRTIO_F_ACCESS_PLATFORM (1ull << 33)
#define VIRTIO_F_ORDER_PLATFORM  (1ull << 36)

/* Device status (2.1). */
#define VIRTIO_STATUS_ACKNOWLEDGE 1u
#define VIRTIO_STATUS_DRIVER      2u
#define VIRTIO_STATUS_DRIVER_OK   4u
#define VIRTIO_STATUS_FEATURES_OK 8u
#define VIRTIO_STATUS_FAILED      128u

/* Interrupt status, the same bits on both transports (4.1.4.5, 4.2.2). */
#define VIRTIO_ISR_QUEUE  1u
#define VIRTIO_ISR_CONFIG 2u

struct virtio_ops {
	uint8_t (*get_status)(struct virtio_dev *d);
	void (*set_status)(struct virtio_dev *d, uint8_t status);
	/* Word 0 or 1 of the feature bits. */
	uint32_t (*get_features)(struct virtio_dev *d, unsigned word);
	void (*set_features)(struct virtio_dev *d, unsigned word, uint32_t bits);
	uint32_t (*config_generation)(struct virtio_dev *d);
	/* The most descriptors that queue `index` may have; 0: there is no such queue. */
	unsigned (*queue_max)(struct virtio_dev *d, unsigned index);
	/* Tell the device where queue q is; set q->notify. */
	int (*queue_enable)(struct virtio_dev *d, struct vring *q);
	/* Connect the interrupt handlers of d. */
	int (*irq_connect)(struct virtio_dev *d);
};

/* Part of a BAR, as a capability of the device describes it (4.1.4). */
struct virtio_pci_region {
	uint64_t offset, len;
	uint8_t bar;
	bool present;
};

struct virtio_pci {
	struct pci_dev dev;
	void *common;
	void *isr;
	struct virtio_pci_region notify;
	uint32_t notify_multiplier;
	bool msix;
};

struct virtio_mmio {
	void *regs;
	unsigned gsi;
	enum irq_trigger trigger;
};

struct virtio_dev {
	const struct virtio_ops *ops;
	const char *name;  /* for the log */
	uint64_t features; /* offered; after virtio_accept() what was agreed on */
	void *config;      /* the device's configuration */
	uint64_t config_bytes;
	struct vring *queues;
	bool failed;
	bool quiet; /* the driver is a console that is writing: it cannot log now */
	/* Set by the driver before virtio_irq_connect(); interrupt context. on_config may be NULL.
	 */
	void (*on_queue)(struct virtio_dev *d);
	void (*on_config)(struct virtio_dev *d);
	struct irq_handler irq[2];
	unsigned nirq; /* of them are connected */
	union {
		struct virtio_pci pci;
		struct virtio_mmio mmio;
	};
};

/*
 * virtio_open() - find the n-th device of a type, PCI before MMIO.
 *
 * d      zeroed but for d->name
 *
 * Returns 0; -ENODEV there is no n-th; -EIO, -ENOMEM there is one that cannot be used.
 */
int virtio_open(struct virtio_dev *d, unsigned type, unsigned n) UNIK_MUST_CHECK;

/* virtio_begin() - reset, and read what the device offers into d->features (3.1.1, 1 to 4). */
int virtio_begin(struct virtio_dev *d) UNIK_MUST_CHECK;

/* virtio_accept() - agree on those of `wanted` that are offered; d->features is the outcome.
 * Version 1 and what concerns the transport are added here. */
int virtio_accept(struct virtio_dev *d, uint64_t wanted) UNIK_MUST_CHECK;

/* virtio_irq_connect() - interrupts of the device call d->on_queue and d->on_config. */
int virtio_irq_connect(struct virtio_dev *d) UNIK_MUST_CHECK;

/* virtio_queue_init() - set up queue `index` with at most `size` descriptors, a power of two.
 * The memory is given back with vring_free(), after virtio_stop(), also after an error here.
 * q is zeroed and stays where it is. */
int virtio_queue_init(struct virtio_dev *d, struct vring *q, unsigned index,
		      unsigned size) UNIK_MUST_CHECK;

/* virtio_start() - DRIVER_OK: the device may work from now on. */
void virtio_start(struct virtio_dev *d);

/* virtio_fail() - out of service for good, because of `why`. Says so once, unless d->quiet. */
void virtio_fail(struct virtio_dev *d, const char *why);

/*
 * virtio_stop() - reset the device and disconnect its interrupts; its queues are broken.
 *
 * Returns whether the device did reset: only then is memory that it knows free to be reused.
 */
bool virtio_stop(struct virtio_dev *d);

/*
 * virtio_config_read() - copy `count` fields of `width` bytes (1, 2 or 4) from the device's
 * configuration, all of one generation (2.5.1).
 *
 * Returns 0; -EIO outside of the configuration or it does not stop changing.
 */
int virtio_config_read(struct virtio_dev *d, unsigned offset, unsigned width, unsigned count,
		       void *out) UNIK_MUST_CHECK;

/* The transports. *n is counted down by the devices of the type that were seen. */
int virtio_pci_open(struct virtio_dev *d, unsigned type, unsigned *n) UNIK_MUST_CHECK;
int virtio_mmio_open(struct virtio_dev *d, unsigned type, unsigned *n) UNIK_MUST_CHECK;

/* virtio_interrupt() - call the driver for these VIRTIO_ISR_* bits. For the transports. */
static inline void virtio_interrupt(struct virtio_dev *d, unsigned isr)
{
	if (isr & VIRTIO_ISR_QUEUE)
		d->on_queue(d);
	if ((isr & VIRTIO_ISR_CONFIG) && d->on_config)
		d->on_config(d);
}
