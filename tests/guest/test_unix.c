// SPDX-License-Identifier: BSD-2-Clause
/* Sockets of the local family: names, the three types, descriptors passed, errors, waiting. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unik/memory.h>
#include <unistd.h>
#include "tests/check.h"

static socklen_t name_of(struct sockaddr_un *un, const char *path)
{
	memset(un, 0, sizeof(*un));
	un->sun_family = AF_UNIX;
	strcpy(un->sun_path, path);
	return SUN_LEN(un) + 1;
}

static int bound(int type, const char *path)
{
	struct sockaddr_un un;
	socklen_t len = name_of(&un, path);
	int fd = socket(AF_UNIX, type, 0);

	CHECK(fd >= 0);
	CHECK_EQ(bind(fd, (struct sockaddr *)&un, len), 0);
	return fd;
}

static int connect_to(int fd, const char *path)
{
	struct sockaddr_un un;
	socklen_t len = name_of(&un, path);

	return connect(fd, (struct sockaddr *)&un, len) ? -errno : 0;
}

static void test_stream_by_path(void)
{
	struct sockaddr_un un;
	socklen_t len = sizeof(un);
	struct stat st;
	int listener = bound(SOCK_STREAM, "/run/server"), c = socket(AF_UNIX, SOCK_STREAM, 0), s;
	char buf[64];

	CHECK_EQ(connect_to(c, "/run/server"), -ECONNREFUSED);
	CHECK_EQ(listen(listener, 4), 0);
	CHECK_EQ(connect_to(c, "/run/none"), -ENOENT);
	CHECK_EQ(connect_to(c, "/run/../run//server"), 0);
	CHECK_EQ(connect_to(c, "/run/server"), -EISCONN);
	CHECK_EQ(write(c, "early", 5), 5); /* before anybody accepts */
	s = accept(listener, (struct sockaddr *)&un, &len);
	CHECK(s >= 0);
	CHECK_EQ(len, sizeof(sa_family_t));
	CHECK_EQ(read(s, buf, 3), 3);
	CHECK_EQ(read(s, buf, sizeof(buf)), 2);
	len = sizeof(un);
	CHECK_EQ(getpeername(c, (struct sockaddr *)&un, &len), 0);
	CHECK_STR(un.sun_path, "/run/server");
	CHECK_EQ(len, offsetof(struct sockaddr_un, sun_path) + 12);
	CHECK_EQ(send(s, "answer", 6, 0), 6);
	close(s);
	CHECK_EQ(recv(c, buf, sizeof(buf), 0), 6);
	CHECK_EQ(recv(c, buf, sizeof(buf), 0), 0);
	CHECK_EQ(send(c, "x", 1, MSG_NOSIGNAL), -1);
	CHECK_EQ(errno, EPIPE);
	close(c);
	close(listener);
	/* The name stays until it is unlinked. */
	c = socket(AF_UNIX, SOCK_STREAM, 0);
	CHECK_EQ(connect_to(c, "/run/server"), -ECONNREFUSED);
	name_of(&un, "/run/server");
	CHECK_EQ(bind(c, (struct sockaddr *)&un, sizeof(un)), -1);
	CHECK_EQ(errno, EADDRINUSE);
	CHECK_EQ(stat("/run/server", &st), 0);
	CHECK(S_ISSOCK(st.st_mode));
	CHECK_EQ(open("/run/server", O_RDONLY), -1);
	CHECK_EQ(errno, ENXIO);
	CHECK_EQ(connect_to(c, "/run"), -ECONNREFUSED);
	CHECK_EQ(chdir("/run"), 0);
	CHECK_EQ(connect_to(c, "server"), -ECONNREFUSED);
	CHECK_EQ(unlink("server"), 0);
	CHECK_EQ(chdir("/"), 0);
	CHECK_EQ(unlink("/run/server"), -1);
	CHECK_EQ(bind(c, (struct sockaddr *)&un, sizeof(un)), 0);
	close(c);
	CHECK_EQ(unlink("/run/server"), 0);
}

