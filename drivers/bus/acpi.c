// SPDX-License-Identifier: BSD-2-Clause
/*
 * acpi.c - from the RSDP to the tables.
 */
#include "drivers/bus/acpi.h"
#include "arch/mmu.h"
#include "kernel/boot_info.h"

#define RSDP_SIGNATURE   0x2052545020445352ULL /* "RSD PTR " */
#define RSDP_BYTES       20                    /* revision 0; ACPI_RSDP_BYTES from 2 on */
#define TABLE_BYTES_MAX  (4 << 20)             /* the largest DSDTs have a tenth of it */
#define ROOT_ENTRIES_MAX 256
#define MADT_ENTRIES     44 /* offset of the first */

/* What has been mapped so far. Slots are filled once and `at` last, so reading needs no lock. */
static struct window {
	paddr_t start, end;
	const uint8_t *at;
} window[8];
static unsigned nwindow;

static const uint8_t *find_window(paddr_t pa, size_t len)
{
	for (unsigned i = 0; i < ARRAY_SIZE(window); i++) {
		const uint8_t *at = __atomic_load_n(&window[i].at, __ATOMIC_ACQUIRE);

		if (at && pa >= window[i].start && pa < window[i].end && len <= window[i].end - pa)
			return at + (pa - window[i].start);
	}
	return NULL;
}

/* Whole pages, because tables lie close together; kept, because they are looked at again. */
const uint8_t *acpi_map(paddr_t pa, size_t len)
{
	paddr_t start = ALIGN_DOWN(pa, PAGE_SIZE), end = ALIGN_UP(pa + len, PAGE_SIZE);
	const uint8_t *at = find_window(pa, len);
	unsigned slot;

	if (at)
		return at;
	if (end <= start)
		return NULL;
	at = mmu_map_firmware(start, end - start);
	if (!at)
		return NULL;
	slot = __atomic_fetch_add(&nwindow, 1, __ATOMIC_RELAXED);
	if (slot < ARRAY_SIZE(window)) {
		window[slot].start = start;
		window[slot].end = end;
		__atomic_store_n(&window[slot].at, at, __ATOMIC_RELEASE);
	}
	return at + (pa - start);
}

static uint64_t load64(const uint8_t *p)
{
	uint64_t v;

	__builtin_memcpy(&v, p, sizeof(v));
	return v;
}

/* The sum of all bytes modulo 256, eight at a time: bytes are added without a carry into their
 * neighbour. A DSDT has tens of thousands. */
static bool checksum_is_good(const uint8_t *p, size_t len)
{
	const uint64_t top = 0x8080808080808080;
	uint64_t sums = 0;
	uint8_t sum = 0;

	for (; len >= 8; p += 8, len -= 8) {
		uint64_t v = load64(p);

		sums = ((sums & ~top) + (v & ~top)) ^ ((sums ^ v) & top);
	}
	for (; sums; sums >>= 8)
		sum += (uint8_t)sums;
	while (len-- > 0)
		sum += *p++;
	return sum == 0;
}

const struct acpi_header *acpi_map_table(paddr_t pa, const char *signature)
{
	const struct acpi_header *t = NULL;
	uint32_t len;

	if (pa)
		t = (const struct acpi_header *)acpi_map(pa, sizeof(*t));
	if (!t || __builtin_memcmp(t->signature, signature, 4) != 0)
		return NULL;
	len = t->length;
	if (len < sizeof(*t) || len > TABLE_BYTES_MAX)
		return NULL;
	t = (const struct acpi_header *)acpi_map(pa, len);
	if (!t || t->length != len || !checksum_is_good((const uint8_t *)t, len))
		return NULL;
	return t;
}

static uint64_t load(const uint8_t *p, size_t size)
{
	uint64_t v = 0;

	while (size-- > 0)
		v = v << 8 | p[size];
	return v;
}

uint64_t acpi_field(const struct acpi_header *t, size_t offset, size_t size)
{
	if (!t || t->length < size || offset > t->length - size)
		return 0;
	return load((const uint8_t *)t + offset, size);
}

/* The root table: XSDT with 8-byte or RSDT with 4-byte addresses. */
static struct {
	const struct acpi_header *table;
	unsigned entry_bytes;
} root;
static bool root_known;

static bool root_use(paddr_t pa, const char *signature, unsigned entry_bytes)
{
	const struct acpi_header *t = acpi_map_table(pa, signature);

	if (!t)
		return false;
	root.entry_bytes = entry_bytes;
	root.table = t;
	return true;
}

