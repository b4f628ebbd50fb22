// SPDX-License-Identifier: BSD-2-Clause
/*
 * events - a program for the system tests: an echo server in one thread on epoll, port 7.
 *
 * A client that begins with "?" gets a line: connections, free bytes of memory.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <unik/memory.h>

#define PORT    7
#define BACKLOG 256
#define EVENTS  64

static int ep, listener, open_connections;

static int fail(const char *what)
{
	perror(what);
	return 1;
}

static int watch(int fd)
{
	struct epoll_event e = { .events = EPOLLIN | EPOLLRDHUP, .data.fd = fd };

	return epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e);
}

static int start(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(PORT) };

	ep = epoll_create1(0);
	listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (ep < 0 || listener < 0)
		return fail("socket");
	if (bind(listener, (struct sockaddr *)&a, sizeof(a)) || listen(listener, BACKLOG))
		return fail("listen");
	return watch(listener) ? fail("epoll_ctl") : 0;
}

static void accept_all(void)
{
	int fd;

	while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
		if (watch(fd)) {
			perror("epoll_ctl");
			close(fd);
		} else {
			open_connections++;
		}
	}
	if (errno != EAGAIN)
		perror("accept4");
}

static void answer(int fd)
{
	char text[512];
	ssize_t n = read(fd, text, sizeof(text));

	if (n > 0 && text[0] == '?') {
		size_t free_bytes;

		unik_memory(NULL, &free_bytes);
		n = snprintf(text, sizeof(text), "%d %zu\n", open_connections, free_bytes);
	}
	if (n <= 0 || write(fd, text, (size_t)n) != n) {
		close(fd);
		open_connections--;
	}
}

int main(void)
{
	struct epoll_event e[EVENTS];

	if (start())
		return 1;
	puts("ready");
	for (;;) {
		int n = epoll_wait(ep, e, EVENTS, -1);

		if (n < 0)
			return fail("epoll_wait");
		for (int i = 0; i < n; i++) {
			if (e[i].data.fd == listener)
				accept_all();
			else
				answer(e[i].data.fd);
		}
	}
}
