// SPDX-License-Identifier: BSD-2-Clause
/*
 * net/ethernet.h - frames of Ethernet (IEEE 802.3).
 */
#pragma once
#include <stdint.h>
#include <sys/types.h>

#define ETH_ALEN      6    /* bytes of an address */
#define ETH_HLEN      14   /* bytes before the payload */
#define ETH_ZLEN      60   /* the shortest frame, without the check sum */
#define ETH_DATA_LEN  1500 /* the longest payload */
#define ETH_FRAME_LEN 1514
#define ETH_FCS_LEN   4

#define ETH_P_IP    0x0800
#define ETH_P_ARP   0x0806
#define ETH_P_8021Q 0x8100
#define ETH_P_IPV6  0x86dd
#define ETH_P_ALL   0x0003

#define ETHER_ADDR_LEN ETH_ALEN
#define ETHER_HDR_LEN  ETH_HLEN
#define ETHER_MAX_LEN  1518
#define ETHER_MIN_LEN  64
#define ETHERMTU       ETH_DATA_LEN
#define ETHERTYPE_IP   ETH_P_IP
#define ETHERTYPE_ARP  ETH_P_ARP
#define ETHERTYPE_VLAN ETH_P_8021Q
#define ETHERTYPE_IPV6 ETH_P_IPV6

struct ether_addr {
	uint8_t ether_addr_octet[ETH_ALEN];
} __attribute__((__packed__));

struct ether_header {
	uint8_t ether_dhost[ETH_ALEN];
	uint8_t ether_shost[ETH_ALEN];
	uint16_t ether_type; /* network byte order */
} __attribute__((__packed__));

struct ethhdr {
	unsigned char h_dest[ETH_ALEN];
	unsigned char h_source[ETH_ALEN];
	uint16_t h_proto; /* network byte order */
} __attribute__((__packed__));
