// SPDX-License-Identifier: BSD-2-Clause
/* drivers/arm/acpi_tree.c: the tree that drivers find is the machine that the tables describe, and
 * tables with any byte wrong make a tree that can be read, or none. */
// link: drivers/arm/acpi_tree.c drivers/bus/acpi.c drivers/bus/acpi_dsdt.c lib/base/fdt_write.c
// link: lib/base/fdt.c lib/base/fdt_bus.c lib/base/fdt_machine.c lib/base/fmt.c
#include "drivers/arm/acpi_tree.h"
#include "drivers/bus/acpi.h"
#include "drivers/bus/dt.h"
#include "kernel/boot_info.h"
#include "tests/host/child.h"

struct boot_info boot_info;

/* What the linker script makes of programs that have both. */
extern tree_part *const tree_part_pci, *const tree_part_virtio;
__asm__(".section .data.rel.ro.tree_list,\"aw\"\n"
	".globl tree_parts, tree_parts_end\n"
	".balign 8\n"
	"tree_parts: .quad list_pci, list_virtio\n"
	"tree_parts_end:\n"
	".text\n");
void list_pci(struct fdt_writer *w);
void list_virtio(struct fdt_writer *w);
void list_pci(struct fdt_writer *w)
{
	tree_part_pci(w);
}
void list_virtio(struct fdt_writer *w)
{
	tree_part_virtio(w);
}

#define PAGE 4096
static uint8_t ram[8 * PAGE] __attribute__((aligned(4096)));
#define BASE 0x40000000

enum { RSDP = 0, XSDT = 0x100, FADT = 0x200, MADT = 0x400, GTDT = 0x600, SPCR = 0x700 };
enum { MCFG = 0x800, DSDT = 0x900 };

static void *map(paddr_t pa, size_t len)
{
	return pa >= BASE && pa - BASE < sizeof(ram) && len <= sizeof(ram) - (pa - BASE)
		       ? &ram[pa - BASE]
		       : NULL;
}

static void put(unsigned at, uint64_t v, unsigned n)
{
	memcpy(&ram[at], &v, n);
}

static void seal(unsigned at, size_t len, unsigned sum_at)
{
	uint8_t sum = 0;

	ram[at + sum_at] = 0;
	for (size_t i = 0; i < len; i++)
		sum += ram[at + i];
	ram[at + sum_at] = -sum;
}

static size_t length_of(unsigned at)
{
	uint32_t len;

	memcpy(&len, &ram[at + 4], 4);
	return len;
}

static void table(unsigned at, const char *signature, size_t len)
{
	memcpy(&ram[at], signature, 4);
	put(at + 4, len, 4);
}

/* --- a machine ---------------------------------------------------------------------------- */

static bool version2; /* of the interrupt controller */

static unsigned madt_entry(unsigned at, unsigned type, unsigned len)
{
	ram[at] = type;
	ram[at + 1] = len;
	return at + len;
}

static void build_madt(void)
{
	unsigned cpu = MADT + 44, dist = madt_entry(cpu, MADT_GICC, 80), next;

	put(cpu + 32, version2 ? 0x8010000 : 0, 8);
	next = madt_entry(dist, MADT_GICD, 24);
	put(dist + 8, 0x8000000, 8);
	ram[dist + 20] = version2 ? 2 : 3;
	if (version2) {
		put(next + 8, 0x8020000, 8);
		put(next + 16, 1, 4);
		put(next + 20, 64, 2);
		put(next + 22, 80, 2);
		next = madt_entry(next, MADT_GIC_MSI, 24);
	} else {
		put(next + 4, 0x80a0000, 8);
		put(next + 12, 0xf60000, 4);
		next = madt_entry(next, MADT_GICR, 16);
		put(next + 8, 0x8080000, 8);
		next = madt_entry(next, MADT_GIC_ITS, 20);
	}
	table(MADT, "APIC", next - MADT);
}

static unsigned bytes(unsigned at, const void *data, size_t n)
{
	memcpy(&ram[at], data, n);
	return at + n;
}

static unsigned qword_memory(unsigned at, uint64_t base, uint64_t len)
{
	bytes(at, "\x8a\x2b\x00\x00\x0c\x01", 6);
	put(at + 14, base, 8);
	put(at + 22, base + len - 1, 8);
	put(at + 38, len, 8);
	return at + 46;
}

