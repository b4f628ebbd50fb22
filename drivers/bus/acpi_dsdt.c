// SPDX-License-Identifier: BSD-2-Clause
/*
 * acpi_dsdt.c - the few things that are wanted from AML, found by their byte patterns.
 *
 * Encodings: ACPI 20.2 (AML), 6.4 (resource descriptors).
 */
#include "drivers/bus/acpi.h"

#define AML_ZERO    0x00
#define AML_ONE     0x01
#define AML_NAME    0x08
#define AML_BYTE    0x0a
#define AML_WORD    0x0b
#define AML_DWORD   0x0c
#define AML_BUFFER  0x11
#define AML_PACKAGE 0x12
#define AML_ROOT    '\\'

/* What is still to be read. Reading past the end gives zeros and sets `bad`. */
struct aml {
	const uint8_t *p, *end;
	bool bad;
};

static uint8_t aml_byte(struct aml *a)
{
	if (a->p < a->end)
		return *a->p++;
	a->bad = true;
	return 0;
}

static uint32_t aml_number(struct aml *a, unsigned nbytes)
{
	uint32_t v = 0;

	for (unsigned i = 0; i < nbytes; i++)
		v |= (uint32_t)aml_byte(a) << 8 * i;
	return v;
}

static uint32_t aml_integer(struct aml *a)
{
	switch (aml_byte(a)) {
	case AML_ZERO:
		return 0;
	case AML_ONE:
		return 1;
	case AML_BYTE:
		return aml_number(a, 1);
	case AML_WORD:
		return aml_number(a, 2);
	case AML_DWORD:
		return aml_number(a, 4);
	}
	a->bad = true;
	return 0;
}

/* PkgLength (20.2.4) counts itself; a->end becomes the end of the package. */
static void aml_enter(struct aml *a)
{
	const uint8_t *start = a->p;
	uint8_t lead = aml_byte(a);
	unsigned more = lead >> 6;
	uint32_t len = more ? (lead & 0x0f) | aml_number(a, more) << 4 : lead & 0x3f;

	if (len < 1 + more || len > (size_t)(a->end - start))
		a->bad = true;
	else
		a->end = start + len;
}

/* Go on behind the next occurrence of the bytes; false when there is none. */
static bool aml_find(struct aml *a, const char *bytes, size_t len)
{
	while ((size_t)(a->end - a->p) >= len) {
		if (*a->p == (uint8_t)bytes[0] && __builtin_memcmp(a->p, bytes, len) == 0) {
			a->p += len;
			return true;
		}
		a->p++;
	}
	return false;
}

static bool dsdt_open(struct aml *a)
{
	const struct acpi_header *t;
	uint64_t pa = acpi_fadt(FADT_X_DSDT, 8);

	t = acpi_map_table(pa ? pa : acpi_fadt(FADT_DSDT, 4), "DSDT");
	if (!t)
		return false;
	a->p = (const uint8_t *)(t + 1);
	a->end = (const uint8_t *)t + t->length;
	a->bad = false;
	return true;
}

/* Name (_S5_, Package () { PM1a, PM1b, … }); the name may be written from the root. */
static bool s5_read(struct aml a, const uint8_t *name, const uint8_t *start, uint8_t type[2])
{
	if (name > start && name[-1] == AML_ROOT)
		name--;
	if (name == start || name[-1] != AML_NAME || aml_byte(&a) != AML_PACKAGE)
		return false;
	aml_enter(&a);
	if (aml_byte(&a) < 2)
		return false;
	type[0] = aml_integer(&a);
	type[1] = aml_integer(&a);
	return !a.bad && type[0] < 8 && type[1] < 8;
}

bool acpi_sleep_types(uint8_t *pm1a, uint8_t *pm1b)
{
	const uint8_t *start;
	struct aml a;
	uint8_t type[2];

	if (!dsdt_open(&a))
		return false;
	start = a.p;
	while (aml_find(&a, "_S5_", 4))
		if (s5_read(a, a.p - 4, start, type)) {
			*pm1a = type[0];
			*pm1b = type[1];
			return true;
		}
	return false;
}

#define RESOURCE_MEMORY32_FIXED 0x86 /* 6.4.3.4 */
#define RESOURCE_INTERRUPT      0x89 /* 6.4.3.6 */
#define RESOURCE_LARGE          0x80

struct resources {
	uint32_t base;
	uint32_t gsi;
	bool has_base, has_gsi;
};

static void resource_large(struct aml a, uint8_t tag, struct resources *r)
{
	(void)aml_byte(&a); /* writable; trigger and polarity: what the caller assumes anyway */
	if (tag == RESOURCE_MEMORY32_FIXED) {
		r->base = aml_number(&a, 4);
		r->has_base = !a.bad && r->base != 0;
	} else if (tag == RESOURCE_INTERRUPT) {
		if (aml_byte(&a) == 0)
			return;
		r->gsi = aml_number(&a, 4);
		r->has_gsi = !a.bad;
	}
}

