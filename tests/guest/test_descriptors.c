// SPDX-License-Identifier: BSD-2-Clause
/* fcntl(), ioctl(), dup() and their like; reads and writes at offsets; sendfile(). */
// archives: files/first files/large
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
#include "tests/check.h"

#define CHECK_ERRNO(call, err)        \
	do {                          \
		errno = 0;            \
		CHECK_EQ((call), -1); \
		CHECK_EQ(errno, err); \
	} while (0)

static void test_flags(void)
{
	int fd[2], flag = 1;

	CHECK_EQ(pipe2(fd, O_NONBLOCK | O_CLOEXEC), 0);
	CHECK_ERRNO(pipe2(fd, O_APPEND), EINVAL);
	CHECK_EQ(fcntl(fd[0], F_GETFD), FD_CLOEXEC);
	CHECK_EQ(ioctl(fd[0], FIONCLEX), 0);
	CHECK_EQ(fcntl(fd[0], F_GETFD), 0);
	CHECK_EQ(ioctl(fd[0], FIOCLEX), 0);
	CHECK_EQ(fcntl(fd[0], F_GETFD), FD_CLOEXEC);
	CHECK_EQ(fcntl(fd[1], F_GETFL), O_WRONLY | O_NONBLOCK);
	CHECK_EQ(fcntl(fd[1], F_GETOWN), 0);
	CHECK_EQ(fcntl(fd[1], F_SETOWN, getpid()), 0);
	CHECK_EQ(fcntl(fd[1], F_GETOWN), getpid());
	CHECK_EQ(fcntl(fd[1], F_GETFL), O_WRONLY | O_NONBLOCK);
	CHECK_ERRNO(fcntl(fd[1], F_SETOWN, 4711), ESRCH);
	CHECK_ERRNO(ioctl(fd[0], FIOASYNC, &flag), ENOTTY);
	flag = 0;
	CHECK_EQ(ioctl(fd[0], FIOASYNC, &flag), 0);
	CHECK_EQ(ioctl(fd[1], FIONBIO, &flag), 0);
	CHECK_EQ(fcntl(fd[1], F_GETFL), O_WRONLY);
	CHECK_ERRNO(ioctl(fd[0], 0x1234), ENOTTY);
	CHECK_ERRNO(fcntl(fd[0], 4711), EINVAL);
	close(fd[0]);
	close(fd[1]);
	CHECK_ERRNO(ioctl(fd[0], FIOCLEX), EBADF);
}

static void test_pipe_room(void)
{
	static char block[65536], back[65536];
	int fd[2], n;

	for (size_t i = 0; i < sizeof(block); i++)
		block[i] = (char)(i * 7 + i / 251);
	CHECK_EQ(pipe2(fd, O_NONBLOCK), 0);
	n = fcntl(fd[0], F_GETPIPE_SZ);
	CHECK(n >= PIPE_BUF);
	CHECK_EQ(write(fd[1], block, sizeof(block)), n);
	CHECK_EQ(read(fd[0], back, 5000), 5000);
	CHECK_EQ(write(fd[1], block + n, 5000), 5000); /* round the corner */
	CHECK_EQ(fcntl(fd[1], F_SETPIPE_SZ, 60000), 65536);
	CHECK_EQ(fcntl(fd[0], F_GETPIPE_SZ), 65536);
	CHECK_EQ(write(fd[1], block + n + 5000, sizeof(block) - (size_t)n - 5000),
		 (ssize_t)sizeof(block) - n - 5000);
	CHECK_EQ(read(fd[0], back + 5000, sizeof(back)), (ssize_t)sizeof(back) - 5000);
	CHECK_EQ(memcmp(block, back, sizeof(block)), 0);
	CHECK_EQ(write(fd[1], block, 5000), 5000);
	CHECK_ERRNO(fcntl(fd[0], F_SETPIPE_SZ, 1), EBUSY);
	CHECK_EQ(read(fd[0], back, 5000), 5000);
	CHECK_EQ(fcntl(fd[0], F_SETPIPE_SZ, 1), PIPE_BUF);
	CHECK_ERRNO(fcntl(fd[0], F_SETPIPE_SZ, 1 << 21), EPERM);
	CHECK_ERRNO(fcntl(0, F_GETPIPE_SZ), EBADF);
	/* PIPE_BUF bytes go in whole or not at all. */
	CHECK_EQ(write(fd[1], block, 1), 1);
	CHECK_ERRNO(write(fd[1], block, PIPE_BUF), EAGAIN);
	close(fd[0]);
	close(fd[1]);
}

static void test_close_range(void)
{
	int fd[2], copy[8];

	CHECK_EQ(pipe(fd), 0);
	for (int i = 0; i < 8; i++)
		copy[i] = dup(fd[0]);
	CHECK_EQ(close_range((unsigned)copy[2], (unsigned)copy[3], CLOSE_RANGE_CLOEXEC), 0);
	CHECK_EQ(fcntl(copy[1], F_GETFD), 0);
	CHECK_EQ(fcntl(copy[2], F_GETFD), FD_CLOEXEC);
	CHECK_EQ(fcntl(copy[4], F_GETFD), 0);
	CHECK_EQ(close_range((unsigned)copy[5], (unsigned)copy[6], 0), 0);
	CHECK_ERRNO(fcntl(copy[5], F_GETFD), EBADF);
	CHECK_EQ(fcntl(copy[7], F_GETFD), 0);
	CHECK_ERRNO(close_range(5, 4, 0), EINVAL);
	CHECK_ERRNO(close_range(4, 5, CLOSE_RANGE_UNSHARE), EINVAL);
	closefrom(copy[0]);
	CHECK_ERRNO(fcntl(copy[0], F_GETFD), EBADF);
	CHECK_ERRNO(fcntl(copy[7], F_GETFD), EBADF);
	CHECK_EQ(close_range((unsigned)fd[0], UINT_MAX, 0), 0);
	CHECK_ERRNO(close(fd[1]), EBADF);
	CHECK(getdtablesize() >= 1024);
}

