// SPDX-License-Identifier: BSD-2-Clause
/*
 * boot_protocol.h - readers of what the loaders leave behind; each fills boot_info.
 *
 * The information is in memory that the loader wrote: nothing in it is believed before it has
 * been checked. They run before relocation. What cannot be right is left out; a machine without
 * usable RAM is refused afterwards, by the caller.
 */
#pragma once
#include "kernel/boot_info.h"

void multiboot1_parse(paddr_t info);
void multiboot2_parse(paddr_t info);
void pvh_parse(paddr_t info);

/* boot_phys() - len bytes of loader memory, or NULL where there can be none (0, or >= 4 GiB). */
const void *boot_phys(paddr_t pa, size_t len);

/* boot_text_at() - keep the string at pa; as boot_info_add_text(). */
static inline uint32_t boot_text_at(paddr_t pa)
{
	return boot_info_add_text(boot_phys(pa, BOOT_CMDLINE_BYTES), BOOT_CMDLINE_BYTES);
}
