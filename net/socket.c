// SPDX-License-Identifier: BSD-2-Clause
#include "net/socket.h"
#include "kernel/heap.h"
#include "kernel/random.h"
#include "kernel/sealed.h"
#include "net/addr.h"
#include "net/mem.h"
#include "net/net.h"
#include <lwip/netif.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#define PORT_FIRST 49152u /* RFC 6335, 6: the dynamic ports */
#define PORT_COUNT 16384u

const struct socket_extras *SEALED socket_extras;
static const struct file_ops socket_file_ops;

/* With a quarter free, a program that waits for space gets a good piece of it. */
void socket_set_send_limit(struct socket *s, uint32_t bytes)
{
	s->tx_limit_bytes = bytes;
	s->tx_poll_bytes = bytes - bytes / 4;
}

struct socket *socket_alloc(const struct socket_ops *ops, int domain)
{
	struct socket *s = net_alloc(sizeof(*s));

	if (unlikely(!s))
		return NULL;
	memset(s, 0, sizeof(*s));
	file_init(&s->file, &socket_file_ops, O_RDWR);
	s->ops = ops;
	s->domain = domain;
	s->receive_timeout = s->send_timeout = NS_NEVER;
	s->rx_limit_bytes = net_tuning.tcp_window_bytes;
	socket_set_send_limit(s, net_tuning.tcp_send_buffer_bytes);
	list_init(&s->datagrams);
	list_init(&s->accepts);
	list_init(&s->accept_node);
	list_init(&s->groups);
	s->rx_low_bytes = 1;
	return s;
}

static const struct socket_ops *ops_for(int type, int protocol, int *err)
{
	const struct socket_ops *ops;

	if (type == SOCK_STREAM)
		ops = &tcp_socket_ops;
	else if (type == SOCK_DGRAM)
		ops = &udp_socket_ops;
	else
		ops = NULL;
	*err = 0;
	if (!ops)
		*err = -EPROTOTYPE;
	else if (protocol && protocol != (type == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP))
		*err = -EPROTONOSUPPORT;
	return ops;
}

int net_socket_create(int domain, int type, int protocol, struct file **out)
{
	const struct socket_ops *ops;
	struct socket *s;
	int err;

	if (domain != AF_INET && domain != AF_INET6)
		return -EAFNOSUPPORT;
	ops = ops_for(type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC), protocol, &err);
	if (!err)
		err = net_start();
	if (err)
		return err;
	net_enter();
	s = socket_alloc(ops, domain);
	net_leave();
	if (!s)
		return -ENOMEM;
	if (type & SOCK_NONBLOCK)
		s->file.flags |= O_NONBLOCK;
	*out = &s->file;
	return 0;
}

u8_t socket_address_type(const struct socket *s)
{
	if (s->domain == AF_INET)
		return IPADDR_TYPE_V4;
	return s->v6only ? IPADDR_TYPE_V6 : IPADDR_TYPE_ANY;
}

uint16_t socket_pick_port(void)
{
	return PORT_FIRST + random_u32() % PORT_COUNT;
}

/* Waiting */

/* The descriptor is closed when only sleeping calls hold the file. */
static bool is_closed(const struct socket *s)
{
	return READ_ONCE(s->file.refs) <= READ_ONCE(s->ncallers);
}

int socket_wait(struct socket *s, bool (*ready)(const struct socket *), ns_t deadline)
{
	int err;

	WRITE_ONCE(s->ncallers, s->ncallers + 1);
	net_leave();
	err = wait_event_interruptible_until(&s->file.wait, ready(s) || is_closed(s), deadline);
	net_enter();
	if (unlikely(is_closed(s)))
		err = -EBADF;
	else if (err == -ETIMEDOUT)
		err = -EAGAIN;
	WRITE_ONCE(s->ncallers, s->ncallers - 1);
	return err;
}

int socket_take_error(struct socket *s)
{
	int err = s->error;

	s->error = 0;
	return err;
}

/* Names */

/* An address that this socket's domain and V6ONLY allow, and of which pcbs may be made. */
int socket_read_name(const struct socket *s, const struct sockaddr *name, socklen_t len,
		     ip_addr_t *a, uint16_t *port)
{
	int err = addr_from_sockaddr(s->domain, name, len, a, port);

	if (!err && s->domain == AF_INET6 && s->v6only && IP_IS_V4(a))
		return -ENETUNREACH;
	return err;
}

