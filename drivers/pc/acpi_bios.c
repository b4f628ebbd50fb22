// SPDX-License-Identifier: BSD-2-Clause
/* acpi_bios.c - where a BIOS leaves the RSDP. */
#include "drivers/bus/acpi.h"

#define RSDP_SIGNATURE_LOW 0x20445352u /* "RSD " */

static bool rsdp_scan(paddr_t start, size_t len)
{
	const uint8_t *p = acpi_map(start, len), *end;

	if (!p)
		return false;
	/* Thousands of places, and few begin like one. */
	for (end = p + len - ACPI_RSDP_BYTES; p <= end; p += 16)
		if (acpi_load32(p) == RSDP_SIGNATURE_LOW && acpi_use_rsdp(p))
			return true;
	return false;
}

/* ACPI 5.2.5.1: the first KiB of the EBDA, or the BIOS area; its upper half first, because
 * BIOSes with both have it there. */
bool platform_rsdp_search(void)
{
	const uint8_t *bda;

	if (rsdp_scan(0xf0000, 0x10000))
		return true;
	bda = acpi_map(0x40e, 2);
	if (bda && acpi_load16(bda) >= 0x4000 && acpi_load16(bda) < 0xa000 &&
	    rsdp_scan((paddr_t)acpi_load16(bda) << 4, 1024))
		return true;
	return rsdp_scan(0xe0000, 0x10000);
}
