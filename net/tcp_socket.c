// SPDX-License-Identifier: BSD-2-Clause
#include "net/tcp_socket.h"
#include "kernel/log.h"
#include "net/err.h"
#include "net/hooks.h"
#include "net/mem.h"
#include "net/net.h"
#include <lwip/priv/tcp_priv.h>
#include <errno.h>
#include <poll.h>

#define BACKLOG_MAX 1024 /* half-open and not yet accepted connections of a listener */

/* The way in from lwIP */

static int errno_of_end(const struct socket *s, err_t err)
{
	if (err == ERR_CLSD)
		return 0;
	if (err == ERR_RST && s->state == SOCKET_CONNECTING)
		return -ECONNREFUSED;
	if (err == ERR_ABRT && net_in_tick)
		return -ETIMEDOUT;
	return net_errno(err);
}

void tcp_fail(struct socket *s, int err)
{
	s->tcp = NULL;
	s->error = err;
	if (s->state == SOCKET_CONNECTING) {
		s->state = SOCKET_FRESH;
		s->local_port = 0;
	} else {
		s->read_over = s->write_over = true;
	}
	socket_wake(s);
}

static void on_error(void *arg, err_t err)
{
	struct socket *s = arg;

	tcp_fail(s, errno_of_end(s, err));
}

struct socket *tcp_socket_of(const struct tcp_pcb *pcb)
{
	return pcb->errf == on_error ? pcb->callback_arg : NULL;
}

static void attach(struct socket *s, struct tcp_pcb *pcb)
{
	s->tcp = pcb;
	tcp_arg(pcb, s);
	tcp_recv(pcb, tcp_on_receive);
	tcp_sent(pcb, tcp_on_sent);
	tcp_err(pcb, on_error);
}

void tcp_detach(struct socket *s)
{
	struct tcp_pcb *pcb = s->tcp;

	tcp_arg(pcb, NULL);
	tcp_recv(pcb, NULL);
	tcp_sent(pcb, NULL);
	tcp_err(pcb, NULL);
	tcp_poll(pcb, NULL, 0); /* which wakes it: what it waits for changes with its owner */
	s->tcp = NULL;
}

void tcp_let_go(struct socket *s)
{
	tcp_set_flags(s->tcp, TF_RXCLOSED);
	tcp_detach(s);
}

/* The connection has come up: names are known, and the window may be smaller than lwIP's. */
void tcp_connected(struct socket *s)
{
	struct tcp_pcb *pcb = s->tcp;

	s->state = SOCKET_CONNECTED;
	s->local = pcb->local_ip;
	s->local_port = pcb->local_port;
	s->peer = pcb->remote_ip;
	s->peer_port = pcb->remote_port;
	if (s->rx_limit_bytes < pcb->rcv_wnd)
		pcb->rcv_wnd = pcb->rcv_ann_wnd = s->rx_limit_bytes;
}

static void inherit(struct socket *s, const struct socket *listener)
{
	s->v6only = listener->v6only;
	s->no_delay = listener->no_delay;
	s->linger = listener->linger;
	s->linger_s = listener->linger_s;
	s->cork = listener->cork;
	s->rx_low_bytes = listener->rx_low_bytes;
	s->rx_limit_bytes = listener->rx_limit_bytes;
	socket_set_send_limit(s, listener->tx_limit_bytes);
	s->receive_timeout = listener->receive_timeout;
	s->send_timeout = listener->send_timeout;
}

/* A handshake is complete; the connection waits on the listener's list. */
static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
	struct socket *listener = arg, *s;

	if (err != ERR_OK || !pcb)
		return ERR_VAL;
	if (unlikely(listener->reuse_port)) {
		listener = socket_extras->pick(listener, &pcb->remote_ip, pcb->remote_port);
		pcb->listener = listener->listener;
	}
	s = socket_alloc(&tcp_socket_ops, listener->domain);
	if (!s)
		return ERR_MEM;
	inherit(s, listener);
	attach(s, pcb);
	if (s->no_delay)
		tcp_nagle_disable(pcb);
	tcp_backlog_delayed(pcb);
	tcp_connected(s);
	list_push_back(&listener->accepts, &s->accept_node);
	socket_wake(listener);
	return ERR_OK;
}

int net_listen_full(struct tcp_pcb_listen *listener)
{
	struct tcp_pcb *oldest = NULL;

	for (struct tcp_pcb *p = tcp_active_pcbs; p && !p->asleep; p = p->next)
		if (p->state == SYN_RCVD && p->listener == listener &&
		    (!oldest || tcp_ticks - p->tmr >= tcp_ticks - oldest->tmr))
			oldest = p;
	if (!oldest)
		return 0;
	tcp_abandon(oldest, 0);
	return 1;
}

