// SPDX-License-Identifier: BSD-2-Clause
#include "net/udp_socket.h"
#include "net/err.h"
#include "net/mem.h"
#include "net/net.h"
#include "net/netif.h"
#include "net/socket.h"
#include <errno.h>
#include <poll.h>
#include <string.h>

#define UDP_MAX_BYTES  (65535 - 20 - 8)
#define OVERHEAD_BYTES 128 /* what a queued datagram costs beyond its payload */

static uint32_t cost(const struct datagram *d)
{
	return d->p->tot_len + OVERHEAD_BYTES;
}

/* For recvmsg(): the packet is still where lwIP found it. */
static void note_arrival(struct datagram *d)
{
	d->to = *ip_current_dest_addr();
	d->interface = netif_get_index(ip_current_input_netif());
	d->time = time_now();
	if (ip_current_is_v6()) {
		d->ttl = IP6H_HOPLIM(ip6_current_header());
		d->tos = IP6H_TC(ip6_current_header());
	} else {
		d->ttl = IPH_TTL(ip4_current_header());
		d->tos = IPH_TOS(ip4_current_header());
	}
}

static void on_receive(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *from,
		       u16_t port)
{
	struct socket *s = arg;
	struct datagram *d;

	(void)pcb;
	if (unlikely(s->reuse_port))
		s = socket_extras->pick(s, from, port);
	if (s->read_over || s->rx_bytes + p->tot_len > s->rx_limit_bytes)
		goto drop;
	d = net_alloc(sizeof(*d));
	if (!d)
		goto drop;
	d->p = p;
	d->from = *from;
	d->port = port;
	note_arrival(d);
	s->rx_bytes += cost(d);
	list_push_back(&s->datagrams, &d->node);
	socket_wake(s);
	return;
drop:
	pbuf_free(p);
}

struct socket *udp_socket_of(const struct udp_pcb *pcb)
{
	return pcb->recv == on_receive ? pcb->recv_arg : NULL;
}

static void datagram_free(struct socket *s, struct datagram *d)
{
	s->rx_bytes -= cost(d);
	list_remove(&d->node);
	pbuf_free(d->p);
	net_free(d, sizeof(*d));
}

static int make_pcb(struct socket *s)
{
	if (s->udp)
		return 0;
	s->udp = udp_new_ip_type(socket_address_type(s));
	if (!s->udp)
		return -ENOBUFS;
	udp_recv(s->udp, on_receive, s);
	s->udp->mcast_ttl = 1;
	udp_setflags(s->udp, UDP_FLAGS_MULTICAST_LOOP);
	return 0;
}

static void note_local(struct socket *s)
{
	s->local = s->udp->local_ip;
	s->local_port = s->udp->local_port;
}

static int udp_sock_bind(struct socket *s, const ip_addr_t *a, uint16_t port)
{
	err_t err = ERR_USE;
	int ret = make_pcb(s);

	if (ret)
		return ret;
	if (port)
		err = udp_bind(s->udp, a, port);
	for (int i = 0; !port && i < SOCKET_PORT_TRIES && err == ERR_USE; i++)
		err = udp_bind(s->udp, a, socket_pick_port());
	if (!port && err == ERR_USE)
		err = udp_bind(s->udp, a, 0);
	if (err == ERR_OK)
		note_local(s);
	return net_errno(err);
}

/* A socket that sends or connects has a port. */
static int need_port(struct socket *s)
{
	if (s->local_port)
		return 0;
	return udp_sock_bind(s,
			     socket_address_type(s) == IPADDR_TYPE_V4 ? IP4_ADDR_ANY
			     : s->v6only                              ? IP6_ADDR_ANY
								      : IP_ANY_TYPE,
			     0);
}

/* The name of a connected socket is where its datagrams come from. */
static void note_source(struct socket *s, const ip_addr_t *peer)
{
	struct netif *n = ip_route(&s->udp->local_ip, peer);
	const ip_addr_t *source = n ? ip_netif_get_local_ip(n, peer) : NULL;

	note_local(s);
	if (source && ip_addr_isany(&s->local))
		s->local = *source;
}

