// SPDX-License-Identifier: BSD-2-Clause
/*
 * The options that few programs set: levels IP and IPv6, and some of SOL_SOCKET.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include "kernel/sealed.h"
#include "net/hooks.h"
#include "net/net.h"
#include "net/option_value.h"
#include "net/sockets.h"
#include "net/sockopt.h"
#include "net/tcp_socket.h"
#include "net/udp_socket.h"
#include <lwip/netif.h>
#include <lwip/priv/tcp_priv.h>

/* What recvmsg() tells */

static void put_info_v4(const struct datagram *d, struct ancillary *a)
{
	const struct netif *n = netif_get_by_index(d->interface);
	struct in_pktinfo info = { .ipi_ifindex = d->interface,
				   .ipi_addr.s_addr = ip_2_ip4(&d->to)->addr };

	if (n)
		info.ipi_spec_dst.s_addr = netif_ip4_addr(n)->addr;
	a->put(a, IPPROTO_IP, IP_PKTINFO, &info, sizeof(info));
}

static void put_info_v6(const struct datagram *d, struct ancillary *a)
{
	struct in6_pktinfo info = { .ipi6_ifindex = d->interface };

	if (IP_IS_V6(&d->to)) {
		memcpy(&info.ipi6_addr, ip_2_ip6(&d->to)->addr, 16);
	} else {
		info.ipi6_addr.s6_addr[10] = info.ipi6_addr.s6_addr[11] = 0xff;
		memcpy(&info.ipi6_addr.s6_addr[12], &ip_2_ip4(&d->to)->addr, 4);
	}
	a->put(a, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof(info));
}

static void put_number(struct ancillary *a, int level, int type, int n)
{
	a->put(a, level, type, &n, sizeof(n));
}

/* On IPv4 sockets IP_TOS comes as one byte, as Linux has it. */
static void put_ip(const struct socket *s, const struct datagram *d, struct ancillary *a)
{
	bool v6 = s->domain == AF_INET6;

	if (s->want & SOCKET_WANT_INFO)
		v6 ? put_info_v6(d, a) : put_info_v4(d, a);
	if (s->want & SOCKET_WANT_TTL)
		put_number(a, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_HOPLIMIT : IP_TTL, d->ttl);
	if (!(s->want & SOCKET_WANT_TOS))
		return;
	if (v6)
		put_number(a, IPPROTO_IPV6, IPV6_TCLASS, d->tos);
	else
		a->put(a, IPPROTO_IP, IP_TOS, &d->tos, sizeof(d->tos));
}

static void put_info(const struct socket *s, const struct datagram *d, struct ancillary *a)
{
	ns_t wall = time_wall() - (time_now() - d->time);
	struct timeval tv = { wall / NS_PER_S, wall % NS_PER_S / NS_PER_US };
	struct timespec ts = { wall / NS_PER_S, wall % NS_PER_S };

	if (s->want & SOCKET_WANT_TIME)
		a->put(a, SOL_SOCKET, SCM_TIMESTAMP, &tv, sizeof(tv));
	if (s->want & SOCKET_WANT_TIME_NS)
		a->put(a, SOL_SOCKET, SCM_TIMESTAMPNS, &ts, sizeof(ts));
	put_ip(s, d, a);
}

/* SO_REUSEPORT: those with the same name, found by walking the pcbs twice. */

static bool same_name(const struct socket *a, const struct socket *b)
{
	return b && b->reuse_port && b->local_port == a->local_port &&
	       ip_addr_cmp(&a->local, &b->local);
}

/* The socket of the nth pcb; counts them when nobody is the nth. */
static struct socket *nth_listener(const struct socket *s, unsigned *n)
{
	unsigned i = 0;

	for (struct tcp_pcb_listen *p = tcp_listen_pcbs.listen_pcbs; p; p = p->next) {
		struct socket *other = tcp_listener_of(p);

		if (same_name(s, other) && i++ == *n)
			return other;
	}
	*n = i;
	return NULL;
}

