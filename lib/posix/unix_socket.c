// SPDX-License-Identifier: BSD-2-Clause
/*
 * unix_socket.c - the local family: connections, closing.
 */
#include "lib/posix/unix_socket.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include "kernel/heap.h"
#include "lib/fs/vnode.h"
#include "lib/libc/fd.h"
#include "lib/libc/result.h"

#define BACKLOG_MAX 4096

struct mutex unix_lock = MUTEX_INIT(unix_lock);
struct list unix_all = LIST_INIT(unix_all);

/* Making */

static struct unix_socket *make(int type)
{
	struct unix_socket *s = kzalloc(sizeof(*s));

	if (!s)
		return NULL;
	file_init(&s->file, &unix_file_ops, O_RDWR);
	s->type = type;
	s->receive_timeout = s->send_timeout = NS_NEVER;
	s->tx_limit_bytes = s->rx_limit_bytes = UNIX_BUFFER_BYTES;
	list_init(&s->packets);
	list_init(&s->accepts);
	list_init(&s->accept_node);
	mutex_lock(&unix_lock);
	list_push_back(&unix_all, &s->node);
	mutex_unlock(&unix_lock);
	return s;
}

int unix_create(int type, int protocol, struct file **out)
{
	struct unix_socket *s;

	if (type != SOCK_STREAM && type != SOCK_DGRAM && type != SOCK_SEQPACKET)
		return -EPROTOTYPE;
	if (protocol && protocol != AF_UNIX)
		return -EPROTONOSUPPORT;
	s = make(type);
	if (!s)
		return -ENOMEM;
	*out = &s->file;
	return 0;
}

/* Waiting */

static bool is_closed(const struct unix_socket *s)
{
	return READ_ONCE(s->file.refs) <= READ_ONCE(s->ncallers);
}

static bool may_go_on(struct unix_socket *s, bool (*ready)(struct unix_socket *s, void *arg),
		      void *arg)
{
	bool yes;

	mutex_lock(&unix_lock);
	yes = is_closed(s) || ready(s, arg);
	mutex_unlock(&unix_lock);
	return yes;
}

