// SPDX-License-Identifier: BSD-2-Clause
// link: net/checksum.c
#include <stdbool.h>
#include "net/checksum.h"
#include "tests/check.h"

/* RFC 1071, 1: 16-bit words, end-around carry; a last odd byte is the low one in memory order. */
static uint16_t plain_sum(const uint8_t *p, int len)
{
	uint32_t sum = 0;

	for (; len > 1; len -= 2, p += 2)
		sum += p[0] | p[1] << 8;
	if (len)
		sum += p[0];
	while (sum >> 16)
		sum = (sum >> 16) + (sum & 0xffff);
	return sum;
}

/* 0 and 0xffff are the same number in ones' complement. */
static bool same(uint16_t a, uint16_t b)
{
	return a == b || (a % 0xffff == 0 && b % 0xffff == 0);
}

static void check_fill(int (*byte)(void))
{
	for (int len = 0; len < 400; len++) {
		uint8_t *p = malloc(len + 1);

		for (int i = 0; i < len; i++)
			p[i] = byte();
		for (int skip = 0; skip <= len && skip < 9; skip++)
			if (!same(net_checksum(p + skip, len - skip),
				  plain_sum(p + skip, len - skip)))
				CHECK_FAIL("%d bytes at %d", len, skip);
		free(p);
	}
}

static int ones(void)
{
	return 0xff;
}

static int zeros(void)
{
	return 0;
}

static void test_lengths_and_alignments(void)
{
	srand(7);
	for (int round = 0; round < 20; round++)
		check_fill(rand);
}

static void test_carries(void)
{
	check_fill(ones);
	check_fill(zeros);
}

static void test_longest(void)
{
	uint8_t *p = malloc(65535);

	memset(p, 0xfe, 65535);
	CHECK(same(net_checksum(p, 65535), plain_sum(p, 65535)));
	free(p);
}

int main(void)
{
	RUN(test_lengths_and_alignments);
	RUN(test_carries);
	RUN(test_longest);
	return check_done();
}
