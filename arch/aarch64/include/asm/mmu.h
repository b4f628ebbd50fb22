// SPDX-License-Identifier: BSD-2-Clause
/* asm/mmu.h - the addresses that are left to programs: the lower half without its first 64 KiB,
 * where null pointers with an offset point. The contract is in arch/mmu.h. */
#pragma once

#define MMU_USER_START 0x10000UL
#define MMU_USER_END   0x7ffffffff000UL
#define MMU_USER_PLACE 0x10000000000UL /* of mappings without a wish: from here on */
