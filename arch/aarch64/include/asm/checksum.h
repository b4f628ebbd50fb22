// SPDX-License-Identifier: BSD-2-Clause
/* asm/checksum.h - add with carry: eight words a turn; SUB and CBNZ leave the carry flag alone. */
#pragma once

static inline uint64_t arch_sum_blocks(const void *p, size_t nblocks, uint64_t sum)
{
	uint64_t a, b, c, d;

	if (nblocks == 0)
		return sum;
	__asm__("cmn xzr, xzr\n" /* clears the carry flag */
		"1:\tldp %3, %4, [%1], #16\n\t"
		"ldp %5, %6, [%1], #16\n\t"
		"adcs %0, %0, %3\n\t"
		"adcs %0, %0, %4\n\t"
		"ldp %3, %4, [%1], #16\n\t"
		"adcs %0, %0, %5\n\t"
		"adcs %0, %0, %6\n\t"
		"ldp %5, %6, [%1], #16\n\t"
		"adcs %0, %0, %3\n\t"
		"adcs %0, %0, %4\n\t"
		"adcs %0, %0, %5\n\t"
		"adcs %0, %0, %6\n\t"
		"sub %2, %2, #1\n\t"
		"cbnz %2, 1b\n\t"
		"adc %0, %0, xzr"
		: "+r"(sum), "+r"(p), "+r"(nblocks), "=&r"(a), "=&r"(b), "=&r"(c), "=&r"(d)
		:
		: "memory", "cc");
	return sum;
}
