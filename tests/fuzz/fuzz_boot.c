// SPDX-License-Identifier: BSD-2-Clause
/*
 * What boot loaders leave behind. The first byte picks the protocol; the rest is physical memory
 * from ARENA_PA on, and nothing else is there.
 */
// link: arch/x86_64/multiboot.c arch/x86_64/multiboot2.c arch/x86_64/pvh.c
// link: kernel/boot_info.c lib/base/ranges.c
#include "arch/x86_64/boot_protocol.h"
#include "tests/fuzz/fuzz.h"

#define ARENA_PA 0x10000u

static uint8_t *arena;
static size_t arena_len;

const void *boot_phys(paddr_t pa, size_t len)
{
	if (pa < ARENA_PA || len == 0 || pa - ARENA_PA > arena_len ||
	    len > arena_len - (pa - ARENA_PA))
		return NULL;
	return arena + (pa - ARENA_PA);
}

static void check_result(void)
{
	paddr_t end = 0;

	FUZZ_ASSERT(boot_info.ram.n <= ARRAY_SIZE(boot_info.ram.r));
	for (unsigned i = 0; i < boot_info.ram.n; i++) {
		FUZZ_ASSERT(boot_info.ram.r[i].start >= end);
		FUZZ_ASSERT(boot_info.ram.r[i].end > boot_info.ram.r[i].start);
		FUZZ_ASSERT(boot_info.ram.r[i].end % PAGE_SIZE == 0);
		end = boot_info.ram.r[i].end;
	}
	FUZZ_ASSERT(boot_info.nmodule <= ARRAY_SIZE(boot_info.module));
	for (unsigned i = 0; i < boot_info.nmodule; i++) {
		FUZZ_ASSERT(boot_info.module[i].end >= boot_info.module[i].start);
		FUZZ_ASSERT(boot_info.module[i].args < sizeof(boot_info.text));
	}
	FUZZ_ASSERT(boot_info.text[sizeof(boot_info.text) - 1] == 0);
	FUZZ_ASSERT(boot_info.cmdline < sizeof(boot_info.text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static void (*const parse[])(paddr_t) = { multiboot1_parse, multiboot2_parse, pvh_parse };

	if (len < 2)
		return 0;
	arena_len = len - 1;
	arena = fuzz_copy(data + 1, arena_len);
	memset(&boot_info, 0, sizeof(boot_info));
	parse[data[0] % 3](ARENA_PA);
	check_result();
	free(arena);
	return 0;
}
