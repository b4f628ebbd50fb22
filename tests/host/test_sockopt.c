// SPDX-License-Identifier: BSD-2-Clause
/* Options with an effect: control messages, SO_REUSEPORT, groups, TCP_INFO, corks, ends. */
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

static int get_int(struct socket *s, int level, int option)
{
	int n = -1;
	socklen_t len = sizeof(n);
	int err = get_option(s, level, option, &n, &len);

	return err ? err : n;
}

static struct socket *udp_on(uint16_t port)
{
	struct socket *s = open_socket(SOCK_DGRAM);

	CHECK_EQ(do_bind(s, INADDR_ANY, port), 0);
	return s;
}

static ssize_t send_to(struct socket *s, uint32_t host, uint16_t port, struct send_options *o)
{
	struct sockaddr_in a = address_of(host, port);
	struct iovec iov = { "data", 4 };
	struct message m = { .iov = &iov,
			     .niov = 1,
			     .name = (struct sockaddr *)&a,
			     .name_len = sizeof(a),
			     .options = o };

	return CALL(s, socket_send(s, &m));
}

/* Control messages as they come. */
static struct {
	int level, type;
	char data[64];
	size_t len;
} told[8];
static unsigned ntold;

static void put(struct ancillary *a, int level, int type, const void *data, size_t len)
{
	CHECK(ntold < 8 && len <= sizeof(told[0].data));
	told[ntold].level = level;
	told[ntold].type = type;
	told[ntold].len = len;
	memcpy(told[ntold++].data, data, len);
}

static ssize_t receive_told(struct socket *s)
{
	static char buf[64];
	struct ancillary a = { .put = put };
	struct iovec iov = { buf, sizeof(buf) };
	struct message m = { .iov = &iov, .niov = 1, .flags = MSG_DONTWAIT, .ancillary = &a };

	ntold = 0;
	return CALL(s, socket_receive(s, &m));
}

static int told_int(unsigned i)
{
	int n;

	memcpy(&n, told[i].data, sizeof(n));
	return n;
}

static void test_control_messages(void)
{
	struct socket *s = udp_on(500), *c = open_socket(SOCK_DGRAM);
	struct send_options o = { .ttl = 7, .tos = 0x20 };
	struct in_pktinfo info;

	CHECK_EQ(send_to(c, INADDR_LOOPBACK, 500, NULL), 4);
	CHECK_EQ(receive_told(s), 4);
	CHECK_EQ(ntold, 0);
	CHECK_EQ(set_int(s, IPPROTO_IP, IP_PKTINFO, 1), 0);
	CHECK_EQ(set_int(s, IPPROTO_IP, IP_RECVTTL, 1), 0);
	CHECK_EQ(set_int(s, IPPROTO_IP, IP_RECVTOS, 1), 0);
	CHECK_EQ(set_int(s, SOL_SOCKET, SO_TIMESTAMP, 1), 0);
	CHECK_EQ(get_int(s, IPPROTO_IP, IP_RECVTTL), 1);
	CHECK_EQ(send_to(c, INADDR_LOOPBACK, 500, &o), 4);
	CHECK_EQ(receive_told(s), 4);
	CHECK_EQ(ntold, 4);
	CHECK_EQ(told[0].type, SO_TIMESTAMP);
	CHECK_EQ(told[1].type, IP_PKTINFO);
	memcpy(&info, told[1].data, sizeof(info));
	CHECK_EQ(info.ipi_addr.s_addr, htonl(INADDR_LOOPBACK));
	CHECK_EQ(info.ipi_ifindex, 1);
	CHECK_EQ(told_int(2), 7);
	CHECK_EQ(told[3].data[0], 0x20);
	/* What was said for one datagram holds for that one only. */
	CHECK_EQ(send_to(c, INADDR_LOOPBACK, 500, NULL), 4);
	CHECK_EQ(receive_told(s), 4);
	CHECK_EQ(told_int(2), 255);
	CHECK_EQ(set_int(s, IPPROTO_IP, IP_RECVTTL, 0), 0);
	CHECK_EQ(set_int(s, IPPROTO_IP, IP_TTL, 300), -EINVAL);
	CHECK_EQ(set_int(s, IPPROTO_IP, IP_MTU_DISCOVER, 2), -ENOPROTOOPT);
	CHECK_EQ(set_int(s, SOL_SOCKET, SO_PRIORITY, 1), -ENOPROTOOPT);
	close_socket(s);
	close_socket(c);
}