static struct socket *nth_receiver(const struct socket *s, unsigned *n)
{
	unsigned i = 0;

	for (struct udp_pcb *p = udp_pcbs; p; p = p->next) {
		struct socket *other = udp_socket_of(p);

		if (same_name(s, other) && other->state == SOCKET_FRESH && i++ == *n)
			return other;
	}
	*n = i;
	return NULL;
}

/* By a hash of where it came from, so that one peer keeps its socket. */
static struct socket *pick(struct socket *s, const ip_addr_t *from, uint16_t port)
{
	struct socket *(*nth)(const struct socket *, unsigned *) =
		s->ops->type == SOCK_STREAM ? nth_listener : nth_receiver;
	uint64_t word[2] = { port, 0 };
	unsigned n = UINT32_MAX;
	struct socket *chosen;

	if (s->state == SOCKET_CONNECTED)
		return s;
	word[1] = IP_IS_V4(from)
			  ? ip_2_ip4(from)->addr
			  : (uint64_t)ip_2_ip6(from)->addr[2] << 32 | ip_2_ip6(from)->addr[3];
	nth(s, &n);
	if (!n)
		return s;
	n = net_hash(word, 2) % n;
	chosen = nth(s, &n);
	return chosen ? chosen : s;
}

static const struct socket_extras extras = { put_info, groups_leave_all, pick };

/* Helpers */

static int set_want(struct socket *s, uint8_t bit, int on)
{
	s->want = on ? s->want | bit : s->want & ~bit;
	return 0;
}

/* A number of which -1 means the default. */
static int set_byte(u8_t *field, int n, int usual, int least)
{
	if (n < -1 || n > 255 || (n >= 0 && n < least))
		return -EINVAL;
	*field = n < 0 ? usual : n;
	return 0;
}

static struct netif *interface_of(unsigned index)
{
	return index && index <= UINT8_MAX ? netif_get_by_index(index) : NULL;
}

/* SOL_SOCKET */

static int bind_to_device(struct socket *s, const void *value, socklen_t len)
{
	char name[NETIF_NAMESIZE] = "";
	struct netif *n;
	int err;

	memcpy(name, value, MIN((size_t)len, sizeof(name) - 1));
	n = name[0] ? netif_find(name) : NULL;
	if (name[0] && !n)
		return -ENODEV;
	err = sockopt_need_pcb(s);
	if (err)
		return err;
	sockopt_pcb(s)->netif_idx = n ? netif_get_index(n) : NETIF_NO_INDEX;
	return 0;
}

static int get_device(const struct socket *s, void *value, socklen_t *len)
{
	char name[NETIF_NAMESIZE] = "";
	const struct ip_pcb *pcb = sockopt_pcb(s);

	if (pcb && pcb->netif_idx != NETIF_NO_INDEX)
		netif_index_to_name(pcb->netif_idx, name);
	return option_put(name, name[0] ? strlen(name) + 1 : 0, value, len);
}

static int set_reuse_port(struct socket *s, int on)
{
	int err = s->local_port ? -EINVAL : sockopt_need_pcb(s);

	if (err)
		return err;
	s->reuse_port = on != 0;
	if (on)
		ip_set_option(sockopt_pcb(s), SOF_REUSEADDR);
	return 0;
}

static int set_socket(struct socket *s, int option, const void *value, socklen_t len)
{
	int n, err;

	if (option == SO_BINDTODEVICE)
		return bind_to_device(s, value, len);
	err = option_get_int(value, len, &n);
	if (err)
		return err;
	switch (option) {
	case SO_REUSEPORT:
		return set_reuse_port(s, n);
	case SO_RCVLOWAT:
		if (n < 0)
			return -EINVAL;
		s->rx_low_bytes = MIN(MAX(n, 1), (int)s->rx_limit_bytes / 2);
		return 0;
	case SO_TIMESTAMP:
		return set_want(s, SOCKET_WANT_TIME, n);
	case SO_TIMESTAMPNS:
		return set_want(s, SOCKET_WANT_TIME_NS, n);
	default:
		return -ENOPROTOOPT;
	}
}

