// SPDX-License-Identifier: BSD-2-Clause
/* lib/posix/eventfd.c and timerfd.c on fake threads and fake time. */
// link: lib/posix/eventfd.c lib/posix/timerfd.c lib/libc/fd.c lib/libc/file_io.c
// link: lib/libc/syscalls.c kernel/wait.c kernel/timer.c lib/base/pheap.c
// flags: -Deventfd=unik_eventfd -Deventfd_read=unik_eventfd_read
// flags: -Deventfd_write=unik_eventfd_write -Dread=unik_read -Dwrite=unik_write
// flags: -Dclose=unik_close -Dlseek=unik_lseek -Dfstat=unik_fstat -Disatty=unik_isatty
// flags: -Dtimerfd_create=unik_timerfd_create -Dtimerfd_settime=unik_timerfd_settime
// flags: -Dtimerfd_gettime=unik_timerfd_gettime
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <unistd.h>
#include "lib/libc/fd.h"
#include "tests/host/fake/fake.h"

#define CHECK_ERRNO(call, err)        \
	do {                          \
		errno = 0;            \
		CHECK_EQ((call), -1); \
		CHECK_EQ(errno, err); \
	} while (0)

static short ready(int fd)
{
	struct file *f = fd_get(fd);
	short now = f->ops->poll(f, POLLIN | POLLOUT);

	file_put(f);
	return now;
}

static void test_eventfd(void)
{
	int fd = eventfd(3, EFD_NONBLOCK | EFD_CLOEXEC);
	uint64_t n = 5;
	uint32_t half[2] = { 0, 0 };
	struct iovec iov[] = { { &half[0], 4 }, { NULL, 0 }, { &half[1], 4 } };
	struct file *f = fd_get(fd);

	CHECK_EQ(fd_close_on_exec(fd), 1);
	CHECK_EQ(ready(fd), POLLIN | POLLOUT);
	CHECK_EQ(write(fd, &n, 8), 8);
	CHECK_EQ(read(fd, &n, 8), 8);
	CHECK_EQ(n, 8);
	CHECK_ERRNO(read(fd, &n, 8), EAGAIN);
	CHECK_EQ(ready(fd), POLLOUT);
	CHECK_ERRNO(read(fd, &n, 7), EINVAL);
	CHECK_ERRNO(write(fd, &n, 7), EINVAL);
	CHECK_ERRNO(lseek(fd, 0, SEEK_SET), ESPIPE);
	n = UINT64_MAX;
	CHECK_ERRNO(write(fd, &n, 8), EINVAL);
	n = UINT64_MAX - 1;
	CHECK_EQ(write(fd, &n, 8), 8);
	CHECK_EQ(ready(fd), POLLIN);
	CHECK_EQ(eventfd_write(fd, 0), 0);
	CHECK_ERRNO(eventfd_write(fd, 1), EAGAIN);
	CHECK_EQ(f->ops->read(f, iov, 3), 8);
	CHECK_EQ(half[0], UINT32_MAX - 1);
	CHECK_EQ(half[1], UINT32_MAX);
	CHECK_EQ(f->ops->read(f, iov, 2), -EINVAL);
	file_put(f);
	close(fd);
	CHECK_ERRNO(eventfd(0, 2), EINVAL);
}

static void test_semaphore(void)
{
	int fd = eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK);
	uint64_t n;

	for (int i = 0; i < 2; i++) {
		CHECK_EQ(eventfd_read(fd, &n), 0);
		CHECK_EQ(n, 1);
	}
	CHECK_ERRNO(eventfd_read(fd, &n), EAGAIN);
	close(fd);
}

static int shared_fd;

static void reader(void *arg)
{
	CHECK_EQ(eventfd_read(shared_fd, arg), 0);
}

static void writer(void *arg)
{
	CHECK_EQ(eventfd_write(shared_fd, *(uint64_t *)arg), 0);
}

