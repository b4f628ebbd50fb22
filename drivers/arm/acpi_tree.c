// SPDX-License-Identifier: BSD-2-Clause
/*
 * acpi_tree.c - a device tree of what ACPI tables say, for machines whose firmware gives no tree.
 *
 * So each driver has one way to find its device. What the tables cannot say that way is left out:
 * PCI functions have message interrupts only, because their lines are found by running AML.
 *
 * Ref: ACPI 6.5, 5.2.12 (MADT), 5.2.25 (GTDT), 5.2.9.4 (FADT, boot flags); Serial Port Console
 * Redirection Table 1.08; PCI Firmware Specification 3.3, 4.1.2 (MCFG).
 */
#include "drivers/arm/acpi_tree.h"
#include "drivers/bus/acpi.h"
#include "drivers/bus/dt.h"
#include "kernel/boot_info.h"
#include "lib/base/fdt_write.h"
#include "lib/base/fmt.h"

#define TREE_ORDER    1 /* 8 KiB: 32 virtio devices take 3 */
#define MAX_VIRTIO    64
#define MAX_FRAMES    16
#define MAX_WINDOWS   4
#define ECAM_MAX_BUS  255u
#define PHANDLE_GIC   1
#define PHANDLE_MSI   2
#define SPI_FIRST     32
#define SPI_END       1020
#define PPI_FIRST     16
#define SPECIFIER_SPI 0 /* first cell of the binding arm,gic */
#define SPECIFIER_PPI 1
#define TRIGGER_EDGE  1
#define TRIGGER_LEVEL 4

#define HI(v)          ((uint32_t)((uint64_t)(v) >> 32))
#define LO(v)          ((uint32_t)(v))
#define REG(base, len) HI(base), LO(base), HI(len), LO(len)

#define CELLS(w, name, ...)                                   \
	fdt_write_cells(w, name, (uint32_t[]){ __VA_ARGS__ }, \
			sizeof((uint32_t[]){ __VA_ARGS__ }) / 4)

static const char names[] =
	"compatible\0reg\0interrupts\0phandle\0interrupt-parent\0"
	"#interrupt-cells\0interrupt-controller\0#address-cells\0#size-cells\0stdout-path\0method\0"
	"msi-parent\0arm,msi-base-spi\0arm,msi-num-spis\0bus-range\0ranges";

static uint64_t load64(const uint8_t *p)
{
	return acpi_load32(p) | (uint64_t)acpi_load32(p + 4) << 32;
}

static void write_line(struct fdt_writer *w, uint32_t gsi, uint32_t trigger)
{
	if (gsi >= SPI_FIRST && gsi < SPI_END)
		CELLS(w, "interrupts", SPECIFIER_SPI, gsi - SPI_FIRST, trigger);
}

/* --- console, firmware, timer ------------------------------------------------------------- */

#define SPCR_TYPE     36
#define SPCR_SPACE    40
#define SPCR_ADDRESS  44
#define SPCR_IRQ_TYPE 52
#define SPCR_IRQ_GIC  (1u << 3)
#define SPCR_GSI      54

/* Types of the Debug Port Table 2, which the SPCR uses: PL011, and the two that are a part of it.
 */
static const char *uart_name(uint64_t type)
{
	switch (type) {
	case 0x03:
		return "arm,pl011";
	case 0x0d:
	case 0x0e:
		return "arm,sbsa-uart";
	default:
		return NULL;
	}
}

static void write_console(struct fdt_writer *w)
{
	const struct acpi_header *t = acpi_find_table("SPCR");
	const char *name = uart_name(acpi_field(t, SPCR_TYPE, 1));
	uint64_t base = acpi_field(t, SPCR_ADDRESS, 8);

	if (!name || !base || acpi_field(t, SPCR_SPACE, 1) != ACPI_SPACE_MEMORY)
		return;
	fdt_write_node(w, "chosen");
	fdt_write_text(w, "stdout-path", "/serial");
	fdt_write_end(w);
	fdt_write_node(w, "serial");
	fdt_write_text(w, "compatible", name);
	CELLS(w, "reg", REG(base, 0x1000));
	if (acpi_field(t, SPCR_IRQ_TYPE, 1) & SPCR_IRQ_GIC)
		write_line(w, (uint32_t)acpi_field(t, SPCR_GSI, 4), TRIGGER_LEVEL);
	fdt_write_end(w);
}

#define FADT_ARM_PSCI     1
#define FADT_ARM_PSCI_HVC 2

static void write_psci(struct fdt_writer *w)
{
	uint64_t flags = acpi_fadt(FADT_ARM_BOOT_ARCH, 2);

	if (!(flags & FADT_ARM_PSCI))
		return;
	fdt_write_node(w, "psci");
	fdt_write_text(w, "compatible", "arm,psci-1.0");
	fdt_write_text(w, "method", flags & FADT_ARM_PSCI_HVC ? "hvc" : "smc");
	fdt_write_end(w);
}