/* Peers on this machine can be reached without an address of ours. */
int socket_wait_route(const ip_addr_t *a)
{
	if (ip_addr_isloopback(a) || ip_addr_isany(a))
		return 0;
	return net_wait_address(IP_IS_V6(a) && !ip6_addr_islinklocal(ip_2_ip6(a)) &&
				!ip6_addr_ismulticast_linklocal(ip_2_ip6(a)));
}

/* Is a an address of this machine, or one that datagrams may come in by? */
static bool may_bind(const struct socket *s, const ip_addr_t *a)
{
	struct netif *n;

	if (ip_addr_isany(a) || ip_addr_isloopback(a))
		return true;
	for (n = netif_list; n; n = n->next) {
		if (IP_IS_V4(a) ? ip4_addr_cmp(ip_2_ip4(a), netif_ip4_addr(n))
				: netif_get_ip6_addr_match(n, ip_2_ip6(a)) >= 0)
			return true;
		if (s->ops->type == SOCK_DGRAM &&
		    (ip_addr_ismulticast(a) || ip_addr_isbroadcast(a, n)))
			return true;
	}
	return false;
}

/* With net_lock held: the address was read and may be waited for. */
static int bind_to(struct socket *s, ip_addr_t *a, uint16_t port)
{
	if (s->local_port || s->state != SOCKET_FRESH)
		return -EINVAL;
	if (!may_bind(s, a))
		return -EADDRNOTAVAIL;
	if (s->domain == AF_INET6 && IP_IS_V6(a) && ip_addr_isany(a) && !s->v6only)
		IP_SET_TYPE(a, IPADDR_TYPE_ANY);
	return s->ops->bind(s, a, port);
}

static int socket_bind(struct file *f, const struct sockaddr *name, socklen_t len)
{
	struct socket *s = socket_of_file(f);
	ip_addr_t a;
	uint16_t port;
	int err = socket_read_name(s, name, len, &a, &port);

	if (err)
		return err;
	socket_wait_route(&a); /* when there is no address yet, this one may come */
	net_enter();
	err = bind_to(s, &a, port);
	net_leave();
	return err;
}

/* To connect to "any" means this machine. */
void socket_any_is_loopback(ip_addr_t *a)
{
	if (!ip_addr_isany(a))
		return;
	if (IP_IS_V4(a))
		ip_addr_set_loopback_val(0, *a);
	else
		ip_addr_set_loopback_val(1, *a);
}

static int socket_listen(struct file *f, int backlog)
{
	struct socket *s = socket_of_file(f);
	int err;

	if (!s->ops->listen)
		return -EOPNOTSUPP;
	net_enter();
	err = s->ops->listen(s, backlog);
	net_leave();
	return err;
}

static int socket_accept(struct file *f, struct file **out)
{
	struct socket *s = socket_of_file(f), *child;
	int err;

	if (!s->ops->accept)
		return -EOPNOTSUPP;
	net_enter();
	err = s->ops->accept(s, &child);
	net_leave();
	if (!err)
		*out = &child->file;
	return err;
}

static int socket_shutdown(struct file *f, int how)
{
	struct socket *s = socket_of_file(f);
	int err;

	if (how != SHUT_RD && how != SHUT_WR && how != SHUT_RDWR)
		return -EINVAL;
	net_enter();
	err = s->ops->shutdown(s, how != SHUT_WR, how != SHUT_RD);
	net_leave();
	return err;
}

static int socket_name(struct file *f, bool peer, struct sockaddr *name, socklen_t *len)
{
	struct socket *s = socket_of_file(f);
	int err = 0;

	net_enter();
	if (!peer)
		addr_to_sockaddr(s->domain, &s->local, s->local_port, name, len);
	else if (s->state == SOCKET_CONNECTED)
		addr_to_sockaddr(s->domain, &s->peer, s->peer_port, name, len);
	else
		err = -ENOTCONN;
	net_leave();
	return err;
}

/* Data */

size_t iov_bytes(const struct iovec *iov, int niov)
{
	size_t n = 0;

	for (int i = 0; i < niov; i++)
		n += iov[i].iov_len;
	return n;
}

void iov_put(struct iov_cursor *c, const void *from, size_t len)
{
	while (len) {
		size_t here = MIN(len, c->iov->iov_len - c->offset);

		memcpy((char *)c->iov->iov_base + c->offset, from, here);
		from = (const char *)from + here;
		len -= here;
		c->offset += here;
		if (c->offset == c->iov->iov_len) {
			c->iov++;
			c->offset = 0;
		}
	}
}

