// SPDX-License-Identifier: BSD-2-Clause
/* drivers/arm/xen.c: Xen is there when the device tree says so, and says how events come. */
// link: lib/base/fdt.c lib/base/fdt_bus.c lib/base/fdt_machine.c
int irqchip_connect_cpu(unsigned line, void (*handle)(void));
#include "drivers/arm/xen.c"
#include <errno.h>
#include <stdlib.h>
#include "tests/host/fake/fake.h"
#include "tests/host/fake/fdt.h"

#define PHANDLE_GIC 1

static struct fdt tree;
static uint64_t hz;
static unsigned connected;
static void (*connected_to)(void);

const struct fdt *dt_get(void)
{
	return tree.base ? &tree : NULL;
}

fdt_node_t dt_find(fdt_node_t after, const char *compatible)
{
	return dt_get() ? fdt_find_compatible(&tree, after, compatible) : FDT_NONE;
}

uint64_t arch_cycles_hz(void)
{
	return hz;
}

int irqchip_connect_cpu(unsigned line, void (*handle)(void))
{
	connected = line;
	connected_to = handle;
	return 0;
}

/* A machine with a GIC and, with `ncell` not 0, with a node of Xen's and that as its interrupt. */
static bool starts_with(const char *compatible, const uint32_t *cell, unsigned ncell)
{
	void *blob;
	size_t len;
	bool found;

	fake_fdt_begin();
	fake_fdt_node("");
	FAKE_FDT_CELLS("interrupt-parent", PHANDLE_GIC);
	fake_fdt_node("gic");
	FAKE_FDT_CELLS("#interrupt-cells", 3);
	FAKE_FDT_CELLS("phandle", PHANDLE_GIC);
	fake_fdt_bytes("interrupt-controller", NULL, 0);
	fake_fdt_close();
	fake_fdt_node("hypervisor");
	fake_fdt_text("compatible", compatible);
	if (ncell)
		fake_fdt_cells("interrupts", cell, ncell);
	fake_fdt_close();
	fake_fdt_close();
	blob = fake_fdt_end(&len);
	CHECK(fdt_open(&tree, blob, (uint32_t)len));
	found = arch_xen_start();
	free(blob);
	tree.base = NULL;
	return found;
}

static void upcall(void)
{
}

static void test_its_interrupt_is_taken(void)
{
	CHECK(starts_with("xen,xen", (uint32_t[]){ 1, 15, 0xf08 }, 3));
	CHECK_EQ(arch_xen_connect_upcall(upcall), 0);
	CHECK_EQ(connected, 31);
	CHECK(connected_to == upcall);
	CHECK(starts_with("xen,xen", (uint32_t[]){ 1, 0, 0xf08 }, 3));
	CHECK_EQ(arch_xen_connect_upcall(upcall), 0);
	CHECK_EQ(connected, 16);
}

static void test_other_machines(void)
{
	CHECK(!arch_xen_start());
	CHECK(!starts_with("linux,dummy-virt", (uint32_t[]){ 1, 15, 0xf08 }, 3));
}

/* Without events there is no use in it. */
static void test_nonsense(void)
{
	CHECK(!starts_with("xen,xen", NULL, 0));
	CHECK(!starts_with("xen,xen", (uint32_t[]){ 1, 15 }, 2));
	CHECK(!starts_with("xen,xen", (uint32_t[]){ 0, 15, 0xf08 }, 3));
	CHECK(!starts_with("xen,xen", (uint32_t[]){ 1, 16, 0xf08 }, 3));
	CHECK(!starts_with("xen,xen", (uint32_t[]){ 1, UINT32_MAX, 0xf08 }, 3));
}

static void test_system_time(void)
{
	uint64_t now = 7;

	hz = 0;
	CHECK(!xen_clock_now(&now));
	hz = 62500000;
	host_cpu.cycles = 3 * hz + hz / 4;
	CHECK(xen_clock_now(&now));
	CHECK_EQ(now, 3250000000);
	host_cpu.cycles = hz * 1000000000; /* thirty years: no product is too large */
	CHECK(xen_clock_now(&now));
	CHECK_EQ(now, 1000000000 * (uint64_t)NS_PER_S);
}

int main(void)
{
	RUN(test_its_interrupt_is_taken);
	RUN(test_other_machines);
	RUN(test_nonsense);
	RUN(test_system_time);
	return check_done();
}