static void test_abstract_and_automatic_names(void)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX, .sun_path = "\0name" }, got;
	socklen_t len = offsetof(struct sockaddr_un, sun_path) + 5, n = sizeof(got);
	int a = socket(AF_UNIX, SOCK_DGRAM, 0), b = socket(AF_UNIX, SOCK_DGRAM, 0);
	char buf[8];

	CHECK_EQ(bind(a, (struct sockaddr *)&un, len), 0);
	CHECK_EQ(bind(b, (struct sockaddr *)&un, len), -1);
	CHECK_EQ(errno, EADDRINUSE);
	CHECK_EQ(bind(b, (struct sockaddr *)&un, sizeof(sa_family_t)), 0); /* any name */
	CHECK_EQ(sendto(b, "hi", 2, 0, (struct sockaddr *)&un, len), 2);
	CHECK_EQ(recvfrom(a, buf, sizeof(buf), 0, (struct sockaddr *)&got, &n), 2);
	CHECK_EQ(n, offsetof(struct sockaddr_un, sun_path) + 6);
	CHECK_EQ(got.sun_path[0], 0);
	CHECK_EQ(sendto(a, "back", 4, 0, (struct sockaddr *)&got, n), 4);
	CHECK_EQ(recv(b, buf, sizeof(buf), 0), 4);
	close(a);
	CHECK_EQ(sendto(b, "hi", 2, 0, (struct sockaddr *)&un, len), -1);
	CHECK_EQ(errno, ECONNREFUSED); /* it went with its socket */
	close(b);
}

static void test_datagrams_stay_whole(void)
{
	int fd[2];
	char buf[16];
	struct iovec iov = { buf, 3 };
	struct msghdr h = { .msg_iov = &iov, .msg_iovlen = 1 };

	CHECK_EQ(socketpair(AF_UNIX, SOCK_DGRAM, 0, fd), 0);
	CHECK_EQ(send(fd[0], "", 0, 0), 0);
	CHECK_EQ(send(fd[0], "12345", 5, 0), 5);
	CHECK_EQ(send(fd[0], "678", 3, 0), 3);
	CHECK_EQ(recv(fd[1], buf, sizeof(buf), 0), 0);
	CHECK_EQ(recvmsg(fd[1], &h, MSG_PEEK | MSG_TRUNC), 5);
	CHECK_EQ(h.msg_flags, MSG_TRUNC);
	CHECK_EQ(recvmsg(fd[1], &h, 0), 3);
	CHECK_EQ(h.msg_flags, MSG_TRUNC);
	CHECK_EQ(recv(fd[1], buf, sizeof(buf), 0), 3);
	CHECK_EQ(recv(fd[1], buf, sizeof(buf), MSG_DONTWAIT), -1);
	CHECK_EQ(errno, EAGAIN);
	close(fd[1]);
	CHECK_EQ(send(fd[0], "x", 1, 0), -1);
	CHECK_EQ(errno, ECONNREFUSED);
	close(fd[0]);
}

static void test_seqpacket(void)
{
	int listener = bound(SOCK_SEQPACKET, "/seq"), c = socket(AF_UNIX, SOCK_SEQPACKET, 0), s;
	int wrong = socket(AF_UNIX, SOCK_STREAM, 0);
	char buf[16];
	struct iovec iov = { buf, 16 };
	struct msghdr h = { .msg_iov = &iov, .msg_iovlen = 1 };

	CHECK_EQ(listen(listener, 1), 0);
	CHECK_EQ(connect_to(wrong, "/seq"), -EPROTOTYPE);
	CHECK_EQ(connect_to(c, "/seq"), 0);
	s = accept(listener, NULL, NULL);
	CHECK_EQ(send(c, "one", 3, 0), 3);
	CHECK_EQ(send(c, "three", 5, 0), 5);
	CHECK_EQ(recvmsg(s, &h, 0), 3);
	CHECK_EQ(h.msg_flags, MSG_EOR);
	CHECK_EQ(recv(s, buf, 2, 0), 2); /* the rest of a packet is lost */
	close(c);
	CHECK_EQ(recv(s, buf, sizeof(buf), 0), 0);
	close(s);
	close(wrong);
	close(listener);
	unlink("/seq");
}