static void test_source_address(void)
{
	struct socket *s = udp_on(501), *c = open_socket(SOCK_DGRAM);
	struct send_options o = { .source_family = AF_INET, .ttl = -1, .tos = -1 };
	struct sockaddr_in from = { 0 };
	char buf[8];
	struct iovec iov = { buf, 8 };
	struct message m = {
		.iov = &iov, .niov = 1, .name = (struct sockaddr *)&from, .name_len = sizeof(from)
	};

	memcpy(o.source, &(uint32_t){ htonl(TEST_ADDRESS) }, 4);
	CHECK_EQ(send_to(c, TEST_ADDRESS, 501, &o), 4);
	CHECK_EQ(CALL(s, socket_receive(s, &m)), 4);
	CHECK_EQ(from.sin_addr.s_addr, htonl(TEST_ADDRESS));
	close_socket(s);
	close_socket(c);
}

static void test_reuse_port_datagrams(void)
{
	struct socket *s[3], *c[16];
	unsigned got[3] = { 0 }, total = 0;

	for (int i = 0; i < 3; i++) {
		s[i] = open_socket(SOCK_DGRAM);
		CHECK_EQ(set_int(s[i], SOL_SOCKET, SO_REUSEPORT, 1), 0);
		CHECK_EQ(do_bind(s[i], INADDR_ANY, 502), 0);
		CHECK_EQ(set_int(s[i], SOL_SOCKET, SO_REUSEPORT, 1), -EINVAL);
	}
	for (int i = 0; i < 16; i++) {
		c[i] = open_socket(SOCK_DGRAM);
		for (int k = 0; k < 2; k++)
			CHECK_EQ(send_to(c[i], INADDR_LOOPBACK, 502, NULL), 4);
	}
	for (int i = 0; i < 3; i++) {
		while (receive_told(s[i]) == 4)
			got[i]++;
		CHECK(got[i] > 0);
		CHECK_EQ(got[i] % 2, 0); /* a sender stays with its socket */
		total += got[i];
		close_socket(s[i]);
	}
	CHECK_EQ(total, 32);
	for (int i = 0; i < 16; i++)
		close_socket(c[i]);
}

static void test_reuse_port_listeners(void)
{
	struct socket *l[2], *c[16], *child;
	unsigned got[2] = { 0 };

	for (int i = 0; i < 2; i++) {
		l[i] = open_socket(SOCK_STREAM);
		socket_file(l[i])->flags |= O_NONBLOCK;
		CHECK_EQ(set_int(l[i], SOL_SOCKET, SO_REUSEPORT, 1), 0);
		CHECK_EQ(do_bind(l[i], INADDR_ANY, 503), 0);
		CHECK_EQ(socket_listen(l[i], 32), 0);
	}
	for (int i = 0; i < 16; i++) {
		c[i] = open_socket(SOCK_STREAM);
		CHECK_EQ(do_connect(c[i], INADDR_LOOPBACK, 503), 0);
	}
	for (int i = 0; i < 2; i++) {
		while (do_accept(l[i], &child) == 0) {
			got[i]++;
			close_socket(child);
		}
		CHECK(got[i] > 0);
	}
	CHECK_EQ(got[0] + got[1], 16);
	for (int i = 0; i < 16; i++)
		close_socket(c[i]);
	close_socket(l[0]);
	close_socket(l[1]);
}

/* Is there a frame to this group with this IGMP type? */
static bool was_reported(uint32_t group, uint8_t type)
{
	for (unsigned i = 0; i < wire_nsent; i++) {
		const uint8_t *p = wire_sent[i].data + 14;

		if (wire_sent[i].data[12] == 8 && p[9] == 2 && p[(p[0] & 15) * 4] == type &&
		    !memcmp(p + (p[0] & 15) * 4 + 4, &(uint32_t){ htonl(group) }, 4))
			return true;
	}
	return false;
}

