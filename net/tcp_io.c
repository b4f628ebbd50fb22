// SPDX-License-Identifier: BSD-2-Clause
#include "net/tcp_socket.h"
#include "net/err.h"
#include "net/mem.h"
#include "net/net.h"
#include <lwip/priv/tcp_priv.h>
#include <errno.h>
#include <string.h>

/* Receive. The queue's pbufs are linked by next; their tot_len means nothing any more. */

static void queue_append(struct socket *s, struct pbuf *p)
{
	if (s->rx_tail)
		s->rx_tail->next = p;
	else
		s->rx_head = p;
	s->rx_bytes += p->tot_len;
	while (p->next)
		p = p->next;
	s->rx_tail = p;
}

static void queue_drop_head(struct socket *s)
{
	struct pbuf *p = s->rx_head;

	s->rx_head = p->next;
	if (!s->rx_head)
		s->rx_tail = NULL;
	p->next = NULL;
	pbuf_free(p);
}

void tcp_drop_received(struct socket *s)
{
	while (s->rx_head)
		queue_drop_head(s);
	s->rx_bytes = 0;
}

/* lwIP takes at most 64 KiB at a time. */
static void window_open(struct socket *s, size_t len)
{
	while (s->tcp && len) {
		u16_t here = MIN(len, (size_t)UINT16_MAX);

		tcp_recved(s->tcp, here);
		len -= here;
	}
}

static void peer_finished(struct socket *s)
{
	s->read_over = true;
	if (s->write_over)
		tcp_let_go(s);
	socket_wake(s);
}

err_t tcp_on_receive(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
	struct socket *s = arg;

	(void)pcb;
	(void)err;
	if (!p) {
		peer_finished(s);
	} else if (unlikely(s->read_over)) { /* shutdown(SHUT_RD): nobody will read it */
		window_open(s, p->tot_len);
		pbuf_free(p);
	} else {
		queue_append(s, p);
		socket_wake(s);
	}
	return ERR_OK;
}

/* Moves up to len bytes to the caller and gives the window back. */
static size_t take(struct socket *s, struct iov_cursor *to, size_t len)
{
	size_t n = 0;

	while (n < len && s->rx_head) {
		struct pbuf *p = s->rx_head;
		size_t here = MIN(len - n, (size_t)p->len);

		iov_put(to, p->payload, here);
		n += here;
		if (here == p->len) {
			queue_drop_head(s);
			continue;
		}
		p->payload = (char *)p->payload + here;
		p->len -= here;
	}
	s->rx_bytes -= n;
	window_open(s, n);
	return n;
}

static size_t peek(const struct socket *s, struct iov_cursor *to, size_t len)
{
	size_t n = 0;

	for (struct pbuf *p = s->rx_head; p && n < len; p = p->next) {
		size_t here = MIN(len - n, (size_t)p->len);

		iov_put(to, p->payload, here);
		n += here;
	}
	return n;
}

static bool has_input(const struct socket *s)
{
	return READ_ONCE(s->rx_bytes) || READ_ONCE(s->read_over) || READ_ONCE(s->error) ||
	       READ_ONCE(s->state) == SOCKET_FRESH;
}

/* Why there is nothing to read: 0 end of file, -errno, or 1: wait. */
static int no_input(struct socket *s, int flags)
{
	if (s->error)
		return socket_take_error(s);
	if (s->state == SOCKET_CONNECTED && (s->read_over || !s->tcp))
		return 0;
	if (s->state != SOCKET_CONNECTED && s->state != SOCKET_CONNECTING)
		return -ENOTCONN;
	return socket_nonblocking(s, flags) ? -EAGAIN : 1;
}

static UNIK_NOINLINE ssize_t receive_pieces(struct socket *s, struct transfer *t)
{
	struct iov_cursor to = { t->iov, t->niov, 0 };
	size_t want = iov_bytes(t->iov, t->niov), got = 0;
	size_t enough = t->flags & MSG_WAITALL ? want : MIN(s->rx_low_bytes, want);
	ns_t deadline = 0;
	int err = 1;

	while (want) {
		if (s->rx_bytes) {
			if (t->flags & MSG_PEEK)
				return peek(s, &to, want);
			got += take(s, &to, want - got);
			if (got >= enough)
				break;
		}
		if (got && s->error) /* it is for the next call */
			break;
		err = no_input(s, t->flags);
		if (err <= 0)
			break;
		if (!deadline)
			deadline = time_deadline(s->receive_timeout);
		err = socket_wait(s, has_input, deadline);
		if (err)
			break;
	}
	return got || err > 0 ? (ssize_t)got : err;
}

/* Mostly one segment is there, and room for all of it. */
ssize_t tcp_sock_receive(struct socket *s, struct transfer *t)
{
	struct pbuf *p = s->rx_head;
	uint32_t len = s->rx_bytes;

	if (unlikely(len < s->rx_low_bytes || p->next || t->niov != 1 || len > t->iov->iov_len ||
		     t->flags & (MSG_PEEK | MSG_WAITALL)))
		return receive_pieces(s, t);
	memcpy(t->iov->iov_base, p->payload, len);
	queue_drop_head(s);
	s->rx_bytes = 0;
	window_open(s, len);
	return len;
}

/* Send */

uint32_t tcp_space(const struct socket *s)
{
	uint32_t used = TCP_SND_BUF - s->tcp->snd_buf, room;
	uint64_t share;

	if (used >= s->tx_limit_bytes || !tcp_has_memory(s->tcp))
		return 0;
	room = MIN(s->tx_limit_bytes - used, s->tcp->snd_buf);
	/* A segment takes a block, however small the peer wants its segments. */
	share = (uint64_t)tcp_share_left(s->tcp) * s->tcp->mss;
	if (unlikely((uint64_t)room * NET_MEM_SEGMENT_BYTES > share))
		room = share / NET_MEM_SEGMENT_BYTES;
	return room;
}

