// SPDX-License-Identifier: BSD-2-Clause
/*
 * mmu.c - page tables. Ref: Intel SDM vol. 3, 4.5 (4-level paging).
 *
 * The tables are reached through the direct map; while booting that is the identity map, so
 * mmu_direct_base is 0 until the final tables are in use.
 */
#include <errno.h>
#include "arch/mmu.h"
#include "arch/x86_64/pagetable.h"
#include "kernel/area.h"
#include "kernel/boot_info.h"
#include "kernel/spinlock.h"
#include <asm/boot.h>
#include <asm/pagetable.h>

/* Where things lie; each base is random within its region. */
#define DIRECT_REGION 0xffff800000000000ULL /* + up to 64 TiB, steps of 1 GiB */
#define AREA_REGION   0xffffe00000000000ULL /* + up to 8 TiB, steps of 2 MiB */
#define IMAGE_REGION  0xffffff8000000000ULL /* + up to 256 GiB, steps of 4 KiB */

extern char image_start[], image_text_end[], image_rodata_end[], image_end[];
extern uint64_t boot_pml4[512], boot_pdpt[512], boot_pd[512];
extern uintptr_t image_base;

uintptr_t mmu_direct_base;
static uintptr_t direct_base_next; /* set while building, in force after the jump */
uint64_t *pagetable_root;
struct spinlock pagetable_lock;

struct mapping {
	paddr_t (*alloc)(void); /* a zeroed table, 0 when memory is out */
	uint64_t flags;
	unsigned large_level; /* the highest level that may hold a leaf */
};

static paddr_t alloc_table(void)
{
	void *p = page_alloc(0);

	if (!p)
		return 0;
	__builtin_memset(p, 0, PAGE_SIZE);
	return virt_to_phys(p);
}

static uint64_t *table_below(uint64_t *entry, const struct mapping *m)
{
	if (!*entry) {
		paddr_t pa = m->alloc();

		if (!pa)
			return NULL;
		*entry = pa | PTE_PRESENT | PTE_WRITE;
	}
	return phys_to_virt(*entry & PTE_ADDRESS);
}

/* As many leaves of one table as fit: most of booting is this loop. Returns the bytes mapped. */
static size_t map_leaves(uint64_t *table, unsigned level, uintptr_t va, paddr_t pa, size_t len,
			 uint64_t flags)
{
	size_t span = 1UL << LEVEL_SHIFT(level), first = va >> LEVEL_SHIFT(level) & 511;
	size_t count = MIN(len >> LEVEL_SHIFT(level), 512 - first);

	for (uint64_t *entry = &table[first], *end = entry + count; entry < end; pa += span)
		*entry++ = pa | flags;
	return count * span;
}

static int map_level(uint64_t *table, unsigned level, uintptr_t va, paddr_t pa, size_t len,
		     const struct mapping *m)
{
	size_t span = 1UL << LEVEL_SHIFT(level), done;

	for (; len > 0; va += done, pa += done, len -= done) {
		uint64_t *below;

		if (level == 1) {
			done = map_leaves(table, level, va, pa, len, m->flags);
			continue;
		}
		if (level <= m->large_level && len >= span && ((va | pa) & (span - 1)) == 0) {
			done = map_leaves(table, level, va, pa, len, m->flags | PTE_LARGE);
			continue;
		}
		done = MIN(len, span - (va & (span - 1)));
		below = table_below(&table[va >> LEVEL_SHIFT(level) & 511], m);
		if (!below || map_level(below, level - 1, va, pa, done, m))
			return -ENOMEM;
	}
	return 0;
}

