// SPDX-License-Identifier: BSD-2-Clause
/*
 * The Internet checksum, eight bytes at a time. Ones' complement addition is the same whatever
 * the width of the words, as long as carries come back in at the low end, so the bytes may be
 * summed in 64-bit words at any alignment and folded at the end.
 *
 * Ref: RFC 1071, 2.
 */
#include "arch/checksum.h"
#include "net/checksum.h"

static inline uint64_t load64(const uint8_t *p)
{
	uint64_t v;

	__builtin_memcpy(&v, p, sizeof(v));
	return v;
}

/* The last 0..7 bytes as one little word; the byte order is that of memory. */
static inline uint64_t load_tail(const uint8_t *p, unsigned len)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < len; i++)
		((uint8_t *)&v)[i] = p[i];
	return v;
}

uint64_t net_sum(const void *data, size_t len)
{
	const uint8_t *p = data;
	uint64_t sum = 0;

	if (unlikely(len < 8))
		return load_tail(p, len);
	if (len >= ARCH_SUM_BYTES) {
		sum = arch_sum_blocks(p, len / ARCH_SUM_BYTES, sum);
		p += len & -ARCH_SUM_BYTES;
		len &= ARCH_SUM_BYTES - 1;
	}
	for (; len >= 8; len -= 8, p += 8)
		sum = net_sum_add(sum, load64(p));
	/* The word that ends with the last byte has the rest in its upper bytes. */
	if (len)
		sum = net_sum_add(sum, load64(p + len - 8) >> (64 - 8 * len));
	return sum;
}

uint16_t net_checksum(const void *data, int len)
{
	return net_sum_fold(net_sum(data, len));
}
