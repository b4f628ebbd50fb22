// SPDX-License-Identifier: BSD-2-Clause
/*
 * virtio_mmio.c - virtio over MMIO, version 2 (virtio 1.2, 4.2).
 */
#include <errno.h>
#include "arch/mmio.h"
#include "arch/mmu.h"
#include "drivers/virtio/virtio_mmio.h"
#include "kernel/boot_info.h"

/* Registers (4.2.2); all 32 bits wide. */
#define REG_MAGIC             0x000
#define REG_VERSION           0x004
#define REG_DEVICE_ID         0x008
#define REG_DEVICE_FEATURES   0x010
#define REG_DEVICE_SEL        0x014
#define REG_DRIVER_FEATURES   0x020
#define REG_DRIVER_SEL        0x024
#define REG_QUEUE_SEL         0x030
#define REG_QUEUE_NUM_MAX     0x034
#define REG_QUEUE_NUM         0x038
#define REG_QUEUE_READY       0x044
#define REG_QUEUE_NOTIFY      0x050
#define REG_INTERRUPT_STATUS  0x060
#define REG_INTERRUPT_ACK     0x064
#define REG_STATUS            0x070
#define REG_QUEUE_DESC        0x080
#define REG_QUEUE_DRIVER      0x090
#define REG_QUEUE_DEVICE      0x0a0
#define REG_CONFIG_GENERATION 0x0fc
#define REG_CONFIG            0x100

#define MAGIC        0x74726976 /* "virt" */
#define VERSION      2
#define DEVICE_BYTES 0x200 /* what is mapped when nobody says how large a device is */
#define MIN_BYTES    0x100
#define MAX_BYTES    0x10000
#define ADDRESS_END  (1ull << 52)
#define MAX_DEVICES  32
#define LOOKS_MAX    16 /* at an interrupt that is an edge */
#define WORD         "virtio_mmio.device="

struct place {
	paddr_t base;
	uint64_t bytes;
	unsigned gsi;
	enum irq_trigger trigger;
	void *regs; /* once mapped: maps stay */
};

static struct place place[MAX_DEVICES];
static unsigned nplace;
static bool looked;

static uint32_t reg_read(struct virtio_dev *d, unsigned reg)
{
	return mmio_read32((char *)d->mmio.regs + reg);
}

static void reg_write(struct virtio_dev *d, unsigned reg, uint32_t value)
{
	mmio_write32((char *)d->mmio.regs + reg, value);
}

static uint8_t get_status(struct virtio_dev *d)
{
	return (uint8_t)reg_read(d, REG_STATUS);
}

static void set_status(struct virtio_dev *d, uint8_t status)
{
	reg_write(d, REG_STATUS, status);
}

static uint32_t get_features(struct virtio_dev *d, unsigned word)
{
	reg_write(d, REG_DEVICE_SEL, word);
	return reg_read(d, REG_DEVICE_FEATURES);
}

static void set_features(struct virtio_dev *d, unsigned word, uint32_t bits)
{
	reg_write(d, REG_DRIVER_SEL, word);
	reg_write(d, REG_DRIVER_FEATURES, bits);
}

static uint32_t config_generation(struct virtio_dev *d)
{
	return reg_read(d, REG_CONFIG_GENERATION);
}

static unsigned queue_max(struct virtio_dev *d, unsigned index)
{
	reg_write(d, REG_QUEUE_SEL, index);
	return reg_read(d, REG_QUEUE_NUM_MAX);
}

static void write_address(struct virtio_dev *d, unsigned reg, const void *ring)
{
	paddr_t addr = virt_to_phys(ring);

	reg_write(d, reg, (uint32_t)addr);
	reg_write(d, reg + 4, (uint32_t)(addr >> 32));
}

static int queue_enable(struct virtio_dev *d, struct vring *q)
{
	reg_write(d, REG_QUEUE_SEL, q->index);
	if (reg_read(d, REG_QUEUE_READY) != 0)
		return -EIO; /* 4.2.3.2: it was reset just now */
	reg_write(d, REG_QUEUE_NUM, q->size);
	write_address(d, REG_QUEUE_DESC, q->desc);
	write_address(d, REG_QUEUE_DRIVER, q->avail);
	write_address(d, REG_QUEUE_DEVICE, q->used);
	q->notify = (char *)d->mmio.regs + REG_QUEUE_NOTIFY;
	q->notify32 = true;
	reg_write(d, REG_QUEUE_READY, 1);
	return 0;
}

