// SPDX-License-Identifier: BSD-2-Clause
/* asm/checksum.h on the host - what the contract says, in plain C. */
#pragma once
#include <string.h>

static inline uint64_t arch_sum_blocks(const void *p, size_t nblocks, uint64_t sum)
{
	for (const char *at = p; nblocks-- > 0; at += ARCH_SUM_BYTES)
		for (int i = 0; i < ARCH_SUM_BYTES; i += 8) {
			uint64_t word;

			memcpy(&word, at + i, 8);
			sum += word;
			sum += sum < word;
		}
	return sum;
}
