// SPDX-License-Identifier: BSD-2-Clause
/*
 * unix_socket.h - sockets of the local family, between its parts: connections
 * (unix_socket.c), names (unix_name.c; in the file system: unix_path.c), data (unix_data.c),
 * options (unix_option.c).
 *
 * What is sent is queued on the receiver as packets; a stream reads through them, the other kinds
 * take one at a time. What a sender may have queued is limited by its SO_SNDBUF.
 *
 * Descriptors in flight are references to files. A socket that is only reachable through a queue
 * which is itself in that socket's queue is never freed: programs that pass sockets through
 * themselves in a ring and close all of them lose that memory.
 *
 * Threading: one lock, unix_lock, for all of them; nothing is released while it is held. Errors:
 * -errno.
 */
#pragma once
#include <fcntl.h>
#include <sys/_sockaddr_un.h>
#include <sys/socket.h>
#include "kernel/mutex.h"
#include "kernel/socket_calls.h"
#include "lib/base/list.h"

#define UNIX_BUFFER_BYTES (64 * 1024u) /* SO_SNDBUF at first */
#define UNIX_PACKETS_MOST 64u          /* datagrams that wait on one socket */
#define UNIX_PASSED_MOST  253u         /* files in one packet */

/* What a socket is bound to. A path is an object of the file system, which stays when the socket is
 * closed, until somebody unlinks it. */
struct unix_name {
	struct list node;          /* of the table, while it has an owner */
	struct unix_socket *owner; /* NULL: the socket is closed */
	uint32_t refs;             /* sockets and packets that show it */
	struct vnode *vnode;       /* with a reference; NULL: an abstract name */
	uint8_t len;               /* of path, as given; an abstract name begins with a 0 byte */
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
};

struct unix_packet {
	struct list node;
	size_t len, done;       /* bytes in data, and those read */
	struct unix_name *from; /* NULL: the sender has no name */
	unsigned nfiles;
	struct file **files; /* behind data, in the same block */
	char data[];
};

enum unix_state { UNIX_FRESH, UNIX_CONNECTED, UNIX_LISTENING };

struct unix_socket {
	struct file file; /* first */
	struct list node; /* all sockets */
	uint8_t type;     /* SOCK_* */
	uint8_t state;    /* enum unix_state */
	bool read_over, write_over;
	bool pass_credentials;    /* SO_PASSCRED */
	bool reuse_address;       /* remembered, without effect */
	int error;                /* pending -errno */
	uint32_t ncallers;        /* calls that sleep here */
	struct unix_socket *peer; /* NULL once it is gone */
	struct unix_name *name;
	struct unix_name *peer_name; /* kept when the peer is gone */
	struct list packets;
	uint32_t npackets, rx_bytes; /* queued here */
	uint32_t tx_limit_bytes, rx_limit_bytes;
	struct list accepts, accept_node; /* a listener's; ours on it */
	uint32_t naccepts, backlog;
	ns_t receive_timeout, send_timeout;
};

extern struct mutex unix_lock;
extern struct list unix_all;
extern const struct file_ops unix_file_ops;

static inline struct unix_socket *unix_of(struct file *f)
{
	return container_of(f, struct unix_socket, file);
}

static inline bool unix_nonblocking(const struct unix_socket *s, int flags)
{
	return (flags & MSG_DONTWAIT) || (READ_ONCE(s->file.flags) & O_NONBLOCK);
}

/*
 * unix_wait() - release unix_lock, sleep until ready(s, arg) or the deadline, take it again.
 *
 * other   a socket whose changes matter, too, or NULL; when it is closed meanwhile, that ends the
 *         wait
 * ready   called under unix_lock
 *
 * Returns 0: look again at everything; -EAGAIN the deadline passed; -EBADF the descriptor was
 * closed meanwhile.
 */
int unix_wait(struct unix_socket *s, struct unix_socket *other,
	      bool (*ready)(struct unix_socket *s, void *arg), void *arg, ns_t deadline);

/* A name as somebody gave it. */
struct unix_target {
	char path[sizeof(((struct sockaddr_un *)0)->sun_path) + 1];
	uint8_t len;         /* 0: no name */
	struct vnode *vnode; /* with a reference; NULL for an abstract name */
};

/* unix_target_read() - look a name up, without unix_lock; unix_target_end() - when done with it.
 * 0; -EINVAL, -EAFNOSUPPORT no such name; or what the file system says of the path. */
int unix_target_read(const struct sockaddr *name, socklen_t len, struct unix_target *t);
void unix_target_end(struct unix_target *t);

/* unix_find() - the socket that a name leads to; under unix_lock, and good for as long.
 * -ECONNREFUSED nobody there; -EPROTOTYPE of another type. */
int unix_find(const struct unix_target *t, int type, struct unix_socket **out);

int unix_bind(struct file *f, const struct sockaddr *name, socklen_t len);

/* unix_unbind() - s is found by its name no more; under unix_lock. Returns the object in the file
 * system with the name's reference, to be put without the lock, or NULL. */
struct vnode *unix_unbind(struct unix_socket *s);

/* unix_name_put() - drop a reference; NULL is allowed. Under unix_lock. */
void unix_name_put(struct unix_name *n);
/* unix_name_write() - as getsockname() does; NULL: without a name. */
void unix_name_write(const struct unix_name *n, struct sockaddr *to, socklen_t *len);

/* unix_create() - as in struct __unik_socket_family. */
int unix_create(int type, int protocol, struct file **out);

/* unix_data.c */
ssize_t unix_receive(struct file *f, struct message *m);
ssize_t unix_send(struct file *f, const struct message *m);
short unix_poll(struct file *f, short events);

/* unix_packets_drop() - free the packets of a list and put their files, without unix_lock. */
void unix_packets_drop(struct list *packets);

/* unix_option.c */
int unix_set_option(struct file *f, int level, int option, const void *value, socklen_t len);
int unix_get_option(struct file *f, int level, int option, void *value, socklen_t *len);
int unix_control(struct file *f, unsigned long request, void *arg);
struct ucred unix_credentials(void);
