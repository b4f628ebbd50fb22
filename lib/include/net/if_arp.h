// SPDX-License-Identifier: BSD-2-Clause
/*
 * net/if_arp.h - address resolution (RFC 826).
 */
#pragma once
#include <stdint.h>
#include <sys/socket.h>

#define ARPOP_REQUEST 1
#define ARPOP_REPLY   2

#define ARPHRD_ETHER    1
#define ARPHRD_LOOPBACK 772

struct arphdr {
	uint16_t ar_hrd;
	uint16_t ar_pro;
	uint8_t ar_hln;
	uint8_t ar_pln;
	uint16_t ar_op;
};
