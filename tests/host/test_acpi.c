// SPDX-License-Identifier: BSD-2-Clause
/* drivers/bus/acpi*.c on tables that are cut, looped, or have any byte wrong. */
// link: drivers/bus/acpi.c drivers/bus/acpi_dsdt.c drivers/pc/acpi_bios.c
#include <sanitizer/asan_interface.h>
#include "drivers/bus/acpi.h"
#include "kernel/boot_info.h"
#include "tests/host/child.h"

struct boot_info boot_info;

/* Low memory. Where a test leaves addresses and lengths alone only what it has put down may be
 * read, and the rest is poisoned; a wrong address that can be mapped has to be looked at. */
#define RAM_BYTES 0x100000
static uint8_t ram[RAM_BYTES] __attribute__((aligned(4096)));

static unsigned maps;
static bool poison;

static void *map(paddr_t pa, size_t len)
{
	maps++;
	return pa < RAM_BYTES && len <= RAM_BYTES - pa ? &ram[pa] : NULL;
}

static void allow(paddr_t pa, size_t len)
{
	ASAN_UNPOISON_MEMORY_REGION(&ram[pa], len);
}

static void put32(uint8_t *p, uint32_t v)
{
	memcpy(p, &v, 4);
}

static void put64(uint8_t *p, uint64_t v)
{
	memcpy(p, &v, 8);
}

static void seal(uint8_t *p, size_t len, size_t at)
{
	uint8_t sum = 0;

	p[at] = 0;
	for (size_t i = 0; i < len; i++)
		sum += p[i];
	p[at] = -sum;
}

static uint8_t *table(paddr_t pa, const char *signature, size_t len)
{
	allow(pa, MAX(len, sizeof(struct acpi_header)));
	memset(&ram[pa], 0, len);
	memcpy(&ram[pa], signature, 4);
	put32(&ram[pa + 4], len);
	return &ram[pa];
}

#define RSDP 0xf5000
#define XSDT 0x90000
#define FADT 0x90400
#define MADT 0x90800
#define DSDT 0x92000
#define HPET 0x91000

static const uint8_t madt_entries[] = {
	0,    8,  0, 0, 1, 0, 0,    0,            /* a processor */
	0,    8,  1, 1, 0, 0, 0,    0,            /* a disabled one */
	2,    10, 0, 0, 2, 0, 0,    0,    0,   0, /* line 0 is 2 */
	1,    12, 0, 0, 0, 0, 0xc0, 0xfe, 0,   0, 0, 0, 9, 16,
	0,    0,  0, 1, 0, 0, 1,    0,    0,   0, 7, 0, 0, 0, /* an x2APIC processor */
	0x7f, 3,  0,                                          /* unknown */
	2,    10, 0, 9, 9, 0, 0,    0,    0xd, 0,             /* line 9 low, level */
};

/* Device (VR00) { _HID "LNRO0005" _UID 0 _CRS { memory, interrupt } } as QEMU's microvm has it. */
#define VIRTIO(base, gsi)                                                                         \
	0x5b, 0x82, 0x44, 5, 'V', 'R', '0', '0', 8, '_', 'H', 'I', 'D', 0x0d, 'L', 'N', 'R', 'O', \
		'0', '0', '0', '5', 0, 8, '_', 'U', 'I', 'D', 0, 8, '_', 'C', 'R', 'S', 0x11, 26, \
		0x0a, 23, 0x86, 9, 0, 1, (base)&255, (base) >> 8 & 255, (base) >> 16 & 255,       \
		(base) >> 24, 0, 2, 0, 0, 0x89, 6, 0, 1, 1, (gsi), 0, 0, 0, 0x79, 0

static const uint8_t aml[] = {
	'_',
	'S',
	'5',
	'_', /* the name in another place */
	8,
	'_',
	'S',
	'5',
	'_',
	0x12,
	2,
	1, /* too short to be it */
	8,
	'\\',
	'_',
	'S',
	'5',
	'_',
	0x12,
	8,
	4,
	0x0a,
	5,
	1,
	0,
	0,
	VIRTIO(0xfeb00000, 24),
	8,
	'_',
	'H',
	'I',
	'D',
	0x0d,
	'L',
	'N',
	'R',
	'O',
	'0',
	'0',
	'0',
	'5',
	0, /* without _CRS */
	VIRTIO(0xfeb00200, 25),
};

