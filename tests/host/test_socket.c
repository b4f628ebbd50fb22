// SPDX-License-Identifier: BSD-2-Clause
/* Sockets over the loopback interface: connect to close, errors, time-outs, lack of memory. */
// link: net/addr.c net/checksum.c net/err.c net/hooks.c net/icmp_error.c net/mem.c net/netif.c
// link: net/path_mtu.c net/tcp_recovery.c
// link: net/offload.c net/resolve.c net/socket.c net/sockopt.c net/start.c net/tcp_io.c
// link: net/lwip_sums.c
// link: net/connect.c net/tcp_connect.c net/igmp_hooks.c net/groups.c
// link: net/sockopt_rare.c net/sockopt_tcp.c
// link: net/tcp_later.c net/tcp_socket.c net/timers.c net/udp_socket.c
// link: kernel/wait.c kernel/mutex.c kernel/timer.c lib/base/pheap.c
// link: $(lwip-y:%=$(LWIP_SRC)/src/%)
// flags: -Inet -I$(LWIP_SRC)/src/include -DNET_HOST_TEST -D_GNU_SOURCE -Wno-address
// -Wno-unused-function
#include "tests/host/net.h"

static struct socket *server, *accepted;

static void accept_one(void *arg)
{
	CHECK_EQ(do_accept(server, &accepted), 0);
}

static void spawn(void (*entry)(void *), void *arg)
{
	struct thread *t;

	CHECK_EQ(thread_create(&t, "test", 0, entry, arg), 0);
}

/* A connected pair: the client's end is returned, `accepted` is the server's. */
static struct socket *connect_pair(uint16_t port)
{
	struct socket *c = open_socket(SOCK_STREAM);

	server = open_listener(port, 5);
	accepted = NULL;
	CHECK_EQ(do_connect(c, INADDR_LOOPBACK, port), 0);
	accept_one(NULL);
	CHECK(accepted != NULL);
	return c;
}

static void close_all(struct socket *c)
{
	close_socket(c);
	close_socket(accepted);
	close_socket(server);
	accepted = server = NULL;
}

static void test_connect_transfer_close(void)
{
	struct socket *c = connect_pair(80);
	struct sockaddr_in a = { 0 }, b = { 0 };
	socklen_t len = sizeof(a);
	char buf[16];

	CHECK_EQ(socket_name(c, false, (struct sockaddr *)&a, &len), 0);
	len = sizeof(b);
	CHECK_EQ(socket_name(accepted, true, (struct sockaddr *)&b, &len), 0);
	CHECK_EQ(len, sizeof(b));
	CHECK_EQ(a.sin_port, b.sin_port);
	CHECK_EQ(b.sin_addr.s_addr, htonl(INADDR_LOOPBACK));
	CHECK_EQ(do_send(c, "hello", 5, 0), 5);
	CHECK_EQ(do_recv(accepted, buf, sizeof(buf), MSG_PEEK), 5);
	CHECK_EQ(do_recv(accepted, buf, 2, 0), 2);
	CHECK_EQ(do_recv(accepted, buf + 2, sizeof(buf), 0), 3);
	CHECK(!memcmp(buf, "hello", 5));
	CHECK_EQ(do_recv(accepted, buf, 1, MSG_DONTWAIT), -EAGAIN);
	CHECK_EQ(do_connect(c, INADDR_LOOPBACK, 80), -EISCONN);
	close_all(c);
}

static void test_accept_waits(void)
{
	struct socket *c = open_socket(SOCK_STREAM);

	server = open_listener(81, 5);
	accepted = NULL;
	spawn(accept_one, NULL);
	fake_threads_run();
	CHECK(!accepted);
	CHECK_EQ(do_connect(c, INADDR_LOOPBACK, 81), 0);
	fake_threads_run();
	CHECK(accepted != NULL);
	close_all(c);
}

static void test_refused(void)
{
	struct socket *c = open_socket(SOCK_STREAM);

	CHECK_EQ(do_connect(c, INADDR_LOOPBACK, 9), -ECONNREFUSED);
	CHECK_EQ(do_send(c, "x", 1, 0), -ENOTCONN);
	CHECK_EQ(do_connect(c, INADDR_LOOPBACK, 9), -ECONNREFUSED);
	close_socket(c);
}

