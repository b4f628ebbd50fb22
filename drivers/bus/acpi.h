// SPDX-License-Identifier: BSD-2-Clause
/*
 * acpi.h - the firmware's tables, as far as interrupts, clocks, power-off and virtio-mmio need
 * them. There is no AML interpreter: what is wanted from the DSDT is found by its byte pattern.
 *
 * Nothing happens before the first question. Tables are hostile input: no length, address or
 * count in them is believed before it has been checked, and a table counts only when its
 * checksum is right. They stay mapped, read-only.
 *
 * Threading: any thread; lock-free. Errors: NULL, false or 0 for what is not there or not sound.
 *
 * Ref: ACPI 6.5.
 */
#pragma once
#include "kernel/irq.h"
#include "kernel/page.h"

/* ACPI 5.2.6 */
struct acpi_header {
	char signature[4];
	uint32_t length; /* of the whole table [bytes] */
	uint8_t revision;
	uint8_t checksum;
	char oem[26];
} UNIK_PACKED;

/*
 * acpi_use_rsdp()        - take this as the root pointer. p has ACPI_RSDP_BYTES readable bytes.
 *                          False: it is none, or the table that it names is not sound.
 * platform_rsdp_search() - the same for what lies where the machine's firmware has it by custom,
 *                          when the loader did not say where.
 * acpi_map()             - memory of the firmware's, mapped for good; NULL when that cannot be.
 */
#define ACPI_RSDP_BYTES 36
bool acpi_use_rsdp(const uint8_t *p);
bool platform_rsdp_search(void);
const uint8_t *acpi_map(paddr_t pa, size_t len);

/*
 * acpi_find_table() - the first table with this signature ("APIC", "HPET").
 *
 * Returns it with all of header.length readable and its checksum verified, or NULL.
 */
const struct acpi_header *acpi_find_table(const char *signature);

/* acpi_map_table() - the table at an address that a table has named, under the same conditions;
 * NULL also when it has another signature. */
const struct acpi_header *acpi_map_table(paddr_t pa, const char *signature);

/*
 * acpi_field() - a little-endian number in a table.
 *
 * t       from acpi_find_table(), or NULL
 * offset  from the table's start [bytes]
 * size    1, 2, 4 or 8           [bytes]
 *
 * Returns it; 0 where the table ends before it, as it does in older revisions.
 */
uint64_t acpi_field(const struct acpi_header *t, size_t offset, size_t size);

/* Offsets in the FADT ("FACP"), ACPI 5.2.9. X_ fields and registers are struct acpi_register. */
enum acpi_fadt_offset {
	FADT_DSDT = 40,
	FADT_SCI_INT = 46,
	FADT_SMI_CMD = 48,
	FADT_ACPI_ENABLE = 52,
	FADT_PM1A_EVT = 56,
	FADT_PM1A_CNT = 64,
	FADT_PM1B_CNT = 68,
	FADT_PM_TMR = 76,
	FADT_PM1_EVT_LEN = 88,
	FADT_CENTURY = 108,
	FADT_FLAGS = 112,
	FADT_RESET_REG = 116,
	FADT_RESET_VALUE = 128,
	FADT_ARM_BOOT_ARCH = 129,
	FADT_X_DSDT = 140,
	FADT_X_PM1A_CNT = 172,
	FADT_X_PM1B_CNT = 184,
	FADT_X_PM_TMR = 208,
	FADT_SLEEP_CONTROL = 244,
};

#define FADT_FLAG_TMR_32BIT  (1u << 8)
#define FADT_FLAG_RESET_REG  (1u << 10)
#define FADT_FLAG_HW_REDUCED (1u << 20)

/* acpi_fadt() - a number in the FADT; 0 also where there is none. */
uint64_t acpi_fadt(enum acpi_fadt_offset offset, size_t size);

/* Generic address structure, ACPI 5.2.3.2. */
enum acpi_space { ACPI_SPACE_MEMORY = 0, ACPI_SPACE_IO = 1 };

struct acpi_register {
	enum acpi_space space;
	uint64_t address; /* not 0; a port is 16 bits wide */
};

/* acpi_fadt_register() - a register that the FADT names; false for none. `port` is the offset of
 * the older field with the same meaning for I/O ports, 0 for none. */
bool acpi_fadt_register(enum acpi_fadt_offset offset, unsigned port, struct acpi_register *out);

/* Entries of the MADT, ACPI 5.2.12, and the bytes that each has at least. */
enum acpi_madt_type {
	MADT_LAPIC = 0,
	MADT_IOAPIC = 1,
	MADT_OVERRIDE = 2,
	MADT_X2APIC = 9,
	MADT_GICC = 11,
	MADT_GICD = 12,
	MADT_GIC_MSI = 13,
	MADT_GICR = 14,
	MADT_GIC_ITS = 15,
};

struct acpi_madt {
	const uint8_t *next, *end;
};

/*
 * acpi_madt_open() - start with the first entry; an iterator with none where there is no MADT.
 * acpi_madt_next() - the next entry of that type, with all bytes that the specification gives
 *                    it; NULL after the last one.
 */
void acpi_madt_open(struct acpi_madt *it);
const uint8_t *acpi_madt_next(struct acpi_madt *it, enum acpi_madt_type type);

/* acpi_cpu_count() - the enabled processors; 0 where there is no MADT. */
unsigned acpi_cpu_count(void);

/* acpi_load16(), acpi_load32() - unaligned little-endian numbers. */
static inline uint16_t acpi_load16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}
static inline uint32_t acpi_load32(const uint8_t *p)
{
	return acpi_load16(p) | (uint32_t)acpi_load16(p + 2) << 16;
}

/*
 * acpi_sleep_types() - what to write to PM1a and PM1b control to switch the machine off: the
 * package \_S5_ of the DSDT. (ACPI 7.4.2.6)
 */
bool acpi_sleep_types(uint8_t *pm1a, uint8_t *pm1b);

/* acpi_virtio_mmio() - the n-th virtio-mmio device of the DSDT (LNRO0005). Asked for in ascending
 * order by one at a time. */
bool acpi_virtio_mmio(unsigned n, paddr_t *base, unsigned *gsi, enum irq_trigger *trigger);

struct acpi_window {
	uint64_t base;   /* on the bus */
	uint64_t offset; /* what is added to it for the CPU, modulo 2^64 */
	uint64_t len;    /* [bytes], not 0; neither range wraps round */
};

/* acpi_pci_window() - the n-th range of memory that the DSDT names from its first PCI Express host
 * (PNP0A08) on; false: there are not so many. */
bool acpi_pci_window(unsigned n, struct acpi_window *out);
