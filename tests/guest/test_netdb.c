// SPDX-License-Identifier: BSD-2-Clause
// run: --net user -m 16M
/* Names of services, protocols and hosts; interfaces; addresses as text; nonblocking connections
 * from the first moment on. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/ether.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "tests/check.h"

/* First of all tests: DHCP has not answered. Nobody listens there, so QEMU refuses; what matters
 * is that the SYN goes out at all, and that other things wait for it as POSIX says. */
static void test_connect_before_there_is_an_address(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(9) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), err = -1;
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	socklen_t len = sizeof(err);

	inet_pton(AF_INET, "10.0.2.2", &a.sin_addr);
	CHECK_EQ(connect(fd, (struct sockaddr *)&a, sizeof(a)), -1);
	CHECK_EQ(errno, EINPROGRESS);
	CHECK_EQ(connect(fd, (struct sockaddr *)&a, sizeof(a)), -1);
	CHECK_EQ(errno, EALREADY);
	CHECK_EQ(send(fd, "x", 1, 0), -1);
	CHECK_EQ(errno, EAGAIN);
	CHECK_EQ(poll(&p, 1, 8000), 1);
	CHECK_EQ(getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len), 0);
	CHECK_EQ(err, ECONNREFUSED);
	close(fd);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	CHECK_EQ(connect(fd, (struct sockaddr *)&a, sizeof(a)), -1);
	close(fd); /* in the midst of it */
}

static void test_services_and_protocols(void)
{
	struct servent *s = getservbyname("https", "tcp");

	CHECK(s && s->s_port == htons(443));
	CHECK_STR(s->s_proto, "tcp");
	CHECK(!s->s_aliases[0]);
	CHECK(!getservbyname("https", "sctp"));
	CHECK(!getservbyname("nothing", NULL));
	s = getservbyport(htons(53), "udp");
	CHECK(s != NULL);
	CHECK_STR(s->s_name, "domain");
	CHECK_STR(s->s_proto, "udp");
	CHECK(!getservbyport(htons(1), NULL));
	CHECK_EQ(getprotobyname("udp")->p_proto, IPPROTO_UDP);
	CHECK_STR(getprotobynumber(6)->p_name, "tcp");
	CHECK(!getprotobyname("none"));
	CHECK(!getprotobynumber(200));
}

static void test_hosts(void)
{
	struct in_addr lo = { htonl(INADDR_LOOPBACK) };
	struct hostent *h = gethostbyname("127.0.0.1"), host, *result;
	char buf[128];
	int err;

	CHECK(h && h->h_length == 4 && h->h_addrtype == AF_INET);
	CHECK(!memcmp(h->h_addr, &lo, 4) && !h->h_addr_list[1] && !h->h_aliases[0]);
	h = gethostbyname2("localhost", AF_INET6);
	CHECK(h && h->h_length == 16 && h->h_addr[15] == 1);
	CHECK_EQ(gethostbyname_r("localhost", &host, buf, 8, &result, &err), ERANGE);
	CHECK(!result && err == NETDB_INTERNAL);
	CHECK_EQ(gethostbyname_r("localhost", &host, buf, sizeof(buf), &result, &err), 0);
	CHECK(result == &host && (char *)host.h_addr_list >= buf);
	h = gethostbyaddr(&lo, 4, AF_INET);
	CHECK(h != NULL);
	CHECK_STR(h->h_name, "localhost");
	lo.s_addr = htonl(0x01020304);
	CHECK(!gethostbyaddr(&lo, 4, AF_INET));
	CHECK_EQ(h_errno, HOST_NOT_FOUND);
	CHECK_STR(hstrerror(TRY_AGAIN), "Name server did not answer");
}

static void test_interfaces(void)
{
	struct ifaddrs *list, *i;
	struct ifreq r = { 0 }, all[4];
	struct ifconf c = { .ifc_len = sizeof(all), .ifc_req = all };
	unsigned flags = 0, n = 0;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	char text[INET_ADDRSTRLEN];

	CHECK_EQ(getifaddrs(&list), 0);
	for (i = list; i; i = i->ifa_next, n++) {
		flags |= i->ifa_flags;
		CHECK_EQ(if_nametoindex(i->ifa_name) > 0, 1);
		if (i->ifa_addr && i->ifa_addr->sa_family == AF_INET &&
		    !(i->ifa_flags & IFF_LOOPBACK)) {
			struct sockaddr_in *a = (struct sockaddr_in *)i->ifa_addr;

			CHECK_STR(inet_ntop(AF_INET, &a->sin_addr, text, sizeof(text)),
				  "10.0.2.15");
			a = (struct sockaddr_in *)i->ifa_netmask;
			CHECK_EQ(a->sin_addr.s_addr, htonl(0xffffff00));
			a = (struct sockaddr_in *)i->ifa_broadaddr;
			CHECK_EQ(a->sin_addr.s_addr, htonl(0x0a0002ff));
			strcpy(r.ifr_name, i->ifa_name);
		}
	}
	CHECK(n >= 3);
	CHECK((flags & (IFF_UP | IFF_LOOPBACK | IFF_BROADCAST)) ==
	      (IFF_UP | IFF_LOOPBACK | IFF_BROADCAST));
	freeifaddrs(list);
	CHECK_EQ(ioctl(fd, SIOCGIFMTU, &r), 0);
	CHECK_EQ(r.ifr_mtu, 1500);
	CHECK_EQ(ioctl(fd, SIOCGIFHWADDR, &r), 0);
	CHECK_EQ(r.ifr_hwaddr.sa_family, 1);
	CHECK_EQ((unsigned char)r.ifr_hwaddr.sa_data[0], 0x52);
	CHECK_EQ(ioctl(fd, SIOCGIFFLAGS, &r), 0);
	CHECK(r.ifr_flags & IFF_RUNNING);
	CHECK_EQ(ioctl(fd, SIOCGIFINDEX, &r), 0);
	CHECK_EQ(r.ifr_ifindex, if_nametoindex(r.ifr_name));
	CHECK_EQ(ioctl(fd, SIOCGIFNETMASK, &r), 0);
	CHECK_EQ(((struct sockaddr_in *)&r.ifr_addr)->sin_addr.s_addr, htonl(0xffffff00));
	CHECK_EQ(ioctl(fd, SIOCGIFCONF, &c), 0);
	CHECK_EQ(c.ifc_len, 2 * sizeof(struct ifreq));
	strcpy(r.ifr_name, "none0");
	CHECK_EQ(ioctl(fd, SIOCGIFMTU, &r), -1);
	CHECK_EQ(errno, ENODEV);
	CHECK_EQ(ioctl(fd, 0x8914 /* SIOCSIFFLAGS */, &r), -1);
	close(fd);
}

