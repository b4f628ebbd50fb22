// SPDX-License-Identifier: BSD-2-Clause
// run: --net user -m 16M
/* POSIX sockets in the image: threads on the loopback interface, names, the address from DHCP. */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <net/if.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>
#include "tests/check.h"

#define CLIENTS 8
#define ROUNDS  50

static struct sockaddr_in loopback(uint16_t port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
				     .sin_port = htons(port),
				     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

static int listen_on(uint16_t port)
{
	struct sockaddr_in a = loopback(port);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	CHECK_EQ(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	CHECK_EQ(listen(fd, CLIENTS), 0);
	return fd;
}

static int connect_to(uint16_t port)
{
	struct sockaddr_in a = loopback(port);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	CHECK_EQ(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

/* Sends numbers and wants them back. */
static void *client(void *arg)
{
	int fd = connect_to(7000);

	for (long i = 0; i < ROUNDS; i++) {
		long n = i + (long)arg, back = 0;

		CHECK_EQ(send(fd, &n, sizeof(n), 0), sizeof(n));
		CHECK_EQ(recv(fd, &back, sizeof(back), MSG_WAITALL), sizeof(back));
		CHECK_EQ(back, n);
	}
	close(fd);
	return NULL;
}

static void *echo(void *arg)
{
	int fd = (int)(long)arg;
	char buf[64];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0)
		CHECK_EQ(write(fd, buf, n), n);
	CHECK_EQ(n, 0);
	close(fd);
	return NULL;
}

static void test_threads(void)
{
	pthread_t clients[CLIENTS], servers[CLIENTS];
	int fd = listen_on(7000);

	for (long i = 0; i < CLIENTS; i++)
		CHECK_EQ(pthread_create(&clients[i], NULL, client, (void *)(i * 1000)), 0);
	for (long i = 0; i < CLIENTS; i++) {
		long c = accept(fd, NULL, NULL);

		CHECK(c >= 0);
		CHECK_EQ(pthread_create(&servers[i], NULL, echo, (void *)c), 0);
	}
	for (int i = 0; i < CLIENTS; i++) {
		pthread_join(clients[i], NULL);
		pthread_join(servers[i], NULL);
	}
	close(fd);
}

static void *receive_until_closed(void *arg)
{
	char b;

	CHECK_EQ(recv((int)(long)arg, &b, 1, 0), -1);
	CHECK_EQ(errno, EBADF);
	return NULL;
}

static void test_close_wakes(void)
{
	int l = listen_on(7001);
	long c = connect_to(7001);
	pthread_t t;

	CHECK_EQ(pthread_create(&t, NULL, receive_until_closed, (void *)c), 0);
	usleep(20000);
	close((int)c);
	pthread_join(t, NULL);
	close(l);
}

static void test_poll(void)
{
	int l = listen_on(7002), c = connect_to(7002), s;
	struct pollfd p[2] = { { l, POLLIN, 0 }, { c, POLLIN, 0 } };

	CHECK_EQ(poll(p, 2, 1000), 1);
	CHECK_EQ(p[0].revents, POLLIN);
	s = accept(l, NULL, NULL);
	CHECK_EQ(poll(p, 2, 10), 0);
	CHECK_EQ(write(s, "x", 1), 1);
	CHECK_EQ(poll(p, 2, 1000), 1);
	CHECK_EQ(p[1].revents, POLLIN);
	close(s);
	p[1].events = POLLIN | POLLOUT;
	CHECK_EQ(poll(p + 1, 1, 1000), 1);
	CHECK(p[1].revents & POLLIN);
	close(c);
	close(l);
}

static void test_ipv6(void)
{
	struct sockaddr_in6 a = { .sin6_family = AF_INET6,
				  .sin6_port = htons(7003),
				  .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	int s = socket(AF_INET6, SOCK_DGRAM, 0), c = socket(AF_INET6, SOCK_DGRAM, 0);
	char buf[8];

	CHECK_EQ(bind(s, (struct sockaddr *)&a, sizeof(a)), 0);
	CHECK_EQ(sendto(c, "six", 3, 0, (struct sockaddr *)&a, sizeof(a)), 3);
	CHECK_EQ(recv(s, buf, sizeof(buf), 0), 3);
	close(s);
	close(c);
}

static void check_text(int family, const char *text, const char *canonical)
{
	unsigned char address[16];
	char out[INET6_ADDRSTRLEN];

	CHECK_EQ(inet_pton(family, text, address), canonical != NULL);
	if (canonical)
		CHECK_STR(inet_ntop(family, address, out, sizeof(out)), canonical);
}

static void test_addresses_as_text(void)
{
	check_text(AF_INET, "10.0.2.15", "10.0.2.15");
	check_text(AF_INET, "10.0.2", NULL);
	check_text(AF_INET, "10.0.2.256", NULL);
	check_text(AF_INET, "10.0.02.1", NULL);
	check_text(AF_INET6, "::", "::");
	check_text(AF_INET6, "::1", "::1");
	check_text(AF_INET6, "1::", "1::");
	check_text(AF_INET6, "2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1");
	check_text(AF_INET6, "fe80::200:f8ff:fe21:67cf", "fe80::200:f8ff:fe21:67cf");
	check_text(AF_INET6, "::ffff:1.2.3.4", "::ffff:1.2.3.4");
	check_text(AF_INET6, "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8");
	check_text(AF_INET6, "1:0:3:4:5:6:7:8", "1:0:3:4:5:6:7:8");
	check_text(AF_INET6, "1:2:3:4:5:6:7", NULL);
	check_text(AF_INET6, "1:2:3:4:5:6:7:8:9", NULL);
	check_text(AF_INET6, "1::2::3", NULL);
	check_text(AF_INET6, ":1", NULL);
	check_text(AF_INET6, "1:", NULL);
	check_text(AF_INET6, "12345::", NULL);
	CHECK_EQ(inet_addr("0x7f.1"), htonl(INADDR_LOOPBACK));
	CHECK_EQ(inet_addr("1.2.3.4.5"), INADDR_NONE);
}

static void test_getaddrinfo(void)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE },
			*list = NULL;
	char host[64], service[32];
	int n = 0;

	CHECK_EQ(getaddrinfo(NULL, "http", &hints, &list), 0);
	for (struct addrinfo *i = list; i; i = i->ai_next)
		n++;
	CHECK_EQ(n, 2);
	freeaddrinfo(list);
	CHECK_EQ(getaddrinfo("192.0.2.1", "8080", NULL, &list), 0);
	CHECK_EQ(list->ai_family, AF_INET);
	CHECK_EQ(getnameinfo(list->ai_addr, list->ai_addrlen, host, sizeof(host), service,
			     sizeof(service), 0),
		 0);
	CHECK_STR(host, "192.0.2.1");
	CHECK_STR(service, "8080");
	freeaddrinfo(list);
	CHECK_EQ(getaddrinfo("localhost", NULL, &hints, &list), 0);
	freeaddrinfo(list);
	CHECK_EQ(getaddrinfo("x", "no-such-service", &hints, &list), EAI_SERVICE);
	hints.ai_flags = AI_NUMERICHOST;
	CHECK_EQ(getaddrinfo("not numeric", NULL, &hints, &list), EAI_NONAME);
}

/* QEMU's user networking gives 10.0.2.15 by DHCP. Connecting waits for it. */
static void test_dhcp(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(9) };
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	char text[INET_ADDRSTRLEN];

	inet_pton(AF_INET, "10.0.2.2", &a.sin_addr);
	CHECK_EQ(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	CHECK_EQ(getsockname(fd, (struct sockaddr *)&a, &len), 0);
	CHECK_STR(inet_ntop(AF_INET, &a.sin_addr, text, sizeof(text)), "10.0.2.15");
	close(fd);
	CHECK(if_nametoindex("lo0") != 0);
	CHECK_EQ(if_nametoindex("no0"), 0);
}

static void test_wrong_descriptors(void)
{
	struct sockaddr_in a = loopback(1);

	CHECK_EQ(connect(99, (struct sockaddr *)&a, sizeof(a)), -1);
	CHECK_EQ(errno, EBADF);
	CHECK_EQ(listen(1, 1), -1);
	CHECK_EQ(errno, ENOTSOCK);
	CHECK_EQ(socket(AF_UNIX, SOCK_STREAM, 0), -1);
	CHECK_EQ(errno, EAFNOSUPPORT);
	CHECK_EQ(socket(AF_INET, SOCK_RAW, 0), -1);
}

int main(void)
{
	RUN(test_threads);
	RUN(test_close_wakes);
	RUN(test_poll);
	RUN(test_ipv6);
	RUN(test_addresses_as_text);
	RUN(test_getaddrinfo);
	RUN(test_dhcp);
	RUN(test_wrong_descriptors);
	return check_done();
}
