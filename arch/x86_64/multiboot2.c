// SPDX-License-Identifier: BSD-2-Clause
/*
 * multiboot2.c - the information of Multiboot 2. Ref: Multiboot2 Specification 2.0, 3.4 and 3.6.
 */
#include "arch/x86_64/boot_protocol.h"

enum { TAG_END = 0, TAG_CMDLINE = 1, TAG_MODULE = 3, TAG_MMAP = 6, TAG_RSDP1 = 14, TAG_RSDP2 = 15 };

#define INFO_MAX_BYTES (1u << 20)
#define MMAP_RAM       1

/* Hostile addresses need not be aligned, so all of these are packed. */
struct info_head {
	uint32_t total_bytes, reserved;
} UNIK_PACKED;

struct tag {
	uint32_t type, size; /* size includes this header, not the padding to 8 bytes */
} UNIK_PACKED;

struct tag_module {
	struct tag tag;
	uint32_t start, end;
	char string[];
} UNIK_PACKED;

struct tag_mmap {
	struct tag tag;
	uint32_t entry_size, entry_version;
	char entries[];
} UNIK_PACKED;

struct mmap_entry {
	uint64_t addr, len;
	uint32_t type, reserved;
} UNIK_PACKED;

static void parse_mmap(const struct tag_mmap *t, bool ram)
{
	size_t left = t->tag.size - sizeof(*t);
	const char *at = t->entries;

	if (t->entry_size < sizeof(struct mmap_entry))
		return;
	for (; left >= t->entry_size; at += t->entry_size, left -= t->entry_size) {
		const struct mmap_entry *m = (const void *)at;

		if (ram && m->type == MMAP_RAM)
			boot_info_add_ram(m->addr, m->len);
		if (!ram && m->type != MMAP_RAM)
			boot_info_remove_ram(m->addr, m->len);
	}
}

/* The tag holds a copy of the RSDP, not its address; version 2 wins over version 1. */
static void parse_rsdp(const struct tag *t)
{
	size_t len = MIN(t->size - sizeof(*t), (size_t)BOOT_RSDP_BYTES);

	if (boot_info.acpi_rsdp && t->type == TAG_RSDP1)
		return;
	__builtin_memcpy(boot_info.rsdp, t + 1, len);
	boot_info.acpi_rsdp = (uintptr_t)boot_info.rsdp; /* mapped one to one still */
}

/* Modules are checked against RAM, so the map comes first; the loader's order is its own. */
static void parse_tag(const struct tag *t, int pass)
{
	const struct tag_module *m = (const void *)t;

	if (t->type == TAG_MMAP && t->size >= sizeof(struct tag_mmap) && pass < 2)
		parse_mmap((const void *)t, pass == 0);
	if (pass != 2)
		return;
	if (t->type == TAG_CMDLINE)
		boot_info.cmdline = boot_info_add_text((const char *)(t + 1), t->size - sizeof(*t));
	if (t->type == TAG_MODULE && t->size >= sizeof(*m) && m->end > m->start)
		boot_info_add_module(m->start, m->end - m->start,
				     boot_info_add_text(m->string, t->size - sizeof(*m)));
	if (t->type == TAG_RSDP1 || t->type == TAG_RSDP2)
		parse_rsdp(t);
}

static void parse_tags(const char *info, uint32_t total, int pass)
{
	for (uint32_t at = sizeof(struct info_head); at <= total - sizeof(struct tag);) {
		const struct tag *t = (const void *)(info + at);

		if (t->type == TAG_END || t->size < sizeof(*t) || t->size > total - at)
			return;
		parse_tag(t, pass);
		at = ALIGN_UP(at + t->size, 8u);
	}
}

void multiboot2_parse(paddr_t pa)
{
	const struct info_head *head = boot_phys(pa, sizeof(*head));
	uint32_t total = head ? head->total_bytes : 0;

	boot_info_reset("multiboot2");
	if (total < 16 || total > INFO_MAX_BYTES || !boot_phys(pa, total))
		return;
	for (int pass = 0; pass < 3; pass++)
		parse_tags((const char *)head, total, pass);
}
