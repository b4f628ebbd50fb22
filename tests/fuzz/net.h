// SPDX-License-Identifier: BSD-2-Clause
/*
 * net.h - for targets that feed the network: the whole of net/ and lwIP with the other end of the
 * wire in the target's hands (tests/host/net.h), and frames whose checksums are made right, so
 * that what is behind the checks is reached.
 *
 * A target that has reached the end of its input calls fuzz_net_forget(): what one input leaves
 * behind must not decide what the next one finds.
 */
#pragma once
#include "tests/fuzz/fuzz.h"
#include "tests/host/net.h"

#define ETH_BYTES 14

static inline void fuzz_put16(uint8_t *p, uint16_t v)
{
	p[0] = v >> 8;
	p[1] = (uint8_t)v;
}

static inline uint16_t fuzz_get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline void fuzz_put32(uint8_t *p, uint32_t v)
{
	fuzz_put16(p, v >> 16);
	fuzz_put16(p + 2, (uint16_t)v);
}

static inline uint32_t fuzz_sum(uint32_t sum, const uint8_t *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		sum += i & 1 ? p[i] : p[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* The Internet checksum of a transport's header and data, in its place; `addresses` belong to
 * the pseudo header (RFC 9293, 3.1; RFC 8200, 8.1). */
static inline void fuzz_repair_transport(uint8_t protocol, const uint8_t *addresses,
					 size_t address_bytes, uint8_t *p, size_t len)
{
	size_t at = protocol == 6 ? 16 : protocol == 17 ? 6 : 2;
	bool pseudo = protocol != 1; /* ICMPv4 has none */
	uint32_t sum = pseudo ? protocol + (uint32_t)len : 0;

	if ((protocol != 6 && protocol != 17 && protocol != 1 && protocol != 58) || len < at + 2)
		return;
	fuzz_put16(p + at, 0);
	if (pseudo)
		sum = fuzz_sum(sum, addresses, address_bytes);
	fuzz_put16(p + at, (uint16_t)~fuzz_sum(sum, p, len));
}

static inline void fuzz_repair_ip4(uint8_t *ip, size_t len)
{
	size_t head = (ip[0] & 15) * 4u, total = fuzz_get16(ip + 2);

	if (head < 20 || head > len)
		return;
	fuzz_put16(ip + 10, 0);
	fuzz_put16(ip + 10, (uint16_t)~fuzz_sum(0, ip, head));
	total = MIN(total, len);
	if (total > head && !(fuzz_get16(ip + 6) & 0x3fff))
		fuzz_repair_transport(ip[9], ip + 12, 8, ip + head, total - head);
}

/* fuzz_repair() - make the checksums of a frame right, as far as its lengths make sense. */
static inline void fuzz_repair(uint8_t *frame, size_t len)
{
	uint8_t *ip = frame + ETH_BYTES;

	if (len >= ETH_BYTES + 20 && fuzz_get16(frame + 12) == 0x0800)
		fuzz_repair_ip4(ip, len - ETH_BYTES);
	if (len >= ETH_BYTES + 40 && fuzz_get16(frame + 12) == 0x86dd)
		fuzz_repair_transport(ip[6], ip + 8, 32, ip + 40,
				      MIN(fuzz_get16(ip + 4), len - 54));
}

/* fuzz_net_udp() - a frame from the other end with this in it; returns its length. */
static inline size_t fuzz_net_udp(uint8_t *f, uint32_t to, uint16_t sport, uint16_t dport,
				  const void *data, size_t len)
{
	static const uint8_t head[] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0 };
	uint8_t *ip = f + ETH_BYTES;

	memset(f, 0, ETH_BYTES + 28);
	memcpy(f, head, sizeof(head));
	ip[0] = 0x45;
	fuzz_put16(ip + 2, (uint16_t)(28 + len));
	ip[8] = 64;
	ip[9] = 17;
	fuzz_put32(ip + 12, TEST_PEER);
	fuzz_put32(ip + 16, to);
	fuzz_put16(ip + 20, sport);
	fuzz_put16(ip + 22, dport);
	fuzz_put16(ip + 24, (uint16_t)(8 + len));
	memcpy(ip + 28, data, len);
	fuzz_repair(f, ETH_BYTES + 28 + len);
	return ETH_BYTES + 28 + len;
}

/* The other end asks for our address, so that we know its. */
static inline void fuzz_net_introduce(void)
{
	static const uint8_t ask[42] = { 2,  0, 0, 0, 0, 2, 2, 0, 0, 0, 0,  1, 8, 6,
					 0,  1, 8, 0, 6, 4, 0, 1, 2, 0, 0,  0, 0, 1,
					 10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 10, 0, 0, 2 };

	wire_deliver(ask, sizeof(ask), 0);
	net_test_settle();
}

/* The network starts with the first input and stays. */
static inline void fuzz_net_start(void)
{
	static bool started;

	if (!started)
		net_test_start();
	started = true;
	wire_clear();
	fuzz_net_introduce();
}

/* Connections end, and what waits for something is given up: what is not answered any more is
 * sent again for some minutes (RFC 9293, 3.8.3). */
#define FUZZ_NET_PATIENCE 30

static inline void fuzz_net_forget(void)
{
	for (unsigned i = 0; i < FUZZ_NET_PATIENCE && (tcp_active_pcbs || tcp_tw_pcbs || !i); i++)
		net_test_sleep(40 * NS_PER_S);
	net_mem_trim();
	FUZZ_ASSERT(!tcp_active_pcbs && !tcp_tw_pcbs && !tcp_listen_pcbs.pcbs);
}
