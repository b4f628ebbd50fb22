// SPDX-License-Identifier: BSD-2-Clause
/* drivers/bus/pci_dt.c: windows and lines of a host that a device tree describes. */
// link: drivers/bus/pci_dt.c drivers/bus/pci_ecam.c drivers/bus/pci.c drivers/bus/dt.c
// link: lib/base/fdt.c lib/base/fdt_bus.c lib/base/fdt_machine.c lib/base/ranges.c
#include <errno.h>
#include "arch/mmio.h"
#include "drivers/bus/pci_dt.h"
#include "kernel/boot_info.h"
#include "tests/host/fake/fake.h"
#include "tests/host/fake/fdt.h"
#include "tests/host/fake/pci.h"

#define ECAM       0x4010000000
#define WINDOW_BUS 0x10000000
#define WINDOW_CPU 0x2010000000

struct boot_info boot_info;
static void *blob;
static paddr_t mapped;
static char bus0[1 << 20];

/* The real host instead of the make-believe one, which then answers behind ECAM. */
const struct pci_host *platform_pci_host(void)
{
	return pci_dt_host();
}

static bool mmio(uintptr_t addr, unsigned width, bool write, uint64_t *value)
{
	uintptr_t at = addr - (uintptr_t)bus0;

	if (at >= sizeof(bus0))
		return false;
	CHECK_EQ(width, 4);
	if (write)
		fake_pci_host.write((pci_bdf_t)(at >> 12), at & 0xfff, (uint32_t)*value);
	else
		*value = fake_pci_host.read((pci_bdf_t)(at >> 12), at & 0xfff);
	return true;
}

static void *map(paddr_t pa, size_t len)
{
	static char registers[1 << 16];

	if (pa == (uintptr_t)blob)
		return blob;
	if (pa >= ECAM && pa < ECAM + 0x10000000) {
		CHECK_EQ(len, 1 << 20);
		return pa == ECAM ? bus0 : NULL;
	}
	mapped = pa;
	return registers;
}

static void build_tree(void)
{
	size_t len;

	fake_fdt_begin();
	fake_fdt_node("");
	fake_fdt_node("gic");
	FAKE_FDT_CELLS("phandle", 1);
	FAKE_FDT_CELLS("#interrupt-cells", 3);
	fake_fdt_bytes("interrupt-controller", "", 0);
	fake_fdt_close();
	fake_fdt_node("pcie");
	fake_fdt_text("compatible", "pci-host-ecam-generic");
	FAKE_FDT_CELLS("#address-cells", 3);
	FAKE_FDT_CELLS("#size-cells", 2);
	FAKE_FDT_CELLS("#interrupt-cells", 1);
	FAKE_FDT_CELLS("reg", ECAM >> 32, (uint32_t)ECAM, 0x10000000);
	FAKE_FDT_CELLS("ranges", 0x1000000, 0, 0, 0, 0x3eff0000, 0, 0x10000, 0x2000000, 0,
		       WINDOW_BUS, WINDOW_CPU >> 32, (uint32_t)WINDOW_CPU, 0, 0x20000, 0x3000000,
		       0x80, 0, 0x80, 0, 0, 0x10000000);
	FAKE_FDT_CELLS("interrupt-map-mask", 0x1800, 0, 0, 7);
	FAKE_FDT_CELLS("interrupt-map", 0x800, 0, 0, 1, 1, 0, 5, 4);
	fake_fdt_close();
	fake_fdt_close();
	blob = fake_fdt_end(&len);
	boot_info.fdt = (uintptr_t)blob;
	boot_info.fdt_bytes = (uint32_t)len;
}

static bool any(const struct pci_dev *d, void *arg)
{
	return d->bdf == *(pci_bdf_t *)arg;
}

static struct pci_dev find_at(pci_bdf_t bdf)
{
	struct pci_dev d;

	CHECK(pci_find(any, &bdf, &d));
	return d;
}

