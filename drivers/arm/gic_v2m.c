// SPDX-License-Identifier: BSD-2-Clause
/*
 * gic_v2m.c - a frame that turns writes into shared lines. Ref: Server Base System Architecture
 * (DEN 0029), appendix E; the binding arm,gic-v2m-frame.
 */
#include <errno.h>
#include "arch/mmio.h"
#include "drivers/arm/gic_msi.h"
#include "kernel/page.h"

#define REG_TYPE  0x008
#define REG_SET   0x040
#define MAP_BYTES 0x1000
#define FIRST(t)  ((t) >> 16 & 0x3ff)
#define COUNT(t)  ((t)&0x3ff)
#define SPI_FIRST 32
#define SPI_END   1020

static struct {
	paddr_t base; /* 0: not looked at yet */
	uint32_t first, count;
	uint16_t line[IRQ_VECTOR_COUNT]; /* of each vector; 0: none */
} frame;

/* The frame says which lines it has; the tree may know better. */
static bool frame_open(fdt_node_t node)
{
	char *regs = dt_map(node, 0, MAP_BYTES);
	uint64_t base, len;
	uint32_t type;

	if (frame.base)
		return true;
	if (!regs || !fdt_reg(dt_get(), node, 0, &base, &len))
		return false;
	type = mmio_read32(regs + REG_TYPE);
	frame.first = FIRST(type);
	frame.count = COUNT(type);
	fdt_prop_u32(dt_get(), node, "arm,msi-base-spi", &frame.first);
	fdt_prop_u32(dt_get(), node, "arm,msi-num-spis", &frame.count);
	if (frame.first < SPI_FIRST || frame.first >= SPI_END ||
	    frame.count > SPI_END - frame.first)
		return false;
	frame.base = base;
	return true;
}

static bool in_use(unsigned line)
{
	for (unsigned i = 0; i < IRQ_VECTOR_COUNT; i++)
		if (frame.line[i] == line)
			return true;
	return false;
}

static int v2m_compose(fdt_node_t node, unsigned vector, uint32_t id UNIK_UNUSED,
		       struct msi_message *msg)
{
	unsigned line, end;
	int ret;

	if (!frame_open(node))
		return -ENODEV;
	end = frame.first + frame.count;
	for (line = frame.first; line < end && in_use(line); line++)
		;
	if (line == end)
		return -ENOSPC;
	ret = irqchip_route(line, IRQ_EDGE_HIGH, vector);
	if (ret)
		return ret;
	frame.line[vector - IRQ_VECTOR_FIRST] = (uint16_t)line;
	irqchip_set_mask(line, false);
	*msg = (struct msi_message){ frame.base + REG_SET, line };
	return 0;
}

static void v2m_release(unsigned vector)
{
	uint16_t *line = &frame.line[vector - IRQ_VECTOR_FIRST];

	if (*line)
		irqchip_set_mask(*line, true);
	*line = 0;
}

const struct gic_msi gic_v2m = { "arm,gic-v2m-frame", v2m_compose, v2m_release };