/* Called on every slow tick of a connection that lacks memory. */
static err_t on_poll(void *arg, struct tcp_pcb *pcb)
{
	struct socket *s = arg;

	if (tcp_space(s)) {
		tcp_poll(pcb, NULL, 0);
		s->want_space = false;
		socket_wake(s);
	}
	return ERR_OK;
}

void tcp_want_space(struct socket *s)
{
	s->want_space = true;
	/* When memory is what is missing, no acknowledgement of our own need bring it. */
	if (net_mem_low || !s->tcp->unacked)
		tcp_poll(s->tcp, on_poll, 1);
}

err_t tcp_on_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
	struct socket *s = arg;

	(void)len;
	if (unlikely(s->want_space) && (tcp_writable(s) || !pcb->unacked)) {
		s->want_space = false;
		socket_wake(s);
	}
	return ERR_OK;
}

/* Queues what fits of len bytes; less when memory is short. Returns how much. */
static size_t queue(struct socket *s, const char *from, size_t len, bool more)
{
	u16_t n = MIN(MIN(len, (size_t)tcp_space(s)), (size_t)UINT16_MAX);

	while (n) {
		u8_t flags = TCP_WRITE_FLAG_COPY | (more || n < len ? TCP_WRITE_FLAG_MORE : 0);

		if (tcp_write(s->tcp, from, n, flags) == ERR_OK)
			return n;
		n = n > TCP_MSS ? n / 2 : 0;
	}
	return 0;
}

static bool has_space(const struct socket *s)
{
	return !READ_ONCE(s->want_space) || READ_ONCE(s->write_over) || READ_ONCE(s->error);
}

/* Why nothing can be queued: -errno, or 0: it can. */
static int cannot_send(struct socket *s)
{
	if (unlikely(s->error))
		return socket_take_error(s);
	if (unlikely(s->write_over || (s->state == SOCKET_CONNECTED && !s->tcp)))
		return -EPIPE;
	if (s->state == SOCKET_CONNECTING)
		return -EAGAIN;
	return s->state == SOCKET_CONNECTED ? 0 : -ENOTCONN;
}

static bool can_send_or_failed(const struct socket *s)
{
	return READ_ONCE(s->state) != SOCKET_CONNECTING;
}

/* Sleeps until there is room, as far as this call may. Returns 0 or -errno. */
static int wait_space(struct socket *s, int flags, ns_t *deadline)
{
	if (socket_nonblocking(s, flags)) {
		if (s->tcp)
			tcp_want_space(s);
		return -EAGAIN;
	}
	if (!*deadline)
		*deadline = time_deadline(s->send_timeout);
	if (s->state == SOCKET_CONNECTING)
		return socket_wait(s, can_send_or_failed, *deadline);
	tcp_output(s->tcp);
	tcp_want_space(s);
	return socket_wait(s, has_space, *deadline);
}

/* One piece of the vector from `at` on. Returns 0 when all of it is queued, or -errno; *done counts
 * up. */
static int send_piece(struct socket *s, const struct iovec *v, size_t at, bool more, int flags,
		      size_t *done, ns_t *deadline)
{
	while (at < v->iov_len) {
		int err = cannot_send(s);
		size_t n = 0;

		if (!err)
			n = queue(s, (const char *)v->iov_base + at, v->iov_len - at, more);
		at += n;
		*done += n;
		if (!n && (!err || err == -EAGAIN))
			err = wait_space(s, flags, deadline);
		if (err)
			return err;
	}
	return 0;
}

/* More will follow: whole segments go out, the last piece waits for it, at most until lwIP's next
 * slow tick finds it unsent. */
static UNIK_NOINLINE void output_whole(struct tcp_pcb *pcb)
{
	bool no_delay = tcp_nagle_disabled(pcb);

	tcp_pcb_touch(pcb); /* for the slow tick to come */
	if (!pcb->unsent || (!pcb->unsent->next && pcb->unsent->len < pcb->mss))
		return;
	tcp_nagle_enable(pcb);
	tcp_output(pcb);
	if (no_delay)
		tcp_nagle_disable(pcb);
}

static inline void output(struct socket *s, int flags)
{
	if (unlikely(flags & MSG_MORE || s->cork))
		output_whole(s->tcp);
	else
		tcp_output(s->tcp);
}

/* The long way: `done` bytes of the first piece are queued. */
static UNIK_NOINLINE ssize_t send_pieces(struct socket *s, struct transfer *t, size_t done, int err)
{
	size_t at = done;
	ns_t deadline = 0;

	if (err == -EAGAIN)
		err = 0;
	for (int i = 0; i < t->niov && !err; i++, at = 0)
		err = send_piece(s, &t->iov[i], at, i + 1 < t->niov || (t->flags & MSG_MORE),
				 t->flags, &done, &deadline);
	if (s->tcp && s->state == SOCKET_CONNECTED)
		output(s, t->flags);
	return done ? (ssize_t)done : err;
}

/* Mostly there is one piece, and room for it. */
ssize_t tcp_sock_send(struct socket *s, struct transfer *t)
{
	size_t done = 0;
	int err = cannot_send(s);

	if (likely(t->niov == 1 && !err)) {
		done = queue(s, t->iov->iov_base, t->iov->iov_len, t->flags & MSG_MORE);
		if (likely(done == t->iov->iov_len)) {
			output(s, t->flags);
			return (ssize_t)done;
		}
	}
	return send_pieces(s, t, done, err);
}
