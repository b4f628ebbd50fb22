// SPDX-License-Identifier: BSD-2-Clause
/* drivers/pc/ioapic.c: two controllers, overrides, and a table that says nonsense. */
// link: drivers/pc/ioapic.c
#include <errno.h>
#include "arch/irq.h"
#include "arch/mmio.h"
#include "drivers/bus/acpi.h"
#include "tests/host/child.h"

static uint8_t madt[256];
static size_t madt_bytes;

void acpi_madt_open(struct acpi_madt *it)
{
	*it = (struct acpi_madt){ madt, madt + madt_bytes };
}

const uint8_t *acpi_madt_next(struct acpi_madt *it, enum acpi_madt_type type)
{
	while (it->next < it->end) {
		const uint8_t *entry = it->next;

		it->next += entry[1];
		if (entry[0] == type)
			return entry;
	}
	return NULL;
}

int irq_msi_compose(unsigned vector, uint32_t device, struct msi_message *msg)
{
	*msg = (struct msi_message){ 0xfee00000 | 3 << 12, vector };
	return 0;
}

static struct chip {
	uint32_t select, version, entry[480];
} chips[2];
static char windows[2][4096];

static void *map(paddr_t pa, size_t len)
{
	CHECK(len <= 4096);
	return pa == 0xfec00000 ? windows[0] : pa == 0xfec10000 ? windows[1] : NULL;
}

static bool access_chip(uintptr_t addr, unsigned width, bool write, uint64_t *value)
{
	for (unsigned i = 0; i < 2; i++) {
		size_t offset = addr - (uintptr_t)windows[i];
		uint32_t zero = 0, *reg = &zero;

		if (offset >= 4096)
			continue;
		CHECK(offset == 0 || offset == 0x10);
		if (offset == 0)
			reg = &chips[i].select;
		else if (chips[i].select == 1)
			reg = &chips[i].version;
		else if (chips[i].select >= 0x10 && chips[i].select < 0x10 + 480)
			reg = &chips[i].entry[chips[i].select - 0x10];
		if (write)
			*reg = (uint32_t)*value;
		else
			*value = *reg;
		return true;
	}
	return false;
}

static void add_ioapic(uint32_t address, uint32_t first)
{
	uint8_t e[12] = { 1, 12 };

	memcpy(e + 4, &address, 4);
	memcpy(e + 8, &first, 4);
	memcpy(madt + madt_bytes, e, 12);
	madt_bytes += 12;
}

static void add_override(uint8_t source, uint32_t gsi, uint16_t flags)
{
	uint8_t e[10] = { 2, 10, 0, source };

	memcpy(e + 4, &gsi, 4);
	memcpy(e + 8, &flags, 2);
	memcpy(madt + madt_bytes, e, 10);
	madt_bytes += 10;
}

static void start(void)
{
	fake_map_device = map;
	fake_mmio = access_chip;
	chips[0].version = 23 << 16 | 0x11;
	chips[1].version = 7 << 16 | 0x20;
}

#define LOW    (1u << 13)
#define LEVEL  (1u << 15)
#define MASKED (1u << 16)

static void routes(void)
{
	start();
	add_ioapic(0xfec00000, 0);
	add_ioapic(0xfec10000, 24);
	add_override(0, 2, 0);
	add_override(9, 9, 0xd);
	add_override(10, 20, 0xf);
	CHECK_EQ(irqchip_route(4, IRQ_EDGE_HIGH, 0x31), 0);
	CHECK_EQ(chips[0].entry[8], MASKED | 0x31);
	CHECK_EQ(chips[0].entry[9], 3 << 24);
	irqchip_set_mask(4, false);
	CHECK_EQ(chips[0].entry[8], 0x31);
	irqchip_set_mask(4, true);
	CHECK_EQ(chips[0].entry[8], MASKED | 0x31);
	for (unsigned i = 0; i < 24; i++) /* whatever the firmware had left is off */
		CHECK(chips[0].entry[2 * i] & MASKED);

	CHECK_EQ(irqchip_route(0, IRQ_EDGE_HIGH, 0x32), 0);
	CHECK_EQ(chips[0].entry[4], MASKED | 0x32);
	CHECK_EQ(irqchip_route(9, IRQ_EDGE_LOW, 0x33), 0); /* the override wins */
	CHECK_EQ(chips[0].entry[18], MASKED | LEVEL | 0x33);
	CHECK_EQ(irqchip_route(10, IRQ_EDGE_HIGH, 0x34), 0);
	CHECK_EQ(chips[0].entry[40], MASKED | LEVEL | LOW | 0x34);
	irqchip_set_mask(10, false);
	CHECK_EQ(chips[0].entry[40], LEVEL | LOW | 0x34);
	CHECK_EQ(irqchip_route(16, IRQ_LEVEL_LOW, 0x35), 0);
	CHECK_EQ(chips[0].entry[32], MASKED | LEVEL | LOW | 0x35);
	CHECK_EQ(irqchip_route(31, IRQ_LEVEL_HIGH, 0x36), 0);
	CHECK_EQ(chips[1].entry[14], MASKED | LEVEL | 0x36);
	CHECK_EQ(irqchip_route(32, IRQ_LEVEL_HIGH, 0x37), -ENODEV);
	CHECK_EQ(irqchip_route(UINT32_MAX, IRQ_LEVEL_HIGH, 0x37), -ENODEV);
	irqchip_set_mask(UINT32_MAX, false);
}

static void no_table(void)
{
	start();
	CHECK_EQ(irqchip_route(11, IRQ_LEVEL_LOW, 0x40), 0);
	CHECK_EQ(chips[0].entry[22], MASKED | LEVEL | LOW | 0x40);
}

static void nonsense(void)
{
	start();
	chips[0].version = UINT32_MAX;
	chips[1].version = 0x00ff0011; /* more lines than there can be */
	for (unsigned i = 0; i < 9; i++)
		add_ioapic(i & 1 ? 0xfec10000 : 0xfec00000, i * 0x40000000);
	add_ioapic(0x1000, 0); /* cannot be mapped */
	add_override(200, 5, 0xffff);
	add_override(5, 0xffffffff, 0xffff);
	CHECK_EQ(irqchip_route(5, IRQ_EDGE_HIGH, 0x31), -ENODEV);
	CHECK(fake_log_lines() < 20);
}

static void test_routes(void)
{
	in_child(routes);
}

static void test_no_table(void)
{
	in_child(no_table);
}

static void test_nonsense(void)
{
	in_child(nonsense);
}

int main(void)
{
	RUN(test_routes);
	RUN(test_no_table);
	RUN(test_nonsense);
	return check_done();
}
