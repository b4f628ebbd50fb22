// SPDX-License-Identifier: BSD-2-Clause
/* Options of IP and IPv6: what is set is read back, what makes no sense is refused, IPv6 too. */
// link: net/addr.c net/checksum.c net/err.c net/hooks.c net/icmp_error.c net/mem.c net/netif.c
// link: net/offload.c net/resolve.c net/socket.c net/sockopt.c net/start.c net/tcp_io.c
// link: net/path_mtu.c net/tcp_recovery.c
// link: net/lwip_sums.c
// link: net/connect.c net/tcp_connect.c net/igmp_hooks.c net/groups.c
// link: net/sockopt_rare.c net/sockopt_tcp.c
// link: net/tcp_later.c net/tcp_socket.c net/timers.c net/udp_socket.c
// link: kernel/wait.c kernel/mutex.c kernel/timer.c lib/base/pheap.c
// link: $(lwip-y:%=$(LWIP_SRC)/src/%)
// flags: -Inet -I$(LWIP_SRC)/src/include -DNET_HOST_TEST -D_GNU_SOURCE -Wno-address
// flags: -Wno-unused-function
#include "tests/host/net.h"

/* The device and lo, in the order of their making. */
static int device_index;
static char device_name[8];

static int get_int(struct socket *s, int level, int option)
{
	int n = -1;
	socklen_t len = sizeof(n);
	int err = get_option(s, level, option, &n, &len);

	return err ? err : n;
}

static struct socket *open_v6(int type)
{
	struct socket *s = NULL;

	CHECK_EQ(socket_create(AF_INET6, type, 0, &s), 0);
	return s;
}

static struct sockaddr_in6 name_v6(const char *text, uint16_t port)
{
	struct sockaddr_in6 a = { .sin6_family = AF_INET6, .sin6_port = htons(port) };

	CHECK_EQ(inet_pton(AF_INET6, text, &a.sin6_addr), 1);
	return a;
}

static int bind_v6(struct socket *s, const char *text, uint16_t port)
{
	struct sockaddr_in6 a = name_v6(text, port);

	return socket_bind(s, (struct sockaddr *)&a, sizeof(a));
}

static ssize_t send_v6(struct socket *s, const char *text, uint16_t port, struct send_options *o)
{
	struct sockaddr_in6 a = name_v6(text, port);
	struct iovec iov = { "data", 4 };
	struct message m = { .iov = &iov,
			     .niov = 1,
			     .name = (struct sockaddr *)&a,
			     .name_len = sizeof(a),
			     .options = o };

	return CALL(s, socket_send(s, &m));
}

/* The last of each type of control message; other levels than expected fail the test. */
static struct {
	int level;
	size_t len; /* 0: was not told */
	char data[64];
} told[256];

static void put(struct ancillary *a, int level, int type, const void *data, size_t len)
{
	CHECK((unsigned)type < 256 && len <= sizeof(told[0].data));
	told[type].level = level;
	told[type].len = len;
	memcpy(told[type].data, data, len);
}

static ssize_t receive_told(struct socket *s)
{
	char buf[64];
	struct ancillary a = { .put = put };
	struct iovec iov = { buf, sizeof(buf) };
	struct message m = { .iov = &iov, .niov = 1, .flags = MSG_DONTWAIT, .ancillary = &a };

	memset(told, 0, sizeof(told));
	return CALL(s, socket_receive(s, &m));
}

static int told_int(int level, int type)
{
	int n = -1;

	CHECK_EQ(told[type].level, level);
	CHECK_EQ(told[type].len, sizeof(n));
	memcpy(&n, told[type].data, sizeof(n));
	return n;
}

static void want_all_v6(struct socket *s)
{
	CHECK_EQ(set_int(s, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1), 0);
	CHECK_EQ(set_int(s, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1), 0);
	CHECK_EQ(set_int(s, IPPROTO_IPV6, IPV6_RECVTCLASS, 1), 0);
	CHECK_EQ(get_int(s, IPPROTO_IPV6, IPV6_RECVPKTINFO), 1);
	CHECK_EQ(get_int(s, IPPROTO_IPV6, IPV6_RECVHOPLIMIT), 1);
	CHECK_EQ(get_int(s, IPPROTO_IPV6, IPV6_RECVTCLASS), 1);
}

