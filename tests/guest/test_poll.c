// SPDX-License-Identifier: BSD-2-Clause
/* Pipes, poll() and select(). */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/select.h>
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

static short ready(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };

	CHECK_EQ(poll(&p, 1, 0), p.revents != 0);
	return p.revents;
}

static void test_pipe(void)
{
	char buf[100];
	int fd[2], n;

	CHECK_EQ(pipe(fd), 0);
	CHECK_EQ(ready(fd[0], POLLIN), 0);
	CHECK_EQ(ready(fd[1], POLLOUT | POLLIN), POLLOUT);
	CHECK_EQ(write(fd[1], "hello", 5), 5);
	CHECK_EQ(ready(fd[0], POLLIN | POLLRDNORM), POLLIN | POLLRDNORM);
	CHECK_EQ(ioctl(fd[0], FIONREAD, &n), 0);
	CHECK_EQ(n, 5);
	CHECK_EQ(read(fd[0], buf, 3), 3);
	CHECK_EQ(read(fd[0], buf, 100), 2);
	CHECK_ERRNO(read(fd[1], buf, 1), EBADF);
	CHECK_ERRNO(lseek(fd[0], 0, SEEK_SET), ESPIPE);
	CHECK_EQ(fcntl(fd[0], F_SETFL, O_NONBLOCK), 0);
	CHECK_ERRNO(read(fd[0], buf, 1), EAGAIN);
	CHECK_EQ(close(fd[1]), 0);
	CHECK_EQ(ready(fd[0], POLLIN), POLLHUP);
	CHECK_EQ(read(fd[0], buf, 1), 0);
	CHECK_EQ(close(fd[0]), 0);
	CHECK_EQ(ready(fd[0], POLLIN), POLLNVAL);
}

static void test_full_pipe(void)
{
	static char block[PIPE_BUF];
	int fd[2], total = 0;
	ssize_t n;

	CHECK_EQ(pipe2(fd, O_NONBLOCK), 0);
	while ((n = write(fd[1], block, sizeof(block))) > 0) {
		CHECK_EQ(n, PIPE_BUF);
		total += n;
	}
	CHECK_EQ(errno, EAGAIN);
	CHECK(total >= PIPE_BUF);
	CHECK_EQ(ready(fd[1], POLLOUT), 0);
	/* Room for a part is no room for an atomic write. */
	CHECK_EQ(read(fd[0], block, 10), 10);
	CHECK_ERRNO(write(fd[1], block, 11), EAGAIN);
	CHECK_EQ(write(fd[1], block, 10), 10);
	CHECK_EQ(close(fd[0]), 0);
	CHECK_EQ(ready(fd[1], POLLOUT), POLLERR);
	CHECK_ERRNO(write(fd[1], block, 1), EPIPE);
	CHECK_EQ(close(fd[1]), 0);
}

#define STREAM_BYTES 300000

static void *stream_out(void *arg)
{
	static unsigned char out[STREAM_BYTES];
	int fd = *(int *)arg;

	for (int i = 0; i < STREAM_BYTES; i++)
		out[i] = (unsigned char)(i * 7);
	CHECK_EQ(write(fd, out, STREAM_BYTES), STREAM_BYTES);
	close(fd);
	return NULL;
}

static void test_stream(void)
{
	unsigned char buf[1000];
	int fd[2], at = 0, wrong = 0;
	pthread_t t;
	ssize_t n;

	CHECK_EQ(pipe(fd), 0);
	CHECK_EQ(pthread_create(&t, NULL, stream_out, &fd[1]), 0);
	while ((n = read(fd[0], buf, sizeof(buf))) > 0)
		for (ssize_t i = 0; i < n; i++, at++)
			wrong += buf[i] != (unsigned char)(at * 7);
	CHECK_EQ(at, STREAM_BYTES);
	CHECK_EQ(wrong, 0);
	CHECK_EQ(pthread_join(t, NULL), 0);
	CHECK_EQ(close(fd[0]), 0);
}

static void test_timeout(void)
{
	struct timespec span = { 0, 20000000 };
	struct pollfd p[20];
	long long start = now_ms();
	int fd[2];

	CHECK_EQ(pipe(fd), 0);
	for (int i = 0; i < 20; i++)
		p[i] = (struct pollfd){ .fd = i % 2 ? fd[0] : -1, .events = POLLIN };
	CHECK_EQ(poll(p, 20, 30), 0);
	CHECK(now_ms() - start >= 30);
	CHECK(now_ms() - start < 200);
	CHECK_EQ(ppoll(p, 20, &span, NULL), 0);
	CHECK_EQ(poll(NULL, 0, 10), 0);
	CHECK(now_ms() - start >= 60);
	close(fd[0]);
	close(fd[1]);
}

static void *write_later(void *arg)
{
	usleep(20000);
	CHECK_EQ(write(*(int *)arg, "x", 1), 1);
	return NULL;
}

static void test_wakeup(void)
{
	struct pollfd p[12];
	int fd[2], idle[2];
	pthread_t t;

	CHECK_EQ(pipe(fd), 0);
	CHECK_EQ(pipe(idle), 0);
	for (int i = 0; i < 12; i++)
		p[i] = (struct pollfd){ .fd = i == 7 ? fd[0] : idle[0], .events = POLLIN };
	CHECK_EQ(pthread_create(&t, NULL, write_later, &fd[1]), 0);
	CHECK_EQ(poll(p, 12, 5000), 1);
	CHECK_EQ(p[7].revents, POLLIN);
	CHECK_EQ(p[6].revents, 0);
	CHECK_EQ(pthread_join(t, NULL), 0);
	for (int i = 0; i < 2; i++) {
		close(fd[i]);
		close(idle[i]);
	}
}

static void test_select(void)
{
	struct timeval tv = { 0, 10000 };
	fd_set r, w;
	int fd[2];

	CHECK_EQ(pipe(fd), 0);
	FD_ZERO(&r);
	FD_ZERO(&w);
	FD_SET(fd[0], &r);
	CHECK_EQ(select(fd[1] + 1, &r, NULL, NULL, &tv), 0);
	CHECK(!FD_ISSET(fd[0], &r));
	CHECK_EQ(write(fd[1], "x", 1), 1);
	FD_SET(fd[0], &r);
	FD_SET(fd[1], &w);
	CHECK_EQ(select(fd[1] + 1, &r, &w, NULL, NULL), 2);
	CHECK(FD_ISSET(fd[0], &r));
	CHECK(FD_ISSET(fd[1], &w));
	close(fd[0]);
	CHECK_ERRNO(select(fd[1] + 1, &r, &w, NULL, &tv), EBADF);
	CHECK_ERRNO(select(-1, NULL, NULL, NULL, NULL), EINVAL);
	close(fd[1]);
}

static void test_no_leak(void)
{
	size_t before, after;
	int fd[2];

	CHECK_EQ(pipe(fd), 0);
	close(fd[0]);
	close(fd[1]);
	unik_memory(NULL, &before);
	for (int i = 0; i < 100; i++) {
		CHECK_EQ(pipe(fd), 0);
		close(fd[i % 2]);
		close(fd[1 - i % 2]);
	}
	unik_memory(NULL, &after);
	CHECK_EQ(before, after);
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	RUN(test_pipe);
	RUN(test_full_pipe);
	RUN(test_stream);
	RUN(test_timeout);
	RUN(test_wakeup);
	RUN(test_select);
	RUN(test_no_leak);
	return check_done();
}
