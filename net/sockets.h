// SPDX-License-Identifier: BSD-2-Clause
/*
 * sockets.h - what the C library calls: BSD sockets without descriptors and errno.
 *
 * A socket is a file (kernel/file.h) and lives as long as the file has references.
 *
 * Threading: any thread, also many on one socket. Errors: -errno as POSIX names them for the
 * function of the same name.
 */
#pragma once
#include <sys/socket.h>
#include "kernel/file.h"

struct socket;

/*
 * socket_create() - a new socket; the first one starts the network.
 *
 * domain, type, protocol   as in POSIX socket(); SOCK_NONBLOCK in type is honoured
 *
 * Returns 0 and *out with one reference; -EAFNOSUPPORT, -EPROTONOSUPPORT, -EPROTOTYPE, -ENOMEM.
 */
int socket_create(int domain, int type, int protocol, struct socket **out) UNIK_MUST_CHECK;

/* socket_of() - the socket that f is, or NULL. socket_file() - the file that s is. */
struct socket *socket_of(struct file *f);
struct file *socket_file(struct socket *s);

int socket_bind(struct socket *s, const struct sockaddr *name, socklen_t len);
int socket_connect(struct socket *s, const struct sockaddr *name, socklen_t len);
int socket_listen(struct socket *s, int backlog);
/* socket_accept() - *out has one reference. */
int socket_accept(struct socket *s, struct socket **out);
int socket_shutdown(struct socket *s, int how);
/* socket_name() - the local or the peer's address; *len as in getsockname(). */
int socket_name(struct socket *s, bool peer, struct sockaddr *name, socklen_t *len);
int socket_set_option(struct socket *s, int level, int option, const void *value, socklen_t len);
int socket_get_option(struct socket *s, int level, int option, void *value, socklen_t *len);

/* One call of the send or receive family. */
struct message {
	const struct iovec *iov;
	int niov;
	int flags;             /* MSG_*; on return of a receive: MSG_TRUNC or 0 */
	struct sockaddr *name; /* of the peer, NULL: not given, not wanted */
	socklen_t name_len;    /* bytes; on return of a receive: of the whole name, 0 for none */
};

/* Both return the bytes moved, with MSG_TRUNC the real length, or -errno. */
ssize_t socket_receive(struct socket *s, struct message *m);
ssize_t socket_send(struct socket *s, const struct message *m);
