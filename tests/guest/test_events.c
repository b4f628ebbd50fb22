// SPDX-License-Identifier: BSD-2-Clause
/* epoll, eventfd and timerfd: in the machine, over pipes, sockets, threads and timers. */
// run: --net user
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>
#include <unik/memory.h>
#include "tests/check.h"

#define CHECK_ERRNO(call, err)        \
	do {                          \
		errno = 0;            \
		CHECK_EQ((call), -1); \
		CHECK_EQ(errno, err); \
	} while (0)

static long long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

static int watch(int ep, int fd, uint32_t events)
{
	struct epoll_event e = { .events = events, .data.fd = fd };

	return epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e);
}

/* The events of the one descriptor that is ready, 0: none is. */
static uint32_t next(int ep, int fd, int timeout_ms)
{
	struct epoll_event e[4];
	int n = epoll_wait(ep, e, 4, timeout_ms);

	CHECK(n == 0 || n == 1);
	if (n < 1)
		return 0;
	CHECK_EQ(e[0].data.fd, fd);
	return e[0].events;
}

static void test_pipe(void)
{
	int ep = epoll_create1(EPOLL_CLOEXEC), fd[2];
	char c;

	CHECK_EQ(pipe(fd), 0);
	CHECK_EQ(watch(ep, fd[0], EPOLLIN), 0);
	CHECK_EQ(next(ep, fd[0], 0), 0);
	CHECK_EQ(write(fd[1], "ab", 2), 2);
	CHECK_EQ(next(ep, fd[0], -1), EPOLLIN);
	CHECK_EQ(read(fd[0], &c, 1), 1);
	CHECK_EQ(next(ep, fd[0], -1), EPOLLIN);
	CHECK_EQ(read(fd[0], &c, 1), 1);
	CHECK_EQ(next(ep, fd[0], 0), 0);
	close(fd[1]);
	CHECK_EQ(next(ep, fd[0], -1), EPOLLHUP);
	close(fd[0]);
	CHECK_EQ(next(ep, fd[0], 0), 0);
	close(ep);
}

static void test_not_pollable(void)
{
	int ep = epoll_create1(0), null = open("/dev/null", O_RDWR);

	if (null >= 0) {
		CHECK_ERRNO(watch(ep, null, EPOLLIN), EPERM);
		close(null);
	}
	CHECK_ERRNO(watch(ep, ep, EPOLLIN), EINVAL);
	close(ep);
}

/* A connection over the loopback: [0] accepted, [1] connected. */
static void connect_pair(int fd[2])
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);
	int listener = socket(AF_INET, SOCK_STREAM, 0), ep = epoll_create1(0);

	CHECK_EQ(bind(listener, (struct sockaddr *)&a, sizeof(a)), 0);
	CHECK_EQ(listen(listener, 4), 0);
	CHECK_EQ(getsockname(listener, (struct sockaddr *)&a, &len), 0);
	CHECK_EQ(watch(ep, listener, EPOLLIN), 0);
	fd[1] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	CHECK_EQ(watch(ep, fd[1], EPOLLOUT | EPOLLONESHOT), 0);
	CHECK_EQ(connect(fd[1], (struct sockaddr *)&a, sizeof(a)), -1);
	CHECK_EQ(errno, EINPROGRESS);
	fd[0] = -1;
	for (int seen = 0; seen < 2;) {
		struct epoll_event e;

		if (epoll_wait(ep, &e, 1, 5000) != 1) {
			CHECK_FAIL("no connection");
			break;
		}
		seen++;
		if (e.data.fd == listener)
			fd[0] = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
	}
	CHECK(fd[0] >= 0);
	close(listener);
	close(ep);
}

static void test_socket_edges(void)
{
	static char block[8192];
	int fd[2], ep = epoll_create1(0);
	ssize_t n;
	long sent = 0, got = 0;

	connect_pair(fd);
	CHECK_EQ(watch(ep, fd[1], EPOLLOUT | EPOLLIN | EPOLLRDHUP | EPOLLET), 0);
	CHECK_EQ(next(ep, fd[1], 1000), EPOLLOUT);
	while ((n = write(fd[1], block, sizeof(block))) > 0)
		sent += n;
	CHECK_EQ(errno, EAGAIN);
	CHECK_EQ(next(ep, fd[1], 0), 0);
	/* The peer reads; the edge comes when there is room. */
	while (got < sent) {
		n = read(fd[0], block, sizeof(block));
		if (n > 0)
			got += n;
		else
			usleep(1000);
	}
	CHECK_EQ(next(ep, fd[1], 2000), EPOLLOUT);
	CHECK_EQ(write(fd[0], "x", 1), 1);
	CHECK_EQ(next(ep, fd[1], 2000), EPOLLIN | EPOLLOUT);
	shutdown(fd[0], SHUT_WR);
	CHECK_EQ(next(ep, fd[1], 2000), EPOLLIN | EPOLLOUT | EPOLLRDHUP);
	close(fd[0]);
	close(fd[1]);
	close(ep);
}