#define GTDT_VIRTUAL 64 /* interrupt of the virtual timer */

/* The driver wants the third of them only. */
static void write_timer(struct fdt_writer *w)
{
	uint32_t gsi = (uint32_t)acpi_field(acpi_find_table("GTDT"), GTDT_VIRTUAL, 4);
	uint32_t line = gsi - PPI_FIRST;

	if (gsi < PPI_FIRST || gsi >= SPI_FIRST)
		return;
	fdt_write_node(w, "timer");
	fdt_write_text(w, "compatible", "arm,armv8-timer");
	CELLS(w, "interrupts", SPECIFIER_PPI, line, TRIGGER_LEVEL, SPECIFIER_PPI, line,
	      TRIGGER_LEVEL, SPECIFIER_PPI, line, TRIGGER_LEVEL);
	fdt_write_end(w);
}

/* --- interrupts --------------------------------------------------------------------------- */

#define GICC_BASE    32 /* offsets in entries of the MADT */
#define GICC_GICR    60
#define GICD_BASE    8
#define GICD_VERSION 20
#define GICR_BASE    4
#define GICR_BYTES   12
#define FRAME_BASE   8
#define FRAME_FLAGS  16
#define FRAME_COUNT  20
#define FRAME_FIRST  22
#define ITS_BASE     8

#define REDISTRIBUTOR_BYTES 0x20000

struct gic {
	uint32_t reg[4 * (1 + MAX_FRAMES)];
	unsigned nreg;
};

static void add_reg(struct gic *g, uint64_t base, uint64_t len)
{
	const uint32_t cells[] = { REG(base, len) };

	if (g->nreg + 4 > ARRAY_SIZE(g->reg) || !base)
		return;
	for (unsigned i = 0; i < 4; i++)
		g->reg[g->nreg++] = cells[i];
}

/* Redistributors lie in ranges, or each CPU's entry has its own (5.2.12.14, 5.2.12.17). */
static void add_redistributors(struct gic *g)
{
	struct acpi_madt it;
	const uint8_t *e;
	unsigned before = g->nreg;
	bool ranges;

	acpi_madt_open(&it);
	while ((e = acpi_madt_next(&it, MADT_GICR)))
		add_reg(g, load64(e + GICR_BASE), acpi_load32(e + GICR_BYTES));
	ranges = g->nreg != before;
	acpi_madt_open(&it);
	while (!ranges && (e = acpi_madt_next(&it, MADT_GICC)))
		add_reg(g, load64(e + GICC_GICR), REDISTRIBUTOR_BYTES);
}

static void write_gic(struct fdt_writer *w)
{
	struct gic g = { .nreg = 0 };
	struct acpi_madt it;
	const uint8_t *distributor, *cpu;
	unsigned without;

	acpi_madt_open(&it);
	distributor = acpi_madt_next(&it, MADT_GICD);
	acpi_madt_open(&it);
	cpu = acpi_madt_next(&it, MADT_GICC);
	if (!distributor || !cpu)
		return;
	add_reg(&g, load64(distributor + GICD_BASE), 0x10000);
	without = g.nreg;
	if (distributor[GICD_VERSION] == 0 || distributor[GICD_VERSION] > 2)
		add_redistributors(&g);
	fdt_write_node(w, "intc");
	fdt_write_text(w, "compatible", g.nreg > without ? "arm,gic-v3" : "arm,cortex-a15-gic");
	if (g.nreg == without)
		add_reg(&g, load64(cpu + GICC_BASE), 0x2000);
	fdt_write_cells(w, "reg", g.reg, g.nreg);
	fdt_write_cells(w, "interrupt-controller", NULL, 0);
	CELLS(w, "#interrupt-cells", 3);
	CELLS(w, "phandle", PHANDLE_GIC);
	fdt_write_end(w);
}

/* The first that takes messages; numbers of devices are taken to be those of PCI. */
static void write_msi(struct fdt_writer *w)
{
	struct acpi_madt it;
	const uint8_t *its, *frame;

	acpi_madt_open(&it);
	its = acpi_madt_next(&it, MADT_GIC_ITS);
	acpi_madt_open(&it);
	frame = acpi_madt_next(&it, MADT_GIC_MSI);
	if (!its && !frame)
		return;
	fdt_write_node(w, "msi");
	CELLS(w, "phandle", PHANDLE_MSI);
	if (its) {
		fdt_write_text(w, "compatible", "arm,gic-v3-its");
		CELLS(w, "reg", REG(load64(its + ITS_BASE), 0x20000));
	} else {
		fdt_write_text(w, "compatible", "arm,gic-v2m-frame");
		CELLS(w, "reg", REG(load64(frame + FRAME_BASE), 0x1000));
		if (frame[FRAME_FLAGS] & 1) {
			CELLS(w, "arm,msi-base-spi", acpi_load16(frame + FRAME_FIRST));
			CELLS(w, "arm,msi-num-spis", acpi_load16(frame + FRAME_COUNT));
		}
	}
	fdt_write_end(w);
}

