// SPDX-License-Identifier: BSD-2-Clause
/* asm/mmu.h - the addresses that are left to programs: below the direct map, in the half that is
 * translated. The contract is in arch/mmu.h. */
#pragma once

#define MMU_USER_START 0xffff000000010000UL
#define MMU_USER_END   0xffff800000000000UL
