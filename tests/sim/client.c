// SPDX-License-Identifier: BSD-2-Clause
/*
 * client.c - the instance that asks: connections to server.c, several at a time, whose bytes must
 * come back once, in order and unchanged, or the connection reports an error.
 *
 * Before the storm and some time after it nothing may fail.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "tests/sim/agent.h"
#include "tests/sim/net.h"

#define THREADS     4
#define ROUNDS_MAX  6
#define BYTES_MAX   60000
#define CHUNK_BYTES 4096
#define PAGE_BYTES  612 /* of httpd's /bench.html */

struct transfer {
	int fd;
	unsigned id;
	size_t total, sent, received;
};

static unsigned seed, finished, cut;

static unsigned char pattern(unsigned id, size_t at)
{
	return (unsigned char)(id * 37 + at * 7 + (at >> 8) * 11 + (at >> 16));
}

static void broken(const char *what, const struct transfer *t)
{
	printf("client: connection %u: %s (sent %zu, received %zu of %zu)\n", t->id, what, t->sent,
	       t->received, t->total);
	exit(1);
}

static int reach(uint32_t address, uint16_t port)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(port),
				  .sin_addr.s_addr = htonl(address) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		return -1;
	if (keep_alive(fd) == 0 && connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
		return fd;
	close(fd);
	return -1;
}

static int start(char command)
{
	int fd = reach(SIM_SERVER, SIM_PORT);

	if (fd < 0 || write(fd, &command, 1) == 1)
		return fd;
	close(fd);
	return -1;
}

/* 1: bytes went; 0: no room; -1: error. */
static int send_some(struct transfer *t)
{
	unsigned char chunk[CHUNK_BYTES];
	size_t n = t->total - t->sent;
	ssize_t done;

	if (n > sizeof(chunk))
		n = sizeof(chunk);
	for (size_t k = 0; k < n; k++)
		chunk[k] = pattern(t->id, t->sent + k);
	done = send(t->fd, chunk, n, MSG_DONTWAIT);
	if (done < 0)
		return errno == EAGAIN ? 0 : -1;
	t->sent += (size_t)done;
	if (t->sent == t->total)
		shutdown(t->fd, SHUT_WR);
	return 1;
}

/* 1: there may be more; 0: the end; -1: error. */
static int receive_some(struct transfer *t)
{
	unsigned char chunk[CHUNK_BYTES];
	ssize_t n = recv(t->fd, chunk, sizeof(chunk), MSG_DONTWAIT);

	if (n < 0)
		return errno == EAGAIN ? 1 : -1;
	if (n == 0 && t->received != t->total)
		broken("ended early, without an error", t);
	if (n == 0)
		return 0;
	if ((size_t)n > t->sent - t->received)
		broken("more than was sent", t);
	for (ssize_t k = 0; k < n; k++)
		if (chunk[k] != pattern(t->id, t->received + (size_t)k))
			broken("other bytes than were sent", t);
	t->received += (size_t)n;
	return 1;
}

static int transfer(struct transfer *t)
{
	for (;;) {
		struct pollfd p = { .fd = t->fd, .events = POLLIN };
		int ret;

		if (t->sent < t->total)
			p.events |= POLLOUT;
		if (poll(&p, 1, -1) < 0)
			return -1;
		if (p.revents & (POLLIN | POLLERR | POLLHUP)) {
			ret = receive_some(t);
			if (ret <= 0)
				return ret;
		}
		if ((p.revents & POLLOUT) && send_some(t) < 0)
			return -1;
	}
}

/* One connection; 0 when all came back. */
static int echo(unsigned id)
{
	struct transfer t = { .id = id, .total = 1 + (seed ^ id * 2654435761u) % BYTES_MAX };
	int ret;

	t.fd = start(id / THREADS % 2 ? SIM_ECHO_THREAD : SIM_ECHO_POLL);
	if (t.fd < 0)
		return -1;
	ret = transfer(&t);
	close(t.fd);
	return ret;
}

/* Requests of httpd, on one connection. A page has the same bytes each time. */
static int get_pages(unsigned id)
{
	static const char request[] = "GET /bench.html HTTP/1.1\r\nHost: sim\r\n\r\n";
	static char known[PAGE_BYTES];
	char head[512], page[PAGE_BYTES];
	int fd = reach(SIM_HTTPD, 80), ret = fd < 0 ? -1 : 0;

	for (unsigned k = 0; ret == 0 && k < 3; k++) {
		size_t n = 0;

		ret = -1;
		if (io_all(fd, (void *)request, sizeof(request) - 1, true) <= 0)
			break;
		while (n < sizeof(head) - 1 && (n < 4 || memcmp(head + n - 4, "\r\n\r\n", 4)))
			if (read(fd, head + n++, 1) != 1)
				goto out;
		head[n] = 0;
		if (strncmp(head, "HTTP/1.1 503", 12) == 0)
			break;
		if (strncmp(head, "HTTP/1.1 200", 12) || !strstr(head, "Content-Length: 612\r\n")) {
			printf("client: request %u: %s\n", id, head);
			exit(1);
		}
		if (io_all(fd, page, sizeof(page), false) <= 0)
			break;
		if (!known[0])
			memcpy(known, page, sizeof(known));
		if (memcmp(known, page, sizeof(known))) {
			printf("client: request %u: another page\n", id);
			exit(1);
		}
		ret = 0;
	}
out:
	if (fd >= 0)
		close(fd);
	return ret;
}

