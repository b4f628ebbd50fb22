// SPDX-License-Identifier: BSD-2-Clause
/*
 * unix_data.c - data through the local family's sockets.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include "kernel/heap.h"
#include "lib/posix/unix_socket.h"

#define PIECE_BYTES    (16 * 1024u) /* the most of a stream in one packet */
#define OVERHEAD_BYTES 128u         /* what a packet costs beyond its bytes */

/* Packets */

/* Those whose files are to be put. A file's end may free a socket with packets of its own, and so
 * on: they are taken in turn, not one inside of the other. */
static struct list doomed = LIST_INIT(doomed);
static bool burying; /* somebody is at work on them */

static void bury(struct unix_packet *p)
{
	for (unsigned i = 0; i < p->nfiles; i++)
		file_put(p->files[i]);
	kfree(p);
}

void unix_packets_drop(struct list *packets)
{
	struct list *node;

	mutex_lock(&unix_lock);
	while ((node = list_pop_front(packets))) {
		unix_name_put(container_of(node, struct unix_packet, node)->from);
		list_push_back(&doomed, node);
	}
	if (burying)
		goto out;
	burying = true;
	while ((node = list_pop_front(&doomed))) {
		mutex_unlock(&unix_lock);
		bury(container_of(node, struct unix_packet, node));
		mutex_lock(&unix_lock);
	}
	burying = false;
out:
	mutex_unlock(&unix_lock);
}

static size_t iov_total(const struct iovec *iov, int niov)
{
	size_t n = 0;

	for (int i = 0; i < niov; i++)
		n += iov[i].iov_len;
	return n;
}

/* Bytes `at`… of the vector to or from `flat`. */
static void iov_copy(const struct iovec *iov, size_t at, char *flat, size_t len, bool to_flat)
{
	for (; len; iov++) {
		size_t here;

		if (at >= iov->iov_len) {
			at -= iov->iov_len;
			continue;
		}
		here = MIN(len, iov->iov_len - at);
		if (to_flat)
			memcpy(flat, (char *)iov->iov_base + at, here);
		else
			memcpy((char *)iov->iov_base + at, flat, here);
		flat += here;
		len -= here;
		at = 0;
	}
}

/* A packet with the bytes at..at+len of the message, and its files if it is the first. */
static struct unix_packet *packet_make(const struct message *m, size_t at, size_t len)
{
	const struct send_options *o = at ? NULL : m->options;
	unsigned nfiles = o ? o->nfiles : 0;
	size_t body = ALIGN_UP(sizeof(struct unix_packet) + len, sizeof(void *));
	struct unix_packet *p = kalloc(body + nfiles * sizeof(struct file *));

	if (!p)
		return NULL;
	*p = (struct unix_packet){ .len = len, .nfiles = nfiles };
	p->files = (struct file **)((char *)p + body);
	for (unsigned i = 0; i < nfiles; i++)
		p->files[i] = file_get(o->files[i]);
	iov_copy(m->iov, at, p->data, len, true);
	return p;
}

static void packet_free_unsent(struct unix_packet *p)
{
	struct list one;

	list_init(&one);
	list_push_back(&one, &p->node);
	unix_packets_drop(&one);
}

/* Sending */

static uint32_t cost(const struct unix_packet *p)
{
	return p->len + OVERHEAD_BYTES;
}

/* May s queue len more bytes on `to`? One packet always goes in where none is. */
static bool fits(const struct unix_socket *s, const struct unix_socket *to, size_t len)
{
	if (!to->npackets)
		return true;
	return to->rx_bytes + len + OVERHEAD_BYTES <= s->tx_limit_bytes &&
	       (s->type == SOCK_STREAM || to->npackets < UNIX_PACKETS_MOST);
}

static void deliver(struct unix_socket *s, struct unix_socket *to, struct unix_packet *p)
{
	if (s->name && s->type != SOCK_STREAM) {
		p->from = s->name;
		p->from->refs++;
	}
	list_push_back(&to->packets, &p->node);
	to->npackets++;
	to->rx_bytes += cost(p);
	wait_queue_wake_all(&to->file.wait);
}

struct goal {
	struct unix_socket *to;
	size_t len;
};

static bool can_send(struct unix_socket *s, void *arg)
{
	struct goal *g = arg;

	if (s->error || s->write_over || (s->state == UNIX_CONNECTED && !s->peer))
		return true;
	return g->to->read_over || fits(s, g->to, g->len);
}

/* Where a message goes: the named socket, or the peer. Under the lock. */
static int find_goal(struct unix_socket *s, const struct unix_target *t, struct unix_socket **to)
{
	if (s->error) {
		int err = s->error;

		s->error = 0;
		return err;
	}
	if (s->write_over)
		return -EPIPE;
	if (t) {
		int err = unix_find(t, s->type, to);

		if (!err && (*to)->peer && (*to)->peer != s)
			err = -EPERM;
		return err;
	}
	if (s->state != UNIX_CONNECTED)
		return s->type == SOCK_DGRAM ? -EDESTADDRREQ : -ENOTCONN;
	if (!s->peer)
		return s->type == SOCK_DGRAM ? -ECONNREFUSED : -EPIPE;
	*to = s->peer;
	return 0;
}

