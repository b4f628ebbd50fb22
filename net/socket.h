// SPDX-License-Identifier: BSD-2-Clause
/*
 * socket.h - how sockets are made on lwIP's raw interface. Callers see net/sockets.h.
 *
 * A socket is a file. Its protocol's part (TCP, UDP) is reached through socket_ops. lwIP's
 * callbacks put what arrives into the socket's queues and wake file.wait; the caller's thread
 * takes it out. A call that must wait releases net_lock, sleeps on file.wait and looks again.
 *
 * Threading: all fields and functions are under net_lock unless said otherwise; it may be
 * released and taken again by socket_wait() in the midst of an op. Errors: -errno.
 */
#pragma once
#include <fcntl.h>
#include "kernel/socket_calls.h"
#include "lib/base/list.h"
#include "net/sockets.h"
#include <lwip/ip_addr.h>
#include <lwip/pbuf.h>

struct socket;
struct tcp_pcb;
struct tcp_pcb_listen;
struct udp_pcb;

/* A struct message as the protocols see it. */
struct transfer {
	const struct iovec *iov;
	int niov;
	int flags;        /* MSG_* */
	bool has_address; /* `address`, `port` are meaningful: given or found */
	ip_addr_t address;
	uint16_t port;
	int out_flags;                      /* receive: MSG_TRUNC */
	struct ancillary *ancillary;        /* receive: NULL not wanted */
	const struct send_options *options; /* send: NULL none */
};

struct socket_ops {
	int type;                         /* SOCK_* */
	int (*prepare)(struct socket *s); /* make the pcb, if it is not there yet */
	int (*bind)(struct socket *s, const ip_addr_t *a, uint16_t port);
	int (*listen)(struct socket *s, int backlog);
	int (*accept)(struct socket *s, struct socket **out);
	int (*shutdown)(struct socket *s, bool rd, bool wr);
	ssize_t (*receive)(struct socket *s, struct transfer *t);
	ssize_t (*send)(struct socket *s, struct transfer *t);
	short (*poll)(struct socket *s, short events); /* locked: SOCKET_POLL_LOCKED */
	int (*queued)(struct socket *s, bool out);     /* FIONREAD, TIOCOUTQ: bytes or -errno */
	void (*close)(struct socket *s); /* the last reference is gone; frees what hangs on s */
};

enum socket_state {
	SOCKET_FRESH,      /* no peer yet; perhaps bound */
	SOCKET_CONNECTING, /* TCP: SYN sent */
	SOCKET_CONNECTED,  /* peer known; TCP: also when one or both directions are over */
	SOCKET_LISTENING,
};

struct socket {
	struct file file; /* first; flags are read without net_lock */
	const struct socket_ops *ops;
	uint8_t state;  /* enum socket_state */
	uint8_t domain; /* AF_INET, AF_INET6 */
	bool v6only;
	bool no_delay;   /* TCP_NODELAY as asked for */
	bool read_over;  /* end of file, or shutdown(SHUT_RD) */
	bool write_over; /* shutdown(SHUT_WR) */
	bool cork;       /* TCP_CORK */
	bool reuse_port; /* SO_REUSEPORT */
	uint8_t want;    /* SOCKET_WANT_*: what recvmsg() shall tell */
	bool want_space; /* somebody was told to wait for send buffer space */
	bool linger;     /* SO_LINGER */
	uint16_t linger_s;
	uint16_t ncallers; /* calls that sleep in socket_wait() */
	int error;         /* pending -errno, 0 for none: SO_ERROR */
	union {
		struct tcp_pcb *tcp; /* NULL once lwIP has let go of it */
		struct tcp_pcb_listen *listener;
		struct udp_pcb *udp;
	};
	/* Received: TCP a chain of pbufs linked by next; UDP datagrams. */
	struct pbuf *rx_head, *rx_tail;
	struct list datagrams;
	uint32_t rx_bytes;
	uint32_t rx_low_bytes;   /* SO_RCVLOWAT, of TCP */
	uint32_t rx_limit_bytes; /* SO_RCVBUF: UDP's queue; TCP: the window */
	uint32_t tx_limit_bytes; /* SO_SNDBUF */
	uint32_t tx_poll_bytes;  /* POLLOUT up to so much unacknowledged and unsent */
	struct list groups;      /* of multicast that it joined (net/groups.c) */
	/* Connections that wait for accept(); accept_node on the listener's list. Or a connection
	 * that waits for an address of ours (net/tcp_later.c), by its accept_node. */
	struct list accepts, accept_node;
	/* Names, kept here for when the pcb is gone. Port 0: none. */
	ip_addr_t local, peer;
	uint16_t local_port, peer_port;
	ns_t receive_timeout, send_timeout; /* NS_NEVER: none */
};