int udp_sock_connect(struct socket *s, const ip_addr_t *a, uint16_t port)
{
	int err = need_port(s);

	if (err)
		return err;
	if (!a) {
		udp_disconnect(s->udp);
		note_local(s);
		s->state = SOCKET_FRESH;
		return 0;
	}
	err = net_errno(udp_connect(s->udp, a, port));
	if (err)
		return err;
	s->state = SOCKET_CONNECTED;
	s->peer = *a;
	s->peer_port = port;
	note_source(s, a);
	return 0;
}

static int udp_sock_shutdown(struct socket *s, bool rd, bool wr)
{
	if (s->state != SOCKET_CONNECTED)
		return -ENOTCONN;
	s->read_over |= rd;
	s->write_over |= wr;
	socket_wake(s);
	return 0;
}

static bool has_input(const struct socket *s)
{
	return READ_ONCE(s->rx_bytes) || READ_ONCE(s->error) || READ_ONCE(s->read_over);
}

static size_t copy_out(const struct datagram *d, const struct transfer *t, size_t room)
{
	struct iov_cursor to = { t->iov, t->niov, 0 };
	size_t left = MIN(room, (size_t)d->p->tot_len), n = left;

	for (struct pbuf *p = d->p; p && left; p = p->next) {
		size_t here = MIN(left, (size_t)p->len);

		iov_put(&to, p->payload, here);
		left -= here;
	}
	return n;
}

static ssize_t take_first(struct socket *s, struct transfer *t)
{
	struct datagram *d = container_of(s->datagrams.next, struct datagram, node);
	size_t len = d->p->tot_len, n = copy_out(d, t, iov_bytes(t->iov, t->niov));

	t->has_address = true;
	t->address = d->from;
	t->port = d->port;
	if (n < len)
		t->out_flags = MSG_TRUNC;
	if (unlikely(s->want && t->ancillary))
		socket_extras->put_info(s, d, t->ancillary);
	if (!(t->flags & MSG_PEEK))
		datagram_free(s, d);
	return t->flags & MSG_TRUNC ? len : n;
}

static ssize_t udp_sock_receive(struct socket *s, struct transfer *t)
{
	ns_t deadline = 0;
	int err;

	while (list_empty(&s->datagrams)) {
		if (s->error)
			return socket_take_error(s);
		if (s->read_over)
			return 0;
		if (socket_nonblocking(s, t->flags))
			return -EAGAIN;
		if (!deadline)
			deadline = time_deadline(s->receive_timeout);
		err = socket_wait(s, has_input, deadline);
		if (err)
			return err;
	}
	return take_first(s, t);
}

static struct pbuf *gather(const struct transfer *t, size_t len)
{
	struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, len, PBUF_RAM);
	char *to;

	if (!p)
		return NULL;
	to = p->payload;
	for (int i = 0; i < t->niov; i++) {
		__builtin_memcpy(to, t->iov[i].iov_base, t->iov[i].iov_len);
		to += t->iov[i].iov_len;
	}
	return p;
}

/*
 * A datagram that goes out in fragments has its checksum made here: the device sees only pieces.
 */
static err_t send_pbuf(struct socket *s, struct pbuf *p, const ip_addr_t *to, u16_t port)
{
	struct netif *n = ip_route(&s->udp->local_ip, to);
	bool whole = !n || !n->mtu || p->tot_len + 48 <= n->mtu;
	err_t err;

	if (likely(whole) || !netif_sums_in_device(n))
		return udp_sendto(s->udp, p, to, port);
	n->chksum_flags |= NETIF_CHECKSUM_GEN_UDP;
	err = udp_sendto(s->udp, p, to, port);
	n->chksum_flags &= ~NETIF_CHECKSUM_GEN_UDP;
	return err;
}