static void test_multicast(void)
{
	const uint32_t group = 0xe0010203; /* 224.1.2.3 */
	struct socket *s = udp_on(504), *c = open_socket(SOCK_DGRAM);
	struct ip_mreq r = { .imr_multiaddr.s_addr = htonl(group) };

	CHECK_EQ(send_to(c, group, 504, NULL), 4);
	CHECK_EQ(receive_told(s), -EAGAIN); /* nobody has joined */
	CHECK_EQ(set_option(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &r, 4), -EINVAL);
	CHECK_EQ(set_option(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &r, sizeof(r)), 0);
	CHECK_EQ(set_option(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &r, sizeof(r)), -EADDRINUSE);
	CHECK(was_reported(group, 0x16));
	CHECK_EQ(send_to(c, group, 504, NULL), 4);
	CHECK_EQ(receive_told(s), 4); /* our own comes back */
	CHECK_EQ(get_int(c, IPPROTO_IP, IP_MULTICAST_TTL), 1);
	CHECK_EQ(set_int(c, IPPROTO_IP, IP_MULTICAST_LOOP, 0), 0);
	CHECK_EQ(send_to(c, group, 504, NULL), 4);
	CHECK_EQ(receive_told(s), -EAGAIN);
	net_test_sleep(2 * NS_PER_S);
	CHECK_EQ(set_option(s, IPPROTO_IP, IP_DROP_MEMBERSHIP, &r, sizeof(r)), 0);
	CHECK(was_reported(group, 0x17));
	CHECK_EQ(set_option(s, IPPROTO_IP, IP_DROP_MEMBERSHIP, &r, sizeof(r)), -EADDRNOTAVAIL);
	CHECK_EQ(set_option(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &r, sizeof(r)), 0);
	r.imr_multiaddr.s_addr = htonl(0x0a000001);
	CHECK_EQ(set_option(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &r, sizeof(r)), -EINVAL);
	close_socket(s); /* leaves what it is in */
	close_socket(c);
}

static void test_listener_ends(void)
{
	struct socket *s = open_listener(505, 5), *c = open_socket(SOCK_STREAM), *child;

	CHECK_EQ(do_connect(c, INADDR_LOOPBACK, 505), 0);
	CHECK_EQ(socket_shutdown(s, SHUT_RDWR), 0);
	CHECK_EQ(do_accept(s, &child), -EINVAL);
	CHECK(do_poll(s) & POLLHUP);
	CHECK_EQ(pending_error(c), ECONNRESET);
	close_socket(c);
	c = open_socket(SOCK_STREAM);
	CHECK_EQ(do_connect(c, INADDR_LOOPBACK, 505), -ECONNREFUSED);
	CHECK_EQ(socket_listen(s, 5), 0); /* it has its name still */
	CHECK_EQ(do_connect(c, INADDR_LOOPBACK, 505), 0);
	CHECK_EQ(do_accept(s, &child), 0);
	close_socket(child);
	close_socket(c);
	close_socket(s);
}

static void accept_fails(void *arg)
{
	struct socket *child;

	CHECK_EQ(do_accept(arg, &child), -EINVAL);
	ntold = 77;
}

static void test_shutdown_wakes_accept(void)
{
	struct socket *s = open_listener(506, 5);
	struct thread *t;

	ntold = 0;
	CHECK_EQ(thread_create(&t, "accept", 0, accept_fails, s), 0);
	fake_threads_run();
	CHECK_EQ(ntold, 0);
	CHECK_EQ(socket_shutdown(s, SHUT_RD), 0);
	fake_threads_run();
	CHECK_EQ(ntold, 77);
	close_socket(s);
}

