// SPDX-License-Identifier: BSD-2-Clause
#include "net/hooks.h"
#include "kernel/panic.h"
#include "kernel/random.h"
#include "kernel/time.h"
#include <lwip/sys.h>

static uint64_t hash_key[2];

void net_hooks_init(void)
{
	random_bytes(hash_key, sizeof(hash_key));
}

void net_lwip_assert(const char *what)
{
	panic_assert("lwIP", what);
}

/* lwIP counts milliseconds; only its users of time stamps see this clock. */
u32_t sys_now(void)
{
	return time_now() / NS_PER_MS;
}

struct sip {
	uint64_t v[4];
};

static inline uint64_t rotate_left(uint64_t x, unsigned n)
{
	return x << n | x >> (64 - n);
}

static void sip_rounds(struct sip *s, unsigned n)
{
	while (n--) {
		s->v[0] += s->v[1];
		s->v[2] += s->v[3];
		s->v[1] = rotate_left(s->v[1], 13) ^ s->v[0];
		s->v[3] = rotate_left(s->v[3], 16) ^ s->v[2];
		s->v[0] = rotate_left(s->v[0], 32) + s->v[3];
		s->v[2] += s->v[1];
		s->v[3] = rotate_left(s->v[3], 21) ^ s->v[0];
		s->v[1] = rotate_left(s->v[1], 17) ^ s->v[2];
		s->v[2] = rotate_left(s->v[2], 32);
	}
}

static void sip_absorb(struct sip *s, uint64_t word)
{
	s->v[3] ^= word;
	sip_rounds(s, 2);
	s->v[0] ^= word;
}

/* Ref: Aumasson and Bernstein, "SipHash: a fast short-input PRF" (2012), 2. */
uint64_t net_hash(const uint64_t *word, unsigned nwords)
{
	struct sip s = { { hash_key[0] ^ 0x736f6d6570736575, hash_key[1] ^ 0x646f72616e646f6d,
			   hash_key[0] ^ 0x6c7967656e657261, hash_key[1] ^ 0x7465646279746573 } };

	for (unsigned i = 0; i < nwords; i++)
		sip_absorb(&s, word[i]);
	sip_absorb(&s, (uint64_t)nwords << 59); /* the length in bytes, in the top byte */
	s.v[2] ^= 0xff;
	sip_rounds(&s, 4);
	return s.v[0] ^ s.v[1] ^ s.v[2] ^ s.v[3];
}

static unsigned put_address(uint64_t *word, const ip_addr_t *a)
{
	const u32_t *w;

	if (IP_IS_V4(a)) {
		word[0] = ip_2_ip4(a)->addr;
		return 1;
	}
	w = ip_2_ip6(a)->addr;
	word[0] = (uint64_t)w[0] << 32 | w[1];
	word[1] = (uint64_t)w[2] << 32 | w[3];
	return 2;
}

u32_t net_tcp_isn(const ip_addr_t *local, u16_t local_port, const ip_addr_t *remote,
		  u16_t remote_port)
{
	uint64_t word[5];
	unsigned n = put_address(word, local);

	n += put_address(word + n, remote);
	word[n++] = (uint32_t)local_port << 16 | remote_port;
	return (u32_t)net_hash(word, n) + (u32_t)(time_now() / (4 * NS_PER_US));
}
