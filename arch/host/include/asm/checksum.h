// SPDX-License-Identifier: BSD-2-Clause
/* asm/checksum.h - in C, so that sanitizers see each access. */
#pragma once

static inline uint64_t arch_sum_blocks(const void *p, size_t nblocks, uint64_t sum)
{
	const char *at = p;

	for (size_t n = nblocks * (ARCH_SUM_BYTES / 8); n > 0; n--, at += 8) {
		uint64_t word;

		__builtin_memcpy(&word, at, 8);
		sum += word;
		sum += sum < word; /* the carry comes round */
	}
	return sum;
}