static bool handle_line(void *arg)
{
	struct virtio_dev *d = arg;
	bool edge = d->mmio.trigger == IRQ_EDGE_HIGH, asked = false;
	uint32_t isr;

	/* First acknowledge, then look: what comes in between interrupts again. An edge comes only
	 * once nothing is pending any more. */
	for (unsigned i = 0; i < LOOKS_MAX && (isr = reg_read(d, REG_INTERRUPT_STATUS)); i++) {
		reg_write(d, REG_INTERRUPT_ACK, isr);
		virtio_interrupt(d, isr);
		asked = true;
		if (!edge)
			break;
	}
	return asked;
}

static int mmio_irq_connect(struct virtio_dev *d)
{
	d->irq[0] = (struct irq_handler){ .handle = handle_line, .arg = d };
	int ret = irq_connect_line(d->mmio.gsi, d->mmio.trigger, &d->irq[0]);

	d->nirq = ret == 0;
	return ret;
}

static const struct virtio_ops mmio_ops = {
	.get_status = get_status,
	.set_status = set_status,
	.get_features = get_features,
	.set_features = set_features,
	.config_generation = config_generation,
	.queue_max = queue_max,
	.queue_enable = queue_enable,
	.irq_connect = mmio_irq_connect,
};

/* Value of a hexadecimal digit; others give 16 or more. */
static unsigned digit_value(char c)
{
	unsigned digit = (unsigned char)c - '0';
	unsigned letter = ((unsigned char)c | 0x20u) - 'a';

	return digit <= 9 ? digit : letter <= 5 ? letter + 10 : 16;
}

/* A number below 2^52, decimal or 0x…, perhaps with K or M; *s moves behind it. */
static bool parse_number(const char **s, uint64_t *out)
{
	const char *p = *s;
	unsigned base = 10;
	uint64_t v = 0;

	if (p[0] == '0' && (p[1] | 0x20) == 'x') {
		base = 16;
		p += 2;
	}
	if (digit_value(*p) >= base)
		return false;
	for (; digit_value(*p) < base && v < ADDRESS_END; p++)
		v = v * base + digit_value(*p);
	if ((*p | 0x20) == 'k' && p++)
		v <<= 10;
	else if ((*p | 0x20) == 'm' && p++)
		v <<= 20;
	*out = v;
	*s = p;
	return v < ADDRESS_END;
}

/* SIZE@BASE:IRQ, and perhaps :ID, up to the end of the word. */
static bool parse_place(const char *s, struct place *out)
{
	uint64_t bytes, base, gsi;

	if (!parse_number(&s, &bytes) || *s++ != '@' || !parse_number(&s, &base) || *s++ != ':' ||
	    !parse_number(&s, &gsi) || (*s && *s != ' ' && *s != ':'))
		return false;
	if (bytes < MIN_BYTES || bytes > MAX_BYTES || base == 0 || base % 4 ||
	    base > ADDRESS_END - bytes || gsi > 0xffff)
		return false;
	/* Hypervisors that speak this pulse the line: a level could be missed. */
	*out = (struct place){ base, bytes, (unsigned)gsi, IRQ_EDGE_HIGH, NULL };
	return true;
}

/* What follows the prefix at s, or NULL. */
static const char *after_prefix(const char *s)
{
	for (const char *prefix = WORD; *prefix; prefix++, s++)
		if (*s != *prefix)
			return NULL;
	return s;
}

static void find_places(void)
{
	char before = ' ';

	for (const char *s = boot_cmdline(); *s && nplace < MAX_DEVICES; before = *s++) {
		const char *value = before == ' ' ? after_prefix(s) : NULL;

		nplace += value && parse_place(value, &place[nplace]);
	}
	if (nplace)
		return;
	struct place p = { .bytes = DEVICE_BYTES };

	while (nplace < MAX_DEVICES && platform_virtio_mmio(nplace, &p.base, &p.gsi, &p.trigger))
		place[nplace++] = p;
}

/* Is a device of this type there? */
static int probe(struct virtio_dev *d, struct place *p, unsigned type)
{
	if (!p->regs && !(p->regs = mmu_map_device(p->base, p->bytes)))
		return -ENOMEM;
	d->mmio = (struct virtio_mmio){ p->regs, p->gsi, p->trigger };
	if (reg_read(d, REG_MAGIC) != MAGIC || reg_read(d, REG_VERSION) != VERSION ||
	    reg_read(d, REG_DEVICE_ID) != type)
		return -ENODEV;
	return 0;
}

int virtio_mmio_open(struct virtio_dev *d, unsigned type, unsigned *n)
{
	if (!looked)
		find_places();
	looked = true;
	for (struct place *p = place; p < place + nplace; p++) {
		int ret = probe(d, p, type);

		if (ret == -ENODEV || (ret == 0 && (*n)-- > 0))
			continue;
		if (ret)
			return ret;
		d->ops = &mmio_ops;
		d->config = (char *)p->regs + REG_CONFIG;
		d->config_bytes = p->bytes - REG_CONFIG;
		return 0;
	}
	return -ENODEV;
}