static long send_with_files(int fd, const int *files, int n)
{
	char control[CMSG_SPACE(sizeof(int) * 8)];
	struct iovec iov = { "f", 1 };
	struct msghdr h = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control };
	struct cmsghdr *c = (struct cmsghdr *)control;

	h.msg_controllen = CMSG_SPACE(sizeof(int) * n);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int) * n);
	memcpy(CMSG_DATA(c), files, sizeof(int) * n);
	return sendmsg(fd, &h, 0) < 0 ? -errno : 0;
}

/* Returns how many came, and MSG_CTRUNC if so. */
static int receive_files(int fd, int *files, int room)
{
	char control[CMSG_SPACE(sizeof(int) * 8)], byte;
	struct iovec iov = { &byte, 1 };
	struct msghdr h = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control };
	struct cmsghdr *c;
	int n;

	h.msg_controllen = room ? CMSG_LEN(sizeof(int) * room) : 0;
	CHECK_EQ(recvmsg(fd, &h, MSG_CMSG_CLOEXEC), 1);
	c = CMSG_FIRSTHDR(&h);
	n = c ? (c->cmsg_len - CMSG_LEN(0)) / sizeof(int) : 0;
	if (c)
		memcpy(files, CMSG_DATA(c), n * sizeof(int));
	return n | (h.msg_flags & MSG_CTRUNC ? 256 : 0);
}

static void test_descriptors_are_passed(void)
{
	int pair[2], ends[2], got[8];
	char c;

	CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	CHECK_EQ(pipe(ends), 0);
	CHECK_EQ(send_with_files(pair[0], (int[]){ 4242 }, 1), -EBADF);
	CHECK_EQ(send_with_files(pair[0], ends, 2), 0);
	close(ends[0]);
	close(ends[1]);
	CHECK_EQ(receive_files(pair[1], got, 2), 2);
	CHECK_EQ(fcntl(got[0], F_GETFD), FD_CLOEXEC);
	CHECK_EQ(write(got[1], "p", 1), 1);
	CHECK_EQ(read(got[0], &c, 1), 1);
	/* With room for one the other is closed: then the pipe has no writer. */
	CHECK_EQ(send_with_files(pair[0], got, 2), 0);
	close(got[1]);
	close(got[0]);
	CHECK_EQ(receive_files(pair[1], got, 1), 1 | 256);
	CHECK_EQ(read(got[0], &c, 1), 0);
	/* Never received: closed with the socket; read() drops them. */
	CHECK_EQ(send_with_files(pair[0], got, 1), 0);
	CHECK_EQ(send_with_files(pair[0], got, 1), 0);
	CHECK_EQ(read(pair[1], &c, 1), 1);
	close(got[0]);
	close(pair[0]);
	close(pair[1]);
}

/* A chain of sockets, each in the queue of the next, is freed without running out of stack. */
static void test_long_chain(void)
{
	int inner[2], outer[2];

	CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, inner), 0);
	for (int i = 0; i < 2000; i++) {
		CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, outer), 0);
		CHECK_EQ(send_with_files(outer[0], inner, 2), 0);
		close(inner[0]);
		close(inner[1]);
		inner[0] = outer[0];
		inner[1] = outer[1];
	}
	close(inner[0]);
	close(inner[1]);
}

static void *reader(void *arg)
{
	static char buf[4096];
	long total = 0, n;

	while ((n = read(*(int *)arg, buf, sizeof(buf))) > 0)
		total += n;
	return (void *)total;
}

