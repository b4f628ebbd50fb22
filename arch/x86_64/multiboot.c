// SPDX-License-Identifier: BSD-2-Clause
/*
 * multiboot.c - the information of Multiboot 1. Ref: Multiboot Specification 0.6.96, 3.3.
 */
#include "arch/x86_64/boot_protocol.h"

#define INFO_CMDLINE   (1u << 2)
#define INFO_MODULES   (1u << 3)
#define INFO_MMAP      (1u << 6)
#define INFO_LOADER    (1u << 9)
#define MMAP_RAM       1
#define MMAP_MAX_BYTES 65536u

struct multiboot1_info {
	uint32_t flags, mem_lower_kib, mem_upper_kib, boot_device, cmdline, mods_count, mods_addr;
	uint32_t syms[4], mmap_length, mmap_addr, drives_length, drives_addr, config_table;
	uint32_t loader_name;
} UNIK_PACKED;

struct multiboot1_module {
	uint32_t start, end, string, reserved;
} UNIK_PACKED;

struct multiboot1_mmap {
	uint32_t size; /* of the rest of the entry */
	uint64_t addr, len;
	uint32_t type;
} UNIK_PACKED;

static void parse_mmap(const struct multiboot1_info *info, bool ram)
{
	const char *at = boot_phys(info->mmap_addr, MIN(info->mmap_length, MMAP_MAX_BYTES));
	size_t left = MIN(info->mmap_length, MMAP_MAX_BYTES);

	while (at && left >= sizeof(struct multiboot1_mmap)) {
		const struct multiboot1_mmap *m = (const void *)at;
		size_t step = (size_t)m->size + sizeof(m->size);

		if (step < sizeof(*m) || step > left)
			break;
		if (ram && m->type == MMAP_RAM)
			boot_info_add_ram(m->addr, m->len);
		if (!ram && m->type != MMAP_RAM)
			boot_info_remove_ram(m->addr, m->len);
		at += step;
		left -= step;
	}
}

static void parse_modules(const struct multiboot1_info *info)
{
	uint32_t count = MIN(info->mods_count, BOOT_MAX_MODULES);
	const struct multiboot1_module *m = boot_phys(info->mods_addr, count * sizeof(*m));

	for (uint32_t i = 0; m && i < count; i++)
		if (m[i].end > m[i].start)
			boot_info_add_module(m[i].start, m[i].end - m[i].start,
					     boot_text_at(m[i].string));
}

/* QEMU puts the file name of the image before the command line, GRUB does not. */
static uint32_t skip_file_name(uint32_t text)
{
	while (boot_info.text[text] != '\0' && boot_info.text[text] != ' ')
		text++;
	return text;
}

static bool loader_is_qemu(const struct multiboot1_info *info)
{
	const char *name = info->flags & INFO_LOADER ? boot_phys(info->loader_name, 4) : NULL;

	return name && name[0] == 'q' && name[1] == 'e' && name[2] == 'm' && name[3] == 'u';
}

void multiboot1_parse(paddr_t pa)
{
	const struct multiboot1_info *info = boot_phys(pa, sizeof(*info));

	boot_info_reset("multiboot");
	if (!info)
		return;
	if (info->flags & INFO_MMAP) {
		parse_mmap(info, true);
		parse_mmap(info, false);
	} else {
		boot_info_add_ram(0, (uint64_t)info->mem_lower_kib << 10);
		boot_info_add_ram(1 << 20, (uint64_t)info->mem_upper_kib << 10);
	}
	if (info->flags & INFO_CMDLINE)
		boot_info.cmdline = boot_text_at(info->cmdline);
	if (loader_is_qemu(info))
		boot_info.cmdline = skip_file_name(boot_info.cmdline);
	if (info->flags & INFO_MODULES)
		parse_modules(info);
}
