// SPDX-License-Identifier: BSD-2-Clause
/* net.h - what client.c and server.c agree about. */
#pragma once
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <sys/socket.h>

#define SIM_PORT   7
#define SIM_SERVER 0x0a000002

/* The first byte of a connection; an order is answered by itself. */
#define SIM_ECHO_POLL   'p'
#define SIM_ECHO_THREAD 't'
#define SIM_MEASURE     'm'
#define SIM_QUIT        'q'

/* After that, all connections are over and forgotten, and wrong neighbours too. */
#define SIM_REST_SECONDS 900

/* keep_alive() - the peer's silence is an error after a while. 0 or -1. */
static inline int keep_alive(int fd)
{
	int on = 1, idle = 30, interval = 10, probes = 6;

	return setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) ||
			       setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle)) ||
			       setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval,
					  sizeof(interval)) ||
			       setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof(probes))
		       ? -1
		       : 0;
}
