// SPDX-License-Identifier: BSD-2-Clause
/* drivers/arm/gic.c with bcm2836.c, and bcm2835_pm.c, found by a device tree as a Raspberry Pi 3
 * has it, against controllers that remember what was set. */
// link: drivers/arm/bcm2836.c drivers/arm/bcm2835_pm.c drivers/arm/gicv2.c
// link: drivers/arm/gicv3.c drivers/bus/dt.c
// link: lib/base/fdt.c lib/base/fdt_bus.c lib/base/fdt_machine.c
#include <errno.h>
#include <string.h>
#include "arch/mmio.h"
#include "drivers/arm/bcm2835_pm.h"
#include "drivers/arm/gic.c"
#include "drivers/arm/gic_chip.h"
#include "kernel/boot_info.h"
#include "tests/host/fake/fake.h"
#include "tests/host/fake/fdt.h"

#define LOCAL_PA 0x40000000u
#define BANKS_PA 0x3f00b200u
#define PM_PA    0x3f100000u
#define CPU      1u

struct boot_info boot_info;
static void *blob;
static char local_page[0x100], banks_page[0x200], pm_page[0x28];
static uint32_t timers, gpu_route, local_pending, pending[3], on[3], pm[3];
static unsigned dispatched, ndispatched, nprivate;

uint64_t fake_sysreg_read(const char *name)
{
	return strcmp(name, "mpidr_el1") == 0 ? 0x80000000 | CPU : 0;
}

void fake_sysreg_write(const char *name, uint64_t value)
{
}

void irq_dispatch(unsigned vector)
{
	dispatched = vector;
	ndispatched++;
}

static void private_line(void)
{
	nprivate++;
}

static uint32_t access_local(unsigned reg, bool write, uint32_t v)
{
	if (reg == 0x0c && write)
		gpu_route = v;
	else if (reg == 0x40 + 4 * CPU && write)
		timers = v;
	else if (reg == 0x40 + 4 * CPU)
		return timers;
	else if (reg == 0x60 + 4 * CPU && !write)
		return local_pending;
	else
		CHECK(!"a register of the local controller");
	return 0;
}

static uint32_t access_banks(unsigned reg, bool write, uint32_t v)
{
	static const uint8_t bank_of[] = { 1, 2, 0 };
	unsigned i = reg / 4;

	if (!write && i < 3) /* pending, also what is off */
		return pending[i];
	CHECK(write && i >= 4 && i <= 9);
	if (i <= 6)
		on[bank_of[i - 4]] |= v;
	else if (i <= 9)
		on[bank_of[i - 7]] &= ~v;
	return 0;
}

static uint32_t access_pm(unsigned reg, bool write, uint32_t v)
{
	uint32_t *r = &pm[(reg - 0x1c) / 4];

	CHECK(reg >= 0x1c && reg <= 0x24);
	if (write) {
		CHECK_EQ(v >> 24, 0x5a); /* without it nothing is written */
		*r = v & 0xffffff;
	}
	return *r;
}

static bool mmio(uintptr_t addr, unsigned width, bool write, uint64_t *value)
{
	uint32_t v = write ? (uint32_t)*value : 0;

	if (addr - (uintptr_t)local_page < sizeof(local_page))
		v = access_local((unsigned)(addr - (uintptr_t)local_page), write, v);
	else if (addr - (uintptr_t)banks_page < sizeof(banks_page))
		v = access_banks((unsigned)(addr - (uintptr_t)banks_page), write, v);
	else if (addr - (uintptr_t)pm_page < sizeof(pm_page))
		v = access_pm((unsigned)(addr - (uintptr_t)pm_page), write, v);
	else
		return false;
	CHECK_EQ(width, 4);
	*value = v;
	return true;
}

static void *map(paddr_t pa, size_t len)
{
	if (pa == LOCAL_PA)
		return local_page;
	if (pa == BANKS_PA)
		return banks_page;
	if (pa == PM_PA)
		return pm_page;
	return pa == (uintptr_t)blob ? blob : NULL;
}

static void controller(const char *name, const char *compatible, uint32_t pa, uint32_t ncell,
		       uint32_t phandle)
{
	fake_fdt_node(name);
	fake_fdt_text("compatible", compatible);
	FAKE_FDT_CELLS("reg", pa, 0x28 + 0x48 * (ncell == 1));
	fake_fdt_bytes("interrupt-controller", NULL, 0);
	FAKE_FDT_CELLS("#interrupt-cells", ncell);
	FAKE_FDT_CELLS("phandle", phandle);
	fake_fdt_close();
}

