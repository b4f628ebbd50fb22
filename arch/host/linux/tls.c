// SPDX-License-Identifier: BSD-2-Clause
#include <link.h>
#include "arch/host/linux/tls.h"

/* Of the executable, which comes first. */
static int take_segment(struct dl_phdr_info *info, size_t size, void *machine)
{
	struct host_machine *m = machine;

	(void)size;
	m->tls_align = 1;
	for (unsigned i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];

		if (p->p_type != PT_TLS)
			continue;
		m->tls_template = (void *)(info->dlpi_addr + p->p_vaddr);
		m->tls_template_bytes = p->p_filesz;
		m->tls_bytes = p->p_memsz;
		m->tls_align = p->p_align;
	}
	return 1;
}

void tls_find(struct host_machine *m)
{
	dl_iterate_phdr(take_segment, m);
}