static void test_eventfd_waits(void)
{
	uint64_t got = 0, much = UINT64_MAX - 1, more = 7;
	struct thread *t;

	shared_fd = eventfd(0, 0);
	CHECK_EQ(thread_create(&t, "reader", 0, reader, &got), 0);
	fake_threads_run();
	CHECK_EQ(got, 0);
	CHECK_EQ(eventfd_write(shared_fd, 4), 0);
	fake_threads_run();
	CHECK_EQ(got, 4);
	CHECK_EQ(eventfd_write(shared_fd, much), 0);
	CHECK_EQ(thread_create(&t, "writer", 0, writer, &more), 0);
	fake_threads_run();
	CHECK_EQ(fake_threads_alive(), 1);
	CHECK_EQ(eventfd_read(shared_fd, &got), 0);
	CHECK_EQ(got, much);
	fake_threads_run();
	CHECK_EQ(eventfd_read(shared_fd, &got), 0);
	CHECK_EQ(got, 7);
	close(shared_fd);
}

/* A timer, of a hardware timer that the test before has left behind. */
static int open_timer(clockid_t clock, int flags)
{
	fake_timer_due = 0;
	fake_time_advance(0);
	return timerfd_create(clock, flags);
}

static int set(int fd, int flags, ns_t value, ns_t interval)
{
	struct itimerspec to = { .it_value = { value / NS_PER_S, value % NS_PER_S },
				 .it_interval = { interval / NS_PER_S, interval % NS_PER_S } };

	return timerfd_settime(fd, flags, &to, NULL);
}

static ns_t left(int fd)
{
	struct itimerspec now;

	CHECK_EQ(timerfd_gettime(fd, &now), 0);
	return now.it_value.tv_sec * NS_PER_S + now.it_value.tv_nsec;
}

/* What read() gives: the count, or -errno. */
static long long expired(int fd)
{
	uint64_t n;

	return read(fd, &n, 8) == 8 ? (long long)n : -errno;
}

static void test_timer_once(void)
{
	int fd = open_timer(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);

	CHECK_EQ(fd_close_on_exec(fd), 1);
	CHECK_EQ(left(fd), 0);
	CHECK_EQ(expired(fd), -EAGAIN);
	CHECK_EQ(set(fd, 0, 10 * NS_PER_MS, 0), 0);
	CHECK_EQ(left(fd), 10 * NS_PER_MS);
	fake_time_advance(9 * NS_PER_MS);
	CHECK_EQ(left(fd), NS_PER_MS);
	CHECK_EQ(expired(fd), -EAGAIN);
	CHECK_EQ(ready(fd), 0);
	fake_time_advance(NS_PER_MS);
	CHECK_EQ(ready(fd), POLLIN);
	CHECK_EQ(left(fd), 0);
	CHECK_EQ(expired(fd), 1);
	CHECK_EQ(expired(fd), -EAGAIN);
	/* In the past: at once. Setting forgets what has expired. */
	CHECK_EQ(set(fd, TFD_TIMER_ABSTIME, 1, 0), 0);
	CHECK_EQ(expired(fd), 1);
	CHECK_EQ(set(fd, TFD_TIMER_ABSTIME, 1, 0), 0);
	CHECK_EQ(set(fd, 0, 0, 0), 0);
	fake_time_advance(NS_PER_S);
	CHECK_EQ(expired(fd), -EAGAIN);
	CHECK_EQ(fake_timer_due, NS_NEVER);
	close(fd);
}

static void test_timer_interval(void)
{
	int fd = open_timer(CLOCK_MONOTONIC, TFD_NONBLOCK);

	CHECK_EQ(set(fd, 0, 10, 3), 0);
	fake_time_advance(12);
	CHECK_EQ(expired(fd), 1);
	CHECK_EQ(left(fd), 1);
	fake_time_advance(10);
	CHECK_EQ(expired(fd), 4);
	fake_time_advance(2);
	CHECK_EQ(expired(fd), -EAGAIN);
	CHECK_EQ(left(fd), 1);
	fake_time_advance(1 + 3 * 1000000);
	CHECK_EQ(left(fd), 3);
	CHECK_EQ(expired(fd), 1000001);
	close(fd);
}

