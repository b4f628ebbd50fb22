// SPDX-License-Identifier: BSD-2-Clause
/*
 * link.h - the loaded objects (as on Linux): there is one, the image.
 */
#pragma once
#include <elf.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/cdefs.h>

#define ElfW(type) Elf64_##type

struct dl_phdr_info {
	uintptr_t dlpi_addr;
	const char *dlpi_name;
	const void *dlpi_phdr; /* Elf64_Phdr */
	uint16_t dlpi_phnum;
	unsigned long long dlpi_adds, dlpi_subs;
	size_t dlpi_tls_modid;
	void *dlpi_tls_data;
};

__BEGIN_DECLS

int dl_iterate_phdr(int (*__each)(struct dl_phdr_info *__info, size_t __size, void *__arg),
		    void *__arg);

__END_DECLS
