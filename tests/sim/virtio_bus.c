// SPDX-License-Identifier: BSD-2-Clause
/*
 * virtio_bus.c - a transport for drivers/virtio in the invented world: each register is a question
 * to tests/sim/devices.c. And the tables of drivers with virtio in them.
 */
#include <errno.h>
#include "arch/cpu.h"
#include "arch/host/machine.h"
#include "arch/mmu.h"
#include "drivers/drivers.h"
#include "drivers/entropy.h"
#include "drivers/host/host.h"
#include "drivers/virtio/virtio.h"
#include "drivers/virtio/virtio_blk.h"
#include "drivers/virtio/virtio_net.h"
#include "tests/sim/agent.h"

#define NOT_TOLD 0xffffffffu

void __real_vring_kick(struct vring *q);
void __wrap_vring_kick(struct vring *q);

/* Of a type; an instance has one of each. */
static uint8_t config[VIRTIO_BLK + 1][SIM_CONFIG_BYTES];
static uint32_t notify[VIRTIO_BLK + 1];

static bool call(struct sim_virtio *r)
{
	unsigned long s = cpu_irq_save();
	bool ret = HOST_CALL(fails, (enum host_fault_point)SIM_VIRTIO, (size_t)r);

	cpu_irq_restore(s);
	return ret;
}

static uint64_t ask(struct virtio_dev *d, enum sim_register reg, unsigned queue, uint64_t value)
{
	struct sim_virtio r = { .reg = reg, .type = d->mmio.gsi, .queue = queue, .value = value };

	(void)call(&r);
	return r.value;
}

static uint8_t get_status(struct virtio_dev *d)
{
	return (uint8_t)ask(d, SIM_GET_STATUS, 0, 0);
}

static void set_status(struct virtio_dev *d, uint8_t status)
{
	ask(d, SIM_SET_STATUS, 0, status);
}

static uint32_t get_features(struct virtio_dev *d, unsigned word)
{
	return (uint32_t)ask(d, SIM_GET_FEATURES, word, 0);
}

static void set_features(struct virtio_dev *d, unsigned word, uint32_t bits)
{
	ask(d, SIM_SET_FEATURES, word, bits);
}

static uint32_t config_generation(struct virtio_dev *d)
{
	return (uint32_t)ask(d, SIM_GENERATION, 0, 0);
}

static unsigned queue_max(struct virtio_dev *d, unsigned index)
{
	return (unsigned)ask(d, SIM_QUEUE_MAX, index, 0);
}

static int queue_enable(struct virtio_dev *d, struct vring *q)
{
	struct sim_virtio r = { .reg = SIM_QUEUE_ENABLE,
				.type = d->mmio.gsi,
				.queue = q->index,
				.value = q->size,
				.ring = { virt_to_phys(q->desc), virt_to_phys(q->avail),
					  virt_to_phys(q->used) } };

	q->notify = &notify[d->mmio.gsi];
	q->notify32 = true;
	return call(&r) ? 0 : -EIO;
}

/* A register that is written is memory here: who writes it is seen afterwards. */
void __wrap_vring_kick(struct vring *q)
{
	uint32_t *told = q->notify;

	if (!told)
		return;
	*told = NOT_TOLD;
	__real_vring_kick(q);
	if (*told != NOT_TOLD)
		ask(q->dev, SIM_NOTIFY, *told, 0);
}

static bool on_interrupt(void *arg)
{
	struct virtio_dev *d = arg;
	unsigned isr = (unsigned)ask(d, SIM_TAKE_ISR, 0, 0);

	virtio_interrupt(d, isr);
	return isr;
}

static int irq_connect(struct virtio_dev *d)
{
	int ret;

	d->irq[0] = (struct irq_handler){ .handle = on_interrupt, .arg = d };
	ret = irq_connect_line(HOST_LINE_NET + d->mmio.gsi, IRQ_EDGE_HIGH, &d->irq[0]);
	d->nirq = ret == 0;
	return ret;
}

static const struct virtio_ops ops = {
	.get_status = get_status,
	.set_status = set_status,
	.get_features = get_features,
	.set_features = set_features,
	.config_generation = config_generation,
	.queue_max = queue_max,
	.queue_enable = queue_enable,
	.irq_connect = irq_connect,
};

int virtio_mmio_open(struct virtio_dev *d, unsigned type, unsigned *n)
{
	struct sim_virtio r = { .reg = SIM_OPEN, .type = type, .config = config[type] };

	if (*n > 0 || !call(&r))
		return -ENODEV;
	d->ops = &ops;
	d->config = config[type];
	d->config_bytes = SIM_CONFIG_BYTES;
	d->mmio.gsi = type;
	return 0;
}

int virtio_pci_open(struct virtio_dev *d UNIK_UNUSED, unsigned type UNIK_UNUSED,
		    unsigned *n UNIK_UNUSED)
{
	return -ENODEV;
}

int (*const netdev_drivers[])(unsigned n, struct netdev **out) = { host_net_probe, virtio_net_probe,
								   NULL };
int (*const blk_drivers[])(unsigned n, struct blk **out) = { virtio_blk_probe, NULL };
const struct console *const named_consoles[] = { NULL };

size_t entropy_device_read(void *out UNIK_UNUSED, size_t len UNIK_UNUSED)
{
	return 0;
}
