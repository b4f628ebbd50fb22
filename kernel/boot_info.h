// SPDX-License-Identifier: BSD-2-Clause
/*
 * boot_info.h - what the loader said, in one form. Nothing later knows which loader it was.
 *
 * Filled once, before anything else runs, from memory that the loader filled: every length and
 * address in it has been checked against the RAM map. Read-only afterwards.
 */
#pragma once
#include "kernel/page.h"
#include "lib/base/ranges.h"

#define BOOT_MAX_MODULES   16u
#define BOOT_CMDLINE_BYTES 2048
#define BOOT_SEED_BYTES    32
#define BOOT_RSDP_BYTES    36

struct boot_module {
	paddr_t start, end; /* bytes */
	uint32_t args;      /* offset of its command line in text[]; 0 (an empty text) for none */
};

struct boot_info {
	char loader[12];      /* "multiboot", "multiboot2", "pvh", … for the log */
	struct range_set ram; /* usable RAM, in whole pages */
	struct boot_module module[BOOT_MAX_MODULES];
	unsigned nmodule;
	paddr_t acpi_rsdp; /* 0: look for it where a BIOS has it */
	paddr_t fdt;       /* device tree, taken out of RAM; 0: none */
	uint32_t fdt_bytes;
	const struct fdt_index *fdt_index; /* of the device tree; NULL: not made */
	uint8_t seed[BOOT_SEED_BYTES];     /* random numbers of the loader's, for kernel/random.c */
	uint8_t seed_bytes;                /* of them: 0 where there are none, or they were taken */
	uint64_t wall_s;      /* since 1970-01-01 UTC, as the loader knew it; 0: it did not */
	uint64_t wall_cycles; /* the cycle counter at that time */
	uint32_t text_len;
	char text[BOOT_CMDLINE_BYTES]; /* an empty text, the command line, those of the modules */
	uint32_t cmdline;              /* offset of the command line in text[] */
	uint8_t rsdp[BOOT_RSDP_BYTES]; /* a copy of the RSDP, where the loader gave only that */
};

extern struct boot_info boot_info;

/* boot_info_reset() - nothing known yet; names the loader. */
void boot_info_reset(const char *loader);

/* boot_info_add_ram(), _remove_ram() - what the memory map says; rounded to whole pages so that
 * nothing that is not RAM is ever used. */
void boot_info_add_ram(paddr_t start, uint64_t len);
void boot_info_remove_ram(paddr_t start, uint64_t len);

/*
 * boot_info_add_text() - keep a copy of a loader's string.
 *
 * s       not necessarily terminated; NULL for none
 * max     how many bytes of s may be read
 *
 * Returns its offset in text[]; 0 when there is none or no room is left.
 */
uint32_t boot_info_add_text(const char *s, size_t max);

/* boot_info_add_module() - a module at [start, start + len); ignored when it cannot be right. */
void boot_info_add_module(paddr_t start, uint64_t len, uint32_t args);

static inline const char *boot_cmdline(void)
{
	return &boot_info.text[boot_info.cmdline];
}

/*
 * boot_option() - the value of a word `name=value` that begins with `unik.`.
 *
 * name    with its prefix, without '='
 * out     the value, terminated, cut at size
 *
 * Returns whether the word is there. The last one counts.
 */
bool boot_option(const char *name, char *out, size_t size);