static void test_control_messages_v6(void)
{
	struct socket *s = open_v6(SOCK_DGRAM), *c = open_v6(SOCK_DGRAM);
	struct send_options o = { .ttl = 9, .tos = 0x28 };
	struct in6_pktinfo info;
	struct timespec ts;

	CHECK_EQ(bind_v6(s, "::", 600), 0);
	want_all_v6(s);
	CHECK_EQ(set_int(s, SOL_SOCKET, SO_TIMESTAMPNS, 1), 0);
	CHECK_EQ(get_int(s, SOL_SOCKET, SO_TIMESTAMPNS), 1);
	CHECK_EQ(get_int(s, SOL_SOCKET, SO_TIMESTAMP), 0);
	CHECK_EQ(send_v6(c, "::1", 600, &o), 4);
	CHECK_EQ(receive_told(s), 4);
	CHECK_EQ(told_int(IPPROTO_IPV6, IPV6_HOPLIMIT), 9);
	CHECK_EQ(told_int(IPPROTO_IPV6, IPV6_TCLASS), 0x28);
	CHECK_EQ(told[IPV6_PKTINFO].len, sizeof(info));
	memcpy(&info, told[IPV6_PKTINFO].data, sizeof(info));
	CHECK(IN6_IS_ADDR_LOOPBACK(&info.ipi6_addr));
	CHECK_EQ(told[SO_TIMESTAMPNS].level, SOL_SOCKET);
	CHECK_EQ(told[SO_TIMESTAMPNS].len, sizeof(ts));
	close_socket(s);
	close_socket(c);
}

/* A datagram of IPv4 on a socket of IPv6: its addresses are mapped. */
static void test_control_messages_mapped(void)
{
	struct socket *s = open_v6(SOCK_DGRAM), *c = open_socket(SOCK_DGRAM);
	struct sockaddr_in to = address_of(INADDR_LOOPBACK, 601);
	struct in6_pktinfo info;

	CHECK_EQ(bind_v6(s, "::", 601), 0);
	want_all_v6(s);
	CHECK_EQ(CALL(c, socket_connect(c, (struct sockaddr *)&to, sizeof(to))), 0);
	CHECK_EQ(do_send(c, "data", 4, 0), 4);
	CHECK_EQ(receive_told(s), 4);
	memcpy(&info, told[IPV6_PKTINFO].data, sizeof(info));
	CHECK(IN6_IS_ADDR_V4MAPPED(&info.ipi6_addr));
	CHECK_EQ(memcmp(&info.ipi6_addr.s6_addr[12], &to.sin_addr, 4), 0);
	CHECK_EQ(told_int(IPPROTO_IPV6, IPV6_HOPLIMIT), 255);
	close_socket(s);
	close_socket(c);
}

/* Set `good`, read it back; `bad` changes nothing; -1 is `usual`. */
static void check_byte(struct socket *s, int level, int option, int good, int bad, int usual)
{
	uint8_t one = 3;

	CHECK_EQ(set_int(s, level, option, good), 0);
	CHECK_EQ(set_int(s, level, option, bad), -EINVAL);
	CHECK_EQ(set_int(s, level, option, -2), -EINVAL);
	CHECK_EQ(get_int(s, level, option), good);
	CHECK_EQ(set_option(s, level, option, &one, 1), 0); /* one byte, as programs of old give */
	CHECK_EQ(get_int(s, level, option), 3);
	CHECK_EQ(set_int(s, level, option, -1), 0);
	CHECK_EQ(get_int(s, level, option), usual);
	CHECK_EQ(set_option(s, level, option, &one, 0), -EINVAL);
	CHECK_EQ(set_option(s, level, option, NULL, 4), -EINVAL);
}