static int shared_ep;
static int taken; /* atomic */

static void *take_events(void *arg)
{
	struct epoll_event e;
	uint64_t n;

	(void)arg;
	for (;;) {
		if (epoll_wait(shared_ep, &e, 1, -1) != 1)
			return NULL;
		if (e.data.fd < 0)
			return NULL;
		if (read(e.data.fd, &n, sizeof(n)) == sizeof(n))
			__atomic_fetch_add(&taken, (int)n, __ATOMIC_RELAXED);
	}
}

static void *give_events(void *arg)
{
	for (int i = 0; i < 2000; i++)
		CHECK_EQ(eventfd_write(*(int *)arg, 1), 0);
	return NULL;
}

static void test_many_threads(void)
{
	enum { WAITERS = 4, FILES = 3 };
	pthread_t waiter[WAITERS], giver[FILES];
	int fd[FILES], end = eventfd(1, 0);
	struct epoll_event last = { .events = EPOLLIN, .data.fd = -1 };

	shared_ep = epoll_create1(0);
	for (int i = 0; i < FILES; i++) {
		fd[i] = eventfd(0, EFD_NONBLOCK | EFD_SEMAPHORE);
		CHECK_EQ(watch(shared_ep, fd[i], EPOLLIN), 0);
	}
	for (int i = 0; i < WAITERS; i++)
		CHECK_EQ(pthread_create(&waiter[i], NULL, take_events, NULL), 0);
	for (int i = 0; i < FILES; i++)
		CHECK_EQ(pthread_create(&giver[i], NULL, give_events, &fd[i]), 0);
	for (int i = 0; i < FILES; i++)
		pthread_join(giver[i], NULL);
	for (int i = 0; i < 1000 && __atomic_load_n(&taken, __ATOMIC_RELAXED) < FILES * 2000; i++)
		usleep(10000);
	CHECK_EQ(taken, FILES * 2000);
	CHECK_EQ(epoll_ctl(shared_ep, EPOLL_CTL_ADD, end, &last), 0);
	for (int i = 0; i < WAITERS; i++)
		pthread_join(waiter[i], NULL);
	for (int i = 0; i < FILES; i++)
		close(fd[i]);
	close(end);
	close(shared_ep);
}

/* The timer's interrupt wakes the thread through the set. */
static void test_timer(void)
{
	struct itimerspec every = { .it_value = { 0, 20000000 }, .it_interval = { 0, 10000000 } };
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK), ep = epoll_create1(0);
	uint64_t n, total = 0;
	long long start = now_ms();

	CHECK_EQ(watch(ep, fd, EPOLLIN | EPOLLET), 0);
	CHECK_ERRNO(read(fd, &n, 8), EAGAIN);
	CHECK_EQ(timerfd_settime(fd, 0, &every, NULL), 0);
	while (total < 5) {
		CHECK_EQ(next(ep, fd, 2000), EPOLLIN);
		if (read(fd, &n, 8) != 8)
			break;
		total += n;
	}
	CHECK(total >= 5);
	CHECK(now_ms() - start >= 60);
	close(fd);
	CHECK_EQ(next(ep, fd, 30), 0);
	close(ep);
}

static void test_wall_timer(void)
{
	int fd = timerfd_create(CLOCK_REALTIME, 0);
	struct timespec now, later;
	struct itimerspec at = { 0 };
	uint64_t n = 0;

	clock_gettime(CLOCK_REALTIME, &now);
	at.it_value = (struct timespec){ now.tv_sec + 100, 0 };
	CHECK_EQ(timerfd_settime(fd, TFD_TIMER_ABSTIME, &at, NULL), 0);
	later = (struct timespec){ now.tv_sec + 200, 0 };
	CHECK_EQ(clock_settime(CLOCK_REALTIME, &later), 0);
	CHECK_EQ(read(fd, &n, 8), 8);
	CHECK_EQ(n, 1);
	CHECK_EQ(timerfd_settime(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &at, NULL), 0);
	CHECK_EQ(read(fd, &n, 8), 8);
	CHECK_EQ(clock_settime(CLOCK_REALTIME, &now), 0);
	CHECK_ERRNO(read(fd, &n, 8), ECANCELED);
	close(fd);
}

static void test_inotify(void)
{
	CHECK_ERRNO(inotify_init(), ENOSYS);
	CHECK_ERRNO(inotify_init1(IN_CLOEXEC), ENOSYS);
}

static void test_nothing_leaked(void)
{
	size_t before, after;

	test_pipe();
	unik_memory(NULL, &before);
	test_pipe();
	test_timer();
	unik_memory(NULL, &after);
	CHECK_EQ(after, before);
}

int main(void)
{
	RUN(test_pipe);
	RUN(test_not_pollable);
	RUN(test_socket_edges);
	RUN(test_many_threads);
	RUN(test_timer);
	RUN(test_wall_timer);
	RUN(test_inotify);
	RUN(test_nothing_leaked);
	return check_done();
}