static void build_dsdt(void)
{
	unsigned at = DSDT + 36;

	at = bytes(at, "_HID\rLNRO0005\0\x08_CRS\x11\x1a\x0a\x17\x86\x09\x00\x01", 27);
	put(at, 0xa000000, 4);
	put(at + 4, 0x200, 4);
	at = bytes(at + 8, "\x89\x06\x00\x01\x01\x30\0\0\0\x79\0", 11);
	at = bytes(at, "_HID\rPNP0A08\0", 13);
	at = bytes(at, "\x87\x17\x00\x00\x0c\x01", 6);
	put(at + 4, 0x10000000, 4);
	put(at + 8, 0x3efeffff, 4);
	put(at + 16, 0x2eff0000, 4);
	at = qword_memory(at + 20, 0x8000000000, 0x8000000000);
	at = qword_memory(at, 0x4010000000, 0x10000000); /* the configuration space */
	table(DSDT, "DSDT", at - DSDT);
}

static void build_small(void)
{
	table(FADT, "FACP", 276);
	put(FADT + FADT_FLAGS, FADT_FLAG_HW_REDUCED, 4);
	put(FADT + FADT_ARM_BOOT_ARCH, 3, 2);
	put(FADT + FADT_X_DSDT, BASE + DSDT, 8);
	table(GTDT, "GTDT", 96);
	put(GTDT + 64, 27, 4);
	table(SPCR, "SPCR", 80);
	ram[SPCR + 36] = 3;
	put(SPCR + 44, 0x9000000, 8);
	ram[SPCR + 52] = 8;
	put(SPCR + 54, 33, 4);
	table(MCFG, "MCFG", 60);
	put(MCFG + 44, 0x4010000000, 8);
	ram[MCFG + 55] = 255;
}

static const uint16_t tables[] = { FADT, MADT, GTDT, SPCR, MCFG };

static void build(void)
{
	memset(ram, 0, sizeof(ram));
	build_small();
	build_madt();
	build_dsdt();
	table(XSDT, "XSDT", 36 + 8 * ARRAY_SIZE(tables));
	for (unsigned i = 0; i < ARRAY_SIZE(tables); i++) {
		put(XSDT + 36 + 8 * i, BASE + tables[i], 8);
		seal(tables[i], length_of(tables[i]), 9);
	}
	seal(DSDT, length_of(DSDT), 9);
	seal(XSDT, length_of(XSDT), 9);
	memcpy(&ram[RSDP], "RSD PTR ", 8);
	ram[RSDP + 15] = 2;
	put(RSDP + 24, BASE + XSDT, 8);
	seal(RSDP, 20, 8);
	seal(RSDP, 36, 32);
	boot_info.acpi_rsdp = BASE + RSDP;
	fake_map_device = map;
}

/* --- what drivers ask --------------------------------------------------------------------- */

static struct fdt tree;

static bool make(void)
{
	uint32_t len;
	const void *blob = platform_device_tree(&len);

	if (blob)
		CHECK(len <= 2 * PAGE && fdt_open(&tree, blob, len));
	return blob;
}

static uint64_t reg(fdt_node_t node, unsigned index)
{
	uint64_t at = 0, len;

	return fdt_reg(&tree, node, index, &at, &len) ? at : 0;
}

static fdt_node_t find(const char *compatible)
{
	return fdt_find_compatible(&tree, FDT_NONE, compatible);
}

static void check_line(fdt_node_t node, uint32_t kind, uint32_t line)
{
	struct fdt_interrupt i = { .ncells = 0 };

	CHECK(fdt_interrupt(&tree, node, 0, &i));
	CHECK(i.ncells == 3 && i.cell[0] == kind && i.cell[1] == line && i.cell[2] == 4);
}

static void check_common(void)
{
	struct fdt_chosen chosen;
	fdt_node_t pci = find("pci-host-ecam-generic");
	struct fdt_range r;

	fdt_chosen(&tree, &chosen);
	CHECK(chosen.stdout_node != FDT_NONE && chosen.stdout_node == find("arm,pl011"));
	CHECK(reg(chosen.stdout_node, 0) == 0x9000000);
	check_line(chosen.stdout_node, 0, 1);
	CHECK(fdt_psci(&tree) == FDT_PSCI_HVC);
	check_line(find("arm,armv8-timer"), 1, 11);
	CHECK(reg(find("virtio,mmio"), 0) == 0xa000000);
	check_line(find("virtio,mmio"), 0, 16);
	CHECK(reg(pci, 0) == 0x4010000000);
	CHECK(fdt_range(&tree, pci, 0, &r) && r.cpu == 0x10000000 && r.len == 0x2eff0000);
	CHECK(fdt_range(&tree, pci, 1, &r) && r.child == 0x8000000000 && r.len == 0x8000000000);
	CHECK(!fdt_range(&tree, pci, 2, &r));
}

