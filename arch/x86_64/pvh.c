// SPDX-License-Identifier: BSD-2-Clause
/*
 * pvh.c - the start information of PVH. Ref: Xen public/arch-x86/hvm/start_info.h (the ABI
 * text at its top), version 1 of the structure.
 */
#include "arch/x86_64/boot_protocol.h"

#define START_INFO_MAGIC 0x336ec578
#define MEMMAP_RAM       1
#define MEMMAP_MAX       256u

struct start_info {
	uint32_t magic, version, flags, nmodule;
	uint64_t modules, cmdline, rsdp;
	uint64_t memmap; /* from here on only with version >= 1 */
	uint32_t nmemmap, reserved;
} UNIK_PACKED;

struct start_module {
	uint64_t start, len, cmdline, reserved;
} UNIK_PACKED;

struct start_memmap {
	uint64_t addr, len;
	uint32_t type, reserved;
} UNIK_PACKED;

static void parse_memmap(const struct start_info *info)
{
	uint32_t count = MIN(info->nmemmap, MEMMAP_MAX);
	const struct start_memmap *m = boot_phys(info->memmap, count * sizeof(*m));

	for (uint32_t i = 0; m && i < count; i++)
		if (m[i].type == MEMMAP_RAM)
			boot_info_add_ram(m[i].addr, m[i].len);
	for (uint32_t i = 0; m && i < count; i++)
		if (m[i].type != MEMMAP_RAM)
			boot_info_remove_ram(m[i].addr, m[i].len);
}

static void parse_modules(const struct start_info *info)
{
	uint32_t count = MIN(info->nmodule, BOOT_MAX_MODULES);
	const struct start_module *m = boot_phys(info->modules, count * sizeof(*m));

	for (uint32_t i = 0; m && i < count; i++)
		boot_info_add_module(m[i].start, m[i].len, boot_text_at(m[i].cmdline));
}

void pvh_parse(paddr_t pa)
{
	const struct start_info *info = boot_phys(pa, sizeof(*info));

	boot_info_reset("pvh");
	if (!info || info->magic != START_INFO_MAGIC || info->version < 1)
		return;
	parse_memmap(info);
	boot_info.acpi_rsdp = info->rsdp;
	boot_info.cmdline = boot_text_at(info->cmdline);
	parse_modules(info);
}
