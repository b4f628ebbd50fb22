// SPDX-License-Identifier: BSD-2-Clause
/*
 * net.h - the whole network on the host, for tests of it: net/ and lwIP as they are, loopback, and
 * a device (fake/wire.h) whose other end the test is. The address is 10.0.0.2/24, the other end
 * is 10.0.0.1 unless a test says otherwise.
 *
 * lwIP's state is global and its clock must not go back, so one start serves all tests of a
 * program: net_test_run() takes the place of fake.h's RUN().
 */
#pragma once
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include "kernel/idle.h"
#include "kernel/thread.h"
#include "net/mem.h"
#include "net/net.h"
#include "net/netif.h"
#include "net/sockets.h"
#include "tests/host/fake/fake.h"
#include "tests/host/fake/wire.h"
#include <lwip/priv/tcp_priv.h>
#include <lwip/prot/tcp.h>

#define TEST_ADDRESS 0x0a000002u
#define TEST_PEER    0x0a000001u

/* What net/ takes from the kernel and the fakes do not have. */
bool boot_option(const char *name, char *out, size_t size)
{
	const char *value = NULL;

	if (!strcmp(name, "unik.ip"))
		value = "10.0.0.2/24";
	if (!strcmp(name, "unik.gw"))
		value = "10.0.0.1";
	if (value)
		snprintf(out, size, "%s", value);
	return value != NULL;
}

static struct poller *net_poller;

void idle_add_poller(struct poller *p)
{
	net_poller = p;
}

bool idle_is_waiting(void)
{
	return false;
}

void page_get_stats(struct page_stats *out)
{
	out->total_pages = out->free_pages = (64ul << 20) / PAGE_SIZE;
}

static uint32_t random_state = 1;

uint32_t random_u32(void)
{
	return random_state = random_state * 1664525 + 1013904223;
}

void random_bytes(void *out, size_t len)
{
	memset(out, 7, len);
}

/* What the scheduler does until it halts: ready threads, and then the pollers. */
static inline void net_test_settle(void)
{
	do
		fake_threads_run();
	while (net_poller->poll(net_poller));
	fake_threads_run();
}

static void net_test_sleep(ns_t span)
{
	thread_sleep(time_deadline(span));
}

/* --- sockets --------------------------------------------------------------------------------- */

/* The table's calls by name. */
#define CALLS(s) (socket_file(s)->ops->socket)

struct socket;

static inline struct file *socket_file(struct socket *s)
{
	return (struct file *)s;
}

static inline int socket_create(int domain, int type, int protocol, struct socket **out)
{
	return net_socket_create(domain, type, protocol, (struct file **)out);
}

static inline int socket_bind(struct socket *s, const struct sockaddr *name, socklen_t len)
{
	return CALLS(s)->bind(socket_file(s), name, len);
}

static inline int socket_connect(struct socket *s, const struct sockaddr *name, socklen_t len)
{
	return net_socket_connect(socket_file(s), name, len);
}

static inline int socket_listen(struct socket *s, int backlog)
{
	return CALLS(s)->listen(socket_file(s), backlog);
}

static inline int socket_accept(struct socket *s, struct socket **out)
{
	return CALLS(s)->accept(socket_file(s), (struct file **)out);
}

static inline int socket_shutdown(struct socket *s, int how)
{
	return CALLS(s)->shutdown(socket_file(s), how);
}

static inline int socket_name(struct socket *s, bool peer, struct sockaddr *name, socklen_t *len)
{
	return CALLS(s)->name(socket_file(s), peer, name, len);
}

static inline int set_option(struct socket *s, int level, int option, const void *value,
			     socklen_t len)
{
	int err = net_set_rare_option(socket_file(s), level, option, value, len);

	return err == -ENOPROTOOPT ? CALLS(s)->set_option(socket_file(s), level, option, value, len)
				   : err;
}

static inline int get_option(struct socket *s, int level, int option, void *value, socklen_t *len)
{
	int err = CALLS(s)->get_option(socket_file(s), level, option, value, len);

	return err == -ENOPROTOOPT ? net_get_rare_option(socket_file(s), level, option, value, len)
				   : err;
}

static inline ssize_t socket_receive(struct socket *s, struct message *m)
{
	return CALLS(s)->receive(socket_file(s), m);
}

