// SPDX-License-Identifier: BSD-2-Clause
/*
 * server.c - the instance that answers: each connection gets back what it sends, from a thread of
 * its own or from one that polls, as its first byte says.
 *
 * A connection that the server gives up ends with a reset, so that nobody takes it for an end.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "tests/sim/agent.h"
#include "tests/sim/net.h"

#define CLIENTS      16 /* of the polling thread */
#define CLIENTS_MAX  40 /* of all kinds */
#define BUFFER_BYTES 2000

static struct client {
	int fd; /* 0: free */
	bool said;
	size_t have, at; /* bytes of buffer, and of these sent */
	char buffer[BUFFER_BYTES];
} clients[CLIENTS];

static int listener;
static unsigned threads;
static struct sim_use before;
static bool asked, measured, quit;

static void give_up(int fd)
{
	struct linger at_once = { .l_onoff = 1 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	close(fd);
}

static int echo_all(int fd)
{
	char buffer[BUFFER_BYTES];
	ssize_t n;

	while ((n = read(fd, buffer, sizeof(buffer))) > 0)
		for (ssize_t at = 0, done; at < n; at += done) {
			done = write(fd, buffer + at, (size_t)(n - at));
			if (done < 0)
				return -1;
		}
	return n < 0 ? -1 : 0;
}

static void *serve(void *arg)
{
	int fd = (int)(size_t)arg;

	if (echo_all(fd))
		give_up(fd);
	else
		close(fd);
	__atomic_fetch_sub(&threads, 1, __ATOMIC_RELEASE);
	return NULL;
}

static void serve_by_thread(int fd)
{
	pthread_t thread;

	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
	__atomic_fetch_add(&threads, 1, __ATOMIC_RELAXED);
	if (pthread_create(&thread, NULL, serve, (void *)(size_t)fd)) {
		__atomic_fetch_sub(&threads, 1, __ATOMIC_RELAXED);
		give_up(fd);
		return;
	}
	pthread_detach(thread);
}

static void forget(struct client *c, bool well)
{
	if (well)
		close(c->fd);
	else
		give_up(c->fd);
	*c = (struct client){ 0 };
}

static void answer(struct client *c, char command)
{
	if (command == SIM_MEASURE)
		asked = true;
	quit = quit || command == SIM_QUIT;
	forget(c, write(c->fd, &command, 1) == 1);
}

/* The first byte says what this is. */
static void begin(struct client *c)
{
	char command;
	ssize_t n = read(c->fd, &command, 1);

	if (n < 0 && errno == EAGAIN)
		return;
	c->said = true;
	if (n <= 0) {
		forget(c, false);
	} else if (command == SIM_ECHO_THREAD) {
		serve_by_thread(c->fd);
		*c = (struct client){ 0 };
	} else if (command != SIM_ECHO_POLL) {
		answer(c, command);
	}
}

static void take(struct client *c)
{
	ssize_t n = read(c->fd, c->buffer, sizeof(c->buffer));

	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0) {
		forget(c, n == 0);
		return;
	}
	c->have = (size_t)n;
	c->at = 0;
}

static void give(struct client *c)
{
	ssize_t n = write(c->fd, c->buffer + c->at, c->have - c->at);

	if (n < 0 && errno == EAGAIN)
		return;
	if (n < 0) {
		forget(c, false);
		return;
	}
	c->at += (size_t)n;
	if (c->at == c->have)
		c->have = 0;
}

static void advance(struct client *c)
{
	if (!c->said)
		begin(c);
	else if (c->have)
		give(c);
	else
		take(c);
}

static void take_new(void)
{
	int fd = accept(listener, NULL, NULL);

	if (fd < 0)
		return;
	for (unsigned k = 0; k < CLIENTS; k++)
		if (!clients[k].fd && keep_alive(fd) == 0 && fcntl(fd, F_SETFL, O_NONBLOCK) == 0) {
			clients[k].fd = fd;
			return;
		}
	give_up(fd);
}

static bool round_of_poll(void)
{
	struct pollfd p[CLIENTS + 1] = { { .fd = listener, .events = POLLIN } };
	bool any = false;

	for (unsigned k = 0; k < CLIENTS; k++) {
		p[k + 1].fd = clients[k].fd ? clients[k].fd : -1;
		p[k + 1].events = clients[k].have ? POLLOUT : POLLIN;
		any |= clients[k].fd != 0;
	}
	if (quit && !any)
		return false;
	if (poll(p, CLIENTS + 1, -1) < 0)
		return true;
	if (p[0].revents)
		take_new();
	for (unsigned k = 0; k < CLIENTS; k++)
		if (clients[k].fd && p[k + 1].fd == clients[k].fd && p[k + 1].revents)
			advance(&clients[k]);
	return true;
}

static void *be_there(void *arg)
{
	sleep(1);
	return arg;
}

/* The table of descriptors and the list of addresses for stacks grow and stay: as large as they
 * will ever be, before blocks are counted. */
static void grow(void)
{
	pthread_t thread[CLIENTS_MAX];
	int fd[CLIENTS_MAX];

	for (unsigned k = 0; k < CLIENTS_MAX; k++) {
		fd[k] = dup(listener);
		if (fd[k] < 0 || pthread_create(&thread[k], NULL, be_there, NULL))
			exit(1);
	}
	for (unsigned k = 0; k < CLIENTS_MAX; k++) {
		close(fd[k]);
		pthread_join(thread[k], NULL);
	}
}

int main(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(SIM_PORT) };
	struct sim_use after;

	signal(SIGPIPE, SIG_IGN);
	listener = socket(AF_INET, SOCK_STREAM, 0);
	if (listener < 0 || bind(listener, (struct sockaddr *)&at, sizeof(at)) ||
	    listen(listener, 8) || fcntl(listener, F_SETFL, O_NONBLOCK))
		return 1;
	grow();
	while (round_of_poll())
		if (asked) {
			sleep(SIM_REST_SECONDS / 3);
			measure(&before);
			measured = true;
			asked = false;
		}
	while (__atomic_load_n(&threads, __ATOMIC_ACQUIRE))
		sleep(1);
	sleep(SIM_REST_SECONDS);
	measure(&after);
	/* Who was switched off has nothing to compare with. */
	return measured && leaks("server", &before, &after);
}