/* What a key has in a version: some are deletions. */
static struct key_answer made_value(unsigned key, uint32_t version)
{
	struct key_answer a = { .version = version, .present = version % 4 != 0 };

	for (size_t k = 0; a.present && k < sizeof(a.value); k++)
		a.value[k] = pattern(key, version * 64 + k);
	return a;
}

static int ask_key(int fd, const struct key_request *r, struct key_answer *a)
{
	return io_all(fd, (void *)r, sizeof(*r), true) > 0 && io_all(fd, a, sizeof(*a), false) > 0
		       ? 0
		       : -1;
}

/* A key that nobody else has: it holds what was set last, or, when that has failed, perhaps what it
 * held before; for ever, whatever befalls the store. */
static int use_keys(unsigned id)
{
	static struct {
		uint32_t sure, sent;
	} known[THREADS];
	unsigned key = id % THREADS;
	int fd = reach(SIM_STORE, SIM_STORE_PORT), ret = fd < 0 ? -1 : 0;

	for (unsigned k = 0; ret == 0 && k < 20; k++) {
		struct key_request r = { .order = KEY_GET, .key = key };
		struct key_answer a, right;

		if (k % 2) {
			r.version = ++known[key].sent;
			right = made_value(key, r.version);
			r.order = right.present ? KEY_SET : KEY_DELETE;
			memcpy(r.value, right.value, sizeof(r.value));
		}
		ret = ask_key(fd, &r, &a);
		if (ret)
			break;
		right = made_value(key, a.version);
		if (a.version < known[key].sure || a.version > known[key].sent ||
		    (r.version && a.version != r.version) || memcmp(&a, &right, sizeof(a))) {
			printf("client: key %u: version %u, not %u to %u, or another value\n", key,
			       (unsigned)a.version, (unsigned)known[key].sure,
			       (unsigned)known[key].sent);
			exit(1);
		}
		known[key].sure = a.version;
	}
	if (fd >= 0)
		close(fd);
	return ret;
}

static int (*const jobs[])(unsigned id) = { echo, echo, use_keys, get_pages };

static void *worker(void *arg)
{
	unsigned first = (unsigned)(size_t)arg, rounds = 1 + (seed >> first) % ROUNDS_MAX;

	for (unsigned k = 0; k < rounds; k++) {
		struct timespec pause = { 0, 1000000l * (long)((seed >> k) % 200) };

		unsigned id = first + k * THREADS;

		__atomic_fetch_add(jobs[(first + k) % 4](id) ? &cut : &finished, 1,
				   __ATOMIC_RELAXED);
		nanosleep(&pause, NULL);
	}
	return NULL;
}

static void storm(void)
{
	pthread_t thread[THREADS];
	bool started[THREADS];

	for (unsigned k = 0; k < THREADS; k++)
		started[k] = pthread_create(&thread[k], NULL, worker, (void *)(size_t)k) == 0;
	for (unsigned k = 0; k < THREADS; k++)
		if (started[k])
			pthread_join(thread[k], NULL);
}

/* As the storm, without one. */
static void calm(const char *when)
{
	for (unsigned id = 0; id < 2 * THREADS; id++)
		if (jobs[id % 4](id)) {
			printf("client: %s the faults: %s\n", when, strerror(errno));
			exit(1);
		}
}

static void order(char command)
{
	char answer = 0;
	int fd = start(command);

	if (fd < 0 || read(fd, &answer, 1) != 1 || answer != command) {
		printf("client: order %c: %s\n", command, strerror(errno));
		exit(1);
	}
	close(fd);
}

int main(int argc, char **argv)
{
	struct sim_use before, after;

	signal(SIGPIPE, SIG_IGN);
	seed = argc > 1 ? (unsigned)strtoul(argv[argc - 1], NULL, 10) : 1;
	sleep(1);
	storm();
	calm("before");
	finished = cut = 0;
	sleep(SIM_REST_SECONDS);
	order(SIM_MEASURE);
	sleep(SIM_REST_SECONDS);
	measure(&before);

	sim_phase(SIM_STORM);
	storm();
	sim_phase(SIM_OVER);
	sleep(SIM_REST_SECONDS);
	calm("after");
	order(SIM_QUIT);
	sleep(SIM_REST_SECONDS);
	measure(&after);
	printf("client: %u finished, %u cut\n", finished, cut);
	return leaks("client", &before, &after);
}