static void build(void)
{
	uint8_t *p;

	ASAN_UNPOISON_MEMORY_REGION(ram, sizeof(ram));
	if (poison)
		ASAN_POISON_MEMORY_REGION(ram, sizeof(ram));
	allow(0x40e, 2);
	allow(0xe0000, 0x20000);
	memset(&ram[0xe0000], 0, 0x20000);
	put32(&ram[0x40c], 0);
	memset(&boot_info, 0, sizeof(boot_info));
	fake_map_device = map;
	maps = 0;

	p = table(FADT, "FACP", 276);
	put32(p + FADT_DSDT, DSDT);
	put32(p + FADT_PM1A_CNT, 0x604);
	put32(p + FADT_PM_TMR, 0x608);
	put32(p + FADT_FLAGS, FADT_FLAG_HW_REDUCED);
	p[FADT_RESET_REG] = ACPI_SPACE_IO;
	put64(p + FADT_RESET_REG + 4, 0xcf9);
	seal(p, 276, 9);
	p = table(MADT, "APIC", 44 + sizeof(madt_entries));
	memcpy(p + 44, madt_entries, sizeof(madt_entries));
	seal(p, 44 + sizeof(madt_entries), 9);
	p = table(HPET, "HPET", 56);
	seal(p, 56, 9);
	p = table(DSDT, "DSDT", 36 + sizeof(aml));
	memcpy(p + 36, aml, sizeof(aml));
	seal(p, 36 + sizeof(aml), 9);
	p = table(XSDT, "XSDT", 36 + 3 * 8);
	put64(p + 36, FADT);
	put64(p + 44, MADT);
	put64(p + 52, HPET);
	seal(p, 60, 9);

	p = &ram[RSDP];
	memcpy(p, "RSD PTR ", 8);
	p[15] = 2;
	put32(p + 20, 36);
	put64(p + 24, XSDT);
	seal(p, 20, 8);
	seal(p, 36, 32);
}

/* Ask everything; the answers do not matter, only that nothing bad happens. */
static void ask_all(void)
{
	struct acpi_register r;
	uint8_t a, b;
	paddr_t base;
	unsigned gsi, n = 0;
	enum irq_trigger trigger;

	(void)acpi_find_table("HPET");
	(void)acpi_find_table("NONE");
	(void)acpi_fadt(FADT_FLAGS, 4);
	(void)acpi_fadt_register(FADT_X_PM_TMR, FADT_PM_TMR, &r);
	(void)acpi_fadt_register(FADT_SLEEP_CONTROL, 0, &r);
	CHECK(acpi_cpu_count() < 100);
	(void)acpi_sleep_types(&a, &b);
	while (n < 100 && acpi_virtio_mmio(n, &base, &gsi, &trigger))
		n++;
	CHECK(n < 100);
	CHECK(maps < 1000);
}

static void check_answers(void)
{
	struct acpi_register r;
	uint8_t a, b;
	paddr_t base;
	unsigned gsi;
	enum irq_trigger trigger;

	CHECK(acpi_find_table("HPET") == (void *)&ram[HPET]);
	CHECK(!acpi_find_table("NONE"));
	CHECK_EQ(acpi_cpu_count(), 2);
	CHECK_EQ(acpi_fadt(FADT_PM1A_CNT, 4), 0x604);
	CHECK(acpi_fadt_register(FADT_X_PM1A_CNT, FADT_PM1A_CNT, &r));
	CHECK(r.space == ACPI_SPACE_IO && r.address == 0x604);
	CHECK(acpi_fadt_register(FADT_RESET_REG, 0, &r) && r.address == 0xcf9);
	CHECK(!acpi_fadt_register(FADT_SLEEP_CONTROL, 0, &r));
	CHECK(acpi_sleep_types(&a, &b));
	CHECK(a == 5 && b == 1);
	for (int round = 0; round < 2; round++) {
		CHECK(acpi_virtio_mmio(0, &base, &gsi, &trigger));
		CHECK(base == 0xfeb00000 && gsi == 24 && trigger == IRQ_LEVEL_HIGH);
		CHECK(acpi_virtio_mmio(1, &base, &gsi, &trigger));
		CHECK(base == 0xfeb00200 && gsi == 25);
		CHECK(!acpi_virtio_mmio(2, &base, &gsi, &trigger));
	}
}

static void test_finds_everything(void)
{
	poison = true;
	build();
	poison = false;
	in_child(check_answers);
}

static void test_loader_names_the_rsdp(void)
{
	build();
	memcpy(&ram[0xe0010], &ram[RSDP], 36);
	memset(&ram[RSDP], 0, 36);
	in_child(check_answers);
	memcpy(boot_info.rsdp, &ram[0xe0010], 36);
	memset(&ram[0xe0010], 0, 36);
	in_child(check_answers);
	memset(boot_info.rsdp, 0, 36);
	build();
	allow(0x88888, 36);
	memcpy(&ram[0x88888], &ram[RSDP], 36);
	memset(&ram[RSDP], 0, 36);
	boot_info.acpi_rsdp = 0x88888;
	in_child(check_answers);
}