static void test_bytes_of_headers(void)
{
	struct socket *v4 = open_socket(SOCK_DGRAM), *v6 = open_v6(SOCK_DGRAM);
	struct socket *stream = open_socket(SOCK_STREAM);

	check_byte(v4, IPPROTO_IP, IP_TTL, 7, 0, 255);
	check_byte(v4, IPPROTO_IP, IP_TOS, 0x10, 256, 0);
	check_byte(v4, IPPROTO_IP, IP_MULTICAST_TTL, 4, 256, 1);
	check_byte(v6, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 7, 0, 255);
	check_byte(v6, IPPROTO_IPV6, IPV6_TCLASS, 0x10, 256, 0);
	check_byte(v6, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, 4, 256, 1);
	check_byte(stream, IPPROTO_IP, IP_TTL, 7, 0, 255);
	close_socket(v4);
	close_socket(v6);
	close_socket(stream);
}

/* Set 1 and 0 and read them back. */
static void check_flag(struct socket *s, int level, int option)
{
	for (int on = 1; on >= 0; on--) {
		CHECK_EQ(set_int(s, level, option, on), 0);
		CHECK_EQ(get_int(s, level, option), on);
	}
}

static void test_flags(void)
{
	struct socket *v4 = open_socket(SOCK_DGRAM), *v6 = open_v6(SOCK_DGRAM);

	check_flag(v4, IPPROTO_IP, IP_PKTINFO);
	check_flag(v4, IPPROTO_IP, IP_RECVTTL);
	check_flag(v4, IPPROTO_IP, IP_RECVTOS);
	check_flag(v4, IPPROTO_IP, IP_MULTICAST_LOOP);
	check_flag(v4, SOL_SOCKET, SO_TIMESTAMP);
	check_flag(v4, SOL_SOCKET, SO_REUSEPORT);
	check_flag(v6, IPPROTO_IPV6, IPV6_V6ONLY);
	check_flag(v6, IPPROTO_IPV6, IPV6_MULTICAST_LOOP);
	CHECK_EQ(set_int(v6, IPPROTO_IPV6, IPV6_V6ONLY, 1), -EINVAL); /* it is in use */
	CHECK_EQ(set_int(v4, IPPROTO_IPV6, IPV6_V6ONLY, 1), -EINVAL);
	close_socket(v4);
	close_socket(v6);
}

/* What a socket of this kind does not have. */
static void test_refused(void)
{
	struct socket *v4 = open_socket(SOCK_DGRAM), *v6 = open_v6(SOCK_STREAM);
	const int levels[] = { SOL_SOCKET, IPPROTO_IP, IPPROTO_IPV6, IPPROTO_TCP, 77 };

	for (unsigned i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		CHECK_EQ(set_int(v4, levels[i], 9999, 1), -ENOPROTOOPT);
		CHECK_EQ(get_int(v4, levels[i], 9999), -ENOPROTOOPT);
		CHECK_EQ(set_int(v6, levels[i], 9999, 1), -ENOPROTOOPT);
		CHECK_EQ(get_int(v6, levels[i], 9999), -ENOPROTOOPT);
	}
	CHECK_EQ(set_int(v4, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 9), -ENOPROTOOPT);
	CHECK_EQ(get_int(v4, IPPROTO_IPV6, IPV6_UNICAST_HOPS), -ENOPROTOOPT);
	CHECK_EQ(set_int(v6, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, 9), -ENOPROTOOPT);
	CHECK_EQ(get_int(v6, IPPROTO_IPV6, IPV6_RECVPKTINFO), -ENOPROTOOPT);
	CHECK_EQ(set_int(v6, SOL_SOCKET, SO_RCVLOWAT, -1), -EINVAL);
	CHECK_EQ(set_option(v6, SOL_SOCKET, SO_RCVLOWAT, &(char){ 1 }, 1), -EINVAL);
	CHECK_EQ(set_int(v6, SOL_SOCKET, SO_RCVLOWAT, 0), 0); /* as 1 */
	CHECK_EQ(get_int(v6, SOL_SOCKET, SO_RCVLOWAT), 1);
	CHECK_EQ(get_int(v6, SOL_SOCKET, SO_SNDLOWAT), 1);
	close_socket(v4);
	close_socket(v6);
}