/* sendmsg() says more about this one datagram. */
static UNIK_COLD err_t send_as(struct socket *s, const struct send_options *o, struct pbuf *p,
			       const ip_addr_t *to, u16_t port)
{
	struct udp_pcb *pcb = s->udp, saved = *pcb;
	err_t err;

	if (o->interface > UINT8_MAX) /* not the one that it would be, cut to lwIP's byte */
		return ERR_RTE;
	if (o->interface)
		pcb->netif_idx = pcb->mcast_ifindex = o->interface;
	if (o->source_family == AF_INET) {
		IP_SET_TYPE(&pcb->local_ip, IPADDR_TYPE_V4);
		memcpy(ip_2_ip4(&pcb->local_ip), o->source, 4);
	} else if (o->source_family == AF_INET6) {
		ip_addr_set_zero_ip6(&pcb->local_ip);
		memcpy(ip_2_ip6(&pcb->local_ip)->addr, o->source, 16);
	}
	if (o->ttl >= 0)
		pcb->ttl = pcb->mcast_ttl = o->ttl;
	if (o->tos >= 0)
		pcb->tos = o->tos;
	err = send_pbuf(s, p, to, port);
	pcb->netif_idx = saved.netif_idx;
	pcb->mcast_ifindex = saved.mcast_ifindex;
	pcb->local_ip = saved.local_ip;
	pcb->ttl = saved.ttl;
	pcb->mcast_ttl = saved.mcast_ttl;
	pcb->tos = saved.tos;
	return err;
}

static ssize_t udp_sock_send(struct socket *s, struct transfer *t)
{
	size_t len = iov_bytes(t->iov, t->niov);
	const ip_addr_t *to = t->has_address ? &t->address : &s->peer;
	struct pbuf *p;
	int err;

	if (s->error)
		return socket_take_error(s);
	if (s->write_over)
		return -EPIPE;
	if (!t->has_address && s->state != SOCKET_CONNECTED)
		return -EDESTADDRREQ;
	if (len > UDP_MAX_BYTES)
		return -EMSGSIZE;
	err = need_port(s);
	if (err)
		return err;
	p = gather(t, len);
	if (!p)
		return -ENOBUFS;
	if (unlikely(t->options != NULL))
		err = send_as(s, t->options, p, to, t->has_address ? t->port : s->peer_port);
	else
		err = send_pbuf(s, p, to, t->has_address ? t->port : s->peer_port);
	pbuf_free(p);
	if (err == ERR_VAL) /* a broadcast address, and SO_BROADCAST is off */
		return -EACCES;
	return err == ERR_OK ? (ssize_t)len : net_errno(err);
}

static short udp_sock_poll(struct socket *s, short events)
{
	short now = POLLOUT | POLLWRNORM;

	(void)events;
	if (!list_empty(&s->datagrams) || s->read_over || s->error)
		now |= POLLIN | POLLRDNORM;
	if (s->error)
		now |= POLLERR;
	if (s->read_over)
		now |= POLLRDHUP;
	if (s->read_over && s->write_over)
		now |= POLLHUP;
	return now;
}

/* The first datagram's length; what is sent is not kept. */
static int udp_sock_queued(struct socket *s, bool out)
{
	if (out || list_empty(&s->datagrams))
		return 0;
	return container_of(s->datagrams.next, struct datagram, node)->p->tot_len;
}

static void udp_sock_close(struct socket *s)
{
	if (s->udp)
		udp_remove(s->udp);
	while (!list_empty(&s->datagrams))
		datagram_free(s, container_of(s->datagrams.next, struct datagram, node));
}

const struct socket_ops udp_socket_ops = {
	.type = SOCK_DGRAM,
	.prepare = make_pcb,
	.bind = udp_sock_bind,
	.shutdown = udp_sock_shutdown,
	.receive = udp_sock_receive,
	.send = udp_sock_send,
	.poll = udp_sock_poll,
	.queued = udp_sock_queued,
	.close = udp_sock_close,
};
