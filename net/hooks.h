// SPDX-License-Identifier: BSD-2-Clause
/*
 * hooks.h - what lwIP calls up into us for. Included by lwIP's own files after its headers.
 *
 * Threading: under net_lock. Errors: as each says.
 */
#pragma once
#include <lwip/ip_addr.h>
#include <lwip/tcp.h>

/*
 * net_tcp_isn() - an initial sequence number: a clock of 4 us plus a keyed hash of the
 * connection, so that successive connections of one peer advance and nobody else can guess.
 *
 * Ref: RFC 6528, 3.
 */
u32_t net_tcp_isn(const ip_addr_t *local, u16_t local_port, const ip_addr_t *remote,
		  u16_t remote_port);
#define LWIP_HOOK_TCP_ISN(local, lport, remote, rport) net_tcp_isn(local, lport, remote, rport)

/* net_hash() - SipHash-2-4 of whole words under a key made at the start. */
uint64_t net_hash(const uint64_t *word, unsigned nwords);

void net_hooks_init(void);

/* net_listen_full() - a SYN came for a listener with a full backlog. Drops the oldest half-open
 * connection, so that a flood of SYNs does not lock out others; returns whether there was one. */
struct tcp_pcb_listen;
int net_listen_full(struct tcp_pcb_listen *listener);
#define LWIP_HOOK_TCP_LISTEN_FULL(listener) net_listen_full(listener)

/* net_icmp_error() - an ICMP message that lwIP does not handle itself; p starts at its header. */
void net_icmp_error(const struct pbuf *p, int ipv6);
#define LWIP_HOOK_ICMP_ERROR(p, ipv6) net_icmp_error(p, ipv6)

/* net_dns_truncated() - what this name server answered was cut, and no address was left in it. What
 * lwIP says of the question next is that there is none. */
void net_dns_truncated(const ip_addr_t *server);
#define LWIP_HOOK_DNS_TRUNCATED(server) net_dns_truncated(server)
