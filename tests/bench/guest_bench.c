// SPDX-License-Identifier: BSD-2-Clause
/*
 * guest_bench - operations to be counted by tests/bench/insncount.c; started by
 * tests/bench/bench.py.
 *
 *   guest_bench ops         a mutex pair, a switch between two threads, getpid(), malloc and free
 *   guest_bench udpecho     send every datagram on port 7 back
 *   guest_bench tcpsource   on port 5001: send what the client asks for (one number), then close
 *   guest_bench tcpsink     on port 5001: read to the end, then send how much it was
 *   guest_bench idle        bring the network up, then do nothing
 *
 * POSIX only, so that the same file also measures other systems. Each operation runs ROUNDS times
 * between two marks, after a warm-up round; an empty loop is measured to be taken off.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ROUNDS    1000
#define UDP_PORT  7
#define TCP_PORT  5001
#define BUF_BYTES 65536

/* See insncount.c: an instruction that does nothing and names itself. */
#if defined(__x86_64__)
#define MARK(id) __asm__ volatile("nopl %c0(%%rax)" ::"i"(0x554e4900 + (id)) : "memory")
#elif defined(__aarch64__)
#define MARK(id) __asm__ volatile("movz xzr, %0, lsl #48" ::"i"(0x5500 + (id)) : "memory")
#endif

/* Mark numbers: an operation begins with 2n and ends with 2n + 1; bench.py has the same list. */
enum {
	OP_EMPTY = 1,
	OP_MUTEX,
	OP_SWITCH,
	OP_NULL_CALL,
	OP_MALLOC,
};

#define MEASURE(op, work)                                          \
	do {                                                       \
		for (int warm = 0; warm < 2; warm++) {             \
			MARK(2 * (op));                            \
			for (int i = 0; i < ROUNDS; i++) {         \
				work;                              \
				__asm__ volatile("" ::: "memory"); \
			}                                          \
			MARK(2 * (op) + 1);                        \
		}                                                  \
	} while (0)

static char buf[BUF_BYTES];

static void die(const char *what)
{
	perror(what);
	exit(1);
}

/* Answers every yield of main() with one of its own, until told to stop. */
static void *yielder(void *stop)
{
	while (!*(volatile int *)stop)
		sched_yield();
	return NULL;
}

static void measure_switch(void)
{
	volatile int stop = 0;
	pthread_t thread;

	if (pthread_create(&thread, NULL, yielder, (void *)&stop))
		die("pthread_create");
	sched_yield();
	MEASURE(OP_SWITCH, sched_yield());
	stop = 1;
	pthread_join(thread, NULL);
}

static void do_ops(void)
{
	static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	void *volatile p;

	MEASURE(OP_EMPTY, );
	MEASURE(OP_MUTEX, pthread_mutex_lock(&mutex); pthread_mutex_unlock(&mutex));
	MEASURE(OP_NULL_CALL, getpid());
	MEASURE(OP_MALLOC, p = malloc(64); free(p));
	measure_switch();
}

static int bound_socket(int type, uint16_t port)
{
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_port = htons(port) };
	int s = socket(AF_INET, type, 0);

	if (s < 0)
		die("socket");
	if (bind(s, (struct sockaddr *)&addr, sizeof(addr)))
		die("bind");
	return s;
}

static void do_udpecho(void)
{
	int s = bound_socket(SOCK_DGRAM, UDP_PORT);

	puts("ready");
	for (;;) {
		struct sockaddr_in from;
		socklen_t from_len = sizeof(from);
		ssize_t len = recvfrom(s, buf, sizeof(buf), 0, (struct sockaddr *)&from, &from_len);

		if (len < 0)
			die("recvfrom");
		if (sendto(s, buf, len, 0, (struct sockaddr *)&from, from_len) < 0)
			die("sendto");
	}
}

static void serve(void (*work)(int s))
{
	int listener = bound_socket(SOCK_STREAM, TCP_PORT);

	if (listen(listener, 4))
		die("listen");
	puts("ready");
	for (;;) {
		int s = accept(listener, NULL, NULL);

		if (s < 0)
			die("accept");
		work(s);
		close(s);
	}
}

static void source(int s)
{
	char text[32] = "";
	uint64_t left;

	if (recv(s, text, sizeof(text) - 1, 0) <= 0)
		return;
	for (left = strtoull(text, NULL, 10); left;) {
		ssize_t sent = send(s, buf, left < sizeof(buf) ? left : sizeof(buf), 0);

		if (sent <= 0)
			die("send");
		left -= sent;
	}
}

static void sink(int s)
{
	char text[32];
	uint64_t total = 0;
	ssize_t len;

	while ((len = recv(s, buf, sizeof(buf), 0)) > 0)
		total += len;
	snprintf(text, sizeof(text), "%llu", (unsigned long long)total);
	if (send(s, text, strlen(text), 0) < 0)
		die("send");
}

/* A socket brings the network up, with all the timers it keeps. */
static void do_idle(void)
{
	bound_socket(SOCK_DGRAM, UDP_PORT);
	puts("ready");
	for (;;)
		sleep(1000000);
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";

	if (!strcmp(mode, "ops"))
		do_ops();
	else if (!strcmp(mode, "udpecho"))
		do_udpecho();
	else if (!strcmp(mode, "tcpsource"))
		serve(source);
	else if (!strcmp(mode, "tcpsink"))
		serve(sink);
	else if (!strcmp(mode, "idle"))
		do_idle();
	else
		puts("guest_bench: ops, udpecho, tcpsource, tcpsink or idle?");
	return 0;
}
