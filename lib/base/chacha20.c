// SPDX-License-Identifier: BSD-2-Clause
#include "lib/base/chacha20.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "key streams would differ from the RFC");

static inline uint32_t rotate(uint32_t v, unsigned n)
{
	return v << n | v >> (32 - n);
}

#define QUARTER_ROUND(x, a, b, c, d)                          \
	do {                                                  \
		x[a] += x[b], x[d] = rotate(x[d] ^ x[a], 16); \
		x[c] += x[d], x[b] = rotate(x[b] ^ x[c], 12); \
		x[a] += x[b], x[d] = rotate(x[d] ^ x[a], 8);  \
		x[c] += x[d], x[b] = rotate(x[b] ^ x[c], 7);  \
	} while (0)

void chacha20_block(const uint32_t key[8], uint32_t counter, const uint32_t nonce[3],
		    uint32_t out[16])
{
	uint32_t start[16] = { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 }, x[16];

	__builtin_memcpy(start + 4, key, 32);
	start[12] = counter;
	__builtin_memcpy(start + 13, nonce, 12);
	__builtin_memcpy(x, start, sizeof(x));
	/* Ten times: a round down the columns, then one down the diagonals. */
	for (unsigned i = 0; i < 10; i++) {
		QUARTER_ROUND(x, 0, 4, 8, 12);
		QUARTER_ROUND(x, 1, 5, 9, 13);
		QUARTER_ROUND(x, 2, 6, 10, 14);
		QUARTER_ROUND(x, 3, 7, 11, 15);
		QUARTER_ROUND(x, 0, 5, 10, 15);
		QUARTER_ROUND(x, 1, 6, 11, 12);
		QUARTER_ROUND(x, 2, 7, 8, 13);
		QUARTER_ROUND(x, 3, 4, 9, 14);
	}
	for (unsigned i = 0; i < 16; i++)
		out[i] = x[i] + start[i];
}