/* The way in from callers */

int tcp_make_pcb(struct socket *s)
{
	struct tcp_pcb *pcb;

	if (s->tcp)
		return 0;
	pcb = tcp_new_ip_type(socket_address_type(s));
	if (!pcb)
		return -ENOBUFS;
	attach(s, pcb);
	if (s->no_delay)
		tcp_nagle_disable(pcb);
	return 0;
}

int tcp_bind_pcb(struct socket *s, const ip_addr_t *a, uint16_t port)
{
	err_t err = ERR_USE;

	if (port)
		return net_errno(tcp_bind(s->tcp, a, port));
	for (int i = 0; i < SOCKET_PORT_TRIES && err == ERR_USE; i++)
		err = tcp_bind(s->tcp, a, socket_pick_port());
	if (err == ERR_USE)
		err = tcp_bind(s->tcp, a, 0);
	return net_errno(err);
}

static int tcp_sock_bind(struct socket *s, const ip_addr_t *a, uint16_t port)
{
	int err = tcp_make_pcb(s);

	if (!err)
		err = tcp_bind_pcb(s, a, port);
	if (err)
		return err;
	s->local = s->tcp->local_ip;
	s->local_port = s->tcp->local_port;
	return 0;
}

/* A listener that shutdown() ended has its name still, but no pcb. */
static int bind_again(struct socket *s)
{
	int err = tcp_make_pcb(s);

	if (err)
		return err;
	ip_set_option(s->tcp, SOF_REUSEADDR);
	return net_errno(tcp_bind(s->tcp, &s->local, s->local_port));
}

static int tcp_sock_listen(struct socket *s, int backlog)
{
	struct tcp_pcb *lpcb;
	err_t why = ERR_OK;
	int err = 0;

	backlog = MIN(MAX(backlog, 1), BACKLOG_MAX);
	if (s->state == SOCKET_LISTENING) {
		s->listener->backlog = backlog;
		return 0;
	}
	if (s->state != SOCKET_FRESH)
		return -EINVAL;
	if (s->local_port && !s->tcp)
		err = bind_again(s);
	else if (!s->local_port)
		err = tcp_sock_bind(s, s->domain == AF_INET ? IP4_ADDR_ANY : IP_ANY_TYPE, 0);
	if (err)
		return err;
	if (s->reuse_port) /* several may have this name; lwIP would allow one */
		ip_reset_option(s->tcp, SOF_REUSEADDR);
	tcp_err(s->tcp, NULL); /* the listener's pcb is another one */
	lpcb = tcp_listen_with_backlog_and_err(s->tcp, 1, &why);
	if (!lpcb) {
		attach(s, s->tcp);
		return net_errno(why);
	}
	s->listener = (struct tcp_pcb_listen *)lpcb;
	s->listener->backlog = backlog;
	s->state = SOCKET_LISTENING;
	if (s->reuse_port)
		ip_set_option(lpcb, SOF_REUSEADDR);
	tcp_arg(lpcb, s);
	tcp_accept(lpcb, on_accept);
	return 0;
}

static bool has_accepts(const struct socket *s)
{
	return READ_ONCE(s->accepts.next) != &s->accepts || READ_ONCE(s->state) != SOCKET_LISTENING;
}

static int tcp_sock_accept(struct socket *s, struct socket **out)
{
	struct socket *child;
	int err;

	while (s->state != SOCKET_LISTENING || list_empty(&s->accepts)) {
		if (s->state != SOCKET_LISTENING)
			return -EINVAL;
		if (socket_nonblocking(s, 0))
			return -EAGAIN;
		err = socket_wait(s, has_accepts, time_deadline(s->receive_timeout));
		if (err)
			return err;
	}
	child = container_of(list_pop_front(&s->accepts), struct socket, accept_node);
	if (child->tcp)
		tcp_backlog_accepted(child->tcp);
	*out = child;
	return 0;
}

static void end_writing(struct socket *s)
{
	s->write_over = true;
	if (!s->tcp)
		return;
	tcp_pcb_touch(s->tcp);
	tcp_shutdown(s->tcp, 0, 1);
	if (s->tcp && s->tcp->state > CLOSE_WAIT) /* the peer's FIN came before: all is said */
		tcp_let_go(s);
}

static int tcp_sock_shutdown(struct socket *s, bool rd, bool wr)
{
	if (s->state == SOCKET_LISTENING && rd) {
		tcp_stop_listening(s); /* as Linux has it: accept() that waits gives EINVAL */
		return 0;
	}
	if (s->state != SOCKET_CONNECTED)
		return -ENOTCONN;
	if (rd)
		s->read_over = true;
	if (wr && !s->write_over)
		end_writing(s);
	socket_wake(s);
	return 0;
}

