// SPDX-License-Identifier: BSD-2-Clause
/*
 * mmu.c - translation tables. Ref: Arm ARM (DDI 0487), D8: stage 1, 4 KiB granule, 48 bits, the
 * upper half (TTBR1_EL1); the program's region is the lower (TTBR0_EL1). Levels are counted from
 * the page up, 1 to 4; the Arm ARM counts down.
 *
 * The tables are reached through the direct map; while booting that is the identity map, so
 * mmu_direct_base is 0 until the final tables are in use.
 */
#include "arch/mmu.h"
#include <errno.h>
#include "arch/aarch64/pagetable.h"
#include "kernel/area.h"
#include "kernel/boot_info.h"
#include "kernel/spinlock.h"
#include <asm/boot.h>
#include <asm/pagetable.h>
#include <asm/sysreg.h>

#define PTE_MEMORY      (PTE_VALID | PTE_INNER_SHARED | PTE_ACCESSED | PTE_UXN)
#define LEVEL_BLOCK_MAX 3 /* 1 GiB; the highest level has tables only */

/* Where things lie; each base is random within its region. */
#define DIRECT_REGION 0xffff800000000000ULL /* + up to 64 TiB, steps of 1 GiB */
#define AREA_REGION   0xffffe00000000000ULL /* + up to 8 TiB, steps of 2 MiB */
#define IMAGE_REGION  0xffffff8000000000ULL /* + up to 256 GiB, steps of 4 KiB */

/* Device registers while booting: the last half TiB of the lower half. */
#define BOOT_DEVICES       (511ul << 39)
#define BOOT_DEVICES_BYTES (1ul << 39)

extern char image_start[], image_guarded_end[], image_text_end[], image_rodata_end[], image_end[];
extern uint64_t boot_l0[512], boot_l1[512], boot_l1_other[512];
extern uintptr_t image_base;

uintptr_t mmu_direct_base;
static uintptr_t direct_base_next; /* set while building, in force after the jump */
static uint64_t *upper_root;
uint64_t *pagetable_root;
struct spinlock pagetable_lock;

struct mapping {
	paddr_t (*alloc)(void); /* a zeroed table, 0 when memory is out */
	uint64_t flags;
	unsigned large_level; /* the highest level that may hold a leaf */
};

void pagetable_flush(void)
{
	__asm__ volatile("dsb ishst\n\ttlbi vmalle1is\n\tdsb ish\n\tisb" ::: "memory");
}

/* The entry for the GiB at va, in the table that the image's half TiB has, or in the other. */
static uint64_t *boot_entry(uintptr_t va)
{
	uint64_t *top = &boot_l0[va >> 39 & 511];

	if (!*top && boot_l1_other[0])
		return NULL;
	if (!*top) {
		*top = (uintptr_t)boot_l1_other | PTE_VALID | PTE_TABLE;
		boot_l1_other[0] = PTE_TABLE; /* not valid, but not zero: in use */
	}
	return (uint64_t *)(*top & PTE_ADDRESS) + (va >> 30 & 511);
}

static bool boot_map(uintptr_t va, paddr_t pa, uint64_t flags)
{
	uint64_t *entry = pa >> 48 ? NULL : boot_entry(va);

	if (entry && !(*entry & PTE_VALID)) {
		*entry = (pa >> 30 << 30) | PTE_BOOT_BLOCK | flags;
		pagetable_written();
	}
	return entry;
}

bool pagetable_boot_map(paddr_t pa)
{
	return boot_map(pa, pa, 0);
}

/* At other addresses than one to one: RAM may lie in the same GiB. */
void *pagetable_boot_device(paddr_t pa)
{
	uintptr_t va = BOOT_DEVICES + pa;

	return pa < BOOT_DEVICES_BYTES && boot_map(va, pa, PTE_DEVICE | PTE_NO_EXEC) ? (void *)va
										     : NULL;
}

static paddr_t alloc_table(void)
{
	void *p = page_alloc(0);

	if (!p)
		return 0;
	__builtin_memset(p, 0, PAGE_SIZE);
	return virt_to_phys(p);
}

/* A table is complete before a walk can come to it. */
static uint64_t *table_below(uint64_t *entry, const struct mapping *m)
{
	if (!*entry) {
		paddr_t pa = m->alloc();

		if (!pa)
			return NULL;
		__asm__ volatile("dmb ishst" ::: "memory");
		WRITE_ONCE(*entry, pa | PTE_VALID | PTE_TABLE);
	}
	return phys_to_virt(*entry & PTE_ADDRESS);
}

