// SPDX-License-Identifier: BSD-2-Clause
/*
 * pagetable.h - the part of address translation that only booting needs. The rest: arch/mmu.h.
 */
#pragma once
#include "kernel/page.h"

/* pagetable_random_image_base() - a page-aligned address for the image, from a random number. */
uintptr_t pagetable_random_image_base(uint64_t random);

/*
 * pagetable_build() - the final tables: the image with its rights, the direct map of
 *                     boot_info.ram at a random base, and the low identity map of the boot tables
 *                     until pagetable_forget_low().
 *
 * alloc   gives a zeroed page that is mapped one to one; does not fail
 * random  picks the direct map's base and the mapped area's
 *
 * Returns the value for CR3.
 */
uint64_t pagetable_build(paddr_t (*alloc)(void), uint64_t random);

/* pagetable_forget_low() - at the final address: nothing is mapped one to one any more. */
void pagetable_forget_low(void);
