// SPDX-License-Identifier: BSD-2-Clause
/* Control messages of datagrams, to sendmsg() and from recvmsg(): good ones have their effect, bad
 * ones are refused and nothing is sent. Over loopback. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "tests/check.h"

static int from, to; /* two sockets of one family */
static struct sockaddr_storage there;
static socklen_t there_len;

static void open_pair_v4(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	from = socket(AF_INET, SOCK_DGRAM, 0);
	to = socket(AF_INET, SOCK_DGRAM, 0);
	CHECK_EQ(bind(to, (struct sockaddr *)&a, sizeof(a)), 0);
	there_len = sizeof(there);
	CHECK_EQ(getsockname(to, (struct sockaddr *)&there, &there_len), 0);
}

static void open_pair_v6(void)
{
	struct sockaddr_in6 a = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };

	from = socket(AF_INET6, SOCK_DGRAM, 0);
	to = socket(AF_INET6, SOCK_DGRAM, 0);
	CHECK_EQ(bind(to, (struct sockaddr *)&a, sizeof(a)), 0);
	there_len = sizeof(there);
	CHECK_EQ(getsockname(to, (struct sockaddr *)&there, &there_len), 0);
}

static void close_pair(void)
{
	close(from);
	close(to);
}

static char control[256] __attribute__((aligned(8)));

/* One datagram with one control message, of which the first `len` bytes are said to be there. */
static int send_cut(int level, int type, const void *value, size_t size, size_t len)
{
	struct iovec iov = { "data", 4 };
	struct msghdr m = { .msg_name = &there,
			    .msg_namelen = there_len,
			    .msg_iov = &iov,
			    .msg_iovlen = 1,
			    .msg_control = control,
			    .msg_controllen = CMSG_SPACE(size) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = level;
	c->cmsg_type = type;
	c->cmsg_len = len;
	memcpy(CMSG_DATA(c), value, size);
	errno = 0;
	return sendmsg(from, &m, 0) < 0 ? -errno : 0;
}

static int send_with(int level, int type, const void *value, size_t size)
{
	return send_cut(level, type, value, size, CMSG_LEN(size));
}

static int send_int(int level, int type, int n)
{
	return send_with(level, type, &n, sizeof(n));
}

/* The int of a control message of what has arrived; -1: no such message, or nothing arrived. */
static int receive_int(int level, int type)
{
	char buf[16];
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr m = { .msg_iov = &iov,
			    .msg_iovlen = 1,
			    .msg_control = control,
			    .msg_controllen = sizeof(control) };
	int n = -1;

	if (recvmsg(to, &m, MSG_DONTWAIT) != 4)
		return -1;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c))
		if (c->cmsg_level == level && c->cmsg_type == type) {
			n = 0;
			memcpy(&n, CMSG_DATA(c), c->cmsg_len - CMSG_LEN(0) < 4 ? 1 : 4);
		}
	return n;
}

static void set_flag(int level, int option)
{
	int on = 1;

	CHECK_EQ(setsockopt(to, level, option, &on, sizeof(on)), 0);
}

static void check_nothing_arrived(void)
{
	char c;

	errno = 0;
	CHECK_EQ(recv(to, &c, 1, MSG_DONTWAIT), -1);
	CHECK_EQ(errno, EAGAIN);
}

static void test_v4(void)
{
	struct in_pktinfo info = { .ipi_spec_dst.s_addr = htonl(INADDR_LOOPBACK) };

	open_pair_v4();
	set_flag(IPPROTO_IP, IP_RECVTTL);
	CHECK_EQ(send_int(IPPROTO_IP, IP_TTL, 9), 0);
	CHECK_EQ(receive_int(IPPROTO_IP, IP_TTL), 9);
	set_flag(IPPROTO_IP, IP_RECVTOS);
	CHECK_EQ(send_int(IPPROTO_IP, IP_TOS, 0x28), 0);
	CHECK_EQ(receive_int(IPPROTO_IP, IP_TOS), 0x28);
	set_flag(IPPROTO_IP, IP_PKTINFO);
	CHECK_EQ(send_with(IPPROTO_IP, IP_PKTINFO, &info, sizeof(info)), 0);
	CHECK(receive_int(IPPROTO_IP, IP_PKTINFO) > 0); /* which begins with the interface */
	CHECK_EQ(send_int(IPPROTO_IP, IP_TTL, 0), -EINVAL);
	CHECK_EQ(send_int(IPPROTO_IP, IP_TTL, 256), -EINVAL);
	CHECK_EQ(send_int(IPPROTO_IP, IP_TOS, -1), -EINVAL);
	CHECK_EQ(send_int(IPPROTO_IP, 9999, 1), -EINVAL);
	CHECK_EQ(send_with(IPPROTO_IP, IP_TTL, "9", 1), -EINVAL);
	CHECK_EQ(send_with(IPPROTO_IP, IP_PKTINFO, &info, sizeof(info) - 1), -EINVAL);
	check_nothing_arrived();
	close_pair();
}

