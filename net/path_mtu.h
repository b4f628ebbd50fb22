// SPDX-License-Identifier: BSD-2-Clause
#pragma once
#include <stdint.h>

struct tcp_pcb;

/*
 * tcp_path_mtu() - a router says what the path of a connection takes. If that is less than its
 * segments have, they become smaller, and what is not acknowledged is sent again.
 *
 * mtu     what the router said; 0: it did not [bytes of IP]
 * header  IP and TCP headers of a segment     [bytes]
 *
 * Context: under net_lock. Short of memory, some segments stay large, and the router says it again.
 * Ref: RFC 1191, 5 and 6.
 */
void tcp_path_mtu(struct tcp_pcb *pcb, uint16_t mtu, uint16_t header);