static void test_stream_waits_for_room(void)
{
	static char big[300000];
	int fd[2], waiting = 0;
	struct pollfd p = { .events = POLLOUT };
	pthread_t t;
	void *total;

	CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fd), 0);
	p.fd = fd[0];
	CHECK_EQ(poll(&p, 1, 0), 1);
	while (write(fd[0], big, 5000) > 0)
		;
	CHECK_EQ(errno, EAGAIN);
	CHECK_EQ(poll(&p, 1, 0), 0);
	CHECK_EQ(ioctl(fd[1], FIONREAD, &waiting), 0);
	CHECK(waiting > 20000);
	fcntl(fd[1], F_SETFL, 0);
	fcntl(fd[0], F_SETFL, 0);
	CHECK_EQ(pthread_create(&t, NULL, reader, &fd[1]), 0);
	CHECK_EQ(poll(&p, 1, 2000), 1);
	CHECK_EQ(write(fd[0], big, sizeof(big)), sizeof(big));
	CHECK_EQ(shutdown(fd[0], SHUT_WR), 0);
	CHECK_EQ(pthread_join(t, &total), 0);
	CHECK_EQ((long)total, waiting + (long)sizeof(big));
	p.events = POLLIN | POLLRDHUP;
	p.fd = fd[1];
	CHECK_EQ(poll(&p, 1, 0), 1);
	CHECK_EQ(p.revents, POLLIN | POLLRDHUP);
	close(fd[0]);
	close(fd[1]);
}

static void *accept_one(void *arg)
{
	int fd = accept(*(int *)arg, NULL, NULL);

	if (fd < 0)
		return (void *)(long)-errno;
	close(fd);
	return NULL;
}

