// SPDX-License-Identifier: BSD-2-Clause
/*
 * sockopt.h - what the files of options share. Under net_lock.
 */
#pragma once
#include <errno.h>
#include "net/socket.h"
#include <lwip/tcp.h>
#include <lwip/udp.h>

/* sockopt_pcb() - the part that listener, TCP and UDP pcbs have in common, NULL: there is none. */
static inline struct ip_pcb *sockopt_pcb(const struct socket *s)
{
	return (struct ip_pcb *)(void *)s->tcp;
}

/* sockopt_tcp() - a connection's pcb, NULL: there is none. */
static inline struct tcp_pcb *sockopt_tcp(const struct socket *s)
{
	return s->ops->type == SOCK_STREAM && s->state != SOCKET_LISTENING ? s->tcp : NULL;
}

/* sockopt_need_pcb() - options live in the pcb, which is made for them if need be. */
static inline int sockopt_need_pcb(struct socket *s)
{
	if (sockopt_pcb(s))
		return 0;
	return s->state == SOCKET_FRESH ? s->ops->prepare(s) : -EINVAL;
}

/* Level IPPROTO_TCP, net/sockopt_tcp.c. */
int sockopt_set_tcp(struct socket *s, int option, const void *value, socklen_t len);
int sockopt_get_tcp(struct socket *s, int option, void *value, socklen_t *len);

/* Multicast, net/groups.c. join: false leaves. */
int groups_change(struct socket *s, const ip_addr_t *group, struct netif *on, bool join);
void groups_leave_all(struct socket *s);
