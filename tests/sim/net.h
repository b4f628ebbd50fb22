// SPDX-License-Identifier: BSD-2-Clause
/* net.h - what client.c and server.c agree about. */
#pragma once
#include <fcntl.h>
#include <stdio.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>
#include "tests/sim/agent.h"

#define SIM_PORT   7
#define SIM_SERVER 0x0a000002
#define SIM_HTTPD  0x0a000003
#define SIM_STORE  0x0a000004

/* The first byte of a connection; an order is answered by itself. */
#define SIM_ECHO_POLL   'p'
#define SIM_ECHO_THREAD 't'
#define SIM_MEASURE     'm'
#define SIM_QUIT        'q'

/* Of store.c: each request has an answer, and what it says stays so, also after a power cut. */
#define SIM_STORE_PORT  9
#define SIM_STORE_BYTES 40 /* of a value */
#define SIM_KEY_COUNT   16

enum key_order { KEY_GET, KEY_SET, KEY_DELETE };

/* A later version replaces an earlier one, never the other way round. */
struct key_request {
	uint32_t order, key, version;
	unsigned char value[SIM_STORE_BYTES];
};

struct key_answer {
	uint32_t version, present;
	unsigned char value[SIM_STORE_BYTES];
};

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

/* io_all() - all bytes, by read() or write(). 1; 0: the end came before the first; -1. */
static inline int io_all(int fd, void *data, size_t len, bool out)
{
	size_t at = 0;

	while (at < len) {
		ssize_t n = out ? write(fd, (char *)data + at, len - at)
				: read(fd, (char *)data + at, len - at);

		if (n < 0 || (n == 0 && at))
			return -1;
		if (n == 0)
			return 0;
		at += (size_t)n;
	}
	return 1;
}

#define DESCRIPTORS_MAX 64

static inline void measure(struct sim_use *u)
{
	sim_measure(u);
	u->descriptors = 0;
	for (int fd = 0; fd < DESCRIPTORS_MAX; fd++)
		u->descriptors += fcntl(fd, F_GETFD) >= 0;
}

/* What may have come to stay: some pieces more of the buffers to receive into (net/netif.c), and
 * slabs in which the same number of blocks lies less densely. */
#define PAGES_RECEIVE 48
static inline long pages_spare(const struct sim_use *u)
{
	return PAGES_RECEIVE + u->kernel_blocks / 2 + 8;
}

/* leaks() - is more in use than before? Says so. */
static inline bool leaks(const char *who, const struct sim_use *before, const struct sim_use *after)
{
	printf("%s: kernel's blocks %ld %ld, program's %ld %ld, network's %ld %ld, pages %ld %ld, "
	       "threads %ld %ld, descriptors %ld %ld\n",
	       who, before->kernel_blocks, after->kernel_blocks, before->user_blocks,
	       after->user_blocks, before->net_blocks, after->net_blocks, before->pages,
	       after->pages, before->threads, after->threads, before->descriptors,
	       after->descriptors);
	return after->kernel_blocks > before->kernel_blocks ||
	       after->user_blocks > before->user_blocks || after->net_blocks > before->net_blocks ||
	       after->pages > before->pages + pages_spare(after) ||
	       after->threads != before->threads || after->descriptors != before->descriptors;
}
