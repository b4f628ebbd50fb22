// SPDX-License-Identifier: BSD-2-Clause
/*
 * socket_calls.h - what a file answers that is a socket, beside its file_ops. Each family of
 * addresses has one table of these; nothing above asks which family it is.
 *
 * Threading: any thread, also many on one socket; the caller holds a reference to the file.
 * Errors: -errno as POSIX names them for the function of the same name.
 */
#pragma once
#include <sys/socket.h>
#include "kernel/file.h"

struct message;
struct vnode;

/*
 * What recvmsg() wants beside the data. A protocol calls put() for each piece that it has and
 * was asked for by option. Behind a pointer: only programs with recvmsg() have code for it.
 */
struct ancillary {
	char *buf;
	size_t size, used; /* [bytes] */
	bool truncated;    /* something did not fit: MSG_CTRUNC */
	bool close_on_exec;
	void (*put)(struct ancillary *a, int level, int type, const void *data, size_t len);
	/* passed() - file descriptors that came along; takes the references over. */
	void (*passed)(struct ancillary *a, struct file **files, unsigned n);
};

/* What sendmsg() says beside the data, decoded. */
struct send_options {
	uint8_t source[16];  /* of source_family */
	int source_family;   /* AF_INET, AF_INET6; AF_UNSPEC: any address of ours */
	unsigned interface;  /* number, 0 any */
	int ttl, tos;        /* -1: the socket's own */
	struct file **files; /* to pass on; the socket takes references of its own */
	unsigned nfiles;
};

/* One call of the send or receive family. */
struct message {
	const struct iovec *iov;
	int niov;
	int flags;             /* MSG_*; on return of a receive: MSG_TRUNC, MSG_EOR or 0 */
	struct sockaddr *name; /* of the peer, NULL: not given, not wanted */
	socklen_t name_len;    /* bytes; on return of a receive: of the whole name, 0 for none */
	struct ancillary *ancillary;        /* receive: NULL not wanted */
	const struct send_options *options; /* send: NULL none */
};

struct socket_calls {
	int (*bind)(struct file *f, const struct sockaddr *name, socklen_t len);
	/* connect() - NULL: net_socket_connect() */
	int (*connect)(struct file *f, const struct sockaddr *name, socklen_t len);
	int (*listen)(struct file *f, int backlog);
	int (*accept)(struct file *f, struct file **out); /* *out has one reference */
	int (*shutdown)(struct file *f, int how);
	/* name() - the local or the peer's address; *len as in getsockname(). */
	int (*name)(struct file *f, bool peer, struct sockaddr *name, socklen_t *len);
	int (*set_option)(struct file *f, int level, int option, const void *value, socklen_t len);
	int (*get_option)(struct file *f, int level, int option, void *value, socklen_t *len);
	/* Both return the bytes moved, with MSG_TRUNC the real length. */
	ssize_t (*receive)(struct file *f, struct message *m);
	ssize_t (*send)(struct file *f, const struct message *m);
};

/*
 * A family that socket() has by a program's wish. <sys/un.h> holds a reference to the Unix
 * family's: what includes it has that family in its image, and others have not.
 *
 * create()   type without SOCK_NONBLOCK and SOCK_CLOEXEC; returns 0 and *out with one reference;
 *            -EPROTONOSUPPORT, -EPROTOTYPE, -ENOMEM
 * name()     the object in the file system that a path names, with a reference; `make`: a new one,
 *            -EADDRINUSE when there is something. Here, because only who has the header has paths.
 */
struct __unik_socket_family {
	int (*create)(int type, int protocol, struct file **out);
	int (*name)(const char *path, bool make, struct vnode **out);
};
