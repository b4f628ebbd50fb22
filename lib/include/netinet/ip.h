// SPDX-License-Identifier: BSD-2-Clause
/*
 * netinet/ip.h - the header of IPv4 (RFC 791, 3.1) and its fields. Network byte order; bit fields
 * as a little-endian machine has them.
 */
#pragma once
#include <netinet/in.h>

struct iphdr {
	unsigned int ihl : 4, version : 4;
	uint8_t tos;
	uint16_t tot_len;
	uint16_t id;
	uint16_t frag_off;
	uint8_t ttl;
	uint8_t protocol;
	uint16_t check;
	uint32_t saddr, daddr;
};

struct ip {
	unsigned int ip_hl : 4, ip_v : 4;
	uint8_t ip_tos;
	uint16_t ip_len;
	uint16_t ip_id;
	uint16_t ip_off;
#define IP_RF      0x8000
#define IP_DF      0x4000
#define IP_MF      0x2000
#define IP_OFFMASK 0x1fff
	uint8_t ip_ttl;
	uint8_t ip_p;
	uint16_t ip_sum;
	struct in_addr ip_src, ip_dst;
};

#define IPVERSION    4
#define IP_MAXPACKET 65535
#define MAXTTL       255
#define IPDEFTTL     64

/* The second byte (RFC 1349; RFC 2474; RFC 3168). */
#define IPTOS_TOS_MASK    0x1e
#define IPTOS_LOWDELAY    0x10
#define IPTOS_THROUGHPUT  0x08
#define IPTOS_RELIABILITY 0x04
#define IPTOS_LOWCOST     0x02
#define IPTOS_MINCOST     IPTOS_LOWCOST
#define IPTOS_ECN_MASK    0x03
#define IPTOS_ECN_NOT_ECT 0x00
#define IPTOS_ECN_ECT1    0x01
#define IPTOS_ECN_ECT0    0x02
#define IPTOS_ECN_CE      0x03
#define IPTOS_DSCP_MASK   0xfc
#define IPTOS_DSCP_EF     0xb8
#define IPTOS_CLASS_CS0   0x00
#define IPTOS_CLASS_CS1   0x20
#define IPTOS_CLASS_CS2   0x40
#define IPTOS_CLASS_CS3   0x60
#define IPTOS_CLASS_CS4   0x80
#define IPTOS_CLASS_CS5   0xa0
#define IPTOS_CLASS_CS6   0xc0
#define IPTOS_CLASS_CS7   0xe0