static int get_socket(struct socket *s, int option, void *value, socklen_t *len)
{
	switch (option) {
	case SO_BINDTODEVICE:
		return get_device(s, value, len);
	case SO_REUSEPORT:
		return option_put_int(s->reuse_port, value, len);
	case SO_RCVLOWAT:
		return option_put_int(s->rx_low_bytes, value, len);
	case SO_SNDLOWAT:
		return option_put_int(1, value, len);
	case SO_TIMESTAMP:
		return option_put_int((s->want & SOCKET_WANT_TIME) != 0, value, len);
	case SO_TIMESTAMPNS:
		return option_put_int((s->want & SOCKET_WANT_TIME_NS) != 0, value, len);
	default:
		return -ENOPROTOOPT;
	}
}

/* Groups */

/* struct ip_mreq, or struct ip_mreqn, which begins with the same. */
static int change_group_v4(struct socket *s, const void *value, socklen_t len, bool join)
{
	struct ip_mreqn r = { 0 };
	ip_addr_t group, on;
	struct netif *n = netif_default;

	if (len < sizeof(struct ip_mreq))
		return -EINVAL;
	memcpy(&r, value, MIN((size_t)len, sizeof(r)));
	ip_addr_set_ip4_u32_val(group, r.imr_multiaddr.s_addr);
	ip_addr_set_ip4_u32_val(on, r.imr_address.s_addr);
	if (!ip_addr_ismulticast(&group))
		return -EINVAL;
	if (r.imr_ifindex) {
		n = interface_of(r.imr_ifindex);
	} else if (!ip_addr_isany_val(on)) {
		for (n = netif_list; n; n = n->next)
			if (ip4_addr_cmp(netif_ip4_addr(n), ip_2_ip4(&on)))
				break;
	}
	return n ? groups_change(s, &group, n, join) : -ENODEV;
}

static int change_group_v6(struct socket *s, const void *value, socklen_t len, bool join)
{
	struct ipv6_mreq r;
	struct netif *n;
	ip_addr_t group;
	u32_t word[4];

	if (len < sizeof(r))
		return -EINVAL;
	memcpy(&r, value, sizeof(r));
	memcpy(word, &r.ipv6mr_multiaddr, sizeof(word));
	IP_ADDR6(&group, word[0], word[1], word[2], word[3]);
	if (!ip_addr_ismulticast(&group))
		return -EINVAL;
	n = r.ipv6mr_interface ? interface_of(r.ipv6mr_interface) : netif_default;
	if (!n)
		return -ENODEV;
	ip6_addr_assign_zone(ip_2_ip6(&group), IP6_MULTICAST, n);
	return groups_change(s, &group, n, join);
}

/* Where multicast goes out: struct in_addr, ip_mreq or ip_mreqn; a number for IPv6. */
static int set_multicast_interface(struct socket *s, int level, const void *value, socklen_t len)
{
	struct ip_mreqn r = { 0 };
	struct netif *n = NULL;
	int index = 0;

	if (len < sizeof(int))
		return -EINVAL;
	if (level == IPPROTO_IPV6)
		memcpy(&index, value, sizeof(index));
	else if (len >= sizeof(struct ip_mreq))
		memcpy(&r, value, MIN((size_t)len, sizeof(r)));
	else
		memcpy(&r.imr_address, value, sizeof(r.imr_address));
	index = level == IPPROTO_IPV6 ? index : r.imr_ifindex;
	if (index) {
		n = interface_of(index);
		if (!n)
			return -ENODEV;
	} else if (r.imr_address.s_addr) {
		for (n = netif_list; n; n = n->next)
			if (netif_ip4_addr(n)->addr == r.imr_address.s_addr)
				break;
		if (!n)
			return -EADDRNOTAVAIL;
	}
	udp_set_multicast_netif_index(s->udp, n ? netif_get_index(n) : NETIF_NO_INDEX);
	return 0;
}

