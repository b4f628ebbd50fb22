// SPDX-License-Identifier: BSD-2-Clause
#include <sys/mman.h>
#include "arch/mmu.h"
#include "tests/host/fake/fake.h"

#define GIB (1UL << 30)

size_t fake_ram_skew;

static void *reserve(size_t bytes)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		abort();
	return p;
}

void fake_ram_init(size_t bytes)
{
	static char *arena, *tags;
	static size_t arena_bytes, tags_bytes;

	if (arena) {
		munmap(arena, arena_bytes);
		munmap(tags, tags_bytes);
	}
	arena_bytes = bytes + 2 * GIB;
	arena = reserve(arena_bytes);
	/* One page more than the tags need, so that a tag beyond the last is no crash of ASan's
	 * making but is still seen by the tests, which compare it. */
	tags_bytes = bytes / PAGE_SIZE + PAGE_SIZE;
	tags = reserve(tags_bytes);
	mmu_direct_base = ALIGN_UP((uintptr_t)arena, GIB) + fake_ram_skew;
	page_init((uint8_t *)tags, 0, bytes);
}

void fake_ram_init_all(size_t bytes)
{
	fake_ram_init(bytes);
	page_add_range(0, bytes);
}