static void test_old_addresses(void)
{
	struct ether_addr e;
	struct in_addr a = inet_makeaddr(0x7f, 1);

	CHECK_EQ(a.s_addr, htonl(0x7f000001));
	CHECK_EQ(inet_netof(a), 0x7f);
	CHECK_EQ(inet_lnaof(a), 1);
	CHECK_EQ(inet_makeaddr(0xc0a801, 9).s_addr, htonl(0xc0a80109));
	CHECK_EQ(inet_network("192.168.1"), 0xc0a801);
	CHECK_EQ(inet_network("0x7f.1"), 0x7f01);
	CHECK_EQ(inet_network("300"), INADDR_NONE);
	CHECK_EQ(inet_network("1."), INADDR_NONE);
	CHECK(ether_aton_r("52:54:0:12:34:fF", &e) == &e);
	CHECK_STR(ether_ntoa(&e), "52:54:0:12:34:ff");
	CHECK(!ether_aton_r("52:54:00:12:34", &e));
	CHECK(!ether_aton_r("52:54:00:12:34:567", &e));
	CHECK(!ether_aton_r("x2:54:00:12:34:56", &e));
}

static void test_many_datagrams_at_once(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(7100) };
	int s = socket(AF_INET, SOCK_DGRAM, 0), c = socket(AF_INET, SOCK_DGRAM, 0), on = 1;
	char data[3] = { 'a', 'b', 'c' }, control[CMSG_SPACE(sizeof(struct in_pktinfo))];
	struct iovec iov[3];
	struct mmsghdr v[3] = { 0 };
	struct in_pktinfo info;
	struct cmsghdr *h;

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	CHECK_EQ(bind(s, (struct sockaddr *)&a, sizeof(a)), 0);
	CHECK_EQ(setsockopt(s, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)), 0);
	CHECK_EQ(connect(c, (struct sockaddr *)&a, sizeof(a)), 0);
	for (int i = 0; i < 3; i++) {
		iov[i] = (struct iovec){ &data[i], 1 };
		v[i].msg_hdr.msg_iov = &iov[i];
		v[i].msg_hdr.msg_iovlen = 1;
	}
	CHECK_EQ(sendmmsg(c, v, 3, 0), 3);
	memset(data, 0, sizeof(data));
	v[0].msg_hdr.msg_control = control;
	v[0].msg_hdr.msg_controllen = sizeof(control);
	CHECK_EQ(recvmmsg(s, v, 3, MSG_WAITFORONE, NULL), 3);
	CHECK(!memcmp(data, "abc", 3));
	CHECK_EQ(v[2].msg_len, 1);
	h = CMSG_FIRSTHDR(&v[0].msg_hdr);
	CHECK(h && h->cmsg_type == IP_PKTINFO);
	memcpy(&info, CMSG_DATA(h), sizeof(info));
	CHECK_EQ(info.ipi_addr.s_addr, htonl(INADDR_LOOPBACK));
	CHECK_EQ(v[1].msg_hdr.msg_controllen, 0);
	/* Without room for it: cut, and said so. */
	CHECK_EQ(send(c, "d", 1, 0), 1);
	v[0].msg_hdr.msg_controllen = CMSG_LEN(4);
	CHECK_EQ(recvmsg(s, &v[0].msg_hdr, 0), 1);
	CHECK(v[0].msg_hdr.msg_flags & MSG_CTRUNC);
	CHECK_EQ(v[0].msg_hdr.msg_controllen, CMSG_LEN(4));
	CHECK_EQ(recvmmsg(s, v, 3, MSG_DONTWAIT, NULL), -1);
	CHECK_EQ(errno, EAGAIN);
	CHECK_EQ(sockatmark(1), -1);
	CHECK_EQ(errno, ENOTSOCK);
	close(s);
	close(c);
}

int main(void)
{
	RUN(test_connect_before_there_is_an_address);
	RUN(test_services_and_protocols);
	RUN(test_hosts);
	RUN(test_interfaces);
	RUN(test_old_addresses);
	RUN(test_many_datagrams_at_once);
	return check_done();
}