static void test_nonblocking_connect(void)
{
	struct socket *c = open_socket(SOCK_STREAM);

	server = open_listener(82, 5);
	socket_file(c)->flags |= O_NONBLOCK;
	CHECK_EQ(do_connect(c, INADDR_LOOPBACK, 82), -EINPROGRESS);
	CHECK(do_poll(c) & POLLOUT);
	CHECK_EQ(pending_error(c), 0);
	CHECK_EQ(do_connect(c, INADDR_LOOPBACK, 82), -EISCONN);
	CHECK_EQ(do_poll(server), POLLIN | POLLRDNORM);
	close_all(c);

	c = open_socket(SOCK_STREAM);
	socket_file(c)->flags |= O_NONBLOCK;
	CHECK_EQ(do_connect(c, INADDR_LOOPBACK, 9), -EINPROGRESS);
	CHECK(do_poll(c) & POLLERR);
	CHECK_EQ(pending_error(c), ECONNREFUSED);
	CHECK_EQ(pending_error(c), 0);
	close_socket(c);
}

static void test_half_close(void)
{
	struct socket *c = connect_pair(83);
	char buf[8];

	CHECK_EQ(do_send(c, "ask", 3, 0), 3);
	CHECK_EQ(socket_shutdown(c, SHUT_WR), 0);
	CHECK_EQ(do_send(c, "x", 1, 0), -EPIPE);
	CHECK_EQ(do_recv(accepted, buf, sizeof(buf), 0), 3);
	CHECK_EQ(do_recv(accepted, buf, sizeof(buf), 0), 0);
	CHECK(do_poll(accepted) & POLLRDHUP);
	CHECK(!(do_poll(accepted) & POLLHUP));
	CHECK_EQ(do_send(accepted, "answer", 6, 0), 6);
	close_socket(accepted);
	accepted = NULL;
	CHECK_EQ(do_recv(c, buf, sizeof(buf), MSG_WAITALL), 6);
	CHECK_EQ(do_recv(c, buf, sizeof(buf), 0), 0);
	CHECK(do_poll(c) & POLLHUP);
	net_test_sleep(30 * NS_PER_S); /* TIME-WAIT ends while the socket is still open */
	CHECK_EQ(do_recv(c, buf, sizeof(buf), 0), 0);
	close_all(c);
}

static void test_unread_data_resets(void)
{
	struct socket *c = connect_pair(84);
	char buf[8];

	CHECK_EQ(do_send(c, "nobody reads this", 17, 0), 17);
	CHECK_EQ(do_send(accepted, "last", 4, 0), 4);
	close_socket(accepted);
	accepted = NULL;
	CHECK_EQ(do_recv(c, buf, sizeof(buf), 0), 4);
	CHECK_EQ(do_recv(c, buf, sizeof(buf), 0), -ECONNRESET);
	CHECK_EQ(do_recv(c, buf, sizeof(buf), 0), 0);
	CHECK_EQ(do_send(c, "x", 1, 0), -EPIPE);
	close_all(c);
}

static void test_linger_zero_resets(void)
{
	struct socket *c = connect_pair(85);
	struct linger l = { 1, 0 };
	char b;

	CHECK_EQ(set_option(c, SOL_SOCKET, SO_LINGER, &l, sizeof(l)), 0);
	close_socket(c);
	CHECK(do_poll(accepted) & POLLERR);
	CHECK_EQ(do_recv(accepted, &b, 1, 0), -ECONNRESET);
	close_all(NULL);
}

static void test_receive_timeout(void)
{
	struct socket *c = connect_pair(86);
	ns_t before = fake_time;
	char b;

	CHECK_EQ(set_timeout(c, SO_RCVTIMEO, 250), 0);
	CHECK_EQ(do_recv(c, &b, 1, 0), -EAGAIN);
	CHECK_EQ(fake_time - before, 250 * NS_PER_MS);
	CHECK_EQ(set_timeout(server, SO_RCVTIMEO, 10), 0);
	CHECK_EQ(do_accept(server, &(struct socket *){ NULL }), -EAGAIN);
	close_all(c);
}

#define STREAM_BYTES (3u << 20)

static void read_all(void *arg)
{
	static char buf[70000];
	uint32_t n = 0;

	for (;;) {
		ssize_t got = do_recv(arg, buf, sizeof(buf), 0);

		if (got <= 0)
			break;
		for (ssize_t i = 0; i < got; i++, n++)
			if (buf[i] != (char)(n * 7 + n / 251)) {
				CHECK_FAIL("byte %u is wrong", n);
				return;
			}
	}
	CHECK_EQ(n, STREAM_BYTES);
}