/* The address is not filled in: it means nothing without has_address. */
static inline void transfer_init(struct transfer *t, const struct message *m)
{
	t->iov = m->iov;
	t->niov = m->niov;
	t->flags = m->flags;
	t->has_address = false;
	t->out_flags = 0;
	t->ancillary = m->ancillary;
	t->options = m->options;
}

static UNIK_FLATTEN ssize_t socket_receive(struct file *f, struct message *m)
{
	struct socket *s = socket_of_file(f);
	struct transfer t;
	ssize_t n;

	if (unlikely(m->flags & MSG_OOB))
		return -EOPNOTSUPP;
	transfer_init(&t, m);
	net_enter();
	n = s->ops->receive(s, &t);
	net_leave();
	m->flags = t.out_flags;
	if (!t.has_address)
		m->name_len = 0;
	else if (m->name)
		addr_to_sockaddr(s->domain, &t.address, t.port, m->name, &m->name_len);
	return n;
}

/* The destination of a datagram. A stream has one already. */
static UNIK_NOINLINE int read_destination(struct socket *s, const struct message *m,
					  struct transfer *t)
{
	int err = socket_read_name(s, m->name, m->name_len, &t->address, &t->port);

	if (err)
		return err;
	t->has_address = true;
	socket_any_is_loopback(&t->address);
	return socket_wait_route(&t->address);
}

static UNIK_FLATTEN ssize_t socket_send(struct file *f, const struct message *m)
{
	struct socket *s = socket_of_file(f);
	struct transfer t;
	ssize_t n = 0;

	if (unlikely(m->flags & MSG_OOB))
		return -EOPNOTSUPP;
	transfer_init(&t, m);
	if (m->name && s->ops->type == SOCK_DGRAM)
		n = read_destination(s, m, &t);
	if (n)
		return n;
	net_enter();
	n = s->ops->send(s, &t);
	net_leave();
	return n;
}

/* The file */

static ssize_t file_read(struct file *f, const struct iovec *iov, int niov)
{
	struct message m = { .iov = iov, .niov = niov };

	return socket_receive(f, &m);
}

static ssize_t file_write(struct file *f, const struct iovec *iov, int niov)
{
	struct message m = { .iov = iov, .niov = niov };

	return socket_send(f, &m);
}

static int file_stat(struct file *f, struct stat *out)
{
	(void)f;
	memset(out, 0, sizeof(*out));
	out->st_mode = S_IFSOCK | 0666;
	out->st_nlink = 1;
	return 0;
}

/* The word of <net/if.h>; NULL in images of programs without it. */
extern int (*const __unik_interface_requests)(unsigned long request, void *arg)
	__attribute__((weak));

static int file_control(struct file *f, unsigned long request, void *arg)
{
	struct socket *s = socket_of_file(f);
	int n;

	if (request != FIONREAD && request != TIOCOUTQ)
		return &__unik_interface_requests ? __unik_interface_requests(request, arg)
						  : -ENOTTY;
	net_enter();
	n = s->ops->queued(s, request == TIOCOUTQ);
	net_leave();
	if (n < 0)
		return n;
	*(int *)arg = n;
	return 0;
}

static UNIK_NOINLINE short poll_locked(struct socket *s, short events)
{
	short now;

	net_enter();
	now = s->ops->poll(s, events);
	net_leave();
	return now;
}

static short file_poll(struct file *f, short events)
{
	struct socket *s = socket_of_file(f);

	return events & SOCKET_POLL_LOCKED ? poll_locked(s, events) : s->ops->poll(s, events);
}

static void file_release(struct file *f)
{
	struct socket *s = socket_of_file(f);

	net_enter();
	if (unlikely(!list_empty(&s->groups)))
		socket_extras->leave_groups(s);
	s->ops->close(s);
	net_free(s, sizeof(*s));
	net_leave();
}

static const struct socket_calls calls = {
	.bind = socket_bind,
	.listen = socket_listen,
	.accept = socket_accept,
	.shutdown = socket_shutdown,
	.name = socket_name,
	.set_option = socket_set_option,
	.get_option = socket_get_option,
	.receive = socket_receive,
	.send = socket_send,
};

static const struct file_ops socket_file_ops = {
	.read = file_read,
	.write = file_write,
	.stat = file_stat,
	.control = file_control,
	.poll = file_poll,
	.release = file_release,
	.socket = &calls,
};

struct socket *socket_of_internet(struct file *f)
{
	return f->ops == &socket_file_ops ? socket_of_file(f) : NULL;
}