static void test_device(void)
{
	struct socket *s = open_socket(SOCK_DGRAM);
	char name[16];
	socklen_t len = sizeof(name);

	CHECK_EQ(get_option(s, SOL_SOCKET, SO_BINDTODEVICE, name, &len), 0);
	CHECK_EQ(len, 0);
	CHECK_EQ(set_option(s, SOL_SOCKET, SO_BINDTODEVICE, "zz9", 4), -ENODEV);
	CHECK_EQ(set_option(s, SOL_SOCKET, SO_BINDTODEVICE, device_name, strlen(device_name)), 0);
	len = sizeof(name);
	CHECK_EQ(get_option(s, SOL_SOCKET, SO_BINDTODEVICE, name, &len), 0);
	CHECK_EQ(len, strlen(device_name) + 1);
	CHECK(!strcmp(name, device_name));
	CHECK_EQ(set_option(s, SOL_SOCKET, SO_BINDTODEVICE, "", 1), 0);
	len = sizeof(name);
	CHECK_EQ(get_option(s, SOL_SOCKET, SO_BINDTODEVICE, name, &len), 0);
	CHECK_EQ(len, 0);
	close_socket(s);
}

static void test_mtu(void)
{
	struct socket *s = open_socket(SOCK_DGRAM), *c = open_v6(SOCK_DGRAM);

	CHECK_EQ(get_int(s, IPPROTO_IP, IP_MTU), -ENOTCONN);
	CHECK_EQ(get_int(c, IPPROTO_IPV6, IPV6_MTU), -ENOTCONN);
	CHECK_EQ(set_int(s, IPPROTO_IP, IP_MTU, 1000), -ENOPROTOOPT);
	CHECK_EQ(do_connect(s, TEST_PEER, 602), 0);
	CHECK_EQ(get_int(s, IPPROTO_IP, IP_MTU), 1500);
	close_socket(s);
	close_socket(c);
}

static uint32_t get_interface(struct socket *s)
{
	struct in_addr a = { 1 };
	socklen_t len = sizeof(a);

	CHECK_EQ(get_option(s, IPPROTO_IP, IP_MULTICAST_IF, &a, &len), 0);
	CHECK_EQ(len, sizeof(a));
	return ntohl(a.s_addr);
}

static void test_multicast_interface(void)
{
	struct socket *s = open_socket(SOCK_DGRAM);
	struct in_addr by_address = { htonl(TEST_ADDRESS) }, none = { htonl(0x0a0000fe) };
	struct ip_mreqn by_index = { .imr_ifindex = device_index };
	struct ip_mreq by_both = { .imr_interface = by_address };

	CHECK_EQ(get_interface(s), INADDR_ANY);
	CHECK_EQ(set_option(s, IPPROTO_IP, IP_MULTICAST_IF, &by_address, 4), 0);
	CHECK_EQ(get_interface(s), TEST_ADDRESS);
	CHECK_EQ(set_option(s, IPPROTO_IP, IP_MULTICAST_IF, &none, 4), -EADDRNOTAVAIL);
	CHECK_EQ(set_option(s, IPPROTO_IP, IP_MULTICAST_IF, &none, 3), -EINVAL);
	CHECK_EQ(get_interface(s), TEST_ADDRESS);
	CHECK_EQ(set_option(s, IPPROTO_IP, IP_MULTICAST_IF, &(struct in_addr){ 0 }, 4), 0);
	CHECK_EQ(get_interface(s), INADDR_ANY);
	CHECK_EQ(set_option(s, IPPROTO_IP, IP_MULTICAST_IF, &by_index, sizeof(by_index)), 0);
	CHECK_EQ(get_interface(s), TEST_ADDRESS);
	by_index.imr_ifindex = 99;
	CHECK_EQ(set_option(s, IPPROTO_IP, IP_MULTICAST_IF, &by_index, sizeof(by_index)), -ENODEV);
	CHECK_EQ(set_option(s, IPPROTO_IP, IP_MULTICAST_IF, &(struct in_addr){ 0 }, 4), 0);
	CHECK_EQ(set_option(s, IPPROTO_IP, IP_MULTICAST_IF, &by_both, sizeof(by_both)), 0);
	CHECK_EQ(get_interface(s), TEST_ADDRESS);
	close_socket(s);
}

