// SPDX-License-Identifier: BSD-2-Clause
/*
 * socket.c - POSIX sockets: descriptors and errno around kernel/socket_calls.h.
 *
 * POSIX.1-2017, XSH chapter 3, under each name; accept4() is the Austin Group's.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include "kernel/sealed.h"
#include "lib/libc/exit.h"
#include "lib/libc/fd.h"
#include "lib/libc/result.h"
#include "lib/posix/socket_fd.h"
#include "net/sockets.h"

/* A family for which a header of the program spoke up (kernel/socket_calls.h). */
extern const struct __unik_socket_family *const __unik_family_unix __attribute__((weak));

static int create(int domain, int type, int protocol, struct file **out)
{
	int err;

	if (domain != AF_UNIX)
		return net_socket_create(domain, type, protocol, out);
	if (!&__unik_family_unix)
		return -EAFNOSUPPORT;
	err = __unik_family_unix->create(type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC), protocol, out);
	if (!err && type & SOCK_NONBLOCK)
		(*out)->flags |= O_NONBLOCK;
	return err;
}

static long open_descriptor(struct file *f, bool close_on_exec)
{
	int fd = fd_alloc(f, close_on_exec);

	if (fd < 0)
		file_put(f);
	return fd;
}

UNIK_API int socket(int domain, int type, int protocol)
{
	struct file *f;
	long ret;

	posix_expect_broken_pipes();
	sealed_set(&posix_at_end, net_end);
	ret = create(domain, type, protocol, &f);
	if (!ret)
		ret = open_descriptor(f, type & SOCK_CLOEXEC);
	return posix_result(ret);
}

/* One call on a socket: its result, or -errno. ON_SOCKET() sets errno as well. */
#define TRY_SOCKET(fd, call, ...)                                      \
	({                                                             \
		long ret_;                                             \
		struct file *f_ = socket_fd_get(fd, &ret_);            \
		if (likely(f_ != NULL)) {                              \
			ret_ = f_->ops->socket->call(f_, __VA_ARGS__); \
			file_put(f_);                                  \
		}                                                      \
		ret_;                                                  \
	})
#define ON_SOCKET(fd, call, ...) posix_result(TRY_SOCKET(fd, call, __VA_ARGS__))

UNIK_API int bind(int fd, const struct sockaddr *name, socklen_t len)
{
	return ON_SOCKET(fd, bind, name, len);
}

UNIK_API int listen(int fd, int backlog)
{
	return ON_SOCKET(fd, listen, backlog);
}

UNIK_API int connect(int fd, const struct sockaddr *name, socklen_t len)
{
	long ret;
	struct file *f = socket_fd_get(fd, &ret);

	if (f) {
		ret = f->ops->socket->connect ? f->ops->socket->connect(f, name, len)
					      : net_socket_connect(f, name, len);
		file_put(f);
	}
	return posix_result(ret);
}

static long accept_once(int fd, struct sockaddr *name, socklen_t *len, int flags)
{
	struct file *child;
	long ret;

	if (flags & ~(SOCK_NONBLOCK | SOCK_CLOEXEC))
		return -EINVAL;
	if (!fd_has_room()) /* before: the connection stays, to be accepted when there is */
		return -EMFILE;
	ret = TRY_SOCKET(fd, accept, &child);
	if (ret)
		return ret;
	if (flags & SOCK_NONBLOCK)
		child->flags |= O_NONBLOCK;
	if (name && len)
		child->ops->socket->name(child, true, name, len);
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
	return ON_SOCKET(fd, shutdown, how);
}

UNIK_API int getsockname(int fd, struct sockaddr *name, socklen_t *len)
{
	return ON_SOCKET(fd, name, false, name, len);
}

UNIK_API int getpeername(int fd, struct sockaddr *name, socklen_t *len)
{
	return ON_SOCKET(fd, name, true, name, len);
}

UNIK_API int __unik_setsockopt_usual(int fd, int level, int option, const void *value,
				     socklen_t len)
{
	return ON_SOCKET(fd, set_option, level, option, value, len);
}

UNIK_API int __unik_getsockopt_usual(int fd, int level, int option, void *value, socklen_t *len)
{
	return ON_SOCKET(fd, get_option, level, option, value, len);
}

/* Data */

static UNIK_FLATTEN long send_once(int fd, const struct message *m)
{
	return TRY_SOCKET(fd, send, m);
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
	return TRY_SOCKET(fd, receive, m);
}

static UNIK_FLATTEN long receive_message(int fd, struct message *m)
{
	return posix_call(receive_once(fd, m));
}

UNIK_API ssize_t sendto(int fd, const void *buf, size_t len, int flags, const struct sockaddr *name,
			socklen_t name_len)
{
	struct iovec iov = { (void *)buf, len };
	struct message m = { &iov, 1, flags, (struct sockaddr *)name, name_len, NULL, NULL };

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
	struct message m = { &iov, 1, flags, name, name ? *name_len : 0, NULL, NULL };
	ssize_t n = receive_message(fd, &m);

	if (n >= 0 && name)
		*name_len = m.name_len;
	return n;
}

UNIK_API ssize_t recv(int fd, void *buf, size_t len, int flags)
{
	return recvfrom(fd, buf, len, flags, NULL, NULL);
}