static void make_tree(void)
{
	size_t len;

	fake_fdt_begin();
	fake_fdt_node("");
	FAKE_FDT_CELLS("#address-cells", 1);
	FAKE_FDT_CELLS("#size-cells", 1);
	controller("local", "brcm,bcm2836-l1-intc", LOCAL_PA, 1, 1);
	controller("banks", "brcm,bcm2836-armctrl-ic", BANKS_PA, 2, 2);
	controller("other", "a,b", 0, 2, 3);
	fake_fdt_node("pm");
	fake_fdt_text("compatible", "brcm,bcm2835-pm-wdt");
	FAKE_FDT_CELLS("reg", PM_PA, 0x28);
	fake_fdt_close();
	fake_fdt_node("device");
	fake_fdt_text("compatible", "device");
	FAKE_FDT_CELLS("interrupts-extended", 2, 2, 25, 2, 0, 5, 2, 3, 0, 2, 1, 32, 3, 1, 1, 1, 3);
	fake_fdt_close();
	fake_fdt_close();
	blob = fake_fdt_end(&len);
	boot_info.fdt = (uintptr_t)blob;
	boot_info.fdt_bytes = (uint32_t)len;
}

static void prepare(void)
{
	fake_map_device = map;
	fake_mmio = mmio;
}

static void test_lines_of_the_tree(void)
{
	enum irq_trigger trigger = IRQ_EDGE_LOW;
	fdt_node_t device;
	unsigned gsi = 0;

	prepare();
	device = dt_find(FDT_NONE, "device");
	CHECK(dt_line(device, 0, &gsi, &trigger));
	CHECK_EQ(gsi, 32 + 64 + 25);
	CHECK_EQ(trigger, IRQ_LEVEL_HIGH);
	CHECK(dt_line(device, 1, &gsi, &trigger));
	CHECK_EQ(gsi, 37);
	for (unsigned i = 2; i < 6; i++) /* no such bank, no such line, not such a controller */
		CHECK(!dt_line(device, i, &gsi, &trigger));
}

static void test_lines(void)
{
	prepare();
	on[0] = on[1] = on[2] = ~0u; /* the firmware's */
	timers = 0xf;
	CHECK_EQ(irqchip_route(121, IRQ_LEVEL_HIGH, 5), 0);
	CHECK(on[0] == ~0xffu && on[1] == 0 && on[2] == 0);
	CHECK_EQ(timers, 0);
	CHECK_EQ(gpu_route, CPU);
	CHECK_EQ(irqchip_route(128, IRQ_LEVEL_HIGH, 5), -ENODEV);
	CHECK_EQ(irqchip_route(37, IRQ_LEVEL_HIGH, 6), 0);
	irqchip_set_mask(121, false);
	CHECK_EQ(on[2], 1u << 25);
	irqchip_set_mask(37, false);
	CHECK_EQ(on[0], ~0xffu | 1u << 5);
	irqchip_set_mask(37, true);
	CHECK_EQ(on[0], ~0xffu);
	CHECK_EQ(irqchip_connect_cpu(19, private_line), 0);
	CHECK_EQ(timers, 8);
	CHECK_EQ(irqchip_connect_cpu(31, private_line), 0); /* which is nothing here */
	CHECK_EQ(timers, 8);
}

static void test_interrupts(void)
{
	prepare();
	irqchip_handle(); /* for nothing */
	CHECK(nprivate == 0 && ndispatched == 0);
	local_pending = 8 | 1 << 8;
	pending[2] = 1 << 25;
	irqchip_handle();
	CHECK(nprivate == 1 && ndispatched == 0);
	local_pending = 1 << 8;
	irqchip_handle();
	CHECK(nprivate == 1 && ndispatched == 1 && dispatched == 5);
	pending[0] = 0xffffff00 | 1 << 5; /* what is off, and bits that are no lines */
	pending[1] = ~0u;
	pending[2] = ~(1u << 25);
	irqchip_handle();
	CHECK_EQ(ndispatched, 1);
}

static void test_restart(void)
{
	prepare();
	memset(pm, 0xaa, sizeof(pm));
	bcm2835_pm_restart(true);
	CHECK_EQ(pm[0] & 0x30, 0x20);
	CHECK_EQ(pm[1] & 0x555, 0x555);
	CHECK(pm[2] > 0 && pm[2] < 0x10000);
	bcm2835_pm_restart(false);
	CHECK_EQ(pm[1] & 0x555, 0);
}

int main(void)
{
	make_tree();
	RUN(test_lines_of_the_tree);
	RUN(test_lines);
	RUN(test_interrupts);
	RUN(test_restart);
	free(blob);
	return check_done();
}
