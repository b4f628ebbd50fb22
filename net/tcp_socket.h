// SPDX-License-Identifier: BSD-2-Clause
/*
 * tcp_socket.h - between the two halves of TCP sockets: connections (tcp_socket.c) and data
 * (tcp_io.c). All under net_lock.
 */
#pragma once
#include "net/mem.h"
#include "net/socket.h"
#include <lwip/tcp.h>

ssize_t tcp_sock_receive(struct socket *s, struct transfer *t);
ssize_t tcp_sock_send(struct socket *s, struct transfer *t);

/* lwIP's callbacks for data; arg is the socket. */
err_t tcp_on_receive(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err);
err_t tcp_on_sent(void *arg, struct tcp_pcb *pcb, u16_t len);

/* tcp_space() - bytes that can be queued for sending now. */
uint32_t tcp_space(const struct socket *s);

#define TCP_QUEUE_MAX (TCP_SND_QUEUELEN - 2) /* pbufs of a connection, less what one write adds */

/* tcp_share_left() - what is left of a connection's share of the memory [bytes]; most of its pbufs
 * are as large as a segment. */
static inline int64_t tcp_share_left(const struct tcp_pcb *pcb)
{
	return (int64_t)net_mem_share - pcb->snd_queuelen * NET_MEM_SEGMENT_BYTES;
}

static inline bool tcp_has_memory(const struct tcp_pcb *pcb)
{
	return tcp_share_left(pcb) >= NET_MEM_SEGMENT_BYTES && pcb->snd_queuelen < TCP_QUEUE_MAX &&
	       !net_mem_low;
}

/* tcp_writable() - is there enough space for POLLOUT? */
static inline bool tcp_writable(const struct socket *s)
{
	return TCP_SND_BUF - s->tcp->snd_buf <= s->tx_poll_bytes && tcp_has_memory(s->tcp);
}

/* tcp_want_space() - wake the socket once it is writable. */
void tcp_want_space(struct socket *s);

/* tcp_let_go() - both directions are over, or nobody is interested: lwIP finishes the connection
 * on its own. */
void tcp_let_go(struct socket *s);

/* tcp_drop_received() - free what was received and not read. */
void tcp_drop_received(struct socket *s);

/* tcp_fail() - the connection is gone for this reason (0: both ends closed it); s->tcp is dead. */
void tcp_fail(struct socket *s, int err);

/* Between tcp_socket.c and tcp_connect.c: a pcb if there is none; a name for it, port 0 any; no
 * more callbacks from the pcb; a handshake is complete; the listener's pcb and all that waited
 * for accept() go. */
int tcp_make_pcb(struct socket *s);
int tcp_bind_pcb(struct socket *s, const ip_addr_t *a, uint16_t port);
void tcp_detach(struct socket *s);
void tcp_connected(struct socket *s);
void tcp_stop_listening(struct socket *s);

/* tcp_start_connect() - send the SYN; 0 (then s is SOCKET_CONNECTING) or -errno. */
int tcp_start_connect(struct socket *s, const ip_addr_t *a, uint16_t port);

/*
 * tcp_connect_later() - net/tcp_later.c: where this machine may still get the address that a
 * connection needs, have it begin then. False: begin now.
 *
 * s is SOCKET_CONNECTING at once; without an address in time it fails with ENETUNREACH.
 */
bool tcp_connect_later(struct socket *s, const ip_addr_t *a, uint16_t port);

/* tcp_listener_of() - the socket behind a listening pcb, or NULL. */
struct socket *tcp_listener_of(const struct tcp_pcb_listen *lpcb);

/* tcp_socket_of() - the socket behind a pcb, or NULL. */
struct socket *tcp_socket_of(const struct tcp_pcb *pcb);
