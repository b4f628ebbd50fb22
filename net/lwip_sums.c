// SPDX-License-Identifier: BSD-2-Clause
/*
 * lwip_sums.c - what lwIP has in core/inet_chksum.c: sums over headers, chains of pbufs and
 * pseudo headers, here all in 64-bit words with one fold at the end.
 *
 * Ref: RFC 1071, 2; RFC 9293, 3.1 and RFC 8200, 8.1 for the pseudo headers.
 */
#include "net/checksum.h"
#include "lib/base/compiler.h"
#include <lwip/inet_chksum.h>

/* A pbuf behind an odd number of bytes has its bytes in the other halves of the words. */
static UNIK_NOINLINE uint64_t sum_rest(const struct pbuf *p, uint64_t sum, bool odd)
{
	for (; p; p = p->next) {
		uint64_t part = net_sum(p->payload, p->len);

		if (odd)
			part = part << 8 | part >> 56;
		sum = net_sum_add(sum, part);
		odd ^= p->len & 1;
	}
	return sum;
}

/* Mostly there is one pbuf. */
static inline uint64_t sum_chain(const struct pbuf *p, uint64_t sum)
{
	sum = net_sum_add(sum, net_sum(p->payload, p->len));
	return likely(!p->next) ? sum : sum_rest(p->next, sum, p->len & 1);
}

/* With the last two fields of a pseudo header. */
static u16_t finish(const struct pbuf *p, u8_t proto, u16_t proto_len, uint64_t addresses)
{
	uint64_t sum = net_sum_add(addresses, (uint64_t)lwip_htons(proto) + lwip_htons(proto_len));

	return (u16_t)~net_sum_fold(sum_chain(p, sum));
}

/* Nearly always of an IP header without options: five words. */
u16_t inet_chksum(const void *data, u16_t len)
{
	uint32_t w[5];

	if (likely(len == sizeof(w))) {
		__builtin_memcpy(w, data, sizeof(w));
		return (u16_t)~net_sum_fold((uint64_t)w[0] + w[1] + w[2] + w[3] + w[4]);
	}
	return (u16_t)~net_checksum(data, len);
}

u16_t inet_chksum_pbuf(struct pbuf *p)
{
	return (u16_t)~net_sum_fold(sum_chain(p, 0));
}

u16_t ip6_chksum_pseudo(struct pbuf *p, u8_t proto, u16_t proto_len, const ip6_addr_t *src,
			const ip6_addr_t *dest)
{
	return finish(p, proto, proto_len,
		      net_sum_add(net_sum(src->addr, sizeof(src->addr)),
				  net_sum(dest->addr, sizeof(dest->addr))));
}

u16_t ip_chksum_pseudo(struct pbuf *p, u8_t proto, u16_t proto_len, const ip_addr_t *src,
		       const ip_addr_t *dest)
{
	if (IP_IS_V6(dest))
		return ip6_chksum_pseudo(p, proto, proto_len, ip_2_ip6(src), ip_2_ip6(dest));
	return finish(p, proto, proto_len, (uint64_t)ip_2_ip4(src)->addr + ip_2_ip4(dest)->addr);
}
