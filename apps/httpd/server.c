// SPDX-License-Identifier: BSD-2-Clause
#define _GNU_SOURCE /* accept4(), where the C library does not yet count it as POSIX */
#include "server.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#include "config.h"
#include "conn.h"
#include "log.h"
#include "now.h"
#include "poller.h"
#include "stats.h"
#include "timers.h"

enum {
	BACKLOG = 256,
	ACCEPTS = 32, /* new connections before the open ones have their turn */
	PAUSE_S = 1,  /* before trying again when descriptors or memory ran out */
};

static struct watch listener;
static struct timer pause_over;
static bool paused;

static void accept_pause(void)
{
	paused = true;
	poller_change(&listener, 0);
}

static void accept_resume(void)
{
	if (!paused)
		return;
	paused = false;
	poller_change(&listener, POLLIN);
}

static void pause_expired(struct timer *t)
{
	(void)t;
	accept_resume();
}

/* Something has run out. It may come back without any connection of ours ending. */
static void accept_later(void)
{
	accept_pause();
	timer_set(&pause_over, PAUSE_S);
}

/* Takes one connection from the backlog. Returns whether to try for another. */
static bool accept_one(void)
{
	const int on = 1;
	int fd = accept4(listener.fd, NULL, NULL, SOCK_NONBLOCK);

	if (fd < 0) {
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
			accept_later();
		return errno == ECONNABORTED || errno == EINTR;
	}
	/* Replies are sent whole: waiting for more to send would only delay their ends. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (!conn_open(fd)) {
		close(fd);
		accept_later();
		return false;
	}
	return true;
}

static void listener_ready(struct watch *w, int events)
{
	(void)w;
	(void)events;
	for (int n = 0; n < ACCEPTS && !paused; n++) {
		if (stats.open >= config.max_connections)
			accept_pause();
		else if (!accept_one())
			return;
	}
}

void server_connection_ended(void)
{
	accept_resume();
}

static int bind_port(int fd, int family)
{
	const int on = 1, off = 0;
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} addr = { .v6 = { 0 } };
	socklen_t len = family == AF_INET6 ? sizeof(addr.v6) : sizeof(addr.v4);

	/* Both structures begin alike: the family, then the port. No address: any. */
	addr.v4.sin_family = (sa_family_t)family;
	addr.v4.sin_port = htons(config.port);
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)))
		return -1;
	if (family == AF_INET6 && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off)))
		return -1;
	if (bind(fd, &addr.any, len))
		return -1;
	return listen(fd, BACKLOG);
}

static int open_listener(int family)
{
	int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK, 0);

	if (fd >= 0 && bind_port(fd, family)) {
		int err = errno;

		close(fd);
		errno = err;
		fd = -1;
	}
	return fd;
}

int server_listen(void)
{
	/* One socket for IPv6 and IPv4; IPv4 alone where there is no IPv6. */
	int fd = open_listener(AF_INET6);

	if (fd < 0 && errno != EADDRINUSE && errno != EACCES)
		fd = open_listener(AF_INET);
	if (fd < 0 || poller_open(config.max_connections + 1))
		return -1;
	listener.fd = fd;
	listener.ready = listener_ready;
	pause_over.expired = pause_expired;
	poller_add(&listener, POLLIN);
	now_update();
	stats.started = now.tick;
	stats.max = config.max_connections;
	return 0;
}

int server_run(void)
{
	bool new_second;

	for (;;) {
		int count = poller_wait(timers_wait_ms());

		if (count < 0 && errno != EINTR && errno != EAGAIN && errno != ENOMEM)
			return -1;
		new_second = now_update();
		poller_dispatch(count);
		if (new_second)
			timers_run();
	}
}