static void test_stream(void)
{
	struct socket *c = connect_pair(87);
	static char data[STREAM_BYTES];
	struct iovec iov[3] = { { data, 1 },
				{ data + 1, 99999 },
				{ data + 100000, STREAM_BYTES - 100000 } };
	struct message m = { .iov = iov, .niov = 3 };

	for (uint32_t n = 0; n < STREAM_BYTES; n++)
		data[n] = n * 7 + n / 251;
	spawn(read_all, accepted);
	CHECK_EQ(CALL(c, socket_send(c, &m)), STREAM_BYTES);
	close_socket(c);
	fake_threads_run();
	close_all(NULL);
}

static void test_send_waits_for_space(void)
{
	struct socket *c = connect_pair(88);
	static char data[1 << 20];
	ssize_t n;

	CHECK_EQ(set_timeout(c, SO_SNDTIMEO, 100), 0);
	n = do_send(c, data, sizeof(data), 0); /* nobody reads */
	CHECK(n > 0 && n < (ssize_t)sizeof(data));
	CHECK_EQ(do_send(c, data, 1, 0), -EAGAIN);
	CHECK_EQ(do_send(c, data, 1, MSG_DONTWAIT), -EAGAIN);
	CHECK(!(do_poll(c) & POLLOUT));
	while (do_recv(accepted, data, sizeof(data), MSG_DONTWAIT) > 0)
		net_test_sleep(NS_PER_MS);
	net_test_sleep(NS_PER_S);
	CHECK(do_poll(c) & POLLOUT);
	while (do_recv(accepted, data, sizeof(data), MSG_DONTWAIT) > 0)
		net_test_sleep(NS_PER_MS);
	close_all(c);
}

static void test_small_receive_buffer(void)
{
	struct socket *c = open_socket(SOCK_STREAM);
	static char data[100000];
	ssize_t n;

	server = open_listener(89, 5);
	CHECK_EQ(set_int(server, SOL_SOCKET, SO_RCVBUF, 5000), 0);
	CHECK_EQ(do_connect(c, INADDR_LOOPBACK, 89), 0);
	accept_one(NULL);
	CHECK_EQ(do_send(c, data, sizeof(data), 0), sizeof(data));
	net_test_sleep(NS_PER_MS);
	n = do_recv(accepted, data, sizeof(data), 0);
	CHECK(n > 0 && n <= 5000);
	for (size_t sum = n; sum < sizeof(data); sum += n)
		n = do_recv(accepted, data, sizeof(data), 0);
	close_socket(c);
	CHECK_EQ(do_recv(accepted, data, sizeof(data), 0), 0);
	close_all(NULL);
}

static void sleep_in_receive(void *arg)
{
	char b;

	CHECK_EQ(do_recv(accepted, &b, 1, 0), -EBADF);
	accepted = NULL;
}

static void test_close_wakes_sleeping_call(void)
{
	struct socket *c = connect_pair(90);
	struct file *f = socket_file(accepted);

	spawn(sleep_in_receive, NULL);
	fake_threads_run();
	file_put(f); /* what close() does: the descriptor's reference goes, sleepers look again */
	wait_queue_wake_all(&f->wait);
	fake_threads_run();
	CHECK(!accepted);
	close_all(c);
}

static void test_backlog(void)
{
	struct socket *c[4];

	server = open_listener(91, 2);
	for (int i = 0; i < 4; i++) {
		c[i] = open_socket(SOCK_STREAM);
		socket_file(c[i])->flags |= O_NONBLOCK;
		CHECK_EQ(do_connect(c[i], INADDR_LOOPBACK, 91), -EINPROGRESS);
	}
	CHECK(do_poll(c[1]) & POLLOUT);
	CHECK(!(do_poll(c[2]) & POLLOUT)); /* two are waiting already */
	for (int i = 0; i < 2; i++) {
		accept_one(NULL);
		close_socket(accepted);
	}
	net_test_sleep(4 * NS_PER_S); /* the SYNs are repeated */
	CHECK(do_poll(c[2]) & POLLOUT);
	CHECK(do_poll(c[3]) & POLLOUT);
	accepted = NULL;
	for (int i = 0; i < 4; i++)
		close_socket(c[i]);
	close_all(NULL);
}