/* One packet on its way; sleeps for room. Under the lock, which is released meanwhile. */
static int send_packet(struct unix_socket *s, const struct message *m, const struct unix_target *t,
		       struct unix_packet *p, ns_t deadline)
{
	struct goal g = { .len = p->len };
	int err;

	for (;;) {
		err = find_goal(s, t, &g.to);
		if (err)
			return err;
		if (g.to->read_over)
			return -EPIPE;
		if (fits(s, g.to, p->len)) {
			deliver(s, g.to, p);
			return 0;
		}
		if (unix_nonblocking(s, m->flags))
			return -EAGAIN;
		err = unix_wait(s, g.to, can_send, &g, deadline);
		if (err)
			return err;
	}
}

/* How much of a stream goes into the next packet: what fits, and something at least. */
static size_t piece(struct unix_socket *s, size_t left)
{
	size_t most = MIN((size_t)PIECE_BYTES, s->tx_limit_bytes / 4);

	return s->type == SOCK_STREAM ? MIN(left, most) : left;
}

/* t: where a datagram goes, NULL: to the peer. */
static ssize_t send_all(struct unix_socket *s, const struct message *m, const struct unix_target *t)
{
	size_t total = iov_total(m->iov, m->niov), done = 0;
	ns_t deadline = time_deadline(s->send_timeout);
	int err = 0;

	if (s->type != SOCK_STREAM && total + OVERHEAD_BYTES > s->tx_limit_bytes)
		return -EMSGSIZE;
	if (!total && s->type == SOCK_STREAM)
		return 0;
	do {
		size_t here = piece(s, total - done);
		struct unix_packet *p = packet_make(m, done, here);

		if (!p) {
			err = -ENOBUFS;
			break;
		}
		mutex_lock(&unix_lock);
		err = send_packet(s, m, t, p, deadline);
		mutex_unlock(&unix_lock);
		if (err)
			packet_free_unsent(p);
		else
			done += here;
	} while (!err && done < total);
	return done ? (ssize_t)done : err;
}