static int get_multicast_interface(struct socket *s, int level, void *value, socklen_t *len)
{
	int index = udp_get_multicast_netif_index(s->udp);
	struct netif *n = interface_of(index);
	struct in_addr a = { n ? netif_ip4_addr(n)->addr : INADDR_ANY };

	if (level == IPPROTO_IPV6)
		return option_put_int(index, value, len);
	return option_put(&a, sizeof(a), value, len);
}

/* IPPROTO_IP and IPPROTO_IPV6: each option once, by what it means. */

enum meaning {
	NONE,
	TTL,
	TOS,
	INFO,
	GET_TTL,
	GET_TOS,
	V6ONLY,
	JOIN,
	LEAVE,
	M_INTERFACE,
	M_TTL,
	M_LOOP,
	MTU
};

static enum meaning meaning_v4(int option)
{
	switch (option) {
	case IP_TTL:
		return TTL;
	case IP_TOS:
		return TOS;
	case IP_PKTINFO:
		return INFO;
	case IP_RECVTTL:
		return GET_TTL;
	case IP_RECVTOS:
		return GET_TOS;
	case IP_ADD_MEMBERSHIP:
		return JOIN;
	case IP_DROP_MEMBERSHIP:
		return LEAVE;
	case IP_MULTICAST_IF:
		return M_INTERFACE;
	case IP_MULTICAST_TTL:
		return M_TTL;
	case IP_MULTICAST_LOOP:
		return M_LOOP;
	case IP_MTU:
		return MTU;
	default:
		return NONE;
	}
}

static enum meaning meaning_v6(int option)
{
	switch (option) {
	case IPV6_UNICAST_HOPS:
		return TTL;
	case IPV6_TCLASS:
		return TOS;
	case IPV6_RECVPKTINFO:
		return INFO;
	case IPV6_RECVHOPLIMIT:
		return GET_TTL;
	case IPV6_RECVTCLASS:
		return GET_TOS;
	case IPV6_V6ONLY:
		return V6ONLY;
	case IPV6_JOIN_GROUP:
		return JOIN;
	case IPV6_LEAVE_GROUP:
		return LEAVE;
	case IPV6_MULTICAST_IF:
		return M_INTERFACE;
	case IPV6_MULTICAST_HOPS:
		return M_TTL;
	case IPV6_MULTICAST_LOOP:
		return M_LOOP;
	case IPV6_MTU:
		return MTU;
	default:
		return NONE;
	}
}

static enum meaning meaning_of(const struct socket *s, int level, int option)
{
	enum meaning m = level == IPPROTO_IP ? meaning_v4(option) : meaning_v6(option);

	if (level == IPPROTO_IPV6 && s->domain != AF_INET6)
		return NONE;
	/* What concerns single datagrams a stream does not have. */
	if (s->ops->type == SOCK_STREAM && m != TTL && m != TOS && m != V6ONLY && m != MTU)
		return NONE;
	return m;
}