static void test_connection_tells_about_itself(void)
{
	struct socket *s = open_listener(507, 5), *c = open_socket(SOCK_STREAM), *child;
	struct sockaddr none = { .sa_family = AF_UNSPEC };
	struct tcp_info i;
	socklen_t len = sizeof(i);

	CHECK_EQ(get_option(s, IPPROTO_TCP, TCP_INFO, &i, &len), 0);
	CHECK_EQ(i.tcpi_state, TCP_LISTEN);
	CHECK_EQ(do_connect(c, INADDR_LOOPBACK, 507), 0);
	CHECK_EQ(do_accept(s, &child), 0);
	CHECK_EQ(do_send(c, "x", 1, 0), 1);
	len = sizeof(i);
	CHECK_EQ(get_option(c, IPPROTO_TCP, TCP_INFO, &i, &len), 0);
	CHECK_EQ(i.tcpi_state, TCP_ESTABLISHED);
	CHECK(i.tcpi_snd_cwnd >= 1 && i.tcpi_snd_mss >= 536 && i.tcpi_rto > 0);
	CHECK_EQ(get_int(c, SOL_SOCKET, SO_PROTOCOL), IPPROTO_TCP);
	CHECK_EQ(set_int(c, IPPROTO_TCP, TCP_FASTOPEN, 1), -ENOPROTOOPT);
	CHECK_EQ(set_int(c, IPPROTO_TCP, TCP_USER_TIMEOUT, 1), -ENOPROTOOPT);
	CHECK_EQ(set_int(c, IPPROTO_IP, IP_PKTINFO, 1), -ENOPROTOOPT);
	/* As if new again: the peer sees a reset. */
	CHECK_EQ(CALL(c, socket_connect(c, &none, sizeof(none))), 0);
	CHECK_EQ(do_recv(child, &i, 2, MSG_WAITALL), 1);
	CHECK_EQ(do_recv(child, &i, 1, 0), -ECONNRESET);
	CHECK_EQ(do_connect(c, INADDR_LOOPBACK, 507), 0);
	close_socket(child);
	close_socket(c);
	close_socket(s);
}

static void test_cork_and_low_water(void)
{
	struct socket *s = open_listener(508, 5), *c = open_socket(SOCK_STREAM), *child;
	char buf[16];

	CHECK_EQ(do_connect(c, INADDR_LOOPBACK, 508), 0);
	CHECK_EQ(do_accept(s, &child), 0);
	CHECK_EQ(set_int(c, IPPROTO_TCP, TCP_NODELAY, 1), 0);
	CHECK_EQ(set_int(c, IPPROTO_TCP, TCP_CORK, 1), 0);
	CHECK_EQ(do_send(c, "ab", 2, 0), 2);
	CHECK_EQ(do_recv(child, buf, 16, MSG_DONTWAIT), -EAGAIN);
	CHECK_EQ(set_int(c, IPPROTO_TCP, TCP_CORK, 0), 0);
	CHECK_EQ(do_recv(child, buf, 16, MSG_DONTWAIT), 2);
	CHECK_EQ(do_send(c, "cd", 2, MSG_MORE), 2);
	CHECK_EQ(do_recv(child, buf, 16, MSG_DONTWAIT), -EAGAIN);
	CHECK_EQ(do_send(c, "ef", 2, 0), 2);
	CHECK_EQ(do_recv(child, buf, 16, MSG_DONTWAIT), 4);
	/* Nothing follows: it goes out by itself after a while. */
	CHECK_EQ(do_send(c, "g", 1, MSG_MORE), 1);
	net_test_sleep(NS_PER_S);
	CHECK_EQ(do_recv(child, buf, 16, MSG_DONTWAIT), 1);
	CHECK_EQ(set_int(child, SOL_SOCKET, SO_RCVLOWAT, 4), 0);
	CHECK_EQ(do_send(c, "123", 3, 0), 3);
	CHECK(!(do_poll(child) & POLLIN));
	CHECK_EQ(do_send(c, "4", 1, 0), 1);
	CHECK(do_poll(child) & POLLIN);
	CHECK_EQ(do_recv(child, buf, 16, 0), 4);
	close_socket(child);
	close_socket(c);
	close_socket(s);
}

/* IGMP stays once it was needed. */
static void start_igmp(void)
{
	struct ip_mreq r = { .imr_multiaddr.s_addr = htonl(0xe0000101) };
	struct socket *s = open_socket(SOCK_DGRAM);

	CHECK_EQ(set_option(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &r, sizeof(r)), 0);
	close_socket(s);
	net_test_sleep(2 * NS_PER_S);
}

int main(void)
{
	net_test_start();
	start_igmp();
	NET_RUN(test_control_messages);
	NET_RUN(test_source_address);
	NET_RUN(test_reuse_port_datagrams);
	NET_RUN(test_reuse_port_listeners);
	NET_RUN(test_multicast);
	NET_RUN(test_listener_ends);
	NET_RUN(test_shutdown_wakes_accept);
	NET_RUN(test_connection_tells_about_itself);
	NET_RUN(test_cork_and_low_water);
	return check_done();
}
