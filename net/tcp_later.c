// SPDX-License-Identifier: BSD-2-Clause
/*
 * Connections without blocking that are asked for before DHCP or router advertisements have given
 * this machine an address. A clock looks after them while there are any.
 */
#include <errno.h>
#include "net/net.h"
#include "net/tcp_socket.h"

#define LOOK_EVERY_MS 50

static struct list waiting = LIST_INIT(waiting); /* by accept_node */

static bool any_waiting(void)
{
	return !list_empty(&waiting);
}

/* -EAGAIN: it may still come. */
static int address_for(const ip_addr_t *a)
{
	if (ip_addr_isloopback(a))
		return 0;
	return net_address_state(IP_IS_V6(a) && !ip6_addr_islinklocal(ip_2_ip6(a)));
}

static void try_again(struct socket *s)
{
	int err = address_for(&s->peer);

	if (err == -EAGAIN)
		return;
	list_remove(&s->accept_node);
	if (!err)
		err = tcp_start_connect(s, &s->peer, s->peer_port);
	if (!err)
		return;
	s->state = SOCKET_FRESH;
	s->error = err;
	socket_wake(s);
}

static void look(void)
{
	list_for_each_safe (it, &waiting)
		try_again(list_entry(it, struct socket, accept_node));
}

static struct net_clock_state look_state;
static const struct net_clock look_clock = { look, any_waiting, LOOK_EVERY_MS, &look_state };

bool tcp_connect_later(struct socket *s, const ip_addr_t *a, uint16_t port)
{
	static bool added;

	if (address_for(a) != -EAGAIN)
		return false;
	if (!added)
		net_clock_add(&look_clock);
	added = true;
	s->peer = *a;
	s->peer_port = port;
	s->state = SOCKET_CONNECTING;
	list_push_back(&waiting, &s->accept_node);
	net_timers_kick();
	return true;
}
