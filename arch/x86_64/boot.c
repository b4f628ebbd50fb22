// SPDX-License-Identifier: BSD-2-Clause
/*
 * boot.c - from the loader's state to the final address space.
 *
 * boot_main() runs where the loader put the image, with memory mapped one to one. The image is
 * not relocated yet, so nothing before boot_relocate() may use an initialised pointer. It finds
 * out what RAM there is, picks random places, builds the final page tables, relocates the image
 * and jumps to boot_high().
 */
#include <elf.h>
#include "arch/boot.h"
#include "arch/cpu.h"
#include "arch/mmu.h"
#include "arch/x86_64/boot_protocol.h"
#include "arch/x86_64/pagetable.h"
#include <asm/boot.h>

extern char image_start[], image_end[], image_relr_start[], image_relr_end[];
extern uint64_t boot_pml4[512], boot_pdpt[512];
extern char boot_stack_top[];
UNIK_NORETURN void boot_jump(uint64_t cr3, void *sp, void (*target)(void));

uintptr_t image_base; /* where image_start is in the end */

static struct range_set boot_free; /* RAM that nobody uses yet */
static paddr_t boot_tags;          /* for page_init() */
static paddr_t boot_ram_end;

/* No console is known yet and the reason must come out: the first serial port, blindly, and the
 * debug port, which under Xen goes to the hypervisor's log. */
static UNIK_NORETURN UNIK_COLD void boot_fail(const char *why)
{
	for (; *why; why++) {
		__asm__ volatile("outb %0, %1" ::"a"(*why), "Nd"((uint16_t)0x3f8));
		__asm__ volatile("outb %0, %1" ::"a"(*why), "Nd"((uint16_t)0xe9));
	}
	cpu_stop();
}

const void *boot_phys(paddr_t pa, size_t len)
{
	static uint64_t extra_pd[3][512] UNIK_ALIGNED(4096);
	paddr_t last = pa + len - 1;

	if (pa == 0 || len == 0 || last < pa || last >= 4ULL << 30)
		return NULL;
	for (paddr_t gib = MAX(pa >> 30, (paddr_t)1); gib <= last >> 30; gib++) {
		uint64_t *pd = extra_pd[gib - 1];

		if (boot_pdpt[gib])
			continue;
		for (unsigned i = 0; i < 512; i++)
			pd[i] = (gib << 30) + ((uint64_t)i << 21) + (PTE_PRESENT | PTE_LARGE);
		boot_pdpt[gib] = (uintptr_t)pd | PTE_PRESENT | PTE_WRITE;
	}
	return (const void *)pa;
}

/* Mixes what differs from boot to boot where the CPU has no generator of its own: the low bits
 * of the cycle counter. Finaliser of MurmurHash3 (public domain). */
static uint64_t boot_random(void)
{
	static uint64_t state;
	uint64_t hw = 0;

	cpu_random(&hw);
	state = (state ^ hw ^ cpu_cycles()) * 0xff51afd7ed558ccdULL;
	state ^= state >> 33;
	state *= 0xc4ceb9fe1a85ec53ULL;
	return state ^= state >> 33;
}

static void find_free_ram(void)
{
	boot_free = boot_info.ram;
	ranges_remove(&boot_free, 0, PAGE_SIZE); /* the BIOS' vectors; and 0 means "none" */
	ranges_remove(&boot_free, IMAGE_PHYS, ALIGN_UP((uintptr_t)image_end, PAGE_SIZE));
	for (unsigned i = 0; i < boot_info.nmodule; i++)
		ranges_remove(&boot_free, ALIGN_DOWN(boot_info.module[i].start, PAGE_SIZE),
			      ALIGN_UP(boot_info.module[i].end, PAGE_SIZE));
	if (boot_free.n == 0)
		boot_fail("unik: the loader names no usable RAM\r\n");
	boot_ram_end = boot_info.ram.r[boot_info.ram.n - 1].end;
}

/* Memory for page tables and page tags, below 1 GiB where everything is mapped already. */
static paddr_t boot_alloc(size_t npages)
{
	paddr_t pa = ranges_take_top(&boot_free, npages * PAGE_SIZE, 1ULL << 30);

	if (!pa)
		boot_fail("unik: not enough RAM to start\r\n");
	return pa;
}

static paddr_t boot_alloc_table(void)
{
	paddr_t pa = boot_alloc(1);

	__builtin_memset((void *)pa, 0, PAGE_SIZE);
	return pa;
}

/* Relative relocations in the compact form (generic ABI, "Relative Relocation Table"): an even
 * word is the address of a word to relocate, an odd one a bitmap of the 63 words that follow. */
static void boot_relocate(uintptr_t delta)
{
	uint64_t *where = NULL;

	for (const uint64_t *r = (void *)image_relr_start; r < (uint64_t *)image_relr_end; r++) {
		if ((*r & 1) == 0) {
			where = (uint64_t *)(image_start + *r);
			*where++ += delta;
			continue;
		}
		for (uint64_t bits = *r >> 1, *w = where; bits; bits >>= 1, w++)
			if (bits & 1)
				*w += delta;
		where += 63;
	}
}

static void boot_parse(uint32_t magic, paddr_t info)
{
	if (magic == MULTIBOOT1_MAGIC)
		multiboot1_parse(info);
	else if (magic == MULTIBOOT2_MAGIC)
		multiboot2_parse(info);
	else if (magic == PVH_START_MAGIC)
		pvh_parse(info);
	else
		boot_fail("unik: entered by a loader that is not known\r\n");
}

/* At the final address: take the way back down, hand over memory, start the portable part. */
static UNIK_NORETURN void boot_high(void)
{
	cpu_init_boot();
	pagetable_forget_low();
	page_init(phys_to_virt(boot_tags), 0, boot_ram_end);
	for (unsigned i = 0; i < boot_free.n; i++)
		page_add_range(boot_free.r[i].start, boot_free.r[i].end);
	kernel_main();
}

UNIK_NORETURN void boot_main(uint32_t magic, uint32_t info);
UNIK_NORETURN void boot_main(uint32_t magic, uint32_t info)
{
	uintptr_t to_high;
	uint64_t cr3;

	boot_parse(magic, info);
	find_free_ram();
	boot_tags = boot_alloc(ALIGN_UP(boot_ram_end >> PAGE_SHIFT, PAGE_SIZE) >> PAGE_SHIFT);
	image_base = pagetable_random_image_base(boot_random());
	to_high = image_base - (uintptr_t)image_start;
	cr3 = pagetable_build(boot_alloc_table, boot_random());
	boot_relocate(image_base);
	__stack_chk_guard = STACK_GUARD(boot_random());
	boot_jump(cr3, boot_stack_top + to_high, (void (*)(void))((uintptr_t)boot_high + to_high));
}