static inline ssize_t socket_send(struct socket *s, struct message *m)
{
	return CALLS(s)->send(socket_file(s), m);
}

/* A call holds a reference, as those of the C library do; the other one is the descriptor's. */
#define CALL(s, expr)                                            \
	({                                                       \
		struct file *call_f_ = file_get(socket_file(s)); \
		__typeof__(expr) call_ret_ = (expr);             \
		file_put(call_f_);                               \
		call_ret_;                                       \
	})

static inline struct sockaddr_in address_of(uint32_t host, uint16_t port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
				     .sin_port = htons(port),
				     .sin_addr.s_addr = htonl(host) };
}

static inline struct socket *open_socket(int type)
{
	struct socket *s = NULL;
	int err = socket_create(AF_INET, type, 0, &s);

	CHECK_EQ(err, 0);
	return s;
}

static inline void close_socket(struct socket *s)
{
	if (s)
		file_put(socket_file(s));
}

static inline int do_connect(struct socket *s, uint32_t host, uint16_t port)
{
	struct sockaddr_in a = address_of(host, port);

	return CALL(s, socket_connect(s, (struct sockaddr *)&a, sizeof(a)));
}

static inline int do_bind(struct socket *s, uint32_t host, uint16_t port)
{
	struct sockaddr_in a = address_of(host, port);

	return socket_bind(s, (struct sockaddr *)&a, sizeof(a));
}

static inline struct socket *open_listener(uint16_t port, int backlog)
{
	struct socket *s = open_socket(SOCK_STREAM);

	CHECK_EQ(do_bind(s, INADDR_ANY, port), 0);
	CHECK_EQ(socket_listen(s, backlog), 0);
	return s;
}

static inline ssize_t do_send(struct socket *s, const void *p, size_t len, int flags)
{
	struct iovec iov = { (void *)p, len };
	struct message m = { .iov = &iov, .niov = 1, .flags = flags };

	return CALL(s, socket_send(s, &m));
}

static inline ssize_t do_recv(struct socket *s, void *p, size_t len, int flags)
{
	struct iovec iov = { p, len };
	struct message m = { .iov = &iov, .niov = 1, .flags = flags };

	return CALL(s, socket_receive(s, &m));
}

static inline int do_accept(struct socket *s, struct socket **out)
{
	return CALL(s, socket_accept(s, out));
}

static inline short do_poll(struct socket *s)
{
	return socket_file(s)->ops->poll(socket_file(s), POLLIN | POLLOUT);
}

static inline int set_int(struct socket *s, int level, int option, int n)
{
	return set_option(s, level, option, &n, sizeof(n));
}

static inline int set_timeout(struct socket *s, int option, long ms)
{
	struct timeval tv = { ms / 1000, ms % 1000 * 1000 };

	return set_option(s, SOL_SOCKET, option, &tv, sizeof(tv));
}

static inline int pending_error(struct socket *s)
{
	int err = -1;
	socklen_t len = sizeof(err);

	CHECK_EQ(get_option(s, SOL_SOCKET, SO_ERROR, &err, &len), 0);
	return err;
}

/* --- running ---------------------------------------------------------------------------------- */

static void (*net_test)(void);

/* All that closes takes its time: after that nothing is held, and no timer is armed. */
static void net_test_body(void)
{
	long live;

	net_mem_trim();
	live = fake_live_blocks;
	wire_clear();
	fake_fail_at(0);
	net_test();
	fake_fail_at(0);
	net_test_sleep(40 * NS_PER_S);
	net_mem_trim();
	CHECK(!tcp_active_pcbs);
	CHECK(!tcp_tw_pcbs);
	CHECK(!tcp_listen_pcbs.pcbs);
	CHECK_EQ(fake_live_blocks, live);
	CHECK(fake_timer_due == NS_NEVER);
}

#define NET_RUN(test) (net_test = (test), check_run(#test, net_test_body))

/* The start itself, with what it leaves behind for good: interface, buffers, thread. */
static inline void net_test_start(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	fake_reset();
	host_cpu.irq_on = true;
	if (net_start()) {
		printf("Bail out! the network does not start\n");
		exit(1);
	}
	net_test_sleep(10 * NS_PER_S); /* duplicate address detection, router solicitations */
}