static UNIK_NOINLINE short poll_any(struct socket *s, short events)
{
	short now = 0;

	if (s->state == SOCKET_LISTENING)
		return list_empty(&s->accepts) ? 0 : POLLIN | POLLRDNORM;
	if (s->state == SOCKET_CONNECTING)
		return 0;
	if (unlikely(s->error))
		now |= POLLERR | POLLIN | POLLRDNORM;
	if (s->state == SOCKET_FRESH)
		return now | POLLOUT | POLLHUP;
	if (s->rx_bytes >= s->rx_low_bytes || s->read_over)
		now |= POLLIN | POLLRDNORM;
	if (unlikely(s->read_over))
		now |= s->write_over ? POLLRDHUP | POLLHUP : POLLRDHUP;
	if (!(events & SOCKET_POLL_LOCKED))
		return now;
	if (!s->tcp || s->write_over || tcp_writable(s))
		now |= POLLOUT | POLLWRNORM;
	else
		tcp_want_space(s);
	return now;
}

/* Mostly a connection is asked for input. */
static short tcp_sock_poll(struct socket *s, short events)
{
	if (likely(s->state == SOCKET_CONNECTED && !s->error && !s->read_over &&
		   !(events & SOCKET_POLL_LOCKED)))
		return s->rx_bytes >= s->rx_low_bytes ? POLLIN | POLLRDNORM : 0;
	return poll_any(s, events);
}

/* Closing */

void tcp_stop_listening(struct socket *s)
{
	struct list *node;

	tcp_close((struct tcp_pcb *)s->listener);
	s->tcp = NULL;
	s->state = SOCKET_FRESH;
	while ((node = list_pop_front(&s->accepts))) {
		struct socket *child = container_of(node, struct socket, accept_node);

		child->linger = true;
		child->linger_s = 0; /* nobody has seen it: reset */
		child->ops->close(child);
		net_free(child, sizeof(*child));
	}
	socket_wake(s);
}

static bool is_drained(const struct socket *s)
{
	const struct tcp_pcb *pcb = READ_ONCE(s->tcp);

	return !pcb || (!pcb->unacked && !pcb->unsent);
}

/* SO_LINGER: give the peer time to acknowledge everything. tcp_on_sent() wakes us. */
static void linger(struct socket *s)
{
	ns_t deadline = time_deadline(s->linger_s * NS_PER_S);

	if (!s->write_over)
		end_writing(s);
	while (!is_drained(s) && time_now() < deadline) {
		s->want_space = true;
		net_leave();
		(void)wait_event_until(&s->file.wait, !READ_ONCE(s->want_space) || is_drained(s),
				       deadline);
		net_enter();
	}
}

static void close_connection(struct socket *s)
{
	struct tcp_pcb *pcb;
	bool reset = s->state == SOCKET_CONNECTED && ((s->linger && !s->linger_s) || s->rx_bytes);

	if (s->linger && s->linger_s && !reset && s->state == SOCKET_CONNECTED)
		linger(s);
	pcb = s->tcp;
	if (!pcb)
		return;
	tcp_detach(s);
	if (reset) { /* RFC 2525, 2.17: unread data was lost, say so */
		tcp_abort(pcb);
		return;
	}
	pcb->rcv_wnd = TCP_WND_MAX(pcb); /* all was read; lwIP would take less for unread data */
	if (tcp_close(pcb) != ERR_OK)
		tcp_abort(pcb);
}

static void tcp_sock_close(struct socket *s)
{
	list_remove(&s->accept_node);
	if (s->state == SOCKET_LISTENING)
		tcp_stop_listening(s);
	else if (s->tcp)
		close_connection(s);
	tcp_drop_received(s);
}

static int tcp_sock_queued(struct socket *s, bool out)
{
	if (s->state == SOCKET_LISTENING)
		return -EINVAL;
	if (!out)
		return s->rx_bytes;
	return s->tcp ? TCP_SND_BUF - s->tcp->snd_buf : 0;
}

struct socket *tcp_listener_of(const struct tcp_pcb_listen *lpcb)
{
	return lpcb->accept == on_accept ? lpcb->callback_arg : NULL;
}

const struct socket_ops tcp_socket_ops = {
	.type = SOCK_STREAM,
	.prepare = tcp_make_pcb,
	.bind = tcp_sock_bind,
	.listen = tcp_sock_listen,
	.accept = tcp_sock_accept,
	.shutdown = tcp_sock_shutdown,
	.receive = tcp_sock_receive,
	.send = tcp_sock_send,
	.poll = tcp_sock_poll,
	.queued = tcp_sock_queued,
	.close = tcp_sock_close,
};
