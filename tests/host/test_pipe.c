// SPDX-License-Identifier: BSD-2-Clause
/* lib/posix/pipe.c on fake threads. */
// link: lib/posix/pipe.c lib/libc/fd.c lib/libc/file_io.c kernel/wait.c kernel/mutex.c
// flags: -Dpipe=unik_pipe -Dpipe2=unik_pipe2
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>
#include "lib/libc/fd.h"
#include "lib/libc/file_io.h"
#include "tests/host/fake/fake.h"

static struct file *reader, *writer; /* borrowed from the descriptors */
static int fd[2];

static void open_pipe(int flags)
{
	CHECK_EQ(pipe2(fd, flags), 0);
	reader = fd_get(fd[0]);
	writer = fd_get(fd[1]);
	file_put(reader);
	file_put(writer);
}

static void close_pipe(void)
{
	fd_close(fd[0]);
	fd_close(fd[1]);
}

static ssize_t put(const void *p, size_t len)
{
	struct iovec iov = { (void *)p, len };

	return file_writev(writer, &iov, 1);
}

static ssize_t take(void *p, size_t len)
{
	struct iovec iov = { p, len };

	return file_readv(reader, &iov, 1);
}

static void test_bytes_come_in_order(void)
{
	unsigned char in[777], out[555];
	unsigned sent = 0, got = 0;

	open_pipe(O_NONBLOCK);
	for (int round = 0; round < 300; round++) {
		ssize_t n;

		for (unsigned i = 0; i < sizeof(in); i++)
			in[i] = (unsigned char)(sent + i);
		n = put(in, sizeof(in));
		CHECK(n == (ssize_t)sizeof(in) || n == -EAGAIN);
		sent += n > 0 ? (unsigned)n : 0;
		n = take(out, sizeof(out));
		for (ssize_t i = 0; i < n; i++)
			CHECK_EQ(out[i], (unsigned char)(got + i));
		got += (unsigned)n;
	}
	CHECK(sent > 100000);
	close_pipe();
}

static void test_gather_and_scatter(void)
{
	char a[3], b[1], c[10] = "";
	struct iovec from[] = { { "", 0 }, { "abc", 3 }, { "", 0 }, { "defg", 4 }, { "h", 1 } };
	struct iovec to[] = { { a, 3 }, { a, 0 }, { b, 1 }, { c, 10 } };

	open_pipe(0);
	CHECK_EQ(file_writev(writer, from, 5), 8);
	CHECK_EQ(file_readv(reader, to, 4), 8);
	CHECK_EQ(memcmp(a, "abc", 3), 0);
	CHECK_EQ(b[0], 'd');
	CHECK_STR(c, "efgh");
	CHECK_EQ(put("", 0), 0);
	CHECK_EQ(take(a, 0), 0);
	close_pipe();
}

static void test_atomic_writes(void)
{
	static char block[PIPE_BUF];

	open_pipe(O_NONBLOCK);
	while (put(block, PIPE_BUF) == PIPE_BUF)
		;
	CHECK_EQ(put(block, PIPE_BUF), -EAGAIN);
	CHECK_EQ(take(block, 100), 100);
	CHECK_EQ(put(block, 101), -EAGAIN);
	CHECK_EQ(writer->ops->poll(writer, POLLOUT), 0);
	CHECK_EQ(put(block, 100), 100);
	CHECK_EQ(take(block, 100), 100);
	/* A larger write may be cut. */
	char *large = malloc(PIPE_BUF + 1);

	memset(large, 0, PIPE_BUF + 1);
	CHECK_EQ(put(large, PIPE_BUF + 1), 100);
	free(large);
	close_pipe();
}

static void test_ends(void)
{
	char c;

	open_pipe(0);
	CHECK_EQ(put("x", 1), 1);
	fd_close(fd[1]);
	CHECK_EQ(reader->ops->poll(reader, POLLIN), POLLIN | POLLHUP);
	CHECK_EQ(take(&c, 1), 1);
	CHECK_EQ(take(&c, 1), 0);
	CHECK_EQ(reader->ops->poll(reader, POLLIN), POLLHUP);
	fd_close(fd[0]);

	open_pipe(0);
	fd_close(fd[0]);
	CHECK_EQ(put("x", 1), -EPIPE);
	CHECK_EQ(writer->ops->poll(writer, POLLOUT), POLLERR);
	fd_close(fd[1]);
}

static ssize_t result;

static void reading_thread(void *arg)
{
	result = take(arg, 10);
}

static void test_read_waits(void)
{
	struct thread *t;
	char out[10];

	open_pipe(0);
	result = -1;
	CHECK_EQ(thread_create(&t, "reader", 0, reading_thread, out), 0);
	fake_threads_run();
	CHECK_EQ(result, -1);
	CHECK_EQ(put("hi", 2), 2);
	fake_threads_run();
	CHECK_EQ(result, 2);

	result = -1;
	CHECK_EQ(thread_create(&t, "reader", 0, reading_thread, out), 0);
	fake_threads_run();
	fd_close(fd[1]);
	fake_threads_run();
	CHECK_EQ(result, 0);
	fd_close(fd[0]);
	fake_threads_run();
	CHECK_EQ(fake_threads_alive(), 0);
}

#define STREAM 100000

static void writing_thread(void *arg)
{
	result = put(arg, STREAM);
}

static void test_write_waits(void)
{
	static char in[STREAM], out[STREAM];
	struct thread *t;
	size_t got = 0;

	for (int i = 0; i < STREAM; i++)
		in[i] = (char)(i % 251);
	open_pipe(0);
	result = -1;
	CHECK_EQ(thread_create(&t, "writer", 0, writing_thread, in), 0);
	while (got < STREAM) {
		fake_threads_run();
		ssize_t n = take(out + got, 3333);

		CHECK(n > 0);
		got += (size_t)n;
	}
	fake_threads_run();
	CHECK_EQ(result, STREAM);
	CHECK_EQ(memcmp(in, out, STREAM), 0);

	/* The reader goes away while somebody waits to write. */
	CHECK_EQ(thread_create(&t, "writer", 0, writing_thread, in), 0);
	fake_threads_run();
	fd_close(fd[0]);
	fake_threads_run();
	CHECK(result > 0 && result < STREAM);
	fd_close(fd[1]);
	fake_threads_run();
	CHECK_EQ(fake_threads_alive(), 0);
}

static void test_no_memory(void)
{
	FAKE_FAIL_EACH
	{
		int two[2];
		int ret = pipe(two);

		CHECK(ret == 0 || (fake_failed() && errno == ENOMEM));
		if (ret == 0) {
			fd_close(two[0]);
			fd_close(two[1]);
		}
	}
	CHECK_EQ(pipe2(fd, O_APPEND), -1);
	CHECK_EQ(errno, EINVAL);
}

int main(void)
{
	RUN(test_bytes_come_in_order);
	RUN(test_gather_and_scatter);
	RUN(test_atomic_writes);
	RUN(test_ends);
	RUN(test_read_waits);
	RUN(test_write_waits);
	RUN(test_no_memory);
	return check_done();
}
