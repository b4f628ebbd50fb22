// SPDX-License-Identifier: BSD-2-Clause
/*
 * socket.c - POSIX sockets: descriptors and errno around net/sockets.h.
 *
 * POSIX.1-2017, XSH chapter 3, under each name; accept4() is the Austin Group's.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include "lib/libc/fd.h"
#include "lib/libc/result.h"
#include "net/sockets.h"

#define IOV_MOST 1024 /* IOV_MAX */

/* The socket of a descriptor with a reference, put with put_socket(); NULL and *err. */
static struct socket *get_socket(int fd, long *err)
{
	struct file *f = fd_get(fd);
	struct socket *s;

	if (unlikely(!f)) {
		*err = -EBADF;
		return NULL;
	}
	s = socket_of(f);
	if (unlikely(!s)) {
		file_put(f);
		*err = -ENOTSOCK;
	}
	return s;
}

static void put_socket(struct socket *s)
{
	file_put(socket_file(s));
}

static long open_descriptor(struct socket *s, bool close_on_exec)
{
	int fd = fd_alloc(socket_file(s), close_on_exec);

	if (fd < 0)
		put_socket(s);
	return fd;
}

UNIK_API int socket(int domain, int type, int protocol)
{
	struct socket *s;
	long ret = socket_create(domain, type, protocol, &s);

	if (!ret)
		ret = open_descriptor(s, type & SOCK_CLOEXEC);
	return posix_result(ret);
}

UNIK_API int bind(int fd, const struct sockaddr *name, socklen_t len)
{
	long ret;
	struct socket *s = get_socket(fd, &ret);

	if (s) {
		ret = socket_bind(s, name, len);
		put_socket(s);
	}
	return posix_result(ret);
}

UNIK_API int listen(int fd, int backlog)
{
	long ret;
	struct socket *s = get_socket(fd, &ret);

	if (s) {
		ret = socket_listen(s, backlog);
		put_socket(s);
	}
	return posix_result(ret);
}

UNIK_API int connect(int fd, const struct sockaddr *name, socklen_t len)
{
	long ret;
	struct socket *s = get_socket(fd, &ret);

	if (s) {
		ret = socket_connect(s, name, len);
		put_socket(s);
	}
	return posix_result(ret);
}

static long accept_once(int fd, struct sockaddr *name, socklen_t *len, int flags)
{
	long ret;
	struct socket *s = get_socket(fd, &ret), *child;

	if (!s)
		return ret;
	ret = flags & ~(SOCK_NONBLOCK | SOCK_CLOEXEC) ? -EINVAL : socket_accept(s, &child);
	put_socket(s);
	if (ret)
		return ret;
	if (flags & SOCK_NONBLOCK)
		socket_file(child)->flags |= O_NONBLOCK;
	if (name && len)
		socket_name(child, true, name, len);
	return open_descriptor(child, flags & SOCK_CLOEXEC);
}

UNIK_API int accept4(int fd, struct sockaddr *name, socklen_t *len, int flags)
{
	return (int)posix_call(accept_once(fd, name, len, flags));
}

UNIK_API int accept(int fd, struct sockaddr *name, socklen_t *len)
{
	return accept4(fd, name, len, 0);
}

UNIK_API int shutdown(int fd, int how)
{
	long ret;
	struct socket *s = get_socket(fd, &ret);

	if (s) {
		ret = socket_shutdown(s, how);
		put_socket(s);
	}
	return posix_result(ret);
}

static int get_name(int fd, bool peer, struct sockaddr *name, socklen_t *len)
{
	long ret;
	struct socket *s = get_socket(fd, &ret);

	if (s) {
		ret = socket_name(s, peer, name, len);
		put_socket(s);
	}
	return posix_result(ret);
}

UNIK_API int getsockname(int fd, struct sockaddr *name, socklen_t *len)
{
	return get_name(fd, false, name, len);
}

UNIK_API int getpeername(int fd, struct sockaddr *name, socklen_t *len)
{
	return get_name(fd, true, name, len);
}

UNIK_API int setsockopt(int fd, int level, int option, const void *value, socklen_t len)
{
	long ret;
	struct socket *s = get_socket(fd, &ret);

	if (s) {
		ret = socket_set_option(s, level, option, value, len);
		put_socket(s);
	}
	return posix_result(ret);
}

UNIK_API int getsockopt(int fd, int level, int option, void *value, socklen_t *len)
{
	long ret;
	struct socket *s = get_socket(fd, &ret);

	if (s) {
		ret = socket_get_option(s, level, option, value, len);
		put_socket(s);
	}
	return posix_result(ret);
}

/* Data */

static UNIK_FLATTEN long send_once(int fd, const struct message *m)
{
	long ret;
	struct socket *s = get_socket(fd, &ret);

	if (likely(s != NULL)) {
		ret = socket_send(s, m);
		put_socket(s);
	}
	return ret;
}

static UNIK_FLATTEN long send_message(int fd, const struct message *m)
{
	long ret;

	do {
		ret = send_once(fd, m);
		if (likely(ret >= 0))
			return ret;
	} while (m->flags & MSG_NOSIGNAL ? posix_failed_quietly(ret) : posix_failed(ret));
	return -1;
}

static UNIK_FLATTEN long receive_once(int fd, struct message *m)
{
	long ret;
	struct socket *s = get_socket(fd, &ret);

	if (likely(s != NULL)) {
		ret = socket_receive(s, m);
		put_socket(s);
	}
	return ret;
}

static UNIK_FLATTEN long receive_message(int fd, struct message *m)
{
	return posix_call(receive_once(fd, m));
}

UNIK_API ssize_t sendto(int fd, const void *buf, size_t len, int flags, const struct sockaddr *name,
			socklen_t name_len)
{
	struct iovec iov = { (void *)buf, len };
	struct message m = { &iov, 1, flags, (struct sockaddr *)name, name_len };

	return send_message(fd, &m);
}

UNIK_API ssize_t send(int fd, const void *buf, size_t len, int flags)
{
	return sendto(fd, buf, len, flags, NULL, 0);
}

UNIK_API ssize_t recvfrom(int fd, void *buf, size_t len, int flags, struct sockaddr *name,
			  socklen_t *name_len)
{
	struct iovec iov = { buf, len };
	struct message m = { &iov, 1, flags, name, name ? *name_len : 0 };
	ssize_t n = receive_message(fd, &m);

	if (n >= 0 && name)
		*name_len = m.name_len;
	return n;
}

UNIK_API ssize_t recv(int fd, void *buf, size_t len, int flags)
{
	return recvfrom(fd, buf, len, flags, NULL, NULL);
}

UNIK_API ssize_t sendmsg(int fd, const struct msghdr *h, int flags)
{
	struct message m = { h->msg_iov, h->msg_iovlen, flags, h->msg_name, h->msg_namelen };

	if (h->msg_iovlen > IOV_MOST)
		return posix_result(-EMSGSIZE);
	return send_message(fd, &m);
}

UNIK_API ssize_t recvmsg(int fd, struct msghdr *h, int flags)
{
	struct message m = { h->msg_iov, h->msg_iovlen, flags, h->msg_name, h->msg_namelen };
	ssize_t n;

	if (h->msg_iovlen > IOV_MOST)
		return posix_result(-EMSGSIZE);
	n = receive_message(fd, &m);
	if (n >= 0) {
		h->msg_namelen = m.name_len;
		h->msg_controllen = 0;
		h->msg_flags = m.flags;
	}
	return n;
}