/* --- buses -------------------------------------------------------------------------------- */

#define MCFG_FIRST     44
#define MCFG_ENTRY     16
#define MCFG_SEGMENT   8
#define MCFG_BUS_FIRST 10
#define MCFG_BUS_LAST  11
#define BUS_SHIFT      20 /* bytes of configuration space for a bus */
#define SPACE_32       0x02000000u
#define SPACE_64       0x03000000u

static void write_windows(struct fdt_writer *w, uint64_t ecam, uint64_t ecam_bytes)
{
	uint32_t cells[7 * MAX_WINDOWS];
	struct acpi_window v;
	unsigned n = 0;

	for (unsigned i = 0; n + 7 <= ARRAY_SIZE(cells) && acpi_pci_window(i, &v); i++) {
		bool wide = v.base + v.len > 1ull << 32;

		if (v.base < ecam + ecam_bytes && ecam < v.base + v.len)
			continue; /* the configuration space, which is named so too */
		cells[n++] = wide ? SPACE_64 : SPACE_32;
		cells[n++] = HI(v.base);
		cells[n++] = LO(v.base);
		cells[n++] = HI(v.base + v.offset);
		cells[n++] = LO(v.base + v.offset);
		cells[n++] = HI(v.len);
		cells[n++] = LO(v.len);
	}
	fdt_write_cells(w, "ranges", cells, n);
}

static void write_pci(struct fdt_writer *w)
{
	const struct acpi_header *t = acpi_find_table("MCFG");
	unsigned at = MCFG_FIRST, first, last;
	uint64_t base, bytes;

	while (t && at + MCFG_ENTRY <= t->length && acpi_field(t, at + MCFG_SEGMENT, 2) != 0)
		at += MCFG_ENTRY;
	base = acpi_field(t, at, 8); /* of bus 0 */
	first = (unsigned)acpi_field(t, at + MCFG_BUS_FIRST, 1);
	last = (unsigned)acpi_field(t, at + MCFG_BUS_LAST, 1);
	if (!base || last < first)
		return;
	base += (uint64_t)first << BUS_SHIFT;
	bytes = (uint64_t)(last - first + 1) << BUS_SHIFT;
	fdt_write_node(w, "pcie");
	fdt_write_text(w, "compatible", "pci-host-ecam-generic");
	CELLS(w, "reg", REG(base, bytes));
	CELLS(w, "bus-range", first, last);
	CELLS(w, "#address-cells", 3);
	CELLS(w, "#size-cells", 2);
	CELLS(w, "msi-parent", PHANDLE_MSI);
	write_windows(w, base, bytes);
	fdt_write_end(w);
}

TREE_PART(pci, write_pci);

static void write_virtio(struct fdt_writer *w)
{
	enum irq_trigger trigger;
	char name[32];
	paddr_t base;
	unsigned gsi;

	for (unsigned i = 0; i < MAX_VIRTIO && acpi_virtio_mmio(i, &base, &gsi, &trigger); i++) {
		fmt_snprintf(name, sizeof(name), "virtio@%lx", base);
		fdt_write_node(w, name);
		fdt_write_text(w, "compatible", "virtio,mmio");
		CELLS(w, "reg", REG(base, 0x200));
		write_line(w, gsi, trigger == IRQ_LEVEL_HIGH ? TRIGGER_LEVEL : TRIGGER_EDGE);
		fdt_write_end(w);
	}
}

TREE_PART(virtio, write_virtio);

/* --- the tree ----------------------------------------------------------------------------- */

const void *platform_device_tree(uint32_t *bytes)
{
	struct fdt_writer w;
	void *room;

	if (!boot_info.acpi_rsdp)
		return NULL;
	room = page_alloc(TREE_ORDER);
	if (!room)
		return NULL;
	fdt_write_open(&w, room, PAGE_SIZE << TREE_ORDER, names, sizeof(names));
	fdt_write_node(&w, "");
	CELLS(&w, "#address-cells", 2);
	CELLS(&w, "#size-cells", 2);
	CELLS(&w, "interrupt-parent", PHANDLE_GIC);
	write_console(&w);
	write_psci(&w);
	write_timer(&w);
	write_gic(&w);
	write_msi(&w);
	for (tree_part *const *part = tree_parts; part < tree_parts_end; part++)
		(*part)(&w);
	fdt_write_end(&w);
	*bytes = fdt_write_close(&w);
	if (*bytes == 0)
		page_free(room, TREE_ORDER);
	return *bytes ? room : NULL;
}

/* UEFI says where it is; there is no area to be searched. */
bool platform_rsdp_search(void)
{
	return false;
}
