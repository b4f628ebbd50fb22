// SPDX-License-Identifier: BSD-2-Clause
/*
 * Runs before the image is relocated, so it uses no table of pointers.
 */
#include "kernel/boot_info.h"

struct boot_info boot_info;

void boot_info_reset(const char *loader)
{
	for (unsigned i = 0; i < sizeof(boot_info.loader) - 1 && loader[i]; i++)
		boot_info.loader[i] = loader[i];
	boot_info.text_len = 1; /* text[0] is the empty text */
}

void boot_info_add_ram(paddr_t start, uint64_t len)
{
	paddr_t end = len > UINT64_MAX - start ? UINT64_MAX : start + len;

	if (start > UINT64_MAX - PAGE_SIZE)
		return;
	ranges_add(&boot_info.ram, ALIGN_UP(start, PAGE_SIZE), ALIGN_DOWN(end, PAGE_SIZE));
}

void boot_info_remove_ram(paddr_t start, uint64_t len)
{
	paddr_t end = len > UINT64_MAX - start ? UINT64_MAX : start + len;

	if (end > UINT64_MAX - PAGE_SIZE)
		end = UINT64_MAX - PAGE_SIZE;
	ranges_remove(&boot_info.ram, ALIGN_DOWN(start, PAGE_SIZE), ALIGN_UP(end, PAGE_SIZE));
}

uint32_t boot_info_add_text(const char *s, size_t max)
{
	uint32_t at = boot_info.text_len, i = at;

	if (!s || max == 0 || s[0] == '\0')
		return 0;
	while (max-- > 0 && *s != '\0' && i < BOOT_CMDLINE_BYTES - 1)
		boot_info.text[i++] = *s++;
	if (i == at)
		return 0;
	boot_info.text_len = MIN(i + 1, (uint32_t)BOOT_CMDLINE_BYTES - 1);
	boot_info.text[i] = '\0';
	return at;
}

static bool range_is_ram(paddr_t start, paddr_t end)
{
	for (unsigned i = 0; i < boot_info.ram.n; i++)
		if (start >= boot_info.ram.r[i].start && end <= boot_info.ram.r[i].end)
			return true;
	return false;
}

void boot_info_add_module(paddr_t start, uint64_t len, uint32_t args)
{
	struct boot_module *m = &boot_info.module[boot_info.nmodule];

	if (boot_info.nmodule == BOOT_MAX_MODULES || start > UINT64_MAX - PAGE_SIZE ||
	    len > UINT64_MAX - PAGE_SIZE - start ||
	    !range_is_ram(ALIGN_DOWN(start, PAGE_SIZE), ALIGN_UP(start + len, PAGE_SIZE)))
		return;
	m->start = start;
	m->end = start + len;
	m->args = args;
	boot_info.nmodule++;
}