/* ACPI 5.2.5.3 */
bool acpi_use_rsdp(const uint8_t *p)
{
	if (load64(p) != RSDP_SIGNATURE || !checksum_is_good(p, RSDP_BYTES))
		return false;
	if (p[15] >= 2 && checksum_is_good(p, ACPI_RSDP_BYTES) &&
	    root_use(load64(p + 24), "XSDT", 8))
		return true;
	return root_use(acpi_load32(p + 16), "RSDT", 4);
}

static void root_find(void)
{
	const uint8_t *given = NULL;

	if (__atomic_load_n(&root_known, __ATOMIC_ACQUIRE))
		return;
	if (boot_info.acpi_rsdp)
		given = acpi_map(boot_info.acpi_rsdp, ACPI_RSDP_BYTES);
	if (!(given && acpi_use_rsdp(given)) && !acpi_use_rsdp(boot_info.rsdp))
		platform_rsdp_search();
	__atomic_store_n(&root_known, true, __ATOMIC_RELEASE);
}

const struct acpi_header *acpi_find_table(const char *signature)
{
	size_t n = 0;

	root_find();
	if (root.table)
		n = (root.table->length - sizeof(*root.table)) / root.entry_bytes;
	for (size_t i = 0; i < MIN(n, (size_t)ROOT_ENTRIES_MAX); i++) {
		paddr_t pa = acpi_field(root.table, sizeof(*root.table) + i * root.entry_bytes,
					root.entry_bytes);
		const struct acpi_header *t = acpi_map_table(pa, signature);

		if (t)
			return t;
	}
	return NULL;
}

uint64_t acpi_fadt(enum acpi_fadt_offset offset, size_t size)
{
	static const struct acpi_header *fadt;
	static bool known;

	if (!__atomic_load_n(&known, __ATOMIC_ACQUIRE)) {
		fadt = acpi_find_table("FACP");
		__atomic_store_n(&known, true, __ATOMIC_RELEASE);
	}
	return acpi_field(fadt, offset, size);
}

bool acpi_fadt_register(enum acpi_fadt_offset offset, unsigned port, struct acpi_register *out)
{
	uint8_t space = acpi_fadt(offset, 1);
	uint64_t address = acpi_fadt(offset + 4, 8);

	if (!address && port) {
		space = ACPI_SPACE_IO;
		address = acpi_fadt(port, 4);
	}
	if (!address || space > ACPI_SPACE_IO || (space == ACPI_SPACE_IO && address > UINT16_MAX))
		return false;
	*out = (struct acpi_register){ space, address };
	return true;
}

void acpi_madt_open(struct acpi_madt *it)
{
	const struct acpi_header *t = acpi_find_table("APIC");

	*it = (struct acpi_madt){ NULL, NULL };
	if (t && t->length >= MADT_ENTRIES) {
		it->next = (const uint8_t *)t + MADT_ENTRIES;
		it->end = (const uint8_t *)t + t->length;
	}
}

static unsigned madt_entry_bytes(enum acpi_madt_type type)
{
	switch (type) {
	case MADT_LAPIC:
		return 8;
	case MADT_OVERRIDE:
		return 10;
	case MADT_IOAPIC:
		return 12;
	case MADT_GICC:
		return 76; /* from ACPI 5.1 on */
	case MADT_GICD:
	case MADT_GIC_MSI:
		return 24;
	default:
		return 16;
	}
}

const uint8_t *acpi_madt_next(struct acpi_madt *it, enum acpi_madt_type type)
{
	while (it->end - it->next >= 2) {
		const uint8_t *entry = it->next;
		unsigned len = entry[1];

		if (len < 2 || len > it->end - entry)
			break;
		it->next += len;
		if (entry[0] == type && len >= madt_entry_bytes(type))
			return entry;
	}
	it->next = it->end;
	return NULL;
}

static unsigned count_cpus(enum acpi_madt_type type, unsigned flags_offset)
{
	struct acpi_madt it;
	const uint8_t *entry;
	unsigned n = 0;

	acpi_madt_open(&it);
	while ((entry = acpi_madt_next(&it, type)))
		n += entry[flags_offset] & 1;
	return n;
}

unsigned acpi_cpu_count(void)
{
	return count_cpus(MADT_LAPIC, 4) + count_cpus(MADT_X2APIC, 8);
}