static void test_address_in_use(void)
{
	struct socket *a = open_listener(92, 5), *b = open_socket(SOCK_STREAM);

	CHECK_EQ(do_bind(b, INADDR_ANY, 92), -EADDRINUSE);
	CHECK_EQ(do_bind(b, 0x08080808, 92), -EADDRNOTAVAIL);
	close_socket(a);
	CHECK_EQ(do_bind(b, INADDR_ANY, 92), 0);
	CHECK_EQ(do_bind(b, INADDR_ANY, 93), -EINVAL);
	close_socket(b);
}

static void test_options(void)
{
	struct socket *s = open_socket(SOCK_STREAM);
	int n = 0;
	socklen_t len = sizeof(n);

	CHECK_EQ(set_int(s, IPPROTO_TCP, TCP_NODELAY, 1), 0);
	CHECK_EQ(get_option(s, IPPROTO_TCP, TCP_NODELAY, &n, &len), 0);
	CHECK_EQ(n, 1);
	CHECK_EQ(set_int(s, SOL_SOCKET, SO_KEEPALIVE, 1), 0);
	CHECK_EQ(set_int(s, IPPROTO_TCP, TCP_KEEPIDLE, 5), 0);
	CHECK_EQ(get_option(s, IPPROTO_TCP, TCP_KEEPIDLE, &n, &len), 0);
	CHECK_EQ(n, 5);
	CHECK_EQ(set_int(s, SOL_SOCKET, 9999, 1), -ENOPROTOOPT);
	CHECK_EQ(set_int(s, IPPROTO_IP, IP_TTL, 0), -EINVAL);
	CHECK_EQ(set_int(s, IPPROTO_IP, IP_TTL, 9), 0);
	CHECK_EQ(get_option(s, SOL_SOCKET, SO_TYPE, &n, &len), 0);
	CHECK_EQ(n, SOCK_STREAM);
	CHECK_EQ(set_int(s, IPPROTO_IPV6, IPV6_V6ONLY, 1), -EINVAL);
	close_socket(s);
}

static void test_dual_stack(void)
{
	struct sockaddr_in6 a6 = { .sin6_family = AF_INET6, .sin6_port = htons(94) };
	struct socket *c4 = open_socket(SOCK_STREAM), *c6;
	struct sockaddr_in6 peer;
	socklen_t len = sizeof(peer);

	CHECK_EQ(socket_create(AF_INET6, SOCK_STREAM, 0, &server), 0);
	CHECK_EQ(socket_bind(server, (struct sockaddr *)&a6, sizeof(a6)), 0);
	CHECK_EQ(socket_listen(server, 5), 0);
	CHECK_EQ(do_connect(c4, INADDR_LOOPBACK, 94), 0);
	accept_one(NULL);
	CHECK_EQ(socket_name(accepted, true, (struct sockaddr *)&peer, &len), 0);
	CHECK(IN6_IS_ADDR_V4MAPPED(&peer.sin6_addr));
	close_socket(accepted);
	CHECK_EQ(socket_create(AF_INET6, SOCK_STREAM, 0, &c6), 0);
	a6.sin6_addr = in6addr_loopback;
	CHECK_EQ(CALL(c6, socket_connect(c6, (struct sockaddr *)&a6, sizeof(a6))), 0);
	accept_one(NULL);
	CHECK_EQ(socket_name(accepted, true, (struct sockaddr *)&peer, &len), 0);
	CHECK(IN6_IS_ADDR_LOOPBACK(&peer.sin6_addr));
	close_socket(c6);
	close_all(c4);
}

static void test_udp(void)
{
	struct socket *a = open_socket(SOCK_DGRAM), *b = open_socket(SOCK_DGRAM);
	struct sockaddr_in to = address_of(INADDR_LOOPBACK, 95), from;
	struct iovec iov = { "datagram", 8 };
	struct message m = {
		.iov = &iov, .niov = 1, .name = (struct sockaddr *)&to, .name_len = sizeof(to)
	};
	char buf[16];

	CHECK_EQ(do_bind(b, INADDR_ANY, 95), 0);
	CHECK_EQ(do_send(a, "x", 1, 0), -EDESTADDRREQ);
	CHECK_EQ(socket_send(a, &m), 8);
	CHECK_EQ(socket_send(a, &m), 8);
	CHECK(do_poll(b) & POLLIN);
	CHECK_EQ(do_recv(b, buf, 4, MSG_PEEK | MSG_TRUNC), 8);
	iov = (struct iovec){ buf, 4 };
	m = (struct message){
		.iov = &iov, .niov = 1, .name = (struct sockaddr *)&from, .name_len = sizeof(from)
	};
	CHECK_EQ(socket_receive(b, &m), 4);
	CHECK_EQ(m.flags, MSG_TRUNC);
	CHECK_EQ(m.name_len, sizeof(from));
	CHECK_EQ(from.sin_addr.s_addr, htonl(INADDR_LOOPBACK));
	CHECK_EQ(do_recv(b, buf, sizeof(buf), 0), 8);
	CHECK_EQ(do_recv(b, buf, sizeof(buf), MSG_DONTWAIT), -EAGAIN);
	CHECK_EQ(do_connect(b, INADDR_LOOPBACK, ntohs(from.sin_port)), 0);
	CHECK_EQ(do_send(b, "", 0, 0), 0);
	CHECK_EQ(do_recv(a, buf, sizeof(buf), 0), 0);
	close_socket(a);
	close_socket(b);
}

