// SPDX-License-Identifier: BSD-2-Clause
#include "drivers/bus/dt.h"
#include "arch/mmu.h"
#include "kernel/boot_info.h"

/* The specifier of a GIC has three cells: which kind of line, which of them, and the trigger. A
 * fourth names CPUs. */
#define GIC_CELLS_MIN 3
#define GIC_SHARED    0
#define BANKED_CELLS  2
#define GIC_SPI_FIRST 32
#define GIC_SPI_COUNT 988
#define TRIGGER_MASK  0xf
#define MAP_BYTES_MAX (1u << 30) /* no register file is larger */

static struct fdt tree;
static bool looked, found;

static bool open_tree(void)
{
	uint32_t bytes = boot_info.fdt_bytes;
	const void *blob = boot_info.fdt ? mmu_map_firmware(boot_info.fdt, bytes)
					 : platform_device_tree(&bytes);

	if (!blob || !fdt_open(&tree, blob, bytes))
		return false;
	if (boot_info.fdt)
		tree.index = boot_info.fdt_index;
	return true;
}

const struct fdt *dt_get(void)
{
	/* Two threads that look at once find the same. */
	if (!looked) {
		found = open_tree();
		looked = true;
	}
	return found ? &tree : NULL;
}

fdt_node_t dt_find(fdt_node_t after, const char *compatible)
{
	const struct fdt *f = dt_get();

	if (!f)
		return FDT_NONE;
	do
		after = fdt_find_compatible(f, after, compatible);
	while (after != FDT_NONE && !fdt_is_available(f, after));
	return after;
}

void *dt_map(fdt_node_t node, unsigned index, uint64_t min_bytes)
{
	uint64_t pa, len;

	if (!dt_get() || !fdt_reg(&tree, node, index, &pa, &len) || len < min_bytes ||
	    len > MAP_BYTES_MAX)
		return NULL;
	return mmu_map_device(pa, len);
}

/* A specifier of a Raspberry Pi's controller: a bank of 32, and which of them (the binding
 * brcm,bcm2835-armctrl-ic). */
static bool banked_line_of(const struct fdt_interrupt *i, unsigned *gsi, enum irq_trigger *trigger)
{
	if (i->cell[0] > 2 || i->cell[1] > 31 ||
	    !fdt_is_compatible(&tree, i->controller, "brcm,bcm2836-armctrl-ic"))
		return false;
	*gsi = GIC_SPI_FIRST + 32 * i->cell[0] + i->cell[1];
	*trigger = IRQ_LEVEL_HIGH;
	return true;
}

bool dt_line_of(const struct fdt_interrupt *i, unsigned *gsi, enum irq_trigger *trigger)
{
	static const uint8_t triggers[] = {
		/* IRQ_TYPE_… of the bindings are bits */
		[1] = IRQ_EDGE_HIGH,
		[2] = IRQ_EDGE_LOW,
		[4] = IRQ_LEVEL_HIGH,
		[8] = IRQ_LEVEL_LOW,
	};
	uint32_t mode = i->cell[2] & TRIGGER_MASK;

	if (i->ncells == BANKED_CELLS)
		return banked_line_of(i, gsi, trigger);
	if (i->ncells < GIC_CELLS_MIN || i->cell[0] != GIC_SHARED || i->cell[1] >= GIC_SPI_COUNT ||
	    !IS_POW2(mode))
		return false;
	*gsi = GIC_SPI_FIRST + i->cell[1];
	*trigger = triggers[mode];
	return true;
}

bool dt_line(fdt_node_t node, unsigned index, unsigned *gsi, enum irq_trigger *trigger)
{
	struct fdt_interrupt i;

	return dt_get() && fdt_interrupt(&tree, node, index, &i) && dt_line_of(&i, gsi, trigger);
}