/* As many leaves of one table as fit, one at least. Returns the bytes mapped. */
static size_t map_leaves(uint64_t *table, unsigned level, uintptr_t va, paddr_t pa, size_t len,
			 uint64_t flags)
{
	size_t span = 1UL << LEVEL_SHIFT(level), first = va >> LEVEL_SHIFT(level) & 511;
	size_t count = MIN(len >> LEVEL_SHIFT(level), 512 - first);
	uint64_t *entry = &table[first], *end = entry + count, leaf = pa | flags;

	if (level == 1)
		leaf |= PTE_TABLE; /* bit 1 of a page is set, of a block clear */
	/* Each is written whole: the compiler joins two stores into a pair at most. */
	for (; end - entry >= 4; entry += 4, leaf += 4 * span) {
		entry[0] = leaf;
		entry[1] = leaf + span;
		entry[2] = leaf + 2 * span;
		entry[3] = leaf + 3 * span;
	}
	for (; entry < end; leaf += span)
		*entry++ = leaf;
	return count * span;
}

static int map_level(uint64_t *table, unsigned level, uintptr_t va, paddr_t pa, size_t len,
		     const struct mapping *m)
{
	size_t span = 1UL << LEVEL_SHIFT(level), done;

	for (; len > 0; va += done, pa += done, len -= done) {
		uint64_t *below;

		if (level == 1 ||
		    (level <= m->large_level && len >= span && ((va | pa) & (span - 1)) == 0)) {
			done = map_leaves(table, level, va, pa, len, m->flags);
			continue;
		}
		done = MIN(len, span - (va & (span - 1)));
		below = table_below(&table[va >> LEVEL_SHIFT(level) & 511], m);
		if (!below || map_level(below, level - 1, va, pa, done, m))
			return -ENOMEM;
	}
	return 0;
}

uintptr_t pagetable_random_image_base(uint64_t random)
{
	return IMAGE_REGION + (random & 0x3ffffff) * PAGE_SIZE;
}

/* The image's pages are in no other mapping: its text has no writable alias. */
static void build_direct_map(paddr_t (*alloc)(void))
{
	struct mapping m = { alloc, PTE_MEMORY | PTE_PXN, LEVEL_BLOCK_MAX };
	paddr_t end = ALIGN_UP((uintptr_t)image_end, PAGE_SIZE);

	for (unsigned i = 0; i < boot_info.ram.n; i++) {
		struct range r = boot_info.ram.r[i];

		if (r.start < image_pa && r.end > image_pa)
			map_level(upper_root, 4, direct_base_next + r.start, r.start,
				  image_pa - r.start, &m);
		if (r.start < end && r.end > image_pa)
			r.start = end;
		if (r.start < r.end)
			map_level(upper_root, 4, direct_base_next + r.start, r.start,
				  r.end - r.start, &m);
	}
}

static void map_image(paddr_t (*alloc)(void), char *start, char *end, uint64_t flags)
{
	struct mapping m = { alloc, PTE_MEMORY | flags, 1 };
	uintptr_t offset = start - image_start;

	map_level(upper_root, 4, image_base + offset, image_pa + offset,
		  ALIGN_UP(end - start, 4096), &m);
}

/* The page before the headers of the flat image is not the image's. Code of the compiler's own
 * library is not guarded, nor is what a program maps: there need be no landing pads. */
uint64_t pagetable_build(paddr_t (*alloc)(void), uint64_t random)
{
	uint64_t guard = sysreg_has_bti() ? PTE_GUARDED : 0;

	upper_root = (uint64_t *)alloc();
	pagetable_root = (uint64_t *)alloc();
	direct_base_next = DIRECT_REGION + ((random & 0xffff) << 30);
	map_image(alloc, image_start + BOOT_HEADERS_OFFSET, image_guarded_end,
		  PTE_READONLY | guard);
	map_image(alloc, image_guarded_end, image_text_end, PTE_READONLY);
	map_image(alloc, image_text_end, image_rodata_end, PTE_READONLY | PTE_PXN);
	map_image(alloc, image_rodata_end, image_end, PTE_PXN);
	build_direct_map(alloc);
	area_base = AREA_REGION + (random >> 16 & 0x3fffff) * 0x200000;
	pagetable_written();
	return (uintptr_t)upper_root;
}

void pagetable_forget_low(void)
{
	sysreg_write(ttbr0_el1, (uintptr_t)pagetable_root);
	sysreg_sync();
	pagetable_flush();
	mmu_direct_base = direct_base_next;
	upper_root = phys_to_virt((uintptr_t)upper_root);
	pagetable_root = phys_to_virt((uintptr_t)pagetable_root);
	mmu_unmap(boot_l1, 1);
	mmu_unmap(boot_l1_other, 1);
}

static uint64_t leaf_flags(unsigned flags)
{
	return PTE_MEMORY | (flags & MMU_WRITE ? 0 : PTE_READONLY) |
	       (flags & MMU_EXEC ? 0 : PTE_PXN) | (flags & MMU_DEVICE ? PTE_DEVICE : 0);
}