ssize_t unix_send(struct file *f, const struct message *m)
{
	struct unix_socket *s = unix_of(f);
	struct unix_target t;
	ssize_t n;

	if (m->flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (!m->name || !m->name_len)
		return send_all(s, m, NULL);
	if (s->type != SOCK_DGRAM)
		return s->state == UNIX_CONNECTED ? -EISCONN : -EOPNOTSUPP;
	n = unix_target_read(m->name, m->name_len, &t);
	if (n)
		return n;
	n = send_all(s, m, &t);
	unix_target_end(&t);
	return n;
}

/* Receiving */

static struct unix_packet *first(struct unix_socket *s)
{
	return s->npackets ? container_of(s->packets.next, struct unix_packet, node) : NULL;
}

/* There is room now for whoever sends to s: its peer, or those connected to a datagram socket. */
static void wake_senders(struct unix_socket *s)
{
	wait_queue_wake_all(&s->file.wait);
	if (s->type != SOCK_DGRAM) {
		if (s->peer)
			wait_queue_wake_all(&s->peer->file.wait);
		return;
	}
	list_for_each (it, &unix_all) {
		struct unix_socket *other = list_entry(it, struct unix_socket, node);

		if (other->peer == s)
			wait_queue_wake_all(&other->file.wait);
	}
}

static void drop_first(struct unix_socket *s, struct list *gone)
{
	struct unix_packet *p = first(s);

	list_remove(&p->node);
	s->npackets--;
	s->rx_bytes -= cost(p);
	list_push_back(gone, &p->node);
	wake_senders(s);
}

static bool can_receive(struct unix_socket *s, void *arg)
{
	return s->npackets || s->read_over || s->error;
}

/* 0 there is a packet, 1 end of file, or -errno. Under the lock, which is released meanwhile. */
static int wait_packet(struct unix_socket *s, int flags, ns_t deadline)
{
	int err;

	while (!s->npackets) {
		if (s->error) {
			err = s->error;
			s->error = 0;
			return err;
		}
		if (s->read_over)
			return 1;
		if (s->state != UNIX_CONNECTED && s->type != SOCK_DGRAM)
			return s->state == UNIX_LISTENING ? -EINVAL : -ENOTCONN;
		if (unix_nonblocking(s, flags))
			return -EAGAIN;
		err = unix_wait(s, NULL, can_receive, NULL, deadline);
		if (err)
			return err;
	}
	return 0;
}

/* What comes along with a packet. Files go to their descriptors without the lock; with MSG_PEEK
 * they stay, and descriptors get references of their own. */
struct along {
	struct file *files[UNIX_PASSED_MOST];
	unsigned nfiles;
	bool credentials;
};

static void take_along(struct unix_socket *s, struct unix_packet *p, const struct message *m,
		       struct along *a)
{
	bool peek = m->flags & MSG_PEEK;

	a->credentials = s->pass_credentials;
	for (unsigned i = 0; i < p->nfiles; i++)
		a->files[i] = peek ? file_get(p->files[i]) : p->files[i];
	a->nfiles = p->nfiles;
	if (!peek)
		p->nfiles = 0;
}

static void give_along(struct along *a, struct message *m)
{
	struct ucred who = unix_credentials();

	if (m->ancillary && a->credentials)
		m->ancillary->put(m->ancillary, SOL_SOCKET, SCM_CREDENTIALS, &who, sizeof(who));
	if (m->ancillary && a->nfiles) {
		m->ancillary->passed(m->ancillary, a->files, a->nfiles);
		return;
	}
	if (a->nfiles) /* read() without recvmsg(): nobody wants them */
		m->flags |= MSG_CTRUNC;
	for (unsigned i = 0; i < a->nfiles; i++)
		file_put(a->files[i]);
}

/* Bytes of a stream until the vector is full, the queue is empty or files come. */
static size_t take_stream(struct unix_socket *s, struct message *m, size_t done, size_t want,
			  struct along *a, struct list *gone)
{
	bool peek = m->flags & MSG_PEEK;
	struct list *at = s->packets.next;

	while (done < want && at != &s->packets) {
		struct unix_packet *p = container_of(at, struct unix_packet, node);
		size_t here = MIN(want - done, p->len - p->done);

		if (p->nfiles && (done || a->nfiles))
			break;
		if (p->nfiles)
			take_along(s, p, m, a);
		iov_copy(m->iov, done, p->data + p->done, here, false);
		done += here;
		at = at->next;
		if (peek)
			continue;
		p->done += here;
		if (p->done == p->len)
			drop_first(s, gone);
	}
	return done;
}

static ssize_t receive_stream(struct unix_socket *s, struct message *m, struct along *a,
			      struct list *gone)
{
	size_t want = iov_total(m->iov, m->niov), done = 0;
	ns_t deadline = time_deadline(s->receive_timeout);
	int err = 0;

	if (!want)
		return 0;
	do {
		err = wait_packet(s, m->flags, deadline);
		if (err)
			break;
		a->credentials = s->pass_credentials;
		done = take_stream(s, m, done, want, a, gone);
	} while (done < want && (m->flags & MSG_WAITALL) && !(m->flags & MSG_PEEK) && !a->nfiles);
	return done || err > 0 ? (ssize_t)done : err;
}

static ssize_t receive_packet(struct unix_socket *s, struct message *m, struct along *a,
			      struct list *gone)
{
	int asked = m->flags, err = wait_packet(s, asked, time_deadline(s->receive_timeout));
	struct unix_packet *p = first(s);
	size_t room = iov_total(m->iov, m->niov), len;

	if (err) {
		m->name_len = 0;
		return err > 0 ? 0 : err;
	}
	len = p->len;
	take_along(s, p, m, a);
	iov_copy(m->iov, 0, p->data, MIN(room, len), false);
	if (m->name)
		unix_name_write(p->from, m->name, &m->name_len);
	if (!(asked & MSG_PEEK))
		drop_first(s, gone);
	m->flags = (room < len ? MSG_TRUNC : 0) | (s->type == SOCK_SEQPACKET ? MSG_EOR : 0);
	return asked & MSG_TRUNC ? len : MIN(room, len);
}

ssize_t unix_receive(struct file *f, struct message *m)
{
	struct unix_socket *s = unix_of(f);
	struct along a = { .nfiles = 0 };
	struct list gone;
	ssize_t n;

	if (m->flags & MSG_OOB)
		return -EOPNOTSUPP;
	list_init(&gone);
	mutex_lock(&unix_lock);
	if (s->type == SOCK_STREAM) {
		n = receive_stream(s, m, &a, &gone);
		m->flags = 0;
		m->name_len = 0;
	} else {
		n = receive_packet(s, m, &a, &gone);
	}
	mutex_unlock(&unix_lock);
	if (n >= 0)
		give_along(&a, m);
	if (!list_empty(&gone))
		unix_packets_drop(&gone);
	return n;
}

/* Readiness */

static bool writable(const struct unix_socket *s)
{
	if (s->write_over || !s->peer)
		return true;
	return fits(s, s->peer, s->tx_limit_bytes / 4);
}

static short state_events(const struct unix_socket *s)
{
	short now = 0;

	if (s->state == UNIX_LISTENING)
		return s->naccepts ? POLLIN : 0;
	if (s->npackets || s->read_over || s->error)
		now |= POLLIN;
	if (s->error)
		now |= POLLERR;
	if (s->read_over)
		now |= POLLRDHUP;
	if (s->read_over && s->write_over)
		now |= POLLHUP;
	if (s->state == UNIX_FRESH && s->type != SOCK_DGRAM)
		return now | POLLOUT | POLLHUP;
	return writable(s) ? now | POLLOUT : now;
}

short unix_poll(struct file *f, short events)
{
	short now;

	mutex_lock(&unix_lock);
	now = state_events(unix_of(f));
	mutex_unlock(&unix_lock);
	return now;
}