static inline struct socket *socket_of_file(struct file *f)
{
	return container_of(f, struct socket, file);
}

/* What a socket's `want` says. */
#define SOCKET_WANT_INFO    1 /* where a datagram came in */
#define SOCKET_WANT_TTL     2
#define SOCKET_WANT_TOS     4
#define SOCKET_WANT_TIME    8 /* struct timeval */
#define SOCKET_WANT_TIME_NS 16

/* A received datagram. */
struct datagram {
	struct list node;
	struct pbuf *p;
	ip_addr_t from, to;
	uint16_t port;
	uint8_t interface, ttl, tos;
	ns_t time;
};

/*
 * Code for options that few programs set. Setting one of them (net/sockopt_rare.c) fills in the
 * pointer; a socket that shows such an option finds it here.
 */
struct socket_extras {
	void (*put_info)(const struct socket *s, const struct datagram *d, struct ancillary *a);
	void (*leave_groups)(struct socket *s);
	/* pick() - the socket of an SO_REUSEPORT group that gets what came from there. */
	struct socket *(*pick)(struct socket *s, const ip_addr_t *from, uint16_t port);
};
extern const struct socket_extras *socket_extras;

/* socket_of_internet() - the socket that f is, or NULL: of another family. */
struct socket *socket_of_internet(struct file *f);

/* Of the table of calls; net/sockopt.c. */
int socket_set_option(struct file *f, int level, int option, const void *value, socklen_t len);
int socket_get_option(struct file *f, int level, int option, void *value, socklen_t *len);

/* For the protocols. */

extern const struct socket_ops tcp_socket_ops, udp_socket_ops;

/* connect() is apart from the tables, so that servers need not have it; a NULL: no peer. */
int tcp_sock_connect(struct socket *s, const ip_addr_t *a, uint16_t port);
int udp_sock_connect(struct socket *s, const ip_addr_t *a, uint16_t port);

/* What binding and connecting share; net/socket.c. socket_read_name(): an address that the
 * socket's domain and V6ONLY allow. socket_wait_route(): until we have an address to reach it. */
int socket_read_name(const struct socket *s, const struct sockaddr *name, socklen_t len,
		     ip_addr_t *a, uint16_t *port);
int socket_wait_route(const ip_addr_t *a);
void socket_any_is_loopback(ip_addr_t *a);

/* socket_alloc() - a socket of that kind with one reference and defaults; NULL. */
struct socket *socket_alloc(const struct socket_ops *ops, int domain);

/*
 * socket_wait() - release net_lock, sleep until ready(s) or the deadline, take net_lock.
 *
 * ready   evaluated without net_lock
 *
 * Returns 0; -EAGAIN the deadline passed; -EBADF the descriptor was closed meanwhile.
 */
int socket_wait(struct socket *s, bool (*ready)(const struct socket *), ns_t deadline);

/* socket_set_send_limit() - SO_SNDBUF and what follows from it. */
void socket_set_send_limit(struct socket *s, uint32_t bytes);

/* socket_take_error() - the pending error, and no error is pending any more. */
int socket_take_error(struct socket *s);

/* socket_wake() - something changed that callers, poll() and the like may wait for. */
static inline void socket_wake(struct socket *s)
{
	wait_queue_wake_all(&s->file.wait);
}

/* Events for which a socket is polled under net_lock. The others are told by single words of the
 * socket, which are read as they are: an answer is old when it arrives in either case. */
#define SOCKET_POLL_LOCKED (POLLOUT | POLLWRNORM)

/* Is this call not to sleep? */
static inline bool socket_nonblocking(const struct socket *s, int flags)
{
	return (flags & MSG_DONTWAIT) || (READ_ONCE(s->file.flags) & O_NONBLOCK);
}

/* The lwIP address type for a socket's domain: AF_INET6 takes both unless v6only. */
u8_t socket_address_type(const struct socket *s);

/* socket_pick_port() - a random port of the dynamic range (RFC 6056, 3.3.1). */
uint16_t socket_pick_port(void);
#define SOCKET_PORT_TRIES 32 /* random ports that are tried before lwIP searches */

/* Copies between pbuf and iovec; `skip` bytes of the vector are done. */
struct iov_cursor {
	const struct iovec *iov;
	int niov;
	size_t offset; /* into the first */
};
void iov_put(struct iov_cursor *c, const void *from, size_t len);
size_t iov_bytes(const struct iovec *iov, int niov);