static void resources_walk(struct aml a, struct resources *r)
{
	while (a.p < a.end) {
		uint8_t tag = aml_byte(&a);
		size_t len = tag & RESOURCE_LARGE ? aml_number(&a, 2) : tag & 7;

		if (a.bad || len > (size_t)(a.end - a.p))
			return;
		if (tag & RESOURCE_LARGE)
			resource_large((struct aml){ a.p, a.p + len, false }, tag, r);
		a.p += len;
	}
}

/* `a` stands behind _HID; Name (_CRS, ResourceTemplate () { … }) follows close by, before the
 * _HID of the next device. */
static bool device_read(struct aml a, struct resources *r)
{
	struct aml next;

	a.end = a.p + MIN(a.end - a.p, (ptrdiff_t)256);
	next = a;
	if (aml_find(&next, "_HID", 4))
		a.end = next.p;
	*r = (struct resources){ .has_base = false };
	if (!aml_find(&a, "_CRS\x11", 5))
		return false;
	aml_enter(&a);
	(void)aml_integer(&a); /* the buffer's size; the package around it says the same */
	if (a.bad)
		return false;
	resources_walk(a, r);
	return r->has_base && r->has_gsi;
}

/* Only machines without the PC's fixed hardware have such devices, so that the large DSDTs of all
 * others need not be searched. */
bool acpi_virtio_mmio(unsigned n, paddr_t *base, unsigned *gsi, enum irq_trigger *trigger)
{
	static struct aml a; /* behind device number `found` - 1 */
	static unsigned found;
	struct resources r;

	if (n < found || !a.p) {
		if (!(acpi_fadt(FADT_FLAGS, 4) & FADT_FLAG_HW_REDUCED) || !dsdt_open(&a))
			return false;
		found = 0;
	}
	while (aml_find(&a, "LNRO0005", 9)) {
		if (!device_read(a, &r) || found++ < n)
			continue;
		*base = r.base;
		*gsi = r.gsi;
		*trigger = IRQ_LEVEL_HIGH;
		return true;
	}
	return false;
}

#define PNP0A08_ID        "\x41\xd0\x0a\x08" /* as an EISA ID: 19.3.4 */
#define DWORD_MEMORY      "\x87\x17\x00\x00" /* 6.4.3.5.2: tag, length, resource type */
#define QWORD_MEMORY      "\x8a\x2b\x00\x00" /* 6.4.3.5.1 */
#define DESCRIPTOR_LEN    4
#define DESCRIPTOR_FLAGS  2 /* general, of the type */
#define DESCRIPTOR_FIELDS 5 /* granularity, first, last, offset, length */

/* `a` stands behind the resource type. */
static bool window_read(struct aml a, unsigned nbytes, struct acpi_window *out)
{
	uint64_t field[DESCRIPTOR_FIELDS];

	(void)aml_number(&a, DESCRIPTOR_FLAGS);
	for (unsigned i = 0; i < DESCRIPTOR_FIELDS; i++) {
		field[i] = aml_number(&a, 4);
		if (nbytes == 8)
			field[i] |= (uint64_t)aml_number(&a, 4) << 32;
	}
	out->base = field[1];
	out->offset = field[3];
	out->len = field[4];
	return !a.bad && out->len != 0 && field[2] - field[1] == out->len - 1 &&
	       out->len <= UINT64_MAX - out->base &&
	       out->len <= UINT64_MAX - (out->base + out->offset);
}

/* aml_find(), which has moved only when it returns true. */
static bool host_find(struct aml *a, const char *bytes, size_t len)
{
	struct aml found = *a;

	if (!aml_find(&found, bytes, len))
		return false;
	*a = found;
	return true;
}

/* Wherever they are, because a host's resources may be in a buffer of any name. What is no
 * descriptor, or is filled in by a method, has no length that fits. */
bool acpi_pci_window(unsigned n, struct acpi_window *out)
{
	struct acpi_window found;
	struct aml a;

	if (!dsdt_open(&a) || (!host_find(&a, "PNP0A08", 7) && !host_find(&a, PNP0A08_ID, 4)))
		return false;
	for (; (size_t)(a.end - a.p) > DESCRIPTOR_LEN; a.p++) {
		struct aml behind = { a.p + DESCRIPTOR_LEN, a.end, false };
		bool wide = __builtin_memcmp(a.p, QWORD_MEMORY, DESCRIPTOR_LEN) == 0;

		if (!wide && __builtin_memcmp(a.p, DWORD_MEMORY, DESCRIPTOR_LEN) != 0)
			continue;
		if (window_read(behind, wide ? 8 : 4, &found) && n-- == 0) {
			*out = found;
			return true;
		}
	}
	return false;
}