static void test_udp_large(void)
{
	struct socket *a = open_socket(SOCK_DGRAM), *b = open_socket(SOCK_DGRAM);
	static char out[60000], in[65000];

	CHECK_EQ(do_bind(b, INADDR_ANY, 96), 0);
	CHECK_EQ(do_connect(a, INADDR_LOOPBACK, 96), 0);
	for (size_t i = 0; i < sizeof(out); i++)
		out[i] = i * 13;
	CHECK_EQ(do_send(a, in, 66000, 0), -EMSGSIZE);
	CHECK_EQ(do_send(a, out, sizeof(out), 0), sizeof(out));
	CHECK_EQ(do_recv(b, in, sizeof(in), 0), sizeof(out));
	CHECK(!memcmp(in, out, sizeof(out)));
	close_socket(a);
	close_socket(b);
}

static void test_udp_refused(void)
{
	struct socket *a = open_socket(SOCK_DGRAM);
	char b;

	CHECK_EQ(do_connect(a, INADDR_LOOPBACK, 97), 0);
	CHECK_EQ(do_send(a, "x", 1, 0), 1);
	CHECK_EQ(do_recv(a, &b, 1, 0), -ECONNREFUSED);
	close_socket(a);
}

/* Whatever allocation fails, a connection works or reports an error, and nothing is lost. */
static void one_exchange(void)
{
	struct socket *c = NULL;
	struct sockaddr_in to = address_of(INADDR_LOOPBACK, 98);
	char buf[8];
	int err;

	accepted = NULL;
	err = socket_create(AF_INET, SOCK_STREAM, 0, &server);
	if (!err)
		err = socket_bind(server, (struct sockaddr *)&to, sizeof(to));
	if (!err)
		err = socket_listen(server, 5);
	if (!err)
		err = socket_create(AF_INET, SOCK_STREAM, 0, &c);
	if (!err) {
		set_timeout(c, SO_SNDTIMEO, 3000);
		set_timeout(c, SO_RCVTIMEO, 3000);
		set_timeout(server, SO_RCVTIMEO, 3000);
		err = CALL(c, socket_connect(c, (struct sockaddr *)&to, sizeof(to)));
	}
	if (!err)
		err = do_accept(server, &accepted);
	if (!err)
		err = do_send(c, "ping", 4, 0);
	if (err > 0)
		err = do_recv(accepted, buf, sizeof(buf), 0);
	CHECK(err == 4 || fake_failed());
	close_all(c);
	server = NULL;
	net_test_sleep(45 * NS_PER_S);
	net_mem_trim();
}

static void test_no_memory(void)
{
	FAKE_FAIL_EACH
	{
		one_exchange();
	}
}

int main(void)
{
	net_test_start();
	NET_RUN(test_connect_transfer_close);
	NET_RUN(test_accept_waits);
	NET_RUN(test_refused);
	NET_RUN(test_nonblocking_connect);
	NET_RUN(test_half_close);
	NET_RUN(test_unread_data_resets);
	NET_RUN(test_linger_zero_resets);
	NET_RUN(test_receive_timeout);
	NET_RUN(test_stream);
	NET_RUN(test_send_waits_for_space);
	NET_RUN(test_small_receive_buffer);
	NET_RUN(test_close_wakes_sleeping_call);
	NET_RUN(test_backlog);
	NET_RUN(test_address_in_use);
	NET_RUN(test_options);
	NET_RUN(test_dual_stack);
	NET_RUN(test_udp);
	NET_RUN(test_udp_large);
	NET_RUN(test_udp_refused);
	NET_RUN(test_no_memory);
	return check_done();
}
