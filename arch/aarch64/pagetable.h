// SPDX-License-Identifier: BSD-2-Clause
/*
 * pagetable.h - the part of address translation that only booting needs. The rest: arch/mmu.h.
 */
#pragma once
#include "kernel/page.h"

extern paddr_t image_pa; /* where the loader put the image */

/* pagetable_boot_map() - one more GiB of memory, the one with pa, mapped one to one while booting.
 * False for no room. */
bool pagetable_boot_map(paddr_t pa);

/* pagetable_boot_device() - device registers, while booting; not beside memory above 512 GiB. NULL
 * for no room. */
void *pagetable_boot_device(paddr_t pa);

/* pagetable_random_image_base() - a page-aligned address for the image, from a random number. */
uintptr_t pagetable_random_image_base(uint64_t random);

/*
 * pagetable_build() - the final tables of the upper half: the image with its rights, and the direct
 *                     map of boot_info.ram at a random base.
 *
 * alloc   gives a zeroed page that is mapped one to one; does not fail
 * random  picks the direct map's base and the mapped area's
 *
 * Returns the value for TTBR1_EL1.
 */
uint64_t pagetable_build(paddr_t (*alloc)(void), uint64_t random);

/* pagetable_forget_low() - at the final address: nothing is mapped one to one any more; the lower
 * half is the program's, and empty. */
void pagetable_forget_low(void);
