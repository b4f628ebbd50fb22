// SPDX-License-Identifier: BSD-2-Clause
/*
 * checksum.h - the Internet checksum (RFC 1071). No state, any context, no errors.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

/*
 * net_checksum() - ones' complement sum of len bytes as 16-bit words in memory order, an odd
 * last byte padded with zero. Not inverted. (lwIP's LWIP_CHKSUM.)
 */
uint16_t net_checksum(const void *data, int len);

/*
 * net_sum() - the same sum, 64 bits wide.
 *
 * net_sum_add() adds two of them, or words in memory order; net_sum_fold() makes one 16 bits wide.
 * A sum is 0 only when all that went into it is.
 */
uint64_t net_sum(const void *data, size_t len);

static inline uint64_t net_sum_add(uint64_t a, uint64_t b)
{
	return __builtin_add_overflow(a, b, &a) ? a + 1 : a;
}

static inline uint16_t net_sum_fold(uint64_t sum)
{
	sum = (sum >> 32) + (uint32_t)sum;
	sum = (sum >> 32) + (uint32_t)sum;
	sum = (sum >> 16) + (uint16_t)sum;
	return (sum >> 16) + (uint16_t)sum;
}
