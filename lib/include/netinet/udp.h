// SPDX-License-Identifier: BSD-2-Clause
/*
 * netinet/udp.h - the header of a datagram (RFC 768). Network byte order.
 */
#pragma once
#include <stdint.h>
#include <sys/types.h>

struct udphdr {
	union {
		struct {
			uint16_t uh_sport, uh_dport, uh_ulen, uh_sum;
		};
		struct {
			uint16_t source, dest, len, check;
		};
	};
};

#define SOL_UDP 17