static void test_waking(void)
{
	int listener = bound(SOCK_STREAM, "/wake"), c[4], fd[2];
	pthread_t t;
	void *ret;
	char byte;

	CHECK_EQ(listen(listener, 1), 0);
	CHECK_EQ(pthread_create(&t, NULL, accept_one, &listener), 0);
	usleep(10000);
	CHECK_EQ(shutdown(listener, SHUT_RDWR), 0);
	CHECK_EQ(pthread_join(t, &ret), 0);
	CHECK_EQ((long)ret, -EINVAL);
	CHECK_EQ(listen(listener, 0), 0);
	for (int i = 0; i < 2; i++)
		c[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	CHECK_EQ(connect_to(c[0], "/wake"), 0);
	CHECK_EQ(connect_to(c[1], "/wake"), -EAGAIN); /* the backlog is full */
	close(listener);
	CHECK_EQ(read(c[0], &byte, 1), -1);
	CHECK_EQ(errno, ECONNRESET); /* never accepted */
	CHECK_EQ(read(c[0], &byte, 1), 0);
	close(c[0]);
	close(c[1]);
	unlink("/wake");
	/* Closed with unread data: a reset. Without: an end. */
	CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
	CHECK_EQ(write(fd[0], "unread", 6), 6);
	close(fd[1]);
	CHECK_EQ(read(fd[0], &byte, 1), -1);
	CHECK_EQ(errno, ECONNRESET);
	close(fd[0]);
}

static void *close_later(void *arg)
{
	usleep(20000);
	close(*(int *)arg);
	return NULL;
}

static void test_close_ends_a_sleeping_call(void)
{
	int fd[2];
	char byte;
	pthread_t t;

	CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
	CHECK_EQ(pthread_create(&t, NULL, close_later, &fd[0]), 0);
	CHECK_EQ(read(fd[0], &byte, 1), -1);
	CHECK_EQ(errno, EBADF);
	pthread_join(t, NULL);
	CHECK_EQ(read(fd[1], &byte, 1), 0);
	close(fd[1]);
}

static void *send_blocked(void *arg)
{
	struct sockaddr_un un;
	socklen_t len = name_of(&un, "/full");
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	long sent = 0;

	while (sendto(fd, "d", 1, 0, (struct sockaddr *)&un, len) == 1)
		sent++;
	sent = sent << 16 | errno;
	close(fd);
	return (void *)sent;
}

static void test_sender_learns_of_a_closed_receiver(void)
{
	int fd = bound(SOCK_DGRAM, "/full");
	pthread_t t;
	void *ret;

	CHECK_EQ(pthread_create(&t, NULL, send_blocked, NULL), 0);
	usleep(20000);
	close(fd);
	CHECK_EQ(pthread_join(t, &ret), 0);
	CHECK_EQ((long)ret & 0xffff, ECONNREFUSED);
	CHECK((long)ret >> 16 > 10);
	unlink("/full");
}

static void test_options_and_credentials(void)
{
	int fd[2], n, on = 1;
	socklen_t len = sizeof(n);
	struct ucred who;
	char control[CMSG_SPACE(sizeof(who))], byte;
	struct iovec iov = { &byte, 1 };
	struct msghdr h = { .msg_iov = &iov,
			    .msg_iovlen = 1,
			    .msg_control = control,
			    .msg_controllen = sizeof(control) };
	struct timeval tv = { 0, 20000 };

	CHECK_EQ(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fd), 0);
	CHECK_EQ(getsockopt(fd[0], SOL_SOCKET, SO_TYPE, &n, &len), 0);
	CHECK_EQ(n, SOCK_SEQPACKET);
	CHECK_EQ(getsockopt(fd[0], SOL_SOCKET, SO_DOMAIN, &n, &len), 0);
	CHECK_EQ(n, AF_UNIX);
	len = sizeof(who);
	CHECK_EQ(getsockopt(fd[0], SOL_SOCKET, SO_PEERCRED, &who, &len), 0);
	CHECK_EQ(who.pid, getpid());
	CHECK_EQ(setsockopt(fd[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)), 0);
	CHECK_EQ(send(fd[0], "x", 1, 0), 1);
	CHECK_EQ(recvmsg(fd[1], &h, 0), 1);
	CHECK_EQ(CMSG_FIRSTHDR(&h)->cmsg_type, SCM_CREDENTIALS);
	CHECK_EQ(h.msg_controllen, CMSG_SPACE(sizeof(who)));
	CHECK_EQ(setsockopt(fd[1], SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)), 0);
	CHECK_EQ(recv(fd[1], &byte, 1, 0), -1);
	CHECK_EQ(errno, EAGAIN);
	CHECK_EQ(setsockopt(fd[1], SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)), -1);
	CHECK_EQ(errno, ENOPROTOOPT);
	on = 4096;
	CHECK_EQ(setsockopt(fd[0], SOL_SOCKET, SO_SNDBUF, &on, sizeof(on)), 0);
	static char large[5000];
	CHECK_EQ(send(fd[0], large, sizeof(large), 0), -1);
	CHECK_EQ(errno, EMSGSIZE);
	CHECK_EQ(socketpair(AF_INET, SOCK_STREAM, 0, fd), -1);
	CHECK_EQ(errno, EOPNOTSUPP);
	close(fd[0]);
	close(fd[1]);
}

/* What was passed, queued or named is freed with its sockets. */
static void test_nothing_is_left(void)
{
	size_t before, after;

	unik_memory(NULL, &before);
	test_long_chain();
	test_descriptors_are_passed();
	unik_memory(NULL, &after);
	CHECK_EQ(before, after);
}

int main(void)
{
	CHECK_EQ(mkdir("/run", 0755), 0);
	RUN(test_stream_by_path);
	RUN(test_abstract_and_automatic_names);
	RUN(test_datagrams_stay_whole);
	RUN(test_seqpacket);
	RUN(test_descriptors_are_passed);
	RUN(test_stream_waits_for_room);
	RUN(test_waking);
	RUN(test_close_ends_a_sleeping_call);
	RUN(test_sender_learns_of_a_closed_receiver);
	RUN(test_options_and_credentials);
	RUN(test_long_chain);
	RUN(test_nothing_is_left);
	return check_done();
}
