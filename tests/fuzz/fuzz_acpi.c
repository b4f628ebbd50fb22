// SPDX-License-Identifier: BSD-2-Clause
/*
 * Firmware tables. The input is a list of tables: one byte that picks the signature, two for the
 * length, the contents. They are laid out one behind the other, with right checksums, so that
 * what is in them is looked at; the first byte of the input says how the root points to them.
 */
// link: drivers/bus/acpi.c drivers/bus/acpi_dsdt.c drivers/pc/acpi_bios.c
#include "drivers/bus/acpi.h"
#include "kernel/boot_info.h"
#include "tests/fuzz/fuzz.h"

#define RAM_BYTES 0x20000u
#define RSDP_AT   0x100u
#define ROOT_AT   0x200u
#define TABLES_AT 0x800u
#define TABLES    16
#define DSDT_MAX  0x4000u

struct boot_info boot_info;
extern void *(*fake_map_device)(paddr_t pa, size_t len);
void fake_reset(void);

static uint8_t ram[RAM_BYTES];

static void *map(paddr_t pa, size_t len)
{
	return pa < RAM_BYTES && len <= RAM_BYTES - pa ? &ram[pa] : NULL;
}

static void put(paddr_t at, uint64_t value, size_t bytes)
{
	memcpy(&ram[at], &value, bytes);
}

static void seal(paddr_t at, size_t len, size_t field)
{
	uint8_t sum = 0;

	ram[at + field] = 0;
	for (size_t i = 0; i < len; i++)
		sum = (uint8_t)(sum + ram[at + i]);
	ram[at + field] = (uint8_t)-sum;
}

/* Returns where the next one goes. */
static paddr_t add_table(struct fuzz_input *in, paddr_t at, paddr_t *dsdt)
{
	static const char signature[][5] = { "FACP", "APIC", "HPET", "DSDT", "MCFG", "XXXX" };
	const char *s = signature[fuzz_byte(in) % 6];
	size_t len, want = 36 + fuzz_u16(in) % DSDT_MAX;
	const uint8_t *p = fuzz_bytes(in, want - 36, &len);

	memset(&ram[at], 0, want);
	memcpy(&ram[at], s, 4);
	put(at + 4, want, 4);
	memcpy(&ram[at + 36], p, len);
	if (!strcmp(s, "DSDT"))
		*dsdt = at;
	if (!strcmp(s, "FACP") && *dsdt && want >= 148)
		put(at + 40, *dsdt, 4);
	seal(at, want, 9);
	return at + want;
}

static void build(struct fuzz_input *in)
{
	uint8_t how = fuzz_byte(in);
	paddr_t at = TABLES_AT, dsdt = 0;
	unsigned n = 0, width = how & 1 ? 8 : 4;

	for (; n < TABLES && fuzz_left(in) && at < RAM_BYTES - DSDT_MAX - 64; n++) {
		put(ROOT_AT + 36 + n * width, at, width);
		at = add_table(in, at, &dsdt);
	}
	memcpy(&ram[ROOT_AT], how & 1 ? "XSDT" : "RSDT", 4);
	put(ROOT_AT + 4, 36 + n * width, 4);
	seal(ROOT_AT, 36 + n * width, 9);
	memcpy(&ram[RSDP_AT], "RSD PTR ", 8);
	ram[RSDP_AT + 15] = how & 1 ? 2 : 0;
	put(RSDP_AT + 16, ROOT_AT, 4);
	put(RSDP_AT + 20, 36, 4);
	put(RSDP_AT + 24, ROOT_AT, 8);
	seal(RSDP_AT, 20, 8);
	seal(RSDP_AT, 36, 32);
	boot_info.acpi_rsdp = RSDP_AT;
}

static void ask(void)
{
	struct acpi_register r;
	struct acpi_madt it;
	struct acpi_window window;
	enum irq_trigger trigger;
	paddr_t base;
	unsigned gsi, n = 0;
	uint8_t a, b;

	(void)acpi_find_table("HPET");
	(void)acpi_find_table("MCFG");
	(void)acpi_fadt(FADT_FLAGS, 4);
	(void)acpi_fadt_register(FADT_X_PM_TMR, FADT_PM_TMR, &r);
	(void)acpi_fadt_register(FADT_SLEEP_CONTROL, 0, &r);
	(void)acpi_cpu_count();
	acpi_madt_open(&it);
	for (const uint8_t *e; (e = acpi_madt_next(&it, MADT_OVERRIDE));)
		n += e[9] & 1;
	(void)acpi_sleep_types(&a, &b);
	for (unsigned i = 0; acpi_virtio_mmio(i, &base, &gsi, &trigger); i++)
		FUZZ_ASSERT(i < DSDT_MAX);
	for (unsigned i = 0; acpi_pci_window(i, &window); i++)
		FUZZ_ASSERT(i < DSDT_MAX && window.len != 0);
	FUZZ_ASSERT(n <= DSDT_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fuzz_input in = { data, data + len };

	fake_reset();
	fake_map_device = map;
	memset(&boot_info, 0, sizeof(boot_info));
	memset(ram, 0, TABLES_AT);
	build(&in);
	ask();
	return 0;
}