static void test_timer_errors(void)
{
	struct itimerspec bad = { .it_value = { 0, 1000000000 } }, good = { .it_value = { 1, 0 } };
	int fd = open_timer(CLOCK_MONOTONIC, 0), event = eventfd(0, 0);
	char c;

	CHECK_ERRNO(timerfd_create(99, 0), EINVAL);
	CHECK_ERRNO(timerfd_create(CLOCK_MONOTONIC, 1), EINVAL);
	CHECK_ERRNO(timerfd_settime(fd, 4, &good, NULL), EINVAL);
	CHECK_ERRNO(timerfd_settime(fd, 0, &bad, NULL), EINVAL);
	CHECK_ERRNO(timerfd_settime(event, 0, &good, NULL), EINVAL);
	CHECK_ERRNO(timerfd_settime(99, 0, &good, NULL), EBADF);
	CHECK_ERRNO(timerfd_gettime(99, &good), EBADF);
	CHECK_ERRNO(read(fd, &c, 1), EINVAL);
	CHECK_ERRNO(write(fd, &bad, 8), EBADF);
	CHECK_EQ(timerfd_settime(fd, 0, &good, &bad), 0);
	CHECK_EQ(bad.it_value.tv_sec, 0);
	CHECK_EQ(timerfd_settime(fd, 0, &good, &bad), 0);
	CHECK_EQ(bad.it_value.tv_sec, 1);
	close(fd);
	close(event);
}

static void test_timer_waits(void)
{
	int fd = open_timer(CLOCK_MONOTONIC, 0);

	CHECK_EQ(set(fd, 0, 10 * NS_PER_MS, 10 * NS_PER_MS), 0);
	for (int i = 1; i <= 5; i++) {
		CHECK_EQ(expired(fd), 1);
		CHECK_EQ(fake_time, i * 10 * NS_PER_MS);
	}
	close(fd);
}

static void test_wall_clock(void)
{
	int fd = open_timer(CLOCK_REALTIME, TFD_NONBLOCK);
	int span = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK);

	time_set_wall(1000 * NS_PER_S);
	CHECK_EQ(set(fd, TFD_TIMER_ABSTIME, 1010 * NS_PER_S, 0), 0);
	CHECK_EQ(set(span, 0, 10 * NS_PER_S, 0), 0);
	/* Forward: the time has come. A span does not care. */
	time_set_wall(1020 * NS_PER_S);
	CHECK_EQ(expired(fd), 1);
	CHECK_EQ(expired(span), -EAGAIN);
	fake_time_advance(10 * NS_PER_S);
	CHECK_EQ(expired(span), 1);
	/* Backward: later. */
	CHECK_EQ(set(fd, TFD_TIMER_ABSTIME, 1040 * NS_PER_S, 0), 0);
	time_set_wall(1000 * NS_PER_S);
	fake_time_advance(39 * NS_PER_S);
	CHECK_EQ(expired(fd), -EAGAIN);
	fake_time_advance(1 * NS_PER_S);
	CHECK_EQ(expired(fd), 1);
	/* Told of it. */
	CHECK_EQ(set(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, 2000 * NS_PER_S, 0), 0);
	CHECK_EQ(ready(fd), 0);
	time_set_wall(1500 * NS_PER_S);
	CHECK_EQ(ready(fd), POLLIN);
	CHECK_EQ(expired(fd), -ECANCELED);
	CHECK_EQ(expired(fd), -EAGAIN);
	fake_time_advance(500 * NS_PER_S);
	CHECK_EQ(expired(fd), 1);
	close(fd);
	close(span);
	CHECK(list_empty(&time_wall_changed.waiters));
}

static void test_no_memory(void)
{
	FAKE_FAIL_EACH
	{
		int fd = eventfd(0, 0), timer = timerfd_create(CLOCK_REALTIME, 0);

		CHECK(fd >= 0 || (errno == ENOMEM && fake_failed()));
		CHECK(timer >= 0 || fake_failed());
		if (fd >= 0)
			close(fd);
		if (timer >= 0)
			close(timer);
	}
}

int main(void)
{
	RUN(test_eventfd);
	RUN(test_semaphore);
	RUN(test_eventfd_waits);
	RUN(test_timer_once);
	RUN(test_timer_interval);
	RUN(test_timer_errors);
	RUN(test_timer_waits);
	RUN(test_wall_clock);
	RUN(test_no_memory);
	return check_done();
}