static void check_v3(void)
{
	fdt_node_t gic, its;
	uint32_t id;

	CHECK(make());
	check_common();
	gic = find("arm,gic-v3");
	CHECK(reg(gic, 0) == 0x8000000 && reg(gic, 1) == 0x80a0000 && reg(gic, 2) == 0);
	its = fdt_msi_map(&tree, find("pci-host-ecam-generic"), 0x1234, &id);
	CHECK(id == 0x1234 && its == find("arm,gic-v3-its") && reg(its, 0) == 0x8080000);
}

static void check_v2(void)
{
	uint32_t id, first, count;
	fdt_node_t gic, frame;

	CHECK(make());
	check_common();
	gic = find("arm,cortex-a15-gic");
	CHECK(reg(gic, 0) == 0x8000000 && reg(gic, 1) == 0x8010000);
	frame = fdt_msi_map(&tree, find("pci-host-ecam-generic"), 8, &id);
	CHECK(frame == find("arm,gic-v2m-frame") && reg(frame, 0) == 0x8020000);
	CHECK(fdt_prop_u32(&tree, frame, "arm,msi-base-spi", &first) && first == 80);
	CHECK(fdt_prop_u32(&tree, frame, "arm,msi-num-spis", &count) && count == 64);
}

static void test_version_3(void)
{
	version2 = false;
	build();
	in_child(check_v3);
}

static void test_version_2(void)
{
	version2 = true;
	build();
	in_child(check_v2);
}

static void check_none(void)
{
	uint32_t len;

	CHECK(platform_device_tree(&len) == NULL);
}

static void test_no_tables(void)
{
	build();
	boot_info.acpi_rsdp = 0;
	in_child(check_none);
}

static void check_no_memory(void)
{
	fake_fail_all();
	check_none();
}

static void test_no_memory(void)
{
	build();
	in_child(check_no_memory);
}

/* A tree of no device at all is one. */
static void check_readable(void)
{
	fdt_node_t node = FDT_NONE;
	struct fdt_interrupt line;
	struct fdt_range r;
	uint64_t at, len;
	unsigned n = 0;
	int depth = 0;

	if (!make())
		return;
	while ((node = fdt_next(&tree, node, &depth)) != FDT_NONE) {
		n++;
		(void)fdt_reg(&tree, node, 0, &at, &len);
		(void)fdt_range(&tree, node, 0, &r);
		(void)fdt_interrupt(&tree, node, 0, &line);
	}
	CHECK(n > 0 && n < 100);
}

static void flip_each(unsigned at)
{
	static const uint8_t with[] = { 0x00, 0xff, 0x80 };
	size_t len;

	build();
	len = length_of(at);
	for (unsigned i = 4; i < len; i++)
		for (unsigned w = 0; w < ARRAY_SIZE(with); w++) {
			build();
			ram[at + i] = with[w];
			seal(at, len, 9);
			in_child(check_readable);
		}
}

static void test_bytes(void)
{
	version2 = false;
	flip_each(MADT);
	flip_each(SPCR);
	flip_each(MCFG);
	flip_each(DSDT);
}

/* More of everything than there is room for. */
static void test_too_much(void)
{
	unsigned at = MADT + 44;

	build();
	for (; at + 16 <= MADT + 0x1f0; at += 16) {
		madt_entry(at, MADT_GICR, 16);
		put(at + 4, 0x1000000 + at, 8);
	}
	table(MADT, "APIC", at - MADT);
	seal(MADT, at - MADT, 9);
	at = DSDT + 36;
	for (unsigned i = 0; i < 200; i++) {
		at = bytes(at, "_HID\rLNRO0005\0\x08_CRS\x11\x1a\x0a\x17\x86\x09\x00\x01", 27);
		put(at, 0xa000000 + 0x200 * i, 4);
		at = bytes(at + 8, "\x89\x06\x00\x01\x01\x30\0\0\0\x79\0", 11);
	}
	table(DSDT, "DSDT", at - DSDT);
	seal(DSDT, at - DSDT, 9);
	in_child(check_readable);
}

int main(void)
{
	RUN(test_version_3);
	RUN(test_version_2);
	RUN(test_no_tables);
	RUN(test_no_memory);
	RUN(test_bytes);
	RUN(test_too_much);
	return check_done();
}