static int set_ip_int(struct socket *s, enum meaning m, int n)
{
	switch (m) {
	case TTL:
		return set_byte(&sockopt_pcb(s)->ttl, n, UDP_TTL, 1);
	case TOS:
		return set_byte(&sockopt_pcb(s)->tos, n, 0, 0);
	case INFO:
		return set_want(s, SOCKET_WANT_INFO, n);
	case GET_TTL:
		return set_want(s, SOCKET_WANT_TTL, n);
	case GET_TOS:
		return set_want(s, SOCKET_WANT_TOS, n);
	case M_TTL:
		return set_byte(&s->udp->mcast_ttl, n, 1, 0);
	case M_LOOP:
		if (n)
			udp_set_flags(s->udp, UDP_FLAGS_MULTICAST_LOOP);
		else
			udp_clear_flags(s->udp, UDP_FLAGS_MULTICAST_LOOP);
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

/* Programs of old give some of these as one byte. */
static int get_number(const void *value, socklen_t len, int *out)
{
	if (len == 1) {
		*out = *(const uint8_t *)value;
		return 0;
	}
	return option_get_int(value, len, out);
}

static int set_ip(struct socket *s, int level, int option, const void *value, socklen_t len)
{
	enum meaning m = meaning_of(s, level, option);
	int n, err = m == NONE || m == V6ONLY ? -ENOPROTOOPT : sockopt_need_pcb(s);

	if (err)
		return err;
	if (m == JOIN || m == LEAVE)
		return level == IPPROTO_IP ? change_group_v4(s, value, len, m == JOIN)
					   : change_group_v6(s, value, len, m == JOIN);
	if (m == M_INTERFACE)
		return set_multicast_interface(s, level, value, len);
	err = get_number(value, len, &n);
	return err ? err : set_ip_int(s, m, n);
}

static int get_mtu(const struct socket *s, void *value, socklen_t *len)
{
	struct netif *n;

	if (s->state != SOCKET_CONNECTED)
		return -ENOTCONN;
	n = ip_route(&s->local, &s->peer);
	return n ? option_put_int(n->mtu, value, len) : -ENOTCONN;
}

static int get_ip(struct socket *s, int level, int option, void *value, socklen_t *len)
{
	enum meaning m = meaning_of(s, level, option);
	int err = m == NONE ? -ENOPROTOOPT : m == V6ONLY || m == MTU ? 0 : sockopt_need_pcb(s);

	if (err)
		return err;
	switch (m) {
	case V6ONLY:
		return option_put_int(s->v6only, value, len);
	case MTU:
		return get_mtu(s, value, len);
	case TTL:
		return option_put_int(sockopt_pcb(s)->ttl, value, len);
	case TOS:
		return option_put_int(sockopt_pcb(s)->tos, value, len);
	case INFO:
		return option_put_int((s->want & SOCKET_WANT_INFO) != 0, value, len);
	case GET_TTL:
		return option_put_int((s->want & SOCKET_WANT_TTL) != 0, value, len);
	case GET_TOS:
		return option_put_int((s->want & SOCKET_WANT_TOS) != 0, value, len);
	case M_INTERFACE:
		return get_multicast_interface(s, level, value, len);
	case M_TTL:
		return option_put_int(s->udp->mcast_ttl, value, len);
	case M_LOOP:
		return option_put_int((udp_flags(s->udp) & UDP_FLAGS_MULTICAST_LOOP) != 0, value,
				      len);
	default:
		return -ENOPROTOOPT;
	}
}

/* Memberships and all that waits for an address need the interface, not its address. */
int net_set_rare_option(struct file *f, int level, int option, const void *value, socklen_t len)
{
	struct socket *s = socket_of_internet(f);
	int err = -ENOPROTOOPT;

	if (!s)
		return err;
	if (!value)
		return -EINVAL;
	net_enter();
	sealed_set(&socket_extras, &extras);
	if (level == SOL_SOCKET)
		err = set_socket(s, option, value, len);
	else if (level == IPPROTO_TCP && s->ops->type == SOCK_STREAM)
		err = sockopt_set_tcp(s, option, value, len);
	else if (level == IPPROTO_IP || level == IPPROTO_IPV6)
		err = set_ip(s, level, option, value, len);
	net_leave();
	return err;
}

int net_get_rare_option(struct file *f, int level, int option, void *value, socklen_t *len)
{
	struct socket *s = socket_of_internet(f);
	int err = -ENOPROTOOPT;

	if (!s)
		return err;
	net_enter();
	if (level == SOL_SOCKET)
		err = get_socket(s, option, value, len);
	else if (level == IPPROTO_TCP && s->ops->type == SOCK_STREAM)
		err = sockopt_get_tcp(s, option, value, len);
	else if (level == IPPROTO_IP || level == IPPROTO_IPV6)
		err = get_ip(s, level, option, value, len);
	net_leave();
	return err;
}
