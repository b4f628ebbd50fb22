// SPDX-License-Identifier: BSD-2-Clause
/*
 * boot.c - from the loader's state to the final address space.
 *
 * boot_main() runs where the loader put the image, with memory mapped one to one. The image is
 * not relocated yet, so nothing before boot_relocate() may use an initialised pointer. It reads
 * the device tree, picks random places, builds the final page tables, relocates the image and
 * jumps to boot_high().
 */
#include "arch/boot.h"
#include "arch/aarch64/board.h"
#include "arch/aarch64/efi.h"
#include "arch/aarch64/pagetable.h"
#include "arch/cpu.h"
#include "arch/mmu.h"
#include "lib/base/fdt.h"

extern char image_start[], image_end[], boot_stack_top[];
extern const uint64_t image_packed_start[], image_packed_end[];
UNIK_NORETURN void boot_jump(uint64_t ttbr1, void *sp, void (*target)(void), uint64_t random);

uintptr_t image_base; /* where image_start is in the end */
paddr_t image_pa;     /* where it is in memory */

static struct range_set boot_free;           /* RAM that nobody uses yet */
static paddr_t boot_tags;                    /* for page_init() */
static paddr_t boot_ram_first, boot_ram_end; /* what has page tags */
static struct fdt boot_tree;
static struct fdt_index boot_index;

/* No console is known yet and the reason must come out: the PL011 that the tree names, or what a
 * hypervisor has in its place, blindly; the first register takes bytes. */
static UNIK_NORETURN UNIK_COLD void boot_fail(const char *why)
{
	fdt_node_t uart = fdt_find_compatible(&boot_tree, FDT_NONE, "arm,pl011");
	volatile uint32_t *regs = NULL;
	uint64_t at, len;

	if (uart == FDT_NONE)
		uart = fdt_find_compatible(&boot_tree, FDT_NONE, "arm,sbsa-uart");
	if (fdt_reg(&boot_tree, uart, 0, &at, &len))
		regs = pagetable_boot_device(at);
	while (regs && *why)
		*regs = (uint8_t)*why++;
	cpu_stop();
}

/* Mixes what the loader and the CPU have for us. Finaliser of MurmurHash3 (public domain). */
static uint64_t boot_random(uint64_t seed)
{
	static uint64_t state;
	uint64_t hw = 0;

	cpu_random(&hw);
	state = (state ^ seed ^ hw ^ cpu_cycles()) * 0xff51afd7ed558ccdULL;
	state ^= state >> 33;
	state *= 0xc4ceb9fe1a85ec53ULL;
	return state ^= state >> 33;
}

/* The tree, wherever it is: its length is known only from its header. */
static bool open_tree(paddr_t dtb)
{
	if (dtb == 0 || dtb % 8 || !pagetable_boot_map(dtb) ||
	    !pagetable_boot_map(dtb + FDT_MAX_BYTES - 1) ||
	    !fdt_open(&boot_tree, (const void *)dtb, FDT_MAX_BYTES))
		return false;
	fdt_index(&boot_tree, &boot_index);
	boot_info.fdt = dtb;
	boot_info.fdt_bytes = fdt_bytes(&boot_tree);
	return true;
}

/* It was readable just now, and is read again through the direct map. */
static void keep_tree(void)
{
	ranges_add(&boot_info.ram, ALIGN_DOWN(boot_info.fdt, PAGE_SIZE),
		   ALIGN_UP(boot_info.fdt + boot_info.fdt_bytes, PAGE_SIZE));
}

static void read_memory(void)
{
	struct fdt_iter it = FDT_ITER_INIT, reserved = FDT_ITER_INIT;
	uint64_t start, len;

	while (fdt_memory_next(&boot_tree, &it, &start, &len))
		boot_info_add_ram(start, len);
	while (fdt_reserved_next(&boot_tree, &reserved, &start, &len))
		boot_info_remove_ram(start, len);
	/* It was readable just now, and is read again through the direct map. */
	start = ALIGN_DOWN(boot_info.fdt, PAGE_SIZE);
	ranges_add(&boot_info.ram, start, ALIGN_UP(boot_info.fdt + boot_info.fdt_bytes, PAGE_SIZE));
}

/* Whoever reads the tree later does not find it there. */
static void take_seed(const struct fdt_chosen *chosen)
{
	uint8_t *seed = (uint8_t *)chosen->rng_seed;

	boot_info.seed_bytes = (uint8_t)MIN(chosen->rng_seed_len, (uint32_t)BOOT_SEED_BYTES);
	for (uint32_t i = 0; seed && i < chosen->rng_seed_len; i++) {
		if (i < BOOT_SEED_BYTES)
			boot_info.seed[i] = seed[i];
		seed[i] = 0;
	}
}

static void read_tree(paddr_t dtb)
{
	struct fdt_iter module = FDT_ITER_INIT;
	struct fdt_chosen chosen;
	uint64_t start, len;

	boot_info_reset("devicetree");
	if (!open_tree(dtb)) {
		if (!board_read(dtb) || !open_tree((uintptr_t)board_tree))
			boot_fail("");
		return;
	}
	read_memory();
	fdt_chosen(&boot_tree, &chosen);
	boot_info.cmdline = boot_info_add_text(chosen.bootargs, chosen.bootargs_len);
	if (chosen.initrd_end > chosen.initrd_start)
		boot_info_add_module(chosen.initrd_start, chosen.initrd_end - chosen.initrd_start,
				     0);
	while (fdt_module_next(&boot_tree, &module, &start, &len))
		boot_info_add_module(start, len, 0);
	take_seed(&chosen);
	boot_random(chosen.kaslr_seed);
}