static bool cpu_has_gib_pages(void)
{
	uint32_t a = 0x80000001, b, c = 0, d;

	__asm__("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
	return d & (1 << 26);
}

uintptr_t pagetable_random_image_base(uint64_t random)
{
	return IMAGE_REGION + (random & 0x3ffffff) * PAGE_SIZE;
}

/* The image's pages are in no other mapping: its text has no writable alias. */
static void build_direct_map(paddr_t (*alloc)(void))
{
	struct mapping m = { alloc, PTE_PRESENT | PTE_WRITE | PTE_NX, cpu_has_gib_pages() ? 3 : 2 };
	paddr_t image = IMAGE_PHYS, end = ALIGN_UP((uintptr_t)image_end, PAGE_SIZE);

	for (unsigned i = 0; i < boot_info.ram.n; i++) {
		struct range r = boot_info.ram.r[i];

		if (r.start < image && r.end > image)
			map_level(pagetable_root, 4, direct_base_next + r.start, r.start,
				  image - r.start, &m);
		if (r.start < end && r.end > image)
			r.start = end;
		if (r.start < r.end)
			map_level(pagetable_root, 4, direct_base_next + r.start, r.start,
				  r.end - r.start, &m);
	}
}

static void map_image(paddr_t (*alloc)(void), char *start, char *end, uint64_t flags)
{
	struct mapping m = { alloc, PTE_PRESENT | flags, 1 };
	uintptr_t offset = start - image_start;

	map_level(pagetable_root, 4, image_base + offset, IMAGE_PHYS + offset,
		  ALIGN_UP(end - start, 4096), &m);
}

uint64_t pagetable_build(paddr_t (*alloc)(void), uint64_t random)
{
	uint64_t *table = (uint64_t *)alloc();

	pagetable_root = table;
	direct_base_next = DIRECT_REGION + ((random & 0xffff) << 30);
	map_image(alloc, image_start, image_text_end, 0);
	map_image(alloc, image_text_end, image_rodata_end, PTE_NX);
	map_image(alloc, image_rodata_end, image_end, PTE_WRITE | PTE_NX);
	build_direct_map(alloc);
	table[0] = boot_pml4[0];
	area_base = AREA_REGION + (random >> 16 & 0x3fffff) * 0x200000;
	return (uintptr_t)table;
}

void pagetable_flush(void)
{
	uint64_t cr3;

	__asm__ volatile("movq %%cr3, %0; movq %0, %%cr3" : "=r"(cr3)::"memory");
}

void pagetable_forget_low(void)
{
	mmu_direct_base = direct_base_next;
	pagetable_root = phys_to_virt((uintptr_t)pagetable_root);
	pagetable_root[0] = 0;
	mmu_unmap(boot_pml4, 1);
	mmu_unmap(boot_pd, 1);
	pagetable_flush();
}

uint64_t pagetable_flags(unsigned flags)
{
	return PTE_PRESENT | (flags & MMU_WRITE ? PTE_WRITE : 0) | (flags & MMU_EXEC ? 0 : PTE_NX) |
	       (flags & MMU_DEVICE ? PTE_UNCACHED | PTE_WRITETHROUGH : 0);
}

int mmu_map(void *va, paddr_t pa, size_t npages, unsigned flags)
{
	struct mapping m = { alloc_table, pagetable_flags(flags), 1 };
	irq_state_t s = spin_lock_irqsave(&pagetable_lock);
	int ret = map_level(pagetable_root, 4, (uintptr_t)va, pa, npages * PAGE_SIZE, &m);

	spin_unlock_irqrestore(&pagetable_lock, s);
	return ret;
}

uint64_t *pagetable_entry(uintptr_t va)
{
	struct mapping m = { .alloc = alloc_table };
	uint64_t *table = pagetable_root;

	for (unsigned level = 4; table && level > 1; level--)
		table = table_below(&table[va >> LEVEL_SHIFT(level) & 511], &m);
	return table ? &table[va >> PAGE_SHIFT & 511] : NULL;
}

/* The entry that maps va, or NULL; *level is 1 for a page, more for a large one. */
static uint64_t *find_entry(uintptr_t va, unsigned *level)
{
	uint64_t *table = pagetable_root;

	for (*level = 4;; --*level) {
		uint64_t *entry = &table[va >> LEVEL_SHIFT(*level) & 511];

		if (!(*entry & PTE_PRESENT))
			return NULL;
		if (*level == 1 || *entry & PTE_LARGE)
			return entry;
		table = phys_to_virt(*entry & PTE_ADDRESS);
	}
}

static void invalidate(const void *p)
{
	__asm__ volatile("invlpg (%0)" ::"r"(p) : "memory");
}

void mmu_unmap(void *va, size_t npages)
{
	irq_state_t s = spin_lock_irqsave(&pagetable_lock);

	for (char *p = va; npages-- > 0; p += PAGE_SIZE) {
		unsigned level;
		uint64_t *entry = find_entry((uintptr_t)p, &level);

		if (entry)
			*entry = 0;
		invalidate(p);
	}
	spin_unlock_irqrestore(&pagetable_lock, s);
}

/* Not by CR0.WP, which cannot be cleared while CET is on (Intel SDM vol. 3, 2.5). */
UNIK_COLD void mmu_write_sealed(uintptr_t *word, uintptr_t value)
{
	irq_state_t s = spin_lock_irqsave(&pagetable_lock);
	unsigned level;
	uint64_t *entry = find_entry((uintptr_t)word, &level), sealed = *entry;

	*entry = sealed | PTE_WRITE;
	invalidate(word);
	WRITE_ONCE(*word, value);
	*entry = sealed;
	invalidate(word);
	spin_unlock_irqrestore(&pagetable_lock, s);
}

paddr_t mmu_dma_addr(const void *p)
{
	uintptr_t va = (uintptr_t)p;
	uint64_t *entry;
	unsigned level;

	if (va - image_base < (uintptr_t)(image_end - image_start))
		return va - image_base + IMAGE_PHYS;
	if (va >= DIRECT_REGION && va < AREA_REGION)
		return virt_to_phys(p);
	entry = find_entry(va, &level);
	return entry ? (*entry & PTE_ADDRESS) | (va & (PAGE_SIZE - 1)) : 0;
}

static void *map_anywhere(paddr_t pa, size_t len, unsigned flags)
{
	size_t offset = pa & (PAGE_SIZE - 1);
	size_t npages = ALIGN_UP(offset + len, PAGE_SIZE) >> PAGE_SHIFT;
	char *va;

	if (len == 0 || len > 1UL << 32 || pa + len < pa || pa + len > PTE_ADDRESS)
		return NULL;
	va = area_alloc(npages);
	if (!va)
		return NULL;
	if (mmu_map(va, pa - offset, npages, flags)) {
		mmu_unmap(va, npages);
		area_free(va, npages);
		return NULL;
	}
	return va + offset;
}

void *mmu_map_device(paddr_t pa, size_t len)
{
	return map_anywhere(pa, len, MMU_WRITE | MMU_DEVICE);
}

const void *mmu_map_firmware(paddr_t pa, size_t len)
{
	return map_anywhere(pa, len, MMU_READ);
}