/* A reference to a socket that was found under the lock; false: it is just being released. */
static bool try_get(struct unix_socket *s)
{
	uint32_t refs = READ_ONCE(s->file.refs);

	while (refs && !__atomic_compare_exchange_n(&s->file.refs, &refs, refs + 1, false,
						    __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
	return refs != 0;
}

static int sleep_until(struct unix_socket *s, struct unix_socket *other,
		       bool (*ready)(struct unix_socket *s, void *arg), void *arg, ns_t deadline)
{
	struct waiter ours, theirs;
	int err = 0;

	wait_add_self(&s->file.wait, &ours);
	if (other)
		wait_add_self(&other->file.wait, &theirs);
	while (!may_go_on(s, ready, arg) && !(other && is_closed(other)) && !err)
		err = thread_park_interruptible(deadline);
	wait_remove(&ours);
	if (other)
		wait_remove(&theirs);
	if (!err || may_go_on(s, ready, arg))
		return 0;
	return err == -EINTR ? err : -EAGAIN;
}

int unix_wait(struct unix_socket *s, struct unix_socket *other,
	      bool (*ready)(struct unix_socket *s, void *arg), void *arg, ns_t deadline)
{
	int err;

	if (other && !try_get(other))
		return 0;
	WRITE_ONCE(s->ncallers, s->ncallers + 1);
	if (other)
		WRITE_ONCE(other->ncallers, other->ncallers + 1);
	mutex_unlock(&unix_lock);
	err = sleep_until(s, other, ready, arg, deadline);
	mutex_lock(&unix_lock);
	if (is_closed(s))
		err = -EBADF;
	WRITE_ONCE(s->ncallers, s->ncallers - 1);
	if (other) {
		WRITE_ONCE(other->ncallers, other->ncallers - 1);
		mutex_unlock(&unix_lock);
		file_put(&other->file);
		mutex_lock(&unix_lock);
	}
	return err;
}

/* Connections */

static struct unix_name *name_get(struct unix_name *n)
{
	if (n)
		n->refs++;
	return n;
}

static void join(struct unix_socket *a, struct unix_socket *b)
{
	a->peer = b;
	b->peer = a;
	a->state = b->state = UNIX_CONNECTED;
}

static bool has_room(struct unix_socket *s, void *arg)
{
	struct unix_socket *listener = arg;

	return listener->state != UNIX_LISTENING || listener->naccepts < listener->backlog;
}

/* The far end is made here, and waits to be accepted. */
static int connect_stream(struct unix_socket *s, const struct unix_target *t,
			  struct unix_socket *child)
{
	ns_t deadline = time_deadline(s->send_timeout);
	struct unix_socket *listener;
	int err;

	for (;;) {
		err = s->state == UNIX_CONNECTED   ? -EISCONN
		      : s->state == UNIX_LISTENING ? -EINVAL
						   : unix_find(t, s->type, &listener);
		if (!err && listener->state != UNIX_LISTENING)
			err = -ECONNREFUSED;
		if (!err && has_room(s, listener))
			break;
		if (!err && unix_nonblocking(s, 0))
			err = -EAGAIN;
		if (!err)
			err = unix_wait(s, listener, has_room, listener, deadline);
		if (err)
			return err;
	}
	child->name = name_get(listener->name);
	child->peer_name = name_get(s->name);
	child->pass_credentials = listener->pass_credentials;
	s->peer_name = name_get(listener->name);
	join(s, child);
	list_push_back(&listener->accepts, &child->accept_node);
	listener->naccepts++;
	wait_queue_wake_all(&listener->file.wait);
	return 0;
}

/* A datagram socket may choose another peer, or none: t is NULL. */
static int connect_datagram(struct unix_socket *s, const struct unix_target *t)
{
	struct unix_socket *peer = NULL;
	int err = t ? unix_find(t, s->type, &peer) : 0;

	if (!err && peer && peer->peer && peer->peer != s)
		err = -EPERM; /* it wants to hear from somebody else only */
	if (err)
		return err;
	unix_name_put(s->peer_name);
	s->peer = peer;
	s->peer_name = peer ? name_get(peer->name) : NULL;
	s->state = peer ? UNIX_CONNECTED : UNIX_FRESH;
	return 0;
}

static int connect_to(struct unix_socket *s, const struct unix_target *t)
{
	struct unix_socket *child = NULL;
	int err;

	if (s->type != SOCK_DGRAM) {
		child = make(s->type);
		if (!child)
			return -ENOMEM;
	}
	mutex_lock(&unix_lock);
	err = child ? connect_stream(s, t, child) : connect_datagram(s, t);
	mutex_unlock(&unix_lock);
	if (err && child)
		file_put(&child->file);
	return err;
}

static int unix_connect(struct file *f, const struct sockaddr *name, socklen_t len)
{
	struct unix_socket *s = unix_of(f);
	struct unix_target t;
	int err;

	if (!name || len < sizeof(name->sa_family))
		return -EINVAL;
	if (name->sa_family == AF_UNSPEC && s->type == SOCK_DGRAM)
		return connect_to(s, NULL);
	err = unix_target_read(name, len, &t);
	if (err)
		return err;
	err = connect_to(s, &t);
	unix_target_end(&t);
	return err;
}

static int unix_listen(struct file *f, int backlog)
{
	struct unix_socket *s = unix_of(f);
	int err = 0;

	if (s->type == SOCK_DGRAM)
		return -EOPNOTSUPP;
	mutex_lock(&unix_lock);
	if (s->state == UNIX_CONNECTED || !s->name) {
		err = -EINVAL;
	} else {
		s->state = UNIX_LISTENING;
		s->backlog = MIN(MAX(backlog, 0), BACKLOG_MAX) + 1;
		wait_queue_wake_all(&s->file.wait);
	}
	mutex_unlock(&unix_lock);
	return err;
}

static bool has_accepts(struct unix_socket *s, void *arg)
{
	return s->naccepts || s->state != UNIX_LISTENING;
}

static int unix_accept(struct file *f, struct file **out)
{
	struct unix_socket *s = unix_of(f);
	ns_t deadline = time_deadline(s->receive_timeout);
	int err = s->type == SOCK_DGRAM ? -EOPNOTSUPP : 0;

	mutex_lock(&unix_lock);
	while (!err && !s->naccepts) {
		if (s->state != UNIX_LISTENING)
			err = -EINVAL;
		else if (unix_nonblocking(s, 0))
			err = -EAGAIN;
		else
			err = unix_wait(s, NULL, has_accepts, NULL, deadline);
	}
	if (!err) {
		struct list *node = list_pop_front(&s->accepts);

		*out = &container_of(node, struct unix_socket, accept_node)->file;
		s->naccepts--;
		wait_queue_wake_all(&f->wait); /* those who wait for room */
	}
	mutex_unlock(&unix_lock);
	return err;
}

/* Ends */

static void end_directions(struct unix_socket *s, bool rd, bool wr)
{
	s->read_over |= rd;
	s->write_over |= wr;
	wait_queue_wake_all(&s->file.wait);
}

static int unix_shutdown(struct file *f, int how)
{
	struct unix_socket *s = unix_of(f);
	bool rd = how != SHUT_WR, wr = how != SHUT_RD;
	int err = 0;

	if (how != SHUT_RD && how != SHUT_WR && how != SHUT_RDWR)
		return -EINVAL;
	mutex_lock(&unix_lock);
	if (s->state == UNIX_LISTENING && rd) {
		s->state = UNIX_FRESH; /* accept() and connect() that wait learn of it */
		wait_queue_wake_all(&f->wait);
	} else if (s->state != UNIX_CONNECTED) {
		err = -ENOTCONN;
	} else {
		end_directions(s, rd, wr);
		if (s->peer && s->peer->peer == s)
			end_directions(s->peer, wr, rd);
	}
	mutex_unlock(&unix_lock);
	return err;
}

static int unix_name(struct file *f, bool peer, struct sockaddr *name, socklen_t *len)
{
	struct unix_socket *s = unix_of(f);
	int err = 0;

	mutex_lock(&unix_lock);
	if (peer && s->state != UNIX_CONNECTED)
		err = -ENOTCONN;
	else
		unix_name_write(peer ? s->peer_name : s->name, name, len);
	mutex_unlock(&unix_lock);
	return err;
}

/* `other` loses its peer s. */
static void lose_peer(struct unix_socket *other, struct unix_socket *s)
{
	other->peer = NULL;
	if (s->type != SOCK_DGRAM) {
		/* What it sent was not read, or s was not accepted. */
		if (s->npackets || !list_empty(&s->accept_node))
			other->error = -ECONNRESET;
		other->read_over = other->write_over = true;
	}
	wait_queue_wake_all(&other->file.wait);
}

/* s is not to be found any more, and those who talk to it learn that it is gone. */
static void leave(struct unix_socket *s)
{
	list_remove(&s->node);
	unix_name_put(s->name);
	unix_name_put(s->peer_name);
	if (s->type != SOCK_DGRAM) {
		if (s->peer)
			lose_peer(s->peer, s);
		list_remove(&s->accept_node);
		return;
	}
	list_for_each (it, &unix_all) {
		struct unix_socket *other = list_entry(it, struct unix_socket, node);

		if (other->peer == s)
			lose_peer(other, s);
	}
}

/* Nobody accepted this connection. */
static void refuse(struct list *node)
{
	struct unix_socket *child = container_of(node, struct unix_socket, accept_node);

	file_put(&child->file); /* still on the list: that tells leave() */
}

static void unix_release(struct file *f)
{
	struct unix_socket *s = unix_of(f);
	struct vnode *vnode;

	mutex_lock(&unix_lock);
	vnode = unix_unbind(s);
	leave(s);
	s->state = UNIX_FRESH;
	mutex_unlock(&unix_lock);
	if (vnode)
		vnode_put(vnode);
	while (!list_empty(&s->accepts))
		refuse(s->accepts.next);
	unix_packets_drop(&s->packets);
	kfree(s);
}

static int unix_stat(struct file *f, struct stat *out)
{
	out->st_mode = S_IFSOCK | 0777;
	out->st_nlink = 1;
	return 0;
}

static ssize_t unix_read(struct file *f, const struct iovec *iov, int niov)
{
	struct message m = { .iov = iov, .niov = niov };

	return unix_receive(f, &m);
}

static ssize_t unix_write(struct file *f, const struct iovec *iov, int niov)
{
	struct message m = { .iov = iov, .niov = niov };

	return unix_send(f, &m);
}

static const struct socket_calls unix_calls = {
	.bind = unix_bind,
	.connect = unix_connect,
	.listen = unix_listen,
	.accept = unix_accept,
	.shutdown = unix_shutdown,
	.name = unix_name,
	.set_option = unix_set_option,
	.get_option = unix_get_option,
	.receive = unix_receive,
	.send = unix_send,
};

const struct file_ops unix_file_ops = {
	.read = unix_read,
	.write = unix_write,
	.stat = unix_stat,
	.control = unix_control,
	.poll = unix_poll,
	.release = unix_release,
	.socket = &unix_calls,
};

/* Pairs */

static int open_both(struct file *a, struct file *b, bool close_on_exec, int fds[2])
{
	int first = fd_alloc(a, close_on_exec), second;

	if (first < 0) {
		file_put(a);
		file_put(b);
		return first;
	}
	second = fd_alloc(b, close_on_exec);
	if (second < 0) {
		file_put(b);
		fd_close(first);
		return second;
	}
	fds[0] = first;
	fds[1] = second;
	return 0;
}

static int make_pair(int type, int protocol, int fds[2])
{
	int kind = type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC), err;
	struct file *a, *b;

	err = unix_create(kind, protocol, &a);
	if (err)
		return err;
	err = unix_create(kind, protocol, &b);
	if (err) {
		file_put(a);
		return err;
	}
	join(unix_of(a), unix_of(b));
	if (type & SOCK_NONBLOCK) {
		a->flags |= O_NONBLOCK;
		b->flags |= O_NONBLOCK;
	}
	return open_both(a, b, type & SOCK_CLOEXEC, fds);
}

/* Other families have no pairs (POSIX.1-2017, socketpair(): EOPNOTSUPP). */
UNIK_API int socketpair(int domain, int type, int protocol, int fds[2])
{
	int err = domain == AF_UNIX                         ? make_pair(type, protocol, fds)
		  : domain == AF_INET || domain == AF_INET6 ? -EOPNOTSUPP
							    : -EAFNOSUPPORT;

	posix_expect_broken_pipes();
	return (int)posix_result(err);
}
