// SPDX-License-Identifier: BSD-2-Clause
/*
 * unik.c - the native API for what POSIX has no words for: <unik/memory.h>, <unik/module.h>.
 */
#include <unik/memory.h>
#include <unik/module.h>
#include "arch/mmu.h"
#include "kernel/boot_info.h"
#include "kernel/page.h"

UNIK_API void unik_memory(size_t *total, size_t *free)
{
	struct page_stats s;

	page_get_stats(&s);
	if (total)
		*total = s.total_pages * PAGE_SIZE;
	if (free)
		*free = s.free_pages * PAGE_SIZE;
}

UNIK_API int unik_module(unsigned i, struct unik_module *out)
{
	const struct boot_module *m = &boot_info.module[i];

	if (i >= boot_info.nmodule)
		return -1;
	out->data = phys_to_virt(m->start);
	out->size = m->end - m->start;
	out->args = &boot_info.text[m->args];
	return 0;
}