static void remove_pages(paddr_t start, paddr_t end)
{
	ranges_remove(&boot_free, ALIGN_DOWN(start, PAGE_SIZE), ALIGN_UP(end, PAGE_SIZE));
}

/* What efi.c has left. The map's entries are of the length that the firmware says. */
static void read_efi_memory(const struct efi_handover *h)
{
	uint64_t each = h->descriptor_bytes;

	if (!pagetable_boot_map(h->map) || !pagetable_boot_map(h->map + h->map_bytes))
		boot_fail("");
	for (uint64_t at = 0; at + each <= h->map_bytes && each >= sizeof(struct efi_memory);
	     at += each) {
		const struct efi_memory *m = (const void *)(h->map + at);

		if ((m->type >= EFI_LOADER_CODE && m->type <= EFI_BOOT_SERVICES_DATA) ||
		    m->type == EFI_CONVENTIONAL)
			boot_info_add_ram(m->start, m->npages * PAGE_SIZE);
	}
}

/* Years begin in March, so that leap days come last. */
static void read_efi_time(const struct efi_handover *h)
{
	const struct efi_time *t = &h->time;
	uint32_t year = t->month > 2 ? t->year : t->year - 1u;
	uint32_t month = t->month > 2 ? t->month - 3u : t->month + 9u;
	uint64_t days;

	if (t->year < 1971 || t->year > 2250 || t->month < 1 || t->month > 12 || t->day < 1 ||
	    t->day > 31 || t->hour > 23 || t->minute > 59 || t->second > 59)
		return;
	days = year * 365 + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + t->day - 1;
	days -= 719468; /* 1970-01-01 */
	boot_info.wall_s = ((days * 24 + t->hour) * 60 + t->minute) * 60 + t->second;
	if (t->zone >= -1440 && t->zone <= 1440)
		boot_info.wall_s += (uint64_t)((int64_t)t->zone * 60);
	boot_info.wall_cycles = h->time_cycles;
}

static void read_efi(const struct efi_handover *h)
{
	boot_info_reset("uefi");
	read_efi_memory(h);
	boot_info.acpi_rsdp = h->rsdp;
	read_efi_time(h);
	if (h->fdt) {
		if (!open_tree(h->fdt))
			boot_fail("");
		keep_tree();
	}
	if (h->cmdline && pagetable_boot_map(h->cmdline))
		boot_info.cmdline =
			boot_info_add_text((const char *)h->cmdline, BOOT_CMDLINE_BYTES);
	for (uint64_t i = 0; i < h->nmodule && i < BOOT_MAX_MODULES; i++)
		boot_info_add_module(h->module[i].start, h->module[i].len, 0);
}

static void find_free_ram(void)
{
	boot_free = boot_info.ram;
	remove_pages(0, PAGE_SIZE); /* 0 means "none" */
	remove_pages(image_pa, (uintptr_t)image_end);
	remove_pages(boot_info.fdt, boot_info.fdt + boot_info.fdt_bytes);
	for (unsigned i = 0; i < boot_info.nmodule; i++)
		remove_pages(boot_info.module[i].start, boot_info.module[i].end);
	if (boot_free.n == 0)
		boot_fail("unik: the device tree names no usable RAM\r\n");
	boot_ram_first = ALIGN_DOWN(boot_info.ram.r[0].start, PAGE_TAGS_ALIGN);
	boot_ram_end = boot_info.ram.r[boot_info.ram.n - 1].end;
}

/* Memory for page tables and page tags; best where it is mapped already. */
static paddr_t boot_alloc(size_t npages)
{
	paddr_t pa =
		ranges_take_top(&boot_free, npages * PAGE_SIZE, ALIGN_UP(image_pa + 1, 1UL << 30));

	if (!pa)
		pa = ranges_take_top(&boot_free, npages * PAGE_SIZE, UINT64_MAX);
	if (!pa || !pagetable_boot_map(pa))
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

	for (const uint64_t *r = image_packed_start; r < image_packed_end; r++) {
		if ((*r & 1) == 0) {
			if (*r == 0) /* nobody has filled it in */
				boot_fail("unik: this file was not made by `unik flat`\r\n");
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

/* At the final address: take the way back down, hand over memory, start the portable part. */
static UNIK_NORETURN void boot_high(void)
{
	boot_info.fdt_index = boot_info.fdt ? &boot_index : NULL;
	cpu_init_boot();
	pagetable_forget_low();
	page_init(phys_to_virt(boot_tags), boot_ram_first, boot_ram_end);
	for (unsigned i = 0; i < boot_free.n; i++)
		page_add_range(boot_free.r[i].start, boot_free.r[i].end);
	kernel_main();
}

UNIK_NORETURN void boot_main(paddr_t dtb);
UNIK_NORETURN void boot_main(paddr_t dtb)
{
	uintptr_t to_high;
	uint64_t ttbr1;

	image_pa = (uintptr_t)image_start;
	if (efi_handover.map)
		read_efi(&efi_handover);
	else
		read_tree(dtb);
	find_free_ram();
	boot_tags = boot_alloc(ALIGN_UP((boot_ram_end - boot_ram_first) >> PAGE_SHIFT, PAGE_SIZE) >>
			       PAGE_SHIFT);
	image_base = pagetable_random_image_base(boot_random(0));
	to_high = image_base - (uintptr_t)image_start;
	ttbr1 = pagetable_build(boot_alloc_table, boot_random(0));
	boot_relocate(image_base);
	__stack_chk_guard = STACK_GUARD(boot_random(0));
	boot_jump(ttbr1, boot_stack_top + to_high, (void (*)(void))((uintptr_t)boot_high + to_high),
		  boot_random(0));
}