static void test_places_bars(void)
{
	struct fake_pci *f = fake_pci_add(0, 1, 0, 1, 1), *g = fake_pci_add(0, 2, 0, 1, 1);
	struct pci_dev d, e;
	void *p;

	fake_pci_bar(f, 0, 0, 0x1000, false);
	fake_pci_bar(f, 1, 0, 0x10000, true);
	fake_pci_bar(f, 4, 0, 0x40000, true); /* too large for the first window */
	fake_pci_bar(g, 0, 0, 0x8000, false);
	fake_pci_bar(g, 1, 0, 0x8000, false);
	d = find_at(1 << 3);
	pci_enable(&d);
	CHECK_EQ(pci_map(&d, 0, 0x10, 4, &p), 0);
	CHECK_EQ(mapped, WINDOW_CPU + 0x10);
	CHECK_EQ(fake_pci_get(f, PCI_BAR0, 4), WINDOW_BUS);
	CHECK_EQ(pci_map(&d, 1, 0, 4, &p), 0);
	CHECK_EQ(mapped, WINDOW_CPU + 0x10000); /* aligned to its size */
	CHECK_EQ(pci_map(&d, 4, 0, 4, &p), 0);
	CHECK_EQ(mapped, 0x8000000000);
	CHECK_EQ(fake_pci_get(f, PCI_BAR0 + 20, 4), 0x80);
	CHECK_EQ(pci_map(&d, 0, 0x20, 4, &p), 0); /* stays where it is */
	CHECK_EQ(mapped, WINDOW_CPU + 0x20);
	CHECK(!fake_pci_decode_bug);
	CHECK(fake_pci_get(f, PCI_COMMAND, 2) & PCI_COMMAND_MEMORY);
	e = find_at(2 << 3);
	CHECK_EQ(pci_map(&e, 0, 0, 4, &p), 0);
	CHECK_EQ(mapped, WINDOW_CPU + 0x8000);
	CHECK_EQ(pci_map(&e, 1, 0, 4, &p), -EIO); /* no room below 4 GiB */
}

static void test_outside_of_the_windows(void)
{
	struct fake_pci *f = fake_pci_add(0, 1, 0, 1, 1);
	struct pci_dev d;
	void *p;

	fake_pci_bar(f, 0, WINDOW_BUS + 0x1f000, 0x1000, false);
	fake_pci_bar(f, 1, WINDOW_BUS + 0x20000, 0x1000, false);
	d = find_at(1 << 3);
	CHECK_EQ(pci_map(&d, 0, 0, 4, &p), 0);
	CHECK_EQ(mapped, WINDOW_CPU + 0x1f000);
	CHECK_EQ(pci_map(&d, 1, 0, 4, &p), -EIO);
}

static bool handle(void *arg)
{
	return true;
}

static void test_lines(void)
{
	struct irq_handler h = { .handle = handle };
	struct fake_pci *f = fake_pci_add(0, 1, 0, 1, 1), *g = fake_pci_add(0, 2, 0, 1, 1);
	struct pci_dev d;

	fake_pci_set(f, PCI_INTR, 2, 0x0100);
	fake_pci_set(g, PCI_INTR, 2, 0x0100);
	d = find_at(1 << 3);
	CHECK_EQ(pci_intx_connect(&d, &h), 0);
	CHECK_EQ(fake_irq_gsi[0], 37);
	irq_disconnect(&h);
	d = find_at(2 << 3); /* not in the map */
	CHECK_EQ(pci_intx_connect(&d, &h), -ENODEV);
	fake_pci_set(f, PCI_INTR, 2, 0x0500); /* no such pin */
	d = find_at(1 << 3);
	CHECK_EQ(pci_intx_connect(&d, &h), -ENODEV);
}

static void start(void)
{
	fake_pci_reset();
	fake_map_device = map;
	fake_mmio = mmio;
}

#define RUN_FRESH(test) (start(), RUN(test))

int main(void)
{
	build_tree();
	fake_mmio = mmio;
	RUN_FRESH(test_places_bars);
	RUN_FRESH(test_outside_of_the_windows);
	RUN_FRESH(test_lines);
	free(blob);
	return check_done();
}
