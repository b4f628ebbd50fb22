// SPDX-License-Identifier: BSD-2-Clause
/*
 * efi.h - what the image leaves for itself when UEFI firmware started it.
 *
 * efi.c runs as an application of the firmware, collects this, ends the boot services, switches
 * translation off and goes to image_entry like any loader. boot.c then finds it and asks neither
 * the device tree for memory nor for the command line.
 *
 * Addresses are physical; what they point to is in memory that the map calls loader data.
 */
#pragma once
#include "kernel/boot_info.h"

/* UEFI 2.10, 8.3 */
struct efi_time {
	uint16_t year;
	uint8_t month, day, hour, minute, second, pad;
	uint32_t nanosecond;
	int16_t zone; /* [minutes], what is added for UTC; EFI_ZONE_UNKNOWN */
	uint8_t daylight, pad2;
};
#define EFI_ZONE_UNKNOWN 0x7ff

struct efi_handover {
	paddr_t map; /* memory descriptors; 0: UEFI did not start us */
	uint64_t map_bytes, descriptor_bytes;
	paddr_t cmdline;      /* terminated; 0: none */
	paddr_t fdt;          /* 0: none */
	paddr_t rsdp;         /* 0: none */
	struct efi_time time; /* month 0: not known */
	uint64_t time_cycles; /* the cycle counter then */
	uint64_t nmodule;
	struct {
		paddr_t start;
		uint64_t len;
	} module[BOOT_MAX_MODULES];
};

/* In initialised data, which the entry code does not clear. */
extern struct efi_handover efi_handover;

/* Memory types (UEFI 2.10, 7.2) that are free once the boot services have ended. */
#define EFI_LOADER_CODE        1u
#define EFI_LOADER_DATA        2u
#define EFI_BOOT_SERVICES_DATA 4u /* 3 is their code */
#define EFI_CONVENTIONAL       7u

/* The beginning of a memory descriptor (UEFI 2.10, 7.2.3). */
struct efi_memory {
	uint32_t type, reserved;
	uint64_t start, virtual_start, npages, attributes;
};