/* Interfaces that are not there; numbers that are another's when they are cut to a byte. */
static void test_no_interface(void)
{
	struct in_pktinfo info = { 0 };
	const int absent[] = { 99, 256, 257, 1 << 24 | 1, -255 };

	open_pair_v4();
	for (unsigned i = 0; i < sizeof(absent) / sizeof(absent[0]); i++) {
		info.ipi_ifindex = absent[i];
		CHECK(send_with(IPPROTO_IP, IP_PKTINFO, &info, sizeof(info)) < 0);
		check_nothing_arrived();
	}
	close_pair();
}

static void test_v6(void)
{
	struct in6_pktinfo info = { .ipi6_addr = IN6ADDR_LOOPBACK_INIT };

	open_pair_v6();
	set_flag(IPPROTO_IPV6, IPV6_RECVHOPLIMIT);
	CHECK_EQ(send_int(IPPROTO_IPV6, IPV6_HOPLIMIT, 9), 0);
	CHECK_EQ(receive_int(IPPROTO_IPV6, IPV6_HOPLIMIT), 9);
	set_flag(IPPROTO_IPV6, IPV6_RECVTCLASS);
	CHECK_EQ(send_int(IPPROTO_IPV6, IPV6_TCLASS, 0x28), 0);
	CHECK_EQ(receive_int(IPPROTO_IPV6, IPV6_TCLASS), 0x28);
	CHECK_EQ(send_with(IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof(info)), 0);
	CHECK_EQ(receive_int(IPPROTO_IPV6, IPV6_HOPLIMIT), 255);
	CHECK_EQ(send_int(IPPROTO_IPV6, IPV6_HOPLIMIT, 256), -EINVAL);
	CHECK_EQ(send_int(IPPROTO_IPV6, 9999, 1), -EINVAL);
	CHECK_EQ(send_with(IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof(info) - 1), -EINVAL);
	check_nothing_arrived();
	close_pair();
}

/* Lengths that lie. */
static void test_lengths(void)
{
	int n = 9;

	open_pair_v4();
	CHECK_EQ(send_cut(IPPROTO_IP, IP_TTL, &n, sizeof(n), 0), -EINVAL);
	CHECK_EQ(send_cut(IPPROTO_IP, IP_TTL, &n, sizeof(n), CMSG_LEN(0) - 1), -EINVAL);
	CHECK_EQ(send_cut(IPPROTO_IP, IP_TTL, &n, sizeof(n), CMSG_SPACE(4) + 1), -EINVAL);
	CHECK_EQ(send_cut(IPPROTO_IP, IP_TTL, &n, sizeof(n), (size_t)-1), -EINVAL);
	CHECK_EQ(send_int(SOL_SOCKET, 9999, 1), -EINVAL);
	CHECK_EQ(send_int(9999, 1, 1), -EINVAL);
	CHECK_EQ(send_int(SOL_SOCKET, SCM_RIGHTS, 99), -EBADF);
	check_nothing_arrived();
	close_pair();
}

/* recvmmsg() waits for all of them unless its flags or its time say otherwise. */
static void test_many(void)
{
	char buf[3][8];
	struct iovec iov[3] = { { buf[0], 8 }, { buf[1], 8 }, { buf[2], 8 } };
	struct mmsghdr v[3] = { 0 };
	struct timespec none = { 0, 0 }, bad = { 0, -1 };

	open_pair_v4();
	for (int i = 0; i < 3; i++)
		v[i].msg_hdr = (struct msghdr){ .msg_iov = &iov[i], .msg_iovlen = 1 };
	CHECK_EQ(send_int(IPPROTO_IP, IP_TTL, 9), 0);
	CHECK_EQ(send_int(IPPROTO_IP, IP_TTL, 9), 0);
	CHECK_EQ(recvmmsg(to, v, 3, MSG_WAITFORONE, NULL), 2);
	CHECK_EQ(v[1].msg_len, 4);
	CHECK_EQ(recvmmsg(to, v, 3, MSG_DONTWAIT, NULL), -1);
	CHECK_EQ(errno, EAGAIN);
	CHECK_EQ(send_int(IPPROTO_IP, IP_TTL, 9), 0);
	CHECK_EQ(recvmmsg(to, v, 3, 0, &none), 1); /* the time is over after the first */
	CHECK_EQ(recvmmsg(to, v, 3, 0, &bad), -1);
	CHECK_EQ(errno, EINVAL);
	CHECK_EQ(recvmmsg(99, v, 3, 0, NULL), -1);
	CHECK_EQ(errno, EBADF);
	CHECK_EQ(sendmmsg(99, v, 3, 0), -1);
	CHECK_EQ(errno, EBADF);
	CHECK_EQ(sockatmark(to), 0);
	CHECK_EQ(sockatmark(99), -1);
	close_pair();
}

int main(void)
{
	RUN(test_v4);
	RUN(test_no_interface);
	RUN(test_v6);
	RUN(test_lengths);
	RUN(test_many);
	return check_done();
}
