// SPDX-License-Identifier: BSD-2-Clause
#include <errno.h>
#include "net/net.h"
#include "net/socket.h"

static int connect_to(struct socket *s, const ip_addr_t *a, uint16_t port)
{
	int err;

	net_enter();
	if (s->ops->type == SOCK_STREAM)
		err = tcp_sock_connect(s, a, port);
	else
		err = udp_sock_connect(s, a, port);
	net_leave();
	return err;
}

int net_socket_connect(struct file *f, const struct sockaddr *name, socklen_t len)
{
	struct socket *s = socket_of_file(f);
	ip_addr_t a;
	uint16_t port;
	int err;

	if (name && len >= sizeof(name->sa_family) && name->sa_family == AF_UNSPEC)
		return connect_to(s, NULL, 0);
	err = socket_read_name(s, name, len, &a, &port);
	if (err)
		return err;
	socket_any_is_loopback(&a);
	if (!socket_nonblocking(s, 0) || s->ops->type == SOCK_DGRAM)
		err = socket_wait_route(&a);
	return err ? err : connect_to(s, &a, port);
}
