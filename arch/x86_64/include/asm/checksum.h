// SPDX-License-Identifier: BSD-2-Clause
/* asm/checksum.h - add with carry: eight words a turn; LEA and DEC leave the carry flag alone. */
#pragma once

static inline uint64_t arch_sum_blocks(const void *p, size_t nblocks, uint64_t sum)
{
	if (nblocks == 0)
		return sum;
	__asm__("clc\n"
		"1:\tadcq (%1), %0\n\t"
		"adcq 8(%1), %0\n\t"
		"adcq 16(%1), %0\n\t"
		"adcq 24(%1), %0\n\t"
		"adcq 32(%1), %0\n\t"
		"adcq 40(%1), %0\n\t"
		"adcq 48(%1), %0\n\t"
		"adcq 56(%1), %0\n\t"
		"leaq 64(%1), %1\n\t"
		"decq %2\n\t"
		"jnz 1b\n\t"
		"adcq $0, %0"
		: "+r"(sum), "+r"(p), "+r"(nblocks)
		:
		: "memory", "cc");
	return sum;
}