static void check_nothing(void)
{
	struct acpi_register r;
	uint8_t a, b;
	paddr_t base;
	unsigned gsi;
	enum irq_trigger trigger;

	CHECK(!acpi_find_table("APIC"));
	CHECK_EQ(acpi_cpu_count(), 0);
	CHECK_EQ(acpi_fadt(FADT_FLAGS, 4), 0);
	CHECK(!acpi_fadt_register(FADT_RESET_REG, 0, &r));
	CHECK(!acpi_sleep_types(&a, &b));
	CHECK(!acpi_virtio_mmio(0, &base, &gsi, &trigger));
}

static void test_machine_without_acpi(void)
{
	build();
	memset(&ram[RSDP], 0, 36);
	in_child(check_nothing);
}

static void test_unmappable(void)
{
	build();
	put64(&ram[RSDP + 24], 0xffffffffffffff00);
	put32(&ram[RSDP + 16], 0xfffffff0);
	seal(&ram[RSDP], 20, 8);
	seal(&ram[RSDP], 36, 32);
	in_child(check_nothing);
}

/* Each byte from `first` on gets other values, with a wrong sum and with one that is right. */
static void flip_each(paddr_t pa, size_t first, size_t end, size_t len, size_t sum_at)
{
	static const uint8_t with[] = { 0x00, 0xff, 0x01, 0x7f, 0x80 };

	for (size_t i = first; i < end; i++)
		for (unsigned w = 0; w < ARRAY_SIZE(with); w++) {
			build();
			ram[pa + i] = with[w];
			if (w == 1)
				in_child(ask_all);
			if (i == sum_at)
				continue;
			seal(&ram[pa], len, sum_at);
			if (pa == RSDP)
				seal(&ram[pa], 36, 32);
			in_child(ask_all);
		}
}

static void test_rsdp_bytes(void)
{
	flip_each(RSDP, 0, 36, 20, 8);
}

static void test_root_bytes(void)
{
	flip_each(XSDT, 0, 60, 60, 9);
}

static void test_fadt_bytes(void)
{
	flip_each(FADT, 0, 276, 276, 9);
}

static void test_table_lengths(void)
{
	flip_each(MADT, 0, 8, 44 + sizeof(madt_entries), 9);
	flip_each(DSDT, 0, 8, 36 + sizeof(aml), 9);
}

static void test_madt_bytes(void)
{
	poison = true;
	flip_each(MADT, 8, 44 + sizeof(madt_entries), 44 + sizeof(madt_entries), 9);
	poison = false;
}

static void test_dsdt_bytes(void)
{
	poison = true;
	flip_each(DSDT, 8, 36 + sizeof(aml), 36 + sizeof(aml), 9);
	poison = false;
}

static void cut_each(paddr_t pa, size_t full)
{
	poison = true;
	for (size_t len = 0; len < full; len++) {
		build();
		ASAN_POISON_MEMORY_REGION(&ram[pa], ALIGN_UP(full, 8UL));
		allow(pa, MAX(len, sizeof(struct acpi_header)));
		put32(&ram[pa + 4], len);
		if (len > 9)
			seal(&ram[pa], len, 9);
		in_child(ask_all);
	}
	poison = false;
}

static void test_cut_at_each_length(void)
{
	cut_each(DSDT, 36 + sizeof(aml));
	cut_each(MADT, 44 + sizeof(madt_entries));
	cut_each(FADT, 276);
	cut_each(XSDT, 60);
}

static void test_root_that_names_itself(void)
{
	build();
	for (int i = 0; i < 3; i++)
		put64(&ram[XSDT + 36 + 8 * i], XSDT);
	seal(&ram[XSDT], 60, 9);
	in_child(check_nothing);
	build();
	put32(&ram[FADT + FADT_DSDT], FADT);
	seal(&ram[FADT], 276, 9);
	in_child(ask_all);
}

int main(void)
{
	RUN(test_finds_everything);
	RUN(test_loader_names_the_rsdp);
	RUN(test_machine_without_acpi);
	RUN(test_unmappable);
	RUN(test_root_that_names_itself);
	RUN(test_rsdp_bytes);
	RUN(test_root_bytes);
	RUN(test_fadt_bytes);
	RUN(test_table_lengths);
	RUN(test_madt_bytes);
	RUN(test_dsdt_bytes);
	RUN(test_cut_at_each_length);
	return check_done();
}
