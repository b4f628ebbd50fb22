// SPDX-License-Identifier: BSD-2-Clause
/*
 * Connections that we begin.
 */
#include <errno.h>
#include "net/err.h"
#include "net/tcp_socket.h"

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
	struct socket *s = arg;

	(void)pcb;
	(void)err;
	tcp_connected(s);
	socket_wake(s);
	return ERR_OK;
}

static bool connect_decided(const struct socket *s)
{
	return READ_ONCE(s->state) != SOCKET_CONNECTING;
}

/* What connect() returns once the handshake is on its way. */
static int wait_connected(struct socket *s)
{
	int err;

	if (socket_nonblocking(s, 0))
		return -EINPROGRESS;
	err = socket_wait(s, connect_decided, time_deadline(s->send_timeout));
	if (err)
		return err == -EAGAIN ? -EINPROGRESS : err;
	return socket_take_error(s);
}

static int may_connect(struct socket *s)
{
	if (s->state == SOCKET_CONNECTED)
		return -EISCONN;
	if (s->state == SOCKET_CONNECTING)
		return -EALREADY;
	if (s->state == SOCKET_LISTENING)
		return -EOPNOTSUPP;
	return socket_take_error(s); /* how the connect() before this one went */
}

int tcp_start_connect(struct socket *s, const ip_addr_t *a, uint16_t port)
{
	int err = tcp_make_pcb(s);

	if (!err && !s->tcp->local_port)
		err = tcp_bind_pcb(s, IP_IS_V6(a) ? IP6_ADDR_ANY : IP4_ADDR_ANY, 0);
	if (err)
		return err;
	if (!port)
		return -ECONNREFUSED;
	err = net_errno(tcp_connect(s->tcp, a, port, on_connected));
	if (err)
		return err == -EADDRINUSE ? -EADDRNOTAVAIL : err;
	s->state = SOCKET_CONNECTING;
	s->local = s->tcp->local_ip;
	s->local_port = s->tcp->local_port;
	return 0;
}

/* connect() to AF_UNSPEC: as if s were new, the connection is reset. */
static int disconnect(struct socket *s)
{
	struct tcp_pcb *pcb = s->tcp;

	list_remove(&s->accept_node);
	if (s->state == SOCKET_LISTENING) {
		tcp_stop_listening(s);
	} else if (pcb) {
		tcp_detach(s);
		tcp_abort(pcb);
	}
	tcp_drop_received(s);
	s->state = SOCKET_FRESH;
	s->local_port = 0;
	s->error = 0;
	s->read_over = s->write_over = false;
	socket_wake(s);
	return 0;
}

int tcp_sock_connect(struct socket *s, const ip_addr_t *a, uint16_t port)
{
	int err;

	if (!a)
		return disconnect(s);
	err = may_connect(s);
	if (err)
		return err;
	if (socket_nonblocking(s, 0) && tcp_connect_later(s, a, port))
		return -EINPROGRESS;
	err = tcp_start_connect(s, a, port);
	return err ? err : wait_connected(s);
}