static void test_offsets(void)
{
	char a[3] = "", b[3] = "";
	struct iovec iov[] = { { a, 2 }, { b, 2 } };
	int fd = open("/text", O_RDONLY), left = -1, pipe_fd[2];

	CHECK(fd >= 0);
	CHECK_EQ(preadv(fd, iov, 2, 1), 4);
	CHECK_EQ(lseek(fd, 0, SEEK_CUR), 0);
	CHECK_EQ(preadv2(fd, iov, 2, -1, 0), 4);
	CHECK_EQ(lseek(fd, 0, SEEK_CUR), 4);
	CHECK_EQ(ioctl(fd, FIONREAD, &left), 0);
	CHECK_EQ(left, lseek(fd, 0, SEEK_END) - 4);
	CHECK_ERRNO(preadv2(fd, iov, 2, 0, RWF_NOWAIT), EOPNOTSUPP);
	CHECK_ERRNO(preadv(fd, iov, 2, -1), EINVAL);
	CHECK_ERRNO(preadv(fd, iov, IOV_MAX + 1, 0), EINVAL);
	CHECK_ERRNO(pwritev(fd, iov, 2, 0), EBADF);
	CHECK_EQ(pipe(pipe_fd), 0);
	CHECK_ERRNO(preadv(pipe_fd[0], iov, 2, 0), ESPIPE);
	close(pipe_fd[0]);
	close(pipe_fd[1]);
	close(fd);
}

static void test_sendfile(void)
{
	char want[100], got[100];
	int in = open("/text", O_RDONLY), fd[2];
	ssize_t size = read(in, want, sizeof(want));
	off_t at = 2;

	CHECK(size > 4);
	CHECK_EQ(pipe2(fd, O_NONBLOCK), 0);
	CHECK_EQ(sendfile(fd[1], in, &at, 1000), size - 2);
	CHECK_EQ(at, size);
	CHECK_EQ(read(fd[0], got, sizeof(got)), size - 2);
	CHECK_EQ(memcmp(got, want + 2, (size_t)size - 2), 0);
	CHECK_EQ(sendfile(fd[1], in, &at, 1000), 0);
	CHECK_EQ(lseek(in, 1, SEEK_SET), 1);
	CHECK_EQ(sendfile(fd[1], in, NULL, 3), 3);
	CHECK_EQ(lseek(in, 0, SEEK_CUR), 4);
	CHECK_EQ(read(fd[0], got, sizeof(got)), 3);
	CHECK_EQ(memcmp(got, want + 1, 3), 0);
	at = -1;
	CHECK_ERRNO(sendfile(fd[1], in, &at, 1), EINVAL);
	CHECK_ERRNO(sendfile(fd[1], fd[0], NULL, 1), EINVAL);
	CHECK_ERRNO(sendfile(fd[0], in, NULL, 1), EBADF);
	CHECK_ERRNO(sendfile(99, in, NULL, 1), EBADF);
	CHECK_ERRNO(copy_file_range(in, NULL, fd[1], NULL, 1, 0), EINVAL);
	CHECK_ERRNO(copy_file_range(in, NULL, in, NULL, 1, 0), EBADF);
	CHECK_ERRNO(copy_file_range(in, NULL, fd[1], NULL, 1, 1), EINVAL);
	/* A full pipe: what fits, then EAGAIN. */
	while (write(fd[1], want, (size_t)size) == size)
		;
	at = 0;
	while (sendfile(fd[1], in, &at, 1) == 1)
		at = 0;
	CHECK_EQ(errno, EAGAIN);
	CHECK_EQ(at, 0);
	close(in);
	close(fd[0]);
	close(fd[1]);
}

/* Of a file from the archive one page is written, one is cut off and there is a hole behind: what
 * goes out is what a read gets, from every offset. */
static void test_sendfile_changed(void)
{
	static char want[4 * 4096], got[4 * 4096];
	int file = open("/large", O_RDWR), out = open("/copy", O_RDWR | O_CREAT | O_TRUNC, 0600);
	ssize_t size;

	CHECK_EQ(lseek(file, 0, SEEK_END), 3 * 4096);
	CHECK_EQ(pwrite(file, "new", 3, 5000), 3);
	CHECK_EQ(ftruncate(file, 2 * 4096 + 100), 0);
	CHECK_EQ(ftruncate(file, 3 * 4096 + 50), 0);
	size = pread(file, want, sizeof(want), 0);
	CHECK_EQ(size, 3 * 4096 + 50);
	for (off_t begin = 0; begin < size; begin += 1021) {
		off_t at = begin;

		CHECK_EQ(ftruncate(out, 0), 0);
		CHECK_EQ(lseek(out, 0, SEEK_SET), 0);
		CHECK_EQ(sendfile(out, file, &at, sizeof(want)), size - begin);
		CHECK_EQ(at, size);
		CHECK_EQ(pread(out, got, sizeof(got), 0), size - begin);
		CHECK_EQ(memcmp(got, want + begin, (size_t)(size - begin)), 0);
	}
	close(file);
	close(out);
}

int main(void)
{
	RUN(test_flags);
	RUN(test_pipe_room);
	RUN(test_close_range);
	RUN(test_offsets);
	RUN(test_sendfile);
	RUN(test_sendfile_changed);
	return check_done();
}
