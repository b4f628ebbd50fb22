// SPDX-License-Identifier: BSD-2-Clause
/*
 * boot.c - from the Linux side's call to kernel_main().
 */
#include "arch/boot.h"
#include <string.h>
#include "arch/cpu.h"
#include "arch/host/machine.h"
#include "arch/mmu.h"
#include "kernel/area.h"

const struct host_machine *host_machine;
uintptr_t image_base; /* what addresses in a panic count from: where the file's address 0 is */
unsigned long mmu_user_place;

extern char __ehdr_start[] __attribute__((visibility("hidden"))); /* from the linker */

static void take_modules(const struct host_machine *m, struct range_set *free)
{
	for (unsigned i = 0; i < m->nmodule; i++) {
		const char *args = m->module[i].command_line;

		boot_info_add_module(m->module[i].start, m->module[i].end - m->module[i].start,
				     args ? boot_info_add_text(args, BOOT_CMDLINE_BYTES) : 0);
		ranges_remove(free, ALIGN_DOWN(m->module[i].start, PAGE_SIZE),
			      ALIGN_UP(m->module[i].end, PAGE_SIZE));
	}
}

static void add_memory(const struct host_machine *m)
{
	uint64_t tags = ALIGN_UP(m->ram_bytes >> PAGE_SHIFT, PAGE_SIZE);
	struct range_set free;

	boot_info_add_ram(0, m->ram_bytes);
	free = boot_info.ram;
	ranges_remove(&free, 0, PAGE_SIZE + tags); /* 0 means "none"; then the tags */
	take_modules(m, &free);
	page_init((uint8_t *)m->ram + PAGE_SIZE, 0, m->ram_bytes);
	for (unsigned i = 0; i < free.n; i++)
		page_add_range(free.r[i].start, free.r[i].end);
}

/* Never returns, so it has no use for the guard that it sets. */
UNIK_NORETURN static void host_start(const struct host_machine *m)
{
	uint64_t guard;

	host_machine = m;
	image_base = (uintptr_t)__ehdr_start;
	mmu_direct_base = (uintptr_t)m->ram;
	area_base = m->area_base;
	mmu_user_place = m->place_base;
	boot_info_reset("host");
	boot_info.cmdline = boot_info_add_text(m->command_line, BOOT_CMDLINE_BYTES);
	boot_info.seed_bytes = (uint8_t)MIN(m->seed_bytes, (size_t)BOOT_SEED_BYTES);
	memcpy(boot_info.seed, m->seed, boot_info.seed_bytes);
	cpu_init_boot();
	if (cpu_random(&guard))
		__stack_chk_guard = STACK_GUARD(guard);
	add_memory(m);
	pagetable_init();
	kernel_main();
}

extern char image_rodata_end[], image_data_end[], image_bss_start[], image_end[];

const struct host_image host_image = {
	.start = host_start,
	.raise = host_raise,
	.interrupt = host_interrupt,
	.fault = host_fault,
	.data = { image_rodata_end, image_data_end },
	.zero = { image_bss_start, image_end },
};
