// SPDX-License-Identifier: BSD-2-Clause
/* asm/mmu.h - the addresses that are left to programs: all below the executable. What the process
 * has there for itself is refused when it is mapped. The contract is in arch/mmu.h. */
#pragma once

#define MMU_USER_START 0x10000UL
#define MMU_USER_END   0x500000000000UL
#define MMU_USER_PLACE mmu_user_place

extern unsigned long mmu_user_place;
