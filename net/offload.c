// SPDX-License-Identifier: BSD-2-Clause
#include "net/offload.h"
#include <lwip/prot/ethernet.h>
#include <lwip/prot/ip.h>
#include <lwip/prot/ip4.h>
#include <lwip/prot/ip6.h>
#include <lwip/prot/tcp.h>
#include <lwip/prot/udp.h>

/* Where the transport header lies in the frame, and what the pseudo header is made of. */
struct transport {
	const void *addresses;
	uint16_t address_bytes; /* of both together */
	uint16_t offset, len;   /* [bytes]; offset 0: nothing for the device */
	uint8_t protocol;
};

static struct transport find_ipv4(const struct ip_hdr *ip, unsigned frame_len)
{
	unsigned offset = SIZEOF_ETH_HDR + IPH_HL_BYTES(ip);

	if (IPH_OFFSET(ip) & lwip_htons(IP_OFFMASK | IP_MF))
		return (struct transport){ 0 };
	return (struct transport){ &ip->src, 8, offset, frame_len - offset, IPH_PROTO(ip) };
}

static struct transport find_ipv6(const struct ip6_hdr *ip, unsigned frame_len)
{
	unsigned offset = SIZEOF_ETH_HDR + IP6_HLEN;

	return (struct transport){ &ip->src, 32, offset, frame_len - offset, IP6H_NEXTH(ip) };
}

static uint16_t pseudo_sum(const struct transport *t)
{
	const char *p = t->addresses;
	uint64_t sum = lwip_htons(t->protocol) + lwip_htons(t->len);
	uint32_t word;

	for (unsigned at = 0; at < t->address_bytes; at += sizeof(word)) {
		__builtin_memcpy(&word, p + at, sizeof(word));
		sum += word;
	}
	sum = (sum >> 32) + (uint32_t)sum;
	sum = (sum >> 16) + (sum & 0xffff);
	sum = (sum >> 16) + (sum & 0xffff);
	return (sum >> 16) + sum;
}

void net_offload_sum(struct netdev_tx *tx, struct pbuf *p)
{
	const struct eth_hdr *eth = p->payload;
	struct transport t = { 0 };
	u16_t *field;

	if (eth->type == PP_HTONS(ETHTYPE_IP))
		t = find_ipv4((const void *)(eth + 1), p->tot_len);
	else if (eth->type == PP_HTONS(ETHTYPE_IPV6))
		t = find_ipv6((const void *)(eth + 1), p->tot_len);
	if (t.protocol == IP_PROTO_TCP)
		tx->csum_offset = offsetof(struct tcp_hdr, chksum);
	else if (t.protocol == IP_PROTO_UDP)
		tx->csum_offset = offsetof(struct udp_hdr, chksum);
	else
		return;
	if (!t.offset || p->len < t.offset + tx->csum_offset + 2)
		return;
	field = (u16_t *)((char *)p->payload + t.offset + tx->csum_offset);
	*field = pseudo_sum(&t);
	tx->csum_start = t.offset;
	tx->needs_csum = true;
}