static void test_multicast_interface_v6(void)
{
	struct socket *s = open_v6(SOCK_DGRAM);

	CHECK_EQ(get_int(s, IPPROTO_IPV6, IPV6_MULTICAST_IF), 0);
	CHECK_EQ(set_int(s, IPPROTO_IPV6, IPV6_MULTICAST_IF, device_index), 0);
	CHECK_EQ(get_int(s, IPPROTO_IPV6, IPV6_MULTICAST_IF), device_index);
	CHECK_EQ(set_int(s, IPPROTO_IPV6, IPV6_MULTICAST_IF, 99), -ENODEV);
	CHECK_EQ(set_int(s, IPPROTO_IPV6, IPV6_MULTICAST_IF, -1), -ENODEV);
	CHECK_EQ(get_int(s, IPPROTO_IPV6, IPV6_MULTICAST_IF), device_index);
	CHECK_EQ(set_int(s, IPPROTO_IPV6, IPV6_MULTICAST_IF, 0), 0);
	CHECK_EQ(get_int(s, IPPROTO_IPV6, IPV6_MULTICAST_IF), 0);
	close_socket(s);
}

/* Did the device send a frame of IPv6 to this group since wire_clear()? MLD goes to it. */
static bool was_sent_to(const struct in6_addr *group)
{
	for (unsigned i = 0; i < wire_nsent; i++)
		if (wire_sent[i].data[12] == 0x86 && wire_sent[i].data[13] == 0xdd &&
		    !memcmp(wire_sent[i].data + 14 + 24, group, 16))
			return true;
	return false;
}

static void test_groups_v6(void)
{
	struct socket *s = open_v6(SOCK_DGRAM), *c = open_v6(SOCK_DGRAM);
	struct ipv6_mreq r = { .ipv6mr_interface = (unsigned)device_index };

	CHECK_EQ(bind_v6(s, "::", 603), 0);
	CHECK_EQ(inet_pton(AF_INET6, "ff02::1234", &r.ipv6mr_multiaddr), 1);
	CHECK_EQ(set_int(c, IPPROTO_IPV6, IPV6_MULTICAST_IF, device_index), 0);
	CHECK_EQ(set_option(s, IPPROTO_IPV6, IPV6_JOIN_GROUP, &r, sizeof(r) - 1), -EINVAL);
	CHECK_EQ(set_option(s, IPPROTO_IPV6, IPV6_JOIN_GROUP, &r, sizeof(r)), 0);
	CHECK_EQ(set_option(s, IPPROTO_IPV6, IPV6_JOIN_GROUP, &r, sizeof(r)), -EADDRINUSE);
	net_test_sleep(2 * NS_PER_S);
	CHECK(was_sent_to(&r.ipv6mr_multiaddr)); /* the report: RFC 2710, 4 */
	CHECK_EQ(send_v6(c, "ff02::1234", 603, NULL), 4);
	CHECK_EQ(receive_told(s), 4); /* our own comes back */
	CHECK_EQ(set_option(s, IPPROTO_IPV6, IPV6_LEAVE_GROUP, &r, sizeof(r)), 0);
	CHECK_EQ(set_option(s, IPPROTO_IPV6, IPV6_LEAVE_GROUP, &r, sizeof(r)), -EADDRNOTAVAIL);
	r.ipv6mr_interface = 99;
	CHECK_EQ(set_option(s, IPPROTO_IPV6, IPV6_JOIN_GROUP, &r, sizeof(r)), -ENODEV);
	r.ipv6mr_interface = 0; /* the default */
	CHECK_EQ(set_option(s, IPPROTO_IPV6, IPV6_JOIN_GROUP, &r, sizeof(r)), 0);
	CHECK_EQ(inet_pton(AF_INET6, "fe80::1", &r.ipv6mr_multiaddr), 1);
	CHECK_EQ(set_option(s, IPPROTO_IPV6, IPV6_JOIN_GROUP, &r, sizeof(r)), -EINVAL);
	close_socket(s); /* leaves what it is in */
	close_socket(c);
}

