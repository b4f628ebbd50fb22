// SPDX-License-Identifier: BSD-2-Clause
/*
 * ICMP errors reach the sockets that caused them: a connected UDP socket gets a pending error, a
 * connection attempt ends. Established connections ignore them (RFC 5927, 5.2: they could be
 * forged, and TCP finds out itself), but what a path takes, if it is about data in flight.
 */
#include "net/hooks.h"
#include "net/path_mtu.h"
#include "net/tcp_socket.h"
#include "net/udp_socket.h"
#include <lwip/inet_chksum.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/prot/icmp.h>
#include <lwip/prot/icmp6.h>
#include <lwip/prot/ip4.h>
#include <lwip/prot/ip6.h>
#include <errno.h>

#define ICMP_HEADER_BYTES 8
#define PORTS_BYTES       8 /* of the transport header, all that is surely there */

/* What the message says about a packet of ours. */
struct report {
	int err;
	uint8_t protocol;
	uint16_t local_port, remote_port;
	uint32_t seqno; /* TCP */
	ip_addr_t remote;
};

/* RFC 1122, 3.2.2.1 and 4.2.3.9. 0: of no consequence. */
static int errno_of_v4(uint8_t type, uint8_t code)
{
	static const uint8_t unreachable[] = { ENETUNREACH, EHOSTUNREACH, ENOPROTOOPT,
					       ECONNREFUSED };

	if (type != ICMP_DUR || code == ICMP_DUR_FRAG)
		return 0;
	return code < sizeof(unreachable) ? -unreachable[code] : -EHOSTUNREACH;
}

/* RFC 4443, 3.1. */
static int errno_of_v6(uint8_t type, uint8_t code)
{
	static const uint8_t unreachable[] = { ENETUNREACH, EACCES, EHOSTUNREACH, EHOSTUNREACH,
					       ECONNREFUSED };

	if (type != ICMP6_TYPE_DUR)
		return 0;
	return code < sizeof(unreachable) ? -unreachable[code] : -EHOSTUNREACH;
}

static bool parse_transport(const struct pbuf *p, u16_t offset, struct report *r)
{
	uint8_t b[PORTS_BYTES];

	if (pbuf_copy_partial(p, b, sizeof(b), offset) != sizeof(b))
		return false;
	r->local_port = b[0] << 8 | b[1];
	r->remote_port = b[2] << 8 | b[3];
	r->seqno = (uint32_t)b[4] << 24 | b[5] << 16 | b[6] << 8 | b[7];
	return true;
}

/* lwIP checks only the sums of what it answers; on the loopback interface there are none. */
static bool sum_is_right(const struct pbuf *p)
{
	IF__NETIF_CHECKSUM_ENABLED(ip_current_input_netif(), NETIF_CHECKSUM_CHECK_ICMP)
	{
		return inet_chksum_pbuf((struct pbuf *)p) == 0;
	}
	return true;
}

static bool parse_v4(const struct pbuf *p, struct report *r)
{
	struct ip_hdr ip;

	if (pbuf_copy_partial(p, &ip, sizeof(ip), ICMP_HEADER_BYTES) != sizeof(ip) ||
	    IPH_V(&ip) != 4 || !sum_is_right(p))
		return false;
	r->protocol = IPH_PROTO(&ip);
	ip_addr_copy_from_ip4(r->remote, ip.dest);
	return parse_transport(p, ICMP_HEADER_BYTES + IPH_HL_BYTES(&ip), r);
}

static bool parse_v6(const struct pbuf *p, struct report *r)
{
	struct ip6_hdr ip;

	if (pbuf_copy_partial(p, &ip, sizeof(ip), ICMP_HEADER_BYTES) != sizeof(ip))
		return false;
	r->protocol = IP6H_NEXTH(&ip);
	ip_addr_copy_from_ip6_packed(r->remote, ip.dest);
	return parse_transport(p, ICMP_HEADER_BYTES + sizeof(ip), r);
}

static void report_udp(const struct report *r)
{
	for (struct udp_pcb *pcb = udp_pcbs; pcb; pcb = pcb->next) {
		struct socket *s = udp_socket_of(pcb);

		if (s && s->state == SOCKET_CONNECTED && pcb->local_port == r->local_port &&
		    pcb->remote_port == r->remote_port &&
		    ip_addr_cmp_zoneless(&pcb->remote_ip, &r->remote)) {
			s->error = r->err;
			socket_wake(s);
		}
	}
}

static void report_tcp(const struct report *r)
{
	for (struct tcp_pcb *pcb = tcp_active_pcbs; pcb; pcb = pcb->next) {
		struct socket *s = tcp_socket_of(pcb);

		if (!s || pcb->state != SYN_SENT || pcb->local_port != r->local_port ||
		    pcb->remote_port != r->remote_port || r->seqno != pcb->lastack ||
		    !ip_addr_cmp_zoneless(&pcb->remote_ip, &r->remote))
			continue;
		tcp_let_go(s);
		tcp_abandon(pcb, 0);
		tcp_fail(s, r->err);
		return;
	}
}

/* RFC 1191, 4: the last two bytes of the ICMP header. */
static void report_too_big(const struct pbuf *p)
{
	const ip_addr_t *local = ip_current_dest_addr();
	struct report r;
	struct tcp_pcb *pcb;
	uint8_t mtu[2];

	if (!parse_v4(p, &r) || r.protocol != IP_PROTO_TCP ||
	    pbuf_copy_partial(p, mtu, sizeof(mtu), ICMP_HEADER_BYTES - sizeof(mtu)) != sizeof(mtu))
		return;
	pcb = tcp_pcb_find(local, r.local_port, &r.remote, r.remote_port, ip_current_input_netif());
	if (pcb && pcb->state >= ESTABLISHED && pcb->state != TIME_WAIT &&
	    r.seqno - pcb->lastack < pcb->snd_nxt - pcb->lastack)
		tcp_path_mtu(pcb, mtu[0] << 8 | mtu[1], IP_HLEN + TCP_HLEN);
}

void net_icmp_error(const struct pbuf *p, int ipv6)
{
	const struct icmp_echo_hdr *icmp = p->payload; /* lwIP saw to it that 4 bytes are there */
	struct report r = { .err = ipv6 ? errno_of_v6(icmp->type, icmp->code)
					: errno_of_v4(icmp->type, icmp->code) };

	if (!ipv6 && icmp->type == ICMP_DUR && icmp->code == ICMP_DUR_FRAG)
		report_too_big(p);
	if (!r.err || !(ipv6 ? parse_v6(p, &r) : parse_v4(p, &r)))
		return;
	if (r.protocol == IP_PROTO_UDP)
		report_udp(&r);
	else if (r.protocol == IP_PROTO_TCP)
		report_tcp(&r);
}