static uint64_t *root_for(uintptr_t va)
{
	return va >> 63 ? upper_root : pagetable_root;
}

int mmu_map(void *va, paddr_t pa, size_t npages, unsigned flags)
{
	struct mapping m = { alloc_table, leaf_flags(flags), 1 };
	irq_state_t s = spin_lock_irqsave(&pagetable_lock);
	int ret;

	for (size_t i = 0; flags & MMU_EXEC && i < npages; i++)
		pagetable_code(phys_to_virt(pa + i * PAGE_SIZE));
	ret = map_level(root_for((uintptr_t)va), 4, (uintptr_t)va, pa, npages * PAGE_SIZE, &m);

	pagetable_written();
	spin_unlock_irqrestore(&pagetable_lock, s);
	return ret;
}

uint64_t pagetable_flags(unsigned flags)
{
	return leaf_flags(flags) | PTE_TABLE; /* set in the entry of a page */
}

uint64_t *pagetable_entry(uintptr_t va)
{
	struct mapping m = { .alloc = alloc_table };
	uint64_t *table = root_for(va);

	for (unsigned level = 4; table && level > 1; level--)
		table = table_below(&table[va >> LEVEL_SHIFT(level) & 511], &m);
	return table ? &table[va >> PAGE_SHIFT & 511] : NULL;
}

/* The entry that maps va, or NULL; *level is 1 for a page, more for a block. */
static uint64_t *find_entry(uintptr_t va, unsigned *level)
{
	uint64_t *table = root_for(va);

	for (*level = 4;; --*level) {
		uint64_t *entry = &table[va >> LEVEL_SHIFT(*level) & 511];

		if (!(*entry & PTE_VALID))
			return NULL;
		if (*level == 1 || !(*entry & PTE_TABLE))
			return entry;
		table = phys_to_virt(*entry & PTE_ADDRESS);
	}
}

/* In all address spaces, on all CPUs; begun, not waited for. */
static void invalidate(const void *p)
{
	__asm__ volatile("tlbi vaae1is, %0" ::"r"((uintptr_t)p >> PAGE_SHIFT & 0xfffffffffff)
			 : "memory");
}

void mmu_unmap(void *va, size_t npages)
{
	irq_state_t s = spin_lock_irqsave(&pagetable_lock);

	for (char *p = va; npages-- > 0; p += PAGE_SIZE) {
		unsigned level;
		uint64_t *entry = find_entry((uintptr_t)p, &level);

		if (!entry)
			continue;
		WRITE_ONCE(*entry, 0);
		__asm__ volatile("dsb ishst" ::: "memory");
		invalidate(p);
	}
	__asm__ volatile("dsb ish\n\tisb" ::: "memory");
	spin_unlock_irqrestore(&pagetable_lock, s);
}

/* Other rights of a page that stays where it is need no break before make. */
static void set_entry(uint64_t *entry, uint64_t value, const void *p)
{
	WRITE_ONCE(*entry, value);
	__asm__ volatile("dsb ishst" ::: "memory");
	invalidate(p);
	__asm__ volatile("dsb ish\n\tisb" ::: "memory");
}

UNIK_COLD void mmu_write_sealed(uintptr_t *word, uintptr_t value)
{
	irq_state_t s = spin_lock_irqsave(&pagetable_lock);
	unsigned level;
	uint64_t *entry = find_entry((uintptr_t)word, &level), sealed = *entry;

	set_entry(entry, sealed & ~PTE_READONLY, word);
	WRITE_ONCE(*word, value);
	set_entry(entry, sealed, word);
	spin_unlock_irqrestore(&pagetable_lock, s);
}

paddr_t mmu_dma_addr(const void *p)
{
	uintptr_t va = (uintptr_t)p;
	uint64_t *entry;
	unsigned level;

	if (va - image_base < (uintptr_t)(image_end - image_start))
		return va - image_base + image_pa;
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

/* Small devices lie close together, several in a page: that of the last one is tried first. */
void *mmu_map_device(paddr_t pa, size_t len)
{
	static char *last_page;
	char *page = READ_ONCE(last_page);
	size_t offset = pa & (PAGE_SIZE - 1);
	unsigned level;

	if (page && len <= PAGE_SIZE - offset &&
	    (*find_entry((uintptr_t)page, &level) & PTE_ADDRESS) == pa - offset)
		return page + offset;
	page = map_anywhere(pa, len, MMU_WRITE | MMU_DEVICE);
	if (!page)
		return NULL;
	WRITE_ONCE(last_page, page - offset);
	return page;
}

const void *mmu_map_firmware(paddr_t pa, size_t len)
{
	return map_anywhere(pa, len, MMU_READ);
}