/* The interface of a membership of IPv4: by its index, its address, or the default. */
static void test_groups_v4(void)
{
	struct socket *s = open_socket(SOCK_DGRAM);
	struct ip_mreqn r = { .imr_multiaddr.s_addr = htonl(0xe0010204) };

	r.imr_ifindex = 99;
	CHECK_EQ(set_option(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &r, sizeof(r)), -ENODEV);
	r.imr_ifindex = device_index;
	CHECK_EQ(set_option(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &r, sizeof(r)), 0);
	r.imr_ifindex = 0;
	r.imr_address.s_addr = htonl(TEST_ADDRESS);
	CHECK_EQ(set_option(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &r, sizeof(r)), -EADDRINUSE);
	CHECK_EQ(set_option(s, IPPROTO_IP, IP_DROP_MEMBERSHIP, &r, sizeof(r)), 0);
	r.imr_address.s_addr = htonl(0x0a0000fe);
	CHECK_EQ(set_option(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &r, sizeof(r)), -ENODEV);
	close_socket(s);
}

/* Options that need lwIP's part of the socket, and there is no memory for it. */
static void test_no_memory(void)
{
	struct socket *s = open_socket(SOCK_DGRAM);
	struct ip_mreq r = { .imr_multiaddr.s_addr = htonl(0xe0010205) };

	net_mem_trim();
	fake_fail_at(1);
	CHECK_EQ(set_int(s, IPPROTO_IP, IP_TTL, 9), -ENOBUFS);
	fake_fail_at(1);
	CHECK_EQ(set_int(s, SOL_SOCKET, SO_REUSEPORT, 1), -ENOBUFS);
	fake_fail_at(1);
	CHECK_EQ(set_option(s, SOL_SOCKET, SO_BINDTODEVICE, device_name, 4), -ENOBUFS);
	fake_fail_at(1);
	CHECK_EQ(get_int(s, IPPROTO_IP, IP_TTL), -ENOBUFS);
	fake_fail_at(0);
	CHECK_EQ(get_int(s, SOL_SOCKET, SO_REUSEPORT), 0);
	CHECK_EQ(set_int(s, IPPROTO_IP, IP_TTL, 9), 0);
	for (int i = 1; i < 3; i++) {
		fake_fail_at(i);
		CHECK(set_option(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &r, sizeof(r)) <= 0);
		fake_fail_at(0);
		set_option(s, IPPROTO_IP, IP_DROP_MEMBERSHIP, &r, sizeof(r));
	}
	CHECK_EQ(set_option(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &r, sizeof(r)), 0);
	close_socket(s);
}

static void find_device(void)
{
	device_index = netif_get_index(netif_default);
	netif_index_to_name(netif_get_index(netif_default), device_name);
	CHECK(device_name[0]);
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
	find_device();
	NET_RUN(test_control_messages_v6);
	NET_RUN(test_control_messages_mapped);
	NET_RUN(test_bytes_of_headers);
	NET_RUN(test_flags);
	NET_RUN(test_refused);
	NET_RUN(test_device);
	NET_RUN(test_mtu);
	NET_RUN(test_multicast_interface);
	NET_RUN(test_multicast_interface_v6);
	NET_RUN(test_groups_v6);
	NET_RUN(test_groups_v4);
	NET_RUN(test_no_memory);
	return check_done();
}
